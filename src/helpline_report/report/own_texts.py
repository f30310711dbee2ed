"""Read the edition's own texts, and check the names in them before any chapter runs.

Texts are files by chapter, whose blocks take the place of cells. Which names the figures of the
chapters can have is read from their code.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import name_before
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.prose.free_texts import check_breaks, check_free_texts
from helpline_report.prose.markdown import Place
from helpline_report.prose.texts import CellText, FigureNames, check_names, read_texts
from helpline_report.run.notebooks import OPEN

# What records one figure, under the very name that it is given.
ONE_FIGURE = frozenset(
    {
        *("count", "share", "change", "rate_ratio", "supports_rise", "mean", "maximum"),
        *("open_days", "monthly_mean", "top", "quietest_working_day", "rank", "same_top", "figure"),
    }
)
# What records figures whose names begin with the one that it is given.
MORE_FIGURES = frozenset(
    {
        *("counts", "shares", "changes", "means", "maxima", "ranks"),
        *("campaigns", "quality", "missing"),
    }
)
# What records none.
NO_FIGURE = frozenset(
    {
        *("populations", "previous", "chart", "flow", "intervals", "table", "highlights"),
        *("breaks", "trend", "reconciliation"),
    }
)


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
    # A text of a chapter that this edition hasn't waits for one that has.
    others = {path.stem.partition("_")[2] for path in project.notebooks.glob("*.ipynb")}
    for path in sorted(folder.glob("*.md")):
        if path.stem not in {*names, *others} and not path.name.startswith("."):
            raise ProseError(
                f"there is no chapter '{path.stem}'{nearest(path.stem, names)}",
                where=path.relative_to(project.root).as_posix(),
                next_step=f"the chapters are: {', '.join(names)}",
            )
    figures = figure_names(sources) if (sources := tuple(code)) else None
    texts = {}
    for name in names:
        file_name = (folder / f"{name}.md").relative_to(project.root).as_posix()
        texts[name] = read_texts(folder / f"{name}.md", cells[name], file_name)
        for cell, text in texts[name].items():
            place = Place(file_name, cell, text.line)
            file = f"params/{edition.edition}.yaml"
            check_names(text.markdown, place, edition.facts, file, figures)
    return texts


def figure_names(code: Iterable[str]) -> FigureNames | None:
    """The names that cells of code give to figures; None where only a run can tell.

    That is so where a name isn't written out, or a chapter is used otherwise than by its methods.
    """
    one: set[str] = set()
    more: set[str] = set()
    for source in code:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return None
        for method, name in _named(tree):
            if name is None:
                return None
            (one if method in ONE_FIGURE else more).add(name)
    return FigureNames(frozenset(one), frozenset(more))


def _named(tree: ast.Module) -> Iterable[tuple[str, str | None]]:
    """Each method that records figures with the name it is given; None for what can't be told."""
    plain: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method, owner = node.func.attr, node.func.value
            if method in ONE_FIGURE | MORE_FIGURES:
                name = _name_of(node)
                yield method, name
                if name is not None and any(each.arg == "against" for each in node.keywords):
                    yield method, name_before(name)
            if method in ONE_FIGURE | MORE_FIGURES | NO_FIGURE:
                plain.add(id(owner))
        elif isinstance(node, ast.Assign) and _opens(node.value):
            plain.update(id(target) for target in node.targets)
            plain.update({id(node.value)} if all(map(_is_chapter, node.targets)) else ())
    for node in ast.walk(tree):
        if (_is_chapter(node) or _opens(node)) and id(node) not in plain:
            yield "", None


def _name_of(call: ast.Call) -> str | None:
    names = call.args[:1] or [each.value for each in call.keywords if each.arg == "name"]
    match names:
        case [ast.Constant(value=str(name))]:
            return name
    return None


def _is_chapter(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "chapter"


def _opens(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == OPEN
