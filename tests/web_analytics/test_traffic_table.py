"""Web analytics exports of any form become figures of what, of when and of which dimension."""

import json

import pytest

from helpline_report.errors import ParametersError
from helpline_report.web_analytics.block_figures import parse_count
from tests.conftest import refusal
from tests.present import present
from tests.web_analytics.conftest import LAYOUT, WebDesk

YEAR = "# Start date: 20170101\n# End date: 20171231\n"
LAST_YEAR = "# Start date: 20160101\n# End date: 20161231\n"
GA4 = "# Reports snapshot\n# Account: A\n# Property: Website\n#  \n"
UA = "# ---\n# Alle sites\n# Overzicht\n# 20170101-20171231\n# ---\n\n"
ASK = (
    "the users of the whole period stand nowhere in the web analytics exports; those of months or "
    "days can't be added up, since who comes back counts once: export them as "
    "docs/web-analytics.md says"
)
DAYS = f"{UA}Dagindex,Gebruikers\n01-01-17,50\n02-01-17,70\n,120\n"
DEVICE = f"{GA4}{YEAR}Device,Users\nmobile,4\n"
# Name: the export; its figures; what somebody may miss; what is left out, by code.
Read = tuple[str, list[str], list[str], dict[str, int]]
READ: dict[str, Read] = {
    "blocks are chosen by what they measure": (
        f"{GA4}{YEAR}Nth day,Active users\n0000,5\n0364,7\n\n"
        f"{YEAR}Nth day,New users\n0000,4\n\n"
        f"{YEAR}Device category,Active users\nmobile,9\ndesktop,3\n\n"
        f"{YEAR}Country,Active users\nBelgium,11\n\n"
        f"{YEAR}Event name,Event count\npage_view,44\n",
        [
            "users day 0101-0101 5",
            "users day 1231-1231 7",
            "users year 0101-1231 device=mobile 9",
            "users year 0101-1231 device=desktop 3",
        ],
        [ASK],
        {"unused": 3},
    ),
    "a comparison in the same file is left out": (
        f"{GA4}{LAST_YEAR}Device category,Active users\nmobile,8\n\n"
        f"{YEAR}Device category,Active users\nmobile,9\n",
        ["users year 0101-1231 device=mobile 9"],
        [ASK],
        {"unused": 1},
    ),
    "a table that is of another period alone is told": (
        f"{GA4}{YEAR}Device category,Active users\nmobile,8\n\n"
        f"{LAST_YEAR}Device category,Active users\nmobile,7\n\n"
        f"{LAST_YEAR}Nth day,Active users\n0000,9\n\n"
        # The layout has no field of countries: nobody misses them.
        f"{LAST_YEAR}Country,Active users\nBelgium,9\n",
        ["users year 0101-1231 device=mobile 8"],
        ["raw/x.csv:17: the table is of another period, and is left out", ASK],
        {"unused": 3},
    ),
    "users of months are never added up": (
        f"{GA4}{YEAR}Nth month,Active users\n0000,5\n0001,7\n",
        ["users month 0101-0131 5", "users month 0201-0228 7"],
        [ASK],
        {},
    ),
    "a total of all visits is the year's users, below the sum": (
        f"{UA}Maand van het jaar,Gebruikers\n201701,50\n201702,70\n,100\n",
        ["users month 0101-0131 50", "users month 0201-0228 70", "users year 0101-1231 100"],
        [],
        {},
    ),
    "one row with users is its own total": (
        f"{UA}Maand van het jaar,Gebruikers\n201701,50\n201702,0\n,50\n",
        ["users month 0101-0131 50", "users month 0201-0228 0", "users year 0101-1231 50"],
        [],
        {},
    ),
    "a total that adds users up is not the year's": (
        DAYS,
        ["users day 0101-0101 50", "users day 0102-0102 70"],
        [ASK],
        {"B18": 1},
    ),
    "sessions add up and are the year's": (
        f"{UA}Apparaatcategorie,Sessies\nmobile,5\ndesktop,7\n,12\n",
        [
            "sessions year 0101-1231 device=mobile 5",
            "sessions year 0101-1231 device=desktop 7",
            "sessions year 0101-1231 12",
        ],
        [],
        {},
    ),
    "a total of some visits is left out, and so are the days under it": (
        f"{UA}Bron,Sessies\nawel.be,5\ncaw.be,7\n,12\n\nDagindex,Sessies\n01-01-17,12\n,12\n",
        ["sessions year 0101-1231 referrer=awel.be 5", "sessions year 0101-1231 referrer=caw.be 7"],
        [],
        {"B18": 1, "unused": 2},
    ),
    "weeks make no months": (
        f"{GA4}{YEAR}Nth week,Active users\n0000,5\n\n{YEAR}Device,Users\nmobile,4\n",
        ["users year 0101-1231 device=mobile 4"],
        [
            "raw/x.csv:7: figures by week are left out, since weeks don't make months: export this "
            "table by day or by month",
            ASK,
        ],
        {"unused": 1},
    ),
    "a measure that isn't known is told by its place": (
        f"{GA4}{YEAR}Device,Users,Vibes\nmobile,4,9\n",
        ["users year 0101-1231 device=mobile 4"],
        ["raw/x.csv:7: the name(s) of column 3 aren't known; what they measure is left out", ASK],
        {},
    ),
    "a dimension that isn't known leaves its block out": (
        f"{GA4}{YEAR}Mood,Users\ngood,4\n\n{YEAR}Device,Users\nmobile,4\n",
        ["users year 0101-1231 device=mobile 4"],
        ["raw/x.csv:7: the name(s) of column 1 aren't known; the table is left out", ASK],
        {"unused": 1},
    ),
    "a session past midnight is one of both days": (
        f"{GA4}{YEAR}Nth day,Sessions\n,11,Grand total\n0000,5\n0001,7\n",
        ["sessions day 0101-0101 5", "sessions day 0102-0102 7", "sessions year 0101-1231 11"],
        [],
        {},
    ),
}

