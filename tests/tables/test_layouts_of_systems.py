"""Layouts that carry real systems: one file for two tables, several codes a cell, dated labels."""

from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.figures import measures
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.figures.soundness import count_in_other_order
from tests.second_count.both import differences
from tests.tables.conftest import ONE_FILE

KEYED = """\
      contacts:
        key: nr
        columns:
          day: {field: date, kind: date}
          channel: {field: channel, blank: not_registered, codes: {Telefoon: phone, E-mail: email}}
      persons:
        key: {key}
        parent: nr
        columns:
          gender: {field: gender, codes: {Vrouw: female, Man: male}}
"""
BOTH = """
nr | person | day        | channel  | gender
1  | 11     | 13/05/2017 | Telefoon | Vrouw
1  | 12     | 13/05/2017 | Telefoon | Man
2  | 13     | 14/05/2017 | E-mail   | Vrouw
1  | 14     | 13/05/2017 | Telefoon | Man
"""
COLUMNS = f"""{ONE_FILE}\
      contacts: {{key: row, columns: {{day: {{field: date, kind: date}}}}}}
      persons: {{key: row, parent: row, {{persons}}}}
"""


def put_both(desk: Any, key: str, rows: str) -> None:
    """One file of contacts and persons; persons have the key, or none."""
    ignored = "" if key == "person" else "    ignored: {person: no table uses it}\n"
    desk.put_layout(ONE_FILE + KEYED.replace("{key}", key) + ignored)
    desk.put("both.csv", rows)


def put_persons(desk: Any, persons: str, rows: str) -> None:
    """One row a contact and its person, whose columns are given."""
    desk.put_layout(COLUMNS.replace("{persons}", persons))
    desk.put("both.csv", rows)


# One file that is both


def test_a_contact_that_repeats_for_each_person_is_one(desk: Any) -> None:
    """Its rows after the first are left out of the contacts, under a code of their own."""
    put_both(desk, "person", BOTH)
    dataset = desk.load()
    assert dataset.tables["contacts"].frame["line"].tolist() == [2, 4]
    assert dataset.tables["persons"].parent_rows.tolist() == [0, 0, 1, 0]
    contacts, persons = dataset.balances
    assert (contacts.read, contacts.used, contacts.excluded) == (4, 2, {"repeat": 2})
    assert (persons.read, persons.used, persons.excluded) == (4, 4, {})
    # A person that stands twice, with a key of its own, is one (B52).
    put_both(desk, "person", f"{BOTH}1 | 11 | 13/05/2017 | Telefoon | Vrouw")
    excluded = [balance.excluded for balance in desk.load().balances]
    assert excluded == [{"repeat": 3}, {"B52": 1}]
    # Without a key, two that look alike are two people.
    put_both(desk, "row", BOTH.replace("12  ", "11  ").replace("Man", "Vrouw"))
    assert len(desk.table("persons")) == 4
    # What is said of a contact must be the same each time; what is said of persons may differ.
    put_both(desk, "person", BOTH.replace("2017 | Telefoon | Man\n2", "2017 | E-mail | Man\n2"))
    assert desk.problems() == [
        "[B53] raw/both.csv:3, column nr: the key of line 2 stands here with something else in the "
        "column 'channel'; expected the same contents for one key\n"
        "  → correct one of the two rows in the source"
    ]


def test_what_stands_beside_a_contact_that_stands_twice_hangs_on_it(desk: Any) -> None:
    """B52: the rows below it hang on their own contacts, in both counts."""
    rows = """
        nr | person | day        | channel  | gender
        1  | 11     | 13/05/2017 | Telefoon | Vrouw
        1  | 11     | 13/05/2017 | Telefoon | Vrouw
        2  | 13     | 14/05/2017 | E-mail   | Man
        2  | 13     | 14/05/2017 | E-mail   | Man
        3  | 14     | 15/05/2017 | E-mail   | Vrouw
    """
    for key in ("person", "row"):
        put_both(desk, key, rows)
        desk.change_layout("parent: nr", "parent: row")
        dataset = desk.load()
        assert dataset.tables["persons"].frame["line"].tolist() == [2, 4, 6]
        assert dataset.tables["persons"].parent_rows.tolist() == [0, 1, 2]
        assert [balance.excluded for balance in dataset.balances] == [{"B52": 2}, {"B52": 2}]
        assert differences(desk.project, desk.edition, dataset) == []


