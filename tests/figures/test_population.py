"""Populations: conditions, windows, parts of each other, and the same in the comparison year."""

import datetime as dt
from typing import Any

import pytest

from helpline_report.figures.arguments import between, not_
from helpline_report.figures.breakdown import count_codes
from helpline_report.figures.measures import measure_size
from helpline_report.figures.model import Condition, Reason
from helpline_report.figures.population import (
    Population,
    describe,
    find_crossed_breaks,
    list_breaks,
)
from helpline_report.figures.rates import change, make_change_series, rate_ratio
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from tests.figures.conftest import CONTACTS, PERSONS
from tests.figures.drawn import a_break, count_rows, refusal, register, whole, without

MARCH = dt.date(2017, 3, 1), dt.date(2017, 3, 31)


def test_the_rows_of_a_population(year: Register) -> None:
    """They are the rows that `conftest` draws, counted by eye."""
    contacts, persons, followups = (
        whole(year, noun) for noun in ("contacts", "persons", "followups")
    )
    assert count_rows(contacts.where(role="victim").where(channel="phone")) == 2
    assert count_rows(persons.where(channel="phone", age_class="minor")) == 2
    # A contact of two such persons counts once; two conditions may be met by two persons.
    child = contacts.having(persons.where(problem="child_abuse"))
    assert count_rows(child) == 2
    assert count_rows(contacts.having(followups.where(followup="referred"))) == 2
    minor = persons.where(form="physical", age_class="minor")
    assert count_rows(contacts.having(persons.where(form="sexual")).having(minor)) == 1
    # The first and the last day of a window are in it; it goes for what a contact has too.
    assert count_rows(contacts.during(dt.date(2017, 1, 3), dt.date(2017, 3, 6))) == 3
    assert count_rows(child.during(dt.date(2017, 1, 1), dt.date(2017, 1, 31))) == 1
    day = Period(start=dt.date(2017, 1, 3), end=dt.date(2017, 1, 3))
    assert count_rows(without(contacts, day)) == 3


REFUSALS = """\
there is no field 'chanel', did you mean 'channel'?
'problem' is a field of persons, not of contacts: a row of contacts may have several
  → count persons, or say contacts.having(persons.where(problem=…))
'device' is a field of traffic, and the rows of contacts don't hang on traffic
the field 'channel' has a condition already
  → give all codes in one condition, as a list
a condition names its field
  → say contacts.where(field='code')
there is no population 'callers'; there are: contacts, persons, followups, users, page_views, \
sessions
contacts don't hang on persons
both sides of 'having' are of one edition and one period
2016-12-01 to 2017-01-31 doesn't lie in the period of the edition
traffic can't be counted: no source gives them"""


def test_what_makes_no_sense_is_refused(year: Register, before: Register) -> None:
    """With the name that was meant, or the way to say it."""
    contacts, persons = whole(year), whole(year, "persons")
    messages = [
        refusal(contacts.where, chanel="phone"),
        refusal(contacts.where, problem="child_abuse"),
        refusal(contacts.where, device="mobile"),
        refusal(contacts.where(channel="phone").where, channel="email"),
        refusal(contacts.where, "phone"),
        refusal(whole, year, "callers"),
        refusal(persons.having, contacts),
        refusal(contacts.having, whole(before, "persons")),
        refusal(contacts.during, dt.date(2016, 12, 1), dt.date(2017, 1, 31)),
        refusal(lambda: whole(year, "users").df),
    ]
    assert "\n".join(messages) == REFUSALS


def test_a_part_has_all_that_the_whole_has(year: Register, before: Register) -> None:
    """It may have more and narrower conditions; it is of the same rows, year and period."""
    contacts, persons = whole(year), whole(year, "persons")
    written, email = contacts.where(channel="written"), contacts.where(channel="email")
    abused = persons.where(problem="child_abuse")
    wide, narrow = contacts.having(abused), contacts.having(abused.where(age_class="minor"))
    march = contacts.during(*MARCH)
    others_than = persons.where(form=not_("sexual"))
    parts = [(email, written), (email.where(role="victim"), email), (narrow, wide)]
    parts += [(march.where(role="victim"), march)]
    assert all(part.is_part_of(of) for part, of in parts)
    others = [(written, email), (contacts.where(role="victim"), email), (wide, narrow)]
    others += [(contacts, wide), (persons, contacts), (whole(before), contacts), (march, contacts)]
    # A person may have both forms of violence.
    others += [(persons.where(form="physical"), others_than)]
    assert not any(part.is_part_of(of) for part, of in others)


