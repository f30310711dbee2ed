"""Describe codes that only one side has: of two years, or of the parameters and the rows."""

from collections.abc import Iterator

import pandas as pd

from helpline_report.tables.dataset import mask_rows
from helpline_report.tables.plausibility import DUE, CountedYear

BREAK = '- {{id: {id}, kind: revision, field: {field}, date: {day}, note: {{nl: "…", en: "…"}}}}'
UNEXPLAINED = "no break is declared → correct the layout or the code list, or add under 'breaks:' "


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
