"""The documents: their links lead somewhere, their commands work, and no command lacks words."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.main import get_group

import helpline_report
from helpline_report.commands import app
from tests.repository import commands
from tests.repository.marked import Marked, marked
from tests.repository.tree import ROOT, documents, relative_path, text_of

DOCUMENTS = documents()
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def links(path: Path) -> list[str]:
    """Where a document's links lead, code left out."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return LINK.findall(re.sub(r"`[^`\n]*`", "", text))


def anchors(path: Path) -> set[str]:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(link: str, path: Path) -> bool:
    """Whether a relative link names no file, or no heading of it."""
    if link.startswith(("https:", "mailto:")):
        return False
    file, _, anchor = link.partition("#")
    target = path.parent / file if file else path
    return not target.exists() or bool(anchor and anchor not in anchors(target))


def test_links_lead_somewhere() -> None:
    """Every link inside the repository names a file that is there, and a heading of it."""
    broken = [
        f"{relative_path(p)}: {link}"
        for p in DOCUMENTS
        for link in links(p)
        if leads_nowhere(link, p)
    ]
    assert broken == []


def test_documents_are_found() -> None:
    """The list of documents names every page of docs/."""
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    pages = {path for path in (ROOT / "docs").rglob("*.md") if path != index}
    assert pages - listed == set()


def test_make_targets_exist() -> None:
    known = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {
        target
        for path in DOCUMENTS
        for target in re.findall(r"(?:`|\$ )make ([a-z-]+)", path.read_text(encoding="utf-8"))
    }
    assert named - known == set()


def test_the_reference_of_commands_is_what_help_says() -> None:
    """docs/commands.md is made of the help texts; `python -m tests.repository.commands` does it."""
    assert commands.PAGE.read_text(encoding="utf-8") == commands.reference()


def test_every_command_and_option_has_a_help_text() -> None:
    group = get_group(app)
    mute = [name for name, command in group.commands.items() if not command.help]
    mute += [
        f"{name} {parameter.name}"
        for name, command in group.commands.items()
        for parameter in command.params
        if parameter.name != "help" and not getattr(parameter, "help", None)
    ]
    assert mute == []


def test_every_command_stands_in_a_document_for_users() -> None:
    pages = [path for path in DOCUMENTS if path != commands.PAGE]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    assert [name for name in commands.names() if f"helpline-report {name}" not in text] == []


@pytest.mark.slow
@pytest.mark.long
def test_what_documents_say_works(year_2017: Path, tmp_path: Path) -> None:
    """The marked commands of all documents, one after another, in a project with its edition."""
    project = Path(shutil.copytree(year_2017, tmp_path / "project"))
    for path in DOCUMENTS:
        for command in marked(path):
            done = run(command, project)
            assert done.returncode == command.code, (
                f"{relative_path(path)}: {command.words}\n{done.stderr}"
            )


def run(command: Marked, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a document with this Python's own programs."""
    programs = Path(sys.executable).parent
    words = [command.words[0].removeprefix(".venv/bin/"), *command.words[1:]]
    words[0] = str(programs / words[0]) if (programs / words[0]).exists() else words[0]
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    return subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_changelog_tells_this_version() -> None:
    """CHANGELOG.md begins with the version that pyproject.toml and the package have."""
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    headings = re.findall(r"^## (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == project["version"] == helpline_report.__version__


@pytest.mark.parametrize("path", DECISIONS, ids=relative_path)
def test_a_decision_is_short_and_whole(path: Path) -> None:
    """A record says its context, the decision and its consequences, in 25 lines at most."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    assert parts == ["Context", "Decision", "Consequences"]
    assert len(lines) <= 25


def test_the_architecture_names_what_there_is() -> None:
    """`folder/module` is a module, `module.name` stands in it, and `a_name` somewhere."""
    source, text = ROOT / "src" / "helpline_report", text_of("docs/architecture.md")
    names: dict[str, set[str]] = {}
    for path in source.rglob("*.py"):
        own = re.findall(
            r"^ *(?:def|class) (\w+)|^([A-Z_]+)\b", path.read_text("utf-8"), re.MULTILINE
        )
        module = path.relative_to(source).with_suffix("").as_posix()
        names[module] = names[module.rpartition("/")[2]] = {"", *map("".join, own)}
    everywhere = set(names).union(*names.values()) | {path.name for path in source.iterdir()}
    for module, name in re.findall(r"`((?:\w+/)?\w+)\.?(\w*)[`(]", text):
        if name not in ("md", "yaml", "csv", "add", "ask", "share"):
            assert name in names.get(module, everywhere), f"{module}.{name}"
            assert "/" not in module or module in names, module
        if re.fullmatch(r"_?[a-z]+_\w+|[A-Z_]{4,}", module):
            assert module in everywhere, module
