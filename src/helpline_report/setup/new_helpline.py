"""Propose parameters, layout and texts for a helpline that wasn't reported before."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import UserError, nearest
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.help_numbers import help_file
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import known_keys
from helpline_report.setup.layout import (
    layout_text,
    propose_files,
    refuse_name,
    render_template,
    scalar,
    without_year,
    write_layout,
)
from helpline_report.setup.new_year import (
    YEAR,
    NewEdition,
    quote_name,
    refuse_edition,
    write_edition,
)
from helpline_report.setup.yaml_text import YamlText

FACT = re.compile(r"\bfact\.([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class NewHelpline:
    """A first edition as text, the layout of its exports, and the texts that it asks for.

    `layout` is empty where there were no exports to propose one from.
    """

    edition: NewEdition
    layout_name: str
    layout: str
    texts: str

    def next_steps(self) -> list[str]:
        """What to do next, a line each."""
        name = self.layout_name
        steps = list(self.edition.next_steps())
        begun = f"params/{self.edition.name}/{self.edition.language}/helpline.md"
        numbers = f"write today's help numbers into {help_file(name)}"
        steps[1:2] = [steps[1], f"write in {begun} what its line !todo asks", numbers]
        answer = f"answer the questions of params/layouts/{name}.yaml: docs/layouts.md"
        if self.layout:
            return [answer, *steps[1:]]
        files = f"data/{self.edition.name}/*"
        proposal = f"have a layout proposed: helpline-report layout {files} --name {name}"
        return [steps[0], proposal, answer, *steps[1:]]


def propose_helpline(
    project: Project, name: str, files: Sequence[Path], answers: Sequence[str]
) -> NewHelpline:
    """What the first edition `name` of a helpline would be.

    `files` are its exports, else those in `data/NAME`; `answers` are `key=value` with dots, each in
    place of the question.

    Raises:
        ParametersError: there is such an edition or layout, or the name can't be one.
        UserError: an answer to no question, or exports in several folders.
        ExportError: an export can't be read.
    """
    refuse_edition(project, name)
    years = YEAR.findall(name)
    year = years[0] if len(years) == 1 else ""
    layout_name = name.replace(year, "").strip("-_") or name if year else name
    own = project.root / "data" / name
    exports = list(files) or sorted(path for path in own.glob("[!.]*") if path.is_file())
    folders = {path.resolve().parent for path in exports} or {own.resolve()}
    if len(folders) > 1:
        raise UserError(
            "the exports lie in several folders, and a source has one",
            next_step="put the exports of one system together; add another system under 'sources'",
        )
    folder = Path(os.path.relpath(folders.pop(), project.root.resolve())).as_posix()
    if exports:
        refuse_name(project, layout_name)
    proposals = propose_files(project, exports, {}) if exports else {}
    layout = layout_text(proposals, layout_name, year) if exports else ""
    files_by_id = {file_id: each.file.name for file_id, each in proposals.items()}
    text = render_template(
        "helpline.yaml.j2",
        name=name,
        edition=quote_name(name),
        year=year,
        layout=layout_name,
        folder=folder,
        files={
            file_id: file
            for file_id, file in files_by_id.items()
            if without_year(file, year) != file
        },
        chapters=_chapters(project),
        facts=_facts(project),
    )
    inside = () if folder.startswith("../") else (folder,)
    new = NewEdition(name, "", _answered(text, answers), inside, "nl")
    texts = Path(__file__).with_name("helpline.md").read_text(encoding="utf-8")
    return NewHelpline(new, layout_name, layout, texts)


def write_helpline(project: Project, new: NewHelpline) -> None:
    """Write layout, parameters and texts; nothing that is there is touched.

    Raises:
        OSError: a file or folder can't be made.
    """
    edition = new.edition
    if new.layout:
        write_layout(project, new.layout_name, new.layout)
    write_edition(project, edition)
    path = project.texts(edition.name, edition.language) / "helpline.md"
    if not path.exists():
        path.write_text(new.texts, encoding="utf-8")
    numbers = project.root / help_file(new.layout_name)
    if not numbers.exists():
        numbers.parent.mkdir(exist_ok=True)
        numbers.write_bytes(Path(__file__).with_name("help.yaml").read_bytes())
    # Git would take exports of people along from there; it is told not to.
    ignored = project.root / "data" / edition.name / ".gitignore"
    if ignored.parent.is_dir() and not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")


def _chapters(project: Project) -> list[str]:
    """The names of the chapters, in their order."""
    return [
        path.stem.partition("_")[2] for path in sorted(project.notebooks.glob("[0-9]*_*.ipynb"))
    ]


def _facts(project: Project) -> list[str]:
    """The facts that the chapters can say."""
    texts = [path.read_text("utf-8", "replace") for path in project.notebooks.glob("*.ipynb")]
    return sorted({name for text in texts for name in FACT.findall(text)})


def _answered(text: str, answers: Sequence[str]) -> str:
    """The parameters with each answer in place of its question."""
    changes = YamlText(text)
    for answer in answers:
        key, equals, value = answer.partition("=")
        path = tuple(key.strip().split("."))
        if not (equals and value and changes.has(*path)):
            close = nearest(path[-1], known_keys(Edition, path[:-1]))
            raise UserError(
                f"--set {answer}: it answers no question of a new helpline{close}",
                next_step="name a key with dots and its value: --set helpline.website=www.x.org",
            )
        changes.replace(path, value if value[0] in "[{" else scalar(value))
    return changes.changed()
