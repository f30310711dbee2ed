"""The parameters of one edition, as a closed and typed model."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from helpline_report.parameters.house_style import HouseStyle
from helpline_report.parameters.layouts import MeasureName
from helpline_report.parameters.publisher import Helpline, Publisher
from helpline_report.parameters.values import (
    ID_PATTERN,
    Identifier,
    Language,
    Period,
    Text,
    Translated,
    as_text,
)
from helpline_report.parameters.yaml import CheckedModel, Closed, KeyPath, first_repeated


class ClosedDay(Closed):
    """A day on which the helpline was closed, and why."""

    date: dt.date
    reason: Translated


class Calendar(CheckedModel):
    """When the helpline is open: named weekdays less named closing days."""

    working_days: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1)
    closed: list[ClosedDay] = []

    def complaints(self) -> Iterator[str]:
        """A closing day that stands twice."""
        twice = first_repeated(item.date for item in self.closed)
        if twice:
            yield f"the closing day {twice} stands twice"

    def is_open(self, day: dt.date) -> bool:
        """Whether the helpline was open on `day`."""
        return day.isoweekday() in self.working_days and all(c.date != day for c in self.closed)

    def open_days(self, period: Period) -> int:
        """The number of days of `period` on which the helpline was open."""
        return sum(self.is_open(day) for day in period.each_day())


# An edition declares further ones under `correction_reasons`.
REASONS: Mapping[str, Translated] = MappingProxyType(
    {
        "typing_error": Translated(nl="tikfout", en="typing error"),
        "wrong_column": Translated(nl="in de verkeerde kolom gezet", en="put in the wrong column"),
        "wrong_choice": Translated(nl="verkeerde keuze aangeduid", en="wrong choice ticked"),
        "wrong_date": Translated(nl="verkeerde datum ingevuld", en="wrong date filled in"),
        "filled_in_later": Translated(nl="later aangevuld", en="filled in later"),
        "test_record": Translated(nl="testregistratie", en="test record"),
        "entered_twice": Translated(nl="twee keer ingevoerd", en="entered twice"),
        "not_a_contact": Translated(nl="geen contactname", en="not a contact"),
        "export_error": Translated(nl="fout bij het exporteren", en="error in the export"),
        "agreed": Translated(nl="nagevraagd bij wie registreerde", en="agreed with the registrar"),
    }
)


def all_reasons(declared: Mapping[str, Translated]) -> Mapping[str, Translated]:
    """The reasons that corrections may give, by code: built in, and declared by an edition."""
    return {**REASONS, **declared}


FaultCode = Annotated[str, Field(pattern=r"^B\d\d$")]


class Acknowledged(CheckedModel):
    """A fault that stops a run unless it is known: which, in which file, in how many rows at most.

    `fault` is a code of `docs/faults.md`, or the name of something odd about the year
    (`silent_month`, `silent_days` and so on); `about` says which month, code or column. More rows
    than `rows` stop the run again. `by` is who looked into it: it is printed with the reason.
    """

    fault: (
        FaultCode | Literal["silent_month", "silent_days", "silent_code", "empty_column", "tenfold"]
    )
    file: Text | None = None
    about: Text | None = None
    rows: Annotated[int, Field(ge=1)] | None = None
    reason: Translated
    by: Text | None = None

    def complaints(self) -> Iterator[str]:
        """A line is pasted from a message; what stands there for the reason is none."""
        if "…" in (self.reason.nl.strip(), self.reason.en.strip()):
            yield "reason: say why in words, in place of '…'"


class ControlTotal(CheckedModel):
    """A total that the registration system shows on its screen, and who saw it when.

    Of a `table` (perhaps only rows `where` fields have codes, or of one `month`), or of the rows
    of a `file`.
    """

    table: Literal["contacts", "persons", "followups"] | None = None
    file: Text | None = None
    where: dict[str, str | list[str]] = {}
    month: Annotated[str, Field(pattern=r"^\d{4}-\d\d$")] | None = None
    rows: Annotated[int, Field(ge=0)]
    seen: dt.date | None = None

    def complaints(self) -> Iterator[str]:
        """A total of more than one thing, or of none."""
        if (self.table is None) == (self.file is None):
            yield "a control total is of a 'table' or of a 'file'"
        elif self.file is not None and (self.where or self.month):
            yield "of a 'file' all rows count: 'where' and 'month' go with a 'table'"


class TrendBreak(Closed):
    """A day on which something changed that makes years before and after it other years."""

    date: dt.date
    note: Translated


class Trend(Closed):
    """The file of totals of other years, and the breaks that lie among them."""

    file: Text
    breaks: list[TrendBreak] = []


class PrintedClaim(CheckedModel):
    """What a printed report says without a number that it could be held against, word for word.

    `figure` is a ratio of the ledger that says how far the numbers bear it out. `since` is the year
    from which on it claims something, of which only printed totals are known.
    """

    id: Identifier
    text: Text
    section: Text
    source: Text
    figure: str | None = None
    since: int | None = None

    def complaints(self) -> Iterator[str]:
        """Nothing to hold it against, or two things."""
        if (self.figure is None) == (self.since is None):
            yield "a claim has a 'figure' or a 'since', and not both"


class Source(Closed):
    """Exports of one system: their layout, their folder, and other file names than its own.

    `corrections` is a file beside the exports that mends known errors of the source. Reports of web
    analytics must be of the `property` and the `time_zone` that are named here, and give what this
    year's report said (`reported`) when a later one compares with it.
    """

    layout: Identifier
    folder: str = Field(min_length=1)
    files: dict[str, str] = {}
    corrections: str = Field(default="corrections.csv", min_length=1)
    property_: Text | None = Field(default=None, alias="property")
    time_zone: Text | None = None
    reported: dict[MeasureName, Annotated[int, Field(ge=0)]] = {}


class AgeClass(CheckedModel):
    """A class of ages in whole years, both ends counted; without `to` it has no upper end."""

    code: Identifier
    start: int = Field(ge=0, alias="from")
    to: int | None = Field(default=None, ge=0)
    label: Translated

    def complaints(self) -> Iterator[str]:
        """An end before the beginning."""
        if self.to is not None and self.to < self.start:
            yield "'to' is below 'from'"


class Target(Closed):
    """The group that a campaign was for: contacts with a person to whom these codes apply."""

    name: Translated
    persons: dict[str, list[str]] = Field(min_length=1)


class Campaign(CheckedModel):
    """A campaign: its goal, its means, its window, and whom it was for."""

    id: Identifier
    name: Translated
    goal: Translated
    means: Translated
    start: dt.date
    end: dt.date
    around_days: int = Field(default=28, ge=1, le=180)
    target: Target | None = None

    def complaints(self) -> Iterator[str]:
        """An end before the beginning."""
        if self.end < self.start:
            yield "the campaign ends before it starts"


class Event(Closed):
    """Something of the world outside that may have moved the figures, with its source."""

    id: Identifier
    name: Translated
    date: dt.date
    source: Text


class Break(CheckedModel):
    """A declared change that makes two periods not comparable as they stand.

    `starts`: the field is registered from `date` on. `split`: on `date` the code `old` became the
    codes `new`. `revision`: a system changed; comparisons are made and carry the note.
    """

    id: Identifier
    kind: Literal["starts", "split", "revision"]
    date: dt.date
    note: Translated
    tables: list[str] = []
    field: str | None = None
    old: str | None = None
    new: list[str] = []

    def complaints(self) -> Iterator[str]:
        """What a break of its kind has to name, and this one doesn't."""
        if self.kind == "starts" and not (self.field or self.tables):
            yield "a break that starts something names its field"
        if self.kind == "split" and not (self.field and self.old and len(self.new) > 1):
            yield "a split names its field, the old code and two or more new ones"
        if self.kind == "revision" and not (self.tables or self.field):
            yield "a revision names its tables"


