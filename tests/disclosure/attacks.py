"""Ways to work a hidden count out of what is published, each as somebody with the files would."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from helpline_report.audit.differences_page import DifferencesWriter
from helpline_report.audit.edition_differences import PublishedEdition, compare_editions
from helpline_report.parameters.project import Project
from tests.disclosure.by_hand import reduced
from tests.disclosure.sample import THRESHOLD, small_counts

Guess = tuple[str, float]
Sum = tuple[float, list[str]]
YEAR = 2017
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MARKED = re.compile(r'<data value="([^"]+)"[^>]*figure="([^"]+)"')
TRACED = re.compile(r'id="figure-([^"]+)"[^>]*>.{0,400}?<data value="(\d+)"', re.DOTALL)
LINKED = re.compile(r'data-(?:figure|about)="([^"]+)"[^>]*>(\d+)</')
RECTANGLE = re.compile(r'<path d="M([\d. L]+)z"[^>]* data-figure="([^"]+)"')
LOWEST = re.compile(r'aria-label="[^"]*Laagste: [^"]*? (\d+)[."]')
SERIES = re.compile(r' data-figure="([a-z_.]+)"')
INK = (11, 96, 112)


class Published:
    """A ledger as everybody can read it, and the folder of its edition where there is one."""

    def __init__(self, ledger: Mapping[str, Any], folder: Path = Path()) -> None:
        # A part of which there is nothing isn't written.
        self.ledger, self.folder = {"series": {}, "crosstabs": {}, "merged": {}, **ledger}, folder
        self.figures: dict[str, Any] = ledger["figures"]
        self.hidden = {name for name, each in self.figures.items() if each["value"] is None}

    def of_kind(self, *kinds: str) -> Iterator[dict[str, Any]]:
        """The figures of some kinds that are published."""
        return (f for n, f in self.figures.items() if f["kind"] in kinds and n not in self.hidden)

    @cached_property
    def counts(self) -> dict[str, list[str]]:
        """The figures that count a population, by what it is."""
        counts: dict[str, list[str]] = {}
        for name, figure in self.figures.items():
            if figure["kind"] == "count":
                counts.setdefault(_key(figure["population"]), []).append(name)
        return counts

    @cached_property
    def totals(self) -> dict[str, float]:
        """The count of each population that some figure says, as its numerator or denominator."""
        totals: dict[str, float] = {}
        for figure in self.of_kind("share", "change"):
            totals[_key(figure["of"])] = figure["denominator"]
        for figure in self.of_kind("count"):
            totals[_key(figure["population"])] = float(figure["value"])
        return totals

    def guess(self, spec: Mapping[str, Any], number: float, **more: str) -> Iterator[Guess]:
        """A guess of each figure that counts a population."""
        yield from ((name, number) for name in self.counts.get(_key(spec, **more), ()))


def read_published(project: Path) -> Published:
    folder = project / "output" / "2017"
    return Published(json.loads((folder / "data" / "ledger.json").read_text("utf-8")), folder)


def hide(ledger: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A ledger in which the values of some figures are hidden, and nothing else."""
    empty = {"value": None, "status": "suppressed", "reason": {"code": "protected"}}
    figures = {
        name: figure | empty if name in names else figure
        for name, figure in ledger["figures"].items()
    }
    return {**ledger, "figures": figures}


def _key(spec: Mapping[str, Any], **more: str) -> str:
    """What a population counts, with a code of one more field."""
    conditions = [
        (each["field"], sorted(each["codes"]), each.get("negated", False))
        for each in spec.get("conditions", [])
        if each["field"] not in more
    ]
    conditions += [(field, [code], False) for field, code in more.items()]
    return json.dumps({**spec, "conditions": sorted(conditions)}, sort_keys=True)


def shares_with_decimals(edition: Published) -> Iterator[Guess]:
    """A share times the whole that it is a share of, unrounded."""
    for figure in edition.of_kind("share"):
        whole = edition.totals[_key(figure["of"])]
        yield from edition.guess(figure["population"], round(figure["value"] * whole / 100))


def changes_of_last_year(edition: Published) -> Iterator[Guess]:
    """A change in percent, times the count of the year before."""
    for figure in edition.of_kind("change"):
        before = edition.totals[_key(figure["of"])]
        yield from edition.guess(figure["population"], round(before * (1 + figure["value"] / 100)))


def means_times_days(edition: Published) -> Iterator[Guess]:
    """A mean times what it is divided by."""
    for figure in edition.of_kind("mean"):
        number = round(figure["value"] * figure["exposure"]["of"])
        yield from edition.guess(figure["population"], number)


