"""Read the texts of an edition in each language, and check them before any chapter runs.

Texts are files by chapter, whose blocks take the place of cells: `notebooks/en/` holds the chapters
in another language than the notebooks', `params/2017/en/` what the edition says otherwise. Which
names the figures of the chapters can have is read from their code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpline_report.errors import ParametersError, ProseError, nearest
from helpline_report.figures.model import name_before
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.prose.bound_figures import typed_numbers
from helpline_report.prose.edition_values import names_with_numbers
from helpline_report.prose.free_texts import check_breaks, check_free_texts
from helpline_report.prose.markdown import (
    COMMENT,
    Complaint,
    Place,
    TextError,
    join_errors,
    parse,
)
from helpline_report.prose.nodes import Element
from helpline_report.prose.numbers import Idiom
from helpline_report.prose.photographs import read_photographs
from helpline_report.prose.texts import (
    CellText,
    FigureNames,
    is_arrangement,
    name_complaints,
    read_arrangement,
    read_text_file,
    read_texts,
)
from helpline_report.prose.writer import FOREWORD
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
    errors: list[ProseError] | None = None,
) -> dict[str, dict[str, dict[str, CellText]]]:
    """The texts of each language by chapter and cell; `cells` are the notebooks' own, by chapter.

    `code` are the cells of code of all chapters, which say what figures there can be. Without them
    a ledger is there, and what the texts say of figures is for it to judge.

    What needs no figure to be found wrong is refused here, before any chapter runs; it is added to
    `errors` instead if these are given, and what can't be parsed is left out.

    Raises:
        ParametersError: a free text of the parameters that types a number, or languages of which
            more than one would be the notebooks' own.
        ProseError: a file that belongs to no chapter, one that can't be read or lacks a cell, or a
            text with faults; all of them at once.
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
    sources = tuple(code)
    check = _TextCheck(project, edition, figure_names(sources) if sources else None)
    texts: dict[str, dict[str, dict[str, CellText]]] = {}
    for language in languages:
        chapters = _read_language(project, edition, language, cells, check.faults)
        texts[language] = {
            chapter: {
                cell: checked
                for cell, text in blocks.items()
                if (checked := check.check(text, cell, language, reads_code=bool(sources)))
            }
            for chapter, blocks in chapters.items()
        }
    if sources:
        check.check_notebooks(cells, texts, (*untranslated, edition.language)[0])
    if errors is not None:
        errors += check.faults
    elif check.faults:
        raise join_errors(check.faults)
    return texts


@dataclass
class _TextCheck:
    """Checks texts against what stands before any chapter runs, and keeps what is wrong."""

    project: Project
    edition: Edition
    figures: FigureNames | None
    faults: list[ProseError] = field(default_factory=list)

    def check(
        self, text: CellText, cell: str, language: str, *, reads_code: bool
    ) -> CellText | None:
        """A text with its photographs; None where it can't be parsed."""
        place = Place(text.file, cell, text.line)
        if is_arrangement(cell):
            _, complaints = read_arrangement(text.markdown)
            if complaints:
                self.faults.append(TextError(complaints, place))
            return text
        try:
            blocks = parse(text.markdown, place)
        except TextError as error:
            self.faults.append(error)
            return None
        file = f"params/{self.edition.edition}.yaml"
        # What a chapter names may lack in an edition; what the edition itself names may not.
        own = text.file.startswith("params/")
        names = name_complaints(blocks, self.edition.facts, file, self.figures) if own else ()
        complaints = list(names)
        if reads_code:
            complaints += self._typed(blocks, language)
        folder = (self.project.root / text.file).parent
        photographs = read_photographs(blocks, folder, complaints)
        if complaints:
            self.faults.append(TextError(complaints, place))
        return replace(text, photographs=photographs)

    def check_notebooks(
        self,
        cells: Mapping[str, Mapping[str, str]],
        texts: Mapping[str, Mapping[str, Mapping[str, CellText]]],
        language: str,
    ) -> None:
        """The numbers that the notebooks' own texts type; their names are what the run finds."""
        for chapter, notebook in cells.items():
            (path,) = self.project.notebooks.glob(f"[0-9][0-9]_{chapter}.ipynb")
            for cell, markdown in notebook.items():
                place = Place(path.relative_to(self.project.root).as_posix(), cell)
                if cell not in texts[language][chapter]:
                    # Comments aren't released.
                    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), markdown)
                    try:
                        complaints = list(self._typed(parse(text, place), language))
                    except TextError as error:
                        self.faults.append(error)
                        continue
                    if complaints:
                        self.faults.append(TextError(complaints, place))

    def _typed(self, blocks: tuple[Element, ...], language: str) -> Iterator[Complaint]:
        names = names_with_numbers(Idiom(language, language), self.edition)
        return typed_numbers(blocks, language, names)


def _read_language(
    project: Project,
    edition: Edition,
    language: str,
    cells: Mapping[str, Mapping[str, str]],
    faults: list[ProseError],
) -> dict[str, dict[str, CellText]]:
    """The texts of one language, by chapter and cell, as they stand in their files.

    A block that says what its chapter says is none of the edition's own: laid out to be edited, it
    changes nothing.
    """
    chapters, own = project.chapter_texts(language), project.texts(edition.edition, language)

    def read(folder: Path, name: str) -> dict[str, CellText]:
        path = folder / f"{name}.md"
        return read_texts(path, cells[name], path.relative_to(project.root).as_posix(), faults)

    for folder in (chapters, own):
        faults += _strays(project, folder, list(cells))
    texts = {}
    for name, sources in cells.items():
        translated = read(chapters, name)
        lacking = [cell for cell in sources if cell not in translated]
        if lacking and chapters.is_dir():
            faults.append(
                ProseError(
                    f"the cells {', '.join(lacking)} aren't written in this language",
                    where=(chapters / f"{name}.md").relative_to(project.root).as_posix(),
                    next_step=f"write a block for each: === {lacking[0]} ===",
                )
            )
        before = {**sources, **{cell: text.markdown for cell, text in translated.items()}}
        texts[name] = translated | {
            cell: text
            for cell, text in read(own, name).items()
            if text.markdown.strip() != before.get(cell, "").strip()
        }
    path = own / f"{FOREWORD}.md"
    where = path.relative_to(project.root).as_posix()
    foreword = read_text_file(path, where).removeprefix("\ufeff")
    if foreword.strip():
        texts[FOREWORD] = {FOREWORD: CellText(foreword, 1, where)}
    return texts


def _strays(project: Project, folder: Path, names: list[str]) -> Iterator[ProseError]:
    """A complaint for each file of texts that belongs to no chapter."""
    # A text of a chapter that this edition hasn't waits for one that has.
    others = {path.stem.partition("_")[2] for path in project.notebooks.glob("*.ipynb")}
    for path in sorted(folder.glob("*.md")):
        if path.stem not in {*names, *others, FOREWORD} and not path.name.startswith("."):
            yield ProseError(
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
