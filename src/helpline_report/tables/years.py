"""Read an edition's year and the year that it is compared with, and check them together."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.faults import make_problem
from helpline_report.parameters.acknowledgements import request_acknowledgements
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break, Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import ROW, DatedCode, TableLayout
from helpline_report.parameters.values import Period
from helpline_report.tables.artefacts import find_odd_persons, find_odd_times, list_distorted_fields
from helpline_report.tables.dataset import Dataset, mask_rows
from helpline_report.tables.dataset_reader import load_kept
from helpline_report.tables.keys import find_shared_keys
from helpline_report.tables.plausibility import (
    DUE,
    REGISTRATION,
    CountedYear,
    Oddity,
    count_fields,
    find_odd_counts,
    find_silent_spans,
)
from helpline_report.tables.refusals import Settled
from helpline_report.tables.source_files import find_sources

# What a layout reads a field as: ages, one code a row or several; what a blank means; each label.
Reading = tuple[str, str | None, Mapping[str, Sequence[DatedCode]]]
BREAK = '- {{id: {id}, kind: revision, field: {field}, date: {day}, note: {{nl: "…", en: "…"}}}}'
UNEXPLAINED = "no break is declared → correct the layout or the code list, or add under 'breaks:' "
OR_LEDGER = "or, if it is gone for good, name that year's ledger.json as 'comparison_ledger'"


Load = Callable[[Project, Edition], Dataset]


def load_years(project: Project, now: Edition, load: Load = load_kept) -> list[CountedYear]:
    """Read an edition's year and, where it names one, the year before it; check them together.

    A comparison year of which only the released ledger is left has no rows, and isn't checked.
    What is odd about a year, and acknowledged, is on its dataset with what its files had. A draft
    leaves rows with faults out of both, and only lists what waits to be acknowledged.

    Raises:
        ExportError: with every problem of every file of both years.
        ParametersError, CorrectionsError, MachineError: as `load_dataset` raises them.
    """
    editions, datasets = [now], list[Dataset]()
    if now.comparison is not None and now.comparison_ledger is None:
        before = project.comparison(now)
        editions.append(before.model_copy(update={"draft": True}) if now.draft else before)
    errors: list[ExportError] = []
    for edition in editions:
        try:
            datasets.append(load(project, edition))
        except ExportError as error:
            errors.append(error if edition is now else _suggest_ledger(error))
    if errors:
        raise _join(errors)
    years = _count_years(project, editions, datasets)
    odd = [list(find_silent_spans(year)) for year in years]
    odd_times = list(find_odd_times(*years))
    # Days that are swapped with months leave open days without contacts: that is told once.
    is_swapped = any(item.case == "days" for item in odd_times)
    odd[0] = [item for item in odd[0] if not (is_swapped and item.code == "silent_days")]
    odd[0] += odd_times
    notes = [*datasets[0].notes, *describe_other_lines(years[0])]
    if len(years) > 1:
        errors += find_shared_keys(datasets[0], datasets[1])
        unlike = list(find_unlike_years(project, now, editions[1]))
        problems = [problem for problem, bridge in unlike if bridge is None]
        errors += [ExportError(problems)] if problems else []
        notes += [
            f"{problem.what}: the break '{bridge.id}' of {bridge.date} is declared"
            for problem, bridge in unlike
            if bridge is not None
        ]
        odd[0] += find_odd_persons(*years)
        notes += describe_code_changes(*years)
    years[0] = replace(years[0], dataset=replace(datasets[0], notes=tuple(notes)))
    odd[0] += find_odd_counts(*years)
    settled: list[CountedYear] = []
    for year, oddities in zip(years, odd, strict=True):
        try:
            settled.append(_settle(year, oddities))
        except ExportError as error:
            errors.append(error)
    if errors:
        raise _join(errors)
    return settled


def _suggest_ledger(error: ExportError) -> ExportError:
    """The problems of the comparison year; of a file that is gone, what else there is to do."""
    problems = [
        replace(item, next_step=f"{item.next_step}; {OR_LEDGER}")
        if item.code == "B00" and item.what.startswith("there is no such")
        else item
        for item in error.problems
    ]
    return ExportError(problems, error.counts, asks=error.asks)


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
        layouts = _table_layouts(project, edition, lists).values()
        labelled = _labelled_codes([layout for layout, _ in layouts], edition.period)
        fields = count_fields(dataset, lists, breaks, labelled, edition.person_ages)
        years.append(CountedYear(edition, dataset, lists, breaks, fields))
    return years


def find_unlike_years(
    project: Project, now: Edition, before: Edition
) -> Iterator[tuple[Problem, Break | None]]:
    """What two years don't count the same (B81), and the break that bridges it.

    They differ in keys, fields or scope. Of two layouts a field is read otherwise where one gives
    several codes a row, or ages where the other gives their classes; where a blank means another
    code, or where a label does.
    """
    lists, breaks = project.codelists_of(now), _breaks_between(now, before)
    layouts, layouts_before = (_table_layouts(project, each, lists) for each in (now, before))
    tables = [name for name in REGISTRATION if name in layouts.keys() & layouts_before.keys()]

    def find_bridge(table: str, field: str = "") -> Break | None:
        # A break of the field says more than one of the whole system.
        of_table = (item for item in breaks if item.field is None and table in item.tables)
        return next((item for item in breaks if item.field == field), next(of_table, None))

    def describe(case: str, file: str, of: str, **values: object) -> Problem:
        common = {"edition": before.edition, "date": now.period.start, "of": of}
        values = {**common, "id": f"other_{case}", **values}
        return make_problem("B81", case, values, file=file, line=0, column="")

    keys = {name: (layouts[name][0].key, layouts_before[name][0].key) for name in tables}
    other = [name for name, (key, key_before) in keys.items() if plain(key) != plain(key_before)]
    bridges = {name: find_bridge(name) for name in other}
    for bridge in {each.id if each else "": each for each in bridges.values()}.values():
        names = [name for name in other if bridges[name] == bridge]
        here, there = ("a row" if key == ROW else f"'{key}'" for key in keys[names[0]])
        listed, file = ", ".join(names), layouts[names[0]][1]
        values = {"tables": listed, "key": here, "before": there}
        yield describe("key", file, f"tables: [{listed}]", **values), bridge
    for name in tables:
        layout, file = layouts[name]
        readings, readings_before = _list_readings(layout), _list_readings(layouts_before[name][0])
        for field in sorted(readings.keys() & readings_before.keys()):
            how = _describe_difference(readings[field], readings_before[field])
            if how:
                problem = describe("field", file, f"field: {field}", field=field, how=how)
                yield problem, find_bridge(name, field)
    lines, lines_before = set(now.helpline.lines), set(before.helpline.lines)
    if lines != lines_before:
        only, file = ", ".join(sorted(lines ^ lines_before)), f"params/{now.edition}.yaml"
        problem = describe("scope", file, "field: helpline", only=only)
        yield problem, find_bridge("contacts", "helpline")


def _table_layouts(
    project: Project, edition: Edition, lists: Mapping[str, CodeList]
) -> dict[str, tuple[TableLayout, str]]:
    """The layout of each table of rows, and the file that gives it."""
    files = find_sources(project, edition, lists).rows
    return {name: (each, file.label) for file in files for name, each in file.layout.tables.items()}


def _list_readings(layout: TableLayout) -> dict[str, Reading]:
    readings: dict[str, Reading] = {name: ("several", None, {}) for name in layout.flags}
    for column in layout.columns.values():
        if column.kind == "coded":
            labels = {plain(label): codes for label, codes in column.codes.items()}
            several = column.separator is not None
            kind, blank = ("several", None) if several else ("one", column.blank)
            readings[column.field] = (kind, blank, labels)
        elif column.field == "age":
            # Figures count their classes.
            readings["age_class"] = ("ages", None, {})
    return readings


def _describe_difference(now: Reading, before: Reading) -> str:
    """In what two readings of a field differ; nothing where they don't."""
    if now[0] != before[0]:
        is_of_ages = "ages" in (now[0], before[0])
        what = ("ages", "classes of ages") if is_of_ages else ("several codes a row", "one")
        return f"{what[0]} in one year, {what[1]} in the other"
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


