"""The files beside the page: open data, charts of their own, workbook, descriptions, colophon."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from helpline_report.figures.model import ReportTable
from helpline_report.parameters.edition import Publisher
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import (
    DataFile,
    escape_formula,
    make_data_files,
    make_exhibit_files,
    make_figures_file,
)
from helpline_report.report.page import write_page
from helpline_report.report.publication import Publication
from helpline_report.report.publish import make_data_folder
from helpline_report.report.typesetting import write_book
from tests.conftest import MakeOnce
from tests.report.labels_edition import publish_labels
from tests.report.small_projects import fingerprint
from tests.report.small_publication import change_edition, change_ledger

FORMULAS = (
    *("=HYPERLINK(0)", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "\n=1", "\x00=1"),
    *("\N{RIGHT-TO-LEFT OVERRIDE}=1", "\N{ZERO WIDTH NO-BREAK SPACE}=1"),
    "\N{FULLWIDTH EQUALS SIGN}1",
)


TEXTS = ("", " ", "telefoon", "a=b", "1", "'=1", "\N{HEBREW LETTER ALEF}")


CONTRACT = "id value unit numerator denominator population period definition chapter cell status"


def rows(file: DataFile) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in csv.DictReader(io.StringIO(file.content.decode()))}


def test_writes_what_the_contract_names(publication: Publication, pages: Path) -> None:
    """Page, PDF, open data and the released ledger are there, and a CSV for each part."""
    written = {name for name in fingerprint(pages) if name[:6] != "audit/"}
    parts = {*publication.ledger.charts, *publication.ledger.tables}
    drawn = {*publication.ledger.charts} - {"by_nothing.chart"}
    assert written == {
        *("index.html", "report.pdf", "data/figures.csv", "data/ledger.json", "data/cover.png"),
        *("data/datapackage.json", "data/tabellen.xlsx", "data/charts/index.csv"),
        *(f"data/{name}.csv" for name in parts),
        *(f"data/charts/{name}.png" for name in drawn),
    }


def test_every_figure_has_its_line(publication: Publication) -> None:
    """In the order it was computed, with the columns of the contract first, nothing rounded.

    A figure without a value has an empty one, and its status and reason.
    """
    file = make_figures_file(EditionWords(publication))
    text = file.content.decode()
    assert text.splitlines()[0].split(",")[:11] == CONTRACT.split()
    assert (text[0], "\r" in text) == ("i", False)
    figures = rows(file)
    assert list(figures) == list(publication.origins)
    named = ("share.phone", "change", "top", "total", "gone")
    share, change, top, total, gone = (figures[f"contacts.{name}"] for name in named)
    values = [each["value"] for each in (share, change, top)]
    assert values == [repr(4158 / 4812 * 100), "-4.5", "formula"]
    assert (total["value"], total["chapter"], total["cell"]) == ("4812", "contacts", "count")
    assert (total["population"], total["period"]) == ("contacts", "2017-01-01/2017-12-31")
    assert (gone["value"], gone["status"], gone["reason"]) == ("", "unavailable", "not_registered")


@pytest.mark.parametrize("text", [*FORMULAS, *TEXTS])
def test_an_apostrophe_keeps_a_formula_from_running(text: str) -> None:
    """Whatever stands before its first letter and can't be seen; other texts stay to the letter."""
    assert escape_formula(text) == (f"'{text}" if text in FORMULAS else text)


def test_no_two_columns_share_a_name(publication: Publication) -> None:
    """Also where a series is called after its field."""
    series = publication.ledger.breakdowns["by_channel"].model_copy(update={"id": "channel"})
    tables = {"t": ReportTable(id="t", breakdowns=("channel",))}
    parts: dict[str, Any] = {"breakdowns": {"channel": series}, "charts": {}, "tables": tables}
    renamed = change_ledger(publication, **parts)
    file = make_exhibit_files(EditionWords(renamed))[0]
    assert [column.name for column in file.columns] == ["channel_code", "label", "channel"]


