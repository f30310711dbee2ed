"""Name the tables of a report that counts stand in, and the parameters that make them coarser."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import Edition

# At most this many counts of a table are named.
NAMED = 3


@dataclass(frozen=True)
class CountPlace:
    """A cross-table or series, or a figure that stands in neither: its id, fields and figures."""

    id: str
    fields: tuple[str, ...]
    figures: tuple[str, ...]

    def __str__(self) -> str:
        return self.id


def place_of(ledger: Ledger, count: str) -> CountPlace:
    """Where a count stands, by its id; a part that follows from several, where the first does."""
    figure = next((word for word in count.split() if word in ledger.figures), count)
    places = [
        CountPlace(each.id, each.by, tuple(member.figure for member in each.members))
        for each in ledger.breakdowns.values()
    ]
    return next(
        (each for each in places if figure in each.figures), CountPlace(figure, (), (figure,))
    )


def describe_places(ledger: Ledger, counts: Iterable[str], register: Register) -> str:
    """What shows counts in the report, such as a table, what it is by, its chapter, and which."""
    places: dict[CountPlace, list[str]] = {}
    for count in counts:
        places.setdefault(place_of(ledger, count), []).append(count)
    texts = []
    for place, names in places.items():
        parts_of_place = [
            f"{kind} '{each.id}'"
            for kind, parts in (("chart", ledger.charts), ("table", ledger.tables))
            for each in parts.values()
            if place.id in each.breakdowns
        ]
        text = " and ".join(parts_of_place) or f"'{place}'"
        if place.fields:
            text += f" ({' × '.join(_name(register, field) for field in place.fields)})"
        for chapter in ledger.chapters:
            if any(not {*place.figures}.isdisjoint(cell.figures) for cell in chapter.cells):
                text += f" of the chapter '{chapter.name}'"
                break
        if names != [place.id]:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            text += f": {', '.join(names[:NAMED])}{more}"
        texts.append(text)
    return ";\n  ".join(texts)


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
    places = dict.fromkeys(place_of(ledger, count) for count in counts)
    fields = {each: [f for f in each.fields if has_groups(register, f)] for each in places}
    tables = [place for place in places if len(place.fields) > 1]
    for table in tables:
        for field in fields[table]:
            by_groups = {**edition.by_groups, table.id: field}
            text = f"by_groups: {{{_list(by_groups)}}}"
            yield text, edition.model_copy(update={"by_groups": by_groups})
    for field in dict.fromkeys(field for each in fields.values() for field in each):
        if decided is not None:
            wider = decided.model_copy(update={"coarser": {**decided.wider, field: "parent"}})
            text = f"disclosure: coarser: {{{_list(wider.wider)}}}"
            yield text, edition.model_copy(update={"disclosure": wider})
    for table in tables:
        names = [*edition.not_published, table.id]
        text = f"not_published: [{', '.join(names)}]"
        yield text, edition.model_copy(update={"not_published": names})


def _list(entries: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in entries.items())
