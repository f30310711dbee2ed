"""Derive what the trace of a figure says: its numbers, what each counts, and its sources."""

from collections.abc import Callable, Sequence
from functools import cached_property

from helpline_report.audit.code_labels import begin, end
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.quality_meanings import say_verdict
from helpline_report.description import Node
from helpline_report.figures.model import Breakdown, Figure, PopulationSpec

# Units whose values have no more digits than a page writes.
WHOLE = ("count", "month", "weekday", "rank", "flag")
DECIMALS = 2
# Fields whose codes a statement writes as numbers, and tables that no statement of codes counts.
NUMBERS = ("month", "weekday", "hour", "age", "date", "week", "day")

Say = Callable[..., str]


class TraceMeanings:
    """The traces of the figures of an edition; `say` has the phrases of the audit."""

    def __init__(self, meanings: Meanings, say: Say) -> None:
        self.meanings, self.words, self.say = meanings, meanings.words, say
        self.ledger, self.figures = meanings.ledger, meanings.ledger.figures
        self._prints: dict[str, list[str]] = {}
        for item in meanings.data.reconciled:
            printed = item.printed
            source = say(
                "trace.printed_in",
                source=printed.source,
                section=printed.section,
                printed=printed.printed,
            )
            verdict = begin(say_verdict(item.verdict, meanings.exhibits))
            reason = f" {item.reason}" if item.verdict != "agrees" else ""
            self._prints.setdefault(item.about, []).append(f"{source} {verdict}.{reason}")

    @cached_property
    def places(self) -> set[str]:
        """Where traces stand: of figures by themselves, of series, and of files."""
        series = {f"series-{name}" for name in self.ledger.breakdowns}
        cells = {f"series-{cell}" for _, cell in self.meanings.origins.values()}
        points = self.ledger.trend.points if self.ledger.trend else ()
        return series | cells | self.figures.keys() | {point.id for point in points}

    @cached_property
    def _owners(self) -> dict[str, tuple[Breakdown, tuple[str, ...]]]:
        """The series that each figure is a member of, with its codes there."""
        owners: dict[str, tuple[Breakdown, tuple[str, ...]]] = {}
        for series in self.ledger.breakdowns.values():
            for member in series.members:
                code = self.figures[member.figure].code
                owners.setdefault(member.figure, (series, (code,) if code else member.codes))
        return owners

    # What it is

    def define(self, node: Node) -> Sequence[str]:
        """The title of a trace: it stands at the place of its figure or series."""
        kind, _, name = node.about.partition("=")
        if kind == "figure":
            figure = self.figures.get(name)
            is_here = figure is not None and node.place == name
            return [begin(self.words.definition(figure))] if figure and is_here else []
        series = self.ledger.breakdowns.get(name.removeprefix("series-"))
        if series is None:
            return [self.say("trace.rows_of_files")]
        period = self.words.period(series.population.period)
        return [f"{self.words.caption(series)}, {period}"] if node.place == name else []

    def name_total(self, name: str) -> Sequence[str]:
        """A total that others printed, of another year."""
        points = self.ledger.trend.points if self.ledger.trend else ()
        texts = [(point.id, f"trend.{point.noun}", str(point.year)) for point in points]
        return [self.say(key, year=year) for each, key, year in texts if each == name]

    def label_row(self, name: str) -> Sequence[str] | None:
        """The first code of a member of a series, as it begins its row."""
        if name not in self._owners:
            return None
        series, codes = self._owners[name]
        return [begin(self.words.label(series.by[0], codes[0]))]

    # Numbers

    def count(self, number: float) -> str:
        """A number with no decimals where it is whole."""
        whole = float(number).is_integer()
        return self.words.number(number, 0 if whole else DECIMALS)

    def say_value(self, node: Node) -> Sequence[str] | None:
        """The numbers of a figure that a node says it has."""
        figure, parts = self.figures.get(node.about), node.form
        if figure is None:
            return None
        is_row = node.about in self._owners or figure.population.table == "files"
        match parts:
            case "value":
                return [self.words.write_in_table(figure)]
            case "exact":
                is_whole = figure.unit in WHOLE or figure.value is None
                return ["" if is_whole else str(figure.value)]
            case "numerator" | "denominator":
                number = figure.numerator if parts == "numerator" else figure.denominator
                # In a row of counts these say nothing more.
                is_said = number is not None and not (is_row and figure.unit == "count")
                return [self.count(number) if is_said and number is not None else ""]
            case "low high":
                return None if figure.interval is None else [self.words.write_interval(figure)]
        text = self._write_fact(figure, parts)
        return None if text is None else [text]

    def _write_fact(self, figure: Figure, parts: str) -> str | None:
        """An interval, a factor of dispersion, or what a number is divided by."""
        interval, exposure = figure.interval, figure.exposure
        if parts == "level low high":
            ends = self.words.write_interval(figure)
            return self.words.write_interval(figure, "interval.value") if ends else None
        if parts == "dispersion" and interval is not None and interval.dispersion is not None:
            phi = self.words.decimals(interval.dispersion, "ratio", DECIMALS)
            return self.say("trace.dispersion_value", phi=phi)
        if exposure is None:
            return None
        if parts == "exposure":
            return self.count(exposure.own)
        if parts == "exposure exposure_against" and exposure.other is not None:
            values = {"of": self.count(exposure.own), "against": self.count(exposure.other)}
            return self.say("trace.observed_value", **values)
        return None

    # What stands behind a term

    def explain(self, node: Node) -> Sequence[str] | None:
        """What a trace says behind a term, by what that is about."""
        figure, about = self.figures.get(node.place), node.about
        if figure is None:
            return None
        match about:
            case "value":
                exact = self.say_value(Node("", "value", about=figure.id, form="exact"))
                more = [text for text in exact or () if text]
                value = self.words.write_in_table(figure)
                texts = [f" ({self.say('trace.exact')}: {text})" for text in more]
                return [f"{value}{''.join(texts)}"]
            case "counted" | "numerator" if figure.numerator is not None:
                return [self._add_population(figure.numerator, figure.population)]
            case "denominator" | "against" | "among" if figure.denominator is not None:
                whole = figure.population if figure.kind == "top" else figure.of
                return [self._add_population(figure.denominator, whole)] if whole else []
            case "printed":
                return self._prints.get(figure.id, [])
            case "status" if figure.reason is not None:
                return [end(self.words.reason(figure.reason))]
            case "interval" if figure.interval is not None:
                how = self.say(f"interval.{figure.interval.method}")
                ends = self._write_fact(figure, "level low high") or ""
                return [f"{ends} · {how}"]
            case "sources":
                return self._list_sources(node)
        return None

    def _add_population(self, number: float, population: PopulationSpec) -> str:
        return f"{self.count(number)} · {self.words.population(population)}"

    def _list_sources(self, node: Node) -> Sequence[str]:
        """Files of the ledger, each with its year; of no other year than the figure's own."""
        known = {f"{source.file} ({source.edition})" for source in self.ledger.sources}
        files = node.text.split("), ")
        named = [f"{file})" if not file.endswith(")") else file for file in files]
        return [node.text] if {*named} <= known else []

    def say_cell(self, node: Node) -> Sequence[str] | None:
        """A cell of a row of a series that shows no number: a second code, or why there is none."""
        figure = self.figures[node.place]
        kind, _, field = node.about.partition("=")
        if kind == "field" and figure.id in self._owners:
            series, codes = self._owners[figure.id]
            pairs = dict(zip(series.by, codes, strict=False))
            return [self.words.label(field, pairs[field])] if field in pairs else []
        if kind == "status":
            return [end(self.words.reason(figure.reason))] if figure.reason else [""]
        return None

    def check_statement(self, node: Node) -> Sequence[str] | None:
        """The statement that counts a figure again names the codes of its population."""
        figure = self.figures.get(node.place)
        if figure is None or node.about not in ("numerator", "count"):
            return None
        codes = [
            code
            for condition in figure.population.conditions
            if condition.field not in NUMBERS
            for code in condition.terms
        ]
        is_table = figure.population.table in ("contacts", "persons", "followups")
        lacking = [code for code in codes if f"'{code}'" not in node.text] if is_table else []
        return [f"a statement with {' and '.join(lacking)}"] if lacking else None