def test_what_has_no_source_says_so(year: Register) -> None:
    """A table and a field, in this year and in the one before."""
    bare = register(2016, contacts="nr | date\na | 01-02\n")
    after = register(contacts=CONTACTS, persons=PERSONS, previous=bare)
    no_persons = Reason(code="no_source", about="persons")
    no_channel = Reason(code="no_field", about="channel")
    assert whole(bare, "persons").absent == no_persons
    assert whole(bare).where(channel="phone").absent == no_channel
    assert whole(after, "persons").previous().absent == no_persons
    assert whole(after).where(channel="phone").previous().absent == no_channel
    assert measure_size(whole(bare).previous()) == (0, Reason(code="no_comparison"))
    assert whole(year).previous().absent is None


def test_a_population_describes_itself(year: Register) -> None:
    """Messages and notebooks show it as short code."""
    child = whole(year, "persons").where(problem="child_abuse")
    population = whole(year).where(channel="written").having(child)
    text = (
        "contacts where channel=written, having (persons where problem=child_abuse "
        "[2017-01-01 – 2017-12-31]) [2017-01-01 – 2017-12-31]"
    )
    assert describe(population.spec) == text
    assert repr(population) == text


def test_rows_can_be_explored(year: Register) -> None:
    """With the fields of the tables above them, typed, and no keys or lines."""
    frame = whole(year, "persons").where(channel="phone").df
    assert len(frame) == 4
    assert (frame["age"].median(), frame["age"].isna().sum()) == (9, 1)
    assert frame["problem"].cat.categories[0] == "child_abuse"
    assert frame["form:physical"].tolist() == [True, True, False, False]
    assert frame["age_class"].tolist() == ["minor", "minor", "adult", "unknown"]
    assert {"month", "weekday", "hour", "date", "helpline"} <= set(frame.columns)
    assert not {"line", "nr", "contact", "index"} & set(frame.columns)


# The comparison year

STARTS = a_break("context_starts", "starts", "2016-07-01", field="context")
SPLIT = a_break(
    "split", "split", "2017-01-01", field="context", old="sport_leisure", new=["sport", "leisure"]
)
RENEWED = a_break("renewed", "revision", "2016-07-01", tables=["contacts", "persons"])
PERSONS_START = a_break("persons_start", "starts", "2016-07-01", tables=["persons"])


def after(before: Register | None, *breaks: dict[str, Any]) -> Register:
    """2017 with declared breaks."""
    return register(contacts=CONTACTS, persons=PERSONS, previous=before, breaks=list(breaks))


def in_context(year: Register, *codes: str) -> Population:
    return whole(year, "persons").where(context=list(codes))


def days(population: Population) -> tuple[str, str]:
    return str(population.spec.period.start), str(population.spec.period.end)


