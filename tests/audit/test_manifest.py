"""The manifest: what went in, what came out, by its SHA-256."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.manifest import COMPUTING, is_sealed, write_manifest
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
