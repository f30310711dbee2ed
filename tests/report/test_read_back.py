"""What is published is read back: a file that says something else than the ledger is refused."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpline_report import commands
from helpline_report.audit.expectations import Expectations, Misreading
from helpline_report.audit.manifest import seal
from helpline_report.audit.read_back import find_differences, read_back
from helpline_report.description import Description
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger, LeftOut
from helpline_report.figures.model import Reason, ReportTable
from helpline_report.prose import numbers
from tests.cases import read_cases
from tests.report.full_publication import with_hidden_counts, with_own_texts
from tests.report.small_projects import fingerprint
from tests.report.small_publication import make_publication
from tests.report.written import write_files

Edit = Callable[[str], str]


@dataclass
class Edition:
    """A finished edition in a folder, with its ledger and its description."""

    folder: Path
    ledger: Ledger
    description: Description

    def differences(self) -> list[Misreading]:
        return list(find_differences(self.folder, self.ledger, self.description))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A sound edition of everything that a page can show, with hostile labels."""
    publication = with_own_texts(with_hidden_counts(make_publication()))
    folder: Path = tmp_path_factory.mktemp("edition")
    description = write_files(publication, folder)
    return Edition(folder, publication.ledger, description)


@pytest.fixture
def edition(built: Edition, tmp_path: Path) -> Edition:
    """A copy of it, for an error to be planted in."""
    return replace(built, folder=Path(shutil.copytree(built.folder, tmp_path / "edition")))


def test_a_sound_edition(built: Edition) -> None:
    """Nothing is found in an edition that says what its ledger says, whatever its labels are."""
    assert built.differences() == []


def test_a_chart_with_one_number(tmp_path: Path) -> None:
    """The PDF has it behind its name, and not before all names, where all others are hidden."""
    publication = make_publication()
    figures = dict(publication.ledger.figures)
    hidden = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
    for name in [each for each in figures if each.startswith("by_channel.")][1:]:
        figures[name] = figures[name].model_copy(update=hidden)
    ledger = publication.ledger.model_copy(update={"figures": figures})
    description = write_files(replace(publication, ledger=ledger), tmp_path)
    misread = find_differences(tmp_path, ledger, description)
    assert "report.pdf" not in {each.file for each in misread}


def test_a_draft_with_a_long_title(tmp_path: Path) -> None:
    """Each page and each sheet says how many thousand rows are left out: no figure has the numbers.

    The title fits on the picture of the cover, and in the margin of a sheet, where it is no text.
    """
    publication, title = make_publication(), " ".join(["Jaarverslag van de hulplijn 2017"] * 20)
    both = publication.edition.title.model_copy(update={"nl": title, "en": title})
    named = publication.edition.model_copy(update={"title": both})
    left_out = [
        LeftOut(edition="2017", file="x.csv", code=code, rows=rows)
        for code, rows in (("B59", 1_500), ("hangs", 2_500))
    ]
    ledger = publication.ledger.model_copy(update={"draft": True, "left_out": tuple(left_out)})
    changed = replace(publication, ledger=ledger, edition=named)
    description = write_files(changed, tmp_path)
    assert "weggelaten rijen: 4.000" in (tmp_path / "index.html").read_text("utf-8")
    assert list(find_differences(tmp_path, ledger, description)) == []


# How a part of the page begins and ends.
PARTS = {
    "": ("", ""),
    "table": ('<table id="{}"', "</table>"),
    "chart": ('<figure class="chart" id="{}"', "</figure>"),
}


def put(text: str, pattern: str, new: str, part: str = "") -> str:
    """Write something else where a pattern is found first, in a part of the page alone."""
    kind, _, name = part.partition(" ")
    opening, closing = PARTS[kind]
    start = text.index(opening.format(name))
    end = text.index(closing, start) if part else len(text)
    changed, times = re.subn(pattern, new, text[start:end], count=1, flags=re.DOTALL)
    assert times
    return text[:start] + changed + text[end:]


def path_of(text: str, figure: str) -> str:
    match = re.search(rf'd="([^"]*)" data-figure="{re.escape(figure)}"', text)
    assert match is not None
    return match[1]


def top_of(drawn: str) -> str:
    """The least of the heights that a path goes through, as it is written."""
    return str(min(re.findall(r"[ML]\S+ ([\d.]+)", drawn), key=float))


