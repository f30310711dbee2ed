"""Texts laid out to be edited: in the order of the chapter, beside what staff wrote already."""

from pathlib import Path

import pytest

from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from helpline_report.prose.texts import CellText
from helpline_report.text_files import lay_out
from tests.report.small_projects import bare, code, copy_few, opening, parameters, text, write

FILE = "params/2017/nl/contacts.md"
PREAMBLE = (
    "<!-- De eigen teksten van dit jaar. Elk blok begint met de naam van een cel uit "
    "notebooks/01_contacts.ipynb en komt in de plaats van die cel. -->\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one chapter of three texts."""
    folder = copy_few(tmp_path / "project")
    cells = [
        text("title", "# Contacten"),
        parameters(),
        opening("contacts"),
        text("how", "## Hoe\n\nZo."),
        code("count", "chapter"),
        text("end", "Tot slot {{ contacts.total }}."),
    ]
    write(folder, "01_contacts.ipynb", cells)
    return folder


def laid_out(root: Path) -> list[str]:
    """The cells that were added to the file of the only chapter."""
    return lay_out(Project(root, {}), "2017")[FILE]


def write_texts(root: Path, content: bytes) -> Path:
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_all_texts_are_laid_out_in_the_order_of_the_chapter(root: Path) -> None:
    """A new file says what it is, and has a block a text cell, placeholders and all."""
    assert laid_out(root) == ["title", "how", "end"]
    assert (root / FILE).read_text(encoding="utf-8") == (
        f"{PREAMBLE}\n=== title ===\n# Contacten\n\n=== how ===\n## Hoe\n\nZo.\n\n"
        "=== end ===\nTot slot {{ contacts.total }}.\n"
    )
    # Once every cell has its block, the file stays as it is.
    before = (root / FILE).read_bytes()
    assert laid_out(root) == []
    assert (root / FILE).read_bytes() == before


def test_what_staff_wrote_stays(root: Path) -> None:
    """A block between others keeps its lines, and new ones stand around it in their order."""
    written = b"<!-- van ons -->\n\n=== how ===\n  Eigen *tekst*  \n\n\n"
    path = write_texts(root, written)
    assert laid_out(root) == ["title", "end"]
    assert path.read_bytes() == (
        b"<!-- van ons -->\n\n=== title ===\n# Contacten\n\n"
        b"=== how ===\n  Eigen *tekst*  \n\n=== end ===\nTot slot {{ contacts.total }}.\n"
    )


def test_lines_that_end_as_on_windows(root: Path) -> None:
    """They are read as any, and written with newlines; so is a byte order mark, which goes."""
    path = write_texts(root, b"\xef\xbb\xbf=== end ===\r\nSlot.")
    assert laid_out(root) == ["title", "how"]
    assert path.read_bytes() == (
        b"=== title ===\n# Contacten\n\n=== how ===\n## Hoe\n\nZo.\n\n=== end ===\nSlot.\n"
    )


def test_a_changed_block_is_the_editions_own_with_its_line(root: Path) -> None:
    """Laid out and not edited, texts change nothing; one block edited is one text of its own."""
    project = Project(root, {})
    assert check_parameters(project, "2017").texts == {"nl": {"contacts": {}}}
    laid_out(root)
    assert check_parameters(project, "2017").texts == {"nl": {"contacts": {}}}
    path = root / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("Zo.", "Anders."), encoding="utf-8")
    texts = check_parameters(project, "2017").texts
    own = CellText("## Hoe\n\nAnders.\n\n", 7, FILE)
    assert texts == {"nl": {"contacts": {"how": own}}}


def test_files_that_an_editor_hides_are_no_chapters(root: Path) -> None:
    """A lock or a swap file beside a text stops no build."""
    (write_texts(root, b"").parent / ".#contacts.md").write_text("x", encoding="utf-8")
    assert check_parameters(Project(root, {}), "2017").texts == {"nl": {"contacts": {}}}


def test_a_notebook_without_texts_gets_no_file(root: Path) -> None:
    """Nothing to edit, nothing to lay out."""
    bare(root, "1")
    assert laid_out(root) == []
    assert not (root / FILE).exists()
