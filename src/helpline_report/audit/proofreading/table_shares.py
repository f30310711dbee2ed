"""A percentage in a sentence that is a row of a table, or rows of it, and of another whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from helpline_report.audit.proofreading.arithmetic import point
from helpline_report.audit.proofreading.arithmetic import share as in_percent
from helpline_report.audit.proofreading.document import Row, Table
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    Finding,
    Outcome,
    Outcomes,
    count,
    quoted,
    say,
    share,
)
from helpline_report.audit.proofreading.mentions import Mention
from helpline_report.audit.proofreading.vocabulary import dutch

CHECK = "table_shares"
WORD, LONG_WORD = 4, 5
PARTICIPLE = re.compile(r"^(aan|af|door|in|op|over|terug|toe|uit|voor)?ge([a-z]{3,})$")


@dataclass(frozen=True)
class _Rows:
    """Rows of one table that a sentence may speak of, by the word they begin with."""

    table: Table
    rows: tuple[Row, ...]
    word: str
    part: Decimal
    whole: Decimal
    population: str


def table_shares(evidence: Evidence) -> Outcomes:
    """Each share that a sentence takes from a table of the same section."""
    groups = [group for table in evidence.document.tables for group in _groups(table, evidence)]
    for item in evidence.mentions:
        if item.role != "share" or item.pair is not None or item.population not in evidence.totals:
            continue
        for group in groups:
            if group.table.section == item.section and _speaks_of(item, group):
                outcome = _compare(item, group, evidence)
                if outcome is not None or group.population == item.population:
                    yield outcome
                    break


def _groups(table: Table, evidence: Evidence) -> Iterator[_Rows]:
    """Each row of a table with a total, and all rows that begin with one word."""
    for index in range(table.width):
        total, population = table.total_of(index), evidence.column_population(table, index)
        if total is None or total.is_share or population not in evidence.totals:
            continue
        by_word: dict[str, list[Row]] = {}
        for row in table.rows:
            by_word.setdefault(row.label.split()[0], []).append(row)
            yield _rows(table, [row], row.label, index, str(population))
        for word, rows in by_word.items():
            if len(rows) > 1:
                yield _rows(table, rows, word, index, str(population))


def _rows(table: Table, rows: Sequence[Row], word: str, index: int, population: str) -> _Rows:
    total = table.total_of(index)
    cells = [row.cells[index] for row in rows]
    part = sum((cell.value for cell in cells if cell), Decimal(0))
    return _Rows(table, tuple(rows), word, part, total.value if total else Decimal(0), population)


def _speaks_of(item: Mention, group: _Rows) -> bool:
    """Whether a sentence uses the words of a row, or the word that rows begin with."""
    text = item.sentence.text.casefold()
    if len(group.rows) > 1:
        return len(group.word) >= LONG_WORD and _has(text, group.word.casefold())
    words = [word for word in re.findall(r"[^\W\d]+", group.word.casefold()) if len(word) >= WORD]
    hits = sum(1 for word in words if _has(text, word))
    return bool(words) and (hits == len(words) or (hits >= 1 and item.numeral.decimals > 1))


def _has(text: str, word: str) -> bool:
    """Whether a text holds a word, or a participle of two parts as its verb and its particle."""
    if re.search(rf"(?<!\w){re.escape(word)}", text):
        return True
    match = PARTICIPLE.match(word)
    if not match:
        return False
    particle, stem = match[1], re.sub(r"[td]$", "", match[2])
    verb = re.search(rf"(?<!\w){re.escape(stem)}", text)
    return bool(verb and (not particle or re.search(rf"(?<!\w){particle}(?!\w)", text)))


def _compare(item: Mention, group: _Rows, evidence: Evidence) -> Outcome:
    """A finding where the share fits the table's whole, and not the whole it names."""
    if group.population == item.population or group.whole <= 0:
        return None
    claimed = evidence.totals[str(item.population)]
    own = in_percent(point(group.part), point(group.whole))
    other = in_percent(point(group.part), point(claimed))
    if own.excludes(item.bounds) or not other.excludes(item.bounds):
        return None
    several = len(group.rows) > 1
    text = say(
        "table_shares.rows" if several else "table_shares.row",
        place=str(group.table.place),
        rows=str(len(group.rows)),
        row=group.word,
        part=count(group.part),
        base=count(group.whole),
        actual=dutch().name(group.population),
        own=share(own.low),
        whole=count(claimed),
        claimed=dutch().name(str(item.population)),
        other=share(other.low),
    )
    quote = quoted(item.sentence, item.numeral.start, item.numeral.end)
    return Finding(item.place, CHECK, "wrong_population", quote, text)
