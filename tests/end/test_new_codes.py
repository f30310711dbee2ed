"""docs/add-a-code.md, tried with two new codes in each code list: what is published is right."""

import html
import re
import shutil
from pathlib import Path

import pytest
from babel.numbers import format_decimal

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Breakdown
from helpline_report.parameters.codelists import load_codelists
from tests.audit.in_process import ledger_of
from tests.end.new_codes import (
    CODES,
    COLUMNS,
    TRAFFIC,
    add_codes,
    count_codes,
    count_known,
    label,
    read_visits,
)
from tests.report.small_projects import (
    ROOT,
    chapter,
    code,
    copy_few,
    copy_small,
    edit,
    keep_fourth,
    text,
)
from tests.without_kernels import build_here

TABLES = {"contacts": "contactnames", "persons": "gemelde_personen", "followups": "gevolggevingen"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped chapters, a fourth of the rows, and two new codes in each list."""
    root = copy_small(tmp_path_factory.mktemp("codes") / "project")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    for year in ("2016", "2017"):
        keep_fourth(root / "data" / "sample" / year)
    add_codes(root, [*COLUMNS, *TRAFFIC])
    return root


@pytest.fixture(scope="module")
def ledger(project: Path) -> Ledger:
    return ledger_of(project)


def test_every_code_list_gets_codes() -> None:
    """A list that the project gets is tried too."""
    assert {*load_codelists(ROOT / "data" / "codelists")} == {*COLUMNS, *TRAFFIC}


def series_of(ledger: Ledger, field: str, kind: str, *, known: bool = False) -> list[Breakdown]:
    """The series of all rows by a field, or of those of which it is known."""
    return [
        each
        for each in ledger.breakdowns.values()
        if each.by == (field,)
        and each.kind == kind
        and each.population.edition == "2017"
        and not each.population.having
        and [item.field for item in each.population.conditions] == [field] * known
    ]


@pytest.mark.parametrize("field", COLUMNS)
def test_figures_of_the_shipped_chapters_know_a_new_code(
    project: Path, ledger: Ledger, field: str
) -> None:
    """Counts and shares are those of the exports; the whole of what is known has no missing one."""
    counts, known = count_codes(project, field), count_known(project, field)
    assert counts["new_answer"] > counts["declined"] > 0
    numbers: set[str] = set()
    for series in series_of(ledger, field, "count") + series_of(ledger, field, "share"):
        for member in series.members:
            figure = ledger.figures[member.figure]
            if member.codes[0] in CODES.values():
                assert figure.numerator == counts[member.codes[0]], figure.id
                assert figure.denominator in (None, counts.total()), figure.id
                numbers.add(member.codes[0])
    assert numbers == {*CODES.values()}
    for series in series_of(ledger, field, "share", known=True):
        figures = {each.codes[0]: ledger.figures[each.figure] for each in series.members}
        assert figures["new_answer"].numerator == counts["new_answer"]
        assert {each.denominator for each in figures.values() if each.value} == {known}
        assert "declined" not in {code for code, each in figures.items() if each.value}
        total = sum(float(each.value or 0) for each in figures.values())
        assert total == pytest.approx(100)


def test_shares_of_known_are_there_for_the_fields_that_have_them(ledger: Ledger) -> None:
    """A field that loses its share of what is known is noticed."""
    with_known = {field for field in COLUMNS if series_of(ledger, field, "share", known=True)}
    callers = {"anonymity", "caller_age_class", "caller_gender", "caller_role", "channel"}
    assert with_known == callers | {"context", "form", "gender"}


@pytest.mark.parametrize("field", TRAFFIC)
def test_visits_of_a_new_code_are_counted(project: Path, ledger: Ledger, field: str) -> None:
    """They are those of its row; one that is missing is none of the genders known."""
    visits = read_visits(project, field)
    figures = {
        member.codes[0]: ledger.figures[member.figure]
        for kind in ("share", "count")
        for series in ledger.breakdowns.values()
        if (series.by, series.kind, series.population.edition) == ((field,), kind, "2017")
        and {item.field for item in series.population.conditions} <= {field}
        for member in series.members
    }
    expected = {"new_answer": visits["new_answer"]}
    expected |= {} if field == "user_gender" else {"declined": visits["declined"]}
    assert {each: figures[each].numerator for each in expected} == expected
    if field == "user_gender":
        assert "declined" not in figures
        assert figures["new_answer"].denominator == 12_604 - visits["declined"]


# Pages

STEPS = """\
rows = {whole}
counts = chapter.counts("{name}", rows, by="{field}")
shares = chapter.shares("{name}.share", rows, by="{field}")
known_shares = chapter.shares("{name}.share_known", rows.where({field}=known), by="{field}")
chapter.table(counts, shares, known_shares)
chapter.chart(shares, "bars")
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A project with a table, a chart and a sentence of each field, and its pages by language."""
    root = copy_few(tmp_path_factory.mktemp("pages") / "project")
    add_codes(root, COLUMNS)
    lists = load_codelists(root / "data" / "codelists")
    edit(root / "params" / "2017.yaml", "language: nl\n", "language: nl\nlanguages: [nl, en]\n")
    wholes = (
        'contacts, persons, followups = chapter.populations("contacts", "persons", "followups")'
    )
    cells = [code("wholes", f"from helpline_report.chapter import known\n{wholes}")]
    english = ["# Contacts"]
    for field in COLUMNS:
        name = f"{lists[field].table}.{field}"
        cells.append(
            code(
                f"count-{field}".replace("_", "-"),
                STEPS.format(field=field, name=name, whole=lists[field].table),
            )
        )
        cell = f"text-{field}".replace("_", "-")
        sentence = f"{{{{ {name}.new_answer | noun }}}} ({{{{ {name}.share_known.new_answer }}}})."
        cells.append(text(cell, f"Er waren {sentence}"))
        english.append(f"=== {cell} ===\nThere were {sentence}")
    chapter(root, *cells)
    (root / "notebooks" / "en").mkdir()
    title, *others = english
    blocks = "\n\n".join([f"=== title ===\n{title}", *others])
    (root / "notebooks" / "en" / "contacts.md").write_text(blocks + "\n", encoding="utf-8")
    folder = build_here(root)
    return root, {
        "nl": (folder / "index.html").read_text("utf-8"),
        "en": (folder / "en" / "index.html").read_text("utf-8"),
    }


def read_rows_of(page: str) -> list[list[str]]:
    """The cells of each row of the tables of a page."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, flags=re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in rows]
    return [[bare(cell) for cell in row] for row in cells]


def bare(markup: str) -> str:
    plain = html.unescape(re.sub(r"<[^>]+>", "", markup))
    return " ".join(plain.split())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("field", COLUMNS)
def test_tables_charts_and_sentences_have_the_new_code(
    pages: tuple[Path, dict[str, str]], field: str, language: str
) -> None:
    """With the label of each language, and the numbers of the exports."""
    root, by_language = pages
    page, locale = by_language[language], {"nl": "nl_BE", "en": "en_GB"}[language]
    counts, known = count_codes(root, field), count_known(root, field)

    def percent(part: int, whole: int) -> str:
        number = format_decimal(100 * part / whole, "#,##0.0", locale=locale)
        return f"{number} %" if language == "nl" else f"{number}%"

    rows = {row[0].casefold(): row[1:] for row in read_rows_of(page) if len(row) == 4}
    for each in CODES.values():
        share = percent(counts[each], counts.total())
        of_known = percent(counts[each], known) if each == "new_answer" else "–"
        number = format_decimal(counts[each], locale=locale)
        assert rows[label(field, each, language).casefold()] == [number, share, of_known]
    drawn = re.findall(r"<text[^>]*>(.*?)</text>", page, flags=re.DOTALL)
    assert label(field, "new_answer", language).casefold() in map(str.casefold, map(bare, drawn))
    name = f'data-figure="[a-z]+.{field}.share_known.new_answer" data-form=""'
    (written,) = set(re.findall(rf"{name}>([^<]*)</data>", page))
    assert written.strip("%\u00a0 ") == f"{100 * counts['new_answer'] / known:.0f}"
