"""The manifest: what went in and what came out, and that every changed byte is named."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit import manifest
from helpline_report.audit.manifest import (
    COMPUTING,
    FileDifference,
    input_differences,
    is_sealed,
    published_differences,
    read_manifest,
    tree_differences,
    write_manifest,
)
from helpline_report.errors import RefusedError, UserError
from helpline_report.parameters.house_style import HouseStyle
from helpline_report.parameters.project import Project
from helpline_report.report.publication import Publication


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A folder with two files of an edition."""
    (tmp_path / "data").mkdir()
    (tmp_path / "index.html").write_text("page", encoding="utf-8")
    (tmp_path / "data" / "figures.csv").write_text("id\n", encoding="utf-8")
    return tmp_path


def _written(project: Project, publication: Publication, folder: Path) -> dict[str, Any]:
    write_manifest(project, publication, folder)
    found: dict[str, Any] = json.loads((folder / "audit" / "manifest.json").read_text("utf-8"))
    return found


def test_every_output_but_the_manifest_is_hashed(
    repository: Path, publication: Publication, edition: Path
) -> None:
    """By its path within the edition."""
    for _ in range(2):
        outputs = _written(Project(repository), publication, edition)["outputs"]
    assert outputs == {
        "data/figures.csv": hashlib.sha256(b"id\n").hexdigest(),
        "index.html": hashlib.sha256(b"page").hexdigest(),
    }


def test_every_part_of_the_project_is_hashed(
    repository: Path, publication: Publication, edition: Path
) -> None:
    """Parameters of both years, layouts, code lists, notebooks and printed figures."""
    parts = _written(Project(repository), publication, edition)["project"]
    roles = {part["role"] for part in parts}
    names = {part["file"] for part in parts}
    assert roles >= {"parameters", "layout", "code list", "notebook", "printed figures"}
    assert names >= {"params/2017.yaml", "params/2016.yaml", "data/printed/2017.csv"}
    for part in parts:
        content = (repository / part["file"]).read_bytes()
        assert part["sha256"] == hashlib.sha256(content).hexdigest()


def test_exports_are_told_by_their_name_alone(
    repository: Path, publication: Publication, edition: Path
) -> None:
    """With their edition and role, and without their folder."""
    inputs = _written(Project(repository), publication, edition)["inputs"]
    assert {"2016", "2017"} == {item["edition"] for item in inputs}
    assert all("/" not in item["file"] and item["role"] == "export" for item in inputs)


def test_nothing_of_the_machine_stands_in_it(
    repository: Path, publication: Publication, edition: Path
) -> None:
    """No folder of the project, of the edition or of an override."""
    overrides = ("sources.0.folder=/srv/private",)
    ledger = publication.ledger.model_copy(update={"overrides": overrides})
    write_manifest(Project(repository), replace(publication, ledger=ledger), edition)
    text = (edition / "audit" / "manifest.json").read_text(encoding="utf-8")
    assert str(repository) not in text
    assert str(edition) not in text
    assert "/srv/private" not in text


def test_each_library_that_is_named_is_one_of_the_build(
    repository: Path, publication: Publication, edition: Path
) -> None:
    """What computes and writes stands in the lock; what the build no longer uses is not named."""
    versions = _written(Project(repository), publication, edition)["versions"]
    assert set(versions) == {"helpline-report", *COMPUTING}
    assert {"duckdb", "typst", "uharfbuzz"} <= set(versions)


def test_versions_are_those_of_the_lock(
    repository: Path, publication: Publication, edition: Path
) -> None:
    """A library that the lock pins by the version of Python is told with both of its pins."""
    versions = _written(Project(repository), publication, edition)["versions"]
    assert versions["helpline-report"] == publication.version
    assert versions["numpy"].count("python_full_version") == 2
    assert "--hash" not in json.dumps(versions)


def test_without_a_lock_what_is_installed_counts(
    project: Path, publication: Publication, edition: Path
) -> None:
    """A project of one's own needs no lock."""
    versions = _written(Project(project), publication, edition)["versions"]
    assert versions["pandas"][0].isdigit()


def test_the_same_edition_gives_the_same_bytes(
    repository: Path, publication: Publication, edition: Path
) -> None:
    """Keys are sorted and no time stands in it."""
    made = []
    for _ in range(2):
        write_manifest(Project(repository), publication, edition)
        made.append((edition / "audit" / "manifest.json").read_bytes())
    assert made[0] == made[1]


def test_it_holds_its_own_hash(repository: Path, publication: Publication, edition: Path) -> None:
    """That of its bytes with zeros in its place: another byte anywhere, and it isn't its own."""
    own = _written(Project(repository), publication, edition)["manifest"]
    data = (edition / "audit" / "manifest.json").read_bytes()
    zeros = data.replace(own.encode(), b"0" * 64)
    assert hashlib.sha256(zeros).hexdigest() == own
    assert is_sealed(data)
    assert not is_sealed(data + b" ")


