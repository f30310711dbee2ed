"""`make bench`: measures in turns, prints the table, and keeps it in docs/performance.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from bench import designs, results
from bench.cases import CASES, MODULES, ROOT, copy_project
from bench.growth import MILLIONS, SIZES, grow
from bench.machine import machine, today
from bench.page import PAGE, page, tables
from bench.picture import FILE as PICTURE
from bench.picture import picture
from bench.results import FLOOR, Results, Taken, Together
from bench.watched import Failed, watch
from helpline_report import __version__

PARTS = ("program", "designs", "growth", "millions", "page")


def arguments() -> argparse.Namespace:
    """What is measured, and how often."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        default=["program"],
        metavar="PART",
        help=f"{', '.join(PARTS)}: what is measured again (program); `page` measures nothing",
    )
    parser.add_argument("--runs", type=int, default=5, help="how often each case runs (5)")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="where it is done")
    asked = parser.parse_args()
    unknown = sorted({*asked.parts} - {*PARTS})
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}: {', '.join(PARTS)}")
    return asked


def main() -> None:
    """Measure the parts that are asked for; the others stay as they were measured last."""
    asked = arguments()
    work: Path = asked.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    found = results.load()
    if "program" in asked.parts:
        measured = {"program": in_turns(work, asked.runs), "stages": stages(work)}
        found = results.with_release(found.model_copy(update=measured), __version__)
    if "designs" in asked.parts:
        found = found.model_copy(update={"designs": compared(work, asked.runs)})
    sizes: tuple[int, ...] = SIZES if "growth" in asked.parts else ()
    sizes += (MILLIONS,) if "millions" in asked.parts else ()
    for size in sizes:
        say(f"{size:,} contacts")
        found = results.with_growth(found, size, grow(size, work))
    results.save(found)
    write(results.load())


def in_turns(work: Path, runs: int) -> Together:
    """Every case of the program and the floor, one after another, `runs` times.

    A turn before them isn't counted: it compiles Python's modules and fills the system's cache.
    """
    on, described = today(), machine()
    project = copy_project(work / "project")
    taken: dict[str, list[Taken]] = defaultdict(list)
    for turn in range(runs + 1):
        say(f"turn {turn} of {runs}")
        for case in CASES:
            case.before(project, turn)
            got = watch(case.command, project, code=case.code, environment=MODULES)
            taken[case.name] += [got] if turn else []
    return Together(on=on, machine=described, cases={k: tuple(v) for k, v in taken.items()})


def stages(work: Path) -> dict[str, float]:
    """Where the time of a whole build goes, in seconds: one build, in a process of its own."""
    say("stages")
    done = subprocess.run(
        [sys.executable, "-m", "bench.stages", str(work / "project")],
        env={**os.environ, **MODULES},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def compared(work: Path, runs: int) -> Together:
    """The floor and the other designs, in turns; one that can't be run is left out, with why."""
    on, described = today(), machine()
    project = copy_project(work / "project")
    taken: dict[str, list[Taken]] = defaultdict(list)
    skipped: dict[str, str] = {}
    for turn in range(runs + 1):
        say(f"designs, turn {turn} of {runs}")
        got = {FLOOR: watch(CASES[0].command, project, environment=MODULES)}
        for design in designs.DESIGNS:
            if design.name in skipped:
                continue
            try:
                got[design.name] = designs.run(design, work, project / "data")
            except (Failed, OSError) as error:
                say(f"skipped {design.says}: {error}")
                skipped[design.name] = "it couldn't be installed or run here"
        for name, each in got.items():
            taken[name] += [each] if turn else []
    cases = {name: tuple(each) for name, each in taken.items() if each}
    return Together(on=on, machine=described, cases=cases, skipped=skipped)


def write(found: Results) -> None:
    """Write the page and the picture, and print the tables."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    PICTURE.write_text(picture(found), encoding="utf-8")
    for name, table in tables(found).items():
        sys.stdout.write(f"\n{name}\n\n{table}\n")


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
