"""After any edits, in any order, a build gives what a build from nothing gives, to the byte."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpline_report import commands, publishing
from tests.report.small_projects import chapter, code, fingerprint, text

pytestmark = pytest.mark.slow

COUNTS = ("contacts.where(channel='phone')", "contacts.where(weekday=[1, 2])", "contacts")
SENTENCES = (
    "Dat zijn {{ contacts.total | noun }}.",
    "Samen {{ contacts.total | noun }}, op {{ days }} dagen.",
    "Samen 1203 contactnames.",
    "Samen {{ contacts.totaal }}.",
)
Edit = Callable[[Path, random.Random], object]


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def edit_export(root: Path, chance: random.Random) -> None:
    """Another channel in a row of either year; often back again."""
    path = root / "data" / "sample" / chance.choice(["2016", "2017"]) / "contactnames.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    at = chance.randrange(1, 4)
    swapped = {"Telefoon": "E-mail", "E-mail": "Telefoon"}
    lines[at] = ";".join(swapped.get(cell, cell) for cell in lines[at].split(";"))
    path.write_text("\n".join(lines), encoding="utf-8")


def edit_parameters(root: Path, chance: random.Random) -> None:
    """Words of pages, or days that numbers are made of."""
    path = root / "params" / "2017.yaml"
    parameters = path.read_text(encoding="utf-8")
    old, new = chance.choice(
        [
            ("nl: Jaarverslag 2017", "nl: Het jaarverslag 2017"),
            ("date: 2017-12-25", "date: 2017-12-26"),
            ("locale: nl_BE", "locale: nl_NL"),
        ]
    )
    if old not in parameters:
        old, new = new, old
    assert old in parameters
    path.write_text(parameters.replace(old, new), encoding="utf-8")


def edit_text(root: Path, chance: random.Random) -> None:
    """A sentence of the edition's own, which may be refused, or none."""
    path = root / "params" / "2017" / "nl" / "contacts.md"
    sentence = chance.choice([*SENTENCES, ""])
    path.unlink(missing_ok=True)
    if sentence:
        write(path, f"=== said ===\n\n{sentence}\n")


def edit_notebook(root: Path, chance: random.Random) -> None:
    """Other code of a chapter, or other words of it."""
    cells = [
        code("part", f"contacts = chapter.populations('contacts')\npart = {chance.choice(COUNTS)}"),
        code("count", "chapter.count('part', part)\nchapter.open_days('days', part)"),
        code("chart", "chapter.chart(chapter.counts('part.by_month', part, by='month'))"),
        text("words", chance.choice(["Zo veel: {{ part }}.", "Een deel: {{ part | noun }}."])),
    ]
    chapter(root, *cells, name="persons", number=2)


def spoil_kept(root: Path, chance: random.Random) -> None:
    """Another byte somewhere in a private file, or a private file that is gone."""
    files = [path for path in sorted((root / ".helpline").rglob("*")) if path.is_file()]
    for path in chance.sample(files, min(len(files), 1)):
        content = bytearray(path.read_bytes())
        if content and chance.random() < 1 / 2:
            content[chance.randrange(len(content))] ^= 1
            path.write_bytes(content)
        else:
            path.unlink()


def interrupt_trial(root: Path, chance: random.Random) -> None:
    """A trial with other parameters that never comes to its end."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publishing, "make_edition", lambda *_: (_ for _ in ()).throw(SystemExit(1)))
        run(root, "build", "2017", "--set", chance.choice(["calendar.closed=[]", "title.nl=X"]))


def publish(root: Path, _: random.Random) -> None:
    run(root, "publish", "2017")


EDITS: tuple[Edit, ...] = (
    edit_export,
    edit_parameters,
    edit_text,
    edit_text,
    edit_notebook,
    spoil_kept,
    spoil_kept,
    interrupt_trial,
    publish,
)


def run(root: Path, *command: str) -> str:
    """How a command ends: with nothing to say, or with its error."""
    ended = CliRunner().invoke(commands.app, [*command, "--project", str(root)])
    return str(ended.exception or "")


def build_anew(root: Path, folder: Path) -> tuple[str, dict[str, str]]:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(".helpline", "output"))
    return run(folder, "build", "2017"), fingerprint(folder / "output")


def find_difference(small: Path, folder: Path, seed: int, edits: int) -> list[str]:
    """Edit a project at random and build it twice after each few, until the two builds differ.

    Returns:
        The edits after which they do; none where they never did.
    """
    chance = random.Random(seed)
    root = Path(shutil.copytree(small, folder / "project"))
    edit_notebook(root, chance)
    done: list[str] = []
    for _ in range(edits):
        for edit in chance.choices(EDITS, k=chance.randrange(1, 4)):
            edit(root, chance)
            done.append(edit.__name__)
        before = fingerprint(root / "output")
        outcome, clean = build_anew(root, folder / "clean")
        again = run(root, "build", "2017"), fingerprint(root / "output")
        if again != (outcome, before if outcome else clean):
            return done
    return []


def test_a_few_edits(small: Path, tmp_path: Path) -> None:
    assert find_difference(small, tmp_path, seed=7, edits=1) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_many_edits(small: Path, tmp_path: Path, seed: int) -> None:
    """Each seed gives other edits in another order."""
    assert find_difference(small, tmp_path, seed=seed, edits=25) == []
