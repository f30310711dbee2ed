"""Trace a figure: gather all that it takes to find the number again with pencil and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from nbformat import NotebookNode

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.pandas_steps import PandasSteps
from helpline_report.audit.printed_figures import figure_key
from helpline_report.figures.ledger import Ledger, Reference, SourceFile
from helpline_report.figures.model import (
    Chart,
    Crosstab,
    Figure,
    Interval,
    Key,
    PopulationSpec,
    ReportTable,
    Series,
    kind_of,
)
from helpline_report.figures.printed import Reconciled
from helpline_report.prose.markdown import WRITTEN_OUT, split_placeholder
from helpline_report.prose.numbers import capitalised
from helpline_report.report.chapters import lacks, text_of
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import records_of
from helpline_report.second_count.row_tables import fields_with_several, row_sources
from helpline_report.second_count.sql import Fields, dated_months
from helpline_report.second_count.statements import FILES, Query, count_series, queries_of_years

REPORT = "../index.html"
RISES = ("change", "rate_ratio", "flag")
WITH_INTERVAL = ("share", "change", "rate_ratio")
# What of a figure a column of a trace writes.
COLUMN_PARTS = {
    **{name: name for name in ("value", "exact", "numerator", "denominator")},
    "interval_short": "low high",
}
ABOVE = {"persons": ("contacts",), "followups": ("contacts", "persons")}
TABLES = {"contacts", "persons", "followups", "traffic"}


class Use(NamedTuple):
    """A place of the report: its chapter and cell, what stands there, and its address."""

    chapter: str
    cell: str
    kind: str
    address: str


class Fact(NamedTuple):
    """One line of a trace: what it is about, and what there is to say.

    `parts` are the numbers in it, of the figure `about` or else of the traced one.
    """

    term: str
    text: str
    more: str = ""
    parts: str = ""
    about: str = ""


class TraceColumn(NamedTuple):
    """A column of a table of figures: its head, whether it holds numbers, and what it writes.

    `parts` are the numbers of a figure that it writes.
    """

    head: str
    numeric: bool
    write: Callable[[Figure], str]
    parts: str = ""


@dataclass(frozen=True)
class Trace:
    """What a page says of one `figure`, or of figures that differ in their codes alone.

    Of several, `rows` have a text a column each, by the figure's id. `conditions` are the
    populations as they are kept: what each is of the figure, and its lines.
    """

    id: str
    title: str
    figure: Figure | None = None
    facts: Sequence[Fact] = ()
    number: str = ""
    columns: Sequence[TraceColumn] = ()
    rows: Mapping[str, Sequence[str]] | None = None
    conditions: Sequence[tuple[str, Sequence[str]]] = ()
    steps: Sequence[str] = ()
    queries: Sequence[Query] = ()
    sources: Sequence[SourceFile] = ()
    printed: Sequence[Reconciled] = ()
    used: Sequence[Use] = ()


class Tracer:
    """Traces the figures of one publication; everything it says comes from the released ledger."""

    def __init__(self, publication: Publication, words: EditionWords | None = None) -> None:
        self.publication = publication
        self.edition_words = words or EditionWords(publication)
        self.words = AuditWords(self.edition_words.writer)
        self._figures = publication.ledger.figures
        layouts = publication.layouts
        sources = row_sources(publication.counted, layouts) if layouts else []
        months = dated_months(publication.editions)
        self._fields = Fields(publication.codelists, fields_with_several(sources), months)
        self._years = frozenset(each.edition for each in publication.counted)
        periods = [each.period for each in publication.editions]
        multiple = publication.ledger.multiple
        self._steps = PandasSteps(publication.edition.edition, periods, multiple)

    @cached_property
    def _used(self) -> Mapping[str, dict[Use, None]]:
        """Where the report uses each figure, in the order of the report."""
        uses: dict[str, dict[Use, None]] = {}
        for name, node in self.publication.notebooks.items():
            for cell in node.cells:
                if lacks(cell, self.edition_words) is None:
                    for use, figures in _find_uses(self.publication, name, cell):
                        for figure in figures:
                            uses.setdefault(figure, {})[use] = None
        return uses

    @cached_property
    def _printed(self) -> Mapping[str, Sequence[Reconciled]]:
        """What earlier reports printed of each figure."""
        printed: dict[str, list[Reconciled]] = {}
        for item in self.publication.reconciled:
            printed.setdefault(item.held, []).append(item)
        return printed

    @cached_property
    def _year_before(self) -> Mapping[Key, Figure]:
        """The figures of the whole comparison year, by what they are of."""
        before = self.publication.comparison
        whole = before and (before.edition, before.period)
        return {
            figure_key(figure, kind_of): figure
            for figure in self._figures.values()
            if (figure.population.edition, figure.population.period) == whole
        }

    @cached_property
    def _owners(self) -> Mapping[str, Series | Crosstab]:
        """The series or the cross-table that each figure is a member of."""
        ledger = self.publication.ledger
        owners: dict[str, Series | Crosstab] = {}
        for series in ledger.series.values():
            owners |= dict.fromkeys((member.figure for member in series.members), series)
        for tab in ledger.crosstabs.values():
            owners |= dict.fromkeys((cell.figure for cell in tab.cells), tab)
        return owners

    def trace_all(self, cell: str, figures: Sequence[str]) -> Iterator[Trace]:
        """The traces of what a cell computed, in its order; members of a series together."""
        files: list[Figure] = []
        owners: set[str] = set()
        for name in figures:
            figure, owner = self._figures[name], self._owners.get(name)
            if figure.population.table == "files":
                files.append(figure)
            elif owner is None:
                yield self.trace(figure)
            elif owner.id not in owners:
                owners.add(owner.id)
                yield self._trace_members(owner)
        if files:
            yield self._trace_files(cell, files)

    def trace(self, figure: Figure) -> Trace:
        """The trace of one figure."""
        counted = figure.population.edition in self._years
        return Trace(
            id=figure.id,
            title=capitalised(self.words.writer.definition(figure)),
            figure=figure,
            facts=tuple(self._facts(figure)),
            conditions=self._conditions(figure.population, figure.of, figure.kind),
            steps=self._steps.figure(figure) if counted else (),
            queries=queries_of_years(figure, self._fields, self._years),
            sources=self._sources(figure.population, figure.of),
            printed=self._printed.get(figure.id, ()),
            used=tuple(self._used.get(figure.id, ())),
        )

    def _trace_members(self, owner: Series | Crosstab) -> Trace:
        writer, spec, of = self.words.writer, owner.population, None
        by: tuple[str, ...]
        codes: dict[str, tuple[str, ...]]
        if isinstance(owner, Series):
            by, of = (owner.by,), owner.of
            own = self._figures
            codes = {each.figure: (own[each.figure].code or each.code,) for each in owner.members}
        else:
            by = (owner.rows, owner.columns)
            codes = {cell.figure: (cell.row, cell.column) for cell in owner.cells}
        labels = {
            name: tuple(writer.label(field, code) for field, code in zip(by, each, strict=True))
            for name, each in codes.items()
        }
        counted = spec.edition in self._years
        return replace(
            self._table(labels, [writer.field(field) for field in by]),
            id=f"series-{owner.id}",
            title=f"{writer.caption(owner)}, {writer.period(spec.period)}",
            number=self._number(owner, [self._figures[name] for name in codes]),
            conditions=self._conditions(spec, of, "share"),
            steps=self._steps.broken_down(spec, by) if counted else (),
            queries=(Query("ranking", count_series(spec, by, self._fields)),) if counted else (),
            sources=self._sources(spec, of),
        )

    def _trace_files(self, cell: str, figures: Sequence[Figure]) -> Trace:
        """Rows read, used, repaired and excluded of each file, with the one statement of all."""
        say, labels = self.words.say, {}
        for figure in figures:
            codes = {each.field: each.codes[0] for each in figure.population.conditions}
            labels[figure.id] = (codes["file"], say(f"fate.{codes['fate']}"))
        return replace(
            self._table(labels, [say("trace.file"), say("trace.fate")]),
            id=f"series-{cell}",
            title=say("trace.rows_of_files"),
            queries=(Query("rows", FILES),),
        )

    def _table(self, labels: Mapping[str, tuple[str, ...]], heads: Sequence[str]) -> Trace:
        """A row a figure, with the columns in which at least one has something to say."""
        words, figures = self.words, [self._figures[name] for name in labels]

        def part(figure: Figure, number: float | None) -> str:
            return "" if number is None or figure.unit == "count" else words.count(number)

        columns: list[tuple[str, bool, Callable[[Figure], str]]] = [
            ("value", True, words.value),
            ("exact", True, words.exact),
            ("status", False, words.why_not),
            ("numerator", True, lambda figure: part(figure, figure.numerator)),
            ("denominator", True, lambda figure: part(figure, figure.denominator)),
            ("interval_short", False, self._write_interval),
            ("before", True, lambda figure: words.value(self._before(figure))),
            ("printed", False, self._write_prints),
        ]
        telling = [
            TraceColumn(words.say(f"trace.{name}"), numeric, write, COLUMN_PARTS.get(name, ""))
            for name, numeric, write in columns
            if any(map(write, figures))
        ]
        rows = {
            each.id: (*labels[each.id], *(column.write(each) for column in telling))
            for each in figures
        }
        of_labels = [TraceColumn(head, numeric=False, write=str) for head in heads]
        used = dict.fromkeys(chain.from_iterable(self._used.get(name, ()) for name in labels))
        return Trace("", "", columns=(*of_labels, *telling), rows=rows, used=tuple(used))

    def _number(self, owner: Series | Crosstab, figures: Sequence[Figure]) -> str:
        """How many rows stand behind a series; nothing where its figures don't add up to them."""
        wholes = {figure.denominator for figure in figures if figure.kind == "share"}
        if len(wholes) == 1 and (whole := wholes.pop()) is not None:
            return self.words.count(whole)
        counts = [figure.numerator for figure in figures if figure.kind == "count"]
        numbers = [number for number in counts if number is not None]
        overlapping = isinstance(owner, Series) and owner.overlapping
        adds_up = len(numbers) == len(figures) and not overlapping
        return self.words.count(sum(numbers)) if adds_up else ""

    def _write_interval(self, figure: Figure) -> str:
        if figure.interval is None:
            return self._no_interval(figure)
        return self.words.interval("between", figure.interval, figure.unit)

    def _write_prints(self, figure: Figure) -> str:
        return "; ".join(map(self.write_verdict, self._printed.get(figure.id, ())))

    def write_verdict(self, item: Reconciled) -> str:
        """What was printed, and its verdict: '86,41%: klopt'."""
        verdict = self.words.say(f"verdict.{item.verdict}")
        return self.words.say("trace.printed_value", printed=item.printed.printed, verdict=verdict)

    def _before(self, figure: Figure) -> Figure | None:
        """The same figure of the comparison year, if the ledger has it."""
        edition, spec = self.publication.edition, figure.population
        if figure.kind in RISES or (spec.edition, spec.period) != (edition.edition, edition.period):
            return None
        named = self._figures.get(f"{figure.id}.previous")
        return named or self._year_before.get(figure_key(figure, kind_of))

    def _conditions(
        self, spec: PopulationSpec, of: PopulationSpec | None, kind: str
    ) -> list[tuple[str, Sequence[str]]]:
        """The populations of a figure as they are kept."""
        say = self.words.say
        if of is None:
            return [(say("trace.counted"), list_conditions(spec))]
        against = say("trace.against" if kind in RISES else "trace.denominator")
        return [(say("trace.numerator"), list_conditions(spec)), (against, list_conditions(of))]

    def _sources(self, *specs: PopulationSpec | None) -> tuple[SourceFile, ...]:
        """The files that populations are counted from, each once."""
        wanted = {(spec.edition, table) for spec in specs if spec for table in _tables_of(spec)}
        wanted |= {(edition, "ledger") for edition, _ in wanted}
        sources: dict[tuple[str, str], SourceFile] = {}
        for source in self.publication.ledger.sources:
            if (source.edition, source.table) in wanted:
                sources.setdefault((source.edition, source.file), source)
        return tuple(sources.values())

    def _no_interval(self, figure: Figure) -> str:
        """Why persons or follow-ups of a year without rows have no interval; else nothing."""
        clustered = figure.population.table in ("persons", "followups")
        specs = (figure.population, figure.of)
        gone = [spec.edition for spec in specs if spec and spec.edition not in self._years]
        if figure.value is None or figure.kind not in WITH_INTERVAL or not (clustered and gone):
            return ""
        return self.words.say("trace.no_interval", edition=gone[0])

    def _facts(self, figure: Figure) -> Iterator[Fact]:
        say, words = self.words.say, self.words
        if figure.reason is not None:
            yield Fact(say("trace.status"), words.why_not(figure))
        if figure.kind == "own":
            chapter, cell = self.publication.origins.get(figure.id, ("", ""))
            text = say("trace.own", chapter=chapter, cell=cell)
            yield Fact(say("trace.once"), text, figure.how)
        yield from self._parts(figure)
        if figure.interval is not None:
            # A flag's interval is that of the ratio it was made of.
            unit = "ratio" if figure.kind == "flag" else figure.unit
            text = words.interval("interval.value", figure.interval, unit)
            method = say(f"interval.{figure.interval.method}")
            yield Fact(say("trace.interval"), text, method, "level low high")
            yield from self._dispersion(figure.interval)
        elif why := self._no_interval(figure):
            yield Fact(say("trace.interval"), say("trace.none"), why)
        if (before := self._before(figure)) is not None:
            yield Fact(say("trace.before"), words.value(before), before.id, "value", before.id)
        editions = {spec.edition for spec in (figure.population, figure.of) if spec is not None}
        for edition in sorted(editions - self._years) if figure.value is not None else ():
            yield Fact(say("trace.break"), say("trace.taken_over", edition=edition))
        for name in figure.breaks:
            yield Fact(say("trace.break"), capitalised(words.writer.break_note(name)))

    def _dispersion(self, interval: Interval) -> Iterator[Fact]:
        """φ of a comparison, and what it can't see; of synthetic rows, that it supports nothing."""
        if interval.dispersion is not None:
            say, phi = self.words.say, self.words.decimal(interval.dispersion, "ratio")
            more = [say("trace.dispersion_how")]
            more += [say("trace.dispersion_synthetic")] if self.publication.synthetic else []
            text = say("trace.dispersion_value", phi=phi)
            yield Fact(say("trace.dispersion"), text, " ".join(more), "dispersion")

    def _parts(self, figure: Figure) -> Iterator[Fact]:
        """The numbers that the value is made of, each with what it counts."""
        say, count, population = self.words.say, self.words.count, self.words.writer.population
        if figure.numerator is not None:
            term = "counted" if figure.denominator is None else "numerator"
            counted = population(figure.population)
            yield Fact(say(f"trace.{term}"), count(figure.numerator), counted, "numerator")
        if figure.denominator is not None and figure.of is not None:
            term = "against" if figure.kind in RISES else "denominator"
            other = population(figure.of)
            yield Fact(say(f"trace.{term}"), count(figure.denominator), other, "denominator")
        elif figure.denominator is not None and figure.kind == "top":
            among = population(figure.population)
            yield Fact(say("trace.among"), count(figure.denominator), among, "denominator")
        if (exposure := figure.exposure) is not None:
            units = " × ".join(say(f"exposure.{unit}") for unit in exposure.unit.split(" × "))
            of = count(exposure.of)
            if exposure.against is None:
                yield Fact(say("trace.divisor"), of, units, "exposure")
            else:
                text = say("trace.observed_value", of=of, against=count(exposure.against))
                parts = "exposure exposure_against"
                yield Fact(say("trace.observed"), text, units, parts)


