"""The comparison year of an edition as its released ledger has it: a register without tables."""

from __future__ import annotations

from helpline_report.figures.register import Register
from helpline_report.figures.released import read_released
from helpline_report.parameters.earlier_reports import comparison_ledger
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset import Dataset


def released_year(project: Project, edition: Edition) -> Register | None:
    """The comparison year from the ledger that the parameters name; None where they name none.

    Raises:
        ParametersError: the parameters of that year are wrong, or the ledger isn't one of it.
    """
    path = comparison_ledger(project, edition)
    if path is None or edition.comparison is None:
        return None
    then = project.edition(edition.comparison)
    released = read_released(path, edition.comparison_ledger or path.name, then.edition)
    nothing = Dataset(then.edition, then.period, {})
    return Register(then, nothing, project.codelists(), released=released)
