"""Years that read well and are wrong: pasted twice, cut off, heaped, imported twice, swapped.

Each is made from the sample of 2017 by one small change.
"""

import datetime as dt
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from helpline_report.errors import ExportError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.artefacts import find_odd_persons
from helpline_report.tables.dataset import Table
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.plausibility import CountedYear
from tests.second_count.both import differences
from tests.tables.conftest import Desk, Sample, layout_of_contacts
from tests.tables.counted_years import counted, tally

CONTACTS, PERSONS, FOLLOWUPS = Sample.FILES
DATE, TIME, GENDER, AGE, CHANNEL, ROLE = 1, 2, 2, 3, 4, 8
Rows = list[list[str]]
Change = Callable[[Sample], None]


def change_rows(file: str, change: Callable[[Rows], Rows]) -> Change:
    def apply(sample: Sample) -> None:
        head, *rows = sample.rows(file)
        sample.put(file, [head, *change(rows)])

    return apply


def change_cells(file: str, column: int, change: Callable[[str], str]) -> Change:
    return change_rows(
        file,
        lambda rows: [[*row[:column], change(row[column]), *row[column + 1 :]] for row in rows],
    )


def change_some(number: int, file: str, column: int, *texts: str) -> Change:
    """Write texts in turn into a column of so many rows, spread over the file."""

    def change(rows: Rows) -> Rows:
        for at in random.Random(1712).sample(range(len(rows)), number):
            rows[at][column] = texts[at % len(texts)]
        return rows

    return change_rows(file, change)


def shuffled(rows: Rows) -> Rows:
    """Rows in another order, the same each time."""
    return random.Random(1712).sample(rows, len(rows))


def move_hours(sample: Sample, move: Callable[[int], int]) -> None:
    change_cells(CONTACTS, TIME, lambda time: f"{move(int(time[:2])):02}{time[2:]}")(sample)


def cut_off_by_date(sample: Sample) -> None:
    """The follow-ups are cut, and persons and follow-ups stand in another order."""
    change_rows(FOLLOWUPS, lambda rows: shuffled(rows[:5000]))(sample)
    change_rows(PERSONS, shuffled)(sample)


def cut_off_at_limit(sample: Sample) -> None:
    """A system gives 2,000 contacts, in an order of its own."""
    contacts = shuffled(sample.rows(CONTACTS)[1:])
    chosen = {row[0] for row in contacts[:2000]}
    sample.keep_rows(lambda row: row[0] in chosen)
    change_rows(CONTACTS, shuffled)(sample)


def put_halves_together(sample: Sample) -> None:
    """Three contacts stand in both halves of the year, with their persons and follow-ups."""
    keys = {row[0] for row in sample.rows(CONTACTS)[2001:2004]}
    for file, column in ((CONTACTS, 0), (PERSONS, 1), (FOLLOWUPS, 0)):
        rows = sample.rows(file)
        again = [row for row in rows if row[column] in keys]
        sample.put(file, [*rows, *again])
        keys = {row[0] for row in again}


def import_again(sample: Sample, number: int = 300) -> None:
    """So many contacts come again under new numbers, with their persons and follow-ups."""
    contacts, persons, followups = map(sample.rows, Sample.FILES)
    again = {row[0] for row in contacts[1 : number + 1]}
    theirs = {row[0] for row in persons if row[1] in again}
    contacts += [[f"X{row[0]}", *row[1:]] for row in contacts if row[0] in again]
    persons += [[f"X{row[0]}", f"X{row[1]}", *row[2:]] for row in persons if row[1] in again]
    followups += [[f"X{row[0]}", *row[1:]] for row in followups if row[0] in theirs]
    for file, rows in zip(Sample.FILES, (contacts, persons, followups), strict=True):
        sample.put(file, rows)


