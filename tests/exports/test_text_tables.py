"""Columns of texts by their distinct values."""

import numpy as np
import pandas as pd
import pytest

from helpline_report.exports.text_tables import drop_unused, make_distinct


def test_distinct_texts_need_nothing_private_of_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version without its private way to make categories gives the same column."""
    texts, codes = pd.Index(["a", "b", "c"]), np.array([2, 0, 2], dtype=np.int32)
    column = make_distinct(texts, codes)
    monkeypatch.delattr(pd.CategoricalDtype, "_from_fastpath")
    assert column.tolist() == make_distinct(texts, codes).tolist() == ["c", "a", "c"]


def test_a_row_without_a_value_is_refused() -> None:
    """Its code, -1, is the place of no text."""
    column = make_distinct(pd.Index(["a", "b", "c"]), np.array([0, -1], dtype=np.int32))
    with pytest.raises(ValueError, match="negative"):
        drop_unused(column)
