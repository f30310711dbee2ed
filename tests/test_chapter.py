"""What a notebook sees, and what a cell leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
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


def test_a_build_shows_records_as_text_alone(shown: Shown) -> None:
    """It draws later, from the ledger."""
    made = chapter()
    made.count("n", made.populations("contacts"))
    assert [set(bundle) for bundle in shown] == [{RECORD_MIME, "text/plain"}]
    assert shown[0]["text/plain"] == "n  3  contactnames in 2017"
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
    made.chart(made.counts("t", contacts, by=("channel", "month")))
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
    made.chart(made.counts("d", made.populations("contacts"), by="date"), marks=True)
    chart = shown[-1][RECORD_MIME]["ledger"]["charts"]["d.chart"]
    assert chart["marks"] == [{"kind": "event", "id": "metoo"}]


def test_an_edition_that_isnt_there_is_refused(repository: Path) -> None:
    """Before any export is read."""
    with pytest.raises(ParametersError, match="there is no edition '2071', did you mean '2017'"):
        open_chapter("contacts", "2071", project=repository)


def test_a_series_has_the_year_before_in_its_frame(shown: Shown) -> None:
    """The year before is counted under the name that texts know it by, and stands in the chart."""
    made = chapter()
    monthly = made.counts(
        "contacts.by_month", made.populations("contacts"), by="month", against="previous"
    )
    made.chart(monthly)
    made.table(monthly)
    of_february = monthly.df.query("month == '02'")
    assert of_february[["label", "year", "value", "figure"]].to_numpy().tolist() == [
        ["februari", "2017", 2.0, "contacts.by_month.02"],
        ["februari", "2016", 2.0, "contacts.previous.by_month.02"],
    ]
    ledger = {**shown[1][RECORD_MIME]["ledger"], **shown[2][RECORD_MIME]["ledger"]}
    assert ledger["charts"]["contacts.by_month.chart"]["against"] == "contacts.previous.by_month"
    series = ["contacts.by_month", "contacts.previous.by_month"]
    assert ledger["tables"]["contacts.by_month.table"]["series"] == series


@pytest.mark.usefixtures("shown")
def test_a_series_without_by_in_its_name_has_previous_at_the_end() -> None:
    """`problems` was `problems.previous`."""
    made = chapter()
    persons = made.populations("persons")
    series = made.counts("problems", persons, by="problem", against="previous")
    assert series.before is not None
    assert series.before.id == "problems.previous"


@pytest.mark.usefixtures("shown")
def test_shares_have_the_year_before_too() -> None:
    """Each of its own whole, or of the whole that is named."""
    made = chapter()
    contacts = made.populations("contacts")
    shares = made.shares("s", contacts, by="month", against="previous")
    assert shares.df.groupby("year")["value"].sum().round().tolist() == [100, 100]
    phone = made.shares(
        "phone", contacts.where(channel="phone"), by="month", of=contacts, against="previous"
    )
    assert phone.before is not None
    assert phone.before.of == made.previous(contacts).spec


@pytest.mark.usefixtures("shown")
def test_a_second_chart_of_a_series_has_a_name() -> None:
    """The first is called after its series; without one the second is refused."""
    made = chapter()
    monthly = made.counts("m", made.populations("contacts"), by="month")
    made.chart(monthly)
    made.chart(monthly, "lines", name="m.lines")
    with pytest.raises(ChapterError, match="name='…'"):
        made.chart(monthly, "lines")


def test_a_comparison_across_a_break_is_refused(shown: Shown) -> None:
    """A field whose codes were split has no year before, code by code."""
    split = a_break("b", "split", "2017-01-01", field="channel", old="fax", new=["phone", "email"])
    made = chapter(breaks=[split])
    with pytest.raises(ChapterError, match="crosses a declared break: 'b'"):
        made.counts("c", made.populations("contacts"), by="channel", against="previous")
    assert not shown


@pytest.mark.usefixtures("shown")
def test_two_fields_make_a_cross_table() -> None:
    """With a frame of rows and columns."""
    made = chapter()
    crossed = made.counts("t", made.populations("contacts"), by=("channel", "month"))
    frame = crossed.df.query("value > 0")
    assert frame[["channel", "month", "row", "column"]].to_numpy().tolist() == [
        ["phone", "01", "phone", "januari"],
        ["phone", "02", "phone", "februari"],
        ["email", "02", "email", "februari"],
    ]


@pytest.mark.usefixtures("shown")
def test_a_figure_has_a_value_and_a_frame() -> None:
    """The frame has its interval as well."""
    made = chapter()
    contacts = made.populations("contacts")
    share = made.share("s", contacts.where(channel="phone"), of=contacts)
    row = share.df.iloc[0]
    assert share.value == row["value"] == pytest.approx(200 / 3)
    assert row["low"] < row["value"] < row["high"]


def test_a_result_shows_itself_where_it_is_asked_for_again(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the cell that counted it, it stands already; elsewhere it is shown, and not recorded."""
    cell = SimpleNamespace(execution_count=1)
    monkeypatch.setattr("IPython.get_ipython", lambda: cell)
    made = chapter()
    result = made.count("n", made.populations("contacts"))
    result._ipython_display_()
    assert len(shown) == 1
    cell.execution_count = 2
    result._ipython_display_()
    assert [set(bundle) for bundle in shown[1:]] == [{"text/plain"}]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda made, contacts: made.counts("x", contacts, bye="month"),
            "chapter.counts has no argument 'bye', did you mean 'by'?\n"
            "  → its arguments are: name, population, by=…, against=…, bridge=…",
        ),
        (
            lambda made, contacts: made.count("x"),
            "chapter.count: missing a required argument: 'population'\n"
            "  → its arguments are: name, population",
        ),
        (
            lambda made, contacts: made.count(contacts, "x"),
            "chapter.count: 'name' is of the type Population\n  → give a text",
        ),
        (
            lambda made, contacts: made.count("x", "contacts"),
            "chapter.count: 'population' is of the type str\n"
            "  → give a population, such as contacts = chapter.populations('contacts')",
        ),
        (
            lambda made, contacts: made.counts("x", contacts, by="chanel"),
            "there is no field 'chanel', did you mean 'channel'?",
        ),
        (
            lambda made, contacts: made.counts("x", contacts, by=3),
            "chapter.counts: 'by' is of the type int\n  → give a text or a pair of texts",
        ),
        (
            lambda made, contacts: made.counts("x", contacts, by="month", against="2016"),
            "chapter.counts: 'against' can't be '2016'; there are: previous",
        ),
        (
            lambda made, contacts: made.counts("x", contacts, by=("month", "month")),
            "'x': 'month' can't be crossed with itself",
        ),
        (
            lambda made, contacts: made.counts("x", contacts, by=("a", "b"), against="previous"),
            "'x': a cross-table has no year before beside it\n  → count it apart: "
            "chapter.counts(…, chapter.previous(…), by=(…))",
        ),
        (
            lambda made, contacts: made.mean("x", contacts, per="moth"),
            "chapter.mean: 'per' can't be 'moth', did you mean 'month'?",
        ),
        (
            lambda made, contacts: made.mean("x", contacts, per=["month", "line"]),
            "chapter.mean: 'per' is of the type list\n"
            "  → give one or several of 'month', 'open_day', 'calendar_day', 'helpline', 'contact'",
        ),
        (
            lambda made, contacts: made.rate_ratio("x", contacts, contacts, exposure="day"),
            "chapter.rate_ratio: 'exposure' can't be 'day'; there are: open_day, calendar_day",
        ),
        (
            lambda made, contacts: made.chart(contacts),
            "chapter.chart: 'source' is of the type Population\n  → give a series, such as "
            "monthly = chapter.counts(…, by='month') or a cross-table, such as "
            "chapter.counts(…, by=('problem', 'form'))",
        ),
        (
            lambda made, contacts: made.count("Contacts total", contacts),
            "chapter.count: 'Contacts total' can't be the name of a figure\n"
            "  → use a–z, 0–9, _ and ., as in contacts.by_month",
        ),
        (
            lambda made, contacts: made.changes("x", contacts, by="month", against="previous"),
            "chapter.changes has no argument 'against'\n"
            "  → its arguments are: name, population, by=…, bridge=…",
        ),
        (
            lambda made, contacts: made.intervals("x"),
            "'x': intervals of nothing\n  → give it figures: ratios or shares",
        ),
        (
            lambda made, contacts: made.top("x", contacts, by="month", place=0),
            "'x': the first place is 1, and not 0",
        ),
        (
            lambda made, contacts: contacts.where("phone"),
            "a condition names its field\n  → say contacts.where(field='code')",
        ),
        (
            lambda made, contacts: made.populations("contact"),
            "there is no population 'contact', did you mean 'contacts'?",
        ),
        (
            lambda made, contacts: made.rank("x", contacts, by="channel", code="fone"),
            "'x': the field 'channel' has no code 'fone', did you mean 'phone'?",
        ),
    ],
)
def test_a_wrong_argument_is_told_with_what_is_possible(
    shown: Shown, call: Callable[[Any, Any], object], message: str
) -> None:
    """And nothing is recorded."""
    made = chapter()
    with pytest.raises(ChapterError) as error:
        call(made, made.populations("contacts"))
    assert str(error.value) == message
    assert not shown
