"""Derive what the CSV files of `data/` have to say, from the ledger, code lists and catalogues."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.code_labels import begin
from helpline_report.audit.interface_meanings import InterfaceMeanings
from helpline_report.audit.meanings import Meanings
from helpline_report.description import Node
from helpline_report.figures.model import Breakdown, Exhibit, Figure
from helpline_report.parameters.yaml import read_resource

# The columns of the files whose columns are always the same, with their types.
COLUMNS: Mapping[str, Mapping[str, str]] = read_resource(
    "helpline_report.report", "columns.yaml"
).data
# The last columns of a file of made-up rows, and of a draft that leaves rows out.
ROWS, LEFT_OUT = ("rows", "string"), ("draft_left_out_rows", "integer")
FIGURES, PICTURES = "figures.csv", "charts/index.csv"

# The heads of a file with their types, and its rows with the figure that each is about.
Heads = list[tuple[str, str]]
Rows = list[tuple[str, list[str]]]


class DataFileMeaning:
    """A CSV file: what it is, its heads with their types and titles, and its rows.

    Each row stands behind the figure that it is about.
    """

    def __init__(self, title: str, description: str, heads: Heads, rows: Rows) -> None:
        self.title, self.description, self.heads, self.rows = title, description, heads, rows
        self.names: list[str] = []
        self.units: list[str] = []

    def list_nodes(self, place: str) -> list[Node]:
        """The nodes of the file."""
        nodes = [Node(place, "head", name, form=kind) for name, kind in self.heads]
        nodes += [Node(place, "row", _join(cells), about) for about, cells in self.rows]
        return nodes


def _join(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def write_value(value: float | str | None) -> str:
    """A value for machines: a decimal point, nothing rounded, no decimals where it is whole."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:.0f}" if value == int(value) else repr(float(value))


