"""What commands load, and the project that they work on."""

from importlib.util import find_spec

from helpline_report.command_stages import STAGES


def test_each_stage_is_a_module() -> None:
    """A stage that was moved would be missed only by the command that needs it."""
    assert [module for module in STAGES.values() if find_spec(module) is None] == []
