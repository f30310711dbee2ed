"""What the numbers of a ledger must be: counted by loops over the persons who were drawn.

Nothing of the program is used: the ledger is read as the JSON that it publishes.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from tests.projects.people import Contact, Followup, Person, Year

Spec = Mapping[str, Any]
# A contact, a person and a follow-up, as far as a row has them.
Row = tuple[Contact, Person | None, Followup | None]
UNKNOWN = "unknown"
# How near a number of a ledger is to the truth: what division leaves behind fifteen digits.
NEAR = 1e-9


def find_differences(ledger: Mapping[str, Any], oracle: "Oracle") -> list[str]:
    """The figures of a ledger that aren't what the loops say; one line each."""
    differences = []
    for name, figure in ledger.get("figures", {}).items():
        what = oracle.compare({"status": "ok", **figure})
        if what:
            differences.append(f"{name} ({figure['kind']}): {what}")
    return differences


class Oracle:
    """Counts of populations of drawn years; each population is counted once."""

    def __init__(self, years: Mapping[str, Year]) -> None:
        self.years = years
        self.counted: dict[str, int] = {}

    def compare(self, figure: Spec) -> str:
        """What is wrong with a figure; nothing if it says what was drawn."""
        if figure["status"] != "ok":
            return self._judge_missing(figure)
        if figure["population"]["table"] in ("traffic", "files") or figure["kind"] == "own":
            return ""
        due = getattr(self, f"_{figure['kind']}")(figure)
        wrong = [
            f"{key} {figure.get(key)!r}, the truth is {value!r}"
            for key, value in due.items()
            if not _is_near(figure.get(key), value)
        ]
        return "; ".join(wrong)

    def _judge_missing(self, figure: Spec) -> str:
        """Whether a figure has no value for a reason that isn't so."""
        reason, about = figure["reason"]["code"], figure["reason"].get("about", "")
        specs = [each for each in (figure["population"], figure.get("of")) if each is not None]
        years = [self.years[each["edition"]] for each in specs]
        if reason == "no_field":
            names = {"age", about} if about == "age_class" else {about}
            lacking = [year for year in years if names.isdisjoint(_list_fields(year))]
            return "" if lacking else f"there is a field '{about}'"
        if reason == "no_source":
            lacking = [year for year in years if about not in year.fields]
            return "" if lacking else f"there are {about}"
        if reason == "not_registered" and figure["kind"] != "rank":
            numbers = [self.count(each) for each in specs]
            return "" if 0 in numbers else f"not registered, the truth is {numbers}"
        if reason == "zero_denominator" and len(specs) > 1:
            number = self.count(specs[1])
            if figure["kind"] == "rate_ratio" and 0 in map(self._expect_from_rest, specs):
                return ""  # a year has no row but those of its window
            return f"no denominator, the truth is {number}" if number else ""
        if reason == "no_rows" and figure["kind"] == "top":
            placed = self._place(figure)
            return f"no rows, the truth is {placed}" if len(placed) >= figure["place"] else ""
        return ""

    # Kinds

    def _count(self, figure: Spec) -> dict[str, Any]:
        number = self.count(figure["population"])
        return {"value": number, "numerator": number}

    def _share(self, figure: Spec) -> dict[str, Any]:
        part, whole = self.count(figure["population"]), self.count(figure["of"])
        return {"value": 100 * part / whole, "numerator": part, "denominator": whole}

    def _change(self, figure: Spec) -> dict[str, Any]:
        now, then = self.count(figure["population"]), self.count(figure["of"])
        return {"value": 100 * (now - then) / then, "numerator": now, "denominator": then}

    def _mean(self, figure: Spec) -> dict[str, Any]:
        spec = figure["population"]
        number, divisor = self.count(spec), 1
        for unit in figure["exposure"]["unit"].split(" × "):
            divisor *= self.divide_by(spec, unit)
        return {"value": number / divisor, "numerator": number, "denominator": divisor}

    def _rate_ratio(self, figure: Spec) -> dict[str, Any]:
        now, then = figure["population"], figure["of"]
        numbers, unit = (self.count(now), self.count(then)), figure["exposure"]["unit"]
        if unit == "rest_of_year":
            exposures = [self._expect_from_rest(each) for each in (now, then)]
        else:
            exposures = [float(self.divide_by(each, unit)) for each in (now, then)]
        value = (numbers[0] / exposures[0]) / (numbers[1] / exposures[1])
        return {"value": value, "numerator": numbers[0], "denominator": numbers[1]}

    def _maximum(self, figure: Spec) -> dict[str, Any]:
        most = max(self.tally(figure["population"], figure["by"]).values(), default=0)
        return {"value": most, "numerator": most}

    def _top(self, figure: Spec) -> dict[str, Any]:
        placed = self._place(figure)
        numbers = list(placed.values())
        number, code = numbers[figure["place"] - 1], figure["code"]
        return {
            "numerator": number,
            # Which of several with as many stands first, the order of their list says.
            "code": code if placed.get(code) == number else list(placed)[figure["place"] - 1],
            "tied": sorted(
                each for each, rows in placed.items() if rows == number and each != code
            ),
        }

    def _rank(self, figure: Spec) -> dict[str, Any]:
        placed = self._place(figure)
        number = placed.get(figure["code"], 0)
        # Of several with as many, the order of their list says which comes first.
        first = 1 + sum(each > number for each in placed.values())
        last = first + sum(each == number for each in placed.values()) - 1
        return {"numerator": number, "value": min(max(figure["value"], first), last)}

    def _flag(self, figure: Spec) -> dict[str, Any]:
        if not figure.get("by"):
            return {}
        firsts = []
        for spec in (figure["population"], figure["of"]):
            placed = self._place({**figure, "population": spec})
            numbers = list(placed.values())[: figure["place"]]
            firsts.append({code for code, rows in placed.items() if rows >= numbers[-1]})
        return {"value": int(firsts[0] == firsts[1])}

    # Populations

    def count(self, spec: Spec) -> int:
        """How many rows a population has."""
        key = repr(spec)
        if key not in self.counted:
            self.counted[key] = sum(1 for _ in self.rows(spec))
        return self.counted[key]

    def rows(self, spec: Spec) -> Iterator[Row]:
        """The rows of a population; of the calendar its open days."""
        year = self.years[spec["edition"]]
        first, last = _read_period(spec["period"])
        out = _read_period(spec["without"]) if spec.get("without") else None
        if spec["table"] == "calendar":
            for day in year.days():
                inside = first <= day <= last and not (out and out[0] <= day <= out[1])
                if inside and is_open(year, day):
                    yield (Contact(day, None, {}), None, None)
            return
        for contact in year.contacts:
            if not first <= contact.day <= last or (out and out[0] <= contact.day <= out[1]):
                continue
            for row in _rows_of(contact, spec["table"]):
                if self.belongs(row, spec, year):
                    yield row

    def belongs(self, row: Row, spec: Spec, year: Year) -> bool:
        """Whether a row meets the conditions of a population; its day isn't looked at."""
        for condition in spec.get("conditions", ()):
            own, wanted = codes_of(row, condition["field"], year), set(condition["codes"])
            if not own & wanted:
                return False
            if condition.get("negated") and own - wanted:
                return False
        for lower in spec.get("having", ()):
            below = (each for each in _rows_of(row[0], lower["table"]) if _hangs_on(each, row))
            if not any(self.belongs(each, lower, year) for each in below):
                return False
        return True

    def tally(self, spec: Spec, by: list[str]) -> dict[tuple[str, ...], int]:
        """How many rows each combination of codes has."""
        year, numbers = self.years[spec["edition"]], Counter[tuple[str, ...]]()
        for row in self.rows(spec):
            numbers.update(product(*(sorted(codes_of(row, field, year)) for field in by)))
        return dict(numbers)

    def _place(self, figure: Spec) -> dict[str, int]:
        """The codes that take a place, by their rows: the most first, or the fewest."""
        spec, (by,) = figure["population"], figure["by"]
        numbers = {code: rows for (code,), rows in self.tally(spec, [by]).items()}
        for condition in spec.get("conditions", ()):
            if condition["field"] == by:
                numbers = {c: n for c, n in numbers.items() if c in condition["codes"]}
        among = figure.get("among")
        if among:
            numbers = {code: numbers.get(code, 0) for code in among}
        if not figure.get("lowest"):
            numbers = {code: rows for code, rows in numbers.items() if rows}
        order = sorted(numbers.items(), key=lambda item: item[1], reverse=not figure.get("lowest"))
        return dict(order)

    def divide_by(self, spec: Spec, unit: str) -> int:
        """What a mean is divided by."""
        year, (first, last) = self.years[spec["edition"]], _read_period(spec["period"])
        if unit == "month":
            return (last.year - first.year) * 12 + last.month - first.month + 1
        if unit == "helpline":
            return len(year.lines)
        if unit == "contact":
            return self.count({**spec, "table": "contacts", "conditions": (), "having": ()})
        out = _read_period(spec["without"]) if spec.get("without") else None
        days = [day for day in year.days() if first <= day <= last]
        days = [day for day in days if not (out and out[0] <= day <= out[1])]
        return len(days) if unit == "calendar_day" else sum(is_open(year, day) for day in days)

    def _expect_from_rest(self, window: Spec) -> float:
        """The rows of a window, if its open days were as busy as those of the rest of its year."""
        year = self.years[window["edition"]]
        whole = {"start": str(year.start), "end": str(year.end)}
        rest = {**window, "period": whole, "without": window["period"]}
        days, others = (self.divide_by(each, "open_day") for each in (window, rest))
        return self.count(rest) * days / others if others else 0.0


