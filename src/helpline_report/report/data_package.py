"""Write the folder `data/` of an edition, and what describes it for programs and portals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from helpline_report.parameters.values import LANGUAGES
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import (
    EditionWords,
    front_of,
    licence_url,
    published_on,
    version_of,
)
from helpline_report.report.markup import TEMPLATES, cells_environment
from helpline_report.report.open_data import (
    LEFT_OUT,
    ROWS,
    SYNTHETIC,
    DataFile,
    figures_file,
    part_files,
)
from helpline_report.report.publication import Publication
from helpline_report.report.typesetting import index_file
from helpline_report.report.views import ChartView
from helpline_report.report.workbook import NAME, workbook

OTHERS = {NAME: "data.workbook", "ledger.json": "data.ledger", "datapackage.json": "data.package"}

# The files of an edition in each language, its own among them.
Described = Mapping[str, Sequence[DataFile]]


def data_folder(reader: ChapterReader, charts: Sequence[ChartView]) -> dict[str, bytes]:
    """Every file of `data/` but the PNG of charts, by its name, the same bytes each time."""
    publication = reader.publication
    described = {
        language: _files(charts, EditionWords(publication, language)) for language in LANGUAGES
    }
    files = {file.name: file.text().encode() for file in described[publication.language]}
    files[NAME] = workbook(reader.parts)
    files["datapackage.json"] = _datapackage(reader.words, described).encode()
    if publication.folder:
        # The ledger and the catalogue are of no language: a translation has none of its own.
        return files
    files["ledger.json"] = publication.ledger.to_json().encode()
    if publication.edition.publisher.root:
        files["dcat.jsonld"] = _catalogue(publication, files, described).encode()
    return files


def _files(charts: Sequence[ChartView], words: EditionWords) -> list[DataFile]:
    publication = words.publication
    files = [figures_file(words), *part_files(words), index_file(charts, words)]
    marks: list[tuple[str, str, str]] = []
    if publication.synthetic:
        marks.append((ROWS, "string", SYNTHETIC))
    if publication.ledger.draft:
        marks.append((LEFT_OUT, "integer", str(publication.ledger.rows_left_out)))
    for name, kind, value in marks:
        head = words.say(f"column.{name}")
        files = [file.with_column(name, kind, value, head) for file in files]
    return files


def _datapackage(words: EditionWords, described: Described) -> str:
    """The description of the files, as a Frictionless Data Package.

    `titles` and `descriptions` say in each language what `title` says in that of the edition.
    """
    publication = words.publication
    edition, publisher = publication.edition, publication.edition.publisher
    address, day = licence_url(edition), published_on(publication)
    licence = {"name": publisher.licence, "title": publisher.licence}
    who = {"title": words.translated(publisher.name), "role": "publisher"}
    marks: dict[str, Any] = {ROWS: SYNTHETIC} if publication.synthetic else {}
    if publication.ledger.draft:
        marks |= {"draft": front_of(words).warning, LEFT_OUT: publication.ledger.rows_left_out}
    package: dict[str, Any] = {
        "name": f"helpline-report-{edition.edition}",
        "title": publication.title,
        "titles": edition.title.model_dump(),
        "description": _about(words),
        "descriptions": {name: _about(EditionWords(publication, name)) for name in LANGUAGES},
        "profile": "tabular-data-package",
        "version": version_of(publication),
        "languages": [publication.language],
        "temporal": {
            "start": edition.period.start.isoformat(),
            "end": edition.period.end.isoformat(),
        },
        "licenses": [licence | ({"path": address} if address else {})],
        "contributors": [who | ({"email": publisher.email} if publisher.email else {})],
        "keywords": words.say("page.keywords").split(", "),
        # An export by its name and its content, never by its folder.
        "sources": [
            {
                "title": source.file,
                "edition": source.edition,
                "table": source.table,
                **({} if source.rows is None else {"rows": source.rows}),
                **({"hash": f"sha256:{source.sha256}"} if source.sha256 else {}),
            }
            for source in publication.ledger.sources
        ],
        **({"created": f"{day.isoformat()}T00:00:00Z"} if day else {}),
        **marks,
        "resources": [
            _resource(file, {language: files[at] for language, files in described.items()})
            for at, file in enumerate(described[publication.language])
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _about(words: EditionWords) -> str:
    return " ".join((*front_of(words).warnings, words.say("data.about")))


def _resource(file: DataFile, same: Mapping[str, DataFile]) -> dict[str, Any]:
    """A file; `same` is it in each language."""
    content = file.text().encode()
    texts = {name: other.description for name, other in same.items() if other.description}
    return {
        "name": file.name.removesuffix(".csv").replace("/", "."),
        "title": file.title,
        "titles": {name: other.title for name, other in same.items()},
        **({"description": file.description, "descriptions": texts} if file.description else {}),
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
    head, unit = (values[at] if at < len(values) else "" for values in (file.heads, file.units))
    titles = {key: other.heads[at] for key, other in same.items() if at < len(other.heads)}
    return {
        "name": name,
        "type": kind,
        **({"title": head, "titles": titles} if head else {}),
        **({"unit": unit} if unit else {}),
    }


def _catalogue(publication: Publication, files: Mapping[str, bytes], described: Described) -> str:
    """The files for an open data portal, in DCAT-AP; days are those of the approval."""
    edition, signed = publication.edition, publication.signed
    words = {language: EditionWords(publication, language) for language in LANGUAGES}

    def say(key: str) -> dict[str, str]:
        return {language: own.say(key) for language, own in words.items()}

    titles = {
        file.name: {language: listed[at].title for language, listed in described.items()}
        for at, file in enumerate(described[publication.language])
    }
    titles |= {name: say(key) for name, key in OTHERS.items()}
    day = published_on(publication)
    environment = cells_environment(TEMPLATES, autoescape=True)
    return environment.get_template("dcat.jsonld.j2").render(
        edition=edition,
        root=edition.publisher.root,
        own_language=publication.language,
        say=say,
        version=version_of(publication),
        issued=day.isoformat() if day else "",
        modified=max(day, signed.date).isoformat() if day and signed else "",
        licence=licence_url(edition),
        titles=titles,
        sizes={name: len(content) for name, content in files.items()},
    )
