"""Name fields, codes, periods and populations, and define figures, in one language."""

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpline_report.errors import ProseError, nearest
from helpline_report.figures import model
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period
from helpline_report.prose.numbers import Idiom, capitalised, cardinal, number, ordinal

ENGLISH_LOCALE = "en_GB"
UNKNOWN = "unknown"
TABLES_ABOVE = {"persons": ("contacts",), "followups": ("persons", "contacts")}


class Unavailable(Exception):
    """A text names something that has no value in this edition; `reason` says why."""

    def __init__(self, name: str, reason: model.Reason) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"'{name}' is unavailable: {reason.code}")


@dataclass(frozen=True)
class Vocabulary:
    """The words for the figures of a ledger, from its parameters, code lists and a catalogue."""

    ledger: Ledger
    edition: Edition
    comparison: Edition | None
    codelists: Mapping[str, CodeList]
    language: str = "nl"

    @cached_property
    def idiom(self) -> Idiom:
        """The language, and the locale in which it writes numbers."""
        locale = self.edition.locale if self.language == "nl" else ENGLISH_LOCALE
        return Idiom(self.language, locale)

    def refuse_missing(self, name: str) -> None:
        """Refuse the name of a figure that this edition lacks for a known reason.

        Either only a chapter that the edition leaves out counts it, or it is of a code that its
        series lacks, since the sources don't have it. A text may name it all the same.

        Raises:
            Unavailable: the edition lacks this figure; holds the reason.
        """
        if any(f"{name}.".startswith(f"{counted}.") for counted in self.ledger.elsewhere):
            raise Unavailable(name, model.Reason(code="no_chapter"))
        for series in self.ledger.breakdowns.values():
            code, by = name.removeprefix(f"{series.id}."), series.by[0]
            asked = series.population.condition(by)
            # Months and weekdays have no code list; if one is missing, all of them are.
            is_code = self._has_code(by, code) if by in self.codelists else not series.members
            is_asked = asked is None or code in asked.codes
            if code != name and is_code and is_asked and not series.is_crossed:
                reason = series.reason or model.Reason(code="not_registered", about=by)
                raise Unavailable(name, reason)

    def _has_code(self, field: str, code: str) -> bool:
        return field in self.codelists and code in self.codelists[field].by_code

    # Fields, codes and conditions

    def noun(self, name: str, *, one: bool = False) -> str:
        """The noun of a population: 'contactnames', or 'contactname'."""
        return self.idiom.say(f"nouns.{name}.{'one' if one else 'many'}")

    def field(self, field: str) -> str:
        """The name of a field: 'kanaal'; one that nothing describes is its own name."""
        if field in self.codelists:
            return self.codelists[field].name.in_language(self.language)
        return str(self._get_words(field).get("name", field))

    def _get_words(self, field: str) -> Mapping[str, Any]:
        """The words of a field that is derived from others; none of any other."""
        words: Mapping[str, Any] = self.idiom.words["fields"].get(field, {})
        return words

    def _write_breakdown(self, fields: Iterable[str]) -> str:
        """The phrase of a breakdown: 'per kanaal en per maand'."""
        say = self.idiom.say
        phrases = [
            self.codelists[field].by.in_language(self.language)
            if field in self.codelists
            else self._get_words(field).get("by") or say("definitions.breakdown", field=field)
            for field in fields
        ]
        return self.idiom.join(phrases) if phrases else ""

    def label(self, field: str, code: str) -> str:
        """The label of a code of a field: 'telefoon'; of derived fields too ('juni', 'maandag')."""
        if field in self.codelists:
            return self.codelists[field].label(code, self.language)
        derived = self._get_words(field)
        if code in derived.get("codes", ()):
            return str(derived["codes"][code])
        if code == UNKNOWN and derived.get("unknown"):
            return str(derived["unknown"])
        return self._write_derived_label(field, code)

    def _write_derived_label(self, field: str, code: str) -> str:
        idiom = self.idiom
        with suppress(ValueError):
            match field:
                case "month" if "-" in code:
                    return idiom.date(dt.date.fromisoformat(f"{code}-01"), "month_year")
                case "month":
                    return idiom.month(int(code))
                case "weekday":
                    return idiom.weekday(int(code))
                case "age":
                    return str(int(code))
                case "table":
                    return self.noun(code)
                case "hour":
                    return str(idiom.words["dates"]["clock"][int(code)])
                case "date":
                    return idiom.date(dt.date.fromisoformat(code))
                case "week":
                    day = idiom.date(dt.date.fromisoformat(code))
                    return idiom.say("dates.week", day=day)
                case "age_class":
                    labels = {item.code: item.label for item in self.edition.person_ages}
                    return labels[code].in_language(self.language) if code in labels else code
        return code

    def condition(self, condition: model.Condition) -> str:
        """The phrase of a condition: 'via telefoon of e-mail', 'behalve die via telefoon'."""
        write = self._write_span if condition.form == "between" else self._write_codes
        phrase = write(condition)
        if not condition.negated:
            return phrase
        *most, last = self.idiom.say("definitions.negated").split()
        # A phrase that begins as a relative clause has that word already: 'behalve die vrouw zijn'.
        words = most if phrase.split()[0] == last else [*most, last]
        return " ".join([*words, phrase])

    def _write_codes(self, condition: model.Condition) -> str:
        field, codes = condition.field, condition.terms
        derived = self._get_words(field)
        if field in self.codelists:
            pattern = self.codelists[field].where.in_language(self.language)
        elif codes == (UNKNOWN,) and derived.get("unknown_where"):
            pattern = derived["unknown_where"]
        else:
            pattern = derived.get("where") or self.idiom.words["definitions"]["condition"]
        labels = self.idiom.join([self.label(field, code) for code in codes], "disjunction")
        return str(pattern).format(field=self.field(field), labels=labels)

    def _write_span(self, condition: model.Condition) -> str:
        """The phrase of a condition from one code to another: 'van maart tot en met mei'."""
        field, (low, high) = condition.field, condition.terms
        if field == "hour":
            # The last hour is one of them: 'van 9 uur tot 18 uur' ends with the hour from 17.
            low, high = low or condition.codes[0], str(int(high or condition.codes[-1]) + 1)
            key = "dates.hours"
        else:
            ends = ("between" if high else "onwards") if low else "up_to"
            key = f"{'ages' if field == 'age' else 'spans'}.{ends}"
        start, end = (code and self.label(field, code) for code in (low, high))
        return self.idiom.say(key, start=start, end=end)

    # Periods and populations

    def population(self, spec: model.PopulationSpec, *, period: bool = True) -> str:
        """What is counted: 'contactnames via telefoon in 2017'; without the period if told so."""
        is_calendar = spec.table == "calendar"
        noun = self.idiom.say("definitions.open_days") if is_calendar else self.noun(spec.noun)
        text = " ".join([noun, *self._list_phrases(spec)])
        day, month = spec.condition("date"), spec.condition("month")
        if not period or (day and not day.negated) or (month and _is_dated(month, spec.period)):
            return text
        if spec.table == "files":
            return self._add_period(text, spec)
        in_year = month and spec.period.is_calendar_year
        when = spec.period.start.year if in_year else self.idiom.within(spec.period)
        return ", ".join(filter(None, (f"{text} {when}", self._write_left_out(spec))))

    def _list_phrases(self, spec: model.PopulationSpec) -> list[str]:
        """Phrases of conditions: own ones, those of the tables above, then those of time."""
        # The conditions by the table that they are on; those on its own table by ''.
        groups: dict[str, list[model.Condition]] = {"": []}
        timed: list[model.Condition] = []
        for condition in spec.conditions:
            codelist = self.codelists.get(condition.field)
            table: str = codelist.table if codelist else ""
            if codelist is None and "order" in self._get_words(condition.field):
                timed.append(condition)
            else:
                above = table if table in TABLES_ABOVE.get(spec.table, ()) else ""
                groups.setdefault(above, []).append(condition)
        if spec.table == "traffic":
            # The site before the page that led to it.
            groups[""].reverse()
        having = [
            self.idiom.say("definitions.having", population=self.population(lower, period=False))
            for lower in spec.having
        ]
        joined = []
        for table, conditions in groups.items():
            # What is left out is left out of all that was said before it.
            ordered = sorted(conditions, key=lambda condition: condition.negated)
            phrases = [*map(self.condition, ordered), *([] if table else having)]
            phrase = self.idiom.join(phrases) if phrases else ""
            if table:
                whose = f"{self.noun(table)} {phrase}"
                phrase = self.idiom.say(f"definitions.within.{table}", population=whose)
            joined += [phrase] if phrase else []
        timed.sort(key=lambda condition: int(self._get_words(condition.field)["order"]))
        return joined + [self.condition(condition) for condition in timed]

    def _add_period(self, what: str, spec: model.PopulationSpec, observed: str = "") -> str:
        """A phrase with the period behind it: 'contactnames, 2017 (365 dagen)'."""
        period = self._add_remarks(self.idiom.period(spec.period), spec, observed)
        return self.idiom.say("definitions.dated", what=what, period=period)

    def _add_remarks(self, period: str, spec: model.PopulationSpec, observed: str = "") -> str:
        remarks = "; ".join(filter(None, (self._write_left_out(spec), observed)))
        return f"{period} ({remarks})" if remarks else period

    def _write_left_out(self, spec: model.PopulationSpec) -> str:
        if spec.without is None:
            return ""
        return self.idiom.say("dates.without", span=self.idiom.span(spec.without))

    # Definitions and captions

    def definition(self, figure: model.Figure) -> str:
        """What a figure is and when: 'aandeel van de contactnames via telefoon in alle …, 2017'."""
        what = self.what(figure)
        if figure.kind not in ("count", "change", "flag", "rate_ratio", "own"):
            what = self._add_period(what, figure.population)
        return what

    def what(self, figure: model.Figure) -> str:
        """What a figure is; without its period where that is said apart."""
        spec, exposure = figure.population, figure.exposure
        units = self.idiom.words["definitions"]["exposures"]
        per = exposure.unit.split(" × ") if exposure else []
        if spec.conditions or spec.having:
            # Only some persons are counted, but they are divided by all contacts.
            per = [f"any_{unit}" if unit == "contact" else unit for unit in per]
        values = {
            "population": self.population(spec, period=False),
            "per": " ".join(units.get(unit, unit) for unit in per),
            "by": self._write_breakdown(figure.by),
        }
        match figure.kind:
            case "count":
                return self.population(spec)
            case "own":
                values = {"how": figure.how, "population": self.population(spec)}
            case "share":
                # The part without the conditions that its whole has too.
                shared = figure.of.conditions if figure.of else ()
                own = tuple(c for c in spec.conditions if c not in shared)
                part = spec.model_copy(update={"conditions": own})
                values = {"part": self.population(part, period=False)}
                values["whole"] = self.idiom.say("definitions.nothing")
                if figure.of:
                    whole = self.population(figure.of, period=False)
                    values["whole"] = self.idiom.say("definitions.all", population=whole)
            case "mean":
                values["months"] = cardinal(self.idiom, int(figure.denominator or 0))
            case "top":
                values["field"] = self.field(figure.by[0]) if figure.by else ""
                values["ordinal"] = ordinal(self.idiom, figure.place or 1)
            case "rank":
                values["label"] = self.label(figure.by[0], figure.code or "")
            case "change" | "rate_ratio" | "flag":
                values["length"] = cardinal(self.idiom, figure.place or 1)
                noun = self.idiom.period_noun(spec.period)
                observed = self._write_observed(figure, "own")
                values["period"] = self._add_remarks(noun, spec, observed)
                values["previous"] = self._write_previous(figure)
        return self.idiom.say(f"definitions.{_choose_definition(figure)}", **values)

    def _write_previous(self, figure: model.Figure) -> str:
        """The other side of a comparison; its conditions too where they differ (a split code)."""
        other, observed = figure.of, self._write_observed(figure, "other")
        if other is None or (figure.reason and figure.reason.code == "no_comparison"):
            return self.idiom.say("definitions.nothing")
        theirs = self.population(other, period=False)
        if theirs != self.population(figure.population, period=False):
            return self._add_period(theirs, other, observed)
        return self._add_remarks(self.idiom.period_noun(other.period), other, observed)

    def _write_observed(self, figure: model.Figure, side: str) -> str:
        """The days over which a side of a comparison was observed."""
        days = getattr(figure.exposure, side, None)
        unit = figure.exposure.unit if figure.exposure else ""
        if days is None or unit not in self.idiom.words["definitions"]["observed"]:
            return ""
        return self.idiom.say(f"definitions.observed.{unit}", days=number(self.idiom, days))

    def caption(self, item: model.Breakdown) -> str:
        """What is broken down by what: 'Contactnames per maand'."""
        key = "percent" if item.unit == "percent" else "count"
        population = self._write_broken_down(item, item.population)
        by = self._write_breakdown(item.by)
        return capitalised(self.idiom.say(f"captions.{key}", population=population, by=by))

    def subtitle(self, item: model.Breakdown) -> str:
        """What a chart shows, its unit and its period: 'aantal contactnames, 2017'."""
        spec, key, overlapping = item.population, "unit_count", ""
        if item.unit == "percent":
            spec, key = item.of or spec, "unit_percent"
        key = "unit_change" if item.kind == "change" else key
        if item.overlapping:
            noun = self.noun(item.population.noun, one=True)
            overlapping = f"; {self.idiom.say('captions.overlapping', noun=noun)}"
        period = self._add_remarks(self.idiom.period(item.population.period), item.population)
        population = self._write_broken_down(item, spec)
        subtitle = self.idiom.say(f"captions.{key}", population=population, period=period)
        return f"{subtitle}{overlapping}"

    def _write_broken_down(self, item: model.Breakdown, spec: model.PopulationSpec) -> str:
        """A population without the lists of codes that its rows and columns name anyway."""
        conditions = tuple(
            condition
            for condition in spec.conditions
            if condition.field not in item.by
            or (len(condition.terms) == 1 and not condition.negated)
        )
        return self.population(spec.model_copy(update={"conditions": conditions}), period=False)

    # What is missing

    def reason(self, reason: model.Reason) -> str:
        """Why something is missing, in a clause: 'de bron registreert geen kanaal'."""
        about = reason.about
        if reason.code == "no_source":
            about = str(self.idiom.words["reasons"]["tables"].get(about, about))
        elif reason.code == "break" and about in self._break_notes:
            about = self.break_note(about).rstrip(".")
        else:
            is_noun = about in self.idiom.words["nouns"]
            about = self.noun(about) if is_noun else self.field(about)
        return self.idiom.say(f"reasons.codes.{reason.code}.clause", about=about)

    def short_reason(self, reason: model.Reason) -> str:
        """The same in a few words for a cell of a table: 'niet geregistreerd'."""
        return self.idiom.say(f"reasons.codes.{reason.code}.short")

    def note(self, reason: model.Reason) -> str:
        """The line that stands for what is left out: 'Niet in dit verslag: …'."""
        return self.idiom.say("reasons.note", clause=self.reason(reason))

    def break_note(self, identifier: str) -> str:
        """The note of a declared break, of this edition or of the one it is compared with.

        Raises:
            ProseError: neither declares it.
        """
        notes = self._break_notes
        if identifier not in notes:
            close = nearest(identifier, list(notes))
            raise ProseError(f"there is no break '{identifier}'{close}")
        return notes[identifier]

    @cached_property
    def _break_notes(self) -> dict[str, str]:
        earlier = self.comparison.breaks if self.comparison else []
        breaks = [*earlier, *self.edition.breaks]
        return {item.id: item.note.in_language(self.language) for item in breaks}


def _is_dated(month: model.Condition, period: Period) -> bool:
    """Whether a condition names months with their year, of a period of whole months."""
    whole = period.start.day == (period.end + dt.timedelta(days=1)).day == 1
    return whole and not month.negated and any("-" in code for code in month.codes)


def _choose_definition(figure: model.Figure) -> str:
    """The phrase that defines a figure; months of users add up to more than their year."""
    unit = figure.exposure.unit if figure.exposure else ""
    of_users = figure.population.noun == "users" and unit == "month"
    match figure.kind:
        case "mean" if figure.by:
            return "mean_of_months"
        case "mean" if of_users and figure.denominator is not None:
            return "divided_year" if figure.population.period.is_calendar_year else "divided"
        case "top" if figure.place not in (None, 1):
            return "lowest_place" if figure.lowest else "place"
        case "top" if figure.lowest:
            return "lowest"
        case "rate_ratio" if unit == "rest_of_year":
            return "relative"
        case "flag":
            return "same_top" if figure.by else "supports_rise"
    return figure.kind
