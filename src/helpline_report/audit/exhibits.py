"""Derive what the charts and tables of a ledger say: heads, rows, cells, order, notes, sources.

All of it follows from ids: of series and codes, of figures, of breaks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from helpline_report.audit.code_labels import begin, end
from helpline_report.audit.value_spellings import ValueSpellings
from helpline_report.figures.model import (
    Breakdown,
    Chart,
    Exhibit,
    Figure,
    PopulationSpec,
    Reason,
    ReportTable,
    is_protected,
)
from helpline_report.parameters.row_layouts import UNKNOWN

# Fields whose codes keep their order; those of any other are ranked by size.
IN_ORDER = frozenset(
    {"month", "weekday", "hour", "date", "day", "quarter", "age_class", "caller_age_class"}
)
# Kinds of charts that show a count that isn't shown in their own way.
HIDDEN = {"heatmap": "hatched", "daily": "gap", "weeks": "gap"}
PROTECTED = Reason(code="protected")


class CellMeaning(NamedTuple):
    """What a cell says, and the figure that it shows or is about, with the numbers it has of it.

    `target` is where the audit tells of a number that is no figure's.
    """

    text: str
    figure: str = ""
    parts: str = ""
    target: str = ""


class RowMeaning(NamedTuple):
    """A row: what its first cell stands for (`channel=phone`) and says, and the others."""

    code: str
    label: str
    cells: tuple[CellMeaning, ...]


class Said(NamedTuple):
    """A text, and what it is about: the series of a head, the break of a note."""

    about: str
    text: str


class TableMeaning(NamedTuple):
    """All that a table says; the first of its heads is that of the rows."""

    caption: str
    subtitle: str
    heads: tuple[Said, ...]
    rows: tuple[RowMeaning, ...]
    notes: tuple[Said, ...] = ()
    source: str = ""

    @property
    def figures(self) -> list[str]:
        """The figures whose values its cells show."""
        return [cell.figure for row in self.rows for cell in row.cells if not cell.parts]


class FlowRow(NamedTuple):
    """A part of a flow: 0 is the whole, 1 a group or a code by itself, 2 a code of a group."""

    level: int
    label: str
    figure: Figure
    is_last: bool


class Exhibits:
    """The charts and tables of the ledger of `words`; each is derived once."""

    def __init__(self, words: ValueSpellings, helpline: str, website: str) -> None:
        self.words, self.ledger = words, words.ledger
        self._register = words.say("part.source_registered", name=helpline)
        self._website = words.say("part.source_traffic", website=website)
        self._tables: dict[tuple[str, str], TableMeaning | None] = {}

    def find_source(self, population: PopulationSpec) -> str:
        """Where what is counted comes from."""
        of = self._website if population.table == "traffic" else self._register
        return self.words.say("part.source", source=of)

    # Tables

    def derive_table(self, exhibit: Exhibit) -> TableMeaning | None:
        """What a table says, or that of what a chart shows; None if the ledger has nothing of it.

        Raises:
            KeyError: it shows what the ledger doesn't have.
        """
        key = type(exhibit).__name__, exhibit.id
        if key not in self._tables:
            self._tables[key] = self._derive_table(exhibit)
        return self._tables[key]

    def derive_whole(self, table: ReportTable) -> TableMeaning | None:
        """What a table says with all of its rows, whatever number the report shows."""
        if table.most is None:
            return self.derive_table(table)
        return self._derive_table(table.model_copy(update={"most": None}))

    def _derive_table(self, exhibit: Exhibit) -> TableMeaning | None:
        series = self.list_series(exhibit)
        if series:
            return self._derive_breakdown(exhibit, series)
        names = [name for name in exhibit.figures if name in self.ledger.figures]
        figures = [self.ledger.figures[name] for name in names]
        if not figures:
            return None
        if isinstance(exhibit, Chart):
            return self._derive_intervals(figures)
        return self._derive_figures(figures)

    def list_series(self, exhibit: Exhibit) -> list[Breakdown]:
        """The series or the cross-table of an exhibit; if a source gives some, these alone."""
        every = [self.ledger.breakdowns[name] for name in exhibit.breakdowns]
        given = [series for series in every if series.reason is None]
        return given or every

    def _derive_breakdown(
        self, exhibit: Exhibit, series: Sequence[Breakdown]
    ) -> TableMeaning | None:
        words, first = self.words, series[0]
        cells: dict[tuple[str, str], Figure | None] = {}
        for item in series:
            for member in item.members:
                column = member.codes[1] if item.is_crossed else item.id
                cells[member.codes[0], column] = self.ledger.figures.get(member.figure)
        codes = list(dict.fromkeys(code for code, _ in cells))
        if not codes:
            return None
        if first.is_crossed:
            columns = list(dict.fromkeys(column for _, column in cells))
            field = first.by[1]
            heads = [Said(f"{field}={code}", begin(words.label(field, code))) for code in columns]
        else:
            columns = [item.id for item in series]
            heads = [*map(Said, columns, self.name_series(series))]
        notes = self.list_break_notes(cells.values())
        if isinstance(exhibit, ReportTable):
            if exhibit.most is not None and len(codes) > exhibit.most:
                ranked = self.rank_codes(
                    first.by[0], {c: cells.get((c, columns[0])) for c in codes}
                )
                more = str(len(codes) - exhibit.most)
                codes = ranked[: exhibit.most]
                notes.append(Said("left_out", words.say("part.left_out", count=more)))
            if any(map(is_protected, cells.values())):
                text = words.say("part.hidden", reason=words.reason(PROTECTED))
                notes.append(Said("hidden=protected", text))
        without = {item.id for item in series if self.is_share_of_known(item)}
        rows = []
        for code in codes:
            row = []
            for column in columns:
                is_no_share = column in without and (code, column) not in cells
                cell = CellMeaning("–") if is_no_share else self.say_cell(cells.get((code, column)))
                row.append(cell)
            label = begin(words.label(first.by[0], code))
            rows.append(RowMeaning(f"{first.by[0]}={code}", label, tuple(row)))
        head = Said(f"field={first.by[0]}", begin(words.field(first.by[0])))
        return TableMeaning(
            words.caption(first),
            self._write_subtitle(series),
            (head, *heads),
            tuple(rows),
            tuple(notes),
            self.find_source(first.population),
        )

    def _write_subtitle(self, series: Sequence[Breakdown]) -> str:
        """That of the first series, and beside which periods it stands."""
        subtitle = self.words.subtitle(series[0])
        periods = [self.words.period(item.population.period) for item in series]
        for period in dict.fromkeys(periods):
            if period != periods[0]:
                subtitle = self.words.say("part.beside", subtitle=subtitle, period=period)
        return subtitle

    def name_series(self, series: Sequence[Breakdown]) -> list[str]:
        """The head of each series: that of noun, kind and period in which they differ."""
        names: list[tuple[str, str, str]] = []
        for item in series:
            population, kind = item.population, str(item.kind)
            if self.is_share_of_known(item):
                kind = "share_known"
                asked = [each for each in population.conditions if each.field not in item.by]
                population = population.model_copy(update={"conditions": tuple(asked)})
            noun = self.words.population(population, period=False)
            period = self.words.period(item.population.period)
            names.append((noun, self.words.say(f"kind.{kind}"), period))
        differ = [place for place in range(3) if len({name[place] for name in names}) > 1]
        if not differ:
            differ = [0 if series[0].kind == "count" else 1]
        return [begin(", ".join(name[place] for place in differ)) for name in names]

    def is_share_of_known(self, series: Breakdown) -> bool:
        """Whether shares by a field are of those rows alone of which the field is known."""
        field = series.by[0]
        condition, codelist = series.population.condition(field), self.words.codelists.get(field)
        if series.kind != "share" or condition is None:
            return False
        if codelist is None:
            return condition.negated and condition.terms == (UNKNOWN,)
        known = {entry.code for entry in codelist.codes if not entry.missing}
        return set(condition.codes) == known

    def say_cell(self, figure: Figure | None, *, with_interval: bool = False) -> CellMeaning:
        """A figure in a cell; a change has its interval behind it."""
        if figure is None:
            return CellMeaning(self.words.say("not_registered"))
        text = self.words.write_in_table(figure)
        if with_interval or figure.kind == "change":
            interval = self.words.write_interval(figure)
            text = f"{text} ({interval})" if interval else text
        return CellMeaning(text, figure.id)

    def _derive_figures(self, figures: Sequence[Figure]) -> TableMeaning:
        """Figures by themselves, a row each, with interval and year before if any has them."""
        words, known = self.words, self.ledger.figures
        before = [known.get(f"{figure.id}.previous") for figure in figures]
        periods = [words.period(item.population.period) for item in before if item]
        has_interval = any(figure.interval for figure in figures)
        heads = [Said("figure", words.say("part.what")), Said("value", words.say("column.value"))]
        heads += [Said("interval", words.say("part.interval"))] if has_interval else []
        heads += [Said("previous", period) for period in periods[:1]]
        rows = []
        for figure, earlier in zip(figures, before, strict=True):
            cells = [self.say_cell(figure)]
            if has_interval:
                cells.append(CellMeaning(words.write_interval(figure), figure.id, "low high"))
            if periods:
                cells.append(self.say_cell(earlier) if earlier else CellMeaning(""))
            name = begin(words.definition(figure))
            rows.append(RowMeaning(f"figure={figure.id}", name, tuple(cells)))
        return TableMeaning(
            words.say("part.figures"),
            words.population(figures[0].population),
            tuple(Said(head.about, begin(head.text)) for head in heads),
            tuple(rows),
            tuple(self.list_break_notes(figures)),
            self.find_source(figures[0].population),
        )

    def _derive_intervals(self, figures: Sequence[Figure]) -> TableMeaning:
        """What a chart of ratios has in its table; one by itself says of what and when it is."""
        words, other = self.words, figures[0].of
        subtitle = words.say("part.intervals_subtitle")
        if len(figures) == 1 and other is not None:
            subtitle = words.say(
                "part.intervals_of",
                noun=words.noun(other.noun),
                period=words.period(figures[0].population.period),
                other=words.period(other.period),
            )
        table = self._derive_figures(figures)
        return table._replace(caption=words.say("part.intervals"), subtitle=subtitle)

    # Notes

    def say_break(self, name: str) -> str:
        """The note of a break."""
        return end(self.words.breaks[name])

    def list_break_notes(self, figures: Iterable[Figure | None]) -> list[Said]:
        """The breaks that lie between what figures compare, each once."""
        names = dict.fromkeys(name for figure in figures if figure for name in figure.breaks)
        return [Said(f"break={name}", self.say_break(name)) for name in names]

    def list_chart_notes(self, chart: Chart, table: TableMeaning) -> list[Said]:
        """The notes of a chart over a table: its own, what isn't drawn, and what isn't shown."""
        notes = [*table.notes]
        if left_out := self.count_not_drawn(chart):
            text = self.words.say("part.left_out_chart", count=str(left_out))
            notes.append(Said("left_out_chart", text))
        figures = [self.ledger.figures[name] for name in table.figures if name]
        hidden = [each.reason for each in figures if each.status == "suppressed" and each.reason]
        key = HIDDEN.get(chart.kind, "hidden")
        reasons = {self.words.reason(reason): reason.code for reason in hidden}
        for text, code in reasons.items():
            notes.append(Said(f"{key}={code}", self.words.say(f"part.{key}", reason=text)))
        return notes

    def count_not_drawn(self, chart: Chart) -> int:
        """How many codes of a ranked chart stand in its table alone."""
        codes = self.list_drawn_codes(chart)
        return max(0, len(codes) - chart.most) if chart.most is not None else 0

    # Order

    def rank_codes(self, field: str, figures: Mapping[str, Figure | None]) -> list[str]:
        """Codes from the largest to the smallest; those that say no more than 'other' are last."""
        codes = list(figures)
        if field in IN_ORDER:
            return codes
        numbers = {code: read_number(figure) for code, figure in figures.items()}
        # A stable sort: ties keep the order of the code list.
        codes.sort(key=lambda code: -(numbers[code] or 0))
        codes.sort(key=lambda code: numbers[code] is None)
        codes.sort(key=lambda code: self.words.is_last(field, code))
        return codes

    def list_drawn_codes(self, chart: Chart) -> list[str]:
        """All codes of a ranked series of a chart in the order in which they are drawn.

        None of what isn't ranked: there the codes have their own order.
        """
        series = self.ledger.breakdowns.get(chart.breakdown or "")
        is_flow = chart.kind == "flow" and series is not None and self.derive_flow(chart)
        if series is None or series.is_crossed or chart.kind not in ("bars", "flow") or is_flow:
            return []
        known, against = self.ledger.figures, self.find_against(chart)
        codes = [member.codes[0] for member in series.members]
        if against is not None and not series.open:
            codes += [member.codes[0] for member in against.members]
        of_series = {member.codes[0]: known.get(member.figure) for member in series.members}
        figures = {code: of_series.get(code) for code in codes}
        return self.rank_codes(series.by[0], figures)

    def find_against(self, chart: Chart) -> Breakdown | None:
        """What a chart compares its series with, if any number of that is known."""
        against = self.ledger.breakdowns.get(chart.against or "")
        if against is None:
            return None
        figures = [self.ledger.figures.get(member.figure) for member in against.members]
        is_known = any(read_number(figure) is not None for figure in figures)
        return against if is_known else None

    # Charts

    def explain_empty(self, chart: Chart) -> Reason | None:
        """Why nothing of a chart can be drawn; None where something can."""
        series, known = self.ledger.breakdowns.get(chart.breakdown or ""), self.ledger.figures
        names = chart.figures
        if series is not None:
            names = tuple(member.figure for member in series.members)
        figures = [known[name] for name in names if name in known]
        if any(read_number(figure) is not None for figure in figures):
            return None
        reasons = [figure.reason for figure in figures if figure.reason]
        if series is not None and series.reason:
            reasons.append(series.reason)
        return reasons[0] if reasons else Reason(code="no_rows")

    def caption_chart(self, chart: Chart, table: TableMeaning) -> str:
        """What a chart shows; the table below one of days has days, and it itself weeks."""
        series = self.ledger.breakdowns.get(chart.breakdown or "")
        if chart.kind == "daily" and series is not None:
            return self.words.caption(series.model_copy(update={"by": ("week",)}))
        return table.caption

    def derive_flow(self, chart: Chart) -> list[FlowRow]:
        """The parts of a flow, each behind what it is a part of; nothing without a whole.

        A group is one that has a value; it stands where its first code does.
        """
        words, known = self.words, self.ledger.figures
        series = self.ledger.breakdowns[chart.breakdown or ""]
        field = series.by[0]
        figures = [known[name] for name in chart.figures if name in known]
        wholes = [each for each in figures if each.population == series.population]
        if not wholes or read_number(wholes[0]) is None:
            return []
        whole = wholes[0]
        group_of: dict[str, Figure] = {}
        for figure in figures:
            condition = figure.population.condition(field)
            if figure is not whole and condition and read_number(figure) is not None:
                group_of |= dict.fromkeys(condition.codes, figure)
        members = {member.codes[0]: known[member.figure] for member in series.members}
        parts: dict[str, list[str]] = {}
        for code in members:
            parts.setdefault(group_of[code].id if code in group_of else "", []).append(code)
        rows = [FlowRow(0, words.definition(whole), whole, is_last=False)]
        told = set[str]()
        for code, figure in members.items():
            group = group_of.get(code)
            if group is None:
                is_last = self.words.is_last(field, code) > 0
                rows.append(FlowRow(1, words.label(field, code), figure, is_last))
            elif group.id not in told:
                told.add(group.id)
                condition = group.population.condition(field)
                terms = condition.terms if condition else ()
                name = ", ".join(words.label(field, term) for term in terms)
                rows.append(FlowRow(1, name, group, is_last=False))
                of_group = {each: members[each] for each in parts[group.id]}
                for each in self.rank_codes(field, of_group):
                    # 'referral to …' is 'to …' where it stands behind its group.
                    label = words.label(field, each).removeprefix(f"{name} ")
                    rows.append(FlowRow(2, label, members[each], is_last=False))
        return rows


def read_number(figure: Figure | None) -> float | None:
    """The value of a figure as a number; None where it has none."""
    if figure is None or figure.value is None or isinstance(figure.value, str):
        return None
    return float(figure.value)
