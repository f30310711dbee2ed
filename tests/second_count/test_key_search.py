"""No key of a contact or a person leaves the stage of computing."""

import duckdb
import pytest

from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Check, Ledger, SourceFile
from helpline_report.second_count.key_search import check_keys, search_keys


def database(*keys: str) -> duckdb.DuckDBPyConnection:
    """A database with contacts of 2017 under these keys."""
    made = duckdb.connect()
    made.execute("CREATE TABLE contact_keys (key VARCHAR)")
    made.executemany("INSERT INTO contact_keys VALUES (?)", [[key] for key in keys])
    return made


def no_keys(made: duckdb.DuckDBPyConnection, released: Ledger) -> Check:
    """The check of both."""
    return check_keys(*search_keys(made, released))


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
