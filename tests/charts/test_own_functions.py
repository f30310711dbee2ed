"""Charts by functions of a project's own: guarded, in the house style; the document's too."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from helpline_report.chapter import Chapter
from helpline_report.charts import own_functions
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.drawing import draw_own
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.own_functions import read_sources
from helpline_report.charts.style import NARROW, WIDE
from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import RECORD_MIME, Ledger
from helpline_report.figures.model import Chart
from helpline_report.prose.writer import Writer
from tests.charts.marks import texts, words_of
from tests.figures.drawn import register

Draw = Callable[..., tuple[Drawing, ...]]


@pytest.fixture
def own(make: Any, labels: Any) -> Draw:
    """Draw twelve months of two years by the function `own` of a source."""
    make.by("m", "month", {f"{month:02d}": 1000 + 7 * month for month in range(1, 13)})
    make.by("then", "month", {f"{month:02d}": 900 + 5 * month for month in range(1, 13)}, 2016)
    chart = Chart(id="c", kind="own", function="plots.own", series="m", against="then")

    def drawn(source: str, **others: str) -> tuple[Drawing, ...]:
        sources = {"plots": dedent(source), **others}
        themes = (WIDE, NARROW)
        return draw_own([(chart, words_of(make.ledger(), labels))], themes, sources)["c"]

    return drawn


def complaint(own: Draw, source: str) -> ChapterError:
    with pytest.raises(ChapterError) as raised:
        own(source)
    return raised.value


def test_the_function_that_is_shipped(own: Draw, repository: Path) -> None:
    """It is drawn in the house style in both sizes: names of colours, numbers of the page."""
    shipped = (repository / "notebooks" / "plots.py").read_text(encoding="utf-8")
    wide, narrow = own(f"{shipped}\n\nown = lines\n")
    assert (wide.width, narrow.width) == (680, 320)
    for drawing in (wide, narrow):
        assert "stroke:var(--main)" in drawing.svg
        assert "stroke:var(--axis)" in drawing.svg
        assert "#" not in drawing.svg.replace("url(#", "")
        assert {"jan", "dec", "1.000", "2017", "2016"} <= set(texts(drawing.svg))
        assert not {"short", "value", "year"} & set(texts(drawing.svg))
    assert wide.alt == "Grafiek. opschrift m. Hoogste: 12 1084. Laagste: 01 1007. 24 punten."


def test_what_it_may_not(own: Draw, tmp_path: Path) -> None:
    """It opens no file of the project, no connection and no process."""
    secret = tmp_path / "rows.csv"
    secret.write_text("row", encoding="utf-8")
    wide, _ = own(
        f"""
        import colorsys, importlib, os, socket, subprocess, sys

        importlib.import_module("sqlite3")

        def own(df, ax):
            ways = {{
                "read": lambda: open({str(secret)!r}),
                "write": lambda: open({str(tmp_path / "new")!r}, "w"),
                "remove": lambda: os.remove({str(secret)!r}),
                "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
                "process": lambda: subprocess.run([sys.executable, "-c", ""]),
                "shell": lambda: os.system("true"),
                "fork": lambda: os.fork(),
                "list": lambda: os.listdir({str(tmp_path)!r}),
                "scan": lambda: list(os.scandir({str(tmp_path)!r})),
                "database": lambda: sys.modules["sqlite3"].connect({str(secret)!r}),
                "python": lambda: open(colorsys.__file__).close(),
            }}
            for place, (name, way) in enumerate(ways.items()):
                try:
                    way()
                    ax.text(0, place, name + " goes")
                except PermissionError:
                    ax.text(0, place, name + " refused")
            ax.set_ylim(0, 12)
        """
    )
    told = {text for text in texts(wide.svg) if " " in text}
    refused = (
        "read",
        "write",
        "remove",
        "connect",
        "process",
        "shell",
        "fork",
        "list",
        "scan",
        "database",
    )
    assert told == {"python goes", *(f"{name} refused" for name in refused)}
    assert secret.read_text(encoding="utf-8") == "row"


def test_it_does_not_know_whose_machine_this_is(
    own: Draw, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither the environment nor the working folder says who draws, or where the exports are."""
    monkeypatch.setenv("PLACE_OF_EXPORTS", "kanarie")
    monkeypatch.chdir(tmp_path)
    wide, _ = own(
        """
        import os

        def own(df, ax):
            ax.text(0, 0, f"variables: {len(os.environ)}")
            ax.text(0, 1, f"folder: {os.getcwd()}")
        """
    )
    assert {"variables: 0", f"folder: {tmp_path.anchor}"} <= set(texts(wide.svg))


