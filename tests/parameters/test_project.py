"""A project folder, its editions, and parameters overridden from the command line."""

import shutil
from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from tests.cases import read_cases
from tests.conftest import refusal

CASES = read_cases(Path(__file__).with_name("cases.yaml"))


@pytest.fixture
def shop(tmp_path: Path, repository: Path) -> Project:
    """A folder with the parameters of 2017 alone."""
    (tmp_path / "params").mkdir()
    shutil.copy(repository / "params" / "2017.yaml", tmp_path / "params")
    return Project(tmp_path, {"DATA": "/somewhere/data", "EMPTY": "", "SELF": "${SELF}"})


def refused(shop: Project, *overrides: str, name: str = "2017") -> str:
    return refusal(ParametersError, shop.edition, name, overrides)


def test_a_value_is_overridden_through_the_same_schema(shop: Project) -> None:
    """Dots for what is nested, a number for a place in a list, YAML for the value.

    A list is replaced whole, what the file leaves out can be set, and the file stays as it was.
    """
    before = shop.parameters_file("2017").read_bytes()
    edition = shop.edition(
        "2017",
        [
            "calendar.working_days=[1, 2, 3]",
            "campaigns.0.around_days=14",
            "comparison=",
            "events=[]",
            "facts.phone=1713",
            "helpline.lines=[north]",
            "helpline.full_name=Two: three",
            " helpline.name = x=y",
            "sources.0.files.contacts=calls.csv",
        ],
    )
    assert edition.calendar.working_days == [1, 2, 3]
    assert edition.campaigns[0].around_days == 14
    assert edition.comparison is None
    assert edition.events == []
    assert edition.facts["phone"] == "1713"
    assert (edition.helpline.lines, edition.helpline.name) == (["north"], "x=y")
    assert edition.helpline.full_name.nl == "Two: three"
    assert edition.sources[0].files == {"contacts": "calls.csv"}
    assert shop.parameters_file("2017").read_bytes() == before


@pytest.mark.parametrize(("override", "message"), CASES["overrides"])
def test_a_wrong_override_is_told_as_it_was_given(
    shop: Project, override: str, message: str
) -> None:
    """No line of the file is to blame."""
    assert refused(shop, override).startswith(message)


NEAR = ", did you mean '2017'?"


@pytest.mark.parametrize(
    ("name", "file", "close"),
    [("2071", "2071", NEAR), ("params/2017.yaml", "2017", NEAR), ("/etc/x", "x", "")],
)
def test_an_edition_that_isnt_there_is_told(
    shop: Project, tmp_path_factory: pytest.TempPathFactory, name: str, file: str, close: str
) -> None:
    """With those there are, if there are any; a path that a shell completes names one, too."""
    step = "run in the folder that holds 'params/'"
    what = f"params/{file}.yaml: there is no edition '{name}'"
    assert refused(shop, name=name) == (
        f"{what}{close} (there are: 2017)\n  → name one of these, or {step}"
    )
    assert (
        refusal(ParametersError, Project(tmp_path_factory.mktemp("empty")).document, name)
        == f"{what}\n  → {step}"
    )


def test_a_path_is_one_of_the_project(shop: Project) -> None:
    """A variable of the environment may lead out of it."""
    assert shop.resolve("data/sample") == shop.root / "data" / "sample"
    assert shop.resolve("${DATA}/2017") == Path("/somewhere/data/2017")
    assert shop.resolve("${SELF}/x") == shop.root / "${SELF}" / "x"

    assert "somewhere" not in repr(shop), "the environment may hold a secret"


@pytest.mark.parametrize("name", ["ABSENT", "EMPTY"])
def test_a_variable_that_isnt_set_is_told(shop: Project, name: str) -> None:
    """An empty one too: the path would begin at the root of the disk."""
    assert refusal(ParametersError, shop.resolve, f"${{{name}}}/x") == (
        f"the path '${{{name}}}/x' needs the environment variable {name}, which isn't set\n"
        f"  → set {name} to the folder that holds the exports"
    )


def test_what_is_compared_with_confidential_rows_is_confidential(
    shop: Project, repository: Path
) -> None:
    """Counts of that year would be published without a gate; its released ledger is public."""
    shutil.copy(repository / "params" / "2016.yaml", shop.root / "params")
    other = shop.parameters_file("2017")
    confidential = other.read_text("utf-8").replace("rows: synthetic", "rows: confidential")
    other.write_text(confidential.replace("publisher:\n", "publisher:\n  address: x\n", 1), "utf-8")
    edition = shop.edition("2016", ["comparison='2017'"])
    assert refusal(ParametersError, shop.comparison, edition) == (
        "params/2016.yaml: the rows of the year to compare with, 2017, are confidential, and those "
        "of this edition aren't\n"
        "  → say 'rows: confidential' here too, or name the released ledger of 2017 as "
        "'comparison_ledger'"
    )
    released = edition.model_copy(update={"comparison_ledger": "data/2017.json"})
    assert shop.comparison(released).rows == "confidential"


def test_the_threshold_of_an_edition_is_no_lower_than_that_of_the_year_before(
    shop: Project, repository: Path
) -> None:
    """It decides on both years."""
    shutil.copy(repository / "params" / "2016.yaml", shop.root / "params")
    other = shop.parameters_file("2017")
    other.write_text(other.read_text("utf-8").replace("threshold: 0", "threshold: 5"), "utf-8")
    assert refusal(
        ParametersError, shop.comparison, shop.edition("2016", ["comparison='2017'"])
    ) == (
        "params/2016.yaml: the year to compare with, 2017, has a higher threshold for small "
        "numbers than this edition, which decides for both\n"
        "  → raise 'disclosure.threshold' to that of 2017, or name the released ledger of 2017 as "
        "'comparison_ledger'"
    )
    alike = shop.edition("2016", ["comparison='2017'", "disclosure.threshold=5"])
    assert shop.comparison(alike).threshold == 5
