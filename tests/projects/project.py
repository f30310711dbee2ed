"""A whole project, drawn from a seed: two years, their exports, code lists, chapters and texts."""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.projects.chapters import Author, Chapter, write_chapters
from tests.projects.codes import CodeList, draw_lists, write_lists
from tests.projects.exports import draw_contacts, fill_files, write_file
from tests.projects.foretelling import PASSES, Foretold, foretell
from tests.projects.labels import KINDS
from tests.projects.parameters import CLASSES, HELP, Parameters, draw_helpline, make_parameters
from tests.projects.people import Year, write_truth
from tests.projects.systems import System, draw_system

ROOT = Path(__file__).parents[2]
SIZES = (1, 2, 3, 8, 20, 30, 60, 100, 150, 250, 300, 400, 600, 1000)
# What rows are, and the threshold for small numbers: how often of a hundred times.
ROWS = {
    ("synthetic", 0): 37,
    ("public", 0): 35,
    ("confidential", 3): 10,
    ("confidential", 5): 10,
    ("confidential", 10): 8,
}
# Which small counts are hidden takes long to find: such projects have few of them.
SIZES_OF_CONFIDENTIAL = (8, 30, 60, 100, 200, 350)
SECTIONS, SECTIONS_OF_CONFIDENTIAL = 4, 2
# How many of a hundred projects have the most contacts.
LARGE, LARGEST = 2, 5000


@dataclass
class Drawn:
    """A drawn project: what its files are written from, and what was registered."""

    seed: int
    lists: dict[str, CodeList]
    systems: dict[str, System]
    years: dict[str, Year]
    parameters: dict[str, Parameters]
    chapters: list[Chapter]
    own_chapters: list[str]
    languages: list[str]
    threshold: int
    foretold: Foretold = PASSES

    @property
    def name(self) -> str:
        """The edition that is built."""
        return next(iter(self.parameters))

    def write(self, folder: Path) -> None:
        """Write the project into a new folder, and its truth beside the exports."""
        random = Random(f"{self.seed} files")
        write_lists(self.lists, folder / "data" / "codelists")
        layouts = folder / "params" / "layouts"
        layouts.mkdir(parents=True)
        for name, system in self.systems.items():
            files = {each: file.layout for each, file in system.files.items()}
            layout = {"layout": system.name, "about": "a drawn system", "files": files}
            text = yaml.safe_dump(layout, allow_unicode=True, sort_keys=False, width=1000)
            (layouts / f"{system.name}.yaml").write_text(text, "utf-8")
            place = folder / "data" / name
            place.mkdir()
            for file in system.files.values():
                write_file(random, file, place)
        (folder / "params" / "help").mkdir()
        (folder / "params" / "help" / "line.yaml").write_text(HELP, "utf-8")
        for each in self.parameters.values():
            each.write(folder / "params")
        notebooks = folder / "notebooks"
        notebooks.mkdir()
        shutil.copy(Path(__file__).with_name("plots.py"), notebooks / "plots.py")
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            if self.own_chapters:
                shutil.copy(path, notebooks / path.name)
        if self.own_chapters and "en" in self.languages:
            (notebooks / "en").mkdir()
            for path in sorted((ROOT / "notebooks" / "en").glob("*.md")):
                shutil.copy(path, notebooks / "en")
            write_chapters(self.chapters, 50, notebooks, ["nl", "en"])
        else:
            write_chapters(self.chapters, 50, notebooks, self.languages)
        write_truth(self.years, folder / "data" / "truth.json")


