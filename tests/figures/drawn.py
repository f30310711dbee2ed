"""Registers drawn as text: small tables that can be counted by eye."""

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpline_report.errors import HelplineError
from helpline_report.figures.counting import make_mask
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Breakdown, Figure
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Disclosure, Edition
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Dataset, Table
from tests.second_count.drawn_tables import recount_rows

# table, field, and its codes: code/group, the days between which it exists, ! for a missing value.
CODES = """
contacts  channel   phone email/written chat/written@2017-07-01: fax@:2016-12-31 unknown!
contacts  helpline  north south east
contacts  role      victim parent perpetrator
persons   problem   child_abuse partner_violence elder_abuse
persons   form      physical sexual emotional
persons   context   family sport@2017-01-01: leisure@2017-01-01: sport_leisure@:2016-12-31
followups followup  advice referred.police/referred referred.care/referred other
traffic   device    mobile desktop tablet
traffic user_gender female male unknown
traffic   referrer* unknown!
"""
MULTIPLE = {"form", "followup"}
NAME = {"nl": "x", "en": "x"}
AGES = [
    {"code": "minor", "from": 0, "to": 17, "label": NAME},
    {"code": "adult", "from": 18, "to": 64, "label": NAME},
    {"code": "older", "from": 65, "label": NAME},
]
Row = dict[str, str]


def rows_of(text: str) -> list[Row]:
    """The rows of a table drawn with bars, by the names in its first line."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    heads = [head.strip() for head in lines[0].split("|")] if lines else []
    cells = [[cell.strip() for cell in line.split("|")] for line in lines[1:]]
    return [dict(zip(heads, row, strict=True)) for row in cells]


def codelists() -> dict[str, CodeList]:
    lists = {}
    for line in CODES.strip().splitlines():
        table, field, *tokens = line.split()
        name, codes = field.rstrip("*"), [_code(token) for token in tokens]
        groups = dict.fromkeys(code["parent"] for code in codes if code.get("parent"))
        facts = {
            "field": name,
            "table": table,
            "name": NAME,
            "by": NAME,
            "where": {"nl": "met {labels}", "en": "with {labels}"},
            "codes": codes,
            "groups": [{"code": group, "nl": group, "en": group} for group in groups],
            "open": field.endswith("*"),
        }
        lists[name] = CodeList.model_validate(facts)
    return lists


def _code(token: str) -> dict[str, Any]:
    code, _, days = token.rstrip("!").partition("@")
    name, _, parent = code.partition("/")
    start, _, until = days.partition(":")
    facts: dict[str, Any] = {"code": name, "nl": name, "en": name, "missing": token.endswith("!")}
    return facts | {"parent": parent or None, "from": start or None, "until": until or None}


def edition(year: int, **changes: Any) -> Edition:
    facts: dict[str, Any] = {
        "edition": str(year),
        "title": NAME,
        "rows": "synthetic",
        "period": {"start": f"{year}-01-01", "end": f"{year}-12-31"},
        "helpline": {"name": "x", "full_name": NAME, "website": "x", "lines": ["north", "south"]},
        "publisher": {"name": NAME, "licence": "x"},
        "sources": [{"layout": "x", "folder": "x"}],
        "calendar": {"working_days": [1, 2, 3, 4, 5]},
        "age_classes": AGES,
        "person_ages": AGES,
    }
    return Edition.model_validate(facts | changes)


def a_break(name: str, kind: str, date: str, **more: Any) -> dict[str, Any]:
    note = {"nl": f"noot {name}", "en": f"note of {name}"}
    return {"id": name, "kind": kind, "date": date, "note": note, **more}


def register(
    year: int = 2017,
    *,
    contacts: str = "",
    persons: str = "",
    followups: str = "",
    traffic: str = "",
    previous: Register | None = None,
    **changes: Any,
) -> Register:
    """A register of tables drawn as text; a table that isn't drawn has no source."""
    lists, tables = codelists(), {}
    keys: dict[str, list[str]] = {}
    above: Table | None = None
    for name, text in (("contacts", contacts), ("persons", persons), ("followups", followups)):
        if text:
            rows = rows_of(text)
            keys[name] = [row.pop("nr", "") for row in rows]
            above = tables[name] = _table(name, rows, lists, above=above, keys=keys, year=year)
    if traffic:
        tables["traffic"] = _traffic(rows_of(traffic), lists, year)
    of = edition(year, **changes)
    return Register(of, Dataset(of.edition, of.period, tables), lists, previous)


