"""The words of each language, as data: one closed YAML file a language, the same keys in each."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from pydantic import Field

from helpline_report.parameters.yaml import Closed, read_yaml, validate

LANGUAGES = ("nl", "en")


class Noun(Closed):
    """A noun, for one and for many."""

    one: str
    many: str


class Nouns(Closed):
    """The noun of each population."""

    contacts: Noun
    persons: Noun
    followups: Noun
    users: Noun
    page_views: Noun
    sessions: Noun
    days: Noun
    rows: Noun

    def of(self, name: str) -> Noun:
        """The noun of a population."""
        noun: Noun = getattr(self, name)
        return noun


class FieldWords(Closed):
    """A derived field: its name, the phrase of a breakdown, and the phrase of a condition.

    Phrases with an `order` follow the others in that order, with no 'and' before them.
    `unknown_where` is the phrase of a condition on what is unknown alone.
    """

    name: str
    by: str
    where: str
    unknown: str = ""
    unknown_where: str = ""
    order: int = 0
    codes: dict[str, str] = {}


class Dates(Closed):
    """Patterns of dates and phrases of periods."""

    day: str
    day_month: str
    month_year: str
    hour: str
    hours: str
    span: str
    the_span: str
    within: str
    on_day: str
    without: str


class Ages(Closed):
    """Phrases of classes of ages."""

    between: str
    up_to: str
    onwards: str
    one: str


class Spans(Closed):
    """Phrases of codes that follow each other: months, weekdays and days."""

    between: str
    up_to: str
    onwards: str


class Direction(Closed):
    """What is said of a comparison: it rose, fell, stayed, or can't be told from no difference."""

    rise: str
    fall: str
    same: str
    unproven: str


class Comparisons(Closed):
    """Words of changes, ratios, intervals and flags."""

    change: Direction
    changed: Direction
    more_less: Direction
    finding: Direction
    often: Direction
    tiny: str
    times: str
    with_interval: str
    interval: str
    range: str
    from_to: str
    rise_yes: str
    rise_no: str
    same_yes: str
    same_no: str
    also_yes: str
    also_no: str
    flag_yes: str
    flag_no: str


class About(Closed):
    """Words around a number that was cut short."""

    over: str
    under: str
    near: str
    below: str


class Fraction(Closed):
    """A simple fraction and its words."""

    parts: int
    of: int
    words: str


class Size(Closed):
    """The words of a share from this percentage on (or above it, where `above` says so)."""

    percent: float
    above: bool = False
    words: str


class Shares(Closed):
    """Words of shares."""

    about: About
    fractions: list[Fraction]
    sizes: list[Size]
    of: str
    of_these: str
    share_of: str
    counts: str


class Counts(Closed):
    """Words of counted things."""

    noun: str
    counted: str
    none: str
    the: str
    place: str


class Definitions(Closed):
    """The definition of each kind of figure."""

    all: str
    having: str
    negated: str
    share: str
    change: str
    mean: str
    maximum: str
    top: str
    lowest: str
    place: str
    lowest_place: str
    rank: str
    own: str
    supports_rise: str
    same_top: str
    rate_ratio: str
    nothing: str
    open_days: str
    within: dict[str, str]
    observed: dict[str, str]
    exposures: dict[str, str]
    dated: str
    condition: str
    breakdown: str


class Captions(Closed):
    """Captions of series, and what stands under the headline of a chart."""

    count: str
    percent: str
    unit_count: str
    unit_percent: str
    unit_change: str
    overlapping: str


class ReasonWords(Closed):
    """Why something is missing: in a clause, and in a few words for a cell of a table."""

    clause: str
    short: str


class Reasons(Closed):
    """The words of each reason, and the line that stands for what was left out."""

    note: str
    tables: dict[str, str]
    codes: dict[str, ReasonWords]


class Findings(Closed):
    """What literal prose may not say: see `prose.findings`."""

    number_parts: list[str]
    number_glue: list[str]
    number_endings: list[str]
    numbers: list[str]
    findings: list[str]
    shares: list[str]
    beside_figure: list[str]
    allowed: list[str]


class Claims(Closed):
    """Nouns that, right behind a figure, say what is counted: see `prose.claims`."""

    of: list[str]
    determiners: list[str]
    adjectives: list[str]
    nouns: dict[str, list[str]]
    hedges: list[str]


class Catalogue(Closed):
    """All words of one language."""

    language: Literal["nl", "en"]
    percent: str
    plus: str
    minus: str
    conjunction: str
    disjunction: str
    cardinals: list[str] = Field(min_length=13, max_length=13)
    ordinals: list[str] = Field(min_length=12)
    ordinal_digits: str
    nouns: Nouns
    counts: Counts
    dates: Dates
    ages: Ages
    spans: Spans
    fields: dict[str, FieldWords]
    comparisons: Comparisons
    shares: Shares
    definitions: Definitions
    captions: Captions
    reasons: Reasons
    findings: Findings
    claims: Claims

    def join(self, parts: list[str], word: str = "") -> str:
        """'a, b en c', with 'en' or another word before the last."""
        *rest, last = parts
        if not rest:
            return last
        return f"{', '.join(rest)} {word or self.conjunction} {last}"


@cache
def catalogue(language: str) -> Catalogue:
    """The words of a language (`nl` or `en`).

    Raises:
        KeyError: there is no catalogue of it.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    with as_file(files(__package__).joinpath(f"{language}.yaml")) as path:
        return validate(Catalogue, read_yaml(path))