# Days and hours of a helpline of a few thousand contacts are small counts nearly everywhere.
WIDER: Mapping[str, Literal["week", "day_part", "parent"]] = MappingProxyType(
    {"date": "week", "hour": "day_part"}
)


class Disclosure(CheckedModel):
    """Who decided what may be published, and why.

    Counts of people below `threshold` aren't published; with 0 all are. `coarser` says of which
    field wider classes are counted: dates by `week`, hours by `day_part`, codes by their `parent`.
    """

    threshold: int = Field(ge=0)
    decided_by: Text
    decided_on: dt.date
    reason: Translated
    coarser: dict[str, Literal["week", "day_part", "parent"]] | None = None

    def complaints(self) -> Iterator[str]:
        """A threshold that protects nobody, and classes that there aren't."""
        if self.threshold in (1, 2):
            yield "a threshold below 3 protects nobody: take 3 or more, or 0 for none"
        for field, into in (self.coarser or {}).items():
            if (field, into) not in WIDER.items() and into != "parent":
                yield f"coarser: '{field}' can't be counted by {into}"

    @property
    def wider(self) -> Mapping[str, Literal["week", "day_part", "parent"]]:
        """The wider classes of each field."""
        return WIDER if self.coarser is None else self.coarser


class ApprovedFigure(Closed):
    """A number of a chapter's own code that may be published of confidential rows, and who says so.

    Nothing of the program knows how much such a number tells about single people.
    """

    id: Text
    approved_by: Text
    approved_on: dt.date
    reason: Translated


