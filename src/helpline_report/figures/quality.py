"""What became of the rows that were read, and which values are missing, as figures."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from helpline_report.figures import ledger, measures
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register, list_years
from helpline_report.parameters.edition import REASONS
from helpline_report.parameters.input_files import number_duplicate_names
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.tables.dataset import FileBalance


def count_file_rows(name: str, register: Register) -> tuple[ledger.Quality, list[Figure]]:
    """What became of the rows of each file, of the edition and then of its comparison."""
    files: list[ledger.QualityFile] = []
    figures: list[Figure] = []
    faults: dict[str, list[ledger.KnownFault]] = {"acknowledged": [], "waiting": []}
    corrected: list[ledger.CorrectedFor] = []
    for year in list_years(register):
        dataset, edition = year.dataset, year.edition.edition
        prefix = name if year is register else f"{name}.previous"
        for slug, conditions, balance in _identify_files(year):
            file, numbers = _count_file(f"{prefix}.{slug}", year, balance, conditions)
            files.append(file)
            figures += numbers
        for state, listed in faults.items():
            for item in getattr(dataset, state):
                about = {"edition": edition, "file": dataset.public_name(item.file)}
                listed.append(ledger.KnownFault.model_validate(vars(item) | about))
        counts = Counter[str]()
        for balance in dataset.balances:
            counts.update(balance.reasons)
        for code, words in {**REASONS, **year.edition.correction_reasons}.items():
            if counts[code]:
                item = ledger.CorrectedFor(edition=edition, reason=words, corrections=counts[code])
                corrected.append(item)
    quality = ledger.Quality(
        id=name,
        files=tuple(files),
        known=tuple(faults["acknowledged"]),
        waiting=tuple(faults["waiting"]),
        corrected=tuple(corrected),
    )
    return quality, figures


def _identify_files(register: Register) -> Iterator[tuple[str, tuple[Condition, ...], FileBalance]]:
    """Each balance, with its part of the figures' ids and the conditions that say of which rows.

    Balances with the same file name are told apart by their table, or else by a number.
    """
    balances, edition = register.dataset.balances, register.edition.edition
    files = [(each, register.dataset.public_name(each.file)) for each in balances]
    names = number_duplicate_names([(edition, each.file, file) for each, file in files])
    stems = [file.lower().rsplit(".", 1)[0] for _, file in files]
    slugs = [re.sub(r"[^a-z0-9]+", "_", stem).strip("_") for stem in stems]
    slugs = _tell_apart(slugs, [each.table for each in balances])
    numbers = [str(slugs[: place + 1].count(slug)) for place, slug in enumerate(slugs)]
    for slug, balance, name in zip(_tell_apart(slugs, numbers), balances, names, strict=True):
        conditions = _equals("file", name)
        if names.count(name) > 1:
            conditions += _equals("table", balance.table)
        yield slug, conditions, balance


def _tell_apart(names: Sequence[str], more: Sequence[str]) -> list[str]:
    """The names; behind each that stands more than once comes its text in `more`."""
    pairs = zip(names, more, strict=True)
    return [f"{name}.{each}" if names.count(name) > 1 else name for name, each in pairs]


def _equals(field: str, code: str) -> tuple[Condition, ...]:
    return (Condition(field=field, codes=(code,), terms=(code,)),)


def _count_file(
    prefix: str, register: Register, balance: FileBalance, conditions: tuple[Condition, ...]
) -> tuple[ledger.QualityFile, list[Figure]]:
    """How many rows of a file were read, used, repaired and excluded, and by which faults."""
    edition, faulty = register.edition, balance.faulty
    facts = {"table": "files", "noun": "rows", "edition": edition.edition, "period": edition.period}
    spec = PopulationSpec.model_validate(facts)
    numbers = {
        "read": balance.read,
        "used": balance.used,
        "repaired": sum(balance.repaired.values()),
        "excluded": sum(balance.excluded.values()),
    }
    figures: dict[str, Figure] = {}
    for outcome, number in numbers.items():
        update = {"conditions": (*conditions, *_equals("fate", outcome))}
        own = spec.model_copy(update=update)
        figures[outcome] = measures.count_of(f"{prefix}.{outcome}", own, number)
    outcomes = [
        ledger.OutcomeCount(outcome="repaired", code=c, rows=n) for c, n in balance.repaired.items()
    ]
    outcomes += [
        ledger.OutcomeCount(outcome="excluded", code=code, rows=rows, faulty=faulty.get(code, 0))
        for code, rows in balance.excluded.items()
    ]
    noted = [ledger.OutcomeCount(outcome="noted", code=c, rows=n) for c, n in balance.noted.items()]
    file = ledger.QualityFile(
        edition=edition.edition,
        file=register.dataset.public_name(balance.file),
        **{outcome: figure.id for outcome, figure in figures.items()},
        outcomes=tuple(outcomes),
        noted=tuple(noted),
    )
    return file, list(figures.values())


def measure_missing(name: str, register: Register) -> tuple[ledger.Missing, list[Figure]]:
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
            # Whether anybody has a code of an open list may be what is hidden.
            is_listed = codelist.open and register.is_protected
            codes[table.name, field] = [each for each in missing if is_listed or each in present]
    figures: dict[str, Figure] = {}
    for (noun, field), unknown in codes.items():
        if unknown:
            whole = Population.whole(register, noun)
            figure = f"{name}.{'age' if field == 'age_class' else field}"
            figures[field] = measures.share(figure, whole.where(**{field: unknown}), whole)
    shares = tuple((field, figure.id) for field, figure in figures.items())
    return ledger.Missing(id=name, figures=shares), list(figures.values())
