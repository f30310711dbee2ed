"""Charts by functions of a project's own: guarded, and in the house style."""

import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from helpline_report.charts import drawing, own_process
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.own_functions import read_sources
from helpline_report.charts.style import NARROW, WIDE
from helpline_report.errors import ChapterError, MachineError
from helpline_report.figures.model import Chart
from tests.charts.marks import texts, words_of

Draw = Callable[..., list[Drawing]]


@pytest.fixture
def own(make: Any) -> Draw:
    """Draw twelve months of two years by the function `own` of a source."""
    make.by("m", "month", {f"{month:02d}": 1000 + 7 * month for month in range(1, 13)})
    make.by("then", "month", {f"{month:02d}": 900 + 5 * month for month in range(1, 13)}, 2016)
    chart = Chart(id="c", kind="own", function="plots.own", breakdown="m", against="then")

    def draw(source: str, **others: str) -> list[Drawing]:
        sources = {"plots": dedent(source), **others}
        words = words_of(make.ledger())
        return drawing.draw(chart, words, (WIDE, NARROW), sources)

    return draw


WAYS = """
    import colorsys, importlib, os, random, socket, subprocess, sys
    import numpy as np

    importlib.import_module("sqlite3")

    REMARK = "none"

    def own(df, ax, text="none"):
        ways = {{
            "read": lambda: open({secret!r}),
            "write": lambda: open({secret!r} + "2", "w"),
            "remove": lambda: os.remove({secret!r}),
            "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
            "process": lambda: subprocess.run([sys.executable, "-c", ""]),
            "shell": lambda: os.system("true"),
            "fork": lambda: os.fork(),
            "list": lambda: os.listdir({folder!r}),
            "scan": lambda: list(os.scandir({folder!r})),
            "database": lambda: sys.modules["sqlite3"].connect({secret!r}),
            "reader": lambda: importlib.import_module("duckdb"),
            "python": lambda: open(colorsys.__file__).close(),
        }}
        for place, (name, way) in enumerate(ways.items()):
            try:
                way()
                ax.text(0, place, name + " goes")
            except (PermissionError, ModuleNotFoundError) as error:
                # A library that isn't installed would be named.
                assert getattr(error, "name", None) is None
                ax.text(0, place, name + " refused")
        print("no answer")
        ax.text(0, 0, f"variables: {{len(os.environ)}}, folder: {{os.getcwd()}}, {{REMARK + text}}")
        chance = random.random() + np.random.rand()
        ax.text(0, 1, f"chance {{chance}} " + " ".join({{"aap", "noot", "mies"}}))
        bars = ax.bar(df["short"][:3], df["value"][:3])
        bars[0].set_url("javascript:alert(1)")
        bars[1].set_gid('"/><script>alert(1)</script>')
        ax.text(0, 500, "<script>alert(1)</script>")
        ax.set_title("<foreignObject>")
"""


