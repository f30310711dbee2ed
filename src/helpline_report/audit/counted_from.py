"""What a ledger was counted from: the editions that have rows, their files, the lines left out."""

from __future__ import annotations

from helpline_report.figures.ledger import Ledger, SourceFile
from helpline_report.figures.quality import is_draft, left_out
from helpline_report.figures.register import Register
from helpline_report.parameters.called import CORRECTIONS
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.overriding import shown_overrides


def with_rows(register: Register) -> tuple[Edition, ...]:
    """The editions of which there are rows: those that are counted, and not taken over."""
    found = (register, register.previous)
    return tuple(each.edition for each in found if each is not None and each.released is None)


def with_sources(ledger: Ledger, register: Register, overrides: tuple[str, ...]) -> Ledger:
    """The ledger with the files that it was counted from, and what became of their rows."""
    tables = register.dataset.tables
    sources = [
        SourceFile(
            edition=found.edition.edition,
            file=found.dataset.called(balance.file),
            sha256=balance.sha256,
            table=balance.table,
            rows=balance.read,
        )
        for found in (register, register.previous)
        if found is not None
        for balance in found.dataset.balances
    ]
    sources += [
        SourceFile(
            edition=found.edition.edition,
            file=CORRECTIONS,
            sha256=file.sha256,
            table="corrections",
            rows=len(file.corrections),
        )
        for found in (register, register.previous)
        if found is not None
        for file in found.dataset.corrections
    ]
    if register.previous is not None and register.previous.released is not None:
        sources.append(register.previous.released.source)
    fields = {table: tuple(sorted(tables[table].fields)) for table in sorted(tables)}
    update = {
        "sources": tuple(sources),
        "fields": fields,
        "overrides": shown_overrides(overrides),
        "draft": is_draft(register),
        "left_out": left_out(register),
    }
    return ledger.model_copy(update=update)


def lines_left_out(register: Register) -> dict[tuple[str, str], frozenset[int]]:
    """The lines of the rows that a draft left out, by edition and file."""
    return {
        (each.edition.edition, file): lines
        for each in (register, register.previous)
        if each is not None
        for file, lines in each.dataset.left_out.items()
    }
