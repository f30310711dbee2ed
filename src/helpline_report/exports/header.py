"""The header of an export against the columns that its layout expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from helpline_report.exports.findings import Findings
from helpline_report.exports.shapes import plain, shape


def match_header(
    cells: Sequence[str],
    expected: Sequence[str],
    ignored: Mapping[str, str],
    findings: Findings,
    *,
    line: int,
) -> dict[str, int] | None:
    """The position (0-based) of each expected column, in the order of `expected`.

    None where the header is refused: B20 (a column twice), B22 (missing), B23 (too many). A name
    that differs in case, spaces or accents is mended (B21). Cells are shown by their shape: where
    the header is missing, the first line is somebody's row.
    """
    known = {plain(name): name for name in (*ignored, *expected)}
    named = [known.get(plain(cell)) for cell in cells]
    if not any(named):
        findings.refuse(
            "B22",
            f"no header: none of {len(expected)} expected columns stands here",
            line=line,
            expected=", ".join(expected),
            next_step="export the file with its header, or name its columns in the layout",
        )
        return None
    before = len(findings.problems)
    _refuse_twice(cells, named, findings, line)
    _refuse_missing(cells, named, expected, findings, line)
    _refuse_extra(cells, named, expected, findings, line)
    if len(findings.problems) > before:
        return None
    mended = sum(name is not None and cell != name for cell, name in zip(cells, named, strict=True))
    if mended:
        findings.noted["B21"] += mended
    return {name: named.index(name) for name in expected}


def _refuse_twice(
    cells: Sequence[str], named: list[str | None], findings: Findings, line: int
) -> None:
    seen: dict[str, int] = {}
    for position, cell in enumerate(cells):
        name = named[position]
        key = plain(cell)
        if key in seen and key:
            shown = f"the column '{name}'" if name else f"the column {shape(cell)}"
            findings.refuse(
                "B20",
                f"{shown} twice, at positions {seen[key] + 1} and {position + 1}",
                line=line,
                column=name or "",
                next_step="export the file with each column once",
            )
        seen.setdefault(key, position)


def _refuse_missing(
    cells: Sequence[str],
    named: list[str | None],
    expected: Sequence[str],
    findings: Findings,
    line: int,
) -> None:
    unnamed = {plain(cells[at]): at for at, name in enumerate(named) if name is None}
    for name in expected:
        if name in named:
            continue
        close = get_close_matches(plain(name), list(unnamed), n=1, cutoff=0.6)
        hint = f", is it the column at position {unnamed[close[0]] + 1}?" if close else ""
        findings.refuse(
            "B22",
            f"the column '{name}' is missing{hint}",
            line=line,
            column=name,
            next_step="export the column, or give its new name in the layout",
        )


def _refuse_extra(
    cells: Sequence[str],
    named: list[str | None],
    expected: Sequence[str],
    findings: Findings,
    line: int,
) -> None:
    for position, cell in enumerate(cells):
        if named[position] is not None:
            continue
        close = get_close_matches(plain(cell), [plain(name) for name in expected], n=1)
        original = {plain(name): name for name in expected}
        hint = f", the nearest is '{original[close[0]]}'" if close else ""
        findings.refuse(
            "B23",
            f"the column at position {position + 1} ({shape(cell)}) isn't in the layout{hint}",
            line=line,
            expected="no other columns, for one may identify somebody",
            next_step="leave it out of the export, or list it in the layout under 'ignored' "
            "with the reason",
        )
