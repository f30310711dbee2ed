"""An export becomes blocks, told apart by what stands in it and never by where."""

from __future__ import annotations

import datetime as dt

import pytest

from helpline_report.parameters.values import Period
from helpline_report.web_analytics.blocks import BlockHeading
from helpline_report.web_analytics.web_export import WebExport
from tests.web_analytics.conftest import ReadWeb

YEAR = Period(start=dt.date(2017, 1, 1), end=dt.date(2017, 12, 31))
UA = """\
# ----------------------------------------
# 1712.be - alle sites
# Apparaten
# 20170101-20171231
# ----------------------------------------

Apparaatcategorie,Sessies,Bouncepercentage
mobile,2.546,"99,88%"
desktop,118,"1,50%"
,2.664,"98,00%"

Dagindex,Sessies
01-01-17,25
02-01-17,19
,44
"""
GA4 = """\
# ----------------------------------------
# Reports snapshot
# Account: Vereniging
# Property: Website
# ----------------------------------------
#\x20\x20
# Start date: 20170101
# End date: 20171231
Nth day,Active users
0000,5
0001,7

# Start date: 20170101
# End date: 20171231
Nth day,New users

# Where do your users come from?
# Start date: 20161201
# End date: 20171231
Country,Active users
Belgium,12
"""


def told(export: WebExport) -> list[str]:
    """Every problem, as a message tells it."""
    return [str(problem) for problem in export.findings.problems]


def drawn(export: WebExport) -> list[str]:
    """Each block on a line: its header, its rows, its totals, its period."""
    found = []
    for block in export.blocks:
        rows = [" ".join(row.cells) for row in block.rows]
        totals = [" ".join(row.cells) for row in block.totals]
        period = f"{block.period.start} {block.period.end}" if block.period else "-"
        found.append(f"{block.line}: {'|'.join(block.names)}; {rows}; {totals}; {period}")
    return found


def test_universal_analytics_has_a_banner_rows_and_a_total(read: ReadWeb) -> None:
    """The period of the banner holds of both blocks; the total row names nothing."""
    export = read(UA)
    assert drawn(export) == [
        "7: Apparaatcategorie|Sessies|Bouncepercentage; ['mobile 2.546 99,88%', "
        "'desktop 118 1,50%']; [' 2.664 98,00%']; 2017-01-01 2017-12-31",
        "12: Dagindex|Sessies; ['01-01-17 25', '02-01-17 19']; [' 44']; 2017-01-01 2017-12-31",
    ]
    assert (export.kind, export.property_, len([*export.lines])) == (
        "ua",
        "1712.be - alle sites",
        6,
    )


def test_a_file_saved_again_by_a_spreadsheet_is_the_same(read: ReadWeb) -> None:
    """Comments end in commas, blank lines are gone, the last line has no end."""
    lines = [line for line in UA.splitlines() if line]
    again = "\r\n".join(f"{line},," if line.startswith("#") else line for line in lines)
    before, after = read(UA), read(again)
    assert [b.rows for b in after.blocks] != []
    assert [[r.cells for r in b.rows] for b in after.blocks] == [
        [r.cells for r in b.rows] for b in before.blocks
    ]
    assert [b.period for b in after.blocks] == [YEAR, YEAR]
    assert after.property_ == before.property_


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_delimiter_is_what_the_header_has(read: ReadWeb, delimiter: str) -> None:
    """A spreadsheet saves with its own."""
    export = read(
        UA.replace('"99,88%"', "1%")
        .replace('"1,50%"', "1%")
        .replace('"98,00%"', "1%")
        .replace(",", delimiter)
    )
    assert [len(block.rows) for block in export.blocks] == [2, 2]


def test_a_blank_line_between_rows_ends_no_block(read: ReadWeb) -> None:
    """What follows it are rows, and no header."""
    export = read(UA.replace("02-01-17", "\n02-01-17"))
    assert [len(block.rows) for block in export.blocks] == [2, 2]


def test_version_4_has_blocks_with_dates_of_their_own(read: ReadWeb) -> None:
    """An empty one too."""
    export = read(GA4)
    assert drawn(export) == [
        "9: Nth day|Active users; ['0000 5', '0001 7']; []; 2017-01-01 2017-12-31",
        "15: Nth day|New users; []; []; 2017-01-01 2017-12-31",
        "20: Country|Active users; ['Belgium 12']; []; 2016-12-01 2017-12-31",
    ]
    assert (export.kind, export.property_) == ("ga4", "Website")


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        ("Begindatum", "Einddatum", "Property"),
        ("Date de début", "Date de fin", "Propriété"),
    ],
)
def test_dates_are_read_in_any_language(read: ReadWeb, start: str, end: str, named: str) -> None:
    """A word, a colon and a day: the first is the first day."""
    text = GA4.replace("Start date", start).replace("End date", end).replace("Property", named)
    export = read(text)
    assert export.blocks[0].period == YEAR
    assert export.property_ == "Website"


def test_two_periods_above_one_block_are_none(read: ReadWeb) -> None:
    """Nobody can say which of them the rows are of."""
    twice = "# Start date: 20170101\n# End date: 20171231\n# Start date: 20160101\n"
    export = read(f"{twice}# End date: 20161231\nCountry,Sessions\nBelgium,3\n")
    assert export.blocks[0].period is None


def test_an_exploration_says_what_its_total_is_in_the_last_column(read: ReadWeb) -> None:
    """Beyond the header."""
    export = read(
        "# Site\n# Verkenning\n# 20170101-20171231\n\n"
        "Device category,Total users,Sessions\n,3,5,Grand total\nmobile,2,3\ndesktop,2,2\n"
    )
    assert export.kind == "ga4"
    assert drawn(export) == [
        "5: Device category|Total users|Sessions; ['mobile 2 3', 'desktop 2 2']; "
        "[' 3 5 Grand total']; 2017-01-01 2017-12-31"
    ]


