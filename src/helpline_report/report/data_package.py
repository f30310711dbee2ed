"""The folder `data/` of an edition, and what describes it for programs and portals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from helpline_report.figures.ledger import SourceFile
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.exporters import TEMPLATES, cells_environment
from helpline_report.report.legal import imprint_of, licence_url, published_on, version_of
from helpline_report.report.open_data import (
    LEFT_OUT,
    ROWS,
    SYNTHETIC,
    DataFile,
    figures_file,
    part_files,
)
from helpline_report.report.publication import Publication
from helpline_report.report.single_charts import Pictured, index_file, svg_files
from helpline_report.report.status import warning
from helpline_report.report.workbook import NAME, workbook

LANGUAGES = {"nl": "NLD", "en": "ENG"}
PROFILE = "tabular-data-package"
IANA = "https://www.iana.org/assignments/media-types"
# By the end of a file's name: the media type, and the European file type.
KINDS = {
    "csv": ("text/csv", "CSV"),
    "json": ("application/json", "JSON"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
}
OTHERS = {NAME: "data.workbook", "ledger.json": "data.ledger", "datapackage.json": "data.package"}


@dataclass(frozen=True)
class Described:
    """The files of an edition in its own language, and the same in each language."""

    files: Sequence[DataFile]
    by_language: Mapping[str, Sequence[DataFile]]


def datapackage(publication: Publication, described: Described) -> str:
    """The description of the files, as a Frictionless Data Package.

    `titles` and `descriptions` say in each language what `title` says in that of the edition.
    """
    edition = publication.edition
    period = edition.period
    texts = {name: EditionWords(publication, name) for name in LANGUAGES}
    words = EditionWords(publication)
    package: dict[str, Any] = {
        "name": f"helpline-report-{edition.edition}",
        "title": publication.title,
        "titles": edition.title.model_dump(),
        "description": " ".join((*imprint_of(publication, words).warnings, _about(words))),
        "descriptions": {
            name: " ".join((*imprint_of(publication, own).warnings, _about(own)))
            for name, own in texts.items()
        },
        "profile": PROFILE,
        "version": version_of(publication),
        "languages": [publication.language],
        "temporal": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "licenses": [_licence(publication)],
        "contributors": [_publisher(publication)],
        "keywords": words.say("page.keywords").split(", "),
        "sources": [_source(item) for item in publication.ledger.sources],
        **_dated(publication),
        **_marked(publication),
        "resources": [_resource(item, described.by_language) for item in described.files],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _about(words: EditionWords) -> str:
    return words.say("data.about")


def _licence(publication: Publication) -> dict[str, str]:
    address = licence_url(publication.edition)
    name = publication.edition.publisher.licence
    return {"name": name, "title": name, **({"path": address} if address else {})}


def _publisher(publication: Publication) -> dict[str, str]:
    publisher = publication.edition.publisher
    told = {"title": publisher.name.in_language(publication.language), "role": "publisher"}
    return {**told, **({"email": publisher.email} if publisher.email else {})}


def _source(source: SourceFile) -> dict[str, Any]:
    """An export by its name and its content, never by its folder."""
    return {
        "title": source.file,
        "edition": source.edition,
        "table": source.table,
        "rows": source.rows,
        "hash": f"sha256:{source.sha256}",
    }


def _dated(publication: Publication) -> dict[str, str]:
    day = published_on(publication)
    return {"created": f"{day.isoformat()}T00:00:00Z"} if day else {}


def _marked(publication: Publication) -> dict[str, Any]:
    """What the description says of made-up rows, and of a draft."""
    marks: dict[str, Any] = {ROWS: SYNTHETIC} if publication.synthetic else {}
    if publication.ledger.draft:
        marks["draft"] = warning(publication, EditionWords(publication))
        marks[LEFT_OUT] = publication.ledger.rows_left_out
    return marks


def _resource(file: DataFile, by_language: Mapping[str, Sequence[DataFile]]) -> dict[str, Any]:
    content = file.text().encode()
    same = {
        name: next(other for other in files if other.name == file.name)
        for name, files in by_language.items()
    }
    told = {name: other.description for name, other in same.items() if other.description}
    return {
        "name": file.name.removesuffix(".csv").replace("/", "."),
        "title": file.title,
        "titles": {name: other.title for name, other in same.items()},
        **({"description": file.description, "descriptions": told} if file.description else {}),
        "path": file.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [_field(file, same, at) for at in range(len(file.columns))],
            "missingValues": [""],
        },
    }


def _field(file: DataFile, same: Mapping[str, DataFile], at: int) -> dict[str, Any]:
    name, kind = file.columns[at]
    heads = [head for head, _ in zip_longest(file.heads, file.columns)]
    units = [unit for unit, _ in zip_longest(file.units, file.columns)]
    titles = {key: other.heads[at] for key, other in same.items() if at < len(other.heads)}
    return {
        "name": name,
        "type": kind,
        **({"title": heads[at], "titles": titles} if heads[at] else {}),
        **({"unit": units[at]} if units[at] else {}),
    }


def data_folder(reader: ChapterReader, charts: Sequence[Pictured]) -> dict[str, bytes]:
    """Every file of `data/` but the PNG of charts, by its name, the same bytes each time."""
    publication = reader.publication
    described = _described(publication, charts)
    files = {item.name: item.text().encode() for item in described.files}
    files[NAME] = workbook(publication, reader.parts)
    files["ledger.json"] = publication.ledger.to_json().encode()
    files["datapackage.json"] = datapackage(publication, described).encode()
    if publication.edition.publisher.url:
        files["dcat.jsonld"] = _catalogue(publication, files, described).encode()
    return files | svg_files(charts)


def _described(publication: Publication, charts: Sequence[Pictured]) -> Described:
    by_language = {
        language: _files(publication, charts, EditionWords(publication, language))
        for language in dict.fromkeys((*LANGUAGES, publication.language))
    }
    return Described(by_language[publication.language], by_language)


def _files(
    publication: Publication, charts: Sequence[Pictured], words: EditionWords
) -> list[DataFile]:
    files = [
        figures_file(publication, words),
        *part_files(publication, words),
        index_file(charts, words),
    ]
    marks: list[tuple[str, str, str]] = []
    if publication.synthetic:
        marks.append((ROWS, "string", SYNTHETIC))
    if publication.ledger.draft:
        marks.append((LEFT_OUT, "integer", str(publication.ledger.rows_left_out)))
    for name, kind, value in marks:
        files = [item.with_column(name, kind, value, words.say(f"column.{name}")) for item in files]
    return files


def _catalogue(publication: Publication, files: Mapping[str, bytes], described: Described) -> str:
    """The files for an open data portal, in DCAT-AP; days are those of the approval."""
    edition = publication.edition
    words = {language: EditionWords(publication, language) for language in LANGUAGES}
    titles = {
        item.name: {key: listed[at].title for key, listed in described.by_language.items()}
        for at, item in enumerate(described.files)
    }
    for name, key in OTHERS.items():
        titles[name] = {language: own.say(key) for language, own in words.items()}
    day, signed = published_on(publication), publication.signed
    keywords = {key: own.say("page.keywords").split(", ") for key, own in words.items()}
    environment = cells_environment(TEMPLATES, None, autoescape=True)
    return environment.get_template("dcat.jsonld.j2").render(
        edition=edition,
        root=f"{str(edition.publisher.url).rstrip('/')}/",
        language=f"/language/{LANGUAGES[publication.language]}",
        publisher=edition.publisher.name.in_language(publication.language),
        catalogue={language: own.say("data.catalogue") for language, own in words.items()},
        about={language: own.say("data.about") for language, own in words.items()},
        keywords=[(key, word) for key, listed in keywords.items() for word in listed],
        version=version_of(publication),
        issued=day.isoformat() if day else "",
        modified=max(day, signed.date).isoformat() if day and signed else "",
        licence=licence_url(edition),
        files=[
            {"name": name, "titles": title, "size": len(files[name]), **_kind(name)}
            for name, title in titles.items()
        ],
    )


def _kind(name: str) -> dict[str, str]:
    media, kind = KINDS[name.rpartition(".")[2]]
    return {"media": f"{IANA}/{media}", "format": f"/file-type/{kind}"}
