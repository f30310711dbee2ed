"""What a row says is possible, and rows of one contact fit each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

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


def followups(exports: Any) -> dict[str, set[str]]:
    """The follow-ups of each person."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in exports.followups:
        kinds[row["persoonsnummer"]].add(row["gevolggeving"])
    return kinds


def test_ages_fit_the_problem(exports: Any) -> None:
    """Child abuse is about minors, elder abuse about people of sixty and over."""
    for row in exports.persons:
        if row["leeftijd"] and row["problematiek"] in AGES:
            assert int(row["leeftijd"]) in AGES[row["problematiek"]]


def test_some_ages_are_not_known(exports: Any) -> None:
    """Between a tenth and a quarter of the persons have no age."""
    blank = sum(not row["leeftijd"] for row in exports.persons)
    assert 0.10 < blank / len(exports.persons) < 0.25


def test_a_parent_is_no_minor(exports: Any) -> None:
    """Who calls as a parent, grandparent or professional is no child or young person."""
    callers = [row for row in exports.contacts if row["hoedanigheid"] in GROWN_UP]
    assert not {"Kind", "Jongere"} & {row["leeftijdsklasse"] for row in callers}


def test_a_victim_who_calls_is_the_first_person(exports: Any) -> None:
    """Caller and first person reported have the same gender."""
    for first, *_ in families(exports):
        caller = exports.caller(first)
        if caller["hoedanigheid"] == "Slachtoffer":
            assert caller["geslacht"] == first["geslacht"]


def test_no_adult_calls_as_a_victim_of_child_abuse(exports: Any) -> None:
    """An adult who was abused as a child reports historical abuse."""
    for first, *_ in families(exports):
        caller = exports.caller(first)
        if (
            caller["hoedanigheid"] == "Slachtoffer"
            and first["problematiek"] == "Kindermishandeling"
        ):
            assert caller["leeftijdsklasse"] != "Volwassene"


def test_families_come_in_one_contact(sample: Any) -> None:
    """A quarter to a half of the contacts are about more than one person, and never above seven."""
    sizes = [len(family) for family in families(sample(2017))]
    assert 0.25 < sum(size > 1 for size in sizes) / len(sizes) < 0.5
    assert max(sizes) <= 7


def test_siblings_mostly_share_the_context(sample: Any) -> None:
    """In child abuse nine families of ten have one context."""
    alike = []
    for family in families(sample(2017)):
        children = [row for row in family if row["problematiek"] == "Kindermishandeling"]
        if len(children) > 1:
            alike.append(len({row["context"] for row in children}) == 1)
    assert sum(alike) / len(alike) > 0.9


def test_only_cases_are_registered_elsewhere(exports: Any) -> None:
    """To register somebody with another service takes more than one conversation."""
    kinds = followups(exports)
    for row in exports.persons:
        if any(kind.startswith("Aangemeld") for kind in kinds[row["persoonsnummer"]]):
            assert exports.caller(row)["label"] == "Dossier"


def test_followups_are_one_to_four(exports: Any) -> None:
    """Most people have one or two follow-ups, nobody more than four."""
    numbers = Counter(len(kinds) for kinds in followups(exports).values())
    assert set(numbers) == {1, 2, 3, 4}
    assert numbers[1] > numbers[2] > numbers[3] > numbers[4]


def test_june_of_2017_has_the_campaign(sample: Any) -> None:
    """More elder abuse in June than in any other month of 2017."""
    exports = sample(2017)
    chosen = [row for row in exports.persons if row["problematiek"] == "Ouderenmis(be)handeling"]
    months = Counter(exports.day(row).month for row in chosen)
    (month, most), (_, second) = months.most_common(2)
    assert (month, most > second) == (6, True)


def test_victims_of_partner_violence_were_older_in_june_of_2017(sample: Any) -> None:
    """The campaign was about partner violence among older people."""
    exports = sample(2017)
    ages = defaultdict(list)
    for row in exports.persons:
        if row["problematiek"] == "Partnergeweld" and row["leeftijd"]:
            ages[exports.day(row).month == 6].append(int(row["leeftijd"]) >= 55)
    june, rest = ages[True], ages[False]
    assert sum(june) / len(june) > 1.5 * sum(rest) / len(rest)
