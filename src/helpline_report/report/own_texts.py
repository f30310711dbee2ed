"""The edition's own texts, by chapter: text files whose blocks take the place of cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from helpline_report.errors import ProseError, nearest
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.prose.free_texts import check_breaks, check_free_texts
from helpline_report.prose.markdown import Place
from helpline_report.prose.texts import CellText, check_names, read_texts
from helpline_report.report.naming import figure_names


def own_texts(
    project: Project,
    edition: Edition,
    cells: Mapping[str, Collection[str]],
    code: Iterable[str] = (),
) -> dict[str, dict[str, CellText]]:
    """The texts of each chapter; `cells` are the ids of its cells of text, by chapter.

    `code` are the cells of code of all chapters, which say what figures there can be; none if what
    they say isn't to be held against the texts.

    What needs no figure to be found wrong is refused here, before any chapter runs.

    Raises:
        ParametersError: a free text of the parameters that says what figures should.
        ProseError: a file that belongs to no chapter, one that can't be read, or a text that names
            a fact, a form or a figure that there isn't.
    """
    check_free_texts(edition, project.document(edition.edition))
    if edition.comparison is not None:
        name = edition.comparison
        check_breaks(project.edition(name), project.document(name))
    folder = project.texts(edition.edition, edition.language)
    names = list(cells)
    for path in sorted(folder.glob("*.md")):
        if path.stem not in names and not path.name.startswith("."):
            raise ProseError(
                f"there is no chapter '{path.stem}'{nearest(path.stem, names)}",
                where=path.relative_to(project.root).as_posix(),
                next_step=f"the chapters are: {', '.join(names)}",
            )
    figures = figure_names(sources) if (sources := tuple(code)) else None
    found = {}
    for name in names:
        shown = (folder / f"{name}.md").relative_to(project.root).as_posix()
        found[name] = read_texts(folder / f"{name}.md", cells[name], shown)
        for cell, text in found[name].items():
            place = Place(shown, cell, text.line)
            file = f"params/{edition.edition}.yaml"
            check_names(text.markdown, place, edition.facts, file, figures)
    return found
