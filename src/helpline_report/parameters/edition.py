"""The parameters of one edition, as a closed and typed model."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from helpline_report.parameters import values
from helpline_report.parameters.acknowledgements import Acknowledged
from helpline_report.parameters.house_style import HouseStyle
from helpline_report.parameters.layouts import MeasureName
from helpline_report.parameters.yaml import (
    CheckedModel,
    Closed,
    KeyPath,
    find_repeated,
    match_pattern,
    read_resource,
)

# What stands between the number and the ending of a notebook's file name.
ChapterName = Annotated[str, match_pattern(r"^[a-z0-9_]+$", "contacts")]
FactValue = values.Translated | dt.date | values.Text
Coarser = Literal["week", "day_part", "parent"]
# Days and hours of a helpline of a few thousand contacts are small counts nearly everywhere.
WIDER: Mapping[str, Coarser] = {"date": "week", "hour": "day_part"}
# The reasons that corrections may give, by their codes.
REASONS = {
    code: values.Translated(**words)
    for code, words in read_resource(__package__, "reasons.yaml").data.items()
}


class Helpline(Closed):
    """The helpline whose report this is."""

    name: values.Text
    full_name: values.Translated
    website: values.Text
    lines: list[values.Identifier] = []


class Accessibility(Closed):
    """What the accessibility statement says: how far, how tested, known limits, whom to ask.

    `conformity` is the statement's own word for the `standard`: `full`, `partial` or `none`; where
    none is named it is WCAG 2.2. `law` ends the sentence 'everyone can read and use it, as …'.
    `enforcement` says where somebody can complain whose question wasn't answered well.
    """

    conformity: Literal["full", "partial", "none"]
    prepared_on: dt.date
    tested: values.Translated
    limits: list[values.Translated] = []
    law: values.Translated | None = None
    standard: values.Translated | None = None
    email: values.Email | None = None
    phone: values.Text | None = None
    enforcement: values.Translated | None = None


class Publisher(Closed):
    """Who answers for the edition, how to reach them, and under which licence it is published.

    `licence` is an SPDX identifier, `licence_url` its text where it has none. `url` is the address
    at which the folder of the edition is published, and `spatial` the area that the figures are
    about, as the address of a term.
    """

    name: values.Translated
    licence: values.Text
    licence_url: values.Address | None = None
    responsible: values.Text | None = None
    role: values.Translated | None = None
    address: values.Text | None = None
    email: values.Email | None = None
    phone: values.Text | None = None
    url: values.Address | None = None
    spatial: values.Address | None = None
    published_on: dt.date | None = None
    accessibility: Accessibility | None = None

    @property
    def root(self) -> str | None:
        """The address of the edition's folder, ending in a slash; None where nobody says it."""
        return f"{self.url.rstrip('/')}/" if self.url else None


class ClosedDay(Closed):
    """A day on which the helpline was closed, and why."""

    date: dt.date
    reason: values.Translated


class Calendar(CheckedModel):
    """When the helpline is open: named weekdays less named closing days."""

    working_days: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1)
    closed: list[ClosedDay] = []

    def _complaints(self) -> Iterator[str]:
        if twice := find_repeated(item.date for item in self.closed):
            yield f"the closing day {twice} stands twice"

    def is_open(self, day: dt.date) -> bool:
        """Whether the helpline was open on `day`."""
        return day.isoweekday() in self.working_days and all(c.date != day for c in self.closed)

    def open_days(self, period: values.Period) -> int:
        """The number of days of `period` on which the helpline was open."""
        return sum(map(self.is_open, period.each_day()))


class ControlTotal(CheckedModel):
    """A total that the registration system shows on its screen, and who saw it when.

    It is of a `table` (perhaps only of rows `where` fields have codes, or of one `month`), or of
    the rows of a `file`.
    """

    table: Literal["contacts", "persons", "followups"] | None = None
    file: values.Text | None = None
    where: dict[str, values.Codes] = {}
    month: Annotated[str, match_pattern(r"^\d{4}-\d\d$", "2017-03")] | None = None
    rows: Annotated[int, Field(ge=0)]
    seen: dt.date | None = None

    def _complaints(self) -> Iterator[str]:
        if (self.table is None) == (self.file is None):
            yield "a control total is of a 'table' or of a 'file'"
        elif self.file is not None and (self.where or self.month):
            yield "of a 'file' all rows count: 'where' and 'month' go with a 'table'"


class TrendBreak(Closed):
    """A day on which something changed that makes years before and after it other years."""

    date: dt.date
    note: values.Translated


