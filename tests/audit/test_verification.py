"""An edition against its manifest: every changed byte is named."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpline_report.audit import manifest
from helpline_report.audit.manifest import (
    FileDifference,
    input_differences,
    published_differences,
    read_manifest,
    tree_differences,
    write_manifest,
)
from helpline_report.errors import RefusedError, UserError
from helpline_report.parameters.project import Project
from helpline_report.report.publication import Publication


@pytest.fixture
def edition(tmp_path: Path, project: Path, publication: Publication) -> Path:
    """A published edition of two files, with its manifest."""
    folder = tmp_path / "edition"
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text("page", encoding="utf-8")
    (folder / "data" / "figures.csv").write_text("id\n", encoding="utf-8")
    write_manifest(Project(project), publication, folder)
    return folder


def found(folder: Path) -> list[FileDifference]:
    """What differs among the published files."""
    return published_differences(folder, read_manifest(folder, "edition"))


def inputs(project: Path, publication: Publication, edition: Path) -> list[FileDifference]:
    """What differs among all that the edition was made from."""
    return input_differences(Project(project), publication, read_manifest(edition, "edition"))


def test_an_edition_as_it_was_published(edition: Path) -> None:
    """Nothing differs."""
    assert found(edition) == []


def test_a_changed_byte(edition: Path) -> None:
    """One byte of one file, and the file is named."""
    (edition / "index.html").write_text("pagE", encoding="utf-8")
    assert found(edition) == [FileDifference("output", "index.html", "changed")]


def test_a_file_that_is_gone(edition: Path) -> None:
    """It is named."""
    (edition / "data" / "figures.csv").unlink()
    assert found(edition) == [FileDifference("output", "data/figures.csv", "missing")]


def test_a_file_that_was_added(edition: Path) -> None:
    """A file that nobody published is named too."""
    (edition / "data" / "rows.csv").touch()
    assert found(edition) == [FileDifference("output", "data/rows.csv", "added")]


def test_the_words_of_a_difference() -> None:
    """File, what it is, and what is wrong."""
    assert [str(FileDifference("output", "index.html", what)) for what in ("changed", "added")] == [
        "index.html: this published file isn't what the manifest says",
        "index.html: this published file isn't in the manifest",
    ]
    assert str(FileDifference("notebook", "03_contacts.ipynb", "missing")) == (
        "03_contacts.ipynb: this notebook is missing"
    )


def test_what_it_was_made_from_is_as_it_was(
    project: Path, publication: Publication, edition: Path
) -> None:
    """Nothing differs."""
    assert inputs(project, publication, edition) == []


@pytest.mark.parametrize(
    ("file", "role"),
    [
        ("notebooks/04_contacts.ipynb", "notebook"),
        ("params/2017.yaml", "parameters"),
        ("params/2016.yaml", "parameters"),
        ("params/layouts/registration-1712.yaml", "layout"),
        ("data/codelists/channel.yaml", "code list"),
        ("data/printed/2017.csv", "printed figures"),
        ("params/2017/nl/contacts.md", "text"),
    ],
)
def test_a_changed_byte_of_the_project(
    project: Path, publication: Publication, edition: Path, file: str, role: str
) -> None:
    """One byte more in any file of the project, and the file is named."""
    with (project / file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    assert inputs(project, publication, edition) == [FileDifference(role, file, "changed")]


@pytest.mark.parametrize("year", ["2017", "2016"])
def test_a_changed_byte_of_an_export(
    project: Path, publication: Publication, edition: Path, year: str
) -> None:
    """An export of either year is told by its name and its year."""
    with (project / "data" / "sample" / year / "contactnames.csv").open("a") as changed:
        changed.write("\n")
    assert inputs(project, publication, edition) == [
        FileDifference("export", f"contactnames.csv ({year})", "changed")
    ]


def test_an_export_that_is_gone(project: Path, publication: Publication, edition: Path) -> None:
    """It is named."""
    (project / "data" / "sample" / "2017" / "contactnames.csv").unlink()
    assert inputs(project, publication, edition) == [
        FileDifference("export", "contactnames.csv (2017)", "missing")
    ]


def test_another_program(
    project: Path, publication: Publication, edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program whose files differ is told before anything else."""
    monkeypatch.setattr(manifest, "code_sha256", lambda: "another")
    assert inputs(project, publication, edition)[0] == FileDifference(
        "program", "helpline-report", "changed"
    )


def test_an_export_under_another_name(
    project: Path, publication: Publication, edition: Path
) -> None:
    """A file that the parameters name is found where they say."""
    folder = project / "data" / "sample" / "2017"
    (folder / "elsewhere").mkdir()
    shutil.move(folder / "contactnames.csv", folder / "elsewhere" / "contactnames.csv")
    source = publication.edition.sources[0].model_copy(
        update={"files": {"contacts": "elsewhere/contactnames.csv"}}
    )
    sources = [source, *publication.edition.sources[1:]]
    moved = publication.edition.model_copy(update={"sources": sources})
    assert inputs(project, replace(publication, edition=moved), edition) == []


def test_an_export_that_somebody_named(
    project: Path, publication: Publication, edition: Path
) -> None:
    """The manifest calls it after its layout; it is found, and a change in it too."""
    folder = project / "data" / "sample" / "2017"
    named = folder / "export Peeters.csv"
    shutil.move(folder / "contactnames.csv", named)
    source = publication.edition.sources[0].model_copy(update={"files": {"contacts": named.name}})
    sources = [source, *publication.edition.sources[1:]]
    renamed = replace(
        publication, edition=publication.edition.model_copy(update={"sources": sources})
    )
    assert inputs(project, renamed, edition) == []
    named.write_bytes(named.read_bytes() + b"\n")
    assert inputs(project, renamed, edition) == [
        FileDifference("export", "contactnames.csv (2017)", "changed")
    ]


def test_two_editions(edition: Path, tmp_path: Path) -> None:
    """Rebuilt beside it, the files that differ are named, the manifest among them."""
    other = tmp_path / "other"
    shutil.copytree(edition, other)
    (other / "index.html").write_text("pagE", encoding="utf-8")
    manifest = json.loads((other / "audit" / "manifest.json").read_text("utf-8"))
    (other / "audit" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert [each.file for each in tree_differences(edition, other)] == [
        "audit/manifest.json",
        "index.html",
    ]


def test_no_edition(tmp_path: Path) -> None:
    """A folder without a manifest is told with what to name."""
    with pytest.raises(UserError) as caught:
        read_manifest(tmp_path, "output/2018")
    assert str(caught.value) == (
        "output/2018/audit/manifest.json: there is no published edition here: no manifest\n"
        "  → name the folder of an edition, the one that holds index.html"
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"outputs": []}'])
def test_a_manifest_that_is_none(tmp_path: Path, text: str) -> None:
    """It isn't as it was written, whatever it holds now; it says so, without a traceback."""
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError) as caught:
        read_manifest(tmp_path, "output/2017")
    assert str(caught.value) == (
        "output/2017/audit/manifest.json: this manifest was changed after it was written: "
        "its own SHA-256 is another\n"
        "  → take it from where the edition was published, or build the edition again"
    )
