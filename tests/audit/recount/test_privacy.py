"""No key of a contact or a person leaves the stage of computing."""

import duckdb
import pytest

from helpline_report.audit.recount.privacy import no_keys
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger, SourceFile


def database(*keys: str) -> duckdb.DuckDBPyConnection:
    """A database with contacts of 2017 under these keys."""
    made = duckdb.connect()
    made.execute("CREATE TABLE contacts (contact VARCHAR)")
    made.executemany("INSERT INTO contacts VALUES (?)", [[f"2017:{key}"] for key in keys])
    return made


def ledger(text: str) -> Ledger:
    """A ledger in which a text stands."""
    source = SourceFile(edition="2017", file=text, sha256="0", table="contacts", rows=4812)
    return Ledger(edition="2017", sources=(source,))


def test_keys_that_stand_nowhere() -> None:
    """The check says how many it looked for."""
    assert no_keys(database("C2017-1", "C2017-2"), ledger("contacts.csv")).of == 2


def test_a_key_that_stands_in_it() -> None:
    """It stops the release, and isn't told."""
    with pytest.raises(RefusedError) as caught:
        no_keys(database("C2017-1", "C2017-2"), ledger("about C2017-2, who called"))
    assert str(caught.value) == (
        "1 key(s) of contacts or persons stand in what is released; nothing was\n"
        "  → a code list holds the number of a contact or a person: take it out"
    )


def test_a_short_number_may_be_a_count() -> None:
    """4812 contacts, the last of which is number 4812."""
    assert no_keys(database("4812"), ledger("contacts.csv")).of == 0


def test_a_long_number_is_none() -> None:
    """A number of eight digits is looked for."""
    with pytest.raises(RefusedError):
        no_keys(database("20170001"), ledger("20170001"))


def numbers(*shapes: tuple[str, str, str, int, int]) -> duckdb.DuckDBPyConnection:
    """A database in which keys 1 to 3 of each table and edition are numbers of these shapes."""
    made = duckdb.connect()
    made.execute("CREATE TABLE contacts (edition VARCHAR, contact INTEGER)")
    made.execute("CREATE TABLE persons (edition VARCHAR, person INTEGER)")
    made.execute(
        'CREATE TABLE key_shapes ("table" VARCHAR, edition VARCHAR, prefix VARCHAR, '
        "digits INTEGER, step INTEGER)"
    )
    for shape in shapes:
        table, edition, _, _, step = shape
        made.execute("INSERT INTO key_shapes VALUES (?, ?, ?, ?, ?)", list(shape))
        for number in range(1, 4):
            made.table(table).insert([edition, step + number])
    return made


OF_2017 = ("contacts", "2017", "C-", 4, 0)


def test_keys_that_are_numbers() -> None:
    """Each is looked for as the text that it was; the same key of two years is one."""
    of_2016 = ("contacts", "2016", "C-", 4, 10_000)
    persons = ("persons", "2017", "P-", 4, 0)
    assert no_keys(numbers(OF_2017, of_2016, persons), ledger("C-0004, P-001, 3")).of == 6


@pytest.mark.parametrize("key", ["C-0002", "P-0003"])
def test_a_number_that_stands_in_it(key: str) -> None:
    """It stops the release as a text does."""
    with pytest.raises(RefusedError):
        no_keys(numbers(OF_2017, ("persons", "2017", "P-", 4, 20_000)), ledger(f"about {key}"))


@pytest.mark.parametrize(("digits", "telling"), [(7, 0), (8, 3)])
def test_numbers_alone(digits: int, telling: int) -> None:
    """Keys of digits alone tell from eight of them on, noughts among them."""
    assert no_keys(numbers(("contacts", "2017", "", digits, 0)), ledger("x")).of == telling


def test_a_line_is_no_key_until_it_is_long() -> None:
    """A row without a key has its line: of millions, those of eight digits would tell."""
    assert no_keys(numbers(("contacts", "2017", "\n", 10, 0)), ledger("contacts.csv 2")).of == 0
