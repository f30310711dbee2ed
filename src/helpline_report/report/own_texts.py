"""Read the texts of an edition in each language, and check them before any chapter runs.

Texts are files by chapter, whose blocks take the place of cells: `notebooks/en/` holds the chapters
in another language than the notebooks', `params/2017/en/` what the edition says otherwise.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from helpline_report.errors import ChapterError, ParametersError, ProseError, nearest
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import DOCUMENTS
from helpline_report.parameters.yaml import make_error
from helpline_report.prose.free_texts import check_free_texts
from helpline_report.prose.literal_text import find_typed_numbers
from helpline_report.prose.markdown import (
    Complaint,
    Place,
    TextError,
    blank_comments,
    join_errors,
    parse,
)
from helpline_report.prose.numbers import Idiom
from helpline_report.prose.photographs import read_photographs
from helpline_report.prose.texts import (
    CellText,
    is_arrangement,
    name_complaints,
    read_arrangement,
    read_texts,
)
from helpline_report.prose.writer import FOREWORD, list_names_with_numbers
from helpline_report.run.notebooks import Notebook, read_notebooks

# The name that a call such as `chapter.counts("name", …)` gives.
RECORDED = re.compile(r"""\bchapter\.(?!populations|previous|groups)\w+\(\s*(["'])([^"']+)\1""")

# How the title of a chapter begins.
TITLE = "# "
TITLE_STEP = "begin the block with '# ' and a title"

# The texts of one language by chapter and cell.
Chapters = dict[str, dict[str, CellText]]


def read_own_texts(
    project: Project,
    edition: Edition,
    cells: Mapping[str, Mapping[str, str]],
    errors: list[ProseError] | None = None,
    *,
    to_run: bool = False,
) -> dict[str, Chapters]:
    """The texts of each language by chapter and cell; `cells` are the notebooks' own, by chapter.

    If chapters are still `to_run`, typed numbers and unknown names are refused here, as far as that
    needs no figure; else the writer refuses them. With `errors`, what is wrong is added to it and
    not raised, and a text that can't be parsed is left out.

    Raises:
        ParametersError: a free text of the parameters that types a number, or languages of which
            more than one would be the notebooks' own.
        ProseError: a file that belongs to no chapter, one that can't be read or lacks a cell, or a
            text with faults; all of them at once.
    """
    check_free_texts(edition, project.document(edition.edition))
    if edition.comparison is not None:
        name = edition.comparison
        check_free_texts(project.edition(name), project.document(name), breaks_alone=True)
    own_language = _find_own_language(project, edition)
    checker = _TextChecker(project, edition, to_run=to_run)
    texts: dict[str, Chapters] = {}
    for language in (edition.language, *edition.translations):
        chapters = _read_language(project, edition, language, cells, checker.faults)
        texts[language] = {
            chapter: {
                cell: checked
                for cell, text in blocks.items()
                if (checked := checker.check(text, cell, language))
            }
            for chapter, blocks in chapters.items()
        }
    for chapter, notebook in cells.items() if to_run else ():
        (path,) = project.notebooks.glob(f"[0-9][0-9]_{chapter}.ipynb")
        for cell, markdown in notebook.items():
            if cell not in texts[own_language][chapter]:
                text = blank_comments(markdown)  # comments aren't released
                checker.check(CellText(text, 1, project.label(path)), cell, own_language)
    if errors is not None:
        errors += checker.faults
    elif checker.faults:
        raise join_errors(checker.faults)
    return texts


def _find_own_language(project: Project, edition: Edition) -> str:
    """The language of the notebooks' own texts: the one without a folder, or else the edition's."""
    languages = (edition.language, *edition.translations)
    untranslated = [name for name in languages if not project.chapter_texts(name).is_dir()]
    if len(untranslated) > 1:
        listed = " and ".join(untranslated)
        place, other = f"params/{edition.edition}.yaml", untranslated[-1]
        raise make_error(ParametersError, "two_languages", place, languages=listed, other=other)
    return untranslated[0] if untranslated else edition.language


@dataclass(frozen=True)
class _TextChecker:
    """Checks texts by what is known before any chapter runs, and collects their faults."""

    project: Project
    edition: Edition
    to_run: bool
    faults: list[ProseError] = field(default_factory=list)

    def check(self, text: CellText, cell: str, language: str) -> CellText | None:
        """A text with its photographs; None where it can't be parsed."""
        edition, place = self.edition, Place(text.file, cell, text.line)
        if is_arrangement(cell):
            complaints = read_arrangement(text.markdown)[1] if self.to_run else []
        else:
            try:
                blocks = parse(text.markdown, place)
            except TextError as error:
                self.faults.append(error)
                return None
            complaints = []
            if self.to_run:
                # A chapter serves editions that lack what it names; an edition's own text must not.
                if text.file.startswith("params/"):
                    complaints += name_complaints(blocks, edition)
                names = list_names_with_numbers(Idiom(language, language), edition)
                complaints += find_typed_numbers(blocks, language, names)
            folder = (self.project.root / text.file).parent
            text = replace(text, photographs=read_photographs(blocks, folder, complaints))
        if complaints:
            self.faults.append(TextError(complaints, place))
        return text


def _read_language(
    project: Project,
    edition: Edition,
    language: str,
    cells: Mapping[str, Mapping[str, str]],
    faults: list[ProseError],
) -> Chapters:
    """The texts of one language, by chapter and cell, as they stand in their files.

    A block of the edition that says what its chapter says (as when it was laid out for editing) is
    left out.
    """
    chapters, own = project.chapter_texts(language), project.texts(edition.edition, language)
    # The folders may hold texts of chapters that this edition doesn't have.
    others = {path.stem.partition("_")[2] for path in project.notebooks.glob("*.ipynb")}
    for path in (*sorted(chapters.glob("*.md")), *sorted(own.glob("*.md"))):
        if path.stem not in {*cells, *others, FOREWORD} and not path.name.startswith("."):
            what = f"there is no chapter '{path.stem}'{nearest(path.stem, list(cells))}"
            step = f"the chapters are: {', '.join(cells)}"
            faults.append(ProseError(what, where=project.label(path), next_step=step))
    for path in sorted(own.glob("*")):
        if path.suffix.lower() in DOCUMENTS:
            step = f"save it as plain text, called {path.stem}.md, or move it to another folder"
            what = "isn't read, since a text is a file that ends in .md"
            faults.append(ProseError(what, where=project.label(path), next_step=step))
    texts: Chapters = {}
    for name, sources in cells.items():
        place, own_place = chapters / f"{name}.md", own / f"{name}.md"
        translated = read_texts(place, sources, project.label(place), faults)
        lacking = [cell for cell in sources if cell not in translated]
        if lacking and chapters.is_dir():
            what = f"the cells {', '.join(lacking)} aren't written in this language"
            step = f"write a block for each: === {lacking[0]} ==="
            faults.append(ProseError(what, where=project.label(place), next_step=step))
        standard = {**sources, **{cell: text.markdown for cell, text in translated.items()}}
        own_texts = read_texts(own_place, sources, project.label(own_place), faults)
        texts[name] = translated | {
            cell: text
            for cell, text in own_texts.items()
            if text.markdown.strip() != standard.get(cell, "").strip()
        }
        for cell, text in own_texts.items():
            complaints = find_lost_title(standard.get(cell, ""), text.markdown)
            if complaints:
                faults.append(TextError(complaints, Place(text.file, cell, text.line)))
    path = own / f"{FOREWORD}.md"
    foreword = read_texts(path, [FOREWORD], project.label(path), faults)
    if any(text.markdown.strip() for text in foreword.values()):
        texts[FOREWORD] = foreword
    return texts


def find_lost_title(standard: str, text: str) -> list[Complaint]:
    """A complaint if a block replaces the title of its chapter and has no title."""
    lost = standard.strip().startswith(TITLE) and not blank_comments(text).strip().startswith(TITLE)
    return [Complaint(0, "the chapter has lost its title", TITLE_STEP)] if lost else []


def find_names_elsewhere(
    project: Project, edition: Edition, notebooks: Sequence[Notebook]
) -> tuple[str, ...]:
    """The names in `notebooks` that chapters give to figures and that the edition leaves out.

    A chapter that can't be read gives none.
    """
    sources = [cell.source for notebook in notebooks for cell in notebook.cells]
    chapters = {path.stem.partition("_")[2] for path in project.notebooks.glob("*.ipynb")}
    names: set[str] = set()
    for chapter in sorted(chapters - {notebook.name for notebook in notebooks}):
        with suppress(ChapterError):
            alone = edition.model_copy(update={"chapters": [chapter]})
            code = "\n".join(read_notebooks(project, alone)[0].code())
            names.update(name for _, name in RECORDED.findall(code))
    return tuple(sorted(name for name in names if any(name in source for source in sources)))