class DataMeanings:
    """The CSV files of an edition in one language, by their names."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings, self.words, self.ledger = meanings, meanings.words, meanings.ledger
        self.interface = InterfaceMeanings(meanings)
        self.data = meanings.data

    def derive_files(self, pictures: Sequence[Node]) -> dict[str, DataFileMeaning]:
        """Every file; of the list of pictures what the description says is taken for its texts.

        These are held to the drawings, and to the page.
        """
        files = {FIGURES: self._derive_figures_file()}
        exhibits: list[Exhibit] = [*self.ledger.charts.values(), *self.ledger.tables.values()]
        for exhibit in sorted(exhibits, key=lambda exhibit: exhibit.id):
            series = [self.ledger.breakdowns[name] for name in exhibit.breakdowns]
            file = self._derive_series(self._leave_out(series)) if series else None
            if not series:
                names = [name for name in exhibit.figures if name in self.ledger.figures]
                population = self.ledger.figures[names[0]].population if names else None
                about = begin(self.words.population(population)) if population else ""
                file = self._derive_figures(self.words.say("part.figures"), about, names)
            if file is not None and file.rows:
                files[f"{exhibit.id}.csv"] = file
        files |= dict(self._derive_trends())
        title = self.words.say("data.charts")
        heads = [*COLUMNS["charts"].items()]
        rows = [("", next(csv.reader([node.text]))) for node in pictures]
        rows = [(cells[0], cells[: len(heads)]) for _, cells in rows]
        files[PICTURES] = DataFileMeaning(title, "", heads, rows)
        for file in files.values():
            if not file.names:
                file.names = [self.words.say(f"column.{head}") for head, _ in file.heads]
                file.units = [""] * len(file.names)
            self._mark(file)
        return files

    def _leave_out(self, series: list[Breakdown]) -> list[Breakdown]:
        """Those that the source gives; all of them where it gives none."""
        return [item for item in series if item.reason is None] or series

    def _mark(self, file: DataFileMeaning) -> None:
        """Say of each row that its rows are made up, or how many a draft leaves out."""
        marks: list[tuple[tuple[str, str], str]] = []
        if self.data.edition.rows == "synthetic":
            marks.append((ROWS, "synthetic"))
        if self.ledger.draft:
            rows = sum(each.rows for each in self.ledger.left_out)
            marks.append((LEFT_OUT, str(rows)))
        for head, text in marks:
            file.heads.append(head)
            file.names.append(self.words.say(f"column.{head[0]}"))
            file.units.append("")
            for _, cells in file.rows:
                cells.append(text)

    # Figures

    def _derive_figures_file(self) -> DataFileMeaning:
        origins = self.meanings.origins
        names = [name for name in origins if name in self.ledger.figures]
        names += sorted(self.ledger.figures.keys() - origins.keys())
        title, about = self.words.say("data.figures"), self.words.say("data.figures_text")
        return self._derive_figures(title, about, names)

    def _derive_figures(self, title: str, about: str, names: Sequence[str]) -> DataFileMeaning:
        columns = COLUMNS["figures"]
        rows: Rows = []
        for name in names:
            cells = self._describe_figure(self.ledger.figures[name])
            rows.append((name, [write_value(cells[column]) for column in columns]))
        return DataFileMeaning(title, about, [*columns.items()], rows)

    def _describe_figure(self, figure: Figure) -> dict[str, float | str | None]:
        """What a file says of a figure, by its columns; numbers of none that has no value."""
        period, interval = figure.population.period, figure.interval
        has_value = figure.value is not None and figure.status == "ok"
        chapter, cell = self.meanings.origins.get(figure.id, ("", ""))
        ends = interval if has_value else None
        return {
            "id": figure.id,
            "value": figure.value,
            "unit": figure.unit,
            "numerator": figure.numerator if has_value else None,
            "denominator": figure.denominator if has_value else None,
            "population": figure.population.noun.replace("_", " "),
            "period": f"{period.start}/{period.end}",
            "definition": self.words.definition(figure),
            "chapter": chapter,
            "cell": cell,
            "status": figure.status,
            "reason": figure.reason.code if figure.reason else "",
            "of": figure.of.noun.replace("_", " ") if figure.of else "",
            "interval_low": ends.low if ends else None,
            "interval_high": ends.high if ends else None,
            "interval_level": ends.level if ends else None,
            "interval_method": ends.method if ends else "",
            "interval_dispersion": ends.dispersion if ends else None,
            "breaks": ";".join(figure.breaks),
        }

    # Series

    def _derive_series(self, series: Sequence[Breakdown]) -> DataFileMeaning:
        """A row a code of each field, with its label: series side by side, or a cross-table."""
        words, first, by = self.words, series[0], series[0].by
        figures = [{each.codes: each.figure for each in item.members} for item in series]
        rows: Rows = []
        for codes in dict.fromkeys(codes for each in figures for codes in each):
            cells: list[str] = []
            for field, code in zip(by, codes, strict=True):
                cells += [code, words.label(field, code)]
            for each in figures:
                figure = self.ledger.figures.get(each.get(codes, ""))
                cells.append(write_value(figure.value) if figure else "")
            about = " ".join(f"{field}={code}" for field, code in zip(by, codes, strict=True))
            rows.append((about, cells))
        ids = [item.id for item in series]
        heads, names = Heads(), list[str]()
        for field in by:
            # A series may be called after its field, and no two columns may share a name.
            code = f"{field}_code" if not first.is_crossed and field in ids else field
            label = f"{field}_label" if first.is_crossed else "label"
            heads += [(code, "string"), (label, "string")]
            of = {"field": words.field(field)}
            names += [words.say("column.code_of", **of), words.say("column.label_of", **of)]
        units = [""] * len(heads)
        if first.is_crossed:
            heads.append(("value", "number"))
            names.append(begin(words.say("column.value")))
            units.append(first.unit)
        else:
            heads += [(name, "number") for name in ids]
            names += self.meanings.exhibits.name_series(series)
            units += [item.unit for item in series]
        file = DataFileMeaning(words.caption(first), words.subtitle(first), heads, rows)
        file.names, file.units = names, units
        return file

    def _derive_trends(self) -> Iterator[tuple[str, DataFileMeaning]]:
        """The printed totals of each noun."""
        points = self.ledger.trend.points if self.ledger.trend else ()
        for noun in dict.fromkeys(point.noun for point in points):
            rows: Rows = []
            for point in points:
                if point.noun == noun:
                    why = point.why.in_language(self.data.language) if point.why else ""
                    total = (point.id, str(point.year), str(point.value), point.standing, why)
                    rows.append((point.id, [*total, point.source, point.address or ""]))
            title = begin(self.words.say("trend.caption", noun=self.words.noun(noun)))
            about = self.words.say("trend.subtitle")
            heads = [*COLUMNS["trend"].items()]
            yield f"trend.{noun}.csv", DataFileMeaning(title, about, heads, rows)
