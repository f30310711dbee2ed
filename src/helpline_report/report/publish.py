"""Publish the third stage: a released ledger, notebooks and texts become pages, PDF and data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpline_report.errors import unwritten
from helpline_report.parameters.values import LANGUAGES
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import (
    EditionWords,
    front_of,
    licence_url,
    published_on,
    version_of,
)
from helpline_report.report.house import faces
from helpline_report.report.markup import TEMPLATES, cells_environment
from helpline_report.report.open_data import (
    LEFT_OUT,
    ROWS,
    SYNTHETIC,
    DataColumn,
    DataFile,
    figures_file,
    part_files,
)
from helpline_report.report.page import page
from helpline_report.report.publication import Publication
from helpline_report.report.typesetting import (
    charts_of,
    index_file,
    mark_row_headers,
    pdf,
    png_files,
    source,
)
from helpline_report.report.views import ChartView
from helpline_report.report.workbook import NAME, workbook

OTHERS = {NAME: "data.workbook", "ledger.json": "data.ledger", "datapackage.json": "data.package"}

# Each file of an edition, by language.
Described = Sequence[Mapping[str, DataFile]]


def publish(publication: Publication, folder: Path) -> ChapterReader:
    """Write `index.html`, `report.pdf` and `data/` into a folder, the same bytes each time.

    No row reaches this stage; the exports may be absent. Returns who read the chapters, for who
    writes of them too.

    Raises:
        ProseError: a text is refused.
        ChapterError: a cell shows something that the ledger doesn't hold.
        MachineError: a file can't be written, or the PDF can't be made.
    """
    words = EditionWords(publication)
    reader = ChapterReader(words)
    charts = charts_of(reader)
    book = pdf(source(reader), publication.edition.period.end, faces(publication.house))
    data = data_folder(reader, sorted(charts, key=lambda view: view.id))
    files = {
        "index.html": page(reader, part_files(words)).encode(),
        "report.pdf": mark_row_headers(book),
        **{f"data/{name}": content for name, content in data.items()},
        **{f"data/{name}": content for name, content in png_files(reader, charts).items()},
    }
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise unwritten(error, name) from None
    return reader


def data_folder(reader: ChapterReader, charts: Sequence[ChartView]) -> dict[str, bytes]:
    """Every file of `data/` but the PNG of charts, by its name, the same bytes each time."""
    publication = reader.publication
    by_language = {
        language: _files(charts, EditionWords(publication, language)) for language in LANGUAGES
    }
    described = [
        dict(zip(LANGUAGES, same, strict=True)) for same in zip(*by_language.values(), strict=True)
    ]
    files = {file.name: file.text().encode() for file in by_language[publication.language]}
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
        column = DataColumn(name, kind, words.say(f"column.{name}"))
        files = [file.with_column(column, value) for file in files]
    return files


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _datapackage(words: EditionWords, described: Described) -> str:
    """The description of the files, as a Frictionless Data Package.

    `titles` and `descriptions` say in each language what `title` says in that of the edition.
    """
    publication = words.publication
    edition, publisher = publication.edition, publication.edition.publisher
    name, day = publisher.licence, published_on(publication)
    who = _filled(title=words.translated(publisher.name), role="publisher", email=publisher.email)
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
        "licenses": [_filled(name=name, title=name, path=licence_url(edition))],
        "contributors": [who],
        "keywords": words.say("page.keywords").split(", "),
        # An export by its name and its content, never by its folder.
        "sources": [
            _filled(
                title=source.file,
                edition=source.edition,
                table=source.table,
                rows=source.rows,
                hash=f"sha256:{source.sha256}" if source.sha256 else "",
            )
            for source in publication.ledger.sources
        ],
        **_filled(created=f"{day.isoformat()}T00:00:00Z" if day else ""),
        **marks,
        "resources": [_resource(same[publication.language], same) for same in described],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _about(words: EditionWords) -> str:
    return " ".join((*front_of(words).warnings, words.say("data.about")))


def _resource(file: DataFile, same: Mapping[str, DataFile]) -> dict[str, Any]:
    """A file; `same` is it in each language."""
    content = file.text().encode()
    texts = {name: other.description for name, other in same.items()}
    fields = []
    for at, column in enumerate(file.columns):
        titles = {name: other.columns[at].head for name, other in same.items()}
        field = {"name": column.name, "type": column.type, "title": column.head, "titles": titles}
        fields.append(field | _filled(unit=column.unit))
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
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _catalogue(publication: Publication, files: Mapping[str, bytes], described: Described) -> str:
    """The files for an open data portal, in DCAT-AP; days are those of the approval."""
    edition, signed = publication.edition, publication.signed
    words = {language: EditionWords(publication, language) for language in LANGUAGES}

    def say(key: str) -> dict[str, str]:
        return {language: own.say(key) for language, own in words.items()}

    titles = {
        same[publication.language].name: {name: file.title for name, file in same.items()}
        for same in described
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
