"""Explain codes that stand in one of two years alone, or propose the break to declare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.parameters.values import Period
from helpline_report.tables.code_tallies import Tally, first_day
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.plausibility import DUE


@dataclass(frozen=True)
class OneYearCode:
    """A code of one of two years: `new` in this one, or `gone` from the one before.

    `why` is what explains it, and is empty where nothing does: then `add` is the break to declare.
    """

    kind: Literal["new", "gone"]
    field: str
    code: str
    rows: int
    why: str = ""
    add: str = ""


@dataclass(frozen=True)
class TwoYears:
    """Two years: their tallies and periods, the later one's tables, and all declared breaks."""

    now: Mapping[str, Tally]
    before: Mapping[str, Tally]
    period: Period
    period_before: Period
    dataset: Dataset
    breaks: Sequence[Break]
    lists: Mapping[str, CodeList]


def one_year_codes(both: TwoYears) -> Iterator[OneYearCode]:
    """The codes of one year alone, field by field in the order of their lists."""
    for field, now in both.now.items():
        then = both.before.get(field)
        if then is None or not now.rows or not then.rows:
            continue
        for code, rows in now.counts.items():
            earlier = then.counts.get(code, 0)
            if rows and not earlier:
                yield _new(both, now, then, code)
            elif earlier and not rows:
                yield _gone(both, now, then, code)


def _new(both: TwoYears, now: Tally, then: Tally, code: str) -> OneYearCode:
    item = both.lists[now.field].by_code[code]
    why = _declared(both, now.field, code)
    if not why and item.start is not None and item.start > both.period_before.start:
        why = f"it exists from {item.start}, says its code list"
    if not why and code not in then.labelled:
        why = "no label of the year before stood for it, says its layout"
    rows = now.counts[code]
    if why:
        return OneYearCode("new", now.field, code, rows, why)
    if rows / now.rows * then.rows < DUE:
        return OneYearCode("new", now.field, code, rows, "so few that it may be chance")
    day = first_day(both.dataset.tables[now.table], now.field, code)
    return OneYearCode("new", now.field, code, rows, add=_line(now.field, code, day, "new"))


def _gone(both: TwoYears, now: Tally, then: Tally, code: str) -> OneYearCode:
    item = both.lists[now.field].by_code[code]
    why = _declared(both, now.field, code)
    if not why and item.until is not None and item.until < both.period.end:
        why = f"it existed until {item.until}, says its code list"
    if not why and code not in now.labelled:
        why = "no label of this year stands for it, says its layout"
    rows = then.counts[code]
    if not why and rows / then.rows * now.rows < DUE:
        why = "so few that it may be chance"
    add = "" if why else _line(now.field, code, both.period.start, "gone")
    return OneYearCode("gone", now.field, code, rows, why, add)


def _declared(both: TwoYears, field: str, code: str) -> str:
    for item in both.breaks:
        if item.field == field and (item.kind == "revision" or code in (item.old, *item.new)):
            return f"the break '{item.id}' of {item.date} is declared"
    return ""


def _line(field: str, code: str, day: dt.date, kind: str) -> str:
    name = f"{field}_{code}_{kind}".replace(".", "_")
    return f"- {{id: {name}, kind: revision, field: {field}, date: {day}, note: {{nl: …, en: …}}}}"
