"""Files that aren't there, or that nobody may read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpline_report.exports.export_files import LARGEST, Export, read_export
from helpline_report.parameters.row_layouts import RowFile


def _told(export: Export) -> list[str]:
    return [str(problem) for problem in export.findings.problems]


def test_a_missing_file_is_a_problem(tmp_path: Path, layout: RowFile) -> None:
    """B00: told with what the parameters call it."""
    export = read_export(tmp_path / "x.csv", "data/2017/x.csv", layout)
    assert _told(export) == [
        "[B00] data/2017/x.csv: there is no such file\n"
        "  → put the export there, or name it in the parameters under 'sources'"
    ]


def test_a_missing_folder_is_told_as_such(tmp_path: Path, layout: RowFile) -> None:
    """B00: the folder is what has to be mended."""
    export = read_export(tmp_path / "no" / "x.csv", "no/x.csv", layout)
    assert _told(export) == [
        "[B00] no/x.csv: there is no such folder\n"
        "  → put the folder there, or name it in the parameters under 'sources'"
    ]


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() == 0, reason="the superuser may read every file"
)
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path, layout: RowFile) -> None:
    """B00: a right to read is missing, not the file."""
    path = tmp_path / "x.csv"
    path.write_text("nr;day;channel\n")
    path.chmod(0)
    assert _told(read_export(path, "x.csv", layout)) == [
        "[B00] x.csv: the file can't be read (Permission denied)\n"
        "  → give the account that runs this the right to read it"
    ]


def test_a_folder_in_place_of_a_file_is_a_problem(tmp_path: Path, layout: RowFile) -> None:
    """B00: with the reason that the system gives."""
    (tmp_path / "x.csv").mkdir()
    assert _told(read_export(tmp_path / "x.csv", "x.csv", layout)) == [
        "[B00] x.csv: the file can't be read (Is a directory)\n"
        "  → give the account that runs this the right to read it"
    ]


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, layout: RowFile) -> None:
    """B11: by its size, which costs nothing to see; this one has no bytes on the disk."""
    with (tmp_path / "x.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert _told(read_export(tmp_path / "x.csv", "x.csv", layout)) == [
        "[B11] x.csv: the file has 2,147,483,649 bytes; expected 2,147,483,648 at most\n"
        "  → export the period in parts, or look whether this is the export"
    ]


def test_a_pipe_is_no_file(tmp_path: Path, layout: RowFile) -> None:
    """B00: reading it would never end."""
    os.mkfifo(tmp_path / "x.csv")
    assert _told(read_export(tmp_path / "x.csv", "x.csv", layout)) == [
        "[B00] x.csv: there is something here that is no file\n"
        "  → put the export there, or name it in the parameters under 'sources'"
    ]
