"""Read the CSV files of an edition back, and hold them to the released ledger."""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

from helpline_report.audit.expectations import (
    PAGE,
    Element,
    Expectations,
    Misreading,
    blame_file,
    get_text,
    plain,
    squeeze,
)
from helpline_report.audit.workbook_cells import read_workbook_cells
from helpline_report.figures.model import Exhibit, Figure

FIGURES, WORKBOOK = "data/figures.csv", "data/tabellen.xlsx"
# The column of values in the last sheet of the workbook, and units that it has as parts of one.
VALUE, PERCENTS = 2, ("percent", "percent change")
RECONCILIATION, CLAIMS = "audit/reconciliation.csv", "audit/claims.csv"
OVERVIEW = "audit/index.html"
PICTURES, LIST = "data/charts", "data/charts/index.csv"
# What the audit says of a cell that it left out.
LEFT_OUT = "//*[@id=$id]/*[@class='gave']/p[@class='note']"
# The columns of a figure that are called as its parts, and those of its interval.
OF_FIGURES = ("id", "value", "unit", "numerator", "denominator", "status")
OF_INTERVALS = ("low", "high", "level", "method", "dispersion")
# The columns that the files of printed figures have too.
OF_PRINTS = ("id", "section", "printed", "value", "population", "claimed", "source", "edition")
# How the overview writes what a report claimed.
CLAIM = "‘{printed}’ ({source}, § {section})"

# What a cell should say: a value, or a function that says what the cell should have been, and
# nothing if it is right.
Expected = object | Callable[[object], str]
# What each line should say, a cell a column, with the figure that it is about.
ExpectedLines = Sequence[tuple[str, Sequence[Expected]]]
Records = Sequence[Mapping[str, str]]


def read_csv(path: Path) -> list[list[str]]:
    """The lines of a CSV file, its heads first; an empty line of heads where there is no file."""
    if not path.exists():
        return [[]]
    place = f"{path.parent.name}/{path.name}"
    with blame_file(place), path.open(encoding="utf-8-sig", newline="") as file:
        return [line for line in csv.reader(file) if line] or [[]]


def read_records(path: Path) -> Records:
    """The lines of a CSV file below its heads, each by these heads; what it hasn't got is empty."""
    heads, *rows = read_csv(path)
    return [defaultdict(str, zip(heads, row, strict=False)) for row in rows]


def read_prints(folder: Path) -> dict[str, Records]:
    """What an edition says of printed figures and of claims, by its files."""
    return {file: read_records(folder / file) for file in (RECONCILIATION, CLAIMS)}


def compare(
    file: str, lines: Sequence[Sequence[object]], expected: ExpectedLines, place: str = ""
) -> Iterator[Misreading]:
    """Each cell of some lines that says something else, or stands elsewhere."""
    if len(lines) != len(expected):
        number = f"{len(lines)} lines"
        yield Misreading(file, place or "the whole file", "", number, str(len(expected)))
    for cells, (name, values) in zip(lines, expected, strict=False):
        for cell, value in zip_longest(cells, values, fillvalue=""):
            if wanted := _check_cell(cell, value):
                line = f"{place} line '{next(iter(cells), '')}'".strip()
                yield Misreading(file, line, name, str(cell), wanted)


def _check_cell(cell: object, value: Expected) -> str:
    """What a cell should say: numbers are compared as such, codes and names as texts."""
    if callable(value):
        return str(value(cell))
    if isinstance(value, int | float):
        with suppress(ValueError):
            return "" if float(str(cell)) == value else str(value)
    wanted = "" if value is None else str(value)
    return "" if plain(str(cell)) == plain(wanted) else wanted or "nothing"


def learn_names(folder: Path, expected: Expectations) -> None:
    """Learn the names of figures, and the labels of codes, from the open data."""
    records = read_records(folder / FIGURES)
    expected.definitions |= {record["id"]: record["definition"] for record in records}
    exhibits: list[Exhibit] = [*expected.ledger.charts.values(), *expected.ledger.tables.values()]
    for exhibit in exhibits:
        # A field has two columns: the code and its label.
        fields = expected.fields_of(exhibit)
        for line in read_csv(folder / f"data/{exhibit.id}.csv")[1:] if fields else ():
            cells = zip(fields, line[::2], line[1::2], strict=False)
            for field, code, label in cells:
                expected.labels.setdefault((field, code), label)