# Several codes in one cell


SEVERAL = (
    "columns: {form: {field: form, separator: ',', "
    "codes: {Fysiek: physical, Lichamelijk: physical, Seksueel: sexual, Anders: unknown}}}"
)


def forms(desk: Any) -> list[list[str]]:
    frame = desk.table("persons").frame.filter(like="form:")
    return [
        [name.removeprefix("form:") for name in frame.columns if row[name]]
        for _, row in frame.iterrows()
    ]


def test_a_cell_may_hold_several_labels(desk: Any) -> None:
    """Order, doubles, spaces and a separator too many don't matter; a blank is none, or a code."""
    put_persons(
        desk,
        SEVERAL,
        "day | form\n13/05/2017 | Seksueel,Fysiek\n14/05/2017 | Fysiek, Seksueel, Fysiek,\n"
        "15/05/2017 |\n16/05/2017 | Lichamelijk",
    )
    assert forms(desk) == [["physical", "sexual"], ["physical", "sexual"], [], ["physical"]]
    persons = desk.table("persons")
    assert persons.multiple == {"form"}
    assert persons.codes["form"] == {"physical", "sexual", "unknown"}
    blank = SEVERAL.replace("separator: ',',", "separator: ',', blank: unknown,")
    put_persons(desk, blank, "day | form\n13/05/2017 |\n14/05/2017 | FYSIEK,Seksueel")
    assert forms(desk) == [["unknown"], ["physical", "sexual"]]
    assert desk.load().balances[1].repaired == {"B61": 1}
    put_persons(desk, SEVERAL, "day | form\n13/05/2017 | Fysiek,Sexueel")
    assert desk.problems() == [
        "[B59] raw/both.csv:2, column form: 'Aaaaaa,Aaaaaaa' holds no label of this column, did "
        "you mean 'Seksueel'?; expected Fysiek, Lichamelijk, Seksueel, Anders\n"
        "  → correct it in the source, or give the label a code in the layout"
    ]


JOINT = "columns: {form: {field: form, codes: {Beide: [physical, sexual], Een: physical}}}"


def test_one_label_may_be_two_codes(desk: Any) -> None:
    """Both counts read both codes, if it is alone or beside one of them."""
    rows = "day | form\n13/05/2017 | Beide\n14/05/2017 | Een\n15/05/2017 | BEIDE"
    put_persons(desk, JOINT, rows)
    assert forms(desk) == [["physical", "sexual"], ["physical"], ["physical", "sexual"]]
    dataset = desk.load()
    assert dataset.balances[1].repaired == {"B61": 1}
    assert dataset.tables["persons"].codes["form"] == {"physical", "sexual"}
    assert differences(desk.project, desk.edition, dataset) == []
    put_persons(desk, JOINT, f"{rows}\n16/05/2017 |\n17/05/2017 | Ander")
    assert [problem[:52] for problem in desk.problems()] == [
        "[B59] raw/both.csv:5, column form: blank is no label",
        "[B59] raw/both.csv:6, column form: 'Aaaaa' is no lab",
    ]
    several = JOINT.replace("form, codes", "form, separator: '+', codes")
    put_persons(desk, several, "day | form\n13/05/2017 | Een + Beide\n14/05/2017 |")
    assert forms(desk) == [["physical", "sexual"], []]
    assert differences(desk.project, desk.edition, desk.load()) == []


def test_a_label_may_be_a_range_of_numbers(desk: Any) -> None:
    """A caller's age in years, or a number of persons, as a field of classes."""
    codes = "{0..12: child, 13..17: youth, 18..99: adult}"
    age = f"age: {{field: caller_age_class, blank: unknown, codes: {codes}}}"
    layout = COLUMNS.replace(", {persons}", "").replace("kind: date}}", f"kind: date}}, {age}}}")
    desk.put_layout(layout)
    desk.put("both.csv", "day|age\n13/05/2017|12\n14/05/2017|13\n15/05/2017|\n16/05/2017|99")
    assert desk.column("contacts", "caller_age_class") == ["child", "youth", "unknown", "adult"]
    assert differences(desk.project, desk.edition, desk.load()) == []
    desk.put("both.csv", "day | age\n13/05/2017 | 100")
    assert "[B59] raw/both.csv:2, column age: '999' is no label" in desk.message()


