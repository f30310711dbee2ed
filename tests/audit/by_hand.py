"""The registration figures of the printed report counted from the rows of text, by plain Python.

It shares nothing with the program: no reading, no typing, no conditions, no codes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import comb
from pathlib import Path

from tests.audit.random_exports import codes, read

Row = dict[str, str]
Value = Fraction | int | str | None

CLOSED = {(17, 4), (1, 5), (25, 5), (21, 7), (15, 8), (1, 11), (25, 12)}
PROBLEMS, FORMS, FOLLOWUPS = codes("problem"), codes("form"), codes("followup")
CONTEXTS = {
    k: v for k, v in codes("context").items() if v not in ("not_registered", "sport_leisure")
}
ROLES = codes("caller_role")
# The sides of victim and perpetrator stand before the sectors in the list of roles.
VICTIMS_SIDE = [*ROLES][:5]
SECTORS = dict([*ROLES.items()][7:12])
LINES = 5
MONTHS = 12
LEVEL = Fraction(1, 40)


@dataclass(frozen=True)
class Year:
    """A year's rows; a person and a follow-up carry the row above them."""

    contacts: list[Row]
    persons: list[tuple[Row, Row]]
    followups: list[Row]

    def share(self, column: str, label: str) -> Value:
        """The share of contacts with a label."""
        return share(self.contacts, lambda row: row[column] == label)

    def with_person(self, fits: Callable[[Row], bool]) -> int:
        """The contacts in which at least one person fits."""
        return len({contact["contactnummer"] for person, contact in self.persons if fits(person)})


def read_year(folder: Path) -> Year:
    """The rows of a folder."""
    contacts = read(folder / "contactnames.csv")
    by_number = {row["contactnummer"]: row for row in contacts}
    persons = read(folder / "gemelde_personen.csv")
    return Year(
        contacts,
        [(person, by_number[person["contactnummer"]]) for person in persons],
        read(folder / "gevolggevingen.csv"),
    )


def day_of(contact: Row) -> date:
    """The day of a contact."""
    return datetime.strptime(contact["datum"], "%d/%m/%Y").date()


def share(rows: Sequence[Row], fits: Callable[[Row], bool]) -> Value:
    """The share of rows that fit, in percent; of no rows there is none."""
    return Fraction(100 * sum(map(fits, rows)), len(rows)) if rows else None


def change(now: int, then: int) -> Value:
    """The change in percent; from nothing there is none."""
    return Fraction(100 * (now - then), then) if then else None


def ranking(values: Iterable[str], order: Sequence[str]) -> list[tuple[str, int]]:
    """Labels with their counts, most first; ties in the order given."""
    counts = Counter(values)
    return sorted(((label, counts[label]) for label in order), key=lambda pair: -pair[1])


def place(values: Iterable[str], codes: dict[str, str], number: int = 1) -> Value:
    """The code in a place of a ranking, if somebody is in it; what is unknown has no place."""
    known = [label for label, code in codes.items() if code not in ("unknown", "not_registered")]
    label, count = ranking(values, known)[number - 1]
    return codes[label] if count else None


def figures(now: Year, then: Year) -> dict[str, Value]:
    """Every registration figure that the report of 2017 printed, by its id."""
    return {
        **_contacts(now, then),
        **_callers(now),
        **_problems(now, then),
        **_followups(now),
        **_sectors(now, then),
    }


def _contacts(now: Year, then: Year) -> dict[str, Value]:
    total, total_then = len(now.contacts), len(then.contacts)
    days = [day_of(row) for row in now.contacts]
    open_days = sum(
        (date(2017, 1, 1) + timedelta(days=day)).weekday() < 5 for day in range(365)
    ) - sum(date(2017, month, day).weekday() < 5 for day, month in CLOSED)
    months = [str(day.month) for day in days]
    weekdays = Counter(day.isoweekday() for day in days)
    in_line = Counter((row["hulplijn"], row["datum"]) for row in now.contacts)
    values: dict[str, Value] = {
        "contacts.total": total,
        "contacts.total.previous": total_then,
        "contacts.total.change": change(total, total_then),
        "contacts.share.phone": now.share("kanaal", "Telefoon"),
        "contacts.share.email": now.share("kanaal", "E-mail"),
        "persons.total": len(now.persons),
        "persons.total.previous": len(then.persons),
        "persons.total.change": change(len(now.persons), len(then.persons)),
        "contacts.month.busiest": _busiest_month(now),
        "contacts.month.busiest.previous": _busiest_month(then),
        "contacts.monthly_mean.phone": _monthly(now, "Telefoon"),
        "contacts.monthly_mean.email": _monthly(now, "E-mail"),
        "contacts.open_days": open_days,
        "contacts.daily_mean": Fraction(total, open_days),
        "contacts.daily_mean_per_line": Fraction(total, open_days * LINES),
        "contacts.daily_max_per_line": max(in_line.values(), default=0),
        "contacts.weekday.busiest": min(range(1, 8), key=lambda day: (-weekdays[day], day)),
        "contacts.weekday.quietest": min(range(1, 6), key=lambda day: (weekdays[day], day)),
    }
    if sum(weekdays[day] for day in range(1, 6)) == 0:
        values["contacts.weekday.quietest"] = None
    persons = [str(day_of(contact).month) for _, contact in now.persons]
    for month in range(1, MONTHS + 1):
        values[f"contacts.by_month.{month:02d}"] = months.count(str(month))
        values[f"persons.by_month.{month:02d}"] = persons.count(str(month))
    return values


