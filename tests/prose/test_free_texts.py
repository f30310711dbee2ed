"""Free texts of the parameters: what they may say in numbers."""

import datetime as dt
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from string import Template
from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.yaml import Document, read_yaml, validate
from helpline_report.prose.free_texts import check_free_texts, list_marked_words

WHOLE = Path(__file__).with_name("free_texts.yaml").read_text(encoding="utf-8")
STATEMENTS = re.findall(r"\$(s_\w+)", WHOLE)
ACCOUNTS = re.findall(r"\$(a_\w+)", WHOLE)
EVERY = [*STATEMENTS, *ACCOUNTS]
Write = Callable[..., Document]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write parameters of which some texts say something else than 'een tekst'."""

    def document(**texts: str) -> Document:
        values = {key: f'{{nl: "{texts.get(key, "een tekst")}", en: a text}}' for key in EVERY}
        path = tmp_path / "2017.yaml"
        path.write_text(Template(WHOLE).safe_substitute(values), encoding="utf-8")
        # The same text is parsed once: what a test changes is its own.
        return deepcopy(read_yaml(path))

    return document


def check(document: Document, **options: bool) -> list[str]:
    try:
        check_free_texts(validate(Edition, document), document, **options)
    except ParametersError as error:
        return error.what.splitlines()
    return []


def line_of(document: Document, text: str) -> int:
    lines = document.path.read_text(encoding="utf-8").splitlines()
    return next(at for at, line in enumerate(lines, 1) if text in line)


def test_every_text_is_held_to_it(write: Write) -> None:
    """No text that is published types a share; each is named with its line, all at once."""
    assert (len(STATEMENTS), len(ACCOUNTS)) == (11, 9)
    texts = {key: f"{at} % van de bellers" for at, key in enumerate(EVERY, 1)}
    document = write(**texts)
    complaints = check(document)
    for text in texts.values():
        where, share = f"2017.yaml:{line_of(document, text)}: ", text.partition(" van")[0]
        assert any(
            each.startswith(where) and each.endswith(f"says '{share}', which no figure bears out")
            for each in complaints
        )


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        *((ACCOUNTS, f"op {each} bussen") for each in ("86", "honderd", "86 %", "1.712")),
        (ACCOUNTS, "op een tiental bussen"),
        *((STATEMENTS, each) for each in ("86 procent van de bellers", "de helft van ons")),
    ],
)
def test_what_counts_is_refused(write: Write, keys: list[str], text: str) -> None:
    """A share always; any numeral, in digits or in words, where it tells of the year."""
    assert len(check(write(**dict.fromkeys(keys, text)))) == len(keys)


def test_ordinary_numbers_pass(write: Write) -> None:
    """A telephone number, hours, a law and the year of a title are no findings.

    What tells of the year may name dates, years and the helpline.
    """
    names = "1712, van 9 tot 17 uur, volgens EN 301 549, in twee talen"
    accounts = "sinds 1 juli 2016, tot 2015, op het nummer 1712"
    texts = {**dict.fromkeys(STATEMENTS, names), **dict.fromkeys(ACCOUNTS, accounts)}
    assert check(write(**texts)) == []


def test_words_stand_on_their_source(write: Write) -> None:
    """What has its source passes, and is told to the auditor; a mark without one is refused."""
    marked = {key: f"op [{at} % bussen](<bron:bericht {at}.>)" for at, key in enumerate(EVERY)}
    document = write(**marked)
    assert check(document) == []
    exempt = list_marked_words(validate(Edition, document), document)
    assert {each.text for each in exempt} == {f"{at} % bussen" for at in range(len(EVERY))}
    assert "2017.yaml, acknowledged.0.reason" in {each.place for each in exempt}
    (complaint,) = check(write(a_means="op [honderd](<bron:>) bussen"))
    assert "holds a mark of a source that isn't one" in complaint


def test_breaks_of_the_comparison_year(write: Write) -> None:
    """Of the year before its breaks are published, and nothing else; each language by its words."""
    document = write(a_goal="op 13 plaatsen")
    document.data["breaks"][0]["note"]["en"] = "twelve places"
    (complaint,) = check(document, breaks_alone=True)
    assert "says 'twelve'" in complaint


@pytest.mark.parametrize(
    ("fact", "says"),
    [
        *((fact, "") for fact in ("1712", "van 9 tot 17 uur", dt.date(2012, 3, 12), 106)),
        ("de helft van vorig jaar", "'facts.audience' says 'de helft'"),
    ],
)
def test_fact_without_translation(write: Write, fact: Any, says: str) -> None:
    """A telephone number, hours and dates are facts; the words are the report's language's."""
    document = write()
    document.data["facts"]["audience"] = fact
    complaints = check(document)
    assert len(complaints) == bool(says)
    assert says in "".join(complaints)
