"""Say of a project, before it is built, whether it passes, or what refuses it; and plant faults."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.projects.columns import Cells, CodedColumn
from tests.projects.systems import File, System

# A confidential register of fewer contacts may be refused by the gate, which says what would help.
FEW = 300
GATE, GATE_SAYS = 3, "nothing protects"
HELPS = ("take ", "merge", "count", "name ", "report a longer period")


@dataclass(frozen=True)
class Foretold:
    """What becomes of a project: it passes (0), or is refused with a code and these words.

    If it `may_be_hidden`, the gate may refuse it as well.
    """

    exit_code: int = 0
    words: str = ""
    may_be_hidden: bool = False

    def judge(self, exit_code: int, message: str) -> str:
        """What an outcome is: `passed`, `refused`, `gate`, `false alarm` or `missed`."""
        if not self.exit_code:
            if not exit_code:
                return "passed"
            helps = GATE_SAYS in message and any(each in message for each in HELPS)
            of_gate = exit_code == GATE and helps and self.may_be_hidden
            return "gate" if of_gate else "false alarm"
        if not exit_code:
            return "missed"
        is_foretold = exit_code == self.exit_code and self.words in message
        return "refused" if is_foretold else "false alarm"


PASSES = Foretold()
Plant = Callable[[Random, Any], Foretold | None]


def foretell(random: Random, drawn: Any) -> Foretold:
    """Plant a fault in one of some projects, and say what becomes of it."""
    if any(not file.rows for system in drawn.systems.values() for file in system.files.values()):
        return Foretold(2, "[B07]")
    if random.random() < SHARE:
        for plant in random.sample(PLANTS, len(PLANTS)):
            foretold = plant(random, drawn)
            if foretold is not None:
                return foretold
    size = len(drawn.years[drawn.name].contacts)
    return Foretold(may_be_hidden=bool(drawn.threshold) and size < FEW)


def _plant_label(random: Random, drawn: Any) -> Foretold | None:
    """A label that no layout knows."""
    for system, column, file in _list_places(random, drawn):
        if not column.flags:
            title = column.titles[0]
            random.choice(file.rows)[title] = "Zzyzx"
            del system
            return Foretold(2, "[B59]")
    return None


def _plant_key(random: Random, drawn: Any) -> Foretold | None:
    """One key with two contents."""
    for system in drawn.systems.values():
        file = system.files.get("contacts")
        tables = file.layout["tables"]
        if system.arrangement == "apart" and len(file.rows) > 1:
            key = tables["contacts"]["key"]
            one, other = random.sample(file.rows, 2)
            if one[key] and other[key] and any(one[t] != other[t] for t in one if t != key):
                copied: Cells = {**other, key: one[key]}
                file.rows.append(copied)
                return Foretold(2, "[B53]")
    return None


def _plant_date(random: Random, drawn: Any) -> Foretold | None:
    """A date that can't be read."""
    file = random.choice([*drawn.systems.values()]).files["contacts"]
    columns = file.layout["tables"]["contacts"]["columns"]
    title = next(each for each, column in columns.items() if column["field"] == "date")
    random.choice(file.rows)[title] = "somewhere"
    return Foretold(2, "[B42]")


def _plant_column(random: Random, drawn: Any) -> Foretold | None:
    """A column that no layout knows."""
    file = random.choice([*random.choice([*drawn.systems.values()]).files.values()])
    file.titles.insert(random.randint(0, len(file.titles)), "iets nieuws")
    return Foretold(2, "[B23]")


def _plant_lost_column(random: Random, drawn: Any) -> Foretold | None:
    """A column that isn't there."""
    for _, column, file in _list_places(random, drawn):
        file.titles.remove(column.titles[0])
        return Foretold(2, "[B22]")
    return None


def _plant_orphan(random: Random, drawn: Any) -> Foretold | None:
    """A person without contact."""
    for system in drawn.systems.values():
        if system.arrangement == "apart":
            file: File = system.files["persons"]
            parent = file.layout["tables"]["persons"]["parent"]
            random.choice(file.rows)[parent] = "nobody-1"
            return Foretold(2, "[B54]")
    return None


def _plant_parameter(random: Random, drawn: Any) -> Foretold | None:
    """A misspelt parameter."""
    data = drawn.parameters[drawn.name].data
    key = random.choice(("calendar", "publisher", "helpline"))
    data[f"{key}x"] = data.pop(key)
    return Foretold(2, f"'{key}x'")


def _plant_number(random: Random, drawn: Any) -> Foretold | None:
    """A number that is typed in a text."""
    cell = _choose_text(random, drawn)
    if cell is None:
        return None
    cell.text = {"nl": "Dat waren 347 mensen.", "en": "That was 347 people."}
    return Foretold(2, "is a number that is typed")


def _plant_name(random: Random, drawn: Any) -> Foretold | None:
    """A figure that there isn't."""
    cell = _choose_text(random, drawn)
    if cell is None:
        return None
    cell.text = dict.fromkeys(("nl", "en"), "{{ part0.there.is.none | noun }}")
    return Foretold(2, "there is no figure")


def _choose_text(random: Random, drawn: Any) -> Any:
    """A text of a chapter that no text of the edition takes the place of; None if there is none."""
    chapter = random.choice(drawn.chapters)
    own = "".join(texts.get(chapter.name, "") for texts in drawn.texts.values())
    texts = [each for each in chapter.cells if each.text and each.name != "title"]
    kept = [each for each in texts if f"=== {each.name} ===" not in own]
    return random.choice(kept) if kept else None


def _plant_code(random: Random, drawn: Any) -> Foretold | None:
    """A code that no list knows, in a chapter."""
    cell = next(each for each in random.choice(drawn.chapters).cells if each.code)
    cell.code = 'contacts = chapter.populations("contacts").where(channel="pigeon")'
    return Foretold(2, "has no code 'pigeon'")


def _list_places(random: Random, drawn: Any) -> list[tuple[System, CodedColumn, File]]:
    """Each coded column with its system and the file that it stands in, in any order."""
    places = [
        (system, column, file)
        for system in drawn.systems.values()
        for table in system.tables
        for column in system.coded(table)
        for file in system.files.values()
        if column.titles[0] in file.titles
    ]
    random.shuffle(places)
    return places


# The share of the projects with a fault.
SHARE = 0.05
PLANTS: list[Plant] = [
    _plant_label,
    _plant_key,
    _plant_date,
    _plant_column,
    _plant_lost_column,
    _plant_orphan,
    _plant_parameter,
    _plant_number,
    _plant_name,
    _plant_code,
]