def _busiest_month(year: Year) -> int:
    counts = Counter(day_of(row).month for row in year.contacts)
    return min(range(1, MONTHS + 1), key=lambda month: (-counts[month], month))


def _monthly(year: Year, channel: str) -> Fraction:
    return Fraction(sum(row["kanaal"] == channel for row in year.contacts), MONTHS)


def _callers(now: Year) -> dict[str, Value]:
    ages = Counter(row["leeftijdsklasse"] for row in now.contacts)
    roles = Counter(row["hoedanigheid"] for row in now.contacts)
    known = Counter(row["anonimiteit"] for row in now.contacts)
    return {
        "callers.adult": ages["Volwassene"],
        "callers.share.adult": now.share("leeftijdsklasse", "Volwassene"),
        "callers.minor": ages["Jongere"] + ages["Kind"],
        "callers.share.minor": share(
            now.contacts, lambda row: row["leeftijdsklasse"] in ("Jongere", "Kind")
        ),
        "callers.child": ages["Kind"],
        "callers.share.age_unknown": now.share("leeftijdsklasse", "Onbekend"),
        "callers.share.female": now.share("geslacht", "Vrouw"),
        "callers.share.male": now.share("geslacht", "Man"),
        "callers.known": known["Bekend"],
        "callers.share.known": now.share("anonimiteit", "Bekend"),
        "callers.anonymous": known["Anoniem"],
        "callers.share.anonymous": now.share("anonimiteit", "Anoniem"),
        "callers.side.victim": sum(roles[role] for role in VICTIMS_SIDE),
        "callers.role.victim": roles["Slachtoffer"],
        "callers.role.parent": roles["(Stief)ouder"],
        "callers.side.perpetrator": roles["Pleger"] + roles["Omgeving pleger"],
        "callers.role.perpetrator": roles["Pleger"],
        **{f"callers.sector.{code}": roles[label] for label, code in SECTORS.items()},
        "followup.share.advice_call": now.share("label", "Advies"),
        "followup.share.case": now.share("label", "Dossier"),
    }


def _problems(now: Year, then: Year) -> dict[str, Value]:
    persons = [person for person, _ in now.persons]
    of = {code: _having(persons, "problematiek", label) for label, code in PROBLEMS.items()}
    ranked = ranking((row["problematiek"] for row in persons), list(PROBLEMS))
    places = {label: number for number, (label, _) in enumerate(ranked, start=1)}
    nuclear = _having(of["child_abuse"], "context", "Kerngezin")
    adults = "Geweld tegen volwassenen"
    values: dict[str, Value] = {
        "problems.rank.adult_violence": places[adults] if of["adult_violence"] else None,
        "problems.top4.same_as_previous": _same_four(now, then),
        "problems.child_abuse.context.nuclear_family": len(nuclear),
        "problems.child_abuse.share.nuclear_family": _part(nuclear, of["child_abuse"]),
        "problems.elder_abuse.context.first": place(
            (row["context"] for row in of["elder_abuse"]), CONTEXTS
        ),
        **_tops_by_role(now),
    }
    for code in ("child_abuse", "partner_violence", "other", "adult_violence"):
        values[f"problems.{code}"] = len(of[code])
        values[f"problems.share.{code}"] = _part(of[code], persons)
    values["problems.elder_abuse"] = len(of["elder_abuse"])
    for code in ("child_abuse", "elder_abuse"):
        forms = [row["vorm"] for row in of[code]]
        values[f"problems.{code}.form.first"] = place(forms, FORMS)
        values[f"problems.{code}.form.second"] = place(forms, FORMS, 2)
    wanted = {
        "partner_violence": ("physical", "emotional"),
        "adult_violence": ("emotional", "physical", "sexual"),
    }
    for code, forms in wanted.items():
        for form in forms:
            part = [row for row in of[code] if FORMS[row["vorm"]] == form]
            values[f"problems.{code}.share.{form}"] = _part(part, of[code])
    for label, code in (("Vrouw", "female"), ("Man", "male"), ("Onbekend", "unknown")):
        values[f"persons.share.{code}"] = _part(_having(persons, "geslacht", label), persons)
    return values


