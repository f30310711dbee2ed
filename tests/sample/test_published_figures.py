"""The sample gives each of the 162 printed figures, recounted here from the raw files."""

from __future__ import annotations

import calendar
import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

Value = Fraction | str
Figure = tuple[str, Value]

PRINTED = Path(__file__).with_name("published-2017.csv")
ROWS = list(csv.DictReader(PRINTED.read_text(encoding="utf-8").splitlines()))

# What the numbers beside them say, where the print says something else.
CORRECTED = {
    "website.users.change": "15.96",
    "contacts.monthly_mean.email": "52.5",
    "sectors.sport_leisure.sexual.change": "0",
}
CLOSED = {
    date(2017, *day) for day in ((4, 17), (5, 1), (5, 25), (7, 21), (8, 15), (11, 1), (12, 25))
}

VICTIM_SIDE = ("Slachtoffer", "(Stief)ouder", "Grootouder", "Ander familielid", "Ruimere omgeving")
RELATIVES = VICTIM_SIDE[2:]
SECTORS = {
    "education": "Onderwijs",
    "culture": "Cultuur",
    "sport": "Sport",
    "welfare": "Welzijn, gezondheid en gezin",
    "justice": "Justitie",
}
PROBLEMS = {
    "child_abuse": "Kindermishandeling",
    "partner_violence": "Partnergeweld",
    "adult_violence": "Geweld tegen volwassenen",
    "elder_abuse": "Ouderenmis(be)handeling",
    "between_minors": "Geweld tussen minderjarigen",
    "other": "Andere",
}
CODES = {
    **{label: code for code, label in PROBLEMS.items()},
    "Emotioneel": "emotional",
    "Fysiek": "physical",
    "Fysieke verwaarlozing": "physical_neglect",
    "Kerngezin": "nuclear_family",
}
FOLLOWUPS = {
    "advice": "Advies en informatie",
    "referred.vk": "Verwezen naar VK",
    "referred.caw": "Verwezen naar CAW",
    "referred.other_care": "Verwezen naar andere hulp- of dienstverlening",
    "referred.police": "Verwezen naar politie",
    "referred.prosecutor": "Verwezen naar parket",
    "referred.judicial": "Verwezen naar justitiële instantie",
    "referred.mediation_commission": "Verwezen naar bemiddelingscommissie historisch misbruik",
    "referred.peer_contacts": "Verwezen naar lotgenotencontacten historisch misbruik",
    "referred.lawyer": "Verwezen naar advocatuur",
    "registered.vk": "Aangemeld bij VK",
    "registered.caw": "Aangemeld bij CAW",
    "registered.other_care": "Aangemeld bij andere hulp- of dienstverlening",
    "registered.police": "Aangemeld bij politie",
    "registered.mediation_commission": "Aangemeld bij bemiddelingscommissie historisch misbruik",
    "other": "Andere gevolggeving",
    "empty": "",
}


def where(rows: Iterable[Any], **conditions: str | tuple[str, ...]) -> list[Any]:
    """The rows whose columns hold these labels, or one of them."""
    sets = {key: v if isinstance(v, tuple) else (v,) for key, v in conditions.items()}
    return [row for row in rows if all(row[key] in labels for key, labels in sets.items())]


def share(part: Iterable[Any] | int, whole: Iterable[Any] | int) -> Fraction:
    """A percentage; of counts or of rows."""
    counts = [x if isinstance(x, int) else len(list(x)) for x in (part, whole)]
    return Fraction(100 * counts[0], counts[1])


def first(rows: Iterable[Any], column: str, rank: int = 0) -> str:
    """The code with the most rows, or of a later rank; a tie would make it undefined."""
    ranked = Counter(row[column] for row in rows).most_common()
    assert all(ranked[rank][1] > later for _, later in ranked[rank + 1 : rank + 2])
    return CODES[ranked[rank][0]]


