"""Which commands `--help` shows first."""

from typer.testing import CliRunner

from helpline_report.cli import app
from helpline_report.command_groups import FIRST


def test_each_user_begins_with_three() -> None:
    """Researcher, staff and auditor: three commands each, all others under 'More'."""
    help_text = CliRunner().invoke(app, ["--help"]).output
    places = [help_text.index(f"\n{title}:") for title in (*FIRST, "More")]
    assert places == sorted(places)
    for names in FIRST.values():
        assert len(names) == 3
        assert all(f"\n  {name} " in help_text[: places[-1]] for name in names)