RANGES = """\
# Site
# Kanalen
# 20170101-20171231

Default Channel Grouping,Date Range,Users
Direct,"Jan 1, 2017 - Dec 31, 2017",10
Direct,"Jan 1, 2016 - Dec 31, 2016",8
Direct,% Change,25%
,"Jan 1, 2017 - Dec 31, 2017",10
,"Jan 1, 2016 - Dec 31, 2016",8
"""


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("Jan 1, 2017 - Dec 31, 2017", "Jan 1, 2016 - Dec 31, 2016"),
        ("1 jan. 2017 - 31 dec. 2017", "1 jan. 2016 - 31 dec. 2016"),
        ("1 janv. 2017 - 31 déc. 2017", "1 janv. 2016 - 31 déc. 2016"),
        ("20170101 - 20171231", "20160101 - 20161231"),
    ],
)
def test_a_column_of_periods_makes_a_block_a_period(read: ReadWeb, now: str, then: str) -> None:
    """Rows of the change between them are counted, and are of neither."""
    export = read(
        RANGES.replace("Jan 1, 2017 - Dec 31, 2017", now).replace(
            "Jan 1, 2016 - Dec 31, 2016", then
        )
    )
    assert drawn(export) == [
        "5: Default Channel Grouping|Users; ['Direct 10']; [' 10']; 2017-01-01 2017-12-31",
        "5: Default Channel Grouping|Users; ['Direct 8']; [' 8']; 2016-01-01 2016-12-31",
    ]
    assert (export.comparing, len([*export.lines])) == (1, 4)


def test_a_row_may_begin_with_a_hash(read: ReadWeb) -> None:
    """A page is called so; nothing is dropped."""
    export = read("# Site\n# Pages\n# 20170101-20171231\n\nPage Title,Pageviews\n#metoo,3\n,3\n")
    assert [row.cells for row in export.blocks[0].rows] == [("#metoo", "3")]


@pytest.mark.parametrize(
    ("head", "label", "withheld"),
    [
        ("Page", "/reset?mail=an@example.org", "(withheld)"),
        ("Page", "/x/an%40example.org", "(withheld)"),
        ("Page Title", "Bel 0470 12 34 56", "(withheld)"),
        ("Source", "85.07.30-033.28", "(withheld)"),
        ("Source / Medium", "an@example.org / referral", "(withheld) / referral"),
        ("Source / Medium", "site.be / an@example.org", "(withheld)"),
        ("Source", "site.be", "site.be"),
    ],
)
def test_labels_that_name_people_are_withheld(
    read: ReadWeb, head: str, label: str, withheld: str
) -> None:
    """B80: wherever a label stands, it goes no further."""
    export = read(f"# S\n# P\n# 20170101-20171231\n\n{head},Pageviews\n{label},3\n,3\n")
    assert told(export) == []
    assert [row.cells[0] for row in export.lines] == [withheld, ""]


def test_a_banner_may_say_that_a_report_is_sampled(read: ReadWeb) -> None:
    """In any language, with its line."""
    for words in ("This report is based on sampled data", "Steekproef: 40 %", "Échantillonné"):
        export = read(UA.replace("# Apparaten", f"# {words}"))
        assert export.concerns == {"sampled": 3}
    assert read(UA.replace("# Apparaten", "# Data threshold applied")).concerns == {
        "thresholded": 3
    }
    assert read(UA).concerns == {}


def test_a_file_without_a_header_is_refused(read: ReadWeb) -> None:
    """B07."""
    assert told(read("# Site\n\n")) == [
        "[B07] x.csv: there is no header and no row in the file\n"
        "  → export the report again, as CSV"
    ]


def test_a_workbook_is_the_same(read: ReadWeb) -> None:
    """A sheet of a summary, one of a table and one of days; messages name sheet and row."""
    import io  # noqa: PLC0415

    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    summary, table, days = book.active, book.create_sheet("Dataset1"), book.create_sheet("Dataset2")
    for text in ("# 1712.be - alle sites", "# Apparaten", "# 20170101-20171231"):
        summary.append([text])
    for row in (["Apparaatcategorie", "Sessies"], ["mobile", 2546], ["desktop", 118], ["", 2664]):
        table.append(row)
    for row in (["Dagindex", "Sessies"], [dt.date(2017, 1, 1), 25], [dt.date(2017, 1, 2), 19]):
        days.append(row)
    file = io.BytesIO()
    book.save(file)
    export = read(file.getvalue(), "x.xlsx")
    assert told(export) == []
    assert [[row.cells for row in block.rows] for block in export.blocks] == [
        [("mobile", "2546"), ("desktop", "118")],
        [("2017-01-01", "25"), ("2017-01-02", "19")],
    ]
    assert [block.period for block in export.blocks] == [YEAR, YEAR]
    assert export.findings.cell is not None
    assert export.findings.cell(export.blocks[1].rows[1].number, "") == "sheet 3, row 3"


def test_languages_are_those_in_which_every_name_is_written() -> None:
    """'Sessions' alone is English or French."""
    assert BlockHeading.of(["Dagindex", "Sessies"], "ua").languages == {"nl"}
    assert BlockHeading.of(["Pays", "Sessions"], "ua").languages == {"fr"}
    assert BlockHeading.of(["Day Index", "Sessions"], "ua").languages == {"en"}
