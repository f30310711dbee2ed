"""Columns of an export: what a layout says of one, and how a code or an age is written in it."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.projects.codes import CodeList
from tests.projects.labels import can_write, draw_label, draw_labels, fold

Cells = dict[str, str]
SEPARATORS = (",", ";", "|", "/", "+")
BLANKS = ("", "", " ", "\u00a0")
UNKNOWN = "unknown"
YES_AND_NO = (
    (["Ja", "J", "1"], ["Nee", "N", "0", ""]),
    (["X"], [""]),
    (["yes", "true"], ["no", "false"]),
    (["Sí", "Si"], ["No"]),
    (["waar"], ["onwaar", "?"]),
)


Period = tuple[dt.date, dt.date]


@dataclass
class CodedColumn:
    """One or more columns that give a field; `write` writes the codes of a row on a day.

    `layout` says each by its title, and `flags` those of yes and no. A code of `dates` exists on
    these days alone. Of one with `several`, a row may have none; if they are `joined`, each of its
    columns says some of its codes. On `breaks` codes begin or end.
    """

    field: str
    layout: dict[str, Any]
    codes: list[str]
    write: Callable[[Random, tuple[str, ...], dt.date], Cells]
    several: bool = False
    flags: dict[str, Any] | None = None
    joined: bool = False
    # How many codes a row has at most.
    most: int = 3
    dates: dict[str, Period] = dataclasses.field(default_factory=dict)
    breaks: tuple[dt.date, ...] = ()

    @property
    def titles(self) -> list[str]:
        """The titles of its columns."""
        return [*self.layout, *(self.flags["columns"] if self.flags else ())]


@dataclass
class Style:
    """How the files of a system are written, as far as its labels matter, and in which period."""

    kinds: list[str]
    encoding: str
    careless: float
    period: Period


def draw_column(
    random: Random, known: CodeList, codes: list[str], title: str, style: Style, *, several: bool
) -> CodedColumn:
    """A column, or some, of a field with these codes."""
    column = None
    if several:
        draw = random.choice((_draw_flags, _draw_flags, _draw_separated, _draw_joined))
        column = draw(random, known, codes, title, style)
    elif known.field == "caller_age_class" and random.random() < 0.4:
        column = _make_ranges(known, codes, title)
    if column is None or not column.codes:  # a list may have no range
        column = _draw_labelled(random, known, codes, title, style)
    first, last = style.period
    for each in known.codes:
        if each["code"] in column.codes and ("from" in each or "until" in each):
            days = each.get("from", first), each.get("until", last)
            if days[0] > first or days[1] < last:
                column.dates[each["code"]] = days
    return column


def _draw_labelled(
    random: Random, known: CodeList, codes: list[str], title: str, style: Style
) -> CodedColumn:
    """A label a cell; some codes have several labels, one may be a blank or an 'unknown'."""
    labels = draw_labels(random, len(codes) + random.randint(0, 4), style.kinds, style.encoding)
    meanings: dict[str, Any] = dict(zip(labels, codes, strict=False))
    for label in labels[len(codes) :]:
        meanings[label] = random.choice(codes)
    writings: dict[str, list[str]] = {code: [] for code in codes}
    for label, code in meanings.items():
        writings[code].append(label)
    layout: dict[str, Any] = {"field": known.field, "codes": meanings}
    if random.random() < 0.4:
        blank = random.choice([code for code in codes if code in known.missing] or codes)
        layout["blank"] = blank
        writings[blank] += [random.choice(BLANKS)]
    if UNKNOWN in codes and random.random() < 0.3:
        layout["unknown"] = [each for each in ("?", "n.v.t.") if each not in labels]
        writings[UNKNOWN] += layout["unknown"]
    day = _draw_change(random, style) if len(codes) > 1 and random.random() < 0.2 else None
    before = after = ""
    dated = draw_label(random, ["plain"], style.encoding) if day else ""
    if day is not None and fold(dated) not in map(fold, labels):
        # One label that means one code until a day, and another one from then on.
        before, after = random.sample(codes, 2)
        until = day - dt.timedelta(days=1)
        meanings[dated] = [{"code": before, "until": until}, {"code": after, "from": day}]

    def write(random: Random, own: tuple[str, ...], on: dt.date) -> Cells:
        texts = writings[own[0]]
        if day is not None and own[0] == (before if on < day else after):
            texts = [*texts, dated]
        return {title: _write_carelessly(random, random.choice(texts), style)}

    breaks = (day,) if day is not None and before else ()
    return CodedColumn(known.field, {title: layout}, codes, write, breaks=breaks)


def _draw_change(random: Random, style: Style) -> dt.date:
    """A day on which something changes: none of the first or last days of the period."""
    first, last = style.period
    return first + dt.timedelta(days=random.randint(5, (last - first).days - 5))


def _make_ranges(known: CodeList, codes: list[str], title: str) -> CodedColumn:
    """Ages of callers in years, of which the layout makes classes."""
    ranges = {"child": (0, 12), "youth": (13, 17), "adult": (18, 99)}
    own = [code for code in codes if code in ranges or code == UNKNOWN]
    meanings: dict[str, str] = {}
    for code in own:
        if code in ranges:
            meanings["{}..{}".format(*ranges[code])] = code
    layout: dict[str, Any] = {"field": known.field, "codes": meanings}
    if UNKNOWN in own:
        meanings["999"] = UNKNOWN
        layout["blank"] = UNKNOWN

    def write(random: Random, codes: tuple[str, ...], day: dt.date) -> Cells:  # noqa: ARG001
        if codes[0] == UNKNOWN:
            return {title: random.choice(("999", "", " "))}
        return {title: str(random.randint(*ranges[codes[0]]))}

    return CodedColumn(known.field, {title: layout}, own, write)


def _draw_separated(
    random: Random, known: CodeList, codes: list[str], title: str, style: Style
) -> CodedColumn:
    """Several labels a cell, with a sign between them; a label may mean two codes at once."""
    separator = random.choice(SEPARATORS)
    labels = draw_labels(random, len(codes) + 1, style.kinds, style.encoding, without=separator)
    meanings: dict[str, Any] = dict(zip(labels, codes, strict=False))
    both: tuple[str, ...] = ()
    if len(codes) > 1 and random.random() < 0.4:
        both = tuple(random.sample(codes, 2))
        meanings[labels[-1]] = list(both)
    by_code = {code: label for label, code in meanings.items() if isinstance(code, str)}
    layout = {"field": known.field, "separator": separator, "codes": meanings}

    def write(random: Random, own: tuple[str, ...], day: dt.date) -> Cells:  # noqa: ARG001
        texts = [by_code[code] for code in own]
        if both and set(both) <= set(own) and random.random() < 0.5:
            texts = [by_code[code] for code in own if code not in both] + [labels[len(codes)]]
        random.shuffle(texts)
        texts += [random.choice(texts)] if texts and random.random() < 0.1 else []
        between = f"{separator}{random.choice(('', ' '))}"
        return {title: between.join(_write_carelessly(random, text, style) for text in texts)}

    return CodedColumn(known.field, {title: layout}, codes, write, several=True)


def _draw_flags(
    random: Random, known: CodeList, codes: list[str], title: str, style: Style
) -> CodedColumn:
    """Columns of yes and no; several of them may mean one code."""
    yes, no = random.choice([each for each in YES_AND_NO if can_write(each[0][0], style.encoding)])
    columns = {f"{title}.{at}": code for at, code in enumerate(codes, start=1)}
    if random.random() < 0.4:
        for at in range(random.choice((1, 2, 20))):
            columns[f"{title} {'abcdefghijklmnopqrstuvwxyz'[at]}"] = random.choice(codes)
    flags = {"yes": yes, "no": no, "columns": columns}
    by_code = {code: [t for t, each in columns.items() if each == code] for code in codes}

    def write(random: Random, own: tuple[str, ...], day: dt.date) -> Cells:  # noqa: ARG001
        cells = {each: random.choice(no) for each in columns}
        for code in own:
            titles = by_code[code]
            for each in random.sample(titles, random.randint(1, min(len(titles), 3))):
                cells[each] = random.choice(yes)
        return cells

    return CodedColumn(known.field, {}, codes, write, several=True, flags=flags)


def _draw_joined(
    random: Random, known: CodeList, codes: list[str], title: str, style: Style
) -> CodedColumn:
    """Numbered columns of one label each, perhaps beside some of yes and no: one field of all."""
    own = random.sample(codes, random.randint(1, len(codes)))
    labels = dict(zip(draw_labels(random, len(own), style.kinds, style.encoding), own, strict=True))
    by_code = {code: label for label, code in labels.items()}
    number = random.choice((2, 3))
    layout = {
        f"{title}.{at}": {"field": known.field, "codes": dict(labels)}
        for at in range(1, number + 1)
    }
    others = [code for code in codes if code not in own] or own[:1]
    flags: dict[str, Any] = {"yes": ["Ja"], "no": ["Nee", ""]}
    flags |= {"columns": {f"{title} {code}": code for code in others}}

    def write(random: Random, codes: tuple[str, ...], day: dt.date) -> Cells:  # noqa: ARG001
        cells = {each: random.choice(("", " ")) for each in layout}
        cells |= {each: random.choice(("Nee", "")) for each in flags["columns"]}
        free = [*layout]
        random.shuffle(free)
        for code in codes:
            flag = f"{title} {code}"
            if code in by_code and free:
                cells[free.pop()] = by_code[code]
            if flag in cells and (code not in by_code or random.random() < 0.5):
                cells[flag] = "Ja"
        return cells

    column = CodedColumn(known.field, layout, codes, write, several=True, flags=flags)
    column.joined, column.most = True, number
    return column


def _write_carelessly(random: Random, text: str, style: Style) -> str:
    """A label in another case or with other spaces, now and then."""
    if random.random() >= style.careless or not text.isascii() or not text.strip():
        return text
    text = random.choice((text, text.upper(), text.lower()))
    return random.choice((f" {text}", f"{text} ", text.replace(" ", "  ")))


@dataclass
class AgeColumn:
    """A column of ages in years; `knows_none` says whether it can write one that isn't known."""

    title: str
    layout: dict[str, Any]
    oldest: int
    knows_none: bool
    write: Callable[[Random, int | None], Cells]


def draw_ages(random: Random, title: str) -> AgeColumn:
    """A column of ages, with one or more ways of saying that one isn't known, or none."""
    outside = random.choice(("unknown", "refuse"))
    layout: dict[str, Any] = {"field": "age", "kind": "integer", "from": 0, "to": 110}
    layout["outside"] = outside
    nothing: list[str] = ["121", "200"] if outside == "unknown" else []
    if random.random() < 0.5:
        layout["unknown"] = random.choice((["999"], ["999", "weet niet"], ["-1"]))
        nothing += layout["unknown"]
    if random.random() < 0.6:
        layout["blank"] = UNKNOWN
        nothing += ["", " "]
    padded = random.random() < 0.2

    def write(random: Random, age: int | None) -> Cells:
        if age is None:
            return {title: random.choice(nothing)}
        return {title: f"{age:03d}" if padded and random.random() < 0.3 else str(age)}

    return AgeColumn(title, layout, 110, bool(nothing), write)
