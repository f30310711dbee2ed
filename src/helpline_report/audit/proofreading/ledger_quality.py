"""The data-quality chapter of our page, from the ledger: its tables and the counts it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from helpline_report.audit.proofreading.ledger_tables import NL, Cells
from helpline_report.figures.ledger import Fate, Ledger, Quality
from helpline_report.prose.numbers import number

COUNTS = ("read", "used", "repaired", "excluded")
PRINTED = ("({}", ": {}", "{} rij")
FATES = ("repaired", "excluded")


def quality_rows(name: str, ledger: Ledger) -> list[Cells] | None:
    """The cells of a table of the chapter by its name; None where it is none of them."""
    for quality in ledger.quality.values():
        editions = list(dict.fromkeys(file.edition for file in quality.files))
        for place, edition in enumerate(editions):
            if name == (quality.id if place == 0 else f"{quality.id}.{edition}"):
                return _files(quality, edition, ledger)
        for fate in FATES:
            if name == f"{quality.id}.{fate}":
                return _reasons(quality, fate, editions)
    return None


def _files(quality: Quality, edition: str, ledger: Ledger) -> list[Cells]:
    return [
        tuple(ledger.figures.get(getattr(file, key)) for key in COUNTS)
        for file in quality.files
        if file.edition == edition
    ]


def _reasons(quality: Quality, fate: str, editions: Sequence[str]) -> list[Cells]:
    """How many rows of each edition have a fate, a row a code."""
    counts: Counter[tuple[str, str]] = Counter()
    for file in quality.files:
        for item in file.fates:
            if item.fate == fate:
                counts[item.code, file.edition] += item.rows
    codes = sorted({code for code, _ in counts})
    return [tuple(number(NL, counts[code, each]) for each in editions) for code in codes]


def quality_facts(ledger: Ledger) -> list[str]:
    """The counts that the chapter and a draft's notices name, as their sentences print them."""
    found = {number(NL, count) for count in _left_out(ledger)}
    for quality in ledger.quality.values():
        found |= {number(NL, count) for count in _counts(quality)}
    return sorted(pattern.format(count) for count in found for pattern in PRINTED)


def _left_out(ledger: Ledger) -> Iterator[int]:
    """What a draft left out: all rows, those with a fault of their own, and those that hang on."""
    faulty = sum(
        fate.faulty
        for quality in ledger.quality.values()
        for file in quality.files
        for fate in file.fates
    )
    yield from (ledger.rows_left_out, faulty, ledger.rows_left_out - faulty)
    yield from (item.rows for item in ledger.left_out)


def _counts(quality: Quality) -> Iterator[int]:
    noted: Counter[tuple[str, str]] = Counter()
    for file in quality.files:
        fates: Sequence[Fate] = file.noted
        noted.update((file.edition, item.code) for item in fates)
    yield from noted.values()
    yield from (item.rows for item in (*quality.known, *quality.waiting))
    yield from (item.corrections for item in quality.corrected)