def draw_project(seed: int) -> Drawn:  # noqa: PLR0915 - one draw after another
    """The project of a seed; always the same."""
    random = Random(f"{seed} project")
    periods = _draw_periods(random)
    first, last = min(p[0] for p in periods.values()), max(p[1] for p in periods.values())
    kinds = [*random.sample([*KINDS, "long", "words"], random.randint(0, 3)), "plain"]
    lists = draw_lists(Random(f"{seed} lists"), kinds, first, last)
    classes = random.choice(CLASSES)
    languages = random.choice((["nl"], ["nl"], ["en"], ["nl", "en"], ["en", "nl"]))
    rows, threshold = random.choices(*zip(*ROWS.items(), strict=True))[0]
    size = LARGEST if random.random() < LARGE / 100 else random.choice(SIZES)
    size = random.choice(SIZES_OF_CONFIDENTIAL) if threshold else size
    shared = {"rows": rows, "language": languages[0], **draw_helpline(random)}
    if len(languages) > 1:
        shared["languages"] = languages
    shared["locale"] = random.choice(("nl_BE", "nl_NL"))
    if threshold:
        reason = {
            "nl": "kleine aantallen zeggen iets over mensen",
            "en": "small numbers tell of people",
        }
        day = dt.date(2018, 2, 1)
        shared["disclosure"] = {
            "threshold": threshold,
            "decided_by": "het bestuur",
            "decided_on": day,
            "reason": reason,
        }
    systems: dict[str, System] = {}
    years: dict[str, Year] = {}
    parameters: dict[str, Parameters] = {}
    alike = random.random() < 0.4
    working = random.choice(([1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6]))
    for name, period in periods.items():
        drawing = Random(f"{seed} system" if alike else f"{seed} system {name}")
        system = draw_system(drawing, f"system-{name}", lists, classes, period)
        drawing = Random(f"{seed} people {name}")
        number = max(1, int(size * drawing.choice((0.5, 0.9, 1, 1.1, 2)))) if years else size
        contacts = draw_contacts(drawing, system, number, *period)
        year = _make_year(
            name=name,
            period=period,
            contacts=contacts,
            system=system,
            classes=classes,
            working=working,
        )
        fill_files(drawing, system, year)
        systems[name], years[name] = system, year
        sources = [{"layout": system.name, "folder": f"data/{name}"}]
        more: dict[str, Any] = {"sources": sources, "calendar": {"working_days": working}}
        parameters[name] = make_parameters(name, shared, period, classes, **more)
    now, *before = parameters
    if before:
        parameters[now].data["comparison"] = before[0]
    breaks = _list_breaks(systems, lists, periods)
    if breaks:
        parameters[now].data["breaks"] = breaks
    most = SECTIONS_OF_CONFIDENTIAL if threshold else SECTIONS
    then = years[before[0]] if before else None
    author = Author(Random(f"{seed} chapters"), lists, years[now], then, most)
    number = 1 if threshold else random.randint(1, 2)
    chapters = [author.write_chapter(f"part{at}") for at in range(number)]
    own: list[str] = []
    if random.random() < (0.15 if threshold else 0.4):
        own = random.sample(OWN_CHAPTERS, 1 if threshold else random.randint(1, 4))
    if own:
        in_order = [each for each in OWN_CHAPTERS if each in own]
        parameters[now].data["chapters"] = [*in_order, *(each.name for each in chapters)]
    drawn = Drawn(seed, lists, systems, years, parameters, chapters, own, languages, threshold)
    drawn.foretold = foretell(Random(f"{seed} fault"), drawn)
    return drawn


OWN_CHAPTERS = [
    "summary",
    "helpline",
    "contacts",
    "callers",
    "problems",
    "followup",
    "media",
    "method",
]


def _draw_periods(random: Random) -> dict[str, tuple[dt.date, dt.date]]:
    """The periods of the edition and of the year it is compared with, if any, by their names."""
    year = random.choice((2017, 2017, 2018, 2020, 2024))
    kind = random.choice(("calendar", "calendar", "calendar", "school", "half"))
    periods: dict[str, tuple[dt.date, dt.date]] = {}
    for each in (year, year - 1):
        match kind:
            case "school":
                periods[f"{each}"] = dt.date(each - 1, 9, 1), dt.date(each, 8, 31)
            case "half":
                periods[f"{each}"] = dt.date(each, 1, 1), dt.date(each, 6, 30)
            case _:
                periods[f"{each}"] = dt.date(each, 1, 1), dt.date(each, 12, 31)
    if random.random() < 0.25:
        del periods[f"{year - 1}"]
    return periods


def _make_year(
    *,
    name: str,
    period: tuple[dt.date, dt.date],
    contacts: list[Any],
    system: System,
    classes: list[tuple[str, int, int | None]],
    working: list[int],
) -> Year:
    fields: dict[str, list[str]] = {}
    for table in system.tables:
        fields[table] = [each.field for each in system.coded(table)]
    fields["contacts"] += ["date", *(["hour"] if system.clock.has_time else [])]
    if system.ages is not None and "persons" in fields:
        fields["persons"].append("age")
    several = [e.field for table in system.tables for e in system.coded(table) if e.several]
    return Year(
        name=name,
        start=period[0],
        end=period[1],
        contacts=contacts,
        fields=fields,
        several=several,
        working_days=working,
        closed=[],
        lines=[],
        classes=classes,
    )


def _list_breaks(
    systems: dict[str, System],
    lists: dict[str, CodeList],
    periods: dict[str, tuple[dt.date, dt.date]],
) -> list[dict[str, Any]]:
    """The breaks between two years that differ: the documents ask for one of each change."""
    note = {"nl": "er kwam een ander registratiesysteem", "en": "another register was used"}
    now, *before = periods
    days: dict[tuple[str, dt.date], None] = {}
    if before:
        tables = ["contacts", "persons", "followups"]
        breaks: list[dict[str, Any]] = [
            {
                "id": "other_system",
                "kind": "revision",
                "tables": tables,
                "date": periods[now][0],
                "note": note,
            }
        ]
    else:
        breaks = []
    first, last = periods[before[0] if before else now][0], periods[now][1]
    for each in systems.values():
        for table in each.tables:
            for column in each.coded(table):
                for code in lists[column.field].codes if column.field in lists else ():
                    if code["code"] not in column.codes:
                        continue
                    day = code.get("from")
                    if day is not None and first < day <= last:
                        days[column.field, day] = None
                    until = code.get("until")
                    if until is not None and first < until + dt.timedelta(days=1) <= last:
                        days[column.field, until + dt.timedelta(days=1)] = None
    for at, (name, day) in enumerate(days):
        breaks.append(
            {"id": f"codes_{at}", "kind": "revision", "field": name, "date": day, "note": note}
        )
    return breaks
