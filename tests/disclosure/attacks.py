"""Ways to work a hidden count out of a published edition, each as somebody with the files would."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Guess = tuple[str, float]
YEAR = 2017
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MARKED = re.compile(r'<data value="([^"]+)"[^>]*figure="([^"]+)"')
TRACED = re.compile(r'id="figure-([^"]+)"[^>]*>.{0,400}?<data value="(\d+)"', re.DOTALL)
LINKED = re.compile(r'data-(?:figure|about)="([^"]+)"[^>]*>(\d+)</')


class Published:
    """The files of an edition, as everybody can read them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger: dict[str, Any] = json.loads(
            (folder / "data" / "ledger.json").read_text("utf-8")
        )

    @cached_property
    def figures(self) -> dict[str, Any]:
        """Each figure by its id."""
        figures: dict[str, Any] = self.ledger["figures"]
        return figures

    @cached_property
    def lines(self) -> dict[str, dict[str, str]]:
        """The lines of figures.csv by id."""
        text = (self.folder / "data" / "figures.csv").read_text("utf-8")
        return {line["id"]: line for line in csv.DictReader(text.splitlines())}

    def known(self, name: str) -> float | None:
        """The value of a figure, if it is published."""
        value = self.figures[name]["value"]
        return None if value is None or isinstance(value, str) else float(value)

    @cached_property
    def totals(self) -> dict[str, float]:
        """The count of each population that some figure says, as its numerator or denominator."""
        totals: dict[str, float] = {}
        for figure in self.figures.values():
            if figure["kind"] == "count" and figure["value"] is not None:
                totals[_key(figure["population"])] = float(figure["value"])
            if figure["kind"] in ("share", "change") and figure.get("denominator") is not None:
                totals[_key(figure["of"])] = figure["denominator"]
            if figure["kind"] == "share" and figure.get("numerator") is not None:
                totals.setdefault(_key(figure["population"]), figure["numerator"])
        return totals


def _key(spec: Mapping[str, Any], **more: str) -> str:
    """What a population counts, with a code of one more field."""
    conditions = [
        (each["field"], sorted(each["codes"]), each.get("negated", False))
        for each in spec.get("conditions", [])
    ]
    conditions += [(field, [code], False) for field, code in more.items()]
    return json.dumps({**spec, "conditions": sorted(conditions)}, sort_keys=True)


def _less_the_rest(total: float | None, parts: Mapping[str, float | None]) -> Iterator[Guess]:
    missing = [name for name, value in parts.items() if value is None]
    if total is not None and len(missing) == 1:
        yield missing[0], total - sum(value for value in parts.values() if value is not None)


def total_less_the_rest(edition: Published) -> Iterator[Guess]:
    """The total of a series less all of its other members: an unknown one by subtraction too."""
    for series in edition.ledger["series"].values():
        if series.get("kind", "count") == "count" and not series.get("overlapping"):
            parts = {m["figure"]: edition.known(m["figure"]) for m in series["members"]}
            yield from _less_the_rest(edition.totals.get(_key(series["population"])), parts)


def linked_margins(edition: Published) -> Iterator[Guess]:
    """Lines and columns of a cross-table, with the totals that other tables print."""
    for table in edition.ledger["crosstabs"].values():
        for across, along in (("row", "column"), ("column", "row")):
            field = table["rows" if across == "row" else "columns"]
            for code in dict.fromkeys(cell[across] for cell in table["cells"]):
                own = {
                    c["figure"]: edition.known(c["figure"])
                    for c in table["cells"]
                    if c[across] == code
                }
                whole = edition.totals.get(_key(table["population"], **{field: code}))
                if along != "column" or table["columns"] != "form":
                    yield from _less_the_rest(whole, own)


def hierarchy(edition: Published) -> Iterator[Guess]:
    """The total of a group of codes less its other codes."""
    for series in edition.ledger["series"].values():
        groups: dict[str, dict[str, float | None]] = {}
        for member in series["members"]:
            if "." in member["code"]:
                group = groups.setdefault(member["code"].partition(".")[0], {})
                group[member["figure"]] = edition.known(member["figure"])
        for group, parts in groups.items():
            totals = [
                f
                for f in edition.figures.values()
                if f["kind"] == "count" and f["id"].endswith((f".{group}", f".all_{group}"))
            ]
            for total in totals:
                yield from _less_the_rest(total["value"], parts)


def shares_with_decimals(edition: Published) -> Iterator[Guess]:
    """A share times the whole that it is a share of, from the unrounded file."""
    counts = {
        _key(f["population"]): f["id"] for f in edition.figures.values() if f["kind"] == "count"
    }
    for name, line in edition.lines.items():
        figure = edition.figures[name]
        if figure["kind"] == "share" and line["value"]:
            whole = edition.totals.get(_key(figure["of"]))
            target = counts.get(_key(figure["population"]))
            if whole and target:
                yield target, round(float(line["value"]) * whole / 100)


