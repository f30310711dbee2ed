"""The code lists of a project: those of the repository with new codes in them, and own ones."""

import dataclasses
import datetime as dt
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.projects.labels import draw_labels

LISTS = Path(__file__).parents[2] / "data" / "codelists"
TABLES = ("contacts", "persons", "followups")
# Lists of the website and of things that no row has.
OF_VISITS = ("device", "referrer", "site", "traffic_channel", "user_gender")
OWN = {
    "contacts": ("province", "provincie", "province", "uit {labels}", "from {labels}"),
    "persons": ("need", "nood", "need", "met als nood {labels}", "with {labels} as a need"),
    "followups": ("partner", "partner", "partner", "met {labels}", "with {labels}"),
}


@dataclasses.dataclass
class CodeList:
    """The codes of a field, as its file has them."""

    field: str
    table: str
    file: dict[str, Any]
    new: list[str] = dataclasses.field(default_factory=list)

    @property
    def codes(self) -> list[dict[str, Any]]:
        """Its codes, each with its labels."""
        listed: list[dict[str, Any]] = self.file["codes"]
        return listed

    def on(self, day: dt.date) -> list[str]:
        """The codes that there are on a day."""
        return [
            code["code"]
            for code in self.codes
            if code.get("from", day) <= day <= code.get("until", day)
        ]

    def always(self, first: dt.date, last: dt.date) -> list[str]:
        """The codes that there are on each day of a period."""
        return [code for code in self.on(first) if code in self.on(last)]

    def within(self, first: dt.date, last: dt.date) -> list[str]:
        """The codes that begin or end within a period."""
        return [
            code["code"]
            for code in self.codes
            if first < code.get("from", first) <= last or first <= code.get("until", last) < last
        ]

    @property
    def missing(self) -> list[str]:
        """The codes of what isn't known."""
        return [code["code"] for code in self.codes if code.get("missing")]


def read_lists() -> dict[str, CodeList]:
    """The code lists of the repository that rows have, by field."""
    lists: dict[str, CodeList] = {}
    for path in sorted(LISTS.glob("*.yaml")):
        file = yaml.safe_load(path.read_text("utf-8"))
        if file["table"] in TABLES:
            lists[file["field"]] = CodeList(file["field"], file["table"], file)
    return lists


def draw_lists(
    random: Random, kinds: list[str], first: dt.date, last: dt.date
) -> dict[str, CodeList]:
    """The repository's lists, some with new codes, and own lists of some tables."""
    lists = read_lists()
    for each in lists.values():
        if random.random() < 0.4:
            _add_codes(random, each, kinds, first, last)
    for table, (name, nl, en, where_nl, where_en) in OWN.items():
        if random.random() < 0.4:
            number = random.choice((2, 3, 5, 8, 13, 21, 40, 64, 104))
            labels = [draw_labels(random, number, kinds) for _ in range(2)]
            codes: list[dict[str, Any]] = [
                {"code": f"c{at}", "nl": one, "en": other}
                for at, (one, other) in enumerate(zip(*labels, strict=True))
            ]
            codes.append({"code": "unknown", "nl": "onbekend", "en": "unknown", "missing": True})
            file = {
                "field": name,
                "table": table,
                "name": {"nl": nl, "en": en},
                "by": {"nl": f"per {nl}", "en": f"by {en}"},
                "where": {"nl": where_nl, "en": where_en},
                "codes": codes,
            }
            lists[name] = CodeList(name, table, file)
    return lists


def _add_codes(
    random: Random, known: CodeList, kinds: list[str], first: dt.date, last: dt.date
) -> None:
    """Add a code or two, some of which exist from a day on."""
    for at in range(random.choice((1, 1, 2))):
        nl, en = draw_labels(random, 2, kinds)
        code: dict[str, Any] = {"code": f"new_{at}", "nl": nl, "en": en}
        if random.random() < 0.3:
            code["from"] = first + dt.timedelta(days=random.randint(1, (last - first).days))
        known.codes.insert(random.randint(0, len(known.codes)), code)
        known.new.append(code["code"])


def write_lists(lists: dict[str, CodeList], folder: Path) -> None:
    """Write all lists into a folder, with those of the website."""
    folder.mkdir(parents=True)
    for name in OF_VISITS:
        (folder / f"{name}.yaml").write_bytes((LISTS / f"{name}.yaml").read_bytes())
    for name, each in lists.items():
        text = yaml.safe_dump(each.file, allow_unicode=True, sort_keys=False, width=1000)
        (folder / f"{name}.yaml").write_text(text, "utf-8")
