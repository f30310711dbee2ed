"""Name the tables of a report that counts stand in, and the parameters that make them coarser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import Edition

# So many counts of a table are named.
NAMED = 3


def place_of(ledger: Ledger, count: str) -> str:
    """The cross-table or series that a count stands in, by its id; else the id of its figure.

    What several counts tell together stands where the first of them does.
    """
    figure = next((word for word in count.split() if word in ledger.figures), count)
    for tab in ledger.crosstabs.values():
        if any(cell.figure == figure for cell in tab.cells):
            return tab.id
    for series in ledger.series.values():
        if any(member.figure == figure for member in series.members):
            return series.id
    return figure


def describe_places(ledger: Ledger, counts: Iterable[str], register: Register) -> str:
    """The tables and charts that counts stand in, with their fields and chapter, and the counts."""
    places: dict[str, list[str]] = {}
    for count in counts:
        places.setdefault(place_of(ledger, count), []).append(count)
    texts = []
    for place, names in places.items():
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        listed = f": {', '.join(names[:NAMED])}{more}" if names != [place] else ""
        texts.append(f"{_describe(ledger, place, register)}{listed}")
    return "; ".join(texts)


def _describe(ledger: Ledger, place: str, register: Register) -> str:
    """What shows a place in the report, such as a table, what it is by, and its chapter."""
    parts = [
        *(f"chart '{e.id}'" for e in ledger.charts.values() if place in (*e.columns, e.crosstab)),
        *(f"table '{e.id}'" for e in ledger.tables.values() if place in (*e.columns, e.crosstab)),
    ]
    title = " and ".join(parts) or f"'{place}'"
    if names := [_name(register, field) for field in _fields(ledger, place)]:
        title += f" ({' × '.join(names)})"
    figures = {place, *(each.figure for each in _members(ledger, place))}
    chapters = (
        c.name for c in ledger.chapters for e in c.cells if not figures.isdisjoint(e.figures)
    )
    chapter = next(chapters, "")
    return f"{title} of the chapter '{chapter}'" if chapter else title


def _fields(ledger: Ledger, place: str) -> Sequence[str]:
    """The fields that a cross-table or series is by."""
    if place in ledger.crosstabs:
        return ledger.crosstabs[place].rows, ledger.crosstabs[place].columns
    return (ledger.series[place].by,) if place in ledger.series else ()


def _members(ledger: Ledger, place: str) -> Sequence[Any]:
    if place in ledger.crosstabs:
        return ledger.crosstabs[place].cells
    return ledger.series[place].members if place in ledger.series else ()


def _name(register: Register, field: str) -> str:
    codelist = register.codelists.get(field)
    return codelist.name.in_language(register.edition.language) if codelist else field


def has_groups(register: Register, field: str) -> bool:
    """Whether the codes of a field have groups, and aren't counted by them everywhere already."""
    decided, codelist = register.edition.disclosure, register.codelists.get(field)
    by_groups = decided is not None and decided.wider.get(field) == "parent"
    return codelist is not None and bool(codelist.groups) and not by_groups


def list_merges(
    ledger: Ledger, counts: Iterable[str], register: Register
) -> Iterator[tuple[str, Edition]]:
    """Parameters that would count these in wider classes, as text and as an edition with them.

    Those that change one table alone come first; last, those that don't publish it.
    """
    edition, decided = register.edition, register.edition.disclosure
    places = list(dict.fromkeys(place_of(ledger, count) for count in counts))
    tables = [place for place in places if place in ledger.crosstabs]

    def with_parameters(**update: object) -> Edition:
        return edition.model_copy(update=update)

    def grouped(place: str) -> list[str]:
        return [field for field in _fields(ledger, place) if has_groups(register, field)]

    for table in tables:
        for field in grouped(table):
            by_groups = {**edition.by_groups, table: field}
            text = ", ".join(f"{name}: {each}" for name, each in by_groups.items())
            yield f"by_groups: {{{text}}}", with_parameters(by_groups=by_groups)
    for field in dict.fromkeys(field for place in places for field in grouped(place)):
        if decided is not None:
            wider = decided.model_copy(update={"coarser": {**decided.wider, field: "parent"}})
            text = ", ".join(f"{each}: {into}" for each, into in wider.wider.items())
            yield f"disclosure: coarser: {{{text}}}", with_parameters(disclosure=wider)
    for table in tables:
        left_out = [*edition.not_published, table]
        yield f"not_published: [{', '.join(left_out)}]", with_parameters(not_published=left_out)