# What an export holds of which no row is used, and what was understood of it.
UNUSED = {
    "sources of all visits are no referring sites": (
        f"{UA}Bron,Sessies\ngoogle,9\n(direct),3\n,12\n",
        3,
        "line 7: sessions by source (these are the sources of all visits, and are left out: export "
        "this table by source and medium, or of referrals alone)",
    ),
    "a table of two dimensions gives no figure": (
        f"{GA4}{YEAR}Device,Country,Users\nmobile,Belgium,4\n",
        1,
        "line 7: active users by device category and country",
    ),
    "a sample of what nobody wants is no matter": (
        f"{GA4}# Steekproef: 40 %\n{YEAR}Country,Active users\nBelgium,11\n",
        1,
        "line 8: active users by country",
    ),
    "total users are never taken for active users": (
        f"{GA4}{YEAR}Device category,Total users\nmobile,9\n",
        1,
        "line 7: total users by device category",
    ),
    "a header in a language that nobody knows": (
        f"{GA4}{YEAR}Kategoria urządzenia,Aktywni użytkownicy\nmobile,9\ndesktop,3\n",
        2,
        "line 7: nothing that is measured, and column 1, 2 unknown",
    ),
    "weeks alone": (
        f"{GA4}{YEAR}Nth week,Sessions\n0000,5\n\n{LAST_YEAR}Device,Users\nmobile,4\n",
        2,
        "line 7: sessions by nth week (figures by week are left out, since weeks don't make "
        "months: export this table by day or by month); line 12: active users by device category, "
        "of 2016-01-01 to 2016-12-31 (the table is of another period, and is left out)",
    ),
}


