"""The data files say what was meant, and what the ledger means: each error planted is named."""

import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from helpline_report.audit import notebook_files, pages
from helpline_report.audit.audit_meanings import find_audit_differences
from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.expectations import Misreading, parse_page
from helpline_report.audit.file_comparison import compare_files
from helpline_report.audit.file_meanings import find_data_differences
from helpline_report.audit.meaning_differences import find_differences
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.notebook_meanings import find_notebook_differences
from helpline_report.audit.pages import write_audit
from helpline_report.audit.trace import Trace, Tracer
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.charts.frames import make_chart_frame
from helpline_report.description import Description
from helpline_report.figures.ledger import LeftOut
from helpline_report.figures.model import Chart, Figure
from helpline_report.parameters.codelists import CodeList
from helpline_report.private_files import replace_file
from helpline_report.prose.writer import Writer
from helpline_report.report import figure_parts, open_data, sheets
from helpline_report.report import publish as publishing
from helpline_report.report.book_parts import list_charts
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import make_data_files
from helpline_report.report.publication import Publication
from helpline_report.report.publish import make_data_folder
from helpline_report.report.views import CellView, TableView
from tests.audit.test_meaning_differences import draw_edition
from tests.report.small_publication import SIGNED, change_edition, change_ledger
from tests.report.written import write_files

WORKBOOK, FIGURES, PACKAGE = "data/tabellen.xlsx", "data/figures.csv", "data/datapackage.json"
BY_MONTH = "data/by_month.table.csv"


@dataclass
class Files:
    """The files of an edition in a folder, and what they were meant to say."""

    folder: Path
    description: Description

    def differences(self) -> list[Misreading]:
        """What the files say otherwise than it was meant."""
        paths = sorted(self.folder.glob("audit/*.html"))
        pages = {f"audit/{path.name}": parse_page(path.read_text("utf-8")) for path in paths}
        return list(compare_files(self.folder, pages, self.description))


@pytest.fixture(scope="module")
def built(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder: Path = tmp_path_factory.mktemp("edition")
    return Files(folder, write_files(publication, folder))


@pytest.fixture
def files(built: Files, tmp_path: Path) -> Files:
    """A copy of the files, for an error to be planted in."""
    return replace(built, folder=Path(shutil.copytree(built.folder, tmp_path / "edition")))


def test_files_as_they_were_written(built: Files) -> None:
    assert built.differences() == []


# Errors in a workbook


def _name_other_month(book: Any) -> None:
    next(
        cell for cell in book["1 Contactnames per maand"]["A"] if cell.value == "Maart"
    ).value = "April"


def _lose_percents(book: Any) -> None:
    for row in book["Definities"].iter_rows():
        for cell in row:
            if cell.number_format == "0.0%":
                cell.number_format = "0.0"


def _write_counts_as_ratios(book: Any) -> None:
    for cell in book["1 Contactnames per maand"]["B"]:
        cell.number_format = "0.00"


def _exchange_heads(book: Any) -> None:
    page = book["1 Contactnames per maand"]
    row = next(row for row in page.iter_rows() if row[0].value == "Maand")
    row[1].value, row[2].value = row[2].value, row[1].value


def _take_title_of_another(book: Any) -> None:
    book.worksheets[3]["A1"] = book.worksheets[2]["A1"].value


def _lead_to_another_sheet(book: Any) -> None:
    links = [row[0] for row in book.worksheets[0].iter_rows() if row[0].hyperlink]
    links[2].hyperlink.location = links[3].hyperlink.location


def _exchange_sheets(book: Any) -> None:
    book.move_sheet(book.worksheets[2], 1)


def _lose_a_sheet(book: Any) -> None:
    del book[book.sheetnames[-2]]


def _lose_a_row(book: Any) -> None:
    page = book["1 Contactnames per maand"]
    page.delete_rows(next(row[0].row for row in page.rows if row[0].value == "December"))


def _change_a_number(book: Any) -> None:
    next(cell for cell in book["Definities"]["C"] if cell.value == 4812).value = 4821


def _exchange_ends(book: Any) -> None:
    for page in book.worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row):
            if cell.value == "0,80 tot 2,18":
                cell.value = "2,18 tot 0,80"


def _write_a_number_as_text(book: Any) -> None:
    next(cell for cell in book["Definities"]["C"] if cell.value == 4812).value = "4812"


def _add_a_note(book: Any) -> None:
    page = book["1 Contactnames per maand"]
    page.cell(page.max_row + 2, 1).value = "Niet vergelijkbaar."