def test_a_population_goes_to_the_other_year(year: Register) -> None:
    """With its conditions; a window and a day go to the same days."""
    now = whole(year).where(channel="phone", role="victim")
    assert now.previous().spec.conditions == now.spec.conditions
    assert (measure_size(now), measure_size(now.previous())) == ((2, None), (2, None))
    assert days(now.previous()) == ("2016-01-01", "2016-12-31")
    window = whole(year).during(dt.date(2017, 3, 1), dt.date(2017, 9, 1)).previous()
    assert (days(window), measure_size(window)) == (("2016-03-01", "2016-09-01"), (2, None))
    day = whole(year).where(date="2017-03-01").previous()
    assert (day.spec.conditions[0].codes, measure_size(day)) == (("2016-03-01",), (1, None))
    leap = register(2020, contacts=CONTACTS, previous=register(2019, contacts=CONTACTS))
    february = whole(leap).during(dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    assert days(february.previous()) == ("2019-02-01", "2019-02-28")


def test_breaks_are_bridged(before: Register) -> None:
    """A named break gives what was registered then, under the codes of then."""
    year, both = after(before, STARTS, SPLIT), ("context_starts", "split")
    children = whole(year, "persons").where(problem="child_abuse")
    assert measure_size(children.previous()) == (2, None)
    family = in_context(year, "family")
    assert measure_size(family.previous(*both)) == (0, None)
    too_early = (0, Reason(code="break", about="context_starts"))
    assert measure_size(family.during(*MARCH).previous(*both)) == too_early
    assert measure_size(in_context(year, "sport", "leisure").previous(*both)) == (2, None)
    assert measure_size(whole(year).previous("of another edition")) == (4, None)


def test_windows_on_one_side_of_a_break_dont_cross_it(before: Register) -> None:
    """Contexts were registered in both years from August on; a table may start too."""
    autumn = in_context(after(before, STARTS), "family").during(
        dt.date(2017, 8, 1), dt.date(2017, 12, 31)
    )
    assert measure_size(autumn.previous()) == (0, None)
    assert measure_size(whole(after(before, PERSONS_START)).previous()) == (4, None)


def test_a_comparison_that_misleads_is_refused() -> None:
    """A break that isn't named (declared by either year), a part of a code, unequal periods."""
    rows: dict[str, Any] = {
        "contacts": "nr | date\na | 09-01\n",
        "persons": "contact | context\na | family\n",
    }
    year = after(register(2016, **rows, breaks=[STARTS]), SPLIT)
    family, both = in_context(year, "family"), ("context_starts", "split")
    crosses = "the comparison crosses a declared break: 'context_starts'"
    assert refusal(family.previous, "split") == (
        f"{crosses} (2016-07-01: note of context_starts)\n  → say that it is bridged: "
        'chapter.previous(…, bridge=["split", "context_starts"]), or don\'t compare'
    )
    assert refusal(whole(year).having(family).previous, "split").startswith(crosses)
    assert refusal(in_context(year, "sport").previous, *both) == (
        "sport alone can't be compared across the break 'split': "
        "before 2017-01-01 it was part of 'sport_leisure'\n  → take sport, leisure together"
    )
    assert refusal(make_change_series, "x", whole(year, "persons"), "context", both) == (
        "'context' can't be compared code by code across the break 'split': "
        "'sport_leisure' became sport, leisure"
    )
    assert refusal(change, "x", family, bridge=both) == (
        "'x': 365 days against 184 are no change in percent\n"
        "  → use chapter.rate_ratio(…, exposure='calendar_day'), or take "
        "'comparison' out of the parameters, to compare with no year"
    )


def test_breaks_stand_with_the_figure(before: Register) -> None:
    """Bridged ones before revisions, which stop nothing; between windows of a year lies none."""
    year = after(before, RENEWED, STARTS, SPLIT)
    figure = change("x", whole(year))
    assert (figure.value, figure.breaks) == (25.0, ("renewed",))
    both = in_context(year, "sport", "leisure")
    ratio = rate_ratio("x", both, both.previous("context_starts", "split"), exposure="open_day")
    assert ratio.breaks == ("context_starts", "split", "renewed")
    inside = whole(year).during(*MARCH)
    around = whole(year).during(dt.date(2017, 2, 1), dt.date(2017, 4, 30))
    around = without(around, inside.spec.period)
    assert list_breaks(inside, around) == ()
    # Without a year to compare with there is nothing that a break could lie between.
    assert find_crossed_breaks(whole(after(None, STARTS))) == []


# What a chapter may write as a condition, and which rows it asks for

COUNTED: list[tuple[str, dict[str, Any], int]] = [
    ("contacts", {"channel": not_("phone")}, 2),
    ("contacts", {"channel": not_("phone", "email")}, 1),
    ("contacts", {"channel": not_(["phone", "email"])}, 1),
    ("contacts", {"channel": not_("written")}, 3),
    ("contacts", {"hour": range(9, 14)}, 2),
    ("contacts", {"hour": [9, 14]}, 3),
    ("contacts", {"hour": [9, "unknown"]}, 3),
    ("contacts", {"hour": "9"}, 2),
    ("contacts", {"hour": between(9, 14)}, 3),
    ("contacts", {"hour": between(None, 14)}, 3),
    ("contacts", {"hour": between(9, None)}, 4),
    ("contacts", {"hour": not_(range(9, 14))}, 3),
    ("contacts", {"hour": not_(between(9, 14))}, 2),
    ("contacts", {"channel": "written"}, 2),
    ("contacts", {"channel": ["written", "phone"]}, 5),
    ("contacts", {"channel": not_("written", "phone")}, 0),
    ("contacts", {"hour": not_("unknown")}, 4),
    ("contacts", {"month": between(1, 3)}, 4),
    ("contacts", {"month": 3}, 1),
    ("contacts", {"weekday": not_(between(1, 5))}, 1),
    ("contacts", {"date": between("2017-01-03", dt.date(2017, 3, 6))}, 3),
    ("contacts", {"date": between("2017-03-06", None)}, 2),
    ("contacts", {"date": not_(dt.date(2017, 1, 3))}, 3),
    ("persons", {"age": range(4, 10)}, 2),
    ("persons", {"age": range(0, 41, 4)}, 2),
    ("persons", {"age": 9}, 1),
    ("persons", {"age": not_(between(9, None))}, 2),
    ("persons", {"age": "unknown"}, 1),
    ("persons", {"age_class": not_("unknown", "older")}, 3),
    ("persons", {"form": not_("physical")}, 2),
    ("persons", {"form": not_("sexual", "emotional")}, 2),
    ("persons", {"form": "physical", "age": between(5, 80)}, 2),
    ("followups", {"followup": "referred"}, 2),
    ("followups", {"followup": not_("referred")}, 2),
    ("followups", {"age": range(4, 5)}, 2),
    ("persons", {"age": between(9, None)}, 3),
    ("persons", {"age": between(None, 9)}, 2),
    ("persons", {"age": ["unknown", 70]}, 2),
    ("persons", {"age": not_("unknown")}, 4),
    ("persons", {"age": not_(70)}, 4),
]


def test_rows_that_were_asked_for_are_counted(year: Register) -> None:
    """The counts are those of the rows that `conftest` draws, counted by eye."""
    for noun, condition, number in COUNTED:
        assert count_rows(whole(year, noun).where(**condition)) == number, condition


def test_rows_without_a_code_are_not_among_the_others(year: Register) -> None:
    """Nobody registered that they are something else; a row of several codes has all of them."""
    rows = "contact | problem | form\na | child_abuse | \na | | physical\na | elder_abuse | sexual"
    blank = whole(register(contacts="nr | date\na | 01-02", persons=rows), "persons")
    assert count_rows(blank.where(problem=not_("child_abuse"))) == 1
    assert count_rows(blank.where(form=not_("physical"))) == 1
    having = whole(year).having(whole(year, "persons").where(age=between(5, 69)))
    assert count_rows(having) == 2
    drawn = "person | followup\n1 | advice+referred.care\n1 | referred.police\n1 | other\n1 |"
    contacts, persons = "nr | date\na | 01-02", "nr | contact | age\n1 | a | 4"
    several_codes = register(contacts=contacts, persons=persons, followups=drawn)
    several = whole(several_codes, "followups")
    assert count_rows(several.where(followup="referred")) == 2
    assert count_rows(several.where(followup=["referred", "other"])) == 3
    assert count_rows(several.where(followup=not_("referred"))) == 1
    assert count_rows(several.where(followup=not_("advice"))) == 2


def test_a_condition_is_kept_as_it_was_written(year: Register) -> None:
    """A span by its ends, what is left out beside the others: for words, SQL and messages."""
    spec = whole(year).where(hour=range(9, 12), channel=not_("written")).spec
    assert spec.conditions == (
        Condition(
            field="channel", codes=("phone", "fax", "unknown"), terms=("written",), negated=True
        ),
        Condition(field="hour", codes=("09", "10", "11"), terms=("09", "11"), form="between"),
    )
    written = whole(year).where(role="victim").where(channel=["email", "phone"]).spec
    assert written == whole(year).where(channel=["email", "phone"], role="victim").spec
    channel = Condition(field="channel", codes=("phone", "email"), terms=("email", "phone"))
    assert written.conditions[0] == channel
    assert describe(spec).startswith("contacts where channel=not written, hour=09–11 [")


HAS = "the field '{}' has no code '{}'"
ON = "the condition on '{}' {}"
FORMS = "\n  → give a code, a list of codes, a range, between(…), known or not_(…)"
WHOLE = "\n  → a code is a text, such as 'phone'; of months, hours and ages a whole number"
ALL = "; there are: phone, email, chat, fax, unknown, written"
MONTHS = f"; there are: {', '.join(f'{month:02d}' for month in range(1, 13))}"
HOURS = f"; there are: {', '.join(f'{hour:02d}' for hour in range(24))}, unknown"
OTHER_HOURS = HOURS.removesuffix(", unknown")
NO_ORDER = (
    "the codes of 'channel' have no order to lie between\n  → list its codes; "
    "between(…) and range(…) are for age, hour, month, weekday, date"
)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"channel": "fone"}, HAS.format("channel", "fone") + ", did you mean 'phone'?"),
        ({"channel": "writen"}, HAS.format("channel", "writen") + ", did you mean 'written'?"),
        ({"channel": "pigeon"}, HAS.format("channel", "pigeon") + ALL),
        ({"month": "13"}, HAS.format("month", "13") + MONTHS),
        ({"hour": "nine"}, HAS.format("hour", "nine") + HOURS),
        ({"hour": between(9, 24)}, HAS.format("hour", "24") + OTHER_HOURS),
        ({"date": "2016-03-01"}, HAS.format("date", "2016-03-01") + ", did you mean '2017-03-01'?"),
        ({"channel": []}, ON.format("channel", "names no code")),
        ({"hour": range(9, 9)}, ON.format("hour", "names no code")),
        ({"hour": between(12, 9)}, ON.format("hour", "goes from 12 down to 09")),
        ({"channel": between("phone", "email")}, NO_ORDER),
        ({"channel": {"phone"}}, ON.format("channel", "is a set") + FORMS),
        ({"channel": [1.5]}, ON.format("channel", "holds a float") + WHOLE),
        ({"helpline": not_("north", "south", "east")}, ON.format("helpline", "leaves no code")),
    ],
)
def test_a_condition_that_cant_be_kept_is_refused(
    year: Register, condition: dict[str, Any], message: str
) -> None:
    """With what is possible in its place."""
    assert refusal(lambda: whole(year).where(**condition)) == message


def test_what_would_mislead_is_refused(year: Register) -> None:
    """The rest of an open list, codes beside those left out, each year of age."""
    assert refusal(lambda: whole(year, "users").where(referrer=not_("x"))) == (
        "the list of 'referrer' is open: nobody knows which its other codes are\n"
        "  → name the codes that you want"
    )
    persons = whole(year, "persons")
    for population, by in ((persons.where(form=not_("sexual")), "form"), (persons, "age")):
        assert "break down by" in refusal(count_codes, population, by)


def test_conditions_go_to_the_year_before(before: Register) -> None:
    """Days move with the year, and an old code is left out where all of its parts are."""
    contacts, persons = "nr | date\na | 01-02", "contact | context\na | sport"
    year = register(contacts=contacts, persons=persons, previous=before, breaks=[SPLIT])
    days = whole(year).where(date=between("2017-02-01", "2017-09-01")).previous()
    assert days.spec.conditions[0].terms == ("2016-02-01", "2016-09-01")
    assert count_rows(days) == 3
    sport = whole(year, "persons")
    others = sport.where(context=not_("sport", "leisure")).previous("split")
    assert count_rows(others) == 1
    assert count_rows(sport.where(context=not_("family")).previous("split")) == 2
