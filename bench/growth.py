"""How time and memory grow with the rows of a year: synthetic exports of 2017, ever more."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.cases import BUILD, MODULES, PROGRAM, copy_project, edit_parameter
from bench.machine import today
from bench.results import Grown
from bench.watched import watch

SIZES = (5_000, 50_000, 500_000)
MILLIONS = 5_000_000


def grow(contacts: int, work: Path) -> Grown:
    """Make the exports, build the edition from nothing, change a parameter, and build again.

    The year before stays as the sample has it.
    """
    project = copy_project(work / "growth")
    sample = (PROGRAM, "sample", "2017", "--contacts", str(contacts))
    watch(sample, project, environment=MODULES)
    first = watch(BUILD, project, environment=MODULES)
    edit_parameter(project, turn=1)
    again = watch(BUILD, project, environment=MODULES)
    shutil.rmtree(project)
    return Grown(on=today(), first=first, again=again)
