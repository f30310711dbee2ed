"""Layouts, code lists and names of services: what they say, and what they refuse."""

import re
from pathlib import Path

import pytest
import yaml

from helpline_report.errors import ParametersError
from helpline_report.parameters.codelists import load_codelists
from helpline_report.parameters.input_files import make_public_name, name_web_files
from helpline_report.parameters.layouts import check_codes
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import Column, RowFile, TableLayout
from helpline_report.parameters.web_service import index_names, service
from tests.cases import read_cases
from tests.tables.conftest import layout_of_contacts

CASES = read_cases(Path(__file__).with_name("cases.yaml"))

ROOT = Path(__file__).parents[2]
SMALL = layout_of_contacts(
    columns="day: {field: date, kind: date}\n"
    "          channel: {field: channel, codes: {Telefoon: phone}}"
)
CONTACTS = "files.contacts.tables.contacts"
DAY = "{field: date, kind: date}"


def check(folder: Path, text: str) -> str:
    """Which layout a text is, or the message with which it is refused."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        return check_codes(path, load_codelists(ROOT / "data" / "codelists"), folder).layout
    except ParametersError as error:
        return str(error)


def test_shipped_layouts_fit_the_code_lists(tmp_path: Path) -> None:
    """Every field and every code that a layout names is in a list."""
    lists = load_codelists(ROOT / "data" / "codelists")
    for path in (ROOT / "params" / "layouts").glob("*.yaml"):
        assert check_codes(path, lists, ROOT).layout == path.stem
    assert check(tmp_path, SMALL) == "small", "what the tests below break was whole before"


@pytest.mark.parametrize(("before", "after", "message"), CASES["layouts"])
def test_a_wrong_layout_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    """With file, line, key, and the nearest known name where there is one."""
    assert check(tmp_path, SMALL.replace(before, after, 1)) == f"small.yaml:{message}"


@pytest.mark.parametrize(("before", "column", "message"), CASES["columns"])
def test_a_column_says_one_thing(tmp_path: Path, before: str, column: str, message: str) -> None:
    """What belongs to one kind can't stand with another, nor two meanings on one day."""
    line, name = (12, "day") if before == DAY else (13, "channel")
    refusal = check(tmp_path, SMALL.replace(before, column))
    assert refusal.startswith(f"small.yaml:{line}: {CONTACTS}.columns.{name}")
    assert refusal.endswith(f": {message}")


# The examples of docs/layouts.md are layouts, and it tells of every key

TEXT = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")}
CONTACTS_ALONE = {"contacts": {"key": "row", "columns": {"day": {"field": "date", "kind": "date"}}}}
BASE = {"name": "c.csv", "delimiter": ";", "dates": "dd/mm/yyyy", "tables": CONTACTS_ALONE}


