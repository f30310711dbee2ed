"""Hold both counts against each other: a difference stops the release, and names its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.model import Value
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.private_files import write_private
from helpline_report.second_count.database import LeftOut
from helpline_report.second_count.recount import (
    Difference,
    Lines,
    Recounted,
    SecondCount,
    compare_counts,
    find_lines,
)

MOST_DIFFERENCES = 20
MOST_LINES = 5
FIELDS = ("figure", "what", "first_count", "second_count", "table", "counted_by", "line")


def check_counts(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    second: SecondCount,
    *,
    lines: Lines,
    left_out: LeftOut | None = None,
) -> tuple[Check, ...]:
    """The checks that a ledger and its second count pass.

    `lines` are the rows of a population in the first count, to say which rows differ.

    Raises:
        RefusedError: the two counts differ; a private file names the rows that make it. Or a key of
            a contact or a person stands in the ledger.
    """
    lists = project.codelists_of(editions[0])
    recounted = compare_counts(ledger, second.numbers, editions, lists)
    place = project.private / "recount" / f"{ledger.edition}.csv"
    if recounted.differences:
        recounted = find_lines(project, editions, ledger, recounted, lines=lines, left_out=left_out)
        write_private(place, list_rows(recounted.differences))
        raise refuse(recounted, place.relative_to(project.root).as_posix())
    place.unlink(missing_ok=True)
    checks = [
        Check(name="second_count", passed=True, of=recounted.figures),
        check_keys(second.keys, second.keys_released),
    ]
    if recounted.once:
        checks.append(Check(name="counted_once", passed=True, of=recounted.once))
    if recounted.taken_over:
        checks.append(Check(name="taken_over", passed=True, of=recounted.taken_over))
    return tuple(checks)


def refuse(recounted: Recounted, where: str) -> RefusedError:
    """The error that names each figure, both its numbers, and some of the rows that differ.

    `where` is the private file that holds all of them.
    """
    differences = recounted.differences
    what = f"in {len(differences)} place(s) of {recounted.figures} figures; nothing was released"
    lines = [f"the second count differs from the first {what}"]
    for each in differences[:MOST_DIFFERENCES]:
        first, second = _write(each.first), _write(each.second)
        line = f"  {each.figure}, {each.what}: {first} by the chapters, {second} by SQL"
        if each.only_first:
            line += f"; only the chapters count {each.table} of line {_some(each.only_first)}"
        if each.only_second:
            line += f"; only SQL counts {each.table} of line {_some(each.only_second)}"
        lines.append(line)
    if len(differences) > MOST_DIFFERENCES:
        lines.append(f"  and {len(differences) - MOST_DIFFERENCES} more")
    return RefusedError(
        "\n".join(lines),
        next_step=f"look at these rows: {where} names all of them. One of the two counts reads a "
        "code, a date or a condition wrongly; please report it",
    )


def _write(value: Value | None) -> str:
    return "nothing" if value is None else str(value)


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


def check_keys(telling: int, released: int) -> Check:
    """The check that no key stands in what is released.

    Raises:
        RefusedError: one does. The message doesn't say which.
    """
    if released:
        raise RefusedError(
            f"{released} key(s) of contacts or persons stand in what is released; nothing was",
            next_step="a code list holds the number of a contact or a person: take it out",
        )
    return Check(name="keys", passed=True, of=telling)