@pytest.mark.parametrize(("text", "rows", "understood"), UNUSED.values(), ids=UNUSED)
def test_an_export_of_which_no_row_is_used_is_refused(
    desk: WebDesk, text: str, rows: int, understood: str
) -> None:
    """B82: it is never sound, and the message says what was understood of it."""
    desk.write(text)
    assert desk.problems() == [
        f"[B82] raw/x.csv: none of its {rows} rows is used; this was understood of it: "
        f"{understood}\n  → export one of the reports of docs/web-analytics.md, or take the file "
        "out of the folder; names of columns in another language stand under 'headers' in the "
        "layout"
    ]


def test_a_table_without_rows_is_sound(desk: WebDesk) -> None:
    """Nobody came by a referral: there is nothing that could have been used."""
    desk.write(f"{GA4}{YEAR}Session source,Sessions\n")
    assert desk.figures() == []


SPANISH = (
    "# Informe panorámico\n# Cuenta: A\n# Propiedad: Web\n#  \n"
    "# Fecha de inicio: 20170101\n# Fecha de finalización: 20171231\n"
)
GERMAN = "# Property: Web\n#  \n# Startdatum: 20170101\n# Enddatum: 20171231\n"
FRENCH = "# Propriété: Web\n#  \n# Date de début: 20170101\n# Date de fin: 20171231\n"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (
            f"{SPANISH}Grupo de canales principal de la sesión (Grupo de canales predeterminado),"
            'Sesiones\nDirect,"1.285"\nReferral,139\n',
            ["traffic_channel=direct 1285", "traffic_channel=referral 139"],
        ),
        (
            f"{GERMAN}Sitzung – primäre Channelgruppe (Standard-Channelgruppe);Sitzungen\n"
            "Direct;1.285\nReferral;139\n",
            ["traffic_channel=direct 1285", "traffic_channel=referral 139"],
        ),
        (
            f"{FRENCH}Groupe de canaux par défaut de la session,Sessions\nDirect,1 285\n",
            ["traffic_channel=direct 1285"],
        ),
    ],
)
def test_headers_in_other_languages(desk: WebDesk, text: str, figures: list[str]) -> None:
    """What the service calls its columns is data, and so is how it groups digits."""
    desk.write(text)
    assert desk.figures() == [f"sessions year 0101-1231 {figure}" for figure in figures]


POLISH = (
    "web:\n  headers:\n    active_users: [Aktywni użytkownicy]\n"
    "    device_category: [Kategoria urządzenia]\n  thousands: ' '\n"
)
POLISH_EXPORT = f"{GA4}{YEAR}Kategoria urządzenia,Aktywni użytkownicy\nmobile,1 285\ndesktop,3\n"


def test_a_layout_adds_names_of_another_language(desk: WebDesk) -> None:
    """Under `headers`, by metric or dimension; `thousands` says how digits are grouped there."""
    desk.change_layout("web:\n", POLISH)
    desk.write(POLISH_EXPORT)
    assert desk.figures() == [
        "users year 0101-1231 device=mobile 1285",
        "users year 0101-1231 device=desktop 3",
    ]


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("active_user: [Utenti]", "headers: no metric or dimension 'active_user', did you mean"),
        ("sessions: [Vues]", "headers: 'Vues' is a name of 'page_views' already"),
        ("sessions: [Sedute], page_views: [Sedute]", "headers: 'Sedute' is a name of 'sessions'"),
    ],
)
def test_a_name_that_a_layout_can_t_add(desk: WebDesk, header: str, what: str) -> None:
    desk.change_layout("web:\n", f"web:\n  headers: {{{header}}}\n")
    desk.write(DEVICE)
    assert what in refusal(ParametersError, desk.load)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("label,nb_uniq_visitors,nb_visits\nDirect Entry,4,5\n", "Matomo"),
        ("Label,Unieke bezoekers,Bezoeken,Acties\nDirecte toegang,4,5,9\n", "Matomo"),
        ('[{"label":"Direct Entry","nb_visits":5}]', "Matomo"),
        ("date,visitors,pageviews,visits\n2017-01-01,4,9,5\n", "Plausible"),
        ("event_date,event_timestamp,event_name\n20170101,1483225200000,page_view\n", "BigQuery"),
        ('{"event_date":"20170101","event_timestamp":"1","event_name":"x"}\n{}', "BigQuery"),
    ],
)
def test_an_export_of_another_service_is_named(desk: WebDesk, text: str, name: str) -> None:
    """B82: for what it is, and with what can be read in its place."""
    desk.write(text)
    (problem,) = desk.problems()
    assert problem.startswith(f"[B82] raw/x.csv: the file is an export of {name}"), problem
    assert "is read" in problem or "are read" in problem


