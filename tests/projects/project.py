"""A whole project, drawn from a seed: two years, their exports, code lists, chapters and texts."""

import datetime as dt
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.projects.chapters import Author, Chapter, write_chapters
from tests.projects.codes import CodeList, draw_lists, write_lists
from tests.projects.editions import Period, describe_year, draw_periods, list_breaks, list_fields
from tests.projects.exports import draw_contacts, fill_files, write_file
from tests.projects.foretelling import PASSES, Foretold, foretell
from tests.projects.labels import KINDS
from tests.projects.parameters import CLASSES, HELP, Parameters, draw_helpline, make_parameters
from tests.projects.people import Year, write_truth
from tests.projects.printed import draw_printed
from tests.projects.systems import System, draw_system
from tests.projects.texts import draw_texts, write_texts

ROOT = Path(__file__).parents[2]
SIZES = (1, 2, 3, 8, 20, 30, 60, 100, 150, 250, 300, 400, 600, 1000)
# How many of a hundred projects have no contacts at all: their exports are refused.
EMPTY = 2
# How many of a hundred have some chapters of the repository, which take long.
WITH_OWN, WITH_OWN_OF_CONFIDENTIAL = 15, 10
# The languages of an edition, the first one first, and of how many of ten: two take twice as long.
LANGUAGES, OF_TEN = (["nl"], ["en"], ["nl", "en"], ["en", "nl"]), (4, 4, 1, 1)
REASON = {"nl": "kleine aantallen zeggen iets over mensen", "en": "small numbers tell of people"}
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
SECTIONS, SECTIONS_OF_CONFIDENTIAL = 3, 2
# How many of a hundred projects have the most contacts.
LARGE, LARGEST = 2, 5000


@dataclass
class Drawn:
    """A drawn project: what its files are written from, and what was registered."""

    seed: int
    lists: dict[str, CodeList]
    languages: list[str]
    threshold: int
    systems: dict[str, System] = field(default_factory=dict)
    years: dict[str, Year] = field(default_factory=dict)
    parameters: dict[str, Parameters] = field(default_factory=dict)
    chapters: list[Chapter] = field(default_factory=list)
    own_chapters: list[str] = field(default_factory=list)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    printed: str = ""
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
        write_texts(self.texts, folder / "params" / self.name)
        if self.printed:
            (folder / "data" / "printed.csv").write_text(self.printed, "utf-8")
        write_truth(self.years, folder / "data" / "truth.json")


def draw_project(seed: int) -> Drawn:
    """The project of a seed; always the same."""
    random = Random(f"{seed} project")
    periods = draw_periods(random)
    first, last = min(p[0] for p in periods.values()), max(p[1] for p in periods.values())
    kinds = [*random.sample([*KINDS, "long", "words"], random.randint(0, 3)), "plain"]
    lists = draw_lists(Random(f"{seed} lists"), kinds, first, last)
    languages = random.choices(LANGUAGES, OF_TEN)[0]
    rows, threshold = random.choices(*zip(*ROWS.items(), strict=True))[0]
    drawn = Drawn(seed, lists, languages, threshold)
    _draw_years(random, drawn, periods, _describe_both(random, drawn, rows))
    _draw_chapters(random, drawn)
    drawn.foretold = foretell(Random(f"{seed} fault"), drawn)
    return drawn


def _describe_both(random: Random, drawn: Drawn, rows: str) -> dict[str, Any]:
    """What the parameters of both years say."""
    shared = {"rows": rows, "language": drawn.languages[0], **draw_helpline(random)}
    shared["locale"] = random.choice(("nl_BE", "nl_NL"))
    if len(drawn.languages) > 1:
        shared["languages"] = drawn.languages
    if drawn.threshold:
        decision = {"threshold": drawn.threshold, "decided_by": "het bestuur"}
        shared["disclosure"] = {**decision, "decided_on": dt.date(2018, 2, 1), "reason": REASON}
    return shared


