"""Names of figures, as the code of the chapters gives them, before any of it runs."""

from __future__ import annotations

import inspect

import pytest

from helpline_report.chapter import Chapter
from helpline_report.report.own_texts import MORE_FIGURES, NO_FIGURE, ONE_FIGURE, figure_names

OPENED = 'chapter = open_chapter("a", edition, overrides=overrides, preview=preview)\n'


def names(*code: str) -> tuple[set[str], set[str]] | None:
    """The names of single figures, and what those of others begin with."""
    found = figure_names((OPENED, *code))
    return None if found is None else (set(found.one), set(found.more))


def test_names_are_read_from_the_code() -> None:
    """Of a figure its name, of a series what the names of its figures begin with."""
    code = (
        'contacts = chapter.populations("contacts")\n'
        'chapter.count("contacts.total", contacts)\n'
        'chapter.table(chapter.counts("contacts.by_month", contacts, by="month"))'
    )
    assert names(code) == ({"contacts.total"}, {"contacts.by_month"})


def test_the_year_before_has_a_name_too() -> None:
    """Though its code doesn't write it out."""
    code = 'chapter.counts("a.by_month", contacts, by="month", against="previous")'
    assert names(code) == (set(), {"a.by_month", "a.previous.by_month"})


def test_name_given_by_its_keyword() -> None:
    """A name is a name wherever it stands."""
    assert names('chapter.count(population=x, name="a.b")') == ({"a.b"}, set())


@pytest.mark.parametrize(
    "code",
    [
        'chapter.count(f"{what}.total", contacts)',
        "chapter.count(name, contacts)",
        "chapter.count(*given)",
        "chapter.count()",
        'made = chapter.count\nmade("a", contacts)',
        "more(chapter)",
        'other = chapter\nother.count("a", contacts)',
        'chapter.counted("a", contacts)',
        "getattr(chapter, 'count')('a', contacts)",
        'other = open_chapter("a", edition)',
        'more(open_chapter("a", edition))',
        "chapter = another",
        "%matplotlib inline",
    ],
)
def test_where_only_a_run_can_tell(code: str) -> None:
    """A name that isn't written out, or a chapter in other hands: nothing is refused for it."""
    assert names('chapter.count("b", contacts)', code) is None


def test_each_method_of_a_chapter_is_known() -> None:
    """A new one says here whether it records figures, and under which names."""
    methods = {
        name
        for name, _ in inspect.getmembers(Chapter, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == ONE_FIGURE | MORE_FIGURES | NO_FIGURE