def test_an_export_without_a_banner_is_told(desk: WebDesk) -> None:
    """B68: as Looker Studio writes it, it says no period."""
    desk.write("Device category,Active users\nmobile,9\n")
    (problem,) = desk.problems()
    assert "has no banner that names its period, as Looker Studio and spreadsheets" in problem


@pytest.mark.parametrize(("text", "figures", "notes", "excluded"), READ.values(), ids=READ)
def test_each_row_is_a_figure_or_is_left_out_with_a_note(
    desk: WebDesk, text: str, figures: list[str], notes: list[str], excluded: dict[str, int]
) -> None:
    """Each figure, what somebody may miss, and what became of the other rows."""
    desk.write(text)
    assert desk.figures() == figures
    assert [note for note in desk.notes() if note != ASK or ASK in notes] == notes
    balance = desk.balance()
    assert balance.excluded == excluded
    assert balance.read == balance.used + sum(balance.excluded.values())


def test_another_edition_reads_its_own_year(desk: WebDesk) -> None:
    """Both read the same file; the layout declares which users count."""
    desk.write(
        f"{GA4}{LAST_YEAR}Device category,Total users,Active users\nmobile,9,8\n\n"
        f"{YEAR}Device category,Active users\nmobile,7\n"
    )
    desk.period = ("2016-01-01", "2016-12-31")
    assert desk.figures() == ["users year 0101-1231 device=mobile 8"]
    desk.put_layout(LAYOUT.replace("[users, active_users]", "[total_users]"))
    assert desk.figures() == ["users year 0101-1231 device=mobile 9"]


def test_a_figure_that_two_exports_give_is_kept_once(desk: WebDesk) -> None:
    """B52; where they differ, B53 with both places."""
    desk.write(
        f"{UA}Maand van het jaar,Paginaweergaven\n201701,3000\n201702,2500\n,5500\n", "a.csv"
    )
    year = f"{UA}Jaar,Paginaweergaven\n2017,5500\n,5500\n"
    desk.write(year, "b.csv")
    assert desk.figures()[-1] == "page_views year 0101-1231 5500"
    assert (desk.balance("b.csv").read, desk.balance("b.csv").excluded) == (2, {"B52": 2})
    desk.write(year.replace("5500", "5501"), "b.csv")
    assert desk.problems()[0].startswith("[B53] raw/b.csv:8: another figure than raw/a.csv:10")
    # Nobody misses the year's users where another export has them.
    (desk.root / "raw" / "b.csv").unlink()
    desk.write(DAYS, "a.csv")
    desk.write(f"{UA}Jaar,Gebruikers\n2017,100\n,100\n", "y.csv")
    assert desk.notes() == []


def test_each_figure_knows_its_file_and_line_and_its_codes(desk: WebDesk) -> None:
    """For the auditor; an open list grows in the order of the alphabet."""
    desk.write(f"{UA}Bron,Sessies\nkindengezin.be,5\n(not set),2\nawel.be,7\n,14\n")
    table = desk.load().tables["traffic"]
    assert table.fields == {"measure", "grain", "referrer"}
    categories = [*table.frame["referrer"].cat.categories]
    assert categories == ["other", "unknown", "awel.be", "kindengezin.be"]
    assert table.frame["line"].tolist() == [8, 9, 10]
    assert set(table.frame["file"]) == {"raw/x.csv"}


