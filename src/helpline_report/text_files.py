"""Lay out the texts of the chapters as blocks to edit, beside those that staff wrote already."""

import re
from pathlib import Path

from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.texts import ChapterFile, read_texts
from helpline_report.run.notebooks import read_notebooks


def chapter_file(
    project: Project, edition: str, language: str, *, of: str, cells: tuple[str, ...]
) -> ChapterFile:
    """The file of an edition's texts of one chapter; `of` is how messages name its notebook."""
    # A notebook's name begins with a number; a foreword, which has no notebook, has none.
    chapter = re.sub(r"^\d\d_", "", Path(of).stem)
    path = project.texts(edition, language) / f"{chapter}.md"
    preamble = read_phrases("helpline_report.report", language)["texts.preamble"]
    where = project.label(path)
    return ChapterFile(path, where, cells, preamble.format(file=of))


def lay_out(project: Project, edition: str) -> dict[str, list[str]]:
    """Add the text cells that the edition hasn't replaced yet to the files of its texts.

    What stands in a file stays as it is. A block that says what the notebook says changes nothing
    in the edition. Returns the cells that were added, by file.

    Raises:
        ParametersError: there is no such edition.
        ChapterError, ProseError: a notebook, or a file of texts, can't be read.
        MachineError: a file can't be written.
    """
    parameters = project.edition(edition)
    files = {}
    for notebook in read_notebooks(project, parameters):
        cells, of = notebook.texts(), notebook.where
        translation = project.chapter_texts(parameters.language) / f"{notebook.name}.md"
        translated = read_texts(translation, cells, project.label(translation))
        cells |= {
            cell: translated[cell].markdown.strip("\n") for cell in cells if cell in translated
        }
        file = chapter_file(project, edition, parameters.language, of=of, cells=tuple(cells))
        existing = file.texts()
        added = {cell: text for cell, text in cells.items() if cell not in existing}
        if added:
            file.write(added)
        files[file.where] = [*added]
    return files
