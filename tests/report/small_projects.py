"""Projects with a chapter or two of a few cells, so that a run takes seconds."""

import json
import re
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARAMETERS = 'edition = "2017"\noverrides = []\npreview = True'
OPEN = (
    "from helpline_report.chapter import open_chapter\n"
    'chapter = open_chapter("{name}", edition, overrides=overrides, preview=preview)'
)
COUNT = 'contacts = chapter.populations("contacts")\nchapter.count("{figure}", contacts)'
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def code(name: str, source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source,
    }


def text(name: str, source: str, *tags: str) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "markdown", "id": name, "metadata": metadata, "source": source}


def parameters(source: str = PARAMETERS) -> dict[str, Any]:
    """The cell that a build replaces."""
    return code("parameters", source, "parameters")


def opening(name: str) -> dict[str, Any]:
    return code("open", OPEN.format(name=name))


def count(figure: str) -> dict[str, Any]:
    return code("count", COUNT.format(figure=figure))


def write(project: Path, file: str, cells: Iterable[dict[str, Any]], **changes: Any) -> Path:
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path = project / "notebooks" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(whole | changes), encoding="utf-8")
    return path


def chapter(project: Path, *cells: dict[str, Any], name: str = "contacts", number: int = 1) -> Path:
    """Write a chapter that opens itself and then does what `cells` say."""
    title = text("title", f"# {name.capitalize()}")
    return write(project, f"0{number}_{name}.ipynb", [title, parameters(), opening(name), *cells])


def bare(project: Path, *sources: str) -> Path:
    """Write a chapter that imports nothing: cells `step-1`, `step-2` and on, of these sources."""
    steps = [code(f"step-{number}", source) for number, source in enumerate(sources, start=1)]
    return write(project, "01_contacts.ipynb", [parameters(), *steps])


PLAIN = (count("contacts.total"), text("said", "Er waren {{ contacts.total | noun }}."))


def copy_small(folder: Path) -> Path:
    """A project with the repository's parameters and sample, without chapters and their texts.

    Decisions and printed claims about figures of these chapters are gone too.
    """
    skip = shutil.ignore_patterns("nl", "en")
    shutil.copytree(ROOT / "params", folder / "params", ignore=skip)
    for path in (folder / "params").glob("20*.yaml"):
        text = path.read_text(encoding="utf-8")
        decided = r"(?m)^(one_row|by_groups|not_published|printed_claims):.*\n( .*\n)*"
        path.write_text(re.sub(decided, "", text), encoding="utf-8")
    for part in ("codelists", "printed", "sample"):
        shutil.copytree(ROOT / "data" / part, folder / "data" / part)
    return folder


def copy_few(folder: Path) -> Path:
    """The same with a fourth of the rows and no web analytics, whose build takes half the time."""
    copy_small(folder)
    for year in ("2016", "2017"):
        exports = folder / "data" / "sample" / year
        shutil.rmtree(exports / "google-analytics")
        path = folder / "params" / f"{year}.yaml"
        sources = re.sub(r"(?m)^  - {layout: google-analytics.*\n", "", path.read_text("utf-8"))
        path.write_text(sources, encoding="utf-8")
        keep_fourth(exports)
    return folder


def keep_fourth(exports: Path) -> None:
    """Keep each fourth contact of the sample's exports in a folder, with what belongs to it."""
    above: set[str] = set()
    for name, key in (("contactnames", 0), ("gemelde_personen", 1), ("gevolggevingen", 0)):
        export = exports / f"{name}.csv"
        head, *rows = export.read_text("utf-8").splitlines(keepends=True)
        rows = [row for row in rows if row.split(";")[key] in above] if above else rows[::4]
        above = {row.partition(";")[0] for row in rows}
        export.write_text("".join([head, *rows]), encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def say_rows(project: Path, rows: str) -> None:
    """Say of all editions what their rows are: nobody signs for synthetic ones."""
    for path in (project / "params").glob("20*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^rows: \w+$", f"rows: {rows}", text), encoding="utf-8")
    check_help(project)


def check_help(project: Path, day: str = "2018-02-01") -> None:
    """Say that somebody checked the help numbers on a day: else nobody can sign."""
    path = project / "params" / "help" / "1712.yaml"
    text = re.sub(r"(?m)^checked_on: .*", f"checked_on: {day}", path.read_text("utf-8"))
    path.write_text(text, encoding="utf-8")


def retitle(root: Path, title: str = "Een ander jaarverslag") -> None:
    """Give the edition of 2017 another title: all pages are made anew, and no chapter runs."""
    path = root / "params" / "2017.yaml"
    text = re.sub(r"(?m)^title: .*", f"title: {{nl: {title}, en: Report}}", path.read_text("utf-8"))
    path.write_text(text, encoding="utf-8")


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
