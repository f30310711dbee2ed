"""Sound editions that a check refused once: each is built, read back, and must be published.

Chapters run in this process; all else is as in a build.
"""

import random
import re
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.expectations import get_text, parse_page
from helpline_report.errors import ExportError
from helpline_report.prose.numbers import catalogue
from helpline_report.publishing import verify_published
from tests.disclosure.sample import make_confidential
from tests.report.small_projects import ROOT, chapter, code, copy_few, edit, text
from tests.without_kernels import build_here

pytestmark = pytest.mark.slow

POPULATIONS = 'contacts, persons = chapter.populations("contacts", "persons")\n'
TOTAL = POPULATIONS + 'chapter.count("contacts.total", contacts)'
SHARES = """\
channels = chapter.counts("contacts.by_channel", contacts, by="channel")
shares = chapter.shares("contacts.by_channel.share", contacts, by="channel")
chapter.chart(shares, beside=[channels])
"""
SAID = "Er waren {{ contacts.total | noun }}."


def make(folder: Path, *cells: dict[str, Any]) -> Path:
    """A project of a fourth of the sample and one chapter."""
    root = copy_few(folder / "project")
    chapter(root, code("total", TOTAL), *cells)
    return root


def test_exports_in_windows_1252(tmp_path: Path) -> None:
    """'1252' is part of the name of an encoding, and no number of a figure."""
    root = make(tmp_path, code("quality", 'chapter.quality("quality")'))
    export = root / "data" / "sample" / "2017" / "gevolggevingen.csv"
    export.write_bytes(export.read_text("utf-8").encode("windows-1252"))
    page = build_here(root) / "index.html"
    assert "Windows-1252" in page.read_text("utf-8")


@pytest.mark.parametrize("letters", [40, 120])
def test_a_label_without_a_space(tmp_path: Path, letters: int) -> None:
    """However a drawing breaks it."""
    root = make(tmp_path, code("shares", SHARES))
    name = ("abcdefghij" * 12)[:letters]
    edit(root / "data" / "codelists" / "channel.yaml", "nl: ander kanaal", f"nl: {name}")
    assert name in (build_here(root) / "index.html").read_text("utf-8").casefold()


SQUARES = '''\
def squares(df, ax):
    """Draw a mark for each value."""
    ax.scatter(range(len(df)), df["value"])
'''


@pytest.mark.parametrize(
    "fields", ['("caller_role", "channel")', '("weekday", "hour")', '("caller_role", "hour")']
)
def test_a_chart_of_ones_own_of_many_marks(tmp_path: Path, fields: str) -> None:
    """Its alternative text says how many points it has, which no figure does."""
    step = (
        f'import plots\ncrossed = chapter.counts("contacts.crossed", contacts, by={fields})\n'
        "chapter.chart(crossed, plots.squares)"
    )
    root = make(tmp_path, code("crossed", step))
    (root / "notebooks" / "plots.py").write_text(SQUARES, encoding="utf-8")
    build_here(root)


@pytest.mark.parametrize("pattern", ["{number} procent", "{number}%", "pct. {number}"])
def test_another_wording_of_percents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """The catalogue says how a percent is written: in sentences, tables, drawings and the audit."""
    monkeypatch.setitem(catalogue("nl"), "percent", pattern)
    share = "contacts.by_channel.share.phone"
    said = f"Per telefoon {{{{ {share} }}}}, of {{{{ {share} | about }}}} van alle."
    root = make(tmp_path, code("shares", SHARES), text("said", said))
    folder = build_here(root)
    written = re.escape(pattern).replace(r"\{number\}", r"8\d")
    assert re.search(f">{written}<", (folder / "index.html").read_text("utf-8"))
    assert verify_published(folder, "the edition") > 0


LARGEST = """\
roles = chapter.counts("contacts.by_caller_role", contacts, by="caller_role")
chapter.table(roles, most=3)
"""


def test_a_table_of_the_largest(tmp_path: Path) -> None:
    """In the workbook it has all its rows, which says nothing of the page."""
    build_here(make(tmp_path, code("largest", LARGEST)))


FIRST = 'chapter.top("contacts.channel.first", contacts, by="channel")'


@pytest.mark.parametrize("label", ["lijn 2 van 3", "+1"])
def test_a_code_that_no_table_shows(tmp_path: Path, label: str) -> None:
    """A sentence names the first of a field by the label of the code list, digits and all."""
    said = "Het vaakst: {{ contacts.channel.first | counted }}."
    root = make(tmp_path, code("first", FIRST), text("said", said))
    edit(root / "data" / "codelists" / "channel.yaml", "nl: telefoon", f'nl: "{label}"')
    page = parse_page((build_here(root) / "index.html").read_text("utf-8"))
    assert f"Het vaakst: {label} (1.036" in get_text(page)


FOREIGN = """\
## De Ἑλλάς en 日本語

Wie belt zegt שלום, \N{RIGHT-TO-LEFT MARK}سلام\N{RIGHT-TO-LEFT MARK} of 🙂:
{{ contacts.total | noun }} in {{ period }}.

- één [ℵ](https://example.org) 👩\N{ZERO WIDTH JOINER}👧
- zacht\N{SOFT HYPHEN}koppelteken

> ไทย
> — [हिन्दी](<bron:ℵ>)

| 한국어 | aandeel |
|---|---|
| ℵ | {{ contacts.by_channel.share.phone }} |
"""


