"""What the open data is, for catalogues: DCAT-AP as JSON-LD, for the Flemish open data portal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpline_report.parameters.values import Translated
from helpline_report.report.imprint import licence_url, published_on, version_of
from helpline_report.report.publication import Publication
from helpline_report.report.words import EditionWords

EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGES = {"nl": f"{EU}/language/NLD", "en": f"{EU}/language/ENG"}
THEMES = (f"{EU}/data-theme/SOCI", f"{EU}/data-theme/HEAL", f"{EU}/data-theme/JUST")
# By the end of a file's name: the media type, and the European file type.
TYPES = {
    "csv": ("text/csv", "CSV"),
    "json": ("application/json", "JSON"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    "pdf": ("application/pdf", "PDF"),
}
YEAR = range(360, 372)


@dataclass(frozen=True)
class Offered:
    """One file that is offered: its path in the folder of the edition, its titles, its size."""

    path: str
    titles: Mapping[str, str]
    size: int


def dcat(publication: Publication, offered: Sequence[Offered]) -> str:
    """Catalogue, data set and distributions.

    Addresses are those at which the edition is published, or relative to this file where the
    parameters don't say it. Days are those of the parameters and of the approval, never a clock's.
    """
    edition = publication.edition
    base = edition.publisher.url
    root = f"{base.rstrip('/')}/" if base else "../"
    catalogue = {
        "@id": f"{root}data/dcat.jsonld#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _each(edition.helpline.full_name),
        "dct:description": _said("data.catalogue", publication),
        "dct:publisher": _publisher(publication, root),
        "dct:language": [{"@id": LANGUAGES[publication.language]}],
        "foaf:homepage": {"@id": f"{root}index.html"},
        **_dates(publication),
        **_licence(publication),
        "dcat:dataset": [_dataset(publication, offered, root)],
    }
    made = {"@context": CONTEXT, "@graph": [catalogue]}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _dataset(publication: Publication, offered: Sequence[Offered], root: str) -> dict[str, Any]:
    edition = publication.edition
    period, spatial = edition.period, edition.publisher.spatial
    keywords = {
        language: EditionWords(publication, language).say("page.keywords").split(", ")
        for language in LANGUAGES
    }
    return {
        "@id": f"{root}data/dcat.jsonld#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"helpline-report-{edition.edition}",
        "dct:title": _each(edition.title),
        "dct:description": _said("data.about", publication),
        "dcat:keyword": [
            {"@language": language, "@value": word}
            for language, listed in keywords.items()
            for word in listed
        ],
        "dcat:theme": [{"@id": theme} for theme in THEMES],
        "dct:publisher": {"@id": f"{root}data/dcat.jsonld#publisher"},
        "dcat:contactPoint": _contact(publication, root),
        "dct:language": [{"@id": LANGUAGES[publication.language]}],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _date(period.start.isoformat()),
            "dcat:endDate": _date(period.end.isoformat()),
        },
        **({"dct:spatial": {"@id": spatial}} if spatial else {}),
        **({"dct:accrualPeriodicity": _frequency("ANNUAL")} if period.days in YEAR else {}),
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC"},
        "dcat:version": version_of(publication),
        "dcat:landingPage": {"@id": f"{root}index.html"},
        **_dates(publication),
        **_licence(publication),
        "dcat:distribution": [_distribution(publication, item, root) for item in offered],
    }


def _distribution(publication: Publication, item: Offered, root: str) -> dict[str, Any]:
    media, kind = TYPES[item.path.rpartition(".")[2]]
    address = f"{root}{item.path}"
    return {
        "@id": f"{root}data/dcat.jsonld#{item.path}",
        "@type": "dcat:Distribution",
        "dct:title": [
            {"@language": language, "@value": title} for language, title in item.titles.items()
        ],
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{IANA}/{media}"},
        "dct:format": {"@id": f"{EU}/file-type/{kind}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(item.size)},
        **_dates(publication),
        **_licence(publication),
    }


def _publisher(publication: Publication, root: str) -> dict[str, Any]:
    return {
        "@id": f"{root}data/dcat.jsonld#publisher",
        "@type": "foaf:Agent",
        "foaf:name": _each(publication.edition.publisher.name),
    }


def _contact(publication: Publication, root: str) -> dict[str, Any]:
    publisher = publication.edition.publisher
    told: dict[str, Any] = {
        "@type": "vcard:Organization",
        "vcard:fn": publisher.name.in_language(publication.language),
        "vcard:hasURL": {"@id": f"{root}colofon.html"},
    }
    if publisher.email:
        told["vcard:hasEmail"] = {"@id": f"mailto:{publisher.email}"}
    return told


def _dates(publication: Publication) -> dict[str, Any]:
    day = published_on(publication)
    if day is None or publication.signed is None:
        return {}
    issued, modified = day.isoformat(), max(day, publication.signed.date).isoformat()
    return {"dct:issued": _date(issued), "dct:modified": _date(modified)}


def _licence(publication: Publication) -> dict[str, Any]:
    address = licence_url(publication.edition)
    return {"dct:license": {"@id": address}} if address else {}


def _frequency(name: str) -> dict[str, str]:
    return {"@id": f"{EU}/frequency/{name}"}


def _date(text: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": text}


def _each(text: Translated) -> list[dict[str, str]]:
    return [{"@language": language, "@value": text.in_language(language)} for language in LANGUAGES]


def _said(key: str, publication: Publication) -> list[dict[str, str]]:
    return [
        {"@language": language, "@value": EditionWords(publication, language).say(key)}
        for language in LANGUAGES
    ]
