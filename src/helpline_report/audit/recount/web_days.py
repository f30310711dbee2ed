"""Which days the rows of a web analytics block are about, as SQL."""

from __future__ import annotations

from helpline_report.audit.recount.days import days
from helpline_report.audit.recount.reports import LAST, whole_period, within
from helpline_report.audit.recount.writing import bare, text
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.service import Dimension

FORMS = (
    "yyyymmdd",
    "yyyy-mm-dd",
    "yyyy-m-d",
    "d/m/yyyy",
    "m/d/yyyy",
    "d-m-yyyy",
    "d.m.yyyy",
    "d/m/yy",
    "m/d/yy",
    "d-m-yy",
    "d.m.yy",
)
MONTH_ALONE = r"\d{1,2}"


def span_of(edition: Edition, cell: str, dimension: Dimension) -> tuple[str, str]:
    """The first and the last day of a row, within the period."""
    start = edition.period.start
    number = f"TRY_CAST({bare(cell)} AS INTEGER)"
    grain = dimension.grain or "day"
    if dimension.nth and grain == "day":
        day = f"(DATE '{start}' + {number})"
    elif dimension.nth:
        day = f"(DATE '{start.replace(day=1)}' + to_months({number}))::DATE"
    elif grain == "month":
        day = _month(edition, cell)
    elif grain == "year":
        day = f"make_date({number}, 1, 1)"
    else:
        day = "day"
    return within(edition, day, LAST[grain].format(day=day))


def _month(edition: Edition, cell: str) -> str:
    """A month with its year, or alone where the period lies in one year."""
    year = edition.period.start.year
    both = f"regexp_replace({bare(cell)}, '^(\\d{{4}})[-/ ]?(\\d{{2}})$', '\\1-\\2-01')"
    alone = f"WHEN regexp_full_match({bare(cell)}, {text(MONTH_ALONE)}) "
    alone += f"THEN TRY_CAST('{year}-' || {bare(cell)} || '-01' AS DATE)"
    return f"CASE {alone} ELSE TRY_CAST({both} AS DATE) END"


def joined_days(edition: Edition, table: str, cell: str, dimension: Dimension) -> str:
    """The day of each row, by the one form that puts every row on a day of the period.

    Where two forms do, it is the one by which each row is the day after the row before it.
    """
    if dimension.grain != "day" or dimension.nth:
        return ""
    start, end = whole_period(edition)
    whole = f"regexp_replace({bare(cell)}, '[ T]00:00(:00)?$', '')"
    readings = "\n    UNION ALL ".join(
        f"SELECT row_place, {text(form)} AS form, {days(form).value(whole)} AS day "
        f"FROM {table} WHERE NOT is_total"
        for form in FORMS
    )
    return f"""
JOIN (
  WITH readings AS (
    {readings}
  ), steps AS (
    SELECT *, day - lag(day) OVER (PARTITION BY form ORDER BY row_place) AS step FROM readings
  ), fitting AS (
    SELECT form FROM steps GROUP BY form
    HAVING bool_and(coalesce(day BETWEEN {start} AND {end}, false))
    ORDER BY bool_and(coalesce(step = 1, true)) DESC, form LIMIT 1
  )
  SELECT row_place, day FROM readings JOIN fitting USING (form)
) AS days_of_rows USING (row_place)"""
