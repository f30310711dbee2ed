"""What became of the rows that were read, and which values are missing, as figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from helpline_report.figures import measures
from helpline_report.figures.ledger import (
    CorrectedFor,
    Fate,
    KnownFault,
    LeftOut,
    Missing,
    Quality,
    QualityFile,
)
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import UNKNOWN, Register
from helpline_report.parameters.edition import all_reasons
from helpline_report.parameters.layouts import names_of
from helpline_report.tables.dataset import Dataset, FileBalance

Record = Callable[[Figure], None]


def rows_of_files(name: str, register: Register, record: Record) -> Quality:
    """What became of the rows of each file, of the edition and then of its comparison."""
    registers = _registers(register)
    files: list[QualityFile] = []
    for place, each in enumerate(registers):
        balances = each.dataset.balances
        prefix = name if place == 0 else f"{name}.previous"
        files += [
            _file(f"{prefix}.{slug}", each, balance, conditions, record)
            for slug, balance, conditions in zip(
                _slugs(each.dataset, balances), balances, _conditions(each, balances), strict=True
            )
        ]
    return Quality(
        id=name,
        files=tuple(files),
        known=tuple(_faults(registers, "acknowledged")),
        waiting=tuple(_faults(registers, "waiting")),
        corrected=tuple(item for each in registers for item in _corrected(each)),
    )


def _registers(register: Register) -> list[Register]:
    return [each for each in (register, register.previous) if each is not None]


def _faults(
    registers: Sequence[Register], which: Literal["acknowledged", "waiting"]
) -> Iterator[KnownFault]:
    for each in registers:
        for item in getattr(each.dataset, which):
            file = each.dataset.public_name(item.file)
            about = vars(item) | {"edition": each.edition.edition, "file": file}
            yield KnownFault.model_validate(about)


def _corrected(register: Register) -> Iterator[CorrectedFor]:
    counts = Counter[str]()
    for balance in register.dataset.balances:
        counts.update(balance.reasons)
    for code, words in all_reasons(register.edition.correction_reasons).items():
        if counts[code]:
            name = register.edition.edition
            yield CorrectedFor(edition=name, reason=words, corrections=counts[code])


def left_out(register: Register) -> tuple[LeftOut, ...]:
    """The rows that a draft left out of each file; a row that feeds two tables counts once."""
    most: dict[tuple[str, str, str], int] = {}
    for each in _registers(register):
        for balance in each.dataset.balances:
            for code, rows in balance.faulty.items():
                key = (each.edition.edition, each.dataset.public_name(balance.file), code)
                most[key] = max(rows, most.get(key, 0))
    return tuple(
        LeftOut(edition=edition, file=file, code=code, rows=rows)
        for (edition, file, code), rows in most.items()
    )


def is_draft(register: Register) -> bool:
    """Whether rows with faults may have been left out, of the edition or of its comparison."""
    return any(each.edition.draft for each in _registers(register))


def _slugs(dataset: Dataset, balances: Sequence[FileBalance]) -> list[str]:
    """A name for each: the file's, with its table or a number where one name isn't enough."""
    names = [_slug(dataset.public_name(balance.file)) for balance in balances]
    tables = [
        f"{name}.{balance.table}" if names.count(name) > 1 else name
        for name, balance in zip(names, balances, strict=True)
    ]
    return [
        f"{name}.{tables[: place + 1].count(name)}" if tables.count(name) > 1 else name
        for place, name in enumerate(tables)
    ]


def _slug(file: str) -> str:
    """A file's name as a part of an id."""
    stem = file.lower().rsplit(".", 1)[0]
    return re.sub(r"[^a-z0-9]+", "_", stem).strip("_")


def _conditions(
    register: Register, balances: Sequence[FileBalance]
) -> Iterator[tuple[Condition, ...]]:
    """Which rows a balance is of: those of a file, and of one table where the file feeds two."""
    edition = register.edition.edition
    public_name = register.dataset.public_name
    names = names_of([(edition, item.file, public_name(item.file)) for item in balances])
    for balance, name in zip(balances, names, strict=True):
        file = Condition(field="file", codes=(name,), given=(name,))
        of_table = Condition(field="table", codes=(balance.table,), given=(balance.table,))
        yield (file,) if names.count(name) == 1 else (file, of_table)


def _file(
    prefix: str,
    register: Register,
    balance: FileBalance,
    conditions: tuple[Condition, ...],
    record: Record,
) -> QualityFile:
    numbers = {
        "read": balance.read,
        "used": balance.used,
        "repaired": sum(balance.repaired.values()),
        "excluded": sum(balance.excluded.values()),
    }
    file = register.dataset.public_name(balance.file)
    for fate, number in numbers.items():
        fated = Condition(field="fate", codes=(fate,), given=(fate,))
        spec = PopulationSpec(
            table="files",
            noun="rows",
            edition=register.edition.edition,
            period=register.edition.period,
            conditions=(*conditions, fated),
        )
        record(measures.count_of(f"{prefix}.{fate}", spec, number))
    return QualityFile(
        edition=register.edition.edition,
        file=file,
        read=f"{prefix}.read",
        used=f"{prefix}.used",
        repaired=f"{prefix}.repaired",
        excluded=f"{prefix}.excluded",
        fates=tuple(_fates(balance)),
        noted=tuple(
            Fate(fate="noted", code=code, rows=number) for code, number in balance.noted.items()
        ),
    )


def _fates(balance: FileBalance) -> Iterator[Fate]:
    for code, rows in balance.repaired.items():
        yield Fate(fate="repaired", code=code, rows=rows)
    for code, rows in balance.excluded.items():
        yield Fate(fate="excluded", code=code, rows=rows, faulty=balance.faulty.get(code, 0))


def missing_values(name: str, register: Register, record: Record) -> Missing:
    """The share of rows in which each coded field is unknown, blank or not registered, and age."""
    shares = []
    persons = register.table("persons")
    if persons is not None and not persons.fields.isdisjoint(("age", "age_class")):
        whole = Population.whole(register, "persons")
        figure = measures.share(f"{name}.age", whole.where(age_class=UNKNOWN), whole)
        record(figure)
        shares.append(("age_class", figure.id))
    for field, codelist in register.codelists.items():
        table = register.table(codelist.table)
        if table is None or field not in table.fields or codelist.table == "traffic":
            continue
        present = table.codes.get(field, frozenset())
        codes = [code.code for code in codelist.codes if code.missing and code.code in present]
        if not codes:
            continue
        whole = Population.whole(register, codelist.table)
        figure = measures.share(f"{name}.{field}", whole.where(**{field: codes}), whole)
        record(figure)
        shares.append((field, figure.id))
    return Missing(id=name, figures=tuple(shares))