def test_what_the_notebook_put_into_its_module_is_not_there(
    own: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value of a row that a cell left in a global, or an argument's default, stays behind."""
    import sys  # noqa: PLC0415

    source = "REMARK = 'none'\ndef own(df, ax, said='none'):\n    ax.text(0, 0, REMARK + said)\n"
    module = ModuleType("plots")
    exec(source, module.__dict__)  # noqa: S102
    module.REMARK = "kanarie"  # type: ignore[attr-defined]
    module.own.__defaults__ = ("kanarie",)
    monkeypatch.setitem(sys.modules, "plots", module)
    for drawing in own(source):
        assert "nonenone" in texts(drawing.svg)
        assert "kanarie" not in drawing.svg + drawing.alt


EMPTY = "the chart 'c' is empty: its function draws nothing on the axes"


@pytest.mark.parametrize(
    ("source", "what", "where", "next_step"),
    [
        ("def own(df, ax): pass", EMPTY, "", "ax=ax"),
        (
            "import matplotlib.pyplot as plt\ndef own(df, ax):\n    plt.plot([1, 2])",
            EMPTY,
            "",
            "ax=ax",
        ),
        (
            "def own(df, ax):\n    ax.plot(df['maand'])",
            "the chart 'c': plots.own fails (KeyError)",
            ":2",
            "columns month, label, ",
        ),
        (
            "\ndef own(df, ax):\n    print(1)\n    open('data/contacts.csv')",
            "the chart 'c': plots.own opens a file",
            ":4",
            "frame alone",
        ),
        ("def other(df, ax): pass", "the chart 'c': plots.own isn't there", "", "define it"),
    ],
)
def test_what_is_wrong_is_told(
    own: Draw, source: str, what: str, where: str, next_step: str
) -> None:
    """Nothing drawn, a column that isn't there, what is refused, a function that was renamed."""
    told = complaint(own, source)
    assert (told.what, told.where) == (what, f"notebooks/plots.py{where}")
    assert next_step in told.next_step


def test_an_error_is_told_without_values(own: Draw) -> None:
    """The class and the line are said, in the module where it was raised; no number."""
    source = "from sums import add\ndef own(df, ax):\n    add(df)\n"
    with pytest.raises(ChapterError) as raised:
        own(source, sums="def add(df):\n    raise ValueError(df['value'].sum())\n")
    assert raised.value.what == "the chart 'c': plots.own fails (ValueError)"
    assert raised.value.where == "notebooks/sums.py:2"


def test_a_drawing_that_does_not_end(own: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended, and the function is named."""
    monkeypatch.setattr(own_functions, "SECONDS", 1)
    told = complaint(own, "def own(df, ax):\n    while True: pass\n")
    assert told.what == "the chart 'c' isn't drawn after 1 seconds"


def test_a_process_that_ends(own: Draw) -> None:
    """A function that ends its process is no traceback either."""
    with pytest.raises(own_functions.MachineError, match="ended"):
        own("import os\ndef own(df, ax):\n    os._exit(3)\n")


def test_nothing_active_comes_along(own: Draw) -> None:
    """Links, scripts and foreign pictures stay behind; text is text."""
    wide, _ = own(
        """
        def own(df, ax):
            bars = ax.bar(df["short"][:3], df["value"][:3])
            bars[0].set_url("javascript:alert(1)")
            bars[1].set_gid('"/><script>alert(1)</script>')
            ax.text(0, 500, "<script>alert(1)</script>")
            ax.set_title("<foreignObject>")
        """
    )
    assert "<script>alert(1)</script>" in texts(wide.svg)
    for active in ("<script", "<foreignObject", "<a ", "href", "javascript", "onload"):
        assert active not in wide.svg


def test_chance_is_seeded(own: Draw) -> None:
    """What a function draws from chance is the same each time."""
    source = """
    import random
    import numpy as np

    def own(df, ax):
        ax.plot([random.random(), 1], [np.random.rand(), 1])
        ax.set_xlabel(" ".join({"aap", "noot", "mies"}))
    """
    assert own(source) == own(source)


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


CONTACTS = "nr | date  | channel\na  | 01-02 | phone\nb  | 02-03 | phone\nc  | 02-06 | email"


def test_its_cells_and_its_function(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart of a kind, then a function and a chart by it, which is drawn for page and phone."""
    page = (repository / "docs" / "charts.md").read_text(encoding="utf-8")
    kind, function, own = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    plots = ModuleType("plots")
    exec(function, plots.__dict__)  # noqa: S102
    monkeypatch.setitem(sys.modules, "plots", plots)
    bundles: list[dict[str, dict[str, object]]] = []
    monkeypatch.setattr("IPython.display.display", lambda one, **_: bundles.append(one))
    year = register(contacts=CONTACTS, previous=register(2016, contacts=CONTACTS))
    chapter = Chapter("contacts", year, preview=True)
    cells = {"chapter": chapter, "contacts": chapter.populations("contacts")}
    exec(kind, cells)  # noqa: S102
    exec(own, cells)  # noqa: S102
    assert ["<svg" in str(one["text/html"]) for one in bundles] == [False, True, True]

    parts = [Ledger.model_validate(one[RECORD_MIME]["ledger"]) for one in bundles]
    figures, series = parts[0].figures, parts[0].series
    charts = [chart for part in parts[1:] for chart in part.charts.values()]
    assert [(chart.id, chart.kind, chart.function) for chart in charts] == [
        ("contacts.monthly.chart", "lines", ""),
        ("contacts.monthly.steps", "own", "plots.steps"),
    ]
    ledger = Ledger(edition="2017", figures=figures, series=series)
    writer = Writer(ledger, year.edition, None, year.codelists, "nl")
    drawn = draw_own([(charts[1], ChartWords(writer))], (WIDE, NARROW), {"plots": function})
    for drawing in drawn["contacts.monthly.steps"]:
        assert {"jan", "feb", "2017", "2016"} <= set(texts(drawing.svg))
