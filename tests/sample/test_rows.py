"""Keys, days and codes of the committed rows fit together, and what they say is possible."""

import re
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
HELPLINES = {"Antwerpen", "Limburg", "Oost-Vlaanderen", "Vlaams-Brabant", "West-Vlaanderen"}
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


def test_rows_point_at_each_other_without_a_rest(exports: Any) -> None:
    """A key holds the year and a number; every contact has a person, every person a follow-up."""
    year = exports.folder.name
    assert len(exports.contact_of) == len(exports.contacts)
    assert len(exports.person_of) == len(exports.persons)
    assert all(re.fullmatch(rf"C{year}-\d{{6}}", key) for key in exports.contact_of)
    assert all(re.fullmatch(rf"P{year}-\d{{6}}", key) for key in exports.person_of)
    assert {row["contactnummer"] for row in exports.persons} == set(exports.contact_of)
    assert {row["persoonsnummer"] for row in exports.followups} == set(exports.person_of)
    assert {row["hulplijn"] for row in exports.contacts} == HELPLINES
    assert all(row["problematiek"] and row["vorm"] for row in exports.persons)


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


def test_contexts_start_in_july_2016(sample: Any) -> None:
    """Before, none was registered; sport and leisure were one code in 2016 and are two in 2017."""
    before, now = sample(2016), sample(2017)
    for row in before.persons:
        assert bool(row["context"]) == (before.day(row) >= date(2016, 7, 1))
    assert all(row["context"] for row in now.persons)
    labels = {"Sport", "Vrije tijd", "Sport en vrije tijd"}
    assert labels & {row["context"] for row in before.persons} == {"Sport en vrije tijd"}
    assert labels & {row["context"] for row in now.persons} == {"Sport", "Vrije tijd"}
    # Who counts persons where contacts are asked for gets another number.
    chosen = [row for row in now.persons if row["context"] == "Sport"]
    assert len({row["contactnummer"] for row in chosen}) < len(chosen)


def test_what_is_not_known_of_contacts_of_2017(sample: Any) -> None:
    """63 roles; 24 anonymities that weren't registered; other channels, and none registered."""
    contacts = sample(2017).contacts
    assert sum(row["hoedanigheid"] == "Onbekend" for row in contacts) == 63
    assert sum(not row["anonimiteit"] for row in contacts) == 24
    channels = Counter(row["kanaal"] for row in contacts)
    assert (channels["Andere"], channels[""]) == (12, 12)


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


def test_families_come_in_one_contact(sample: Any) -> None:
    """Never above seven; nine families of ten share the context of child abuse."""
    sizes = [len(family) for family in families(sample(2017))]
    assert 0.25 < sum(size > 1 for size in sizes) / len(sizes) < 0.5
    assert max(sizes) <= 7
    alike = []
    for family in families(sample(2017)):
        children = [row for row in family if row["problematiek"] == "Kindermishandeling"]
        if len(children) > 1:
            alike.append(len({row["context"] for row in children}) == 1)
    assert sum(alike) / len(alike) > 0.9


def test_the_year_2017_has_its_shape(sample: Any) -> None:
    """Monday is busiest, Thursday quietest by far; June has the campaign on older people."""
    exports = sample(2017)
    days = Counter(exports.day(row).weekday() for row in exports.contacts)
    monday, thursday = days.pop(0), days.pop(3)
    assert monday > max(days.values())
    assert thursday < min(days[day] for day in (1, 2, 4))
    chosen = [row for row in exports.persons if row["problematiek"] == "Ouderenmis(be)handeling"]
    (month, most), (_, second) = Counter(exports.day(row).month for row in chosen).most_common(2)
    assert (month, most > second) == (6, True)
    ages = defaultdict(list)
    for row in exports.persons:
        if row["problematiek"] == "Partnergeweld" and row["leeftijd"]:
            ages[exports.day(row).month == 6].append(int(row["leeftijd"]) >= 55)
    june, rest = ages[True], ages[False]
    assert sum(june) / len(june) > 1.5 * sum(rest) / len(rest)
