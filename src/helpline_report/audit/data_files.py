"""Read the CSV files and the workbook of an edition back, and hold them to the released ledger."""

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, product, zip_longest
from pathlib import Path

from python_calamine import CalamineWorkbook

from helpline_report.audit.expectations import (
    CALENDAR,
    DIGIT,
    PAGE,
    Element,
    Expectations,
    Misreading,
    Part,
    blame_file,
    get_text,
    plain,
)
from helpline_report.figures.model import Figure

WORKBOOK, FIGURES = "data/tabellen.xlsx", "data/figures.csv"
RECONCILIATION, CLAIMS = "audit/reconciliation.csv", "audit/claims.csv"
OVERVIEW, PICTURES = "audit/index.html", "data/charts"
# The rows of printed figures, of claims and of their verdicts.
OF_OVERVIEW = """//tr[starts-with(@id, 'verdict-') or starts-with(@id, 'printed-')
    or starts-with(@id, 'claim-')]"""
# What the files of printed figures have too, and the parameters of a claim by their columns.
OF_PRINTS = ("id", "section", "printed", "value", "population", "claimed", "source", "edition")
OF_CLAIMS = {"printed": "text", "section": "section", "source": "source", "figure": "figure"}
# How the overview writes what a report claimed.
CLAIM = "‘{printed}’ ({source}, § {section})"

# What a line should say, a value a cell, with the figure that it is about.
Lines = Sequence[tuple[str, Sequence[object]]]
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


def compare(
    file: str, lines: Sequence[Sequence[object]], wanted: Lines, place: str = ""
) -> Iterator[Misreading]:
    """Each cell of some lines that says something else, or stands elsewhere."""
    if len(lines) != len(wanted):
        number = f"{len(lines)} lines"
        yield Misreading(file, place or "the whole file", "", number, str(len(wanted)))
    for cells, (name, values) in zip(lines, wanted, strict=False):
        for cell, value in zip_longest(cells, values):
            if wanted_text := _find_expected(cell, value):
                where = f"{place} line '{next(iter(cells), '')}'".strip()
                yield Misreading(file, where, name, str(cell), wanted_text)


def _find_expected(cell: object, value: object) -> str:
    """What a cell should say: numbers are compared as such, codes and names as texts."""
    if callable(value):
        return str(value("" if cell is None else cell))
    if isinstance(value, int | float):
        with suppress(ValueError):
            return "" if float(str(cell)) == value else str(value)
    text, other = ("" if each is None else str(each) for each in (cell, value))
    return "" if plain(text) == plain(other) else other or "nothing"