def one_cell_in_two_places(edition: Published) -> Iterator[Guess]:
    """A population that another chapter counts under another name."""
    for key, names in edition.counts.items():
        yield from ((name, edition.totals[key]) for name in names if key in edition.totals)


def tops_and_maxima(edition: Published) -> Iterator[Guess]:
    """A largest count says what the count of its code is, or of all that come on one day."""
    for figure in edition.of_kind("top", "maximum"):
        more = {figure["by"][0]: figure["code"]} if figure.get("code") else {}
        yield from edition.guess(figure["population"], figure.get("numerator") or -1, **more)


def numerators(edition: Published) -> Iterator[Guess]:
    """What a figure says beside an empty value."""
    yield from ((n, edition.figures[n].get("numerator") or -1) for n in edition.hidden)


def sums_of_series(edition: Published) -> Iterator[Sum]:
    """The total of a series, and its members."""
    for series in edition.ledger["series"].values():
        total = edition.totals.get(_key(series["population"]))
        if total and series.get("kind", "count") == "count" and not series.get("overlapping"):
            yield total, [member["figure"] for member in series["members"]]


def sums_of_tables(edition: Published) -> Iterator[Sum]:
    """The totals of lines and columns of a cross-table, which other tables print, and its cells."""
    for table in edition.ledger["crosstabs"].values():
        for across, field in (("row", table["rows"]), ("column", table["columns"])):
            for code in dict.fromkeys(cell[across] for cell in table["cells"]):
                cells = [cell["figure"] for cell in table["cells"] if cell[across] == code]
                total = edition.totals.get(_key(table["population"], **{field: code}))
                if total is not None:
                    yield total, cells


def sums_of_codes(edition: Published) -> Iterator[Sum]:
    """The count of several codes of a field, and the counts of each."""
    for figure in edition.of_kind("count"):
        spec = figure["population"]
        for condition in spec.get("conditions", []):
            parts = [
                edition.counts.get(_key(spec, **{condition["field"]: code}), [])
                for code in condition["codes"]
            ]
            if all(parts) and not condition.get("negated"):
                yield float(figure["value"]), [names[0] for names in parts]


def total_less_the_rest(edition: Published) -> Iterator[Guess]:
    """The total of a series less all of its other members: an unknown one by subtraction too."""
    yield from _less_the_rest(edition, sums_of_series(edition))


def linked_margins(edition: Published) -> Iterator[Guess]:
    """Lines and columns of a cross-table, with the totals that other tables print."""
    yield from _less_the_rest(edition, sums_of_tables(edition))


def hierarchy(edition: Published) -> Iterator[Guess]:
    """The total of a group of codes less its other codes."""
    yield from _less_the_rest(edition, sums_of_codes(edition))


def _less_the_rest(edition: Published, sums: Iterator[Sum]) -> Iterator[Guess]:
    for total, parts in sums:
        missing = [name for name in parts if name in edition.hidden]
        if len(missing) == 1:
            known = (edition.figures[n]["value"] for n in parts if n not in edition.hidden)
            yield missing[0], total - sum(known)


def elimination(edition: Published) -> Iterator[Guess]:
    """All sums at once, with exact fractions."""
    equations = []
    for sums in (sums_of_series, sums_of_tables, sums_of_codes):
        for total, parts in sums(edition):
            missing = [name for name in parts if name in edition.hidden]
            known = (Fraction(edition.figures[n]["value"]) for n in parts if n not in missing)
            equations += [(missing, Fraction(total) - sum(known))] if missing else []
    yield from _solve(equations)


def single_days(edition: Published) -> Iterator[Guess]:
    """Weeks against months and windows: a day or two that all of them together tell apart."""
    numbers: dict[frozenset[str], float] = {}
    for figure in edition.of_kind("count", "share", "rate_ratio"):
        for spec, part in (("population", "numerator"), ("of", "denominator")):
            days = _days(figure[spec]) if figure.get(spec) else None
            if days is not None and figure.get(part) is not None:
                numbers[days] = figure[part]
    atoms: dict[tuple[bool, ...], list[str]] = {}
    for day in sorted(frozenset().union(*numbers)):
        atoms.setdefault(tuple(day in days for days in numbers), []).append(day)
    equations = [
        (["|".join(days) for met, days in atoms.items() if met[place]], Fraction(number))
        for place, number in enumerate(numbers.values())
    ]
    yield from _solve(equations)


