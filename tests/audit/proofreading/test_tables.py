"""Tables in plain text: what is read of them, and what of them doesn't add up."""

from tests.audit.proofreading.documents import proof, read, said, verdicts

FRUIT = """\
Soort   Aantal   Aandeel
Appel       10   10,0 %
Peer        20   20,0 %
Pruim       30   {share}
Kers        40   40,0 %
Totaal     {total}   100,0 %
"""


def test_a_table_has_heads_rows_and_a_total() -> None:
    """The line above names the columns; the last row is their total."""
    (table,) = read(FRUIT.format(share="30,0 %", total=100)).tables
    assert table.heads == ("Aantal", "Aandeel")
    assert [row.label for row in table.rows] == ["Appel", "Peer", "Pruim", "Kers"]
    assert [cell and cell.value for cell in table.total.cells] == [100, 100]


def test_a_table_that_adds_up_is_let_be() -> None:
    """Two columns against their totals, four percentages against their counts."""
    found = proof(FRUIT.format(share="30,0 %", total=100))
    assert found.findings == ()
    assert found.statements == 6


def test_a_total_that_is_more_than_its_rows() -> None:
    """The rows are 10 short of it."""
    text = "Soort Aantal\nAppel 10\nPeer 20\nPruim 30\nTotaal 70\n"
    assert verdicts(text) == [(5, "table", "incomplete")]
    assert said(text) == "De 3 rijen van kolom 1 zijn samen 60, en het totaal zegt 70."


def test_a_total_that_is_less_than_its_rows() -> None:
    """It contradicts them."""
    text = "Soort Aantal\nAppel 10\nPeer 20\nPruim 30\nTotaal 50\n"
    assert verdicts(text) == [(5, "table", "contradicts")]


def test_a_percentage_of_another_count_than_that_of_its_row() -> None:
    """The other rows bear out what the column is."""
    texts = [item.text for item in proof(FRUIT.format(share="35,0 %", total=100)).findings]
    assert any("‘Pruim’: 30 van 100 is 30,0" in text for text in texts)


def test_a_column_of_growth_is_told_from_one_of_shares() -> None:
    """'Pruim' grew by 10 percent, and 11 is printed."""
    text = """\
Soort   2017   2018   Evolutie
Appel     10     12   +20,0 %
Peer      20     30   +50,0 %
Pruim     30     33   +11,0 %
Kers      40     50   +25,0 %
"""
    assert said(text) == "‘Pruim’: van 30 naar 33 is 10,0 %, en niet 11,0 %."


def test_months_in_two_columns_of_labels_and_numbers() -> None:
    """Blank lines between rows, a label before each number: two columns, two totals."""
    text = """\
Per maand Aantal oproepen Per maand Aantal personen

Jan-17 12 Jan-17 20

Feb-17 13 Feb-17 21

Mar-17 14 Mar-17 22

Som: 39 Som: 64
"""
    assert said(text) == "De 3 rijen van kolom 2 zijn samen 63, en het totaal zegt 64."


def test_a_table_with_bars_is_a_table() -> None:
    """Markdown's tables, too, are added up."""
    text = """\
| Soort | Aantal |
|---|---|
| Appel | 10 |
| Peer | 20 |
| Pruim | 30 |
| Totaal | 66 |
"""
    assert verdicts(text) == [(6, "table", "incomplete")]


def test_a_last_column_that_is_called_a_total() -> None:
    """It is the sum of the columns before it."""
    text = "Soort   Man   Vrouw   Totaal\nAppel  1  2  3\nPeer  4  5  9\nPruim  6  7  14\n"
    assert said(text) == "‘Pruim’: de kolommen zijn samen 13, en het totaal zegt 14."


def test_a_column_of_means_has_no_sum() -> None:
    """A mean of means is no total, whatever stands in the last row."""
    text = "Soort   Gemiddelde\nAppel  4\nPeer  5\nPruim  6\nTotaal  5\n"
    assert proof(text).findings == ()


def test_prose_is_no_table() -> None:
    """Lines that happen to end with a number are sentences all the same."""
    text = "In 2017 kwamen er 12\nmensen en in 2018 waren dat er 13\nof misschien zelfs 14.\n"
    assert read(text).tables == ()
