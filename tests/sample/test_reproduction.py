"""The committed sample is what the generator makes, wherever and whenever it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.errors import UserError
from helpline_report.sample import generate

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
YEARS = (2016, 2017)

COMMAND = (
    "import sys; from pathlib import Path; from helpline_report.sample import generate;"
    "generate(Path(sys.argv[1]), year=2017); generate(Path(sys.argv[2]), year=2017, contacts=3000)"
)


def files(folder: Path) -> dict[str, bytes]:
    """Every CSV file of a folder by its path in it."""
    return {str(x.relative_to(folder)): x.read_bytes() for x in sorted(folder.rglob("*.csv"))}


@pytest.mark.parametrize("year", YEARS)
def test_the_generator_makes_the_committed_files(year: int, tmp_path: Path) -> None:
    """Each file of data/sample is reproduced to the byte."""
    generate(tmp_path, year=year)
    made, committed = files(tmp_path), files(SAMPLE / str(year))
    assert list(made) == list(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_other_surroundings_give_the_same_bytes(tmp_path: Path) -> None:
    """Hash seed, time zone, locale and working directory change nothing."""
    made = []
    for number, surroundings in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "nl_BE.UTF-8"},
        )
    ):
        folders = [tmp_path / f"{number}" / name for name in ("reference", "scaled")]
        (tmp_path / f"{number}").mkdir()
        subprocess.run(
            [sys.executable, "-c", COMMAND, *map(str, folders)],
            env={**os.environ, **surroundings},
            cwd=tmp_path / f"{number}",
            check=True,
        )
        made.append(files(tmp_path / f"{number}"))
    assert made[0] == made[1]


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    """The seed decides the rows."""
    generate(tmp_path, year=2017, seed=5)
    assert files(tmp_path)["contactnames.csv"] != files(SAMPLE / "2017")["contactnames.csv"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_keeps_the_size(seed: int, tmp_path: Path) -> None:
    """Whatever the seed, the year has as many contacts, persons and follow-ups."""
    generate(tmp_path, year=2017, seed=seed)
    names = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
    made = files(tmp_path)
    assert [made[name].count(b"\n") - 1 for name in names] == [4812, 6792, 11005]


def test_existing_files_are_written_over(tmp_path: Path) -> None:
    """Remaking a year leaves nothing of what stood there in its files."""
    (tmp_path / "contactnames.csv").write_text("old\n" * 200_000)
    generate(tmp_path, year=2016)
    assert files(tmp_path) == files(SAMPLE / "2016")


def test_no_contacts_is_refused(tmp_path: Path) -> None:
    """A year of no contacts can't be made, and nothing is written."""
    with pytest.raises(UserError, match="0 contacts"):
        generate(tmp_path, year=2017, contacts=0)
    assert not list(tmp_path.iterdir())


def test_an_impossible_year_is_refused(tmp_path: Path) -> None:
    """A year outside the calendar can't be made."""
    with pytest.raises(UserError, match="17"):
        generate(tmp_path, year=17)
