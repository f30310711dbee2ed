"""An edition in two languages: counted and approved once, written twice, checked in both."""

import json
import posixpath
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from helpline_report.build import build, verify
from helpline_report.errors import ParametersError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from helpline_report.publishing import pack_edition, republish, sign
from tests.report.small_projects import chapter, copy_few, count, say_rows, text
from tests.test_signing import FINAL

pytestmark = pytest.mark.slow

ENGLISH = """=== title ===
# Contacts

=== said ===
There were {{ contacts.total | noun }}, and {{ contacts.rate | finding }}.
"""
OWN = "=== said ===\nThat makes {{ contacts.total | noun }}.\n"
CHANGE = 'chapter.change("contacts.rate", contacts)\nchapter.table(chapter.counts("by_day", '
CHANGE += 'contacts, by="weekday"))'


def set_parameter(root: Path, line: str, value: str) -> None:
    """Write another line of the parameters of 2017."""
    path = root / "params" / "2017.yaml"
    path.write_text(re.sub(rf"(?m)^{line}.*$", value, path.read_text("utf-8")), encoding="utf-8")


def write_english(root: Path, words: str = ENGLISH, folder: str = "notebooks/en") -> None:
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / "contacts.md").write_text(words, encoding="utf-8")


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose edition of 2017 is in Dutch and in English."""
    root = copy_few(tmp_path_factory.mktemp("languages") / "project")
    counted = (count("contacts.total"), {**count("x"), "id": "more", "source": CHANGE})
    chapter(root, *counted, text("said", "Er waren {{ contacts.total | noun }}."))
    write_english(root)
    say_rows(root, "public")
    set_parameter(root, "language:", "languages: [nl, en]")
    build(Project(root), "2017")
    return root


@pytest.fixture
def root(two_languages: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_languages, tmp_path / "project"))


def page(root: Path, name: str) -> str:
    return (root / "output" / "2017" / name).read_text(encoding="utf-8")


def test_each_page_is_in_its_language_and_leads_to_the_other(two_languages: Path) -> None:
    """Report and audit: `lang`, and a link for readers.

    The report itself links to nothing beside it, unless it is packed: it stands alone. A link for
    search engines needs an address, and nobody says one.
    """
    folder = two_languages / "output" / "2017"
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    own = {name for name in pages if not name.startswith("en/")}
    assert pages - own == {f"en/{name}" for name in own}
    for name in pages:
        language, other = ("en", "nl") if name.startswith("en/") else ("nl", "en")
        written = page(two_languages, name)
        assert f'<html lang="{language}">' in written
        links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*hreflang="(\w+)"', written)
        assert len(links) == (0 if name.endswith("index.html") and "audit" not in name else 1), name
        assert '<link rel="alternate"' not in written
        for href, to in links:
            there = (folder / name).parent / href
            assert to == other
            assert f'<html lang="{other}">' in there.read_text(encoding="utf-8")


def test_english_is_english_in_text_table_and_data(two_languages: Path) -> None:
    """Numbers, nouns, days and what follows from a comparison; the ledger stands there once."""
    english = re.sub("<[^>]+>", "", page(two_languages, "en/index.html"))
    assert "There were 1,203 contacts, and 54 more contacts than in 2016 (+4.7%)" in english
    assert "Monday" in english
    assert "maandag" not in english.lower()
    assert "Er waren 1.203 contactnames" in re.sub("<[^>]+>", "", page(two_languages, "index.html"))
    folder = two_languages / "output" / "2017"
    assert [path.name for path in folder.rglob("ledger.json")] == ["ledger.json"]
    labels = (folder / "en" / "data" / "by_day.table.csv").read_text(encoding="utf-8")
    assert "Monday" in labels


def test_one_edition_is_verified_packed_and_described(two_languages: Path, tmp_path: Path) -> None:
    """The manifest names the texts and pages of both; built again, all have the same bytes."""
    manifest = json.loads(page(two_languages, "audit/manifest.json"))
    assert {"index.html", "en/index.html", "en/report.pdf"} <= set(manifest["outputs"])
    assert "notebooks/en/contacts.md" in {item["file"] for item in manifest["project"]}
    assert verify(Project(two_languages), "2017") == len(manifest["outputs"]) + 1
    root = Path(shutil.copytree(two_languages, tmp_path / "project"))
    with zipfile.ZipFile(pack_edition(Project(root), "2017")[0]) as package:
        for name, other in (("2017/index.html", "en/"), ("2017/en/index.html", "../")):
            assert f'<a href="{other}index.html" hreflang=' in package.read(name).decode()
        packed = set(package.namelist())
        for name in ("2017/audit/index.html", "2017/en/audit/index.html", "2017/en/index.html"):
            hrefs = re.findall(r'<a[^>]* href="([^":#]+)["#]', package.read(name).decode())
            targets = {posixpath.normpath(f"{posixpath.dirname(name)}/{href}") for href in hrefs}
            assert targets
            assert targets - packed == set()


def test_one_approval_holds_for_both_and_for_no_other_text(root: Path) -> None:
    """Both say who approved them; a sentence that changes in one makes both drafts again."""
    sign(Project(root), "2017", FINAL)
    both = ("index.html", "en/index.html")
    assert ["de stuurgroep" in page(root, name) for name in both] == [True, True]
    write_english(root, OWN, "params/2017/en")
    republish(Project(root), "2017")
    assert ["de stuurgroep" in page(root, name) for name in both] == [False, False]
    assert "That makes" in page(root, "en/index.html")


def test_an_edition_may_be_english_alone(root: Path) -> None:
    """`language: en` makes the edition itself English, without a second one."""
    set_parameter(root, "languages:", "language: en")
    republish(Project(root), "2017")
    assert '<html lang="en">' in page(root, "index.html")
    assert "hreflang" not in page(root, "index.html")
    assert not (root / "output" / "2017" / "en").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ENGLISH.partition("=== said")[0],
            "notebooks/en/contacts.md: the cells said aren't written",
        ),
        (
            f"{ENGLISH}\n=== aside ===\nMore.\n",
            "notebooks/en/contacts.md.*no Markdown cell 'aside'",
        ),
        (ENGLISH.replace("There were", "There were 12 or"), "notebooks/en/contacts.md.*'12'"),
        (None, "2017.yaml: the texts of the notebooks are of one language.*nl and en"),
    ],
)
def test_a_lacking_translation_is_refused(root: Path, words: str | None, message: str) -> None:
    """A cell without words, words of no cell, a typed number, no words at all: each is refused."""
    shutil.rmtree(root / "notebooks" / "en")
    if words is not None:
        write_english(root, words)
    with pytest.raises((ParametersError, ProseError), match=message):
        check_parameters(Project(root), "2017", to_run=True)


@pytest.mark.long
def test_the_edition_of_2017_in_english(year_2017: Path, tmp_path: Path) -> None:
    """Each chapter says in English what the ledger says: the pages are read back."""
    root = Path(shutil.copytree(year_2017, tmp_path / "project"))
    set_parameter(root, "language:", "languages: [nl, en]")
    republish(Project(root), "2017")
    text = re.sub("<[^>]+>", "", page(root, "en/index.html"))
    # Files and names of figures are called what they are.
    dutch = re.findall(r"(?<!\.)\b(?:contactnames?|gevolggevingen|gemelde personen)\b(?!\.)", text)
    assert dutch == []
