"""Check parameters, notebooks, texts and exports, without the modules that run or draw chapters."""

from collections.abc import Sequence

from helpline_report.edition_register import open_register
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from helpline_report.report.problems import keep_problems


def check(project: Project, name: str, overrides: Sequence[str] = ()) -> Register:
    """Read and check all that an edition is made from, and the year that it is compared with.

    Raises:
        UserError: something the user gave is wrong; problems of exports are kept in private files.
    """
    check_parameters(project, name, overrides, to_run=True)
    with keep_problems(project, name):
        return open_register(project, name, overrides)
