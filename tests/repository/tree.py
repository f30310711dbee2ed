"""The files of the repository, for tests that read all of them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
BINARY = {".png", ".pdf", ".ico", ".woff2"}


def _made_again() -> set[str]:
    """The folders that git ignores."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return {line.rstrip("/") for line in lines if line.endswith("/") and "*" not in line}


def _files(folder: Path, skip: set[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        edition = path.parent == ROOT / "output" and path.is_dir()
        if edition or path.name in skip or relative_path(path) in skip:
            continue
        if path.is_dir():
            yield from _files(path, skip)
        else:
            yield path


def sources() -> list[Path]:
    """Every file of the repository but what git ignores."""
    return list(_files(ROOT, {".git", *_made_again()}))


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def list_calls(*names: str) -> Iterator[tuple[ast.Call, ast.FunctionDef]]:
    """The calls of functions by these names in the program, each with where it stands."""
    functions = (
        each
        for path in python_files("src")
        for each in ast.walk(parse(path))
        if isinstance(each, ast.FunctionDef)
    )
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in names:
                    yield node, function


def documents() -> list[Path]:
    """The Markdown documents: the top level's, docs/, data/ and output/."""
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted([*paths, ROOT / "data" / "README.md", ROOT / "output" / "README.md"])


def relative_path(path: Path) -> str:
    """A path as messages and cases of tests name it."""
    return path.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