def read_data_files(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """The file of all figures, and that of each chart and table. Learns names and labels."""
    ledger, files = expected.ledger, {FIGURES}
    records = read_records(folder / FIGURES)
    expected.definitions |= {each["id"]: each["definition"] for each in records}
    origins = [name for name in ledger.origins() if name in ledger.figures]
    every = [*origins, *sorted({*ledger.figures} - {*origins})]
    yield from compare(FIGURES, *_of_figures(records, every, expected))
    parts: list[Part] = [*ledger.charts.values(), *ledger.tables.values()]
    for part in parts:
        name, rows = f"data/{part.id}.csv", expected.rows(part)
        if rows:
            files.add(name)
        if expected.fields_of(part) and rows:
            yield from _read_codes(name, read_csv(folder / name), part, expected)
        elif rows:
            names = [row.figures[0] for row in rows]
            lines = read_records(folder / name)
            yield from compare(name, *_of_figures(lines, names, expected))
    points = ledger.trend.points if ledger.trend else ()
    for noun in dict.fromkeys(point.noun for point in points):
        files.add(name := f"data/trend.{noun}.csv")
        own = [point for point in points if point.noun == noun]
        totals = [(each.id, [each.id, str(each.year), each.value]) for each in own]
        read = [[each["id"], each["year"], each["printed"]] for each in read_records(folder / name)]
        yield from compare(name, read, totals)
    for path in sorted(folder.glob("data/*.csv")):
        if f"data/{path.name}" not in files:
            yield Misreading(f"data/{path.name}", "the whole file", "", "a file", "none")


def _read_codes(
    name: str, file: Sequence[Sequence[str]], part: Part, expected: Expectations
) -> Iterator[Misreading]:
    """A file with codes of one field or two, each with its label, and the values of figures."""
    ledger, rows = expected.ledger, expected.rows(part)
    lines: list[tuple[Sequence[str], Sequence[str]]]
    lines = [([row.code], row.figures) for row in rows]
    breakdowns = expected.breakdowns(part)
    # What the source can't give has no column.
    fields, columns = breakdowns[0].by, [each.id for each in breakdowns if each.reason is None]
    if breakdowns[0].is_crossed:
        columns = ["value"]
        lines = [(member.codes, (member.figure,)) for member in breakdowns[0].members]
    width = 2 * len(fields)
    file = [line[: width + len(columns)] for line in file]
    for at, field in enumerate(fields):
        for line in (line for line in file[1:] if len(line) > 2 * at + 1):
            expected.labels.setdefault((field, line[2 * at]), line[2 * at + 1])
    wanted: list[tuple[str, Sequence[object]]] = [("", [*file[0][:width], *columns])]
    for codes, figures in lines:
        pairs = zip(fields, codes, strict=True)
        named = [text for by, code in pairs for text in (code, expected.label(by, code))]
        known = [ledger.figures.get(figure) for figure in figures]
        wanted.append((figures[0], [*named, *(figure and figure.value for figure in known)]))
    yield from compare(name, file, wanted)


def _of_figures(
    records: Records, names: Sequence[str], expected: Expectations
) -> tuple[list[list[str]], Lines]:
    """What a file with a line a figure says of each, and what it should say."""
    wanted = [_say_in_file(expected.ledger.figures[name], expected) for name in names]
    columns = [*wanted[0]] if wanted else []
    lines = [[record[column] for column in columns] for record in records]
    return lines, [(str(each["id"]), [*each.values()]) for each in wanted]


def _say_in_file(figure: Figure, expected: Expectations) -> dict[str, object]:
    """What a file says of a figure, by its columns; numbers of none that has no value."""
    numbers = expected.parts(figure) if figure.value is not None else {}
    interval, period = figure.interval if numbers else None, figure.population.period
    return {
        "id": figure.id,
        "value": figure.value,
        "unit": figure.unit,
        "numerator": numbers.get("numerator"),
        "denominator": numbers.get("denominator"),
        "population": figure.population.noun.replace("_", " "),
        "period": f"{period.start}/{period.end}",
        "status": figure.status,
        "reason": figure.reason and figure.reason.code,
        "of": figure.of and figure.of.noun.replace("_", " "),
        "interval_low": numbers.get("low"),
        "interval_high": numbers.get("high"),
        "interval_level": interval and interval.level,
        "interval_method": interval and interval.method,
        "interval_dispersion": numbers.get("dispersion"),
        "breaks": ";".join(figure.breaks),
        "definition": expected.definitions.get(figure.id),
    }


def read_pictures(
    folder: Path, page: Element, audits: Mapping[str, Element], expected: Expectations
) -> Iterator[Misreading]:
    """Each chart of a chapter has a drawing in the audit, a picture, and a line in their list.

    The audit says where a cell was left out. The list says which charts the page has.
    """
    drawn = {name for each in audits.values() for name in each.xpath("//@data-chart")}
    for chapter, cell in ((each, cell) for each in expected.ledger.chapters for cell in each.cells):
        file, way = f"{chapter.name}.html", "//*[@id=$id]/*[@class='gave']/p[@class='note']"
        left_out = audits[file].xpath(way, id=f"cell-{cell.id}")
        charts = {part.id for part in cell.shows if part.kind == "chart"} - drawn
        for name in sorted(charts) if not left_out else ():
            own = expected.list_own(expected.ledger.charts[name])
            if any(figure in expected.numbers for figure in own):
                yield Misreading(f"audit/{file}", cell.id, name, "no drawing", "one")
    index = f"{PICTURES}/index.csv"
    listed = {line["id"]: line["page"] for line in read_records(folder / index)}
    on_page = {name for name, address in listed.items() if address}
    for file, names, others in (
        (PICTURES, {path.stem for path in (folder / PICTURES).glob("*.png")}, drawn),
        (index, {*listed}, drawn),
        (PAGE, {*page.xpath("//figure[@class='chart']/@id")}, on_page),
    ):
        for name in sorted(names ^ others):
            here = "a chart" if name in names else "no chart"
            yield Misreading(file, "its charts", name, here, "as the chapters and the list")


def read_overview(
    overview: Element, printed: Mapping[str, Records], expected: Expectations
) -> Iterator[Misreading]:
    """The overview of the audit says of each printed figure and claim what the open data says."""
    lines, claims = printed[RECONCILIATION], printed[CLAIMS]
    # What was computed is read as any number of a figure.
    rows = {row.get("id"): row.xpath("*[not(@data-about)]") for row in overview.xpath(OF_OVERVIEW)}
    cells = {name: [plain(get_text(each)) for each in row] for name, row in rows.items()}
    numbers = Counter({"total": len(lines)}) + Counter(line["verdict"] for line in lines)
    names = [name.removeprefix("verdict-") for name in cells if name.startswith("verdict-")]
    words = {name: cells[f"verdict-{name}"][0] for name in names}
    wanted = [(name, [words[name], expected.write_number(numbers[name], 0)]) for name in names]
    for line in claims:
        # A claim may have a verdict that no printed figure has.
        words.setdefault(line["verdict"], cells.get(f"claim-{line['id']}", ["", ""])[1])
    for line in (*lines, *claims):
        texts = [line["id"], line["printed"]] if line["value"] else [CLAIM.format_map(line)]
        wanted.append((line["id"], [*texts, words.get(line["verdict"], ""), line["reason"]]))
    if len({*words.values()}) < len(words):
        yield Misreading(OVERVIEW, "verdicts", "", ", ".join(words.values()), "a word for each")
    yield from compare(OVERVIEW, [*cells.values()], wanted)


def read_reconciliation(
    printed: Mapping[str, Records], prints: Sequence[Path], expected: Expectations
) -> Iterator[Misreading]:
    """What was printed is as the files of `prints` and the parameters have it.

    Each value that was computed beside it is that of its figure, and equal where it agrees. What
    was released stands between the printed figures, with sources of its own.
    """
    edition, read = expected.ledger.edition, chain.from_iterable(map(read_records, prints))
    originals = [{**line, "edition": line["edition"] or edition} for line in read]
    sources = {line["source"] for line in originals}
    copies = [line for line in printed[RECONCILIATION] if line["source"] in sources]
    # A released edition may be called as a report that was printed.
    cells = [[line[each] for each in OF_PRINTS] for line in copies[: len(originals)]]
    wanted = [(line["id"], [line[each] for each in OF_PRINTS]) for line in originals]
    yield from compare(RECONCILIATION, cells, wanted)
    for line, (column, name) in product(printed[CLAIMS], OF_CLAIMS.items()):
        value = expected.parameters.get(f"printed_claims.{line['id']}.{name}", line[column])
        if line[column] != value:
            yield Misreading(CLAIMS, column, line["id"], line[column], value)
    for file, line in ((file, line) for file, each in printed.items() for line in each):
        name, computed = line["figure"] or line["id"], line["computed"]
        figure = expected.ledger.figures.get(name)
        if computed and (figure is None or computed != str(figure.value)):
            yield Misreading(file, "computed", name, computed, "the value of the figure")
        if line["verdict"] == "agrees" and line["value"] and name in expected.numbers:
            half = 0.5 / 10 ** len(line["value"].partition(".")[2])
            if abs(expected.numbers[name] - float(line["value"])) > half + 1e-9:
                yield Misreading(file, "verdict", name, "agrees", "another, by its numbers")


def read_workbook(path: Path, expected: Expectations, page: Element) -> Iterator[Misreading]:
    """Every table of the workbook, in the order of the report, and the list of all figures."""
    captions = {
        re.sub(r"\.(rows|table-of-chart)$", "", table.get("id")): get_text(title)
        for table in page.xpath("//table[@id]")
        for title in table.xpath("caption/strong")
    }
    read_cell = partial(_read_cell, expected)
    workbook, known = CalamineWorkbook.from_path(path), expected.ledger.figures
    book = {
        name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in workbook.sheet_names
    }
    numbered, tables = [name for name in book if re.match(r"\d+ ", name)], _list_tables(expected)
    if len(numbered) != len(tables):
        number = f"{len(numbered)} numbered sheets"
        yield Misreading(WORKBOOK, "the whole file", "", number, str(len(tables)))
    for name, part in zip(numbered, tables, strict=False):
        title = str(book[name][0][0])
        if plain(title) != plain(captions.get(part.id, title)):
            yield Misreading(WORKBOOK, f"sheet '{name}'", "", title, captions[part.id])
        if not plain(title).startswith(plain(name.partition(" ")[2])):
            yield Misreading(WORKBOOK, f"sheet '{name}'", "", name, title)
        yield from _read_sheet(name, book[name], part, expected)
    # Another sheet lists all figures: a line begins with name, definition and value.
    listed = 0
    for name in (name for name in book if name not in numbered):
        lines = [[*line, "", ""][:3] for line in book[name] if str(line[0]) in known]
        names = [each for each in expected.ledger.origins() if each in known and lines]
        wanted = [
            (each, [each, expected.definitions.get(each), partial(read_cell, each, ("value",))])
            for each in names
        ]
        yield from compare(WORKBOOK, lines, wanted, f"sheet '{name}',")
        listed += len(lines)
    if not listed:
        yield Misreading(WORKBOOK, "the whole file", "", "no list of all figures", "one")


def _read_sheet(
    name: str, lines: Sequence[Sequence[object]], part: Part, expected: Expectations
) -> Iterator[Misreading]:
    """A sheet: its rows stand between a blank line with the heads below it, and another one."""
    rows, known, place = expected.rows(part), expected.ledger.figures, f"sheet '{name}'"
    blank = [at for at, cells in enumerate(lines) if not any(map(str, cells))]
    heads, *body = lines[blank[0] + 1 : (*blank, len(lines))[1]] or [()]
    figures, field = [row.figures for row in rows], expected.fields_of(part)
    slots: list[tuple[int, tuple[str, ...]]] = []
    for at, column in enumerate(zip_longest(*figures, fillvalue="")):
        of_column = [known[each] for each in column if each in known]
        if of_column or field:
            slots.append((at, ("value",)))
        # Changes have their intervals beside them, and so have figures by themselves.
        alone = not field and at == 0
        if any(each.interval and (alone or each.kind == "change") for each in of_column):
            slots.append((at, ("low", "high")))
    wanted: list[tuple[str, list[object]]] = []
    for row, names, cells in zip(rows, figures, body, strict=False):
        slots_of_row = [((*names, "")[at], parts) for at, parts in slots]
        values = [partial(_read_cell, expected, each, parts) for each, parts in slots_of_row]
        more = [""] * (len(cells) - 1 - len(values))
        wanted.append((next(filter(None, names), ""), [row.head, *values, *more]))
        pairs = zip(map(str, heads[1:]), (each for each, _ in slots_of_row), strict=False)
        yield from expected.check_heads(WORKBOOK, place, part, [*pairs])
    yield from compare(WORKBOOK, body, wanted, place)


def _read_cell(expected: Expectations, name: str, parts: Sequence[str], cell: object) -> str:
    """What a cell of a figure should have said; a percentage is a part of one there."""
    figure, number = expected.figures.get(name), expected.numbers.get(name)
    if figure is None:
        return "no number" if DIGIT.search(str(cell)) else ""
    if number is None or parts != ("value",) or figure.unit in CALENDAR:
        return expected.find_expected(str(cell), name, parts)
    value = number / (100 if figure.unit in ("percent", "percent change") else 1)
    same = isinstance(cell, int | float) and math.isclose(cell, value, rel_tol=1e-13)
    return "" if same else str(value)


def _list_tables(expected: Expectations) -> list[Part]:
    """The charts and tables of the report in its order, each content once."""
    ledger, contents = expected.ledger, dict[tuple[str, ...], Part]()
    for reference in (r for c in ledger.chapters for cell in c.cells for r in cell.shows):
        part = expected.find_part(reference.id) if reference.kind in ("chart", "table") else None
        if part is not None and (content := tuple(expected.figures_of(part))):
            contents.setdefault(content, part)
    return [*contents.values()]