def test_the_files_of_a_house_style_are_hashed(
    project: Path, publication: Publication, edition: Path
) -> None:
    """A logo and a font go into the pages, and into the manifest."""
    (project / "logo.svg").write_text("logo", encoding="utf-8")
    (project / "kop.ttf").write_text("font", encoding="utf-8")
    style = HouseStyle.model_validate(
        {
            "logo": {"file": "logo.svg", "alternative": {"nl": "een vlak", "en": "a plane"}},
            "fonts": {"serif": {"semibold": "kop.ttf"}},
        }
    )
    styled = publication.edition.model_copy(update={"house_style": style})
    made = _written(Project(project), replace(publication, edition=styled), edition)
    assert [item for item in made["project"] if item["role"] in ("logo", "font")] == [
        {"role": "logo", "file": "logo.svg", "sha256": hashlib.sha256(b"logo").hexdigest()},
        {"role": "font", "file": "kop.ttf", "sha256": hashlib.sha256(b"font").hexdigest()},
    ]


@pytest.fixture
def published(tmp_path: Path, project: Path, publication: Publication) -> Path:
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


def inputs(project: Path, publication: Publication, published: Path) -> list[FileDifference]:
    """What differs among all that the edition was made from."""
    return input_differences(Project(project), publication, read_manifest(published, "edition"))


def test_an_edition_as_it_was_published(published: Path) -> None:
    """Nothing differs."""
    assert found(published) == []


def test_a_changed_byte(published: Path) -> None:
    """One byte of one file, and the file is named."""
    (published / "index.html").write_text("pagE", encoding="utf-8")
    assert found(published) == [FileDifference("output", "index.html", "changed")]


def test_a_file_that_is_gone(published: Path) -> None:
    """It is named."""
    (published / "data" / "figures.csv").unlink()
    assert found(published) == [FileDifference("output", "data/figures.csv", "missing")]


def test_a_file_that_was_added(published: Path) -> None:
    """A file that nobody published is named too."""
    (published / "data" / "rows.csv").touch()
    assert found(published) == [FileDifference("output", "data/rows.csv", "added")]


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
    project: Path, publication: Publication, published: Path
) -> None:
    """Nothing differs."""
    assert inputs(project, publication, published) == []


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
    project: Path, publication: Publication, published: Path, file: str, role: str
) -> None:
    """One byte more in any file of the project, and the file is named."""
    with (project / file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    assert inputs(project, publication, published) == [FileDifference(role, file, "changed")]


@pytest.mark.parametrize("year", ["2017", "2016"])
def test_a_changed_byte_of_an_export(
    project: Path, publication: Publication, published: Path, year: str
) -> None:
    """An export of either year is told by its name and its year."""
    with (project / "data" / "sample" / year / "contactnames.csv").open("a") as changed:
        changed.write("\n")
    assert inputs(project, publication, published) == [
        FileDifference("export", f"contactnames.csv ({year})", "changed")
    ]


def test_an_export_that_is_gone(project: Path, publication: Publication, published: Path) -> None:
    """It is named."""
    (project / "data" / "sample" / "2017" / "contactnames.csv").unlink()
    assert inputs(project, publication, published) == [
        FileDifference("export", "contactnames.csv (2017)", "missing")
    ]


def test_another_program(
    project: Path, publication: Publication, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program whose files differ is told before anything else."""
    monkeypatch.setattr(manifest, "code_sha256", lambda: "another")
    assert inputs(project, publication, published)[0] == FileDifference(
        "program", "helpline-report", "changed"
    )


def test_an_export_under_another_name(
    project: Path, publication: Publication, published: Path
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
    assert inputs(project, replace(publication, edition=moved), published) == []


def test_an_export_that_somebody_named(
    project: Path, publication: Publication, published: Path
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
    assert inputs(project, renamed, published) == []
    named.write_bytes(named.read_bytes() + b"\n")
    assert inputs(project, renamed, published) == [
        FileDifference("export", "contactnames.csv (2017)", "changed")
    ]


def test_two_editions(published: Path, tmp_path: Path) -> None:
    """Rebuilt beside it, the files that differ are named, the manifest among them."""
    other = tmp_path / "other"
    shutil.copytree(published, other)
    (other / "index.html").write_text("pagE", encoding="utf-8")
    manifest = json.loads((other / "audit" / "manifest.json").read_text("utf-8"))
    (other / "audit" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert [each.file for each in tree_differences(published, other)] == [
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


def test_what_python_compiles_is_no_code_of_the_program(tmp_path: Path) -> None:
    """Another process may be writing it, under a name for the meantime."""
    (tmp_path / "build.py").write_text("def build(): ...\n", encoding="utf-8")
    before = manifest.code_sha256(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "build.cpython-311.pyc.1712").write_bytes(b"half")
    assert manifest.code_sha256(tmp_path) == before
