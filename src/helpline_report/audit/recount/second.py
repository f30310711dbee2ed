"""The second count of an edition, from its exports to its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from helpline_report.audit.recount.answers import Answers, Database, Keep
from helpline_report.audit.recount.count import Lines, Recounted
from helpline_report.audit.recount.refusal import all_differences, refuse
from helpline_report.edition.private import write_private
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.params.edition import Edition
from helpline_report.params.project import Project

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
    keep: Keep | None = None,
) -> tuple[Check, ...]:
    """Every figure counted again from the exports by another engine: the checks that it passed.

    `editions` are those that have exports. What a figure takes from the released ledger of another
    isn't counted: a check says of how many figures that is so, and the rest of them is. The
    database is made before `ledger` is called, which may wait for it.

    `lines` are the rows of a population in the first count, to say which rows differ; `left_out`
    are those that a draft leaves out, and `standing` the files in which nothing was mended or left
    out by their reading. `keep` is where answers are kept from one count of the same rows to the
    next.

    Raises:
        RefusedError: the two counts differ; a private file names the rows that make it. Or the
            exports aren't any more what they were.
    """
    asked = Answers() if keep is None else Answers(keep.read())
    with _database(project, editions, left_out, standing) as database:
        if not asked.before:
            database.open()
        counted = ledger()
        recounted, keys = _both(project, editions, counted, lines, (database, asked))
        if recounted.differences and asked.before:
            # Nothing is refused for what was kept: the exports themselves are asked.
            asked.before, asked.given = {}, {}
            recounted, keys = _both(project, editions, counted, lines, (database, asked))
    place = project.private / "recount" / f"{counted.edition}.csv"
    if recounted.differences:
        write_private(place, all_differences(recounted.differences))
        raise refuse(recounted, place.relative_to(project.root).as_posix())
    place.unlink(missing_ok=True)
    if keep is not None:
        keep.write(asked.given)
    checks = [Check(name="second_count", passed=True, of=recounted.figures), keys]
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
    with _database(project, editions, left_out, standing) as database:
        return _both(project, editions, ledger, lines, (database, Answers()))[0]


def _database(
    project: Project,
    editions: Sequence[Edition],
    left_out: LeftOut | None,
    standing: Standing | None,
) -> Database:
    def opened() -> duckdb.DuckDBPyConnection:
        # DuckDB takes a while to load, and only a statement that is new needs it.
        from helpline_report.audit.recount.database import open_database  # noqa: PLC0415

        return open_database(project, editions, left_out, standing, lists=project.codelists())

    return Database(opened)


def _both(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    lines: Lines,
    asked: tuple[Database, Answers],
) -> tuple[Recounted, Check]:
    """The second count, and whether a key of the exports stands in the ledger."""
    from helpline_report.audit.recount.count import count_again  # noqa: PLC0415 - only a build
    from helpline_report.audit.recount.privacy import no_keys  # noqa: PLC0415
    from helpline_report.audit.sql_conditions import Columns  # noqa: PLC0415

    edition = editions[0]
    columns = Columns(project.codelists(), edition.person_ages, ledger.multiple)
    years = {each.edition for each in editions}
    # Of a connection nothing is asked but what a database that opens late can do too.
    database, answers = cast("duckdb.DuckDBPyConnection", asked[0]), asked[1]
    recounted = count_again(database, ledger, columns, lines, years, answers=answers)
    return recounted, no_keys(database, ledger, answers)
