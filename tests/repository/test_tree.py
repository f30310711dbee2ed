"""What holds for every file: names, first lines, tests beside code, and nothing of one machine."""

import ast
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, parse, python_files, relative_path

PACKAGE = ROOT / "src" / "helpline_report"
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
LONGEST = 500
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "ana" + "conda.org", "conda." + "anaconda")


def test_nothing_speaks_of_one_machine(texts: dict[str, str]) -> None:
    """No file names a folder of the machine that it was written on."""
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
    """Files written by hand end in a newline, and in no more than one."""
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


def test_a_module_says_what_it_is() -> None:
    """The first line of every module says its responsibility, in a docstring."""
    mute = [path for path in python_files("src") if not docstring_of(parse(path))]
    assert [relative_path(path) for path in mute] == []


def test_a_test_says_its_fact() -> None:
    """Every test has a docstring: one fact."""
    mute = [
        f"{relative_path(path)}::{node.name}"
        for path in python_files("tests")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not docstring_of(node)
    ]
    assert mute == []


def docstring_of(node: ast.Module | ast.FunctionDef) -> str:
    """The first line of a docstring."""
    return (ast.get_docstring(node) or "").partition("\n")[0].strip()


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("[a-z]*")), ids=lambda path: path.name)
def test_code_has_tests_beside_it(path: Path) -> None:
    """The tests have the layout of the code: a folder or a module of tests for each part."""
    tests = ROOT / "tests"
    beside = [*(tests / path.stem).rglob("test_*.py"), *tests.glob(f"test_{path.stem}.py")]
    assert beside


def test_nothing_is_left_undone() -> None:
    """No module is committed with a note to finish it."""
    notes = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    left = [path for path in python_files("src") if notes.search(path.read_text(encoding="utf-8"))]
    assert [relative_path(path) for path in left] == []
