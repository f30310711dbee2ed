"""The gate lets confidential rows out with a threshold alone, and own numbers by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.disclosure import release as gate
from helpline_report.disclosure.count_blocks import CountBlock
from helpline_report.disclosure.protection import Protection
from helpline_report.disclosure.release import release
from helpline_report.errors import EXIT_REFUSED, ParametersError, PopulationError, RefusedError
from helpline_report.figures.breakdown import crosstab, rank, top
from helpline_report.figures.ledger import CellRecord, ChapterRecord, Check, Ledger, SourceFile
from helpline_report.figures.measures import count, make_own_figure, maximum, share
from helpline_report.figures.model import Reason, ReportTable
from helpline_report.figures.quality import count_file_rows, measure_missing
from helpline_report.figures.rates import change
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import ApprovedFigure, Disclosure
from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import Document
from helpline_report.preparation import require_threshold
from helpline_report.report.hidden_counts import describe_withheld
from helpline_report.tables.dataset import FileBalance, SettledFault
from tests.figures.drawn import NAME, edition, ledger_with, register, whole

DECISION = {"threshold": 0, "decided_by": "the board", "decided_on": "2018-01-01", "reason": NAME}

FIVE = Disclosure.model_validate({**DECISION, "threshold": 5})


def of(year: Register, **changes: object) -> Register:
    """The register with other parameters."""
    return replace(year, edition=year.edition.model_copy(update=changes))


@pytest.fixture
def year() -> Register:
    rows = "a | 01-02 | phone | victim\nb | 01-03 | email | parent"
    return register(contacts=f"nr | date | channel | role\n{rows}")


@pytest.mark.parametrize("rows", ["synthetic", "public"])
def test_other_rows_are_released(rows: str, year: Register) -> None:
    """Synthetic ones, and those that are public already, own numbers too."""
    figure, other = make_own_figure("a", 12.5, of=whole(year), how="a median"), of(year, rows=rows)
    ledger = ledger_with([figure])
    assert release(ledger, other).ledger == ledger
    assert not describe_withheld(ledger, other.edition)


@pytest.mark.parametrize(
    ("decided", "message"),
    [
        ({"not_published": ["role_chanel"]}, "not_published: nothing is called 'role_chanel'"),
        ({"by_groups": {"role_chanel": "role"}}, "by_groups: nothing is called 'role_chanel'"),
        ({"one_row": {"some": ["total"]}}, "one_row: nothing is called 'some'"),
        ({"one_row": {"total": ["totals.*"]}}, "one_row: nothing is called 'totals.*'"),
    ],
)
def test_a_decision_about_nothing_is_refused(
    year: Register, decided: dict[str, object], message: str
) -> None:
    """Misspelled it would publish what somebody decided not to publish."""
    ledger = ledger_with([count("total", whole(year))])
    with pytest.raises(ParametersError, match=re.escape(f"params/2017.yaml: {message}")):
        release(ledger, of(year, disclosure=FIVE, **decided))


def test_all_decisions_about_nothing_are_refused_at_once(year: Register) -> None:
    """Each would else cost a run of all chapters; with the line on which it stands."""
    places: list[tuple[str | int, ...]] = [
        ("not_published", 0),
        ("not_published", 1),
        ("by_groups", "c"),
        ("one_row", "total", 0),
    ]
    lines = {path: f"params/2017.yaml:{line}" for line, path in enumerate(places, start=10)}
    document = Document(Path("2017.yaml"), "params/2017.yaml", {}, lines)
    decided = of(
        year,
        disclosure=FIVE,
        not_published=["a", "b"],
        by_groups={"c": "role"},
        one_row={"total": ["d.*"]},
    )
    ledger = ledger_with([count("total", whole(year))])
    with pytest.raises(ParametersError) as error:
        release(ledger, decided, document=document)
    assert str(error.value) == (
        "params/2017.yaml:10: not_published: nothing is called 'a'\n"
        "params/2017.yaml:11: not_published: nothing is called 'b'\n"
        "params/2017.yaml:12: by_groups: nothing is called 'c'\n"
        "params/2017.yaml:13: one_row: nothing is called 'd.*'\n"
        "  → give the name under which a chapter counts it, or take the line away"
    )


def test_a_decision_names_figures_by_a_pattern(year: Register) -> None:
    """A star stands for the rest of the names of one row."""
    ledger = ledger_with([count("total", whole(year))])
    few = of(year, disclosure=FIVE, one_row={"total": ["tot*"]})
    assert release(ledger, few).ledger.figures["total"].value is None


def test_an_edition_that_names_its_chapters_may_lack_a_table(year: Register) -> None:
    """Something was decided about a table of another chapter."""
    other = of(year, disclosure=FIVE, not_published=["role_channel"], chapters=["summary"])
    assert release(Ledger(edition="2017"), other).hidden == ()


@pytest.mark.parametrize("disclosure", [None, DECISION])
def test_confidential_rows_need_a_threshold(disclosure: dict[str, object] | None) -> None:
    """Whoever decided what, and the message says what to write."""
    confidential = edition(2017, disclosure=disclosure).model_copy(update={"rows": "confidential"})
    with pytest.raises(RefusedError) as error:
        require_threshold(confidential)
    assert error.value.exit_code == EXIT_REFUSED
    assert str(error.value) == (
        "params/2017.yaml: the rows are confidential, and no threshold for small numbers was "
        "decided\n"
        "  → say under 'disclosure' the threshold (such as 5), decided_by, decided_on and reason; "
        "or make a draft for your own eyes: helpline-report build 2017 --draft"
    )


def test_a_draft_of_confidential_rows_is_for_its_owner(year: Register) -> None:
    """It is let through, and isn't published."""
    draft = of(year, rows="confidential", draft=True)
    require_threshold(draft.edition)
    ledger = Ledger(edition="2017", draft=True)
    assert release(ledger, draft).ledger == ledger
    assert not draft.edition.published


