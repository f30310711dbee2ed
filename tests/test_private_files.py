"""What its owner alone can read."""

from pathlib import Path

import pytest

from helpline_report.private_files import make_private_folder, write_private


def test_each_folder_that_is_made_on_the_way_is_private(tmp_path: Path) -> None:
    """Each of them is private, not only the last; a folder that was there stays as it was."""
    tmp_path.chmod(0o755)
    file = tmp_path / ".helpline" / "rows" / "2017" / "figure.csv"
    write_private(file, "")
    folders = (file.parent, file.parent.parent, file.parent.parent.parent)
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert file.stat().st_mode & 0o777 == 0o600
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_folder_is_private_from_its_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed before it sets rights leaves none that others can read."""
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    folder = make_private_folder(tmp_path / "made" / "below")
    assert {path.stat().st_mode & 0o777 for path in (folder, folder.parent)} == {0o700}
