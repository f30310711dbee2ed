"""Name codes, fields, nouns and reasons in one language, from code lists, parameters, catalogues.

The names of what checks an edition: nothing of what writes one is used.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from helpline_report.audit.spelling import Spelling, fill_in, find_locale
from helpline_report.figures.model import Reason
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.parameters.yaml import read_phrases

# The address of a site keeps its small letters, also where a sentence begins with it.
SITE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}\b")
# The packages with phrases of pages, charts and audit; a key that several have is the last one's.
PACKAGES = ("helpline_report.charts", "helpline_report.report")


def begin(text: str) -> str:
    """A text as it begins a sentence or a cell: with a capital, after a bracket too."""
    if SITE.match(text):
        return text
    start = int(text.startswith("("))
    return f"{text[:start]}{text[start : start + 1].upper()}{text[start + 1 :]}"


def end(text: str) -> str:
    """A text as a sentence: with a capital and one full stop."""
    return begin(text).rstrip(".") + "."


class CodeLabels(Spelling):
    """The names of one edition in one language."""

    def __init__(
        self,
        edition: Edition,
        comparison: Edition | None,
        codelists: Mapping[str, CodeList],
        language: str,
    ) -> None:
        super().__init__(language, find_locale(edition, language))
        self.edition, self.comparison, self.codelists = edition, comparison, codelists
        self.phrases: dict[str, str] = {}
        for package in PACKAGES:
            self.phrases |= read_phrases(package, language)
        self._labels: dict[tuple[str, str], str] = {}
        both = (comparison, edition) if comparison else (edition,)
        self.breaks = {
            item.id: item.note.in_language(language) for each in both for item in each.breaks
        }

    def say(self, key: str, **values: object) -> str:
        """A phrase of the pages or the charts.

        Raises:
            KeyError: there is none by that key, or a value in it isn't given.
        """
        return fill_in(self.phrases[key], values)

    # Codes

    def find_field(self, field: str) -> Mapping[str, Any]:
        """What the catalogue says of a field that has no code list; nothing of any other."""
        words: Mapping[str, Any] = self.words["fields"].get(field, {})
        return words

    def label(self, field: str, code: str) -> str:
        """The label of a code; a code that nothing names stands for itself."""
        if (field, code) not in self._labels:
            self._labels[field, code] = self._name_code(field, code)
        return self._labels[field, code]

    def _name_code(self, field: str, code: str) -> str:
        if field in self.codelists:
            entry = self.codelists[field].by_code.get(code)
            return entry.label(self.language) if entry else code
        words = self.find_field(field)
        if code in words.get("codes", {}):
            return str(words["codes"][code])
        if code == UNKNOWN and "unknown" in words:
            return str(words["unknown"])
        try:
            return _DERIVED.get(field, _name_by_itself)(self, code)
        except (ValueError, LookupError):
            return code

    def short_label(self, field: str, code: str) -> str:
        """The label of a code where there is little room."""
        number = code.rpartition("-")[2]
        if field == "month" and number.isdigit():
            year = code[: -len(number)].rstrip("-")
            return f"{self.month(int(number), 'abbreviated')} {year}".rstrip()
        if field == "weekday" and code.isdigit():
            return self.weekday(int(code), "abbreviated")
        if field == "hour" and code.isdigit():
            return str(int(code))
        return self.label(field, code)

    def name_week(self, day: dt.date) -> str:
        """The week that begins on a day."""
        return self.write("dates.week", day=self.date(day))

    def is_last(self, field: str, code: str) -> int:
        """2 for a code that says that nothing is known, 1 for all that has none, 0 for others."""
        codelist = self.codelists.get(field)
        entry = codelist.by_code.get(code) if codelist else None
        if entry is None:
            return 2 * (code == UNKNOWN)
        return 2 if entry.missing else int(entry.rest)

    # Fields and nouns

    def field(self, field: str) -> str:
        """The name of a field; one that nothing describes is its own name."""
        if field in self.codelists:
            return self.codelists[field].name.in_language(self.language)
        return str(self.find_field(field).get("name", field))

    def breakdown(self, fields: Iterable[str]) -> str:
        """By which fields something is broken down."""
        phrases = []
        for field in fields:
            if field in self.codelists:
                phrases.append(self.codelists[field].by.in_language(self.language))
            else:
                by = self.find_field(field).get("by")
                phrases.append(str(by) if by else self.write("definitions.breakdown", field=field))
        return self.list(phrases)

    def noun(self, name: str, *, one: bool = False) -> str:
        """The noun of what is counted."""
        return str(self.words["nouns"][name]["one" if one else "many"])

    # What is missing, and what changed

    def reason(self, reason: Reason) -> str:
        """Why there is no value, in a clause."""
        about = reason.about
        if reason.code == "no_source":
            about = str(self.words["reasons"]["tables"].get(about, about))
        elif reason.code == "break" and about in self.breaks:
            about = self.breaks[about].rstrip(".")
        else:
            about = self.noun(about) if about in self.words["nouns"] else self.field(about)
        return self.write(f"reasons.codes.{reason.code}.clause", about=about)

    def short_reason(self, reason: Reason) -> str:
        """The same in a cell of a table."""
        return self.write(f"reasons.codes.{reason.code}.short")

    def left_out(self, reason: Reason) -> str:
        """The line in the place of what is left out."""
        return self.write("reasons.note", clause=self.reason(reason))


def _name_by_itself(_: CodeLabels, code: str) -> str:
    return code


def _name_month(labels: CodeLabels, code: str) -> str:
    if "-" in code:
        return labels.date(dt.date.fromisoformat(f"{code}-01"), "month_year")
    return labels.month(_at_least_one(code))


def _at_least_one(code: str) -> int:
    """The number of a month or a weekday, from 1."""
    if (number := int(code)) < 1:
        raise ValueError(code)
    return number


def _name_age_class(labels: CodeLabels, code: str) -> str:
    classes = {item.code: item.label for item in labels.edition.person_ages}
    return classes[code].in_language(labels.language) if code in classes else code


# The codes of fields that follow from others: no list has them.
_DERIVED: Mapping[str, Callable[[CodeLabels, str], str]] = {
    "month": _name_month,
    "weekday": lambda labels, code: labels.weekday(_at_least_one(code)),
    "hour": lambda labels, code: str(labels.pattern("dates.clock")[int(code)]),
    "date": lambda labels, code: labels.date(dt.date.fromisoformat(code)),
    "week": lambda labels, code: labels.name_week(dt.date.fromisoformat(code)),
    "age": lambda _, code: str(int(code)),
    "age_class": _name_age_class,
    "table": lambda labels, code: labels.noun(code),
}
