"""The committed sample is what the generator makes, wherever and whenever it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.sample import generate

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
COMMAND = (
    "import sys; from pathlib import Path; from helpline_report.sample import generate;"
    "generate(Path(sys.argv[1]), year=2017); generate(Path(sys.argv[2]), year=2017, contacts=3000)"
)


def files(folder: Path) -> dict[str, bytes]:
    """Every CSV file of a folder by its path in it."""
    return {str(x.relative_to(folder)): x.read_bytes() for x in sorted(folder.rglob("*.csv"))}


@pytest.mark.parametrize("year", [2017, pytest.param(2016, marks=pytest.mark.long)])
def test_the_generator_makes_the_committed_files(year: int, tmp_path: Path) -> None:
    """Each file of data/sample is reproduced to the byte, over what stood there."""
    (tmp_path / "contactnames.csv").write_text("old\n" * 200_000)
    generate(tmp_path, year=year)
    written, committed = files(tmp_path), files(SAMPLE / str(year))
    assert list(written) == list(committed)
    assert [name for name in written if written[name] != committed[name]] == []


@pytest.mark.long
def test_other_surroundings_give_the_same_bytes(tmp_path: Path) -> None:
    """Hash seed, time zone, locale and working directory change nothing."""
    runs = []
    for number, surroundings in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "nl_BE.UTF-8"},
        )
    ):
        run = tmp_path / f"{number}"
        run.mkdir()
        folders = [run / name for name in ("reference", "scaled")]
        command = [sys.executable, "-c", COMMAND, *map(str, folders)]
        subprocess.run(command, env={**os.environ, **surroundings}, cwd=run, check=True)
        runs.append(files(run))
    assert runs[0] == runs[1]


@pytest.mark.long
def test_another_seed_gives_other_rows_of_the_same_number(tmp_path: Path) -> None:
    generate(tmp_path, year=2017, seed=1)
    names = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
    written = files(tmp_path)
    assert [written[name].count(b"\n") - 1 for name in names] == [4812, 6792, 11005]
    assert written[names[0]] != files(SAMPLE / "2017")[names[0]]