class Trend(Closed):
    """The file of totals of other years, and the breaks that lie among them."""

    file: values.Text
    breaks: list[TrendBreak] = []


class PrintedClaim(CheckedModel):
    """What a printed report says without a number that it could be compared with, word for word.

    `figure` is a ratio of the ledger that says how far the numbers bear it out. `since` is the year
    from which on it claims something, of which only printed totals are known.
    """

    id: values.Identifier
    text: values.Text
    section: values.Text
    source: values.Text
    figure: str | None = None
    since: int | None = None

    def _complaints(self) -> Iterator[str]:
        if (self.figure is None) == (self.since is None):
            yield "a claim has a 'figure' or a 'since', and not both"


class Source(Closed):
    """Exports of one system: their layout, their folder, and other file names than its own.

    Reports of web analytics must be of the `property` and the `time_zone` that are named here, and
    give what this year's report said (`reported`) when a later one compares with it.
    """

    layout: values.Identifier
    folder: str = Field(min_length=1)
    files: dict[str, str] = {}
    property_: values.Text | None = Field(default=None, alias="property")
    time_zone: values.Text | None = None
    reported: dict[MeasureName, Annotated[int, Field(ge=0)]] = {}

    def label(self, written: str) -> str:
        """How messages name a file of its folder."""
        return f"{self.folder.rstrip('/')}/{written}"


class AgeClass(CheckedModel):
    """A class of ages in whole years, both ends counted; without `to` it has no upper end."""

    code: values.Identifier
    start: int = Field(ge=0, alias="from")
    to: int | None = Field(default=None, ge=0)
    label: values.Translated

    def _complaints(self) -> Iterator[str]:
        if self.to is not None and self.to < self.start:
            yield "'to' is below 'from'"


class Target(Closed):
    """The group that a campaign was for: contacts with a person to whom these codes apply."""

    name: values.Translated
    persons: dict[str, list[str]] = Field(min_length=1)


class Campaign(CheckedModel):
    """A campaign: its goal, its means, its window, and whom it was for."""

    id: values.Identifier
    name: values.Translated
    goal: values.Translated
    means: values.Translated
    start: dt.date
    end: dt.date
    around_days: int = Field(default=28, ge=1, le=180)
    target: Target | None = None

    def _complaints(self) -> Iterator[str]:
        if self.end < self.start:
            yield "the campaign ends before it starts"


class Event(Closed):
    """Something of the world outside that may have moved the figures, with its source."""

    id: values.Identifier
    name: values.Translated
    date: dt.date
    source: values.Text


class Break(CheckedModel):
    """A declared change that makes two periods not comparable as they stand.

    `starts`: the field is registered from `date` on. `split`: on `date` the code `old` became the
    codes `new`. `revision`: a system changed; comparisons are made and carry the note.
    """

    id: values.Identifier
    kind: Literal["starts", "split", "revision"]
    date: dt.date
    note: values.Translated
    tables: list[Literal["contacts", "persons", "followups", "traffic"]] = []
    field: str | None = None
    old: str | None = None
    new: list[str] = []

    def _complaints(self) -> Iterator[str]:
        if self.kind == "starts" and not (self.field or self.tables):
            yield "a start says what starts: 'field: channel', or 'tables: [persons]'"
        if self.kind == "split" and not (self.field and self.old and len(self.new) > 1):
            yield "a split says its 'field', the 'old' code, and the 'new' ones: [two, or more]"
        if self.kind == "revision" and not (self.tables or self.field):
            yield "a revision says of what: 'tables: [contacts]', or 'field: channel'"


class Disclosure(CheckedModel):
    """Who decided what may be published, and why.

    Counts of people below `threshold` aren't published; with 0 all are. `coarser` says of which
    field wider classes are counted: dates by `week`, hours by `day_part`, codes by their `parent`.
    """

    threshold: int = Field(ge=0)
    decided_by: values.Text
    decided_on: dt.date
    reason: values.Translated
    coarser: dict[str, Coarser] | None = None

    def _complaints(self) -> Iterator[str]:
        if self.threshold in (1, 2):
            yield "a threshold below 3 protects nobody: take 3 or more, or 0 for none"
        for field, into in (self.coarser or {}).items():
            if (field, into) not in WIDER.items() and into != "parent":
                yield f"coarser: '{field}' can't be counted by {into}"

    @property
    def wider(self) -> Mapping[str, Coarser]:
        """The wider classes of each field."""
        return WIDER if self.coarser is None else self.coarser


