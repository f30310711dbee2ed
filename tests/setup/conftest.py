"""A project of its own to begin a year or a layout in."""

import shutil
from pathlib import Path

import pytest

from helpline_report.parameters.project import Project
from tests.conftest import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The parameters and code lists of this project, in a folder where files may be made."""
    for part in ("params", "data/codelists", "data/printed"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return Project(tmp_path, {})
