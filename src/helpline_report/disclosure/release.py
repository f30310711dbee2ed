"""Decide what of a ledger may be published: the gate between what was counted and what is shown."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from helpline_report.disclosure.cells import PEOPLE, Cells, KnownCount, read_cells, tells_counts
from helpline_report.disclosure.count_places import describe_places, has_groups, list_merges
from helpline_report.disclosure.protection import Protection, protect, suppress
from helpline_report.errors import RefusedError
from helpline_report.figures.breakdown import list_missing_codes
from helpline_report.figures.intervals import coarsen_interval
from helpline_report.figures.ledger import Ledger, Protected, Quality
from helpline_report.figures.model import Figure, Reason, make_key
from helpline_report.figures.register import Register
from helpline_report.figures.wider_classes import count_coarser
from helpline_report.parameters.edition import Edition

log = logging.getLogger(__name__)

HIDDEN = Reason(code="protected")
MERGED = Reason(code="merged")
WAITING = Reason(code="not_approved")
# What is noted of a file as a whole, such as its encoding: all else is about contacts or persons.
OF_A_FILE = frozenset(("B01", "B02", "B03", "B14", "B15", "B21", "B31", "B66", "B71"))


@dataclass(frozen=True)
class HiddenCell:
    """A count that isn't published: for the editor alone, who must not pass it on.

    `why` is the field of `Protection` that it stands in, `contacts` from how many contacts its rows
    come, and `protects` the small counts that it is hidden for.
    """

    id: str
    value: int
    why: str
    contacts: int = 0
    protects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A released ledger, and privately which counts it lacks and why.

    `tables` are the cross-tables that would be hidden for the most part, and aren't published;
    `merges` the fields of hidden counts whose codes could be counted by groups.
    """

    ledger: Ledger
    hidden: tuple[HiddenCell, ...] = ()
    tables: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Protected:
    """The counts of a ledger in wider classes, and what is hidden of each block of them."""

    ledger: Ledger
    cells: Cells
    blocks: Mapping[str, Protection]
    tables: tuple[str, ...]

    def all_of(self, what: str) -> set[str]:
        """The counts in one field of every `Protection`."""
        return {name for each in self.blocks.values() for name in getattr(each, what)}


def release(ledger: Ledger, register: Register, known: Sequence[KnownCount] = ()) -> Decision:
    """What of a ledger may be published.

    Of synthetic or public rows with a threshold of 0 that is all of it. `known` is what the
    helpline itself published before.

    Raises:
        RefusedError: a small count can't be protected, or follows from what was published before.
    """
    edition = register.edition
    released = _without(ledger, (each.id for each in unapproved(ledger, edition)), WAITING)
    threshold = edition.disclosure.threshold if edition.disclosure else 0
    if not threshold:
        return Decision(released)
    decided = _protect(released, register, known, threshold)
    _refuse(released, decided, register, known)
    cells, hidden = decided.cells, decided.all_of("hidden")
    released = decided.ledger
    released = _without(released, _withheld(released, cells, hidden, threshold), HIDDEN)
    released = _without_small_rows(released, threshold)
    counted = {cell for needed in cells.needs.values() for cell in needed}
    protected = Protected(cells=len(counted), hidden=len(hidden & counted), threshold=threshold)
    figures = {
        name: _without_order(coarsen_interval(each, threshold), register)
        for name, each in released.figures.items()
    }
    released = released.model_copy(update={"protected": protected, "figures": figures})
    hidden_cells = [
        (HiddenCell(cell.id, cell.value, why, cell.contacts, each.protects.get(cell.id, ())), cell)
        for why in ("primary", "secondary", "further")
        for name, each in decided.blocks.items()
        for cell in cells.blocks[name].cells
        if cell.id in counted and cell.id in getattr(each, why)
    ]
    fields = {field for _, cell in hidden_cells for field in cell.conditions}
    return Decision(
        released,
        tuple(each for each, _ in hidden_cells),
        decided.tables,
        tuple(field for field in sorted(fields) if has_groups(register, field)),
    )


def _protect(
    ledger: Ledger, register: Register, known: Sequence[KnownCount], threshold: int
) -> _Protected:
    """What is hidden of a ledger, without the tables that would be hidden for the most part."""
    fine = count_coarser(ledger, register)
    fine = _without(fine, fine.merged, MERGED)
    tables: list[str] = []
    left_out = [name for name in register.edition.not_published if name in fine.crosstabs]
    while True:
        # Without these tables, less of the others need be hidden.
        names = [cell.figure for each in left_out for cell in fine.crosstabs[each].cells]
        fine = _without(fine, names, HIDDEN)
        cells = read_cells(fine, register, known, threshold)
        protections = {name: suppress(block, threshold) for name, block in cells.blocks.items()}
        if any(each.inferable for each in protections.values()):
            # It is refused: to prove the other counts protected would take long.
            return _Protected(fine, cells, protections, tuple(tables))
        for name, block in cells.blocks.items():
            log.info("small numbers: %s", name)
            protections[name] = protect(block, threshold)
        decided = _Protected(fine, cells, protections, tuple(tables))
        left_out = _mostly_hidden(fine, cells, decided.all_of("hidden"))
        tables += left_out
        if not left_out:
            return decided


def _mostly_hidden(ledger: Ledger, cells: Cells, hidden: AbstractSet[str]) -> list[str]:
    """The cross-tables of which more than half of what isn't 0 is hidden."""
    tables = []
    for name, table in ledger.crosstabs.items():
        figures = [ledger.figures[cell.figure] for cell in table.cells]
        counted = [each.id for each in figures if each.status == "ok" and each.value]
        gone = [each for each in counted if not hidden.isdisjoint(cells.needs.get(each, ()))]
        if len(gone) > len(counted) / 2:
            tables.append(name)
    return tables


