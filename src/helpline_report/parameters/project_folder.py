"""The folder of a project: where its parts lie; it reads no parameters and loads no model."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from helpline_report.errors import ParametersError
from helpline_report.steps import Steps

VARIABLE = "HELPLINE_PROJECT"
# In the folder of an edition: what it was made from, and the released ledger.
MANIFEST, LEDGER = "audit/manifest.json", "data/ledger.json"
# The override by which rows with faults are left out; of an edition, not of a what-if.
DRAFT = "draft=true"
# Beside texts: the suffixes of photographs, and of what a word processor leaves instead of a text.
PHOTOGRAPHS = (".jpg", ".jpeg", ".png")
DOCUMENTS = (".doc", ".docx", ".markdown", ".odt", ".rtf", ".txt")


def what_if(overrides: Sequence[str]) -> tuple[str, ...]:
    """The overrides that make a what-if of an edition; none if it is the edition itself."""
    return tuple(override for override in overrides if override != DRAFT)


def find_root(environment: Mapping[str, str], start: Path) -> Path:
    """The folder of the project: the one that `HELPLINE_PROJECT` names, or at or above a start.

    Raises:
        ParametersError: no folder holds `params/`; the message names the folders that were tried.
    """
    named = environment.get(VARIABLE)
    here = Path(named or start).resolve()
    folders = [here] if named else [here, *here.parents]
    for folder in folders:
        if (folder / "params").is_dir():
            return folder
    raise ParametersError(
        f"there is no folder 'params' in {', '.join(dict.fromkeys(map(Path.as_posix, folders)))}",
        where=VARIABLE if named else "",
        next_step=f"run in the folder of the project or below it (papermill --cwd), or set "
        f"{VARIABLE} to that folder",
    )


def is_approved(folder: Path) -> bool:
    """Whether somebody approved the edition in a folder."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("status") in ("provisional", "final")


@dataclass(frozen=True)
class ProjectFolder:
    """The folder that holds `params/`; `environment` gives the variables that paths may name.

    With `again` nothing is used that an earlier run kept.
    """

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    again: bool = False

    @property
    def notebooks(self) -> Path:
        """The chapters."""
        return self.root / "notebooks"

    @property
    def private(self) -> Path:
        """What its owner alone can read: tables, the ledger before release, problem reports."""
        return self.root / ".helpline"

    def approved_ledgers(self, edition: str) -> Path:
        """Where the released ledger of every approved version of an edition is kept."""
        return self.private / "approved" / edition

    @cached_property
    def steps(self) -> Steps:
        """The kept results of earlier runs."""
        return Steps(self.private / "steps", again=self.again)

    @property
    def output(self) -> Path:
        """The editions."""
        return self.root / "output"

    def output_name(self, edition: str, overrides: Sequence[str], name: str = "") -> str:
        """The name of an edition's folder in `output/`; a what-if has one of its own.

        Raises:
            ParametersError: `name` is given and it is no what-if, or is no name for one.
        """
        changed = what_if(overrides)
        if not changed and not name:
            return edition
        name = name or f"{edition}-what-if"
        fault, step = "", f"name it otherwise: --as {edition}-what-if"
        if not changed:
            fault = "nothing is set, so this is the edition itself"
            step = f"add --set key=value, or run: helpline-report build {edition}"
        elif re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) is None:
            fault = "a what-if is named by letters, digits, '-' and '_'"
        elif self.parameters_file(name).exists():
            fault = f"the what-if would take the place of the edition '{name}'"
        if fault:
            raise ParametersError(f"--as {name}: {fault}", next_step=step)
        return name

    def parameters_file(self, edition: str) -> Path:
        """Where the parameters of an edition stand."""
        return self.root / "params" / f"{edition}.yaml"

    def layout_file(self, layout: str) -> Path:
        """Where a layout stands."""
        return self.root / "params" / "layouts" / f"{layout}.yaml"

    def texts(self, edition: str, language: str) -> Path:
        """The folder of an edition's own texts in one language."""
        return self.root / "params" / edition / language

    def chapter_texts(self, language: str) -> Path:
        """The folder of the chapters' texts in a language that isn't the notebooks' own."""
        return self.notebooks / language

    def editions(self) -> list[str]:
        """The names of the editions that have parameters."""
        return sorted(path.stem for path in (self.root / "params").glob("*.yaml"))

    def label(self, path: Path) -> str:
        """How messages name a file: by its path in the project, one elsewhere by its name alone."""
        if not path.is_relative_to(self.root):
            return path.name
        return path.relative_to(self.root).as_posix()

    def resolve(self, path: str) -> Path:
        """A path of the parameters: `${NAME}` from the environment, relative to the project.

        Raises:
            ParametersError: a variable isn't set.
        """

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if not self.environment.get(name):
                raise ParametersError(
                    f"the path '{path}' needs the environment variable {name}, which isn't set",
                    next_step=f"set {name} to the folder that holds the exports",
                )
            return self.environment[name]

        return self.root / Path(re.sub(r"\$\{(.*?)\}", value, path)).expanduser()
