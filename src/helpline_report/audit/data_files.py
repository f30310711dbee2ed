"""Read the CSV files and the workbook of an edition back, and hold them to the released ledger."""

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import zip_longest
from pathlib import Path

from python_calamine import CalamineWorkbook

from helpline_report.audit.expectations import (
    CALENDAR,
    PAGE,
    Element,
    Expectations,
    Misreading,
    Row,
    blame_file,
    get_text,
    plain,
    squeeze,
)
from helpline_report.audit.numerals import DIGIT
from helpline_report.figures.model import Exhibit, Figure

WORKBOOK, FIGURES = "data/tabellen.xlsx", "data/figures.csv"
RECONCILIATION, CLAIMS = "audit/reconciliation.csv", "audit/claims.csv"
OVERVIEW = "audit/index.html"
PICTURES, LIST = "data/charts", "data/charts/index.csv"
# The rows of printed figures, of claims and of their verdicts.
OF_OVERVIEW = """//tr[starts-with(@id, 'verdict-') or starts-with(@id, 'printed-')
    or starts-with(@id, 'claim-')]"""
# The columns that the files of printed figures have too, and of a claim the parameter of a column.
OF_PRINTS = ("id", "section", "printed", "value", "population", "claimed", "source", "edition")
OF_CLAIMS = {"printed": "text", "section": "section", "source": "source", "figure": "figure"}
# How the overview writes what a report claimed.
CLAIM = "‘{printed}’ ({source}, § {section})"

# What each line should say, with the figure that it is about: a value a cell, or a function that
# says what the cell should have been, and nothing if it is right.
ExpectedLines = Sequence[tuple[str, Sequence[object]]]
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
    file: str, lines: Sequence[Sequence[object]], expected: ExpectedLines, place: str = ""
) -> Iterator[Misreading]:
    """Each cell of some lines that says something else, or stands elsewhere."""
    if len(lines) != len(expected):
        number = f"{len(lines)} lines"
        yield Misreading(file, place or "the whole file", "", number, str(len(expected)))
    for cells, (name, values) in zip(lines, expected, strict=False):
        for cell, value in zip_longest(cells, values):
            if wanted := _check_cell(cell, value):
                line = f"{place} line '{next(iter(cells), '')}'".strip()
                yield Misreading(file, line, name, str(cell), wanted)


def _check_cell(cell: object, value: object) -> str:
    """What a cell should say: numbers are compared as such, codes and names as texts."""
    text = "" if cell is None else str(cell)
    if callable(value):
        return str(value("" if cell is None else cell))
    if isinstance(value, int | float):
        with suppress(ValueError):
            return "" if float(text) == value else str(value)
    wanted = "" if value is None else str(value)
    return "" if plain(text) == plain(wanted) else wanted or "nothing"


def read_data_files(folder: Path, expected: Expectations) -> Iterator[Misreading]:
    """The file of all figures, and that of each chart and table. Learns names and labels."""
    ledger, files = expected.ledger, {FIGURES}
    records = read_records(folder / FIGURES)
    expected.definitions |= {record["id"]: record["definition"] for record in records}
    by_origin = [name for name in ledger.origins() if name in ledger.figures]
    others = sorted(ledger.figures.keys() - by_origin)
    yield from _compare_figures(FIGURES, records, [*by_origin, *others], expected)
    exhibits: list[Exhibit] = [*ledger.charts.values(), *ledger.tables.values()]
    for exhibit in exhibits:
        rows, name = expected.list_rows(exhibit), f"data/{exhibit.id}.csv"
        if not rows:
            continue
        files.add(name)
        if expected.fields_of(exhibit):
            yield from _read_codes(name, read_csv(folder / name), exhibit, expected)
        else:
            figures = [row.figures[0] for row in rows]
            yield from _compare_figures(name, read_records(folder / name), figures, expected)
    points = ledger.trend.points if ledger.trend else ()
    for noun in dict.fromkeys(point.noun for point in points):
        name = f"data/trend.{noun}.csv"
        files.add(name)
        of_noun = [point for point in points if point.noun == noun]
        totals = [(point.id, [point.id, str(point.year), point.value]) for point in of_noun]
        records = read_records(folder / name)
        lines = [[record["id"], record["year"], record["printed"]] for record in records]
        yield from compare(name, lines, totals)
    for path in sorted(folder.glob("data/*.csv")):
        if f"data/{path.name}" not in files:
            yield Misreading(f"data/{path.name}", "the whole file", "", "a file", "none")


