"""Layouts of files of rows, drawn at random, and exports in the forms that they say."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

DAYS = ("dd/mm/yyyy", "d-m-yyyy", "yyyy-mm-dd", "dd.mm.yy", "yyyymmdd", "m/d/yyyy", "yyyy/m/d")
TIMES = ("hh:mm", "h.mm", "hhumm", "h:mm:ss", "hh.mm.ss")
ZONES = (None, "UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
LOCAL = ("Europe/Brussels", "Europe/London", "America/New_York", "Asia/Tokyo")
# The days on which clocks are set, and some beside them.
CHANGES = [dt.date(2017, *day) for day in ((3, 12), (3, 26), (4, 2), (10, 1), (10, 29), (11, 5))]
ANY_DAY = st.one_of(st.dates(dt.date(2017, 1, 1), dt.date(2017, 12, 31)), st.sampled_from(CHANGES))
ANY_TIME = st.one_of(
    st.times().map(lambda time: (time.hour, time.minute)),
    st.tuples(st.sampled_from((0, 1, 2, 3, 23)), st.sampled_from((0, 15, 30, 59))),
)
LABELS = ("Vrouw", "(Stief)ouder", "Straße", "ÉÉN ding", "007", "it's", "İzmir", "-", "x/y", "ﬁn")
SEPARATORS = (",", "|", "+")
SERIAL_ZERO = {True: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
SPACES = ("", " ", "\u00a0", "  ", "\u202f", "\u200b")

Layout = dict[str, Any]
Write = Callable[[st.DrawFn], str]


@dataclass
class Drawn:
    """A layout as YAML's data, the text of each of its files, and the fields of open lists."""

    files: Layout
    texts: dict[str, str] = field(default_factory=dict)
    opened: bool = False


def written_day(day: dt.date, form: str) -> str:
    """A day as a form says it."""
    tokens = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "dd": f"{day:%d}", "mm": f"{day:%m}"}
    text, place = "", 0
    while place < len(form):
        token = next((one for one in tokens if form.startswith(one, place)), form[place])
        text += tokens.get(token, {"d": str(day.day), "m": str(day.month)}.get(token, token))
        place += len(token)
    return text


def written_time(hour: int, minute: int, form: str) -> str:
    """A time as a form says it."""
    start = f"{hour:02d}" if form.startswith("hh") else str(hour)
    mark = form.lstrip("h")[0]
    seconds = f"{form[-3]}07" if form.endswith("ss") else ""
    return f"{start}{mark}{minute:02d}{seconds}"


def spaced(draw: st.DrawFn, text: str) -> str:
    """A text with spaces around it, now and then."""
    around = st.sampled_from(("", "", "", "", " ", "\u00a0"))
    return f"{draw(around)}{text}{draw(around)}"


def by_accident(draw: st.DrawFn, label: str) -> str:
    """A label as somebody may write it: in another case, with other spaces."""
    change = draw(st.sampled_from((str, str, str, str.upper, str.lower, str.title)))
    text = change(label)
    if draw(st.integers(0, 6)) == 0:
        text = text.replace(" ", draw(st.sampled_from(("  ", "\u00a0", " \u200b"))))
    return draw(st.sampled_from(SPACES)) + text if draw(st.integers(0, 6)) == 0 else text


@st.composite
def codes_of(draw: st.DrawFn, labels: list[str], codes: tuple[str, ...], *, dated: bool) -> Any:
    """The code of each label; perhaps one has two, at once or one after another."""
    meanings: Layout = {label: draw(st.sampled_from(codes)) for label in labels}
    kind = draw(st.sampled_from(("one", "after", "joint"))) if len(codes) > 1 else "one"
    if kind == "joint":
        meanings[labels[-1]] = list(codes[:2])
    elif kind == "after" and dated:
        meanings[labels[0]] = [
            {"code": codes[0], "until": "2017-06-30"},
            {"code": codes[1], "from": "2017-07-01"},
        ]
    return meanings


