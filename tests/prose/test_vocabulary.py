"""Fields, codes, populations, figures, captions and reasons in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import (
    Condition,
    Crosstab,
    Exposure,
    Figure,
    Member,
    PopulationSpec,
    Reason,
    Series,
)
from helpline_report.parameters.values import LANGUAGES, Period
from helpline_report.prose.markdown import TextError
from helpline_report.prose.numbers import catalogue
from helpline_report.prose.writer import Writer
from tests.audit.in_process import writer_of
from tests.prose.two_years import CODELISTS, HALF_YEAR, PLACE, figure, parameters, spec, writer

PER_DAY = Exposure(unit="calendar_day", of=365, against=184)
CODES = get_args(Reason.model_fields["code"].annotation)


NO_PHONE = Condition(field="channel", codes=("email",), given=("phone",), negated=True)


def with_conditions(population: PopulationSpec, *conditions: Condition) -> PopulationSpec:
    return population.model_copy(update={"conditions": conditions})


LABELS = {
    ("channel", "phone"): "telefoon",
    ("context", "free_time"): "sport en vrije tijd",
    ("month", "06"): "juni",
    ("weekday", "1"): "maandag",
    ("hour", "09"): "9 uur",
    ("hour", "unknown"): "onbekend uur",
    ("date", "2017-06-01"): "1 juni 2017",
    ("age_class", "under_6"): "jonger dan 6 jaar",
    ("age_class", "unknown"): "onbekende leeftijd",
    ("referrer", "awel.be"): "awel.be",
    ("fate", "repaired"): "hersteld werden",
}


def test_codes_fields_and_nouns_have_names() -> None:
    """Codes of lists, of derived fields and of open lists; fields of a list or the catalogue."""
    words = writer()
    assert {key: words.label(*key) for key in LABELS} == LABELS
    assert writer(language="en").label("month", "06") == "June"
    assert (words.field("channel"), words.field("month")) == ("kanaal", "maand")
    assert words.noun("followups", one=True) == "gevolggeving"


POPULATIONS = [
    (spec(channel=("phone", "email")), "contactnames via telefoon of e-mail in 2017"),
    (spec(month="06"), "contactnames in juni 2017"),
    (spec(date="2017-06-01"), "contactnames op 1 juni 2017"),
    (
        spec(hour="09", weekday="1", channel="phone"),
        "contactnames via telefoon op maandag in het uur vanaf 9 uur in 2017",
    ),
    (spec("days"), "dagen waarop de hulplijn open was in 2017"),
    (
        spec().model_copy(update={"having": (spec("persons", context="sport"),)}),
        "contactnames met één of meer gemelde personen met als context de sport in 2017",
    ),
    (
        spec().model_copy(
            update={"without": Period.model_validate({"start": "2017-06-01", "end": "2017-06-30"})}
        ),
        "contactnames in 2017, de dagen van 1 tot en met 30 juni 2017 niet meegeteld",
    ),
    (
        spec("persons", context="free_time"),
        "gemelde personen met als context sport en vrije tijd in 2017",
    ),
    (
        spec("persons", problem="child_abuse", context="sport"),
        "gemelde personen met als problematiek kindermishandeling en met als context de sport "
        "in 2017",
    ),
    (
        spec("persons", channel="phone", problem="child_abuse"),
        "gemelde personen met als problematiek kindermishandeling in contactnames via telefoon "
        "in 2017",
    ),
    (
        with_conditions(spec(), NO_PHONE, Condition(field="hour", codes=("09",), given=("09",))),
        "contactnames behalve die via telefoon in het uur vanaf 9 uur in 2017",
    ),
]


@pytest.mark.parametrize(("population", "expected"), POPULATIONS)
def test_populations(population: PopulationSpec, expected: str) -> None:
    """Noun, conditions, those of time last, and when; the year once.

    Persons aren't 'by telephone', but their contacts are. What is left out is left out of all that
    was said before.
    """
    assert writer().population(population) == expected


@pytest.mark.parametrize(
    ("codes", "language", "expected"),
    [
        (("month", "03", "05"), "nl", "contactnames van maart tot en met mei 2017"),
        (("hour", "09", "17"), "nl", "contactnames van 9 uur tot 18 uur in 2017"),
        (("hour", "09", "17"), "en", "contacts from 9am to 6pm in 2017"),
        (
            ("date", "2017-03-01", "2017-03-05"),
            "nl",
            "contactnames van 1 maart 2017 tot en met 5 maart 2017",
        ),
        (("age", "65", ""), "nl", "contactnames vanaf 65 jaar in 2017"),
        (("age", "", "17"), "en", "contacts aged 17 or under in 2017"),
    ],
)
def test_a_span_is_said_by_its_ends(
    codes: tuple[str, str, str], language: str, expected: str
) -> None:
    """The last code is one of them; of hours the end of the last is said."""
    field, *ends = codes
    span = Condition(field=field, codes=tuple(ends), given=tuple(ends), form="between")
    assert writer(language=language).population(with_conditions(spec(), span)) == expected


def test_a_relative_clause_is_left_out_with_its_own_pronoun(repository: Path) -> None:
    """Not 'behalve die die hersteld werden'."""
    mended = Condition(field="fate", codes=("read",), given=("repaired",), negated=True)
    words = writer_of(repository, Ledger(edition="2017"))
    population = with_conditions(spec("rows"), mended)
    assert words.population(population, period=False) == "rijen behalve die hersteld werden"


PHONE = spec(channel="phone")
PHONE_THEN = PHONE.model_copy(update={"period": HALF_YEAR})
SPORT = spec("persons", context="sport", problem="child_abuse")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (figure("count", 4158, population=PHONE), "contactnames via telefoon in 2017"),
        (
            figure("share", 34.3, population=SPORT, of=spec("persons", problem="child_abuse")),
            "aandeel van de gemelde personen met als context de sport in alle gemelde personen met "
            "als problematiek kindermishandeling, 2017",
        ),
        (figure("change", 4.7), "verandering van het aantal contactnames, 2017 tegenover 2016"),
        (
            figure("mean", 3.8, exposure=Exposure(unit="open_day × helpline", of=1265)),
            "gemiddeld aantal contactnames per open dag per hulplijn, 2017",
        ),
        (
            figure("maximum", 13, by=("date", "channel")),
            "hoogste aantal contactnames per dag en per kanaal, 2017",
        ),
        (
            figure("top", "06", by=("month",), place=2),
            "maand op de tweede plaats naar het aantal contactnames, 2017",
        ),
        (
            figure("rank", 2, noun="persons", by=("problem",), code="partner_violence"),
            "plaats van partnergeweld in de rangschikking van de gemelde personen per "
            "problematiek, 2017",
        ),
        (
            figure("rate_ratio", 1.3, population=PHONE, of=PHONE_THEN, exposure=PER_DAY),
            "verhouding van het aantal contactnames via telefoon per dag, 2017 (365 dagen) "
            "tegenover de periode van 1 juli tot en met 31 december 2016 (184 dagen)",
        ),
        (
            figure("change", 4.7, population=PHONE, of=spec(channel="email")),
            "verandering van het aantal contactnames via telefoon, 2017 tegenover contactnames via "
            "e-mail, 2017",
        ),
        (
            figure("flag", 1, noun="persons", of=spec("persons"), by=("problem",), place=4),
            "of de eerste vier in de rangschikking van de gemelde personen per problematiek "
            "dezelfde zijn, 2017 en 2017; 1 is ja, 0 is nee",
        ),
        (
            figure("own", 12.5, noun="persons", unit="number", how="mediaan van de leeftijd"),
            "mediaan van de leeftijd (gemelde personen in 2017)",
        ),
        (
            figure("count", 3, population=spec("rows", file="persons.csv", fate="repaired")),
            "rijen in persons.csv die hersteld werden, 2017",
        ),
    ],
)
def test_each_kind_of_figure_has_a_definition(item: Figure, expected: str) -> None:
    """Its population, its whole or other side, what it is divided by, and what 1 and 0 mean."""
    assert writer().definition(item) == expected


def test_a_definition_in_english() -> None:
    """The same data, the other language."""
    assert writer(language="en").definition(figure("share", 86.41, population=PHONE)) == (
        "contacts by telephone as a share of all contacts, 2017"
    )


def series(by: str = "month", unit: str = "count", noun: str = "contacts", **more: Any) -> Series:
    values = {"id": "s", "by": by, "unit": unit, "members": (), "population": spec(noun)}
    return Series.model_validate({**values, **more})


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (series(), "Contactnames per maand"),
        (series("problem", "percent", "persons"), "Gemelde personen per problematiek, in procent"),
        (
            Crosstab(
                id="t",
                rows="problem",
                columns="context",
                cells=(),
                population=spec("persons", context=("sport", "school")),
            ),
            "Gemelde personen per problematiek en per context",
        ),
    ],
)
def test_captions(shown: Series | Crosstab, expected: str) -> None:
    """What by what, with the conditions between; shares say that they are in percent."""
    assert writer().caption(shown) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (series(), "aantal contactnames, 2017"),
        (
            series("problem", "percent", population=SPORT, of=spec("persons")),
            "aandeel in procent van de gemelde personen, 2017",
        ),
        (
            series("problem", noun="persons", overlapping=True),
            "aantal gemelde personen, 2017; een gemelde persoon kan meer dan eens voorkomen",
        ),
    ],
)
def test_what_a_chart_shows(shown: Series, expected: str) -> None:
    """Unit, population and period; of shares the whole; whether members add up."""
    assert writer().subtitle(shown) == expected


@pytest.mark.parametrize(
    ("code", "about", "expected"),
    [
        ("no_field", "channel", "de bron registreert geen kanaal"),
        ("no_source", "traffic", "er zijn geen bronbestanden met cijfers over de website"),
        ("no_comparison", "", "er is geen jaar om mee te vergelijken"),
        (
            "break",
            "split",
            "een wijziging maakt de vergelijking onmogelijk (sport werd apart geteld)",
        ),
        ("break", "contacts", "een wijziging maakt de vergelijking onmogelijk (contactnames)"),
    ],
)
def test_reasons_in_words(code: str, about: str, expected: str) -> None:
    """Why, in a clause."""
    assert writer().reason(Reason.model_validate({"code": code, "about": about})) == expected


def test_every_reason_has_words() -> None:
    """No reason leaves the catalogue speechless."""
    for language in LANGUAGES:
        assert set(catalogue(language)["reasons"]["codes"]) == set(CODES)


def test_the_note_of_a_break() -> None:
    """A break is told in the words of the parameters; a misspelt one with the nearest."""
    assert writer(language="en").break_note("split") == "sport was counted apart."
    with pytest.raises(ProseError, match="no break 'splitt', did you mean 'split'"):
        writer().break_note("splitt")


def by_channel(population: PopulationSpec) -> Writer:
    """A ledger with contacts by channel, of sources that say no channel but the telephone."""
    member = Member(code="phone", figure="by_channel.phone")
    found = series("channel", id="by_channel", members=(member,), population=population)
    ledger = Ledger(edition="2017", series={"by_channel": found})
    return Writer(ledger, parameters("2017"), None, CODELISTS, "nl")


@pytest.mark.parametrize(
    ("population", "name", "missing"),
    [
        (spec(), "by_channel.email", True),
        (spec(channel="phone"), "by_channel.email", False),
        (spec(), "by_channel.fax", False),
    ],
)
def test_a_code_that_no_source_says(
    population: PopulationSpec, name: str, *, missing: bool
) -> None:
    """The paragraph is left out, and a note says why: another helpline has no such code.

    A series of contacts by telephone has no e-mail, whatever the sources say; a code that the list
    doesn't have is misspelt.
    """
    words, text = by_channel(population), f"{{{{ {name} }}}} keer."
    if missing:
        (note,) = words.markdown(text, PLACE).nodes
        assert "niet apart geregistreerd" in str(note.children)
    else:
        with pytest.raises(TextError, match="there is no figure and no parameter"):
            words.markdown(text, PLACE)
