"""A published edition is verified: from its manifest alone, and from the exports."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from helpline_report import cli
from helpline_report.audit import manifest as manifests
from helpline_report.build import verify
from helpline_report.errors import RefusedError
from helpline_report.parameters.project import Project
from tests.report.small_projects import fingerprint, retitle

pytestmark = pytest.mark.slow


def test_an_edition_that_its_exports_give(root: Path) -> None:
    """Built again, every file has the same bytes; the edition stands, nothing is left behind."""
    before = fingerprint(root / "output")
    assert verify(Project(root), "2017") == len(fingerprint(root / "output" / "2017"))
    assert fingerprint(root / "output") == before
    assert list((root / ".helpline" / "verify").iterdir()) == []


def test_a_changed_byte_of_an_export_is_named(root: Path) -> None:
    """The message names the export, and not the files that it changes."""
    with (root / "data/sample/2016/contactnames.csv").open("ab") as changed:
        changed.write(b"\n")
    with pytest.raises(RefusedError) as caught:
        verify(Project(root), "2017")
    assert str(caught.value) == (
        "output/2017 was made from other files than those that lie here: 1 file(s) differ\n"
        "  contactnames.csv (2016): this export isn't what the manifest says\n"
        "  → find out who changed what; to publish what lies here now, build it again"
    )


@pytest.mark.long
def test_changed_parameters_that_no_hash_tells(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If small numbers are protected, the message says what may have changed."""
    file, read = "params/2017.yaml", manifests.read_manifest

    def read_without_hash(*where: Any) -> dict[str, Any]:
        manifest = read(*where)
        (own,) = (each for each in manifest["project"] if each["file"] == file)
        own["sha256"] = ""
        return manifest

    monkeypatch.setattr(manifests, "read_manifest", read_without_hash)
    retitle(root)
    with pytest.raises(RefusedError, match=f"or {file} was changed \\(no hash says so\\): "):
        verify(Project(root), "2017")


def test_a_copy_is_verified_without_its_exports(root: Path, tmp_path: Path) -> None:
    """A folder that somebody was sent is held against its own manifest; the files are counted."""
    copy = Path(shutil.copytree(root / "output" / "2017", tmp_path / "copy"))
    done = CliRunner().invoke(cli.app, ["verify", "--published", str(copy)])
    files = len(fingerprint(copy)) - 1
    assert (done.exit_code, done.stderr) == (
        0,
        f"{copy.as_posix()}: {files} files, all as they were published\n",
    )


def test_verify_without_an_edition_says_what_to_name() -> None:
    """Neither an edition nor a folder: it says what to name."""
    done = CliRunner().invoke(cli.app, ["verify"])
    assert str(done.exception) == (
        "name an edition, or the folder of a published one\n"
        "  → helpline-report verify 2017, or helpline-report verify --published FOLDER"
    )