def swap_days(sample: Sample) -> None:
    """Days and months are swapped where they can be; keys are drawn at random, and so is order."""
    chance = random.Random(1712)
    keys = {row[0]: f"{chance.getrandbits(48):012x}z" for row in sample.rows(CONTACTS)[1:]}

    def swap(row: list[str]) -> list[str]:
        day, month, year = row[DATE].split("/")
        date = f"{month}/{day}/{year}" if int(day) <= 12 else row[DATE]
        return [keys[row[0]], date, *row[2:]]

    change_rows(CONTACTS, lambda rows: shuffled([swap(row) for row in rows]))(sample)
    change_cells(PERSONS, 1, keys.__getitem__)(sample)


def fill_days(sample: Sample) -> None:
    chance = random.Random(1712)
    day = "03/07/2017"
    change_cells(CONTACTS, DATE, lambda own: day if chance.random() < 0.2 else own)(sample)


def read_day(row: list[str]) -> dt.date:
    return dt.datetime.strptime(row[DATE], "%d/%m/%Y").date()


def leave_out(sample: Sample, unwanted: Callable[[list[str]], bool]) -> None:
    sample.keep_rows(lambda row: not unwanted(row))


def leave_out_children(sample: Sample) -> None:
    with_child = {row[1] for row in sample.rows(PERSONS)[1:] if row[AGE] in {*"012345"}}
    leave_out(sample, lambda row: row[0] in with_child)


def forget_roles(sample: Sample) -> None:
    """The role of who sent an e-mail is unknown."""
    change_rows(
        CONTACTS,
        lambda rows: [
            [*row[:ROLE], "Onbekend" if row[CHANNEL] == "E-mail" else row[ROLE], *row[ROLE + 1 :]]
            for row in rows
        ],
    )(sample)


def keep_first_persons(sample: Sample) -> None:
    """Of several persons of a contact the first alone is left, with its follow-ups."""
    persons = {row[1]: row for row in reversed(sample.rows(PERSONS))}
    left = {row[0] for row in persons.values()}
    change_rows(PERSONS, lambda rows: [row for row in rows if row[0] in left])(sample)
    change_rows(FOLLOWUPS, lambda rows: [row for row in rows if row[0] in left])(sample)