def test_what_a_function_may_not_do(
    own: Draw, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It opens no file of the project, no connection and no process, and knows no machine.

    A value of a row that a cell of the notebook left in a global, or in an argument's default,
    stays behind. What it draws from chance is the same each time. Links, scripts and foreign
    pictures stay behind; text is text.
    """
    secret = tmp_path / "rows.csv"
    secret.write_text("row", encoding="utf-8")
    monkeypatch.setenv("PLACE_OF_EXPORTS", "kanarie")
    monkeypatch.chdir(tmp_path)
    module = ModuleType("plots")
    vars(module)["REMARK"] = "kanarie"
    monkeypatch.setitem(sys.modules, "plots", module)
    source = dedent(WAYS).format(secret=str(secret), folder=str(tmp_path))
    wide, narrow = own(source)
    written = set(texts(wide.svg))
    assert {text for text in written if text.startswith("chance ")} <= set(texts(narrow.svg))
    assert f"variables: 0, folder: {tmp_path.anchor}, nonenone" in written
    assert {text for text in written if text.endswith(" goes")} == {"python goes"}
    assert len([text for text in written if text.endswith(" refused")]) == 11
    assert secret.read_text(encoding="utf-8") == "row"
    assert "<script>alert(1)</script>" in written
    for active in ("<script", "<foreignObject", "<a ", "href", "javascript", "onload", "kanarie"):
        assert active not in wide.svg + wide.alt


ABOUT = "the chart 'c': plots.own"
OPENS = "from helpline_report.charts.own_process import Refused\n"
OPENS += "def own(df, ax):\n    raise Refused('socket.connect')"
PLT = "import matplotlib.pyplot as plt\ndef own(df, ax):\n    plt.plot([1, 2])"
EMPTY = "the chart 'c' is empty: its function draws nothing on the axes"
ADDS = "from sums import add\ndef own(df, ax):\n    add(df['value'])"
COLUMN = "def own(df, ax):\n    ax.plot(df['maand'])"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (PLT, (EMPTY, "plots.py", "ax=ax")),
        (OPENS, (f"{ABOUT} may not do this: socket.connect", "plots.py:3", "frame alone")),
        (COLUMN, (f"{ABOUT} fails (KeyError)", "plots.py:2", "columns month, label, ")),
        (ADDS, (f"{ABOUT} fails (ValueError)", "sums.py:2", "the whole error")),
        ("def other(df, ax): pass", (f"{ABOUT} isn't there", "plots.py", "define it")),
    ],
)
def test_what_is_wrong_is_told(
    own: Draw, monkeypatch: pytest.MonkeyPatch, source: str, complaint: tuple[str, str, str]
) -> None:
    """In the module where it was raised, by its class and line, and without any value.

    The functions draw in this process: one of their own takes seconds to start.
    """

    def run_here(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        folder, *arguments = pickle.loads(options["input"])  # noqa: S301 - of this test
        monkeypatch.syspath_prepend(folder)
        for module in ("plots", "sums"):
            monkeypatch.delitem(sys.modules, module, raising=False)
        answer = json.dumps(own_process.draw(Path(folder), *arguments)).encode()
        return subprocess.CompletedProcess(command, 0, answer)

    monkeypatch.setattr(subprocess, "run", run_here)
    with pytest.raises(ChapterError) as raised:
        own(source, sums="def add(values):\n    raise ValueError(values.sum())\n")
    what, where, step = complaint
    assert (raised.value.what, raised.value.where) == (what, f"notebooks/{where}")
    assert step in raised.value.next_step


def test_a_process_that_is_ended_or_ends(own: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    """After how long, or that it did: it is no traceback."""

    def time_out(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", time_out)
    with pytest.raises(ChapterError, match="'c' isn't drawn after 300 seconds"):
        own("def own(df, ax):\n    while True: pass\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 3))
    with pytest.raises(MachineError, match="ended"):
        own("import os\ndef own(df, ax):\n    os._exit(3)\n")


def test_sources_of_a_function(tmp_path: Path) -> None:
    """Its module and what that imports of the same folder, and nothing of libraries."""
    (tmp_path / "plots.py").write_text("import numpy\nimport sums\n", encoding="utf-8")
    (tmp_path / "sums.py").write_text("from shades import dark\n", encoding="utf-8")
    (tmp_path / "shades.py").write_text("import plots\ndark = 1\n", encoding="utf-8")
    (tmp_path / "other.py").write_text("", encoding="utf-8")
    assert list(read_sources(tmp_path, ["plots.lines"])) == ["plots", "sums", "shades"]


@pytest.mark.parametrize(
    ("source", "where"),
    [
        (None, "notebooks/plots.py"),
        ("x = (\n", "notebooks/plots.py:1"),
        ("import numpy\nimport duckdb\n", "notebooks/plots.py:2"),
        ("def lines(df, ax):\n    from pyarrow import csv\n", "notebooks/plots.py:2"),
    ],
)
def test_a_module_that_cannot_be_used(tmp_path: Path, source: str | None, where: str) -> None:
    """It is named, with the line where it stops being Python, or imports what reads files."""
    if source is not None:
        (tmp_path / "plots.py").write_text(source, encoding="utf-8")
    with pytest.raises(ChapterError) as raised:
        read_sources(tmp_path, ["plots.lines"])
    assert raised.value.where == where


def test_the_function_that_is_shipped_draws_in_the_house_style(make: Any, repository: Path) -> None:
    """Names of colours, and numbers as a page writes them, for page and phone."""
    for name, year in (("m", 2017), ("then", 2016)):
        make.by(name, "month", {f"{month:02d}": 1000 + 7 * month for month in range(1, 13)}, year)
    chart = Chart(id="c", kind="own", function="plots.lines", breakdown="m", against="then")
    plots: dict[str, Any] = {}
    exec((repository / "notebooks" / "plots.py").read_text(encoding="utf-8"), plots)  # noqa: S102
    words = words_of(make.ledger())
    for drawn in drawing.draw(chart, words, (WIDE, NARROW), function=plots["lines"]):
        assert {"jan", "feb", "2017", "2016"} <= set(texts(drawn.svg))
        assert not {"short", "value", "year"} & set(texts(drawn.svg))
        assert drawn.alt.startswith("Grafiek. Contactnames ")
        assert drawn.alt.endswith("24 punten.")
        colours = set(re.findall(r"stroke:var\([\w-]+\)", drawn.svg))
        assert {"stroke:var(--main)", "stroke:var(--axis)"} <= colours
        assert "#" not in drawn.svg.replace("url(#", "")
