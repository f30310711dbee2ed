"""Reports of web analytics become figures of what, of when and of which dimension, each once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tables.conftest import an_edition

BANNER = "# ---\n# Site\n# 20170101-20171231\n# ---\n\n"

LAYOUT = """\
layout: small
about: a layout for tests
reports:
  months:
    name: months.csv
    delimiter: ","
    period: yyyymmdd
    numbers: {thousands: ".", decimal: ","}
    blocks:
      - column: Month
        grain: month
        dates: yyyymm
        measures:
          Users: {measure: users, total: distinct}
          Views: {measure: page_views, total: sum}
        total_is_year: true
  referrers:
    name: referrers.csv
    delimiter: ","
    period: yyyymmdd
    numbers: {thousands: ".", decimal: ","}
    where: {site: children}
    blocks:
      - column: Source
        grain: year
        dimension: referrer
        codes: {(not set): unknown}
        measures: {Users: {measure: users, total: sum}}
      - column: Day
        grain: day
        dates: dd-mm-yy
        measures: {Users: {measure: users, total: sum}}
        unused: users of one day, which no figure counts
  devices:
    name: devices.csv
    delimiter: ","
    period: yyyymmdd
    numbers: {thousands: ".", decimal: ","}
    blocks:
      - column: Device
        grain: year
        dimension: device
        codes: {mobile: mobile, desktop: desktop}
        measures: {Users: {measure: users, total: sum}}
      - column: Year
        grain: year
        dates: yyyy
        measures: {Views: {measure: page_views, total: sum}}
"""

MONTHS = "Month,Users,Views\n201701,1.200,3.000\n201702,900,2.500\n,1.800,5.500\n"
REFERRERS = "Source,Users\nawel.be,30\n(not set),5\n,35\n\nDay,Users\n01-01-17,3\n,3\n"
DEVICES = "Device,Users\nmobile,60\ndesktop,40\n,100\n\nYear,Views\n2017,5.500\n,5.500\n"


@pytest.fixture
def site(desk: Any) -> Any:
    """A desk with three reports on a website."""
    desk.put_layout(LAYOUT)
    put(desk, "months.csv", MONTHS)
    put(desk, "referrers.csv", REFERRERS)
    put(desk, "devices.csv", DEVICES)
    return desk


def put(desk: Any, name: str, blocks: str, banner: str = BANNER) -> None:
    """Put a report below its banner."""
    (desk.root / "raw" / name).write_text(banner + blocks, encoding="utf-8")


def rows(desk: Any, *columns: str) -> list[str]:
    """Some columns of the traffic table, a row a line; a dash where a row isn't broken down."""
    frame = desk.table("traffic").frame.loc[:, list(columns)].astype(object)
    return [
        " ".join("-" if value != value else str(value) for value in row)  # noqa: PLR0124 - NaN
        for row in frame.to_numpy().tolist()
    ]


def test_each_figure_is_a_row(site: Any) -> None:
    """What is measured, over which grain, and by which dimension."""
    assert rows(site, "measure", "grain", "site", "device", "referrer", "value") == [
        "users month - - - 1200",
        "users month - - - 900",
        "users year - - - 1800",
        "page_views month - - - 3000",
        "page_views month - - - 2500",
        "page_views year - - - 5500",
        "users year children - awel.be 30",
        "users year children - unknown 5",
        "users year - mobile - 60",
        "users year - desktop - 40",
    ]


def test_each_row_has_its_days(site: Any) -> None:
    """A month from its first to its last day, what is by dimension over the whole period."""
    frame = site.table("traffic").frame
    days = [f"{row.start:%d/%m} {row.end:%d/%m}" for row in frame.itertuples()]
    assert days[:3] == ["01/01 31/01", "01/02 28/02", "01/01 31/12"]
    assert days[6] == "01/01 31/12"


def test_each_row_knows_file_and_line(site: Any) -> None:
    """For the auditor, who opens the file."""
    assert rows(site, "file", "line")[5:7] == ["raw/months.csv 9", "raw/referrers.csv 7"]