def anchor_of(source: SourceFile) -> str:
    """The anchor of a source file's row in a page."""
    return f"source-{source.edition}-{source.file}-{source.table}"


def address_of(figure: str, publication: Publication) -> str:
    """Where the audit traces a figure, relative to its own pages; nothing for what is no figure."""
    chapter, _ = publication.origins.get(figure, ("", ""))
    return f"{chapter}.html#{figure}" if chapter else ""


def place_of(chapter: str, reference: Reference) -> str:
    """Where the report shows a part of a chapter, relative to the audit."""
    anchored = reference.kind in ("chart", "table")
    return f"{REPORT}#{reference.id}" if anchored else f"{REPORT}#chapter-{chapter}"


def _find_uses(
    publication: Publication, name: str, cell: NotebookNode
) -> Iterator[tuple[Use, Iterable[str]]]:
    """The places of a cell where the report shows figures, each with their ids."""
    if cell.cell_type == "markdown":
        text, _ = text_of(publication, name, cell)
        names = [split_placeholder(written["inside"]) for written in WRITTEN_OUT.finditer(text)]
        figures = [each[0] for each in names if each and each[0] in publication.ledger.figures]
        yield Use(name, cell.id, "text", f"{REPORT}#chapter-{name}"), figures
        return
    for record in records_of(cell, name):
        if record.shows is not None:
            use = Use(name, cell.id, record.shows.kind, place_of(name, record.shows))
            yield use, _figures_of(record.shows, publication.ledger)


