"""Spell the values of figures and of parameters as each form of words must have them.

Which phrase a form has for a unit says `forms.yaml`; the phrases stand in the catalogue. What
stands in a phrase is made here a second time, from the figure alone.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from helpline_report.audit.code_labels import begin
from helpline_report.audit.definitions import Definitions
from helpline_report.audit.numerals import round_half_up
from helpline_report.audit.spelling import list_blanks
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import DECIMALS, Figure, Interval
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period, remove_marks
from helpline_report.parameters.yaml import read_resource

_FORMS = read_resource("helpline_report.prose", "forms.yaml").data
# The template of each unit without a form, and those of each form by unit.
NATURAL: Mapping[str, str] = _FORMS["natural"]
FORMS: Mapping[str, Mapping[str, str]] = _FORMS["forms"]
# The decimals of a unit in a table, where these are others than in a sentence.
IN_TABLES: Mapping[str, int] = {"percent": 1, "percent change": 1, "ratio": 2, "mean": 1}
PERCENTS = ("percent", "percent change")
WHOLE = 100.0
# Below this, a mean has a decimal; from this on a ratio is a number of times.
SMALL, DOUBLE = 10, 2
# How near to a whole percent a share is that one, and is 'about' that one.
EXACT, NEAR = 0.005, 0.1
# The part by which the open days of two years differ before a comparison speaks of them.
UNLIKE = 0.03
# How many of those that tie are named.
MOST_TIED = 3

# What a name in a text may stand for.
Thing = Figure | Period | dt.date | str


class ValueSpellings(Definitions):
    """The spellings of the values of one ledger."""

    def __init__(
        self,
        ledger: Ledger,
        edition: Edition,
        comparison: Edition | None,
        codelists: Mapping[str, CodeList],
        language: str,
    ) -> None:
        super().__init__(edition, comparison, codelists, language)
        self.ledger = ledger
        # How each figure is written in a table: several files do.
        self._in_tables: dict[str, tuple[Figure, str]] = {}

    # Tables

    def write_in_table(self, figure: Figure) -> str:
        """A figure in a cell: its value, or why it has none."""
        known, text = self._in_tables.get(figure.id, (None, ""))
        if known is not figure:
            if figure.reason is not None:
                text = self.short_reason(figure.reason)
            elif figure.unit in IN_TABLES:
                text = self.decimals(figure.number, figure.unit, IN_TABLES[figure.unit])
            else:
                text = self.spell(figure)
            self._in_tables[figure.id] = figure, text
        return text

    def decimals(self, value: float, unit: str, decimals: int) -> str:
        """A number of a unit with so many decimals."""
        if unit in PERCENTS:
            return self.percent(value, decimals, signed=unit == "percent change")
        return self.number(value, decimals)

    def write_interval(self, figure: Figure, key: str = "part.interval_value", **more: str) -> str:
        """The ends of an interval in a phrase; '' where a figure has no value or none."""
        interval = figure.interval
        if interval is None or figure.value is None:
            return ""
        # The interval of a flag is that of the ratio it was made of.
        unit = "ratio" if figure.kind == "flag" else figure.unit
        low, high = (
            self.decimals(end, unit, count_decimals(interval, end, IN_TABLES[unit]))
            for end in (interval.low, interval.high)
        )
        level = self.percent(WHOLE * interval.level, 0)
        return self.say(key, low=low, high=high, level=level, **more)

    def count_exactly(self, number: float) -> str:
        """A count or a denominator with the decimals that it has, four at most."""
        shown = f"{round_half_up(number, MOST_OF_ENDS):f}".rstrip("0")
        return self.number(number, len(shown.partition(".")[2]))

    # Sentences

    def spell(self, thing: Thing, form: str = "") -> str:
        """A value in words, by a form or as its unit is written; a form may have a capital.

        Raises:
            KeyError: there is no such form, or none for this unit.
            ValueError: a figure has no value.
        """
        if isinstance(thing, Figure) and thing.value is None:
            raise ValueError(f"{thing.id} has no value")
        unit = _find_unit(thing)
        if not form:
            template = NATURAL.get(unit, "")
            return self._fill(template, thing) if template else self._write_number(thing)
        name = form if form in FORMS else form[:1].lower() + form[1:]
        text = self._fill(FORMS[name][unit], thing)
        return text if form in FORMS else begin(text)

    def spell_counted(self, figure: Figure, form: str) -> str:
        """What of a finding is the number itself: what follows from it stands behind it.

        The whole, of any other form.
        """
        if form.lower() != "finding" or figure.unit == "flag":
            return self.spell(figure, form)
        is_ratio = figure.unit == "ratio"
        text = self._fill("comparisons.times" if is_ratio else FORMS["change"][figure.unit], figure)
        return text if form in FORMS else begin(text)

    def _write_number(self, thing: Thing) -> str:
        if not isinstance(thing, Figure):
            raise TypeError(thing)
        return self.decimals(thing.number, thing.unit, DECIMALS.get(thing.unit, 0))

    def _fill(self, template: str, thing: Thing) -> str:
        """A template: its own text, or the key of a phrase, which may have values in it too."""
        filled = self._put(template, thing)
        return filled if template.startswith("{") else self._put(str(self.pattern(filled)), thing)

    def _put(self, pattern: str, thing: Thing) -> str:
        values = {name: PARTS[name](self, thing) for name in dict.fromkeys(list_blanks(pattern))}
        return pattern.format(**values)

    # Parts of a phrase

    def write_tie(self, figure: Figure, pattern: str) -> str:
        """Who else has as many, in a pattern."""
        return self.write_draw([self.label(figure.by[0], code) for code in figure.tied], pattern)

    def write_draw(
        self, others: Sequence[str], pattern: str = " ({})", most: int = MOST_TIED
    ) -> str:
        """Which others have as many: a few of them by name; nothing where there are none."""
        if not others:
            return ""
        named = [*others[:most], *[str(self.pattern("counts.others"))] * (len(others) > most)]
        return pattern.format(self.write("counts.tied", others=self.list(named)))

    def write_share(self, figure: Figure) -> str:
        """A whole percent; what is nearly nothing or nearly all isn't nothing or all."""
        value = figure.number
        whole = float(round_half_up(value, 0))
        if whole == 0 and value != 0:
            return self.write("shares.about.below", number=self.percent(1, 0))
        if whole == WHOLE and value != WHOLE:
            return self.write("shares.about.under", number=self.percent(WHOLE, 0))
        return self.percent(whole, 0)

    def write_about(self, figure: Figure) -> str:
        """The same, with the side on which the share lies."""
        whole = round_half_up(figure.number, 0)
        rest = float(round_half_up(figure.number, 9) - whole)
        text = self.write_share(figure)
        if whole in (0, WHOLE) or abs(rest) < EXACT:
            return text
        key = "near" if abs(rest) < NEAR else "over" if rest > 0 else "under"
        return self.write(f"shares.about.{key}", number=text)

    def write_change(self, figure: Figure) -> str:
        """A change in percent with its sign; one too small to be seen, or of nearly all, so."""
        value, decimals = figure.number, DECIMALS["percent change"]
        shown = round_half_up(value, decimals)
        if shown == 0:
            return self.write("comparisons.tiny", number=self.percent(0.1, decimals))
        text = self.percent(value, decimals, signed=True)
        is_nearly_all = shown == -WHOLE and value > -WHOLE
        return self.write("shares.about.under", number=text) if is_nearly_all else text

    def write_times(self, figure: Figure) -> str:
        """A ratio; one too small to be seen isn't nothing."""
        value, decimals = figure.number, DECIMALS["ratio"]
        if not value:
            return self.number(0)
        if round_half_up(value, decimals) == 0:
            return self.write("comparisons.tiny", number=self.number(0.01, decimals))
        return self.number(value, decimals)

    def write_distance(self, figure: Figure) -> str:
        """How far a ratio lies from 1, in percent."""
        decimals, value = DECIMALS["percent change"], figure.number
        size = float(round_half_up(abs(value - 1) * WHOLE, 9))
        text = self.percent(size, decimals)
        is_nearly_all = 0 < value < 1 and round_half_up(size, decimals) == WHOLE
        return self.write("shares.about.under", number=text) if is_nearly_all else text

    def choose_rate(self, figure: Figure) -> str:
        """Which phrase says a ratio best."""
        size = float(round_half_up(abs(figure.number - 1) * WHOLE, 9))
        if round_half_up(size, DECIMALS["percent change"]) == 0:
            return "same" if figure.number == 1 else "near"
        return "times" if figure.number >= DOUBLE else find_way(figure)

    def write_mean(self, figure: Figure) -> str:
        """A mean without decimals, a small one with one; hardly anything with as many as show."""
        value = figure.number
        decimals = int(0 < abs(value) < SMALL)
        while value and round_half_up(value, decimals) == 0:
            decimals += 1
        return self.number(value, decimals)

    def write_plain(self, figure: Figure) -> str:
        """A number of no unit: two decimals at most, of a small one two digits."""
        value, decimals = figure.number, 2
        while 0 < abs(round_half_up(value, 15)) < round_half_up(10.0 ** (1 - decimals), decimals):
            decimals += 1
        shown = f"{round_half_up(value, decimals):f}".rstrip("0")
        return self.number(value, len(shown.partition(".")[2]))

    def write_end(self, figure: Figure, *, high: bool) -> str:
        """An end of an interval in the unit of its figure.

        Raises:
            ValueError: it has none.
        """
        if (interval := figure.interval) is None:
            raise ValueError(f"{figure.id} has no interval")
        value = interval.high if high else interval.low
        decimals = count_decimals(interval, value, DECIMALS[figure.unit])
        return self.decimals(value, figure.unit, decimals)

    def write_level(self, figure: Figure) -> str:
        """How sure an interval is."""
        return self.percent(WHOLE * figure.interval.level, 0) if figure.interval else ""

    # What follows from a comparison

    def write_finding(self, figure: Figure) -> str:
        """What was counted, with the interval, and why nothing follows from it."""
        counted, interval = self.spell_counted(figure, "finding"), figure.interval
        way = find_way(figure)
        if figure.unit == "ratio" and round_half_up(figure.number, DECIMALS["ratio"]) == 1:
            way = "same"
        if interval is not None:
            if way != "same" and interval.includes_null_value:
                key = "chance"
            else:
                is_made_up = self.edition.rows == "synthetic"
                key = "margin" if way == "same" or is_made_up else "beyond_chance"
            margin = self._fill("comparisons.interval", figure)
            counted = self.write(f"comparisons.{key}", counted=counted, interval=margin)
        doubts = list(dict.fromkeys(self._list_doubts(figure)))
        if not doubts:
            return counted
        question = self.write(f"comparisons.questions.{figure.population.noun}.{way}")
        why = ", ".join(doubts[:-1])
        why += self.write("comparisons.also_why", why=doubts[-1]) if why else doubts[-1]
        return self.write("comparisons.doubt", counted=counted, question=question, why=why)

    def _list_doubts(self, figure: Figure) -> Iterator[str]:
        other, before = figure.of, self.comparison
        if figure.population.table == "traffic":
            yield self.write("comparisons.estimated")
        elif figure.interval is None:
            is_gone = other is not None and other.edition in self.ledger.taken_over
            yield self.write("comparisons.rows_gone" if is_gone else "comparisons.too_few")
        elif figure.unit == "percent change" and other is not None and before is not None:
            now = self.edition.calendar.open_days(figure.population.period)
            then = before.calendar.open_days(other.period)
            key = "more" if now > then else "fewer"
            if abs(now - then) > UNLIKE * then and find_way(figure) in ("same", key):
                when = self.within(other.period)
                yield self.write(f"comparisons.open_days.{key}", before=when)
        yield from (self.breaks[name].rstrip(".") for name in figure.breaks)