def _read_codes(
    name: str, lines: Sequence[Sequence[str]], exhibit: Exhibit, expected: Expectations
) -> Iterator[Misreading]:
    """A file with codes of one field or two, each with its label, and the values of figures."""
    breakdowns = expected.breakdowns_of(exhibit)
    fields = breakdowns[0].by
    rows: list[tuple[Sequence[str], Sequence[str]]]
    if breakdowns[0].is_crossed:
        columns = ["value"]
        rows = [(member.codes, (member.figure,)) for member in breakdowns[0].members]
    else:
        # What the source can't give has no column.
        columns = [breakdown.id for breakdown in breakdowns if breakdown.reason is None]
        rows = [([row.code], row.figures) for row in expected.list_rows(exhibit)]
    # A field has two columns: the code and its label.
    width = 2 * len(fields)
    lines = [line[: width + len(columns)] for line in lines]
    for line in lines[1:]:
        for field, code, label in zip(fields, line[:width:2], line[1:width:2], strict=False):
            expected.labels.setdefault((field, code), label)
    wanted: list[tuple[str, Sequence[object]]] = [("", [*lines[0][:width], *columns])]
    for codes, names in rows:
        cells: list[object] = []
        for field, code in zip(fields, codes, strict=True):
            cells += [code, expected.find_label(field, code)]
        figures = [expected.ledger.figures.get(figure) for figure in names]
        cells += [figure.value if figure is not None else None for figure in figures]
        wanted.append((names[0], cells))
    yield from compare(name, lines, wanted)


def _compare_figures(
    file: str, records: Records, names: Sequence[str], expected: Expectations
) -> Iterator[Misreading]:
    """Each cell of a file with a line a figure that says something else than the ledger."""
    wanted = [_describe_figure(expected.ledger.figures[name], expected) for name in names]
    columns = list(wanted[0]) if wanted else []
    lines = [[record[column] for column in columns] for record in records]
    named = [(name, [*cells.values()]) for name, cells in zip(names, wanted, strict=True)]
    yield from compare(file, lines, named)


def _describe_figure(figure: Figure, expected: Expectations) -> dict[str, object]:
    """What a file says of a figure, by its columns; numbers of none that has no value."""
    numbers = expected.get_numbers(figure) if figure.value is not None else {}
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
    drawings = [item for audit in audits.values() for item in audit.xpath("//*[@data-chart]")]
    drawn = {item.get("data-chart"): item.xpath("string(.//svg/@aria-label)") for item in drawings}
    for chapter in expected.ledger.chapters:
        file = f"{chapter.name}.html"
        for cell in chapter.cells:
            note = "//*[@id=$id]/*[@class='gave']/p[@class='note']"
            if audits[file].xpath(note, id=f"cell-{cell.id}"):
                continue
            charts = {exhibit.id for exhibit in cell.shows if exhibit.kind == "chart"}
            for name in sorted(charts - drawn.keys()):
                figures = expected.list_main_figures(expected.ledger.charts[name])
                if any(figure in expected.values for figure in figures):
                    yield Misreading(f"audit/{file}", cell.id, name, "no drawing", "one")
    lines = {line["id"]: line for line in read_records(folder / LIST)}
    pictures = {path.stem for path in (folder / PICTURES).glob("*.png")}
    listed_on_page = {name for name, line in lines.items() if line["page"]}
    on_page = {item.get("id"): item for item in page.xpath("//figure[@class='chart']")}
    yield from _check_list(lines, drawn, on_page)
    for file, charts, wanted in (
        (PICTURES, pictures, set(drawn)),
        (LIST, set(lines), set(drawn)),
        (PAGE, set(on_page), listed_on_page),
    ):
        for name in sorted(charts ^ wanted):
            here = "a chart" if name in charts else "no chart"
            yield Misreading(file, "its charts", name, here, "as the chapters and the list")