@st.composite
def coded(draw: st.DrawFn, name: str, codes: tuple[str, ...], *, several: bool = False) -> Any:
    """A coded column and how its cells are written."""
    labels = draw(st.lists(st.sampled_from(LABELS), min_size=1, max_size=4, unique=True))
    if several:
        labels = [label for label in labels if not set(label) & set(SEPARATORS)] or ["Ja"]
    meanings = draw(codes_of(labels, codes, dated=not several))
    layout: Layout = {"field": name, "codes": meanings}
    if draw(st.booleans()):
        layout["blank"] = draw(st.sampled_from(codes))
    unknown = draw(st.sampled_from((None, "?", "n.v.t.")))
    if unknown and "unknown" in codes:
        layout["unknown"] = [unknown]
        labels = [*labels, unknown]
    if several:
        layout["separator"] = draw(st.sampled_from(SEPARATORS))
    empty = "blank" in layout or several

    def write(draw_cell: st.DrawFn) -> str:
        if empty and draw_cell(st.integers(0, 5)) == 0:
            return draw_cell(st.sampled_from(("", " ")))
        label = by_accident(draw_cell, draw_cell(st.sampled_from(labels)))
        if not several:
            return label
        more = draw_cell(st.lists(st.sampled_from(labels), max_size=2))
        mark = layout["separator"] + draw_cell(st.sampled_from(("", " ")))
        return mark.join([label, *more])

    return layout, write


@st.composite
def ages(draw: st.DrawFn, grouped: bool) -> Any:  # noqa: FBT001
    """A column of ages and how its cells are written."""
    outside = draw(st.sampled_from(("unknown", "refuse")))
    layout: Layout = {"field": "age", "kind": "integer", "from": 0, "to": 150, "outside": outside}
    unknown = draw(st.sampled_from(((), ("999",), ("999", "weet niet"))))
    if unknown:
        layout["unknown"] = list(unknown)
    if draw(st.booleans()):
        layout["blank"] = "unknown"

    def write(draw_cell: st.DrawFn) -> str:
        number = draw_cell(st.integers(0, 150 if outside == "refuse" else 9000))
        forms = [str(number), str(number), f"{number:03d}", f"'{number}", f" {number}"]
        if grouped:
            forms += [f"{number:,}".replace(",", "."), f"{number},0"]
        else:
            forms.append(f"{number}.0")
        forms += [*unknown, *(["", " "] if "blank" in layout else [])]
        return draw_cell(st.sampled_from(forms))

    return layout, write


@st.composite
def flags(draw: st.DrawFn) -> Any:
    """Yes and no columns and how their cells are written."""
    yes, no = ["Ja", "1"], ["Nee", *draw(st.sampled_from(([], [""])))]
    layout = {"yes": yes, "no": no, "columns": {"vorm a": "physical", "vorm b": "sexual"}}

    def write(draw_cell: st.DrawFn) -> str:
        return by_accident(draw_cell, draw_cell(st.sampled_from([*yes, *no])))

    return layout, write


@st.composite
def moments(draw: st.DrawFn, file: Layout) -> Any:
    """Columns of days and times, and how a row of both is written."""
    form, clock = draw(st.sampled_from(DAYS)), draw(st.sampled_from(TIMES))
    file["serial_dates"] = draw(st.sampled_from((False, False, True, 1904)))
    zone = draw(st.sampled_from(ZONES))
    if zone:
        file["time_zone"] = zone
    file["local_zone"] = draw(st.sampled_from(LOCAL))
    serial = file["serial_dates"]
    if draw(st.booleans()):
        stamp = form + draw(st.sampled_from("T ")) + clock
        stamp += draw(st.sampled_from(("", "Z"))) if not zone or zone == "UTC" else ""
        file["stamps"] = stamp

        def both(draw_cell: st.DrawFn) -> dict[str, str]:
            day, (hour, minute) = draw_cell(ANY_DAY), draw_cell(ANY_TIME)
            if serial and draw_cell(st.booleans()):
                number = (day - SERIAL_ZERO[serial]).days
                part = draw_cell(st.sampled_from(("", ".5", ",75", ".999", ",0416666", ".015625")))
                return {"moment": f"{number}{part}"}
            mark, zulu = ("T" if "T" in stamp else " "), ("Z" if stamp.endswith("Z") else "")
            text = f"{written_day(day, form)}{mark}{written_time(hour, minute, clock)}{zulu}"
            return {"moment": spaced(draw_cell, text)}

        return {"moment": {"field": "date", "kind": "datetime"}}, both

    file |= {"dates": form, "times": clock}
    columns: Layout = {"date": {"field": "date", "kind": "date"}}
    with_time, unknown = draw(st.booleans()), draw(st.sampled_from(((), ("00:00", "??"))))
    if with_time:
        columns["time"] = {"field": "hour", "kind": "time", "blank": "unknown"}
        columns["time"]["unknown"] = list(unknown)

    def apart(draw_cell: st.DrawFn) -> dict[str, str]:
        day, (hour, minute) = draw_cell(ANY_DAY), draw_cell(ANY_TIME)
        text = spaced(draw_cell, written_day(day, form))
        if serial and draw_cell(st.booleans()):
            number = (day - SERIAL_ZERO[serial]).days
            text = draw_cell(st.sampled_from((f"{number}", f"{number},0", f"{number}.6")))
        time = written_time(hour, minute, clock)
        times = [spaced(draw_cell, time), time, time.lstrip("0") or "0", "", " ", *unknown]
        return {"date": text} | ({"time": draw_cell(st.sampled_from(times))} if with_time else {})

    return columns, apart


