"""`make bench`: measure in turns, and write the table of docs/performance.md.

The parts are `program` (the floor, and what a researcher does) and `growth` (years of 5,000 to
5 million contacts).
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
WORK = ROOT / ".bench"
TURNS = 3
PROGRAM = Path(sys.executable).with_name("helpline-report")
BUILD = (PROGRAM, "build", "2017")
SIZES = (5_000, 50_000, 5_000_000)


@dataclass
class Case:
    """What is measured: wall clock and CPU in seconds, peak memory in bytes, a run each."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def row(self) -> str:
        """A row of the table: medians, and the least and the most wall clock."""
        low, high = min(self.wall), max(self.wall)
        cpu, memory = statistics.median(self.cpu), max(self.memory) / 2**20
        middle = statistics.median(self.wall)
        return (
            f"| {self.name} | {middle:.2f} | {low:.2f} – {high:.2f} | {cpu:.2f} | {memory:,.0f} |"
        )


def run(case: Case, command: Sequence[str | Path], folder: Path) -> None:
    """Run a command to its end, which has to be a good one, and add what it took to a case."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    start = time.perf_counter()
    with (folder / "bench.log").open("w") as log:
        process = psutil.Popen(
            list(map(str, command)), cwd=folder, env=environment, stdout=log, stderr=log
        )
        peak, done = [0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process, peak, done))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
    case.wall.append(time.perf_counter() - start)
    done.set()
    watcher.join()
    case.cpu.append(usage.ru_utime + usage.ru_stime)
    case.memory.append(peak[0])
    if status:
        sys.exit(f"{case.name}: {(folder / 'bench.log').read_text()[-2000:]}")


def _watch(process: psutil.Process, peak: list[int], done: threading.Event) -> None:
    """Note the most memory of a tree of processes; what they share counts once."""
    while not done.wait(0.1):
        with suppress(psutil.Error):
            tree = (process, *process.children(recursive=True))
            peak[0] = max(peak[0], sum(each.memory_full_info().pss for each in tree))


def copy_project(name: str) -> Path:
    """A project of its own, without anything that was made before."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("params", "notebooks", "data"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("raw"))
    return folder


def change(file: Path, pattern: str, text: str) -> None:
    """Put a text in the place of the first match of a pattern."""
    file.write_text(
        re.sub(pattern, text, file.read_text(encoding="utf-8"), count=1), encoding="utf-8"
    )


def measure_program() -> list[Case]:
    """The floor, and what a researcher does in an afternoon, in turns."""
    project = copy_project("program")
    names = ("the floor", "the whole edition, cold", "nothing changed", "a sentence changed")
    cases = [Case(name) for name in (*names, "a parameter changed", "`--help`")]
    (project / "floor").mkdir()
    for turn in range(TURNS + 1):
        sys.stderr.write(f"program, turn {turn} of {TURNS}\n")
        for folder in (".helpline", "output"):
            shutil.rmtree(project / folder, ignore_errors=True)
        run(cases[0], (sys.executable, "-m", "bench.floor", "data", "floor"), project)
        run(cases[1], BUILD, project)
        run(cases[2], BUILD, project)
        change(
            project / "params/2017/nl/contacts.md", r"\Z", f"\nZin van de meting {'x' * turn}.\n"
        )
        run(cases[3], BUILD, project)
        change(project / "params/2017.yaml", r"around_days: \d+", f"around_days: {20 + turn}")
        run(cases[4], BUILD, project)
        run(cases[5], (PROGRAM, "--help"), project)
        if turn == 0:  # it compiles modules and fills the cache of the file system
            cases = [Case(case.name) for case in cases]
    return cases


def measure_growth() -> list[Case]:
    """A year of ever more contacts, from exports to edition."""
    cases = []
    for size in SIZES:
        sys.stderr.write(f"{size:,} contacts\n")
        project = copy_project("growth")
        # A larger sample repeats the rows of the printed year, rare ones within one month too.
        with (project / "params" / "2017.yaml").open("a", encoding="utf-8") as file:
            file.write(
                "acknowledged: [{fault: silent_code, reason: {nl: herhaald, en: repeated}}]\n"
            )
        subprocess.run(
            (PROGRAM, "sample", "2017", "--contacts", str(size)), cwd=project, check=True
        )
        case = Case(f"{size:,} contacts, cold")
        run(case, BUILD, project)
        cases.append(case)
    shutil.rmtree(WORK / "growth", ignore_errors=True)
    return cases


PARTS: dict[str, Callable[[], list[Case]]] = {
    "program": measure_program,
    "growth": measure_growth,
}


def main() -> None:
    """Measure the parts that the command names, the program unless it names any."""
    parts = sys.argv[1:] or ["program"]
    if unknown := sorted({*parts} - {*PARTS}):
        sys.exit(f"there is no part {', '.join(unknown)}: {', '.join(PARTS)}")
    WORK.mkdir(exist_ok=True)
    for part in parts:
        rows = [case.row() for case in PARTS[part]()]
        head = "| | seconds | least – most | CPU s | memory, MiB |\n| --- | --- | --- | --- | --- |"
        table = "\n".join((head, *rows))
        sys.stdout.write(f"{table}\n")
        change(PAGE, rf"(?s)(<!-- {part} -->\n).*?(\n<!-- end -->)", rf"\1\n{table}\n\2")


if __name__ == "__main__":
    main()