def _check_list(
    lines: Mapping[str, Mapping[str, str]],
    drawn: Mapping[str, str],
    on_page: Mapping[str, Element],
) -> Iterator[Misreading]:
    """The list of charts says of each what its headline and its alternative say.

    `lines` are those of the list, `drawn` the alternatives, and `on_page` what the page shows, each
    by the ids of charts. Before an alternative warnings may stand.
    """
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
    lines, claims = printed[RECONCILIATION], printed[CLAIMS]
    cells: dict[str, list[str]] = {}
    for row in overview.xpath(OF_OVERVIEW):
        # What was computed is read as any number of a figure.
        texts = row.xpath("*[not(@data-about)]")
        cells[row.get("id")] = [plain(get_text(text)) for text in texts]
    numbers = Counter(line["verdict"] for line in lines)
    numbers["total"] = len(lines)
    words: dict[str, str] = {}
    wanted: list[tuple[str, Sequence[object]]] = []
    for row_id, texts in cells.items():
        if row_id.startswith("verdict-"):
            verdict = row_id.removeprefix("verdict-")
            words[verdict] = texts[0]
            wanted.append((verdict, [texts[0], expected.style.write(numbers[verdict], 0)]))
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
    edition = expected.ledger.edition
    originals = [line for path in prints for line in read_records(path)]
    sources = {line["source"] for line in originals}
    copies = [line for line in printed[RECONCILIATION] if line["source"] in sources]
    # A released edition may be called as a report that was printed.
    lines = [[line[column] for column in OF_PRINTS] for line in copies[: len(originals)]]
    wanted = []
    for line in originals:
        columns = {**line, "edition": line["edition"] or edition}
        wanted.append((line["id"], [columns[column] for column in OF_PRINTS]))
    yield from compare(RECONCILIATION, lines, wanted)
    for claim in printed[CLAIMS]:
        for column, name in OF_CLAIMS.items():
            parameter = f"printed_claims.{claim['id']}.{name}"
            value = expected.parameters.get(parameter, claim[column])
            if claim[column] != value:
                yield Misreading(CLAIMS, column, claim["id"], claim[column], value)
    for file, records in printed.items():
        for line in records:
            yield from _check_verdict(file, line, expected)


def _check_verdict(
    file: str, line: Mapping[str, str], expected: Expectations
) -> Iterator[Misreading]:
    """What was computed beside a print is the value of its figure, and agrees where it says so."""
    name, computed = line["figure"] or line["id"], line["computed"]
    figure = expected.ledger.figures.get(name)
    if computed and (figure is None or computed != str(figure.value)):
        yield Misreading(file, "computed", name, computed, "the value of the figure")
    if line["verdict"] == "agrees" and line["value"] and name in expected.values:
        half = 0.5 / 10 ** len(line["value"].partition(".")[2])
        if abs(expected.values[name] - float(line["value"])) > half + 1e-9:
            yield Misreading(file, "verdict", name, "agrees", "another, by its numbers")


def read_workbook(path: Path, expected: Expectations, page: Element) -> Iterator[Misreading]:
    """Every table of the workbook, in the order of the report, and the list of all figures."""
    workbook = CalamineWorkbook.from_path(path)
    sheets = {
        name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in workbook.sheet_names
    }
    numbered = [name for name in sheets if re.match(r"\d+ ", name)]
    exhibits = _list_exhibits(expected)
    if len(numbered) != len(exhibits):
        number = f"{len(numbered)} numbered sheets"
        yield Misreading(WORKBOOK, "the whole file", "", number, str(len(exhibits)))
    captions = {
        re.sub(r"\.(rows|table-of-chart)$", "", table.get("id")): get_text(title)
        for table in page.xpath("//table[@id]")
        for title in table.xpath("caption/strong")
    }
    for name, exhibit in zip(numbered, exhibits, strict=False):
        title = str(sheets[name][0][0])
        if plain(title) != plain(captions.get(exhibit.id, title)):
            yield Misreading(WORKBOOK, f"sheet '{name}'", "", title, captions[exhibit.id])
        if not plain(title).startswith(plain(name.partition(" ")[2])):
            yield Misreading(WORKBOOK, f"sheet '{name}'", "", name, title)
        yield from _read_sheet(name, sheets[name], exhibit, expected)
    # Another sheet lists all figures: a line begins with name, definition and value.
    known, is_listed = expected.ledger.figures, False
    for name in (name for name in sheets if name not in numbered):
        lines = [[*line, "", ""][:3] for line in sheets[name] if str(line[0]) in known]
        if lines:
            is_listed = True
            wanted: list[tuple[str, Sequence[object]]] = []
            for figure in filter(known.get, expected.ledger.origins()):
                check = partial(_check_workbook_cell, expected, figure, ("value",))
                wanted.append((figure, [figure, expected.definitions.get(figure), check]))
            yield from compare(WORKBOOK, lines, wanted, f"sheet '{name}',")
    if not is_listed:
        yield Misreading(WORKBOOK, "the whole file", "", "no list of all figures", "one")