EXCHANGED = {"Vrouw": "Man", "Man": "Vrouw"}
LOSE_TIMES = change_cells(CONTACTS, TIME, lambda _: "00:00")
FILL_AGES = change_cells(PERSONS, AGE, lambda age: age or "99")
IMPORTED_AT = change_some(1200, CONTACTS, TIME, "14:37")
FIRSTS = [f"01/{month:02}/2017" for month in range(1, 13)]
FOLLOWED = "counts and shares of follow-ups would be too low"
TWICE = "are those from line 2 on: each count of follow-ups would be too high"
ARTEFACTS: dict[str, tuple[Change, str]] = {
    "follow-ups pasted twice": (
        change_rows(FOLLOWUPS, lambda rows: rows + rows),
        f"B72 : 11005 rows, from this one on, {TWICE}",
    ),
    "with their header": (
        lambda sample: sample.put(FOLLOWUPS, sample.rows(FOLLOWUPS) * 2),
        f"B72 : 11005 rows, from this one on, {TWICE}",
    ),
    "sorted afterwards": (
        change_rows(FOLLOWUPS, lambda rows: sorted(rows + rows)),
        "B72 : all 22010 rows stand here 2 times: each count of follow-ups would be 2 times as "
        "high",
    ),
    "a month of follow-ups pasted twice": (
        change_rows(FOLLOWUPS, lambda rows: rows[:1800] + rows[900:]),
        "B72 : 900 rows, from this one on, are those from line 902 on: each count of follow-ups "
        "would be too high",
    ),
    "two halves with a day of both": (
        put_halves_together,
        "B72 : 18 rows stand here 2 times, as those of data/sample/2017/gemelde_personen.csv do "
        "that they belong to: each count of follow-ups would be too high",
    ),
    "contacts cut off at a round number": (
        cut_off_at_limit,
        "B10 : 2000 row(s), a number at which systems stop an export: if rows are missing, counts "
        "would be too low",
    ),
    "follow-ups cut off": (
        change_rows(FOLLOWUPS, lambda rows: rows[:5000]),
        "B73 : 3708 person(s) without a follow-up, from line 3086 of "
        "data/sample/2017/gemelde_personen.csv to its end; of those above 100 % have one: "
        f"{FOLLOWED}",
    ),
    "cut off and in another order": (
        cut_off_by_date,
        "B73 : 3699 person(s) without a follow-up, all from a day in 2017-06 on; of those before "
        f"100 % have one: {FOLLOWED}",
    ),
    "in another order and cut off": (
        change_rows(FOLLOWUPS, lambda rows: shuffled(rows)[:5000]),
        f"B73 : 2755 of 6792 persons have no follow-up; the year before 0 of 6272: {FOLLOWED}",
    ),
    "each time is midnight": (
        LOSE_TIMES,
        "B74 tijdstip: 4812 time(s) '99:99', one time of the day with 100 % of 4812 times: counts "
        "by hour would be wrong",
    ),
    "a quarter at the time of an import": (
        IMPORTED_AT,
        "B74 tijdstip: 1208 time(s) '99:99', one time of the day with 25 % of 4812 times: counts "
        "by hour would be wrong",
    ),
    "each time is on the hour": (
        change_cells(CONTACTS, TIME, lambda time: f"{time[:2]}:00"),
        "B74 tijdstip: 4812 time(s) on the hour, 100 % of 4812: the minutes are lost or rounded, "
        "and counts by hour may be one hour off",
    ),
    "a clock of twelve hours": (
        lambda sample: move_hours(sample, lambda hour: (hour - 1) % 12 + 1),
        "B74 tijdstip: 2317 time(s) from 1 to 6 o'clock and none after 12, 48 % of 4812: by a "
        "clock of twelve hours, afternoons would count as nights",
    ),
    "99 for an unknown age": (
        FILL_AGES,
        "B74 leeftijd: 1090 age(s) of one value, of the shape '99', 16 % of 6792 ages: counts by "
        "age class would be wrong",
    ),
    "1970 for an unknown year of birth": (
        change_cells(PERSONS, AGE, lambda age: age or "47"),
        "B74 leeftijd: 1119 age(s) of one value, of the shape '99', 16 % of 6792 ages: counts by "
        "age class would be wrong",
    ),
    "months without days": (
        change_some(1200, CONTACTS, DATE, *FIRSTS),
        "B74 datum: 1276 date(s) on the same day of each month, 27 % of 4812: counts by day and "
        "weekday, and campaigns, would be wrong",
    ),
    "a fifth on one day": (
        fill_days,
        "B74 datum: 988 date(s) on one day, 21 % of 4812: counts by day, weekday and month, and "
        "campaigns, would be wrong",
    ),
    "contacts imported twice": (
        import_again,
        "B75 : 300 contact(s) of 5112 equal to another in all but the key, to the minute, as if "
        "imported twice: each count would be too high",
    ),
    "days and months swapped": (
        swap_days,
        "B76 : 629 of 1866 contacts stand on days on which the helpline was closed, where 46 are "
        "usual: days and months may be swapped; counts by month, by weekday and of campaigns would "
        "be wrong",
    ),
    "the clock of UTC": (
        lambda sample: move_hours(sample, lambda hour: (hour - 2) % 24),
        "B76 : 1525 of 4812 times lie in hours in which few contacts were the year before, where "
        "265 are usual: the clock may be another, or that of another time zone; counts by hour "
        "would be wrong",
    ),
    "mornings alone": (
        lambda sample: sample.keep_rows(lambda row: row[TIME] < "13"),
        "B76 : 2432 of 4596 times of the year before lie in hours in which few contacts are now, "
        "where 91 would be usual: contacts of a part of the day may be missing, so that all counts "
        "would be too low, or the opening hours changed",
    ),
    "the first person of each contact alone": (
        keep_first_persons,
        "silent_code : no contact is about several persons; the year before 1355 of 4596 were: "
        "counts of persons would be too low",
    ),
    "women and men in each other's place": (
        change_cells(PERSONS, GENDER, lambda label: EXCHANGED.get(label, label)),
        "exchanged : gender 'female' stands in 2297 of 6792 rows and 'male' in 3522; the year "
        "before in 3221 and in 2114 of 6272: their labels changed places, or people changed from "
        "one to the other",
    ),
    "no Friday": (
        lambda sample: leave_out(sample, lambda row: read_day(row).weekday() == 4),
        "silent_days : no contact on 51 Fridays one after another, 2017-01-06 to 2017-12-29, where "
        "about 965 are due",
    ),
    "a channel without a quarter": (
        lambda sample: leave_out(
            sample, lambda row: row[CHANNEL] == "E-mail" and row[DATE][3:5] in ("04", "05", "06")
        ),
        "silent_code : channel 'email' stands in none of 1108 rows of 2017-04 to 2017-06; in other "
        "months in 463 of 3525",
    ),
    "no roles in one channel": (
        forget_roles,
        "empty_column : caller_role is blank or unknown in 630 of 630 rows with channel email; the "
        "year before in 5 of 531",
    ),
    "no children": (
        leave_out_children,
        "silent_code : no row with age_class 'age_0_5'; the year before 1183 of 5313 rows had it",
    ),
}
# The fields of which no headline speaks, once it is known.
DISTORTED = {
    "each time is midnight": {"hour"},
    "days and months swapped": {"date", "month", "weekday"},
    "99 for an unknown age": {"age", "age_class"},
    "no Friday": {"date", "month", "weekday"},
    "mornings alone": {"hour"},
    "women and men in each other's place": {"gender"},
    "in another order and cut off": {"followups"},
}


