"""Tell in lines for the terminal what a check finds, and what a draft leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpline_report.exports.corrected_exports import HANGS
from helpline_report.exports.faults import FAULTS, outcome_words
from helpline_report.figures.quality import is_draft, left_out
from helpline_report.figures.register import Register
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
            mark = f" [{code}]" if code in FAULTS else ""
            yield f"      {what} {count} × {outcome_words(code, 'en')}{mark}"


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
    lacking = {"new": years.before.edition.edition, "gone": years.now.edition.edition}

    def what(item: OneYearCode) -> str:
        return f"  {item.field} '{item.code}' ({item.rows} rows) not in {lacking[item.kind]}"

    unexplained = [item for item in years.one_year_codes if not item.why]
    for item in unexplained:
        yield f"{what(item)}, and no break is declared"
    if unexplained:
        where = f"params/{years.now.edition.edition}.yaml"
        yield f"  → correct the layout or the code list, or add under 'breaks:' in {where}:"
        yield from (f"      {item.add}" for item in unexplained)
    for item in years.one_year_codes:
        if item.why:
            yield f"{what(item)}: {item.why}"


def _superfluous(project: Project, year: Year) -> Iterator[str]:
    for entry in find_superfluous(year.edition, year.dataset.acknowledged):
        document = project.document(year.edition.edition)
        place = document.place(("acknowledged", year.edition.acknowledged.index(entry)))
        yield f"  superfluous: {place} acknowledges {entry.fault}, and there is none"


def draft_lines(register: Register) -> Iterator[str]:
    """What a draft leaves out and what it only lists, in a few lines; else nothing."""
    if not is_draft(register):
        return
    counts = Counter[str]()
    for item in left_out(register):
        counts[item.code] += item.rows
    hanging = counts[HANGS]
    belong = f", and {hanging} that belong to them" if hanging else ""
    faulty = counts.total() - hanging
    yield f"  a draft: {faulty} row(s) with faults are left out{belong}{':' if faulty else ''}"
    for code, rows in sorted((+counts).items(), key=lambda item: (-item[1], item[0])):
        yield f"  {rows:>7} {outcome_words(code, 'en')}" + (f" [{code}]" if code in FAULTS else "")
    for each in (register, register.previous):
        for waits in each.dataset.waiting if each is not None else ():
            number = f"{waits.rows:>7}" if waits.rows else " " * 7
            what = outcome_words(waits.code, "en")
            yield f"  {number} {what} [{waits.code}]: counted, and not acknowledged yet"
