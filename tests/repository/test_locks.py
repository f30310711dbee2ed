"""pyproject.toml, the locks, environment.yml and docs/dependencies.md say the same thing."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.tree import ROOT, parse, python_files, text_of

PROJECT = tomllib.loads(text_of("pyproject.toml"))
RUN_TIME = [Requirement(item) for item in PROJECT["project"]["dependencies"]]
DEV = [Requirement(i) for i in PROJECT["dependency-groups"]["dev"] if isinstance(i, str)]
BUILD = [Requirement(item) for item in PROJECT["dependency-groups"]["build"]]
AUDIT = [Requirement(item) for item in PROJECT["dependency-groups"]["audit"]]
LAB = [Requirement(item) for item in PROJECT["project"]["optional-dependencies"]["lab"]]
LARGE = [Requirement(item) for item in PROJECT["project"]["optional-dependencies"]["large"]]
OF_THE_BUILD = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-lab.lock",
    "requirements-large.lock",
)
LOCKS = (*OF_THE_BUILD, "requirements-audit.lock")

# The distribution that gives a module of another name.
GIVEN_BY = {
    "PIL": "pillow",
    "dateutil": "python-dateutil",
    "font_source_sans_pro": "font-source-sans-pro",
    "font_source_serif_pro": "font-source-serif-pro",
    "jupyter_client": "jupyter-client",
    "markdown_it": "markdown-it-py",
    "stdnum": "python-stdnum",
    "yaml": "pyyaml",
}
# What is started as a program, and imported nowhere: kernels run `python -m ipykernel_launcher`.
STARTED = {"ipykernel"}

Pins = set[tuple[str, str]]


def pins(lock: str) -> Pins:
    """The names and versions of a lock; a package may stand for several Pythons."""
    text = text_of(lock)
    modules = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", text, re.MULTILINE)
    return {(canonicalize_name(name), version) for name, version in modules}


def versions(lock: str, name: str) -> list[str]:
    return [version for known, version in pins(lock) if known == canonicalize_name(name)]


@cache
def imported() -> set[str]:
    """The distributions that the package imports, by the names that pyproject.toml gives them."""
    modules: set[str] = set()
    for path in python_files("src"):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add((node.module or "").partition(".")[0])
    others = modules - sys.stdlib_module_names - {"helpline_report"}
    return {canonicalize_name(GIVEN_BY.get(name, name)) for name in others}


def test_what_is_imported_is_declared() -> None:
    """No module imports a package that is there only because another one needs it."""
    declared = {canonicalize_name(item.name) for item in [*RUN_TIME, *LARGE]}
    assert imported() - declared == set()


def test_what_is_declared_is_used() -> None:
    declared = {canonicalize_name(item.name) for item in [*RUN_TIME, *LARGE]}
    assert declared - imported() - STARTED == set()


def test_each_dependency_is_justified() -> None:
    """docs/dependencies.md has a line on each dependency, and on no other package."""
    text = text_of("docs/dependencies.md")
    names = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    assert sorted(names) == sorted({item.name for item in [*RUN_TIME, *DEV, *BUILD, *LAB, *AUDIT]})


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", [*RUN_TIME, *BUILD]),
        ("requirements-dev.lock", [*RUN_TIME, *BUILD, *DEV]),
        ("requirements-lab.lock", [*RUN_TIME, *BUILD, *LAB]),
        ("requirements-large.lock", [*RUN_TIME, *BUILD, *LARGE]),
        ("requirements-audit.lock", AUDIT),
    ],
)
def test_a_lock_holds_what_is_declared(lock: str, wanted: list[Requirement]) -> None:
    """Every dependency stands in its lock, in a version that pyproject.toml allows."""
    wrong = [
        str(item)
        for item in wanted
        if not versions(lock, item.name)
        or not all(item.specifier.contains(v, prereleases=True) for v in versions(lock, item.name))
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", OF_THE_BUILD[1:])
def test_the_locks_agree(lock: str) -> None:
    """What the build runs on, tests and authors have in the same version."""
    assert pins("requirements.lock") - pins(lock) == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_the_hash_of_every_file(lock: str) -> None:
    """pip accepts no other file than those that were locked."""
    entries = re.split(r"^(?=[A-Za-z0-9])", text_of(lock), flags=re.MULTILINE)
    assert [entry for entry in entries[1:] if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_no_place(lock: str) -> None:
    """Where packages come from is for pip to know."""
    text = text_of(lock)
    assert not re.search(r"://|--(extra-)?index|--find-links|\s@\s", text)


def test_the_environment_is_of_conda_forge_alone() -> None:
    """environment.yml takes Python and pip from one channel, in the versions of pyproject.toml."""
    environment = yaml.safe_load(text_of("environment.yml"))
    python = f"python{PROJECT['project']['requires-python']}"
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    assert environment["dependencies"][:2] == [python, "pip"]


def test_the_environment_is_the_lock_of_authors() -> None:
    """environment.yml has the versions of the lock, since pip reads them there."""
    environment = yaml.safe_load(text_of("environment.yml"))
    hashes, lock, *names = environment["dependencies"][2]["pip"]
    assert (hashes, lock) == ("--require-hashes", "-r requirements-lab.lock")
    assert {"jupyterlab", "papermill", "nbconvert", "pandas", "seaborn", "scipy", "pytest"} == {
        *names
    }
    assert [name for name in names if not versions("requirements-lab.lock", name)] == []


SOUND = {"name": "numpy", "version": "2.4.6", "vulns": []}
SKIPPED = {"name": "click", "skip_reason": "Dependency not found, and could not be audited"}
FLAW = {"id": "PYSEC-1", "fix_versions": ["2.4.7"]}
NO_PAGES = (
    "none of 1 packages could be looked up: the registry gives no pages of known vulnerabilities; "
    "ask one that does\n"
)


@pytest.mark.parametrize(
    ("packages", "says"),
    [
        ([SOUND], ""),
        ([SKIPPED], NO_PAGES),
        ([SOUND, SKIPPED], "1 package(s) couldn't be looked up: click\n"),
        ([SOUND | {"vulns": [FLAW]}], "numpy 2.4.6: PYSEC-1, mended in 2.4.7 (a.lock, b.lock)\n"),
        (None, "".join(f"{lock}.lock: it couldn't be looked up (no)\n" for lock in "ab")),
    ],
)
def test_an_audit_says_once_what_it_found_and_fails(
    tmp_path: Path, packages: list[dict[str, Any]] | None, says: str
) -> None:
    """A package that nobody could look up is no package without known faults."""
    program = tmp_path / "pip-audit"
    answer = "no" if packages is None else json.dumps({"dependencies": packages})
    to = " >&2; exit 2" if packages is None else ""
    program.write_text(f"#!/bin/sh\necho '{answer}'{to}\n", encoding="utf-8")
    program.chmod(0o755)
    command = [sys.executable, str(ROOT / ".ci/advisories.py"), str(program), "a.lock", "b.lock"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (int(bool(says)), says)
    assert ".ci/advisories.py $(AUDIT)/bin/pip-audit $(LOCKS)" in text_of("Makefile")


def test_the_parts_list_names_licences(tmp_path: Path) -> None:
    """Those of installed packages; a package that isn't installed here says why it has none."""
    mit = [{"license": {"id": "MIT"}}]
    parts = {"components": [{"name": "pure_eval"}, {"name": "asttokens"}, {"name": "appnope"}]}
    environment = {"components": [{"name": "pure-eval", "licenses": mit}, {"name": "asttokens"}]}
    for name, content in (("parts", parts), ("environment", environment)):
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    script = str(ROOT / ".ci/sbom.py")
    subprocess.run([sys.executable, script, "parts", "environment"], cwd=tmp_path, check=True)
    first, second, third = json.loads((tmp_path / "parts").read_text("utf-8"))["components"]
    assert first["licenses"] == mit
    assert second["licenses"][0]["license"]["name"] == "Apache 2.0"
    assert "only another system" in third["properties"][0]["value"]