def _read_sheet(
    name: str, lines: Sequence[Sequence[object]], exhibit: Exhibit, expected: Expectations
) -> Iterator[Misreading]:
    """A sheet: its rows stand between a blank line with the heads below it, and another one."""
    place, rows = f"sheet '{name}'", expected.list_rows(exhibit)
    blank = [at for at, cells in enumerate(lines) if not any(map(str, cells))]
    end = blank[1] if len(blank) > 1 else len(lines)
    heads, *body = lines[blank[0] + 1 : end] or [()]
    slots = _list_slots(rows, exhibit, expected)
    wanted: list[tuple[str, list[object]]] = []
    for row in rows:
        # A figure by itself may have no year before.
        names = [row.figures[at] if at < len(row.figures) else "" for at, _ in slots]
        checks = [
            partial(_check_workbook_cell, expected, figure, parts)
            for figure, (_, parts) in zip(names, slots, strict=True)
        ]
        more = [""] * (len(heads) - 1 - len(checks))
        wanted.append((next(filter(None, row.figures), ""), [row.head, *checks, *more]))
        columns = list(zip(map(str, heads[1:]), names, strict=False))
        yield from expected.check_heads(WORKBOOK, place, exhibit, columns)
    yield from compare(WORKBOOK, body, wanted, place)


def _list_slots(
    rows: Sequence[Row], exhibit: Exhibit, expected: Expectations
) -> list[tuple[int, tuple[str, ...]]]:
    """The columns of a sheet: which figure of a row stands there, and which of its numbers."""
    known, fields = expected.ledger.figures, expected.fields_of(exhibit)
    slots: list[tuple[int, tuple[str, ...]]] = []
    for at, names in enumerate(zip_longest(*(row.figures for row in rows), fillvalue="")):
        figures = [known[name] for name in names if name in known]
        if figures or fields:
            slots.append((at, ("value",)))
        # Changes have their intervals beside them, and so have figures by themselves.
        is_by_itself = not fields and at == 0
        if any(figure.interval and (is_by_itself or figure.kind == "change") for figure in figures):
            slots.append((at, ("low", "high")))
    return slots


def _check_workbook_cell(
    expected: Expectations, name: str, parts: tuple[str, ...], cell: object
) -> str:
    """What a cell of a figure should have said; a percentage is a part of one there."""
    figure, number = expected.figures.get(name), expected.values.get(name)
    if figure is None:
        return "no number" if DIGIT.search(str(cell)) else ""
    if number is None or parts != ("value",) or figure.unit in CALENDAR:
        return expected.check_text(str(cell), name, parts)
    value = number / (100 if figure.unit in ("percent", "percent change") else 1)
    is_right = isinstance(cell, int | float) and math.isclose(cell, value, rel_tol=1e-13)
    return "" if is_right else str(value)


def _list_exhibits(expected: Expectations) -> list[Exhibit]:
    """The charts and tables of the report in its order, each content once."""
    exhibits: dict[tuple[str, ...], Exhibit] = {}
    for reference in expected.ledger.references:
        if reference.kind in ("chart", "table"):
            exhibit = expected.find_exhibit(reference.id)
            figures = tuple(expected.figures_of(exhibit))
            if exhibit is not None and figures:
                exhibits.setdefault(figures, exhibit)
    return list(exhibits.values())
