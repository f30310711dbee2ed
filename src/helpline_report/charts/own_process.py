"""The process in which functions of a project's own draw: it reads frames and writes drawings.

It is given a pickle on its standard input: sources by module, jobs, and seconds a job. It writes a
line of JSON a job. Nothing that a function prints or raises is passed on but the class of an error
and the line where it was raised.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import random
import signal
import sys
import sysconfig
import traceback
from collections.abc import Mapping
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from helpline_report.charts.drawing import NothingDrawn, paint_own
from helpline_report.charts.own_functions import Job

# What a function may not do, by the beginnings of the events that Python tells of.
REFUSED = {
    "opens a connection": ("socket.", "urllib."),
    "starts a process": (
        *("subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    ),
    "calls foreign code": ("ctypes.",),
    "opens a file": ("sqlite3.connect",),
    "changes files": (
        *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink"),
        *("os.truncate", "os.chmod", "shutil."),
    ),
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Refused(PermissionError):
    """A function does what it may not; the message is one of `REFUSED`."""


class Sources(MetaPathFinder, InspectLoader):
    """Imports the modules of a project from their sources, and not from its folder."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def find_spec(self, fullname: str, *_: Any) -> ModuleSpec | None:
        """A module of the project."""
        if fullname not in self.sources:
            return None
        return spec_from_loader(fullname, self, origin=f"{fullname}.py")

    def get_source(self, fullname: str) -> str:
        """What stands in it."""
        return self.sources[fullname]

    def exec_module(self, module: ModuleType) -> None:
        """Run it under its own name, by which errors are placed."""
        code = compile(self.sources[module.__name__], f"{module.__name__}.py", "exec")
        exec(code, module.__dict__)  # noqa: S102 - the project's own module


def guard(fonts: set[Path]) -> None:
    """From now on open nothing but what Python and the fonts need, for reading.

    The environment, which says whose machine this is, is empty.
    """
    os.environ.clear()
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = [Path(sysconfig.get_path(name)).resolve() for name in names]
    folders += [Path(__file__).resolve().parents[1], *(font.resolve().parent for font in fonts)]

    def outside(path: Any) -> bool:
        place = Path(os.path.realpath(os.fsdecode(path or ".")))
        return not any(map(place.is_relative_to, folders))

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and not isinstance(arguments[0], int):
            path, _, flags = arguments
            if (flags or 0) & WRITING or outside(path):
                raise Refused("opens a file")
        if event in ("os.listdir", "os.scandir") and outside(arguments[0]):
            raise Refused("looks into a folder")
        for what, beginnings in REFUSED.items():
            if event.startswith(beginnings):
                raise Refused(what)

    sys.addaudithook(refuse)


def draw_job(job: Job, sources: Mapping[str, str]) -> dict[str, Any]:
    """The drawing of a job, or what went wrong: nothing of it is a value of the frame."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - what functions draw from that know no generator
    module, _, name = job.function.partition(".")
    answer: dict[str, Any] = {"module": module, "line": 0, "what": "", "next_step": ""}
    try:
        function = getattr(importlib.import_module(module), name, None)
        if not callable(function):
            return answer | {"error": "Missing"}
        svg, height = paint_own(job.chart, function, job.frame, job.theme)
    except NothingDrawn as error:
        return answer | {"error": "NothingDrawn", "what": error.what, "next_step": error.next_step}
    except Exception as error:  # noqa: BLE001 - whatever a function raises is its own
        for frame, line in traceback.walk_tb(error.__traceback__):
            if (place := frame.f_code.co_filename.removesuffix(".py")) in sources:
                answer |= {"module": place, "line": line}
        what = str(error) if isinstance(error, Refused) else ""
        return answer | {"error": type(error).__name__, "what": what}
    return {"svg": svg, "height": height}


def main() -> None:
    """Draw what stands on the standard input."""
    sources, jobs, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that began this one
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        # What functions print is nobody's answer.
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.meta_path.insert(0, Sources(sources))
        guard({file for job in jobs for file in (job.theme.font.regular, job.theme.font.semibold)})
        for job in jobs:
            signal.alarm(seconds)
            print(json.dumps(draw_job(job, sources)), file=answers, flush=True)


if __name__ == "__main__":
    main()
