"""Tables: columns against their totals, percentages against their counts, changes against both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from helpline_report.audit.printing import Bounds
from helpline_report.audit.proofreading.arithmetic import change, point, total
from helpline_report.audit.proofreading.arithmetic import share as in_percent
from helpline_report.audit.proofreading.document import Row, Table
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import (
    Finding,
    Outcome,
    Outcomes,
    Verdict,
    between,
    count,
    say,
    share,
)
from helpline_report.audit.proofreading.numerals import Numeral
from helpline_report.audit.proofreading.text_tables import is_total
from helpline_report.audit.proofreading.vocabulary import dutch

CHECK = "table"
HUNDRED = Decimal(100)
# Of the cells of a column so many have to bear out what it is taken for, before the others are
# called wrong.
BORNE_OUT = Decimal("0.6")
FEWEST = 3

Made = Callable[[Row], Bounds | None]


def table_sums(evidence: Evidence) -> Outcomes:
    """Each column with a total, each column of percentages, each row with a total of its own."""
    for table in evidence.document.tables:
        for index in range(table.width):
            if table.total_of(index) is not None:
                yield from _column(table, index)
            if _shares(table, index):
                yield from _percentages(table, index)
        yield from _across(table)


def _shares(table: Table, index: int) -> bool:
    """Whether a column holds percentages; the head may say so in the place of the cells."""
    cells = table.column(index)
    return bool(cells) and all(cell.is_share for cell in cells)


def _size(cell: Numeral) -> Bounds:
    return cell.bounds(exact=True)


def _column(table: Table, index: int) -> Iterator[Outcome]:
    """A column's sum against its total; where only some rows are shown nothing can be said."""
    cells, printed = table.column(index), table.total_of(index)
    if printed is None or len(cells) < FEWEST or any(cell.signed for cell in cells):
        return
    if any(cell.is_share != printed.is_share for cell in cells) or _not_additive(table, index):
        return
    sum_, whole = total(_size(cell) for cell in cells), _size(printed)
    if printed.is_share and printed.value != HUNDRED:
        return
    if not sum_.excludes(whole):
        yield None
        return
    less = sum_.high < whole.low
    unit = share if printed.is_share else count
    said = unit((sum_.low + sum_.high) / 2) if printed.is_share else between(sum_)
    text = say(
        "table.sum",
        rows=str(len(cells)),
        column=_name(table, index),
        sum=said,
        total=unit(printed.value),
    )
    row = table.total or table.rows[-1]
    yield _finding(row, "incomplete" if less else "contradicts", text, [row.label, said])


def _not_additive(table: Table, index: int) -> bool:
    """Whether a column holds means, rates or indices, which have no sum."""
    head = f"{table.heads[index]}".casefold()
    words = (*dutch().mean, *dutch().change, "index", "ratio", "verhouding", "per ", "+/-", "score")
    return any(word in head for word in words)


def _percentages(table: Table, index: int) -> Iterator[Outcome]:
    """Percentages as shares of a column of counts, or as its growth: whichever most bear out."""
    best: tuple[int, str, Made] | None = None
    for kind, made in _readings(table):
        fits = sum(1 for row in table.rows if _fits(row, index, made))
        if best is None or fits > best[0]:
            best = fits, kind, made
    cells = len(table.column(index))
    if best is None or cells < FEWEST or best[0] < BORNE_OUT * cells:
        return
    _, kind, made = best
    for row in table.rows:
        printed = row.cells[index]
        own = made(row)
        if printed is None or own is None:
            continue
        yield None if not own.excludes(printed.bounds()) else _wrong(table, row, index, kind, own)


def _fits(row: Row, index: int, made: Made) -> bool:
    printed, own = row.cells[index], made(row)
    return printed is not None and own is not None and not own.excludes(printed.bounds())


def _readings(table: Table) -> Iterator[tuple[str, Made]]:
    """What a column of percentages may be: of each column of counts, or between two of them."""
    counts = [
        at
        for at in range(table.width)
        if table.column(at) and not any(cell.is_share for cell in table.column(at))
    ]
    for at in counts:
        printed = table.total_of(at)
        whole = _size(printed) if printed else total(_size(cell) for cell in table.column(at))
        if whole.low > 0:
            yield f"share {at}", _share_of(at, whole)
    for then in counts:
        for now in counts:
            if then != now:
                yield f"change {then} {now}", _change_between(then, now)
                yield f"part {now} {then}", _part_of(now, then)


def _share_of(at: int, whole: Bounds) -> Made:
    def made(row: Row) -> Bounds | None:
        cell = row.cells[at]
        return in_percent(_size(cell), whole) if cell else None

    return made


def _change_between(then: int, now: int) -> Made:
    def made(row: Row) -> Bounds | None:
        first, second = row.cells[then], row.cells[now]
        return change(_size(first), _size(second)) if first and second and first.value > 0 else None

    return made


def _part_of(part: int, whole: int) -> Made:
    def made(row: Row) -> Bounds | None:
        first, second = row.cells[part], row.cells[whole]
        if not first or not second or second.value <= 0:
            return None
        return in_percent(_size(first), _size(second))

    return made


def _wrong(table: Table, row: Row, index: int, kind: str, own: Bounds) -> Outcome:
    name, *columns = kind.split()
    places = [int(column) for column in columns]
    cells = [row.cells[place] for place in places]
    printed = row.cells[index]
    if printed is None or any(cell is None for cell in cells):
        return None
    first = cells[0].value if cells[0] else Decimal(0)
    said = {"row": row.label, "printed": share(printed.value, max(0, printed.decimals))}
    said["own"] = share((own.low + own.high) / 2, max(1, printed.decimals))
    if name == "change":
        second = cells[1].value if cells[1] else Decimal(0)
        text = say("table.change", then=count(first), now=count(second), **said)
    else:
        whole = _whole(table, places, cells)
        text = say("table.share", part=count(first), whole=count(whole), **said)
    return _finding(row, "contradicts", text, [row.label, said["printed"]])


def _whole(table: Table, places: Sequence[int], cells: Sequence[Numeral | None]) -> Decimal:
    if len(cells) > 1 and cells[1] is not None:
        return cells[1].value
    printed = table.total_of(places[0])
    return printed.value if printed else sum((c.value for c in table.column(places[0])), Decimal(0))


def _across(table: Table) -> Iterator[Outcome]:
    """A last column that is called a total, against the columns before it."""
    last = table.width - 1
    if last < FEWEST - 1 or not is_total(table.heads[last]):
        return
    for row in table.rows:
        cells = [cell for cell in row.cells[:last] if cell is not None and not cell.is_share]
        printed = row.cells[last]
        if printed is None or len(cells) != last:
            continue
        sum_ = total(_size(cell) for cell in cells)
        if not sum_.excludes(point(printed.value)):
            yield None
            continue
        text = say("table.across", row=row.label, sum=between(sum_), total=count(printed.value))
        yield _finding(row, "contradicts", text, [row.label, count(printed.value)])


def _name(table: Table, index: int) -> str:
    head = table.heads[index]
    return f"‘{head}’" if head else str(index + 1)


def _finding(row: Row, verdict: Verdict, text: str, quote: Sequence[str]) -> Finding:
    return Finding(row.place, CHECK, verdict, " · ".join(quote), text)
