from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Condition, Exposure, Figure, PopulationSpec
from helpline_report.parameters.values import Period
from helpline_report.prose.writer import Writer
from tests.audit.in_process import writer_of

MakeFigure = Callable[..., Figure]
MakeSpec = Callable[..., PopulationSpec]
Write = Callable[..., Writer]


def test_a_count(figure: MakeFigure, spec: MakeSpec, write: Write) -> None:
    """A count is its population and its year."""
    count = figure("count", 4158, population=spec(channel="phone"))
    assert write().definition(count) == "contactnames via telefoon in 2017"


def test_several_codes_are_alternatives(spec: MakeSpec, write: Write) -> None:
    """One code or the other."""
    said = write().population(spec(channel=("phone", "email")))
    assert said == "contactnames via telefoon of e-mail in 2017"


def test_a_group_is_named_by_its_own_label(spec: MakeSpec, write: Write) -> None:
    """The chapter wrote a group, and so do the words."""
    said = write().population(spec("persons", context="free_time"), period=False)
    assert said == "gemelde personen met als context sport en vrije tijd"


def test_several_conditions_are_all_said(spec: MakeSpec, write: Write) -> None:
    """Each condition has its phrase."""
    said = write().population(spec("persons", problem="child_abuse", context="sport"), period=False)
    assert said == (
        "gemelde personen met als problematiek kindermishandeling en met als context de sport"
    )


def test_a_condition_on_the_contact_is_said_of_the_contact(spec: MakeSpec, write: Write) -> None:
    """Persons aren't 'by telephone': their contacts are."""
    said = write().population(spec("persons", channel="phone", problem="child_abuse"), period=False)
    assert said == (
        "gemelde personen met als problematiek kindermishandeling in contactnames via telefoon"
    )


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"month": "06"}, "contactnames in juni 2017"),
        ({"date": "2017-06-01"}, "contactnames op 1 juni 2017"),
        (
            {"hour": "09", "weekday": "1", "channel": "phone"},
            "contactnames via telefoon op maandag in het uur vanaf 9 uur in 2017",
        ),
    ],
)
def test_conditions_of_time_come_last(
    conditions: dict[str, str], expected: str, spec: MakeSpec, write: Write
) -> None:
    """And say the year once."""
    assert write().population(spec(**conditions)) == expected


@pytest.mark.parametrize(
    ("given", "language", "expected"),
    [
        (("month", "03", "05"), "nl", "contactnames van maart tot en met mei 2017"),
        (("weekday", "1", "5"), "nl", "contactnames van maandag tot en met vrijdag in 2017"),
        (("hour", "09", "17"), "nl", "contactnames van 9 uur tot 18 uur in 2017"),
        (("hour", "09", "17"), "en", "contacts from 9:00 to 18:00 in 2017"),
        (
            ("date", "2017-03-01", "2017-03-05"),
            "nl",
            "contactnames van 1 maart 2017 tot en met 5 maart 2017",
        ),
        (("age", "18", "25"), "nl", "contactnames van 18 tot en met 25 jaar in 2017"),
        (("age", "65", ""), "nl", "contactnames vanaf 65 jaar in 2017"),
        (("age", "", "17"), "en", "contacts aged 17 or younger in 2017"),
    ],
)
def test_a_span_is_said_by_its_ends(
    given: tuple[str, str, str], language: str, expected: str, spec: MakeSpec, write: Write
) -> None:
    """The last code is one of them; of hours the end of the last is said."""
    field, *ends = given
    span = Condition(field=field, codes=tuple(ends), given=tuple(ends), form="between")
    made = spec().model_copy(update={"conditions": (span,)})
    assert write(language=language).population(made) == expected


def test_what_is_left_out_comes_last(spec: MakeSpec, write: Write) -> None:
    """It is left out of all that was said before."""
    phone = Condition(field="channel", codes=("email",), given=("phone",), negated=True)
    month = Condition(field="hour", codes=("09",), given=("09",))
    made = spec().model_copy(update={"conditions": (phone, month)})
    said = write().population(made)
    assert said == "contactnames behalve die via telefoon in het uur vanaf 9 uur in 2017"
    assert write(language="en").population(made).startswith("contacts except those by telephone")


def test_a_relative_clause_is_left_out_with_its_own_pronoun(
    spec: MakeSpec, repository: Path
) -> None:
    """Not 'behalve die die vrouw zijn'."""
    women = Condition(field="gender", codes=("male",), given=("female",), negated=True)
    made = spec("persons").model_copy(update={"conditions": (women,)})
    said = writer_of(repository, Ledger(edition="2017")).population(made)
    assert said == "gemelde personen behalve die vrouw zijn in 2017"


def test_open_days(spec: MakeSpec, write: Write) -> None:
    """The days of the calendar that are counted are the open ones."""
    assert write().population(spec("days")) == "dagen waarop de hulplijn open was in 2017"


def test_with_at_least_one(spec: MakeSpec, write: Write) -> None:
    """A condition on a lower table says what hangs on the contact."""
    contacts = spec().model_copy(update={"having": (spec("persons", context="sport"),)})
    assert write().population(contacts) == (
        "contactnames met één of meer gemelde personen met als context de sport in 2017"
    )


def test_days_left_out(spec: MakeSpec, write: Write) -> None:
    """A window that is cut out of a period is said."""
    june = Period.model_validate({"start": "2017-06-01", "end": "2017-06-30"})
    around = spec().model_copy(update={"without": june})
    assert write().population(around) == (
        "contactnames in 2017, de dagen van 1 tot en met 30 juni 2017 niet meegeteld"
    )


