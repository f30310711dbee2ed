"""A house style: colours that can be read, a logo's pixels alone, fonts that can be used."""

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydantic import ValidationError

from helpline_report.errors import ParametersError
from helpline_report.parameters.house_files import MOST_BYTES, Logo, read_house
from helpline_report.parameters.house_style import (
    NAMES,
    HouseStyle,
    find_colour_faults,
    get_contrast,
    tokens,
)
from tests.cases import read_cases
from tests.conftest import refusal

CASES = read_cases(Path(__file__).with_name("cases.yaml"))


def complaint(**colours: dict[str, str]) -> str:
    with pytest.raises(ValidationError) as raised:
        HouseStyle.model_validate(colours)
    return str(raised.value.errors()[0]["msg"])


def test_the_programs_own_colours_pass_their_own_test() -> None:
    assert list(find_colour_faults(tokens().colours)) == []
    assert HouseStyle().palettes == tokens().colours


@pytest.mark.parametrize(("colours", "expected"), CASES["colours"])
def test_colours_that_cant_be_used_are_refused(colours: dict[str, str], expected: str) -> None:
    """With the pair, its ratio, and what is needed; a colour is six digits and has a use."""
    assert expected in complaint(colours=colours)


def test_a_fault_is_told_where_its_colour_is_named() -> None:
    """Each scheme has its own."""
    good, bad = {"light": "#003f7d", "dark": "#7fb2e5"}, {"light": "#eeeeee", "dark": "#000000"}
    for light, dark, place in (
        (good["light"], bad["dark"], "dark.main"),
        (bad["light"], good["dark"], "colours.main"),
    ):
        text = complaint(colours={"main": light}, dark={"main": dark})
        assert text.startswith(f"Value error, {place}: ")


def test_a_ratio_is_never_rounded_up() -> None:
    """4.4999 isn't told as 4.5, of which 4.5 would be needed."""
    text = complaint(colours={"main": "#e30613"})
    ratios = re.findall(r"contrast of ([\d.]+):1 .*?need ([\d.]+):1", text)
    assert all(float(ratio) < float(needed) for ratio, needed in ratios)


def test_colours_follow_from_the_main_one() -> None:
    """A lighter one in the dark scheme, unless one is named, and the steps of a cross-table."""
    palettes = HouseStyle(colours={"main": "#003F7D"}).palettes
    assert palettes.light["main"] == "#003f7d" != palettes.dark["main"]
    assert get_contrast(palettes.dark["main"], palettes.dark["page"]) >= 4.5
    steps = [
        get_contrast(palettes.light[name], "#ffffff") for name in NAMES if re.match(r"seq\d", name)
    ]
    assert steps == sorted(steps)
    assert palettes.light["seq3"] != tokens().colours.light["seq3"]
    both = HouseStyle(colours={"main": "#003f7d"}, dark={"main": "#7FB2E5"})
    assert both.palettes.dark["main"] == "#7fb2e5"


# The logo

WORDS = {"nl": "een hand", "en": "a hand"}


def logo_of(content: bytes, root: Path) -> HouseStyle:
    (root / "logo.png").write_bytes(content)
    return HouseStyle.model_validate({"logo": {"file": "logo.png", "alternative": WORDS}})


def read_logo(content: bytes, root: Path) -> Logo | None:
    return read_house(logo_of(content, root), root).logo


