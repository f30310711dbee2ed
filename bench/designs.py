"""Other designs for the same chapters, each in an environment of its own that is made here once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.cases import MODULES
from bench.notebooks import write_notebooks
from bench.results import Taken
from bench.watched import Failed, watch

# What every chapter needs, as old as the program's own.
LIBRARIES = tuple(f"{name}=={version(name)}" for name in ("matplotlib", "numpy", "pandas", "scipy"))
QUIET = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--compile")

SHELL = """\
set -e
for chapter in chapters/*.ipynb; do
  papermill -p edition 2017 "$chapter" "$(basename "$chapter")"
  jupyter-nbconvert --to html "$(basename "$chapter")"
done
"""
MARIMO = """\
set -e
for chapter in chapters/*.py; do marimo -q export html "$chapter" -o "$chapter.html"; done
"""
# Jupyter Book 2 gets its theme from a server of its own, and without one makes no page: this one
# is empty, so what is measured is chapters and content, without the HTML.
THEME = """\
jtex: v1
title: Empty
version: 1.0.0
build: {install: "true", start: "true"}
files: []
"""


@dataclass(frozen=True)
class Design:
    """A tool: its packages, what it needs beside the notebooks, and what makes the report."""

    name: str
    says: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    prepare: Callable[[Path, Path], None] = lambda folder, programs: None


def _book_1(folder: Path, programs: Path) -> None:  # noqa: ARG001 - as all of them
    chapters = sorted(path.stem for path in (folder / "chapters").glob("*.ipynb"))
    toc = ["format: jb-book", f"root: chapters/{chapters[0]}", "chapters:"]
    toc += [f"  - file: chapters/{name}" for name in chapters[1:]]
    _write(folder / "_toc.yml", toc)
    _write(folder / "_config.yml", ["title: Report", "execute: {execute_notebooks: force}"])


def _book_2(folder: Path, programs: Path) -> None:  # noqa: ARG001 - as all of them
    chapters = sorted(path.name for path in (folder / "chapters").glob("*.ipynb"))
    toc = [f"    - file: chapters/{name}" for name in chapters]
    site = ["site:", "  template: ./theme"]
    _write(
        folder / "myst.yml", ["version: 1", "project:", "  title: Report", "  toc:", *toc, *site]
    )
    (folder / "theme").mkdir()
    (folder / "theme" / "template.yml").write_text(THEME, encoding="utf-8")


def _marimo(folder: Path, programs: Path) -> None:
    """Notebooks of its own kind; converting them is no part of making a report."""
    for chapter in sorted((folder / "chapters").glob("*.ipynb")):
        # marimo shows what a cell ends with; Jupyter shows each figure that is drawn.
        text = chapter.read_text(encoding="utf-8").replace("(tables);", "(tables)")
        chapter.write_text(text, encoding="utf-8")
        command = ("marimo", "-q", "convert", chapter, "-o", chapter.with_suffix(".py"))
        watch(command, folder, environment=_environment(programs))


def _write(file: Path, lines: Sequence[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


DESIGNS = (
    Design(
        "papermill",
        "papermill and nbconvert from the shell, a process each a chapter",
        ("papermill", "nbconvert", "ipykernel"),
        ("bash", "-c", SHELL),
    ),
    Design(
        "book_1",
        "Jupyter Book 1",
        ("jupyter-book<2", "ipykernel"),
        ("jupyter-book", "build", "."),
        _book_1,
    ),
    Design(
        "book_2",
        "Jupyter Book 2, without the HTML",
        ("jupyter-book>=2", "ipykernel", "jupyter-server"),
        ("jupyter-book", "build", "--execute", "--site"),
        _book_2,
    ),
    Design("marimo", "marimo", ("marimo", "nbformat"), ("bash", "-c", MARIMO), _marimo),
)


def programs_of(design: Design, work: Path) -> Path:
    """The programs of a design's environment, which is made if it isn't there yet.

    Raises:
        Failed: its packages can't be installed.
    """
    place = work / "designs" / design.name
    done = place / "done"
    if not done.is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        python = str(place / "bin" / "python")
        got = subprocess.run(
            [python, *QUIET, *LIBRARIES, *design.packages],
            capture_output=True,
            text=True,
            check=False,
        )
        if got.returncode:
            raise Failed(got.stderr[-500:])
        done.touch()
    return place / "bin"


def run(design: Design, work: Path, data: Path) -> Taken:
    """Make the report by a design, from nothing.

    Raises:
        Failed: it can't be made.
    """
    programs = programs_of(design, work)
    folder = work / "report"
    shutil.rmtree(folder, ignore_errors=True)
    write_notebooks(folder / "chapters", data)
    design.prepare(folder, programs)
    return watch(design.command, folder, environment=_environment(programs))


def _environment(programs: Path) -> dict[str, str]:
    return {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": MODULES["PYTHONPATH"]}
