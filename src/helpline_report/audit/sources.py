"""Tell what a ledger was counted from, what readers know of it, and the rows of a figure."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from helpline_report.audit.printed_figures import Counterparts, read_earlier_figures
from helpline_report.disclosure.published_counts import PublishedRange, read_counts, read_order
from helpline_report.exports.export_files import Export, read_export
from helpline_report.exports.text_tables import get_value
from helpline_report.figures.ledger import Ledger, SourceFile, read_ledger
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.figures.register import (
    Register,
    count_left_out,
    is_draft,
    list_years,
)
from helpline_report.parameters.earlier_reports import list_earlier_files
from helpline_report.parameters.edition import Edition, describe_overrides
from helpline_report.parameters.input_files import list_row_files
from helpline_report.parameters.layouts import CORRECTIONS
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER, is_approved
from helpline_report.report.open_data import write_rows

Lines = Callable[[PopulationSpec], Sequence[int]]
Exports = Mapping[tuple[str, str], Export]
# An approved edition that can't be read may say something of people, and nobody knows what.
STEP = "build that edition again and approve it; or, if it was never published, take the file away"


def list_editions(register: Register) -> tuple[Edition, ...]:
    """The editions of which there are rows: those that are counted, and not taken over."""
    return tuple(year.edition for year in list_years(register) if year.released is None)


def add_sources(ledger: Ledger, register: Register, overrides: tuple[str, ...]) -> Ledger:
    """The ledger with the files that it was counted from, and what became of their rows."""
    tables, artefacts = register.dataset.tables, list[str]()
    for year in list_years(register):
        artefacts += (f"{year.edition.edition}.{name}" for name in sorted(year.dataset.artefacts))
        artefacts += year.released.ledger.artefacts if year.released is not None else ()
    update = {
        "sources": list_sources(register),
        "fields": {table: tuple(sorted(tables[table].fields)) for table in sorted(tables)},
        "overrides": describe_overrides(overrides),
        "artefacts": tuple(artefacts),
        "draft": is_draft(register),
        "left_out": count_left_out(register),
    }
    return ledger.model_copy(update=update)


def list_sources(register: Register) -> tuple[SourceFile, ...]:
    """The exports of both years, the corrections of both, and a ledger that stands for rows."""
    years, previous = list_years(register), register.previous
    sources = [
        SourceFile(
            edition=year.edition.edition,
            file=year.dataset.public_name(balance.file),
            sha256=balance.sha256,
            table=balance.table,
            rows=balance.read,
        )
        for year in years
        for balance in year.dataset.balances
    ]
    sources += [
        SourceFile(
            edition=year.edition.edition,
            file=CORRECTIONS,
            sha256=file.sha256,
            table="corrections",
            rows=file.rows,
        )
        for year in years
        for file in year.dataset.corrections
    ]
    if previous is not None and previous.released is not None:
        sources.append(previous.released.source)
    return tuple(sources)


def list_lines_left_out(register: Register) -> dict[tuple[str, str], frozenset[int]]:
    """The lines of the rows that a draft left out, by edition and file."""
    return {
        (year.edition.edition, file): lines
        for year in list_years(register)
        for file, lines in year.dataset.left_out.items()
    }


def read_row_exports(project: Project, editions: Sequence[Edition]) -> Exports:
    """Every export of rows of some editions, by edition and table."""
    exports: dict[tuple[str, str], Export] = {}
    layouts = project.layouts(editions)
    for edition in editions:
        for file in list_row_files(edition, layouts):
            export = read_export(file.path(project), file.file_name, file.layout)
            exports |= {(edition.edition, table): export for table in file.layout.tables}
    return exports


def write_contributing_rows(figure: Figure, lines: Lines, exports: Exports) -> str:
    """The rows of a figure's numerator and of what it is compared with, as CSV.

    `exports` are the files by edition and table. A column `part` says which of the two a row
    belongs to; `file` and `line` say where it stands. The texts are those of the export: this is
    for a private file.
    """
    columns = dict.fromkeys(("part", "file", "line"))
    rows: list[dict[str, object]] = []
    for part, spec in (("numerator", figure.population), ("of", figure.of)):
        export = exports.get((spec.edition, spec.table)) if spec is not None else None
        if spec is None or export is None or export.table is None:
            continue
        table = export.table
        columns |= dict.fromkeys(table.columns)
        places = {int(line): place for place, line in enumerate(table.lines)}
        for line in lines(spec):
            texts = {name: get_value(cells, places[line]) for name, cells in table.columns.items()}
            rows.append({"part": part, "file": export.file, "line": line, **texts})
    return write_rows([columns, *([row.get(name, "") for name in columns] for row in rows)])


# What readers know of counts: nothing hides it


def list_published_counts(
    project: Project, register: Register, ledger: Ledger
) -> list[PublishedRange]:
    """What is known of counts, and which counts were hidden.

    It comes from printed figures and ledgers, from that of the comparison year, and from every
    approved version of any edition: one of another year may have been compared with this one.
    Without a threshold nothing is hidden, and nobody asks.

    Raises:
        ParametersError: one of these files can't be read.
    """
    edition = register.edition
    if not edition.threshold:
        return []
    counts, counterparts = list[PublishedRange](), Counterparts(ledger)
    for printed in read_earlier_figures(project, edition, ledger, edition.language):
        figure = counterparts.find(printed)
        if figure is not None:
            counts += read_print_as_count(figure, printed.value, register)
    earlier = [] if register.previous is None else [register.previous.released]
    ledgers = [released.ledger for released in earlier if released is not None]
    paths = sorted((project.private / "approved").glob("*/*.json"))
    paths += [each / LEDGER for each in sorted(project.output.glob("*")) if is_approved(each)]
    named = list_earlier_files(project, edition)
    paths += [each for each in named if each.suffix == ".json" and each not in paths]
    ledgers += [read_ledger(path, project.label(path), STEP) for path in paths]
    return [*counts, *(count for each in ledgers for count in read_counts(each, register))]


def read_print_as_count(figure: Figure, value: str, register: Register) -> Iterator[PublishedRange]:
    """What a printed number, label, rank or flag says of the counts of a figure.

    A count says itself. A share, a change, a mean or a ratio says it as closely as its decimals, to
    whoever knows what it is a share of, changed from, divided by or compared with.
    """
    is_label = figure.kind == "top"
    # If codes tie, the one that was printed has as many rows as the others.
    for each in (figure.code or "", *figure.tied) if is_label else (str(figure.value),):
        if each.lstrip("0") == value.lstrip("0"):
            code = {"code": each} if is_label else {}
            yield from read_order(figure.model_copy(update=code), register)
    whole, parts = figure.denominator, figure.exposure
    factors = {
        "count": (0.0, 1.0),
        "share": (0.0, (whole or 0) / 100),
        "change": (whole or 0.0, (whole or 0) / 100),
        "mean": (0.0, parts.own if parts else 0.0),
        "rate_ratio": (0.0, (whole or 0) * parts.own / (parts.other or 1) if parts else 0.0),
    }
    start, factor = factors.get(figure.kind, (0.0, 0.0))
    if not factor or figure.numerator is None:
        return
    decimals = len(value.partition(".")[2])
    half = 0 if figure.kind == "count" else 0.5 * 10**-decimals + 1e-9
    low, high = (start + factor * (float(value) + side) for side in (-half, half))
    of = figure.population.all_contacts() if parts and parts.unit == "contact" else figure.of
    beside = None if figure.kind == "count" else of
    ratio = max(low, 0) / (whole or 1), high / (whole or 1)
    ends = math.ceil(low), math.floor(high)
    yield PublishedRange(figure.population, *ends, beside=beside, ratio=ratio)