def read_figures(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """The file of all figures, of an edition whose description isn't at hand."""
    ledger = expected.ledger
    by_origin = [name for name in ledger.origins() if name in ledger.figures]
    others = sorted(ledger.figures.keys() - by_origin)
    records = read_records(folder / FIGURES)
    yield from _compare_figures(FIGURES, records, [*by_origin, *others], expected)


def read_last_sheet(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """The last sheet of the workbook, which lists them: a line begins with id, name and value."""
    for row in read_workbook_cells(folder / WORKBOOK).sheets[-1].rows:
        cells = {cell.column: cell for cell in row}
        name, number = row[0].text, cells[VALUE].number if VALUE in cells else None
        if number is not None and name in expected.values:
            figure, value = expected.figures[name], expected.values[name]
            value /= 100 if figure.unit in PERCENTS else 1
            if not math.isclose(number, value, rel_tol=1e-13):
                yield Misreading(WORKBOOK, "the last sheet", name, str(number), str(value))


def _compare_figures(
    file: str, records: Records, names: Sequence[str], expected: Expectations
) -> Iterator[Misreading]:
    """Each cell of a file with a line a figure that says something else than the ledger."""
    wanted = [_describe_figure(expected.figures[name], expected) for name in names]
    columns = list(wanted[0]) if wanted else []
    lines = [[record[column] for column in columns] for record in records]
    named = [(name, [*cells.values()]) for name, cells in zip(names, wanted, strict=True)]
    yield from compare(file, lines, named)


def _describe_figure(figure: Figure, expected: Expectations) -> dict[str, object]:
    """What a file says of a figure, by its columns; numbers of none that has no value."""
    cells, period = figure.model_dump(mode="json"), figure.population.period
    if figure.value is None:
        cells |= {"numerator": None, "denominator": None, "interval": None}
    interval = cells["interval"] or {}
    return {
        **{column: cells[column] for column in OF_FIGURES},
        **{f"interval_{part}": interval.get(part) for part in OF_INTERVALS},
        "population": figure.population.noun.replace("_", " "),
        "period": f"{period.start}/{period.end}",
        "reason": figure.reason and figure.reason.code,
        "of": figure.of and figure.of.noun.replace("_", " "),
        "breaks": ";".join(figure.breaks),
        "definition": expected.definitions.get(figure.id),
    }


def read_pictures(
    folder: Path, page: Element, audits: Mapping[str, Element], expected: Expectations
) -> Iterator[Misreading]:
    """Each chart of a chapter has a drawing in the audit, a picture, and a line in their list.

    The audit says where a cell was left out. The list says which charts the page has, and of each
    what its headline and its alternative say; before an alternative warnings may stand.
    """
    drawings = [item for audit in audits.values() for item in audit.xpath("//*[@data-chart]")]
    drawn = {item.get("data-chart"): item.xpath("string(.//svg/@aria-label)") for item in drawings}
    for chapter in expected.ledger.chapters:
        file = f"audit/{chapter.name}.html"
        for cell in chapter.cells:
            charts = {exhibit.id for exhibit in cell.shows if exhibit.kind == "chart"}
            for name in sorted(charts - drawn.keys()):
                figures = expected.list_main_figures(expected.ledger.charts[name])
                is_left_out = audits[file].xpath(LEFT_OUT, id=f"cell-{cell.id}")
                if not is_left_out and not expected.values.keys().isdisjoint(figures):
                    yield Misreading(file, cell.id, name, "no drawing", "one")
    lines = {line["id"]: line for line in read_records(folder / LIST)}
    on_page = {item.get("id"): item for item in page.xpath("//figure[@class='chart']")}
    for file, charts, wanted in (
        (PICTURES, {path.stem for path in (folder / PICTURES).glob("*.png")}, {*drawn}),
        (LIST, {*lines}, {*drawn}),
        (PAGE, {*on_page}, {name for name, line in lines.items() if line["page"]}),
    ):
        for name in sorted(charts ^ wanted):
            here = "a chart" if name in charts else "no chart"
            yield Misreading(file, "its charts", name, here, "as the chapters and the list")
    for name in sorted(lines.keys() & drawn.keys()):
        text, title = lines[name]["alternative_text"], lines[name]["title"]
        if not plain(text).endswith(plain(drawn[name])):
            yield Misreading(LIST, "alternative_text", name, text, drawn[name])
        headline = get_text(on_page[name].find("figcaption/strong")) if name in on_page else title
        if squeeze(title) != squeeze(headline):
            yield Misreading(LIST, "title", name, title, headline)


def read_overview(
    overview: Element, printed: Mapping[str, Records], expected: Expectations
) -> Iterator[Misreading]:
    """The overview of the audit says of each printed figure and claim what the open data says."""
    cells = {}
    for row in overview.xpath("//tr[@id]"):
        # What was computed is read as any number of a figure.
        cells[row.get("id")] = [plain(get_text(cell)) for cell in row.xpath("*[not(@data-about)]")]
    rows = [
        (f"printed-{number}", line, [line["id"], line["printed"]])
        for number, line in enumerate(printed[RECONCILIATION], 1)
    ]
    rows += [(f"claim-{line['id']}", line, [CLAIM.format_map(line)]) for line in printed[CLAIMS]]
    # A word stands for one verdict.
    verdicts: dict[str, str] = {}
    for row_id, line, texts in rows:
        *others, word, reason = cells.get(row_id, ["", ""])
        stands, wanted = [*others, reason], [*map(plain, texts), plain(line["reason"])]
        verdict = verdicts.setdefault(word, line["verdict"])
        if stands != wanted or verdict != line["verdict"]:
            expected_text = " ".join([*wanted, line["verdict"]])
            yield Misreading(OVERVIEW, row_id, line["id"], " ".join([*stands, word]), expected_text)
    numbers = Counter(line["verdict"] for line in printed[RECONCILIATION])
    # Where nothing was printed, the page has no such table.
    numbers += Counter({"total": numbers.total()})
    for verdict, number in numbers.items():
        word, count = cells.get(f"verdict-{verdict}", ["", ""])
        if verdicts.get(word, verdict) != verdict or count != expected.style.write(number, 0):
            yield Misreading(OVERVIEW, "verdicts", verdict, f"{word} {count}", str(number))


def read_reconciliation(
    printed: Mapping[str, Records], prints: Sequence[Path], expected: Expectations
) -> Iterator[Misreading]:
    """What was printed is as the files of `prints` have it.

    Each value that was computed beside it is that of its figure, and equal where it agrees. What
    was released stands between the printed figures, with sources of its own.
    """
    originals = [line for path in prints for line in read_records(path)]
    sources = {line["source"] for line in originals}
    copies = [line for line in printed[RECONCILIATION] if line["source"] in sources]
    # A released edition may be called as a report that was printed.
    lines = [[line[column] for column in OF_PRINTS] for line in copies[: len(originals)]]
    wanted = []
    for line in originals:
        columns = {**line, "edition": line["edition"] or expected.ledger.edition}
        wanted.append((line["id"], [columns[column] for column in OF_PRINTS]))
    yield from compare(RECONCILIATION, lines, wanted)
    for file, line in ((file, line) for file, records in printed.items() for line in records):
        name, computed = line["figure"] or line["id"], line["computed"]
        figure = expected.ledger.figures.get(name)
        if computed and (figure is None or computed != str(figure.value)):
            yield Misreading(file, "computed", name, computed, "the value of the figure")
        if line["verdict"] == "agrees" and line["value"] and name in expected.values:
            half = 0.5 / 10 ** len(line["value"].partition(".")[2])
            # In a draw each of the codes is right.
            tied = map(float, figure.tied if figure is not None else ())
            computed_values = (expected.values[name], *tied)
            if all(abs(value - float(line["value"])) > half + 1e-9 for value in computed_values):
                yield Misreading(file, "verdict", name, "agrees", "another, by its numbers")
