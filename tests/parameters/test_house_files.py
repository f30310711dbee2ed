from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from helpline_report.errors import ParametersError
from helpline_report.parameters.house_files import MOST_BYTES, read_house
from helpline_report.parameters.house_style import (
    FontFiles,
    HouseStyle,
    LogoFile,
    SansFiles,
    SerifFiles,
)
from helpline_report.parameters.values import Translated

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
ALTERNATIVE = Translated(nl="een hand", en="a hand")
SANS = Path(font_source_sans_pro.font_directory)
SERIF = Path(font_source_serif_pro.font_directory) / "SourceSerifPro-Semibold.ttf"
HEADED = HouseStyle(fonts=FontFiles(serif=SerifFiles(semibold="kop.ttf")))


def logo_of(content: str | bytes, root: Path) -> HouseStyle:
    """A house style with this logo."""
    data = content.encode() if isinstance(content, str) else content
    (root / "logo.svg").write_bytes(data)
    return HouseStyle(logo=LogoFile(file="logo.svg", alternative=ALTERNATIVE))


def chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*more: tuple[bytes, bytes], wide: int = 1, pixels: bytes = b"\0\0") -> bytes:
    """A PNG of one grey pixel, with `more` parts between its head and its pixels."""
    head = struct.pack(">IIBBBBB", wide, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *more, (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


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


def test_what_a_program_says_of_an_svg_stays_behind(tmp_path: Path) -> None:
    """Metadata, comments, names of layers and of files aren't published; the drawing is."""
    inside = (
        "<!-- Jan --><metadata><a xmlns='x'>Jan</a></metadata><title>Jan</title>"
        "<x:namedview xmlns:x='y' x:docname='C:/Jan/logo.svg'/>"
        "<path d='M0 0' data-name='Jan' x:label='Jan' xmlns:x='y'/>"
    )
    house = read_house(logo_of(SVG.format(inside), tmp_path), tmp_path)
    assert house.logo is not None
    assert house.logo.data.decode() == SVG.format('<path d="M0 0" />').replace(
        ' xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"',
        ' viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg"',
    )


def test_metadata_of_a_png_stays_behind(tmp_path: Path) -> None:
    """Texts, times, a camera's notes and what follows the end aren't published; pixels are.

    What a file is doesn't depend on its name.
    """
    telling = [(kind, b"Jan Peeters") for kind in (b"tEXt", b"iTXt", b"eXIf", b"tIME", b"xxXx")]
    own = read_house(logo_of(png(), tmp_path), tmp_path).logo
    house = read_house(logo_of(png(*telling) + b"Jan Peeters", tmp_path), tmp_path)
    assert own is not None
    assert own.kind == "image/png"
    assert house.logo == own


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "is a broken PNG"),
        (png()[:-20], "is a broken PNG"),
        (png()[:60] + b"\0" + png()[61:], "is a broken PNG"),
        (png(pixels=b"\0"), "is a broken PNG"),
        (png(wide=90_000), "is 90000 by 1 pixels; at most 4000 by 4000 can be shown"),
    ],
    ids=["nothing", "cut off", "changed", "fewer pixels", "huge"],
)
def test_broken_png_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """A picture that no reader would show is refused, before anything is made with it."""
    assert f"logo.svg: the logo {said}" in refusal(logo_of(data, tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>1</script>", "holds <script>"),
        ("<foreignObject/>", "holds <foreignObject>"),
        ('<path onclick="1"/>', "has an event (onclick)"),
        ('<a href="javascript:1"><path/></a>', "holds <a>"),
        ('<use href="https://example.org/a.svg#b"/>', "refers to something outside itself"),
        ('<use href="data:image/svg+xml,x"/>', "refers to something outside itself"),
        ('<image href="data:image/png;base64,"/>', "holds a picture of another kind"),
        ('<feImage href="#a"/>', "holds <feImage>"),
        ("<style>p{fill:u\\72l(//example.org)}</style>", "refers to something outside itself"),
        ("<path fill=\"image-set('a.png' 1x)\"/>", "refers to something outside itself"),
        ('<g id="a"><use href="#b"/></g><use href="#a"/>', "copies copies of itself"),
        ("<g>" * 70 + "</g>" * 70, "is nested deeper than 60 times"),
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
        (
            (
                '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY a "b">]>'
                + SVG.format("&a;")
            ).encode("utf-16"),
            "declares a document type",
        ),
        (
            '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///geheim">]>' + SVG.format("&a;"),
            "declares a document type",
        ),
        ("<svg/>", "is XML, and no SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "says no size"),
        ("GIF89a", "is neither an SVG nor a PNG"),
        ("x" * (MOST_BYTES + 1), f"has {MOST_BYTES + 1} bytes; at most {MOST_BYTES} fit"),
    ],
)
def test_what_is_no_logo_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    """Something else than a small SVG or PNG is refused."""
    assert said in refusal(logo_of(content, tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("logo.svg", "logo.svg: can't be read (No such file or directory)"),
        ("../logo.svg", "../logo.svg: lies outside the project"),
    ],
)
def test_a_file_that_is_not_there_is_told(tmp_path: Path, file: str, message: str) -> None:
    """By its name in the parameters, never by a folder of the machine; no path leads outside."""
    style = HouseStyle(logo=LogoFile(file=file, alternative=ALTERNATIVE))
    assert refusal(style, tmp_path).startswith(message)


def test_font_is_known_by_the_family_of_its_file(tmp_path: Path) -> None:
    """The family is what the font itself says."""
    shutil.copy(SERIF, tmp_path / "kop.ttf")
    house = read_house(HEADED, tmp_path)
    assert house.serif is not None
    assert house.serif.family == "Source Serif Pro"


def font_of(change: Callable[[TTFont], None], root: Path) -> HouseStyle:
    """A house style with a font of ours that was changed."""
    with TTFont(SERIF) as font:
        change(font)
        font.save(root / "kop.ttf")
    return HEADED


def named(family: str) -> Callable[[TTFont], None]:
    """Gives a font another family."""

    def change(font: TTFont) -> None:
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = family

    return change


def without_accents(font: TTFont) -> None:
    for table in font["cmap"].tables:
        for code in [code for code in table.cmap if code in map(ord, "éë’")]:
            del table.cmap[code]


def not_to_embed(font: TTFont) -> None:
    font["OS/2"].fsType = 0x0002


def slanted(font: TTFont) -> None:
    font["OS/2"].fsSelection |= 1
    font["post"].italicAngle = -12


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_accents, "the font lacks letters that a report needs: é ë ’"),
        (not_to_embed, "the font may not be embedded, says the file"),
        (slanted, "is an italic"),
        (named("<b>"), "the font's family name can't be used in a page"),
    ],
)
def test_font_that_cant_be_used_is_refused(
    tmp_path: Path, change: Callable[[TTFont], None], said: str
) -> None:
    """A font is refused with what it lacks, and with what to do."""
    told = refusal(font_of(change, tmp_path), tmp_path)
    assert told.startswith(f"kop.ttf: {said}\n  → ")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"geen letter", "is no TrueType or OpenType font"),
        (b"wOFF" + b"\0" * 99, "is no TrueType or OpenType font"),
        (SERIF.read_bytes()[:30_000], "is a broken font"),
        (SERIF.read_bytes()[:13], "is a broken font"),
    ],
    ids=["text", "web font", "cut off", "only begun"],
)
def test_what_is_no_font_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """A file that isn't a whole font is told, with what to give."""
    (tmp_path / "kop.ttf").write_bytes(data)
    assert refusal(HEADED, tmp_path).startswith(f"kop.ttf: {said}\n  → ")


