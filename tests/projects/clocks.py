"""Dates and times of an export: in which columns, in which form, by which clock."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.projects.columns import Cells

DAYS = ("dd/mm/yyyy", "d-m-yyyy", "yyyy-mm-dd", "dd.mm.yy", "yyyymmdd", "m/d/yyyy", "yyyy/m/d")
TIMES = ("hh:mm", "h.mm", "hhumm", "h:mm:ss", "hh.mm.ss")
HOME = "Europe/Brussels"
ZONES = (HOME, "UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
LOCAL = (HOME, HOME, HOME, "America/Argentina/Buenos_Aires", "Asia/Tokyo")
BLANK_TIMES = ("", " ")


@dataclass
class Clock:
    """The columns of a moment; `titles` of the date and of the time, which may be one.

    `local` is the zone by which the report counts. Where `has_time` isn't so, no row has one.
    """

    titles: list[str]
    file: dict[str, Any]
    columns: dict[str, Any]
    local: str
    written: str
    has_time: bool
    knows_none: bool
    write: Callable[[Random, dt.datetime, int | None], Cells]

    def fits(self, moment: dt.datetime) -> bool:
        """Whether its clock shows a moment once: an hour that comes twice may be either."""
        here = moment.astimezone(ZoneInfo(self.written)).replace(tzinfo=None)
        zone = ZoneInfo(self.written)
        both = [here.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
        return both[0] == both[1]


def draw_clock(random: Random, titles: list[str]) -> Clock:
    """Columns of date and time, together or apart, or of the date alone."""
    form, times = random.choice(DAYS), random.choice(TIMES)
    local = random.choice(LOCAL)
    file: dict[str, Any] = {} if local == HOME and random.random() < 0.5 else {"local_zone": local}
    kind = random.choice(("apart", "apart", "date", "stamp"))
    written = random.choice(ZONES) if kind != "date" and random.random() < 0.4 else local
    if written != local:
        file["time_zone"] = written
    day, time = titles
    if kind == "stamp":
        mark, zulu = random.choice(("T", " ")), "Z" if written == "UTC" else ""
        if zulu and random.random() < 0.5:
            file.pop("time_zone", None)
        file["stamps"] = f"{form}{mark}{times}{zulu}"

        def write_stamp(random: Random, moment: dt.datetime, minute: int | None) -> Cells:  # noqa: ARG001
            here = moment.astimezone(ZoneInfo(written))
            return {day: f"{write_day(here, form)}{mark}{write_time(here, times)}{zulu}"}

        stamp = {day: {"field": "date", "kind": "datetime"}}
        return Clock(
            [day], file, stamp, local, written, has_time=True, knows_none=False, write=write_stamp
        )
    file["dates"] = form
    columns: dict[str, Any] = {day: {"field": "date", "kind": "date"}}
    if kind == "date":

        def write_date(random: Random, moment: dt.datetime, minute: int | None) -> Cells:  # noqa: ARG001
            return {day: write_day(moment.astimezone(ZoneInfo(written)), form)}

        return Clock(
            [day], file, columns, local, written, has_time=False, knows_none=True, write=write_date
        )
    file["times"] = times
    columns[time] = {"field": "hour", "kind": "time"}
    nothing: list[str] = []
    if written == local and random.random() < 0.5:
        columns[time]["blank"] = "unknown"
        nothing += BLANK_TIMES
        if random.random() < 0.3:
            columns[time]["unknown"] = ["??"]
            nothing += ["??"]

    def write_both(random: Random, moment: dt.datetime, minute: int | None) -> Cells:
        here = moment.astimezone(ZoneInfo(written))
        text = random.choice(nothing) if minute is None else write_time(here, times)
        return {day: write_day(here, form), time: text}

    return Clock(
        titles,
        file,
        columns,
        local,
        written,
        has_time=True,
        knows_none=bool(nothing),
        write=write_both,
    )


def write_day(day: dt.date, form: str) -> str:
    """A day in a form of a layout."""
    tokens = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "dd": f"{day:%d}", "mm": f"{day:%m}"}
    text, place = "", 0
    while place < len(form):
        token = next((one for one in tokens if form.startswith(one, place)), form[place])
        text += tokens.get(token, {"d": str(day.day), "m": str(day.month)}.get(token, token))
        place += len(token)
    return text


def write_time(moment: dt.datetime, form: str) -> str:
    """A time of the day in a form of a layout."""
    start = f"{moment.hour:02d}" if form.startswith("hh") else str(moment.hour)
    seconds = f"{form[-3]}07" if form.endswith("ss") else ""
    return f"{start}{form.lstrip('h')[0]}{moment.minute:02d}{seconds}"
