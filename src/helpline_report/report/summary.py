"""What a check found, in calm lines: where all is well, a line a file and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpline_report.exports.faults import FAULTS, outcome_words
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset import AcknowledgedFault, FileBalance, WaitingFault
from helpline_report.tables.plausibility import OneYearCode
from helpline_report.tables.refusals import find_superfluous
from helpline_report.tables.years import Year, Years


def summary_of(project: Project, years: Years) -> Iterator[str]:
    """The lines that a check prints of a year and of the one that it is compared with."""
    for year in years.each():
        yield year.edition.edition
        yield from _files(year.dataset.balances)
        for note in year.dataset.notes:
            yield f"  {note}"
        yield from _known(year)
        totals = len(year.edition.control_totals)
        if totals:
            yield f"  {totals} control total(s) agree"
    yield from _codes(years)
    for year in years.each():
        yield from _superfluous(project, year)


def _files(balances: Sequence[FileBalance]) -> Iterator[str]:
    """A line a file, and what became of rows; web reports, which are many alike, have it once."""
    for balance in balances:
        if balance.table != "traffic":
            yield f"{_file(balance)} as {balance.table}"
            yield from _fates([balance])
    web = [balance for balance in balances if balance.table == "traffic"]
    yield from map(_file, web)
    yield from _fates(web)


def _file(balance: FileBalance) -> str:
    used = balance.used + sum(balance.repaired.values())
    how = "all used" if used == balance.read else f"{used} used"
    return f"  {Path(balance.file).name}: {balance.read} rows, {how}"


def _fates(balances: Sequence[FileBalance]) -> Iterator[str]:
    for what in ("repaired", "excluded", "noted"):
        counts = sum((Counter(getattr(balance, what)) for balance in balances), Counter[str]())
        for code, count in sorted(counts.items()):
            shown = f" [{code}]" if code in FAULTS else ""
            yield f"      {what} {count} × {outcome_words(code, 'en')}{shown}"


def _known(year: Year) -> Iterator[str]:
    for item in year.dataset.acknowledged:
        yield f"  acknowledged: {_about(item)} ({item.reason.in_language('en')})"
    for waits in year.dataset.waiting:
        yield f"  not acknowledged yet: {_about(waits)}"


def _about(item: AcknowledgedFault | WaitingFault) -> str:
    rows = f"{item.rows} × " if item.rows else ""
    about = f", {item.about}" if item.about else ""
    file = f", {Path(item.file).name}" if item.file else ""
    return f"{rows}{FAULTS[item.code].en} [{item.code}]{file}{about}"


def _codes(years: Years) -> Iterator[str]:
    """Codes of one of the two years: first those that nothing explains, with what to declare."""
    if years.before is None:
        return
    told = {
        "new": f"not in {years.before.edition.edition}",
        "gone": f"not in {years.now.edition.edition}",
    }
    open_ones = [item for item in years.one_year_codes if not item.why]
    for item in open_ones:
        yield f"  {_code(item)} {told[item.kind]}, and no break is declared"
    if open_ones:
        where = f"params/{years.now.edition.edition}.yaml"
        yield f"  → correct the layout or the code list, or add under 'breaks:' in {where}:"
        yield from (f"      {item.add}" for item in open_ones)
    explained = [item for item in years.one_year_codes if item.why]
    for item in explained:
        yield f"  {_code(item)} {told[item.kind]}: {item.why}"


def _code(item: OneYearCode) -> str:
    return f"{item.field} '{item.code}' ({item.rows} rows)"


def _superfluous(project: Project, year: Year) -> Iterator[str]:
    found = find_superfluous(year.edition, year.dataset.acknowledged)
    if not found:
        return
    document = project.document(year.edition.edition)
    for entry in found:
        place = document.place(("acknowledged", year.edition.acknowledged.index(entry)))
        yield f"  find_superfluous: {place} acknowledges {entry.fault}, and there is none"