# Others of the same kind, which show no other rule.
ALIKE = {"with their header", "cut off and in another order"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.long) if name in ALIKE else name for name in ARTEFACTS],
)
def test_a_year_that_is_wrong_is_told(sample: Sample, name: str) -> None:
    """Once, with what is wrong and which figures it changes; what is pasted says it is known."""
    change, expected = ARTEFACTS[name]
    change(sample)
    with pytest.raises(ExportError) as caught:
        sample.load()
    (problem,) = caught.value.problems
    what = re.sub(r" \(lines .*", "", problem.what)
    assert f"{problem.code} {problem.column}: {what}" == expected
    assert problem.next_step
    asked = [line.strip() for line in str(caught.value).splitlines() if "- {fault:" in line]
    assert bool(asked) == (problem.code != "B72")
    if name in DISTORTED:
        (line,) = asked
        sample.acknowledge(*yaml.safe_load(line))
        dataset = sample.load()[0].dataset
        assert [item.code for item in dataset.acknowledged] == [problem.code]
        assert dataset.artefacts == DISTORTED[name]


def test_a_workbook_is_told_the_same(sample: Sample) -> None:
    """With the cell of its first row; said in the layout, it stands for unknown and heaps no more.

    A year without anything odd has no artefacts.
    """
    assert sample.load()[0].dataset.artefacts == frozenset()
    FILL_AGES(sample)
    sample.as_workbook(PERSONS)
    (problem,) = sample.problems()
    assert problem.startswith("B74: 1090 age(s)")
    layout = sample.root / "params/layouts/registration-1712.yaml"
    text = layout.read_text(encoding="utf-8")
    layout.write_text(text.replace("{field: age,", "{field: age, unknown: ['99'],"), "utf-8")
    assert int((sample.load()[0].dataset.tables["persons"].frame["age"] < 0).sum()) == 1090


def cut(number: int) -> Change:
    """Cut so many persons' follow-ups off."""

    def change(sample: Sample) -> None:
        last = {row[0] for row in sample.rows(PERSONS)[-number:]}
        sample.put(FOLLOWUPS, [row for row in sample.rows(FOLLOWUPS) if row[0] not in last])

    return change


