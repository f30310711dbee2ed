from __future__ import annotations

from helpline_report.charts.type import shorten, width, wrap


def test_figures_are_equally_wide() -> None:
    """Numbers in columns stand below each other."""
    assert width("111", 10) == width("808", 10)


def test_wrap_keeps_every_word() -> None:
    """Nothing is lost where a line breaks."""
    text = "een heel lang opschrift dat niet past"
    assert " ".join(wrap(text, 12, 60)) == text


def test_wrap_breaks_where_it_must() -> None:
    """Each line fits, unless it is one word."""
    assert all(
        width(line, 12) <= 80 or " " not in line for line in wrap("een twee drie vier " * 4, 12, 80)
    )


def test_shorten_says_that_it_does() -> None:
    """What is left out shows as an ellipsis."""
    assert shorten(["een", "twee", "drie"], 2) == ["een", "twee…"]
