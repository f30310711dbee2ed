"""Exports become tables: types, categories, the row above each row, and balances."""

from pathlib import Path
from typing import Any

import pytest
from pandera.errors import SchemaErrors

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset_reader import load_dataset
from tests.conftest import refusal
from tests.tables.table_schemas import check_tables


def test_columns_are_typed_and_hold_no_keys(desk: Any) -> None:
    """Days; hours and ages, -1 where unknown; codes of the whole list in order; keys link rows."""
    tables = desk.load().tables
    frames = {name: table.frame for name, table in tables.items()}
    assert {name: list(frame.columns) for name, frame in frames.items()} == {
        "contacts": ["line", "date", "hour", "channel"],
        "persons": ["line", "age", "gender", "context"],
        "followups": ["line", "followup"],
    }
    contacts, ages = frames["contacts"], frames["persons"]["age"]
    assert contacts.dtypes.astype(str).tolist()[:3] == ["int32", "datetime64[s]", "int8"]
    assert contacts["date"].dt.strftime("%d-%m").tolist() == ["02-03", "02-03", "31-12"]
    assert contacts["hour"].tolist() == [9, -1, 23]
    assert (ages.dtype, ages.tolist()) == ("int16", [34, -1, 0])
    channels = contacts["channel"]
    assert channels.tolist() == ["phone", "email", "not_registered"]
    assert channels.cat.categories.tolist() == ["phone", "email", "other", "not_registered"]
    assert tables["persons"].parent_rows.tolist() == [0, 0, 2]
    assert tables["followups"].parent_rows.tolist() == [0, 0, 2]
    assert tables["followups"].parent is tables["persons"]


def test_rows_know_their_line_and_need_no_order(desk: Any) -> None:
    """For the auditor, who opens the file; of rows without a key two may look alike (B52)."""
    desk.put("followups.csv", "person | followup\n\n11 | Advies\n\n13 | Andere\n11 | Advies")
    assert desk.column("followups", "line") == [3, 5, 6]
    rows = "3 | 31/12/2017 | 23:59 |\n1 | 02/03/2017 | 09:15 | Telefoon\n2 | 02/03/2017 | | E-mail"
    desk.put("contacts.csv", f"nr | day | time | channel\n{rows}")
    persons = desk.table("persons")
    days = persons.down(persons.parent.frame["date"].to_numpy(), persons.parent)
    assert [str(day)[:10] for day in days] == ["2017-03-02", "2017-03-02", "2017-12-31"]


def test_a_balance_accounts_for_every_row(desk: Any) -> None:
    """Read is used, repaired and excluded, by the code of the fault; B56 is noted.

    Of a row that stands twice to the letter the first counts, and persons hang on it.
    """
    row = "1 | 02/03/2017 | 09:15 | Telefoon\n"
    more = "2 | 02/03/2017 | | TELEFOON\n\n3 | 31/12/2017 | | "
    desk.put("contacts.csv", f"nr | day | time | channel\n{row}{row}{more}")
    balance = desk.balance("contacts.csv")
    assert (balance.read, balance.used, balance.repaired) == (5, 2, {"B61": 1})
    assert balance.excluded == {"B32": 1, "B52": 1}
    assert balance.noted == {"B56": 1}
    assert balance.read == sum(balance.outcomes.values())
    assert desk.column("contacts", "line") == [2, 4, 6]
    assert desk.table("persons").parent_rows.tolist() == [0, 0, 2]


def test_problems_of_all_files_come_together(desk: Any) -> None:
    """One report, so that one look mends everything."""
    desk.put("contacts.csv", "nr | day | time | channel\n1 | 31/04/2017 | | Telefoon")
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Wrouw | 34 | School")
    (desk.root / "raw" / "followups.csv").unlink()
    assert desk.message() == (
        "3 problem(s) in the exports; nothing was written.\n"
        "[B00] raw/followups.csv: there is no such file\n"
        "  → put the export there, or name another one, under 'sources' of the parameters "
        "or in the command\n"
        "[B46] raw/contacts.csv:2, column day: '99/99/9999' is a day that doesn't exist; expected "
        "dd/mm/yyyy\n"
        "  → correct the date in the source\n"
        "[B59] raw/persons.csv:2, column gender: 'Aaaaa' is no label of this column, did you mean "
        "'Vrouw'?; expected Vrouw, Man\n"
        "  → correct it in the source, or give the label a code in the layout"
    )


SOURCES: dict[str, tuple[dict[str, object], int, str]] = {
    "a file that the layout doesn't have": (
        {"files": {"contact": "x.csv"}},
        1,
        "params/2017.yaml: sources.files: the layout 'small' has no file 'contact', did you "
        "mean 'contacts'?\n  → it has: contacts, persons, followups",
    ),
    "a layout that there isn't": (
        {"layout": "smal"},
        1,
        "params/layouts/smal.yaml: there is no such file",
    ),
    "one table from two files": (
        {},
        2,
        "params/2017.yaml: the table 'contacts' comes from raw/contacts.csv and from "
        "raw/contacts.csv\n  → keep one of the two under 'sources'",
    ),
}


@pytest.mark.parametrize(("change", "times", "message"), SOURCES.values(), ids=SOURCES)
def test_sources_that_name_what_cant_be_are_refused(
    desk: Any, change: dict[str, object], times: int, message: str
) -> None:
    """With the nearest name that there is; a file may have another name than its layout says."""
    (source,) = desk.edition.sources
    sources = [source.model_copy(update=change)] * times
    edition = desk.edition.model_copy(update={"sources": sources})
    assert refusal(ParametersError, load_dataset, desk.project, edition) == message
    (desk.root / "raw" / "contacts.csv").rename(desk.root / "raw" / "2017.csv")
    named = source.model_copy(update={"files": {"contacts": "2017.csv"}})
    edition = desk.edition.model_copy(update={"sources": [named]})
    assert load_dataset(desk.project, edition).balances[0].file == "raw/2017.csv"


def test_a_code_list_may_grow_without_code(desk: Any) -> None:
    """A new channel is a line in the code list and a label in the layout."""
    path = desk.root / "data" / "codelists" / "channel.yaml"
    grown = path.read_text(encoding="utf-8") + "  - {code: chat, nl: chat, en: chat}\n"
    path.write_text(grown, encoding="utf-8")
    desk.change_layout("Andere: other}\n", "Chat: chat}\n")
    rows = "1 | 02/03/2017 | | Chat\n3 | 02/03/2017 | |"
    desk.put("contacts.csv", f"nr | day | time | channel\n{rows}")
    assert desk.column("contacts", "channel") == ["chat", "not_registered"]


def test_the_sample_has_the_totals_of_the_print(sample_copy: Path, sample_edition: Edition) -> None:
    project = Project(sample_copy)
    sample = load_dataset(project, sample_edition)
    sizes = [len(sample.tables[name]) for name in ("contacts", "persons", "followups")]
    assert (sizes, len(sample.balances)) == ([4812, 6792, 11005], 12)
    check_tables(sample, project.codelists())


def test_tables_keep_to_their_schemas(desk: Any) -> None:
    """Types, categories and ranges; a key or a free text is never a column."""
    dataset = desk.load()
    check_tables(dataset, desk.project.codelists())
    dataset.tables["followups"].frame["remark"] = "x"
    with pytest.raises(SchemaErrors, match="remark"):
        check_tables(dataset, desk.project.codelists())
