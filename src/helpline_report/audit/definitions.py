"""Say what figures, series and cross-tables are, from their populations and the catalogue alone."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache

from helpline_report.audit.code_labels import CodeLabels, begin
from helpline_report.audit.spelling import fill_in, list_blanks
from helpline_report.figures.model import Breakdown, Condition, Figure, PopulationSpec
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.parameters.values import Period

# The tables whose rows stand above those of another table: what is asked of them is said of them.
ABOVE: Mapping[str, tuple[str, ...]] = {
    "persons": ("contacts",),
    "followups": ("persons", "contacts"),
}
# Kinds whose definition has its period inside; behind any other it stands after a comma.
WITH_PERIOD = ("count", "change", "flag", "rate_ratio", "own")


class Definitions(CodeLabels):
    """The definitions of the figures of one edition, and the captions of its series."""

    def __init__(
        self,
        edition: Edition,
        comparison: Edition | None,
        codelists: Mapping[str, CodeList],
        language: str,
    ) -> None:
        super().__init__(edition, comparison, codelists, language)
        self._defined: dict[str, tuple[Figure, str]] = {}
        self._phrase = cache(self._write_condition)

    # Conditions

    def _write_condition(
        self, field: str, terms: tuple[str, ...], ends: tuple[str, str] | None
    ) -> str:
        """The phrase of a condition; `ends` are the first and last code of a span."""
        return self._write_codes(field, terms) if ends is None else self._write_span(field, *ends)

    def _leave_out(self, phrase: str) -> str:
        """The phrase of a condition for all others."""
        opening = str(self.pattern("definitions.negated"))
        # 'except those that': a phrase that begins with the last word of that has it already.
        last = opening.rsplit(maxsplit=1)[-1]
        rest = phrase.partition(" ")[2] if phrase.split(maxsplit=1)[0] == last else phrase
        return f"{opening} {rest}"

    def condition(self, condition: Condition) -> str:
        """What a condition adds to a noun."""
        ends = None
        if condition.form == "between":
            low, high = condition.terms
            if condition.field == "hour":
                # Hours are said from the beginning of the first to the end of the last.
                low, high = low or condition.codes[0], high or condition.codes[-1]
            ends = low, high
        phrase = self._phrase(condition.field, condition.terms, ends)
        return self._leave_out(phrase) if condition.negated else phrase

    def _write_codes(self, field: str, terms: tuple[str, ...]) -> str:
        words, codelist = self.find_field(field), self.codelists.get(field)
        if codelist is not None:
            pattern = codelist.where.in_language(self.language)
        elif terms == (UNKNOWN,) and words.get("unknown_where"):
            pattern = str(words["unknown_where"])
        else:
            pattern = str(words.get("where") or self.pattern("definitions.condition"))
        labels = self.list([self.label(field, code) for code in terms], "disjunction")
        return fill_in(pattern, {"field": self.field(field), "labels": labels})

    def _write_span(self, field: str, low: str, high: str) -> str:
        if field == "hour":
            after = str(int(high) + 1)
            start, end = self.label(field, low), self.label(field, after)
            return self.write("dates.hours", start=start, end=end)
        key = "between" if low and high else "onwards" if low else "up_to"
        start, end = (self.label(field, code) if code else "" for code in (low, high))
        kind = "ages" if field == "age" else "spans"
        return self.write(f"{kind}.{key}", start=start, end=end)

    # Populations

    def population(self, spec: PopulationSpec, *, period: bool = True) -> str:
        """What is counted: the noun, what is asked of it and of what stands above it, and when."""
        noun = self.noun(spec.noun)
        if spec.table == "calendar":
            noun = str(self.pattern("definitions.open_days"))
        text = " ".join([noun, *self._list_conditions(spec)])
        return self._add_when(text, spec) if period else text

    def _list_conditions(self, spec: PopulationSpec) -> list[str]:
        timed, above, own = list[Condition](), dict[str, list[Condition]](), list[Condition]()
        for condition in spec.conditions:
            codelist = self.codelists.get(condition.field)
            if codelist is None and "order" in self.find_field(condition.field):
                timed.append(condition)
            elif codelist is not None and codelist.table in ABOVE.get(spec.table, ()):
                above.setdefault(codelist.table, []).append(condition)
            else:
                own.append(condition)
        if spec.table == "traffic":
            # The site stands before the page that led to it.
            own = own[::-1]
        having = [
            self.write("definitions.having", population=self.population(lower, period=False))
            for lower in spec.having
        ]
        phrases = [self.list([*self._write_all(own), *having])]
        for table, conditions in above.items():
            whose = f"{self.noun(table)} {self.list(self._write_all(conditions))}"
            phrases.append(self.write(f"definitions.within.{table}", population=whose))
        timed.sort(key=lambda condition: int(self.find_field(condition.field)["order"]))
        return [phrase for phrase in (*phrases, *map(self.condition, timed)) if phrase]

    def _write_all(self, conditions: list[Condition]) -> list[str]:
        """The phrases of conditions: what is left out is left out of all that stands before it."""
        asked = [condition for condition in conditions if not condition.negated]
        left_out = [condition for condition in conditions if condition.negated]
        return [self.condition(condition) for condition in (*asked, *left_out)]

    def _add_when(self, text: str, spec: PopulationSpec) -> str:
        """A population and its period, unless its conditions say when."""
        day, month = spec.condition("date"), spec.condition("month")
        if day is not None and not day.negated:
            return text
        if month is not None and _names_whole_months(month, spec.period):
            return text
        if spec.table == "files":
            return self._add_period(text, spec)
        is_of_year = month is not None and spec.period.is_calendar_year
        when = str(spec.period.start.year) if is_of_year else self.within(spec.period)
        without = self._write_left_out_days(spec)
        return ", ".join(filter(None, (f"{text} {when}", without)))

    def _write_left_out_days(self, spec: PopulationSpec) -> str:
        without = spec.without
        return self.write("dates.without", span=self.span(without)) if without else ""

    def _add_remarks(self, period: str, spec: PopulationSpec, *more: str) -> str:
        """A period, with what is left out of it, and over how many days it was observed."""
        remarks = "; ".join(filter(None, (self._write_left_out_days(spec), *more)))
        return f"{period} ({remarks})" if remarks else period

    def _add_period(self, what: str, spec: PopulationSpec, *more: str) -> str:
        period = self._add_remarks(self.period(spec.period), spec, *more)
        return self.write("definitions.dated", what=what, period=period)

    # Figures

    def definition(self, figure: Figure) -> str:
        """What a figure is, of what, and when."""
        known = self._defined.get(figure.id)
        # Somebody may ask about a figure of the same name with other parts.
        if known is None or known[0] is not figure:
            text = self._write_what(figure)
            if figure.kind not in WITH_PERIOD:
                text = self._add_period(text, figure.population)
            self._defined[figure.id] = known = (figure, text)
        return known[1]

    def _write_what(self, figure: Figure) -> str:
        if figure.kind == "count":
            return self.population(figure.population)
        pattern = str(self.pattern(f"definitions.{_choose_pattern(figure)}"))
        return fill_in(
            pattern, {name: _BLANKS[name](self, figure) for name in list_blanks(pattern)}
        )

    def write_part(self, figure: Figure) -> str:
        """What a share is a share of: its population, less what its whole is asked as well."""
        spec, whole = figure.population, figure.of.conditions if figure.of else ()
        own = tuple(condition for condition in spec.conditions if condition not in whole)
        return self.population(spec.model_copy(update={"conditions": own}), period=False)

    def write_whole(self, figure: Figure) -> str:
        """All of what a share is taken of."""
        if figure.of is None:
            return self.write("definitions.nothing")
        return self.write("definitions.all", population=self.population(figure.of, period=False))

    def write_divisor(self, figure: Figure) -> str:
        """What a mean or a rate is divided by."""
        if figure.exposure is None:
            return ""
        spec, known = figure.population, self.pattern("definitions.exposures")
        # Some rows are counted, and all contacts divide them.
        some = "any_" if spec.conditions or spec.having else ""
        units = figure.exposure.unit.split(" × ")
        names = [f"{some}{unit}" if unit == "contact" else unit for unit in units]
        return " ".join(str(known.get(name, name)) for name in names)

    def write_own_side(self, figure: Figure) -> str:
        """When the rows of a comparison were counted."""
        spec = figure.population
        days = self._write_days(figure, other=False)
        return self._add_remarks(self.period_noun(spec.period), spec, days)

    def write_other_side(self, figure: Figure) -> str:
        """When those were that it is compared with; which, if they are others."""
        spec, reason = figure.of, figure.reason
        if spec is None or (reason is not None and reason.code == "no_comparison"):
            return self.write("definitions.nothing")
        days, theirs = self._write_days(figure, other=True), self.population(spec, period=False)
        if theirs == self.population(figure.population, period=False):
            return self._add_remarks(self.period_noun(spec.period), spec, days)
        return self._add_period(theirs, spec, days)

    def _write_days(self, figure: Figure, *, other: bool) -> str:
        exposure = figure.exposure
        if exposure is None or exposure.unit not in self.pattern("definitions.observed"):
            return ""
        days = exposure.other if other else exposure.own
        if days is None:
            return ""
        return self.write(f"definitions.observed.{exposure.unit}", days=self.number(days))

    # Series and cross-tables

    def caption(self, item: Breakdown) -> str:
        """What is broken down by what."""
        key = "percent" if item.unit == "percent" else "count"
        population, by = self._write_counted(item, item.population), self.breakdown(item.by)
        return begin(self.write(f"captions.{key}", population=population, by=by))

    def subtitle(self, item: Breakdown) -> str:
        """The unit, the population, the period, and whether a row may count twice."""
        key, spec = "unit_count", item.population
        if item.unit == "percent":
            key, spec = "unit_percent", item.of or item.population
        if item.kind == "change":
            key = "unit_change"
        period = self._add_remarks(self.period(item.population.period), item.population)
        population = self._write_counted(item, spec)
        text = self.write(f"captions.{key}", population=population, period=period)
        if not item.overlapping:
            return text
        noun = self.noun(item.population.noun, one=True)
        return f"{text}; {self.write('captions.overlapping', noun=noun)}"

    def _write_counted(self, item: Breakdown, spec: PopulationSpec) -> str:
        """A population without lists of codes that the rows and columns name by themselves."""

        def is_said(condition: Condition) -> bool:
            is_one = len(condition.terms) == 1 and not condition.negated
            return is_one or condition.field not in item.by

        conditions = tuple(filter(is_said, spec.conditions))
        return self.population(spec.model_copy(update={"conditions": conditions}), period=False)


def _names_whole_months(month: Condition, period: Period) -> bool:
    """Whether a condition names months with their years, which lie in the period as a whole."""
    is_whole = period.start.day == 1 and (period.end + dt.timedelta(days=1)).day == 1
    return is_whole and not month.negated and any("-" in code for code in month.codes)


def _choose_pattern(figure: Figure) -> str:
    """The key of the pattern that defines a figure."""
    unit = figure.exposure.unit if figure.exposure else ""
    if figure.kind == "mean":
        if figure.by:
            return "mean_of_months"
        # Users of months add up to more than those of their year.
        if figure.population.noun == "users" and unit == "month" and figure.denominator is not None:
            return "divided_year" if figure.population.period.is_calendar_year else "divided"
    if figure.kind == "top" and figure.place not in (None, 1):
        return "lowest_place" if figure.lowest else "place"
    if figure.kind == "top" and figure.lowest:
        return "lowest"
    if figure.kind == "rate_ratio" and unit == "rest_of_year":
        return "relative"
    if figure.kind == "flag":
        return "same_top" if figure.by else "supports_rise"
    return figure.kind


def _write_population(words: Definitions, figure: Figure) -> str:
    # A number of a chapter's own has its period here, and nowhere else.
    return words.population(figure.population, period=figure.kind == "own")


# What stands in the pattern of a definition, by the name of its place.
_BLANKS: Mapping[str, Callable[[Definitions, Figure], str]] = {
    "population": _write_population,
    "part": Definitions.write_part,
    "whole": Definitions.write_whole,
    "per": Definitions.write_divisor,
    "by": lambda words, figure: words.breakdown(figure.by),
    "period": Definitions.write_own_side,
    "previous": Definitions.write_other_side,
    "months": lambda words, figure: words.cardinal(int(figure.denominator or 0)),
    "length": lambda words, figure: words.cardinal(figure.place or 1),
    "ordinal": lambda words, figure: words.ordinal(figure.place or 1),
    "field": lambda words, figure: words.field(figure.by[0]) if figure.by else "",
    "label": lambda words, figure: words.label(figure.by[0], figure.code or ""),
    "how": lambda _, figure: figure.how,
}
