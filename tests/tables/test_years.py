"""A year and the one before it: read together, one report, and what stands in one of them alone."""

from typing import Any

import pytest
import yaml

from helpline_report.errors import ExportError
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.plausibility import CountedYear
from helpline_report.tables.years import load_years
from tests.conftest import refusal
from tests.tables.conftest import Desk, Sample, an_edition, drawn

REASON = {"nl": "x", "en": "x"}
CANARY = "0475 12 34 56"


class Two:
    """Two years of small exports, in `raw/` and in `before/`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.parameters: dict[str, Any] = {
            "comparison": "2016",
            "acknowledged": [{"fault": "B56", "reason": REASON}],
        }
        # Sport is a context from 2017 on.
        persons = desk.root / "raw" / "persons.csv"
        persons.write_text(persons.read_text("utf-8").replace("Sport", "School"), encoding="utf-8")
        (desk.root / "before").mkdir()
        self.before("contacts.csv", 2016)
        self.before("persons.csv", 2016)
        self.before("followups.csv", 2016)
        self.say_before()

    def before(self, name: str, year: int) -> None:
        """Put an export of the year before: that of this year, in keys and dates of its own."""
        text = (self.desk.root / "raw" / name).read_text(encoding="utf-8")
        head, *rows = text.splitlines()
        keyed = [f"9{row}".replace("2017", str(year)).replace(";1;", ";91;") for row in rows]
        keyed = [row.replace(";3;", ";93;") for row in keyed]
        self.write(name, "\n".join([head, *keyed]) + "\n")

    def write(self, name: str, text: str) -> None:
        """Put an export of the year before as it is given."""
        (self.desk.root / "before" / name).write_text(text, encoding="utf-8")

    def say_before(self, **more: Any) -> None:
        known = [{"fault": "B56", "reason": REASON}]
        edition = an_edition("2016", [{"layout": "small", "folder": "before"}])
        data = edition.model_dump(mode="json", by_alias=True, exclude_none=True)
        path = self.desk.root / "params" / "2016.yaml"
        path.write_text(yaml.safe_dump(data | {"acknowledged": known} | more), encoding="utf-8")

    def load(self) -> list[CountedYear]:
        edition = an_edition("2017", [{"layout": "small", "folder": "raw"}], **self.parameters)
        return load_years(self.desk.project, edition, load_dataset)

    def message(self) -> str:
        """The whole message with which they are refused."""
        return refusal(ExportError, self.load)


@pytest.fixture
def two(desk: Desk) -> Two:
    return Two(desk)


def test_problems_of_both_years_come_together(two: Two) -> None:
    """One look mends everything; what is known is said in the parameters of its own year."""
    two.desk.put(
        "persons.csv", "nr | contact | gender | age | context\n11 | 1 | Wrouw | 3 | School"
    )
    two.write("followups.csv", "person;followup\n911;Advis\n")
    two.say_before(acknowledged=[])
    assert two.message() == (
        "4 problem(s) in the exports; nothing was written.\n"
        "[B55] raw/followups.csv:4, column person: a follow-up whose person isn't in "
        "raw/persons.csv\n"
        "  → export the files again, at one time and over one period\n"
        "[B56] before/contacts.csv:3: 1 contact(s) without a reported person\n"
        "  → complete them in the source; if they count as contacts alone, acknowledge it\n"
        "[B59] before/followups.csv:2, column followup: 'Aaaaa' is no label of this column, did "
        "you mean 'Advies'?; expected Advies, Andere\n"
        "[B59] raw/persons.csv:2, column gender: 'Aaaaa' is no label of this column, did you mean "
        "'Vrouw'?; expected Vrouw, Man\n"
        "  → correct it in the source, or give the label a code in the layout\n"
        "  → what is known, add to params/2016.yaml:\n"
        "    acknowledged:\n"
        '      - {fault: B56, file: contacts.csv, rows: 1, reason: {nl: "…", en: "…"}}'
    )


def test_a_draft_leaves_rows_out_of_both_years(two: Two) -> None:
    """It lists what waits to be acknowledged."""
    two.parameters |= {"draft": True, "acknowledged": []}
    two.write("followups.csv", "person;followup\n911;Advis\n911;Advies\n911;Advies\n")
    now, before = two.load()
    assert (now.edition.edition, len(now.dataset.tables["followups"])) == ("2017", 3)
    assert (before.edition.edition, len(before.dataset.tables["followups"])) == ("2016", 2)
    assert [item.code for item in now.dataset.waiting] == ["B56"]


def test_a_key_of_both_years_is_refused_with_the_rest(two: Two) -> None:
    """B57: the export of last year lies in the folder of this year, say."""
    text = (two.desk.root / "raw" / "persons.csv").read_text(encoding="utf-8")
    two.write("persons.csv", text.replace(";1;", ";91;").replace(";3;", ";93;"))
    text = (two.desk.root / "raw" / "followups.csv").read_text(encoding="utf-8")
    two.write("followups.csv", text)
    assert two.message().splitlines()[1] == (
        "[B57] raw/persons.csv:2: the key of this person stands in the export of 2016 too"
    )


def test_blank_keys_of_both_years_are_not_one_key(two: Two) -> None:
    """B53: each is a fault of its own."""
    for write in (two.desk.put, two.write):
        text = drawn("nr | contact | gender | age | context\n | 1 | Vrouw | 34 | School")
        write("persons.csv", text if write == two.write else text.replace(";", "|"))
    assert "[B57]" not in two.message()


@pytest.mark.parametrize("year", ["raw", "before"])
def test_no_message_holds_a_value(two: Two, year: str) -> None:
    """A value of each column of both years was made faulty."""
    for name in ("contacts.csv", "persons.csv", "followups.csv"):
        path = two.desk.root / year / name
        original = path.read_text(encoding="utf-8")
        head, first, *rows = original.splitlines()
        cells = first.split(";")
        spoilt = [";".join([*cells[:at], CANARY, *cells[at + 1 :]]) for at in range(len(cells))]
        path.write_text("\n".join([head, *spoilt, *rows]) + "\n", encoding="utf-8")
        assert CANARY not in two.message()
        path.write_text(original, encoding="utf-8")


# Years that don't count the same

CHANNEL = "channel: {field: channel, blank: not_registered, codes: {Tel: phone, Mail: email}}"
AGES = "age: {field: age, kind: integer, from: 0, to: 110, outside: refuse}"
LIKE = """\
layout: NAME
about: contacts and persons in one file
files:
  all:
    name: contacts.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    tables:
      contacts: {key: KEY, columns: {day: {field: date, kind: date}, OF_CONTACTS}}
      persons: {key: row, parent: KEY, columns: {OF_PERSONS}}