def _days(spec: Mapping[str, Any]) -> frozenset[str] | None:
    """The days of 2017 that a population is of; None where it is of something else besides."""
    start, end = (dt.date.fromisoformat(spec["period"][key]) for key in ("start", "end"))
    if start.year != YEAR or spec["table"] != "contacts" or spec.get("having"):
        return None
    days = {(start + dt.timedelta(days=n)).isoformat() for n in range((end - start).days + 1)}
    if without := spec.get("without"):
        days = {day for day in days if not without["start"] <= day <= without["end"]}
    for each in spec.get("conditions", []):
        if each["field"] not in ("date", "month"):
            return None
        days = {day for day in days if day in each["codes"] or day[5:7] in each["codes"]}
    return frozenset(days)


def _solve(equations: list[tuple[list[str], Fraction]]) -> Iterator[Guess]:
    """The unknowns that equations between sums of them say."""
    names = sorted({name for unknown, _ in equations for name in unknown})
    place = {name: at for at, name in enumerate(names)}
    rows = []
    for unknown, number in equations:
        row = [Fraction(0)] * len(names)
        for name in unknown:
            row[place[name]] += 1
        rows.append([*row, number])
    for row in reduced(rows, len(names)):
        places = [at for at, factor in enumerate(row[:-1]) if factor]
        if len(places) == 1:
            yield names[places[0]], float(row[-1] / row[places[0]])


def whole_groups(edition: Published) -> Iterator[Guess]:
    """A count that is all of its group says of each of them what they have in common: 100 %."""
    for figure in edition.of_kind("count"):
        spec, number = figure["population"], float(figure["value"])
        conditions = spec.get("conditions", [])
        for condition in conditions if number else ():
            others = [each for each in conditions if each is not condition]
            if edition.totals.get(_key({**spec, "conditions": others})) == number:
                yield figure["id"], number


def verdicts(reconciliation: str) -> Iterator[Guess]:
    """What the list of earlier prints says that was computed."""
    for line in csv.DictReader(reconciliation.splitlines()):
        if NUMBER.fullmatch(line["computed"]):
            yield line["id"], float(line["computed"])


def differences(table: str) -> Iterator[Guess]:
    """What the list of differences of two editions says of a figure, as computed and as shown."""
    for line in csv.DictReader(table.splitlines()):
        for text in (line[part] for part in ("first", "second", "first_shown", "second_shown")):
            if NUMBER.fullmatch(text):
                yield line["id"], float(text)


def compare(project: Path, first: PublishedEdition, second: PublishedEdition) -> list[Guess]:
    """What the list of differences of two editions says."""
    both = compare_editions(first, second)
    writer = DifferencesWriter(Project(project), both, project / "differences.html")
    return [*differences(writer.table())]


def together(first: Published, second: Published) -> Published:
    """What a reader of two editions knows: each figure from the one that shows it."""
    ledger = {**second.ledger}
    for part in ("figures", "series", "crosstabs"):
        ledger[part] = {**first.ledger[part], **second.ledger[part]}
    published = {n: f for n, f in first.figures.items() if n not in first.hidden}
    hidden = {n: f for n, f in second.figures.items() if n in second.hidden}
    ledger["figures"] = {**first.figures, **hidden, **published} | {
        name: figure for name, figure in second.figures.items() if name not in second.hidden
    }
    return Published(ledger)


def pages_against_tables(edition: Published) -> Iterator[Guess]:
    """A number on any page, in a drawing or an alternative text, that is marked as a hidden one."""
    for path in [*edition.folder.rglob("*.html"), *edition.folder.rglob("*.svg")]:
        text = path.read_text("utf-8")
        marked = [(name, value) for value, name in MARKED.findall(text)]
        for name, value in marked + TRACED.findall(text) + LINKED.findall(text):
            if name in edition.hidden and NUMBER.fullmatch(value):
                yield name, float(value)


def data_files(edition: Published) -> Iterator[Guess]:
    """A line of a CSV file of a figure, chart or table that says more than the ledger."""
    for path in (edition.folder / "data").glob("*.csv"):
        for line in csv.DictReader(path.read_text("utf-8").splitlines()):
            name = line.get("figure") or line.get("id") or ""
            for text in (line.get("value") or "", line.get("numerator") or ""):
                if name in edition.hidden and NUMBER.fullmatch(text):
                    yield name, float(text)