def _change_foot(book: Any) -> None:
    book.worksheets[2].oddFooter.left.text = "Jaarverslag 2016"


IN_WORKBOOK = [
    _name_other_month,
    _lose_percents,
    _write_counts_as_ratios,
    _exchange_heads,
    _take_title_of_another,
    _lead_to_another_sheet,
    _exchange_sheets,
    _lose_a_sheet,
    _lose_a_row,
    _change_a_number,
    _exchange_ends,
    _write_a_number_as_text,
    _add_a_note,
    _change_foot,
]


def test_a_workbook_that_was_saved_again(files: Files) -> None:
    """Another program that wrote the same says the same."""
    path = files.folder / WORKBOOK
    openpyxl.load_workbook(path).save(path)
    assert [each for each in files.differences() if each.file == WORKBOOK] == []


@pytest.mark.parametrize("plant", IN_WORKBOOK)
def test_errors_in_a_workbook(plant: Callable[[Any], None], files: Files) -> None:
    path = files.folder / WORKBOOK
    book = openpyxl.load_workbook(path)
    plant(book)
    book.save(path)
    assert {each.file for each in files.differences()} >= {WORKBOOK}


# Errors in texts

# In which file what is found by a pattern, and what takes its place.
IN_FILES = {
    "a definition of figures.csv": (FIGURES, "contactnames in 2017", "contactnames in 2011"),
    "a year of the package": (PACKAGE, '"start": "2017-01-01"', '"start": "2016-01-01"'),
    "a title of the package": (
        PACKAGE,
        '"title": "Jaarverslag 2017"',
        '"title": "Jaarverslag 2016"',
    ),
    "a column's title": (
        PACKAGE,
        '"title": "Alle cijfers van het verslag"',
        '"title": "Enkele cijfers"',
    ),
    "a label of another code": (BY_MONTH, "08,augustus", "08,september"),
    "exchanged columns": (BY_MONTH, "by_month,by_month.previous", "by_month.previous,by_month"),
    "a formula that runs": ("data/by_channel.chart.csv", "'=HYPERLINK", "=HYPERLINK"),
    "a picture of another chart": (
        "data/charts/index.csv",
        "by_month.chart.png",
        "by_day.chart.png",
    ),
    "a term of a trace": ("audit/contacts.html", "<dt>Noemer</dt>", "<dt>Teller</dt>"),
    "a verdict": (
        "audit/index.html",
        "<td>juist getal, maar van iets anders</td>",
        "<td>klopt</td>",
    ),
    "a name of a trace": (
        "audit/contacts.html",
        r'(<div class="trace" id="contacts.total">\s*<h3>)[^<]*',
        r"\1Contactnames in 2016",
    ),
    "a link to another trace": (
        "audit/contacts.html",
        'href="#contacts.share.phone"',
        'href="#contacts.total"',
    ),
    "code of something else": ("audit/contacts.html", "<pre>[^<]+", "<pre>SELECT 1"),
    "a sentence in the audit": ("audit/evidence.html", "</main>", "<p>Alles klopt.</p></main>"),
    "a head of the overview": ("audit/index.html", ">Oordeel<", ">Aantal<"),
    "code of a notebook": (
        "audit/notebooks/02_contacts.ipynb",
        r'("source": \[\s*")',
        r"\1import os; ",
    ),
    "a name in a notebook": ("audit/notebooks/02_contacts.ipynb", "Augustus", "September"),
}


@pytest.mark.parametrize("name", IN_FILES)
def test_errors_in_files(name: str, files: Files) -> None:
    file, pattern, new = IN_FILES[name]
    path = files.folder / file
    text, times = re.subn(pattern, new, path.read_text("utf-8"), count=1)
    assert times
    path.write_text(text, encoding="utf-8")
    assert {each.file for each in files.differences()} >= {file}


