"""What is said where the two counts differ, and where a key leaves the stage of computing."""

import duckdb
import pytest

from helpline_report.errors import EXIT_REFUSED, RefusedError
from helpline_report.figures.ledger import Check, Ledger, SourceFile
from helpline_report.second_count.differences import (
    Difference,
    Recounted,
    check_keys,
    list_rows,
    refuse,
)
from helpline_report.second_count.recount import search_keys

PHONE = Difference(
    "contacts.share.phone", "numerator", 4158.0, 4157, "contacts", tuple(range(2, 9)), (11,)
)
MEAN = Difference("contacts.daily_mean", "value", 19.02, None, "contacts")


def test_a_difference_names_figure_values_and_rows() -> None:
    """Five rows of each side are told, and how many more there are."""
    error = refuse(Recounted(2, (PHONE, MEAN)), ".helpline/recount/2017.csv")
    assert error.exit_code == EXIT_REFUSED
    assert str(error) == (
        "the second count differs from the first in 2 place(s) of 2 figures; nothing was released\n"
        "  contacts.share.phone, numerator: 4158 by the chapters, 4157 by SQL; only the chapters "
        "count contacts of line 2, 3, 4, 5, 6 and 2 more; only SQL counts contacts of line 11\n"
        "  contacts.daily_mean, value: 19.02 by the chapters, nothing by SQL\n"
        "  → look at these rows: .helpline/recount/2017.csv names all of them. One of the two "
        "counts reads a code, a date or a condition wrongly; please report it"
    )


def test_many_differences_are_counted() -> None:
    """Twenty are told, and how many more there are."""
    error = refuse(Recounted(30, (MEAN,) * 23), "rows.csv")
    assert str(error).count("contacts.daily_mean") == 20
    assert "\n  and 3 more\n" in str(error)


def test_the_private_file_has_every_row() -> None:
    """A line a row, and a line for a difference that no row makes."""
    lines = list_rows((PHONE, MEAN)).splitlines()
    assert lines[0] == "figure,what,first_count,second_count,table,counted_by,line"
    assert lines[1] == "contacts.share.phone,numerator,4158,4157,contacts,chapters,2"
    assert lines[8] == "contacts.share.phone,numerator,4158,4157,contacts,sql,11"
    assert lines[9:] == ["contacts.daily_mean,value,19.02,nothing,contacts,,"]


def database_with(*keys: str) -> duckdb.DuckDBPyConnection:
    """A database with contacts of 2017 under these keys."""
    made = duckdb.connect()
    made.execute("CREATE TABLE keys (key VARCHAR)")
    made.executemany("INSERT INTO keys VALUES (?)", [[key] for key in keys])
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
    assert no_keys(database_with("C2017-1", "C2017-2"), ledger("contacts.csv")).of == 2


def test_a_key_that_stands_in_it() -> None:
    """It stops the release, and isn't told."""
    with pytest.raises(RefusedError) as caught:
        no_keys(database_with("C2017-1", "C2017-2"), ledger("about C2017-2, who called"))
    assert str(caught.value) == (
        "1 key(s) of contacts or persons stand in what is released; nothing was\n"
        "  → a code list holds the number of a contact or a person: take it out"
    )


@pytest.mark.parametrize(("key", "refused"), [("4812", False), ("20170001", True)])
def test_a_short_number_may_be_a_count(key: str, *, refused: bool) -> None:
    """4812 contacts, the last of which is number 4812; one of eight digits is looked for."""
    keys, released = search_keys(database_with(key), ledger(f"4812 {key}"))
    assert (keys, released) == (int(refused), int(refused))
