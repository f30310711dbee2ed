from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from helpline_report.parameters.colours import READ_ON, contrast, find_colour_faults
from helpline_report.parameters.house_style import HouseStyle
from helpline_report.parameters.tokens import NAMES, tokens


def complaint(**given: dict[str, str]) -> str:
    """What is said of a house style."""
    with pytest.raises(ValidationError) as raised:
        HouseStyle.model_validate(given)
    return str(raised.value.errors()[0]["msg"])


def test_own_tokens_are_readable() -> None:
    """The program's own colours pass what a house style must pass."""
    assert list(find_colour_faults(tokens().colours)) == []


def test_no_house_style_changes_nothing() -> None:
    """Without a house style the colours are the program's own."""
    assert HouseStyle().palettes() == tokens().colours


def test_pale_text_is_refused_with_its_ratio() -> None:
    """The message names the pair, its ratio, and what is needed."""
    assert complaint(colours={"muted": "#999999"}).startswith(
        "Value error, colours.muted: 'muted' (#999999) on 'page' (#fbfaf7) has a contrast of "
        "2.72:1 in the light colours; subtitles and notes need 4.5:1"
    )


def test_colours_that_look_alike_are_refused() -> None:
    """A green that an eye without green can't tell from the accent is named with its distance."""
    said = complaint(colours={"main": "#007a35"})
    assert "'main' (#007a35) and 'accent' (#a8481a) look alike to an eye without green" in said


def test_a_ratio_is_never_rounded_up() -> None:
    """4.4999 isn't told as 4.5, of which 4.5 would be needed."""
    assert all(
        float(ratio) < float(needed)
        for ratio, needed in re.findall(
            r"contrast of ([\d.]+):1 .*?need ([\d.]+):1", complaint(colours={"main": "#e30613"})
        )
    )


def test_dark_colour_follows_from_the_light_one() -> None:
    """A main colour that is given once is lighter in the dark scheme, and read there too."""
    made = HouseStyle(colours={"main": "#003f7d"}).palettes()
    assert contrast(made.dark["main"], made.dark["page"]) >= 4.5
    assert made.dark["main"] != made.light["main"]


def test_given_dark_colour_is_taken() -> None:
    """A dark colour that is given isn't derived."""
    made = HouseStyle(colours={"main": "#003f7d"}, dark={"main": "#7FB2E5"}).palettes()
    assert made.dark["main"] == "#7fb2e5"


def test_sequence_follows_the_main_colour() -> None:
    """The colours of a cross-table get darker step by step, away from those of the program."""
    made = HouseStyle(colours={"main": "#6a1b9a"}).palettes().light
    steps = [contrast(made[name], "#ffffff") for name in NAMES if re.fullmatch(r"seq\d", name)]
    assert steps == sorted(steps)
    assert made["seq3"] != tokens().colours.light["seq3"]


def test_unknown_colour_is_refused() -> None:
    """The schema is closed: a colour that nothing is drawn with is an error."""
    assert complaint(colours={"brand": "#003f7d"}).startswith("Input should be 'ink', 'muted'")


def test_colour_is_six_digits() -> None:
    """A name or a rule of a style sheet is no colour."""
    assert "should match pattern" in complaint(colours={"main": "red;} body{display:none"})


def test_every_pair_is_of_known_colours() -> None:
    """What is checked names colours that there are."""
    assert {name for pair in READ_ON for name in (pair.colour, pair.ground)} <= set(NAMES)
