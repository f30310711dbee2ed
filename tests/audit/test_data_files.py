"""What the reader of the data of an edition takes from files of others, and whom it blames."""

from collections import defaultdict
from pathlib import Path

import pytest

from helpline_report.audit.data_files import CLAIMS, RECONCILIATION, read_reconciliation
from helpline_report.audit.expectations import Expectations, blame_file
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger

HEADS = "id,section,printed,source"
OF_A = "contacts.total,2.2,4.812,report A"
OF_B = "contacts.total,3.1,4.810,report B"
RELEASED = "contacts.total,contacts,4596,Jaarverslag 2016"


def find_misread(folder: Path, published: list[str], *prints: list[str]) -> list[str]:
    """What differs between a published reconciliation and files of prints, which have a BOM."""
    paths = [folder / f"{at}.csv" for at, _ in enumerate(prints)]
    for path, lines in zip(paths, prints, strict=True):
        path.write_text("\n".join([HEADS, *lines]), encoding="utf-8-sig")
    columns = (*HEADS.split(","), "edition")
    records = [
        defaultdict(str, zip(columns, [*line.split(","), "2017"], strict=True))
        for line in published
    ]
    expected = Expectations(Ledger(edition="2017"), "nl")
    files = {RECONCILIATION: records, CLAIMS: []}
    return [each.text for each in read_reconciliation(files, paths, expected)]


@pytest.mark.parametrize(
    "published",
    [[OF_A, OF_B], [RELEASED, OF_A, OF_B], [OF_A, RELEASED, OF_B], [OF_A, OF_B, RELEASED]],
)
def test_released_figures_stand_anywhere(tmp_path: Path, published: list[str]) -> None:
    """`printed` may name a ledger before a CSV file, which Excel saves with a BOM."""
    assert find_misread(tmp_path, published, [OF_A], [OF_B]) == []
    other = [line.replace("4.810", "4.801") for line in published]
    assert find_misread(tmp_path, other, [OF_A], [OF_B]) == ["4.801"]


def test_a_printed_figure_that_is_gone(tmp_path: Path) -> None:
    """One line less than was printed."""
    assert find_misread(tmp_path, [RELEASED, OF_A], [OF_A], [OF_B]) == ["1 lines"]


def test_who_is_to_blame() -> None:
    """A file is blamed for what can't be read, and not for a machine without memory."""
    with pytest.raises(RefusedError, match=r"x\.csv: can't be read back"), blame_file("x.csv"):
        int("x")
    with pytest.raises(MemoryError), blame_file("x.csv"):
        raise MemoryError
