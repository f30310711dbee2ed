"""Keys of the exports in the sources of chapters: found, and nothing else is taken for one."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import nbformat.v4 as nb
import numpy as np
import pytest

from helpline_report.errors import ChapterError, RefusedError
from helpline_report.figures.ledger import CellRecord, ChapterRecord, Ledger, SourceFile
from helpline_report.figures.register import Register
from helpline_report.report.source_keys import (
    check_keys,
    refuse_keys,
    refuse_made_names,
    refuse_made_texts,
)
from helpline_report.tables.dataset import KeyHashes
from tests.report.small_publication import Maker, cell

KEYS = [
    *("C2017-000123", "a3f09c5e-77b1-4a60-9b1c-2f4d5e6a7b8c", "12345678", "0004711", "2017"),
    *("412", "10000", "phone", "P12", "2017-06-01"),
]
FILES = {"contacts": "notebooks/04_contacts.ipynb"}
CELL = "notebooks/04_contacts.ipynb, cell 'count'"


def register(keys: list[str], previous: Any = None) -> Any:
    hashes = np.sort(KeyHashes.hash(keys))
    unambiguous = sum(not key.isdigit() or len(key) >= 8 for key in keys)
    lines = np.arange(len(keys), dtype=np.int32)
    table = SimpleNamespace(keys=KeyHashes(hashes, lines, unambiguous=unambiguous))
    tables = {"contacts": table, "traffic": SimpleNamespace(keys=None)}
    dataset = SimpleNamespace(tables=tables)
    return SimpleNamespace(dataset=dataset, previous=previous)


def refusal(refuse: Callable[..., object], *arguments: object) -> str:
    """With what something is refused; nothing where it isn't."""
    try:
        refuse(*arguments)
    except ChapterError as error:
        return str(error)
    return ""


def check(source: str, kind: str = "code", of: Register | None = None) -> str:
    """With what a cell of this source is refused."""
    node = nb.new_notebook(cells=[cell(kind, "count", source)])
    return refusal(refuse_keys, {"contacts": node}, {}, FILES, of or register(KEYS))


@pytest.mark.parametrize(
    "source",
    [
        "# C2017-000123 calls each week",
        "chapter.count('a', contacts.where(key='C2017-000123'))",
        "x = 'a3f09c5e-77b1-4a60-9b1c-2f4d5e6a7b8c'",
        "odd = [12345678, 3]",
        "odd = '0004711'",
        "# contact 412 is one of them",
        "rows[rows.contactnummer == 412]",
        "rows[rows['persoonsnummer'] == '412']",
        "by_key = {'contact_id': 'P12'}",
        "chapter.count('contacts.C2017-000123', contacts)",
    ],
)
def test_a_key_is_refused(source: str) -> None:
    """As a whole, wherever it stands; the message names the cell, and never the key."""
    message = check(source)
    assert message.startswith(CELL)
    assert not any(key in message for key in KEYS)


def test_a_key_in_a_text_or_of_the_comparison_is_refused() -> None:
    """The copies hold texts too, and the rows of the year before are people too."""
    assert check("Zie C2017-000123.", kind="text")
    before = register(["C2016-000007"])
    assert check("# C2016-000007", of=register(["C2017-000123"], before))


@pytest.mark.parametrize(
    "source",
    [
        'edition = "2017"',
        "chapter.counts('contacts.by_month', contacts, by='month')  # contacts of 2017",
        "stats.bootstrap(values, n_resamples=10000)",
        "axes.set_ylim(0, 412)",
        "contacts.where(channel='phone')",
        "start = '2017-06-01'",
        "# C2017-0001234 and XC2017-000123 are others",
        "# P12 is an age class",
    ],
)
def test_what_could_be_any_number_or_word_is_none(source: str) -> None:
    """A year, a size or a code that is a key by chance; a longer word that holds one."""
    assert check(source) == ""


def ledger_of(*names: str, value: float = 1, **changes: Any) -> Ledger:
    """A ledger with figures of these names, which one cell records."""
    make = Maker()
    for name in names:
        make.figure(name, value, **changes)
    record = ChapterRecord(name="contacts", cells=(CellRecord(id="count", figures=names),))
    return Ledger(edition="2017", figures=make.figures, chapters=(record,))


