"""The sample of 2017 in other encodings and another order gives the same tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset

Change = Callable[[bytes], bytes]


def loaded(folder: Path, edition: Edition, change: Change | None = None) -> Dataset:
    """The tables of the sample, its three registration files changed."""
    if change is not None:
        for path in (folder / "data" / "sample" / "2017").glob("*.csv"):
            path.write_bytes(change(path.read_bytes()))
    return load_dataset(Project(folder), edition)


def shuffled(content: bytes) -> bytes:
    """The rows below the header in another order."""
    header, *rows = content.splitlines(keepends=True)
    random.Random(1712).shuffle(rows)
    return header + b"".join(rows)


def with_mark(content: bytes) -> bytes:
    """With a byte order mark."""
    return b"\xef\xbb\xbf" + content


def as_windows(content: bytes) -> bytes:
    """As Windows writes: its encoding and its line ends."""
    return content.decode().replace("\n", "\r\n").encode("windows-1252")


def test_the_sample_has_the_printed_totals(sample_copy: Path, sample_edition: Edition) -> None:
    """Contacts, persons and follow-ups of 2017."""
    tables = loaded(sample_copy, sample_edition).tables
    sizes = [len(tables[name]) for name in ("contacts", "persons", "followups")]
    assert sizes == [4812, 6792, 11005]


def test_every_row_of_the_sample_is_accounted_for(
    sample_copy: Path, sample_edition: Edition
) -> None:
    """The balance of each of the twelve files holds."""
    balances = loaded(sample_copy, sample_edition).balances
    assert len(balances) == 12
    assert all(balance.balances for balance in balances)


@pytest.mark.parametrize("change", [with_mark, as_windows])
def test_other_bytes_of_the_same_text_are_the_same_tables(
    sample_copy: Path, sample_edition: Edition, change: Change
) -> None:
    """With a mark, or in Windows-1252 as the layout allows."""
    plain = loaded(sample_copy, sample_edition)
    changed = loaded(sample_copy, sample_edition, change)
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(changed.tables[name].frame, table.frame)


def test_another_order_of_rows_gives_the_same_counts(
    sample_copy: Path, sample_edition: Edition
) -> None:
    """Each follow-up with the problem of its person and the month of its contact."""

    def counts(dataset: Dataset) -> pd.Series:
        followups = dataset.tables["followups"]
        persons = followups.parent
        assert persons is not None
        contacts = persons.parent
        assert contacts is not None
        months = contacts.frame["date"].dt.month.to_numpy()
        columns = {
            "followup": followups.frame["followup"].astype(str),
            "problem": followups.down(persons.frame["problem"].to_numpy().astype(str), persons),
            "month": followups.down(months, contacts),
        }
        return pd.DataFrame(columns).value_counts().sort_index()

    plain = counts(loaded(sample_copy, sample_edition))
    pd.testing.assert_series_equal(counts(loaded(sample_copy, sample_edition, shuffled)), plain)
