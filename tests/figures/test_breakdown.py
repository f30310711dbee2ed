"""Series, cross-tables and rankings by the codes of a field."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from helpline_report.figures import measures
from helpline_report.figures.breakdown import (
    BreakdownFigures,
    align_months,
    count_codes,
    count_series,
    crosstab,
    make_series,
    monthly_mean,
    quietest_working_day,
    rank,
    rank_series,
    same_top,
    share_series,
    top,
)
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.rates import make_change_series
from helpline_report.figures.register import Register
from tests.figures.drawn import refusal, register, saying, whole, with_threshold
from tests.present import present
from tests.second_count.drawn_tables import find_differences

NO_ROWS = Reason(code="no_rows")


def values(figures: Iterable[Figure]) -> dict[str, object]:
    return {figure.id: figure.value for figure in figures}


def contacts(rows: str, *, year: int = 2017, before: Register | None = None) -> Population:
    """Contacts, `08-05 phone` each."""
    lines = [row.replace(" ", " | ") for row in rows.split(", ")]
    return whole(register(year, contacts="\n".join(["date | channel", *lines]), previous=before))


def test_a_series_is_a_figure_a_code(year: Register) -> None:
    """A population of its own each; zeros stand, fax, which had been given up, doesn't."""
    series, figures = count_series("x", whole(year), "channel")
    assert values(figures) == {"x.phone": 3, "x.email": 1, "x.chat": 1, "x.unknown": 0}
    assert [member.codes[0] for member in series.members] == ["phone", "email", "chat", "unknown"]
    assert figures[0].population == whole(year).where(channel="phone").spec


def test_the_codes_of_a_breakdown(year: Register) -> None:
    """It has the codes that could be registered or were; a condition leaves only its own."""

    def codes(population: Population, by: str) -> dict[str, int]:
        return count_codes(population, by)[0]

    late = codes(contacts("01-02 fax"), "channel")
    assert late == {"phone": 0, "email": 0, "chat": 0, "fax": 1, "unknown": 0}
    two_roles = whole(saying(year, "contacts", "role", "victim", "parent"))
    assert codes(two_roles.where(channel="email"), "role") == {"victim": 1, "parent": 0}
    assert codes(whole(year), "helpline") == {"north": 3, "south": 2}
    assert codes(whole(year).where(channel="written"), "channel") == {"email": 1, "chat": 1}
    persons = whole(year, "persons")
    assert codes(persons.where(form="sexual"), "form") == {"sexual": 2}
    classes = {"minor": 2, "adult": 1, "older": 1, "unknown": 1}
    assert codes(persons, "age_class") == classes
    window = whole(year).during(dt.date(2017, 1, 31), dt.date(2017, 2, 1))
    assert codes(window, "month") == {"01": 0, "02": 0}
    assert codes(window, "date") == {"2017-01-31": 0, "2017-02-01": 0}


def test_what_was_not_registered_has_no_zeros(year: Register, before: Register) -> None:
    """Persons in sport in 2016, by problem; an hour that isn't known, where all are."""
    sport = whole(before, "persons").where(context="sport")
    assert count_codes(sport, "problem") == ({}, Reason(code="not_registered", about="context"))
    assert count_codes(whole(year), "hour")[0]["unknown"] == 1
    assert "unknown" not in count_codes(whole(year).where(helpline="south"), "hour")[0]


# A confidential year to compare with needs no threshold of its own.
@pytest.mark.parametrize("of_the_edition", [True, False])
def test_rows_do_not_depend_on_counts_where_small_ones_are_hidden(
    year: Register, *, of_the_edition: bool
) -> None:
    """A row that stands there only where it has contacts would say that a hidden count isn't 0."""
    confidential = year.edition.model_copy(update={"rows": "confidential"})
    protected = with_threshold(year) if of_the_edition else replace(year, edition=confidential)
    calls, persons = whole(protected), whole(protected, "persons")
    assert count_codes(calls, "helpline")[0] == {"north": 3, "south": 2, "east": 0}
    assert count_codes(calls.where(helpline="south"), "hour")[0]["unknown"] == 0
    assert count_codes(persons.where(form="emotional"), "age_class")[0]["unknown"] == 0
    # It counts for the year to compare with too, which stands beside the edition's zeros.
    beside = whole(replace(present(year.previous), compared_by=protected.edition))
    assert count_codes(beside, "helpline")[0]["east"] == 0
    assert count_codes(beside, "hour")[0]["unknown"] == 0


