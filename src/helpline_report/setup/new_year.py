"""Make the parameters of a new year from those of an earlier year, with questions to decide."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.edition import Calendar, ClosedDay, Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import LANGUAGES, Period, Translated, is_identifier
from helpline_report.parameters.yaml import (
    KeyPath,
    count_undecided,
    make_error,
    read_resource,
    read_yaml,
    write_scalar,
)
from helpline_report.setup.yaml_text import YamlText

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
RAW = "data/raw"
SAMPLE = "data/sample/"
# The chapter about the helpline itself.
ABOUT = "helpline.md"
BY_YEAR = "name it by its year: helpline-report new-year 2018"
PUBLISHER = {
    "responsible": "who answers for the edition, by name?",
    "address": "where can somebody write to?",
    "accessibility": "conformity, prepared_on, tested, limits, enforcement: see docs",
}


@dataclass(frozen=True)
class NewEdition:
    """The text of a new edition; `before` is the one that it is made from."""

    name: str
    before: str
    text: str
    folders: tuple[str, ...]
    language: str

    def next_steps(self) -> Iterator[str]:
        """What to do next, a line each."""
        inside = " and ".join(self.folders) or "the folders under 'sources'"
        questions = count_undecided(self.text)
        yield f"put the exports of {self.name} into {inside}"
        yield f"answer the {questions} questions of params/{self.name}.yaml, each a !todo"
        yield f"see what is missing, until nothing is: helpline-report check {self.name}"
        yield f"write what the year has to say in params/{self.name}/{self.language}/"
        yield f"make the report: helpline-report build {self.name}"


class Holiday(NamedTuple):
    """A holiday: on the same month and day each year, or a number of days from Easter Sunday."""

    nl: str
    en: str
    day: int | Sequence[int]
    public: bool = True

    def on(self, year: int) -> dt.date:
        """Its day in a year."""
        if not isinstance(self.day, int):
            return dt.date(year, *self.day)
        sunday: dt.date = easter(year)
        return sunday + dt.timedelta(days=self.day)


HOLIDAYS = [Holiday(**each) for each in read_resource(__package__, "holidays.yaml").data["days"]]


@dataclass(frozen=True)
class ProposedDay:
    """A day, and the question that goes with it."""

    date: dt.date
    reason: Translated
    question: str


def propose_year(project: Project, name: str, before: str | None = None) -> NewEdition:
    """What the parameters of edition `name` would be, from the edition of the year before.

    Raises:
        ParametersError: no such edition to begin from, one that is unsound or undecided itself, or
            a name without a year.
    """
    years = YEAR.findall(name)
    if len(years) != 1:
        what = "more than one year" if years else "no year"
        raise ParametersError(f"{what} in '{name}'", next_step=BY_YEAR)
    year = int(years[0])
    before = before or name.replace(str(year), str(year - 1))
    refuse_edition(project, name)
    if not project.parameters_file(before).is_file():
        known = project.editions()
        where, hint, listed = f"params/{before}.yaml", nearest(before, known), ", ".join(known)
        raise make_error(
            ParametersError, "no_edition_before", where, name=before, hint=hint, known=listed
        )
    old = project.edition(before)
    text = YamlText(project.parameters_file(before).read_text(encoding="utf-8-sig"))
    _name_year(text, old, name, year)
    folders = []
    for index, source in enumerate(old.sources):
        folder = source.folder.replace(str(old.period.start.year), str(year))
        # Exports go beside last year's, but never into the sample.
        if folder.startswith(SAMPLE):
            folder = f"{RAW}/{folder.removeprefix(SAMPLE)}"
        text.replace(("sources", index, "folder"), write_scalar(folder))
        path = PurePosixPath(folder)
        if not ("${" in folder or path.is_absolute() or ".." in path.parts):
            folders.append(folder)
    _ask_for_publisher(text, old, year)
    _ask_for_closing_days(text, old, year)
    _ask(text, old, year)
    return NewEdition(name, before, text.changed(), tuple(dict.fromkeys(folders)), old.language)


def refuse_edition(project: Project, name: str, step: str = BY_YEAR) -> None:
    """Refuse a name that a new edition can't have.

    Raises:
        ParametersError: there is one of that name, or the name can't be one.
    """
    if not is_identifier(name):
        what = f"'{name}' can't name an edition: small letters, digits, '-' and '_'"
        raise ParametersError(what, next_step=step)
    if project.parameters_file(name).exists():
        raise make_error(ParametersError, "edition_there", f"params/{name}.yaml", name=name)


def write_edition(project: Project, new: NewEdition) -> None:
    """Write the parameters and make the folders; nothing that is there is touched.

    Raises:
        OSError: a file or folder can't be made.
    """
    project.texts(new.name, new.language).mkdir(parents=True, exist_ok=True)
    for folder in new.folders:
        path = project.root / folder
        is_new = not path.exists() and not folder.startswith(f"{RAW}/")
        # Exports are of people: at first nobody but their owner can read them.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Git, which ignores `data/raw`, would take them along from elsewhere.
        if is_new or folder == f"data/{new.name}":
            write_absent(path / ".gitignore", "*\n")
    # The texts about the helpline itself hold next year too.
    for language in LANGUAGES if new.before else ():
        begun = project.texts(new.before, language) / ABOUT
        if begun.is_file():
            write_absent(project.texts(new.name, language) / ABOUT, begun.read_text("utf-8"))
    with project.parameters_file(new.name).open("x", encoding="utf-8") as file:
        file.write(new.text)


def write_absent(path: Path, text: str) -> None:
    """Write a file that isn't there yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def quote_name(name: str) -> str:
    """The name of an edition as YAML; digits alone are in quotes, since they are a text."""
    return f'"{name}"' if name.isdigit() else name


