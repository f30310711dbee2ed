"""A check: parameters, notebooks, texts and exports, read without what runs or draws a chapter."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.figures.register import Register, check_breaks, released_year
from helpline_report.parameters.help_numbers import read_help_numbers
from helpline_report.parameters.house_files import read_house
from helpline_report.parameters.project import Project
from helpline_report.report.own_texts import own_texts
from helpline_report.report.problems import problems_kept
from helpline_report.run.notebooks import read_notebooks
from helpline_report.tables.years import Years, load_years


def check(project: Project, name: str, overrides: Sequence[str] = ()) -> Years:
    """Read and check all that an edition is made from, and the year that it is compared with.

    Raises:
        UserError: something the user gave is wrong; problems of exports are kept in private files.
    """
    edition = project.edition(name, overrides)
    read_house(edition.house_style, project.root)
    read_help_numbers(edition.help, project.root)
    notebooks = read_notebooks(project, edition)
    cells = {notebook.name: notebook.texts() for notebook in notebooks}
    own_texts(project, edition, cells, [code for each in notebooks for code in each.code()])
    with problems_kept(project, name):
        years = load_years(project, edition)
    released_year(project, edition)
    check_breaks(Register(edition, years.now.dataset, project.codelists()))
    return years
