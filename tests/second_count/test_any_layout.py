"""Whatever the layout language can say, both counts read the same."""

import csv
import datetime as dt
import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from helpline_report.errors import ExportError
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset_reader import load_dataset
from tests.second_count.both import differences
from tests.tables.conftest import REPOSITORY, an_edition

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
SPACES = ("", "", "", "", "", "", " ", "\u00a0", "  ", "\u202f", "\u200b")

NO_BREAK = "\u00a0"

Layout = dict[str, Any]
Row = dict[str, str]
Write = Callable[[], str]
Export = tuple[Layout, dict[str, list[Row]], bool]


class Drawn:
    """Layouts of columns, drawn at random, and how their cells are written."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def any_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def sometimes(self, of: int = 2) -> bool:
        return self.draw(st.integers(1, of)) == of

    def by_accident(self, label: str) -> str:
        """A label as somebody may write it: in another case, with other spaces."""
        text: str = self.any_of(str, str, str, str.upper, str.lower, str.title)(label)
        return str(self.any_of(*SPACES)) + text.replace(" ", self.any_of(" ", " ", "  ", " \u200b"))

    def spaced(self, text: str) -> str:
        """A text with spaces around it, now and then."""
        return f"{self.any_of('', '', '', ' ')}{text}{self.any_of('', '', '', NO_BREAK)}"

    def coded(
        self, field: str, codes: tuple[str, ...], *, several: bool = False
    ) -> tuple[Layout, Write]:
        """A coded column: perhaps a label has two codes, at once or one after another."""
        labels = self.draw(st.lists(st.sampled_from(LABELS), min_size=1, max_size=4, unique=True))
        if several:
            labels = [label for label in labels if not set(label) & set(SEPARATORS)] or ["Ja"]
        meanings: Layout = {label: self.any_of(*codes) for label in labels}
        kind = self.any_of("one", "after", "joint") if len(codes) > 1 else "one"
        if kind == "joint":
            meanings[labels[-1]] = list(codes[:2])
        elif kind == "after" and not several:
            first, second = {"code": codes[0], "until": "2017-06-30"}, {"code": codes[1]}
            meanings[labels[0]] = [first, {**second, "from": "2017-07-01"}]
        layout: Layout = {"field": field, "codes": meanings}
        layout |= {"blank": self.any_of(*codes)} if self.sometimes() else {}
        unknown = self.any_of(None, "?", "n.v.t.")
        if unknown and "unknown" in codes:
            layout["unknown"] = [unknown]
            labels = [*labels, unknown]
        layout |= {"separator": self.any_of(*SEPARATORS)} if several else {}

        def write() -> str:
            if ("blank" in layout or several) and self.sometimes(6):
                return str(self.any_of("", " "))
            label = self.by_accident(self.any_of(*labels))
            more = self.draw(st.lists(st.sampled_from(labels), max_size=2)) if several else []
            return f"{layout.get('separator')}{self.any_of('', ' ')}".join([label, *more])

        return layout, write

    def ages(self, *, grouped: bool) -> tuple[Layout, Write]:
        outside = self.any_of("unknown", "refuse")
        layout: Layout = {"field": "age", "kind": "integer", "from": 0, "to": 150}
        layout["outside"] = outside
        layout["unknown"] = list(self.any_of((), ("999",), ("999", "weet niet")))
        layout |= {"blank": "unknown"} if self.sometimes() else {}

        def write() -> str:
            number = self.draw(st.integers(0, 150 if outside == "refuse" else 9000))
            forms = [str(number), str(number), f"{number:03d}", f"'{number}", f" {number}"]
            apart = [f"{number:,}".replace(",", "."), f"{number},0"]
            forms += apart if grouped else [f"{number}.0"]
            forms += [*layout["unknown"], *(["", " "] if "blank" in layout else [])]
            return str(self.any_of(*forms))

        return layout, write

    def flags(self) -> tuple[Layout, Write]:
        yes, no = ["Ja", "1"], ["Nee", *self.any_of([], [""])]
        layout: Layout = {"yes": yes, "no": no, "columns": {"vorm a": "physical"}}
        # Two columns may be of one code.
        layout["columns"] |= {"vorm b": "sexual", "vorm c": "sexual"}
        return layout, lambda: self.by_accident(self.any_of(*yes, *no))

    def moments(self, file: Layout) -> tuple[Layout, Callable[[], Row]]:
        form, clock = self.any_of(*DAYS), self.any_of(*TIMES)
        serial = file["serial_dates"] = self.draw(st.sampled_from((False, False, True, 1904)))
        zone = self.any_of(*ZONES)
        file |= {"time_zone": zone} if zone else {}
        file["local_zone"] = self.any_of(*LOCAL)
        time: Layout = {"field": "hour", "kind": "time", "blank": "unknown"}
        time["unknown"] = list(self.any_of((), ("00:00", "??")))
        if stamped := self.sometimes():
            zulu = self.any_of("", "Z") if not zone or zone == "UTC" else ""
            mark = self.any_of("T", " ")
            file["stamps"] = f"{form}{mark}{clock}{zulu}"
            columns: Layout = {"moment": {"field": "date", "kind": "datetime"}}
        else:
            file |= {"dates": form, "times": clock}
            columns = {"date": {"field": "date", "kind": "date"}}
            columns |= {"time": time} if self.sometimes() else {}

        def write() -> Row:
            day, (hour, minute) = self.draw(ANY_DAY), self.draw(ANY_TIME)
            by_serial = serial and self.sometimes()
            number = (day - SERIAL_ZERO[serial or True]).days
            written = write_time(hour, minute, clock)
            if stamped:
                part = self.any_of("", ".5", ",75", ".999", ",0416666", ".015625")
                text = f"{write_day(day, form)}{mark}{written}{zulu}"
                return {"moment": f"{number}{part}" if by_serial else self.spaced(text)}
            text = f"{number}{self.any_of('', ',0', '.6')}"
            row = {"date": text if by_serial else self.spaced(write_day(day, form))}
            times = [self.spaced(written), written.lstrip("0") or "0", "", " ", *time["unknown"]]
            return row | ({"time": self.any_of(written, *times)} if "time" in columns else {})

        return columns, write


def write_day(day: dt.date, form: str) -> str:
    tokens = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "dd": f"{day:%d}", "mm": f"{day:%m}"}
    text, place = "", 0
    while place < len(form):
        token = next((one for one in tokens if form.startswith(one, place)), form[place])
        text += tokens.get(token, {"d": str(day.day), "m": str(day.month)}.get(token, token))
        place += len(token)
    return text


def write_time(hour: int, minute: int, form: str) -> str:
    start = f"{hour:02d}" if form.startswith("hh") else str(hour)
    seconds = f"{form[-3]}07" if form.endswith("ss") else ""
    return f"{start}{form.lstrip('h')[0]}{minute:02d}{seconds}"


@st.composite
def exports(draw: st.DrawFn) -> tuple[Layout, dict[str, list[Row]], bool]:
    """Files of contacts and persons, in one or two, with rows; and whether a list is open."""
    drawn = Drawn(draw)
    contacts: Layout = {"name": "contacts.csv", "delimiter": drawn.any_of(";", ",", "\t", "|")}
    together = drawn.any_of("no", "same row", "repeated")
    key = "row" if together == "same row" and drawn.sometimes() else "contact"
    columns, moment = drawn.moments(contacts)
    role, write_role = drawn.coded("caller_role", ("victim", "parent", "unknown", "sport"))
    way, write_way = drawn.coded("handling", ("advice", "case"))
    grouped, several = drawn.sometimes(), drawn.sometimes()
    age, write_age = drawn.ages(grouped=grouped)
    gender, write_gender = drawn.coded("gender", ("female", "male", "unknown"))
    forms = ("physical", "sexual", "unknown")
    form, write_form = drawn.coded("form", forms, several=True)
    flags, write_flag = drawn.flags()
    with_flags = not several or drawn.sometimes()
    # Titles that are names in SQL as well.
    of_person: Layout = {"hour": age, "mended": gender, **({"form": form} if several else {})}
    persons: Layout = {
        "key": "row" if together == "repeated" else drawn.any_of("row", "person"),
        "parent": "row" if together == "same row" else "contact",
        "several": ["form"] if several and with_flags else [],
        "columns": of_person,
        "flags": {"form": flags} if with_flags else {},
    }
    of_contact = {**columns, "line": role, "Edition": way}
    contacts["tables"] = {"contacts": {"key": key, "columns": of_contact}}

    def contact(number: int) -> Row:
        cells = {**moment(), "line": write_role(), "Edition": write_way()}
        return ({"contact": str(number)} if key != "row" else {}) | cells

    def person(number: int) -> Row:
        cells = {"hour": write_age(), "mended": write_gender()}
        cells |= {"form": write_form()} if several else {}
        cells |= {name: write_flag() for name in (flags["columns"] if with_flags else ())}
        return ({"person": f"p{number}"} if persons["key"] != "row" else {}) | cells

    def again(rows: list[Row]) -> list[Row]:
        """Rows of which one stands there twice, to the letter, now and then."""
        return [*rows, drawn.any_of(*rows)] if drawn.sometimes(5) else rows

    rows = [contact(number) for number in range(1, draw(st.integers(3, 8)))]
    numbers = {"numbers": {"thousands": ".", "decimal": ","}} if grouped else {}
    if together == "no":
        on = [drawn.spaced(drawn.any_of(*rows)["contact"]) for _ in range(draw(st.integers(1, 8)))]
        hanging = [{"contact": each, **person(number)} for number, each in enumerate(on)]
        file = {"name": "persons.csv", "delimiter": contacts["delimiter"], **numbers}
        files = {"contacts": contacts, "persons": {**file, "tables": {"persons": persons}}}
        return files, {"contacts.csv": again(rows), "persons.csv": again(hanging)}, several
    times = 3 if together == "repeated" else 1
    both = [
        {**each, **person(place * times + copy)}
        for place, each in enumerate(rows)
        for copy in range(draw(st.integers(1, times)))
    ]
    contacts["tables"]["persons"] = persons
    files = {"contacts": {**contacts, **numbers}}
    return files, {"contacts.csv": again(both)}, drawn.sometimes()


def check_both(drawn: Export) -> None:
    """Both counts read the same of an export, where it isn't refused."""
    files, texts, opened = drawn
    edition = an_edition("2017", [{"layout": "small", "folder": "raw"}], draft=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "raw").mkdir()
        (root / "params" / "layouts").mkdir(parents=True)
        lists = root / "data" / "codelists"
        shutil.copytree(REPOSITORY / "data" / "codelists", lists)
        if opened:
            with (lists / "handling.yaml").open("a", encoding="utf-8") as file:
                file.write("\nopen: true\n")
        layout = {"layout": "small", "about": "drawn", "files": files}
        (root / "params" / "layouts" / "small.yaml").write_text(yaml.safe_dump(layout), "utf-8")
        for name, rows in texts.items():
            text = io.StringIO()
            delimiter = files["contacts"]["delimiter"]
            writer = csv.DictWriter(text, [*rows[0]], delimiter=delimiter, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            (root / "raw" / name).write_text(text.getvalue(), "utf-8")
        project = Project(root)
        try:
            dataset = load_dataset(project, edition)
        except ExportError as error:
            event(f"refused: {sorted({problem.code for problem in error.problems})}")
            return
        event("read")
        assert differences(project, edition, dataset) == []


@settings(max_examples=6, deadline=None)
@given(exports())
def test_both_counts_read_the_same(drawn: Export) -> None:
    """A draft leaves out what it can't read, and lists what waits: no example is lost for a row."""
    check_both(drawn)


@pytest.mark.long
@settings(max_examples=40, deadline=None, derandomize=True)
@given(exports())
def test_both_counts_read_forty_layouts_the_same(drawn: Export) -> None:
    check_both(drawn)