def unapproved(ledger: Ledger, edition: Edition) -> list[Figure]:
    """Numbers of chapters' own code, of confidential rows, that nobody approved by name.

    What such a number is made of, nobody but its author knows.
    """
    approved = {item.id for item in edition.approved_figures}
    own = [each for each in ledger.figures.values() if each.kind == "own"]
    return [e for e in own if e.id not in approved] if edition.rows == "confidential" else []


def _without(ledger: Ledger, names: Iterable[str], reason: Reason) -> Ledger:
    """The ledger without the values of some figures, and all that they were made from."""
    made_from = ("value", "numerator", "denominator", "interval", "exposure")
    empty = {**dict.fromkeys(made_from), "among": (), "status": "suppressed", "reason": reason}
    figures = dict(ledger.figures)
    for name in names:
        code = {"code": None} if figures[name].kind == "top" else {}
        figures[name] = figures[name].model_copy(update=empty | code)
    return ledger.model_copy(update={"figures": figures})


def _without_order(figure: Figure, register: Register) -> Figure:
    """A ranking without the order of its codes, and with those of which there are no rows.

    Their order would say which hidden count is the larger, and that it isn't 0.
    """
    if not figure.among or figure.lowest:
        return figure
    missing, codes = list_missing_codes(register, figure.by[0]), register.codes(figure.by[0])
    among = [code for code in codes or sorted(figure.among) if code not in missing]
    return figure.model_copy(update={"among": tuple(among)})


def _withheld(
    ledger: Ledger, cells: Cells, hidden: AbstractSet[str], threshold: int
) -> Iterator[str]:
    """The figures that say a hidden count, or are made from one."""
    for figure in filter(tells_counts, ledger.figures.values()):
        if not hidden.isdisjoint(cells.needs.get(figure.id, ())):
            yield figure.id
        elif figure.kind == "maximum" and figure.population.table in PEOPLE:
            whole = cells.names.get(make_key(figure.population))
            if whole in hidden or (figure.value is not None and figure.number < threshold):
                yield figure.id


def _without_small_rows(ledger: Ledger, threshold: int) -> Ledger:
    """Without the numbers of rows that were repaired or left out, where one of them is small.

    The others would give it away, since pages add them up. How many contacts or persons an
    acknowledged or accepted fault is about is never said: no such count is protected. No hash of an
    export is published, nor how many keys were read, which says how many rows were left out.
    """
    every = ledger.quality.values()
    files = [file for each in every for file in each.files]
    names = [name for file in files for name in (file.read, file.repaired, file.excluded)]
    counted = [
        *(ledger.figures[name].value for name in names),
        *(rows for file in files for fate in file.fates for rows in (fate.rows, fate.faulty)),
        *(item.corrections for each in every for item in each.corrected),
    ]
    few = any(0 < int(rows or 0) < threshold for rows in counted)
    update: dict[str, object] = {
        "sources": tuple(
            each.model_copy(update={"sha256": "", "rows": None if few else each.rows})
            for each in ledger.sources
        ),
        "checks": tuple(
            each.model_copy(update={"of": None}) if each.name == "keys" else each
            for each in ledger.checks
        ),
        "quality": {name: _without_rows(each, few=few) for name, each in ledger.quality.items()},
    }
    return _without(ledger, names if few else (), HIDDEN).model_copy(update=update)


def _without_rows(quality: Quality, *, few: bool) -> Quality:
    """Without what is never said of rows, and where `few` without all numbers of rows."""

    def empty(items: Sequence[Any], **update: Any) -> tuple[Any, ...]:
        return tuple(item.model_copy(update=update) for item in items)

    files = []
    for file in quality.files:
        of_file = [fate for fate in file.noted if fate.code in OF_A_FILE]
        of_rows = [fate for fate in file.noted if fate.code not in OF_A_FILE]
        fates = empty(file.fates, rows=None, faulty=0) if few else file.fates
        noted = (*of_file, *empty(of_rows, rows=None))
        files.append(file.model_copy(update={"fates": fates, "noted": noted}))
    update = {
        "files": tuple(files),
        "known": empty(quality.known, rows=None),
        "waiting": empty(quality.waiting, rows=None),
        "corrected": empty(quality.corrected, corrections=None) if few else quality.corrected,
    }
    return quality.model_copy(update=update)


def _refuse(
    ledger: Ledger, decided: _Protected, register: Register, known: Sequence[KnownCount]
) -> None:
    """Refuse what can't be protected, by the tables that it stands in, with what would help.

    Raises:
        RefusedError: see `release`.
    """
    where = f"params/{register.edition.edition}.yaml"
    if inferable := sorted(decided.all_of("inferable")):
        raise RefusedError(
            "small counts follow from what was published before: "
            + describe_places(decided.ledger, inferable, register),
            where=where,
            next_step="nothing can hide them any more: take these figures out of their chapters",
        )
    unprotected = sorted(decided.all_of("unprotected"))
    if not unprotected:
        return
    step = "take these figures out of their chapters, or report a longer period"
    for text, edition in list_merges(decided.ledger, unprotected, register):
        threshold = edition.disclosure.threshold if edition.disclosure else 0
        then = _protect(ledger, replace(register, edition=edition), known, threshold)
        if not then.all_of("unprotected") | then.all_of("inferable"):
            step = f"write in {where}, which protects them: {text}; or {step}"
            break
    raise RefusedError(
        "nothing protects these small counts: "
        + describe_places(decided.ledger, unprotected, register),
        where=where,
        next_step=step,
    )