class ApprovedFigure(Closed):
    """A number of a chapter's own code that may be published of confidential rows, and who says so.

    Nothing of the program knows how much such a number tells about single people.
    """

    id: values.Text
    approved_by: values.Text
    approved_on: dt.date
    reason: values.Translated


# What no number of an edition is made from.
OF_PAGES = {
    *("title", "language", "languages", "locale", "publisher", "house_style", "help"),
    *("printed", "printed_claims", "facts"),
}
# What stands for the value of an override that isn't told.
MASKED = "…"
# Where exports lie is nobody's business: an override of one is shown by its name alone.
PLACES = ("sources", "printed", "comparison_ledger")
# What stands once in its list, and what it is called.
NAMED = dict.fromkeys(("campaigns", "events", "breaks"), "id") | {
    "chapters": "chapter",
    "languages": "language",
}


class Edition(CheckedModel):
    """Everything that `params/<edition>.yaml` says.

    `comparison_ledger` is the released ledger of the year to compare with, where its exports are
    gone. `language` is that of its folder, the first of `languages` unless it says another; each of
    the others has a folder inside. `help` names the file of today's help numbers. `chapters` are
    those that it has, in their order; if it doesn't say, all notebooks in the order of their file
    names. A `draft` leaves faulty rows out, counts them, and can't be released (`build --draft`).
    Wherever small numbers are protected, `one_row` names counts by a pattern of their ids that go
    into a wider one, `by_groups` cross-tables with the field whose codes are counted by their
    groups there, and `not_published` cross-tables that would cost too many other counts.
    """

    edition: Annotated[str, BeforeValidator(values.as_text), values.EditionPattern]
    title: values.Translated
    language: values.Language = "nl"
    languages: list[values.Language] = []
    locale: Literal["nl_BE", "nl_NL"] = "nl_BE"
    rows: Literal["synthetic", "public", "confidential"]
    period: values.Period
    comparison: Annotated[str, BeforeValidator(values.as_text)] | None = None
    comparison_ledger: str | None = Field(default=None, min_length=1)
    helpline: Helpline
    publisher: Publisher
    house_style: HouseStyle = HouseStyle()
    help: values.Identifier | None = None
    chapters: list[ChapterName] | None = Field(default=None, min_length=1)
    sources: list[Source] = Field(min_length=1)
    printed: list[str] = []
    printed_claims: list[PrintedClaim] = []
    trend: Trend | None = None
    acknowledged: list[Acknowledged] = []
    control_totals: list[ControlTotal] = []
    correction_reasons: dict[values.Identifier, values.Translated] = {}
    draft: bool = False
    calendar: Calendar
    age_classes: list[AgeClass] = Field(min_length=1)
    person_ages: list[AgeClass] = Field(min_length=1)
    campaigns: list[Campaign] = []
    events: list[Event] = []
    breaks: list[Break] = []
    groups: dict[str, dict[values.Identifier, Annotated[list[str], Field(min_length=1)]]] = {}
    disclosure: Disclosure | None = None
    one_row: dict[str, list[values.Text]] = {}
    by_groups: dict[str, values.Identifier] = {}
    not_published: list[values.Text] = []
    approved_figures: list[ApprovedFigure] = []
    facts: dict[values.Identifier, FactValue] = {}

    @model_validator(mode="before")
    @classmethod
    def _lead(cls, data: Any) -> Any:
        """The first of the languages is that of the folder, where it isn't said."""
        if isinstance(data, dict) and isinstance(data.get("languages"), list) and data["languages"]:
            return {"language": data["languages"][0], **data}
        return data

    def _complaints(self) -> Iterator[str | tuple[KeyPath, str]]:
        for path, day in self._dates():
            if not self.period.holds(day):
                period = f"the period {self.period.start} to {self.period.end}"
                yield path, f"{day} lies outside {period}"
        for group, what in NAMED.items():
            items = getattr(self, group) or ()
            twice = find_repeated(item if isinstance(item, str) else item.id for item in items)
            if twice:
                yield (group,), f"the {what} '{twice}' twice"
        for name in sorted(self.correction_reasons.keys() & REASONS.keys()):
            yield f"correction_reasons: '{name}' is built in"
        yield from _mixed_ages("age_classes", self.age_classes)
        yield from _mixed_ages("person_ages", self.person_ages)
        if self.comparison == self.edition:
            yield f"comparison: '{self.edition}' can't be compared with itself"
        if self.comparison_ledger is not None and self.comparison is None:
            what = "'comparison' is missing: say which edition this is the ledger of"
            yield ("comparison_ledger",), what
        due = {
            "'responsible'": self.publisher.responsible,
            "'address' or 'email'": self.publisher.address or self.publisher.email,
            "'accessibility'": self.publisher.accessibility,
        }
        lacking = ", ".join(name for name, value in due.items() if not value)
        if lacking and self.rows == "confidential":
            what = (
                f"the rows are confidential, and the publisher doesn't say {lacking}: "
                "readers must know who answers for the edition, and how far it is accessible"
            )
            yield ("publisher",), what

    def _dates(self) -> Iterator[tuple[KeyPath, dt.date]]:
        """The days that have to lie in the period, with their place."""
        for at, item in enumerate(self.calendar.closed):
            yield ("calendar", "closed", at, "date"), item.date
        for at, campaign in enumerate(self.campaigns):
            yield ("campaigns", at, "start"), campaign.start
            yield ("campaigns", at, "end"), campaign.end
        for at, event in enumerate(self.events):
            yield ("events", at, "date"), event.date

    @property
    def translations(self) -> tuple[values.Language, ...]:
        """The other languages that it is published in."""
        return tuple(each for each in self.languages if each != self.language)

    @property
    def published(self) -> bool:
        """Whether it goes to `output/`; a draft of confidential rows is for their owner alone."""
        return not (self.draft and self.rows == "confidential")

    @property
    def threshold(self) -> int:
        """Below which number counts of people aren't published; 0 where all are."""
        return self.disclosure.threshold if self.disclosure else 0

    def counted(self) -> dict[str, Any]:
        """What can change a number, as JSON has it: all but what is of pages alone."""
        return self.model_dump(mode="json", exclude=OF_PAGES)

    @property
    def year(self) -> str:
        """The year as it is spoken of: `2017`, or the period where it is no calendar year."""
        start, end = self.period.start, self.period.end
        return str(start.year) if self.period.is_calendar_year else f"{start} – {end}"