def test_what_makes_no_sense_is_refused(year: Register) -> None:
    """It isn't 'not in the source'."""
    contacts, persons = whole(year), whole(year, "persons")
    assert refusal(count_codes, contacts, "problem").startswith("'problem' is a field of persons")
    assert "is no part of" in refusal(share_series, "x", persons, "problem", contacts)
    assert refusal(crosstab, "x", contacts, "role", "role") == (
        "'x': 'role' can't be crossed with itself"
    )
    assert refusal(rank, "x", contacts, by="channel", code="fone") == (
        "'x': the field 'channel' has no code 'fone', did you mean 'phone'?"
    )
    assert refusal(top, "x", contacts, "channel", 0) == "'x': the first place is 1, and not 0"


@pytest.fixture
def thirteen() -> Register:
    """Thirteen months, compared with the thirteen months of which the last is their first."""
    then = "nr | date | channel\na | 2015-12-03 | phone\nb | 2016-12-04 | phone"
    now = "nr | date | channel\na | 2016-12-04 | phone\nb | 2017-06-01 | email\n"
    now += "c | 2017-12-05 | phone\nd | 2017-12-06 | phone"
    before = register(2016, contacts=then, period={"start": "2015-12-01", "end": "2016-12-31"})
    period = {"start": "2016-12-01", "end": "2017-12-31"}
    return register(contacts=now, previous=before, comparison="2016", period=period)


def test_two_decembers_are_two_months(thirteen: Register) -> None:
    """Codes are a year and a month; each is compared with itself a year before."""
    tally, _ = count_codes(whole(thirteen), "month")
    months = pd.date_range("2016-12-01", periods=13, freq="MS")
    assert [*tally] == [f"{day:%Y-%m}" for day in months]
    assert (tally["2016-12"], tally["2017-06"], tally["2017-12"]) == (1, 1, 2)
    busiest = top("x", whole(thirteen), "month")
    assert (busiest.value, busiest.unit) == ("2017-12", "label")
    assert refusal(lambda: whole(thirteen).where(month=12)).startswith(
        "the field 'month' has no code '12'; there are: 2016-12, 2017-01, "
    )
    changes = values(make_change_series("x", whole(thirteen), "month")[1])
    assert (changes["x.2016-12"], changes["x.2017-12"]) == (0.0, 100.0)
    of_december = measures.count("y", whole(thirteen).where(month=["2016-12", "2017-12"]))
    figures = [*count_series("m", whole(thirteen), "month")[1], of_december, busiest]
    figures += [measures.mean("mean", whole(thirteen), "month")]
    figures += make_change_series("change", whole(thirteen), "month")[1]
    figures += count_series("then", whole(thirteen).previous(), "month")[1]
    assert find_differences(thirteen, *figures) == ()
    then = whole(thirteen).previous()
    series, figures = align_months(count_series("p", then, "month"), then.register, thirteen)
    assert [member.codes[0] for member in series.members] == [*tally]
    assert (series.members[-1].figure, figures[-1].value) == ("p.2016-12", 1)


def every_series(population: Population, by: str) -> list[BreakdownFigures]:
    return [
        count_series("c", population, by),
        share_series("s", population, by),
        make_change_series("d", population, by),
        rank_series("r", population, by),
        make_series("m", population, by, "mean", partial(measures.mean, per=("month",))),
    ]


@pytest.mark.parametrize(
    ("noun", "by"),
    [
        ("contacts", "channel"),
        *(("persons", by) for by in ("channel", "month", "weekday", "age_class", "date")),
    ],
)
def test_a_field_that_no_source_gives_has_no_codes(noun: str, by: str) -> None:
    """The codes in the code list are those of other registers."""
    bare = whole(register(contacts="date\n01-02"), noun)
    for series, figures in every_series(bare, by):
        assert (series.members, figures) == ((), [])