def _labelled_codes(layouts: Sequence[TableLayout], period: Period) -> dict[str, frozenset[str]]:
    """The codes of each field that a label of the layouts stands for on some day of a period."""
    codes: dict[str, frozenset[str]] = {}
    for table in layouts:
        for column in table.columns.values():
            meanings = [code for each in column.codes.values() for code in each]
            within = {
                code.code
                for code in meanings
                if code.days[0] <= period.end and code.days[1] >= period.start
            }
            outside = {code.code for code in meanings} - within
            codes[column.field] = frozenset({*column.all_codes()} - outside)
        codes |= {name: frozenset(flags.columns.values()) for name, flags in table.flags.items()}
    return codes


def _settle(year: CountedYear, oddities: Iterable[Oddity]) -> CountedYear:
    """A year with what is odd about it and acknowledged; a draft lists what isn't."""
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
        for code in counts.codes:
            rows, rows_before = counts.count(code), earlier.count(code)
            if (rows > 0) != (rows_before > 0):
                lacking = before if rows else year
                reason = _explain(field, code, year, before) or _propose_break(field, code, year)
                name = lacking.edition.edition
                yield f"{field} '{code}' ({rows or rows_before} rows) not in {name}: {reason}"


def describe_other_lines(year: CountedYear) -> Iterator[str]:
    """A line for each helpline that the parameters alone name, or rows alone have.

    A mean per helpline divides by the number that the parameters name. Where these name none,
    nothing is to be said.
    """
    lines, counts = year.edition.helpline.lines, year.fields.get("helpline")
    if not lines or counts is None or not counts.total:
        return
    where = f"helpline.lines of params/{year.edition.edition}.yaml"
    for code in counts.codes:
        rows = counts.count(code)
        if rows and code not in lines:
            of_rows = f"helpline '{code}' ({rows} rows)"
            yield f"{of_rows} isn't in {where}: means per helpline don't count it"
        elif not rows and code in lines:
            in_parameters = f"has no rows, but stands in {where}"
            yield f"helpline '{code}' {in_parameters}: means per helpline count it"