def count_decimals(interval: Interval, end: float, decimals: int) -> int:
    """The decimals that an end of an interval needs to differ from the other and from none."""
    for more in range(decimals, MOST_OF_ENDS):
        low, high = round_half_up(interval.low, more), round_half_up(interval.high, more)
        null = interval.null_value
        is_null = null is not None and float(round_half_up(end, more)) == null
        if low != high and not is_null:
            return more
    return MOST_OF_ENDS


# The decimals of an end of an interval at most.
MOST_OF_ENDS = 4


def find_way(figure: Figure) -> str:
    """Whether a comparison says more, fewer, or the same."""
    unchanged = 1 if figure.unit == "ratio" else 0
    if figure.number == unchanged:
        return "same"
    return "more" if figure.number > unchanged else "fewer"


def find_difference(figure: Figure) -> float:
    """How far the two counts of a change lie apart."""
    return abs((figure.numerator or 0) - (figure.denominator or 0))


def _find_unit(thing: Thing) -> str:
    if isinstance(thing, Figure):
        return thing.unit
    if isinstance(thing, Period):
        return "period"
    return "date" if isinstance(thing, dt.date) else "text"


Part = Callable[[ValueSpellings, Thing], str]


def _of_figure(write: Callable[[ValueSpellings, Figure], str]) -> Part:
    """A part that figures alone have."""

    def write_part(words: ValueSpellings, thing: Thing) -> str:
        if not isinstance(thing, Figure):
            raise TypeError(thing)
        return write(words, thing)

    return write_part


