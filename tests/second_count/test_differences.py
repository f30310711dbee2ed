"""What is said where the two counts differ."""

from helpline_report.errors import EXIT_REFUSED
from helpline_report.figures.breakdown import top
from helpline_report.figures.ledger import Ledger
from helpline_report.second_count.differences import (
    Difference,
    Recounted,
    compare_counts,
    list_rows,
    refuse,
)
from tests.figures.drawn import register, whole

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


def test_a_draw_that_one_count_lacks_is_a_difference() -> None:
    """The code and its number are right: which codes draw with it is compared too."""
    year = register(contacts="nr | date | channel\na | 01-02 | phone\nb | 01-03 | email")
    figure = top("top", whole(year), "channel").model_copy(update={"tied": ()})
    ledger, lists = Ledger(edition="2017", figures={"top": figure}), year.codelists
    numbers = {"top": {"value": figure.value, "tied": "email"}}
    recounted = compare_counts(ledger, numbers, [year.edition], lists)
    assert recounted.differences == (Difference("top", "tied", "", "email", "contacts"),)
