"""What is kept of an edition says whether all stands as it did, without its parameters."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.errors import ParametersError, RefusedError
from helpline_report.inputs import (
    compare_edition,
    list_inputs,
    record_edition,
)
from helpline_report.parameters.project import Project
from helpline_report.preparation import refuse_changes
from tests.report.small_projects import copy_small

LOGO = "house_style.logo={file: logo.png, alternative: {nl: een logo, en: a logo}}"
LAYOUT = "params/layouts/registration-1712.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose exports of 2017 lie where a variable says, and that has all kinds of files.

    Of its edition a page stands there, and of the one before a ledger that nobody approved.
    """
    root = copy_small(tmp_path / "project")
    (root / "data" / "sample" / "2017").rename(tmp_path / "exports")
    parameters = root / "params" / "2017.yaml"
    text = re.sub(r"data/sample/2017([^}]*)", r'"${EXPORTS}\1"', parameters.read_text("utf-8"))
    parameters.write_text(text, encoding="utf-8")
    write(root / "notebooks" / "01_contacts.ipynb", "{}")
    write(root / "logo.png", "<svg/>")
    write(root / "params" / "2017" / "nl" / "contacts.md", "Tekst.")
    write(root / "output" / "2017" / "index.html", "<p>")
    write(root / "output" / "2016" / "data" / "ledger.json", "{}")
    approve(root, "draft")
    return Project(root, {"EXPORTS": str(tmp_path / "exports")})


def write(path: Path, text: str) -> None:
    """Write a file, in folders that may not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def approve(root: Path, status: str) -> None:
    manifest = root / "output" / "2016" / "audit" / "manifest.json"
    write(manifest, json.dumps({"status": status}))


def record_as_built(project: Project, *overrides: str) -> Project:
    """The project, as if its edition was just made."""
    record_edition(project, "2017", overrides, list_inputs(project, "2017", overrides))
    assert compare_edition(project, "2017", overrides) == []
    return project


def changes_in_words(project: Project, *overrides: str) -> list[str]:
    changes = compare_edition(project, "2017", overrides)
    return [str(change) for change in changes or ()] or ["nobody knows"]


remove, OF_2016 = Path.unlink, "data/sample/2016/contactnames.csv"
CHANGES: dict[str, Callable[[Path], None]] = {
    "params/2016.yaml has changed (parameters)": lambda r: write(r / "params/2016.yaml", "a: 1"),
    "params/2017.yaml is gone (parameters)": lambda r: remove(r / "params/2017.yaml"),
    f"{LAYOUT} has changed (layout)": lambda r: write(r / LAYOUT, "a: 1"),
    "a.yaml is new (code list)": lambda r: write(r / "data/codelists/a.yaml", "a: 1"),
    "02_b.ipynb is new (notebook)": lambda r: write(r / "notebooks/02_b.ipynb", "{}"),
    "requirements.lock is new (locked libraries)": lambda r: write(r / "requirements.lock", ""),
    "other-years.csv is gone (other years)": lambda r: remove(r / "data/printed/other-years.csv"),
    "corrections.csv (2017) is new (export)": lambda r: write(r / "../exports/corrections.csv", ""),
    "contactnames.csv (2016) is gone (export)": lambda r: remove(r / OF_2016),
    "nl/contacts.md has changed (text)": lambda r: write(r / "params/2017/nl/contacts.md", "Een."),
    "nl/callers.md is new (text)": lambda r: write(r / "params/2017/nl/callers.md", "Een."),
    "sign-off.yaml is new (approval)": lambda r: write(r / "params/2017/sign-off.yaml", "a: 1"),
    "logo.png has changed (logo)": lambda r: write(r / "logo.png", "<svg></svg>"),
    "output/2016/data/ledger.json is new (printed figures)": lambda r: approve(r, "final"),
    "2017/more.html is new (published file)": lambda r: write(r / "output/2017/more.html", ""),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_changed_new_or_missing_file_is_named(project: Project, what: str) -> None:
    """A file that is another one, that is new or gone: of each role, with its name."""
    CHANGES[what](record_as_built(project, LOGO).root)
    (change,) = changes_in_words(project, LOGO)
    assert change.endswith(what)


def test_a_variable_that_leads_elsewhere(project: Project, tmp_path: Path) -> None:
    """The same parameters with other exports are another edition, whatever these are named."""
    record_as_built(project)
    shutil.copytree(tmp_path / "exports", tmp_path / "others")
    (tmp_path / "others" / "contactnames.csv").write_bytes(b"")
    elsewhere = Project(project.root, {"EXPORTS": str(tmp_path / "others")})
    assert "contactnames.csv (2017) has changed (export)" in changes_in_words(elsewhere)


def test_a_variable_that_isnt_set(project: Project) -> None:
    """It is asked for, as by the build that read the exports."""
    record_as_built(project)
    with pytest.raises(ParametersError, match="EXPORTS, which isn't set"):
        compare_edition(Project(project.root), "2017", ())


def test_files_of_one_name_in_two_folders(project: Project, tmp_path: Path) -> None:
    """Each is looked at, whichever comes last."""
    for folder in (tmp_path / "exports", tmp_path / "exports" / "google-analytics"):
        write(folder / "more.csv", "a")
    record_as_built(project)
    write(tmp_path / "exports" / "more.csv", "b")
    assert changes_in_words(project) == ["more.csv (2017) has changed (export)"]
    write(tmp_path / "exports" / "google-analytics" / "more.csv", "b")
    assert changes_in_words(project) == ["more.csv (2017) has changed (export)"] * 2


def test_an_export_that_is_named_by_its_whole_path(project: Project, tmp_path: Path) -> None:
    """It may lie anywhere, whatever the folder of its source is."""
    write(tmp_path / "elsewhere.csv", "a")
    override = f"sources.0.files={{contacts: {tmp_path.as_posix()}/elsewhere.csv}}"
    record_as_built(project, override)
    write(tmp_path / "elsewhere.csv", "b")
    assert changes_in_words(project, override) == ["elsewhere.csv (2017) has changed (export)"]


def test_another_program_or_other_overrides_make_all_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number is taken to stand; nor where a library is another one."""
    overridden = changes_in_words(record_as_built(project), "draft=true")
    assert overridden == ["--set has changed (parameters)"]
    monkeypatch.setitem(project.steps.__dict__, "program", "another")
    assert changes_in_words(project) == ["helpline-report has changed (program)"]
    monkeypatch.setitem(record_as_built(project).steps.__dict__, "libraries", "another")
    assert changes_in_words(project) == ["a file has changed (installed libraries)"]


