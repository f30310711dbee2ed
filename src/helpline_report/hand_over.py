"""Copy what staff need to edit and publish an edition into a folder that holds no row."""

import errno
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import nbformat.v4 as nb
import yaml

from helpline_report.audit.manifest import list_project_files, refuse_changed
from helpline_report.errors import ParametersError, RefusedError, unwritten
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER, MANIFEST
from helpline_report.parameters.yaml import make_error, read_phrases
from helpline_report.preparation import check_parameters
from helpline_report.private_files import make_private_folder
from helpline_report.publishing import (
    compose_publications,
    find_last_release,
    name_draft_folder,
    refuse_texts,
)
from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.page import write_page
from helpline_report.report.placement import lock_edition
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import KERNEL, is_left_out
from helpline_report.run.notebooks import INJECTED
from helpline_report.steps import Steps

# Parameters that say numbers of rows: counts of people that nothing protects.
ROW_NUMBERS = ("control_totals", "acknowledged")
TEMPLATES = Path(__file__).parent / "desk" / "templates"
# Each file that a double click starts, which needs the right to run, and its template.
STARTS = {"start.sh": "start.sh", "start.command": "start.sh", "start.bat": "start.bat"}


def write_hand_over(project: Project, name: str, folder: Path) -> int:
    """Write the folder from which staff work on an edition; returns how many files it holds.

    The folder is a project without exports. It holds released ledger and notebooks, kept drawings,
    modules that draw, parameters, code lists, texts, and the files that start the desk.

    Raises:
        ParametersError: the edition was never published, or is made from a file elsewhere.
        RefusedError: the edition leaves rows out or was changed, or the folder exists already.
        MachineError: the folder can't be written.
    """
    place = project.output / name
    folders = (place, name_draft_folder(place))
    editions = [folder for folder in folders if (folder / MANIFEST).is_file()]
    released = find_last_release(project, name)
    if not editions or released.ledger.draft:
        raise make_error(RefusedError, "hand_over_draft", f"output/{name}", name=name)
    if folder.exists():
        raise make_error(RefusedError, "hand_over_there", project.label(folder))
    checked = check_parameters(project, name, released.ledger.overrides)
    publications = compose_publications(project, checked, released)
    refuse_texts(publications)
    files = [*_list_editions(project, editions), *_list_project(project, publications[0])]
    with lock_edition(project, name):
        # A run that is killed leaves nothing beside `folder`, which may be anywhere.
        staging = make_private_folder(project.private / "hand-over") / name
        shutil.rmtree(staging, ignore_errors=True)
        try:
            make_private_folder(staging)
            for file in files:
                (staging / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(project.root / file, staging / file)
            for edition in publications[0].private:
                _write_parameters(project, edition.edition, staging)
            _write_notebooks(staging / "notebooks", publications[0])
            _write_starts(staging, publications[0])
            steps = staging / project.private.name / project.steps.folder.name
            for publication in publications:
                # Its drawings are kept there: the desk begins without drawing.
                words = EditionWords(replace(publication, steps=Steps(steps)))
                write_page(ChapterReader(words), ())
            _move(staging, folder)
        except OSError as error:
            raise unwritten(error, folder.name) from None
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return sum(path.is_file() for path in folder.rglob("*"))


def _move(staging: Path, folder: Path) -> None:
    """Move a whole folder to its place, in one step: another disk gets a copy with another name."""
    if not folder.parent.exists():
        make_private_folder(folder.parent)
    try:
        staging.rename(folder)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy = folder.with_name(f"{folder.name}-unfinished")
        shutil.rmtree(copy, ignore_errors=True)
        try:
            shutil.copytree(staging, copy)
            copy.chmod(0o700)
            copy.rename(folder)
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def _list_editions(project: Project, editions: list[Path]) -> Iterator[str]:
    """The published files of the editions that stand, and no other file in their folders."""
    for edition in editions:
        label = project.label(edition)
        manifest = refuse_changed(edition, label)
        yield from (f"{label}/{file}" for file in (*manifest["outputs"], MANIFEST))


def _list_project(project: Project, publication: Publication) -> Iterator[str]:
    """The files that the pages are made from, but for notebooks; the manifest lists the same."""
    for item in list_project_files(project, publication):
        file = item["file"]
        if not (project.root / file).is_file():
            raise make_error(ParametersError, "hand_over_outside", file)
        if item["role"] != "notebook":
            yield file
        if file.endswith(f"/{LEDGER}"):
            # Its manifest says that it was approved.
            yield file.replace(LEDGER, MANIFEST)


def _write_parameters(project: Project, name: str, folder: Path) -> None:
    """Write the parameters of an edition anew, with 1 for each number of rows, without comments."""
    data = dict(project.document(name).data)
    for key in data.keys() & ROW_NUMBERS:
        masked = {"rows": 1}
        data[key] = [each | masked if each.get("rows") is not None else each for each in data[key]]
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    Project(folder).parameters_file(name).write_text(text, "utf-8", newline="\n")


def _write_notebooks(folder: Path, publication: Publication) -> None:
    """Write the released chapters as notebooks without output, and the modules that draw."""
    folder.mkdir(exist_ok=True)
    texts = {f"{module}.py": source for module, source in publication.plots.items()}
    for name, node in publication.notebooks.items():
        cells = []
        for cell in node.cells:
            new_cell = nb.new_markdown_cell if cell.cell_type == "markdown" else nb.new_code_cell
            if is_left_out(cell):
                # A cell that left no result stays as an empty one, with its id.
                cells.append(nb.new_code_cell("", id=cell.id))
            elif cell.id != INJECTED:
                cells.append(new_cell(cell.source, id=cell.id, metadata=cell.metadata))
        notebook = nb.new_notebook(cells=cells, metadata=KERNEL)
        texts[publication.files[name]] = nbformat.writes(notebook) + "\n"
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


def _write_starts(folder: Path, publication: Publication) -> None:
    """Write the files that start the desk, and half a page of instructions."""
    phrases = read_phrases("helpline_report.desk", publication.language)
    edition = publication.edition.edition
    for file, template in STARTS.items():
        text = (TEMPLATES / template).read_text(encoding="utf-8").replace("EDITION", edition)
        end = "\r\n" if file.endswith(".bat") else "\n"
        (folder / file).write_text(text, encoding="utf-8", newline=end)
        (folder / file).chmod(0o755)
    text = phrases["hand_over.text"].format(edition=edition)
    (folder / phrases["hand_over.file"]).write_text(text, encoding="utf-8")