def _mixed_ages(group: str, classes: Sequence[AgeClass]) -> Iterator[tuple[KeyPath, str]]:
    """Classes of one code, and neighbours that hold an age both, or leave one between them."""
    if find_repeated(item.code for item in classes):
        yield (group,), "a code twice"
        return
    for one, other in pairwise(sorted(classes, key=lambda item: item.start)):
        place: KeyPath = (group, classes.index(other), "from")
        if one.to is None or one.to >= other.start:
            yield place, f"'{one.code}' and '{other.code}' both hold {other.start} years"
        elif one.to + 1 < other.start:
            missing = f"{one.to + 1} to {other.start - 1} years"
            what = f"'{one.code}' ends before, '{other.code}' begins after"
            yield place, f"no class holds {missing}: {what}"


def is_private(edition: Edition, compared_by: Edition | None = None) -> bool:
    """Whether numbers of rows of a year are private, by its own rows or its comparer's."""
    # A public edition may compare with a confidential year: that year's alone are private then.
    editions = [edition] if compared_by is None else [edition, compared_by]
    return any(each.rows == "confidential" or each.threshold > 0 for each in editions)


def describe_parameters(
    edition: Edition, *, protected: bool, by_alias: bool = False
) -> dict[str, Any]:
    """The parameters as data, as far as they may be published: never where another ledger lies.

    Where rows are `protected`, numbers of rows aren't told: those of control totals and of
    known faults are counts of people that nothing else protects.
    """
    data = edition.model_dump(mode="json", by_alias=by_alias, exclude={"comparison_ledger"})
    if protected:
        for entry in (*data["control_totals"], *data["acknowledged"]):
            entry["rows"] = None
    return data


def describe_overrides(
    overrides: Sequence[str], private: Sequence[str] = PLACES
) -> tuple[str, ...]:
    """Overrides as they were given; of one of a `private` parameter, its key alone."""
    keys = [text.partition("=")[0].strip() for text in overrides]
    return tuple(
        f"{key}={MASKED}" if key.split(".")[0] in private else text
        for key, text in zip(keys, overrides, strict=True)
    )


def list_readable_overrides(described: Sequence[str]) -> tuple[str, ...]:
    """Described overrides without those whose value isn't told: from these nothing can be read."""
    return tuple(text for text in described if text.partition("=")[2] != MASKED)


def write_schema() -> str:
    """The JSON Schema of `params/*.yaml`, for editors."""
    shape = Edition.model_json_schema(by_alias=True)
    shape["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(shape, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
