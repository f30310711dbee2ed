"""Years by the counts of their channels, as tests of what looks wrong compare them."""

from collections.abc import Mapping

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
    codes = {code: {"2017-01": counts.get(code, 0)} for code in CODES}
    rows = sum(counts.values()) + missing
    of_month = {"2017-01": rows}, {"2017-01": missing}
    return FieldCounts("contacts", *of_month, codes, {}, frozenset(mapped))


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
