"""Whatever the layout language can say, both counts read the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from hypothesis import event, given, settings

from helpline_report.errors import ExportError
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset_reader import load_dataset
from tests.second_count.any_layout import Drawn, exports
from tests.second_count.both import differences
from tests.tables.conftest import REPOSITORY, an_edition


@contextmanager
def desk_of(drawn: Drawn) -> Iterator[Project]:
    """A project with the layout and the exports that were drawn."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "raw").mkdir()
        (root / "params" / "layouts").mkdir(parents=True)
        lists = root / "data" / "codelists"
        shutil.copytree(REPOSITORY / "data" / "codelists", lists)
        if drawn.opened:
            path = lists / "handling.yaml"
            path.write_text(f"{path.read_text('utf-8')}\nopen: true\n", "utf-8")
        layout = {"layout": "small", "about": "drawn", "files": drawn.files}
        (root / "params" / "layouts" / "small.yaml").write_text(yaml.safe_dump(layout), "utf-8")
        for name, text in drawn.texts.items():
            (root / "raw" / name).write_text(text, "utf-8")
        yield Project(root)


@settings(max_examples=25, deadline=None)
@given(exports())
def test_both_counts_read_the_same(drawn: Drawn) -> None:
    """A draft leaves out what it can't read, and lists what waits: no example is lost for a row."""
    edition = an_edition("2017", [{"layout": "small", "folder": "raw"}], draft=True)
    with desk_of(drawn) as project:
        try:
            dataset = load_dataset(project, edition)
        except ExportError as error:
            event(f"refused: {sorted({problem.code for problem in error.problems})}")
            return
        event("read")
        assert differences(project, edition, dataset) == []
