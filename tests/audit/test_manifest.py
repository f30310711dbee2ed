"""The manifest and the RO-Crate: what went in and what came out, each changed byte by its name."""

import datetime as dt
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.manifest import (
    COMPUTING,
    CRATE,
    OF_REBUILT,
    compare_project,
    compare_sources,
    compare_trees,
    is_sealed,
    list_project_files,
    read_manifest,
    refuse_differences,
    write_crate,
    write_manifest,
)
from helpline_report.errors import MachineError, RefusedError, UserError
from helpline_report.inputs import Change
from helpline_report.parameters.earlier_reports import find_signoff_file, write_signoff_text
from helpline_report.parameters.edition import ControlTotal, Disclosure
from helpline_report.parameters.house_style import HouseStyle
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import MANIFEST
from helpline_report.parameters.values import Translated
from helpline_report.report.publication import Publication
from helpline_report.steps import Steps
from tests.conftest import refusal
from tests.disclosure.sample import DECISION
from tests.present import present
from tests.report.small_publication import SIGNED, change_edition, change_ledger

PAGE, FIGURES = "page", "id\n"


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A folder with two files of an edition."""
    folder = tmp_path / "edition"
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "data" / "figures.csv").write_text(FIGURES, encoding="utf-8")
    return folder


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _written(root: Path, publication: Publication, folder: Path) -> dict[str, Any]:
    write_manifest(Project(root), publication, folder)
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return manifest


def test_what_it_holds(repository: Path, publication: Publication, edition: Path) -> None:
    """Hashes of outputs but itself, of all parts of the project, and of exports by name alone."""
    whole = _written(repository, publication, edition)
    outputs = {"data/figures.csv": _sha256(FIGURES), "index.html": _sha256(PAGE)}
    assert whole["outputs"] == outputs
    parts = {(part["role"], part["file"]): part["sha256"] for part in whole["project"]}
    roles = {role for role, _ in parts}
    assert roles >= {"parameters", "layout", "code list", "notebook", "printed figures"}
    years = {("parameters", "params/2017.yaml"), ("parameters", "params/2016.yaml")}
    assert {*parts} >= {*years, ("printed figures", "data/printed/2017.csv")}
    for (_, file), sha256 in parts.items():
        assert sha256 == hashlib.sha256((repository / file).read_bytes()).hexdigest()
    # A library that is pinned by the version of Python stands there with both pins.
    assert set(whole["versions"]) == {"helpline-report", *COMPUTING}
    assert whole["versions"]["numpy"].count("python_full_version") == 2
    assert "--hash" not in json.dumps(whole["versions"])
    assert {"2016", "2017"} == {item["edition"] for item in whole["inputs"]}
    assert all("/" not in item["file"] and item["role"] == "export" for item in whole["inputs"])


def test_the_files_of_a_house_style_are_hashed(
    project: Path, publication: Publication, edition: Path
) -> None:
    """A logo goes into the pages, and into the manifest; without a lock what is installed.

    The folder that an override names is told by its key alone.
    """
    (project / "logo.png").write_text("logo", encoding="utf-8")
    logo = {"file": "logo.png", "alternative": {"nl": "een vlak", "en": "a plane"}}
    style = HouseStyle.model_validate({"logo": logo})
    what_if = change_ledger(publication, overrides=("sources.0.folder=/srv/private",))
    whole = _written(project, change_edition(what_if, house_style=style), edition)
    assert whole["overrides"] == ["sources.0.folder=…"]
    assert {"role": "logo", "file": "logo.png", "sha256": _sha256("logo")} in whole["project"]
    assert whole["versions"]["pandas"][0].isdigit()


def test_exports_may_lie_where_nobody_says(project: Path, publication: Publication) -> None:
    """A folder of exports that names a variable isn't looked up: pages are made without exports."""
    source = publication.edition.sources[0].model_copy(update={"folder": "${NOWHERE}"})
    files = list_project_files(Project(project), change_edition(publication, sources=[source]))
    assert "params/2017.yaml" in {each["file"] for each in files}


@pytest.mark.parametrize("file", ["data/printed/2017.csv", "params/layouts/registration-1712.yaml"])
def test_a_file_that_is_gone(project: Path, publication: Publication, file: str) -> None:
    """A file that the parameters name has to be there: the manifest says of each what it was."""
    (project / file).unlink()
    with pytest.raises(MachineError, match=file):
        list_project_files(Project(project), publication)