def png(*more: bytes, wide: int = 1, high: int = 1) -> bytes:
    """A PNG of black pixels, with chunks of kinds `more`."""
    file, info = io.BytesIO(), PngInfo()
    for kind in more:
        info.add(kind, b"Jan Peeters")
    Image.new("1", (wide, high)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def test_metadata_of_a_png_stays_behind(tmp_path: Path) -> None:
    """Texts, times, a camera's notes, and what follows the end."""
    telling = png(b"tEXt", b"iTXt", b"eXIf", b"tIME", b"xxXx") + b"Jan Peeters"
    assert read_logo(png(), tmp_path) == read_logo(telling, tmp_path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (png()[:-20], "is no whole PNG"),
        (png(wide=90_000), "is 90000 by 1 pixels; at most 4000 by 4000 can be shown"),
        (png(wide=10_000, high=10_000), "is 10000 by 10000 pixels; at most 4000 by 4000"),
        (png(wide=20_000, high=10_000), "is no whole PNG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is no whole PNG"),
        (b"x" * (MOST_BYTES + 1), f"has {MOST_BYTES + 1} bytes; at most {MOST_BYTES} fit"),
    ],
)
def test_what_is_no_logo_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    """What is broken, too large or another kind of file: a drawing (SVG) could run or fetch."""
    message = refusal(ParametersError, read_logo, content, tmp_path)
    assert message.startswith(f"logo.png: the logo {expected}")


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("logo.png", "logo.png: can't be read (No such file or directory)"),
        ("../logo.png", "../logo.png: lies outside the project"),
    ],
)
def test_a_file_that_is_not_there_is_told(tmp_path: Path, file: str, message: str) -> None:
    """The message has its name in the parameters, and no folder; no path leads outside."""
    style = HouseStyle.model_validate({"logo": {"file": file, "alternative": WORDS}})
    assert refusal(ParametersError, read_house, style, tmp_path).startswith(message)


# Fonts

SANS = Path(font_source_sans_pro.font_directory)
SERIF = Path(font_source_serif_pro.font_directory) / "SourceSerifPro-Semibold.ttf"
HEADED = HouseStyle.model_validate({"fonts": {"serif": {"semibold": "kop.ttf"}}})


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


def slanted(font: TTFont) -> None:
    font["OS/2"].fsSelection |= 1
    font["post"].italicAngle = -12


def change_font(change: Callable[[TTFont], None], root: Path) -> None:
    with TTFont(SERIF) as font:
        change(font)
        font.save(root / "kop.ttf")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without_accents, "the font lacks letters that a report needs: é ë ’"),
        (lambda font: setattr(font["OS/2"], "fsType", 2), "the font may not be embedded"),
        (slanted, "is an italic"),
        (named("<b>"), "the font's family name can't be used in a page"),
        (b"wOFF" + b"\0" * 99, "is no whole font"),
        (b"geen letter", "is no whole font"),
        (SERIF.read_bytes()[:30_000], "is no whole font"),
        (SERIF.read_bytes()[:13], "is no whole font"),
    ],
)
def test_a_font_that_cant_be_used_is_refused(
    tmp_path: Path, change: Callable[[TTFont], None] | bytes, expected: str
) -> None:
    """With what it lacks, and with what to do."""
    if isinstance(change, bytes):
        (tmp_path / "kop.ttf").write_bytes(change)
    else:
        change_font(change, tmp_path)
    message = refusal(ParametersError, read_house, HEADED, tmp_path)
    assert message.startswith(f"kop.ttf: {expected}")
    assert "\n  → " in message


def test_family_is_what_the_pdf_calls_it(tmp_path: Path) -> None:
    """Typst leaves 'Condensed' out of a family's name, so page and PDF do too."""
    change_font(named("Huis Condensed"), tmp_path)
    assert read_house(HEADED, tmp_path).serif.family == "Huis"


def test_fonts_have_the_weights_that_a_page_asks_for(tmp_path: Path) -> None:
    """Whatever they are called; OpenType outlines will do."""
    for name in ("Regular.otf", "Bold.otf"):
        shutil.copy(SANS / f"SourceSansPro-{name}", tmp_path / name)
    fonts = {"sans": {"regular": "Regular.otf", "semibold": "Bold.otf"}}
    sans = read_house(HouseStyle.model_validate({"fonts": fonts}), tmp_path).sans
    weights = {face.file.name: face.weight for face in sans}
    assert weights == {"Regular.otf": 400, "Bold.otf": 600}
