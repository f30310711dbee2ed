"""Layouts: what they refuse, the examples of docs/layouts.md, and names of exports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from helpline_report.errors import ParametersError
from helpline_report.parameters.codelists import load_codelists
from helpline_report.parameters.layouts import (
    check_codes,
    ledger_name,
    load_layout,
    public_name,
    public_names,
)
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import Column, RowFile, TableLayout

# Layouts: the shipped ones fit the code lists, and a wrong one is refused with its line

ROOT = Path(__file__).parents[2]


SHIPPED = sorted((ROOT / "params" / "layouts").glob("*.yaml"))


SMALL = """\
layout: small
about: a layout for tests
files:
  contacts:
    name: contacts.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    tables:
      contacts:
        key: nr
        columns:
          day: {field: date, kind: date}
          channel: {field: channel, codes: {Telefoon: phone}}
"""


def refused(tmp_path: Path, text: str) -> str:
    """The message with which a layout is refused."""
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParametersError) as caught:
        check_codes(path, load_codelists(ROOT / "data" / "codelists"), tmp_path)
    return str(caught.value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_layouts_fit_the_code_lists(path: Path) -> None:
    """Every field and every code that a layout names is in a list."""
    assert check_codes(path, load_codelists(ROOT / "data" / "codelists"), ROOT).layout == path.stem


def test_the_layout_of_these_tests_is_sound(tmp_path: Path) -> None:
    """What the tests below break was whole before."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    assert load_layout(tmp_path / "small.yaml", tmp_path).layout == "small"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "delimiter:",
            "delimitter:",
            "small.yaml:4: the key 'files.contacts.delimiter' is missing\n"
            "small.yaml:6: unknown key 'files.contacts.delimitter', did you mean 'delimiter'?",
        ),
        (
            "field: channel",
            "field: chanel",
            "small.yaml:13: the table 'contacts' has no field 'chanel', did you mean 'channel'?",
        ),
        (
            ": phone",
            ": fone",
            "small.yaml:13: the field 'channel' has no code 'fone', did you mean 'phone'?",
        ),
        (
            ", kind: date",
            "",
            "small.yaml:12: files.contacts.tables.contacts.columns.day: the field 'date' is of "
            "kind 'date' or 'datetime'",
        ),
        (
            "layout: small",
            "layout: other",
            "small.yaml:1: the file is named 'small' and says it is layout 'other'",
        ),
        (
            "          day: {field: date, kind: date}\n",
            "",
            "small.yaml:4: files.contacts: the contacts have no date",
        ),
        (
            "    dates: dd/mm/yyyy\n",
            "",
            "small.yaml:4: files.contacts: a file with dates says how they are written: 'dates'",
        ),
        (
            "key: nr",
            "key: day",
            "small.yaml:4: files.contacts: the column 'day' means two things",
        ),
        (
            "key: nr",
            "key: nr\n        parent: row",
            "small.yaml:4: files.contacts: 'persons' and 'followups' have a 'parent', 'contacts' "
            "has none",
        ),
        (
            "          channel",
            "          weg: {field: channel, codes: {Brief: other}}\n          channel",
            "small.yaml:9: files.contacts.tables.contacts: the field 'channel' from two columns",
        ),
        (
            "          channel",
            "          years: {field: age, kind: integer, from: 0, to: 110, outside: refuse}\n"
            "          channel",
            "small.yaml:4: files.contacts: the column 'years' of contacts gives 'age', a field of "
            "persons",
        ),
        (
            "          channel",
            "          years: {field: age, kind: integer, from: 0, to: 5000, outside: refuse}\n"
            "          channel",
            "small.yaml:13: files.contacts.tables.contacts.columns.years: ages are 'from' 0 or "
            "more, 'to' 150 at most",
        ),
        (
            "dates: dd/mm/yyyy",
            "dates: dd/mm/yyyy\n    time_zone: Europe/Brusels",
            "small.yaml:8: files.contacts.time_zone: there is no time zone 'Europe/Brusels', did "
            "you mean 'Europe/Brussels'?",
        ),
        (
            "dates: dd/mm/yyyy",
            "dates: dd/mm",
            "small.yaml:7: files.contacts.dates: the dates 'dd/mm' have no year",
        ),
        (
            "{field: date, kind: date}",
            "{field: date, kind: datetime}",
            "small.yaml:4: files.contacts: a file with dates and times in one cell says: 'stamps'",
        ),
        (
            "key: nr",
            "key: row\n        numbered_yearly: true",
            "small.yaml:9: files.contacts.tables.contacts: rows without a key aren't "
            "'numbered_yearly'",
        ),
        (
            "codes: {Telefoon: phone}",
            "unknown: ['?'], codes: {Telefoon: phone}",
            "small.yaml:13: the field 'channel' has no code 'unknown'",
        ),
        (
            "codes: {Telefoon: phone}",
            "codes: {Telefoon: {code: fone, from: 2017-01-01}}",
            "small.yaml:13: the field 'channel' has no code 'fone', did you mean 'phone'?",
        ),
        (
            "codes: {Telefoon: phone}",
            "codes: {Telefoon: {code: phone, from: 2017-02-01, until: 2017-01-01}}",
            "small.yaml:13: files.contacts.tables.contacts.columns.channel.codes.Telefoon: 'until' "
            "is before 'from'",
        ),
    ],
)
def test_a_wrong_layout_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    """With file, line, key, and the nearest known name where there is one."""
    assert refused(tmp_path, SMALL.replace(before, after, 1)) == message