def test_letters_that_no_font_of_the_book_has(tmp_path: Path) -> None:
    """The PDF writes question marks for them; texts, labels and titles say what they mean."""
    root = make(tmp_path, code("shares", SHARES), text("said", FOREIGN))
    edit(root / "data" / "codelists" / "channel.yaml", "nl: ander kanaal", "nl: カナル 😀")
    parameters = root / "params" / "2017.yaml"
    words = parameters.read_text("utf-8").replace("nl: Jaarverslag", "nl: 年報")
    parameters.write_text(words, encoding="utf-8")
    assert "日本語" in (build_here(root) / "index.html").read_text("utf-8")


def test_contents_with_one_dot_before_the_page(tmp_path: Path) -> None:
    """'Victims and minors who get in touch themselves .8' in the contents of the PDF."""
    filler = "Meer woorden die hier staan. "
    heading = "Victims and minors who get in ill ill ill ill llllllllllll"
    cells = [text("filler", filler * 2900)]
    cells += [
        text(f"part-{number}", f"## {heading}\n\n{SAID} {filler * 100}") for number in range(12)
    ]
    build_here(make(tmp_path, *cells))


# A confidential register of few contacts

WEEKDAYS = """\
weekdays = chapter.counts("contacts.by_weekday", contacts, by="weekday")
chapter.top("contacts.weekday.busiest", contacts, by="weekday")
chapter.quietest_working_day("contacts.weekday.quietest", contacts)
chapter.chart(weekdays)
"""


def keep_few(root: Path, number: int, seed: int) -> None:
    """Keep some contacts of each year's exports, with what belongs to them."""
    draw = random.Random(seed)
    for year in ("2016", "2017"):
        above: set[str] = set()
        for name, key in (("contactnames", 0), ("gemelde_personen", 1), ("gevolggevingen", 0)):
            export = root / "data" / "sample" / year / f"{name}.csv"
            head, *rows = export.read_text("utf-8").splitlines(keepends=True)
            if above:
                rows = [row for row in rows if row.split(";")[key] in above]
            else:
                rows = sorted(draw.sample(rows, number))
            above = {row.partition(";")[0] for row in rows}
            export.write_text("".join([head, *rows]), encoding="utf-8")


def build_acknowledged(root: Path) -> Path:
    """Build an edition; what is asked about so few rows is acknowledged."""
    parameters = root / "params" / "2017.yaml"
    for _ in range(3):
        try:
            return build_here(root)
        except ExportError as error:
            lines = [line.strip() for ask in error.asks for line in ask.splitlines()]
            entries = [line.replace("…", "nagekeken") for line in lines if line[:3] == "- {"]
            said = parameters.read_text("utf-8")
            head = "" if "\nacknowledged:\n" in said else "acknowledged:\n"
            entries = [f"  {entry}\n" for entry in entries]
            parameters.write_text(f"{said}{head}{''.join(entries)}", encoding="utf-8")
    return build_here(root)


@pytest.mark.parametrize("seed", [2, 4])
def test_a_confidential_register_of_thirty_contacts(tmp_path: Path, seed: int) -> None:
    """Its gate found what can be published; bars that aren't shown are words of the drawing."""
    root = copy_few(tmp_path / "project")
    make_confidential(root)
    keep_few(root, 30, seed)
    for year in ("2016", "2017"):
        edit(root / "params" / f"{year}.yaml", '"threshold": 5', '"threshold": 3')
    path = root / "params" / "2017.yaml"
    path.write_text(re.sub(r"(?m)^comparison:.*\n", "", path.read_text("utf-8")), encoding="utf-8")
    chapter(root, code("total", TOTAL), code("weekdays", WEEKDAYS), code("shares", SHARES))
    page = (build_acknowledged(root) / "index.html").read_text("utf-8")
    assert "niet getoond" in page


# Editions of regions


@pytest.mark.long
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "line",
    ["Antwerpen", "Limburg", "Oost-Vlaanderen", "Vlaams-Brabant", "West-Vlaanderen", "a third"],
)
def test_six_regional_editions(tmp_path: Path, line: str, language: str) -> None:
    """The shipped chapters of each helpline, and of a third of all: pages break otherwise."""
    root = copy_few(tmp_path / "project")
    for path in (ROOT / "notebooks").rglob("*.*"):
        if path.suffix in (".ipynb", ".md", ".py"):
            target = root / "notebooks" / path.relative_to(ROOT / "notebooks")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for year in ("2016", "2017"):
        edit(root / "params" / f"{year}.yaml", "language: nl", f"language: {language}")
        export = root / "data" / "sample" / year / "contactnames.csv"
        head, *rows = export.read_text("utf-8").splitlines(keepends=True)
        rows = [row for row in rows if f";{line};" in row] or rows[::3]
        export.write_text("".join([head, *rows]), encoding="utf-8")
        contacts = {row.partition(";")[0] for row in rows}
        for name, key in (("gemelde_personen", 1), ("gevolggevingen", 0)):
            lower = export.with_name(f"{name}.csv")
            head, *rows = lower.read_text("utf-8").splitlines(keepends=True)
            rows = [row for row in rows if row.split(";")[key] in contacts]
            contacts = {row.partition(";")[0] for row in rows}
            lower.write_text("".join([head, *rows]), encoding="utf-8")
    build_acknowledged(root)


def test_a_campaign_in_two_chapters(tmp_path: Path) -> None:
    """Each chapter has its own figures of it, and links of its own lead there."""
    root = copy_few(tmp_path / "project")
    for number, name in enumerate(("contacts", "media"), start=1):
        step = f'contacts = chapter.populations("contacts")\nchapter.campaigns("{name}", contacts)'
        chapter(root, code("around", step), name=name, number=number)
    page = (build_here(root) / "index.html").read_text("utf-8")
    anchors = re.findall(r'<section class="campaign" id="([^"]*)"', page)
    assert len(anchors) == len({*anchors}) > 0