def test_what_the_layout_says_of_labels_is_done(desk: WebDesk) -> None:
    """'(Other)' may be a group of channels; of sources and media the referrals are taken."""
    desk.write(f"{UA}Standaardkanaalgroep,Sessies\nDirect,5\n(Other),7\n,12\n")
    assert "[B66]" in desk.problems()[0]
    desk.put_layout(LAYOUT.replace("Direct: direct,", "Direct: direct, (Other): other,"))
    assert "sessions year 0101-1231 traffic_channel=other 7" in desk.figures()
    desk.put_layout(LAYOUT.replace("[source]", "[source, source_medium]"))
    desk.write(
        f"{UA}Bron/medium,Sessies\ngoogle / organic,9\nawel.be / referral,5\n"
        "(direct) / (none),3\n,17\n"
    )
    assert desk.figures() == [
        "sessions year 0101-1231 referrer=awel.be 5",
        "sessions year 0101-1231 17",
    ]
    assert desk.balance().excluded == {"unused": 2}


VISITORS = (
    f"{GA4}{YEAR}Client ID,Sessions,Active users\n"
    ",5,3,Grand total\n72.168,3,1\n39.16,1,1\n1.2,1,1\n"
)
REFUSED = {
    "a total below the sum": (
        f"{UA}Apparaatcategorie,Sessies\nmobile,5\ndesktop,7\n,11\n",
        ["[B18] raw/x.csv:10, column Sessies"],
    ),
    "page views of days that don't add up": (
        f"{GA4}{YEAR}Nth day,Views\n,11,Grand total\n0000,5\n0001,7\n",
        ["[B18] raw/x.csv:8, column Views"],
    ),
    "a month where its number is due": (
        f"{GA4}{YEAR}Nth month,Sessions\n201701,5\n",
        ["[B68] raw/x.csv:8, column Nth month"],
    ),
    "more users in the year than in its months": (
        f"{UA}Maand van het jaar,Gebruikers\n201701,50\n201702,70\n,121\n",
        ["[B18] raw/x.csv:10, column Gebruikers"],
    ),
    "users of months that were added up": (
        f"{UA}Maand van het jaar,Gebruikers\n201701,50\n201702,70\n,120\n",
        ["[B67] raw/x.csv:10, column Gebruikers"],
    ),
    "an unknown label of a closed list": (
        f"{GA4}{YEAR}Device,Users\nmoblie,4\n",
        ["[B59] raw/x.csv:8, column Device"],
    ),
    "half a year": (
        f"{GA4}{YEAR.replace('1231', '0630')}Device,Users\nmobile,4\n",
        ["[B68] raw/x.csv"],
    ),
    "two periods of one table": (
        f"{GA4}{YEAR}{LAST_YEAR}Device,Users\nmobile,4\n",
        ["[B68] raw/x.csv"],
    ),
    "no period": ("Device,Users\nmobile,4\n", ["[B68] raw/x.csv"]),
    "a number of another language": (
        f"{UA}Device Category,Sessions\nmobile,2.546\n,2.546\n",
        ["[B35] raw/x.csv:8, column Sessions"],
    ),
    "days that can be read two ways": (
        f"{UA}Day Index,Sessions\n1/2/17,5\n2/1/17,4\n,9\n",
        ["[B42] raw/x.csv:7, column Day Index"],
    ),
    "a month that there isn't": (
        f"{UA}Maand van het jaar,Sessies\n201713,5\n,5\n",
        ["[B68] raw/x.csv:8, column Maand van het jaar"],
    ),
    "rows of another length": (
        f"{GA4}{YEAR}Device,Users\nmobile,4,5\ndesktop\n",
        ["[B25] raw/x.csv:8", "[B26] raw/x.csv:9"],
    ),
    "a table of visitors, where a row is somebody": (
        VISITORS,
        ["[B65] raw/x.csv:7, column Client ID"],
    ),
}