def shorten_june(text: str) -> str:
    """June's column at 80 % of its length."""
    drawn = path_of(text, "by_month.06")
    top, bottom = top_of(drawn), max(re.findall(r"[ML]\S+ ([\d.]+)", drawn), key=float)
    lower = f"{float(bottom) - 0.8 * (float(bottom) - float(top)):.2f}".rstrip("0").rstrip(".")
    shorter = re.sub(rf" {re.escape(top)}(?=[Lz])", f" {lower}", drawn)
    assert shorter != drawn
    return text.replace(drawn, shorter)


def lengths_of_last_year(text: str) -> str:
    """Each column of this year as long as the one of last year behind it."""
    for month in range(2, 13):
        now, then = (path_of(text, f"by_month.{year}{month:02d}") for year in ("", "previous."))
        longer = re.sub(rf" {re.escape(top_of(now))}(?=[Lz])", f" {top_of(then)}", now)
        text = text.replace(now, longer, 1)
    return text


PAGE = "index.html"
FIGURES, TRACES, BY_MONTH = "data/figures.csv", "audit/contacts.html", "data/by_month.table.csv"


def read_planted() -> Iterator[tuple[str, str, Edit, str]]:
    """What is planted in which file, by which edit, and the figure that it is about."""
    for place, cases in read_cases(Path(__file__).with_name("planted.yaml")).items():
        file, _, part = place.partition(", ")
        for what, figure, pattern, new in cases:
            yield what, file, partial(put, pattern=pattern, new=new, part=part), figure
    yield "a column at 80 %", PAGE, shorten_june, "by_month.06"
    yield "columns with last year's length", PAGE, lengths_of_last_year, "by_month.09"


def batches() -> list[list[tuple[str, str, Edit, str]]]:
    """The planted errors in groups of which no two are about one figure of one file."""
    groups: list[dict[tuple[str, str], tuple[str, str, Edit, str]]] = []
    for planted in read_planted():
        _, file, _, figure = planted
        if not figure:
            # Any fault that no figure has would do for it: it is planted by itself.
            groups.append({("", ""): planted})
            continue
        others = [group for group in groups if (file, figure) not in group]
        if not others:
            groups.append({})
            others = groups[-1:]
        others[0][file, figure] = planted
    return [list(group.values()) for group in groups]


@pytest.mark.parametrize("planted", batches())
def test_planted_errors(planted: list[tuple[str, str, Edit, str]], edition: Edition) -> None:
    """Each is found in the file where it was planted, by its figure or by what stands there."""
    for _, file, edit, _ in planted:
        path = edition.folder / file
        path.write_text(edit(path.read_text("utf-8")), encoding="utf-8")
    misread = edition.differences()
    figures = {(item.file, item.figure) for item in misread}
    texts = [(item.file, item.text) for item in misread]
    assert [
        name
        for name, file, _, about in planted
        if (file, about) not in figures
        and not any(place == file and about and about in text for place, text in texts)
    ] == []


def test_what_was_printed(built: Edition, tmp_path: Path) -> None:
    """The open data has each printed figure as its own file has it."""
    prints = tmp_path / "2017.csv"
    rest = "2.2,4.812,4812,contacts,contacts,jaarverslag,2017"
    columns = "id,section,printed,value,population,claimed,source,edition"
    text = f"{columns}\ncontacts.total,{rest}\nx.y,{rest}\n"
    prints.write_text(text, encoding="utf-8")
    assert list(find_differences(built.folder, built.ledger, prints=[prints])) == []
    for old in ("2.2", "4.812", "4812", "contacts,jaarverslag", "2017"):
        prints.write_text(text.replace(old, f"1{old}", 1), encoding="utf-8")
        (misread,) = find_differences(built.folder, built.ledger, prints=[prints])
        assert (misread.file, misread.figure) == ("audit/reconciliation.csv", "contacts.total")


def test_a_chart_that_is_gone(edition: Edition) -> None:
    """One from the page alone, another from the page, the pictures and their list."""
    pictures = edition.folder / "data" / "charts"
    page, index = edition.folder / PAGE, pictures / "index.csv"
    text, alone, whole = page.read_text("utf-8"), "by_channel.chart", "by_day.chart"
    for name in (alone, whole):
        text = put(text, f'<figure class="chart" id="{name}".*?</figure>', "")
    page.write_text(text, encoding="utf-8")
    listed = put(index.read_text("utf-8"), f"{whole},[^\n]*\n", "")
    index.write_text(listed, encoding="utf-8")
    (pictures / f"{whole}.png").unlink()
    misread = {(misreading.file, misreading.figure) for misreading in edition.differences()}
    assert (PAGE, alone) in misread
    told = {file for file, _ in misread}
    assert {f"data/charts/{whole}.png", "data/charts/index.csv"} <= told