def test_a_publisher_with_a_portal_has_a_catalogue(publication: Publication, pages: Path) -> None:
    """With the address, the title and the size of each file; a draft has no day of issue."""
    assert not (pages / "data/dcat.jsonld").exists()
    publisher = publication.edition.publisher.model_copy(update={"url": "https://1712.be/2017"})
    portal = change_edition(publication, publisher=publisher)
    reader = ChapterReader(EditionWords(portal))
    files, _ = make_data_folder(reader, make_data_files([], reader.words))
    text = files["dcat.jsonld"].decode()
    (dataset,) = json.loads(text)["@graph"][0]["dcat:dataset"]
    sizes = {
        item["dcat:downloadURL"]["@id"]: item["dcat:byteSize"]["@value"]
        for item in dataset["dcat:distribution"]
    }
    assert sizes["https://1712.be/2017/data/figures.csv"] == str(len(files["figures.csv"]))
    assert sizes["https://1712.be/2017/data/tabellen.xlsx"] == str(len(files["tabellen.xlsx"]))
    assert "dct:issued" not in text


def test_a_picture_is_wide_enough_and_says_nothing_of_its_maker(pages: Path) -> None:
    """1600 pixels wide, without a text or a time."""
    for path in (pages / "data/charts").glob("*.png"):
        with Image.open(path) as picture:
            picture.load()
            assert picture.width == 1600
            assert {*picture.info} <= {"dpi", "srgb", "gamma"}


def test_numbers_of_the_workbook_are_numbers(pages: Path) -> None:
    """Counts with a format, no formula, a frozen head; what has no value says why.

    It names nobody and no time, in its parts and in its zip.
    """
    book = openpyxl.load_workbook(pages / "data/tabellen.xlsx")
    assert all(len(name) <= 31 for name in book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    june = [c for c in cells if c.value == 521]
    assert {cell.number_format for cell in june} == {"#,##0"}
    assert any(c.value == "niet geregistreerd" for c in cells)
    tables = [sheet for sheet in book if sheet.title != "Inhoud"]
    assert all(sheet.freeze_panes for sheet in tables)
    with zipfile.ZipFile(pages / "data/tabellen.xlsx") as whole:
        assert {item.date_time[:3] for item in whole.infolist()} <= {(1980, 1, 1), (1980, 1, 31)}
        core = whole.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
    assert "1980-01-01T00:00:00Z" in core


def test_colophon_and_statement_say_who_and_how(publication: Publication) -> None:
    """What the parameters say stands in the page and in the PDF, as text."""
    publisher = Publisher.model_validate(
        {
            "name": {"nl": "de hulplijn", "en": "the helpline"},
            "licence": "CC-BY-4.0",
            "responsible": "<b>de directie</b>",
            "email": "info@hulplijn.be",
            "accessibility": {
                "conformity": "partial",
                "prepared_on": "2018-02-01",
                "tested": {"nl": "met een browser", "en": "with a browser"},
                "limits": [{"nl": "kaarten zijn tekeningen", "en": "maps are drawings"}],
            },
        }
    )
    reader = ChapterReader(EditionWords(change_edition(publication, publisher=publisher)))
    colophon, _, statement = write_page(reader, []).text.partition('id="toegankelijkheid"')
    assert "&lt;b&gt;de directie&lt;/b&gt;" in colophon
    assert 'href="mailto:info@hulplijn.be"' in colophon
    limits = ("voldoet gedeeltelijk", "kaarten zijn tekeningen", "1 februari 2018")
    assert [text for text in limits if text not in statement] == []
    assert '"Verantwoordelijke uitgever: <b>de directie</b>.' in write_book(reader).text


PROGRAM = (sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json")


def test_valid_by_its_own_program(make_once: MakeOnce) -> None:
    """Every file with its columns, types, size and hash, also of labels that break out.

    The program reads the rows, and not the descriptor alone.
    """
    data = make_once("labels", publish_labels) / "data"
    done = subprocess.run(PROGRAM, cwd=data, capture_output=True, text=True, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["errors"] == []
    files = {path.relative_to(data).as_posix(): path for path in data.rglob("*.csv")}
    texts = {name: io.StringIO(path.read_text("utf-8"), newline="") for name, path in files.items()}
    lines = {name: len([*csv.reader(text)]) for name, text in texts.items()}
    assert {task["place"]: task["stats"]["rows"] + 1 for task in report["tasks"]} == lines
    assert [error for task in report["tasks"] for error in task["errors"]] == []