def test_classes_may_stand_for_ages(desk: Any) -> None:
    """They are those of the parameters; both counts and the chapters take them so."""
    ages = "columns: {band: {field: age_class, blank: unknown, codes: {0-99: all}}}"
    put_persons(desk, ages, "day|band\n13/05/2017|0-99\n14/05/2017|\n15/05/2017|0-99")
    assert desk.column("persons", "age_class") == ["all", "unknown", "all"]
    dataset = desk.load()
    assert differences(desk.project, desk.edition, dataset) == []
    register = Register(desk.edition, dataset, desk.project.codelists())
    persons = Population.whole(register, "persons")
    assert persons.register.gives("persons", "age_class")
    assert not persons.register.gives("persons", "age")
    assert [len(persons.where(age_class=code).df) for code in ("all", "unknown")] == [2, 1]
    figure = measures.count("adults", persons.where(age_class="all"))
    ledger = Ledger(edition="2017", figures={"adults": figure})
    assert count_in_other_order(register, ledger)[1] == []
    put_persons(desk, ages.replace("all", "old"), "day|band\n13/05/2017|0-99")
    with pytest.raises(ParametersError, match="the field 'age_class' has no code 'old'"):
        desk.load()


@pytest.mark.parametrize(
    "columns", ["", ", columns: {gender: {field: gender, codes: {V: female}}}"]
)
def test_persons_may_be_given_as_a_number(desk: Any, columns: str) -> None:
    """Each is a row, with what stands in the row; the balance counts them all."""
    put_persons(
        desk,
        f"number: people{columns}",
        "day|people|gender\n13/05/2017|2|V\n01/01/2016|1|V\n15/05/2017|0|V\n16/05/2017|3|V"
        if columns
        else "day|people\n13/05/2017|2\n01/01/2016|1\n15/05/2017|0\n16/05/2017|3",
    )
    desk.parameters["acknowledged"] = [{"fault": "B49", "reason": {"nl": "x", "en": "x"}}]
    dataset = desk.load()
    persons = dataset.tables["persons"]
    assert persons.parent_rows.tolist() == [0, 0, 2, 2, 2]
    assert persons.frame["line"].tolist() == [2, 2, 5, 5, 5]
    balance = next(each for each in dataset.balances if each.table == "persons")
    assert (balance.read, balance.used, balance.excluded) == (6, 5, {"B49": 1})
    assert dataset.balances[0].noted == {"B56": 1}, "0 is a number as any other, and is listed"
    assert differences(desk.project, desk.edition, dataset) == []


def test_dates_times_and_numbers_as_access_writes_them(desk: Any) -> None:
    """Midnight behind a date, a day before a time, zeros behind a number: in both counts."""
    layout = COLUMNS.replace("{persons}", "number: people, columns: {age: {field: age, " + AGED)
    times = "time: {field: hour, kind: time}"
    layout = layout.replace("kind: date}}", f"kind: date}}, {times}}}")
    layout = layout.replace(
        "dates: dd/mm/yyyy", "dates: dd/mm/yyyy 0:00:00\n    times: 30/12/1899 hh:mm:ss"
    )
    desk.put_layout(layout)
    rows = (
        "13/05/2017 0:00:00|30/12/1899 09:30:00|2,00|34,00\n"
        "14/05/2017 0:00:00|30/12/1899 21:05:00|1,00|7,00"
    )
    desk.put("both.csv", f"day|time|people|age\n{rows}")
    assert desk.column("contacts", "hour") == [9, 21]
    assert desk.column("persons", "age") == [34, 34, 7]
    dataset = desk.load()
    assert differences(desk.project, desk.edition, dataset) == []
    desk.put(
        "both.csv",
        f"day|time|people|age\n{rows.replace('14/05/2017 0:00:00', '14/05/2017 9:00:00')}",
    )
    assert [each[:35] for each in desk.problems()] == ["[B42] raw/both.csv:3, column day: '"]


