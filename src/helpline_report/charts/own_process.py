"""The process in which functions of a project's own draw: it reads a frame and writes drawings.

It is given a pickle on its standard input: the folder of the modules, the chart and its function,
the frame and the themes. It writes JSON. Nothing that a function prints or raises is passed on but
the class of an error and the line where it was raised.
"""

import importlib
import json
import os
import pickle
import random
import sys
import sysconfig
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpline_report.charts.drawing import paint_own
from helpline_report.charts.own_functions import FROM_FRAME, READERS
from helpline_report.charts.style import Theme
from helpline_report.errors import ChapterError

# What a function may not do, by the beginnings of the names of Python's audit events.
REFUSED = (
    *("socket.", "urllib.", "ctypes.", "sqlite3.connect", "shutil."),
    *("subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink"),
    *("os.truncate", "os.chmod"),
)
# Libraries of drawings import ctypes and sqlite3: these are refused in the source of modules only.
REFUSED_IMPORTS = {*READERS} - {"ctypes", "sqlite3"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Refused(PermissionError):
    """A function does what it may not; the message is the name of the audit event."""


def guard(*readable: Path) -> None:
    """From now on open nothing but what Python needs and what is `readable`, and only to read it.

    The environment, which says whose machine this is, is empty.
    """
    os.environ.clear()
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    python = [Path(sysconfig.get_path(name)) for name in names]
    folders = [path.resolve() for path in (*python, Path(__file__).parents[1], *readable)]

    def is_outside(path: Any) -> bool:
        place = Path(os.path.realpath(os.fsdecode(path or ".")))
        return not any(map(place.is_relative_to, folders))

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and not isinstance(arguments[0], int):
            path, _, flags = arguments
            if (flags or 0) & WRITING or is_outside(path):
                raise Refused(event)
        if event in ("os.listdir", "os.scandir") and is_outside(arguments[0]):
            raise Refused(event)
        if event == "import" and arguments[0].partition(".")[0] in REFUSED_IMPORTS:
            raise ModuleNotFoundError
        if event.startswith(REFUSED):
            raise Refused(event)

    sys.addaudithook(refuse)


def draw(
    folder: Path, chart: str, function: str, frame: pd.DataFrame, themes: list[Theme]
) -> dict[str, Any]:
    """The drawings of a chart, or what went wrong, without any value of the frame."""
    module, _, name = function.partition(".")
    about, where, drawings = f"the chart '{chart}': {function}", f"{module}.py", []
    try:
        for theme in themes:
            random.seed(0)
            np.random.seed(0)  # noqa: NPY002 - for functions that use numpy's global generator
            draws = getattr(importlib.import_module(module), name, None)
            if not callable(draws):
                step = "define it, or name another"
                return {"what": f"{about} isn't there", "where": where, "next_step": step}
            drawings.append(paint_own(chart, draws, frame, theme))
    except Exception as error:  # noqa: BLE001 - whatever a function raises is its own
        for place, line in traceback.walk_tb(error.__traceback__):
            file = Path(place.f_code.co_filename)
            where = f"{file.name}:{line}" if file.parent == folder else where
        what = f"{about} fails ({type(error).__name__})"
        step = "show the chart in the notebook: there the whole error stands"
        if isinstance(error, ChapterError):
            what, step = error.what, error.next_step
        elif isinstance(error, Refused):
            what, step = f"{about} may not do this: {error}", FROM_FRAME
        elif isinstance(error, (KeyError, ValueError)):
            step += f"; its frame has the columns {', '.join(frame.columns)}"
        return {"what": what, "where": where, "next_step": step}
    return {"drawings": drawings}


def main() -> None:
    """Draw what stands on the standard input."""
    folder, chart, function, frame, themes = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that began this one
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        # What functions print must not mix with the answer.
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.path.insert(0, folder)
        guard(Path(folder), *(face.file.parent for theme in themes for face in theme.fonts))
        json.dump(draw(Path(folder), chart, function, frame, themes), answers)


if __name__ == "__main__":
    main()
