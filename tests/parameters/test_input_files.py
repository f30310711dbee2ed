"""What an edition calls an export says nothing of who made it."""

from pathlib import Path

import pytest

from helpline_report.parameters.input_files import make_public_name, name_web_files
from tests.cases import read_cases

CASES = read_cases(Path(__file__).with_name("cases.yaml"))


@pytest.mark.parametrize(("written", "name"), CASES["public names"])
def test_a_file_goes_by_the_name_of_its_layout(written: str, name: str) -> None:
    """Only its ending tells what kind of file was given, and only if it is a known one."""
    assert make_public_name("contactnames.csv", written) == name


def test_files_of_any_name_are_numbered() -> None:
    """Files that a layout names come first, in its order; others are named after it."""
    written = ["devices.csv", "van Jan.csv", "van Piet.JSON", "users.csv"]
    assert list(name_web_files("web", written, ["users.csv", "devices.csv", "x.csv"]).items()) == [
        ("users.csv", "users.csv"),
        ("devices.csv", "devices.csv"),
        ("van Jan.csv", "web-1.csv"),
        ("van Piet.JSON", "web-2.json"),
    ]
