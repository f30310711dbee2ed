"""Which commands `--help` shows first."""

import re

from typer.testing import CliRunner

from helpline_report.command_projects import FIRST
from helpline_report.commands import app
from tests.conftest import ROOT


def test_each_user_begins_with_three() -> None:
    """Researcher, staff and auditor: three commands each, all others under 'More'; none is cut."""
    help_text = CliRunner().invoke(app, ["--help"]).output
    assert help_text.count("...") == 1, "of the usage"
    places = [help_text.index(f"\n{title}:") for title in (*FIRST, "More")]
    assert places == sorted(places)
    for names in FIRST.values():
        assert len(names) == 3
        assert all(f"\n  {name} " in help_text[: places[-1]] for name in names)


def test_the_readme_begins_with_the_same() -> None:
    """It lists them in the same order, under the name of each user."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for title, names in FIRST.items():
        section = readme.partition(f"## {title}\n")[2].partition("\n## ")[0]
        assert re.findall(r"(?m)^\$ \.venv/bin/helpline-report ([\w-]+)", section) == [*names]
