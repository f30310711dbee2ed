"""What became of the rows that were read, and which values are missing, as figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from helpline_report.figures import ledger, measures
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import REASONS
from helpline_report.parameters.layouts import names_of
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.tables.dataset import AcknowledgedFault, FileBalance, WaitingFault


def rows_of_files(name: str, register: Register) -> tuple[ledger.Quality, list[Figure]]:
    """What became of the rows of each file, of the edition and then of its comparison."""
    files: list[ledger.QualityFile] = []
    figures: list[Figure] = []
    years = _years(register)
    for each in years:
        prefix = name if each is register else f"{name}.previous"
        for slug, conditions, balance in _balances(each):
            fates = _fates(f"{prefix}.{slug}", each, balance, conditions)
            figures += fates.values()
            files.append(_file(each, balance, fates))
    quality = ledger.Quality(
        id=name,
        files=tuple(files),
        known=tuple(_fault(each, item) for each in years for item in each.dataset.acknowledged),
        waiting=tuple(_fault(each, item) for each in years for item in each.dataset.waiting),
        corrected=tuple(chain.from_iterable(map(_corrected, years))),
    )
    return quality, figures


def _years(register: Register) -> list[Register]:
    return [each for each in (register, register.previous) if each is not None]


def _fault(register: Register, item: AcknowledgedFault | WaitingFault) -> ledger.KnownFault:
    file = register.dataset.public_name(item.file)
    about = {"edition": register.edition.edition, "file": file}
    return ledger.KnownFault.model_validate(vars(item) | about)


def _corrected(register: Register) -> Iterator[ledger.CorrectedFor]:
    counts = Counter[str]()
    for balance in register.dataset.balances:
        counts.update(balance.reasons)
    for code, words in {**REASONS, **register.edition.correction_reasons}.items():
        if counts[code]:
            name = register.edition.edition
            yield ledger.CorrectedFor(edition=name, reason=words, corrections=counts[code])


def left_out(register: Register) -> tuple[ledger.LeftOut, ...]:
    """The rows that a draft left out of each file; a row that feeds two tables counts once."""
    most: dict[tuple[str, str, str], int] = {}
    for each in _years(register):
        for balance in each.dataset.balances:
            for code, rows in balance.faulty.items():
                key = (each.edition.edition, each.dataset.public_name(balance.file), code)
                most[key] = max(rows, most.get(key, 0))
    return tuple(
        ledger.LeftOut(edition=edition, file=file, code=code, rows=rows)
        for (edition, file, code), rows in most.items()
    )


def is_draft(register: Register) -> bool:
    """Whether rows with faults may have been left out, of the edition or of its comparison."""
    return any(each.edition.draft for each in _years(register))


def _balances(register: Register) -> Iterator[tuple[str, tuple[Condition, ...], FileBalance]]:
    """The balance of each file, with a part of an id, and with which rows it is of.

    Its table, or else a number, tells apart what has one name.
    """
    balances, edition = register.dataset.balances, register.edition.edition
    files = [(each, register.dataset.public_name(each.file)) for each in balances]
    names = names_of([(edition, each.file, file) for each, file in files])
    stems = [file.lower().rsplit(".", 1)[0] for _, file in files]
    slugs = [re.sub(r"[^a-z0-9]+", "_", stem).strip("_") for stem in stems]
    slugs = _told_apart(slugs, [each.table for each in balances])
    numbers = [str(slugs[: place + 1].count(slug)) for place, slug in enumerate(slugs)]
    for slug, balance, name in zip(_told_apart(slugs, numbers), balances, names, strict=True):
        conditions = _equals("file", name)
        if names.count(name) > 1:
            conditions += _equals("table", balance.table)
        yield slug, conditions, balance


def _told_apart(names: Sequence[str], more: Sequence[str]) -> list[str]:
    """The names, those that stand twice with something more."""
    return [
        f"{name}.{each}" if names.count(name) > 1 else name
        for name, each in zip(names, more, strict=True)
    ]


def _equals(field: str, code: str) -> tuple[Condition, ...]:
    return (Condition(field=field, codes=(code,), given=(code,)),)


def _fates(
    prefix: str, register: Register, balance: FileBalance, conditions: tuple[Condition, ...]
) -> dict[str, Figure]:
    numbers = {
        "read": balance.read,
        "used": balance.used,
        "repaired": sum(balance.repaired.values()),
        "excluded": sum(balance.excluded.values()),
    }
    spec = PopulationSpec(
        table="files",
        noun="rows",
        edition=register.edition.edition,
        period=register.edition.period,
    )
    return {
        fate: measures.count_of(
            f"{prefix}.{fate}",
            spec.model_copy(update={"conditions": (*conditions, *_equals("fate", fate))}),
            number,
        )
        for fate, number in numbers.items()
    }


def _file(
    register: Register, balance: FileBalance, figures: dict[str, Figure]
) -> ledger.QualityFile:
    faulty = balance.faulty
    repaired = [ledger.Fate(fate="repaired", code=c, rows=n) for c, n in balance.repaired.items()]
    excluded = [
        ledger.Fate(fate="excluded", code=code, rows=rows, faulty=faulty.get(code, 0))
        for code, rows in balance.excluded.items()
    ]
    return ledger.QualityFile(
        edition=register.edition.edition,
        file=register.dataset.public_name(balance.file),
        **{fate: figure.id for fate, figure in figures.items()},
        fates=(*repaired, *excluded),
        noted=tuple(ledger.Fate(fate="noted", code=c, rows=n) for c, n in balance.noted.items()),
    )


def missing_values(name: str, register: Register) -> tuple[ledger.Missing, list[Figure]]:
    """The share of rows in which each coded field is unknown, blank or not registered, and age."""
    codes: dict[tuple[str, str], list[str]] = {}
    persons = register.table("persons")
    if persons is not None and not persons.fields.isdisjoint(("age", "age_class")):
        codes["persons", "age_class"] = [UNKNOWN]
    for field, codelist in register.codelists.items():
        table = register.table(codelist.table)
        if table is not None and field in table.fields and table.name != "traffic":
            present = table.codes.get(field, frozenset())
            missing = [code.code for code in codelist.codes if code.missing]
            codes[table.name, field] = [code for code in missing if code in present]
    figures: dict[str, Figure] = {}
    for (noun, field), unknown in codes.items():
        if unknown:
            whole = Population.whole(register, noun)
            figure = f"{name}.{'age' if field == 'age_class' else field}"
            figures[field] = measures.share(figure, whole.where(**{field: unknown}), whole)
    shares = tuple((field, figure.id) for field, figure in figures.items())
    return ledger.Missing(id=name, figures=shares), list(figures.values())
