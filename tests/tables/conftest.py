"""A project with small exports, drawn as tables in the tests."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from helpline_report.errors import ExportError
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset import Dataset, FileBalance, Table
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.plausibility import CountedYear
from helpline_report.tables.years import load_years
from tests.conftest import refusal
from tests.figures.drawn import NAME, edition

REPOSITORY = Path(__file__).parents[2]
LAYOUT = """\
layout: small
about: a layout for tests
files:
  contacts:
    name: contacts.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    tables:
      contacts:
        key: nr
        columns:
          day: {field: date, kind: date}
          time: {field: hour, kind: time, blank: unknown}
          channel:
            field: channel
            blank: not_registered
            codes: {Telefoon: phone, E-mail: email, Andere: other}
  persons:
    name: persons.csv
    delimiter: ";"
    tables:
      persons:
        key: nr
        parent: contact
        columns:
          gender: {field: gender, codes: {Vrouw: female, Man: male}}
          age: {field: age, kind: integer, from: 0, to: 110, outside: unknown, blank: unknown}
          context:
            field: context
            blank: not_registered
            codes: {School: school, Sport: sport, Sport en vrije tijd: sport_leisure}
  followups:
    name: followups.csv
    delimiter: ";"
    tables:
      followups:
        key: row
        parent: person
        columns:
          followup: {field: followup, blank: empty, codes: {Advies: advice, Andere: other}}
"""
# A layout of one file, whose tables follow.
ONE_FILE = """\
layout: small
about: several tables in one file
files:
  both:
    name: both.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    tables:
"""
LAYOUT_OF_CONTACTS = """\
layout: small
about: contacts alone
files:
  contacts:
    name: contacts.csv
    delimiter: ";"
    {written}
    tables:
      contacts:
        key: {key}
        columns:
          {columns}
"""


def layout_of_contacts(
    *written: str, key: str = "nr", columns: str = "day: {field: date, kind: date}"
) -> str:
    """A layout of contacts alone, with lines that say how the file is written."""
    lines = "\n    ".join(written or ["dates: dd/mm/yyyy"])
    text = LAYOUT_OF_CONTACTS.replace("{written}", lines).replace("{key}", key)
    return text.replace("{columns}", columns)


CONTACTS = """
nr | day        | time  | channel
1  | 02/03/2017 | 09:15 | Telefoon
2  | 02/03/2017 |       | E-mail
3  | 31/12/2017 | 23:59 |
"""
PERSONS = """
nr | contact | gender | age | context
11 | 1       | Vrouw  | 34  | School
12 | 1       | Man    |     | Sport
13 | 3       | Vrouw  | 0   | School
"""
FOLLOWUPS = """
person | followup
11     | Advies
11     | Andere
13     |
"""


def drawn(table: str) -> str:
    rows = [line.split("|") for line in table.strip().splitlines()]
    return "".join(";".join(cell.strip() for cell in row) + "\n" for row in rows)


def an_edition(year: str, sources: list[dict[str, object]], **more: object) -> Edition:
    """The least that an edition of some sources says, and `more`."""
    ages = [{"code": "all", "from": 0, "label": NAME}]
    helpline = {"name": "x", "full_name": NAME, "website": "x"}
    least = {"sources": sources, "helpline": helpline, "age_classes": ages, "person_ages": ages}
    return edition(int(year), **least | more)


_LISTS: dict[bytes, dict[str, CodeList]] = {}


class QuickProject(Project):
    """A project whose code lists are parsed once for all tests in which they are the same."""

    def codelists(self) -> dict[str, CodeList]:
        paths = sorted((self.root / "data" / "codelists").glob("*.yaml"))
        content = b"".join(path.read_bytes() for path in paths)
        if content not in _LISTS:
            _LISTS[content] = super().codelists()
        return dict(_LISTS[content])


@dataclass
class Desk:
    """A project folder whose exports a test replaces one by one."""

    root: Path
    year: str = "2017"
    # One contact of the three is about nobody.
    parameters: dict[str, object] = field(
        default_factory=lambda: {
            "acknowledged": [
                {"fault": "B56", "reason": {"nl": "vragen om raad", "en": "questions for advice"}}
            ]
        }
    )

    @property
    def project(self) -> Project:
        return QuickProject(self.root)

    @property
    def edition(self) -> Edition:
        """An edition of the small exports in `raw/`."""
        return an_edition(self.year, [{"layout": "small", "folder": "raw"}], **self.parameters)

    def put(self, name: str, table: str) -> None:
        """Put a drawn table as an export."""
        (self.root / "raw" / name).write_text(drawn(table), encoding="utf-8")

    def put_layout(self, text: str) -> None:
        path = self.root / "params" / "layouts" / "small.yaml"
        path.write_text(text, encoding="utf-8")

    def change_layout(self, old: str, new: str) -> None:
        """Replace the first of a text in the layout."""
        path = self.root / "params" / "layouts" / "small.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        self.put_layout(text.replace(old, new, 1))

    def load(self) -> Dataset:
        return load_dataset(self.project, self.edition)

    def years(self) -> list[CountedYear]:
        return load_years(self.project, self.edition, load_dataset)

    def year_message(self) -> str:
        """The whole message with which the years are refused."""
        return refusal(ExportError, self.years)

    def table(self, name: str) -> Table:
        return self.load().tables[name]

    def column(self, table: str, name: str) -> list[object]:
        values = self.table(table).frame[name].tolist()
        return [str(value) if hasattr(value, "isoformat") else value for value in values]

    def balance(self, name: str) -> FileBalance:
        return next(item for item in self.load().balances if item.file == f"raw/{name}")

    def message(self) -> str:
        """The whole message with which the exports are refused."""
        return refusal(ExportError, self.load)

    def problems(self) -> list[str]:
        with pytest.raises(ExportError) as caught:
            self.load()
        return [str(problem) for problem in caught.value.problems]


def make_folders(root: Path) -> Path:
    """Make the folders of a desk: for exports and a layout, and with the shipped code lists."""
    (root / "raw").mkdir()
    (root / "params" / "layouts").mkdir(parents=True)
    shutil.copytree(REPOSITORY / "data" / "codelists", root / "data" / "codelists")
    return root


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Three contacts, three persons and three follow-ups of 2017."""
    small = Desk(make_folders(tmp_path))
    small.put_layout(LAYOUT)
    small.put("contacts.csv", CONTACTS)
    small.put("persons.csv", PERSONS)
    small.put("followups.csv", FOLLOWUPS)
    return small


