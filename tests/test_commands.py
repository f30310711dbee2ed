"""What the commands are made of; what each does is tested where its work is."""

from tests.conftest import ROOT


def test_a_misspelt_keyword_is_found_by_the_types() -> None:
    """A module that a command loads by a name would be of no type: `overides=` passed so."""
    for name in ("cli", "commands", "command_projects"):
        text = (ROOT / f"src/helpline_report/{name}.py").read_text(encoding="utf-8")
        assert "import_module" not in text
        assert "-> Any" not in text