def svg_geometry(edition: Published) -> Iterator[Guess]:
    """The widths and heights of the bars of each drawing, on the scale of its largest one."""
    text = (edition.folder / "index.html").read_text("utf-8")
    for drawing in text.split("<svg")[1:]:
        sizes: dict[str, tuple[float, float]] = {}
        for path, name in RECTANGLE.findall(drawing.partition("</svg>")[0]):
            xs, ys = ([float(p.split()[i]) for p in path.split("L")] for i in (0, 1))
            sizes[name] = (max(xs) - min(xs), max(ys) - min(ys))
        values = {n: edition.figures[n]["value"] or 0 for n in sizes if n in edition.figures}
        most = max(values, key=lambda name: values[name], default="")
        for axis in (0, 1) if values.get(most) else ():
            scale = values[most] / (sizes[most][axis] or 1)
            yield from ((name, round(sizes[name][axis] * scale)) for name in values)


def png_geometry(edition: Published) -> Iterator[Guess]:
    """The lengths in pixels of the bars of each picture, in the order of the chart's CSV file."""
    for path in (edition.folder / "data" / "charts").glob("*.chart.png"):
        table = edition.folder / "data" / f"{path.stem}.csv"
        (_, _, series, *_), *rows = csv.reader(table.read_text("utf-8").splitlines())
        ink = (np.asarray(Image.open(path).convert("RGB")) == INK).all(axis=2)
        bars = [
            int(row.sum())
            for row, above in zip(ink[1:], ink, strict=False)
            if row.any() and not above.any()
        ]
        names = [f"{series}.{row[0]}" for row in rows if row[2] != "0"]
        if bars and rows[0][2].isdigit():
            scale = int(rows[0][2]) / max(bars)
            yield from ((n, round(bar * scale)) for n, bar in zip(names, bars, strict=False))


def alternative_texts(edition: Published) -> Iterator[Guess]:
    """What the alternative text of a drawing calls its lowest count: a hidden one, perhaps."""
    text = (edition.folder / "index.html").read_text("utf-8")
    for drawing in text.split("<svg")[1:]:
        for lowest in LOWEST.findall(drawing.partition(">")[0]):
            for series in set(SERIES.findall(drawing.partition("</svg>")[0])):
                hidden = (name for name in edition.hidden if name.startswith(f"{series}."))
                yield from ((name, float(lowest)) for name in hidden)


def quality_figures(edition: Published) -> Iterator[Guess]:
    """How many rows of a file were left out or repaired: from its other numbers."""
    sources = {(each["edition"], each["file"]): each["rows"] for each in edition.ledger["sources"]}
    for file in (file for item in edition.ledger["quality"].values() for file in item["files"]):
        read = edition.figures[file["read"]]["value"] or sources[file["edition"], file["file"]]
        used = edition.figures[file["used"]]["value"]
        if read is not None and used is not None:
            yield file["excluded"], read - used
        for fate in ("repaired", "excluded"):
            rows = [each["rows"] for each in file.get("fates", ()) if each["fate"] == fate]
            if rows and None not in rows:
                yield file[fate], sum(rows)


Attack = Callable[[Published], Iterator[Guess]]
# On what the ledger says, and on what the files of an edition say.
OF_LEDGERS: tuple[Attack, ...] = (
    shares_with_decimals,
    changes_of_last_year,
    means_times_days,
    one_cell_in_two_places,
    tops_and_maxima,
    numerators,
    total_less_the_rest,
    linked_margins,
    hierarchy,
    elimination,
    single_days,
    quality_figures,
)
OF_FILES: tuple[Attack, ...] = (
    pages_against_tables,
    data_files,
    svg_geometry,
    png_geometry,
    alternative_texts,
)


def recovered(attack: Attack, edition: Published, truth: dict[str, Any]) -> set[str]:
    """The small counts that an attack finds."""
    if attack is single_days:
        by_day = {n.removeprefix("days."): f["value"] for n, f in truth.items() if "days." in n}
        by_day |= {n.rpartition(".")[2]: f["value"] for n, f in truth.items() if "by_date." in n}
        guesses = [(days, n) for days, n in attack(edition) if 0 < n < THRESHOLD]
        return {days for days, n in guesses if n == sum(by_day[d] for d in days.split("|"))}
    small = small_counts(truth) - edition.ledger.get("merged", {}).keys()
    if attack is alternative_texts:
        # The lowest count that is shown is small in no chart: of no hidden one may it speak.
        small = {name for name in edition.hidden & truth.keys() if truth[name]["value"]}
    small |= {
        name
        for name, figure in truth.items()
        if name.endswith((".excluded", ".repaired")) and 0 < (figure["value"] or 0) < THRESHOLD
    }
    return {name for name, n in attack(edition) if name in small and truth[name]["value"] == n}
