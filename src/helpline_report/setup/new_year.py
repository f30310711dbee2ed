"""The parameters of a new year, made from those of a year before, with what is to decide marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import is_identifier
from helpline_report.parameters.yaml import count_undecided
from helpline_report.setup.moving import YEAR, Moving
from helpline_report.setup.splice import Spliced


@dataclass(frozen=True)
class NewYear:
    """A new edition as text: its name, the year that it is made from, what it needs beside it."""

    name: str
    before: str
    text: str
    folders: tuple[str, ...]
    language: str

    @property
    def questions(self) -> int:
        """How many values are to decide."""
        return count_undecided(self.text)


def propose_year(project: Project, name: str, before: str | None = None) -> NewYear:
    """What the parameters of edition `name` would be, from the edition of the year before.

    Raises:
        ParametersError: no such edition to begin from, one that is unsound or undecided itself, or
            a name without a year.
    """
    year = _year(name)
    before = before or name.replace(str(year), str(year - 1))
    if not is_identifier(name):
        raise ParametersError(
            f"'{name}' can't name an edition: small letters, digits, '-' and '_'",
            next_step="name it by its year: helpline-report new-year 2018",
        )
    if project.parameters_file(name).exists():
        raise ParametersError(
            f"there is an edition '{name}' already",
            where=f"params/{name}.yaml",
            next_step=f"edit it, and see what it lacks: helpline-report check {name}",
        )
    _refuse_no_beginning(project, before)
    old = project.edition(before)
    path = project.parameters_file(before)
    moving = Moving(Spliced(path.read_text(encoding="utf-8-sig")), old, name, year)
    return NewYear(name, before, moving.moved(), tuple(moving.folders()), old.language)


def write_year(project: Project, new: NewYear) -> None:
    """Write the parameters and make the folders; nothing that is there is touched.

    Raises:
        OSError: a file or folder can't be made.
    """
    texts = project.texts(new.name, new.language)
    texts.mkdir(parents=True, exist_ok=True)
    readme = texts.parent / "README.md"
    if not readme.exists():
        readme.write_text(_README.format(name=new.name, language=new.language), encoding="utf-8")
    for folder in new.folders:
        # Exports are of people: who may read them is for their owner to say.
        (project.root / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    with project.parameters_file(new.name).open("x", encoding="utf-8") as file:
        file.write(new.text)


_README = """\
# What {name} has to say for itself

One file a chapter, `{language}/<chapter>.md`, with blocks under the names of the chapter's cells;
a block takes the place of the cell's text. What isn't here is said as in any year. See
docs/edit-the-text.md.
"""


def _year(name: str) -> int:
    found = YEAR.findall(name)
    if len(found) != 1:
        raise ParametersError(
            f"no year in '{name}'" if not found else f"more than one year in '{name}'",
            next_step="name the edition by its year: helpline-report new-year 2018",
        )
    return int(found[0])


def _refuse_no_beginning(project: Project, before: str) -> None:
    if not project.parameters_file(before).is_file():
        known = project.editions()
        raise ParametersError(
            f"there is no edition '{before}' to begin from{nearest(before, known)} "
            f"(there are: {', '.join(known)})",
            where=f"params/{before}.yaml",
            next_step="say from which: helpline-report new-year YEAR --from EDITION",
        )


def made(new: NewYear) -> Iterator[str]:
    """What to do next, a line each."""
    inside = " and ".join(new.folders) or "the folders under 'sources'"
    yield f"put the exports of {new.name} into {inside}"
    yield f"answer the {new.questions} questions of params/{new.name}.yaml, each a !todo"
    yield f"see what is missing, until nothing is: helpline-report check {new.name}"
    yield f"write what the year has to say in params/{new.name}/{new.language}/"
    yield f"make the report: helpline-report build {new.name}"