def _no_neighbours(one: AgeClass, other: AgeClass) -> str:
    """What keeps two classes, in order, from following one another; nothing if they do."""
    if one.to is None or one.to >= other.start:
        return f"'{one.code}' and '{other.code}' both hold {other.start} years"
    if one.to + 1 < other.start:
        missing = f"{one.to + 1} to {other.start - 1} years"
        return f"no class holds {missing}: '{one.code}' ends before, '{other.code}' begins after"
    return ""


# What stands between the number and the ending of a notebook's file name.
ChapterName = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
FactValue = Translated | dt.date | Text
# What no number of an edition is made from.
OF_PAGES = {
    "title",
    "language",
    "languages",
    "locale",
    "publisher",
    "house_style",
    "help",
    "printed",
    "printed_claims",
    "facts",
}


class Edition(CheckedModel):
    """Everything that `params/<edition>.yaml` says.

    `comparison_ledger` is the released ledger of the year to compare with, where its exports are
    gone. `language` is that of its folder, the first of `languages` unless it says another; each of
    the others has a folder inside. `help` names the file of today's help numbers. `chapters` are
    those that it has, in their order; if it doesn't say, all notebooks in the order of their file
    names. A `draft` leaves faulty rows out, counts them, and can't be released (`build --draft`).
    `one_row` names counts by a pattern of their ids that go into a wider one wherever small numbers
    are protected.
    """

    edition: Annotated[str, BeforeValidator(as_text), Field(pattern=ID_PATTERN)]
    title: Translated
    language: Language = "nl"
    languages: list[Language] = []
    locale: Literal["nl_BE", "nl_NL"] = "nl_BE"
    rows: Literal["synthetic", "public", "confidential"]
    period: Period
    comparison: Annotated[str, BeforeValidator(as_text)] | None = None
    comparison_ledger: str | None = Field(default=None, min_length=1)
    helpline: Helpline
    publisher: Publisher
    house_style: HouseStyle = HouseStyle()
    help: Identifier | None = None
    chapters: list[ChapterName] | None = Field(default=None, min_length=1)
    sources: list[Source] = Field(min_length=1)
    printed: list[str] = []
    printed_claims: list[PrintedClaim] = []
    trend: Trend | None = None
    acknowledged: list[Acknowledged] = []
    control_totals: list[ControlTotal] = []
    correction_reasons: dict[Identifier, Translated] = {}
    draft: bool = False
    calendar: Calendar
    age_classes: list[AgeClass] = Field(min_length=1)
    person_ages: list[AgeClass] = Field(min_length=1)
    campaigns: list[Campaign] = []
    events: list[Event] = []
    breaks: list[Break] = []
    disclosure: Disclosure | None = None
    one_row: dict[str, list[Text]] = {}
    approved_figures: list[ApprovedFigure] = []
    facts: dict[Identifier, FactValue] = {}

    @model_validator(mode="before")
    @classmethod
    def _lead(cls, data: Any) -> Any:
        """The first of the languages is that of the folder, where it isn't said."""
        if isinstance(data, dict) and isinstance(data.get("languages"), list) and data["languages"]:
            return {"language": data["languages"][0], **data}
        return data

    def complaints(self) -> Iterator[str | tuple[KeyPath, str]]:
        """What doesn't go together: dates outside the period, ids that stand twice, and so on."""
        yield from self._dates_outside()
        for group in ("campaigns", "events", "breaks"):
            twice = first_repeated(item.id for item in getattr(self, group))
            if twice:
                yield f"{group}: the id '{twice}' twice"
        for name in sorted(self.correction_reasons.keys() & REASONS.keys()):
            yield f"correction_reasons: '{name}' is built in"
        yield from self._ages_mixed()
        for key, what in (("chapters", "chapter"), ("languages", "language")):
            twice = first_repeated(getattr(self, key) or ())
            if twice:
                yield (key,), f"the {what} '{twice}' twice"
        if self.comparison == self.edition:
            yield f"comparison: '{self.edition}' can't be compared with itself"
        if self.comparison_ledger is not None and self.comparison is None:
            what = "'comparison' is missing: say which edition this is the ledger of"
            yield ("comparison_ledger",), what
        lacking = self.publisher.lacking() if self.rows == "confidential" else ()
        if lacking:
            what = (
                f"the rows are confidential, and the publisher doesn't say {', '.join(lacking)}: "
                "readers must know who answers for the edition, and how far it is accessible"
            )
            yield ("publisher",), what

    def _ages_mixed(self) -> Iterator[tuple[KeyPath, str]]:
        for group in ("age_classes", "person_ages"):
            classes: list[AgeClass] = getattr(self, group)
            if first_repeated(item.code for item in classes):
                yield (group,), "a code twice"
                continue
            for one, other in pairwise(sorted(classes, key=lambda item: item.start)):
                complaint = _no_neighbours(one, other)
                if complaint:
                    yield (group, classes.index(other), "from"), complaint

    def _dates_outside(self) -> Iterator[tuple[KeyPath, str]]:
        dates: dict[KeyPath, dt.date] = {
            ("calendar", "closed", at, "date"): item.date
            for at, item in enumerate(self.calendar.closed)
        }
        for at, campaign in enumerate(self.campaigns):
            dates["campaigns", at, "start"] = campaign.start
            dates["campaigns", at, "end"] = campaign.end
        dates |= {("events", at, "date"): event.date for at, event in enumerate(self.events)}
        for path, day in dates.items():
            if not self.period.holds(day):
                period = f"the period {self.period.start} to {self.period.end}"
                yield path, f"{day} lies outside {period}"

    @property
    def translations(self) -> tuple[Language, ...]:
        """The other languages that it is published in."""
        return tuple(each for each in self.languages if each != self.language)

    @property
    def published(self) -> bool:
        """Whether it goes to `output/`; a draft of confidential rows is for their owner alone."""
        return not (self.draft and self.rows == "confidential")

    def counted(self) -> dict[str, Any]:
        """What can change a number, as JSON has it: all but what is of pages alone."""
        return self.model_dump(mode="json", exclude=OF_PAGES)

    @property
    def year(self) -> str:
        """The year as it is spoken of: `2017`, or the period where it is no calendar year."""
        start, end = self.period.start, self.period.end
        whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
        if whole and start.year == end.year:
            return str(start.year)
        return f"{start.isoformat()} – {end.isoformat()}"


# Where exports lie is nobody's business: an override of one is shown by its name alone.
PLACES = ("sources", "printed", "comparison_ledger")
HIDDEN = "…"


def describe_overrides(overrides: Sequence[str]) -> tuple[str, ...]:
    """Overrides as they were given; of one that names a place, its key alone."""
    keys = [text.partition("=")[0].strip() for text in overrides]
    return tuple(
        f"{key}={HIDDEN}" if key.split(".")[0] in PLACES else text
        for key, text in zip(keys, overrides, strict=True)
    )


def write_schema() -> str:
    """The JSON Schema of `params/*.yaml`, for editors."""
    shape = Edition.model_json_schema(by_alias=True)
    shape["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(shape, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
