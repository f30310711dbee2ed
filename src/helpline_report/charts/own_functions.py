"""Draw charts by functions of the project's own (`notebooks/plots.py`), in a guarded process.

That process is given a tidy frame of released numbers and the source of the functions, and has no
rows. It opens no file but those of Python's environment and the fonts, no connection and no other
process, and knows no variable of the environment; a chart has five minutes. This guards against
mistakes. It is no sandbox: whoever writes a function can get around it, and whoever publishes reads
what is drawn.
"""

from __future__ import annotations

import ast
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from helpline_report.charts.style import Theme
from helpline_report.errors import ChapterError, MachineError
from helpline_report.figures.model import Chart
from helpline_report.parameters.yaml import make_error

if TYPE_CHECKING:  # what reads sources alone loads no frames
    import pandas as pd

FOLDER = "notebooks"
# What a function of the project's own may take to draw one chart in each size, in seconds. A busy
# machine takes more than one minute to import what draws.
SECONDS = 300
FROM_FRAME = "draw from the frame alone: what a chart shows is counted in a chapter"
# Libraries that open files without an audit event of Python. There is no event either for the
# import of one that pandas has loaded already.
READERS = ("ctypes", "duckdb", "polars", "pyarrow", "python_calamine", "sqlite3")


def read_sources(folder: Path, functions: Iterable[str]) -> dict[str, str]:
    """The source of the modules of functions, and of those beside them that they import.

    Empty names are passed over: charts of a kind have no function of their own.

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
            what = "this module draws a chart, and isn't there"
            step = "put the function there, and import it in the notebook"
            raise ChapterError(what, where=where, next_step=step) from None
        except (SyntaxError, ValueError) as error:
            line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            what = "this module draws a chart, and isn't Python"
            raise ChapterError(what, where=where + line) from None
        for node in ast.walk(tree):
            imported = [item.name for item in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported = [node.module]
            for name in (module_name.partition(".")[0] for module_name in imported):
                if name in READERS:
                    what = f"this module draws a chart, and imports {name}, which reads files"
                    line = f":{getattr(node, 'lineno', 1)}"
                    raise ChapterError(what, where=where + line, next_step=FROM_FRAME)
                if name not in waiting and (folder / f"{name}.py").is_file():
                    waiting.append(name)
    return sources


def draw_apart(
    chart: Chart, frame: pd.DataFrame, themes: Sequence[Theme], sources: Mapping[str, str]
) -> list[tuple[str, float]]:
    """What matplotlib writes of a chart in each theme, and its height in pixels, by one process.

    Raises:
        ChapterError: the function isn't there, fails, does what it may not, or takes too long.
        MachineError: the process can't be started, or ended.
    """
    command = [sys.executable, "-B", "-P", "-s", "-m", "helpline_report.charts.own_process"]
    try:
        with TemporaryDirectory() as folder:
            for module, source in sources.items():
                (Path(folder) / f"{module}.py").write_text(source, encoding="utf-8")
            process = subprocess.run(  # noqa: S603 - this Python, and a module of this program
                command,
                input=pickle.dumps((folder, chart.id, chart.function, frame, themes)),
                capture_output=True,
                timeout=SECONDS,
                # Sets of the function's own have one order too.
                env=os.environ | {"PYTHONHASHSEED": "0"},
                # The working folder is nobody's project.
                cwd=Path(sys.executable).anchor,
                check=False,
            )
    except OSError as error:
        raise MachineError(f"no process for drawings ({type(error).__name__})") from None
    except subprocess.TimeoutExpired:
        place = f"{FOLDER}/{chart.function.partition('.')[0]}.py"
        about = {"chart": chart.id, "function": chart.function, "seconds": SECONDS}
        raise make_error(ChapterError, "slow_chart", place, rows=len(frame), **about) from None
    if process.returncode or not process.stdout:
        about = {"chart": chart.id, "function": chart.function}
        raise make_error(MachineError, "drawing_ended", **about)
    answer = json.loads(process.stdout)
    if "what" in answer:
        where = f"{FOLDER}/{answer['where']}"
        raise ChapterError(answer["what"], where=where, next_step=answer["next_step"])
    return [(svg, height) for svg, height in answer["drawings"]]
