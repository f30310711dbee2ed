"""The parameters of an edition, as a project writes them."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml

CLASSES: tuple[list[tuple[str, int, int | None]], ...] = (
    [
        ("age_0_5", 0, 5),
        ("age_6_11", 6, 11),
        ("age_12_17", 12, 17),
        ("age_18_29", 18, 29),
        ("age_30_44", 30, 44),
        ("age_45_59", 45, 59),
        ("age_60_plus", 60, None),
    ],
    [("age_0_17", 0, 17), ("age_18_plus", 18, None)],
    [("minor", 0, 17), ("grown", 18, 64), ("old", 65, None)],
)
NAMES = ("1712", "Línea 144", "Hulplijn Noord", "0800 & meer", "“De Lijn”", "Stop-Now")


@dataclass
class Parameters:
    """The parameters of a year; `data` is what its file says."""

    name: str
    data: dict[str, Any]
    acknowledged: list[dict[str, Any]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write the file."""
        data = dict(self.data)
        if self.acknowledged:
            data["acknowledged"] = self.acknowledged
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
        (folder / f"{self.name}.yaml").write_text(text, "utf-8")


def draw_helpline(random: Random) -> dict[str, Any]:
    """What both years say of the helpline and its publisher."""
    name = random.choice(NAMES)
    helpline = {
        "name": name,
        "full_name": {"nl": "hulplijn voor geweld", "en": "helpline for violence"},
        "website": "www.example.org",
        "lines": [],
    }
    publisher = {
        "name": {"nl": "de hulplijn", "en": "the helpline"},
        "licence": "CC-BY-4.0",
        "responsible": "An Peeters",
        "email": "info@example.org",
        "accessibility": {
            "conformity": "partial",
            "prepared_on": dt.date(2018, 1, 5),
            "tested": {"nl": "door de makers", "en": "by the makers"},
        },
    }
    return {"helpline": helpline, "publisher": publisher, "help": "line"}


def make_parameters(
    name: str,
    shared: dict[str, Any],
    period: tuple[dt.date, dt.date],
    classes: list[tuple[str, int, int | None]],
    **more: Any,
) -> Parameters:
    """The parameters of a year."""
    ages = [("child", 0, 12), ("youth", 13, 17), ("adult", 18, None)]
    data: dict[str, Any] = {
        "edition": name,
        "title": {"nl": f"Jaarverslag {period[0].year}", "en": f"Annual report {period[0].year}"},
        **shared,
        "period": {"start": period[0], "end": period[1]},
        "age_classes": [_describe_class(*each) for each in ages],
        "person_ages": [_describe_class(*each) for each in classes],
        **more,
    }
    return Parameters(name, data)


def _describe_class(code: str, first: int, last: int | None) -> dict[str, Any]:
    nl = f"{first} tot en met {last} jaar" if last is not None else f"{first} jaar of ouder"
    en = f"{first} to {last} years" if last is not None else f"{first} years or older"
    own = {"code": code, "from": first, "label": {"nl": nl, "en": en}}
    return own | ({"to": last} if last is not None else {})


HELP = """checked_on: 2018-02-01
leave: https://www.wikipedia.org/
numbers:
  - who: {nl: Bel ons, en: Call us}
    phone: "0800 30 030"
    about: {nl: "Elke dag van 9 tot 17 uur.", en: "Every day from 9am to 5pm."}
  - {who: {nl: "Gevaar:", en: "Danger:"}, phone: "112"}
"""
