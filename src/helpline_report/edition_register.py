"""Open the register of an edition: from its exports, or in memory where a build has read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from helpline_report.figures.register import Register, checked
from helpline_report.figures.released_year import released_year
from helpline_report.parameters.project import Project
from helpline_report.tables.years import load_years


def open_register(project: Project, edition: str, overrides: Sequence[str] = ()) -> Register:
    """The tables of an edition and of its comparison year, with their code lists.

    A draft leaves rows with faults out of both. Where the parameters name the released ledger of
    the comparison year, its counts stand for its rows.

    Raises:
        ParametersError: the parameters of one of the two, or such a ledger, are wrong.
        ExportError: with every problem of the exports of both years.
    """
    held = _open.get((project.root, edition, tuple(overrides)))
    if held is not None:
        return held
    parameters = project.edition(edition, overrides)
    codelists = project.codelists()
    years = load_years(project, parameters)
    earlier = released_year(project, parameters)
    if years.before is not None:
        earlier = Register(years.before.edition, years.before.dataset, codelists)
    return checked(Register(parameters, years.now.dataset, codelists, earlier))


def hold_open(project: Project, edition: str, overrides: Sequence[str], register: Register) -> None:
    """Let chapters of this process have tables that are in memory already, and read none.

    For a process that was forked from one that had read them: it ends with its chapter.
    """
    _open[project.root, edition, tuple(overrides)] = register


_open: dict[tuple[Path, str, tuple[str, ...]], Register] = {}
