"""Decide what of a ledger may be published: the gate between what was counted and what is shown."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from helpline_report.disclosure.cells import PEOPLE, Cells, KnownCount, read_cells
from helpline_report.disclosure.coarse_intervals import coarsen_interval
from helpline_report.disclosure.coarser import count_coarser
from helpline_report.disclosure.protection import Protection, protect
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import (
    CorrectedFor,
    KnownFault,
    Ledger,
    Protected,
    QualityFile,
)
from helpline_report.figures.model import Figure, Reason, key_of
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import Edition

log = logging.getLogger(__name__)

Counted = TypeVar("Counted", KnownFault, CorrectedFor)

HIDDEN = Reason(code="protected")
MERGED = Reason(code="merged")
WAITING = Reason(code="not_approved")
# What an own number is made of, nobody but its author knows: somebody approves it by name.
OWN = "own"


@dataclass(frozen=True)
class HiddenCell:
    """A count that isn't published: for the editor alone, who must not pass it on.

    `why` is `small`, `gives_away` or `narrows`.
    """

    id: str
    value: int
    why: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """A released ledger, and privately which counts it lacks and why.

    `tables` are the cross-tables that would be hidden for the most part, and aren't published.
    """

    ledger: Ledger
    hidden: tuple[HiddenCell, ...] = ()
    tables: tuple[str, ...] = ()


def release(ledger: Ledger, register: Register, known: Sequence[KnownCount] = ()) -> Decision:
    """What of a ledger may be published.

    Of synthetic or public rows with a threshold of 0 that is all of it. `known` is what the
    helpline itself published before.

    Raises:
        RefusedError: a small count can't be protected, or follows from what was published before.
    """
    edition = register.edition
    waiting = {each.id for each in unapproved(ledger, edition)}
    released = _without(ledger, dict.fromkeys(waiting, WAITING))
    decided = edition.disclosure
    if decided is None or not decided.threshold:
        return Decision(released)
    threshold = decided.threshold
    fine = count_coarser(released, register)
    fine = _without(fine, dict.fromkeys(fine.merged, MERGED))
    tables: list[str] = []
    protections: dict[str, Protection] = {}
    while True:
        cells = read_cells(fine, register, known, threshold)
        for name, block in cells.blocks.items():
            log.info("small numbers: %s", name)
            protections[name] = protect(block, threshold)
        hidden = {name for each in protections.values() for name in each.hidden}
        mostly = _mostly_hidden(fine, cells, hidden)
        if not mostly:
            break
        # Without these tables, less of the others need be hidden.
        tables += mostly
        names = (cell.figure for each in mostly for cell in fine.crosstabs[each].cells)
        fine = _without(fine, dict.fromkeys(names, HIDDEN))
    _refuse(cells, protections, register)
    gone = dict.fromkeys(_withheld(fine, cells, hidden, threshold), HIDDEN)
    released = _without_small_rows(_without(fine, gone), threshold)
    counted = {cell for needed in cells.needs.values() for cell in needed}
    protected = Protected(cells=len(counted), hidden=len(hidden & counted), threshold=threshold)
    figures = {name: coarsen_interval(each, threshold) for name, each in released.figures.items()}
    released = released.model_copy(update={"protected": protected, "figures": figures})
    return Decision(released, tuple(_hidden_cells(cells, protections)), tuple(tables))


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
    """Numbers of chapters' own code, of confidential rows, that nobody approved by name."""
    if edition.rows != "confidential":
        return []
    approved = {item.id for item in edition.approved_figures}
    return [
        each for each in ledger.figures.values() if each.kind == OWN and each.id not in approved
    ]


def _without(ledger: Ledger, reasons: Mapping[str, Reason]) -> Ledger:
    """The ledger without the values of some figures, and all that they were made from."""
    figures = {
        name: _emptied(figure, reasons[name]) if name in reasons else figure
        for name, figure in ledger.figures.items()
    }
    return ledger.model_copy(update={"figures": figures})


def _emptied(figure: Figure, reason: Reason) -> Figure:
    update: dict[str, object] = {
        "value": None,
        "status": "suppressed",
        "reason": reason,
        "numerator": None,
        "denominator": None,
        "interval": None,
        "exposure": None,
    }
    if figure.kind == "top":
        update["code"] = None
    return figure.model_copy(update=update)


def _withheld(
    ledger: Ledger, cells: Cells, hidden: AbstractSet[str], threshold: int
) -> Iterator[str]:
    """The figures that say a hidden count, or are made from one."""
    for figure in ledger.figures.values():
        if figure.status != "ok":
            continue
        if not hidden.isdisjoint(cells.needs.get(figure.id, ())):
            yield figure.id
        elif figure.kind == "maximum" and figure.population.table in PEOPLE:
            whole = cells.names.get(key_of(figure.population))
            if figure.number < threshold or whole in hidden:
                yield figure.id


