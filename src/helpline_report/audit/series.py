"""Series and cross-tables as compact tables: what they share is said once, each row is a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.trace import Conditions, FigureTrace, Source, Tracer
from helpline_report.audit.uses import Use
from helpline_report.figures.ledger import CellRecord
from helpline_report.figures.model import Crosstab, Figure, PopulationSpec, Series
from helpline_report.second_count.statements import FILES, Query, count_series

UNIT = "; "


@dataclass(frozen=True)
class Row:
    """One figure of a compact table: its id, what it is about, and a text a column."""

    id: str
    heads: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SeriesTrace:
    """Figures that differ in a code alone."""

    id: str
    title: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    labels: int
    rows: tuple[Row, ...]
    number: str
    conditions: tuple[Conditions, ...]
    steps: tuple[str, ...]
    queries: tuple[Query, ...]
    sources: tuple[Source, ...]
    used: tuple[Use, ...]


Trace = FigureTrace | SeriesTrace
Column = tuple[str, bool, Callable[[Figure], str]]


def traces(record: CellRecord, tracer: Tracer) -> Iterator[Trace]:
    """The traces of what a cell computed, in its order; members of a series together."""
    ledger = tracer.publication.ledger
    owner: dict[str, Series | Crosstab] = {}
    for series in ledger.series.values():
        owner |= dict.fromkeys((member.figure for member in series.members), series)
    for tab in ledger.crosstabs.values():
        owner |= dict.fromkeys((cell.figure for cell in tab.cells), tab)
    seen: set[str] = set()
    rows_of_files: list[Figure] = []
    for name in record.figures:
        figure, whole = ledger.figures[name], owner.get(name)
        if figure.population.table == "files":
            rows_of_files.append(figure)
        elif whole is None:
            yield tracer.trace(figure)
        elif whole.id not in seen:
            seen.add(whole.id)
            yield _whole(whole, tracer)
    if rows_of_files:
        yield _files(record.id, rows_of_files, tracer)


def _whole(whole: Series | Crosstab, tracer: Tracer) -> SeriesTrace:
    return _crosstab(whole, tracer) if isinstance(whole, Crosstab) else _series(whole, tracer)


def _series(series: Series, tracer: Tracer) -> SeriesTrace:
    words, figures = tracer.words, tracer.publication.ledger.figures
    pairs = [(figures[m.figure], (_label(words, series.by, m.code),)) for m in series.members]
    made = _table(pairs, (_capital(words, series.by),), tracer)
    by = (series.by,)
    return replace(
        made,
        id=f"series-{series.id}",
        title=words.titled(series),
        number=_number([figure for figure, _ in pairs], words, overlapping=series.overlapping),
        conditions=tuple(tracer.conditions(series.population, series.of, "share")),
        steps=_steps(series.population, by, tracer),
        queries=_ranking(series.population, by, tracer),
        sources=tracer.sources(series.population, series.of),
    )


def _crosstab(tab: Crosstab, tracer: Tracer) -> SeriesTrace:
    words, figures = tracer.words, tracer.publication.ledger.figures
    pairs = [
        (
            figures[cell.figure],
            (_label(words, tab.rows, cell.row), _label(words, tab.columns, cell.column)),
        )
        for cell in tab.cells
    ]
    made = _table(pairs, (_capital(words, tab.rows), _capital(words, tab.columns)), tracer)
    return replace(
        made,
        id=f"series-{tab.id}",
        title=words.titled(tab),
        number=_number([figure for figure, _ in pairs], words),
        conditions=tuple(tracer.conditions(tab.population, None, "count")),
        steps=_steps(tab.population, (tab.rows, tab.columns), tracer),
        queries=_ranking(tab.population, (tab.rows, tab.columns), tracer),
        sources=tracer.sources(tab.population),
    )


def _number(figures: Sequence[Figure], words: AuditWords, *, overlapping: bool = False) -> str:
    """How many rows stand behind a series; nothing where its figures don't add up to them."""
    wholes = {figure.denominator for figure in figures if figure.kind == "share"}
    if len(wholes) == 1 and (whole := wholes.pop()) is not None:
        return words.count(whole)
    counts = [figure.numerator for figure in figures if figure.kind == "count"]
    if overlapping or len(counts) != len(figures) or None in counts:
        return ""
    return words.count(sum(count for count in counts if count is not None))


