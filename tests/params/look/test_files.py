from __future__ import annotations

import shutil
from pathlib import Path

import font_source_serif_pro
import pytest

from helpline_report.errors import ParametersError
from helpline_report.params.look.files import MOST_BYTES, read_house
from helpline_report.params.look.house_style import FontFiles, HouseStyle, LogoFile, SerifFiles
from helpline_report.params.values import Translated

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
ALTERNATIVE = Translated(nl="een hand", en="a hand")


def logo_of(content: str | bytes, root: Path) -> HouseStyle:
    """A house style with this logo."""
    data = content.encode() if isinstance(content, str) else content
    (root / "logo.svg").write_bytes(data)
    return HouseStyle(logo=LogoFile(file="logo.svg", alternative=ALTERNATIVE))


def refusal(style: HouseStyle, root: Path) -> str:
    """What is said of the files of a house style."""
    with pytest.raises(ParametersError) as raised:
        read_house(style, root)
    return str(raised.value)


def test_plain_svg_is_taken(tmp_path: Path) -> None:
    """Shapes, gradients by reference and texts are what a logo is made of."""
    inside = '<defs><linearGradient id="a"/></defs><path d="M0 0" style="fill:url(#a)"/>'
    house = read_house(logo_of(SVG.format(inside), tmp_path), tmp_path)
    assert house.logo is not None
    assert house.logo.kind == "image/svg+xml"


def test_png_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    """What a file is doesn't depend on its name."""
    house = read_house(logo_of(b"\x89PNG\r\n\x1a\n rest", tmp_path), tmp_path)
    assert house.logo is not None
    assert house.logo.kind == "image/png"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>1</script>", "holds <script>"),
        ("<foreignObject/>", "holds <foreignobject>"),
        ('<path onclick="1"/>', "has an event (onclick)"),
        ('<a href="javascript:1"><path/></a>', "refers to something outside itself"),
        ('<image href="https://example.org/a.png"/>', "refers to something outside itself"),
        ('<path style="fill:url(https://example.org)"/>', "refers to something outside itself"),
        ("<style>@import 'a.css';</style>", "refers to something outside itself"),
        ("<style>p{background:url('//example.org')}</style>", "refers to something outside itself"),
        ("<animate/>", "holds <animate>"),
    ],
)
def test_live_svg_is_refused(tmp_path: Path, inside: str, said: str) -> None:
    """A logo that could run or fetch something is refused, with what it holds."""
    assert f"the logo {said}" in refusal(logo_of(SVG.format(inside), tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format(""), "declares a document type"),
        ("<svg/>", "is XML, and no SVG"),
        ("GIF89a", "is neither an SVG nor a PNG"),
        ("x" * (MOST_BYTES + 1), f"has {MOST_BYTES + 1} bytes; at most {MOST_BYTES} fit"),
    ],
)
def test_what_is_no_logo_is_refused(tmp_path: Path, content: str, said: str) -> None:
    """Something else than a small SVG or PNG is refused."""
    assert said in refusal(logo_of(content, tmp_path), tmp_path)


def test_missing_logo_is_told_by_its_name(tmp_path: Path) -> None:
    """The message names the file as the parameters do, and no folder of the machine."""
    style = HouseStyle(logo=LogoFile(file="logo.svg", alternative=ALTERNATIVE))
    assert refusal(style, tmp_path) == "logo.svg: can't be read (No such file or directory)"


def test_file_outside_the_project_is_refused(tmp_path: Path) -> None:
    """A path can't leave the project."""
    style = HouseStyle(logo=LogoFile(file="../logo.svg", alternative=ALTERNATIVE))
    assert "lies outside the project" in refusal(style, tmp_path)


def test_font_is_known_by_the_family_of_its_file(tmp_path: Path) -> None:
    """The family is what the font itself says."""
    source = Path(font_source_serif_pro.font_directory) / "SourceSerifPro-Semibold.ttf"
    shutil.copy(source, tmp_path / "kop.ttf")
    style = HouseStyle(fonts=FontFiles(serif=SerifFiles(semibold="kop.ttf")))
    house = read_house(style, tmp_path)
    assert house.serif is not None
    assert house.serif.family == "Source Serif Pro"


def test_no_font_is_refused(tmp_path: Path) -> None:
    """A file that isn't a font is told."""
    (tmp_path / "kop.ttf").write_text("geen letter", encoding="utf-8")
    style = HouseStyle(fonts=FontFiles(serif=SerifFiles(semibold="kop.ttf")))
    assert refusal(style, tmp_path) == "kop.ttf: is no TrueType or OpenType font"