def website(now: Any, before: Any) -> Iterator[Figure]:
    """Chapter 2.1."""
    users = {}
    for suffix, year in (("", now), (".previous", before)):
        pages, _ = year.analytics("paginaweergaven.csv")
        people, _ = year.analytics("gebruikers.csv")
        users[suffix] = people.total_of("Gebruikers")
        devices, _ = year.analytics("apparaten.csv")
        mobile = devices.column("Gebruikers")["mobile"]
        yield f"website.pageviews{suffix}", Fraction(sum(pages.column("Paginaweergaven").values()))
        yield f"website.users{suffix}", Fraction(users[suffix])
        yield f"website.users.share.mobile{suffix}", share(mobile, users[suffix])
    yield "website.users.change", share(users[""] - users[".previous"], users[".previous"])
    yield "website.users.monthly_mean", Fraction(users[""], 12)
    sites = now.analytics("sites.csv")[0].column("Gebruikers")
    yield "website.users.share.children", share(sites["/kinderen/"], users[""])
    yield "website.users.share.youth", share(sites["/jongeren/"], users[""])
    channels = now.analytics("kanalen.csv")[0].column("Gebruikers")
    yield "website.users.share.referral", share(channels["Referral"], users[""])
    for file, suffix in (
        ("verwijzende-sites.csv", ""),
        ("verwijzende-sites-kinderen.csv", ".children"),
    ):
        sources = now.analytics(file)[0].column("Gebruikers")
        yield f"website.referrer.top{suffix}", max(sources, key=sources.__getitem__)
    gender = now.analytics("geslacht.csv")[0].column("Gebruikers")
    yield "website.users.share.female", share(gender["female"], sum(gender.values()))


def contacts(now: Any, before: Any) -> Iterator[Figure]:
    """Chapter 2.2, but for the busy moments."""
    rows, last = now.contacts, before.contacts
    yield "contacts.total", Fraction(len(rows))
    yield "contacts.total.previous", Fraction(len(last))
    yield "contacts.total.change", share(len(rows) - len(last), last)
    yield "persons.total", Fraction(len(now.persons))
    yield "persons.total.previous", Fraction(len(before.persons))
    yield "persons.total.change", share(len(now.persons) - len(before.persons), before.persons)
    for code, label in (("phone", "Telefoon"), ("email", "E-mail")):
        chosen = where(rows, kanaal=label)
        yield f"contacts.share.{code}", share(chosen, rows)
        yield f"contacts.monthly_mean.{code}", Fraction(len(chosen), 12)
    for month in range(1, 13):
        for name, counted in (("contacts", rows), ("persons", now.persons)):
            found = [row for row in counted if now.day(row).month == month]
            yield f"{name}.by_month.{month:02d}", Fraction(len(found))


def busy_moments(now: Any, before: Any) -> Iterator[Figure]:
    """The days, weekdays and months of chapter 2.2."""
    rows = now.contacts
    year = [date(2017, 1, 1) + timedelta(days=n) for n in range(365)]
    days = sum(day.weekday() < calendar.SATURDAY and day not in CLOSED for day in year)
    lines = len({row["hulplijn"] for row in rows})
    yield "contacts.open_days", Fraction(days)
    yield "contacts.daily_mean", Fraction(len(rows), days)
    yield "contacts.daily_mean_per_line", Fraction(len(rows), days * lines)
    per_line = Counter((row["datum"], row["hulplijn"]) for row in rows)
    yield "contacts.daily_max_per_line", Fraction(max(per_line.values()))
    for suffix, exports in (("", now), (".previous", before)):
        months = Counter(exports.day(row).month for row in exports.contacts)
        yield f"contacts.month.busiest{suffix}", Fraction(months.most_common()[0][0])
    weekdays = Counter(now.day(row).isoweekday() for row in rows)
    yield "contacts.weekday.busiest", Fraction(weekdays.most_common()[0][0])
    yield "contacts.weekday.quietest", Fraction(min(range(1, 6), key=weekdays.__getitem__))


