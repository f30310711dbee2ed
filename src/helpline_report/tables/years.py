"""Read an edition's year and the year that it is compared with, and check them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.faults import FAULTS, make_problem
from helpline_report.parameters.acknowledgements import request_acknowledgements
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import ROW, DatedCode, RowFile, TableLayout
from helpline_report.tables.artefacts import odd_persons, odd_times, touched_by
from helpline_report.tables.code_tallies import REGISTRATION, Tally, labelled_codes, tally_fields
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.keys import YearKeys, YearRefusedError, refuse_shared_keys
from helpline_report.tables.plausibility import (
    Oddity,
    OneYearCode,
    TwoYears,
    empty_months,
    odd_fields,
    one_year_codes,
    silent_days,
    silent_months,
    silent_parts,
)
from helpline_report.tables.refusals import Settled
from helpline_report.tables.source_files import source_files
from helpline_report.tables.store import load_kept


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
    one_year_codes: tuple[OneYearCode, ...] = ()

    def each(self) -> tuple[Year, ...]:
        """The years that there are, this one first."""
        return (self.now,) if self.before is None else (self.now, self.before)


Load = Callable[[Project, Edition], Dataset]


def load_years(project: Project, now: Edition, load: Load = load_kept) -> Years:
    """Read an edition's year and the one before it, and check them together.

    Of a year that is compared with by its released ledger there are no rows, and nothing to hold.

    What is odd about a year, and acknowledged, is on its dataset with what its files had. A draft
    leaves rows with faults out of both, and only lists what waits to be acknowledged.

    Raises:
        ExportError: with every problem of every file of both years.
        ParametersError, CorrectionsError, MachineError: as `load_dataset` raises them.
    """
    datasets: dict[str, Dataset] = {}
    keys: list[YearKeys] = []
    errors: list[ExportError] = []
    editions = [now]
    if now.comparison is not None and now.comparison_ledger is None:
        before = project.comparison(now)
        editions.append(before.model_copy(update={"draft": True}) if now.draft else before)
    for edition in editions:
        try:
            datasets[edition.edition] = load(project, edition)
            keys.append(YearKeys.of_dataset(datasets[edition.edition]))
        except ExportError as error:
            errors.append(error if edition is now else _or_ledger(error))
            if isinstance(error, YearRefusedError):
                keys.append(error.keys)
    for earlier in keys[1:]:
        try:
            refuse_shared_keys(keys[0], earlier)
        except ExportError as error:
            errors.append(error)
    if errors and len(datasets) < len(editions):
        raise _together(errors)
    years = [Year(edition, datasets[edition.edition]) for edition in editions]
    return _compare(project, years, errors)


def _or_ledger(error: ExportError) -> ExportError:
    """The problems of the comparison year; of a file that is gone, what else there is to do."""
    step = "or, if it is gone for good, name that year's ledger.json as 'comparison_ledger'"
    problems = [
        replace(item, next_step=f"{item.next_step}; {step}")
        if item.code == "B00" and item.what.startswith("there is no such")
        else item
        for item in error.problems
    ]
    return ExportError(problems, error.counts, asks=error.asks)


def _together(errors: Sequence[ExportError]) -> ExportError:
    """The problems of several years in one report."""
    counts = sum((error.counts for error in errors), Counter[str]())
    problems = [problem for error in errors for problem in error.problems]
    return ExportError(problems, counts, asks=[text for error in errors for text in error.asks])


def _compare(project: Project, years: Sequence[Year], errors: list[ExportError]) -> Years:
    """The years with what is odd about them acknowledged, or refused with `errors`."""
    lists = project.codelists_of(years[0].edition)
    odd = [_odd_year(year, lists) for year in years]
    earlier = (years[1].edition, years[1].dataset) if len(years) > 1 else None
    odd[0] += odd_times((years[0].edition, years[0].dataset), earlier)
    codes: tuple[OneYearCode, ...] = ()
    before: Mapping[str, Tally] | None = None
    breaks: Sequence[Break] = years[0].edition.breaks
    if len(years) > 1:
        unlike = list(unlike_years(project, years[0].edition, years[1].edition))
        errors += [ExportError(unlike)] if unlike else []
        both = _two_years(project, years[0], years[1], lists)
        odd[0] += odd_persons(years[0].dataset, years[1].dataset)
        odd[0] += odd_fields(both.now, both.before, lists, both.breaks, both.period)
        before, breaks, codes = both.before, both.breaks, tuple(one_year_codes(both))
    odd[0] += silent_parts(years[0].edition, years[0].dataset, lists, breaks)
    named = {item.about for item in odd[0]}
    by_month = empty_months(years[0].dataset, lists, breaks, before)
    odd[0] += [item for item in by_month if item.about.split()[0] not in named]
    settled: list[Year] = []
    for year, oddities in zip(years, odd, strict=True):
        try:
            settled.append(_settle(year, oddities))
        except ExportError as error:
            errors.append(error)
    if errors:
        raise _together(errors)
    return Years(settled[0], settled[1] if len(settled) > 1 else None, codes)


def unlike_years(project: Project, now: Edition, before: Edition) -> Iterator[Problem]:
    """What two years don't count the same, unless a break bridges it (B81): keys, fields, scope.

    Of two layouts a field is read otherwise where one gives several codes a row, where a blank
    means another code, or where a label does.
    """
    lists, breaks = project.codelists_of(now), _breaks_between(now, before)
    layouts, files = _table_layouts(project, now, lists)
    layouts_before, _ = _table_layouts(project, before, lists)
    tables = [name for name in REGISTRATION if name in layouts and name in layouts_before]
    whole = {name for item in breaks if item.field is None for name in item.tables}
    fields = {item.field for item in breaks}

    def describe(case: str, file: str, of: str, **values: object) -> Problem:
        common = {"edition": before.edition, "date": now.period.start, "of": of}
        values = {**common, "id": f"other_{case}", **values}
        return make_problem("B81", case, values, file=file, line=0, column="")

    keys = {name: (layouts[name].key, layouts_before[name].key) for name in tables}
    other = [name for name, pair in keys.items() if plain(pair[0]) != plain(pair[1])]
    other = [name for name in other if name not in whole]
    if other:
        here, there = ("a row" if key == ROW else f"'{key}'" for key in keys[other[0]])
        listed = ", ".join(other)
        of = f"tables: [{listed}]"
        yield describe("key", files[other[0]], of, tables=listed, key=here, before=there)
    for name in tables:
        readings, readings_before = _readings(layouts[name]), _readings(layouts_before[name])
        for field in sorted(readings.keys() & readings_before.keys()):
            how = _differs(readings[field], readings_before[field])
            if how and field not in fields and name not in whole:
                yield describe("field", files[name], f"field: {field}", field=field, how=how)
    lines, lines_before = set(now.helpline.lines), set(before.helpline.lines)
    if lines != lines_before and "helpline" not in fields and "contacts" not in whole:
        only = ", ".join(sorted(lines ^ lines_before))
        file = f"params/{now.edition}.yaml"
        yield describe("scope", file, "field: helpline", only=only)


# What a layout reads a field as: several codes a row or one, what a blank means, and each label.
Reading = tuple[bool, str | None, Mapping[str, Sequence[DatedCode]]]


def _table_layouts(
    project: Project, edition: Edition, lists: Mapping[str, CodeList]
) -> tuple[dict[str, TableLayout], dict[str, str]]:
    """The layout of each table of rows, and the file that gives it."""
    layouts: dict[str, TableLayout] = {}
    files: dict[str, str] = {}
    for file in source_files(project, edition, lists):
        if isinstance(file.layout, RowFile):
            layouts.update(file.layout.tables.items())
            files |= dict.fromkeys(file.layout.tables, file.label)
    return layouts, files


def _readings(layout: TableLayout) -> dict[str, Reading]:
    readings: dict[str, Reading] = {name: (True, None, {}) for name in layout.flags}
    for column in layout.columns.values():
        if column.kind == "coded":
            labels = {plain(label): codes for label, codes in column.codes.items()}
            several = column.separator is not None
            readings[column.field] = (several, None if several else column.blank, labels)
    return readings


def _differs(now: Reading, before: Reading) -> str:
    """In what two readings of a field differ; nothing where they don't."""
    if now[0] != before[0]:
        return "several codes a row in one year, one in the other"
    # What a blank means is said where a column may be blank; a label, where both have it.
    if now[1] != before[1] and None not in (now[1], before[1]):
        return "a blank means another code"
    labels = [label for label in now[2] if now[2][label] != before[2].get(label, now[2][label])]
    return f"{len(labels)} label(s) mean another code" if labels else ""