def _name_year(text: YamlText, old: Edition, name: str, year: int) -> None:
    """Change name, title, period and files; clear decisions, claims and acknowledgements."""
    before = old.period.start.year
    text.replace_in_heading(str(before), str(year))
    files = [("sources", at, "files", f) for at, each in enumerate(old.sources) for f in each.files]
    titles: list[KeyPath] = [("title", each) for each in LANGUAGES if text.has("title", each)]
    for path in (*(titles or [("title",)]), *files):
        text.replace(path, text.raw(*path).replace(str(before), str(year)))
    period = move_period(old.period, year - before)
    values = {
        ("edition",): quote_name(name),
        ("period", "start"): period.start.isoformat(),
        ("period", "end"): period.end.isoformat(),
        ("draft",): "false",
        ("disclosure",): "null",
        ("acknowledged",): "[]",
        ("printed_claims",): "[]",
    }
    for path, value in values.items():
        text.replace(path, value)


def _ask(text: YamlText, old: Edition, year: int) -> None:
    """Ask the questions of `new_year.yaml`; breaks between the two years stay."""
    before = old.period.start
    gone = {at: item.id for at, item in enumerate(old.breaks) if item.date <= before}
    names = ", ".join(gone.values())
    left_out = f" (left out, as all of {before.year} is after them: {names})"
    dated = [name for name in old.facts if YEAR.search(text.raw("facts", name))]
    words = {
        "year": year,
        "before": before.year,
        "edition": old.edition,
        "quoted": quote_name(old.edition),
        "rows": "public" if old.rows == "public" else "confidential",
        "layouts": ", ".join(sorted({f"params/layouts/{s.layout}.yaml" for s in old.sources})),
        "left_out": left_out if gone else "",
        "dated": f" With a year in them: {', '.join(dated)}." if dated else "",
    }
    stays = len(gone) < len(old.breaks)
    for key, question in read_yaml(Path(__file__).with_name("new_year.yaml")).data.items():
        value = None if key == "breaks" and stays else question.get("value")
        text.decide(
            (key,),
            question["ask"].format(**words),
            value=value and value.format(**words),
            after=question.get("after", ""),
        )
    for at in gone if stays else ():
        text.remove_item(("breaks", at))


