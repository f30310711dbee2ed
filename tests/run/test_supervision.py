"""What the build and a kernel share of a chapter's limits."""

import subprocess
import sys

from helpline_report.run import supervision


def test_the_build_loads_no_kernel() -> None:
    """It imports this module for its limits, and would take a tenth longer to start."""
    code = f"import sys, {supervision.__name__}; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