def _steps(spec: PopulationSpec, by: tuple[str, ...], tracer: Tracer) -> tuple[str, ...]:
    return tracer.steps.broken_down(spec, by) if spec.edition in tracer.years else ()


def _ranking(spec: PopulationSpec, by: tuple[str, ...], tracer: Tracer) -> tuple[Query, ...]:
    if spec.edition not in tracer.years:
        return ()
    return (Query("ranking", count_series(spec, by, tracer.fields)),)


def _files(cell: str, figures: Sequence[Figure], tracer: Tracer) -> SeriesTrace:
    """Rows read, used, repaired and excluded of each file, with the one statement of all."""
    words = tracer.words
    pairs = []
    for figure in figures:
        codes = {c.field: c.codes[0] for c in figure.population.conditions}
        pairs.append((figure, (codes["file"], words.say(f"fate.{codes['fate']}"))))
    made = _table(pairs, (words.say("trace.file"), words.say("trace.fate")), tracer)
    title, queries = words.say("trace.rows_of_files"), (Query("rows", FILES),)
    return replace(made, id=f"series-{cell}", title=title, queries=queries)


def _table(
    pairs: Sequence[tuple[Figure, tuple[str, ...]]], heads: tuple[str, ...], tracer: Tracer
) -> SeriesTrace:
    """The rows with the columns in which at least one of them has something to say."""
    columns = [c for c in _columns(tracer) if any(c[2](figure) for figure, _ in pairs)]
    rows = tuple(
        Row(figure.id, labels, tuple(write(figure) for _, _, write in columns))
        for figure, labels in pairs
    )
    used = dict.fromkeys(use for figure, _ in pairs for use in tracer.used.get(figure.id, ()))
    return SeriesTrace(
        id="",
        title="",
        heads=(*heads, *(head for head, _, _ in columns)),
        numeric=tuple(numeric for _, numeric, _ in columns),
        labels=len(heads),
        rows=rows,
        number="",
        conditions=(),
        steps=(),
        queries=(),
        sources=(),
        used=tuple(used),
    )


def _columns(tracer: Tracer) -> tuple[Column, ...]:
    words = tracer.words
    return (
        (words.say("trace.value"), True, words.value),
        (words.say("trace.exact"), True, words.exact),
        (words.say("trace.status"), False, lambda figure: _why_not(figure, tracer)),
        (words.say("trace.numerator"), True, lambda figure: _part(figure, figure.numerator, words)),
        (
            words.say("trace.denominator"),
            True,
            lambda figure: _part(figure, figure.denominator, words),
        ),
        (words.say("trace.interval_short"), False, lambda figure: _interval(figure, tracer)),
        (words.say("trace.before"), True, lambda figure: words.value(tracer.before(figure))),
        (words.say("trace.printed"), False, lambda figure: _printed(figure, tracer)),
    )


def _why_not(figure: Figure, tracer: Tracer) -> str:
    """Why a figure has no value, where it hasn't."""
    if figure.reason is None:
        return ""
    return tracer.words.capital(tracer.words.writer.reason(figure.reason)).rstrip(".") + "."


def _part(figure: Figure, part: float | None, words: AuditWords) -> str:
    return "" if part is None or figure.unit == "count" else words.count(part)


def _interval(figure: Figure, tracer: Tracer) -> str:
    if figure.interval is None:
        return tracer.no_interval(figure)
    return tracer.words.range(figure.interval, figure.unit)


def _printed(figure: Figure, tracer: Tracer) -> str:
    return UNIT.join(
        tracer.words.say(
            "trace.printed_value",
            printed=item.printed.printed,
            verdict=tracer.words.say(f"verdict.{item.verdict}"),
        )
        for item in tracer.printed.get(figure.id, ())
    )


def _label(words: AuditWords, field: str, code: str) -> str:
    return words.writer.label(field, code)


def _capital(words: AuditWords, field: str) -> str:
    return words.capital(words.writer.field(field))