AGED = "kind: integer, from: 0, to: 110, outside: refuse}}"


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("21", "[B58] raw/both.csv:2: 1 contact(s) with more than 20 persons"),
        ("", "[B36] raw/both.csv:2, column people"),
        ("2.5", "[B35] raw/both.csv:2, column people"),
        ("-1", "[B39] raw/both.csv:2, column people"),
    ],
)
def test_what_is_no_number_of_persons_is_told(desk: Any, number: str, problem: str) -> None:
    """Once, whatever it would make."""
    put_persons(desk, "number: people", f"day|people\n13/05/2017|{number}")
    assert [each[: len(problem)] for each in desk.problems()] == [problem]


# Keys that are blank, and columns that aren't read


def test_rows_without_a_key_may_each_be_one(desk: Any) -> None:
    """If the layout doesn't say so, it is B53; the rest of the row hangs on it."""
    rows = """
        nr | person | day        | channel  | gender
        1  | 11     | 13/05/2017 | Telefoon | Vrouw
           | 12     | 13/05/2017 | Telefoon | Vrouw
           | 13     | 13/05/2017 | Telefoon | Man
        1  | 14     | 13/05/2017 | Telefoon | Man
    """
    put_both(desk, "person", rows)
    refused = [problem[:24] for problem in desk.problems()]
    assert [each for each in refused if "B53" in each] == [
        "[B53] raw/both.csv:3, co",
        "[B53] raw/both.csv:4, co",
    ]
    layout = desk.root / "params" / "layouts" / "small.yaml"
    desk.put_layout(layout.read_text("utf-8").replace("key: nr", "key: nr\n        blank_key: row"))
    dataset = desk.load()
    assert dataset.tables["contacts"].frame["line"].tolist() == [2, 3, 4]
    assert dataset.tables["persons"].parent_rows.tolist() == [0, 1, 2, 0]
    assert dataset.balances[0].repaired == {}
    assert len(dataset.tables["contacts"].keys.hashes) == 1
    assert differences(desk.project, desk.edition, dataset) == []


def test_columns_may_be_ignored_by_a_pattern(desk: Any) -> None:
    """They may hold anything; other columns are refused, and so is a pattern of everything."""
    put_both(desk, "row", BOTH)
    desk.put(
        "both.csv", "nr|day|channel|gender|Note 1|note 2\n1|13/05/2017|Telefoon|Man|x@y.be|naam"
    )
    layout = (desk.root / "params" / "layouts" / "small.yaml").read_text("utf-8")
    desk.put_layout(layout.replace("{person: no", "{note *: no"))
    assert desk.load().balances[0].repaired == {}
    desk.put("both.csv", "nr|day|channel|gender|Notes\n1|13/05/2017|Telefoon|Man|x")
    assert "[B23]" in desk.message()
    desk.put_layout(layout.replace("{person: no", "{'*': no"))
    with pytest.raises(ParametersError, match="'\\*' is every column, also one that is new"):
        desk.load()


# Yes and no


FLAGS = 'flags: {form: {"yes": [Ja, J, "1", WAAR], "no": [Nee, "0", ""], columns: {hit: physical}}}'


def test_yes_and_no_are_what_the_layout_says(desk: Any) -> None:
    """B63: `J`, `1`, `WAAR` and a blank if they are listed; a text for nothing is B62."""
    rows = ["Ja", "1", "WAAR", "", "0", "Nee"]
    put_persons(desk, FLAGS, "day | hit\n" + "\n".join(f"13/05/2017 | {text}" for text in rows))
    assert forms(desk) == [["physical"]] * 3 + [[]] * 3
    strict = FLAGS.replace(', J, "1", WAAR', "").replace(', "0", ""', "")
    put_persons(desk, strict, "day | hit\n13/05/2017 | TRUE\n14/05/2017 | NULL\n15/05/2017 |")
    neither = "is neither yes nor no; expected Ja or Nee"
    listed = "list it under 'yes' or 'no'"
    assert desk.problems() == [
        f"[B63] raw/both.csv:2, column hit: 'AAAA' {neither}\n"
        f"  → correct it in the source, or {listed} in the layout",
        f"[B62] raw/both.csv:3, column hit: 'AAAA' {neither}\n"
        f"  → say in the layout what it means: {listed}",
        f"[B63] raw/both.csv:4, column hit: blank {neither}\n"
        f"  → correct it in the source, or {listed} in the layout",
    ]


