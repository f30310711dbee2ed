"""Read the texts of an edition in each language, and check them before any chapter runs.

Texts are files by chapter, whose blocks take the place of cells: `notebooks/en/` holds the chapters
in another language than the notebooks', `params/2017/en/` what the edition says otherwise. Which
names the figures of the chapters can have is read from their code.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from helpline_report.errors import ParametersError, ProseError, nearest
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
    cells: Mapping[str, Mapping[str, str]],
    code: Iterable[str] = (),
) -> dict[str, dict[str, dict[str, CellText]]]:
    """The texts of each language by chapter and cell; `cells` are the notebooks' own, by chapter.

    `code` are the cells of code of all chapters, which say what figures there can be; none if what
    they say isn't to be held against the texts.

    What needs no figure to be found wrong is refused here, before any chapter runs.

    Raises:
        ParametersError: a free text of the parameters that says what figures should, or languages
            of which more than one would be the notebooks' own.
        ProseError: a file that belongs to no chapter, one that can't be read or lacks a cell, or a
            text that names a fact, a form or a figure that there isn't.
    """
    check_free_texts(edition, project.document(edition.edition))
    if edition.comparison is not None:
        name = edition.comparison
        check_breaks(project.edition(name), project.document(name))
    languages = (edition.language, *edition.translations)
    untranslated = [each for each in languages if not project.chapter_texts(each).is_dir()]
    if len(untranslated) > 1:
        listed = " and ".join(untranslated)
        raise ParametersError(
            f"the texts of the notebooks are of one language, and here they would be {listed}",
            where=f"params/{edition.edition}.yaml",
            next_step=f"write those of the other into notebooks/{untranslated[-1]}/",
        )
    figures = figure_names(sources) if (sources := tuple(code)) else None
    texts: dict[str, dict[str, dict[str, CellText]]] = {
        each: _read_language(project, edition, each, cells) for each in languages
    }
    parameters_file = f"params/{edition.edition}.yaml"
    for chapters in texts.values():
        for blocks in chapters.values():
            for cell, text in blocks.items():
                place = Place(text.file, cell, text.line)
                check_names(text.markdown, place, edition.facts, parameters_file, figures)
    return texts


def _read_language(
    project: Project, edition: Edition, language: str, cells: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, CellText]]:
    """The texts of one language, by chapter and cell.

    A block that says what its chapter says is none of the edition's own: laid out to be edited, it
    changes nothing.
    """
    chapters, own = project.chapter_texts(language), project.texts(edition.edition, language)
    for folder in (chapters, own):
        _refuse_strays(project, folder, list(cells))
    texts = {}
    for name, sources in cells.items():
        translated = _read_file(project, chapters, name, sources)
        lacking = [cell for cell in sources if cell not in translated]
        if lacking and chapters.is_dir():
            raise ProseError(
                f"the cells {', '.join(lacking)} of the chapter aren't written in this language",
                where=(chapters / f"{name}.md").relative_to(project.root).as_posix(),
                next_step=f"write a block for each: === {lacking[0]} ===",
            )
        before = {**sources, **{cell: text.markdown for cell, text in translated.items()}}
        blocks = _read_file(project, own, name, sources)
        texts[name] = translated | {
            cell: text
            for cell, text in blocks.items()
            if text.markdown.strip() != before[cell].strip()
        }
    return texts


def _read_file(
    project: Project, folder: Path, name: str, cells: Collection[str]
) -> dict[str, CellText]:
    path = folder / f"{name}.md"
    return read_texts(path, cells, path.relative_to(project.root).as_posix())


def _refuse_strays(project: Project, folder: Path, names: list[str]) -> None:
    """Refuse a file of texts that belongs to no chapter.

    Raises:
        ProseError: there is one.
    """
    # A text of a chapter that this edition hasn't waits for one that has.
    others = {path.stem.partition("_")[2] for path in project.notebooks.glob("*.ipynb")}
    for path in sorted(folder.glob("*.md")):
        if path.stem not in {*names, *others} and not path.name.startswith("."):
            raise ProseError(
                f"there is no chapter '{path.stem}'{nearest(path.stem, names)}",
                where=path.relative_to(project.root).as_posix(),
                next_step=f"the chapters are: {', '.join(names)}",
            )


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