def _breaks_between(now: Edition, before: Edition) -> list[Break]:
    """The declared breaks that lie between the begin of one year and the end of the next."""
    declared = {item.id: item for item in (*before.breaks, *now.breaks)}
    start, end = before.period.start, now.period.end
    return [item for item in declared.values() if start < item.date <= end]


def _odd_year(year: Year, lists: Mapping[str, CodeList]) -> list[Oddity]:
    """The months and days of a year without contacts."""
    months = list(silent_months(year.edition, year.dataset, lists))
    return months + list(silent_days(year.edition, year.dataset, {item.about for item in months}))


def _two_years(
    project: Project, now: Year, before: Year, lists: Mapping[str, CodeList]
) -> TwoYears:
    breaks = _breaks_between(now.edition, before.edition)

    def tallies(year: Year) -> dict[str, Tally]:
        files = source_files(project, year.edition, lists)
        labelled = labelled_codes(files, year.edition.period)
        return tally_fields(year.dataset, lists, breaks, labelled)

    return TwoYears(
        now=tallies(now),
        before=tallies(before),
        period=now.edition.period,
        period_before=before.edition.period,
        dataset=now.dataset,
        breaks=breaks,
        lists=lists,
    )


def _settle(year: Year, oddities: Iterable[Oddity]) -> Year:
    """A year with what is odd about it and acknowledged; a draft lists what isn't.

    Raises:
        ExportError: something is odd that the parameters don't acknowledge.
    """
    settled = Settled()
    files = {balance.table: balance.file for balance in reversed(year.dataset.balances)}
    for item in oddities:
        step, file = FAULTS[item.code].step, files[item.table]
        problem = Problem(file, 0, "", item.code, item.what, next_step=step)
        settled.settle(year.edition, problem, item.about)
    if settled.problems and not year.edition.draft:
        raise ExportError(
            settled.problems, asks=request_acknowledgements(year.edition, settled.lines)
        )
    dataset = replace(
        year.dataset,
        acknowledged=(*year.dataset.acknowledged, *settled.acknowledged),
        waiting=(*year.dataset.waiting, *settled.waiting),
        artefacts=year.dataset.artefacts
        | touched_by([*settled.acknowledged, *settled.waiting], {}),
    )
    return Year(year.edition, dataset)