def _draw_years(
    random: Random, drawn: Drawn, periods: dict[str, Period], shared: dict[str, Any]
) -> None:
    """The systems of both years, what they registered, and the parameters of each."""
    classes, alike = random.choice(CLASSES), random.random() < 0.4
    working = random.choice(([1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6]))
    usual = random.choice(SIZES_OF_CONFIDENTIAL if drawn.threshold else SIZES)
    largest = usual if drawn.threshold else LARGEST
    size = random.choices((0, largest, usual), (EMPTY, LARGE, 100 - EMPTY - LARGE))[0]
    lines: list[str] = []
    for name, period in periods.items():
        drawing = Random(f"{drawn.seed} system" if alike else f"{drawn.seed} system {name}")
        system = draw_system(drawing, f"system-{name}", drawn.lists, classes, period)
        drawing = Random(f"{drawn.seed} people {name}")
        first = not drawn.years
        number = size if first else max(1, int(size * drawing.choice((0.5, 0.9, 1, 1.1, 2))))
        contacts = draw_contacts(drawing, system, number, *period)
        several = [e.field for table in system.tables for e in system.coded(table) if e.several]
        known = [each for each in system.coded("contacts") if each.field == "helpline"]
        lines = lines or [*known[0].codes] if known and random.random() < 0.5 else lines
        year = Year(
            name=name,
            start=period[0],
            end=period[1],
            contacts=contacts,
            fields=list_fields(system),
            several=several,
            working_days=working,
            closed=[],
            lines=lines,
            classes=classes,
        )
        fill_files(drawing, system, year)
        more = describe_year(drawing, year, system)
        more["sources"] = [{"layout": system.name, "folder": f"data/{name}"}]
        more["helpline"] = {**shared["helpline"], "lines": lines}
        drawn.systems[name], drawn.years[name] = system, year
        drawn.parameters[name] = make_parameters(name, shared, period, classes, **more)
    now, *before = drawn.parameters
    if before:
        drawn.parameters[now].data["comparison"] = before[0]
    # Each edition says what changes in the years that it reads.
    for years in ([now, *before], before):
        read = {each: periods[each] for each in years}
        systems = {each: drawn.systems[each] for each in years}
        breaks = list_breaks(systems, drawn.lists, read) if years else []
        if breaks:
            drawn.parameters[years[0]].data["breaks"] = breaks


def _draw_chapters(random: Random, drawn: Drawn) -> None:
    """Chapters that are drawn, some of the repository, and texts of the edition's own."""
    now, *before = drawn.years.values()
    most = SECTIONS_OF_CONFIDENTIAL if drawn.threshold else SECTIONS
    then = before[0] if before else None
    author = Author(Random(f"{drawn.seed} chapters"), drawn.lists, now, then, most)
    author.has_campaigns = "campaigns" in drawn.parameters[drawn.name].data
    number = 1 if drawn.threshold else random.randint(1, 2)
    drawn.chapters = [author.write_chapter(f"part{at}") for at in range(number)]
    if random.random() < (WITH_OWN_OF_CONFIDENTIAL if drawn.threshold else WITH_OWN) / 100:
        own = random.sample(OWN_CHAPTERS, 1 if drawn.threshold else random.randint(1, 4))
        drawn.own_chapters = [each for each in OWN_CHAPTERS if each in own]
        names = [*drawn.own_chapters, *(each.name for each in drawn.chapters)]
        drawn.parameters[drawn.name].data["chapters"] = names
    drawn.texts = draw_texts(Random(f"{drawn.seed} texts"), drawn.chapters, drawn.languages)
    if author.counts and not drawn.threshold and random.random() < 0.3:
        drawn.printed = draw_printed(random, author.counts, now)
        drawn.parameters[drawn.name].data["printed"] = ["data/printed.csv"]


OWN_CHAPTERS = [
    *("summary", "helpline", "contacts", "callers", "problems", "followup", "media", "method"),
]
