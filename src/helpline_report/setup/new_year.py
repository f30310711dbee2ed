"""Make the parameters of a new year from those of an earlier year, with questions to decide."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.edition import Calendar, ClosedDay, Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import LANGUAGES, Period, is_identifier
from helpline_report.parameters.yaml import (
    TAG,
    KeyPath,
    count_undecided,
    make_error,
    read_yaml,
    write_scalar,
)
from helpline_report.setup.yaml_text import YamlText

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
RAW = "data/raw"
SAMPLE = "data/sample/"
# The chapter about the helpline itself.
ABOUT = "helpline.md"
# How many days from Easter Sunday Good Friday, Easter Monday, Ascension and Whit Monday are.
WITH_EASTER = (-2, 1, 39, 50)
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
    path, before = ("calendar", "closed"), old.period.start.year
    if not old.calendar.closed:
        return
    days = move_closing_days(old.calendar, old.period, move_period(old.period, year - before))
    others = f"a holiday that fell in a weekend in {before}?"
    written, lines = list[str](), ""
    for day, item in days.items():
        reason = f"nl: {write_scalar(item.reason.nl)}, en: {write_scalar(item.reason.en)}"
        written.append(f"{{date: {day}, reason: {{{reason}}}}}")
        question = f"closed on {item.date}. Again, and on this day? Else delete the line"
        lines += f"\n    - {TAG} {written[-1]}  # {item.reason.en}, a {day:%A}; {question}"
    if text.in_flow(*path):
        question = f"closed on these days of {year}, and on others, such as {others}"
        text.decide(path, question, value=f"[{', '.join(written)}]")
    else:
        question = f"closed on which other days of {year}, such as {others}"
        text.replace(path, f"{TAG if lines else f'{TAG} []'}  # {question}{lines}")


def move_closing_days(calendar: Calendar, old: Period, new: Period) -> dict[dt.date, ClosedDay]:
    """The closing days of the old period by their days in the new one, in order.

    What hangs on Easter moves with it. Days on which the helpline is closed anyhow, by their
    weekday, are left out.
    """
    years, moved = new.start.year - old.start.year, dict[dt.date, ClosedDay]()
    for item in calendar.closed:
        days = (item.date - easter(item.date.year)).days
        day = item.date + relativedelta(years=years)
        if days in WITH_EASTER:
            day = easter(day.year) + dt.timedelta(days)
        if day.isoweekday() in calendar.working_days and new.holds(day):
            moved.setdefault(day, item)
    return dict(sorted(moved.items()))


def move_period(period: Period, years: int) -> Period:
    """The same period in another year: one that ends with February still does."""
    one_day, later = dt.timedelta(days=1), relativedelta(years=years)
    return Period(start=period.start + later, end=period.end + one_day + later - one_day)