def _figures_of(reference: Reference, ledger: Ledger) -> Iterator[str]:
    """The figures that a chart, a table or another part shows."""
    match reference.kind:
        case "chart":
            yield from _figures_in(ledger.charts[reference.id], ledger)
        case "table":
            yield from _figures_in(ledger.tables[reference.id], ledger)
        case "highlights":
            yield from ledger.highlights[reference.id].figures
        case "campaigns":
            for effects in ledger.campaigns[reference.id].effects:
                yield from effects.model_dump(exclude={"campaign"}, exclude_none=True).values()
        case "quality":
            for file in ledger.quality[reference.id].files:
                yield from (file.read, file.used, file.repaired, file.excluded)
        case "missing":
            yield from (figure for _, figure in ledger.missing[reference.id].figures)


def _figures_in(part: Chart | ReportTable, ledger: Ledger) -> Iterator[str]:
    yield from part.figures
    for name in part.columns:
        yield from (member.figure for member in ledger.series[name].members)
    if part.crosstab is not None:
        yield from (cell.figure for cell in ledger.crosstabs[part.crosstab].cells)
    if isinstance(part, ReportTable) and part.total is not None:
        yield part.total


def _tables_of(spec: PopulationSpec) -> set[str]:
    """The tables that a population is counted from."""
    tables = {*ABOVE.get(spec.table, ()), spec.table} & TABLES
    return tables.union(*map(_tables_of, spec.having))


