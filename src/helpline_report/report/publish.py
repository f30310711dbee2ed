"""Publish the third stage: a released ledger, notebooks and texts become pages, PDF and data."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from helpline_report.description import Description, Node
from helpline_report.private_files import replace_file
from helpline_report.report import typesetting
from helpline_report.report.book_parts import list_charts
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.data_nodes import describe_rows, describe_sheets, describe_tree
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.house import choose_faces
from helpline_report.report.markup import TEMPLATES, open_templates
from helpline_report.report.open_data import LEFT_OUT, WORKBOOK, DataFile, make_data_files
from helpline_report.report.page import write_page
from helpline_report.report.pictures import describe_pictures, draw_pictures, list_pictures
from helpline_report.report.publication import Publication
from helpline_report.report.sheets import make_sheets
from helpline_report.report.workbook import write_workbook

OTHERS = {
    WORKBOOK: "data.workbook",
    "ledger.json": "data.ledger",
    "datapackage.json": "data.package",
}
PACKAGE, PORTAL = "datapackage.json", "dcat.jsonld"


class Published(NamedTuple):
    """Who read the chapters, for who writes of them too, and what each written file says."""

    reader: ChapterReader
    description: Description


def publish(publication: Publication, folder: Path) -> Published:
    """Write `index.html`, `report.pdf` and `data/` into a folder, the same bytes each time.

    No row reaches this stage; the exports may be absent.

    Raises:
        ProseError: a text is refused.
        ChapterError: a cell shows something that the ledger doesn't hold.
        MachineError: a file can't be written, or the PDF can't be made.
    """
    words = EditionWords(publication)
    reader = ChapterReader(words)
    charts = list_charts(reader)
    book, day = typesetting.write_book(reader), publication.edition.period.end
    pdf = typesetting.compile_book(book.text, day, choose_faces(publication.house))
    tables = make_data_files(sorted(charts, key=lambda view: view.id), words)
    data, described = make_data_folder(reader, tables)
    pictures = list_pictures(reader, charts)
    data |= draw_pictures(pictures, reader)
    described |= describe_pictures(pictures)
    page = write_page(reader, [table.name for table in tables])
    files = {
        "index.html": page.text.encode(),
        "report.pdf": typesetting.mark_row_headers(pdf),
        **{f"data/{name}": content for name, content in data.items()},
    }
    for name, content in files.items():
        replace_file(folder / name, content, name)
    nodes = {"index.html": page.nodes, "report.pdf": book.nodes}
    nodes |= {f"data/{name}": of_file for name, of_file in described.items()}
    return Published(reader, Description(publication.language, nodes))


def make_data_folder(
    reader: ChapterReader, tables: Sequence[DataFile]
) -> tuple[dict[str, bytes], dict[str, tuple[Node, ...]]]:
    """Every file of `data/` but the PNG of charts, by its name; and what each says.

    The ledger says what it is. CSV files are `tables`.
    """
    publication, words = reader.publication, reader.words
    files = {table.name: table.content for table in tables}
    nodes = {table.name: tuple(describe_rows(table)) for table in tables}
    sheets = make_sheets(words)
    files[WORKBOOK] = write_workbook(sheets, words)
    nodes[WORKBOOK] = tuple(describe_sheets(sheets, publication.title))
    files[PACKAGE] = describe_data_files(tables, words).encode()
    if not publication.folder:
        # The ledger is of no language: a translation has none of its own.
        files["ledger.json"] = publication.ledger.to_json().encode()
        if publication.edition.publisher.root:
            files[PORTAL] = describe_for_portal(files, tables, words).encode()
    for name in (PACKAGE, PORTAL):
        if name in files:
            nodes[name] = tuple(describe_tree(json.loads(files[name])))
    return files, nodes


def describe_data_files(files: Sequence[DataFile], words: EditionWords) -> str:
    """The description of CSV files, as a Frictionless Data Package."""
    template = open_templates(TEMPLATES).get_template("datapackage.json.j2")
    text = template.render(
        edition=words.publication.edition,
        words=words,
        page=Front(words),
        left_out=LEFT_OUT,
        files=files,
    )
    return json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"


def describe_for_portal(
    contents: Mapping[str, bytes], files: Sequence[DataFile], words: EditionWords
) -> str:
    """All files of `data/` for an open data portal, in DCAT-AP; days are those of the approval."""
    publication, page = words.publication, Front(words)
    edition, signed, day = publication.edition, publication.signed, page.day
    titles = {file.name: file.title for file in files}
    template = open_templates(TEMPLATES, autoescape=True).get_template("dcat.jsonld.j2")
    return template.render(
        edition=edition,
        root=edition.publisher.root,
        words=words,
        version=page.version,
        issued=day.isoformat() if day else "",
        modified=max(day, signed.date).isoformat() if day and signed else "",
        licence=page.licence_url,
        titles=titles | {name: words.say(key) for name, key in OTHERS.items()},
        sizes={name: len(content) for name, content in contents.items()},
    )
