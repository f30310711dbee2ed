"""Trace a figure: gather all that it takes to find the number again with pencil and paper."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from typing import NamedTuple

from helpline_report.audit.audit_words import AuditWords
from helpline_report.figures.ledger import SourceFile
from helpline_report.figures.model import Breakdown, Figure, Interval, PopulationSpec
from helpline_report.figures.printed import Reconciled
from helpline_report.prose.numbers import capitalised
from helpline_report.prose.vocabulary import TABLES_ABOVE
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import name_rows
from helpline_report.second_count.row_tables import list_fields
from helpline_report.second_count.statements import FILES, Query, count_series, list_queries

REPORT = "../index.html"
RISES = ("change", "rate_ratio", "flag")
WITH_INTERVAL = ("share", "change", "rate_ratio")


class Fact(NamedTuple):
    """One line of a trace: its term, and what there is to say.

    It is `about` a fact of a figure (`numerator`). `parts` are the numbers of the figure that stand
    in it.
    """

    about: str
    term: str
    text: str
    more: str = ""
    parts: str = ""


class TraceColumn(NamedTuple):
    """A column of a table of figures: what it is about, its head, and whether it holds numbers.

    `parts` are those of a figure that stand in it.
    """

    about: str
    head: str
    numeric: bool = False
    parts: str = ""


@dataclass(frozen=True)
class Trace:
    """What a page says of one `figure`, or of figures that differ in their codes alone.

    If there are several, `rows` give, by the id of each, a text for every column.
    """

    id: str
    title: str
    figure: Figure | None = None
    facts: Sequence[Fact] = ()
    columns: Sequence[TraceColumn] = ()
    rows: Mapping[str, Sequence[str]] | None = None
    queries: Sequence[Query] = ()
    sources: Sequence[SourceFile] = ()
    printed: Sequence[Reconciled] = ()


class Tracer:
    """Traces the figures of one publication; everything it says comes from the released ledger."""

    def __init__(self, publication: Publication, words: EditionWords | None = None) -> None:
        self.publication = publication
        self.edition_words = words or EditionWords(publication)
        self.words = AuditWords(self.edition_words.writer)
        self._figures = publication.ledger.figures
        counted, layouts = publication.counted, publication.layouts
        self._fields = list_fields(counted, layouts, publication.codelists)
        self._printed: dict[str, list[Reconciled]] = {}
        for item in publication.reconciled:
            self._printed.setdefault(item.about, []).append(item)

    @cached_property
    def _owners(self) -> Mapping[str, Breakdown]:
        return {
            member.figure: breakdown
            for breakdown in self.publication.ledger.breakdowns.values()
            for member in breakdown.members
        }

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
        return Trace(
            id=figure.id,
            title=capitalised(self.words.writer.definition(figure)),
            figure=figure,
            facts=tuple(self._list_facts(figure)),
            queries=list_queries(figure, self._fields),
            sources=self._list_sources(figure.population, figure.of),
            printed=self._printed.get(figure.id, ()),
        )

    def _trace_members(self, owner: Breakdown) -> Trace:
        writer, spec, by = self.words.writer, owner.population, owner.by
        labels = {}
        for member in owner.members:
            # Months of the year before stand under those of the year, each with its own code.
            code = self._figures[member.figure].code
            codes = (code,) if code else member.codes
            labels[member.figure] = tuple(map(writer.label, by, codes))
        columns, rows = self._make_table(
            labels, [(f"field={field}", writer.field(field)) for field in by]
        )
        counted = spec.edition in self._fields.editions
        return Trace(
            id=f"series-{owner.id}",
            title=f"{writer.caption(owner)}, {writer.idiom.period(spec.period)}",
            columns=columns,
            rows=rows,
            queries=(Query("ranking", count_series(spec, by, self._fields)),) if counted else (),
            sources=self._list_sources(spec, owner.of),
        )

    def _trace_files(self, cell: str, figures: Sequence[Figure]) -> Trace:
        """Rows read, used, repaired and excluded of each file, with the one statement of all."""
        say, labels = self.words.say, {}
        for figure in figures:
            codes = {c.field: c.codes[0] for c in figure.population.conditions}
            file = name_rows(codes["file"], figure, self.edition_words)
            labels[figure.id] = (file, say(f"outcome.{codes['fate']}"))
        heads = [(about, say(f"trace.{about}")) for about in ("file", "outcome")]
        columns, rows = self._make_table(labels, heads)
        queries, title = (Query("rows", FILES),), say("trace.rows_of_files")
        return Trace(f"series-{cell}", title, columns=columns, rows=rows, queries=queries)

    def _make_table(
        self, labels: Mapping[str, tuple[str, ...]], heads: Sequence[tuple[str, str]]
    ) -> tuple[Sequence[TraceColumn], Mapping[str, Sequence[str]]]:
        """A row a figure, with the columns in which at least one has something to say.

        The heads of the first columns stand behind what these are about.
        """
        words = self.words

        def column(about: str, *, numeric: bool = False, parts: str = "") -> TraceColumn:
            return TraceColumn(about, words.say(f"trace.{about}"), numeric, parts)

        def write_part(figure: Figure, number: float | None) -> str:
            return "" if number is None or figure.unit == "count" else words.count(number)

        def write_interval(figure: Figure) -> str:
            if figure.interval is None:
                return self._explain_no_interval(figure)
            return words.interval("part.interval_value", figure)

        writers: dict[TraceColumn, Callable[[Figure], str]] = {
            column("value", numeric=True, parts="value"): words.value,
            column("exact", numeric=True, parts="exact"): words.exact,
            column("status"): words.why_not,
            column("numerator", numeric=True, parts="numerator"): (
                lambda figure: write_part(figure, figure.numerator)
            ),
            column("denominator", numeric=True, parts="denominator"): (
                lambda figure: write_part(figure, figure.denominator)
            ),
            column("interval_short", parts="low high"): write_interval,
            column("printed"): (
                lambda figure: "; ".join(map(self.write_verdict, self._printed.get(figure.id, ())))
            ),
        }
        figures = [self._figures[name] for name in labels]
        cells = {column: [*map(write, figures)] for column, write in writers.items()}
        cells = {column: texts for column, texts in cells.items() if any(texts)}
        lines = zip(labels.items(), *cells.values(), strict=True)
        rows = {name: (*codes, *texts) for (name, codes), *texts in lines}
        return [*starmap(TraceColumn, heads), *cells], rows

    def write_verdict(self, item: Reconciled) -> str:
        """What was printed, and its verdict: '86,41%: klopt'."""
        verdict = self.words.say(f"verdict.{item.verdict}")
        return self.words.say("trace.printed_value", printed=item.printed.printed, verdict=verdict)

    def _list_sources(self, *specs: PopulationSpec | None) -> tuple[SourceFile, ...]:
        wanted = {(spec.edition, table) for spec in specs if spec for table in list_tables(spec)}
        wanted |= {(edition, "ledger") for edition, _ in wanted}
        sources: dict[tuple[str, str], SourceFile] = {}
        for source in self.publication.ledger.sources:
            if (source.edition, source.table) in wanted:
                sources.setdefault((source.edition, source.file), source)
        return tuple(sources.values())

    # The facts of a figure by itself

    def _state(self, about: str, text: str, more: str = "", parts: str = "") -> Fact:
        return Fact(about, self.words.say(f"trace.{about}"), text, more, parts)

    def _explain_no_interval(self, figure: Figure) -> str:
        """Why persons or follow-ups of a year without rows have no interval; else nothing."""
        if figure.value is None or figure.kind not in WITH_INTERVAL:
            return ""
        for spec in (figure.population, figure.of):
            is_gone = spec is not None and spec.edition not in self._fields.editions
            if spec is not None and is_gone and figure.population.table in ("persons", "followups"):
                return self.words.say("trace.no_interval", edition=spec.edition)
        return ""

    def _list_facts(self, figure: Figure) -> Iterator[Fact]:
        say, words = self.words.say, self.words
        if figure.reason is not None:
            yield self._state("status", words.why_not(figure))
        if figure.kind == "own":
            chapter, cell = self.publication.origins.get(figure.id, ("", ""))
            text = say("trace.own", chapter=chapter, cell=cell)
            yield self._state("once", text, figure.how)
        yield from self._list_number_facts(figure)
        if figure.interval is not None:
            yield from self._list_interval_facts(figure, figure.interval)
        elif why := self._explain_no_interval(figure):
            yield self._state("interval", say("trace.none"), why)
        editions = {spec.edition for spec in (figure.population, figure.of) if spec is not None}
        for edition in sorted(editions - self._fields.editions) if figure.value is not None else ():
            yield self._state("break", say("trace.taken_over", edition=edition))
        for name in figure.breaks:
            yield self._state("break", capitalised(words.writer.break_note(name)))

    def _list_interval_facts(self, figure: Figure, interval: Interval) -> Iterator[Fact]:
        """The interval; of a comparison φ too, and what it can't see."""
        say, words = self.words.say, self.words
        text = words.interval("interval.value", figure)
        how = say(f"interval.{interval.method}")
        yield self._state("interval", text, how, "level low high")
        if interval.dispersion is not None:
            text = say("trace.dispersion_value", phi=words.decimals(interval.dispersion, "ratio"))
            synthetic = (
                f" {say('trace.dispersion_synthetic')}" if self.publication.synthetic else ""
            )
            how = say("trace.dispersion_how") + synthetic
            yield self._state("dispersion", text, how, "dispersion")

    def _list_number_facts(self, figure: Figure) -> Iterator[Fact]:
        """The numbers that the value is made of, each with what it counts."""
        say, count, population = self.words.say, self.words.count, self.words.writer.population
        if figure.numerator is not None:
            term = "counted" if figure.denominator is None else "numerator"
            counted = population(figure.population)
            yield self._state(term, count(figure.numerator), counted, "numerator")
        of = figure.population if figure.kind == "top" else figure.of
        if figure.denominator is not None and of is not None:
            terms = {"top": "among", **dict.fromkeys(RISES, "against")}
            term = terms.get(figure.kind, "denominator")
            yield self._state(term, count(figure.denominator), population(of), "denominator")
        if (exposure := figure.exposure) is not None:
            units = " × ".join(say(f"exposure.{unit}") for unit in exposure.unit.split(" × "))
            of_days = count(exposure.own)
            if exposure.other is None:
                yield self._state("divisor", of_days, units, "exposure")
            else:
                text = say("trace.observed_value", of=of_days, against=count(exposure.other))
                parts = "exposure exposure_against"
                yield self._state("observed", text, units, parts)


def name_anchor(source: SourceFile) -> str:
    """The anchor of a source file's row in a page."""
    return f"source-{source.edition}-{source.file}-{source.table}"


def group_sources(sources: Iterable[SourceFile]) -> list[list[SourceFile]]:
    """The source files, together where one file with as many rows feeds several tables."""
    groups: dict[tuple[str, str, str, int | None], list[SourceFile]] = {}
    for source in sources:
        key = (source.edition, source.file, source.sha256, source.rows)
        groups.setdefault(key, []).append(source)
    return list(groups.values())


def find_address(figure: str, publication: Publication) -> str:
    """Where the audit traces a figure, relative to its own pages; nothing for what is no figure."""
    chapter, _ = publication.origins.get(figure, ("", ""))
    return f"{chapter}.html#{figure}" if chapter else ""


def list_tables(spec: PopulationSpec) -> set[str]:
    """The tables whose rows decide how many a population holds; row counts of files are of all."""
    if spec.table == "files":
        return {"contacts", "persons", "followups", "traffic"}
    lower = [list_tables(population) for population in spec.having]
    return {spec.table, *TABLES_ABOVE.get(spec.table, ())}.union(*lower)
