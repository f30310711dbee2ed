"""Lay out the texts of the chapters as blocks to edit, beside those that staff wrote already."""

import re
from pathlib import Path

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import make_error, read_phrases
from helpline_report.prose.texts import ChapterFile, read_texts
from helpline_report.run.notebooks import read_notebooks


def chapter_file(
    project: Project, edition: str, language: str, *, of: str, cells: tuple[str, ...]
) -> ChapterFile:
    """The file of an edition's texts of one chapter; `of` is how messages name its notebook."""
    # A foreword has no notebook, and its name no number.
    chapter = re.sub(r"^\d\d_", "", Path(of).stem)
    path = project.texts(edition, language) / f"{chapter}.md"
    preamble = read_phrases("helpline_report.report", language)["texts.preamble"]
    where = project.label(path)
    return ChapterFile(path, where, cells, preamble.format(file=of))


def lay_out(project: Project, edition: str, chapter: str | None = None) -> dict[str, list[str]]:
    """Add the text cells that the edition hasn't replaced yet to the files of its texts.

    What stands in a file stays as it is. A block that says what the notebook says changes nothing
    in the edition. Returns the cells that were added, by file.

    Raises:
        ParametersError: there is no such edition or chapter.
        ChapterError, ProseError: a notebook, or a file of texts, can't be read.
        MachineError: a file can't be written.
    """
    parameters = project.edition(edition)
    notebooks = {notebook.name: notebook for notebook in read_notebooks(project, parameters)}
    if chapter is not None and chapter not in notebooks:
        hint, listed = nearest(chapter, [*notebooks]), ", ".join(notebooks)
        raise make_error(ParametersError, "no_chapter", chapter=chapter, hint=hint, chapters=listed)
    files = {}
    for name in [chapter] if chapter else notebooks:
        cells, of = notebooks[name].texts(), notebooks[name].where
        translation = project.chapter_texts(parameters.language) / f"{name}.md"
        translated = read_texts(translation, cells, project.label(translation))
        cells |= {
            cell: translated[cell].markdown.strip("\n") for cell in cells if cell in translated
        }
        file = chapter_file(project, edition, parameters.language, of=of, cells=tuple(cells))
        there = file.texts()
        added = {cell: text for cell, text in cells.items() if cell not in there}
        if added:
            file.write(added)
        files[file.where] = [*added]
    return files