def numerators(edition: Published) -> Iterator[Guess]:
    """What a line of figures.csv says beside an empty value."""
    for name, line in edition.lines.items():
        if not line["value"] and line["numerator"]:
            yield name, float(line["numerator"])


def changes_of_last_year(edition: Published) -> Iterator[Guess]:
    """A change in percent, times the count of the year before."""
    counts = {
        _key(f["population"]): f["id"] for f in edition.figures.values() if f["kind"] == "count"
    }
    for figure in edition.figures.values():
        if figure["kind"] == "change" and figure["value"] is not None:
            before = edition.totals.get(_key(figure["of"]))
            if before and _key(figure["population"]) in counts:
                yield (
                    counts[_key(figure["population"])],
                    round(before * (1 + figure["value"] / 100)),
                )


def means_times_days(edition: Published) -> Iterator[Guess]:
    """A mean times what it is divided by."""
    counts = {
        _key(f["population"]): f["id"] for f in edition.figures.values() if f["kind"] == "count"
    }
    for figure in edition.figures.values():
        target = counts.get(_key(figure["population"]))
        if figure["kind"] == "mean" and figure["value"] is not None and target:
            yield target, round(figure["value"] * figure["exposure"]["of"])


def one_cell_in_two_places(edition: Published) -> Iterator[Guess]:
    """A population that another chapter counts under another name."""
    for figure in edition.figures.values():
        if figure["kind"] == "count" and figure["value"] is None:
            total = edition.totals.get(_key(figure["population"]))
            if total is not None:
                yield figure["id"], total


def tops_and_maxima(edition: Published) -> Iterator[Guess]:
    """A largest count says of those that aren't shown what they are at most, or are."""
    for figure in edition.figures.values():
        if figure["kind"] in ("top", "maximum") and figure["value"] is not None:
            spec = figure["population"]
            more = {figure["by"][0]: figure["code"]} if figure.get("code") else {}
            wanted = _key(spec, **more)
            for other in edition.figures.values():
                if (
                    other["kind"] == "count"
                    and other["value"] is None
                    and _key(other["population"]) == wanted
                ):
                    yield other["id"], figure.get("numerator") or -1


def pages_against_tables(edition: Published) -> Iterator[Guess]:
    """A number on any page, in a drawing or an alternative text, that is marked as a hidden one."""
    hidden = {name for name, figure in edition.figures.items() if figure["value"] is None}
    for path in [*edition.folder.rglob("*.html"), *edition.folder.rglob("*.svg")]:
        text = path.read_text("utf-8")
        marked = [(name, value) for value, name in MARKED.findall(text)]
        marked += TRACED.findall(text) + LINKED.findall(text)
        for name, value in marked:
            if name in hidden and NUMBER.fullmatch(value):
                yield name, float(value)


RECTANGLE = re.compile(r'<path d="M([\d. L]+)z"[^>]* data-figure="([^"]+)"')
INK = (11, 96, 112)


def svg_geometry(edition: Published) -> Iterator[Guess]:
    """The widths and heights of the bars of each drawing, on the scale of its largest one."""
    text = (edition.folder / "index.html").read_text("utf-8")
    for drawing in text.split("<svg")[1:]:
        sizes: dict[str, tuple[float, float]] = {}
        for path, name in RECTANGLE.findall(drawing.partition("</svg>")[0]):
            xs, ys = ([float(p.split()[i]) for p in path.split("L")] for i in (0, 1))
            sizes[name] = (max(xs) - min(xs), max(ys) - min(ys))
        values = {name: edition.known(name) or 0 for name in sizes if name in edition.figures}
        most = max(values, key=lambda name: values[name], default="")
        for axis in (0, 1) if values.get(most) else ():
            scale = values[most] / (sizes[most][axis] or 1)
            yield from ((name, round(sizes[name][axis] * scale)) for name in values)


def png_geometry(edition: Published) -> Iterator[Guess]:
    """The lengths in pixels of the bars of each picture, in the order of the chart's CSV file."""
    for path in (edition.folder / "data" / "charts").glob("*.chart.png"):
        table = edition.folder / "data" / f"{path.stem}.csv"
        lines = list(csv.reader(table.read_text("utf-8").splitlines()))
        (_, _, series, *_), rows = lines[0], lines[1:]
        pixels = np.asarray(Image.open(path).convert("RGB"))
        ink = (pixels == INK).all(axis=2)
        bars = [
            int(row.sum())
            for row, above in zip(ink[1:], ink, strict=False)
            if row.any() and not above.any()
        ]
        names = [f"{series}.{row[0]}" for row in rows if row[2] != "0"]
        if bars and rows[0][2].isdigit():
            scale = int(rows[0][2]) / max(bars)
            yield from ((n, round(bar * scale)) for n, bar in zip(names, bars, strict=False))


def data_files(edition: Published) -> Iterator[Guess]:
    """A line of a CSV file of a chart or table that says more than figures.csv."""
    hidden = {name for name, figure in edition.figures.items() if figure["value"] is None}
    for path in (edition.folder / "data").glob("*.csv"):
        for line in csv.DictReader(path.read_text("utf-8").splitlines()):
            name = line.get("figure") or line.get("id") or ""
            if name in hidden and NUMBER.fullmatch(line.get("value") or ""):
                yield name, float(line["value"])


