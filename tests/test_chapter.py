"""What a notebook sees, and what a cell shows and leaves behind."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from helpline_report.chapter import Chapter
from helpline_report.figures.ledger import RECORD_MIME, Ledger
from helpline_report.figures.register import Register
from tests.figures.drawn import NAME, a_break, refusal, register

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
Bundles = list[dict[str, Any]]


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> Bundles:
    bundles: Bundles = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, **_: bundles.append(bundle))
    return bundles


def two_years(**changes: Any) -> Register:
    before = register(2016, contacts=CONTACTS, persons=PERSONS)
    return register(contacts=CONTACTS, persons=PERSONS, previous=before, **changes)


def open_one(**changes: Any) -> Chapter:
    return Chapter("contacts", two_years(**changes))


def figures(displayed: Bundles) -> dict[str, object]:
    ledgers = [Ledger.model_validate(bundle[RECORD_MIME]["ledger"]) for bundle in displayed]
    return {name: figure.value for ledger in ledgers for name, figure in ledger.figures.items()}


def test_every_figure_is_recorded_under_its_name(displayed: Bundles) -> None:
    """One call, one figure; a build shows it as text alone, and draws later."""
    chapter = open_one()
    contacts, persons = chapter.populations("contacts", "persons")
    chapter.count("n", contacts)
    assert [set(bundle) for bundle in displayed] == [{RECORD_MIME, "text/plain"}]
    assert "contactnames in 2017" in displayed[0]["text/plain"]
    chapter.share("share", contacts.where(channel="phone"), of=contacts)
    chapter.change("change", contacts)
    before = chapter.previous(contacts)
    chapter.supports_rise(
        "rise", chapter.rate_ratio("ratio", contacts, before, exposure="open_day")
    )
    chapter.mean("mean", contacts, per="month")
    chapter.maximum("most", contacts, by=["month", "channel"])
    chapter.open_days("open", contacts)
    chapter.top("first", contacts, by="channel")
    chapter.quietest_working_day("quiet", contacts)
    chapter.rank("rank", contacts, by="channel", code="email")
    chapter.same_top("same", persons, by="problem", length=1)
    chapter.figure("own", 2.5, of=contacts, how="a median")
    chapter.changes("changes", persons, by="problem")
    chapter.means("means", persons, by="problem", per="month")
    chapter.maxima("maxima", persons, by="problem", over="month")
    chapter.ranks("ranks", persons, by="problem")
    single = {name: value for name, value in figures(displayed).items() if "." not in name}
    assert single == {
        "n": 3,
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
        "own": 2.5,
    }
    series = ("changes", "means", "maxima", "ranks")
    values = [figures(displayed)[f"{name}.child_abuse"] for name in series]
    assert values == [0.0, 2 / 12, 1, 1]


def test_what_is_shown_is_a_reference(displayed: Bundles) -> None:
    """To a chart, a table or headline figures, by name."""
    chapter = open_one()
    contacts = chapter.populations("contacts")
    months = chapter.counts("m", contacts, by="month")
    chapter.chart(months)
    chapter.table(months)
    chapter.chart(chapter.counts("t", contacts, by=("channel", "month")))
    chapter.flow(chapter.counts("f", contacts, by="channel"), chapter.count("n", contacts))
    chapter.intervals("i", chapter.share("s", contacts.where(channel="email"), of=contacts))
    chapter.highlights("h", "contacts.total")
    chapter.quality("q")
    chapter.missing("g")
    chapter.breaks()
    chapter.trend()
    chapter.reconciliation()
    chapter.campaigns("c", contacts)
    shows = [bundle[RECORD_MIME].get("shows", {}) for bundle in displayed]
    references = [f"{item['kind']} {item['id']}" for item in shows if item]
    assert ", ".join(references) == (
        "chart m.chart, table m.table, chart t.chart, chart f.chart, chart i.chart, highlights h, "
        "quality q, missing g, breaks breaks, trend trend, reconciliation reconciliation, "
        "campaigns c"
    )


def test_a_break_is_bridged_by_name(displayed: Bundles) -> None:
    """A change and a population of the year before name it; nothing else crosses a break."""
    split = a_break(
        "b",
        "split",
        "2017-01-01",
        field="problem",
        old="elder_abuse",
        new=["child_abuse", "partner_violence"],
    )
    chapter = open_one(breaks=[split])
    persons = chapter.populations("persons")
    both = persons.where(problem=["child_abuse", "partner_violence"])
    series = refusal(chapter.counts, "c", persons, by="problem", against="previous")
    assert series.startswith("the comparison crosses a declared break: 'b'")
    assert not displayed
    assert chapter.previous(both, bridge=["b"]).spec.conditions[0].codes == ("elder_abuse",)
    chapter.change("c", both, bridge=["b"])
    assert figures(displayed) == {"c": None}


def test_marks_are_those_of_the_parameters(displayed: Bundles) -> None:
    """Campaigns and events, on a chart of days."""
    texts = {"name": NAME, "goal": NAME, "means": NAME}
    campaign = {"id": "june", "start": "2017-06-01", "end": "2017-06-30", **texts}
    event = {"id": "metoo", "name": NAME, "date": "2017-10-15", "source": "x"}
    chapter = open_one(campaigns=[campaign], events=[event])
    chapter.chart(chapter.counts("d", chapter.populations("contacts"), by="date"), marks=True)
    chart = displayed[-1][RECORD_MIME]["ledger"]["charts"]["d.chart"]
    marks = [{"kind": "campaign", "id": "june"}, {"kind": "event", "id": "metoo"}]
    assert chart["marks"] == marks


def test_the_year_before_stands_beside_a_series(displayed: Bundles) -> None:
    """Frame, chart and table have it, under the name that texts know it by."""
    chapter = open_one()
    contacts, persons = chapter.populations("contacts", "persons")
    monthly = chapter.counts("contacts.by_month", contacts, by="month", against="previous")
    chapter.chart(monthly)
    chapter.table(monthly)
    of_february = monthly.df.query("month == '02'")
    assert of_february[["label", "year", "value", "figure"]].to_numpy().tolist() == [
        ["februari", "2017", 2.0, "contacts.by_month.02"],
        ["februari", "2016", 2.0, "contacts.previous.by_month.02"],
    ]
    chart, table = (bundle[RECORD_MIME]["ledger"] for bundle in displayed[1:])
    series = ["contacts.by_month", "contacts.previous.by_month"]
    assert chart["charts"]["contacts.by_month.chart"]["against"] == series[1]
    assert table["tables"]["contacts.by_month.table"]["breakdowns"] == series
    problems = chapter.counts("problems", persons, by="problem", against="previous")
    assert (problems.before and problems.before.id) == "problems.previous"


def test_shares_have_the_year_before_too() -> None:
    """Each of its own whole, or of the whole that is named."""
    chapter = open_one()
    contacts = chapter.populations("contacts")
    shares = chapter.shares("s", contacts, by="month", against="previous")
    assert shares.df.groupby("year")["value"].sum().round().tolist() == [100, 100]
    by_phone = contacts.where(channel="phone")
    phone = chapter.shares("phone", by_phone, by="month", of=contacts, against="previous")
    assert (phone.before and phone.before.of) == chapter.previous(contacts).spec


def test_a_result_has_its_frame_and_value() -> None:
    """A cross-table has rows and columns, a figure its value and its interval."""
    chapter = open_one()
    contacts = chapter.populations("contacts")
    crossed = chapter.counts("t", contacts, by=("channel", "month")).df.query("value > 0")
    assert crossed["row"].tolist() == ["phone", "phone", "email"]
    assert crossed["column"].tolist() == ["januari", "februari", "februari"]
    share = chapter.share("s", contacts.where(channel="phone"), of=contacts)
    row = share.df.iloc[0]
    assert share.value == row["value"] == pytest.approx(200 / 3)
    assert row["low"] < row["value"] < row["high"]


def test_a_result_shows_itself_where_it_is_asked_for_again(
    displayed: Bundles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cell that counted it shows it already; another one shows it, and records nothing."""
    cell = SimpleNamespace(execution_count=1)
    monkeypatch.setattr("IPython.get_ipython", lambda: cell)
    chapter = open_one()
    result = chapter.count("n", chapter.populations("contacts"))
    result._ipython_display_()
    assert len(displayed) == 1
    cell.execution_count = 2
    result._ipython_display_()
    assert [set(bundle) for bundle in displayed[1:]] == [{"text/plain"}]


