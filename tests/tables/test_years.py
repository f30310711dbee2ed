"""A year and the one before it: read together, one report, and what stands in one of them alone."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from helpline_report.errors import ExportError
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.years import Years, load_years
from tests.tables.conftest import Desk, Sample, an_edition, drawn, layout_of_contacts

REASON = {"nl": "x", "en": "x"}
CANARIES = ("0475 12 34 56", "an.peeters@voorbeeld.be")


class Two:
    """Two years of small exports, in `raw/` and in `before/`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.said: dict[str, Any] = {
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
        """Write the parameters of the year before."""
        known = [{"fault": "B56", "reason": REASON}]
        edition = an_edition("2016", [{"layout": "small", "folder": "before"}])
        data = edition.model_dump(mode="json", by_alias=True, exclude_none=True)
        path = self.desk.root / "params" / "2016.yaml"
        path.write_text(yaml.safe_dump(data | {"acknowledged": known} | more), encoding="utf-8")

    def load(self) -> Years:
        """Both years."""
        edition = an_edition("2017", [{"layout": "small", "folder": "raw"}], **self.said)
        return load_years(self.desk.project, edition, load_dataset)

    def message(self) -> str:
        """The whole message with which they are refused."""
        with pytest.raises(ExportError) as caught:
            self.load()
        return str(caught.value)


def said_of(two: Two) -> str:
    """All that is said of two years; of sound ones, nothing."""
    try:
        two.load()
    except ExportError as error:
        return f"{error} {error.problems!r}"
    return ""


@pytest.fixture
def two(desk: Desk) -> Two:
    """A year and the one before it."""
    return Two(desk)


def test_two_sound_years(two: Two) -> None:
    """Both are read, and nothing stands in one of them alone."""
    years = two.load()
    assert [year.edition.edition for year in years.each()] == ["2017", "2016"]
    assert years.one_year_codes == ()


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
        "  → export both files again, at one time and over one period\n"
        "[B56] before/contacts.csv:3: 1 contact(s) without a reported person\n"
        "  → complete them in the source; or they are known, and count as contacts\n"
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
    """And lists what waits to be acknowledged."""
    two.said |= {"draft": True, "acknowledged": []}
    two.write("followups.csv", "person;followup\n911;Advis\n911;Advies\n911;Advies\n")
    years = two.load()
    assert years.before is not None
    assert len(years.before.dataset.tables["followups"]) == 2
    assert [item.code for item in years.now.dataset.waiting] == ["B56"]


def test_a_key_of_both_years_is_refused_with_the_rest(two: Two) -> None:
    """B57: the export of last year lies in the folder of this year, say."""
    text = (two.desk.root / "raw" / "persons.csv").read_text(encoding="utf-8")
    two.write("persons.csv", text.replace(";1;", ";91;").replace(";3;", ";93;"))
    text = (two.desk.root / "raw" / "followups.csv").read_text(encoding="utf-8")
    two.write("followups.csv", text)
    assert two.message().splitlines()[1] == (
        "[B57] raw/persons.csv:2: the key of this person stands in the export of 2016 too"
    )


@pytest.mark.parametrize("year", ["raw", "before"])
def test_a_key_of_both_years_is_told_beside_other_problems(two: Two, year: str) -> None:
    """B57: beside a fault of either year, of that very row too, and what is to be acknowledged."""
    two.said |= {"acknowledged": []}
    rows = (two.desk.root / "raw" / "contacts.csv").read_text(encoding="utf-8")
    two.write("contacts.csv", rows.replace("2017", "2016").replace("\n1;", "\n91;"))
    two.write("persons.csv", "nr;contact;gender;age;context\n911;91;Vrouw;34;School\n")
    two.write("followups.csv", "person;followup\n911;Advies\n")
    path = two.desk.root / year / "contacts.csv"
    path.write_text(path.read_text("utf-8").replace("E-mail", "Emale"), encoding="utf-8")
    told = [line[:50] for line in two.message().splitlines() if line.startswith("[B5")]
    assert told == [
        "[B56] raw/contacts.csv:3: 1 contact(s) without a r",
        "[B57] raw/contacts.csv:3: the key of this contact ",
        "[B57] raw/contacts.csv:4: the key of this contact ",
        f"[B59] {year}/contacts.csv:3, column channel: 'Aaaaa' is n"[:50],
    ]


def test_blank_keys_of_both_years_are_not_one_key(two: Two) -> None:
    """B53: each is a fault of its own."""
    for write in (two.desk.put, two.write):
        text = drawn("nr | contact | gender | age | context\n | 1 | Vrouw | 34 | School")
        write("persons.csv", text if write == two.write else text.replace(";", "|"))
    assert "[B57]" not in two.message()


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("year", ["raw", "before"])
def test_no_message_holds_a_value(two: Two, canary: str, year: str) -> None:
    """Whatever column it stands in, of either year."""
    for name in ("contacts.csv", "persons.csv", "followups.csv"):
        path = two.desk.root / year / name
        original = path.read_text(encoding="utf-8")
        head, first, *rows = original.splitlines()
        for place in range(len(first.split(";"))):
            cells = first.split(";")
            cells[place] = canary
            path.write_text("\n".join([head, ";".join(cells), *rows]) + "\n", encoding="utf-8")
            assert canary not in said_of(two)
        path.write_text(original, encoding="utf-8")


# Codes of one year alone, and odd years, on the sample


def test_the_sample_is_not_odd(sample: Sample) -> None:
    """Its codes of one year alone are explained by the breaks that it declares."""
    years = sample.load()
    assert years.now.dataset.acknowledged == ()
    declared = "the break 'sport_leisure_split' of 2017-01-01 is declared"
    assert [(item.kind, item.code, item.why) for item in years.one_year_codes] == [
        ("new", "sport", declared),
        ("new", "leisure", declared),
        ("gone", "sport_leisure", declared),
    ]


@pytest.mark.parametrize(("month", "due"), [("02", 379), ("12", 384)])
def test_a_month_that_is_missing(sample: Sample, month: str, due: int) -> None:
    """Its contacts, with their persons and follow-ups."""
    sample.keep_rows(lambda row: row[1][3:5] != month)
    assert sample.problems() == [
        f"silent_month: no contact in 2017-{month}, where about {due} are due"
    ]


def test_a_helpline_that_falls_silent(sample: Sample) -> None:
    """Each month without its contacts is told, and acknowledged with the words of the message."""
    sample.keep_rows(lambda row: row[3] != "Limburg" or row[1][3:5] < "11")
    problems = [
        "silent_month: no contact with helpline 'limburg' in 2017-11, where about 55 are due",
        "silent_month: no contact with helpline 'limburg' in 2017-12, where about 53 are due",
    ]
    assert sample.problems() == problems
    path = sample.root / "params" / "2017.yaml"
    known = (
        "acknowledged:\n  - {fault: silent_month, about: helpline.limburg 2017-12, "
        "reason: {nl: x, en: x}}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + known, encoding="utf-8")
    assert sample.problems() == problems[:1]


def test_a_helpline_that_is_missing(sample: Sample) -> None:
    """Its contacts, with their persons and follow-ups."""
    sample.keep_rows(lambda row: row[3] != "Limburg")
    assert sample.problems() == [
        "silent_code: no row with helpline 'limburg'; the year before 632 of 4596 rows had it"
    ]


@pytest.mark.parametrize(
    ("file", "column", "text", "about"),
    [
        (0, 2, "", "hour is blank or unknown in 4812 of 4812 rows; the year before in 0 of 4596"),
        (0, 4, "", "channel is blank or unknown in 4812 of 4812 rows; the year before in 16 of"),
        (0, 8, "Onbekend", "caller_role is blank or unknown in 4812 of 4812 rows; the year before"),
        (1, 3, "", "age is blank or unknown in 6792 of 6792 rows; the year before in 959 of 6272"),
        (2, 1, "", "followup is blank or unknown in 11005 of 11005 rows; the year before in 62"),
    ],
)
def test_a_column_that_went_blank(
    sample: Sample, file: int, column: int, text: str, about: str
) -> None:
    """One problem, and none for each of its codes."""
    sample.fill(sample.FILES[file], column, text)
    (problem,) = sample.problems()
    assert problem.startswith(f"empty_column: {about}")


def test_a_column_with_one_label(sample: Sample) -> None:
    """Everybody is young: a code went silent, and another is up."""
    sample.fill(sample.FILES[0], 5, "Jongere")
    assert [problem.partition(":")[0] for problem in sample.problems()] == [
        "silent_code",
        "tenfold",
    ]


def test_a_new_code_asks_for_a_break(sample: Sample) -> None:
    """With the line to add, and the day on which it stands first."""
    rows = sample.rows(sample.FILES[0])
    chat = [[*row[:4], "Chat", *row[5:]] if n % 20 == 7 else row for n, row in enumerate(rows)]
    sample.put(sample.FILES[0], chat)
    channel = sample.root / "data/codelists/channel.yaml"
    text = channel.read_text(encoding="utf-8") + "  - {code: chat, nl: chat, en: chat}\n"
    channel.write_text(text, encoding="utf-8")
    layout = sample.root / "params/layouts/registration-1712.yaml"
    text = layout.read_text(encoding="utf-8")
    layout.write_text(text.replace("E-mail: email,", "E-mail: email, Chat: chat,"), "utf-8")
    (new,) = [item for item in sample.load().one_year_codes if item.field == "channel"]
    assert (new.kind, new.code, new.rows, new.why) == ("new", "chat", 241, "")
    assert new.add == (
        "- {id: channel_chat_new, kind: revision, field: channel, date: 2017-01-02, "
        'note: {nl: "…", en: "…"}}'
    )


# Years that don't count the same

DAY_COLUMN = "day: {field: date, kind: date}"
CHANNEL = "channel: {field: channel, blank: not_registered, codes: {Tel: phone, Mail: email}}"
UNLIKE = {
    "contacts by case, and by row": (
        {"key": "row"},
        "contacts are told apart by 'nr', and in 2016 by a row: each change would compare two "
        "units",
        {"tables": ["contacts"]},
    ),
    "one code a row, and several": (
        {"columns": CHANNEL.replace("blank: not_registered", 'separator: "+"')},
        "the field 'channel' is read otherwise than in 2016 (several codes a row in one year, one "
        "in the other): its changes would be those of the reading",
        {"field": "channel"},
    ),
    "a label of another code": (
        {"columns": CHANNEL.replace("Mail: email", "Mail: other")},
        "the field 'channel' is read otherwise than in 2016 (1 label(s) mean another code): its "
        "changes would be those of the reading",
        {"field": "channel"},
    ),
    "a blank of another code": (
        {"columns": CHANNEL.replace("not_registered", "other")},
        "the field 'channel' is read otherwise than in 2016 (a blank means another code): its "
        "changes would be those of the reading",
        {"field": "channel"},
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
    """B81: keys, fields and scope; the message has the break to declare, which lets them pass."""

    def layout(key: str = "nr", columns: str = CHANNEL) -> str:
        return layout_of_contacts(key=key, columns=f"{DAY_COLUMN}\n          {columns}")

    desk.put_layout(layout())
    path = desk.root / "params" / "layouts" / "other.yaml"
    path.write_text(layout(**other).replace("layout: small", "layout: other"), encoding="utf-8")
    desk.put("contacts.csv", "nr | day | channel\n1 | 02/03/2017 | Tel")
    (desk.root / "before").mkdir()
    rows = "nr | day | channel\n9 | 02/03/2016 | Tel"
    rows = rows if other.get("key") != "row" else "day | channel\n02/03/2016 | Tel"
    (desk.root / "before" / "contacts.csv").write_text(drawn(rows), encoding="utf-8")
    before = an_edition("2016", [{"layout": "other", "folder": "before"}])
    data = before.model_dump(mode="json", by_alias=True, exclude_none=True)
    if not other:
        data["helpline"]["lines"] = ["limburg"]
    (desk.root / "params" / "2016.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    desk.said = {"comparison": "2016"}
    with pytest.raises(ExportError) as caught:
        desk.years()
    (problem,) = caught.value.problems
    assert (problem.code, problem.what) == ("B81", what)
    line = problem.next_step.partition("declare it: - ")[2].replace("…", "x")
    declared = yaml.safe_load(line)
    assert declared.items() >= bridge.items()
    desk.said["breaks"] = [declared]
    assert desk.years().before is not None


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
