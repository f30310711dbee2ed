"""The same figures, written in each form that a service gives, read to the same table."""

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.errors import ExportError
from tests.tables.conftest import make_folders
from tests.web_analytics.conftest import LAYOUT, WebDesk

DEVICES = ("mobile", "desktop", "tablet")
MONTHS = tuple(f"2017{month:02d}" for month in range(1, 13))


@dataclass(frozen=True)
class Figures:
    """Users, sessions by device; page views by month; the year's users, below their sum."""

    users: tuple[int, ...]
    sessions: tuple[int, ...]
    views: tuple[int, ...]
    year: int

    @property
    def devices(self) -> list[tuple[str, int, int]]:
        """A row a device, and the total row at the end."""
        rows = list(zip(DEVICES, self.users, self.sessions, strict=True))
        return [*rows, ("", self.year, sum(self.sessions))]

    @property
    def months(self) -> list[tuple[str, int]]:
        """A row a month, and the total row at the end."""
        return [*zip(MONTHS, self.views, strict=True), ("", sum(self.views))]

    def expected(self) -> set[str]:
        lines = {
            f"users year 0101-1231 {self.year}",
            f"sessions year 0101-1231 {sum(self.sessions)}",
            f"page_views year 0101-1231 {sum(self.views)}",
        }
        for device, users, sessions in self.devices[:-1]:
            lines.add(f"users year 0101-1231 device={device} {users}")
            lines.add(f"sessions year 0101-1231 device={device} {sessions}")
        last = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
        for month, (days, views) in enumerate(zip(last, self.views, strict=True), start=1):
            lines.add(f"page_views month {month:02d}01-{month:02d}{days} {views}")
        return lines


COUNTS = st.integers(1, 40_000_000)


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    users = draw(st.tuples(COUNTS, COUNTS, COUNTS))
    year = draw(st.integers(max(users), sum(users) - 1))
    views = draw(st.lists(COUNTS, min_size=12, max_size=12))
    return Figures(users, draw(st.tuples(COUNTS, COUNTS, COUNTS)), tuple(views), year)


NAMES = {
    "nl": ("Apparaatcategorie,Gebruikers,Sessies", "Maand van het jaar,Paginaweergaven", "."),
    "en": ("Device Category,Users,Sessions", "Month of Year,Pageviews", ","),
    "fr": ("Catégorie d'appareil,Utilisateurs,Sessions", "Mois de l'année,Pages vues", "\u202f"),
}
BANNER = "# ---\n# Site\n# Rapport\n# 20170101-20171231\n# ---\n\n"
Written = dict[str, bytes]


def csv_lines(rows: Sequence[tuple[object, ...]], mark: str) -> str:
    """Rows as a service's interface writes them, numbers grouped."""
    lines = []
    for label, *numbers in rows:
        texts = [f"{number:,}".replace(",", mark) for number in numbers]
        lines.append(",".join([str(label), *(f'"{t}"' if "," in t else t for t in texts)]))
    return "\n".join(lines) + "\n"


def universal(language: str) -> Callable[[Figures], Written]:
    devices, months, mark = NAMES[language]

    def write(figures_drawn: Figures) -> Written:
        return {
            "a.csv": f"{BANNER}{devices}\n{csv_lines(figures_drawn.devices, mark)}".encode(),
            "b.csv": f"{BANNER}{months}\n{csv_lines(figures_drawn.months, mark)}".encode(),
        }

    return write


def workbook(figures_drawn: Figures) -> Written:
    """Universal Analytics, a workbook with a summary and two sheets of data."""
    book = openpyxl.Workbook()
    for line in BANNER.split("\n"):
        book.active.append([line])
    for title, header, rows in (
        ("Dataset1", NAMES["nl"][0], figures_drawn.devices),
        ("Dataset2", NAMES["nl"][1], figures_drawn.months),
    ):
        sheet = book.create_sheet(title)
        sheet.append(header.split(","))
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return {"a.xlsx": file.getvalue()}


def version_4(figures_drawn: Figures) -> Written:
    """Version 4: two blocks of one file, totals first, as it writes them."""
    head = "# Start date: 20170101\n# End date: 20171231\n"
    parts = ["# Report\n# Account: A\n# Property: Site\n"]
    for header, rows in (
        ("Device category,Active users,Sessions", figures_drawn.devices),
        ("Year month,Views", figures_drawn.months),
    ):
        *body, total = [",".join(map(str, row)) for row in rows]
        parts.append("\n".join([f"{head}{header}", f"{total},Grand total", *body, ""]))
    return {"a.csv": "\n".join(parts).encode()}


def data_api(figures_drawn: Figures) -> Written:
    def saved(names: list[str], rows: Sequence[tuple[object, ...]]) -> object:
        entries = [
            {
                "dimensionValues": [{"value": str(label) or "RESERVED_TOTAL"}],
                "metricValues": [{"value": str(number)} for number in numbers],
            }
            for label, *numbers in rows
        ]
        answered = {
            "dimensionHeaders": [{"name": names[0]}],
            "metricHeaders": [{"name": name} for name in names[1:]],
            "rows": entries[:-1],
            "totals": entries[-1:],
            "rowCount": len(entries) - 1,
        }
        ranges = [{"startDate": "2017-01-01", "endDate": "2017-12-31"}]
        return {"request": {"dateRanges": ranges}, "response": answered}

    both = [
        saved(["deviceCategory", "activeUsers", "sessions"], figures_drawn.devices),
        saved(["yearMonth", "screenPageViews"], figures_drawn.months),
    ]
    return {"a.json": json.dumps(both).encode()}


# A workbook carries the time at which it was saved, and a check of its bytes of its own.
UNIVERSAL = [universal("nl"), universal("en"), universal("fr")]
TEXTS = [*UNIVERSAL, version_4, data_api]
FORMS = [*TEXTS, workbook]


@contextmanager
def desk_with(files: Written) -> Iterator[WebDesk]:
    with tempfile.TemporaryDirectory() as folder:
        desk = WebDesk(make_folders(Path(folder)))
        desk.put_layout(LAYOUT)
        for name, content in files.items():
            desk.write(content, name)
        yield desk


@pytest.mark.parametrize("write", FORMS)
@settings(max_examples=2, deadline=None)
@given(figures())
def test_each_form_reads_to_the_same_table(
    write: Callable[..., Written], figures_drawn: Figures
) -> None:
    """Three languages, two versions, text, workbook and responses."""
    with desk_with(write(figures_drawn)) as desk:
        assert set(desk.figures()) == figures_drawn.expected()
        assert desk.notes() == []


@settings(max_examples=50, deadline=None)
@given(figures(), st.sampled_from(TEXTS), st.data())
def test_a_changed_byte_is_refused_told_or_changes_nothing(
    figures_drawn: Figures, write: Callable[..., Written], data: st.DataObject
) -> None:
    """Of what adds up no other number ever comes out.

    Users don't add up, nor, to the last one, do sessions of version 4: their totals have bounds.
    """
    files = write(figures_drawn)
    bounded = ("users",) if write in UNIVERSAL else ("users", "sessions")
    name = data.draw(st.sampled_from(sorted(files)))
    raw = bytearray(files[name])
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.sampled_from(b'0123456789,;.#"\n\r\t aZ/-\xe9\x00'))
    with desk_with({**files, name: bytes(raw)}) as desk:
        try:
            lines = {line for line in desk.figures() if not line.startswith(bounded)}
        except ExportError:
            return
        due = {line for line in figures_drawn.expected() if not line.startswith(bounded)}
        assert lines <= due
        if name.endswith(".csv") and lines < due:
            assert desk.notes()
