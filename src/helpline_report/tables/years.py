"""An edition's year and the year that it is compared with: read together, held against each other.

What needs both years is found here, and every problem of both comes in one report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from helpline_report.errors import ExportError, Problem
from helpline_report.parameters.acknowledging import acknowledging, ask, line
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.across import YearKeys, YearRefusedError, refuse_shared_keys
from helpline_report.tables.model import AcknowledgedFault, Dataset, WaitingFault
from helpline_report.tables.odd_months import empty_months
from helpline_report.tables.odd_year import Oddity, odd_fields, silent_months
from helpline_report.tables.sources import source_files
from helpline_report.tables.store import load_cached
from helpline_report.tables.tallies import Tally, sayable, tallies
from helpline_report.tables.unseen import Both, Unseen, unseen_codes


@dataclass(frozen=True)
class Year:
    """One edition's parameters and tables."""

    edition: Edition
    dataset: Dataset


@dataclass(frozen=True)
class Years:
    """A year, the year before where the edition names one, and the codes of one of them alone."""

    now: Year
    before: Year | None = None
    unseen: tuple[Unseen, ...] = ()

    def each(self) -> tuple[Year, ...]:
        """The years that there are, this one first."""
        return (self.now,) if self.before is None else (self.now, self.before)


Load = Callable[[Project, Edition], Dataset]


def load_years(project: Project, now: Edition, load: Load = load_cached) -> Years:
    """Read an edition's year and the one before it, and hold them against each other.

    Of a year that is compared with by its released ledger there are no rows, and nothing to hold.

    What is odd about a year, and acknowledged, is on its dataset with what its files had. A draft
    leaves rows with faults out of both, and only lists what waits to be acknowledged.

    Raises:
        ExportError: with every problem of every file of both years.
        ParametersError, CorrectionsError, MachineError: as `load_dataset` raises them.
    """
    found: dict[str, Dataset] = {}
    keys: list[YearKeys] = []
    errors: list[ExportError] = []
    editions = [now]
    if now.comparison is not None and now.comparison_ledger is None:
        before = project.edition(now.comparison)
        editions.append(before.model_copy(update={"draft": True}) if now.draft else before)
    for edition in editions:
        try:
            found[edition.edition] = load(project, edition)
            keys.append(YearKeys.of(found[edition.edition]))
        except ExportError as error:
            errors.append(error if edition is now else _or_ledger(error))
            if isinstance(error, YearRefusedError):
                keys.append(error.keys)
    if errors:
        raise _together([*errors, *_shared_keys(keys)])
    years = [Year(edition, found[edition.edition]) for edition in editions]
    return _compared(project, years)


def _or_ledger(error: ExportError) -> ExportError:
    """The problems of the comparison year; of a file that is gone, what else there is to do."""
    step = "or, if it is gone for good, name that year's ledger.json as 'comparison_ledger'"
    problems = [
        replace(item, next_step=f"{item.next_step}; {step}") if _is_gone(item) else item
        for item in error.problems
    ]
    return ExportError(problems, error.counts, asks=error.asks)


def _is_gone(problem: Problem) -> bool:
    return problem.code == "B00" and problem.what.startswith("there is no such")


def _together(errors: Sequence[ExportError]) -> ExportError:
    """The problems of several years in one report."""
    counts = sum((error.counts for error in errors), Counter[str]())
    problems = [problem for error in errors for problem in error.problems]
    return ExportError(problems, counts, asks=[text for error in errors for text in error.asks])


def _compared(project: Project, years: Sequence[Year]) -> Years:
    """The years with what is odd about them acknowledged, or refused."""
    lists = project.codelists()
    odd = [list(silent_months(year.edition, year.dataset, lists)) for year in years]
    errors: list[ExportError] = []
    unseen: tuple[Unseen, ...] = ()
    before: Mapping[str, Tally] | None = None
    breaks: Sequence[Break] = years[0].edition.breaks
    if len(years) > 1:
        both = _both(project, years, lists)
        odd[0] += odd_fields(both.now, both.before, lists, both.breaks, both.period)
        before, breaks = both.before, both.breaks
        unseen = tuple(unseen_codes(both))
        errors += _shared_keys([YearKeys.of(year.dataset) for year in years])
    known = {item.about for item in odd[0]}
    by_month = empty_months(years[0].dataset, lists, breaks, before)
    odd[0] += [item for item in by_month if item.about.split()[0] not in known]
    judged: list[Year] = []
    for year, found in zip(years, odd, strict=True):
        try:
            judged.append(_judged(year, found))
        except ExportError as error:
            errors.append(error)
    if errors:
        raise _together(errors)
    return Years(judged[0], judged[1] if len(judged) > 1 else None, unseen)


def _shared_keys(years: Sequence[YearKeys]) -> Iterator[ExportError]:
    """What is wrong with the keys of two years, as far as both could be read."""
    try:
        for before in years[1:]:
            refuse_shared_keys(years[0], before)
    except ExportError as error:
        yield error


def _both(project: Project, years: Sequence[Year], lists: Mapping[str, CodeList]) -> Both:
    now, before = years
    breaks = _breaks(now.edition, before.edition)

    def tallied(year: Year) -> dict[str, Tally]:
        said = sayable(source_files(project, year.edition, lists), year.edition.period)
        return tallies(year.dataset, lists, breaks, said)

    return Both(
        now=tallied(now),
        before=tallied(before),
        period=now.edition.period,
        period_before=before.edition.period,
        dataset=now.dataset,
        breaks=breaks,
        lists=lists,
    )


def _breaks(now: Edition, before: Edition) -> list[Break]:
    """The breaks of these two years that either edition declares."""
    declared = {item.id: item for item in (*before.breaks, *now.breaks)}
    start, end = before.period.start, now.period.end
    return [item for item in declared.values() if start < item.date <= end]


def _judged(year: Year, odd: Iterable[Oddity]) -> Year:
    """A year with what is odd about it and known; a draft lists what isn't.

    Raises:
        ExportError: something is odd that the parameters don't acknowledge.
    """
    known: list[AcknowledgedFault] = []
    waiting: list[WaitingFault] = []
    problems: list[Problem] = []
    lines: list[str] = []
    files = {balance.table: balance.file for balance in reversed(year.dataset.balances)}
    for item in odd:
        file, about = files[item.table], item.about
        entry = acknowledging(year.edition, code=item.code, file=file, about=about)
        if entry is not None:
            known.append(AcknowledgedFault(item.code, entry.reason, file, about=about))
            continue
        waiting.append(WaitingFault(item.code, file, about=about))
        problems.append(Problem(file, 0, "", item.code, item.what, next_step=item.next_step))
        lines.append(line(item.code, file=file, about=about))
    if problems and not year.edition.draft:
        raise ExportError(problems, asks=ask(year.edition, lines))
    dataset = replace(
        year.dataset,
        acknowledged=(*year.dataset.acknowledged, *known),
        waiting=(*year.dataset.waiting, *waiting),
    )
    return Year(year.edition, dataset)