def test_parameters_that_hold_numbers_of_rows(
    project: Path, publication: Publication, edition: Path
) -> None:
    """Where small numbers are protected their hash can't be tried: another number, the same bytes.

    What else they say is part of the content, so that a change of it is another manifest.
    """

    def write(threshold: int, rows: int, title: str = "x") -> str:
        update = {
            "disclosure": Disclosure.model_validate({**DECISION, "threshold": threshold}),
            "control_totals": [ControlTotal(table="contacts", rows=rows)],
            "title": Translated.model_validate({"nl": title, "en": title}),
        }
        path = project / "params" / "2017.yaml"
        path.write_text(path.read_text("utf-8") + f"# {rows}\n", "utf-8")
        write_manifest(Project(project), change_edition(publication, **update), edition)
        return (edition / MANIFEST).read_text("utf-8")

    first, other = write(5, 4812), write(5, 3)
    assert first == other
    assert len({other, write(5, 3, title="y"), write(6, 3)}) == 3
    whole = json.loads(first)
    hashes = {item["file"]: item["sha256"] for item in whole["project"]}
    # The threshold protects both years, whatever the other says itself.
    assert hashes["params/2017.yaml"] == hashes["params/2016.yaml"] == ""
    assert not compare_project(Project(project), whole)
    (project / "params" / "2017.yaml").unlink()
    (gone,) = compare_project(Project(project), whole)
    assert (gone.file, gone.what) == ("params/2017.yaml", "missing")


def test_a_released_year_alone_keeps_its_numbers_of_rows(
    project: Path, publication: Publication
) -> None:
    """An edition of other rows, which compares with a confidential year, tells its own."""
    then = present(publication.comparison).model_copy(update={"rows": "confidential"})
    files = list_project_files(Project(project), replace(publication, comparison=then))
    hashes = {item["file"]: item["sha256"] for item in files}
    assert (hashes["params/2017.yaml"] > "", hashes["params/2016.yaml"]) == (True, "")


@pytest.fixture
def published(edition: Path, project: Path, publication: Publication) -> Path:
    write_manifest(Project(project), publication, edition)
    return edition


def test_it_holds_its_own_hash(published: Path) -> None:
    """That of its bytes with zeros in its place: another byte anywhere, and it isn't its own."""
    data = (published / MANIFEST).read_bytes()
    own = json.loads(data)["manifest"]
    assert hashlib.sha256(data.replace(own.encode(), b"0" * 64)).hexdigest() == own
    assert is_sealed(data)
    assert not is_sealed(data + b" ")


