"""Read the figures of earlier reports from a closed CSV format, with the place of every fault."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import get_args

from helpline_report.audit.printing import CODES, NUMBERS
from helpline_report.errors import ParametersError, nearest, to_read
from helpline_report.figures.model import Noun, Unit
from helpline_report.figures.printed import PrintedFigure
from helpline_report.parameters.values import ID_PATTERN

COLUMNS = ("id", "section", "printed", "value", "unit", "population", "claimed", "source")
# The year that a figure is about, where a report tells of others than the edition's own.
EDITION = "edition"
ID_OF_EDITION = re.compile(ID_PATTERN)
ID = re.compile(r"^[a-z0-9_-]+(\.[a-z0-9_-]+)*$")
NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")
NOUNS = tuple(noun.replace("_", " ") for noun in get_args(Noun))
Once = tuple[str, str, str]
WHOLE = {"month": range(1, 13), "weekday": range(1, 8), "flag": range(2), "rank": range(1, 1000)}


def read_printed(path: Path, root: Path | None = None) -> tuple[PrintedFigure, ...]:
    """The printed figures of one file, in its order.

    The file is comma-separated UTF-8 with the columns id, section, printed, value, unit,
    population, claimed and source. `value` is the print as a number with a decimal point, a code or
    a flag; `population` says what it counts, `claimed` what the report called it. A ninth column,
    `edition`, may say which year a figure is about, where that isn't the edition's own year.

    Raises:
        ParametersError: a line for each fault, with file, line and column.
    """
    shown = _shown(path, root)
    rows = csv.reader(io.StringIO(_text(path, shown), newline=""), strict=True)
    faults: list[str] = []
    found: dict[Once, PrintedFigure] = {}
    try:
        columns = _columns(next(rows, []), shown)
        for cells in rows:
            where = f"{shown}:{rows.line_num}"
            complaints = list(_complaints(cells, columns, found, where))
            faults += complaints
            if not complaints:
                row = dict(zip(columns, cells, strict=True))
                found[_once(row)] = PrintedFigure.model_validate(row)
    except csv.Error as error:
        raise ParametersError(f"not CSV: {error}", where=f"{shown}:{rows.line_num}") from None
    if faults:
        raise ParametersError("\n".join(faults))
    return tuple(found.values())


def _shown(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ParametersError(
            "there is no such file",
            where=shown,
            next_step="name the files of printed figures under 'printed', or leave it out",
        ) from None
    except UnicodeDecodeError as error:
        raise ParametersError(f"byte {error.start} is not UTF-8", where=shown) from None
    except OSError as error:
        raise ParametersError(
            f"can't be read ({error.strerror})", where=shown, next_step=to_read(error)
        ) from None


def _once(row: Mapping[str, str]) -> Once:
    """What stands once: a report says a figure of a year once, and other reports may say it too."""
    return row["id"], row["source"], row.get(EDITION, "")


def _columns(header: list[str], shown: str) -> tuple[str, ...]:
    if tuple(header) in (COLUMNS, (*COLUMNS, EDITION)):
        return tuple(header)
    wrong = [name for name in header if name not in (*COLUMNS, EDITION)]
    missing = [name for name in COLUMNS if name not in header]
    if wrong:
        what = f"unknown column '{wrong[0]}'{nearest(wrong[0], list(COLUMNS))}"
    elif missing:
        what = f"the column '{missing[0]}' is missing"
    else:
        what = "the columns stand in another order, or one stands twice"
    raise ParametersError(what, where=f"{shown}:1", next_step=f"the header is: {','.join(COLUMNS)}")


def _complaints(
    cells: list[str], columns: tuple[str, ...], known: Container[Once], where: str
) -> Iterator[str]:
    if len(cells) != len(columns):
        yield f"{where}: {len(cells)} cells, and {len(columns)} were expected"
        return
    row = dict(zip(columns, cells, strict=True))
    for column in columns:
        complaint = _complaint(column, row, known)
        if complaint:
            yield f"{where}, column {column}: {complaint}"


def _complaint(column: str, row: Mapping[str, str], known: Container[Once]) -> str:
    text = row[column]
    if column == EDITION:
        return "" if not text or ID_OF_EDITION.match(text) else f"'{text}' is no name of an edition"
    if not text.strip():
        return "is empty"
    match column:
        case "id" if not ID.match(text):
            return f"'{text}' is no id of a figure"
        case "id" if _once(row) in known:
            return f"'{text}' stands twice"
        case "unit" if text not in get_args(Unit):
            return f"there is no unit '{text}'{nearest(text, list(get_args(Unit)))}"
        case "population" | "claimed" if text not in NOUNS:
            return f"there is no population '{text}'{nearest(text, list(NOUNS))}"
        case "value":
            return _value_complaint(text, row["unit"])
    return ""


def _value_complaint(text: str, unit: str) -> str:
    if unit in NUMBERS and not NUMBER.match(text):
        return f"'{text}' is no number with a decimal point"
    if unit in CODES and unit != "label":
        allowed = WHOLE[unit]
        if not text.isascii() or not text.isdigit() or int(text) not in allowed:
            return f"'{text}' is no {unit}: {allowed.start} to {allowed.stop - 1}"
    return ""
