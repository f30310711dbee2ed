"""The closed format of printed figures, and what is said of each fault."""

from pathlib import Path

import pytest

from helpline_report.audit.printed_figures import read_printed
from helpline_report.errors import ParametersError

HEADER = "id,section,printed,value,unit,population,claimed,source"
GOOD = "contacts.total,2.2,4.812,4812,count,contacts,contacts,the report"


def _refused(folder: Path, *lines: str) -> str:
    path = folder / "data" / "2017.csv"
    path.parent.mkdir()
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    with pytest.raises(ParametersError) as caught:
        read_printed(path, folder)
    return str(caught.value)


def test_the_report_of_2017_is_read_whole(repository: Path) -> None:
    """162 figures, in the order of the file."""
    found = read_printed(repository / "data" / "printed" / "2017.csv")
    assert (len(found), found[0].id) == (162, "website.pageviews")


@pytest.mark.parametrize(
    ("line", "column", "complaint"),
    [
        (GOOD.replace(",count,", ",cuont,"), "unit", "there is no unit 'cuont', did you mean"),
        (GOOD.replace(",4812,", ',"4812,5",'), "value", "is no number with a decimal point"),
        (GOOD.replace(",4812,", ",4_812,"), "value", "is no number with a decimal point"),
        (GOOD.replace("contacts.total", "Contacts total"), "id", "is no id of a figure"),
        (GOOD.replace(",contacts,contacts", ",contact,contacts"), "population", "no population"),
        (GOOD.replace(",contacts,contacts", ",contacts,calls"), "claimed", "no population 'calls'"),
        (GOOD.replace("the report", " "), "source", "is empty"),
        (GOOD.replace("4812,count", "13,month"), "value", "'13' is no month: 1 to 12"),
        (GOOD.replace("4812,count", "2,flag"), "value", "'2' is no flag: 0 to 1"),
    ],
)
def test_a_fault_names_file_line_and_column(
    tmp_path: Path, line: str, column: str, complaint: str
) -> None:
    """The place of each fault, and what was expected there."""
    message = _refused(tmp_path, HEADER, GOOD.replace("total", "one"), line)
    assert message.startswith(f"data/2017.csv:3, column {column}: ")
    assert complaint in message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A line each."""
    wrong = GOOD.replace(",count,", ",numbers,")
    message = _refused(tmp_path, HEADER, wrong, wrong.replace("4812", "many"))
    assert [line.partition(",")[0] for line in message.splitlines()] == [
        "data/2017.csv:2",
        "data/2017.csv:3",
    ]


def test_an_id_stands_once(tmp_path: Path) -> None:
    """Two values for one figure can't both be what the report printed."""
    assert "column id: 'contacts.total' stands twice" in _refused(tmp_path, HEADER, GOOD, GOOD)


def test_a_line_that_is_too_short(tmp_path: Path) -> None:
    """How many cells there are, and how many were expected."""
    assert "data/2017.csv:2: 2 cells, and 8 were expected" in _refused(tmp_path, HEADER, "a,b")


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (HEADER.replace("unit", "units"), "unknown column 'units', did you mean 'unit'?"),
        (HEADER.replace("unit,", ""), "the column 'unit' is missing"),
        (HEADER.replace("id,section", "section,id"), "stand in another order"),
    ],
)
def test_the_header_is_closed(tmp_path: Path, header: str, complaint: str) -> None:
    """A column more, less or elsewhere is refused."""
    assert complaint in _refused(tmp_path, header, GOOD)


def test_a_file_that_isnt_there(tmp_path: Path) -> None:
    """The message says what to do."""
    with pytest.raises(ParametersError, match="there is no such file"):
        read_printed(tmp_path / "2017.csv")