def test_another_program(project: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program whose files differ is told too."""
    monkeypatch.setattr(Steps, "code", "another")
    differing = compare_project(Project(project), read_manifest(published, "edition"))
    assert differing == [Change("program", "helpline-report", "changed")]


def test_exports(publication: Publication, published: Path) -> None:
    """One that changed, one that is gone and one more, each by its name and its year."""
    first, second, *rest = publication.ledger.sources
    before = read_manifest(published, "edition")
    assert compare_sources(publication.ledger.sources, before) == []
    changed = first.model_copy(update={"sha256": "another"})
    added = second.model_copy(update={"file": "more.csv"})
    assert set(compare_sources([changed, added, *rest], before)) == {
        Change("export", f"{first.file} ({first.edition})", "changed"),
        Change("export", f"more.csv ({second.edition})", "added"),
        Change("export", f"{second.file} ({second.edition})", "missing"),
    }


def test_two_editions(published: Path, tmp_path: Path) -> None:
    """Rebuilt beside it, the files that differ are named, the manifest among them."""
    other = tmp_path / "other"
    shutil.copytree(published, other)
    (other / "index.html").write_text("pagE", encoding="utf-8")
    (other / MANIFEST).write_text("{}", encoding="utf-8")
    (other / "data" / "figures.csv").rename(other / "data" / "more.csv")
    with pytest.raises(RefusedError) as raised:
        refuse_differences("the edition", compare_trees(published, other), OF_REBUILT)
    assert raised.value.what.splitlines()[1:] == [
        f"  {MANIFEST}: this published file isn't what its exports give",
        "  data/figures.csv: this published file isn't one that its exports give",
        "  data/more.csv: this published file is missing, and its exports give it",
        "  index.html: this published file isn't what its exports give",
    ]


@pytest.mark.parametrize("name", ["", "package.zip"])
def test_no_edition(tmp_path: Path, name: str) -> None:
    """A folder without a manifest, or a file, is told with what to name."""
    (tmp_path / "package.zip").touch()
    assert refusal(UserError, read_manifest, tmp_path / name, "output/2018") == (
        "output/2018/audit/manifest.json: there is no published edition here: no manifest\n"
        "  → make it (helpline-report build EDITION), or name the folder that holds it; "
        "unpack a package first"
    )


@pytest.mark.parametrize("text", ["", "[]", '{"outputs": []}'])
def test_a_manifest_that_is_none(tmp_path: Path, text: str) -> None:
    """It isn't as it was written, whatever it holds now; it says so, without a traceback."""
    (tmp_path / "audit").mkdir()
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    assert "this manifest was changed after it was written" in refusal(
        RefusedError, read_manifest, tmp_path, "output/2017"
    )


# The RO-Crate: what RO-Crate 1.1 and the Process Run Crate profile ask for

Graph = dict[str, dict[str, Any]]


@pytest.fixture
def folder(edition: Path) -> Path:
    (edition / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    return edition


def written(repository: Path, publication: Publication, folder: Path) -> Graph:
    write_crate(Project(repository), publication, folder)
    whole = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert whole["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    names = [entity["@id"] for entity in whole["@graph"]]
    assert len(names) == len(set(names))
    return {entity["@id"]: entity for entity in whole["@graph"]}


@pytest.fixture
def graph(repository: Path, publication: Publication, folder: Path) -> Graph:
    return written(repository, publication, folder)


def test_the_descriptor_and_the_root(graph: Graph) -> None:
    """Which specification it follows, and what 1.1 requires: name, description, date, licence.

    Each reference leads to an entity of the graph, and each entity has a type and a name.
    """
    specification = {"@id": "https://w3id.org/ro/crate/1.1"}
    expected: dict[str, dict[str, Any]] = {
        "ro-crate-metadata.json": {
            "@type": "CreativeWork",
            "conformsTo": specification,
            "about": {"@id": "./"},
        },
        "./": {
            "@type": "Dataset",
            "name": "Jaarverslag 2017",
            "license": {"@id": "https://spdx.org/licenses/CC-BY-4.0"},
            "conformsTo": {"@id": "https://w3id.org/ro/wfrun/process/0.5"},
            "creativeWorkStatus": "draft",
        },
    }
    for name, properties in expected.items():
        assert {**graph[name], **properties} == graph[name]
    assert graph["./"]["description"]
    dt.date.fromisoformat(graph["./"]["datePublished"])
    assert "#approver" not in graph
    for entity in graph.values():
        assert entity["@type"]
        assert entity.get("name") or entity["@id"] == CRATE
        for value in entity.values():
            items = value if isinstance(value, list) else [value]
            names = {item["@id"] for item in items if isinstance(item, dict)}
            assert names <= {*graph, specification["@id"]}


def test_every_published_file_is_a_part(graph: Graph, folder: Path) -> None:
    """With its hash, size and media type, by a path below the root that exists."""
    *hashed, manifest = [item["@id"] for item in graph["./"]["hasPart"]]
    assert hashed == ["data/datapackage.json", "data/figures.csv", "index.html"]
    assert manifest == "audit/manifest.json"
    for name in hashed:
        content = (folder / name).read_bytes()
        assert graph[name]["@type"] == "File"
        assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert graph[name]["contentSize"] == str(len(content))
    assert graph["index.html"]["encodingFormat"] == "text/html"


def test_the_run(graph: Graph, publication: Publication) -> None:
    """One action: this version of the program made the files out of exports by name and hash."""
    run = graph["#run"]
    assert run["@type"] == "CreateAction"
    assert graph[run["instrument"]["@id"]]["softwareVersion"] == publication.version
    assert run["result"] == graph["./"]["hasPart"]
    made_of = [graph[item["@id"]] for item in run["object"]]
    hashes = {source.sha256 for source in publication.ledger.sources}
    assert hashes <= {item["sha256"] for item in made_of}
    assert {"@id": "#run"} in graph["./"]["mentions"]
    # What holds rows is named by its hash, and isn't among the files of the crate.
    exports = [entity for name, entity in graph.items() if name.startswith("#export-")]
    assert len(exports) == 24
    assert {entity["@type"] for entity in exports} == {"CreativeWork"}


def test_who_approved(project: Path, publication: Publication, folder: Path) -> None:
    """The approver as they signed, with the day and the content that was signed for."""
    file = find_signoff_file(Project(project), "2017")
    file.write_text(write_signoff_text(SIGNED), encoding="utf-8")
    graph = written(project, replace(publication, signed=SIGNED), folder)
    person = {"@type": "Person", "name": "de stuurgroep", "jobTitle": "opdrachtgever"}
    assert graph["#approver"] == {"@id": "#approver", **person}
    assert graph["#approval"]["endTime"] == "2018-03-01"
    assert graph["./"]["datePublished"] == "2018-03-01"
    assert graph["./"]["creativeWorkStatus"] == "final"
