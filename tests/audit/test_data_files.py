"""Whom the reader of the data of an edition blames."""

import pytest

from helpline_report.audit.expectations import blame_file
from helpline_report.errors import RefusedError


def test_who_is_to_blame() -> None:
    """A file is blamed for what can't be read, and not for a machine without memory."""
    with pytest.raises(RefusedError, match=r"x\.csv: can't be read back"), blame_file("x.csv"):
        int("x")
    with pytest.raises(MemoryError), blame_file("x.csv"):
        raise MemoryError
