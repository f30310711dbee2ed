"""What a notebook sees, and what a cell leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpline_report.chapter import Chapter, open_chapter
from helpline_report.errors import ChapterError, ParametersError
from helpline_report.figures.ledger import RECORD_MIME, Ledger
from helpline_report.figures.register import Register
from tests.figures.drawn import NAME, a_break, register

CONTACTS = """
nr | date  | channel
a  | 01-02 | phone
b  | 02-03 | phone
c  | 02-06 | email
"""
PERSONS = """
contact | problem
a       | child_abuse
c       | child_abuse
"""
Shown = list[dict[str, Any]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What cells display."""
    bundles: Shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, **_: bundles.append(bundle))
    return bundles


def given(**changes: Any) -> Register:
    before = register(2016, contacts=CONTACTS, persons=PERSONS)
    return register(contacts=CONTACTS, persons=PERSONS, previous=before, **changes)


def chapter(**changes: Any) -> Chapter:
    return Chapter("contacts", given(**changes))


def figures(shown: Shown) -> dict[str, object]:
    ledgers = [Ledger.model_validate(bundle[RECORD_MIME]["ledger"]) for bundle in shown]
    return {name: figure.value for ledger in ledgers for name, figure in ledger.figures.items()}


def test_a_cell_leaves_a_record_and_nothing_else(shown: Shown) -> None:
    """A build draws and writes later, from the ledger."""
    made = chapter()
    made.count("n", made.populations("contacts"))
    assert [list(bundle) for bundle in shown] == [[RECORD_MIME]]
    assert figures(shown) == {"n": 3}


def test_every_figure_is_recorded_under_its_name(shown: Shown) -> None:
    """One call, one figure."""
    made = chapter()
    contacts, persons = made.populations("contacts", "persons")
    by_phone = contacts.where(channel="phone")
    made.share("share", by_phone, of=contacts)
    made.change("change", contacts)
    ratio = made.rate_ratio("ratio", contacts, made.previous(contacts), exposure="open_day")
    made.supports_rise("rise", ratio)
    made.mean("mean", contacts, per="month")
    made.maximum("most", contacts, by=["month", "channel"])
    made.open_days("open", contacts)
    made.top("first", contacts, by="channel")
    made.quietest_working_day("quiet", contacts)
    made.rank("rank", contacts, by="channel", code="email")
    made.same_top("same", persons, by="problem", length=1)
    assert figures(shown) == {
        "share": pytest.approx(200 / 3),
        "change": 0.0,
        "ratio": pytest.approx(261 / 260),
        "rise": 0,
        "mean": 0.25,
        "most": 1,
        "open": 260,
        "first": "phone",
        "quiet": 2,
        "rank": 2,
        "same": 1,
    }


def test_what_is_shown_is_a_reference(shown: Shown) -> None:
    """To a chart, a table or headline figures, by name."""
    made = chapter()
    contacts = made.populations("contacts")
    months = made.counts("m", contacts, by="month")
    made.chart(months)
    made.table(months)
    made.chart(made.crosstab("t", contacts, rows="channel", columns="month"))
    made.intervals("i", made.share("s", contacts.where(channel="email"), of=contacts))
    made.highlights("h", "contacts.total")
    made.quality("q")
    made.missing("g")
    made.breaks()
    made.reconciliation()
    made.campaigns("c", contacts)
    references = [
        bundle[RECORD_MIME]["shows"] for bundle in shown if "shows" in bundle[RECORD_MIME]
    ]
    assert [(item["kind"], item["id"]) for item in references] == [
        ("chart", "m.chart"),
        ("table", "m.table"),
        ("chart", "t.chart"),
        ("chart", "i.chart"),
        ("highlights", "h"),
        ("quality", "q"),
        ("missing", "g"),
        ("breaks", "breaks"),
        ("reconciliation", "reconciliation"),
        ("campaigns", "c"),
    ]


def test_an_id_stands_once_in_a_build(shown: Shown) -> None:
    """And nothing of the second is recorded."""
    made = chapter()
    contacts = made.populations("contacts")
    made.counts("m", contacts, by="channel")
    with pytest.raises(ChapterError) as error:
        made.count("m.phone", contacts)
    assert str(error.value) == "the figure 'm.phone' is computed twice; each id stands once"
    assert figures(shown)["m.phone"] == 2


def test_a_cell_may_run_again_in_jupyterlab(shown: Shown) -> None:
    """A researcher changes a line and runs the cell once more: the figure is the new one."""
    made = Chapter("contacts", given(), preview=True)
    contacts = made.populations("contacts")
    made.count("n", contacts)
    made.count("n", contacts.where(channel="phone"))
    assert figures(shown) == {"n": 2}


def test_a_break_is_bridged_by_name(shown: Shown) -> None:
    """In a change, and in a population of the year before."""
    split = a_break(
        "b",
        "split",
        "2017-01-01",
        field="problem",
        old="elder_abuse",
        new=["child_abuse", "partner_violence"],
    )
    made = chapter(breaks=[split])
    both = made.populations("persons").where(problem=["child_abuse", "partner_violence"])
    with pytest.raises(ChapterError, match="crosses a declared break: 'b'"):
        made.previous(both)
    assert made.previous(both, bridge=["b"]).spec.conditions[0].codes == ("elder_abuse",)
    made.change("c", both, bridge=["b"])
    assert figures(shown) == {"c": None}


@pytest.mark.parametrize(
    "show",
    [
        lambda made, empty: made.chart(empty),
        lambda made, empty: made.table(empty),
    ],
)
def test_a_series_without_members_shows_a_line(
    shown: Shown, show: Callable[[Chapter, Any], object]
) -> None:
    """Sites whose list is open have no members where no source names them."""
    made = Chapter("website", given(), preview=True)
    show(made, made.counts("r", made.populations("users"), by="referrer"))
    html = shown[-1]["text/html"]
    assert html.startswith("<p>")
    assert "<svg" not in html


def test_marks_are_those_of_the_parameters(shown: Shown) -> None:
    """Campaigns and events, on a chart of days."""
    event = {"id": "metoo", "name": NAME, "date": "2017-10-15", "source": "x"}
    made = chapter(events=[event])
    chart = made.chart(made.counts("d", made.populations("contacts"), by="date"), marks=True)
    assert [mark.id for mark in chart.marks] == ["metoo"]
    assert shown


def test_an_edition_that_isnt_there_is_refused(repository: Path) -> None:
    """Before any export is read."""
    with pytest.raises(ParametersError, match="there is no edition '2071', did you mean '2017'"):
        open_chapter("contacts", "2071", project=repository)