def examples(section: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", SECTIONS[section], flags=re.DOTALL)


def test_the_whole_layout_fits_the_code_lists(tmp_path: Path) -> None:
    """The example of the document can be pasted as it is."""
    (text,) = examples("# Layouts")
    assert check(tmp_path, text.replace("small-system", "small")) == "small"


def test_what_is_said_of_files_tables_and_columns() -> None:
    """Each example is a part of a file, or tables of one, or columns with codes of the lists."""
    for text in examples("Of a file"):
        RowFile.model_validate(BASE | yaml.safe_load(text))
    for text in examples("Of a table"):
        RowFile.model_validate(BASE | {"tables": CONTACTS_ALONE | yaml.safe_load(text)})
    project = Project(ROOT, {})
    lists = project.codelists_of(project.edition("2017"))
    for example in (
        each for text in examples("Of a column") for each in yaml.safe_load(text).values()
    ):
        column = Column.model_validate(example)
        known = lists[column.field].order if column.field in lists else []
        assert set(column.all_codes()) <= set(known)


@pytest.mark.parametrize(
    ("section", "model"),
    [("Of a file", RowFile), ("Of a table", TableLayout), ("Of a column", Column)],
)
def test_every_key_is_told_of(section: str, model: type[RowFile | TableLayout | Column]) -> None:
    """The table of its section has it."""
    keys = set(re.findall(r"`(\w+)`", "".join(re.findall(r"\n(\| [^|]*\|)", SECTIONS[section]))))
    assert {info.alias or name for name, info in model.model_fields.items()} == keys


# The code lists that ship with the project: codes in order, groups, dates and wording

FOLDER = Path(__file__).parents[2] / "data" / "codelists"
LISTS = load_codelists(FOLDER)


@pytest.mark.parametrize(("field", "codes"), CASES["orders"])
def test_codes_stand_in_the_order_that_breaks_ties(field: str, codes: str) -> None:
    """Codes of other helplines among them change no tie."""
    order = [code for code in LISTS[field].order if code in codes.split()]
    assert order == codes.split()


@pytest.mark.parametrize(("field", "group", "members"), CASES["groups"])
def test_a_group_stands_for_its_members(field: str, group: str, members: str) -> None:
    """Members are named on the codes themselves; of follow-ups the group is in the name."""
    assert LISTS[field].expand(group) == members.split()
    followups = LISTS["followup"]
    for of in ("referred", "registered"):
        assert followups.expand(of) == [c for c in followups.order if c.startswith(f"{of}.")]


@pytest.mark.parametrize("field", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_a_list_can_stand_in_sentences(field: str) -> None:
    """What isn't known is marked as missing; no two codes have one label.

    Dutch labels begin in lower case, for one stands after 'via' or 'met als vorm'.
    """
    codes = LISTS[field]
    missing = {code.code for code in codes.codes if code.missing}
    assert missing == {"unknown", "not_registered", "empty"} & set(codes.order)
    assert "{" not in codes.by.nl + codes.by.en
    for language in ("nl", "en"):
        assert len({code.label(language) for code in codes.codes}) == len(codes.codes)
    capitals = [code.nl for code in codes.by_code.values() if code.nl[0].isupper()]
    assert capitals == [] or field == "helpline"


@pytest.mark.parametrize("words", ["by phone", "by {lables}", "by {labels} {", "by {labels!x}"])
def test_a_phrase_takes_its_labels(tmp_path: Path, words: str) -> None:
    """A phrase without labels would leave the codes out of a definition, or stop a chapter."""
    text = (FOLDER / "channel.yaml").read_text(encoding="utf-8")
    assert "by {labels}" in text
    (tmp_path / "channel.yaml").write_text(text.replace("by {labels}", words), encoding="utf-8")
    with pytest.raises(
        ParametersError, match=r"where.en: write '\{labels\}' where the labels come"
    ):
        load_codelists(tmp_path)


def test_no_code_ends_before_it_begins(tmp_path: Path) -> None:
    """It would never exist, and a break be asked for."""
    text = (FOLDER / "channel.yaml").read_text(encoding="utf-8")
    text = text.replace("code: email,", "code: email, from: 2018-01-01, until: 2017-01-01,")
    (tmp_path / "channel.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParametersError, match=r"codes.1: 'until' is before 'from'"):
        load_codelists(tmp_path)


# The names of a service's metrics and dimensions: each says one thing, and none too many


@pytest.mark.parametrize("kind", ["ua", "ga4"])
def test_no_name_is_a_metric_and_a_dimension(kind: str) -> None:
    """No name means two of either; building the index would refuse it."""
    assert not index_names("metrics", kind).keys() & index_names("dimensions", kind).keys()


@pytest.mark.parametrize(("kind", "name", "metric"), CASES["users"])
def test_kinds_of_users_are_kept_apart(kind: str, name: str, metric: str) -> None:
    """All, active, total and new users are four numbers; a renaming is the same number."""
    assert index_names("metrics", kind)[name][0] == metric


def test_no_kind_of_users_is_users_by_itself() -> None:
    """Which one a report means, its layout says."""
    users = [item for name, item in service().metrics.items() if "users" in name]
    assert len(users) >= 5
    assert {item.measure for item in users} == {None}


def test_what_identifies_visitors_is_known() -> None:
    """Each language and version has its names; sessions and first visits have own channels."""
    for kind, name in [("ua", "client id"), ("ga4", "app-instance id"), ("ga4", "id client")]:
        dimension = index_names("dimensions", kind)[name][0]
        assert service().dimensions[dimension].personal
    names = index_names("dimensions", "ga4")
    assert names["session default channel group"][0] == "session_channel"
    assert names["first user default channel group"][0] == "first_user_channel"


# What an edition calls an export says nothing of who made it


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
