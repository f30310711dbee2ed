"""What became of the rows that were read, and which values are missing, as figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from helpline_report.figures import measures
from helpline_report.figures.ledger import Missing, Quality, QualityFile
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import UNKNOWN, Register
from helpline_report.tables.model import FileBalance

Record = Callable[[Figure], None]


def rows_of_files(name: str, register: Register, record: Record) -> Quality:
    """Rows read, used as they were, repaired and excluded, for each file of the edition."""
    balances = register.dataset.balances
    files = [
        _file(f"{name}.{slug}", register, balance, record)
        for slug, balance in zip(_slugs(balances), balances, strict=True)
    ]
    return Quality(id=name, files=tuple(files))


def _slugs(balances: Sequence[FileBalance]) -> list[str]:
    """A name for each: the file's, with its table or a number where one name isn't enough."""
    names = [_slug(balance.file) for balance in balances]
    tables = [
        f"{name}.{balance.table}" if names.count(name) > 1 else name
        for name, balance in zip(names, balances, strict=True)
    ]
    return [
        f"{name}.{tables[: place + 1].count(name)}" if tables.count(name) > 1 else name
        for place, name in enumerate(tables)
    ]


def _slug(file: str) -> str:
    """A file's name without its folder, which may say whose machine it is on."""
    stem = Path(file).name.lower().rsplit(".", 1)[0]
    return re.sub(r"[^a-z0-9]+", "_", stem).strip("_")


def _file(prefix: str, register: Register, balance: FileBalance, record: Record) -> QualityFile:
    numbers = {
        "read": balance.read,
        "used": balance.used,
        "repaired": sum(balance.repaired.values()),
        "excluded": sum(balance.excluded.values()),
    }
    file = Path(balance.file).name
    conditions = (Condition(field="file", codes=(file,), given=(file,)),)
    for fate, number in numbers.items():
        fated = Condition(field="fate", codes=(fate,), given=(fate,))
        spec = PopulationSpec(
            table="files",
            noun="rows",
            edition=register.edition.edition,
            period=register.edition.period,
            conditions=(*conditions, fated),
        )
        record(
            Figure(
                id=f"{prefix}.{fate}",
                kind="count",
                unit="count",
                value=number,
                numerator=number,
                population=spec,
            )
        )
    ids = {fate: f"{prefix}.{fate}" for fate in numbers}
    return QualityFile(file=file, **ids)


def missing_values(name: str, register: Register, record: Record) -> Missing:
    """The share of rows in which each coded field is unknown, blank or not registered, and age."""
    found = []
    persons = register.table("persons")
    if persons is not None and "age" in persons.fields:
        whole = Population.whole(register, "persons")
        figure = measures.share(f"{name}.age", whole.where(age_class=UNKNOWN), whole)
        record(figure)
        found.append(("age_class", figure.id))
    for field, codelist in register.codelists.items():
        table = register.table(codelist.table)
        if table is None or field not in table.fields or codelist.table == "traffic":
            continue
        said = table.codes.get(field, frozenset())
        codes = [code.code for code in codelist.codes if code.missing and code.code in said]
        if not codes:
            continue
        whole = Population.whole(register, codelist.table)
        figure = measures.share(f"{name}.{field}", whole.where(**{field: codes}), whole)
        record(figure)
        found.append((field, figure.id))
    return Missing(id=name, figures=tuple(found))
