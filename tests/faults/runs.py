"""Runs of the program that something befalls, and what is looked at after each."""

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from tests.conftest import run_program
from tests.report.small_projects import fingerprint

# Of the two kinds of kernels that chapters may run in, what lets them run in the second.
PLAIN_KERNELS = """\
from helpline_report.run import kernels
kernels.can_fork = lambda: False
"""
KERNELS: Mapping[str, str] = {"forked": "", "plain": PLAIN_KERNELS}
MARK = "HELPLINE_FAULT"
# Seconds after which a process that goes on will not end; an idle machine needs one.
ENDS_BY_ITSELF = 120

Ended = subprocess.CompletedProcess[str]


def environment(root: Path, hook: str = "", **more: str) -> dict[str, str]:
    """The variables of a run, which marks what it starts; `hook` is run before the program is."""
    variables = {**os.environ, MARK: str(root), **more}
    # Under pytest, by this variable, ipykernel doesn't hear what other programs print.
    variables.pop("PYTEST_CURRENT_TEST", None)
    if hook:
        folder = root.with_name(f"{root.name}-hook")
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(hook, encoding="utf-8")
        own = os.environ.get("PYTHONPATH")
        variables["PYTHONPATH"] = os.pathsep.join([str(folder), *([own] if own else [])])
    return variables


def run(root: Path, *arguments: str, hook: str = "", **settings: Any) -> Ended:
    return run_program(root, *arguments, **{"env": environment(root, hook), **settings})


def state(root: Path) -> dict[str, dict[str, str]]:
    """All that a run leaves, but for the tables, locks and stamps that are only there for speed."""
    private = root / ".helpline"
    names = ("steps/release", "executed", "replaced")
    folders = {name: private / name for name in names}
    return {
        name: fingerprint(folder) for name, folder in {**folders, "out": root / "output"}.items()
    }


def left_running(root: Path) -> list[str]:
    """Processes that runs in a project have started and that don't end, however long one waits."""
    end = time.monotonic() + ENDS_BY_ITSELF
    while (running := _marked(root)) and time.monotonic() < end:
        time.sleep(0.1)
    return running


def _marked(root: Path) -> list[str]:
    variables = []
    for process in psutil.process_iter():
        try:
            mine = process.environ().get(MARK) == str(root)
            if mine and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                variables.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return variables
