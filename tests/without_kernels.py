"""Whole builds in this process: chapters run without kernels, all else as a build does it."""

from pathlib import Path

from helpline_report import build as builds
from helpline_report.parameters.project import Project
from tests.projects.running import without_kernels


def build_here(root: Path, edition: str = "2017") -> Path:
    """Build an edition of a project in this process; returns its folder."""
    with without_kernels(root, []):
        return builds.build(Project(root, {}), edition)
