"""Fields, codes, populations, figures, captions and reasons in words."""

from pathlib import Path
from typing import Any, get_args

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import (
    Breakdown,
    Condition,
    Exposure,
    Member,
    PopulationSpec,
    Reason,
)
from helpline_report.parameters.values import LANGUAGES, Period
from helpline_report.prose.markdown import TextError
from helpline_report.prose.numbers import catalogue
from helpline_report.prose.writer import Writer
from tests.audit.in_process import writer_of
from tests.cases import read_cases
from tests.prose.two_years import CODELISTS, HALF_YEAR, PLACE, figure, parameters, spec, writer

CASES = read_cases(Path(__file__).with_name("vocabulary.yaml"))
CODES = get_args(Reason.model_fields["code"].annotation)
NO_PHONE = Condition(field="channel", codes=("email",), terms=("phone",), negated=True)


def with_conditions(population: PopulationSpec, *conditions: Condition) -> PopulationSpec:
    return population.model_copy(update={"conditions": conditions})


def test_codes_fields_and_nouns_have_names() -> None:
    """Codes of lists, of derived fields and of open lists; fields of a list or the catalogue."""
    words = writer()
    assert [[*key, words.label(*key)] for *key, _ in CASES["labels"]] == CASES["labels"]
    assert writer(language="en").label("month", "06") == "June"
    assert (words.field("channel"), words.field("month")) == ("kanaal", "maand")
    assert words.noun("followups", one=True) == "gevolggeving"


@pytest.mark.parametrize(("named", "more", "expected"), CASES["populations"])
def test_populations(named: dict[str, Any], more: dict[str, Any], expected: str) -> None:
    """Noun, conditions, those of time last, and when."""
    if "having" in more:
        more = {"having": (spec(**more["having"]),)}
    if "without" in more:
        more = {"without": Period.model_validate(more["without"])}
    assert writer().population(spec(**named).model_copy(update=more)) == expected


@pytest.mark.parametrize(("field", "low", "high", "language", "expected"), CASES["spans"])
def test_a_span_is_said_by_its_ends(
    field: str, low: str, high: str, *, language: str, expected: str
) -> None:
    """The last code is one of them."""
    span = Condition(field=field, codes=(low, high), terms=(low, high), form="between")
    assert writer(language=language).population(with_conditions(spec(), span)) == expected


def test_what_is_left_out_is_left_out_of_all(repository: Path) -> None:
    """Behind what was said before; not 'behalve die die hersteld werden'."""
    both = with_conditions(spec(), NO_PHONE, Condition(field="hour", codes=("09",), terms=("09",)))
    assert writer().population(both) == (
        "contactnames behalve die via telefoon in het uur vanaf 9 uur in 2017"
    )
    mended = Condition(field="fate", codes=("read",), terms=("repaired",), negated=True)
    words = writer_of(repository, Ledger(edition="2017"))
    population = with_conditions(spec("rows"), mended)
    assert words.population(population, period=False) == "rijen behalve die hersteld werden"


@pytest.mark.parametrize(("item", "expected"), CASES["definitions"])
def test_each_kind_of_figure_has_a_definition(item: dict[str, Any], expected: str) -> None:
    """Its population, its whole or other side, what it is divided by, and what 1 and 0 mean."""
    assert writer().definition(figure(**item)) == expected


def test_a_ratio_over_unequal_periods() -> None:
    """Both periods with the days over which they were observed; in English the other words."""
    phone = spec(channel="phone")
    then = phone.model_copy(update={"period": HALF_YEAR})
    days = Exposure(unit="calendar_day", own=365, other=184)
    ratio = figure("rate_ratio", 1.3, population=phone, of=then, exposure=days)
    assert writer().definition(ratio) == (
        "verhouding van het aantal contactnames via telefoon per dag, 2017 (365 dagen) "
        "tegenover de periode van 1 juli tot en met 31 december 2016 (184 dagen)"
    )
    assert writer(language="en").definition(figure("share", 86.41, population=phone)) == (
        "contacts by telephone as a share of all contacts, 2017"
    )


def broken_down(unit: str = "count", noun: str = "contacts", **more: Any) -> Breakdown:
    """A series, or a cross-table by two fields; what else is named are conditions."""
    by = more.pop("by")
    shape = {key: more.pop(key) for key in ("overlapping",) if key in more}
    shape |= {"id": "s", "by": (by,) if isinstance(by, str) else by, "unit": unit, "members": ()}
    return Breakdown.model_validate({**shape, "population": spec(noun, **more)})


@pytest.mark.parametrize(("item", "caption", "subtitle"), CASES["captions"])
def test_captions(item: dict[str, Any], caption: str, subtitle: str) -> None:
    """What by what, with the conditions between; unit, population and period below it."""
    assert writer().caption(broken_down(**item)) == caption
    assert writer().subtitle(broken_down(**item)) == subtitle


def test_shares_are_captioned_by_their_whole() -> None:
    """Their subtitle says of what they are shares."""
    sport = spec("persons", context="sport", problem="child_abuse")
    whole = broken_down("percent", "persons", by="problem")
    series = whole.model_copy(update={"population": sport, "of": spec("persons")})
    assert writer().subtitle(series) == "aandeel van de gemelde personen, 2017"


@pytest.mark.parametrize(("code", "about", "expected"), CASES["reasons"])
def test_reasons_in_words(code: str, about: str, expected: str) -> None:
    """Why, in a clause."""
    assert writer().reason(Reason.model_validate({"code": code, "about": about})) == expected


def test_every_reason_has_words() -> None:
    for language in LANGUAGES:
        assert set(catalogue(language)["reasons"]["codes"]) == set(CODES)


def test_the_note_of_a_break() -> None:
    """A break is told in the words of the parameters; a misspelt one with the nearest."""
    assert writer(language="en").break_note("split") == "sport was counted apart."
    with pytest.raises(ProseError, match="no break 'splitt', did you mean 'split'"):
        writer().break_note("splitt")


def by_channel(population: PopulationSpec) -> Writer:
    """A ledger with contacts by channel, of sources that say no channel but the telephone."""
    members = (Member(codes=("phone",), figure="by_channel.phone"),)
    series = broken_down(by="channel").model_copy(
        update={"id": "by_channel", "members": members, "population": population}
    )
    ledger = Ledger.model_validate({"edition": "2017", "breakdowns": {"by_channel": series}})
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


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("fact.fone", "add it under 'facts:' in params/2017.yaml, or name another"),
        ("campaign.spring.start", "add it under 'campaigns:' in params/2017.yaml, or name another"),
        ("yeer", ""),
        ("xyz.uvw", "the desk offers all there are: helpline-report desk 2017"),
    ],
)
def test_what_there_is_none_of_says_what_to_do(name: str, step: str) -> None:
    """A fact is added to the parameters, another name is chosen where none is near."""
    with pytest.raises(ProseError, match=f"no parameter '{name}'") as error:
        writer().thing(name)
    assert error.value.next_step == step
