"""How a source writes names of fields, dates, times and numbers."""

from __future__ import annotations

import importlib.resources
from typing import Annotated, Literal

import tzdata
from pydantic import AfterValidator, Field

from helpline_report.errors import nearest
from helpline_report.parameters.yaml import Closed

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

DATE = r"(dd?|mm?|yyyy|yy)([-/.]?(dd?|mm?|yyyy|yy)){0,2}"
TIME = r"(hh[:.uh]|h[:.u])mm([:.]ss)?"


def _with_year(written: str) -> str:
    if "yy" not in written:
        raise ValueError(f"the dates '{written}' have no year")
    return written


DateFormat = Annotated[str, Field(pattern=rf"^{DATE}$"), AfterValidator(_with_year)]
TimeFormat = Annotated[str, Field(pattern=rf"^{TIME}$")]
StampFormat = Annotated[str, Field(pattern=rf"^{DATE}[ T]{TIME}Z?$"), AfterValidator(_with_year)]


class Numbers(Closed):
    """How whole numbers are grouped and where decimals begin."""

    thousands: Literal[".", ",", " ", "'"]
    decimal: Literal[",", "."]


def _known_zone(name: str) -> str:
    listed = importlib.resources.files(tzdata) / "zones"
    zones = listed.read_text(encoding="utf-8").split()
    if name not in zones:
        raise ValueError(f"there is no time zone '{name}'{nearest(name, zones)}")
    return name


# The zones come from a package, so that a date is the same day on every machine.
ZoneName = Annotated[str, AfterValidator(_known_zone)]
