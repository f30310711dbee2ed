"""What the sheets of the workbook hold: tables with their numbers, definitions, breaks, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from helpline_report.figures.ledger import Ledger, Reference
from helpline_report.figures.model import Figure
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.imprint import imprint_of
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.tables import interval_text, table_view
from helpline_report.report.views import CellView, RowView, TableView
from helpline_report.report.words import EditionWords

NAME_LENGTH = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Value:
    """One cell: a number with its unit, or a text; `absent` says why there is no number."""

    text: str
    number: float | None = None
    unit: str = ""
    absent: bool = False
    total: bool = False
    wrapped: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: `lead` stands below its title, `notes` below its rows."""

    name: str
    title: str
    lead: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    widest: int = 0

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds numbers."""
        values = [row[column] for row in self.rows if column < len(row)]
        return any(value.number is not None for value in values)


def sheets_of(publication: Publication, parts: Parts) -> list[Sheet]:
    """All sheets but the contents: notes first, then the tables as the report has them."""
    words = parts.words
    tables = [
        replace(_table(view, publication, words), name=name)
        for view, name in _named(_views(publication, parts))
    ]
    sheets = [
        _notes(words),
        *tables,
        _definitions(publication, words),
        _breaks(publication, words),
        _sources(publication, words),
    ]
    mark = (words.say("sheet.synthetic"),) if publication.synthetic else ()
    return [replace(sheet, lead=(*sheet.lead, *mark)) for sheet in sheets]


def _views(publication: Publication, parts: Parts) -> Iterator[TableView]:
    """Each table once, in the order of the report; one that a chart shows too isn't repeated."""
    seen: set[tuple[str | None, ...]] = set()
    cells = [cell for chapter in publication.ledger.chapters for cell in chapter.cells]
    for reference in (reference for cell in cells for reference in cell.shows):
        table = _shown(reference, publication.ledger, parts)
        key = tuple(item.figure for row in table.rows for item in row.cells) if table else ()
        if table is not None and key not in seen:
            seen.add(key)
            yield table


def _shown(reference: Reference, ledger: Ledger, parts: Parts) -> TableView | None:
    if reference.kind == "chart":
        return parts.chart_table(ledger.charts[reference.id])
    if reference.kind == "table":
        table = ledger.tables[reference.id].model_copy(update={"most": None})
        return table_view(table, ledger, parts.words)
    return None


def _named(views: Iterable[TableView]) -> Iterator[tuple[TableView, str]]:
    """A name for each sheet, told apart by its number: short, and without what is no name."""
    for number, view in enumerate(views, start=1):
        yield view, sheet_name(f"{number} {view.caption}")


def sheet_name(text: str) -> str:
    """A legal name of a sheet."""
    clean = " ".join(FORBIDDEN.sub(" ", text).split())
    if len(clean) <= NAME_LENGTH:
        return clean
    cut = clean[:NAME_LENGTH]
    # Not within a word, unless it is the first one.
    return cut if clean[NAME_LENGTH] == " " or " " not in cut[8:] else cut.rpartition(" ")[0]


def _table(view: TableView, publication: Publication, words: EditionWords) -> Sheet:
    ledger, imprint = publication.ledger, imprint_of(publication, words)
    withs = [_has_margin(view.rows, at, ledger) for at in range(len(view.heads) - 1)]
    heads = [view.heads[0]]
    for head, margin in zip(view.heads[1:], withs, strict=True):
        heads += [head, capital(words.say("part.interval"))] if margin else [head]
    lead = (
        *([view.subtitle] if view.subtitle else []),
        *imprint.warnings,
        words.say("sheet.units", units=_units(view, ledger, words), licence=imprint.licence),
    )
    rows = tuple(tuple(_row(row, withs, ledger, words)) for row in view.rows)
    return Sheet("", view.caption, lead, tuple(heads), rows, view.notes)


