"""`helpline-report proofread`: what it prints, how it ends, and what it refuses."""

import json
from pathlib import Path

import pypdf
import pytest
import typst
from typer.testing import CliRunner, Result

from helpline_report.audit.proofreading.proofread import proofread
from helpline_report.cli import app
from helpline_report.errors import UserError

WRONG = "In 2018 daalde het aantal leden\nvan 200 naar 230.\n"
RIGHT = "In 2018 steeg het aantal leden\nvan 200 naar 230.\n"
STEP = "\n  → save it as PDF or as plain text (UTF-8), and read that"


def run(path: Path, text: str, *options: str) -> Result:
    """Proofread a text."""
    path = path / "verslag.txt"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["proofread", str(path), *options])


def test_a_finding_has_its_line_its_words_and_what_its_numbers_say(tmp_path: Path) -> None:
    """And the command ends with 3."""
    ended = run(tmp_path, WRONG)
    assert ended.exit_code == 3
    assert ended.stdout == (
        "regel 2: spreekt zichzelf tegen (groei)\n"
        "  “In 2018 daalde het aantal leden van 200 naar 230.”\n"
        "  → Van 200 naar 230 is geen daling.\n"
        "\n"
        "verslag.txt: 2 getallen gelezen, 1 uitspraken nagerekend. 1 bevinding.\n"
    )


def test_nothing_found_says_how_much_was_read(tmp_path: Path) -> None:
    """And the command ends with 0."""
    ended = run(tmp_path, RIGHT)
    assert ended.exit_code == 0
    assert ended.stdout == (
        "verslag.txt: 2 getallen gelezen, 1 uitspraken nagerekend. Niets gevonden.\n"
    )


def test_machines_get_the_same_as_json(tmp_path: Path) -> None:
    """One object, with the findings in order."""
    shape = json.loads(run(tmp_path, WRONG, "--json").stdout)
    assert shape["statements"] == 1
    assert [(item["line"], item["check"]) for item in shape["findings"]] == [(2, "growth")]


def test_a_pdf_is_read_by_page_and_line(tmp_path: Path) -> None:
    """The place of a finding is a page and a line of it."""
    source = "Eerste bladzijde\n#pagebreak()\nHet aantal leden daalde van 200 naar 230."
    typst.compile(source.encode(), output=str(tmp_path / "verslag.pdf"))
    (finding,) = proofread(tmp_path / "verslag.pdf").findings
    assert str(finding.place) == "bladzijde 2, regel 1"


def test_windows_letters_are_read(tmp_path: Path) -> None:
    """A text of Windows-1252 is one, too."""
    path = tmp_path / "oud.txt"
    path.write_bytes("Eén vraag: de daling van 200 naar 230 leden.".encode("windows-1252"))
    assert len(proofread(path).findings) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", f"f: it is empty{STEP}"),
        (b"PK\x03\x04rest", f"f: this is a zipped document, no text and no PDF{STEP}"),
        (b"%PDF-1.7 nothing", f"f: a damaged PDF{STEP}"),
        (b"a\x00b", f"f: this is no text{STEP}"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Each with what it is, and the next step."""
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(UserError) as error:
        proofread(tmp_path / "f")
    assert str(error.value) == message


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    """It is named as such, and isn't called damaged."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "f.pdf")
    with pytest.raises(UserError) as error:
        proofread(tmp_path / "f.pdf")
    assert str(error.value) == "f.pdf: it is encrypted\n  → save it without a password"


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    """Both end as mistakes of the user."""
    for path in (tmp_path, tmp_path / "nothing.txt"):
        with pytest.raises(UserError):
            proofread(path)
