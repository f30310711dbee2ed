"""Exports become tables: types, categories, the row above each row, and balances."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pandera.errors import SchemaErrors

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset_reader import load_dataset
from tests.tables.conftest import layout_of_contacts
from tests.tables.table_schemas import check_tables


def test_columns_are_typed_and_hold_no_keys(desk: Any) -> None:
    """Days; hours and ages, -1 where unknown; codes of the whole list in order; keys link rows."""
    frames = {name: table.frame for name, table in desk.load().tables.items()}
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


def test_each_row_knows_the_row_that_it_hangs_on(desk: Any) -> None:
    """Persons their contact, follow-ups their person."""
    tables = desk.load().tables
    assert tables["persons"].parent_rows.tolist() == [0, 0, 2]
    assert tables["followups"].parent_rows.tolist() == [0, 0, 2]
    assert tables["followups"].parent is tables["persons"]


def test_each_row_knows_its_physical_line(desk: Any) -> None:
    """For the auditor, who opens the file."""
    desk.put("followups.csv", "person | followup\n\n11 | Advies\n\n13 | Andere")
    assert desk.column("followups", "line") == [3, 5]


def test_rows_in_another_order_are_the_same_rows(desk: Any) -> None:
    """Contacts hang together with their persons wherever they stand."""
    desk.put(
        "contacts.csv",
        """
        nr | day        | time  | channel
        3  | 31/12/2017 | 23:59 |
        1  | 02/03/2017 | 09:15 | Telefoon
        2  | 02/03/2017 |       | E-mail
        """,
    )
    persons = desk.table("persons")
    days = persons.down(persons.parent.frame["date"].to_numpy(), persons.parent)
    assert [str(day)[:10] for day in days] == ["2017-03-02", "2017-03-02", "2017-12-31"]


def test_two_rows_that_look_alike_are_two_where_there_is_no_key(desk: Any) -> None:
    """B52 is no fault of rows without a key: two people may look alike."""
    desk.put("followups.csv", "person | followup\n11 | Advies\n11 | Advies")
    assert desk.column("followups", "followup") == ["advice", "advice"]


def test_a_balance_accounts_for_every_row(desk: Any) -> None:
    """Read is used, repaired and excluded, by the code of the fault."""
    desk.put(
        "contacts.csv",
        "nr | day | time | channel\n"
        "1 | 02/03/2017 | 09:15 | Telefoon\n"
        "1 | 02/03/2017 | 09:15 | Telefoon\n"
        "2 | 02/03/2017 | | TELEFOON\n"
        "\n"
        "3 | 31/12/2017 | | ",
    )
    balance = desk.balance("contacts.csv")
    assert (balance.read, balance.used) == (5, 2)
    assert balance.repaired == {"B61": 1}
    assert balance.excluded == {"B32": 1, "B52": 1}
    assert balance.balances


def test_contacts_without_persons_are_counted_where_they_are_known(desk: Any) -> None:
    """B56: the contact counts as a contact."""
    assert desk.balance("contacts.csv").noted == {"B56": 1}
    assert len(desk.table("contacts")) == 3


def test_problems_of_all_files_come_together(desk: Any) -> None:
    """One report, so that one look mends everything."""
    desk.put("contacts.csv", "nr | day | time | channel\n1 | 31/04/2017 | | Telefoon")
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Wrouw | 34 | School")
    (desk.root / "raw" / "followups.csv").unlink()
    assert desk.message() == (
        "3 problem(s) in the exports; nothing was written.\n"
        "[B00] raw/followups.csv: there is no such file\n"
        "  → put the export there, or name it in the parameters under 'sources'\n"
        "[B46] raw/contacts.csv:2, column day: '99/99/9999' is a day that doesn't exist; expected "
        "dd/mm/yyyy\n"
        "  → correct the date in the source\n"
        "[B59] raw/persons.csv:2, column gender: 'Aaaaa' is no label of this column, did you mean "
        "'Vrouw'?; expected Vrouw, Man\n"
        "  → correct it in the source, or give the label a code in the layout"
    )


def test_a_table_that_no_source_gives_is_not_there(desk: Any) -> None:
    """A figure that needs it is unavailable, with its reason."""
    desk.put_layout(
        layout_of_contacts(
            "dates: dd/mm/yyyy", "ignored: {time: no figure uses it, channel: nor it}"
        )
    )
    assert list(desk.load().tables) == ["contacts"]


def test_an_edition_gives_a_file_another_name(desk: Any) -> None:
    """By the short name of the layout."""
    (desk.root / "raw" / "contacts.csv").rename(desk.root / "raw" / "2017.csv")
    source = desk.edition.sources[0].model_copy(update={"files": {"contacts": "2017.csv"}})
    edition: Edition = desk.edition.model_copy(update={"sources": [source]})
    assert load_dataset(desk.project, edition).balances[0].file == "raw/2017.csv"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"files": {"contact": "x.csv"}},
            "params/2017.yaml: sources.0.files: the layout 'small' has no file 'contact', did you "
            "mean 'contacts'?\n  → it has: contacts, persons, followups",
        ),
        (
            {"layout": "smal"},
            "params/layouts/smal.yaml: there is no layout 'smal', did you mean 'small'?\n"
            "  → name an existing layout, or describe the exports in this file",
        ),
    ],
)
def test_a_source_that_names_what_is_not_there_is_refused(
    desk: Any, change: dict[str, object], message: str
) -> None:
    """With the nearest name that there is."""
    source = desk.edition.sources[0].model_copy(update=change)
    with pytest.raises(ParametersError) as caught:
        load_dataset(desk.project, desk.edition.model_copy(update={"sources": [source]}))
    assert str(caught.value) == message


def test_a_table_from_two_files_is_refused(desk: Any) -> None:
    """Which of the two would be counted, nobody could say."""
    with pytest.raises(ParametersError) as caught:
        load_dataset(
            desk.project,
            desk.edition.model_copy(update={"sources": list(desk.edition.sources) * 2}),
        )
    assert str(caught.value) == (
        "params/2017.yaml: the table 'contacts' comes from raw/contacts.csv and from "
        "raw/contacts.csv\n  → keep one of the two under 'sources'"
    )


def test_a_code_list_may_grow_without_code(desk: Any) -> None:
    """A new channel is a line in the code list and a label in the layout."""
    path = desk.root / "data" / "codelists" / "channel.yaml"
    grown = path.read_text(encoding="utf-8") + "  - {code: chat, nl: chat, en: chat}\n"
    path.write_text(grown, encoding="utf-8")
    layout = desk.root / "params" / "layouts" / "small.yaml"
    desk.put_layout(
        layout.read_text(encoding="utf-8").replace("Andere: other}\n", "Chat: chat}\n", 1)
    )
    desk.put(
        "contacts.csv", "nr | day | time | channel\n1 | 02/03/2017 | | Chat\n3 | 02/03/2017 | |"
    )
    assert desk.column("contacts", "channel") == ["chat", "not_registered"]


def test_tables_keep_to_their_schemas(desk: Any, repository: Path, sample_edition: Edition) -> None:
    """Types, categories and ranges; a key or a free text is never a column."""
    check_tables(desk.load(), desk.project.codelists())
    sample = Project(repository)
    check_tables(load_dataset(sample, sample_edition), sample.codelists())


def test_a_schema_refuses_a_column_too_many(desk: Any) -> None:
    """And a value outside its range."""
    dataset = desk.load()
    dataset.tables["followups"].frame["remark"] = "x"
    with pytest.raises(SchemaErrors, match="remark"):
        check_tables(dataset, desk.project.codelists())
