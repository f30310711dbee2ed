from __future__ import annotations

import re

from bench.goals import GOALS
from bench.page import PAGE, page
from bench.picture import FILE, picture
from bench.results import load


def test_the_page_says_what_was_measured() -> None:
    """The tables of docs/performance.md are made of results.json: `python -m bench page`."""
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, load()) == text


def test_the_picture_shows_what_was_measured() -> None:
    """The picture is made of results.json: `python -m bench page`."""
    assert FILE.read_text(encoding="utf-8") == picture(load())


def test_a_goal_that_isnt_reached_is_explained() -> None:
    """Each goal that was measured and missed has its paragraph under 'What stands in the way'."""
    results = load()
    _, _, below = PAGE.read_text(encoding="utf-8").partition("## What stands in the way")
    explained = re.findall(r"\*\*([^*]+)\*\*", below.partition("\n## ")[0])
    missed = [goal.name for goal in GOALS if goal.reached(results) is False]
    assert [name for name in missed if name not in explained] == []


def test_what_a_person_wrote_stays() -> None:
    """Only what stands between the marks is made again."""
    text = "# Ours\n\n<!-- measured: stages -->\nold\n<!-- end -->\n\nThe end.\n"
    made = page(text, load())
    assert made.startswith("# Ours\n\n<!-- measured: stages -->\n\n| stage |")
    assert made.endswith("\n\n<!-- end -->\n\nThe end.\n")
