"""Labels of fields and codes, of derived fields too, and the nouns of populations."""

from __future__ import annotations

import datetime as dt

from helpline_report.figures.model import Condition
from helpline_report.prose import dates
from helpline_report.prose.names import Names

UNKNOWN = "unknown"


def noun(names: Names, name: str, *, one: bool = False) -> str:
    """The noun of a population, for many or for one."""
    found = names.idiom.words.nouns.of(name)
    return found.one if one else found.many


def field_name(names: Names, field: str) -> str:
    """The name of a field: 'kanaal'; one that nothing describes is its own name."""
    if field in names.codelists:
        return names.codelists[field].name.in_language(names.language)
    derived = names.idiom.words.fields.get(field)
    return derived.name if derived else field


def by_phrase(names: Names, field: str) -> str:
    """The phrase of a breakdown: 'per kanaal'."""
    if field in names.codelists:
        return names.codelists[field].by.in_language(names.language)
    derived = names.idiom.words.fields.get(field)
    return derived.by if derived else names.idiom.words.definitions.breakdown.format(field=field)


def where_phrase(names: Names, condition: Condition) -> str:
    """The phrase of a condition: 'via telefoon of e-mail', 'behalve die via telefoon'."""
    phrase = _phrase(names, condition)
    if not condition.negated:
        return phrase
    *most, last = names.idiom.words.definitions.negated.split()
    # A phrase that begins as a relative clause has that word already: 'behalve die vrouw zijn'.
    words = most if phrase.split()[0] == last else [*most, last]
    return " ".join([*words, phrase])


def _phrase(names: Names, condition: Condition) -> str:
    words, field, codes = names.idiom.words, condition.field, condition.given
    if condition.form == "between":
        return _span(names, condition)
    labels = words.join([code_label(names, field, code) for code in codes], words.disjunction)
    if field in names.codelists:
        pattern = names.codelists[field].where.in_language(names.language)
    elif field in words.fields:
        derived = words.fields[field]
        unknown = derived.unknown_where if codes == (UNKNOWN,) else ""
        pattern = unknown or derived.where
    else:
        pattern = words.definitions.condition
    return pattern.format(field=field_name(names, field), labels=labels)


def _span(names: Names, condition: Condition) -> str:
    """The phrase of a condition from one code to another: 'van maart tot en met mei'."""
    words, field, (low, high) = names.idiom.words, condition.field, condition.given
    if field == "hour":
        # The last hour is one of them: 'van 9 uur tot 18 uur' ends with the hour from 17.
        start, end = low or condition.codes[0], str(int(high or condition.codes[-1]) + 1)
        pattern = words.dates.hours
    else:
        start, end, spans = low, high, words.ages if field == "age" else words.spans
        pattern = (spans.between if high else spans.onwards) if low else spans.up_to
    labels = [code and code_label(names, field, code) for code in (start, end)]
    return pattern.format(start=labels[0], end=labels[1])


def code_label(names: Names, field: str, code: str) -> str:
    """The label of a code: of a code list, of a derived field, or the code itself."""
    if field in names.codelists:
        return names.codelists[field].label(code, names.language)
    derived = names.idiom.words.fields.get(field)
    if derived and code in derived.codes:
        return derived.codes[code]
    if derived and code == UNKNOWN and derived.unknown:
        return derived.unknown
    try:
        return _derived(names, field, code)
    except ValueError:
        return code


def _derived(names: Names, field: str, code: str) -> str:
    idiom = names.idiom
    match field:
        case "month":
            return dates.month(idiom, int(code))
        case "weekday":
            return dates.weekday(idiom, int(code))
        case "age":
            return str(int(code))
        case "hour":
            return idiom.words.dates.hour.format(hour=int(code))
        case "date":
            return dates.date(idiom, dt.date.fromisoformat(code))
        case "age_class":
            known = {item.code: item.label for item in names.edition.person_ages}
            return known[code].in_language(names.language) if code in known else code
    return code
