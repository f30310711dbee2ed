"""Propose parameters, layout and texts for a helpline that wasn't reported before."""

import os
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import UserError
from helpline_report.parameters.help_numbers import name_help_file
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import find_named_facts
from helpline_report.parameters.values import LANGUAGES
from helpline_report.parameters.yaml import make_error
from helpline_report.run.notebooks import Notebook, read_notebooks, read_tags
from helpline_report.setup import layout as layouts
from helpline_report.setup import new_year

# A cell that counts or shows something.
SHOWS = re.compile(r"\bchapter\.(?!populations|previous|groups)\w+\(")
BY_LINE = "name it by helpline and year: helpline-report new-helpline my-line-2021"


@dataclass(frozen=True)
class NewHelpline:
    """The text of a first edition, and of the layout of its exports; '' if there are none."""

    edition: new_year.NewEdition
    layout_name: str
    layout: str

    def next_steps(self) -> list[str]:
        """What to do next, a line each."""
        name = self.layout_name
        put, *others = self.edition.next_steps()
        begun = f"params/{self.edition.name}/{self.edition.language}/helpline.md"
        numbers = f"write today's help numbers into {name_help_file(name)}"
        others[1:1] = [f"write in {begun} what its line !todo asks", numbers]
        answer = f"answer the questions of params/layouts/{name}.yaml: docs/layouts.md"
        files = f"data/{self.edition.name}/*"
        proposal = f"have a layout proposed: helpline-report layout {files} --name {name}"
        return [*(() if self.layout else (put, proposal)), answer, *others]


def propose_helpline(
    project: Project,
    name: str,
    files: Sequence[Path],
    *,
    language: str = LANGUAGES[0],
    coded: Sequence[str] = (),
) -> NewHelpline:
    """What the first edition `name` of a helpline would be, in a language.

    `files` are its exports, else those in `data/NAME`; `coded` are `COLUMN=FIELD`, columns that
    hold codes of a field.

    Raises:
        ParametersError: there is such an edition or layout, or the name can't be one.
        UserError: a language without words, a column or field in `coded` that there isn't, or
            exports in several folders.
        ExportError: an export can't be read.
    """
    new_year.refuse_edition(project, name, BY_LINE)
    if language not in LANGUAGES:
        listed = ", ".join(LANGUAGES)
        raise make_error(UserError, "no_language", language=language, languages=listed)
    years = new_year.YEAR.findall(name)
    year = years[0] if len(years) == 1 else ""
    layout_name = name.replace(year, "").strip("-_") or name if year else name
    own = project.root / "data" / name
    exports = list(files) or sorted(path for path in own.glob("[!.]*") if path.is_file())
    folders = {path.resolve().parent for path in exports} or {own.resolve()}
    if len(folders) > 1:
        raise make_error(UserError, "two_folders")
    folder = Path(os.path.relpath(folders.pop(), project.root.resolve())).as_posix()
    if exports:
        layouts.refuse_name(project, layout_name)
    fields_by_column = layouts.split_coded(coded)
    proposals = layouts.propose_files(project, exports, fields_by_column) if exports else {}
    written = {file_id: each.file.name for file_id, each in proposals.items()}
    notebooks = read_notebooks(project) if project.notebooks.is_dir() else ()
    fields = {field for each in proposals.values() for field in each.fields()}
    text = layouts.render_template(
        "helpline.yaml.j2",
        name=name,
        edition=new_year.quote_name(name),
        year=year,
        language=language,
        layout=layout_name,
        folder=folder,
        files={at: file for at, file in written.items() if layouts.remove_year(file, year) != file},
        chapters=[notebook.name for notebook in notebooks],
        empty=[each.name for each in notebooks if proposals and _is_empty(each, fields)],
        genders=any(each.tells_genders for each in proposals.values()),
        facts=sorted(find_named_facts(project)),
    )
    inside = () if folder.startswith("../") else (folder,)
    new = new_year.NewEdition(name, "", text, inside, language)
    layout = layouts.write_layout_text(proposals, layout_name, year) if exports else ""
    return NewHelpline(new, layout_name, layout)


def _is_empty(notebook: Notebook, fields: AbstractSet[str]) -> bool:
    """Whether each cell of a chapter that shows something needs what the exports don't give."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    needs = [
        {tag.partition(":")[2].partition("=")[0] for tag in read_tags(cell) if ":" in tag}
        for cell in cells
        if SHOWS.search(cell.source)
    ]
    return bool(needs) and all(each - fields for each in needs)


def write_helpline(project: Project, new: NewHelpline) -> None:
    """Write layout, parameters and texts; nothing that is there is touched.

    Raises:
        OSError: a file or folder can't be made.
    """
    edition = new.edition
    if new.layout:
        layouts.write_layout(project, new.layout_name, new.layout)
    new_year.write_edition(project, edition)
    text = project.texts(edition.name, edition.language) / "helpline.md"
    numbers = project.root / name_help_file(new.layout_name)
    for path, name in ((text, f"helpline_{edition.language}.md"), (numbers, "help.yaml")):
        new_year.write_absent(path, Path(__file__).with_name(name).read_text(encoding="utf-8"))
