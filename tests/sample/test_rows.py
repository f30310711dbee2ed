"""What the committed rows say is possible."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

CLOSED = {
    2016: {(1, 1), (3, 28), (5, 5), (7, 21), (8, 15), (11, 1), (11, 11)},
    2017: {(4, 17), (5, 1), (5, 25), (7, 21), (8, 15), (11, 1), (12, 25)},
}
COLUMNS = {
    "contactnames.csv": "contactnummer;datum;tijdstip;hulplijn;kanaal;leeftijdsklasse;geslacht;"
    "anonimiteit;hoedanigheid;label",
    "gemelde_personen.csv": "persoonsnummer;contactnummer;geslacht;leeftijd;problematiek;vorm;"
    "context",
    "gevolggevingen.csv": "persoonsnummer;gevolggeving",
}
AGES = {
    "Kindermishandeling": range(18),
    "Geweld tussen minderjarigen": range(18),
    "Ouderenmis(be)handeling": range(60, 121),
    "Historisch misbruik": range(18, 121),
    "Geweld tegen volwassenen": range(18, 60),
}
GROWN_UP = ("(Stief)ouder", "Grootouder", "Onderwijs", "Cultuur", "Justitie")


def families(exports: Any) -> list[list[Any]]:
    """The persons of each contact."""
    persons = defaultdict(list)
    for row in exports.persons:
        persons[row["contactnummer"]].append(row)
    return list(persons.values())


def followups(exports: Any) -> dict[str, list[str]]:
    """The follow-ups of each person."""
    kinds = defaultdict(list)
    for row in exports.followups:
        kinds[row["persoonsnummer"]].append(row["gevolggeving"])
    return kinds


def test_files_have_the_form_of_the_contract(exports: Any) -> None:
    """The header in its order; plain UTF-8 without marks or carriage returns, ended."""
    for name, header in COLUMNS.items():
        assert (exports.folder / name).read_text(encoding="utf-8").split("\n")[0] == header
    for path in exports.folder.rglob("*.csv"):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")


def test_followups_are_one_to_four_of_different_kinds(exports: Any) -> None:
    """An empty one stands alone; only cases are registered with another service."""
    kinds = followups(exports)
    numbers = Counter(map(len, kinds.values()))
    assert set(numbers) == {1, 2, 3, 4}
    assert numbers[1] > numbers[2] > numbers[3] > numbers[4]
    assert all(len(set(each)) == len(each) for each in kinds.values())
    assert all(len(each) == 1 for each in kinds.values() if "" in each)
    for key, each in kinds.items():
        if any(kind.startswith("Aangemeld") for kind in each):
            assert exports.caller(exports.person_of[key])["label"] == "Dossier"


def test_the_telephone_rings_on_exactly_the_open_days(exports: Any) -> None:
    """Rows come in order of time; at weekends, nights and closed days there are e-mails alone."""
    year = int(exports.folder.name)
    moments = [(exports.day(row), row["tijdstip"]) for row in exports.contacts]
    assert moments == sorted(moments)
    calls = [row for row in exports.contacts if row["kanaal"] == "Telefoon"]
    days = [date(year, 1, 1) + timedelta(n) for n in range(366)]
    is_open = (day for day in days if day.year == year and day.weekday() < 5)
    open_days = {day for day in is_open if (day.month, day.day) not in CLOSED[year]}
    assert {exports.day(row) for row in calls} == open_days
    assert {row["tijdstip"][:2] for row in calls} == {f"{hour:02d}" for hour in range(9, 17)}
    weekend = [row for row in exports.contacts if exports.day(row).weekday() >= 5]
    assert {row["kanaal"] for row in weekend} == {"E-mail"}
    skipped = {2016: date(2016, 3, 27), 2017: date(2017, 3, 26)}[year]
    assert not any(day == skipped and time.startswith("02") for day, time in moments)


def test_ages_fit_the_problem(exports: Any) -> None:
    """Child abuse is about minors, elder abuse about people of sixty and over; some are blank."""
    for row in exports.persons:
        if row["leeftijd"] and row["problematiek"] in AGES:
            assert int(row["leeftijd"]) in AGES[row["problematiek"]]
    blank = sum(not row["leeftijd"] for row in exports.persons)
    assert 0.10 < blank / len(exports.persons) < 0.25


def test_a_caller_fits_what_is_reported(exports: Any) -> None:
    """A parent is no minor; a victim is the first person, and no adult of child abuse."""
    callers = [row for row in exports.contacts if row["hoedanigheid"] in GROWN_UP]
    assert not {"Kind", "Jongere"} & {row["leeftijdsklasse"] for row in callers}
    for first, *_ in families(exports):
        caller = exports.caller(first)
        if caller["hoedanigheid"] == "Slachtoffer":
            assert caller["geslacht"] == first["geslacht"]
            if first["problematiek"] == "Kindermishandeling":
                assert caller["leeftijdsklasse"] != "Volwassene"
