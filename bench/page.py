"""The tables of docs/performance.md, made of the results: what stands between its marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bench.cases import CASES, ROOT
from bench.designs import DESIGNS
from bench.goals import GB, GOALS
from bench.results import FLOOR, Results, Taken, Together

PAGE = ROOT / "docs" / "performance.md"
BLOCK = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
MB = 1e6
# The load of a machine that does nothing else.
QUIET = 1.0


def page(text: str, results: Results) -> str:
    """The page with its tables made again; what a person wrote around them stays."""
    made = tables(results)
    return BLOCK.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n\n{found[3]}", text)


def tables(results: Results) -> dict[str, str]:
    """Every table of the page, by the name in its mark."""
    return {
        "goals": _goals(results),
        "machine": _machine(results.program),
        "program": _program(results.program),
        "designs": _designs(results.designs),
        "growth": _growth(results),
        "stages": _stages(results.stages),
        "releases": _releases(results),
    }


def _goals(results: Results) -> str:
    answers = {True: "yes", False: "**no**", None: "not measured"}
    rows = (
        (goal.what, goal.asked, goal.said(goal.measure(results)), answer)
        for goal in GOALS
        for answer in [answers[goal.reached(results)]]
    )
    return _table(("what", "goal", "measured", "reached"), rows, words=4)


def _machine(together: Together) -> str:
    found = together.machine
    table = _table(("measured on", together.on), found.items(), words=2)
    return "\n\n".join([table, *_busy(together)])


def _busy(together: Together) -> list[str]:
    if float(together.machine["load before"]) < QUIET:
        return []
    busy = "**The machine was busy with other work: seconds are too many, and ratios are rough.**"
    return [f"{busy} (A load of {together.machine['load before']} before, {together.on}.)"]


def _program(together: Together) -> str:
    rows = [(case.says, *_row(together, case.name)) for case in CASES]
    return _table(("case", *HEAD), rows)


def _designs(together: Together | None) -> str:
    if together is None:
        return "Not measured yet."
    names = {FLOOR: "the floor", **{design.name: design.says for design in DESIGNS}}
    rows = [(says, *_row(together, name)) for name, says in names.items() if name in together.cases]
    skipped = [f"Skipped: {names[name]} ({why})." for name, why in together.skipped.items()]
    return "\n\n".join([_table(("design", *HEAD), rows), *skipped, *_busy(together)])


HEAD = ("median", "fastest – slowest", "× the floor", "CPU", "peak memory")


def _row(together: Together, case: str) -> tuple[str, ...]:
    low, high = together.spread(case)
    return (
        f"{together.wall(case):.2f} s",
        f"{low:.2f} – {high:.2f} s",
        f"{together.ratio(case):.2f}",
        f"{together.cpu(case):.2f} s",
        _megabytes(together.peak(case)),
    )


def _megabytes(peak: int) -> str:
    return f"{peak / MB:.0f} MB" if peak else "–"


def _growth(results: Results) -> str:
    if not results.growth:
        return "Not measured yet."
    rows = [
        (f"{size:,}", grown.on, *_grown(grown.first), *_grown(grown.again))
        for size, grown in sorted(results.growth.items())
    ]
    head = ("contacts", "measured on", "first build", "peak", "another parameter", "peak")
    return _table(head, rows, words=2)


def _grown(taken: Taken) -> tuple[str, str]:
    return f"{taken.wall:.1f} s", f"{taken.peak / GB:.2f} GB"


def _stages(stages: Mapping[str, float]) -> str:
    whole = sum(stages.values())
    rows = [
        (stage, f"{seconds:.2f} s", f"{seconds / whole:.0%}") for stage, seconds in stages.items()
    ]
    return _table(("stage", "seconds", "part"), [*rows, ("whole", f"{whole:.2f} s", "")])


def _releases(results: Results) -> str:
    rows = [
        (
            each.version,
            each.on,
            f"{each.floor:.2f} s",
            f"{each.cold:.2f} s ({each.cold / each.floor:.1f} ×)",
            f"{each.nothing:.2f} s",
            f"{each.prose:.2f} s",
            f"{each.parameter:.2f} s",
            _megabytes(each.peak),
        )
        for each in results.releases
    ]
    head = ("version", "measured on", "floor", "cold", "nothing", "prose", "parameter", "peak")
    return _table(head, rows, words=2)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """A Markdown table whose first columns are words, and the others numbers."""
    line = ["---" if number < words else "---:" for number in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, line, *rows])
