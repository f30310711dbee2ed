"""Our own page against its ledger: nothing is found, and a number changed by hand is."""

from pathlib import Path

import pytest

from helpline_report.audit.pages import write_audit
from helpline_report.audit.proofreading.proofread import proofread
from helpline_report.errors import UserError
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, publication: Publication) -> Path:
    """The sample's edition of 2017: page, data and audit."""
    made = tmp_path_factory.mktemp("edition")
    write_audit(publication, made, publish(publication, made))
    return made


@pytest.fixture
def page(folder: Path) -> str:
    """The page as it was made; a test may write another one, and gets this one back."""
    return (folder / "index.html").read_text(encoding="utf-8")


def found_in(folder: Path, page: str) -> list[tuple[int, str]]:
    """Line and explanation of what is found on a page that stands in the place of ours."""
    changed = folder / "changed.html"
    changed.write_text(page, encoding="utf-8")
    return [(item.place.line, item.text) for item in proofread(changed).findings]


def test_nothing_is_found_on_our_own_page(folder: Path) -> None:
    """Every number agrees with the ledger, and the statements with each other."""
    found = proofread(folder / "index.html")
    assert found.findings == ()
    assert found.numbers > 900
    assert found.statements > 1000


def test_nothing_is_found_in_our_own_pdf(folder: Path) -> None:
    """The PDF says the same in other lines."""
    assert proofread(folder / "report.pdf").findings == ()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('" value="4588', '" value="4858'),
        (">86,41\N{NO-BREAK SPACE}%</data>", ">84,61\N{NO-BREAK SPACE}%</data>"),
        (">een stijging van 4,7", ">een daling van 4,7"),
        (">4.158</a></td>", ">4.185</a></td>"),
        (">842</a></td>", ">824</a></td>"),
        (">4.596 in 2016</a></small>", ">4.569 in 2016</a></small>"),
        ("<p>4.158 van 4.812</p>", "<p>4.185 van 4.812</p>"),
        ("van 9 tot 17 uur", "van 9 tot 18 uur"),
        ("sinds 12 maart 2012", "sinds 12 mei 2012"),
        ("dan 106", "dan 160"),
        ("aantal contactnames, 2017", "aantal contactnames, 2071"),
        (">153</a> contactnames", ">135</a> contactnames"),
        ("stijging tegenover 2016: kinder", "stijging tegenover 2015: kinder"),
        ("stijging tegenover 2016: kinder", "daling tegenover 2016: kinder"),
        ("tegenover 2016: kindermishandeling", "tegenover 2016: partnergeweld"),
    ],
)
def test_a_number_changed_by_hand_is_found(folder: Path, page: str, right: str, wrong: str) -> None:
    """In the text, in a table, in a highlight, in a card, in a fact: with its line."""
    assert right in page
    line = page[: page.index(right)].count("\n") + 1
    found = found_in(folder, page.replace(right, wrong, 1))
    assert line in [at for at, _ in found]


def test_a_row_that_was_left_out_is_found(folder: Path, page: str) -> None:
    """A table has as many rows as the ledger gives it."""
    start = page.index('<tr><th scope="row">E-mail</th>')
    end = page.index("</tr>", start) + len("</tr>")
    texts = [text for _, text in found_in(folder, page[:start] + page[end:])]
    assert any("volgens het grootboek zijn het er" in text for text in texts)


def test_a_page_without_its_ledger_is_refused(tmp_path: Path, page: str) -> None:
    """It says where the ledger was looked for."""
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    with pytest.raises(UserError, match=r"^data/ledger.json: the page holds figures, and the led"):
        proofread(tmp_path / "index.html")


def test_another_page_is_read_as_any_report(tmp_path: Path) -> None:
    """A page of somebody else has no ledger, and its statements are made anew all the same."""
    text = "<!doctype html><p>Het aantal leden daalde van <b>200</b>\nnaar 230.</p>"
    (tmp_path / "else.html").write_text(text, encoding="utf-8")
    (finding,) = proofread(tmp_path / "else.html").findings
    assert (finding.place.line, finding.quote) == (1, "Het aantal leden daalde van 200 naar 230.")
