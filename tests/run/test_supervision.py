"""What watches over a kernel: it begins in the kernel alone."""

import subprocess
import sys

import pytest

from helpline_report.run import supervision


def test_nothing_is_reported_before_the_kernel_began() -> None:
    """A report that only went to the terminal would be taken for a chapter without files."""
    with pytest.raises(RuntimeError, match="since it began"):
        supervision.report()


def test_the_build_loads_no_kernel() -> None:
    """It imports this module for its limits, and would take a tenth longer to start."""
    code = f"import sys, {supervision.__name__}; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