def list_conditions(spec: PopulationSpec) -> tuple[str, ...]:
    """The conditions of a population as they are kept: one line each."""
    counted = spec.table if spec.noun == spec.table else f"{spec.noun}: {spec.table}"
    lines = [f"{counted}, edition {spec.edition}"]
    lines.append(f"date = {spec.period.start} … {spec.period.end}")
    if spec.without:
        lines.append(f"date ≠ {spec.without.start} … {spec.without.end}")
    return (*lines, *_list_conditions(spec, ""))


def _list_conditions(spec: PopulationSpec, before: str) -> Iterator[str]:
    """A line a condition, of codes with the groups that were written for them."""
    for condition in spec.conditions:
        given, negated = condition.given, condition.negated
        codes = given if negated else condition.codes
        if condition.form == "between":
            sign, listed, codes = "≠" if negated else "=", " … ".join(given).strip(), given
        elif len(codes) == 1:
            sign, listed = "≠" if negated else "=", codes[0]
        else:
            sign, listed = "∉" if negated else "∈", f"{{{', '.join(codes)}}}"
        group = "" if given == codes else f"   ({', '.join(given)})"
        yield f"{before}{condition.field} {sign} {listed}{group}"
    for lower in spec.having:
        yield from _list_conditions(lower, f"{before}{lower.table}.")
