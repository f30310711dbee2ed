"""The transcript: each thing that the sample's edition of 2017 says, in two languages.

A line is a node of its description: kind, words, what it is bound to, target and format, below the
file and the part that it belongs to. The page of the report stands there whole. Of other files what
was said before is left out, by how many lines. Values of `figures.csv` are golden already.

`python -m tests.golden.transcript` builds the sample and writes it anew. A change of a word, a head
or an axis is then a difference of these files, and who makes the change reads it.
"""

import difflib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from helpline_report import preparation
from helpline_report.audit.pages import write_audit
from helpline_report.description import Description, Node
from helpline_report.parameters.project import Project
from helpline_report.publishing import compose_publication, find_last_release
from helpline_report.report.publish import publish

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
LANGUAGES = ("nl", "en")
MOST = 30
AGAIN = (
    "python -m tests.golden.transcript writes it anew; read what it changes before you commit it"
)
PAGE, FIGURES = "index.html", "data/figures.csv"
# What each change of a file changes, and nobody reads: its digest, and its size.
DIGEST = re.compile(r"\b(?=\d*[a-f])[0-9a-f]{12,64}\b")
UNREAD = ("raw", "hash", "bytes")


def describe(project: Project, language: str, folder: Path) -> Description:
    """What each file of the edition that stands says in a language; the files go into a folder."""
    released = find_last_release(project, "2017")
    checked = preparation.check_parameters(project, "2017")
    reader, description = publish(compose_publication(project, checked, released, language), folder)
    return replace(description, files={**description.files, **write_audit(reader, folder)})


def write(description: Description) -> str:
    """The transcript: kind, words, what they are bound to, target, and form of each node."""
    lines, said = list[str](), set[tuple[str, str]]()
    for file, nodes in description.files.items():
        place, before = "", 0
        lines.append(f"# {file}")
        for node in nodes if file != FIGURES else ():
            if node.kind in UNREAD:
                continue
            key = (node.text, "" if node.text else f"{node.kind} {node.about} {node.target}")
            if file != PAGE and key in said:
                before += 1
                continue
            said.add(key)
            if before:
                lines.append(f"= {before}")
                before = 0
            if node.place != place:
                place = node.place
                lines.append(f"## {place}")
            target = "#card" if node.target == f"#figure-{node.about}" else node.target
            lines.append(str(Node("", *node[1:4], target, node.form)).removeprefix(" | "))
        if before:
            lines.append(f"= {before}")
    return DIGEST.sub("<digest>", "\n".join(lines)) + "\n"


def file_of(language: str) -> Path:
    """Where the transcript of a language lies."""
    return HERE / f"transcript-{language}.txt"


def compare(language: str, text: str) -> str:
    """The first lines in which a transcript differs from the one that is kept; '' if in none."""
    kept = file_of(language).read_text("utf-8").splitlines()
    lines = difflib.unified_diff(kept, text.splitlines(), "kept", "now", n=1, lineterm="")
    told = "\n".join(islice(lines, MOST))
    return f"{told}\n{AGAIN}" if told else ""


def copy_sample(folder: Path) -> Project:
    """A copy of the sample's project, to build in."""
    for name in ("params", "notebooks", "data"):
        shutil.copytree(ROOT / name, folder / name)
    return Project(folder, {})


def list_transcripts(project: Project) -> Iterator[tuple[str, str]]:
    """The transcript in each language, of the edition that stands."""
    for language in LANGUAGES:
        with TemporaryDirectory() as folder:
            yield language, write(describe(project, language, Path(folder)))


if __name__ == "__main__":
    from tests.without_kernels import build_here

    with TemporaryDirectory() as place:
        copied = copy_sample(Path(place) / "project")
        build_here(copied.root)
        for name, transcript in list_transcripts(copied):
            file_of(name).write_text(transcript, encoding="utf-8")