def test_a_wrong_argument_is_told_with_what_is_possible(displayed: Bundles) -> None:
    """Nothing is recorded."""
    chapter = open_one()
    contacts = chapter.populations("contacts")

    def step(method: str, *arguments: Any, **named: Any) -> list[str]:
        message = refusal(getattr(chapter, method), *arguments, **named)
        return message.removeprefix(f"chapter.{method}: ").split("\n  → ")

    assert step("counts", "x", contacts, by="month", brigde=()) == [
        "got an unexpected keyword argument 'brigde'",
        "its arguments are: name, population, by, against, bridge",
    ]
    missing = "missing a required argument: 'population'"
    assert step("count", "x") == [missing, "its arguments are: name, population"]
    assert step("count", contacts, "x") == ["'name' can't be of the type Population", "give str"]
    either = "give str or a tuple of str"
    assert step("counts", "x", contacts, by=3) == ["'by' can't be of the type int", either]
    year = ["'against' can't be '2016'", "give 'previous'"]
    assert step("counts", "x", contacts, by="month", against="2016") == year
    assert step("counts", "x", contacts, by=("a", "b"), against="previous") == [
        "'x': a cross-table has no year before beside it",
        "count it apart: chapter.counts(…, chapter.previous(…), by=(…))",
    ]
    fault, several = step("mean", "x", contacts, per="moth")
    assert fault == "'per' can't be 'moth'"
    assert several.startswith("give 'month', 'open_day', ")
    wrong = ["'per' can't be of the type list", several]
    assert step("mean", "x", contacts, per=["month", "line"]) == wrong
    assert step("chart", contacts)[0] == "'source' can't be of the type Population"
    assert step("count", "Contacts total", contacts) == [
        "'Contacts total' can't be the name of a figure",
        "use a–z, 0–9, _ and ., as in contacts.by_month",
    ]
    assert step("count", "event.calls", contacts) == [
        "'event.calls' is a name of the parameters",
        "begin it otherwise than with fact., campaign. or event.",
    ]
    nothing = ["'x': intervals of nothing", "give it figures: ratios or shares"]
    assert step("intervals", "x") == nothing
    assert not displayed
    fault, kinds = step("chart", chapter.counts("x", contacts, by="month"), 3)
    assert fault == "'kind' can't be of the type int"
    assert "'heatmap'" in kinds


