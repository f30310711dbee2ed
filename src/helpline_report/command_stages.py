"""List the commands by who uses them, load what each needs, and open the project it works on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

from helpline_report.errors import UserError
from helpline_report.parameters.project_folder import ProjectFolder

if TYPE_CHECKING:
    from helpline_report.parameters.project import Project

# What a command needs beyond what says 'nothing changed': it takes up to seconds to load, so each
# is loaded when it is due, by `stage`.
STAGES = {
    "project": "helpline_report.parameters.project",
    "parameters": "helpline_report.parameters.references",
    "check": "helpline_report.checking",
    "summary": "helpline_report.report.problems",
    "build": "helpline_report.build",
    "publish": "helpline_report.publishing",
    "package": "helpline_report.audit.packages",
    "differences": "helpline_report.audit.differences_page",
    "hidden counts": "helpline_report.report.hidden_counts",
    "texts": "helpline_report.text_files",
    "hand-over": "helpline_report.hand_over",
    "desk": "helpline_report.desk.desk_server",
    "sample": "helpline_report.sample",
    "layout": "helpline_report.setup.layout",
    "questions": "helpline_report.parameters.yaml",
    "new-year": "helpline_report.setup.new_year",
    "new-helpline": "helpline_report.setup.new_helpline",
    "schema": "helpline_report.parameters.edition",
}


def stage(name: str) -> Any:
    """Load what a command needs."""
    return import_module(STAGES[name])


def find_folder(folder: Path, *, again: bool = False) -> ProjectFolder:
    """The folder of a project, of which nothing is read yet; `again` is as it has it.

    Raises:
        UserError: the folder holds none.
    """
    root = folder.resolve()
    if not (root / "params").is_dir():
        raise UserError(
            "there is no folder 'params' here" if root.is_dir() else "there is no such folder",
            where=folder.as_posix(),
            next_step="run in the folder of the project, or name it: --project FOLDER",
        )
    return ProjectFolder(root, dict(os.environ), again=again)


def open_project(folder: Path, *, again: bool = False) -> Project:
    """The project in a folder.

    Raises:
        UserError: the folder holds none.
    """
    here = find_folder(folder, again=again)
    project: Project = stage("project").Project(here.root, here.environment, again=again)
    return project


def open_sound_project(folder: Path, edition: str, overrides: Sequence[str] = ()) -> Project:
    """The project in a folder, in which the parameters of an edition have no mistake.

    Raises:
        UserError: there is no project, or a mistake in what they say.
    """
    project = open_project(folder)
    stage("parameters").check_edition(project, edition, overrides)
    return project


# What each of the three users begins with; `--help` shows it first.
FIRST = {
    "For a researcher": ("new-year", "check", "build"),
    "For communications staff": ("desk", "publish", "package"),
    "For an auditor": ("trace", "verify", "diff"),
}


class GroupedCommands(TyperGroup):
    """Lists the commands by who uses them, and all others below these."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each user."""
        known = self.list_commands(ctx)
        first = [name for names in FIRST.values() for name in names]
        more = {"More": [name for name in known if name not in first]}
        for title, names in {**FIRST, **more}.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(name, self.commands[name].get_short_help_str(62)) for name in names]
                )
