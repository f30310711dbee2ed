"""What the text of a cell stands for, as SQL expressions: codes, flags and numbers.

Beside each stands whether the cell was mended: whether it isn't written as the layout writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.recount.writing import bare, listed, name, text
from helpline_report.exports.shapes import plain
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import UNKNOWN, Column, DatedCode, Flags, RowFile

WHOLE = r"-?\d{1,9}"


# What is told of the cells of dates and times, and of those of one column.
DAY, HOUR, WHEN_MENDED = '"moment: day"', '"moment: hour"', '"moment: mended"'


def plainly(column: str) -> str:
    """The column of the plain forms of a column of labels."""
    return name(f"{column}: plainly")


def code(column: str) -> str:
    """The column of what the cells of a column stand for."""
    return name(f"{column}: code")


def mended(column: str) -> str:
    """The column that says of the cells of a column whether they are in another form."""
    return name(f"{column}: mended")


def coded(column: str, layout: Column, day: str, *, opened: bool = False) -> str:
    """The code of a label, or the list of codes where a cell holds several; `day` is the row's.

    In a field that is `opened` a label without a code is its own.
    """
    if layout.separator is None:
        return _code(name(column), plainly(column), layout, day, opened=opened)
    parts = f"string_split({name(column)}, {text(layout.separator)})"
    one = _code("bare(label)", "plain(label)", layout, day, opened=opened)
    codes = f"list_transform({parts}, lambda label: {one})"
    found = f"list_distinct(list_filter({codes}, lambda code: code IS NOT NULL))"
    if layout.blank is None:
        return found
    return f"CASE WHEN len({found}) = 0 THEN [{text(layout.blank)}] ELSE {found} END"


def label_mended(column: str, layout: Column, *, opened: bool = False) -> str:
    """Whether a coded cell was mended: a label in another form, or one that means unknown."""
    unknown = {plain(given) for given in layout.unknown}
    labels = [label for label in layout.codes if plain(label) not in unknown]
    if layout.separator is None:
        return _in_other_form(name(column), labels, layout, opened=opened)
    other = _in_other_form("bare(label)", [*labels, ""], layout, opened=opened)
    parts = f"string_split({name(column)}, {text(layout.separator)})"
    return f"len(list_filter({parts}, lambda label: {other})) > 0"


def _in_other_form(cell: str, labels: list[str], layout: Column, *, opened: bool) -> str:
    if opened:
        return f"plain({cell}) IN ({_plain_texts(layout.unknown)})" if layout.unknown else "false"
    blank = [""] if layout.blank is not None else []
    return f"{cell} NOT IN {listed(list(dict.fromkeys([*labels, *blank])))}"


def _code(cell: str, label: str, layout: Column, day: str, *, opened: bool) -> str:
    """A line for each label that the layout knows; `label` is the cell in its plain form."""
    cases = [
        f"WHEN {label} = plain({text(given)}) THEN {text(UNKNOWN)}" for given in layout.unknown
    ]
    cases += _cases(cell, label, layout.meanings(), day, opened=opened)
    if layout.blank is not None and layout.separator is None:
        cases.append(f"WHEN {label} = '' THEN {text(layout.blank)}")
    if opened:
        cases.append(f"WHEN {label} <> '' THEN {label}")
    return "CASE\n    " + "\n    ".join(cases) + "\n  END"


def _cases(
    cell: str, label: str, meanings: Mapping[str, Sequence[DatedCode]], day: str, *, opened: bool
) -> list[str]:
    """Labels by their plain form; where two have the same, first as they stand."""
    forms = [plain(label) for label in meanings]
    alike = [given for given in meanings if forms.count(plain(given)) > 1]
    found = [] if opened else list(_lines(cell, alike, meanings, day, as_stands=True))
    last = {plain(given): given for given in meanings}
    return found + list(_lines(label, list(last.values()), meanings, day))


def _lines(
    label: str,
    labels: Sequence[str],
    meanings: Mapping[str, Sequence[DatedCode]],
    day: str,
    *,
    as_stands: bool = False,
) -> Iterator[str]:
    for given in labels:
        is_it = text(given) if as_stands else f"plain({text(given)})"
        for one in meanings[given]:
            yield _case(label, is_it, one, day if len(meanings[given]) > 1 else "")


def _case(label: str, is_it: str, one: DatedCode, day: str) -> str:
    """A label's code; of a label that means several, one after another, by the day."""
    start, until = one.days
    dated = f" AND {day} BETWEEN DATE '{start}' AND DATE '{until}'" if day else ""
    return f"WHEN {label} = {is_it}{dated} THEN {text(one.code)}"


def flagged(flags: Flags, codes: CodeList) -> str:
    """The codes whose column says yes, as a list."""
    columns = {code: column for column, code in flags.columns.items()}
    held = ",\n    ".join(
        f"CASE WHEN {plainly(columns[code])} IN ({_plain_texts(flags.yes)}) THEN {text(code)} END"
        for code in codes.order
        if code in columns
    )
    return f"list_filter([\n    {held}\n  ], lambda code: code IS NOT NULL)"


def flags_mended(flags: Flags) -> Iterator[tuple[str, str]]:
    """The columns of yes and no, and whether a cell of each was mended."""
    for column in flags.columns:
        yield column, f"{name(column)} NOT IN {listed([*flags.yes, *flags.no])}"


def integer(file: RowFile, column: str, layout: Column) -> str:
    """A whole number; NULL where it is unknown, or lies outside of what is believed."""
    number = _number(file, column)
    unknown = [f"plain({name(column)}) IN ({_plain_texts(layout.unknown)})"]
    unknown += [f"{number} = {int(given)}" for given in layout.unknown if given.isdecimal()]
    tests = "".join(f"WHEN {test} THEN NULL " for test in unknown) if layout.unknown else ""
    return f"CASE {tests}WHEN {number} BETWEEN {layout.low} AND {layout.high} THEN {number} END"


def integer_mended(file: RowFile, column: str, layout: Column) -> str:
    """Whether a number was mended: written otherwise than in digits, or taken for unknown."""
    cell = name(column)
    plainly = (
        f"regexp_full_match({cell}, {text(WHOLE)}) AND {integer(file, column, layout)} IS NOT NULL"
    )
    blank = f"{cell} <> '' AND " if layout.blank is not None else ""
    return f"({blank}NOT ({plainly}))"


def _number(file: RowFile, column: str) -> str:
    written = f"bare(ltrim({bare(name(column))}, ''''))"
    mark, decimal = (file.numbers.thousands, file.numbers.decimal) if file.numbers else ("", ".,")
    if mark == " ":
        written = f"regexp_replace({written}, '[ \\x{{A0}}\\x{{202F}}]', '', 'g')"
    elif mark:
        written = f"replace({written}, {text(mark)}, '')"
    return f"TRY_CAST(regexp_replace({written}, '[{decimal}]0+$', '') AS INTEGER)"


def _plain_texts(given: Sequence[str]) -> str:
    return ", ".join(f"plain({text(item)})" for item in given)
