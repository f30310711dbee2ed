"""The files beside the page: charts of their own, workbook, descriptions, legal pages."""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pypdf
import pytest

from helpline_report.figures.model import Table
from helpline_report.parameters.edition import Publisher
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.data_package import data_folder
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import part_files
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish

SVG = "{http://www.w3.org/2000/svg}"
# Single figures are dots with their intervals.
DOTTED = {"ratios.chart"}


@pytest.fixture(scope="module")
def made(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edition")
    publish(publication, folder)
    return folder


def package(made: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((made / "data/datapackage.json").read_text("utf-8"))
    return found


def test_the_package_describes_every_file_as_it_is(made: Path) -> None:
    """Each CSV with its columns, its size and its hash, and words in two languages."""
    resources = package(made)["resources"]
    assert isinstance(resources, list)
    paths = {item["path"] for item in resources}
    data = made / "data"
    assert paths == {path.relative_to(data).as_posix() for path in data.rglob("*.csv")}
    for item in resources:
        content = (data / item["path"]).read_bytes()
        head = next(csv.reader(io.StringIO(content.decode())))
        assert [field["name"] for field in item["schema"]["fields"]] == head
        assert item["hash"] == f"sha256:{sha256(content).hexdigest()}"
        assert item["bytes"] == len(content)
        assert set(item["titles"]) == {"nl", "en"}


def test_no_two_columns_share_a_name(publication: Publication) -> None:
    """Also where a series is called after its field."""
    series = publication.ledger.series["by_channel"].model_copy(update={"id": "channel"})
    ledger = publication.ledger.model_copy(
        update={
            "series": {"channel": series},
            "charts": {},
            "tables": {"t": Table(id="t", series=("channel",))},
        }
    )
    renamed = replace(publication, ledger=ledger)
    file = part_files(renamed, EditionWords(renamed))[0]
    assert [name for name, _ in file.columns] == ["channel_code", "label", "channel"]


def test_a_publisher_with_a_portal_has_a_catalogue(publication: Publication, made: Path) -> None:
    """With the address, the title and the size of each file; a draft has no day of issue."""
    assert not (made / "data/dcat.jsonld").exists()
    publisher = publication.edition.publisher.model_copy(update={"url": "https://1712.be/2017"})
    edition = publication.edition.model_copy(update={"publisher": publisher})
    portal = replace(publication, edition=edition)
    files = data_folder(ChapterReader(portal, EditionWords(portal)), [])
    text = files["dcat.jsonld"].decode()
    (dataset,) = json.loads(text)["@graph"][0]["dcat:dataset"]
    sizes = {
        item["dcat:downloadURL"]["@id"]: item["dcat:byteSize"]["@value"]
        for item in dataset["dcat:distribution"]
    }
    assert sizes["https://1712.be/2017/data/figures.csv"] == str(len(files["figures.csv"]))
    assert sizes["https://1712.be/2017/data/tabellen.xlsx"] == str(len(files["tabellen.xlsx"]))
    assert "dct:issued" not in text


def test_a_chart_of_its_own_says_what_it_is(made: Path) -> None:
    """Title, alternative text, warning, source, version; no font of the host, nothing fetched."""
    for path in (made / "data/charts").glob("*.svg"):
        root = ET.fromstring(path.read_text("utf-8"))  # noqa: S314 - it was drawn just now
        texts = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
        assert root.findtext(f"{SVG}title")
        assert root.findtext(f"{SVG}desc")
        assert "Dit is een ontwerp" in texts
        assert "Bron: " in texts
        assert "Versie: " in texts
        style = root.findtext(f"{SVG}style") or ""
        assert style.count("url(") == style.count("url(data:font/woff;base64,") == 2
        assert "var(--" not in path.read_text("utf-8")
        elements = {element.tag.removeprefix(SVG) for element in root.iter()}
        dots = {"circle"} if path.stem in DOTTED else set()
        assert elements <= {"svg", "title", "desc", "style", "rect", "text", "g", "path", *dots}


def chunks(png: bytes) -> list[tuple[str, bytes]]:
    found, at = [], 8
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        found.append((png[at + 4 : at + 8].decode("ascii"), png[at + 8 : at + 8 + size]))
        at += size + 12
    return found


def test_a_picture_is_wide_enough_and_says_nothing_of_its_maker(made: Path) -> None:
    """1600 pixels wide, no chunk of time or program; of text that its rows are invented."""
    for path in (made / "data/charts").glob("*.png"):
        parts = chunks(path.read_bytes())
        assert struct.unpack(">I", parts[0][1][:4])[0] == 1600
        names = {"IHDR", "pHYs", "sRGB", "gAMA", "tEXt", "IDAT", "IEND"}
        assert {name for name, _ in parts} <= names
        texts = [content for name, content in parts if name == "tEXt"]
        assert texts == [b"Disclaimer\0voorbeeld, verzonnen rijen"]


def test_a_picture_is_whole_pixels_high(made: Path) -> None:
    """So that no row of its drawing falls between two of the picture."""
    for path in (made / "data/charts").glob("*.png"):
        svg = path.with_suffix(".svg").read_text("utf-8")
        drawn = ET.fromstring(svg)  # noqa: S314 - it was drawn just now
        high = float(drawn.attrib["height"])
        pixels = struct.unpack(">I", chunks(path.read_bytes())[0][1][4:8])[0]
        assert high * 1600 / 720 == pixels


def test_numbers_of_the_workbook_are_numbers(made: Path) -> None:
    """Counts with a format, no formula, a frozen head; what has no value says why."""
    book = openpyxl.load_workbook(made / "data/tabellen.xlsx")
    assert all(len(name) <= 31 for name in book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    june = [c for c in cells if c.value == 521]
    assert {cell.number_format for cell in june} == {"#,##0"}
    assert any(c.value == "niet geregistreerd" for c in cells)
    tables = [sheet for sheet in book if sheet.title != "Inhoud"]
    assert all(sheet.freeze_panes for sheet in tables)


def test_the_workbook_names_nobody_and_no_time(made: Path) -> None:
    """No creator, no clock, in its parts and in its zip."""
    with zipfile.ZipFile(made / "data/tabellen.xlsx") as whole:
        assert {item.date_time[:3] for item in whole.infolist()} <= {(1980, 1, 1), (1980, 1, 31)}
        core = whole.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
    assert "1980-01-01T00:00:00Z" in core


def test_legal_pages_say_who_and_how(publication: Publication, tmp_path: Path) -> None:
    """What the parameters say stands in both pages and in the PDF, as text."""
    told = Publisher.model_validate(
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
    edition = publication.edition.model_copy(update={"publisher": told})
    publish(replace(publication, edition=edition), tmp_path)
    colophon = (tmp_path / "colofon.html").read_text("utf-8")
    statement = (tmp_path / "toegankelijkheid.html").read_text("utf-8")
    assert "&lt;b&gt;de directie&lt;/b&gt;" in colophon
    assert 'href="mailto:info@hulplijn.be"' in colophon
    assert "voldoet gedeeltelijk" in statement
    assert "kaarten zijn tekeningen" in statement
    assert "1 februari 2018" in statement
    for page in (colophon, statement):
        assert "default-src 'none'" in page
    book = pypdf.PdfReader(tmp_path / "report.pdf")
    text = " ".join(" ".join(page.extract_text() for page in book.pages).split())
    assert "<b>de directie</b>" in text
