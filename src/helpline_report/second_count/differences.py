"""Compare both counts: a difference stops the release, and names its rows."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import Figure, PopulationSpec, Value
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import write_private
from helpline_report.second_count.comparisons import Lists, describe_comparisons
from helpline_report.second_count.database import LinesLeftOut, open_database
from helpline_report.second_count.recount import (
    TIED,
    VALUE,
    CountedNumbers,
    lacks_comparison_rows,
    list_figures_due,
)
from helpline_report.second_count.row_tables import list_fields
from helpline_report.second_count.sql import KEYS
from helpline_report.second_count.statements import select_lines

# Sums and quotients of whole numbers: the two counts differ by the rounding of one division.
PRECISION = 1e-12
# Quantiles of two distributions, and sums of many quotients.
PRECISIONS = {"low": 1e-7, "high": 1e-7, "dispersion": 1e-9}
COMPARISON = "comparison"
MOST_DIFFERENCES = 20
MOST_LINES = 5
FIELDS = ("figure", "what", "first_count", "second_count", "table", "counted_by", "line")
Lines = Callable[[PopulationSpec], Sequence[int]]


@dataclass(frozen=True)
class Difference:
    """A number on which the two counts differ, and the lines of the rows that only one counts.

    `what` is `value`, or which number of the figure it is, as in `Query.gives`.
    """

    figure: str
    what: str
    first: Value | None
    second: Value | None
    table: str
    only_first: tuple[int, ...] = ()
    only_second: tuple[int, ...] = ()


@dataclass(frozen=True)
class Recounted:
    """How many figures were counted again, and what differs."""

    figures: int
    differences: tuple[Difference, ...]


def check_counts(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    second: CountedNumbers,
    *,
    lines: Lines,
    output: str,
    left_out: LinesLeftOut | None = None,
) -> tuple[Check, ...]:
    """The checks that a ledger and its second count pass.

    `lines` gives the lines of a population in the first count; the file of differences is named
    after `output`.

    Raises:
        RefusedError: the two counts differ; a private file names the rows that differ.
    """
    lists = project.codelists_of(editions[0])
    recounted = compare_counts(ledger, second, editions, lists)
    place = project.private / "recount" / f"{output}.csv"
    if recounted.differences:
        recounted = find_lines(project, editions, ledger, recounted, lines=lines, left_out=left_out)
        write_private(place, list_rows(recounted.differences))
        raise refuse(recounted, project.label(place))
    place.unlink(missing_ok=True)
    # Other figures are of a chapter's own code, or stand on the released ledger of another year.
    with_value = sum(figure.status == "ok" for figure in ledger.figures.values())
    checks = {"second_count": recounted.figures, "counted_once": ledger.counted_once}
    checks["taken_over"] = with_value - sum(checks.values())
    return tuple(
        Check(name=name, passed=True, of=of)
        for name, of in checks.items()
        if of or name == "second_count"
    )


def compare_counts(
    ledger: Ledger, numbers: CountedNumbers, editions: Sequence[Edition], lists: Lists
) -> Recounted:
    """What the second count gives otherwise than the first; `editions` are those with rows."""
    with_rows = {each.edition for each in editions}
    due = list_figures_due(ledger, with_rows)
    whole = sum(not lacks_comparison_rows(figure, with_rows) for figure in due)
    differences = [each for figure in due for each in _differences(figure, numbers[figure.id])]
    differences += [
        Difference(name, COMPARISON, first, second, ledger.figures[name].population.table)
        for name, first, second in describe_comparisons(ledger, editions, lists)
        if first != second
    ]
    return Recounted(whole, tuple(differences))


def _differences(figure: Figure, numbers: Mapping[str, Value | None]) -> Iterator[Difference]:
    """Which numbers of a figure differ: its parts or, if none does, its value."""
    table, interval = figure.population.table, figure.interval
    if not numbers:
        yield Difference(figure.id, VALUE, figure.value, None, table)
        return
    exposure = figure.exposure
    counted: dict[str, Value | None] = {
        **dict.fromkeys(("count", "numerator", "maximum"), figure.numerator),
        **dict.fromkeys(("denominator", "against", "divisor"), figure.denominator),
        **({"observed": exposure.own, "observed_against": exposure.other} if exposure else {}),
        TIED: " ".join(sorted(figure.tied)),
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        **({"dispersion": interval.dispersion} if interval else {}),
    }
    parts = [
        Difference(figure.id, gives, first, numbers[gives], table)
        for gives, first in counted.items()
        if gives in numbers and not _same(first, numbers[gives], PRECISIONS.get(gives, PRECISION))
    ]
    yield from parts
    if interval is not None:
        # The interval holds the value; that of a flag holds the ratio that it is about.
        value = interval.low if figure.kind == "flag" else figure.number
        above, below = figure.numerator, figure.denominator
        if figure.kind == "flag" and exposure and exposure.other and below and above is not None:
            value = above * exposure.other / (below * exposure.own)
        slack = 1e-9 * max(1, abs(value))
        if not interval.low - slack <= value <= interval.high + slack:
            text = f"{interval.low} to {interval.high}"
            yield Difference(figure.id, "interval", text, "an interval that holds the value", table)
    if not parts and not _same(figure.value, numbers[VALUE]):
        yield Difference(figure.id, VALUE, figure.value, numbers[VALUE], table)


def _same(first: Value | None, second: Value | None, precision: float = PRECISION) -> bool:
    if isinstance(first, str) or isinstance(second, str) or first is None or second is None:
        return first == second
    return math.isclose(first, second, rel_tol=precision, abs_tol=precision)


def find_lines(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    recounted: Recounted,
    *,
    lines: Lines,
    left_out: LinesLeftOut | None = None,
) -> Recounted:
    """The differences with the rows that make them; `lines` are those of the first count."""
    fields = list_fields(editions, project.layouts(editions), project.codelists_of(editions[0]))
    differences: list[Difference] = []
    with open_database(project, editions, left_out) as database:
        for each in recounted.differences:
            figure, spec = ledger.figures[each.figure], None
            if each.what in ("denominator", "against"):
                spec = figure.of
            elif each.what in ("count", "numerator", "maximum"):
                spec = figure.population
            if spec is not None and spec.table in KEYS:
                first = set(lines(spec))
                rows = database.execute(select_lines(spec, fields)).fetchall()
                second = {int(row[0]) for row in rows}
                only_first = tuple(sorted(first - second))
                only_second = tuple(sorted(second - first))
                each = replace(each, only_first=only_first, only_second=only_second)  # noqa: PLW2901
            differences.append(each)
    return replace(recounted, differences=tuple(differences))


def refuse(recounted: Recounted, where: str) -> RefusedError:
    """The error that names each figure, both its numbers, and some of the rows that differ.

    `where` is the private file that holds all of them.
    """
    differences = recounted.differences
    lines = []
    for each in differences:
        first, second = _write(each.first), _write(each.second)
        line = f"{each.figure}, {each.what}: {first} by the chapters, {second} by SQL"
        if each.only_first:
            line += f"; only the chapters count {each.table} of line {_some(each.only_first)}"
        if each.only_second:
            line += f"; only SQL counts {each.table} of line {_some(each.only_second)}"
        lines.append(line)
    listed = "\n".join(list_first(lines, MOST_DIFFERENCES))
    numbers = {"places": len(differences), "figures": recounted.figures}
    return make_error(RefusedError, "counts_differ", lines=listed, file=where, **numbers)


def _write(value: Value | None) -> str:
    if value is None:
        return "nothing"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _some(lines: Sequence[int]) -> str:
    listed = ", ".join(str(line) for line in lines[:MOST_LINES])
    return listed if len(lines) <= MOST_LINES else f"{listed} and {len(lines) - MOST_LINES} more"


def list_rows(differences: Sequence[Difference]) -> str:
    """Every difference and every row that makes it, as CSV: places, never what stands there."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for each in differences:
        counts = (_write(each.first), _write(each.second))
        rows = [("chapters", str(line)) for line in each.only_first]
        rows += [("sql", str(line)) for line in each.only_second]
        for row in rows or [("", "")]:
            writer.writerow([each.figure, each.what, *counts, each.table, *row])
    return text.getvalue()
