"""Columns of an export: what a layout says of one, and how a code or an age is written in it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.projects.codes import CodeList
from tests.projects.labels import draw_labels

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


@dataclass
class CodedColumn:
    """One or more columns that give a field; `write` writes the codes of a row on a day.

    `codes` are those that it can write on each day; `dated` are others, on the days when they
    exist. Of one with `several`, a row may have none.
    """

    field: str
    titles: list[str]
    layout: dict[str, Any]
    codes: list[str]
    several: bool
    write: Callable[[Random, tuple[str, ...], dt.date], Cells]
    is_flags: bool = False
    breaks: tuple[dt.date, ...] = ()


@dataclass
class Style:
    """How the files of a system are written, as far as its labels matter."""

    kinds: list[str]
    encoding: str
    careless: float


def draw_column(
    random: Random, known: CodeList, codes: list[str], title: str, style: Style, *, several: bool
) -> CodedColumn:
    """A column, or some, of a field with these codes."""
    if several and random.random() < 0.5:
        return _draw_flags(random, known, codes, title)
    if several:
        return _draw_separated(random, known, codes, title, style)
    if known.field == "caller_age_class" and random.random() < 0.4:
        return _make_ranges(known, codes, title)
    return _draw_labelled(random, known, codes, title, style)


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

    def write(random: Random, own: tuple[str, ...], day: dt.date) -> Cells:  # noqa: ARG001
        text = random.choice(writings[own[0]])
        return {title: _write_carelessly(random, text, style)}

    return CodedColumn(known.field, [title], layout, codes, several=False, write=write)


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

    return CodedColumn(known.field, [title], layout, own, several=False, write=write)


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

    return CodedColumn(known.field, [title], layout, codes, several=True, write=write)


def _draw_flags(random: Random, known: CodeList, codes: list[str], title: str) -> CodedColumn:
    """Columns of yes and no; several of them may mean one code."""
    yes, no = random.choice(YES_AND_NO)
    columns = {f"{title} {at}": code for at, code in enumerate(codes, start=1)}
    if random.random() < 0.4:
        more = random.choice((1, 2, 20))
        for at in range(more):
            columns[f"{title} {'abcdefghijklmnopqrstuvwxyz'[at]}"] = random.choice(codes)
    layout = {"yes": yes, "no": no, "columns": columns}
    by_code = {code: [t for t, each in columns.items() if each == code] for code in codes}

    def write(random: Random, own: tuple[str, ...], day: dt.date) -> Cells:  # noqa: ARG001
        cells = {each: random.choice(no) for each in columns}
        for code in own:
            titles = by_code[code]
            for each in random.sample(titles, random.randint(1, min(len(titles), 3))):
                cells[each] = random.choice(yes)
        return cells

    return CodedColumn(
        known.field, [*columns], layout, codes, several=True, write=write, is_flags=True
    )


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
