"""List the commands by who uses them, and open the project that a command works on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

from helpline_report.errors import UserError
from helpline_report.parameters.project_folder import ProjectFolder

if TYPE_CHECKING:
    from helpline_report.parameters.project import Project


def find_folder(folder: Path, *, again: bool = False) -> ProjectFolder:
    """The project's folder; nothing in it is read yet. With `again` no kept result is used.

    Raises:
        UserError: the folder holds no project.
    """
    root = folder.resolve()
    if not (root / "params").is_dir():
        raise UserError(
            "there is no folder 'params' here" if root.is_dir() else "there is no such folder",
            where=folder.as_posix(),
            next_step="run in the folder of the project, or name it: --project FOLDER",
        )
    return ProjectFolder(root, dict(os.environ), again=again)


def label_path(name: str) -> str:
    """How a message names a path: from the working folder on, or by its last part elsewhere."""
    place = Path(name)
    try:
        return place.absolute().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):  # the working folder may be gone
        return place.name


def open_project(folder: Path, *, again: bool = False) -> Project:
    """The project in a folder. With `again` no kept result is used.

    Raises:
        UserError: the folder holds no project.
    """
    from helpline_report.parameters.project import Project

    root = find_folder(folder).root
    return Project(root, dict(os.environ), again=again)


def open_sound_project(
    folder: Path, edition: str, overrides: Sequence[str] = (), *, again: bool = False
) -> Project:
    """The project in a folder, once the parameters of an edition are checked.

    With `again` no kept result is used.

    Raises:
        UserError: there is no project, or the parameters have a mistake.
    """
    from helpline_report.parameters.references import check_edition

    project = open_project(folder, again=again)
    check_edition(project, edition, overrides)
    return project


# The commands that each of the three users begins with: `--help` lists them first.
FIRST = {
    "For a researcher": ("new-year", "check", "build"),
    "For communications staff": ("desk", "publish", "package"),
    "For an auditor": ("trace", "verify", "diff"),
}


class GroupedCommands(TyperGroup):
    """Lists the commands by who uses them, and all others below these."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each user."""
        listed_first = [name for names in FIRST.values() for name in names]
        others = [name for name in self.list_commands(ctx) if name not in listed_first]
        for title, names in {**FIRST, "More": others}.items():
            lines = [(name, self.commands[name].get_short_help_str(200)) for name in names]
            with formatter.section(title):
                formatter.write_dl(lines)