@pytest.mark.parametrize(("text", "problems"), REFUSED.values(), ids=REFUSED)
def test_a_faulty_report_is_refused(desk: WebDesk, text: str, problems: list[str]) -> None:
    """Each by its code and its place."""
    desk.write(text)
    assert desk.places() == problems


def test_a_message_says_what_is_wrong_what_was_expected_and_what_to_do(desk: WebDesk) -> None:
    """It has the shape of a label, and the nearest label."""
    desk.write(f"{GA4}{YEAR}Device,Users\nmoblie,4\n")
    assert desk.problems() == [
        "[B59] raw/x.csv:8, column Device: 'aaaaaa' is no label of this column, did you mean "
        "'mobile'?; expected mobile, desktop, tablet\n"
        "  → correct it in the source, or give the label a code in the layout"
    ]


def test_an_export_of_another_period_and_one_of_none_are_told_apart(desk: WebDesk) -> None:
    """With the period that is due."""
    half_a_year = f"{GA4}{YEAR.replace('1231', '0630')}Device,Users\nmobile,4\n"
    undated = half_a_year.replace("Start date: 20170101", "").replace("End date: 20170630", "")
    for export, what in (
        (half_a_year, "the export is of another period"),
        (undated, "the export names no period"),
    ):
        desk.write(export)
        due = f"[B68] raw/x.csv: {what}; expected 2017-01-01 to 2017-12-31\n"
        assert desk.problems()[0].startswith(due)


def test_of_visitors_the_totals_are_read_where_the_layout_says_so(desk: WebDesk) -> None:
    """Visitors are exclusive: their number is their sum."""
    desk.write(VISITORS)
    desk.put_layout(LAYOUT + "  visitors: totals_only\n")
    assert desk.figures() == ["sessions year 0101-1231 5", "users year 0101-1231 3"]
    assert desk.balance().excluded == {"unused": 3}


def test_another_property_than_the_parameters_name_is_refused(desk: WebDesk) -> None:
    """B68: its name isn't shown, and the one that is due is."""
    desk.write(DEVICE)
    desk.source = {"property": "1712.be"}
    (problem,) = desk.problems()
    assert "[B68] raw/x.csv: the export is of another property; expected '1712.be'" in problem
    desk.source = {"property": "Website"}
    assert len(desk.figures()) == 1


def test_two_properties_in_one_folder_are_refused(desk: WebDesk) -> None:
    """B68, unless the layout says what each is about."""
    desk.write(DEVICE, "a.csv")
    desk.write(DEVICE.replace("Website", "Kids").replace("4", "3"), "b.csv")
    (problem,) = desk.problems()
    assert problem.startswith("[B68] raw/b.csv: another property than that of raw/a.csv")
    properties = "  properties: {Website: {}, Kids: {site: children}}\n"
    desk.put_layout(LAYOUT.replace("  dimensions:", f"{properties}  dimensions:"))
    assert desk.figures() == [
        "users year 0101-1231 device=mobile 4",
        "users year 0101-1231 device=mobile site=children 3",
    ]


def answered(**metadata: object) -> str:
    """A response of the Data API with active users and sessions, with its request."""
    response = {
        "metricHeaders": [{"name": "activeUsers"}, {"name": "sessions"}],
        "rows": [{"metricValues": [{"value": "40"}, {"value": "60"}]}],
        "rowCount": 1,
        "metadata": {"timeZone": "America/Los_Angeles", **metadata},
    }
    ranges = [{"startDate": "2017-01-01", "endDate": "2017-12-31"}]
    return json.dumps({"request": {"dateRanges": ranges}, "response": response})