def callers(now: Any, _: Any) -> Iterator[Figure]:
    """Chapter 2.3."""
    rows = now.contacts
    adult = where(rows, leeftijdsklasse="Volwassene")
    minor = where(rows, leeftijdsklasse=("Kind", "Jongere"))
    known, anonymous = (where(rows, anonimiteit=label) for label in ("Bekend", "Anoniem"))
    for name, chosen in (
        ("adult", adult),
        ("minor", minor),
        ("known", known),
        ("anonymous", anonymous),
    ):
        yield f"callers.{name}", Fraction(len(chosen))
        yield f"callers.share.{name}", share(chosen, rows)
    yield "callers.child", Fraction(len(where(rows, leeftijdsklasse="Kind")))
    yield "callers.share.age_unknown", share(where(rows, leeftijdsklasse="Onbekend"), rows)
    yield "callers.share.female", share(where(rows, geslacht="Vrouw"), rows)
    yield "callers.share.male", share(where(rows, geslacht="Man"), rows)
    roles: dict[str, str | tuple[str, ...]] = {
        "side.victim": VICTIM_SIDE,
        "role.victim": "Slachtoffer",
        "role.parent": "(Stief)ouder",
        "side.perpetrator": ("Pleger", "Omgeving pleger"),
        "role.perpetrator": "Pleger",
        **{f"sector.{code}": label for code, label in SECTORS.items()},
    }
    for name, labels in roles.items():
        yield f"callers.{name}", Fraction(len(where(rows, hoedanigheid=labels)))


def problems(now: Any, before: Any) -> Iterator[Figure]:
    """Chapter 2.4: problems, and who reports them."""
    persons = [{**now.caller(row), **row} for row in now.persons]
    by_role: dict[str, str | tuple[str, ...]] = {
        "role.victim": "Slachtoffer",
        "role.relatives": RELATIVES,
        "role.perpetrator": "Pleger",
        "sectors": tuple(SECTORS.values()),
    }
    for name, labels in by_role.items():
        yield f"problems.top.{name}", first(where(persons, hoedanigheid=labels), "problematiek")
    for code in ("child_abuse", "partner_violence", "other", "adult_violence", "elder_abuse"):
        chosen = where(persons, problematiek=PROBLEMS[code])
        yield f"problems.{code}", Fraction(len(chosen))
        yield f"problems.share.{code}", share(chosen, persons)
    ranked = [x for x, _ in Counter(row["problematiek"] for row in persons).most_common()]
    yield "problems.rank.adult_violence", Fraction(1 + ranked.index(PROBLEMS["adult_violence"]))
    last = Counter(row["problematiek"] for row in before.persons).most_common(4)
    yield "problems.top4.same_as_previous", Fraction({x for x, _ in last} == set(ranked[:4]))


def violence(now: Any, _: Any) -> Iterator[Figure]:
    """Chapters 2.4.3 to 2.5: form, context and gender."""
    of = {code: where(now.persons, problematiek=label) for code, label in PROBLEMS.items()}
    forms = {"emotional": "Emotioneel", "physical": "Fysiek", "sexual": "Seksueel"}
    for code in ("child_abuse", "elder_abuse"):
        yield f"problems.{code}.form.first", first(of[code], "vorm")
        yield f"problems.{code}.form.second", first(of[code], "vorm", rank=1)
    nuclear = where(of["child_abuse"], context="Kerngezin")
    yield "problems.child_abuse.context.nuclear_family", Fraction(len(nuclear))
    yield "problems.child_abuse.share.nuclear_family", share(nuclear, of["child_abuse"])
    yield "problems.elder_abuse.context.first", first(of["elder_abuse"], "context")
    for code in ("partner_violence", "adult_violence"):
        for form, label in forms.items():
            yield f"problems.{code}.share.{form}", share(where(of[code], vorm=label), of[code])
    for code, label in (("female", "Vrouw"), ("male", "Man"), ("unknown", "Onbekend")):
        yield f"persons.share.{code}", share(where(now.persons, geslacht=label), now.persons)


