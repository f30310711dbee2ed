"""Registration systems: which files one exports, and the layout that says what they mean."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.projects.clocks import Clock, draw_clock
from tests.projects.codes import TABLES, CodeList
from tests.projects.columns import AgeColumn, Cells, CodedColumn, Style, draw_ages, draw_column
from tests.projects.labels import KINDS, can_write

DELIMITERS = (";", ",", "\t", "|")
ARRANGEMENTS = ("apart", "apart", "apart", "repeated", "same row", "number", "contacts")
TITLES = (
    *("kanaal", "rol", "leeftijd", "geslacht", "vorm", "soort", "plaats", "aard", "reden", "lijn"),
    *("Wie belt", "hoe lang", "Étape", "Straße", "order", "select", "hour", "Edition", "value"),
    *("q1", "q2", "q10", "type de violence", "edad (años)", "a;b", "c,d", 'de "soort"', "x|y"),
    *(
        "label",
        "code",
        "field",
        "key",
        "mended",
        "month",
        "line",
        "file",
        "date_1",
        "über",
        "naam 2",
    ),
)
SEVERAL = ("form", "context", "need", "followup")
IGNORED = (
    ("opmerking", "vrije tekst, die geen tabel neemt"),
    ("note_*", "free text, which no table takes"),
    ("e-mail", "it identifies somebody"),
)


@dataclass
class File:
    """A file of an export: its layout, its titles in their order, and its rows."""

    name: str
    layout: dict[str, Any]
    titles: list[str]
    encoding: str
    delimiter: str
    rows: list[Cells] = field(default_factory=list)


@dataclass
class System:
    """A registration system as one year's exports show it."""

    name: str
    arrangement: str
    style: Style
    clock: Clock
    columns: dict[str, list[CodedColumn]]
    ages: AgeColumn | None
    classes: CodedColumn | None
    followups: str
    keys: dict[str, str]
    blank_keys: bool
    yearly: bool
    files: dict[str, File]

    @property
    def tables(self) -> list[str]:
        """The tables that its files give."""
        if self.arrangement == "contacts":
            return ["contacts"]
        return [*TABLES] if self.followups else ["contacts", "persons"]

    def coded(self, table: str) -> list[CodedColumn]:
        """The coded columns of a table, with that of the classes of ages."""
        own = self.columns[table] if table in self.tables else []
        return [*own, *([self.classes] if table == "persons" and self.classes else [])]

    @property
    def breaks(self) -> list[tuple[str, dt.date]]:
        """The days on which codes begin or end, by field."""
        columns = [each for table in self.tables for each in self.coded(table)]
        return [(each.field, day) for each in columns for day in each.breaks]


class _Titles:
    """Titles of columns, none of which stands twice."""

    def __init__(self, random: Random, encoding: str) -> None:
        self.random, self.encoding = random, encoding
        self.used: set[str] = set()

    def draw(self) -> str:
        while True:
            title = self.random.choice(TITLES)
            title += self.random.choice(("", "", f" {self.random.randint(1, 99)}", "_x"))
            if title.casefold() not in self.used and can_write(title, self.encoding):
                self.used.add(title.casefold())
                return title


def draw_system(
    random: Random,
    name: str,
    lists: dict[str, CodeList],
    classes: list[tuple[str, int, int | None]],
    period: tuple[dt.date, dt.date],
) -> System:
    """A system that gives some of the fields of some lists in a year."""
    encoding = random.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"))
    kinds = random.sample([*KINDS, "long", "words"], random.randint(1, 4))
    kinds = [*kinds, "plain"]
    style = Style(kinds, encoding, random.choice((0, 0, 0.1)), period)
    arrangement = random.choice(ARRANGEMENTS)
    titles = _Titles(random, encoding)
    followups = ""
    if arrangement in ("apart", "repeated", "same row") and random.random() < 0.6:
        followups = (
            random.choice(("own", "own", "same row")) if arrangement == "apart" else "same row"
        )
    given = {each.field: each for each in lists.values() if random.random() < 0.7}
    if followups:
        given["followup"] = lists["followup"]
    columns: dict[str, list[CodedColumn]] = {table: [] for table in TABLES}
    for each in given.values():
        codes = each.always(*period)
        if not codes:
            continue
        few = random.sample(codes, random.randint(min(2, len(codes)), len(codes)))
        few += [code for code in each.within(*period) if random.random() < 0.5]
        chosen = [code["code"] for code in each.codes if code["code"] in few]
        several = each.field in SEVERAL and random.random() < 0.4
        several = several and each.table != "followups"
        column = draw_column(random, each, chosen, titles.draw(), style, several=several)
        columns[each.table].append(column)
    with_age = random.choice(("age", "age", "age_class", ""))
    ages = draw_ages(random, titles.draw()) if with_age == "age" else None
    of_classes = None
    if with_age == "age_class":
        known = [*(code for code, _, _ in classes), "unknown"]
        listed = CodeList("age_class", "persons", {"codes": [{"code": code} for code in known]})
        of_classes = draw_column(random, listed, known, titles.draw(), style, several=False)
    keys = {table: titles.draw() for table in TABLES}
    system = System(
        name=name,
        arrangement=arrangement,
        style=style,
        clock=draw_clock(random, [titles.draw(), titles.draw()]),
        columns=columns,
        ages=ages,
        classes=of_classes,
        followups=followups,
        keys=keys,
        blank_keys=random.random() < 0.3,
        yearly=random.random() < 0.2,
        files={},
    )
    _make_files(random, system)
    return system


