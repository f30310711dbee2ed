"""The lines of a proposed layout that say what columns give: ages, codes, flags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

from helpline_report.exports.cell_texts import plain, shape
from helpline_report.parameters.yaml import TAG
from helpline_report.setup.flags import FlagGroup
from helpline_report.setup.looks import FREQUENT, OLDEST, UNKNOWN_NUMBERS, Look
from helpline_report.setup.matching import GENERIC, NAMED, Match, Meaning, name_score

INDENT = "  "
# An age that a system may give whoever has none, and how far it then stands out.
HIGHEST, PEAK = "99", 3


def age_line(look: Look) -> str:
    """The line of a column of ages; no age of anybody stands in it."""
    numbers = {text: rows for text, rows in look.counts.items() if text.lstrip("-").isdigit()}
    beyond = {t: n for t, n in numbers.items() if not 0 <= int(t) <= OLDEST}
    coded = [t for t in UNKNOWN_NUMBERS if beyond.get(t, 0) >= FREQUENT]
    coded += [HIGHEST] if _is_peak(numbers) else []
    texts = [text for text in look.frequent() if text not in numbers]
    said = [text for text in texts if plain(text) in GENERIC["unknown"]]
    doubted = [*coded, *(text for text in texts if text not in said)]
    outside = sum(rows for text, rows in beyond.items() if text not in coded)
    notes = [f"{look.blank} blank"] if look.blank else []
    parts = [f"field: age, kind: integer, from: 0, to: {OLDEST}"]
    parts.append(f"outside: {TAG} unknown" if outside else "outside: refuse")
    if outside:
        notes.append(f"{outside} row(s) outside 0 to {OLDEST}: unknown, or refused?")
    parts += ["blank: unknown"] if look.blank else []
    if doubted or said:
        tag = f"{TAG} " if doubted else ""
        parts.append(f"unknown: {tag}[{', '.join(map(quoted, [*doubted, *said]))}]")
        what = "numbers" if doubted == coded else "texts"
        notes += [f"do these {what} mean unknown?"] if doubted else []
    note = f"  # {'; '.join(notes)}" if notes else ""
    return f"{scalar(look.name)}: {{{', '.join(parts)}}}{note}"


def _is_peak(numbers: Mapping[str, int]) -> bool:
    """Whether far more people are 99 than are of any of the ages below it, which nobody is."""
    below = max(numbers.get(str(age), 0) for age in range(90, 99))
    return numbers.get(HIGHEST, 0) >= max(FREQUENT, PEAK * below)


def coded_lines(match: Match) -> Iterator[str]:
    """A column of labels; what is only near a label of the code list is to be confirmed."""
    look, field = match.look, match.codelist.field
    yield f"{scalar(look.name)}:"
    telling = [item.nearness for item in match.meanings if item.code]
    sure = name_score(look.name, match.codelist) >= NAMED
    sure = sure or (bool(telling) and sum(telling) >= NAMED * len(match.meanings))
    doubt = f"  # {len(telling)} of {len(match.meanings)} labels are like its codes"
    yield f"{INDENT}field: {field}" if sure else f"{INDENT}field: {TAG} {field}{doubt}"
    if look.separator:
        yield f"{INDENT}separator: {quoted(look.separator)}  # several labels in a cell"
    elif look.blank:
        yield f"{INDENT}blank: {TAG} {_missing(match)}  # {look.blank} blank: which code?"
    shown = _shown(match)
    if not shown:
        yield f"{INDENT}codes: {TAG} {{}}  # no label is in {FREQUENT} rows: which do you know?"
        return
    yield f"{INDENT}codes:"
    for meaning in shown:
        yield f"{INDENT * 2}{scalar(meaning.label)}: {_code(meaning, look)}"
    hidden = [item.label for item in match.meanings if item not in shown]
    if hidden:
        shapes = ", ".join(sorted({shape(label) for label in hidden})[:5])
        yield (
            f"{INDENT * 2}# {len(hidden)} label(s) aren't shown, of fewer than {FREQUENT} rows or "
            f"long: {shapes}"
        )


def _shown(match: Match) -> list[Meaning]:
    """The labels that may be shown: many rows hold them, or the code lists do."""
    frequent = match.look.frequent()
    codes = match.codelist.codes
    public = {plain(text) for code in codes for text in (code.nl, code.en, code.code)}
    public |= {word for generic in GENERIC.values() for word in generic}
    by_label = {item.label: item for item in match.meanings}
    rare = sorted(label for label in by_label if label not in frequent and plain(label) in public)
    return [by_label[label] for label in (*frequent, *rare)]


def _code(meaning: Meaning, look: Look) -> str:
    if meaning.sure:
        return meaning.code
    if meaning.code:
        return f"{TAG} {meaning.code}  # '{meaning.like}'?"
    return f'{TAG} ""  # {look.counts[meaning.label]} rows: which code?'


def _missing(match: Match) -> str:
    """The code that a blank may be: the one of the list for what is missing, if no label is it."""
    said = {item.code for item in match.meanings}
    missing = [code.code for code in match.codelist.codes if code.missing]
    left = [code for code in missing if code not in said]
    return left[0] if len(left) == 1 else '""'


def flags_lines(group: FlagGroup) -> Iterator[str]:
    """Yes and no columns of one field, and how they write it."""
    yield f"{group.codelist.field}:"
    yield f'{INDENT}"yes": [{", ".join(map(quoted, group.written(yes=True)))}]'
    no = [quoted(text) for text in group.written(yes=False)]
    if group.blank:
        question = f"{group.blank} blank cells: no? Else they are refused"
        yield f'{INDENT}"no": {TAG} [{", ".join([*no, quoted("")])}]  # {question}'
    else:
        yield f'{INDENT}"no": [{", ".join(no)}]'
    yield f"{INDENT}columns:"
    for look, meaning in group.columns:
        code = meaning.code if meaning.sure else f"{TAG} {meaning.code or quoted('')}"
        like = f"  # '{meaning.like}'?" if meaning.code else "  # which code?"
        yield f"{INDENT * 2}{scalar(look.name)}: {code}{'' if meaning.sure else like}"


def scalar(text: str) -> str:
    """A text as YAML writes it, in quotes where it needs them."""
    written: str = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000)
    return written.strip()[1:-1]


def quoted(text: str) -> str:
    """A text in double quotes, as YAML reads it."""
    return (
        '"'
        + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
        + '"'
    )
