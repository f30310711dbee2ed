"""Decide what of a ledger may be published: the gate between what was counted and what is shown."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fnmatch import filter as filter_names
from math import inf

from helpline_report.disclosure.cells import Cells, read_cells
from helpline_report.disclosure.count_blocks import PEOPLE, CountCell
from helpline_report.disclosure.count_places import describe_places, has_groups, list_merges
from helpline_report.disclosure.protection import Protection, protect, suppress
from helpline_report.disclosure.published_counts import PublishedRange, tells_counts
from helpline_report.errors import ParametersError, RefusedError, nearest
from helpline_report.figures.breakdown import list_missing_codes
from helpline_report.figures.intervals import coarsen_interval
from helpline_report.figures.ledger import Ledger, Protected, Quality, SourceFile
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.register import Register
from helpline_report.figures.wider_classes import count_coarser
from helpline_report.parameters.edition import Edition, describe_overrides
from helpline_report.parameters.yaml import Document, KeyPath

log = logging.getLogger(__name__)

HIDDEN = Reason(code="protected")
MERGED = Reason(code="merged")
WAITING = Reason(code="not_approved")
# What is noted of a file as a whole, such as its encoding: all else is about contacts or persons.
OF_A_FILE = frozenset(("B01", "B02", "B03", "B14", "B15", "B21", "B31", "B66", "B71"))


@dataclass(frozen=True)
class HiddenCell:
    """A count that isn't published: for the editor alone, who must not pass it on.

    `why` is the field of `Protection` that it stands in, and `protects` the small counts that it is
    hidden for.
    """

    cell: CountCell
    why: str
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
    """The counts of a ledger in wider classes, and what is hidden of them."""

    ledger: Ledger
    cells: Cells
    protection: Protection
    tables: tuple[str, ...]


def release(
    ledger: Ledger,
    register: Register,
    published: Sequence[PublishedRange] = (),
    document: Document | None = None,
) -> Decision:
    """What of a ledger may be published.

    If the rows are synthetic or public and the threshold is 0, that is all of it. `published` is
    what the helpline itself published before; `document` knows the lines of the parameters.

    Raises:
        ParametersError: the parameters decide on a count or a table that isn't there.
        RefusedError: a small count can't be protected, or follows from what was published before.
    """
    edition = register.edition
    released = _without(ledger, (each.id for each in unapproved(ledger, edition)), WAITING)
    threshold = edition.threshold
    if not threshold:
        return Decision(released)
    _refuse_unknown(ledger, edition, document)
    decided = _protect(released, register, published)
    _refuse(released, decided, register, published)
    released, protection = decided.ledger, decided.protection
    hidden = protection.hidden
    released = _without(released, _withheld(released, decided.cells, hidden, threshold), HIDDEN)
    released = _without_small_rows(released, threshold)
    figures = {
        name: _without_order(coarsen_interval(each, threshold), register)
        for name, each in released.figures.items()
    }
    counted = {cell for needed in decided.cells.needs.values() for cell in needed}
    hidden_cells = tuple(
        HiddenCell(cell, why, protection.protects.get(cell.id, ()))
        for why in ("primary", "secondary", "further")
        for block in decided.cells.blocks
        for cell in block.cells
        if cell.id in counted and cell.id in getattr(protection, why)
    )
    protected = Protected(cells=len(counted), hidden=len(hidden_cells), threshold=threshold)
    released = released.model_copy(update={"protected": protected, "figures": figures})
    fields = {field for each in hidden_cells for field in each.cell.conditions}
    merges = tuple(field for field in sorted(fields) if has_groups(register, field))
    return Decision(released, hidden_cells, decided.tables, merges)


def _refuse_unknown(ledger: Ledger, edition: Edition, document: Document | None) -> None:
    """Refuse names that no figure or table has: what was decided of them would be published.

    An edition that names its chapters may lack those of which something was decided.
    """
    breakdowns, figures = ledger.breakdowns, [*ledger.figures]
    tables = [name for name, each in breakdowns.items() if each.is_crossed]
    named: list[tuple[KeyPath, str, list[str]]] = [
        *((("not_published", at), name, tables) for at, name in enumerate(edition.not_published)),
        *((("by_groups", name), name, [*breakdowns]) for name in edition.by_groups),
        *((("one_row", name), name, figures) for name in edition.one_row),
    ]
    unknown = [(path, name, known) for path, name, known in named if name not in known]
    unknown += [
        (("one_row", name, at), pattern, figures)
        for name, patterns in edition.one_row.items()
        for at, pattern in enumerate(patterns)
        if not filter_names(figures, pattern)
    ]
    file = f"params/{edition.edition}.yaml"
    complaints = [
        f"{document.place(path) if document else file}: {path[0]}: nothing is called '{name}'"
        f"{nearest(name, known)}"
        for path, name, known in unknown
    ]
    if complaints and edition.chapters is None:
        raise ParametersError(
            "\n".join(complaints),
            next_step="give the name under which a chapter counts it, or take the line away",
        )


def _protect(
    ledger: Ledger,
    register: Register,
    published: Sequence[PublishedRange],
    *,
    trial: bool = False,
) -> _Protected:
    """What is hidden of a ledger, without the tables that would be hidden for the most part."""
    threshold = register.edition.threshold
    fine = count_coarser(ledger, register)
    fine = _without(fine, fine.merged, MERGED)
    tables: list[str] = []
    left_out = [name for name in register.edition.not_published if name in fine.breakdowns]
    while True:
        # Without these tables, less of the others need be hidden.
        names = [part.figure for each in left_out for part in fine.breakdowns[each].members]
        # Their small counts are protected all the same: others may still say them.
        published = [
            *published,
            *(PublishedRange(fine.figures[n].population, 0, inf) for n in names),
        ]
        fine = _without(fine, names, HIDDEN)
        cells = read_cells(fine, register, published, threshold)
        decided = _Protected(fine, cells, suppress(cells.blocks, threshold), tuple(tables))
        if decided.protection.inferable:
            # It is refused: to prove the other counts protected would take long.
            return decided
        left_out = _mostly_hidden(decided)
        if not left_out:
            log.info("small numbers: what protects them")
            protection = protect(cells.blocks, register, threshold, trial=trial)
            decided = replace(decided, protection=protection)
            left_out = _mostly_hidden(decided)
        tables += left_out
        if not left_out:
            return decided


def _mostly_hidden(decided: _Protected) -> list[str]:
    """The cross-tables of which more than half of what isn't 0 is hidden, by name.

    What else is hidden depends on their order, which isn't that of a ledger read from a file.
    """
    ledger, needs, hidden = decided.ledger, decided.cells.needs, decided.protection.hidden
    tables = []
    for _, table in sorted(item for item in ledger.breakdowns.items() if item[1].is_crossed):
        figures = [ledger.figures[each.figure] for each in table.members]
        counted = [each.id for each in figures if each.status == "ok" and each.value]
        gone = [each for each in counted if not hidden.isdisjoint(needs.get(each, ()))]
        if len(gone) > len(counted) / 2:
            tables.append(table.id)
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
    empty = {
        **dict.fromkeys(made_from),
        "among": (),
        "tied": (),
        "status": "suppressed",
        "reason": reason,
    }
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
    among = [code for code in codes or figure.among if code not in missing]
    return figure.model_copy(update={"among": tuple(among)})


def _withheld(
    ledger: Ledger, cells: Cells, hidden: AbstractSet[str], threshold: int
) -> Iterator[str]:
    """The figures that say a hidden count, or are made from one."""
    for figure in filter(tells_counts, ledger.figures.values()):
        needed = cells.needs.get(figure.id, ())
        # The largest count of a day stands in no cell, and is a count of people all the same: of
        # persons it may be one family.
        is_of_day = figure.kind == "maximum" and "date" in figure.by and bool(needed)
        number = figure.numerator or threshold
        is_few = is_of_day and (figure.population.table != "contacts" or number < threshold)
        if is_few or not hidden.isdisjoint(needed):
            yield figure.id


def _without_small_rows(ledger: Ledger, threshold: int) -> Ledger:
    """Without the numbers of rows of files, where one of people is small or says a hidden count.

    The others would give it away, since pages add them up. How many contacts or persons a known
    fault or a control total is about is never said: no such count is protected. No hash of an
    export is published, nor how many keys were read, which says how many rows were left out, nor
    how many figures a check went over, which says of how many there is nothing to count. What is
    said of figures that nobody counts again is counted among those that are released. That it
    went over nothing is kept: it says of no row what it holds. Of a file that no table of files
    lists, such as corrections, nobody knows whether few of its rows were left out.
    """
    qualities = [quality.model_dump() for quality in ledger.quality.values()]
    files = [file for each in qualities for file in each["files"]]
    corrected = [reason for each in qualities for reason in each["corrected"]]
    used = [file["used"] for file in files]
    names = [file[part] for file in files for part in ("read", "repaired", "excluded")]
    of_people = [each for each in ledger.sources if each.table in PEOPLE]
    named = {(each.edition, each.file) for each in of_people}
    counted = [each["corrections"] for each in corrected]
    for file in files:
        if (file["edition"], file["file"]) in named:
            counted += (ledger.figures[file[n]].value for n in ("read", "repaired", "excluded"))
            counted += (fate[part] for fate in file["fates"] for part in ("rows", "faulty"))
    tables = [(each.edition, each.table) for each in of_people]
    # If a table has several files, the rows of each are a part that no cell stands for.
    several = len(tables) > len({*tables})
    few = any(0 < int(rows or 0) < threshold for rows in counted)
    if few := few or several or any(ledger.figures[name].value is None for name in used):
        ledger = _without(ledger, [*names, *(used if several else ())], HIDDEN)
        for fate in (fate for file in files for fate in file["fates"]):
            fate.update(rows=None, faulty=0)
        for reason in corrected:
            reason.update(corrections=None)
    for each in qualities:
        notes = (note for file in each["files"] for note in file["noted"])
        of_rows = (note for note in notes if note["code"] not in OF_A_FILE)
        for item in (*each["known"], *each["waiting"], *of_rows):
            item.update(rows=None)
    listed = {(file["edition"], file["file"]) for file in files if not few}
    sources = list[SourceFile]()
    for source in ledger.sources:
        rows = source.rows if (source.edition, source.file) in listed else None
        sources.append(source.model_copy(update={"sha256": "", "rows": rows}))
    others = {"counted_once": ledger.counted_once, "taken_over": ledger.figures_taken_over}
    checks = tuple(
        each.model_copy(update={"of": others.get(each.name, 0 if each.of == 0 else None)})
        for each in ledger.checks
    )
    update = {
        "sources": tuple(sources),
        "checks": checks,
        "quality": {each["id"]: Quality.model_validate(each) for each in qualities},
        "overrides": describe_overrides(ledger.overrides, ("acknowledged", "control_totals")),
    }
    return ledger.model_copy(update=update)


def _refuse(
    ledger: Ledger, decided: _Protected, register: Register, published: Sequence[PublishedRange]
) -> None:
    """Refuse what can't be protected, by the tables that it stands in, with what would help.

    Raises:
        RefusedError: see `release`.
    """
    where = f"params/{register.edition.edition}.yaml"
    if inferable := sorted(decided.protection.inferable):
        raise RefusedError(
            "small counts follow from what was published before: "
            + describe_places(decided.ledger, inferable, register),
            where=where,
            next_step="nothing can hide them any more: take these figures out of their chapters",
        )
    unprotected = sorted(decided.protection.unprotected)
    if not unprotected:
        return
    step = "take these figures out of their chapters, or report a longer period"
    for text, edition in list_merges(decided.ledger, unprotected, register):
        log.info("small numbers: not protected; trying %s", text)
        then = _protect(
            ledger, replace(register, edition=edition), published, trial=True
        ).protection
        if not then.unprotected and not then.inferable:
            step = f"write in {where}, which protects them: {text}; or {step}"
            break
    raise RefusedError(
        "nothing protects these small counts: "
        + describe_places(decided.ledger, unprotected, register),
        where=where,
        next_step=step,
    )
