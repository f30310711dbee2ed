"""A build that is killed at any of its steps on the disk."""

import shutil
import signal
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.runs import Ended, environment, run, state
from tests.report.small_projects import fingerprint, retitle

pytestmark = pytest.mark.slow

Hashes = Mapping[str, str]
BUILD = ("build", "2017")
# A hook by which a run counts its steps on the files of a project, and kills itself before one: a
# file that is opened for writing, synced, renamed or removed, a folder that is made or removed, or
# two folders that change places.
COUNT, AT, WHERE = "STEPS_COUNTED", "STEPS_AT", "STEPS_IN"
KILL = f"""\
import atexit, os, signal, sys
root, at, counted = os.environ["{WHERE}"], int(os.environ["{AT}"]), os.environ["{COUNT}"]
steps = []
FOLDERS = ("os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.chmod", "os.truncate")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT

def step(what):
    steps.append(what)
    if len(steps) == at:
        os.kill(os.getpid(), signal.SIGKILL)

def hook(event, given):
    if event == "ctypes.dlsym" and given[1] == "renameat2":
        step("exchange")
    elif event in FOLDERS or (event == "open" and given[2] and given[2] & WRITES):
        path = given[0]
        if isinstance(path, (str, bytes, os.PathLike)):
            whole = os.path.abspath(os.fsdecode(path))
            if whole.startswith(root + os.sep):
                step(f"{{event}} {{whole[len(root) + 1:]}}")

def fsync(descriptor, really=os.fsync):
    step("fsync")
    really(descriptor)

def tell():
    with open(counted, "w", encoding="utf-8") as file:
        file.write("\\n".join(steps))

# What the program starts is no run of its own.
if "helpline_report.cli" in " ".join(sys.orig_argv):
    sys.addaudithook(hook)
    os.fsync = fsync
    atexit.register(tell)
"""


@dataclass(frozen=True)
class Clean:
    """What the build leaves that nothing befalls, and the steps it takes."""

    old: dict[str, str]
    new: dict[str, str]
    state: dict[str, dict[str, str]]
    steps: tuple[str, ...]


def killed(root: Path, at: int) -> Ended:
    """A build in a project that is killed at a step; none is 0."""
    counted = root.with_name("steps")
    more = {WHERE: str(root), AT: str(at), COUNT: str(counted)}
    return run(root, *BUILD, env=environment(root, KILL, **more))


@pytest.fixture(scope="module")
def clean(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """The build that goes through."""
    root = shutil.copytree(built, tmp_path_factory.mktemp("clean") / "project")
    old = fingerprint(root / "output")
    retitle(root)
    ended = killed(root, 0)
    assert ended.returncode == 0, ended.stderr
    steps = root.with_name("steps").read_text(encoding="utf-8").splitlines()
    return Clean(old, fingerprint(root / "output"), state(root), tuple(steps))


@pytest.fixture
def kill_at(built: Path, clean: Clean, tmp_path: Path) -> Callable[[int], Hashes]:
    """Kill a build at a step, return the edition that stands, and run it again to its end."""

    def look(at: int) -> Hashes:
        root = shutil.copytree(built, tmp_path / f"at-{at}" / "project")
        retitle(root)
        step = f"{at}: {clean.steps[at - 1]}"
        assert killed(root, at).returncode == -signal.SIGKILL, step
        # What was being made lies beside, out of sight, until the next run.
        for room in (root / "output").glob(".*"):
            assert stat.S_IMODE(room.stat().st_mode) == 0o700, step
        stands = {n: h for n, h in fingerprint(root / "output").items() if n[:1] != "."}
        again = run(root, *BUILD)
        assert again.returncode == 0, f"{step}\n{again.stderr}"
        assert state(root) == clean.state, step
        assert [path.name for path in (root / "output").iterdir()] == ["2017"], step
        assert not [*root.glob(".helpline/**/*.part"), *root.glob(".helpline/**/*.aside")], step
        shutil.rmtree(root)
        return stands

    return look


def test_the_steps_are_counted(clean: Clean) -> None:
    """Among them each file of the edition, its sync, the exchange, and what is kept of the old."""
    opened = {step for step in clean.steps if step.startswith("open output/.2017/")}
    assert len({step for step in opened if not step.endswith(".part")}) == len(clean.new)
    assert clean.steps.count("exchange") == 1
    assert clean.steps.count("fsync") > len(clean.new)


def test_a_kill_at_the_exchange(kill_at: Callable[[int], Hashes], clean: Clean) -> None:
    """The old edition stands, whole."""
    assert kill_at(clean.steps.index("exchange") + 1) == clean.old


@pytest.mark.long
def test_a_kill_after_the_exchange(kill_at: Callable[[int], Hashes], clean: Clean) -> None:
    """The new edition stands, whole."""
    assert kill_at(clean.steps.index("exchange") + 2) == clean.new


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_a_kill_at_every_step(part: int, kill_at: Callable[[int], Hashes], clean: Clean) -> None:
    """So it is wherever the run ends."""
    for at in range(1 + part, len(clean.steps) + 1, 8):
        assert kill_at(at) in (clean.old, clean.new), f"{at}: {clean.steps[at - 1]}"