# What a researcher sees where a cell stands, without any row in it

TWO_CONTACTS = "nr | date | channel | role\na | 01-02 | phone | victim\nb | 02-03 | email | parent"
TRAFFIC = "measure | when | referrer | value\nusers | year | <b>x</b> | 3"


@pytest.fixture
def preview() -> Chapter:
    """A chapter of two contacts and a site, as a researcher opens it."""
    registered = register(contacts=TWO_CONTACTS, traffic=TRAFFIC, language="en")
    return Chapter("contacts", registered, preview=True)


def cells(bundle: dict[str, Any]) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", bundle["text/html"], re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_figures_series_and_tables(preview: Chapter, displayed: Bundles) -> None:
    """The tidy frame of each: a figure with its definition, a code a row, series below another."""
    contacts = preview.populations("contacts")
    preview.count("n", contacts)
    facts = ["year", "value", "low", "high", "status", "figure"]
    heads, row = cells(displayed[-1])
    assert heads == ["code", "label", *facts]
    assert row[1:4] == ["contacts in 2017", "2017", "2"]
    assert displayed[-1]["text/plain"].split()[:2] == ["code", "label"]
    one = preview.counts("x", contacts, by="channel")
    heads, *rows = cells(displayed[-1])
    assert heads == ["channel", "label", *facts]
    counts = [["phone", "1"], ["email", "1"], ["chat", "0"], ["unknown", "0"]]
    assert [[row[0], row[3]] for row in rows] == counts
    other = preview.counts("y", contacts.where(month="01"), by="channel")
    preview.table(one, other)
    assert [row[-1] for row in cells(displayed[-1])[1::4]] == ["x.phone", "y.phone"]
    known = contacts.where(channel=["phone", "email"])
    preview.table(preview.counts("t", known, by=("channel", "role")))
    assert cells(displayed[-1])[0] == ["channel", "role", "row", "column", *facts]


def test_a_script_prints_the_text(preview: Chapter, capsys: pytest.CaptureFixture[str]) -> None:
    """It has no cells that could show a table."""
    preview.count("n", preview.populations("contacts"))
    assert "contacts in 2017" in capsys.readouterr().out


def test_a_series_that_shows_nothing_is_a_line(preview: Chapter, displayed: Bundles) -> None:
    """It says why it can't be drawn; and a name from the web is text."""
    preview.chart(preview.counts("x", preview.populations("persons"), by="problem"))
    line = r"<p>x\.chart can’t be drawn: [^<]+</p>"
    assert re.fullmatch(line, displayed[-1]["text/html"])
    preview.counts("u", preview.populations("users"), by="referrer")
    assert "<b>" not in displayed[-1]["text/html"]