def is_open(year: Year, day: dt.date) -> bool:
    """Whether a helpline was open on a day."""
    return day.isoweekday() in year.working_days and day not in year.closed


def codes_of(row: Row, field: str, year: Year) -> set[str]:
    """The codes of a field that a row has, of its own or of what it hangs on."""
    contact, person, followup = row
    match field:
        case "date":
            return {contact.day.isoformat()}
        case "weekday":
            return {str(contact.day.isoweekday())}
        case "month":
            return {_name_month(contact.day, year)}
        case "hour":
            return {UNKNOWN if contact.minute is None else f"{contact.minute // 60:02d}"}
        case "age":
            return {UNKNOWN if person is None or person.age is None else str(person.age)}
        case "age_class" if person is not None and "age_class" not in person.codes:
            return {classify(person.age, year)}
    for each in (followup, person, contact):
        if each is not None and field in each.codes:
            return set(each.codes[field])
    return set()


def classify(age: int | None, year: Year) -> str:
    """The class of an age."""
    for code, first, last in year.classes:
        if age is not None and first <= age and (last is None or age <= last):
            return code
    return UNKNOWN


def _list_fields(year: Year) -> set[str]:
    """The fields that the exports of a year give."""
    return {each for fields in year.fields.values() for each in fields}


def _name_month(day: dt.date, year: Year) -> str:
    first, last = year.start, year.end
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return f"{day:%Y-%m}" if months > 12 else f"{day:%m}"


def _rows_of(contact: Contact, table: str) -> Iterator[Row]:
    if table == "contacts":
        yield (contact, None, None)
    for person in contact.persons if table != "contacts" else ():
        if table == "persons":
            yield (contact, person, None)
        for followup in person.followups if table == "followups" else ():
            yield (contact, person, followup)


def _hangs_on(lower: Row, upper: Row) -> bool:
    return upper[1] is None or lower[1] is upper[1]


def _read_period(period: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(period["start"]), dt.date.fromisoformat(period["end"])


def _is_near(number: Any, due: Any) -> bool:
    if isinstance(due, list | str):
        return bool((sorted(number or ()) if isinstance(due, list) else number) == due)
    return isinstance(number, int | float) and abs(number - due) <= NEAR * max(1.0, abs(due))
