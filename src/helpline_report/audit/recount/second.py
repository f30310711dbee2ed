"""The second count of an edition, from its exports to its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from helpline_report.audit.recount.answers import KEPT_NOWHERE, Answers, Keep
from helpline_report.audit.recount.count import Lines, Recounted
from helpline_report.audit.recount.kept import Database, KeptTables
from helpline_report.audit.recount.refusal import all_differences, refuse
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.private_files import write_private

if TYPE_CHECKING:
    import duckdb

    from helpline_report.audit.recount.texts import LeftOut
    from helpline_report.audit.recount.untouched import Standing


def count_twice(
    project: Project,
    editions: Sequence[Edition],
    ledger: Callable[[], Ledger],
    lines: Lines,
    *,
    left_out: LeftOut | None = None,
    standing: Standing | None = None,
    keep: Keep = KEPT_NOWHERE,
) -> tuple[Check, ...]:
    """Every figure counted again from the exports by another engine: the checks that it passed.

    `editions` are those that have exports. What a figure takes from the released ledger of another
    isn't counted: a check says of how many figures that is so, and the rest of them is. Where
    nothing is kept, the database is made before `ledger` is called, which may wait for it.

    `lines` are the rows of a population in the first count, to say which rows differ; `left_out`
    are those that a draft leaves out, and `standing` the files in which nothing was mended or left
    out by their reading. `keep` is where answers are kept from one count of the same rows to the
    next, and under which key the tables are.

    Raises:
        RefusedError: the two counts differ; a private file names the rows that make it. Or the
            exports aren't any more what they were.
    """
    rows: dict[str, Any] = {"left_out": left_out, "standing": standing}
    once = cache(ledger)
    recounted, keys, on_kept = _both(project, editions, once, lines, keep=keep, **rows)
    if recounted.differences and on_kept:
        # Nothing is refused for what was kept: the exports themselves are asked.
        anew = replace(keep, anew=True)
        recounted, keys, _ = _both(project, editions, once, lines, keep=anew, **rows)
    place = project.private / "recount" / f"{once().edition}.csv"
    if recounted.differences:
        write_private(place, all_differences(recounted.differences))
        raise refuse(recounted, place.relative_to(project.root).as_posix())
    place.unlink(missing_ok=True)
    checks = [Check(name="second_count", passed=True, of=recounted.figures), keys]
    if recounted.once:
        checks.append(Check(name="counted_once", passed=True, of=recounted.once))
    if recounted.taken_over:
        checks.append(Check(name="taken_over", passed=True, of=recounted.taken_over))
    return tuple(checks)


def recount(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    lines: Lines,
    *,
    left_out: LeftOut | None = None,
    standing: Standing | None = None,
) -> Recounted:
    """Count every figure of a ledger again, from the exports of the edition and its comparison."""
    rows: dict[str, Any] = {"left_out": left_out, "standing": standing}
    return _both(project, editions, lambda: ledger, lines, keep=KEPT_NOWHERE, **rows)[0]


def _both(
    project: Project,
    editions: Sequence[Edition],
    ledger: Callable[[], Ledger],
    lines: Lines,
    *,
    keep: Keep,
    left_out: LeftOut | None,
    standing: Standing | None,
) -> tuple[Recounted, Check, bool]:
    """The second count, the look for keys in the ledger, and whether they stand on what was kept.

    What they asked is kept for the next count, unless the two counts differ.
    """
    from helpline_report.audit.recount.count import count_again  # noqa: PLC0415 - only a build
    from helpline_report.audit.recount.privacy import no_keys  # noqa: PLC0415
    from helpline_report.audit.sql_conditions import Columns  # noqa: PLC0415

    lists = project.codelists()

    def made() -> duckdb.DuckDBPyConnection:
        # DuckDB takes a while to load, and only a statement that is new needs it.
        from helpline_report.audit.recount.database import open_database  # noqa: PLC0415

        return open_database(project, editions, left_out, standing, lists=lists)

    edition = editions[0]
    years = {each.edition for each in editions}
    answers = Answers(keep.read())
    database = Database(KeptTables(project.private, edition.edition, keep), made)
    with database as asked:
        if not answers.before:
            database.open()
        counted = ledger()
        columns = Columns(lists, edition.person_ages, counted.multiple)
        recounted = count_again(asked, counted, columns, lines, years, answers=answers)
        keys = no_keys(asked, counted, answers)
        if not recounted.differences:
            database.keep()
            keep.write(answers.given)
    return recounted, keys, bool(answers.before) or database.was_kept
