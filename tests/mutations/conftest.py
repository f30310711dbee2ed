"""A small year of the sample, to be spoilt file by file."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from helpline_report.parameters.edition import ControlTotal, Edition
from helpline_report.sample import generate
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from tests.tables.conftest import REPOSITORY, QuickProject, an_edition

FILES = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
CONTACTS = 60


@dataclass(frozen=True, repr=False)
class Year:
    """A project whose exports a test replaces: the sound files, and what they say."""

    root: Path
    texts: Mapping[str, str]
    edition: Edition
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)

    def load(self, files: Mapping[str, bytes], *, totals: bool) -> Dataset:
        """The tables of some files; with `totals`, the numbers of rows are known."""
        for name, raw in files.items():
            (self.root / "raw" / name).write_bytes(raw)
        known = [
            ControlTotal(file=name, rows=len(text.splitlines()) - 1)
            for name, text in self.texts.items()
        ]
        edition = self.edition.model_copy(update={"control_totals": known if totals else []})
        return load_dataset(QuickProject(self.root), edition)

    def sound(self) -> Dataset:
        """The tables of the files as they were."""
        return self.load({name: text.encode() for name, text in self.texts.items()}, totals=True)


def frames_of(data: Dataset) -> dict[str, pd.DataFrame]:
    """What tables say, whatever lines their rows stood in: values, and the row each hangs on."""
    frames = {}
    for name, table in data.tables.items():
        frame = table.frame.drop(columns="line").reset_index(drop=True)
        frames[name] = frame.assign(hangs_on=-1 if table.parent_rows is None else table.parent_rows)
    return frames


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Sixty contacts of 2017, with the persons reported in them and what was done."""
    root = tmp_path_factory.mktemp("mutations")
    for part in ("params/layouts", "data/codelists"):
        shutil.copytree(REPOSITORY / part, root / part)
    generate(root / "raw", year=2017, contacts=CONTACTS)
    texts = {name: (root / "raw" / name).read_text(encoding="utf-8") for name in FILES}
    edition = an_edition("2017", [{"layout": "registration-1712", "folder": "raw"}])
    sound_year = Year(root, texts, edition)
    sound_year.frames.update(frames_of(sound_year.sound()))
    return sound_year
