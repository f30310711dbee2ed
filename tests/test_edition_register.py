"""The register of an edition, opened where a build or a notebook needs it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from helpline_report.edition_register import hand_over, open_register
from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import find_root
from tests.disclosure.sample import DECISION
from tests.present import present
from tests.report.small_projects import copy_few, edit


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose exports are read once."""
    return Project(copy_few(tmp_path_factory.mktemp("register") / "project"))


def test_an_edition_is_opened_with_its_comparison_year(project: Project) -> None:
    register = open_register(project, "2017")
    previous = present(register.previous)
    assert (register.edition.edition, previous.edition.edition) == ("2017", "2016")
    # What the edition protects is protected there too.
    assert previous.compared_by == register.edition
    protected = open_register(project, "2017", [f"disclosure={json.dumps(DECISION)}"])
    assert (previous.is_protected, present(protected.previous).is_protected) == (False, True)


def test_a_break_of_a_field_that_there_is_not(project: Project) -> None:
    """It would never be crossed: a notebook that is run by itself is told of it too."""
    with pytest.raises(ParametersError, match="there is no field 'chanel'"):
        open_register(project, "2017", ["breaks.1.field=chanel"])


def test_a_break_of_the_comparison_of_a_field_that_there_is_not(
    project: Project, tmp_path: Path
) -> None:
    """It lies between the two years, and would never be crossed either."""
    copy = Project(Path(shutil.copytree(project.root, tmp_path / "project")))
    edit(copy.parameters_file("2016"), "field: context\n", "field: contxt\n")
    with pytest.raises(ParametersError, match="there is no field 'contxt'"):
        open_register(copy, "2017")


def test_kernels_have_the_tables_of_a_build(project: Project) -> None:
    """They are the same, and what one kernel writes to them reaches no other."""
    register = open_register(project, "2017")
    with hand_over(project, "2017", (), register) as at_hand:
        kernel = replace(project, environment={**project.environment, **at_hand})
        one, other = (open_register(kernel, "2017").dataset.tables["contacts"] for _ in range(2))
    one.frame.loc[:, "line"] = 0
    assert_frame_equal(other.frame, register.dataset.tables["contacts"].frame)


def test_a_year_to_compare_with_protects_its_own_rows_alone(project: Project) -> None:
    """An edition of public rows may compare with a confidential year, by its released ledger."""
    now = open_register(project, "2017")
    then = present(now.previous)
    edition = then.edition.model_copy(update={"rows": "confidential"})
    then = replace(then, edition=edition)
    assert then.is_protected
    assert not replace(now, previous=then).is_protected


@pytest.mark.parametrize("below", ["", "notebooks", "notebooks/more"])
def test_the_project_is_the_nearest_folder_upwards(below: str, tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / below).mkdir(parents=True, exist_ok=True)
    assert find_root({}, tmp_path / below) == tmp_path


def test_a_project_in_the_environment_comes_first(tmp_path: Path) -> None:
    """A project that the environment names comes first; one that is none is told by its folder."""
    (tmp_path / "params").mkdir()
    assert find_root({"HELPLINE_PROJECT": str(tmp_path)}, Path("/")) == tmp_path
    with pytest.raises(ParametersError) as caught:
        find_root({"HELPLINE_PROJECT": str(tmp_path / "other")}, tmp_path)
    assert caught.value.what == f"there is no folder 'params' in {tmp_path / 'other'}"