def lose(thousandths: int) -> Change:
    def change(sample: Sample) -> None:
        persons = [row[0] for row in sample.rows(PERSONS)[1:]]
        lost = set(random.Random(1712).sample(persons, thousandths * len(persons) // 1000))
        sample.put(FOLLOWUPS, [row for row in sample.rows(FOLLOWUPS) if row[0] not in lost])

    return change


SATURDAYS = [f"{7 * week + 7:02}/01/2017" for week in range(4)]
LIMITS: dict[str, tuple[Callable[[int], Change], int, int]] = {
    "imports": (lambda n: lambda sample: import_again(sample, n), 40, 60),
    "ages": (lambda n: change_some(n, PERSONS, AGE, "99"), 50, 80),
    "times": (lambda n: change_some(n, CONTACTS, TIME, "14:00"), 440, 520),
    "days": (lambda n: change_some(n, CONTACTS, DATE, "03/07/2017"), 440, 520),
    "the end": (cut, 15, 30),
    "follow-ups": (lose, 45, 55),
    "closed days": (lambda n: change_some(n, CONTACTS, DATE, *SATURDAYS), 80, 320),
}


@pytest.mark.long
def test_busy_days_and_round_numbers_are_no_artefacts(sample: Sample) -> None:
    originals = {file: sample.rows(file) for file in Sample.FILES}
    for name, (change, below, above) in LIMITS.items():
        change(below)(sample)
        assert sample.load()[0].dataset.acknowledged == (), name
        for number in (above, 0):
            for file, rows in originals.items():
                sample.put(file, rows)
            if number:
                change(number)(sample)
                assert len(sample.problems()) == 1, name


@pytest.mark.parametrize(
    ("contacts", "then", "contacts_then", "odd"),
    [
        (100, 20, 100, True),
        (99, 40, 100, False),
        (1000, 19, 100, False),
        (100, 39, 200, False),
        (1000, 0, 0, False),
    ],
    ids=["all alone", "few contacts", "few then", "few due", "nobody then"],
)
def test_contacts_about_one_person_each_are_odd_where_twenty_others_are_due(
    contacts: int, then: int, contacts_then: int, *, odd: bool
) -> None:
    """At least a hundred contacts are needed, and twenty about several persons must be due."""

    def year(several: int, contacts: int, name: str) -> CountedYear:
        parents = np.array([*range(contacts), *range(several)], dtype=np.int32)
        frame = pd.DataFrame(index=pd.RangeIndex(len(parents)))
        persons = Table("persons", frame, frozenset(), parent_rows=parents)
        return counted(tally(), year=name, persons=persons)

    oddities = find_odd_persons(year(0, contacts, "2017"), year(then, contacts_then, "2016"))
    assert [item.about for item in oddities] == ["persons.several"] * odd


def test_rounded_times_of_few_hours_are_no_artefact(desk: Desk) -> None:
    """Of a line that is open from 18 to 22 o'clock each half hour has a tenth or more."""
    columns = "day: {field: date, kind: date}\n          time: {field: hour, kind: time}"
    desk.put_layout(layout_of_contacts(key="row", columns=columns))
    desk.parameters = {}
    chance = random.Random(1712)
    rows = [
        f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/2017 | {time}"
        for time in ["18:00", "18:30", "19:00", "19:30", "20:00", "20:30", "21:00", "21:30"] * 40
    ]
    desk.put("contacts.csv", "day | time\n" + "\n".join(rows))
    assert len(desk.table("contacts")) == 320


def test_round_ages_of_old_people_are_no_artefact(sample: Sample) -> None:
    """Where staff guess them, 80, 90 and 100 stand more than three times as often as others."""
    change_some(1400, PERSONS, AGE, *["80"] * 7, *["90"] * 3, *["100"])(sample)
    assert sample.load()[0].dataset.acknowledged == ()


def test_a_file_in_the_order_of_dates_may_have_a_round_number_of_rows(desk: Desk) -> None:
    """If its end were missing, days without contacts would tell."""
    days = [f"{dt.date(2017, 1, 1) + dt.timedelta(n * 365 // 1000):%d/%m/%Y}" for n in range(1000)]
    desk.put_layout(layout_of_contacts(key="row"))
    desk.parameters = {}
    for rows in (days, days[::-1]):
        desk.put("contacts.csv", "day\n" + "\n".join(rows))
        assert len(desk.table("contacts")) == 1000
    desk.put("contacts.csv", "day\n" + "\n".join(random.Random(1712).sample(days, 1000)))
    assert [problem[:5] for problem in desk.problems()] == ["[B10]"]


def test_equal_rows_of_different_people_are_no_copy(desk: Desk) -> None:
    """A file without keys whose rows are alike: only where all of it stands twice is it pasted."""
    days = [f"{1 + n % 28:02}/{1 + n % 12:02}/2017" for n in range(200)]
    desk.put_layout(layout_of_contacts(key="row"))
    desk.put("contacts.csv", "day\n" + "\n".join(random.Random(1712).choices(days, k=400)))
    desk.parameters = {}
    assert len(desk.table("contacts")) == 400
    desk.put("contacts.csv", "day\n" + "\n".join(days[:84] * 2))
    assert desk.problems()[0].startswith("[B72] raw/contacts.csv:86: 84 rows, from this one on")


def test_a_file_of_nearly_equal_rows_is_no_copy(desk: Desk) -> None:
    """Its blocks repeat earlier ones, but few different rows are among them."""
    days = [f"{1 + n // 50 % 28:02}/05/2017" if n % 50 == 49 else "01/05/2017" for n in range(2000)]
    desk.put_layout(layout_of_contacts(key="row"))
    desk.put("contacts.csv", "day\n" + "\n".join(["01/05/2017"] * 60 + days))
    assert {problem[:5] for problem in desk.problems()} == {"[B74]"}


def test_dates_that_cannot_be_read_do_not_heap(desk: Desk) -> None:
    """They are told as such, and as nothing else."""
    days = [f"{n} | {1 + n % 28:02}/{1 + n % 12:02}/2017" for n in range(300)]
    desk.put_layout(layout_of_contacts("dates: yyyy-mm-dd"))
    desk.put("contacts.csv", "nr | day\n" + "\n".join(days))
    assert {problem[:5] for problem in desk.problems()} == {"[B42]"}


def test_a_file_that_looks_like_a_source_is_told(desk: Desk) -> None:
    """B78: whichever is the right one; the export of another year is none, nor are other files."""
    for name in ("contacts-2016.csv", "contacts.txt.bak", ".contacts (1).csv"):
        (desk.root / "raw" / name).write_text("", encoding="utf-8")
    desk.load()
    for name in ("contacts (1).csv", "Kopie van Con tacts.xlsx"):
        (desk.root / "raw" / name).write_text("", encoding="utf-8")
    assert desk.problems() == [
        "[B78] raw/contacts.csv: 2 file(s) beside it that look like it and aren't read: 'Kopie van "
        "Con tacts.xlsx', 'contacts (1).csv'; all figures are of the one that is read\n"
        "  → put the right one in place and take the other away, or name it in the parameters: "
        "files"
    ]


def test_a_label_that_names_somebody_counts_as_other(
    sample_copy: Path, sample_edition: Edition
) -> None:
    """B80: sessions are added up, users of several aren't; the second count does the same."""
    path = sample_copy / "data/sample/2017/google-analytics/verwijzende-sites.csv"
    text = path.read_text(encoding="utf-8")
    for site, label in (("awel.be", "an@example.org"), ("caw.be", "0470 12 34 56")):
        text = text.replace(f"\n{site},", f"\n{label},")
    path.write_text(text, encoding="utf-8")
    project = Project(sample_copy)
    dataset = load_dataset(project, sample_edition)
    traffic = dataset.tables["traffic"].frame
    others = traffic[traffic["referrer"] == "other"]
    assert others[["measure", "value"]].to_records(index=False).tolist() == [
        ("sessions", 1248),
        ("sessions", 1062),
    ]
    (balance,) = (each for each in dataset.balances if each.file.endswith(path.name))
    assert balance.repaired == {"B80": 2}
    assert differences(project, sample_edition, dataset) == []
