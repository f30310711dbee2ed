"""The trace of a figure: all that it takes to find the number again with pencil and paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.pandas_steps import PandasSteps
from helpline_report.audit.populations import as_data, tables_of
from helpline_report.audit.uses import Use, uses
from helpline_report.figures.ledger import SourceFile
from helpline_report.figures.model import Figure, PopulationSpec, Unit
from helpline_report.figures.printed import Reconciled
from helpline_report.figures.same import Key, kind_of
from helpline_report.report.publication import Publication
from helpline_report.second_count.condition_tests import Fields
from helpline_report.second_count.row_tables import fields_with_several, row_sources
from helpline_report.second_count.statements import Query, queries_of_years

RISES = ("change", "rate_ratio", "flag")
WITH_INTERVAL = ("share", "change", "rate_ratio")


@dataclass(frozen=True)
class Fact:
    """One line of a trace: what it is about, and what there is to say."""

    term: str
    text: str
    more: str = ""


@dataclass(frozen=True)
class Conditions:
    """A population as data: which part of the figure it is, and its lines."""

    of: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A file that a figure is counted from: its name, its edition, and its anchor in the page."""

    file: str
    edition: str
    anchor: str


@dataclass(frozen=True)
class FigureTrace:
    """Everything that a page says of one figure."""

    id: str
    title: str
    value: str
    exact: str
    facts: tuple[Fact, ...]
    conditions: tuple[Conditions, ...]
    steps: tuple[str, ...]
    queries: tuple[Query, ...]
    sources: tuple[Source, ...]
    printed: tuple[Reconciled, ...]
    used: tuple[Use, ...]


def anchor_of(source: SourceFile) -> str:
    """The anchor of a source file's row in a page."""
    return f"source-{source.edition}-{source.file}-{source.table}"


