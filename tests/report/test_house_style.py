"""A house style in every file of an edition: its logo, its colours and its fonts."""

import base64
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pypdf
import pytest
from matplotlib.image import imread
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from helpline_report.audit.pages import write_audit
from helpline_report.parameters.house_files import read_house
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish
from tests.report.book_structure import alternatives, embedded_fonts
from tests.report.small_publication import edition

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
MAIN, ACCENT = "#3d2a7d", "#a33b00"
OURS = ("#0b6070", "#a8481a")
STYLE = {
    "logo": {"file": "logo.png", "alternative": {"nl": "een paars vlak", "en": "purple"}},
    "colours": {"main": MAIN, "accent": ACCENT},
    "fonts": {
        "sans": {"regular": "tekst.ttf", "semibold": "vet.ttf"},
        "serif": {"semibold": "kop.ttf"},
    },
}
TELLING = PngInfo()
TELLING.add_text("Author", "Jan Peeters")
PAPER = {"DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif-Bold"}


@pytest.fixture(scope="module")
def folder(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition in a house style of which nothing is ours."""
    root = tmp_path_factory.mktemp("house")
    for source, name in (("Sans", "tekst"), ("Sans-Bold", "vet"), ("Serif-Bold", "kop")):
        shutil.copy(FONTS / f"DejaVu{source}.ttf", root / f"{name}.ttf")
    Image.new("RGB", (3, 1), MAIN).save(root / "logo.png", pnginfo=TELLING)
    parameters: dict[str, Any] = publication.edition.model_dump(by_alias=True)
    styled = edition(2017, **{**parameters, "house_style": STYLE})
    with_style = replace(publication, edition=styled, house=read_house(styled.house_style, root))
    write_audit(publish(with_style, root / "out").reader, root / "out")
    return root / "out"


def html(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["index", "audit/index", "audit/contacts", "audit/evidence"])
def test_page_is_in_it_alone(folder: Path, name: str) -> None:
    """Colours, fonts in each weight, cut down to its letters, and the logo; ours are nowhere."""
    text = html(folder, f"{name}.html")
    light, dark = re.findall(r"--main: (#\w{6});", text)
    assert (light, dark != MAIN) == (MAIN, True)
    assert f"--accent: {ACCENT};" in text
    assert [colour for colour in OURS if colour in text] == []
    faces = re.findall(r"@font-face\{font-family:'([^']+)'.*?base64,([^)]+)\)", text)
    serif = ["DejaVu Serif"] if name == "index" else []
    assert [family for family, _ in faces] == ["DejaVu Sans", "DejaVu Sans", *serif]
    assert all(0 < len(data) < 60_000 for _, data in faces)
    logo = r'<img class="logo" src="data:image/png[^"]+" alt="([^"]+)">'
    assert re.findall(logo, text) == ["een paars vlak"]


def test_metadata_of_the_logo_is_nowhere(folder: Path) -> None:
    """What the program that made the logo wrote beside its pixels isn't published."""
    uri = re.findall(r'src="data:image/png;base64,([^"]+)"', html(folder, "index.html"))
    assert b"Jan" not in base64.b64decode(uri[0])


def test_single_chart_is_in_it(folder: Path) -> None:
    """A picture of a chart is coloured like the page."""
    picture = imread(folder / "data" / "charts" / "by_channel.chart.png")
    main = [int(MAIN[at : at + 2], 16) for at in (1, 3, 5)]
    assert (abs(picture[:, :, :3] * 255 - main).max(axis=2) < 1).sum() > 1000


def test_workbook_is_in_it(folder: Path) -> None:
    """Links and warnings of the workbook have the house style's colours."""
    with zipfile.ZipFile(folder / "data" / "tabellen.xlsx") as book:
        styles = book.read("xl/styles.xml").decode()
    assert {f"FF{colour[1:].upper()}" for colour in (MAIN, ACCENT)} <= set(
        re.findall(r'rgb="(\w+)"', styles)
    )


def test_book_is_set_in_it(folder: Path) -> None:
    """The PDF embeds the house style's fonts alone; its logo has its alternative text."""
    book = pypdf.PdfReader(folder / "report.pdf")
    assert embedded_fonts(book) == PAPER
    assert alternatives(book)[0] == "een paars vlak"
