"""One edition's parameters moved to another year, what must be decided anew marked as such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import yaml

from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.yaml import KeyPath
from helpline_report.setup.closing import Proposed, never_open, propose, same_period
from helpline_report.setup.splice import Spliced

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
RAW = "data/raw"
SAMPLE = "data/sample/"


@dataclass
class Moving:
    """One edition's text on its way to another year."""

    at: Spliced
    old: Edition
    name: str
    year: int

    def __post_init__(self) -> None:
        self.before = self.old.period.start.year
        self.new = same_period(self.old.period, self.year - self.before)

    def moved(self) -> str:
        """The text of the new edition."""
        self.at.in_heading(str(self.before), str(self.year))
        self._names()
        self._publisher()
        self._rows()
        self._sources()
        self._calendar()
        self._disclosure()
        self._what_happened()
        self._breaks()
        self._facts()
        return self.at.result()

    def _renamed(self, path: KeyPath) -> None:
        """The old year, wherever it stands in a text, becomes the new one."""
        if self.at.has(path):
            raw = self.at.raw(path)
            self.at.replace(path, raw.replace(str(self.before), str(self.year)))

    def _names(self) -> None:
        self.at.replace(("edition",), _quoted(self.name))
        self._renamed(("title", "nl"))
        self._renamed(("title", "en"))
        self.at.replace(("period", "start"), self.new.start.isoformat())
        self.at.replace(("period", "end"), self.new.end.isoformat())
        if self.at.has(("draft",)):
            self.at.replace(("draft",), "false")
        question = (
            f"the exports of {self.old.edition} are read again, by its own parameters: are both as "
            "published?"
        )
        written = _quoted(self.old.edition)
        if self.at.has(("comparison",)):
            self.at.decide(("comparison",), question, value=written)
        else:
            line = f"comparison: !todo {written}  # {question}\n"
            self.at.insert_after(("period",), line)
        if self.at.has(("comparison_ledger",)):
            question = f"leave this line out, or name the released ledger of {self.old.edition}"
            self.at.decide(("comparison_ledger",), question)

    def _publisher(self) -> None:
        """Whoever answers for the edition is asked again; the day it came out is a new one."""
        path: KeyPath = ("publisher",)
        if self.at.in_flow((*path, "name")):
            self.at.decide(path, f"who answers for the edition of {self.year}, and how is it read?")
            return
        if self.at.has((*path, "published_on")):
            self.at.decide((*path, "published_on"), "when does it come out?", value="")
        asked = {
            "responsible": "who answers for the edition, by name?",
            "address": "where can somebody write to?",
            "accessibility": "conformity, prepared_on, tested, limits, enforcement: see docs",
        }
        present = [name for name in asked if self.at.has((*path, name))]
        for name in present:
            self.at.decide((*path, name), f"still so in {self.year}?")
        if self.old.rows != "public":
            lacking = [name for name in asked if name not in present]
            lines = [f"  {name}: !todo  # {asked[name]}\n" for name in lacking]
            self.at.insert_after(path, "".join(lines))

    def _rows(self) -> None:
        proposed = "public" if self.old.rows == "public" else "confidential"
        question = "confidential (of real people), public (published rows) or synthetic (made up)?"
        self.at.decide(("rows",), question, value=proposed)

    def _sources(self) -> None:
        for index, source in enumerate(self.old.sources):
            self.at.replace(("sources", index, "folder"), _scalar(self._folder(source.folder)))
            for file in source.files:
                self._renamed(("sources", index, "files", file))
        layouts = ", ".join(sorted({f"params/layouts/{s.layout}.yaml" for s in self.old.sources}))
        self.at.decide(
            ("sources",),
            f"did a system change in {self.year}: columns, labels ({layouts}), codes that begin or "
            "end (data/codelists: from, until)? Mend these, and declare the breaks below",
        )
        self._emptied(
            ("printed",),
            f"is a report of {self.year} printed already? Its figures: "
            f"[data/printed/{self.year}.csv]",
        )
        if self.at.has(("acknowledged",)):
            self.at.replace(("acknowledged",), "[]")
        self._emptied(
            ("control_totals",),
            f"which totals of {self.year} does the registration system show on its screen?",
        )

    def _folder(self, folder: str) -> str:
        """Where this year's exports go: beside last year's, and never among the sample."""
        moved = folder.replace(str(self.before), str(self.year))
        return f"{RAW}/{moved.removeprefix(SAMPLE)}" if moved.startswith(SAMPLE) else moved

    def folders(self) -> Iterator[str]:
        """The folders of exports that lie in the project."""
        for source in self.old.sources:
            folder = self._folder(source.folder)
            inside = PurePosixPath(folder)
            if "${" not in folder and not inside.is_absolute() and ".." not in inside.parts:
                yield folder

    def _emptied(self, path: KeyPath, question: str) -> None:
        """A list of last year's, or none, becomes an empty one with a question."""
        if self.at.has(path):
            self.at.decide(path, question, value="[]")
        else:
            after: KeyPath = ("sources",) if path[0] in ("printed", "control_totals") else path
            after = after if self.at.has(after) else ("calendar",)
            self.at.insert_after(after, f"{path[0]}: !todo []  # {question}\n")

    def _calendar(self) -> None:
        """Closing days as questions, one a line where there are lines."""
        if not self.old.calendar.closed:
            return
        old, new = self.old.period, self.new
        public = self.old.locale == "nl_BE"
        days = propose(self.old.calendar, old=old, new=new, public=public)
        if self.at.in_flow(("calendar", "closed")):
            asked = [_closing_day(item) for item in days if not item.open_before]
            question = f"closed on these days of {self.year}?"
            self.at.decide(("calendar", "closed"), question, value=f"[{', '.join(asked)}]")
            return
        self.at.replace(("calendar", "closed"), "\n" + "\n".join(map(_closing_line, days)))
        away = never_open(self.old.calendar, old=old, new=new)
        if away:
            self.at.insert_after(
                ("calendar", "closed"),
                f"    # On a weekday without opening in {self.year}: {', '.join(away)}.\n",
            )

    def _disclosure(self) -> None:
        """What was decided for the rows of the year before isn't decided for these."""
        if self.at.has(("disclosure",)):
            self.at.replace(("disclosure",), "null")

    def _what_happened(self) -> None:
        year, before = self.year, self.old.edition
        for group in ("age_classes", "person_ages"):
            self.at.decide((group,), f"the same classes in {year}? Others break the comparison")
        self._emptied(
            ("campaigns",),
            f"which campaigns ran in {year}? Write them as in params/{before}.yaml; [] for none",
        )
        self._emptied(
            ("events",),
            f"what of the world outside may have moved the figures of {year}? [] for none",
        )

    def _breaks(self) -> None:
        matter = [index for index, item in enumerate(self.old.breaks) if self._matters(item)]
        gone = [item.id for index, item in enumerate(self.old.breaks) if index not in matter]
        question = (
            f"what makes {self.year} not comparable with {self.before} as it stands: a new system, "
            "a code split, a field that begins?"
        )
        if gone:
            question += (
                f" (not after the first day of {self.before}, and left out: {', '.join(gone)})"
            )
        if not matter:
            self._emptied(("breaks",), question)
            return
        self.at.decide(("breaks",), question)
        for index in range(len(self.old.breaks)):
            if index not in matter:
                self.at.remove_item(("breaks", index))

    def _matters(self, item: Break) -> bool:
        """Whether a break lies between the new year and the one it is compared with."""
        return item.date > self.old.period.start

    def _facts(self) -> None:
        if not self.old.facts:
            return
        dated = [name for name in self.old.facts if YEAR.search(self.at.raw(("facts", name)))]
        named = f" With a year in them: {', '.join(dated)}." if dated else ""
        self.at.decide(("facts",), f"does each still hold in {self.year}?{named}")


def _closing_line(item: Proposed) -> str:
    if item.open_before:
        return f"    # - {_closing_day(item)}  # {item.question}"
    return f"    - !todo {_closing_day(item)}  # {item.question}"


def _closing_day(item: Proposed) -> str:
    reason = f"{{nl: {_scalar(item.reason.nl)}, en: {_scalar(item.reason.en)}}}"
    return f"{{date: {item.date.isoformat()}, reason: {reason}}}"


def _scalar(text: str) -> str:
    """A text as YAML writes it within braces, in quotes where it needs them."""
    written: str = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000)
    return written.strip()[1:-1]


def _quoted(name: str) -> str:
    """The name of an edition: one that is all digits is text all the same."""
    return f'"{name}"' if name.isdigit() else name
