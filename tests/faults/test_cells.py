"""What a cell can do to a build."""

from pathlib import Path

import pytest

from tests.faults.runs import KERNELS, run
from tests.report.small_projects import bare

pytestmark = pytest.mark.slow

# Limits that a test has the patience for; the time is short for those cells that use it up.
LIMITS = """\
from helpline_report.run import supervision
supervision.CELL_SECONDS = {}
supervision.FLOOD = 100_000
supervision.most_memory = lambda: 1_500_000_000
"""
FLOOD = "import itertools\n[print('a row' * 1000) for _ in itertools.count()]"
THREAD = "import threading\nthreading.Thread(target=int, args=['a row']).start()"
CELLS = {
    "a killed kernel": ("import os\nos.kill(os.getpid(), 9)", 1, "died"),
    "a kernel that is gone": ("import os\nos._exit(0)", 1, "died"),
    "a hung cell": ("import time\ntime.sleep(300)", 1, "ran longer than 2 s"),
    "a busy cell": ("[0 for _ in iter(int, 1)]", 1, "ran longer than 2 s"),
    "a flood of output": (FLOOD, 2, "the cell prints and shows without end"),
    "the memory limit": ("[bytearray(1 << 28) for _ in range(60)]", 1, "too little memory"),
    "exit()": ("exit()", 2, "line 1 reaches for its kernel (exit)"),
    "sys.exit()": ("import sys\nsys.exit(0)", 2, "the cell ends the chapter (SystemExit)"),
    "a failing thread": (THREAD, 2, "a thread of the chapter raises ValueError"),
    "a failing command": ("!ls /no/such/folder", 2, "shell commands can't be traced"),
}


# One of each kind in the ordinary tests, the others in `make test-long`.
ORDINARY = ("a killed kernel", "sys.exit()")
# What ends the kernel of a chapter is tried with plain ones too.
ENDED = (
    "a killed kernel",
    "a kernel that is gone",
    "a hung cell",
    "a flood of output",
    "the memory limit",
)
PLAIN = [pytest.param(name, "plain", marks=pytest.mark.long) for name in ENDED]
FORKED = [
    pytest.param(name, "forked", marks=() if name in ORDINARY else pytest.mark.long)
    for name in CELLS
]
TRIED = [*FORKED, *PLAIN]


@pytest.mark.parametrize(("name", "kind"), TRIED)
def test_a_cell(name: str, kind: str, root: Path) -> None:
    """It ends the build by its kind, told with chapter, cell and what to do; nothing is left."""
    source, ended, what = CELLS[name]
    bare(root, "1;", source, "2;")
    found = run(
        root,
        "build",
        "2017",
        hook=KERNELS[kind] + LIMITS.format(2 if "ran longer" in what else 100),
    )
    assert found.returncode == ended, found.stderr
    said = found.stderr[found.stderr.index("helpline-report:") :]
    assert said.startswith("helpline-report: notebooks/01_contacts.ipynb, cell 'step-")
    assert what in said
    assert "\n  → " in said
    assert "a row" not in said
    assert "Traceback" not in said