def test_the_data_api_gives_the_years_users(desk: WebDesk) -> None:
    """Without a dimension its one row is of all visits; another time zone is refused (B68)."""
    desk.write(answered(), "x.json")
    assert desk.figures() == ["users year 0101-1231 40", "sessions year 0101-1231 60"]
    assert desk.notes() == []
    desk.source = {"time_zone": "Europe/Brussels"}
    (problem,) = desk.problems()
    assert problem.startswith("[B68] raw/x.json: the property counts its days in the time zone")


def test_a_total_of_the_data_api_is_held_to_its_rows(desk: WebDesk) -> None:
    """B18: also of all visits, which are one row."""
    answer = json.loads(answered())
    answer["response"]["totals"] = [{"metricValues": [{"value": "40"}, {"value": "61"}]}]
    desk.write(json.dumps(answer), "x.json")
    assert desk.places() == ["[B18] raw/x.json, row 2, column sessions"]


def test_an_answer_of_two_periods_gives_no_figure(desk: WebDesk) -> None:
    """B68: of which of them a row is, nothing says."""
    answer = json.loads(answered())
    answer["request"]["dateRanges"] *= 2
    desk.write(json.dumps(answer), "x.json")
    assert desk.places() == ["[B68] raw/x.json"]


KNOWN = {"nl": "bekend", "en": "known"}


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("x.json", answered(samplingMetadatas=[{}]), "x.json, row 1"),
        ("x.json", answered(subjectToThresholding=True), "x.json, row 1"),
        (
            "x.csv",
            f"{UA.replace('Overzicht', 'Steekproef 40%')}Apparaatcategorie,Sessies\nmobile,5\n,5\n",
            "x.csv:3",
        ),
        ("x.csv", f"{UA}Bron,Sessies\nawel.be,5\n(other),7\n,12\n", "x.csv:9"),
    ],
)
def test_what_is_no_count_waits_to_be_acknowledged(
    desk: WebDesk, name: str, content: str, place: str
) -> None:
    """B66: it is known, and listed, or the run stops."""
    desk.write(content, name)
    assert desk.places() == [f"[B66] raw/{place}"]
    desk.more = {"acknowledged": [{"fault": "B66", "file": name, "reason": KNOWN}]}
    assert desk.figures()
    assert [item.code for item in desk.load().acknowledged] == ["B66"]


def test_what_the_years_report_printed_otherwise_waits_to_be_acknowledged(desk: WebDesk) -> None:
    """B69: its reason is the note of the revision."""
    desk.write(answered(), "x.json")
    desk.source = {"reported": {"users": 41, "sessions": 60}}
    assert desk.places() == ["[B69] raw/x.json, row 1, column users"]
    desk.more = {"acknowledged": [{"fault": "B69", "about": "users", "reason": KNOWN}]}
    assert desk.figures() == ["users year 0101-1231 40", "sessions year 0101-1231 60"]
    assert [present(item.reason).en for item in desk.load().acknowledged] == ["known"]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Index des jours,Sessions", "01/01/2017,1 234\n02/01/2017,5\n,1 239\n"),
        ("Index des jours,Sessions", "01/01/17,1\u202f234\n02/01/17,5\n,1\u202f239\n"),
        ("Day Index,Sessions", '1/1/17,"1,234"\n1/2/17,5\n,"1,239"\n'),
        ("Dagindex,Sessies", "01-01-17,1.234\n02-01-17,5\n,1.239\n"),
        ("Dagindex;Sessies", "1/01/2017;1.234\n2/01/2017;5\n;1.239\n"),
        ("Date,Views,Sessions", "20170101,1,1234\n20170102,1,5\n"),
    ],
)
def test_numbers_and_days_are_those_of_the_language(desk: WebDesk, header: str, rows: str) -> None:
    """1234 sessions on 1 January, however it is written."""
    desk.write(f"{UA}{header}\n{rows}")
    days = [line for line in desk.figures() if line.startswith("sessions day")]
    assert days == ["sessions day 0101-0101 1234", "sessions day 0102-0102 5"]