def test_shares_of_one_code_a_row_add_up(year: Register) -> None:
    """Shares of a field with several codes a row overlap; the whole may be wider."""
    persons = whole(year, "persons")
    series, figures = share_series("x", persons, "problem")
    assert sum(figure.number for figure in figures) == pytest.approx(100)
    assert not series.overlapping
    series, figures = share_series("x", persons, "form")
    assert series.overlapping
    assert values(figures) == {"x.physical": 60.0, "x.sexual": 40.0, "x.emotional": 20.0}
    written = share_series("x", whole(year).where(channel="written"), "channel", whole(year))
    assert values(written[1]) == {"x.email": 20.0, "x.chat": 20.0}


def test_a_new_code_was_not_zero_before(year: Register) -> None:
    """Chat was new, and no 0 before; one without rows has no place."""
    series, changes = make_change_series("x", whole(year), "channel")
    assert [each.value for each in changes] == [50.0, 0.0, None, None]
    assert changes[2].reason == Reason(code="not_registered", about="channel")
    assert (series.kind, series.unit) == ("change", "percent change")
    ranks = rank_series("r", whole(year), "channel")[1]
    assert values(ranks) == {"r.phone": 1, "r.email": 2, "r.chat": 3, "r.unknown": None}


TWO_UNKNOWN = "08-05 unknown, 08-05 unknown, 08-05 phone"


def test_what_is_missing_has_no_rank() -> None:
    """Two of three contacts have an unknown channel; the channel of the third is first."""
    three = contacts(TWO_UNKNOWN)
    unknown, phone = (rank("r", three, by="channel", code=c) for c in ("unknown", "phone"))
    assert (phone.value, phone.among[:1]) == (1, ("phone",))
    assert unknown.reason == Reason(code="not_registered", about="channel")


def test_what_is_missing_is_never_first() -> None:
    """It isn't second either if nothing else has rows, and no draw names it."""
    first, second = (top("t", contacts(TWO_UNKNOWN), "channel", place) for place in (1, 2))
    assert (first.value, first.numerator, first.denominator) == ("phone", 1, 3)
    assert (first.among[:1], second.reason) == (("phone",), NO_ROWS)
    draw = top("t", contacts("08-05 unknown, 08-05 phone"), "channel")
    assert (draw.tied, draw.among[:1]) == ((), ("phone",))


def test_what_is_missing_is_not_among_the_same_first() -> None:
    """The first of both years is the telephone, though more of the last was unknown."""
    before = contacts(TWO_UNKNOWN, year=2016).register
    now = contacts("08-05 unknown, 08-05 phone, 08-05 phone", before=before)
    same = same_top("s", now, by="channel", length=1)
    assert (same.value, "unknown" in same.among, bool(same.among)) == (1, False, True)
    assert find_differences(now.register, same) == ()


def test_a_cross_table_has_its_zeros(year: Register) -> None:
    """Roles by helpline: six cells; contacts without a role have none."""
    tab, figures = crosstab("x", whole(year), "role", "helpline")
    assert [figure.value for figure in figures] == [2, 1, 1, 0, 0, 1]
    assert (figures[0].id, figures[0].by) == ("x.victim.north", ("role", "helpline"))
    assert figures[0].population == whole(year).where(role="victim", helpline="north").spec
    assert tab.members[1].codes == ("victim", "south")
    bare = register(contacts="nr | date | channel\na | 01-02 | phone")
    assert crosstab("x", whole(bare), "channel", "role")[0].members == ()


def test_the_first_is_a_code_with_its_count(year: Register) -> None:
    """Ties go to the first in the order of the list, whatever row came first."""
    figure = top("x", whole(year), "channel")
    assert (figure.value, figure.numerator, figure.denominator) == ("phone", 3, 5)
    assert (figure.unit, figure.code, figure.place) == ("label", "phone", 1)
    tied = contacts("08-05 chat, 08-06 email, 08-07 phone, 08-07 phone")
    two = [top("x", tied, "channel", place) for place in (2, 3)]
    assert [each.value for each in two] == ["email", "chat"]
    assert [each.tied for each in (figure, *two)] == [(), ("chat",), ("email",)]
    rank_of_chat = rank("chat", tied, by="channel", code="chat")
    assert rank_of_chat.tied == ("email",)
    assert find_differences(tied.register, two[0], rank_of_chat) == ()