def _figure(item: CellView, ledger: Ledger) -> Figure | None:
    return ledger.figures.get(item.figure or "")


def _has_margin(rows: Sequence[RowView], at: int, ledger: Ledger) -> bool:
    """Whether a column holds changes with their margins: these get a column of their own."""
    figures = [_figure(row.cells[at], ledger) for row in rows if at < len(row.cells)]
    return any(item and item.kind == "change" and item.interval for item in figures)


def _units(view: TableView, ledger: Ledger, words: EditionWords) -> str:
    found = [_figure(item, ledger) for row in view.rows for item in row.cells]
    units = dict.fromkeys(figure.unit for figure in found if figure)
    return ", ".join(words.say(f"unit.{unit.replace(' ', '_')}") for unit in units) or "-"


def _row(
    row: RowView, margins: Sequence[bool], ledger: Ledger, words: EditionWords
) -> Iterator[Value]:
    yield Value(row.head, total=row.total, wrapped=not row.total)
    for item, margin in zip(row.cells, margins, strict=False):
        figure = _figure(item, ledger)
        yield replace(_value(item, figure), total=row.total)
        if margin:
            text = interval_text(figure, words) if figure else ""
            yield Value(text, total=row.total)


def _value(item: CellView, figure: Figure | None) -> Value:
    if figure is None:
        return Value(item.text, absent=bool(item.text) and item.figure is None)
    if figure.value is None:
        return Value(item.text, absent=True)
    if isinstance(figure.value, str) or figure.unit in ("month", "weekday"):
        return Value(item.text)
    return Value(item.text, number=float(figure.value), unit=figure.unit)


def _notes(words: EditionWords) -> Sheet:
    lines = words.say("sheet.notes_text").strip().split("\n")
    rows = tuple((Value(line.strip(), wrapped=True),) for line in lines)
    title = words.say("sheet.notes")
    return Sheet(title, title, (), (words.say("sheet.note"),), rows, widest=85)


def _definitions(publication: Publication, words: EditionWords) -> Sheet:
    """Every figure in words: what it is, of whom, over which period."""
    rows = []
    for name in publication.origins:
        figure = publication.ledger.figures.get(name)
        if figure is not None:
            text = words.value(figure)
            rows.append(
                (
                    Value(name),
                    Value(capital(words.name(figure)), wrapped=True),
                    _value(CellView(text, name), figure),
                    Value(words.say(f"unit.{figure.unit.replace(' ', '_')}")),
                    Value(words.period(figure.population)),
                )
            )
    heads = [words.say(f"column.{key}") for key in ("id", "definition", "value", "unit", "period")]
    title = words.say("sheet.definitions")
    return Sheet(title, title, (), tuple(heads), tuple(rows), widest=60)


def _breaks(publication: Publication, words: EditionWords) -> Sheet:
    declared = sorted(publication.edition.breaks, key=lambda item: (item.date, item.id))
    rows = tuple(
        (
            Value(words.day(item.date)),
            Value(capital(words.translated(item.note)).rstrip(".") + ".", wrapped=True),
        )
        for item in declared
    )
    title, heads = words.say("sheet.breaks"), ("sheet.since", "sheet.what")
    none = () if rows else (words.say("breaks.none"),)
    return Sheet(title, title, none, tuple(map(words.say, heads)), rows, widest=85)


def _sources(publication: Publication, words: EditionWords) -> Sheet:
    rows = tuple(
        (
            Value(item.edition),
            Value(item.file),
            Value(item.table),
            Value(str(item.rows), number=float(item.rows), unit="count"),
            Value(item.sha256),
        )
        for item in publication.ledger.sources
    )
    heads = ("sheet.edition", "sheet.file", "sheet.table", "sheet.rows", "sheet.hash")
    title = words.say("sheet.sources")
    return Sheet(
        title,
        title,
        (words.say("sheet.sources_text"),),
        tuple(map(words.say, heads)),
        rows,
        widest=70,
    )