DAY, CHANNEL = "{field: date, kind: date}", "{field: channel, codes: {Telefoon: phone}}"


@pytest.mark.parametrize(
    ("before", "column", "message"),
    [
        (
            DAY,
            "{field: age, kind: integer, from: 0}",
            "an integer has 'from', 'to' and 'outside', and no other kind has",
        ),
        (DAY, "{field: date, kind: date, blank: unknown}", "a date can't be blank"),
        (
            DAY,
            "{field: hour, kind: time, blank: other}",
            "a blank time or integer is 'unknown', or refused without 'blank'",
        ),
        (DAY, "{field: channel}", "a coded column has 'codes', and no other kind has"),
        (
            CHANNEL,
            "{field: channel, separator: ',', codes: {'Brief, fax': other}}",
            "the label 'Brief, fax' holds the separator",
        ),
        (
            CHANNEL,
            "{field: age, kind: integer, from: 0, to: 9, outside: refuse, separator: ','}",
            "'separator' goes with a coded column",
        ),
        (CHANNEL, "{field: date, kind: date, unknown: [999]}", "a date can't be unknown"),
        (
            CHANNEL,
            "{field: channel, unknown: [Brief], codes: {Brief: other}}",
            "'Brief' has a code and is 'unknown'",
        ),
        (
            CHANNEL,
            "{field: channel, codes: {Brief: [{code: other}, {code: email, from: 2017-01-01}]}}",
            "the label 'Brief' means two codes on one day",
        ),
        (
            CHANNEL,
            "{field: channel, separator: ',', codes: {Brief: [{code: other, until: 2016-12-31}, "
            "{code: email, from: 2017-01-01}]}}",
            "the label 'Brief' has one code after another where cells hold several",
        ),
    ],
)
def test_a_column_says_one_thing(tmp_path: Path, before: str, column: str, message: str) -> None:
    """What belongs to one kind can't stand with another, nor two meanings on one day."""
    place = {DAY: "12: {}.day", CHANNEL: "13: {}.channel"}[before]
    at = place.format("files.contacts.tables.contacts.columns")
    assert refused(tmp_path, SMALL.replace(before, column)) == f"small.yaml:{at}: {message}"


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ("{9..1: other}", "the range '9..1' ends before it begins"),
        ("{1..3: other, '2': email}", "the label '2' stands twice"),
    ],
)
def test_a_range_of_numbers_is_one(tmp_path: Path, codes: str, message: str) -> None:
    """And no number stands in two of them."""
    text = SMALL.replace(CHANNEL, f"{{field: channel, codes: {codes}}}")
    assert refused(tmp_path, text).endswith(f"channel.codes: {message}")