def test_an_open_list_grows_by_what_a_report_holds(site: Any) -> None:
    """The codes of the list first, then the others in the order of the alphabet."""
    column = site.table("traffic").frame["referrer"]
    assert column.cat.categories.tolist() == ["unknown", "awel.be"]


def test_dimensions_that_no_report_gives_are_no_fields(site: Any) -> None:
    """A figure by them is unavailable, not 0."""
    assert site.table("traffic").fields == {"measure", "grain", "site", "device", "referrer"}


def test_figures_that_stand_in_two_reports_are_kept_once(site: Any) -> None:
    """B52: the page views of the year, as a total of months and as a row of their own."""
    assert site.balance("devices.csv").excluded == {"B18": 2, "B52": 1}


def test_unused_blocks_are_left_out_and_counted(site: Any) -> None:
    """Their total rows were checked like any other."""
    balance = site.balance("referrers.csv")
    assert (balance.read, balance.used) == (5, 2)
    assert balance.excluded == {"B18": 2, "unused": 1}
    assert balance.balances


def test_figures_of_one_thing_that_differ_are_refused(site: Any) -> None:
    """B53: with both places, and neither figure."""
    put(site, "devices.csv", DEVICES.replace("5.500", "5.501"))
    assert site.problems() == [
        "[B53] raw/devices.csv:12: another figure than raw/months.csv:9 gives for the same; "
        "expected one figure of one thing\n  → export both reports again, at one time"
    ]


def test_a_total_row_that_is_no_sum_is_refused(site: Any) -> None:
    """B18: rows that exclude one another add up."""
    put(site, "devices.csv", DEVICES.replace(",100", ",101"))
    assert site.problems() == [
        "[B18] raw/devices.csv:9, column Users: the total row isn't the sum of the rows above it\n"
        "  → export the report again: rows are missing, or were changed"
    ]


@pytest.mark.parametrize("total", ["1.199", "2.101"])
def test_users_of_months_bound_the_users_of_the_year(site: Any, total: str) -> None:
    """B18: people who come back count once, so the year lies between the largest month and all."""
    put(site, "months.csv", MONTHS.replace(",1.800", f",{total}"))
    assert site.problems() == [
        "[B18] raw/months.csv:9, column Users: the total row is below the largest row, or above "
        "the sum of all rows\n  → export the report again: rows are missing, or were changed"
    ]


