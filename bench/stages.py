"""Where the time of a whole build goes: the functions of each stage are timed, from outside.

Run as a program in a process of its own: `python -m bench.stages PROJECT` prints seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

PACKAGE = "helpline_report"
IMPORTS, REST = "imports", "the rest"
# What is timed, and the stage that its time is told under; what it calls of this list is its own.
# Of what goes on beside (chapters, the second count, Typst) it is how long the build waits for it.
STAGES = {
    "prepared.check_parameters": "parameters and texts",
    "pipeline.open_register": "reading the exports",
    "edition.run.run_chapters": "chapters",
    "processes.beside._result": "second count",
    "figures.soundness.held": "checks",
    "figures.disclosure.release": "checks",
    "charts.draw.draw": "charts",
    "charts.trend.draw_trend": "charts",
    "edition.single_charts.single_charts": "charts",
    "edition.page.page": "pages",
    "edition.pdf.source": "PDF",
    "edition.publish.Published.wait": "PDF",
    "edition.data_folder.data_folder": "data",
    "audit.pages.write_audit": "audit",
    "audit.crate.write_crate": "audit",
    "audit.manifest.write_manifest": "audit",
}


class Clock:
    """Seconds by stage; of nested stages, the inner one's are taken from the outer one's."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose time is added to its stage."""

        def run(*arguments: object, **named: object) -> object:
            if current_thread() is not main_thread():
                return function(*arguments, **named)
            began = time.perf_counter()
            self._inner.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                took = time.perf_counter() - began
                self.seconds[stage] += took - self._inner.pop()
                self._inner[-1] += took

        return run


def found(place: str) -> tuple[Any, str]:
    """The module or class that has a function, and its name there."""
    owner, _, name = place.rpartition(".")
    module, _, inner = owner.rpartition(".")
    if inner[0].isupper():
        return getattr(import_module(f"{PACKAGE}.{module}"), inner), name
    return import_module(f"{PACKAGE}.{owner}"), name


def hook(clock: Clock) -> None:
    """Put the clock around each function of a stage, in every module that has it by its name."""
    for place, stage in STAGES.items():
        owner, name = found(place)
        function = getattr(owner, name)
        timed = clock.timed(stage, function)
        setattr(owner, name, timed)
        for loaded in [m for n, m in sys.modules.items() if n.startswith(PACKAGE)]:
            if getattr(loaded, name, None) is function:
                setattr(loaded, name, timed)


def main(project: Path) -> dict[str, float]:
    """Build the edition of 2017, every chapter; seconds by stage, in the order of the work."""
    began = time.perf_counter()
    pipeline = import_module(f"{PACKAGE}.pipeline")
    found = import_module(f"{PACKAGE}.params.project").Project(project.resolve())
    clock = Clock()
    clock.seconds[IMPORTS] = time.perf_counter() - began
    hook(clock)
    began = time.perf_counter()
    pipeline.build(found, "2017", again=True)
    timed = sum(clock.seconds.values()) - clock.seconds[IMPORTS]
    clock.seconds[REST] = time.perf_counter() - began - timed
    order = dict.fromkeys([IMPORTS, *STAGES.values(), REST])
    return {stage: clock.seconds[stage] for stage in order}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