def _without_small_rows(ledger: Ledger, threshold: int) -> Ledger:
    """Without the numbers of rows that were repaired or left out, where one of them is small.

    Those of other files would give it away, since pages add them up.
    """
    files = [file for item in ledger.quality.values() for file in item.files]
    rows = [fate.rows for file in files for fate in file.fates if fate.fate != "noted"]
    counted = [name for file in files for name in (file.read, file.repaired, file.excluded)]
    figures = [ledger.figures[name] for name in counted]
    rows += [int(figure.number) for figure in figures if figure.status == "ok"]
    few = any(_is_few(number, threshold) for number in rows)
    quality = {
        name: item.model_copy(
            update={
                "files": tuple(map(_uncounted, item.files)) if few else item.files,
                "known": tuple(_unsaid(each, "rows", threshold) for each in item.known),
                "corrected": tuple(
                    _unsaid(each, "corrections", threshold) for each in item.corrected
                ),
            }
        )
        for name, item in ledger.quality.items()
    }
    sources = [
        each.model_copy(update={"sha256": "", "rows": None if few else each.rows})
        for each in ledger.sources
    ]
    hidden = dict.fromkeys(counted, HIDDEN) if few else {}
    # How many keys were read says how many rows were left out.
    checks = [
        each.model_copy(update={"of": None}) if each.name == "keys" else each
        for each in ledger.checks
    ]
    update = {"quality": quality, "sources": tuple(sources), "checks": tuple(checks)}
    return _without(ledger, hidden).model_copy(update=update)


def _uncounted(file: QualityFile) -> QualityFile:
    fates = tuple(
        fate if fate.fate == "noted" else fate.model_copy(update={"rows": None, "faulty": 0})
        for fate in file.fates
    )
    return file.model_copy(update={"fates": fates})


def _unsaid(item: Counted, field: str, threshold: int) -> Counted:
    """What is said of a fault or a correction, without a small number of rows."""
    few = _is_few(getattr(item, field), threshold)
    return item.model_copy(update={field: None}) if few else item


def _is_few(rows: int | None, threshold: int) -> bool:
    return rows is not None and 0 < rows < threshold


def _hidden_cells(cells: Cells, protections: Mapping[str, Protection]) -> Iterator[HiddenCell]:
    figures: dict[str, list[str]] = {}
    for figure, needed in cells.needs.items():
        for cell in needed:
            figures.setdefault(cell, []).append(figure)
    for name, block in cells.blocks.items():
        protection = protections[name]
        values = {cell.id: cell.value for cell in block.cells}
        for why, ids in (
            ("small", protection.primary),
            ("gives_away", protection.secondary),
            ("narrows", protection.further),
        ):
            for each in ids:
                if each not in figures:
                    continue
                yield HiddenCell(each, values[each], why, tuple(sorted(figures[each])))


def _refuse(cells: Cells, protections: Mapping[str, Protection], register: Register) -> None:
    """Refuse what can't be protected, by name.

    Raises:
        RefusedError: see `release`.
    """
    where = f"params/{register.edition.edition}.yaml"
    inferable = sorted(name for each in protections.values() for name in each.inferable)
    if inferable:
        raise RefusedError(
            "small counts follow from what was published before: " + ", ".join(inferable),
            where=where,
            next_step="nothing can hide them any more: take these figures out of their chapters",
        )
    unprotected = {name for each in protections.values() for name in each.unprotected}
    if unprotected:
        every = [cell for block in cells.blocks.values() for cell in block.cells]
        fields = {field for cell in every if cell.id in unprotected for field in cell.conditions}
        lists = [register.codelists[field] for field in sorted(fields & {*register.codelists})]
        grouped = ", ".join(f"{each.field}: parent" for each in lists if each.groups)
        step = "take these figures out of their chapters, or report a longer period"
        if grouped:
            step = f"count in wider classes, under 'disclosure: coarser': {grouped}; or {step}"
        raise RefusedError(
            "nothing protects these small counts: " + ", ".join(sorted(unprotected)),
            where=where,
            next_step=step,
        )


def hidden_lines(decision: Decision, edition: Edition) -> list[str]:
    """What the editor is told of hidden counts: how many, never which; and how to list them."""
    protected = decision.ledger.protected
    if protected is None:
        return []
    return [
        (
            f"{protected.hidden} of {protected.cells} counts of people aren't published "
            f"(helpline-report disclosure {edition.edition} lists them, for you alone)"
        )
    ]


def withheld_lines(ledger: Ledger, edition: Edition) -> list[str]:
    """What the editor is told of each number that waits for an approval, with what to add."""
    return [
        f"'{figure.id}' is withheld: it is a number of the chapter's own code, of confidential rows"
        f"\n  → see that it says nothing of single people, and add to "
        f"params/{edition.edition}.yaml:\n    approved_figures:\n      - id: {figure.id}\n"
        "        approved_by: a name\n        approved_on: a date\n"
        "        reason: {nl: waarom, en: why}"
        for figure in unapproved(ledger, edition)
    ]
