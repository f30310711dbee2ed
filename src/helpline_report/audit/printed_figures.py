"""Read figures that were published earlier: printed ones from CSV, others from released ledgers."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from pathlib import Path
from typing import get_args

from helpline_report.errors import ParametersError, nearest
from helpline_report.figures.ledger import Ledger, read_ledger
from helpline_report.figures.model import (
    Figure,
    Key,
    Noun,
    PopulationSpec,
    Unit,
    make_key,
    make_undated_key,
)
from helpline_report.figures.printed import Exports, PrintedFigure
from helpline_report.parameters.earlier_reports import list_earlier_files, read_rows
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import ID_PATTERN
from helpline_report.prose.numbers import raw

COLUMNS = ("id", "section", "printed", "value", "unit", "population", "claimed", "source")
# The year that a figure is about, where a report has figures of other years too.
EDITION = "edition"
ID = re.compile(r"^[a-z0-9_-]+(\.[a-z0-9_-]+)*$")
NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")
NUMBERS = ("count", "percent", "percent change", "mean", "ratio")
NOUNS = [noun.replace("_", " ") for noun in get_args(Noun)]
WHOLE = {"month": range(1, 13), "weekday": range(1, 8), "flag": range(2), "rank": range(1, 1000)}
# What a figure of its own year says; a change says something of two years.
KINDS = ("count", "share", "mean", "maximum", "top", "rank")
STEP = "name the data/ledger.json of an edition, or a CSV file of printed figures"

# A report says a figure of a year once, and other reports may say it too.
Place = tuple[str, str, str]


def read_earlier_figures(
    project: Project, edition: Edition, ledger: Ledger, language: str
) -> tuple[PrintedFigure, ...]:
    """All figures that were published earlier and that this edition is compared with.

    A report is called by its title in `language`.

    Raises:
        ParametersError: a file can't be read as printed figures, or as a released ledger.
    """
    figures: list[PrintedFigure] = []
    for path in list_earlier_files(project, edition):
        if path.suffix == ".json":
            released = read_ledger(path, project.label(path), STEP)
            title = released.edition
            if title in project.editions():
                title = project.edition(title).title.in_language(language)
            figures += convert_released(released, ledger, title)
        else:
            figures += read_printed(path, project.label(path))
    return tuple(figures)


# Printed figures


def read_printed(path: Path, name: str) -> tuple[PrintedFigure, ...]:
    """The printed figures of one file, in its order; `name` is how messages name it.

    The file is comma-separated UTF-8 with the columns id, section, printed, value, unit,
    population, claimed and source. `value` is the print as a number with a decimal point, a code or
    a flag; `population` says what it counts, `claimed` what the report called it. A ninth column,
    `edition`, may say which year a figure is about, where that isn't the edition's own year.

    Raises:
        ParametersError: a line for each fault, with file, line and column.
    """
    step = "name the files of printed figures under 'printed', or leave it out"
    faults: list[str] = []
    figures: dict[Place, PrintedFigure] = {}
    for place, row in read_rows(path, name, COLUMNS, faults, step=step, more=(EDITION,)):
        complaints = {column: _find_complaint(column, row, figures) for column in row}
        wrong = {column: what for column, what in complaints.items() if what}
        faults += [f"{place}, column {column}: {what}" for column, what in wrong.items()]
        if not wrong:
            figures[_get_place(row)] = PrintedFigure.model_validate(row)
    if faults:
        raise ParametersError("\n".join(faults))
    return tuple(figures.values())


def _get_place(row: Mapping[str, str]) -> Place:
    return row["id"], row["source"], row.get(EDITION, "")


def _find_complaint(column: str, row: Mapping[str, str], before: Container[Place]) -> str:
    text = row[column]
    if column == EDITION:
        is_name = not text or re.match(ID_PATTERN, text)
        return "" if is_name else f"'{text}' is no name of an edition"
    if not text.strip():
        return "is empty"
    match column:
        case "id" if not ID.match(text):
            return f"'{text}' is no id of a figure"
        case "id" if _get_place(row) in before:
            return f"'{text}' stands twice"
        case "unit" if text not in get_args(Unit):
            return f"there is no unit '{text}'{nearest(text, list(get_args(Unit)))}"
        case "population" | "claimed" if text not in NOUNS:
            return f"there is no population '{text}'{nearest(text, NOUNS)}"
        case "value" if row["unit"] in NUMBERS and not NUMBER.match(text):
            return f"'{text}' is no number with a decimal point"
        case "value" if allowed := WHOLE.get(row["unit"]):
            if not text.isascii() or not text.isdigit() or int(text) not in allowed:
                return f"'{text}' is no {row['unit']}: {allowed.start} to {allowed.stop - 1}"
    return ""


# Released ledgers


def convert_released(released: Ledger, ledger: Ledger, source: str) -> Iterator[PrintedFigure]:
    """What a released edition said of its own year, as far as this one counts the same again."""
    again = {
        make_figure_key(figure): figure
        for figure in reversed(ledger.figures.values())
        if figure.kind in KINDS
    }
    # Whether the exports of that year are still those that the released edition was made of.
    then, now = (
        {(file.file, file.sha256) for file in sources if file.edition == released.edition}
        for sources in (released.sources, ledger.sources)
    )
    exports: Exports = "unknown"
    if then and now:
        exports = "same" if then == now else "changed"
    origins = released.origins()
    for before in released.figures.values():
        of_one_year = before.kind in KINDS
        same = again.get(make_figure_key(before)) if of_one_year else ledger.figures.get(before.id)
        if same is None or before.value is None or before.population.edition != released.edition:
            continue
        noun = find_population(before).noun.replace("_", " ")
        value = raw(before.value)
        yield PrintedFigure(
            id=same.id,
            section=origins.get(before.id, ("ledger", ""))[0],
            printed=value.replace(".", ",") if before.unit != "label" else value,
            value=value,
            unit=before.unit,
            population=noun,
            claimed=noun,
            source=source,
            edition=released.edition,
            exports=exports,
            released=True,
        )


def find_population(figure: Figure) -> PopulationSpec:
    """What a figure is a share or a count of."""
    return figure.of if figure.kind == "share" and figure.of is not None else figure.population


def make_figure_key(figure: Figure, of: Callable[[PopulationSpec], Key] = make_key) -> Key:
    """What a figure says and of what, whatever it is called; `of` is the key of a population."""
    return (
        figure.kind,
        of(figure.population),
        of(figure.of) if figure.of is not None else None,
        figure.by if figure.kind in ("top", "rank", "maximum", "mean") else (),
        figure.code if figure.kind == "rank" else None,
        (figure.place, figure.lowest, figure.among if figure.lowest else ()),
        figure.exposure.unit if figure.exposure else "",
    )


class Counterparts:
    """The figures of a ledger that say the same as printed ones, of its own year and of others."""

    def __init__(self, ledger: Ledger) -> None:
        self._figures, self._edition = ledger.figures, ledger.edition
        others = [f for f in ledger.figures.values() if f.population.edition != ledger.edition]
        # The last one with a key counts: that of the whole year, and not of a window.
        others.sort(key=lambda figure: figure.population.period.days)
        self._of_other_years: Mapping[Key, Figure] = {
            (figure.population.edition, *make_figure_key(figure, make_undated_key)): figure
            for figure in others
        }

    def find(self, item: PrintedFigure) -> Figure | None:
        """The figure that says the same of the same year, or None where the ledger has none."""
        named, year = self._figures.get(item.id), item.edition or self._edition
        if not item.edition:
            return named
        for figure in (named, self._figures.get(f"{item.id}.previous")):
            if figure is not None and figure.population.edition == year:
                return figure
        return named and self._of_other_years.get((year, *make_figure_key(named, make_undated_key)))
