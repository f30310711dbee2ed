"""Draw charts by functions of the project's own (`notebooks/plots.py`), in a guarded process.

That process is given tidy frames of released numbers and the source of the functions, and has no
rows. It opens no file but those of Python's environment and the fonts, no connection and no other
process, and knows no variable of the environment; a drawing has a minute. This guards against
mistakes. It is no sandbox: whoever writes a function can get around it, and whoever publishes reads
what is drawn.
"""

from __future__ import annotations

import ast
import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpline_report.charts.style import Theme
from helpline_report.errors import ChapterError, MachineError

if TYPE_CHECKING:  # what reads sources alone loads no frames
    import pandas as pd

FOLDER = "notebooks"
# What a function of the project's own may take to draw one chart once, in seconds.
SECONDS = 60
FROM_FRAME = "draw from the frame alone: what a chart shows is counted in a chapter"
# Libraries that open files themselves: no guard of Python's sees it.
READERS = ("ctypes", "duckdb", "polars", "pyarrow", "python_calamine", "sqlite3")


@dataclass(frozen=True)
class Job:
    """A chart to draw: its id, the function (`plots.lines`), its frame and its size."""

    chart: str
    function: str
    frame: pd.DataFrame
    theme: Theme


def read_sources(folder: Path, functions: Iterable[str]) -> dict[str, str]:
    """The source of the modules of functions, and of those beside them that they import.

    A function without a name is none: that of a chart by a kind.

    Raises:
        ChapterError: a module isn't there, isn't Python, or imports what reads files.
    """
    sources: dict[str, str] = {}
    waiting = list(dict.fromkeys(name.partition(".")[0] for name in functions if name))
    for module in waiting:
        where = f"{FOLDER}/{module}.py"
        try:
            sources[module] = (folder / f"{module}.py").read_text(encoding="utf-8")
            tree = ast.parse(sources[module])
        except OSError:
            raise ChapterError(
                "this module draws a chart, and isn't there",
                where=where,
                next_step="put the function there, and import it in the notebook",
            ) from None
        except (SyntaxError, ValueError) as error:
            line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            what = "this module draws a chart, and isn't Python"
            raise ChapterError(what, where=where + line) from None
        for node in ast.walk(tree):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in (each.partition(".")[0] for each in names):
                if name in READERS:
                    what = f"this module draws a chart, and imports {name}, which reads files"
                    line = f":{getattr(node, 'lineno', 1)}"
                    raise ChapterError(what, where=where + line, next_step=FROM_FRAME)
                if name not in waiting and (folder / f"{name}.py").is_file():
                    waiting.append(name)
    return sources


def draw_jobs(jobs: Sequence[Job], sources: Mapping[str, str]) -> list[tuple[str, float]]:
    """What matplotlib wrote of each job, and its height in pixels; all in one process.

    Raises:
        ChapterError: a function isn't there, fails, does what it may not, or takes too long.
        MachineError: the process can't be started, or ended.
    """
    # The colours stay here: a drawing has the names of colours, and the style sheet what they mean.
    plain = [replace(job, theme=replace(job.theme, colours={})) for job in jobs]
    command = [sys.executable, "-P", "-s", "-m", "helpline_report.charts.own_process"]
    try:
        process = subprocess.run(  # noqa: S603 - this Python, and a module of this program
            command,
            input=pickle.dumps((dict(sources), plain, SECONDS)),
            capture_output=True,
            # Sets of the function's own have one order too.
            env=os.environ | {"PYTHONHASHSEED": "0"},
            # The working folder is nobody's project.
            cwd=Path(sys.executable).anchor,
            check=False,
        )
    except OSError as error:
        raise MachineError(f"no process for drawings ({type(error).__name__})") from None
    answers = [json.loads(line) for line in process.stdout.splitlines()]
    for job, answer in zip(jobs, answers, strict=False):
        if "error" in answer:
            raise _complaint(job, answer)
    if len(answers) == len(jobs):
        return [(answer["svg"], answer["height"]) for answer in answers]
    job = jobs[len(answers)]
    if process.returncode == -signal.SIGALRM:
        raise ChapterError(
            f"the chart '{job.chart}' isn't drawn after {SECONDS} seconds",
            where=f"{FOLDER}/{job.function.partition('.')[0]}.py",
            next_step=f"let {job.function} do less: its frame has {len(job.frame)} rows",
        )
    raise MachineError(
        f"the process that draws '{job.chart}' by {job.function} ended",
        next_step="run again; if it ends again, draw the chart in the notebook and see why",
    )


def _complaint(job: Job, answer: Mapping[str, Any]) -> ChapterError:
    """What a function did wrong: where, and the class of its error, but no value."""
    error, about = answer["error"], f"the chart '{job.chart}': {job.function}"
    columns = f"; its frame has the columns {', '.join(job.frame.columns)}"
    notebook = "show the chart in the notebook: there the whole error is told"
    what, next_step = {
        "Refused": (f"{about} {answer['what']}", FROM_FRAME),
        "NothingDrawn": (answer["what"], answer["next_step"]),
        "Missing": (f"{about} isn't there", "define it, or name another"),
    }.get(
        error,
        (
            f"{about} fails ({error})",
            notebook + (columns if error in ("KeyError", "ValueError") else ""),
        ),
    )
    line = f":{answer['line']}" if answer["line"] else ""
    return ChapterError(what, where=f"{FOLDER}/{answer['module']}.py{line}", next_step=next_step)