def _sums(edition: Published) -> Iterator[tuple[float | None, list[str]]]:
    """What the published files say of sums: a total, and the figures that it is made of."""
    for series in edition.ledger["series"].values():
        if series.get("kind", "count") == "count" and not series.get("overlapping"):
            members = [member["figure"] for member in series["members"]]
            yield edition.totals.get(_key(series["population"])), members
    for table in edition.ledger["crosstabs"].values():
        for across, field, other in (("row", "rows", "columns"), ("column", "columns", "rows")):
            for code in dict.fromkeys(cell[across] for cell in table["cells"]):
                cells = [cell["figure"] for cell in table["cells"] if cell[across] == code]
                # A person may have several forms, so that they don't add up.
                if table[other] != "form":
                    whole = _key(table["population"], **{table[field]: code})
                    yield edition.totals.get(whole), cells


def elimination(edition: Published) -> Iterator[Guess]:
    """All sums of series and cross-tables at once, with exact fractions."""
    unknown = [n for n, f in edition.figures.items() if f["kind"] == "count" and f["value"] is None]
    place = {name: at for at, name in enumerate(unknown)}
    equations: list[list[Fraction]] = []
    for total, parts in _sums(edition):
        if total is not None and any(name in place for name in parts):
            row = [Fraction(0)] * len(unknown)
            for name in parts:
                if name in place:
                    row[place[name]] += 1
            known = [Fraction(edition.figures[n]["value"]) for n in parts if n not in place]
            equations.append([*row, Fraction(total) - sum(known)])
    for row in _reduced(equations):
        places = [at for at, factor in enumerate(row[:-1]) if factor]
        if len(places) == 1:
            yield unknown[places[0]], float(row[-1] / row[places[0]])


def single_days(edition: Published) -> Iterator[Guess]:
    """Weeks against months and windows: a day or two that all of them together tell apart."""
    days: dict[str, dict[str, Fraction]] = {}
    for figure in edition.figures.values():
        for spec, number in (
            (figure["population"], figure.get("numerator")),
            (figure.get("of"), figure.get("denominator")),
        ):
            own = spec is not None and spec["table"] == "contacts" and not spec.get("having")
            if own and number is not None and figure["kind"] in ("count", "share", "rate_ratio"):
                inside = _days(spec)
                if inside is not None:
                    days["|".join(sorted(inside))] = {"number": Fraction(number)}
    every = [(set(key.split("|")), value["number"]) for key, value in days.items()]
    atoms: dict[tuple[bool, ...], list[str]] = {}
    for day in sorted(set().union(*(inside for inside, _ in every))):
        atoms.setdefault(tuple(day in inside for inside, _ in every), []).append(day)
    kinds = list(atoms)
    rows = [
        [*(Fraction(kind[at]) for kind in kinds), number] for at, (_, number) in enumerate(every)
    ]
    for row in _reduced(rows):
        places = [at for at, factor in enumerate(row[:-1]) if factor]
        if len(places) == 1:
            yield "|".join(atoms[kinds[places[0]]]), float(row[-1] / row[places[0]])


def _days(spec: Mapping[str, Any]) -> set[str] | None:
    """The days of 2017 that a population is of; None where it is of something else besides."""
    start, end = (dt.date.fromisoformat(spec["period"][key]) for key in ("start", "end"))
    days = {(start + dt.timedelta(days=n)) for n in range((end - start).days + 1)}
    if start.year != YEAR:
        return None
    if without := spec.get("without"):
        days -= {d for d in days if without["start"] <= d.isoformat() <= without["end"]}
    for each in spec.get("conditions", []):
        if each["field"] == "date":
            days = {d for d in days if d.isoformat() in each["codes"]}
        elif each["field"] == "month":
            days = {d for d in days if f"{d.month:02d}" in each["codes"]}
        else:
            return None
    return {day.isoformat() for day in days}


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The same equations in reduced row echelon form."""
    done: list[list[Fraction]] = []
    for column in range(len(rows[0]) - 1 if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [
            [a - row[column] * b for a, b in zip(row, pivot, strict=True)] if row[column] else row
            for row in rows
        ]
        done = [
            [a - row[column] * b for a, b in zip(row, pivot, strict=True)] if row[column] else row
            for row in done
        ]
        done.append(pivot)
    return done


# Those that need no more than the small counts to be hidden, and those that the others stop.
DIRECT: tuple[Callable[[Published], Iterator[Guess]], ...] = (
    shares_with_decimals,
    changes_of_last_year,
    means_times_days,
    one_cell_in_two_places,
    tops_and_maxima,
    numerators,
    pages_against_tables,
    data_files,
    svg_geometry,
    png_geometry,
)
BY_ARITHMETIC = (total_less_the_rest, linked_margins, hierarchy, elimination)