"""
FIELD = (
    "the field '{}' is read otherwise than in 2016 ({}): its changes would be those of the reading"
)
UNLIKE = {
    "contacts by case, and by row": (
        {"key": "row"},
        "contacts are told apart by 'nr', and in 2016 by a row: each change would compare two "
        "units",
        {"tables": ["contacts"]},
    ),
    "one code a row, and several": (
        {"of_contacts": CHANNEL.replace("blank: not_registered", 'separator: "+"')},
        FIELD.format("channel", "several codes a row in one year, one in the other"),
        {"field": "channel"},
    ),
    "a label of another code": (
        {"of_contacts": CHANNEL.replace("Mail: email", "Mail: other")},
        FIELD.format("channel", "1 label(s) mean another code"),
        {"field": "channel"},
    ),
    "a blank of another code": (
        {"of_contacts": CHANNEL.replace("not_registered", "other")},
        FIELD.format("channel", "a blank means another code"),
        {"field": "channel"},
    ),
    "ages, and their classes": (
        {"of_persons": "age: {field: age_class, codes: {'30': all}}"},
        FIELD.format("age_class", "ages in one year, classes of ages in the other"),
        {"field": "age_class"},
    ),
    "other lines": (
        {},
        "the lines of the helpline aren't those of 2016 (limburg): each change would be one of "
        "scope too",
        {"field": "helpline"},
    ),
}


@pytest.mark.parametrize(("other", "what", "bridge"), UNLIKE.values(), ids=UNLIKE)
def test_years_that_count_otherwise_need_a_break(
    desk: Desk, other: dict[str, str], what: str, bridge: dict[str, Any]
) -> None:
    """B81: keys, fields and scope; the message has the break to declare, which lets them pass.

    Then a note says what it bridges.
    """

    def layout(
        name: str, key: str = "nr", of_contacts: str = CHANNEL, of_persons: str = AGES
    ) -> str:
        text = LIKE.replace("NAME", name).replace("KEY", key)
        return text.replace("OF_CONTACTS", of_contacts).replace("OF_PERSONS", of_persons)

    desk.put_layout(layout("small"))
    path = desk.root / "params" / "layouts" / "other.yaml"
    path.write_text(layout("other", **other), encoding="utf-8")
    desk.put("contacts.csv", "nr | day | channel | age\n1 | 02/03/2017 | Tel | 30")
    (desk.root / "before").mkdir()
    rows = "nr | day | channel | age\n9 | 02/03/2016 | Tel | 30"
    rows = rows if other.get("key") != "row" else "day | channel | age\n02/03/2016 | Tel | 30"
    (desk.root / "before" / "contacts.csv").write_text(drawn(rows), encoding="utf-8")
    before = an_edition("2016", [{"layout": "other", "folder": "before"}])
    data = before.model_dump(mode="json", by_alias=True, exclude_none=True)
    if not other:
        data["helpline"]["lines"] = ["limburg"]
    (desk.root / "params" / "2016.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    desk.parameters = {"comparison": "2016"}
    with pytest.raises(ExportError) as caught:
        desk.years()
    (problem,) = caught.value.problems
    assert (problem.code, problem.what) == ("B81", what)
    line = problem.next_step.partition("declare it: - ")[2].replace("…", "x")
    declared = yaml.safe_load(line)
    assert declared.items() >= bridge.items()
    desk.parameters["breaks"] = [declared]
    now, _ = desk.years()
    bridged = f"{what}: the break '{declared['id']}' of {declared['date']} is declared"
    assert bridged in now.dataset.notes


@pytest.mark.parametrize("ledger", [None, "output/2016/data/ledger.json"])
def test_classes_of_other_ages_need_a_break_of_their_field(
    sample: Sample, ledger: str | None
) -> None:
    """B81: the renewed system of the sample, a break of its tables, explains no other ages.

    It is the same where the ledger of the year before stands for its rows.
    """
    parameters = sample.root / "params" / "2017.yaml"
    data = yaml.safe_load(parameters.read_text(encoding="utf-8")) | {"comparison_ledger": ledger}
    parameters.write_text(yaml.safe_dump(data), encoding="utf-8")
    path = sample.root / "params" / "2016.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("from: 6, to: 11", "from: 6, to: 12").replace(
        "from: 12, to", "from: 13, to"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExportError) as caught:
        sample.load()
    (problem,) = caught.value.problems
    what = (
        "'person_ages' has other ages than in 2016 (age_6_11, age_12_17): changes would be those "
        "of the classes"
    )
    assert (problem.code, problem.what) == ("B81", what)
    declared = problem.next_step.partition("declare it: - ")[2].replace("…", "x")
    data["breaks"].append(yaml.safe_load(declared))
    parameters.write_text(yaml.safe_dump(data), encoding="utf-8")
    assert any(note.startswith(what) for note in sample.load()[0].dataset.notes)


def test_an_override_of_what_both_years_share_holds_for_both(sample: Sample) -> None:
    """Classes of ages and weekdays; a closing day is one of its year."""
    project = Project(sample.root)
    name = "{nl: x, en: x}"
    overrides = [
        f"person_ages=[{{code: all, from: 0, label: {name}}}]",
        "calendar.working_days=[1, 2, 3, 4, 5, 6]",
        "calendar.closed=[]",
    ]
    now = project.edition("2017", overrides)
    before, own = project.comparison(now), project.edition("2016")
    assert [item.code for item in before.person_ages] == ["all"]
    assert before.age_classes == own.age_classes
    assert before.calendar.working_days == [1, 2, 3, 4, 5, 6]
    assert before.calendar.closed == own.calendar.closed
