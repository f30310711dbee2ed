"""What an edition calls an export says nothing of who made it."""

import pytest

from helpline_report.parameters.layouts import ledger_name, public_name, public_names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("contactnames.csv", "contactnames.csv"),
        ("export Jan Peeters.csv", "contactnames.csv"),
        ("Jan/contacts.XLSX", "contactnames.xlsx"),
        ("export.Peeters", "contactnames.csv"),
        ("peeters", "contactnames.csv"),
    ],
)
def test_a_file_goes_by_the_name_of_its_layout(written: str, name: str) -> None:
    """Only its ending tells what kind of file was given, and only if it is a known one."""
    assert public_name("contactnames.csv", written) == name


def test_files_of_any_name_are_numbered() -> None:
    """Those of a folder have the name of their layout and their place."""
    assert public_names("web", ["van Jan.csv", "van Piet.JSON"]) == {
        "van Jan.csv": "web-1.csv",
        "van Piet.JSON": "web-2.json",
    }


def test_files_that_a_layout_expects_keep_their_names() -> None:
    """They come first, in its order; what it doesn't know is numbered."""
    written = ["devices.csv", "van Jan.csv", "users.csv"]
    assert list(
        public_names("web", written, ["users.csv", "devices.csv", "sites.csv"]).items()
    ) == [
        ("users.csv", "users.csv"),
        ("devices.csv", "devices.csv"),
        ("van Jan.csv", "web-1.csv"),
    ]


def test_a_released_ledger_goes_by_its_edition() -> None:
    """Wherever it lies, and by whatever name."""
    assert ledger_name("2016") == "ledger-2016.json"
