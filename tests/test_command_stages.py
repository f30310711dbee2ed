"""What commands load, and the project that they work on."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from helpline_report.command_stages import STAGES, project_in
from helpline_report.errors import UserError


def test_each_stage_is_a_module() -> None:
    """A stage that was moved would be missed only by the command that needs it."""
    assert [module for module in STAGES.values() if find_spec(module) is None] == []


def test_a_folder_without_params_is_no_project(tmp_path: Path) -> None:
    """The message says which folder was looked at, and what to do."""
    with pytest.raises(UserError, match="there is no folder 'params' here") as raised:
        project_in(tmp_path)
    assert "--project FOLDER" in str(raised.value)
