"""What became of the rows that were read, and which values are missing, as figures."""

from __future__ import annotations

import re
from collections.abc import Callable

from helpline_report.figures import measures
from helpline_report.figures.ledger import Missing, Quality, QualityFile
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.tables.model import FileBalance

Record = Callable[[Figure], None]


def rows_of_files(name: str, register: Register, record: Record) -> Quality:
    """Rows read, used as they were, repaired and excluded, for each file of the edition."""
    files = [
        _file(f"{name}.{_slug(balance.file)}", register, balance, record)
        for balance in register.dataset.balances
    ]
    return Quality(id=name, files=tuple(files))


def _slug(file: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", file.lower().rsplit(".", 1)[0]).strip("_")


def _file(prefix: str, register: Register, balance: FileBalance, record: Record) -> QualityFile:
    numbers = {
        "read": balance.read,
        "used": balance.used,
        "repaired": sum(balance.repaired.values()),
        "excluded": sum(balance.excluded.values()),
    }
    conditions = (Condition(field="file", codes=(balance.file,), given=(balance.file,)),)
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
    return QualityFile(file=balance.file, **ids)


def missing_values(name: str, register: Register, record: Record) -> Missing:
    """The share of rows in which each coded field is unknown, blank or not registered."""
    found = []
    for field, codelist in register.codelists.items():
        codes = [code.code for code in codelist.codes if code.missing]
        table = register.table(codelist.table)
        if not codes or table is None or field not in table.fields or codelist.table == "traffic":
            continue
        whole = Population.whole(register, codelist.table)
        figure = measures.share(f"{name}.{field}", whole.where(**{field: codes}), whole)
        record(figure)
        found.append((field, figure.id))
    return Missing(id=name, figures=tuple(found))