def as_csv(columns: list[str], rows: list[dict[str, str]], delimiter: str) -> str:
    """Rows as a delimited text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@st.composite
def exports(draw: st.DrawFn) -> Drawn:
    """A layout of contacts and persons, in one file or in two, and rows in its forms."""
    delimiter = draw(st.sampled_from((";", ",", "\t", "|")))
    contacts: Layout = {"name": "contacts.csv", "delimiter": delimiter}
    together = draw(st.sampled_from(("no", "same row", "repeated")))
    key = "row" if together == "same row" and draw(st.booleans()) else "contact"
    columns, moment = draw(moments(contacts))
    role, write_role = draw(coded("caller_role", ("victim", "parent", "unknown", "sport")))
    way, write_way = draw(coded("handling", ("advice", "case")))
    of_contact = {**columns, "line": role, "Edition": way}
    grouped = draw(st.booleans())
    age, write_age = draw(ages(grouped))
    gender, write_gender = draw(coded("gender", ("female", "male", "unknown")))
    of_person: Layout = {"hour": age, "mended": gender}
    several = draw(st.booleans())
    form, write_form = draw(
        coded("form", ("physical", "sexual", "unknown"), several=True) if several else flags()
    )
    persons: Layout = {"key": draw(st.sampled_from(("row", "person")))}
    persons["parent"] = "row" if together == "same row" else "contact"
    if together == "repeated":
        persons["key"] = "row"
    persons |= {"columns": of_person} if not several else {"columns": {**of_person, "form": form}}
    if not several:
        persons["flags"] = {"form": form}
    forms = ["form"] if several else list(form["columns"])

    def contact(number: int) -> dict[str, str]:
        cells = {**moment(draw), "line": write_role(draw), "Edition": write_way(draw)}
        return ({"contact": str(number)} if key != "row" else {}) | cells

    def person(number: int) -> dict[str, str]:
        cells = {"hour": write_age(draw), "mended": write_gender(draw)}
        cells |= {name: write_form(draw) for name in forms}
        return ({"person": f"p{number}"} if persons["key"] != "row" else {}) | cells

    made = [contact(number) for number in range(1, draw(st.integers(3, 8)))]
    numbers = {"numbers": {"thousands": ".", "decimal": ","}} if grouped else {}
    contacts["tables"] = {"contacts": {"key": key, "columns": of_contact}}
    if together == "no":
        hanging = [
            {"contact": spaced(draw, draw(st.sampled_from(made))["contact"]), **person(number)}
            for number in range(draw(st.integers(1, 8)))
        ]
        second = {"name": "persons.csv", "delimiter": delimiter, "tables": {"persons": persons}}
        files = {"contacts": contacts, "persons": {**second, **numbers}}
        texts = {
            "contacts.csv": as_csv([*made[0]], again(draw, made), delimiter),
            "persons.csv": as_csv([*hanging[0]], again(draw, hanging), delimiter),
        }
        return Drawn(files, texts, draw(st.booleans()))
    times = 3 if together == "repeated" else 1
    rows = [
        {**each, **person(place * times + copy)}
        for place, each in enumerate(made)
        for copy in range(draw(st.integers(1, times)))
    ]
    contacts["tables"]["persons"] = persons
    texts = {"contacts.csv": as_csv([*rows[0]], again(draw, rows), delimiter)}
    return Drawn({"contacts": {**contacts, **numbers}}, texts, draw(st.booleans()))


def again(draw: st.DrawFn, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows of which one stands there twice, to the letter, now and then."""
    return [*rows, draw(st.sampled_from(rows))] if draw(st.integers(0, 4)) == 0 else rows