def _explain(field: str, code: str, year: CountedYear, before: CountedYear) -> str:
    counts, earlier = year.fields[field], before.fields[field]
    is_new = counts.count(code) > 0
    # A break of the field says more than one of the whole system.
    for each in sorted(year.breaks, key=lambda item: item.field is None):
        of_table = each.field is None and counts.table in each.tables
        of_code = each.kind == "revision" or code in (each.old, *each.new)
        if of_table or (each.field == field and of_code):
            return f"the break '{each.id}' of {each.date} is declared"
    item = year.lists[field].by_code[code]
    if is_new and item.start is not None and item.start > before.edition.period.start:
        return f"its code list says that it exists from {item.start}"
    if not is_new and item.until is not None and item.until < year.edition.period.end:
        return f"its code list says that it existed until {item.until}"
    having, lacking = (counts, earlier) if is_new else (earlier, counts)
    if code not in lacking.labelled:
        return "the layout of that year has no label for it"
    due = having.count(code) / having.total * lacking.total
    return "so few rows that it may be chance" if due < DUE else ""


def _propose_break(field: str, code: str, year: CountedYear) -> str:
    """The break to declare: on the first day of a new code, or of the year that lacks one."""
    table, day = year.dataset.tables[year.fields[field].table], year.edition.period.start
    if year.fields[field].count(code):
        dates = table.dates()[mask_rows(table.frame, field, [code])]
        day = pd.DatetimeIndex(dates).min().date()
    line = BREAK.format(id=f"{field}_{code}".replace(".", "_"), field=field, day=day)
    return f"{UNEXPLAINED}of params/{year.edition.edition}.yaml: {line}"
