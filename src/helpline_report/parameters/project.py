"""A project folder: where its parts lie, and its editions with their overrides applied.

Every command has one, those too that read no parameters: the models load with what needs them.
"""
# ruff: noqa: PLC0415 - the models take longer than all else that such a command does

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from helpline_report.errors import ParametersError, nearest
from helpline_report.steps import Steps

if TYPE_CHECKING:
    from helpline_report.parameters.codelists import CodeList
    from helpline_report.parameters.edition import Edition
    from helpline_report.parameters.yaml import Document


VARIABLE = "HELPLINE_PROJECT"
# The override by which rows with faults are left out; of an edition, not of a what-if.
DRAFT = "draft=true"


def what_if(overrides: Sequence[str]) -> tuple[str, ...]:
    """The overrides that make something else of an edition; none where it is the edition itself."""
    return tuple(override for override in overrides if override != DRAFT)


def find_root(environment: Mapping[str, str], *starts: Path) -> Path:
    """The folder of the project: the one that `HELPLINE_PROJECT` names, else above a start.

    The starts are searched in their order, each with the folders above it.

    Raises:
        ParametersError: no folder holds `params/`; the message says where was looked.
    """
    named = environment.get(VARIABLE)
    starts = tuple(start.resolve() for start in ((Path(named),) if named else starts))
    above = [each for start in starts for each in ((start,) if named else (start, *start.parents))]
    for folder in above:
        if (folder / "params").is_dir():
            return folder
    raise ParametersError(
        f"there is no folder 'params' in {', '.join(dict.fromkeys(map(Path.as_posix, above)))}",
        where=VARIABLE if named else "",
        next_step=f"run in the folder of the project or below it (papermill --cwd), or set "
        f"{VARIABLE} to that folder",
    )


def approved_ledgers(project: Project, name: str) -> Path:
    """Where the released ledger of every approved version of an edition is kept."""
    return project.private / "approved" / name


def is_approved(folder: Path) -> bool:
    """Whether the edition in a folder was approved; a draft is nobody's word."""
    try:
        manifest = json.loads((folder / "audit" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("status") in ("provisional", "final")


@dataclass(frozen=True)
class Project:
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
        """What nobody but its owner reads: tables, the ledger before release, problem reports."""
        return self.root / ".helpline"

    @cached_property
    def steps(self) -> Steps:
        """What is kept of earlier runs, for as long as it is made from the same."""
        return Steps(self.private / "steps", again=self.again)

    @property
    def output(self) -> Path:
        """The editions."""
        return self.root / "output"

    def output_name(self, edition: str, overrides: Sequence[str], name: str = "") -> str:
        """The folder in `output/` of what is made of an edition: a what-if has one of its own.

        Raises:
            ParametersError: `name` is given and it is no what-if, or is no name for one.
        """
        changed = what_if(overrides)
        if not changed and not name:
            return edition
        name = name or f"{edition}-what-if"
        what, step = "", f"name it otherwise: --as {edition}-what-if"
        if not changed:
            what = "nothing is set, so this is the edition itself"
            step = f"add --set key=value, or run: helpline-report build {edition}"
        elif re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) is None:
            what = "a what-if is named by letters, digits, '-' and '_'"
        elif self.parameters_file(name).exists():
            what = f"the what-if would take the place of the edition '{name}'"
        if what:
            raise ParametersError(f"--as {name}: {what}", next_step=step)
        return name

    def place(self, edition: Edition, name: str) -> Path:
        """Where an output is put: a draft of confidential rows where nobody else can read it."""
        return (self.output if edition.published else self.private / "drafts") / name

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

    def codelists(self) -> dict[str, CodeList]:
        """The code lists, by field."""
        from helpline_report.parameters.codelists import load_codelists

        return load_codelists(self.root / "data" / "codelists", self.root)

    def codelists_of(self, edition: Edition) -> dict[str, CodeList]:
        """The same with the classes of persons' ages, by which exports are read."""
        from helpline_report.parameters.codelists import with_age_classes

        return with_age_classes(self.codelists(), edition)

    def editions(self) -> list[str]:
        """The names of the editions that have parameters."""
        return sorted(path.stem for path in (self.root / "params").glob("*.yaml"))

    def document(self, name: str, overrides: Sequence[str] = ()) -> Document:
        """The parameter file of an edition with `key=value` overrides, and the line of each key.

        Raises:
            ParametersError: no such edition, a file that can't be read, or a wrong override.
        """
        from helpline_report.parameters.edition import Edition
        from helpline_report.parameters.values import is_identifier
        from helpline_report.parameters.yaml import override, read_yaml

        path = self.parameters_file(name)
        if not (is_identifier(name) and path.is_file()):
            known = self.editions()
            listed = f" (there are: {', '.join(known)})" if known else ""
            choose = "name one of these, or " if known else ""
            raise ParametersError(
                f"there is no edition '{name}'{nearest(name, known)}{listed}",
                where=f"params/{name}.yaml",
                next_step=f"{choose}run in the folder that holds 'params/'",
            )
        return override(read_yaml(path, self.root), overrides, Edition)

    def edition(self, name: str, overrides: Sequence[str] = ()) -> Edition:
        """The parameters of an edition, with `key=value` overrides through the same schema.

        Raises:
            ParametersError: no such edition, parameters that the schema refuses, or an override
                that makes confidential rows something else.
        """
        from helpline_report.parameters.edition import Edition
        from helpline_report.parameters.yaml import validate

        document = self.document(name, overrides)
        edition = validate(Edition, document)
        if edition.edition != name:
            raise ParametersError(
                f"the file is named '{name}' and says it is edition '{edition.edition}'",
                where=document.place(("edition",)),
            )
        confidential = bool(overrides) and self.document(name).data.get("rows") == "confidential"
        if confidential and edition.rows != "confidential":
            raise ParametersError(
                "the rows are confidential, and no override makes them anything else",
                where=f"params/{name}.yaml",
                next_step="take the override of 'rows' away",
            )
        return edition

    def comparison(self, edition: Edition) -> Edition:
        """The edition that one is compared with; an override of what both years share holds there.

        That is: of age classes, and of the weekdays on which the helpline is open. A closing day
        is one of its year.

        Raises:
            ParametersError: as `edition` raises it.
        """
        before = self.edition(edition.comparison or "")
        if not self.parameters_file(edition.edition).is_file():
            return before
        own = self.edition(edition.edition)
        shared: dict[str, object] = {
            name: getattr(edition, name)
            for name in ("age_classes", "person_ages")
            if getattr(edition, name) != getattr(own, name)
        }
        weekdays = edition.calendar.working_days
        if weekdays != own.calendar.working_days:
            shared["calendar"] = before.calendar.model_copy(update={"working_days": weekdays})
        return before.model_copy(update=shared)

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