def _having(rows: Sequence[Row], column: str, label: str) -> list[Row]:
    return [row for row in rows if row[column] == label]


def _part(part: Sequence[Row], whole: Sequence[Row]) -> Value:
    return Fraction(100 * len(part), len(whole)) if whole else None


def _tops_by_role(now: Year) -> dict[str, Value]:
    roles = {
        "role.victim": ("Slachtoffer",),
        "role.relatives": ("Grootouder", "Ander familielid", "Ruimere omgeving"),
        "role.perpetrator": ("Pleger",),
        "sectors": tuple(SECTORS),
    }
    return {
        f"problems.top.{name}": place(
            (p["problematiek"] for p, contact in now.persons if contact["hoedanigheid"] in wanted),
            PROBLEMS,
        )
        for name, wanted in roles.items()
    }


def _same_four(now: Year, then: Year) -> Value:
    fours = []
    for year in (now, then):
        ranked = ranking((person["problematiek"] for person, _ in year.persons), list(PROBLEMS))
        if ranked[3][1] == 0:
            return None
        fours.append({label for label, _ in ranked[:4]})
    return int(fours[0] == fours[1])


def _followups(now: Year) -> dict[str, Value]:
    kinds = Counter(row["gevolggeving"] for row in now.followups)
    total = len(now.followups)
    values: dict[str, Value] = {"followup.total": total}
    for label, code in FOLLOWUPS.items():
        values[f"followup.{code}"] = kinds[label]
        values[f"followup.share.{code}"] = Fraction(100 * kinds[label], total) if total else None
    for beginning, code in (("Verwezen naar", "referred"), ("Aangemeld bij", "registered")):
        values[f"followup.share.{code}"] = share(
            now.followups, lambda row, start=beginning: row["gevolggeving"].startswith(start)
        )
    return values


def _sectors(now: Year, then: Year) -> dict[str, Value]:
    values: dict[str, Value] = {
        "sectors.sport.contacts": now.with_person(lambda person: person["context"] == "Sport"),
    }
    problems = ("Kindermishandeling", "Geweld tussen minderjarigen", "Geweld tegen volwassenen")
    for name, label in (("sport", "Sport"), ("leisure", "Vrije tijd")):
        values[f"sectors.{name}.sexual"] = _sexual(now, (label,))
        for problem in problems:
            code = f"sectors.{name}.sexual.{PROBLEMS[problem]}"
            values[code] = _sexual(now, (label,), problem)
    both, earlier = ("Sport", "Vrije tijd"), ("Sport en vrije tijd",)
    cases, cases_then = _sexual(now, both), _sexual(then, earlier)
    values["sectors.sport_leisure.sexual"] = cases
    values["sectors.sport_leisure.sexual.previous"] = cases_then
    for problem in problems:
        name = f"sectors.sport_leisure.sexual.{PROBLEMS[problem]}.previous"
        values[name] = _sexual(then, earlier, problem)
    values["sectors.sport_leisure.sexual.change"] = _rise(cases, 365, cases_then, 184)
    return values


def _sexual(year: Year, contexts: tuple[str, ...], problem: str = "") -> int:
    return year.with_person(
        lambda person: (
            person["context"] in contexts
            and person["vorm"] == "Seksueel"
            and problem in ("", person["problematiek"])
        )
    )


def _rise(cases: int, days: int, cases_then: int, days_then: int) -> Value:
    """Whether so many cases, or more, are too many to be chance: an exact binomial tail."""
    if not cases_then:
        return None
    both, chance = cases + cases_then, Fraction(days, days + days_then)
    tail = sum(
        comb(both, k) * chance**k * (1 - chance) ** (both - k) for k in range(cases, both + 1)
    )
    return int(tail < LEVEL)