def test_what_lies_beside_is_of_no_matter(project: Project) -> None:
    """Files that no edition reads are no change."""
    root = record_as_built(project).root
    write(root / "notebooks" / ".ipynb_checkpoints" / "01_contacts.ipynb", "{}")
    write(root / "data" / "codelists" / "README.md", "Lists.")
    write(root / "output" / "2016" / "index.html", "<p>")
    assert compare_edition(project, "2017", ()) == []


def test_a_copy_is_held_against_its_own_files(project: Project, tmp_path: Path) -> None:
    """What is kept of a project says nothing of the place where the project was copied from."""
    copy = Project(tmp_path / "copy", project.environment)
    shutil.copytree(record_as_built(project).root, copy.root)
    assert compare_edition(copy, "2017", ()) == []
    write(copy.root / "logo.png", "")
    write(copy.root / "params" / "2017" / "nl" / "contacts.md", "Een.")
    assert changes_in_words(copy) == ["params/2017/nl/contacts.md has changed (text)"]
    assert compare_edition(project, "2017", ()) == []


def test_a_file_that_came_meanwhile_was_of_no_use(project: Project) -> None:
    """Of a build that runs, a file that is new was not read; one that is another was.

    What is kept is as it was before the build: the next one takes the file up.
    """
    listed = list_inputs(project, "2017", ())
    write(project.root / "params" / "2017" / "nl" / "callers.md", "Een.")
    refuse_changes(project, listed)
    record_edition(project, "2017", (), listed)
    assert changes_in_words(project) == ["params/2017/nl/callers.md is new (text)"]
    write(project.root / "params" / "2017.yaml", "a: 1")
    with pytest.raises(RefusedError, match=r"made, params/2017\.yaml has changed \(parameters\)\n"):
        refuse_changes(project, listed)


def test_pages_are_made_without_exports(project: Project) -> None:
    """If the exports are gone, the other inputs are compared all the same."""
    listed = list_inputs(project, "2017", (), exports=False)
    assert not any(key.startswith("export\0") for key in listed.files)
    assert "parameters\0params/2017.yaml" in listed.files