def _ask_for_publisher(text: YamlText, old: Edition, year: int) -> None:
    """Ask again who answers for the edition, and on which day it is published."""
    if text.in_flow("publisher", "name"):
        text.decide(("publisher",), f"who answers for the edition of {year}, and how is it read?")
        return
    text.decide(("publisher", "published_on"), "when does it come out?", value="")
    for name in PUBLISHER:
        text.decide(("publisher", name), f"still so in {year}?")
    if old.rows != "public":
        lacking = {name: ask for name, ask in PUBLISHER.items() if not text.has("publisher", name)}
        lines = [f"  {name}: !todo  # {question}\n" for name, question in lacking.items()]
        text.insert_after(("publisher",), "".join(lines))


def _ask_for_closing_days(text: YamlText, old: Edition, year: int) -> None:
    """Ask about each closing day: on a line of its own, or in one list in brackets."""
    path = ("calendar", "closed")
    if not old.calendar.closed:
        return
    new, public = move_period(old.period, year - old.period.start.year), old.locale == "nl_BE"
    days = propose_days(old.calendar, old=old.period, new=new, public=public)
    if text.in_flow(*path):
        asked = ", ".join(map(_closing_day, days))
        text.decide(path, f"closed on these days of {year}?", value=f"[{asked}]")
        return
    lines = [f"- !todo {_closing_day(day)}  # {day.question}" for day in days]
    text.replace(path, "".join(f"\n    {line}" for line in lines) or "[]")


def _closing_day(item: ProposedDay) -> str:
    reason = f"{{nl: {write_scalar(item.reason.nl)}, en: {write_scalar(item.reason.en)}}}"
    return f"{{date: {item.date.isoformat()}, reason: {reason}}}"


def propose_days(
    calendar: Calendar, *, old: Period, new: Period, public: bool
) -> list[ProposedDay]:
    """Last year's closing days moved to the new year and, if `public`, other public holidays.

    Days on which the helpline is closed anyhow, by their weekday, are left out.
    """
    years = new.start.year - old.start.year
    proposed = [_move(item, years) for item in calendar.closed]
    proposed += _other_holidays(calendar, old, years) if public else ()
    # Of two proposals for one day the first counts, which is last year's closing day.
    days = {item.date: item for item in reversed(proposed)}
    return [days[day] for day in sorted(days) if _is_open(day, calendar, new)]


def _is_open(day: dt.date, calendar: Calendar, period: Period) -> bool:
    return day.isoweekday() in calendar.working_days and period.holds(day)


def _move(item: ClosedDay, years: int) -> ProposedDay:
    """A closing day of last year: a holiday by the calendar, another day by its date."""
    same = [holiday for holiday in HOLIDAYS if holiday.on(item.date.year) == item.date]
    names = {item.reason.nl.casefold(), item.reason.en.casefold()}
    # If two holidays are on one day, the name tells them apart.
    same.sort(key=lambda holiday: names.isdisjoint((holiday.nl.casefold(), holiday.en.casefold())))
    if same:
        day = same[0].on(item.date.year + years)
        question = f"closed in {item.date.year}. Closed again?"
    else:
        day = item.date + relativedelta(years=years)
        question = f"{item.date.isoformat()} was no holiday. Closed again, and on which day?"
    return _propose(day, item.reason, f"{question} Else delete the line")


def _other_holidays(calendar: Calendar, old: Period, years: int) -> Iterator[ProposedDay]:
    """The public holidays that were on a weekday on which the helpline is closed."""
    closed = {item.date for item in calendar.closed}
    for holiday in HOLIDAYS:
        before = holiday.on(old.start.year)
        if not holiday.public or before in closed or _is_open(before, calendar, old):
            continue
        question = f"in {before.year} it fell on a {before:%A}. Closed? Else delete the line"
        day, reason = holiday.on(before.year + years), Translated(nl=holiday.nl, en=holiday.en)
        yield _propose(day, reason, question)


def _propose(day: dt.date, reason: Translated, question: str) -> ProposedDay:
    return ProposedDay(day, reason, f"{reason.en}, a {day:%A}; {question}")


def move_period(period: Period, years: int) -> Period:
    """The same period in another year: one that ends with February still does."""
    one_day, later = dt.timedelta(days=1), relativedelta(years=years)
    return Period(start=period.start + later, end=period.end + one_day + later - one_day)