def test_a_ranking_without_its_first(edition: Edition) -> None:
    """A chart of the first four that draws another in the place of the one of its headline."""
    path = edition.folder / PAGE
    text = path.read_text("utf-8")
    start = text.index('<div class="drawing wide" data-chart="by_channel.chart"')
    end = text.index("<table", start)
    drawn = text[start:end].replace("by_channel.plain", "by_channel.script")
    path.write_text(text[:start] + drawn + text[end:], encoding="utf-8")
    assert (PAGE, "by_channel.plain") in {(m.file, m.figure) for m in edition.differences()}


def test_a_chart_that_a_chapter_lost(edition: Edition) -> None:
    """Where the audit doesn't say that its cell was left out."""
    path = edition.folder / TRACES
    text = path.read_text("utf-8").replace('data-chart="by_day.chart"', "")
    path.write_text(text, encoding="utf-8")
    assert (TRACES, "chart=by_day.chart") in {(m.file, m.figure) for m in edition.differences()}


NAMELESS = b'{"cells": [{"cell_type": "code"}]}'


@pytest.mark.parametrize(
    "file",
    [PAGE, "report.pdf", "data/tabellen.xlsx", FIGURES, "audit/index.html", TRACES],
)
def test_a_damaged_file(file: str, edition: Edition) -> None:
    """Empty, cut off or of another shape, it is named in a message of the program's own."""
    path = edition.folder / file
    for content in (b"", path.read_bytes()[:-200], NAMELESS):
        path.write_bytes(content)
        with pytest.raises(RefusedError) as refused:
            read_back(edition.folder, edition.ledger, "output/2017")
        assert re.findall(r"[\w./-]+\.\w+", str(refused.value))[0] == file


def test_files_that_are_empty_or_too_many(edition: Edition) -> None:
    """A file without a line, and one of no chart, are told; nothing breaks off."""
    (edition.folder / BY_MONTH).write_text("", encoding="utf-8")
    (edition.folder / "data" / "other.csv").write_text("a\n1\n", encoding="utf-8")
    misread = {misreading.file for misreading in edition.differences()}
    assert {BY_MONTH, "data/other.csv"} <= misread


def test_heads_of_counts_and_shares(built: Edition) -> None:
    """Where a table has both, the head of shares says so and that of counts doesn't."""
    expected = Expectations(built.ledger, "nl")
    table = ReportTable(id="x", breakdowns=("by_channel",))
    counts, shares = "contacts.total", "contacts.share.phone"
    right = [("Aantal", counts), ("Aandeel in procent", shares)]
    wrong = [("Aandeel in procent", counts), ("Aantal", shares)]
    assert list(expected.check_heads(PAGE, "", table, right)) == []
    misread = [head.figure for head in expected.check_heads(PAGE, "", table, wrong)]
    assert misread == [counts, shares]


@pytest.mark.slow
def test_a_page_that_differs_is_not_published(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command ends with 3 and names the place; the last edition stands."""
    root = Path(shutil.copytree(small, tmp_path / "project"))
    before = fingerprint(root / "output")
    write = numbers._group_digits
    monkeypatch.setattr(numbers, "_group_digits", lambda *each: write(*each).replace(".", ""))
    ended = CliRunner().invoke(commands.app, ["publish", "2017", "--project", str(root)])
    assert getattr(ended.exception, "exit_code", None) == 3
    message = str(ended.exception)
    assert "index.html, " in message
    assert "'1203 contactnames', expected '1.203 contactnames'" in message
    assert fingerprint(root / "output") == before


@pytest.mark.slow
def test_a_copy_that_differs_from_its_ledger(small: Path, tmp_path: Path) -> None:
    """Who changes a page and its manifest is found out by the ledger, without the exports."""
    copy = Path(shutil.copytree(small / "output" / "2017", tmp_path / "copy"))
    page, manifest = copy / "index.html", copy / "audit" / "manifest.json"
    page.write_text(page.read_text("utf-8").replace("1.203", "1.204"), encoding="utf-8")
    content = json.loads(manifest.read_text("utf-8"))
    content["outputs"]["index.html"] = fingerprint(copy)["index.html"]
    manifest.write_text(seal(content), encoding="utf-8")
    ended = CliRunner().invoke(commands.app, ["verify", "--published", str(copy)])
    assert getattr(ended.exception, "exit_code", None) == 3
    assert "doesn't say what its ledger says" in str(ended.exception)
    for step in ("verify it with the versions that made it", "changed the manifest too"):
        assert step in str(ended.exception)