def _table(
    name: str,
    rows: list[Row],
    lists: dict[str, CodeList],
    *,
    above: Table | None,
    keys: dict[str, list[str]],
    year: int,
) -> Table:
    columns: dict[str, Any] = {"line": np.arange(2, len(rows) + 2, dtype=np.int32)}
    fields = [field for field in (rows[0] if rows else {}) if field not in ("contact", "person")]
    for field in fields:
        values = [row[field] for row in rows]
        columns |= _columns(field, values, lists, year)
    parents = None
    if above is not None:
        key = "contact" if above.name == "contacts" else "person"
        at = {name: place for place, name in enumerate(keys[above.name])}
        parents = np.array([at[row[key]] for row in rows], dtype=np.int32)
    frame = pd.DataFrame(columns)
    multiple = frozenset(fields) & MULTIPLE
    return Table(name, frame, frozenset(fields), multiple, {}, above, parents)


def _columns(
    field: str, values: list[str], lists: dict[str, CodeList], year: int
) -> dict[str, Any]:
    if field == "date":
        days = [value if len(value) > len("12-31") else f"{year}-{value}" for value in values]
        return {field: np.array(days, dtype="datetime64[s]")}
    if field in ("hour", "age"):
        return {field: np.array([int(value or -1) for value in values], dtype=np.int16)}
    classes = [*(each["code"] for each in AGES), "unknown"]
    order = classes if field == "age_class" else lists[field].order
    if field in MULTIPLE:
        return {f"{field}:{c}": np.array([c in v.split("+") for v in values]) for c in order}
    codes = [value or None for value in values]
    return {field: pd.Categorical(codes, categories=pd.Index(order, dtype="str"))}


def _traffic(rows: list[Row], lists: dict[str, CodeList], year: int) -> Table:
    dimensions = [name for name in rows[0] if name not in ("measure", "when", "value")]
    days = [_days(row["when"], year) for row in rows]
    columns: dict[str, Any] = {
        "measure": pd.Categorical([row["measure"] for row in rows]),
        "grain": pd.Categorical([grain for grain, _, _ in days]),
        "start": np.array([start for _, start, _ in days], dtype="datetime64[s]"),
        "end": np.array([end for _, _, end in days], dtype="datetime64[s]"),
    }
    for name in dimensions:
        codes = [row[name] or None for row in rows]
        grown = sorted({code for code in codes if code} - set(lists[name].order))
        order = pd.Index([*lists[name].order, *grown], dtype="str")
        columns[name] = pd.Categorical(codes, categories=order)
    columns["value"] = np.array([int(row["value"]) for row in rows], dtype=np.int64)
    fields = frozenset({"measure", "grain", *dimensions})
    return Table("traffic", pd.DataFrame(columns), fields)


def _days(when: str, year: int) -> tuple[str, str, str]:
    """`year`, `03` or `03-05`: the grain, the first and the last day."""
    if when == "year":
        return "year", f"{year}-01-01", f"{year}-12-31"
    if re.fullmatch(r"\d\d", when):
        last = calendar.monthrange(year, int(when))[1]
        return "month", f"{year}-{when}-01", f"{year}-{when}-{last}"
    return "day", f"{year}-{when}", f"{year}-{when}"


def saying(of: Register, table: str, field: str, *codes: str) -> Register:
    """The same register, where the source of a field can say these codes alone."""
    tables = dict(of.dataset.tables)
    tables[table] = replace(tables[table], codes={field: frozenset(codes)})
    return replace(of, dataset=replace(of.dataset, tables=tables))


def with_threshold(of: Register, threshold: int = 5, **decided: Any) -> Register:
    """The same register, where counts below a threshold are hidden."""
    by_whom = {"decided_by": "x", "decided_on": "2018-01-01", "reason": NAME}
    disclosure = Disclosure.model_validate({"threshold": threshold, **by_whom, **decided})
    return replace(of, edition=of.edition.model_copy(update={"disclosure": disclosure}))


def ledger_with(figures: Iterable[Figure], *breakdowns: Breakdown, **parts: Any) -> Ledger:
    """A ledger of 2017 with these figures and breakdowns, each under its name."""
    named = {each.id: each for each in breakdowns}
    by_name = {each.id: each for each in figures}
    return Ledger(edition="2017", figures=by_name, breakdowns=named, **parts)


def whole(of: Register, noun: str = "contacts") -> Population:
    return Population.whole(of, noun)


def count_rows(population: Population) -> int:
    """How many rows belong to a population, by both counts."""
    number = int(make_mask(population).sum())
    assert recount_rows(population) == number
    return number


def without(population: Population, days: Period) -> Population:
    """The rows of a population less those of some days."""
    return replace(population, spec=population.spec.update_each(lambda _: {"without": days}))


def refusal(call: Callable[..., object], *arguments: Any, **named: Any) -> str:
    with pytest.raises(HelplineError) as error:
        call(*arguments, **named)
    return str(error.value)
