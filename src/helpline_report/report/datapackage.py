"""What the open data is, for machines: a Frictionless Data Package with words in two languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from helpline_report.figures.ledger import SourceFile
from helpline_report.report.data_file import LEFT_OUT, ROWS, SYNTHETIC, DataFile
from helpline_report.report.drafted import warning
from helpline_report.report.imprint import imprint_of, licence_url, published_on, version_of
from helpline_report.report.publication import Publication
from helpline_report.report.words import EditionWords

LANGUAGES = ("nl", "en")
PROFILE = "tabular-data-package"


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