# The examples of docs/layouts.md are layouts, and it tells of every key

TEXT = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")


SECTIONS = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")}


BASE = {
    "name": "contacts.csv",
    "delimiter": ";",
    "dates": "dd/mm/yyyy",
    "tables": {"contacts": {"key": "row", "columns": {"day": {"field": "date", "kind": "date"}}}},
}


def examples(section: str) -> list[str]:
    """The YAML blocks of a section."""
    return re.findall(r"```yaml\n(.*?)```", SECTIONS[section], flags=re.DOTALL)


def test_the_whole_layout_fits_the_code_lists(tmp_path: Path) -> None:
    """As somebody would paste it."""
    (text,) = examples("# Layouts")
    path = tmp_path / "small-system.yaml"
    path.write_text(text, encoding="utf-8")
    lists = load_codelists(ROOT / "data" / "codelists")
    assert check_codes(path, lists, tmp_path).layout == "small-system"


@pytest.mark.parametrize("text", examples("Of a file"))
def test_what_is_said_of_a_file(text: str) -> None:
    """Each example is a part of a file."""
    assert RowFile.model_validate(BASE | yaml.safe_load(text))


@pytest.mark.parametrize("text", examples("Of a table"))
def test_what_is_said_of_tables(text: str) -> None:
    """Each example is one table, or tables of one file."""
    tables = yaml.safe_load(text)
    contacts = BASE["tables"] if "contacts" not in tables else {}
    assert RowFile.model_validate(BASE | {"tables": contacts | tables})


@pytest.mark.parametrize("text", examples("Of a column"))
def test_what_is_said_of_columns(text: str) -> None:
    """Each example is one or more columns, with codes that the lists know."""
    project = Project(ROOT, {})
    lists = project.codelists_of(project.edition("2017"))
    for given in yaml.safe_load(text).values():
        column = Column.model_validate(given)
        known = lists[column.field].order if column.field in lists else []
        assert set(column.all_codes()) <= set(known)


@pytest.mark.parametrize(
    ("section", "model"),
    [("Of a file", RowFile), ("Of a table", TableLayout), ("Of a column", Column)],
)
def test_every_key_is_told_of(section: str, model: type[RowFile | TableLayout | Column]) -> None:
    """In the table of its section."""
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"\n(\| [^|]*\|)", SECTIONS[section]))))
    assert {info.alias or name for name, info in model.model_fields.items()} == told


# What an edition calls an export says nothing of who made it


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("contactnames.csv", "contactnames.csv"),
        ("export Jan Peeters.csv", "contactnames.csv"),
        ("Jan/contacts.XLSX", "contactnames.xlsx"),
        ("export.Peeters", "contactnames.csv"),
        ("peeters", "contactnames.csv"),
    ],
)
def test_a_file_goes_by_the_name_of_its_layout(written: str, name: str) -> None:
    """Only its ending tells what kind of file was given, and only if it is a known one."""
    assert public_name("contactnames.csv", written) == name


def test_files_of_any_name_are_numbered() -> None:
    """Those of a folder have the name of their layout and their place."""
    assert public_names("web", ["van Jan.csv", "van Piet.JSON"]) == {
        "van Jan.csv": "web-1.csv",
        "van Piet.JSON": "web-2.json",
    }


def test_files_that_a_layout_expects_keep_their_names() -> None:
    """They come first, in its order; what it doesn't know is numbered."""
    written = ["devices.csv", "van Jan.csv", "users.csv"]
    assert list(
        public_names("web", written, ["users.csv", "devices.csv", "sites.csv"]).items()
    ) == [
        ("users.csv", "users.csv"),
        ("devices.csv", "devices.csv"),
        ("van Jan.csv", "web-1.csv"),
    ]


def test_a_released_ledger_goes_by_its_edition() -> None:
    """Wherever it lies, and by whatever name."""
    assert ledger_name("2016") == "ledger-2016.json"
