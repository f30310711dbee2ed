"""What a figure of the last build is made of: in words, and the rows for who has the exports."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from helpline_report.audit.pages import write_trace
from helpline_report.audit.sources import (
    read_row_exports,
    with_rows,
    write_contributing_rows,
)
from helpline_report.edition_register import open_register
from helpline_report.errors import ParametersError, nearest
from helpline_report.figures.counting import lines_of
from helpline_report.parameters.project import Project
from helpline_report.prepared import check_parameters
from helpline_report.private_files import write_private
from helpline_report.publishing import last_release, publication_of


def trace(project: Project, name: str, figure: str) -> str:
    """What the audit says of one figure of the last build, as text; no export is read.

    Raises:
        HelplineError: there is no released ledger, or no such figure.
    """
    released = last_release(project, name)
    ledger = released.ledger
    printed = [point.id for point in ledger.trend.points] if ledger.trend else []
    known = [*ledger.figures, *printed]
    if figure not in known:
        raise ParametersError(
            f"the edition '{name}' has no figure '{figure}'{nearest(figure, known)}",
            next_step=f"all of them stand in output/{name}/data/figures.csv",
        )
    checked = check_parameters(project, name, ledger.overrides)
    return write_trace(publication_of(project, checked, released), figure)


def trace_rows(project: Project, name: str, figure: str) -> Path:
    """Write the rows that a figure is made of to a private file, from the exports; returns it.

    Raises:
        HelplineError: the exports can't be used, or rows of this figure can't be told.
    """
    released = last_release(project, name).ledger
    if figure not in released.figures:
        raise ParametersError(
            f"'{figure}' was printed elsewhere and isn't counted: no rows stand behind it",
            next_step="the trace without --rows names its source",
        )
    register = open_register(project, name, released.overrides)
    wanted = released.figures[figure]
    if wanted.population.table not in ("contacts", "persons", "followups"):
        raise ParametersError(
            f"'{figure}' is made of {wanted.population.noun}: no rows of people stand behind it",
            next_step="the trace without --rows says where it comes from",
        )
    if wanted.population.edition in released.taken_over:
        raise ParametersError(
            f"'{figure}' is taken from the released ledger of {wanted.population.edition}",
            next_step="its rows are gone; the trace without --rows says where it comes from",
        )
    exports = read_row_exports(project, with_rows(register))
    rows = write_contributing_rows(wanted, partial(lines_of, register), exports)
    place = project.private / "rows" / name / f"{figure}.csv"
    write_private(place, rows)
    return place
