"""Years by the counts of their channels, as tests of what looks wrong compare them."""

from collections.abc import Mapping

import pandas as pd

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.tables.dataset import Dataset, Table
from helpline_report.tables.plausibility import CountedYear, FieldCounts
from tests.tables.conftest import an_edition

NAME = {"nl": "x", "en": "x"}
CODES = ("phone", "email", "chat", "other")
LISTS = {
    "channel": CodeList.model_validate(
        {
            "field": "channel",
            "table": "contacts",
            "name": NAME,
            "by": NAME,
            "where": {"nl": "met {labels}", "en": "with {labels}"},
            "codes": [{"code": code, **NAME} for code in CODES],
        }
    )
}


def tally(missing: int = 0, mapped: tuple[str, ...] = CODES, **counts: int) -> FieldCounts:
    codes = {code: [counts.get(code, 0)] for code in CODES}
    rows = {"rows": [sum(counts.values()) + missing], "missing": [missing]}
    return tally_months(["2017-01"], rows, codes, mapped)


def tally_months(
    names: list[str],
    rows: dict[str, list[int]],
    codes: dict[str, list[int]],
    mapped: tuple[str, ...] = CODES,
) -> FieldCounts:
    months = pd.DataFrame(rows, index=names)
    parts = pd.DataFrame(columns=months.columns, dtype=int)
    of_codes = pd.DataFrame(codes, index=names)
    return FieldCounts("contacts", months, of_codes, parts, frozenset(mapped))


def counted(
    fields: FieldCounts,
    breaks: tuple[Break, ...] = (),
    lists: Mapping[str, CodeList] = LISTS,
    year: str = "2017",
    **tables: Table,
) -> CountedYear:
    edition = an_edition(year, [{"layout": "small", "folder": "raw"}])
    dataset = Dataset(year, edition.period, tables)
    return CountedYear(edition, dataset, lists, breaks, {"channel": fields})