@pytest.fixture
def sample_edition() -> Edition:
    folder = "data/sample/2017"
    return an_edition(
        "2017",
        [
            {"layout": "registration-1712", "folder": folder},
            {"layout": "google-analytics-nl", "folder": f"{folder}/google-analytics"},
        ],
    )


@pytest.fixture
def sample_copy(tmp_path: Path) -> Path:
    """A project folder with a copy of the sample of 2017 that a test may change."""
    for part in ("data/codelists", "data/sample/2017", "params/layouts"):
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    return tmp_path


class Sample:
    """A copy of the sample's two years, whose rows a test changes."""

    FILES = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")

    def __init__(self, root: Path) -> None:
        self.root = root
        for part in ("data/codelists", "data/sample", "params"):
            shutil.copytree(REPOSITORY / part, root / part)
        # Web analytics say nothing about rows, and take half the time.
        self.say(lambda data: data.update(sources=data["sources"][:1]))

    def rows(self, file: str) -> list[list[str]]:
        text = (self.root / "data/sample/2017" / file).read_text(encoding="utf-8")
        return [line.split(";") for line in text.splitlines()]

    def put(self, file: str, rows: list[list[str]]) -> None:
        """Replace an export of 2017."""
        text = "".join(";".join(row) + "\n" for row in rows)
        (self.root / "data/sample/2017" / file).write_text(text, encoding="utf-8")

    def keep_rows(self, wanted: Any) -> None:
        """Keep the contacts that are wanted, with their persons and follow-ups."""
        contacts, persons, followups = map(self.rows, self.FILES)
        contacts = [contacts[0], *(row for row in contacts[1:] if wanted(row))]
        numbers = {row[0] for row in contacts}
        persons = [persons[0], *(row for row in persons[1:] if row[1] in numbers)]
        numbers = {row[0] for row in persons}
        followups = [followups[0], *(row for row in followups[1:] if row[0] in numbers)]
        for file, rows in zip(self.FILES, (contacts, persons, followups), strict=True):
            self.put(file, rows)

    def as_workbook(self, file: str) -> None:
        """Give an export of 2017 as a workbook of texts."""
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in self.rows(file):
            sheet.append(row)
        path = self.root / "data/sample/2017" / file
        book.save(path.with_suffix(".xlsx"))
        path.unlink()
        name = ("contacts", "persons", "followups")[self.FILES.index(file)]
        files = {name: path.with_suffix(".xlsx").name}
        self.say(lambda data: data["sources"][0].update(files=files))

    def say(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the parameters of 2017."""
        path = self.root / "params" / "2017.yaml"
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(data)
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")

    def acknowledge(self, *entries: Mapping[str, object]) -> None:
        """Say that something is known."""
        reason = {"nl": "nagekeken", "en": "looked up"}
        known = [{**entry, "reason": reason} for entry in entries]
        self.say(lambda data: data.update(acknowledged=known))

    def load(self) -> list[CountedYear]:
        project = QuickProject(self.root)
        return load_years(project, project.edition("2017"), _load_changed)

    def problems(self) -> list[str]:
        with pytest.raises(ExportError) as caught:
            self.load()
        return [f"{problem.code}: {problem.what}" for problem in caught.value.problems]


def _load_changed(project: Project, edition: Edition) -> Dataset:
    """The tables of a year; those of 2016, which no test changes, are read once."""
    return _load_2016() if edition.edition == "2016" else load_dataset(project, edition)


@cache
def _load_2016() -> Dataset:
    project = Project(REPOSITORY)
    return load_dataset(project, project.edition("2016"))


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path / "project")