def test_a_share(figure: MakeFigure, spec: MakeSpec, write: Write) -> None:
    """A share names its part and its whole."""
    share = figure("share", 86.41, population=spec(channel="phone"))
    assert write().definition(share) == (
        "aandeel van de contactnames via telefoon in alle contactnames, 2017"
    )


def test_a_share_of_some_says_their_condition_once(
    figure: MakeFigure, spec: MakeSpec, write: Write
) -> None:
    """What the whole is, the part needn't repeat."""
    share = figure(
        "share",
        34.3,
        population=spec("persons", context="sport", problem="child_abuse"),
        of=spec("persons", problem="child_abuse"),
    )
    assert write().definition(share) == (
        "aandeel van de gemelde personen met als context de sport in alle gemelde personen met als "
        "problematiek kindermishandeling, 2017"
    )


def test_a_change(figure: MakeFigure, write: Write) -> None:
    """A change names both years."""
    assert write().definition(figure("change", 4.7)) == (
        "verandering van het aantal contactnames, 2017 tegenover 2016"
    )


def test_a_mean(figure: MakeFigure, write: Write) -> None:
    """A mean names everything it is divided by."""
    per = Exposure(unit="open_day × helpline", of=1265)
    assert write().definition(figure("mean", 3.8, exposure=per)) == (
        "gemiddeld aantal contactnames per open dag per hulplijn, 2017"
    )


def test_a_maximum(figure: MakeFigure, write: Write) -> None:
    """A maximum names the fields it was sought over."""
    assert write().definition(figure("maximum", 13, by=("date", "channel"))) == (
        "hoogste aantal contactnames per dag en per kanaal, 2017"
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "maand met de meeste contactnames, 2017"),
        ({"lowest": True}, "maand met de minste contactnames, 2017"),
        ({"place": 2}, "maand op de tweede plaats naar het aantal contactnames, 2017"),
    ],
)
def test_a_top(more: dict[str, object], expected: str, figure: MakeFigure, write: Write) -> None:
    """The first, the last, or one further on."""
    assert write().definition(figure("top", "06", by=("month",), **more)) == expected


def test_a_rank(figure: MakeFigure, write: Write) -> None:
    """A rank names its code and its ranking."""
    rank = figure("rank", 2, noun="persons", by=("problem",), code="partner_violence")
    assert write().definition(rank) == (
        "plaats van partnergeweld in de rangschikking van de gemelde personen per problematiek, "
        "2017"
    )


def test_a_rate_ratio_of_unequal_periods(
    figure: MakeFigure, spec: MakeSpec, write: Write, second_half: Period, per_day: Exposure
) -> None:
    """A ratio names both periods and the days of each."""
    then = spec(channel="phone").model_copy(update={"period": second_half})
    ratio = figure("rate_ratio", 1.3, population=spec(channel="phone"), of=then, exposure=per_day)
    assert write().definition(ratio) == (
        "verhouding van het aantal contactnames via telefoon per dag, 2017 (365 dagen) tegenover "
        "de periode van 1 juli tot en met 31 december 2016 (184 dagen)"
    )


def test_a_comparison_of_different_conditions(
    figure: MakeFigure, spec: MakeSpec, write: Write
) -> None:
    """Where a code was split, both sides are said."""
    then = spec(channel="email").model_copy(update={"edition": "2016"})
    change = figure("change", 4.7, population=spec(channel="phone"), of=then)
    assert write().definition(change) == (
        "verandering van het aantal contactnames via telefoon, 2017 tegenover contactnames via "
        "e-mail, 2017"
    )


def test_a_flag_of_a_rise(
    figure: MakeFigure, spec: MakeSpec, write: Write, per_day: Exposure
) -> None:
    """What 1 and 0 mean is said."""
    flag = figure("flag", 0, of=spec(), exposure=per_day)
    assert write().definition(flag) == (
        "of de cijfers een stijging aantonen van het aantal contactnames per dag, 2017 (365 dagen) "
        "tegenover 2017 (184 dagen); 1 is ja, 0 is nee"
    )


def test_a_flag_of_a_ranking(figure: MakeFigure, spec: MakeSpec, write: Write) -> None:
    """How many places are compared is said."""
    flag = figure("flag", 1, noun="persons", of=spec("persons"), by=("problem",), place=4)
    assert write().definition(flag) == (
        "of de eerste vier in de rangschikking van de gemelde personen per problematiek dezelfde "
        "zijn, 2017 en 2017; 1 is ja, 0 is nee"
    )


def test_an_own_number(figure: MakeFigure, spec: MakeSpec, write: Write) -> None:
    """In the words of its author, and what it was computed of."""
    own = figure(
        "own", 12.5, population=spec("persons"), unit="number", how="mediaan van de leeftijd"
    )
    assert write().definition(own) == "mediaan van de leeftijd (gemelde personen in 2017)"


def test_a_definition_in_english(figure: MakeFigure, spec: MakeSpec, write: Write) -> None:
    """The same data, the other language."""
    share = figure("share", 86.41, population=spec(channel="phone"))
    assert write(language="en").definition(share) == (
        "share of the contacts by telephone in all contacts, 2017"
    )


def test_files_have_definitions(figure: MakeFigure, spec: MakeSpec, write: Write) -> None:
    """Rows of a file are a population too."""
    rows = figure("count", 3, population=spec("rows", file="persons.csv", fate="repaired"))
    assert write().definition(rows) == "rijen in persons.csv die hersteld werden, 2017"