def _of_day(write: Callable[[ValueSpellings, dt.date], str]) -> Part:
    """A part that days alone have."""

    def write_part(words: ValueSpellings, thing: Thing) -> str:
        if not isinstance(thing, dt.date):
            raise TypeError(thing)
        return write(words, thing)

    return write_part


def _name_population(words: ValueSpellings, figure: Figure, number: float | None = None) -> str:
    return words.noun(figure.population.noun, one=number == 1)


def _write_value(words: ValueSpellings, thing: Thing) -> str:
    return words.spell(thing)


def _write_label(words: ValueSpellings, figure: Figure) -> str:
    code = str(figure.value)
    return words.label(figure.by[0], code) if figure.by else code


def _write_counted_label(words: ValueSpellings, figure: Figure) -> str:
    """A label with its count where it has one."""
    if figure.numerator is None:
        return words.spell(figure)
    text = str(words.pattern("counts.counted"))
    values = {
        "label": _write_label(words, figure),
        "numerator": words.number(figure.numerator),
        "counted": _name_population(words, figure, figure.numerator),
        "also": words.write_tie(figure, ", {}"),
    }
    return text.format(**values)


# What stands in the phrases of forms, by the name of its place.
PARTS: Mapping[str, Part] = {
    "value": _write_value,
    "text": lambda _, thing: remove_marks(str(thing)),
    "period": lambda words, thing: words.period_noun(thing) if isinstance(thing, Period) else "",
    "day": _of_day(lambda words, day: words.date(day)),
    "its_year": _of_day(lambda _, day: str(day.year)),
    "its_month": _of_day(lambda words, day: words.month(day.month)),
    "label": _of_figure(_write_label),
    "draw": _of_figure(lambda words, figure: words.write_tie(figure, " ({})")),
    "also": _of_figure(lambda words, figure: words.write_tie(figure, ", {}")),
    "counted_label": _of_figure(_write_counted_label),
    "numerator": _of_figure(lambda words, figure: words.number(figure.numerator or 0)),
    "counted": _of_figure(lambda words, figure: _name_population(words, figure, figure.numerator)),
    "share": _of_figure(ValueSpellings.write_share),
    "about": _of_figure(ValueSpellings.write_about),
    "whole": _of_figure(
        lambda words, figure: words.population(figure.of or figure.population, period=False)
    ),
    "finding": _of_figure(ValueSpellings.write_finding),
    "change": _of_figure(ValueSpellings.write_change),
    "percent": _of_figure(ValueSpellings.write_distance),
    "times": _of_figure(ValueSpellings.write_times),
    "mean": _of_figure(ValueSpellings.write_mean),
    "plain": _of_figure(ValueSpellings.write_plain),
    "ordinal": _of_figure(lambda words, figure: words.ordinal(int(figure.number))),
    "noun": _of_figure(lambda words, figure: _name_population(words, figure, figure.number)),
    "many": _of_figure(_name_population),
    "difference": _of_figure(lambda words, figure: words.number(find_difference(figure))),
    "differing": _of_figure(
        lambda words, figure: _name_population(words, figure, find_difference(figure))
    ),
    "before": _of_figure(lambda words, figure: words.within(figure.of.period) if figure.of else ""),
    "or_none": _of_figure(
        lambda words, figure: words.spell(figure) if figure.value else words.write("counts.not_one")
    ),
    "low": _of_figure(lambda words, figure: words.write_end(figure, high=False)),
    "high": _of_figure(lambda words, figure: words.write_end(figure, high=True)),
    "level": _of_figure(ValueSpellings.write_level),
    # Which of the phrases of a form fits.
    "way": _of_figure(lambda _, figure: find_way(figure)),
    "rate": _of_figure(ValueSpellings.choose_rate),
    "yes": _of_figure(lambda _, figure: "yes" if figure.value else "no"),
    "ranked": _of_figure(lambda _, figure: "yes" if figure.value else "no"),
    "noun_or_none": _of_figure(lambda _, figure: "noun" if figure.value else "none"),
    "mostly": _of_figure(
        lambda _, figure: (
            "mostly" if 2 * (figure.numerator or 0) > (figure.denominator or 0) else "most_often"
        )
    ),
}
