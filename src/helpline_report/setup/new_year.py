"""Make the parameters of a new year from those of a year before, and mark what is to decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import is_identifier
from helpline_report.parameters.yaml import KeyPath, count_undecided
from helpline_report.setup.closing_days import ProposedDay, never_open, propose_days, same_period
from helpline_report.setup.layout import scalar
from helpline_report.setup.yaml_text import YamlText

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
RAW = "data/raw"
SAMPLE = "data/sample/"
BY_YEAR = "name the edition by its year: helpline-report new-year 2018"
README = """\
# What {name} has to say for itself

One file a chapter, `{language}/<chapter>.md`, with blocks under the names of the chapter's cells;
a block takes the place of the cell's text. What isn't here is said as in any year. See
docs/edit-the-text.md.
"""


@dataclass(frozen=True)
class NewYear:
    """A new edition as text: its name, the year that it is made from, what it needs beside it."""

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


def propose_year(project: Project, name: str, before: str | None = None) -> NewYear:
    """What the parameters of edition `name` would be, from the edition of the year before.

    Raises:
        ParametersError: no such edition to begin from, one that is unsound or undecided itself, or
            a name without a year.
    """
    year = _year(name)
    before = before or name.replace(str(year), str(year - 1))
    if not is_identifier(name):
        raise ParametersError(
            f"'{name}' can't name an edition: small letters, digits, '-' and '_'",
            next_step="name it by its year: helpline-report new-year 2018",
        )
    if project.parameters_file(name).exists():
        raise ParametersError(
            f"there is an edition '{name}' already",
            where=f"params/{name}.yaml",
            next_step=f"edit it, and see what it lacks: helpline-report check {name}",
        )
    if not project.parameters_file(before).is_file():
        known = project.editions()
        raise ParametersError(
            f"there is no edition '{before}' to begin from{nearest(before, known)} "
            f"(there are: {', '.join(known)})",
            where=f"params/{before}.yaml",
            next_step="say from which: helpline-report new-year YEAR --from EDITION",
        )
    old = project.edition(before)
    text = project.parameters_file(before).read_text(encoding="utf-8-sig")
    move = _Move(text, old, name, year)
    return NewYear(name, before, move.moved_text(), tuple(move.folders()), old.language)


def write_year(project: Project, new: NewYear) -> None:
    """Write the parameters and make the folders; nothing that is there is touched.

    Raises:
        OSError: a file or folder can't be made.
    """
    texts = project.texts(new.name, new.language)
    texts.mkdir(parents=True, exist_ok=True)
    readme = texts.parent / "README.md"
    if not readme.exists():
        readme.write_text(README.format(name=new.name, language=new.language), encoding="utf-8")
    for folder in new.folders:
        # Exports are of people: who may read them is for their owner to say.
        (project.root / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    with project.parameters_file(new.name).open("x", encoding="utf-8") as file:
        file.write(new.text)


def _year(name: str) -> int:
    years = YEAR.findall(name)
    if len(years) != 1:
        what = "more than one year" if years else "no year"
        raise ParametersError(f"{what} in '{name}'", next_step=BY_YEAR)
    return int(years[0])


class _Move:
    """One edition's text on its way to another year."""

    def __init__(self, text: str, old: Edition, name: str, year: int) -> None:
        self.text = YamlText(text)
        self.old = old
        self.name = name
        self.year = year
        self.before = old.period.start.year
        self.period = same_period(old.period, year - self.before)

    def moved_text(self) -> str:
        """The text of the new edition."""
        self.text.replace_in_heading(str(self.before), str(self.year))
        self.names()
        self.publisher()
        self.sources()
        if self.old.calendar.closed:
            self.closing_days()
        # What was decided for the rows of the year before isn't decided for these.
        self.put(("disclosure",), "null")
        year, before = self.year, self.old.edition
        for group in ("age_classes", "person_ages"):
            question = f"the same classes in {year}? Others break the comparison"
            self.text.decide((group,), question)
        self.empty(
            "campaigns",
            f"which campaigns ran in {year}? Write them as in params/{before}.yaml; [] for none",
        )
        self.empty(
            "events",
            f"what of the world outside may have moved the figures of {year}? [] for none",
        )
        self.breaks()
        self.facts()
        return self.text.changed()

    def put(self, path: KeyPath, value: str) -> None:
        """Another value, where there is one."""
        if self.text.has(path):
            self.text.replace(path, value)

    def rename(self, path: KeyPath) -> None:
        """The old year, wherever it stands in a text, becomes the new one."""
        if self.text.has(path):
            self.put(path, self.text.raw(path).replace(str(self.before), str(self.year)))

    def empty(self, key: str, question: str, after: str = "calendar") -> None:
        """A list of last year's, or none, becomes an empty one with a question."""
        if self.text.has((key,)):
            self.text.decide((key,), question, value="[]")
        else:
            self.text.insert_after((after,), f"{key}: !todo []  # {question}\n")

    def names(self) -> None:
        """Name, title, period, and which edition this one is compared with."""
        self.text.replace(("edition",), _quoted(self.name))
        self.rename(("title", "nl"))
        self.rename(("title", "en"))
        self.text.replace(("period", "start"), self.period.start.isoformat())
        self.text.replace(("period", "end"), self.period.end.isoformat())
        self.put(("draft",), "false")
        question = (
            f"the exports of {self.old.edition} are read again, by its own parameters: are both as "
            "published?"
        )
        compared = _quoted(self.old.edition)
        if self.text.has(("comparison",)):
            self.text.decide(("comparison",), question, value=compared)
        else:
            self.text.insert_after(("period",), f"comparison: !todo {compared}  # {question}\n")
        if self.text.has(("comparison_ledger",)):
            question = f"leave this line out, or name the released ledger of {self.old.edition}"
            self.text.decide(("comparison_ledger",), question)

    def publisher(self) -> None:
        """Whoever answers for the edition is asked again; the day it came out is a new one."""
        path: KeyPath = ("publisher",)
        if self.text.in_flow((*path, "name")):
            question = f"who answers for the edition of {self.year}, and how is it read?"
            self.text.decide(path, question)
            return
        if self.text.has((*path, "published_on")):
            self.text.decide((*path, "published_on"), "when does it come out?", value="")
        asked = {
            "responsible": "who answers for the edition, by name?",
            "address": "where can somebody write to?",
            "accessibility": "conformity, prepared_on, tested, limits, enforcement: see docs",
        }
        lacking = []
        for name, question in asked.items():
            if self.text.has((*path, name)):
                self.text.decide((*path, name), f"still so in {self.year}?")
            else:
                lacking.append(f"  {name}: !todo  # {question}\n")
        if self.old.rows != "public":
            self.text.insert_after(path, "".join(lacking))

    def sources(self) -> None:
        """Rows, exports, printed figures and control totals."""
        question = "confidential (of real people), public (published rows) or synthetic (made up)?"
        proposed = "public" if self.old.rows == "public" else "confidential"
        self.text.decide(("rows",), question, value=proposed)
        for index, source in enumerate(self.old.sources):
            folder = scalar(self.folder(source.folder))
            self.text.replace(("sources", index, "folder"), folder)
            for file in source.files:
                self.rename(("sources", index, "files", file))
        layouts = ", ".join(sorted({f"params/layouts/{s.layout}.yaml" for s in self.old.sources}))
        self.text.decide(
            ("sources",),
            f"did a system change in {self.year}: columns, labels ({layouts}), codes that begin or "
            "end (data/codelists: from, until)? Mend these, and declare the breaks below",
        )
        self.empty(
            "printed",
            f"is a report of {self.year} printed already? Its figures: "
            f"[data/printed/{self.year}.csv]",
            after="sources",
        )
        self.put(("acknowledged",), "[]")
        self.empty(
            "control_totals",
            f"which totals of {self.year} does the registration system show on its screen?",
            after="sources",
        )

    def folder(self, folder: str) -> str:
        """Where this year's exports go: beside last year's, and never among the sample."""
        moved = folder.replace(str(self.before), str(self.year))
        return f"{RAW}/{moved.removeprefix(SAMPLE)}" if moved.startswith(SAMPLE) else moved

    def folders(self) -> Iterator[str]:
        """The folders of exports that lie in the project."""
        for source in self.old.sources:
            folder = self.folder(source.folder)
            inside = PurePosixPath(folder)
            if "${" not in folder and not inside.is_absolute() and ".." not in inside.parts:
                yield folder

    def closing_days(self) -> None:
        """Closing days as questions, one a line where there are lines."""
        path: KeyPath = ("calendar", "closed")
        calendar, old = self.old.calendar, self.old.period
        public = self.old.locale == "nl_BE"
        days = propose_days(calendar, old=old, new=self.period, public=public)
        if self.text.in_flow(path):
            asked = ", ".join(_closing_day(item) for item in days if not item.open_before)
            self.text.decide(path, f"closed on these days of {self.year}?", value=f"[{asked}]")
            return
        self.text.replace(path, "\n" + "\n".join(map(_closing_line, days)))
        away = never_open(calendar, old=old, new=self.period)
        if away:
            note = f"On a weekday without opening in {self.year}: {', '.join(away)}."
            self.text.insert_after(path, f"    # {note}\n")

    def breaks(self) -> None:
        """Breaks that lie between the new year and the one it is compared with stay."""
        gone = {
            index: item.id
            for index, item in enumerate(self.old.breaks)
            if item.date <= self.old.period.start
        }
        question = (
            f"what makes {self.year} not comparable with {self.before} as it stands: a new system, "
            "a code split, a field that begins?"
        )
        if gone:
            names = ", ".join(gone.values())
            question += f" (not after the first day of {self.before}, and left out: {names})"
        if len(gone) == len(self.old.breaks):
            self.empty("breaks", question)
            return
        self.text.decide(("breaks",), question)
        for index in gone:
            self.text.remove_item(("breaks", index))

    def facts(self) -> None:
        """What holds from year to year is asked for, with the names of facts that hold a year."""
        if self.old.facts:
            dated = [name for name in self.old.facts if YEAR.search(self.text.raw(("facts", name)))]
            named = f" With a year in them: {', '.join(dated)}." if dated else ""
            self.text.decide(("facts",), f"does each still hold in {self.year}?{named}")


def _closing_line(item: ProposedDay) -> str:
    mark = "# -" if item.open_before else "- !todo"
    return f"    {mark} {_closing_day(item)}  # {item.question}"


def _closing_day(item: ProposedDay) -> str:
    reason = f"{{nl: {scalar(item.reason.nl)}, en: {scalar(item.reason.en)}}}"
    return f"{{date: {item.date.isoformat()}, reason: {reason}}}"


def _quoted(name: str) -> str:
    """The name of an edition: one that is all digits is text all the same."""
    return f'"{name}"' if name.isdigit() else name