# Labels dated to a part of the time

DATED = "columns: {place: {field: context, codes: {Werk: work, Club: {persons}}}}"


def test_a_label_means_a_code_on_some_days_only(desk: Any) -> None:
    """B60: outside them it is refused, also among several; the day of the contact decides."""
    rows = "day | place\n13/05/2017 | Werk\n30/06/2017 | Club\n01/07/2017 | CLUB"
    put_persons(desk, DATED.replace("{persons}", "{code: sport, from: 2017-07-01}"), rows)
    assert desk.problems() == [
        "[B60] raw/both.csv:3, column place: what stands here has no code on the day of the "
        "contact; expected it from 2017-07-01 only\n"
        "  → correct the row in the source, or the dates of the label in the layout"
    ]
    after = "[{code: school, until: 2017-06-30}, {code: sport, from: 2017-07-01}]"
    put_persons(desk, DATED.replace("{persons}", after), rows)
    assert desk.column("persons", "context") == ["work", "school", "sport"]
    assert desk.load().balances[1].repaired == {"B61": 1}
    several = SEVERAL.replace("Seksueel: sexual", "Seksueel: {code: sexual, until: 2017-06-30}")
    rows = "day | form\n30/06/2017 | Fysiek,Seksueel\n13/07/2017 | Seksueel,Fysiek"
    put_persons(desk, several, rows)
    assert [problem[:43] for problem in desk.problems()] == [
        "[B60] raw/both.csv:3, column form: what sta"
    ]


# Open lists


def test_an_open_list_takes_any_label(desk: Any) -> None:
    """B64: markup and formulas are text, which who shows it escapes; B65: some are none."""
    path = desk.root / "data" / "codelists" / "context.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "open: true\n", encoding="utf-8")
    layout = DATED.replace("{persons}", "sport")
    texts = ["<script>alert(1)</script>", "=HYPERLINK(A1)", "Club"]
    put_persons(desk, layout, "day|place\n" + "\n".join(f"13/05/2017|{text}" for text in texts))
    codes = ["<script>alert(1)</script>", "=hyperlink(a1)", "sport"]
    assert desk.column("persons", "context") == codes
    put_persons(desk, layout, "day | place\n13/05/2017 | naam@voorbeeld.be\n14/05/2017 | Club")
    assert desk.problems() == [
        "[B65] raw/both.csv:2, column place: a cell holds an e-mail address\n"
        "  → leave it out of the export, and tell who answers for the register"
    ]
    rows = [f"13/05/2017 | bij de buren van nummer {n} thuis" for n in range(25)]
    put_persons(desk, layout, "day | place\n" + "\n".join(rows))
    assert [problem[:57] for problem in desk.problems()] == [
        "[B65] raw/both.csv:2, column place: free text in 25 row(s"
    ]


# Many faults


def test_many_rows_of_one_label_are_one_message(desk: Any) -> None:
    """However many stand before, each label is told by its shape, with the number of its rows.

    Rows beyond those that are carried are rows at fault all the same: a draft leaves them out.
    """
    rows = [f"{13 + n % 15}/05/2017 | {'Fysik' if n else 'Fysiek'}" for n in range(1501)]
    put_persons(desk, SEVERAL, "day | form\n" + "\n".join([*rows, "13/05/2017 | Stalking"]))
    message = desk.message().splitlines()
    assert message[0] == "1501 problem(s) in the exports; nothing was written."
    assert [line.partition(" label")[0] for line in message if line.startswith("[")] == [
        "[B59] raw/both.csv:3 and 1499 more rows, column form: 'Aaaaa' holds no",
        "[B59] raw/both.csv:1503, column form: 'Aaaaaaaa' holds no",
    ]