def test_another_view_than_the_parameters_name_is_refused(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B68: by the first line of its banner."""
    source = {"layout": "small", "folder": "raw", "property": "Alle sites"}
    monkeypatch.setattr(type(site), "edition", an_edition("2017", [source]))
    put(site, "months.csv", MONTHS, BANNER.replace("Site", "Alle sites"))
    put(site, "referrers.csv", REFERRERS, BANNER.replace("Site", "Alle sites"))
    assert site.problems() == [
        "[B68] raw/devices.csv:1: the export is of another property; expected 'Alle sites'\n  → "
        "export the report of this property, or correct its name in the parameters or the layout"
    ]


def test_users_of_months_that_were_added_up_are_refused(site: Any) -> None:
    """B67: their sum claims to be the users of the year."""
    put(site, "months.csv", MONTHS.replace(",1.800", ",2.100"))
    assert site.problems() == [
        "[B67] raw/months.csv:9, column Users: the users of the year are the sum of the rows above "
        "them; expected users of the whole period, in which who comes back counts once\n"
        "  → export the users of the whole period; see docs/web-analytics.md"
    ]


def test_the_users_of_the_only_month_are_those_of_the_year(site: Any) -> None:
    """Nobody was there in February."""
    put(site, "months.csv", MONTHS.replace("900", "0").replace(",1.800", ",1.200"))
    assert rows(site, "measure", "grain", "value")[2] == "users year 1200"


def test_a_sampled_report_waits_to_be_acknowledged(site: Any) -> None:
    """B66: its banner says so."""
    put(site, "devices.csv", DEVICES, BANNER.replace("Site", "Site (steekproef: 40%)"))
    assert site.problems() == [
        "[B66] raw/devices.csv:2: 3 figure(s) estimated from a sample of the visits\n  → export a "
        "shorter period, or fewer dimensions; where that can't be, acknowledge it in the parameters"
    ]


def test_values_that_the_service_put_together_wait_too(site: Any) -> None:
    """B66: unless the layout gives '(other)' a code of its own, as a group of channels has."""
    put(site, "referrers.csv", REFERRERS.replace("(not set)", "(other)"))
    assert site.problems() == [
        "[B66] raw/referrers.csv:8: 1 row(s) '(other)': values that the service put together "
        "because they were too many\n  → export a shorter period, or fewer dimensions; where that "
        "can't be, acknowledge it in the parameters"
    ]
    site.put_layout(LAYOUT.replace("{(not set): unknown}", "{(Other): other}"))
    assert "users year children - other 5" in rows(
        site, "measure", "grain", "site", "device", "referrer", "value"
    )


def test_a_report_of_another_period_is_refused(site: Any) -> None:
    """B68: by its banner."""
    put(site, "devices.csv", DEVICES, BANNER.replace("20171231", "20171130"))
    assert site.problems() == [
        "[B68] raw/devices.csv:1: the banner names another period; expected 2017-01-01 to "
        "2017-12-31\n  → export the report over the edition's period"
    ]


def test_a_banner_without_period_is_refused(site: Any) -> None:
    """B68: which year it is of, nobody could say."""
    put(site, "devices.csv", DEVICES, "# Site\n\n")
    assert site.problems() == [
        "[B68] raw/devices.csv:1: the banner names no period; expected 2017-01-01 to 2017-12-31\n"
        "  → export the report over the edition's period"
    ]


def test_days_outside_the_period_are_refused(site: Any) -> None:
    """B68: a report over the period holds none."""
    put(site, "months.csv", MONTHS.replace("201702", "201802"))
    assert site.problems() == [
        "[B68] raw/months.csv:8, column Month: '999999' lies outside the period; expected "
        "2017-01-01 to 2017-12-31"
    ]


@pytest.mark.parametrize("text", ['"1,5"', "1.5", "-3", "-"])
def test_what_is_no_count_is_refused(site: Any, text: str) -> None:
    """B35: a decimal where a count is due."""
    put(site, "devices.csv", DEVICES.replace("mobile,60", f"mobile,{text}"))
    assert [problem[:45] for problem in site.problems()] == [
        "[B35] raw/devices.csv:7, column Users: " + site.problems()[0][39:45]
    ]


def test_an_unknown_label_is_refused(site: Any) -> None:
    """B59: in a list that is closed."""
    put(site, "devices.csv", DEVICES.replace("mobile", "moblie"))
    assert site.problems() == [
        "[B59] raw/devices.csv:7, column Device: 'aaaaaa' is no label of this column, did you "
        "mean 'mobile'?; expected mobile, desktop\n"
        "  → correct it in the source, or give the label a code in the layout"
    ]


def test_totals_of_the_sample_are_those_of_the_year(sample_copy: Any, sample_edition: Any) -> None:
    """Users, page views and sessions of 2017 stand once each."""
    from helpline_report.parameters.project import Project  # noqa: PLC0415
    from helpline_report.tables.load import load_dataset  # noqa: PLC0415

    table = load_dataset(Project(sample_copy), sample_edition).tables["traffic"]
    dimensions = sorted(table.fields - {"measure", "grain"})
    whole = table.frame[
        (table.frame["grain"] == "year") & table.frame[dimensions].isna().all(axis=1)
    ]
    values = dict(zip(whole["measure"].astype(str), whole["value"], strict=True))
    assert (values["users"], values["page_views"]) == (26_788, 74_088)
    assert len(whole) == 3