def test_a_count_is_read_by_its_language() -> None:
    """B35: a point groups thousands, and only threes of digits."""
    counts = {"2.546": 2546, "7": 7, "1.234.567": 1234567, "1.23": None, "2,5": None, "-1": None}
    assert {text: parse_count(text, ["nl"]) for text in counts} == counts


def test_an_empty_folder_is_refused(desk: WebDesk) -> None:
    """B00: a chapter without figures would look as if there had been no visits."""
    assert desk.places() == ["[B00] raw/*.csv"]


def test_no_message_holds_what_stands_in_a_row(desk: WebDesk) -> None:
    """A canary in each cell of a report that is wrong in each."""
    canary = "Kanarievogel"
    desk.write(
        f"{GA4.replace('Website', canary)}{YEAR}Device,Users,{canary}\n{canary},{canary},1\n\n"
        f"{YEAR}Nth day,Users\n{canary},3\n\n{YEAR}{canary},Users\n{canary},3\n"
    )
    desk.source = {"property": "x"}
    messages = "\n".join(desk.problems())
    desk.source = {}
    assert "[B" in messages
    assert canary not in messages + "\n".join(desk.problems())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[device_category]",
            "[devise_category]",
            "the service has no dimension 'devise_category', did you mean 'device_category'?",
        ),
        ("[device_category]", "[visitor]", "the dimension 'visitor' is no field of visits"),
        ("[source]", "[device_category]", "the dimension 'device_category' gives two fields"),
        ("    device:", "    devise:", "there is no dimension 'devise', did you mean 'device'?"),
        ("mobile: mobile", "mobile: moblie", "the field 'device' has no code 'moblie'"),
        ("dimensions:", "banners: {z.csv: [x]}\n  dimensions:", "isn't among 'names'"),
    ],
)
def test_a_layout_that_wants_what_there_isnt_is_refused(
    desk: WebDesk, old: str, new: str, message: str
) -> None:
    """With the nearest name."""
    desk.put_layout(LAYOUT.replace(old, new))
    desk.write(DEVICE)
    assert message in refusal(ParametersError, desk.load)


NAMED = LAYOUT + "  names: [x.csv]\n  banners: {x.csv: [Kindersite]}\n"
SITE = "# ---\n# {}\n# Overzicht\n# 20170101-20171231\n# ---\n\nApparaat,Gebruikers\nmobile,9\n"


def test_a_report_of_another_view_than_its_place_is_refused(desk: WebDesk) -> None:
    """B77: the layout says what its banner has to say."""
    desk.put_layout(NAMED)
    desk.write(SITE.format("Kindersite"))
    assert desk.figures() == ["users year 0101-1231 device=mobile 9"]
    (desk.root / "raw" / "x.csv").unlink()
    for name in ("x.csv", "X (1).csv", "x - kopie (2).csv", "Copy of x_3.csv"):
        desk.write(SITE.format("Alle sites"), name)
        (problem,) = desk.problems()
        assert problem.startswith(f"[B77] raw/{name}: the banner doesn't say 'Kindersite'")
        (desk.root / "raw" / name).unlink()
    # Another report, whose name holds that of the file, isn't of its view.
    desk.write(SITE.format("Alle sites"), "subx per taal.csv")
    assert desk.figures() == ["users year 0101-1231 device=mobile 9"]


@pytest.mark.parametrize("written", ["Segment: Mobile Traffic", "Segmenten: mobiel"])
def test_a_report_of_a_segment_is_refused(desk: WebDesk, written: str) -> None:
    """B77: it is of some visits, unless the layout says that this file is; its name isn't told."""
    desk.write(SITE.format(f"Alle sites\n# {written}"))
    (problem,) = desk.problems()
    assert problem.startswith(
        "[B77] raw/x.csv: the banner names a segment, and the layout none for this file"
    )
    assert "obi" not in problem
    desk.put_layout(NAMED.replace("Kindersite", f"'{written}'"))
    assert desk.figures() == ["users year 0101-1231 device=mobile 9"]