def check_figure(name: str, how: str, source: str, value: float = 37) -> str:
    """With what a number of a chapter's own is refused that a cell of this source hands in."""
    ledger = ledger_of(name, value=value, kind="own", unit="number", how=how)
    node = nb.new_notebook(cells=[cell("code", "count", source)])
    return refusal(refuse_made_texts, ledger, {"contacts": node}, FILES, register(KEYS))


def test_an_explanation_that_code_made_is_refused() -> None:
    """It could say a value of a row, which the message doesn't; one that is written out is none."""
    source = "chapter.figure('contacts.age', 37, of=contacts, how=f'leeftijd van {name}')"
    message = check_figure("contacts.age", "leeftijd van kanarie", source)
    assert message.startswith(CELL)
    assert "kanarie" not in message
    # Whole, or over two lines, as Python joins texts.
    for how in ("how=' mediaan van de leeftijd '", "how=('mediaan ' 'van de leeftijd')"):
        source = f"chapter.figure('contacts.age', 37, of=contacts, {how})"
        assert check_figure("contacts.age", "mediaan van de leeftijd", source) == ""


@pytest.mark.parametrize("value", [12345678, 12345678.0])
def test_a_figure_whose_value_is_a_key_is_refused(value: float) -> None:
    """It says something of one row; the message says the cell, and never the key."""
    source = "chapter.figure('contacts.age', x, of=contacts, how='leeftijd')"
    message = check_figure("contacts.age", "leeftijd", source, value)
    assert "the value of a figure is a key" in message
    assert "12345678" not in message
    assert check_figure("contacts.age", "leeftijd", source, 412) == ""


@pytest.mark.parametrize("name", ["contacts.c2017-000123", "contacts.12345678"])
def test_a_figure_named_after_a_key_is_refused(name: str) -> None:
    """Code may name figures; the message names the cell, and never the key."""
    source = "chapter.figure(f'contacts.{key}', 37, how='leeftijd')"
    message = check_figure(name, "leeftijd", source)
    assert "the name of a figure" in message
    assert name not in message


def test_a_key_in_a_module_that_draws_is_refused() -> None:
    """What a function writes on its axes is published."""
    source = "def own(df, ax):\n    ax.set_title('C2017-000123')\n"
    message = refusal(refuse_keys, {}, {"plots": source}, {}, register(KEYS))
    assert message.startswith("notebooks/plots.py")
    assert "C2017" not in message
    sound = {"plots": source.replace("C2017-000123", "2017")}
    assert refusal(refuse_keys, {}, sound, {}, register(KEYS)) == ""


def test_a_name_that_code_made_is_refused() -> None:
    """It could be made of the values of a row; the message says none of it.

    A loop over texts makes names that stand in the code, part by part.
    """
    source = "chapter.count('contacts.' + '_'.join(row), contacts)"
    ledger = ledger_of("contacts.limburg_email")
    message = refusal(refuse_made_names, ledger, {"contacts": [source]}, FILES)
    assert message.startswith(CELL)
    assert "limburg" not in message
    source = "for way in ['phone', 'chat']:\n    chapter.count(f'contacts.{way}', contacts)"
    ledger = ledger_of("contacts.phone", "contacts.chat")
    assert refusal(refuse_made_names, ledger, {"contacts": [source]}, FILES) == ""


def ledger_with(text: str) -> Ledger:
    source = SourceFile(edition="2017", file=text, sha256="0", table="contacts", rows=4812)
    return Ledger(edition="2017", sources=(source,))


def test_the_check_says_for_how_many_keys_it_looked() -> None:
    """Those of the comparison too, but no short number, which may be a count."""
    years = register(["C2017-000123", "412"], register(["C2016-000007", "1234567"]))
    assert check_keys(ledger_with("412 2017 10000 1234567"), years).of == 2


@pytest.mark.parametrize(
    "key", ["C2017-000123", "12345678", "C2016-000007", "P12", "phone", "2017-06-01"]
)
def test_a_key_in_what_was_counted_stops_the_release(key: str) -> None:
    """It isn't told."""
    with pytest.raises(RefusedError) as refused:
        check_keys(ledger_with(f"about {key}, who called"), register(KEYS, register([key])))
    assert str(refused.value) == (
        "a key of a contact or a person stands in what was counted; nothing was released\n"
        "  → a code list holds the number of a contact or a person: take it out"
    )
