"""Read an edition's year and the year that it is compared with, and check them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.faults import make_problem
from helpline_report.parameters.acknowledgements import request_acknowledgements
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import ROW, ROW_TABLES, Column, DatedCode, TableLayout
from helpline_report.parameters.values import Period
from helpline_report.tables.artefacts import find_odd_persons, find_odd_times, list_distorted_fields
from helpline_report.tables.dataset import Dataset, mask_rows
from helpline_report.tables.dataset_reader import load_kept
from helpline_report.tables.keys import find_shared_keys
from helpline_report.tables.plausibility import (
    DUE,
    CountedYear,
    Oddity,
    count_fields,
    find_odd_counts,
    find_silent_spans,
)
from helpline_report.tables.refusals import Settled
from helpline_report.tables.source_files import find_sources

BREAK = '- {{id: {id}, kind: revision, field: {field}, date: {day}, note: {{nl: "…", en: "…"}}}}'
UNEXPLAINED = "no break is declared → correct the layout or the code list, or add under 'breaks:' "
OR_LEDGER = "or, if it is gone for good, name that year's ledger.json as 'comparison_ledger'"

Load = Callable[[Project, Edition], Dataset]


def load_years(project: Project, now: Edition, load: Load = load_kept) -> list[CountedYear]:
    """Read an edition's year and the year that it is compared with, if any; check them together.

    A comparison year of which only the released ledger is left has no rows, and isn't checked. The
    acknowledged oddities of a year are added to the acknowledged faults of its dataset. A draft
    leaves rows with faults out of both years, and only lists what waits to be acknowledged.

    Raises:
        ExportError: with every problem of every file of both years.
        ParametersError, CorrectionsError, MachineError: as `load_dataset` raises them.
    """
    editions = [now]
    before = project.comparison(now) if now.comparison is not None else None
    if before is not None and now.comparison_ledger is None:
        editions.append(before.model_copy(update={"draft": True}) if now.draft else before)
    datasets = _load_datasets(project, editions, load)
    years = _count_years(project, editions, datasets)
    notes = [*datasets[0].notes, *describe_other_lines(years[0])]
    errors: list[ExportError] = []
    problems: list[Problem] = []
    # A released ledger is compared too: it was counted by the parameters of its year.
    for problem, bridge in _compare_definitions(project, now, before) if before else ():
        if bridge is None:
            problems.append(problem)
        else:
            declared = f"the break '{bridge.id}' of {bridge.date} is declared"
            notes.append(f"{problem.what}: {declared}")
    if len(years) > 1:
        errors += find_shared_keys(datasets[0], datasets[1])
        notes += describe_code_changes(*years)
    errors += [ExportError(problems)] if problems else []
    years[0] = replace(years[0], dataset=replace(datasets[0], notes=tuple(notes)))
    settled: list[CountedYear] = []
    for year, oddities in zip(years, _find_oddities(years), strict=True):
        try:
            settled.append(_settle(year, oddities))
        except ExportError as error:
            errors.append(error)
    if errors:
        raise _join(errors)
    return settled


def _load_datasets(project: Project, editions: Sequence[Edition], load: Load) -> list[Dataset]:
    """Load each year; an error has the problems of all of them.

    If a file of the comparison year is missing, it also says what else can be done.
    """
    datasets, errors = list[Dataset](), list[ExportError]()
    for edition in editions:
        try:
            datasets.append(load(project, edition))
        except ExportError as error:
            problems = list(error.problems)
            for at, each in enumerate(problems if edition is not editions[0] else ()):
                if each.code == "B00" and each.what.startswith("there is no such"):
                    problems[at] = replace(each, next_step=f"{each.next_step}; {OR_LEDGER}")
            errors.append(ExportError(problems, error.counts, asks=error.asks))
    if errors:
        raise _join(errors)
    return datasets


def _find_oddities(years: Sequence[CountedYear]) -> list[list[Oddity]]:
    """What is odd about each year; what only the comparison shows is odd about the first."""
    oddities = [list(find_silent_spans(year)) for year in years]
    odd_times = list(find_odd_times(*years))
    if any(item.case == "days" for item in odd_times):
        # Days that are swapped with months leave open days without contacts: one oddity, not two.
        oddities[0] = [item for item in oddities[0] if item.code != "silent_days"]
    oddities[0] += odd_times
    if len(years) > 1:
        oddities[0] += find_odd_persons(*years)
    oddities[0] += find_odd_counts(*years)
    return oddities


def _join(errors: Sequence[ExportError]) -> ExportError:
    counts = sum((error.counts for error in errors), Counter[str]())
    problems = [problem for error in errors for problem in error.problems]
    return ExportError(problems, counts, asks=[text for error in errors for text in error.asks])


def _count_years(
    project: Project, editions: Sequence[Edition], datasets: Sequence[Dataset]
) -> list[CountedYear]:
    """Each year with the counts of its fields; of two, the breaks between them explain both."""
    lists, years = project.codelists_of(editions[0]), list[CountedYear]()
    breaks = _breaks_between(*editions) if len(editions) > 1 else editions[0].breaks
    for edition, dataset in zip(editions, datasets, strict=True):
        layouts = _list_layouts(project, edition, lists).values()
        labelled = _labelled_codes([layout for layout, _ in layouts], edition.period)
        fields = count_fields(dataset, lists, breaks, labelled, edition.person_ages)
        years.append(CountedYear(edition, dataset, lists, breaks, fields))
    return years


@dataclass(frozen=True)
class FieldReading:
    """How a table reads a coded field, or ages, of which figures count the classes."""

    columns: tuple[Column, ...]
    several: bool

    @property
    def kind(self) -> str:
        """The kind of its columns; flags are coded."""
        return self.columns[0].kind if self.columns else "coded"

    @property
    def labels(self) -> dict[str, list[list[DatedCode]]]:
        """What each label means, in each of the columns that have it."""
        meanings: dict[str, list[list[DatedCode]]] = {}
        for column in self.columns:
            for label, codes in column.codes.items():
                meanings.setdefault(plain(label), []).append(codes)
        return meanings


def _list_readings(layout: TableLayout) -> dict[str, FieldReading]:
    """How each coded field is read, and ages."""
    coded = layout.coded()
    # One label that means several codes at once makes no other unit of a row.
    several = {*layout.flags, *layout.several}
    several |= {each.field for each in layout.columns.values() if each.separator is not None}
    readings = {
        field: FieldReading(tuple(coded.get(field, ())), field in several)
        for field in dict.fromkeys([*layout.flags, *coded])
    }
    ages = tuple(each for each in layout.columns.values() if each.field == "age")
    return readings | ({"age_class": FieldReading(ages, several=False)} if ages else {})


def _describe_difference(now: FieldReading, before: FieldReading) -> str:
    """In what a field is read otherwise than the year before; '' if in nothing."""
    if now.kind != before.kind:
        return "ages in one year, classes of ages in the other"
    if now.several != before.several:
        return "several codes a row in one year, one in the other"
    # Only what both years say is compared: a column may never be blank, or lack a label.
    blanks = {each.blank for each in (*now.columns, *before.columns)} - {None}
    if len(blanks) > 1 and not now.several:
        return "a blank means another code"
    shared = now.labels.keys() & before.labels.keys()
    others = [label for label in shared if now.labels[label] != before.labels[label]]
    return f"{len(others)} label(s) mean another code" if others else ""


def _compare_definitions(
    project: Project, now: Edition, before: Edition
) -> Iterator[tuple[Problem, Break | None]]:
    """What two years don't count the same way (B81), each with the break that bridges it.

    They differ in a key, in how a field is read, in the ages of a class, or in the helplines.
    """
    lists, breaks = project.codelists_of(now), _breaks_between(now, before)
    layouts, layouts_before = (_list_layouts(project, year, lists) for year in (now, before))
    shared = [name for name in ROW_TABLES if name in layouts.keys() & layouts_before.keys()]

    def make_b81(case: str, file: str, about: str, **values: object) -> Problem:
        common = {"edition": before.edition, "date": now.period.start, "of": about}
        values = {**common, "id": f"other_{case}", **values}
        return make_problem("B81", case, values, file=file, line=0, column="")

    # Tables of which one break bridges the other keys are one problem.
    with_other_key: dict[str, list[str]] = {}
    for name in shared:
        if plain(layouts[name][0].key) != plain(layouts_before[name][0].key):
            bridge = _find_bridge(breaks, name)
            with_other_key.setdefault(bridge.id if bridge else "", []).append(name)
    for names in with_other_key.values():
        tables, file = ", ".join(names), layouts[names[0]][1]
        both = [layouts[names[0]][0].key, layouts_before[names[0]][0].key]
        key, key_before = ("a row" if name == ROW else f"'{name}'" for name in both)
        values = {"tables": tables, "key": key, "before": key_before}
        yield make_b81("key", file, f"tables: [{tables}]", **values), _find_bridge(breaks, names[0])
    for name in shared:
        layout, file = layouts[name]
        readings, before_readings = _list_readings(layout), _list_readings(layouts_before[name][0])
        for field in sorted(readings.keys() & before_readings.keys()):
            how = _describe_difference(readings[field], before_readings[field])
            if how:
                problem = make_b81("field", file, f"field: {field}", field=field, how=how)
                yield problem, _find_bridge(breaks, name, field)
    for group, field, codes in _compare_ages(now, before):
        values = {"classes": group, "codes": ", ".join(codes)}
        problem = make_b81("ages", f"params/{now.edition}.yaml", f"field: {field}", **values)
        # A new system explains no other ages: a break has to name the field.
        yield problem, next((item for item in breaks if item.field == field), None)
    lines = set(now.helpline.lines) ^ set(before.helpline.lines)
    if lines:
        file, only = f"params/{now.edition}.yaml", ", ".join(sorted(lines))
        problem = make_b81("scope", file, "field: helpline", only=only)
        yield problem, _find_bridge(breaks, "contacts", "helpline")


def _compare_ages(now: Edition, before: Edition) -> Iterator[tuple[str, str, list[str]]]:
    """Each list of age classes with its field and the codes that have other ages in both years."""
    for name, field in (("person_ages", "age_class"), ("age_classes", "caller_age_class")):
        classes, classes_before = (
            {item.code: (item.start, item.to) for item in getattr(year, name)}
            for year in (now, before)
        )
        shared = [code for code in classes if code in classes_before]
        codes = [code for code in shared if classes[code] != classes_before[code]]
        if codes:
            yield name, field, codes


def _find_bridge(breaks: Sequence[Break], table: str, field: str = "") -> Break | None:
    """The break that explains a difference: one of the field, or else one of the table."""
    of_field = [item for item in breaks if item.field == field]
    of_table = [item for item in breaks if item.field is None and table in item.tables]
    return next(iter([*of_field, *of_table]), None)


def _list_layouts(
    project: Project, edition: Edition, lists: Mapping[str, CodeList]
) -> dict[str, tuple[TableLayout, str]]:
    """The layout of each table of rows, and the file that gives it."""
    files = find_sources(project, edition, lists).rows
    return {name: (each, file.label) for file in files for name, each in file.layout.tables.items()}


def _breaks_between(now: Edition, before: Edition) -> list[Break]:
    """The declared breaks that lie between the begin of one year and the end of the next."""
    declared = {item.id: item for item in (*before.breaks, *now.breaks)}
    start, end = before.period.start, now.period.end
    return [item for item in declared.values() if start < item.date <= end]


def _labelled_codes(layouts: Sequence[TableLayout], period: Period) -> dict[str, frozenset[str]]:
    """The codes of each field that a label of the layouts stands for on some day of a period."""
    codes: dict[str, frozenset[str]] = {}
    for table in layouts:
        for column in table.columns.values():
            within, outside = set[str](), set[str]()
            for code in (code for meanings in column.codes.values() for code in meanings):
                start, end = code.days
                is_within = start <= period.end and end >= period.start
                (within if is_within else outside).add(code.code)
            known = {*column.all_codes()} - (outside - within)
            codes[column.field] = codes.get(column.field, frozenset()).union(known)
        for name, flags in table.flags.items():
            codes[name] = codes.get(name, frozenset()).union(flags.columns.values())
    return codes


def _settle(year: CountedYear, oddities: Iterable[Oddity]) -> CountedYear:
    """The year with the oddities that are acknowledged; a draft lists the others as waiting."""
    settled, dataset = Settled(), year.dataset
    files = {balance.table: balance.file for balance in reversed(dataset.balances)}
    for item in oddities:
        place = {"file": files[item.table], "line": 0, "column": ""}
        problem = make_problem(item.code, item.case, item.values, **place)
        settled.settle(year.edition, problem, item.about)
    if settled.problems and not year.edition.draft:
        asks = request_acknowledgements(year.edition, settled.lines)
        raise ExportError(settled.problems, asks=asks)
    distorted = list_distorted_fields([*settled.acknowledged, *settled.waiting], {})
    dataset = replace(
        dataset,
        acknowledged=(*dataset.acknowledged, *settled.acknowledged),
        waiting=(*dataset.waiting, *settled.waiting),
        artefacts=dataset.artefacts | distorted,
    )
    return replace(year, dataset=dataset)


def describe_code_changes(year: CountedYear, before: CountedYear) -> Iterator[str]:
    """A line for each code of one year alone: its rows, and what explains it or what to declare.

    Fields come in the order of the tables, codes in that of their list. A field that one of the
    years has no rows of is left out.
    """
    for field, counts in year.fields.items():
        earlier = before.fields.get(field)
        if earlier is None or not counts.total or not earlier.total or field == "age_class":
            continue
        for code in map(str, counts.codes):
            rows, rows_before = counts.count(code), earlier.count(code)
            if (rows > 0) != (rows_before > 0):
                lacking = before if rows else year
                reason = _explain(field, code, year, before) or _propose_break(field, code, year)
                name = lacking.edition.edition
                yield f"{field} '{code}' (rows: {rows or rows_before}) not in {name}: {reason}"


def describe_other_lines(year: CountedYear) -> Iterator[str]:
    """A line for each helpline that the parameters alone name, or rows alone have.

    A mean per helpline divides by the number of helplines in the parameters. If these name none,
    there is no line.
    """
    lines, counts = year.edition.helpline.lines, year.fields.get("helpline")
    if not lines or counts is None or not counts.total:
        return
    where = f"helpline.lines of params/{year.edition.edition}.yaml"
    for code in map(str, counts.codes):
        rows = counts.count(code)
        if rows and code not in lines:
            of_rows = f"helpline '{code}' (rows: {rows})"
            yield f"{of_rows} isn't in {where}: means per helpline don't count it"
        elif not rows and code in lines:
            in_parameters = f"has no rows, but stands in {where}"
            yield f"helpline '{code}' {in_parameters}: means per helpline count it"


def _explain(field: str, code: str, year: CountedYear, before: CountedYear) -> str:
    """Why one of the years has no rows with a code; '' if nothing says why."""
    counts, earlier = year.fields[field], before.fields[field]
    is_new = counts.count(code) > 0

    def rank(item: Break) -> tuple[bool, bool]:
        return item.field is None, code not in (item.old, *item.new)

    # A break that names the code says more than one of its field, and that one than one of all.
    for each in sorted(year.breaks, key=rank):
        of_table = each.field is None and counts.table in each.tables
        of_code = each.kind == "revision" or code in (each.old, *each.new)
        if of_table or (each.field == field and of_code):
            return f"the break '{each.id}' of {each.date} is declared"
    item = year.lists[field].by_code[code]
    if is_new and item.start is not None and item.start > before.edition.period.start:
        return f"its code list says that it exists from {item.start}"
    if not is_new and item.until is not None and item.until < year.edition.period.end:
        return f"its code list says that it existed until {item.until}"
    with_rows, lacking = (counts, earlier) if is_new else (earlier, counts)
    if code not in lacking.labelled:
        return "the layout of that year has no label for it"
    due = with_rows.count(code) / with_rows.total * lacking.total
    return "so few rows that it may be chance" if due < DUE else ""


def _propose_break(field: str, code: str, year: CountedYear) -> str:
    """The break to declare: on the first day of a new code, or of the year that lacks one."""
    table, day = year.dataset.tables[year.fields[field].table], year.edition.period.start
    if year.fields[field].count(code):
        dates = table.dates()[mask_rows(table.frame, field, [code])]
        day = pd.DatetimeIndex(dates).min().date()
    line = BREAK.format(id=f"{field}_{code}".replace(".", "_"), field=field, day=day)
    return f"{UNEXPLAINED}of params/{year.edition.edition}.yaml: {line}"