def test_a_notebook_of_another_chapter(files: Files) -> None:
    """One with the outputs of another cell, and one in the place of another."""
    notebooks = files.folder / "audit" / "notebooks"
    path = notebooks / "02_contacts.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell.get("outputs")]
    cells[0]["outputs"], cells[1]["outputs"] = cells[1]["outputs"], cells[0]["outputs"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert {each.file for each in files.differences()} == {"audit/notebooks/02_contacts.ipynb"}


def test_a_file_that_nobody_described(files: Files) -> None:
    (files.folder / "data" / "other.csv").write_text("a\n1\n", encoding="utf-8")
    (files.folder / FIGURES).unlink()
    assert {each.file for each in files.differences()} == {"data/other.csv", FIGURES, PACKAGE}


# Errors in what says what files mean


def describe(publication: Publication) -> Description:
    """What the data files of a publication are meant to say."""
    reader = ChapterReader(EditionWords(publication))
    charts = sorted(list_charts(reader), key=lambda view: view.id)
    _, nodes = make_data_folder(reader, make_data_files(charts, reader.words))
    named = {f"data/{name}": of_file for name, of_file in nodes.items()}
    return Description(publication.language, named)


def list_differences(publication: Publication) -> list[Misreading]:
    """Where the description of the data files isn't what the data mean."""
    return list(find_data_differences(describe(publication), Meanings(publication)))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_files_mean(
    language: str, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a plain edition, of one with a portal, of a draft and of rows about nobody."""
    draw_without_lines(monkeypatch)
    written = replace(publication, language=language)
    publisher = publication.edition.publisher.model_copy(update={"url": "https://1712.be/2017"})
    left_out = LeftOut(edition="2017", file="x.csv", code="B59", rows=1_500)
    for each in (
        written,
        change_edition(written, publisher=publisher),
        change_edition(written, rows="synthetic"),
        change_ledger(written, draft=True, left_out=(left_out,)),
        replace(written, signed=SIGNED),
    ):
        assert list_differences(each) == []


Plant = Callable[[pytest.MonkeyPatch], None]


def _forget_percents(monkeypatch: pytest.MonkeyPatch) -> None:
    style = json.loads(json.dumps(dict(sheets.read_style())))
    style["looks"]["percent"]["num_format"] = "0.0"
    monkeypatch.setattr(sheets, "read_style", lambda: style)


def _change_cells(unit: str, look: str, times: int = 1) -> Plant:
    """Write the numbers of a unit with another look, or so many times as large."""

    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        make = sheets._make_cell

        def make_other(view: CellView, words: EditionWords) -> sheets.SheetCell:
            cell = make(view, words)
            if cell.look != unit or cell.number is None:
                return cell
            return cell._replace(number=cell.number * times, look=look)

        monkeypatch.setattr(sheets, "_make_cell", make_other)

    return plant


def _lead_all_to_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "name_place", lambda _: "'Inhoud'!A1")


def _change_tables(change: Callable[[TableView], TableView]) -> Plant:
    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        make = figure_parts.make_table_view

        def make_other(*of: Any) -> TableView | None:
            view = make(*of)
            return change(view) if view else None

        monkeypatch.setattr(sheets, "make_table_view", make_other)

    return plant


def _name_columns_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    name = figure_parts.name_columns
    monkeypatch.setattr(open_data, "name_columns", lambda *of: name(*of)[::-1])


def _label_the_code_before(monkeypatch: pytest.MonkeyPatch) -> None:
    label = Writer.label

    def label_other(writer: Writer, field: str, code: str) -> str:
        return label(writer, field, f"{max(1, int(code) - 1):02}" if code.isdigit() else code)

    monkeypatch.setattr(Writer, "label", label_other)


def _define_by_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    define = Writer.definition

    def define_other(writer: Writer, figure: Figure) -> str:
        whole = figure.of or figure.population
        return define(writer, figure.model_copy(update={"population": whole}))

    monkeypatch.setattr(Writer, "definition", define_other)


def _change_package(old: str, new: str) -> Plant:
    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        write = publishing.describe_data_files

        def change(*of: Any) -> str:
            text = write(*of)
            assert old in text
            return text.replace(old, new, 1)

        monkeypatch.setattr(publishing, "describe_data_files", change)

    return plant


def _exchange_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    make = open_data._make_file_of_figures

    def make_other(*of: Any) -> open_data.DataFile:
        file = make(*of)
        rows = tuple((*row[:3], row[4], row[3], *row[5:]) for row in file.rows)
        return replace(file, rows=rows)

    monkeypatch.setattr(open_data, "_make_file_of_figures", make_other)


IN_CODE: dict[str, tuple[Plant, str]] = {
    "percents without their sign": (_forget_percents, WORKBOOK),
    "percents a hundred times too large": (
        _change_cells("percent", "percent", times=100),
        WORKBOOK,
    ),
    "ratios with the format of counts": (_change_cells("ratio", "count"), WORKBOOK),
    "links that all lead to the contents": (_lead_all_to_contents, WORKBOOK),
    "rows of sheets in another order": (
        _change_tables(lambda view: replace(view, rows=view.rows[::-1])),
        WORKBOOK,
    ),
    "heads of sheets in another order": (
        _change_tables(lambda view: replace(view, heads=(view.heads[0], *view.heads[:0:-1]))),
        WORKBOOK,
    ),
    "the title of another table": (
        _change_tables(lambda view: replace(view, caption="Contactnames per maand")),
        WORKBOOK,
    ),
    "heads of series in another order": (_name_columns_backwards, PACKAGE),
    "a label of another code": (_label_the_code_before, BY_MONTH),
    "a share of X in all X": (_define_by_the_whole, FIGURES),
    "numerator and denominator exchanged": (_exchange_numbers, FIGURES),
    "another first day": (_change_package("2017-01-01", "2016-01-01"), PACKAGE),
    "another title": (_change_package("Jaarverslag 2017", "Jaarverslag 2016"), PACKAGE),
    "another column": (_change_package('"name": "numerator"', '"name": "denominator"'), PACKAGE),
    "another language": (_change_package('"nl"', '"en"'), PACKAGE),
}


@pytest.mark.parametrize("name", IN_CODE)
def test_errors_in_code(
    name: str, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the writing code gets wrong isn't what the ledger, code lists and catalogues mean."""
    draw_without_lines(monkeypatch)
    plant, file = IN_CODE[name]
    plant(monkeypatch)
    assert file in {each.file for each in list_differences(publication)}


# Sound editions drawn at random


def draw_without_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no lines: what a drawing shows is compared elsewhere."""

    def draw(drawings: Drawings, chart: Chart, most: int | None = None) -> tuple[Drawing, ...]:
        left_out = make_chart_frame(chart, drawings.words).attrs.get("left_out", 0)
        svg = f'<svg aria-label="{chart.id}"></svg>'
        return (Drawing(svg, chart.id, 1, 1, left_out),) * (most or len(drawings.themes))

    monkeypatch.setattr(Drawings, "of_chart", draw)


LETTERS = (
    "abcé ÅßΩЖ=+-@'\"|\\<>&{}[]#$*_%;,.:/0123456789\N{HEBREW LETTER ALEF}\N{ARABIC LETTER BEH}"
)
LETTERS += "\N{GRINNING FACE}\N{RIGHT-TO-LEFT MARK}\N{FULLWIDTH EQUALS SIGN}\N{NO-BREAK SPACE}\t"


def draw_label(draw: random.Random) -> str:
    """A label that a code list may have: signs before it, quotes, other scripts, 120 letters."""
    length = draw.choice([1, 3, 12, 40, 120])
    label = draw.choice(["", "=", "+", "-", "@", "'", "'="]) + "".join(
        draw.choice(LETTERS) for _ in range(length)
    )
    return f"{label.strip()}x"


def with_labels(publication: Publication, draw: random.Random) -> Publication:
    """The publication with other labels of its codes."""
    lists = {}
    for field, codelist in publication.codelists.items():
        data = codelist.model_dump(by_alias=True)
        for code in data["codes"]:
            code |= {"nl": draw_label(draw), "en": draw_label(draw)}
        lists[field] = CodeList.model_validate(data)
    return replace(publication, codelists=lists)


def draw_sound_edition(seed: int) -> Publication:
    """An edition with drawn numbers and labels, a portal or none, signed, a draft, or neither."""
    draw = random.Random(seed)
    publication = with_labels(draw_edition(seed), draw)
    if draw.random() < 0.5:
        address = {"url": "https://www.example.org/x", "email": "a@example.org"}
        publisher = publication.edition.publisher.model_copy(update=address)
        publication = change_edition(publication, publisher=publisher)
    if draw.random() < 0.3:
        left_out = LeftOut(edition="2017", file="x.csv", code="B59", rows=draw.choice([1, 1_500]))
        return change_ledger(publication, draft=True, left_out=(left_out,))
    return replace(publication, signed=SIGNED) if draw.random() < 0.5 else publication


def write_data(publication: Publication, folder: Path) -> Files:
    """The data and the audit of a publication in a folder."""
    reader = ChapterReader(EditionWords(publication))
    charts = sorted(list_charts(reader), key=lambda view: view.id)
    contents, nodes = make_data_folder(reader, make_data_files(charts, reader.words))
    for name, content in contents.items():
        replace_file(folder / "data" / name, content, name)
    named = {f"data/{name}": of_file for name, of_file in nodes.items()}
    audit = write_audit(reader, folder)
    return Files(folder, Description(publication.language, {**named, **audit}))


@pytest.mark.parametrize("seed", range(20))
def test_sound_editions(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found in data and audit, whatever their numbers and labels are."""
    draw_without_lines(monkeypatch)
    publication = draw_sound_edition(seed)
    files = write_data(publication, tmp_path)
    assert files.differences() == []
    assert list(find_differences(files.description, publication)) == []


# Errors in what writes the audit


def find_audit_errors(publication: Publication, folder: Path) -> list[Misreading]:
    """Where what the audit is meant to say isn't what it has to say."""
    description = write_data(publication, folder).description
    meanings = Meanings(publication)
    return [
        *find_audit_differences(description, meanings),
        *find_notebook_differences(description, meanings),
    ]


def _say_other(first: str, second: str) -> Plant:
    """Take one phrase of the audit for another."""

    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        write = AuditWords.say

        def say(words: AuditWords, key: str, **values: str) -> str:
            return write(words, {first: second, second: first}.get(key, key), **values)

        monkeypatch.setattr(AuditWords, "say", say)

    return plant


def _trace_other(change: Callable[[Trace], Trace]) -> Plant:
    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        trace = Tracer.trace

        def trace_other(tracer: Tracer, figure: Figure) -> Trace:
            return change(trace(tracer, figure))

        monkeypatch.setattr(Tracer, "trace", trace_other)

    return plant


def _turn_facts(trace: Trace) -> Trace:
    """The terms of a trace in another order than what stands behind them."""
    facts = [
        fact._replace(term=other.term)
        for fact, other in zip(trace.facts, trace.facts[::-1], strict=True)
    ]
    return replace(trace, facts=facts)


def _take_first_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each notebook has the cells of the first."""
    make, first = notebook_files.make_notebook, list[Any]()

    def make_first(*of: Any) -> list[Any]:
        first.extend(make(*of)[: 0 if first else None])
        return list(first)

    monkeypatch.setattr(pages, "make_notebook", make_first)
    monkeypatch.setattr(pages, "write_notebook", lambda *_: "{}")


def _show_outputs_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell of a notebook has the outputs of the cell behind it."""
    make = notebook_files.make_notebook

    def make_other(*of: Any) -> list[Any]:
        cells = [cell for cell in make(*of) if cell.number]
        others = [replace(a, outputs=b.outputs) for a, b in pairwise(cells)]
        return [*others, *cells[-1:]]

    monkeypatch.setattr(pages, "make_notebook", make_other)
    monkeypatch.setattr(pages, "write_notebook", lambda *_: "{}")


IN_AUDIT: dict[str, tuple[Plant, str]] = {
    "verdicts exchanged": (
        _say_other("verdict.agrees", "verdict.wrong_population"),
        "audit/index.html",
    ),
    "heads exchanged": (
        _say_other("reconciliation.printed", "reconciliation.computed"),
        "audit/index.html",
    ),
    "answers to other questions": (
        _say_other("evidence.values_how", "evidence.limits_how"),
        "audit/evidence.html",
    ),
    "numerator and denominator exchanged": (
        _say_other("trace.numerator", "trace.denominator"),
        "audit/contacts.html",
    ),
    "the method of another interval": (
        _say_other("interval.wilson", "interval.exact_conditional"),
        "audit/contacts.html",
    ),
    "the definition of the whole": (_define_by_the_whole, "audit/contacts.html"),
    "labels of other codes": (_label_the_code_before, "audit/contacts.html"),
    "a title of another figure": (
        _trace_other(lambda trace: replace(trace, title="Contactnames in 2017")),
        "audit/contacts.html",
    ),
    "an address of another figure": (
        _trace_other(lambda trace: replace(trace, id="contacts.total")),
        "audit/contacts.html",
    ),
    "terms of other facts": (_trace_other(_turn_facts), "audit/contacts.html"),
    "notebooks of the first chapter": (_take_first_notebook, "audit/notebooks/02_contacts.ipynb"),
    "outputs of other cells": (_show_outputs_of_others, "audit/notebooks/02_contacts.ipynb"),
}


@pytest.mark.parametrize("name", IN_AUDIT)
def test_errors_in_the_audit(
    name: str, publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words, terms, labels, addresses and notebooks are those of their figure and chapter."""
    draw_without_lines(monkeypatch)
    assert find_audit_errors(publication, tmp_path / "sound") == []
    plant, file = IN_AUDIT[name]
    plant(monkeypatch)
    assert file in {each.file for each in find_audit_errors(publication, tmp_path / "planted")}
