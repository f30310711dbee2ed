"""A population in words: its noun, its conditions, and when."""

from __future__ import annotations

from helpline_report.figures.model import Condition, PopulationSpec
from helpline_report.prose import dates, labels
from helpline_report.prose.names import Names

TABLES_ABOVE = {"persons": ("contacts",), "followups": ("persons", "contacts")}


def population(names: Names, spec: PopulationSpec, *, period: bool = True) -> str:
    """What is counted: 'contactnames via telefoon in 2017'; without the period if told so."""
    known, key = names.populations, (spec, period)
    if key not in known:
        known[key] = _said(names, spec, period=period)
    return known[key]


def _said(names: Names, spec: PopulationSpec, *, period: bool) -> str:
    text = " ".join([_counted(names, spec), *_phrases(names, spec)])
    day = spec.condition("date")
    if not period or (day and not day.negated):
        return text
    if spec.table == "files":
        return names.idiom.words.definitions.dated.format(what=text, period=when(names, spec))
    if spec.condition("month") and dates.is_calendar_year(spec.period):
        said = f"{text} {spec.period.start.year}"
    else:
        said = f"{text} {dates.within(names.idiom, spec.period)}"
    left_out = _left_out(names, spec)
    return f"{said}, {left_out}" if left_out else said


def when(names: Names, spec: PopulationSpec, observed: str = "") -> str:
    """The period of a population behind a comma: '2017', 'van 1 juli tot en met … (184 dagen)'."""
    return _remarked(dates.period_words(names.idiom, spec.period), _left_out(names, spec), observed)


def side(names: Names, spec: PopulationSpec, observed: str = "") -> str:
    """One side of a comparison: '2017 (365 dagen)'; a period without a name becomes a noun."""
    return _remarked(dates.period_noun(names.idiom, spec.period), _left_out(names, spec), observed)


def _remarked(said: str, *remarks: str) -> str:
    made = "; ".join(remark for remark in remarks if remark)
    return f"{said} ({made})" if made else said


def _counted(names: Names, spec: PopulationSpec) -> str:
    if spec.table == "calendar":
        return names.idiom.words.definitions.open_days
    return labels.noun(names, spec.noun)


def _phrases(names: Names, spec: PopulationSpec) -> list[str]:
    """The phrases of the conditions: own ones, those of the tables above, then those of time."""
    words = names.idiom.words
    own, above, ordered = _sorted(names, spec)
    phrases = [labels.where_phrase(names, condition) for condition in _negated_last(own)]
    phrases += [
        words.definitions.having.format(population=population(names, lower, period=False))
        for lower in spec.having
    ]
    joined = [words.join(phrases)] if phrases else []
    for table, conditions in above.items():
        noun = labels.noun(names, table)
        last = _negated_last(conditions)
        said = words.join([labels.where_phrase(names, condition) for condition in last])
        joined.append(words.definitions.within[table].format(population=f"{noun} {said}"))
    return joined + [labels.where_phrase(names, condition) for condition in ordered]


def _negated_last(conditions: list[Condition]) -> list[Condition]:
    """What is left out is said of all that was said before it."""
    return sorted(conditions, key=lambda condition: condition.negated)


def _sorted(
    names: Names, spec: PopulationSpec
) -> tuple[list[Condition], dict[str, list[Condition]], list[Condition]]:
    """Conditions on the counted rows, on rows of tables above, and those of time in order."""
    own: list[Condition] = []
    above: dict[str, list[Condition]] = {}
    ordered: list[tuple[int, Condition]] = []
    for condition in spec.conditions:
        codelist = names.codelists.get(condition.field)
        words = names.idiom.words.fields.get(condition.field)
        if codelist is not None and codelist.table in TABLES_ABOVE.get(spec.table, ()):
            above.setdefault(codelist.table, []).append(condition)
        elif codelist is None and words is not None and words.order:
            ordered.append((words.order, condition))
        else:
            own.append(condition)
    if spec.table == "traffic":
        # The site before the page that led to it.
        own.reverse()
    return own, above, [condition for _, condition in sorted(ordered, key=lambda item: item[0])]


def _left_out(names: Names, spec: PopulationSpec) -> str:
    if spec.without is None:
        return ""
    span = dates.span(names.idiom, spec.without)
    return names.idiom.words.dates.without.format(span=span)