class Tracer:
    """Traces the figures of one publication; everything it says comes from the released ledger."""

    def __init__(self, publication: Publication, words: AuditWords) -> None:
        self.publication = publication
        self.words = words
        layouts = publication.layouts
        sources = row_sources(publication.counted, layouts) if layouts else []
        self.fields = Fields(publication.codelists, fields_with_several(sources))

    @cached_property
    def steps(self) -> PandasSteps:
        """Writes the steps in pandas."""
        publication = self.publication
        periods = [each.period for each in publication.editions]
        return PandasSteps(publication.edition.edition, periods, publication.ledger.multiple)

    @cached_property
    def years(self) -> frozenset[str]:
        """The editions whose rows were counted."""
        return frozenset(each.edition for each in self.publication.counted)

    @cached_property
    def used(self) -> Mapping[str, tuple[Use, ...]]:
        """Where the report uses each figure."""
        return uses(self.publication)

    @cached_property
    def printed(self) -> Mapping[str, tuple[Reconciled, ...]]:
        """What earlier reports printed of each figure."""
        found: dict[str, tuple[Reconciled, ...]] = {}
        for item in self.publication.reconciled:
            found[item.held] = (*found.get(item.held, ()), item)
        return found

    @cached_property
    def _before(self) -> Mapping[Key, Figure]:
        """The figures of the whole comparison year, by what they are of."""
        comparison = self.publication.comparison
        if comparison is None:
            return {}
        figures = self.publication.ledger.figures.values()
        return {
            _key(figure): figure
            for figure in figures
            if figure.population.edition == comparison.edition
            and figure.population.period == comparison.period
        }

    def before(self, figure: Figure) -> Figure | None:
        """The same figure of the comparison year, if the ledger has it."""
        edition = self.publication.edition
        mine = figure.population
        if figure.kind in RISES or mine.edition != edition.edition or mine.period != edition.period:
            return None
        named = self.publication.ledger.figures.get(f"{figure.id}.previous")
        return named or self._before.get(_key(figure))

    def trace(self, figure: Figure) -> FigureTrace:
        """The trace of one figure."""
        return FigureTrace(
            id=figure.id,
            title=self.words.definition(figure),
            value=self.words.value(figure),
            exact=self.words.exact(figure),
            facts=tuple(self._facts(figure)),
            conditions=tuple(self.conditions(figure.population, figure.of, figure.kind)),
            steps=self.steps.figure(figure) if figure.population.edition in self.years else (),
            queries=queries_of_years(figure, self.fields, self.years),
            sources=self.sources(figure.population, figure.of),
            printed=self.printed.get(figure.id, ()),
            used=self.used.get(figure.id, ()),
        )

    def conditions(
        self, spec: PopulationSpec, of: PopulationSpec | None, kind: str
    ) -> Iterator[Conditions]:
        """The populations of a figure as they are kept."""
        say = self.words.say
        yield Conditions(say("trace.counted" if of is None else "trace.numerator"), as_data(spec))
        if of is not None:
            against = "trace.against" if kind in RISES else "trace.denominator"
            yield Conditions(say(against), as_data(of))

    def sources(self, *specs: PopulationSpec | None) -> tuple[Source, ...]:
        """The files that populations are counted from."""
        wanted = {
            (spec.edition, table) for spec in specs if spec is not None for table in tables_of(spec)
        }
        found: dict[tuple[str, str], Source] = {}
        for source in self.publication.ledger.sources:
            whole = source.table == "ledger" and source.edition in {year for year, _ in wanted}
            if whole or (source.edition, source.table) in wanted:
                made = Source(source.file, source.edition, anchor_of(source))
                found.setdefault((source.edition, source.file), made)
        return tuple(found.values())

    def no_interval(self, figure: Figure) -> str:
        """Why persons or follow-ups of a year without rows have no interval; else nothing."""
        clustered = figure.population.table in ("persons", "followups")
        made_of = (figure.population, figure.of)
        gone = [spec.edition for spec in made_of if spec and spec.edition not in self.years]
        if figure.value is None or figure.kind not in WITH_INTERVAL or not (clustered and gone):
            return ""
        return self.words.say("trace.no_interval", edition=gone[0])

    def _facts(self, figure: Figure) -> Iterator[Fact]:
        say = self.words.say
        if figure.reason is not None:
            text = self.words.capital(self.words.writer.reason(figure.reason)).rstrip(".")
            yield Fact(say("trace.status"), f"{text}.")
        if figure.kind == "own":
            chapter, cell = self.publication.origins.get(figure.id, ("", ""))
            text = say("trace.own", chapter=chapter, cell=cell)
            yield Fact(say("trace.once"), text, figure.how)
        yield from self._parts(figure)
        yield from self._exposure(figure)
        if figure.interval is not None:
            meaning = say(f"interval.{figure.interval.method}")
            text = self.words.interval(figure.interval, _interval_unit(figure))
            yield Fact(say("trace.interval"), text, meaning)
        elif why := self.no_interval(figure):
            yield Fact(say("trace.interval"), say("trace.none"), why)
        before = self.before(figure)
        if before is not None:
            yield Fact(say("trace.before"), self.words.value(before), before.id)
        gone = {figure.population.edition, *([figure.of.edition] if figure.of else [])}
        for edition in sorted(gone - self.years if figure.value is not None else ()):
            yield Fact(say("trace.break"), say("trace.taken_over", edition=edition))
        for name in figure.breaks:
            yield Fact(say("trace.break"), self.words.capital(self.words.writer.break_note(name)))

    def _parts(self, figure: Figure) -> Iterator[Fact]:
        """The counts that the value is made of, each with what it counts."""
        say, population = self.words.say, self.words.population(figure.population)
        if figure.numerator is not None:
            term = say("trace.counted" if figure.denominator is None else "trace.numerator")
            yield Fact(term, self.words.count(figure.numerator), population)
        if figure.denominator is None:
            return
        number = self.words.count(figure.denominator)
        if figure.of is not None:
            term = say("trace.against" if figure.kind in RISES else "trace.denominator")
            yield Fact(term, number, self.words.population(figure.of))
        elif figure.kind == "top":
            yield Fact(say("trace.among"), number, population)

    def _exposure(self, figure: Figure) -> Iterator[Fact]:
        """What a mean is divided by, or over how many days each side of a rate was observed."""
        if figure.exposure is None:
            return
        say, exposure = self.words.say, figure.exposure
        units = [say(f"exposure.{unit}") for unit in exposure.unit.split(" × ")]
        of = self.words.count(exposure.of)
        if exposure.against is None:
            yield Fact(say("trace.divisor"), of, " × ".join(units))
            return
        against = self.words.count(exposure.against)
        text = say("trace.observed_value", of=of, against=against)
        yield Fact(say("trace.observed"), text, " × ".join(units))


def _interval_unit(figure: Figure) -> Unit:
    """A flag's interval is that of the ratio it was made of."""
    return "ratio" if figure.kind == "flag" else figure.unit


def _key(figure: Figure) -> Key:
    of = kind_of(figure.of) if figure.of is not None else None
    exposure = figure.exposure.unit if figure.exposure else ""
    return (
        figure.kind,
        kind_of(figure.population),
        of,
        figure.by if figure.kind in ("top", "rank", "maximum") else (),
        figure.code if figure.kind == "rank" else None,
        figure.place,
        figure.lowest,
        exposure,
    )