def followups(now: Any, _: Any) -> Iterator[Figure]:
    """Chapter 2.6."""
    rows = now.followups
    yield "followup.share.advice_call", share(where(now.contacts, label="Advies"), now.contacts)
    yield "followup.share.case", share(where(now.contacts, label="Dossier"), now.contacts)
    yield "followup.total", Fraction(len(rows))
    for code, label in FOLLOWUPS.items():
        chosen = where(rows, gevolggeving=label)
        yield f"followup.{code}", Fraction(len(chosen))
        yield f"followup.share.{code}", share(chosen, rows)
    for code in ("referred", "registered"):
        labels = tuple(label for kind, label in FOLLOWUPS.items() if kind.startswith(f"{code}."))
        yield f"followup.share.{code}", share(where(rows, gevolggeving=labels), rows)


def sectors(now: Any, before: Any) -> Iterator[Figure]:
    """Chapter 3.2: contacts with at least one such person."""
    yield "sectors.sport.contacts", reported(now.persons, context="Sport")
    second_half = [row for row in before.persons if before.day(row) >= date(2016, 7, 1)]
    groups: dict[str, tuple[list[Any], str | tuple[str, ...], str]] = {
        "sport": (now.persons, "Sport", ""),
        "leisure": (now.persons, "Vrije tijd", ""),
        "sport_leisure": (now.persons, ("Sport", "Vrije tijd"), ""),
        "sport_leisure.previous": (second_half, "Sport en vrije tijd", ".previous"),
    }
    counts = {}
    for name, (persons, context, suffix) in groups.items():
        stem = f"sectors.{name.removesuffix('.previous')}.sexual"
        counts[name] = reported(persons, context=context, vorm="Seksueel")
        yield f"{stem}{suffix}", counts[name]
        for code in ("child_abuse", "between_minors", "adult_violence"):
            chosen = where(persons, problematiek=PROBLEMS[code])
            found = reported(chosen, context=context, vorm="Seksueel")
            yield f"{stem}.{code}{suffix}", found
    here, there = int(counts["sport_leisure"]), int(counts["sport_leisure.previous"])
    low = binomtest(here, here + there).proportion_ci(method="exact").low
    rate_ratio = low / (1 - low) * 184 / 365
    yield "sectors.sport_leisure.sexual.change", Fraction(int(rate_ratio > 1))


def reported(persons: Iterable[Any], **conditions: str | tuple[str, ...]) -> Fraction:
    """Contacts with at least one person of whom this is true."""
    return Fraction(len({row["contactnummer"] for row in where(persons, **conditions)}))


@cache
def recount(sample: Callable[[int], Any]) -> dict[str, Value]:
    """Every figure by its id."""
    chapters = (website, contacts, busy_moments, callers, problems, violence, followups, sectors)
    return {
        name: value for chapter in chapters for name, value in chapter(sample(2017), sample(2016))
    }


def rounded(value: Fraction, like: str) -> Decimal:
    """Rounded half up to the decimals of `like`."""
    step = Decimal(1).scaleb(-len(like.partition(".")[2]))
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(step, rounding=ROUND_HALF_UP)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_printed_figure(row: dict[str, str], sample: Callable[[int], Any]) -> None:
    """The sample gives the figure as it was printed, or as the numbers beside it say."""
    value = recount(sample)[row["id"]]
    expected = CORRECTED.get(row["id"], row["value"])
    if isinstance(value, str):
        assert value == expected
    elif "ruim" in row["printed"].lower():
        assert int(expected) <= value < int(expected) + 1
    else:
        assert rounded(value, expected) == Decimal(expected)


def test_162_figures_were_printed() -> None:
    """The list of printed figures is whole."""
    assert len({row["id"] for row in ROWS}) == 162


@pytest.mark.parametrize("name", sorted(CORRECTED))
def test_mistakes_of_the_print_are_not_copied(name: str, sample: Callable[[int], Any]) -> None:
    """Where the print contradicts its own numbers, the sample doesn't give the printed value."""
    printed = next(row["value"] for row in ROWS if row["id"] == name)
    value = recount(sample)[name]
    assert not isinstance(value, str)
    assert rounded(value, printed) != Decimal(printed)