def test_family_is_what_the_pdf_calls_it(tmp_path: Path) -> None:
    """Typst leaves 'Condensed' out of a family's name, so page and PDF do too."""
    house = read_house(font_of(named("Huis Condensed"), tmp_path), tmp_path)
    assert house.serif is not None
    assert house.serif.family == "Huis"


def sans_of(regular: str, semibold: str, root: Path) -> HouseStyle:
    """A house style with two fonts of the package as the font of its text."""
    for name in (regular, semibold):
        shutil.copy(SANS / name, root / name)
    return HouseStyle(fonts=FontFiles(sans=SansFiles(regular=regular, semibold=semibold)))


def test_opentype_is_taken(tmp_path: Path) -> None:
    """Outlines of either kind will do."""
    style = sans_of("SourceSansPro-Regular.otf", "SourceSansPro-Bold.otf", tmp_path)
    house = read_house(style, tmp_path)
    assert house.sans is not None
    assert [face.weight for face in house.sans] == [400, 700]


def test_semibold_must_be_heavier(tmp_path: Path) -> None:
    """Two weights that are the same, or the wrong way round, are refused."""
    style = sans_of("SourceSansPro-Semibold.ttf", "SourceSansPro-Regular.ttf", tmp_path)
    assert "is no heavier (400) than 'SourceSansPro-Semibold.ttf' (600)" in refusal(style, tmp_path)


def test_headings_of_the_text_s_family_are_of_its_file(tmp_path: Path) -> None:
    """Two fonts that a page can't tell apart by name and weight are refused."""
    given = sans_of("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf", tmp_path)
    shutil.copy(SANS / "SourceSansPro-Bold.ttf", tmp_path / "kop.ttf")
    fonts = FontFiles(sans=given.fonts.sans, serif=SerifFiles(semibold="kop.ttf"))
    told = refusal(HouseStyle(fonts=fonts), tmp_path)
    assert "is of the family 'Source Sans Pro', as the font of the text is" in told
