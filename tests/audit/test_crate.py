"""The RO-Crate of an edition: what RO-Crate 1.1 and the Process Run Crate profile ask for."""

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.manifest import CRATE, write_crate
from helpline_report.parameters.earlier_reports import find_signoff_file, write_signoff_text
from helpline_report.parameters.project import Project
from helpline_report.report.publication import Publication
from tests.report.small_publication import SIGNED

Graph = dict[str, dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "index.html").write_text("page", encoding="utf-8")
    (tmp_path / "data" / "figures.csv").write_text("id\n", encoding="utf-8")
    (tmp_path / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    return tmp_path


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
    assert dt.date.fromisoformat(graph["./"]["datePublished"])
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
    assert graph["#approver"] == {
        "@id": "#approver",
        "@type": "Person",
        "name": "de stuurgroep",
        "jobTitle": "opdrachtgever",
    }
    assert graph["#approval"]["endTime"] == "2018-03-01"
    assert graph["./"]["datePublished"] == "2018-03-01"
    assert graph["./"]["creativeWorkStatus"] == "final"
