"""Names of figures, as the code of the chapters gives them, before any of it runs."""

from __future__ import annotations

import inspect

import pytest

from helpline_report.chapter import Chapter
from helpline_report.report.own_texts import MORE_FIGURES, NO_FIGURE, ONE_FIGURE, figure_names

OPENED = 'chapter = open_chapter("a", edition, overrides=overrides, preview=preview)\n'


def test_names_are_read_from_the_code() -> None:
    """Of a figure its name, of a series what those of its figures begin with, of both years."""
    code = (
        'contacts = chapter.populations("contacts")\n'
        'chapter.count(population=contacts, name="contacts.total")\n'
        'chapter.table(chapter.counts("a.by_month", contacts, by="month", against="previous"))\n'
        'for group in ["women", "men"]:\n    chapter.count(f"b.group.{group}", groups[group])'
    )
    names = figure_names((OPENED, code))
    assert names is not None
    assert names.one == {"contacts.total"}
    assert names.more == {"a.by_month", "a.previous.by_month", "b.group"}


@pytest.mark.parametrize(
    "code",
    [
        'chapter.count(f"{what}.total", contacts)',
        "chapter.count(*given)",
        "chapter.count()",
        'made = chapter.count\nmade("a", contacts)',
        "more(chapter)",
        'chapter.counted("a", contacts)',
        'more(open_chapter("a", edition))',
        "chapter = another",
        "%matplotlib inline",
    ],
)
def test_where_only_a_run_can_tell(code: str) -> None:
    """A name that isn't written out, or a chapter in other hands: nothing is refused for it."""
    assert figure_names((OPENED, 'chapter.count("b", contacts)', code)) is None


def test_each_method_of_a_chapter_is_known() -> None:
    """A new one says here whether it records figures, and under which names."""
    methods = {name for name, _ in inspect.getmembers(Chapter, inspect.isfunction)}
    public = {name for name in methods if not name.startswith("_")}
    assert public == ONE_FIGURE | MORE_FIGURES | NO_FIGURE