def test_the_first_month_and_the_first_weekday_are_numbers() -> None:
    """March is before August with as many rows; of the days it is a Monday."""
    months = contacts("08-07 phone, 03-03 phone")
    month, weekday = top("x", months, "month"), top("x", months, "weekday")
    assert (month.value, month.unit, weekday.value, weekday.unit) == (3, "month", 1, "weekday")


def test_the_quietest_working_day_may_have_none() -> None:
    """No contact on Tuesday to Friday: Tuesday, the earliest; Sunday is no working day."""
    monday = contacts("08-07 phone")
    figure = quietest_working_day("x", monday)
    assert (figure.value, figure.numerator, figure.denominator) == (2, 0, 1)
    assert (figure.lowest, figure.among) == (True, ("1", "2", "3", "4", "5"))
    assert figure.tied == ("3", "4", "5")
    assert find_differences(monday.register, figure) == ()


def test_a_code_without_rows_is_in_no_place(year: Register) -> None:
    """A code without rows is in none; and without the field there is none."""
    nobody = whole(year).where(channel="phone", role="perpetrator")
    assert top("x", nobody, "month").reason == NO_ROWS
    assert quietest_working_day("x", nobody).reason == NO_ROWS
    assert top("x", contacts("08-05 phone"), "channel", place=2).reason == NO_ROWS
    assert rank("x", nobody, by="channel", code="phone").reason == NO_ROWS
    bare = whole(register(contacts="nr | date\na | 01-02"))
    assert top("x", bare, "channel").reason == Reason(code="no_field", about="channel")


def test_the_same_first_two_in_another_order_are_the_same() -> None:
    """Telephone and e-mail, then e-mail and telephone; too few codes have no first three."""
    then = contacts("08-05 email, 08-05 email, 08-05 phone, 08-05 phone, 08-05 phone", year=2016)
    now = contacts("08-05 email, 08-05 email, 08-05 phone", before=then.register)
    assert [same_top("x", now, by="channel", length=each).value for each in (1, 2)] == [0, 1]
    assert same_top("x", now, by="channel", length=3).reason == NO_ROWS
    alone = same_top("x", contacts("08-05 email"), by="channel", length=1)
    assert alone.reason == Reason(code="no_comparison")


@pytest.mark.parametrize(
    ("before", "now", "length", "same"),
    [
        ("phone email", "phone email", 1, 1),
        ("phone email", "phone phone email", 1, 0),
        ("phone email", "phone phone email", 2, 1),
        ("phone phone email", "phone unknown", 1, 1),
    ],
    ids=["a draw in both", "a draw in one", "no draw of the last", "a draw with what is missing"],
)
def test_codes_that_tie_for_the_last_place_are_all_among_the_first(
    before: str, now: str, length: int, same: int
) -> None:
    """The order of the code list doesn't say that two years are alike, or unlike."""
    then, rows = (", ".join(f"08-05 {code}" for code in year.split()) for year in (before, now))
    year = contacts(rows, before=contacts(then, year=2016).register)
    figure = same_top("x", year, by="channel", length=length)
    assert (figure.value, find_differences(year.register, figure)) == (same, ())


def test_the_mean_of_months_counts_each_of_them() -> None:
    """A user of two months is one of each; without one of the months there is no such mean."""
    months = "\n".join(f"users | {month:02d} | {100 + month}" for month in range(1, 13))
    year = register(traffic=f"measure | when | value\nusers | year | 600\n{months}")
    figure = monthly_mean("x", whole(year, "users"))
    assert (figure.value, figure.numerator, figure.denominator) == (106.5, 1278, 12)
    assert find_differences(year, figure) == ()
    lacking = register(traffic=f"measure | when | value\nusers | year | 600\n{months[:-16]}")
    missing = Reason(code="not_in_source", about="users")
    assert monthly_mean("x", whole(lacking, "users")).reason == missing