def test_an_own_number_of_confidential_rows_waits_for_its_approval(year: Register) -> None:
    """By name; without it nothing has its value, and the editor is told what to add."""
    figures = {name: make_own_figure(name, 12.5, of=whole(year), how="a median") for name in "ab"}
    ledger = Ledger(edition="2017", figures=figures)
    approved = {"id": "a", "approved_by": "x", "approved_on": "2018-01-01", "reason": NAME}
    draft = of(
        year,
        draft=True,
        rows="confidential",
        approved_figures=[ApprovedFigure.model_validate(approved)],
    )
    released = release(ledger, draft).ledger
    assert released.figures["a"] == figures["a"]
    assert released.figures["b"].value is None
    assert released.figures["b"].reason == Reason(code="not_approved")
    (line,) = describe_withheld(ledger, draft.edition)
    assert line.startswith("'b' is withheld")
    assert "approved_figures:\n      - id: b" in line


REFUSED = {
    "unprotected": "params/2017.yaml: nothing protects these small counts: 'a'\n"
    "  → take these figures out of their chapters, or report a longer period",
    "inferable": "params/2017.yaml: small counts follow from what was published before: 'a'\n"
    "  → nothing can hide them any more: take these figures out of their chapters",
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_count_that_nothing_hides(
    what: str, year: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, with what can be done."""
    function = "suppress" if what == "inferable" else "protect"
    monkeypatch.setattr(
        gate, function, lambda *_, **__: Protection((), **dict[str, Any]({what: ("a",)}))
    )
    figure = count("a", whole(year).where(channel="phone"))
    with pytest.raises(RefusedError) as error:
        release(ledger_with([figure]), of(year, disclosure=FIVE))
    assert error.value.exit_code == EXIT_REFUSED
    assert str(error.value) == REFUSED[what]


def test_a_table_that_nothing_protects(year: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named as the report shows it, with the parameter that would help: that was tried."""

    def protect(blocks: Sequence[CountBlock], *_: object, **__: object) -> Protection:
        small = tuple(c.id for block in blocks for c in block.cells if ".email" in c.id)
        return Protection((), unprotected=small)

    monkeypatch.setattr(gate, "suppress", lambda *_: Protection(()))
    monkeypatch.setattr(gate, "protect", protect)
    table, cells = crosstab("lines", whole(year), "channel", "role")
    published = ReportTable(id="lines.table", breakdowns=("lines",))
    chapter = ChapterRecord(
        name="callers", cells=(CellRecord(id="x", figures=tuple(each.id for each in cells)),)
    )
    ledger = ledger_with(cells, table, tables={published.id: published}, chapters=(chapter,))
    with pytest.raises(RefusedError) as error:
        release(ledger, of(year, disclosure=FIVE))
    assert str(error.value) == (
        "params/2017.yaml: nothing protects these small counts: table 'lines.table' (x × x) of "
        "the chapter 'callers': lines.email.parent, lines.email.perpetrator, lines.email.victim "
        "and 1 more\n"
        "  → write in params/2017.yaml, which protects them: by_groups: {lines: channel}; or take "
        "these figures out of their chapters, or report a longer period"
    )


@pytest.mark.parametrize("named", [True, False])
def test_a_table_that_is_not_published(*, named: bool) -> None:
    """One that the parameters name, or is mostly hidden; its counts need no protection then.

    They go by name: a ledger that is read from a file has them in another order than a new one.
    """
    channels, lines = ("phone", "email"), ("north", "south", "east")
    rows = [(c, h) for c in channels for h in lines for _ in range(2 if h == "north" else 1)]
    drawn = "\n".join(f"{n} | 02-01 | {c} | {h}" for n, (c, h) in enumerate(rows))
    decided = FIVE.model_copy(update={"threshold": 3})
    left_out = ["b", "a"] if named else []
    many = register(contacts=f"nr | date | channel | helpline\n{drawn}")
    contacts = whole(of(many, disclosure=decided, not_published=left_out))
    tables = [crosstab(name, contacts, "channel", "helpline") for name in "ba"]
    cells = [cell for _, figures in tables for cell in figures]
    ledger = ledger_with([*cells, count("total", contacts)], *(table for table, _ in tables))
    decision = release(ledger, contacts.register)
    assert decision.tables == (() if named else ("a", "b"))
    published = [name for name, each in decision.ledger.figures.items() if each.value is not None]
    assert published == ["total"]


@pytest.mark.parametrize("email", [12, 2])
def test_a_ranking_says_no_order(email: int) -> None:
    """It lists the codes that took part in it as the code list does; none where it is hidden."""
    channels = ["unknown"] * 30 + ["email"] * email + ["chat"] * 3
    drawn = "\n".join(f"{n} | 02-01 | {code}" for n, code in enumerate(channels))
    contacts = whole(of(register(contacts=f"nr | date | channel\n{drawn}"), disclosure=FIVE))
    figure = top("top", contacts, "channel")
    assert figure.among == (("email", "chat") if email > 3 else ("chat", "email"))
    released = release(ledger_with([figure]), contacts.register).ledger
    among = released.figures["top"].among
    assert among == (("phone", "email", "chat", "fax") if email > 3 else ())


@pytest.mark.parametrize("rows", [0, 2])
def test_a_rank_does_not_say_whether_anything_is_missing(rows: int) -> None:
    """What is missing has no rank, be there rows of it or none."""
    channels = ["phone"] * 9 + ["unknown"] * rows
    drawn = "\n".join(f"{n} | 02-01 | {code}" for n, code in enumerate(channels))
    contacts = whole(of(register(contacts=f"nr | date | channel\n{drawn}"), disclosure=FIVE))
    ledger = ledger_with([rank("rank", contacts, by="channel", code="unknown")])
    reason = release(ledger, contacts.register).ledger.figures["rank"].reason
    assert reason == Reason(code="not_registered", about="channel")


def test_a_code_of_an_open_list_may_be_of_nobody() -> None:
    """None is said as 0: else everybody would know that a hidden count of it isn't 0."""
    calls = of(register(contacts="nr | date | channel\n1 | 02-01 | phone"), disclosure=FIVE)
    codelist = calls.codelists["channel"].model_copy(update={"open": True})
    table = calls.dataset.tables["contacts"]
    table = replace(table, codes={**table.codes, "channel": frozenset({"phone"})})
    dataset = replace(calls.dataset, tables={**calls.dataset.tables, "contacts": table})
    calls = replace(calls, codelists={**calls.codelists, "channel": codelist}, dataset=dataset)
    figures = [count(code, whole(calls).where(channel=code)) for code in ("email", "never")]
    assert [each.value for each in figures] == [0, 0]
    missing, _ = measure_missing("missing", calls)
    assert [field for field, _ in missing.figures] == ["channel"]
    # Of how many people the commonest of such codes is, isn't said either.
    with pytest.raises(PopulationError, match="single people"):
        maximum("most", whole(calls), ["channel"])


def test_a_hidden_ranking_names_no_draw(year: Register) -> None:
    """Codes of as many rows as the largest say of one another how many they are."""
    contacts = whole(of(year, disclosure=FIVE))
    figure = top("top", contacts, "channel")
    assert figure.tied == ("email",)
    released = release(ledger_with([figure]), contacts.register).ledger
    assert released.figures["top"].tied == ()


def test_small_counts_of_a_table_that_is_not_published_stay_protected() -> None:
    """Totals and others of its counts, which stand elsewhere, say that two victims chatted."""
    numbers = {"phone": 20, "email": 10, "chat": 2}
    kinds = [f"{code} | victim" for code, number in numbers.items() for _ in range(number)]
    kinds += [f"{code} | parent" for code in numbers for _ in range(30)]
    drawn = "\n".join(f"{n} | 02-01 | {kind}" for n, kind in enumerate(kinds))
    calls = register(contacts=f"nr | date | channel | role\n{drawn}")
    contacts = whole(of(calls, disclosure=FIVE, not_published=["table"]))
    table, cells = crosstab("table", contacts, "channel", "role")
    parents = contacts.where(role="parent")
    others = [count("contacts", contacts), count("parents", parents)]
    for code in ("phone", "email"):
        others += [count(f"{code}.all", contacts.where(channel=code))]
        others += [count(f"{code}.parents", parents.where(channel=code))]
    released = release(ledger_with([*cells, *others], table), contacts.register).ledger.figures
    assert [each.id for each in others if released[each.id].value is None]


@pytest.mark.parametrize("hidden", [True, False])
def test_that_there_are_none_is_told_of_no_hidden_count(
    monkeypatch: pytest.MonkeyPatch, *, hidden: bool
) -> None:
    """A rank, share or change that says why it has no value says that a count is 0."""
    rows = "nr | date | channel | role\n1 | 02-01 | phone | victim"
    calls = of(register(contacts=rows, previous=register(2016, contacts=rows)), disclosure=FIVE)
    contacts = whole(calls)
    email = contacts.where(channel="email")
    figures = [
        count("email", email),
        rank("rank", contacts, by="channel", code="email"),
        share("share", email.where(role="victim"), email),
        change("change", email),
    ]
    names = ["email", "contacts where channel=email [2016-01-01 – 2016-12-31]"]
    gone = tuple(names) if hidden else ()
    monkeypatch.setattr(gate, "protect", lambda *_, **__: Protection((), gone))
    reasons = [each.reason for each in release(ledger_with(figures), calls).ledger.figures.values()]
    codes = [reason.code if reason else "" for reason in reasons]
    assert codes == (["protected"] * 4 if hidden else ["", "no_rows", *["zero_denominator"] * 2])


def test_checks_do_not_say_of_how_many_figures_there_is_nothing(year: Register) -> None:
    """A share of a hidden group of nobody is no figure: how many figures were counted says so."""
    calls = of(year, disclosure=FIVE)
    of_rows = ("second_count", "keys", "other_order", "one_contact_less", "sums")
    names = ("counted_once", "taken_over", *of_rows)
    checks = tuple(Check(name=name, passed=True, of=7) for name in names)
    released = release(Ledger(edition="2017", checks=checks), calls).ledger
    assert {each.name for each in released.checks if each.of is None} == {*of_rows}
    # A check that went over nothing isn't said to have passed over all.
    nothing = tuple(Check(name=name, passed=True, of=0) for name in names)
    released = release(Ledger(edition="2017", checks=nothing), calls).ledger
    assert [each.of for each in released.checks] == [0] * len(names)


def test_numbers_of_figures_of_others_are_of_those_that_are_released() -> None:
    """Else one that is hidden, or that nobody approved, would be known to have a value."""
    rows = [f"{at} | 01-02 | {'phone' if at < 2 else 'email'}" for at in range(12)]
    drawn = "\n".join(["nr | date | channel", *rows])
    now = register(contacts=drawn, previous=register(2016, contacts=drawn))
    now = of(now, disclosure=FIVE, rows="confidential")
    assert now.previous is not None
    then = whole(now.previous)
    figures = [
        make_own_figure("own", 9.5, of=whole(now), how="a median"),
        count("before", then.where(channel="email")),
        count("hidden", then.where(channel="phone")),
    ]
    ledger = SourceFile(edition="2016", file="2016", sha256="", table="ledger", rows=0)
    checks = [Check(name=name, passed=True, of=7) for name in ("counted_once", "taken_over")]
    released = release(ledger_with(figures, checks=(*checks,), sources=(ledger,)), now).ledger
    assert [each.of for each in released.checks] == [0, 1]


@pytest.mark.parametrize("why", ["the total is hidden", "two files have it", ""])
def test_rows_of_files_say_no_hidden_count(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said of them where a total is hidden, or where each file is a part of it.

    Few rows of web analytics are no reason: such a row is a device or a month, and nobody.
    """
    balance = FileBalance("a.csv", "", "contacts", 90, {"used": 60, "excluded B32": 30})
    traffic = FileBalance("b.csv", "", "traffic", 3, {"used": 2, "excluded B18": 1})
    calls = of(register(contacts="nr | date\n1 | 02-01"), disclosure=FIVE)
    quality, figures = count_file_rows(
        "q", replace(calls, dataset=replace(calls.dataset, balances=(balance, traffic)))
    )
    source = SourceFile(edition="2017", file="a.csv", sha256="", table="contacts", rows=90)
    ledger = ledger_with(
        figures,
        quality={"q": quality},
        sources=(source,) * (2 if "files" in why else 1),
        overrides=("control_totals.0.rows=3", "acknowledged=[]", "draft=false"),
    )
    hidden = (f"contacts [{calls.edition.period.start} – {calls.edition.period.end}]",)
    protection = Protection((), hidden if "total" in why else ())
    monkeypatch.setattr(gate, "protect", lambda *_, **__: protection)
    released = release(ledger, calls).ledger
    names = ("read", "used", "repaired", "excluded")
    values = [released.figures[f"q.a.{name}"].value for name in names]
    assert values == ([None] * 4 if why else [90, 60, 0, 30])
    assert {each.rows for each in released.sources} == {None if why else 90}
    outcomes = [each for file in released.quality["q"].files for each in file.outcomes]
    assert [each.rows for each in outcomes] == ([None, None] if why else [30, 1])
    assert released.overrides == ("control_totals.0.rows=…", "acknowledged=…", "draft=false")


def test_rows_of_a_file_that_no_table_lists_are_not_said() -> None:
    """Less the total that is published, they are those that were left out, however few."""
    calls = of(register(contacts="nr | date\n1 | 02-01"), disclosure=FIVE)
    source = SourceFile(edition="2017", file="a.csv", sha256="", table="contacts", rows=93)
    (published,) = release(Ledger(edition="2017", sources=(source,)), calls).ledger.sources
    assert published.rows is None


def test_how_many_people_a_known_fault_is_about_is_not_said() -> None:
    """No such count is protected. Of a file as a whole, such as its lines of titles, it is said."""
    balance = FileBalance("a.csv", "", "contacts", 90, {"used": 90}, {"B15": 2, "B48": 2, "B56": 7})
    calls = of(register(contacts="nr | date\n1 | 02-01"), disclosure=FIVE)
    known = SettledFault("B56", "a.csv", 7, reason=Translated.model_validate(NAME))
    dataset = replace(calls.dataset, balances=(balance,), acknowledged=(known,))
    quality, figures = count_file_rows("q", replace(calls, dataset=dataset))
    ledger = ledger_with(figures, quality={"q": quality})
    (file,), (fault,) = (
        getattr(release(ledger, calls).ledger.quality["q"], part) for part in ("files", "known")
    )
    noted = {each.code: each.rows for each in file.noted}
    assert (noted, fault.rows) == ({"B15": 2, "B48": None, "B56": None}, None)


@pytest.mark.parametrize(("table", "value"), [("contacts", 7), ("persons", None)])
def test_the_most_persons_of_a_day_may_be_one_family(table: str, value: int | None) -> None:
    """Seven contacts of a day are said; not its persons, who may have come in one contact."""
    contacts = "\n".join(f"{at} | 02-01" for at in range(7))
    persons = "\n".join(f"{at} | child_abuse" for at in [*range(7), *[0] * 6])
    drawn = register(contacts=f"nr | date\n{contacts}", persons=f"contact | problem\n{persons}")
    rows = whole(of(drawn, disclosure=FIVE), table)
    released = release(ledger_with([maximum("most", rows, ["date"])]), rows.register).ledger
    assert released.figures["most"].value == value
