"""What a chapter read: it is observed in the kernel alone."""

import pytest

from helpline_report.run import observation


def test_nothing_is_reported_before_the_kernel_began() -> None:
    """A report that only went to the terminal would be taken for a chapter without files."""
    with pytest.raises(RuntimeError, match="since it began"):
        observation.display_report()