def _make_files(random: Random, system: System) -> None:
    """The files of a system with their layouts."""
    tables = _describe_tables(random, system)
    apart = system.arrangement == "apart"
    groups = {"contacts": [each for each in system.tables if not apart or each == "contacts"]}
    if apart:
        own = system.followups == "own"
        groups["persons"] = [each for each in system.tables if each != "contacts"]
        if own:
            groups["persons"] = ["persons"]
            groups["followups"] = ["followups"]
    delimiter = random.choice(DELIMITERS)
    for name, inside in groups.items():
        layout: dict[str, Any] = {"name": f"{name}.csv", "delimiter": delimiter}
        if system.style.encoding == "cp1252":
            layout["encodings"] = ["utf-8", "windows-1252"]
        if name == "contacts":
            layout |= system.clock.file
        layout["tables"] = {table: tables[table] for table in inside}
        titles = _list_titles(layout["tables"])
        if random.random() < 0.3:
            pattern, why = random.choice(IGNORED)
            layout["ignored"] = {pattern: why}
            titles.append(pattern.replace("*", "1"))
        random.shuffle(titles)
        encoding = system.style.encoding
        system.files[name] = File(layout["name"], layout, titles, encoding, delimiter)


def _describe_tables(random: Random, system: System) -> dict[str, dict[str, Any]]:
    """What the layout says of each table."""
    keyed = _list_keyed(random, system)
    tables: dict[str, dict[str, Any]] = {}
    for table in system.tables:
        part = _describe_keys(system, table, keyed)
        columns: dict[str, Any] = dict(system.clock.columns) if table == "contacts" else {}
        flags: dict[str, Any] = {}
        for each in system.coded(table):
            columns |= each.layout
            flags |= {each.field: each.flags} if each.flags else {}
        if table == "persons" and system.ages:
            columns[system.ages.title] = system.ages.layout
        joined = [each.field for each in system.coded(table) if each.joined]
        part |= {"several": joined} if joined else {}
        part |= {"columns": columns} if columns else {}
        part |= {"flags": flags} if flags else {}
        tables[table] = part
    if system.blank_keys and "contacts" in keyed and system.arrangement in ("apart", "repeated"):
        tables["contacts"]["blank_key"] = "row"
    return tables


def _describe_keys(system: System, table: str, keyed: set[str]) -> dict[str, Any]:
    """What the layout says of the keys of a table."""
    keys = system.keys
    part: dict[str, Any] = {"key": keys[table] if table in keyed else "row"}
    if table in keyed and system.yearly:
        part["numbered_yearly"] = True
    if table == "persons":
        on_row = system.arrangement in ("same row", "number")
        part["parent"] = "row" if on_row else keys["contacts"]
        if system.arrangement == "number":
            part["number"] = keys["persons"]
    if table == "followups":
        part["parent"] = "row" if system.followups == "same row" else keys["persons"]
    return part


def _list_keyed(random: Random, system: System) -> set[str]:
    """The tables whose rows have a key."""
    match system.arrangement:
        case "apart":
            keyed = {"contacts"}
            if system.followups == "own" or random.random() < 0.5:
                keyed.add("persons")
            if system.followups == "own" and random.random() < 0.3:
                keyed.add("followups")
            return keyed
        case "repeated":
            return {"contacts"}
        case "same row" | "number":
            return set()
    return {"contacts"} if random.random() < 0.5 else set()


def _list_titles(tables: dict[str, dict[str, Any]]) -> list[str]:
    """The titles of the columns that some tables take, each once."""
    titles: list[str] = []
    for part in tables.values():
        keys = [part.get("key"), part.get("parent"), part.get("number")]
        titles += [each for each in keys if each not in (None, "row")]
        titles += part.get("columns", {})
        for flags in part.get("flags", {}).values():
            titles += flags["columns"]
    return list(dict.fromkeys(titles))
