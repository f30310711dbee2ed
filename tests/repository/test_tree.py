"""What holds for every file: names, first lines, tests beside code, and nothing of one machine."""

import ast
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, parse, python_files

PACKAGE = ROOT / "src" / "helpline_report"
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
LONGEST = 500
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "ana" + "conda.org", "conda." + "anaconda")


def test_nothing_speaks_of_one_machine(texts: dict[str, str]) -> None:
    folders = {ROOT.parent, Path.home()} - {Path("/"), Path(tempfile.gettempdir()).resolve()}
    here = re.compile("|".join([*(re.escape(f"{path}/") for path in folders), r"/home/\w+/"]))
    assert [name for name, text in texts.items() if here.search(text)] == []


def test_nothing_names_a_package_registry(texts: dict[str, str]) -> None:
    """Where packages come from is for pip to know: no file names the host of a registry."""
    assert [name for name, text in texts.items() if any(r in text for r in REGISTRIES)] == []


def test_no_file_is_executable_but_scripts(texts: dict[str, str]) -> None:
    """What may be executed says by which program, in its first line."""
    executable = [name for name in texts if (ROOT / name).stat().st_mode & 0o111]
    assert [name for name in executable if not texts[name].startswith("#!")] == []


def test_text_files_end_in_one_newline(texts: dict[str, str]) -> None:
    by_hand = {n: t for n, t in texts.items() if t and not n.startswith(("data/sample/", "tests/"))}
    assert [n for n, t in by_hand.items() if not t.endswith("\n") or t.endswith("\n\n")] == []


def test_no_module_is_named_after_nothing() -> None:
    """A shared function lives in a module named after its subject."""
    names = {path.stem for path in python_files("src", "tests")}
    folders = {path.parent.name for path in python_files("src", "tests")}
    assert (names | folders) & NAMELESS == set()


def test_no_module_has_more_than_500_lines() -> None:
    """Nobody reads more at once."""
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in python_files("src")}
    assert {name for name, number in lines.items() if number > LONGEST} == set()


def test_no_two_modules_and_no_two_classes_share_a_name() -> None:
    """Who looks for a name finds one place."""
    paths = [path for path in python_files("src") if path.stem != "__init__"]
    classes = [
        node.name
        for path in paths
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef)
    ]
    names = Counter([path.stem for path in paths]) + Counter(classes)
    assert [name for name, times in names.items() if times > 1] == []


PARTS = [path for path in sorted(PACKAGE.glob("[a-z]*")) if path.name != "py.typed"]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_code_has_tests_beside_it(path: Path) -> None:
    """The tests have the layout of the code: a folder or a module of tests for each part."""
    tests = ROOT / "tests"
    beside = [*(tests / path.stem).rglob("test_*.py"), *tests.glob(f"test_{path.stem}.py")]
    assert beside
