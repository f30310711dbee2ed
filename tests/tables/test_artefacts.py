"""Years that read well and are wrong: pasted twice, cut off, heaped, imported twice, swapped.

Each is made from the sample of 2017 by one small function, as CSV and as workbooks.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from helpline_report.errors import ExportError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.store import load_kept
from tests.second_count.both import differences
from tests.tables.conftest import Desk, Sample, layout_of_contacts

CONTACTS, PERSONS, FOLLOWUPS = Sample.FILES
DATE, TIME, AGE = 1, 2, 3
Rows = list[list[str]]
Change = Callable[[Sample], None]


def change_cells(sample: Sample, file: str, column: int, change: Callable[[str], str]) -> None:
    """Change the cells of a column."""
    head, *rows = sample.rows(file)
    sample.put(file, [head, *([*r[:column], change(r[column]), *r[column + 1 :]] for r in rows)])


def shuffled(rows: Rows) -> Rows:
    """Rows in another order, the same each time."""
    return random.Random(1712).sample(rows, len(rows))


def paste_twice(sample: Sample) -> None:
    """The follow-ups are pasted below themselves."""
    head, *rows = sample.rows(FOLLOWUPS)
    sample.put(FOLLOWUPS, [head, *rows, *rows])


def paste_with_header(sample: Sample) -> None:
    """The second time with their header."""
    head, *rows = sample.rows(FOLLOWUPS)
    sample.put(FOLLOWUPS, [head, *rows, head, *rows])


def paste_in_part(sample: Sample) -> None:
    """The second time cut off."""
    head, *rows = sample.rows(FOLLOWUPS)
    sample.put(FOLLOWUPS, [head, *rows, *rows[:400]])


def paste_and_sort(sample: Sample) -> None:
    """Pasted twice, and sorted afterwards."""
    head, *rows = sample.rows(FOLLOWUPS)
    sample.put(FOLLOWUPS, [head, *sorted(rows + rows)])


def cut_off(sample: Sample) -> None:
    """The follow-ups are cut at 5,000 rows."""
    sample.put(FOLLOWUPS, sample.rows(FOLLOWUPS)[:5001])


def cut_off_by_date(sample: Sample) -> None:
    """The same, and persons and follow-ups stand in another order."""
    cut_off(sample)
    for file in (PERSONS, FOLLOWUPS):
        head, *rows = sample.rows(file)
        sample.put(file, [head, *shuffled(rows)])


def cut_off_at_random(sample: Sample) -> None:
    """The follow-ups stand in any order and are cut at 5,000 rows."""
    head, *rows = sample.rows(FOLLOWUPS)
    sample.put(FOLLOWUPS, [head, *shuffled(rows)[:5000]])


def lose_times(sample: Sample) -> None:
    """Each time is midnight."""
    change_cells(sample, CONTACTS, TIME, lambda _: "00:00")


def lose_minutes(sample: Sample) -> None:
    """Each time is on the hour."""
    change_cells(sample, CONTACTS, TIME, lambda time: f"{time[:2]}:00")


def use_twelve_hours(sample: Sample) -> None:
    """A clock of twelve hours."""
    change_cells(
        sample, CONTACTS, TIME, lambda time: f"{(int(time[:2]) - 1) % 12 + 1:02}{time[2:]}"
    )


def fill_ages(sample: Sample) -> None:
    """99 for an unknown age."""
    change_cells(sample, PERSONS, AGE, lambda age: age or "99")


def fill_days(sample: Sample) -> None:
    """A fifth of the contacts is entered on one day."""
    chance = random.Random(1712)
    change_cells(sample, CONTACTS, DATE, lambda day: "03/07/2017" if chance.random() < 0.2 else day)


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
    head, *rows = sample.rows(CONTACTS)
    keys = {row[0]: f"{chance.getrandbits(48):012x}z" for row in rows}
    swapped = []
    for key, date, *others in rows:
        day, month, year = date.split("/")
        if int(day) <= 12:
            date = f"{month}/{day}/{year}"  # noqa: PLW2901 - as a spreadsheet does
        swapped.append([keys[key], date, *others])
    sample.put(CONTACTS, [head, *shuffled(swapped)])
    head, *rows = sample.rows(PERSONS)
    sample.put(PERSONS, [head, *([row[0], keys[row[1]], *row[2:]] for row in rows)])


def use_another_zone(sample: Sample) -> None:
    """The clock of UTC, told as that of Brussels."""
    change_cells(sample, CONTACTS, TIME, lambda time: f"{(int(time[:2]) - 2) % 24:02}{time[2:]}")


def end_in_december(sample: Sample) -> None:
    """The last days of the year are cut off."""
    sample.keep_rows(lambda row: row[DATE][3:5] != "12" or row[DATE][:2] < "16")


def end_a_code(sample: Sample) -> None:
    """No e-mail from August on."""
    head, *rows = sample.rows(CONTACTS)
    changed = [
        [*row[:4], "Telefoon" if row[DATE][3:5] > "07" else row[4], *row[5:]] for row in rows
    ]
    sample.put(CONTACTS, [head, *changed])


FOLLOWED = "counts and shares of follow-ups would be too low"
ARTEFACTS: dict[Change, str] = {
    paste_twice: "B72 : 11005 rows, from this one to the end, are those from line 2 on: each count "
    "of follow-ups would be too high",
    paste_with_header: "B72 : 11005 rows, from this one to the end, are those from line 2 on: each "
    "count of follow-ups would be too high",
    paste_in_part: "B72 : 400 rows, from this one to the end, are those from line 2 on: each count "
    "of follow-ups would be too high",
    paste_and_sort: "B72 : all 22010 rows stand here 2 times: each count of follow-ups would be 2 "
    "times as high",
    cut_off: "B73 : 3708 person(s) without a follow-up, from line 3086 of "
    f"data/sample/2017/gemelde_personen.csv to its end; of those above 100 % have one: {FOLLOWED}",
    cut_off_by_date: "B73 : 3699 person(s) without a follow-up, all from a day in 2017-06 on; of "
    f"those before 100 % have one: {FOLLOWED}",
    cut_off_at_random: "B73 : 2755 of 6792 persons have no follow-up; the year before 0 of 6272: "
    f"{FOLLOWED}",
    lose_times: "B74 tijdstip: 4812 time(s) '99:99', one time of the day with 100 % of 4812 times: "
    "counts by hour would be wrong",
    lose_minutes: "B74 tijdstip: 4812 time(s) on the hour, 100 % of 4812: the minutes are lost or "
    "rounded, and counts by hour may be one hour off",
    use_twelve_hours: "B74 tijdstip: 2317 time(s) from 1 to 6 o'clock and none after 12, 48 % of "
    "4812: by a clock of twelve hours, afternoons would count as nights",
    fill_ages: "B74 leeftijd: 1090 age(s) '99', 16 % of 6792 ages: counts by age class would be "
    "wrong",
    fill_days: "B74 datum: 988 date(s) on one day, 21 % of 4812: counts by day, weekday and "
    "month, and campaigns, would be wrong",
    import_again: "B75 : 300 contact(s) of 5112 equal to another in all but the key, to the "
    "minute, as if imported twice: each count would be too high",
    swap_days: "B76 : 629 of 1866 contacts stand on days on which the helpline was closed, where "
    "46 are usual: days and months may be swapped; counts by month, by weekday and of campaigns "
    "would be wrong",
    use_another_zone: "B76 : 1525 of 4812 times lie in hours in which few contacts were the year "
    "before, where 265 are usual: the clock may be another, or that of another time zone; counts "
    "by hour would be wrong",
    end_in_december: "silent_days : no contact from 2017-12-18 to 2017-12-29, where about 162 are "
    "due",
    end_a_code: "silent_code : no row with channel 'email' in 2017-08 to 2017-12, where about 252 "
    "are due",
}


# Each of one file, which is a workbook then.
AS_WORKBOOKS = {paste_twice: FOLLOWUPS, lose_times: CONTACTS, fill_ages: PERSONS}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        *((change, "csv") for change in ARTEFACTS),
        *((change, "xlsx") for change in AS_WORKBOOKS),
    ],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_a_year_that_is_wrong_is_told(sample: Sample, change: Change, kind: str) -> None:
    """Once, with what is wrong and which figures it changes; what is pasted says it is known."""
    change(sample)
    if kind == "xlsx":
        sample.as_workbook(AS_WORKBOOKS[change])
    with pytest.raises(ExportError) as caught:
        sample.load()
    (problem,) = caught.value.problems
    what = re.sub(r" \(lines .*", "", problem.what).replace(".xlsx", ".csv")
    assert f"{problem.code} {problem.column}: {what}" == ARTEFACTS[change]
    assert problem.next_step
    asked = [line.strip() for line in str(caught.value).splitlines() if "- {fault:" in line]
    assert bool(asked) == (problem.code != "B72")
    for line in asked:
        sample.acknowledge(*yaml.safe_load(line))
        known = sample.load().now.dataset.acknowledged
        assert [item.code for item in known] == [problem.code]


def change_some(number: int, file: str, column: int, text: str) -> Change:
    """Write a text into a column of so many rows, spread over the file."""

    def change(sample: Sample) -> None:
        head, *rows = sample.rows(file)
        chosen = set(random.Random(1712).sample(range(len(rows)), number))
        for at in chosen:
            rows[at][column] = text
        sample.put(file, [head, *rows])

    return change


def cut(number: int) -> Change:
    """Cut so many persons' follow-ups off."""

    def change(sample: Sample) -> None:
        last = {row[0] for row in sample.rows(PERSONS)[-number:]}
        sample.put(FOLLOWUPS, [row for row in sample.rows(FOLLOWUPS) if row[0] not in last])

    return change


def lose(share: float) -> Change:
    """Lose the follow-ups of a part of the persons, at random."""

    def change(sample: Sample) -> None:
        persons = [row[0] for row in sample.rows(PERSONS)[1:]]
        lost = set(random.Random(1712).sample(persons, int(share * len(persons))))
        sample.put(FOLLOWUPS, [row for row in sample.rows(FOLLOWUPS) if row[0] not in lost])

    return change


def move_to_closed_days(number: int) -> Change:
    """Move so many contacts to Saturdays."""
    days = [f"{7 * week + 7:02}/01/2017" for week in range(4)]

    def change(sample: Sample) -> None:
        head, *rows = sample.rows(CONTACTS)
        for at in random.Random(1712).sample(range(len(rows)), number):
            rows[at][DATE] = days[at % 4]
        sample.put(CONTACTS, [head, *rows])

    return change


@pytest.mark.parametrize(
    ("change", "below", "above"),
    [
        (lambda n: lambda sample: import_again(sample, n), 40, 60),
        (lambda n: change_some(n, PERSONS, AGE, "99"), 50, 80),
        (lambda n: change_some(n, CONTACTS, TIME, "14:00"), 440, 520),
        (lambda n: change_some(n, CONTACTS, DATE, "03/07/2017"), 440, 520),
        (cut, 15, 30),
        (lambda n: lose(n / 1000), 45, 55),
        (move_to_closed_days, 80, 320),
    ],
    ids=["imports", "ages", "times", "days", "the end", "follow-ups", "closed days"],
)
def test_thresholds_have_two_sides(
    sample: Sample, change: Callable[[int], Change], below: int, above: int
) -> None:
    """What busy days, round numbers and slips bring about is no artefact."""
    originals = {file: sample.rows(file) for file in Sample.FILES}
    change(below)(sample)
    assert sample.load().now.dataset.acknowledged == ()
    for file, rows in originals.items():
        sample.put(file, rows)
    change(above)(sample)
    assert len(sample.problems()) == 1


def test_what_stands_for_unknown_is_said_in_the_layout(sample: Sample) -> None:
    """As the message asks: then nothing heaps."""
    fill_ages(sample)
    layout = sample.root / "params/layouts/registration-1712.yaml"
    text = layout.read_text(encoding="utf-8")
    layout.write_text(text.replace("{field: age,", "{field: age, unknown: ['99'],"), "utf-8")
    ages = sample.load().now.dataset.tables["persons"].frame["age"]
    assert int((ages < 0).sum()) == 1090 + 0


def test_equal_rows_of_different_people_are_no_copy(desk: Desk) -> None:
    """A file without keys whose rows are alike: only where all of it stands twice is it pasted."""
    days = [f"{1 + n % 28:02}/{1 + n % 12:02}/2017" for n in range(200)]
    desk.put_layout(layout_of_contacts(key="row"))
    desk.put("contacts.csv", "day\n" + "\n".join(random.Random(1712).choices(days, k=400)))
    desk.said = {}
    assert len(desk.table("contacts")) == 400
    desk.put("contacts.csv", "day\n" + "\n".join(days * 2))
    assert desk.problems()[0].startswith("[B72] raw/contacts.csv:202: 200 rows, from this one")


def test_a_file_that_looks_like_a_source_is_told(sample: Sample) -> None:
    """B78: whichever is the right one; the export of another year is none, nor are other files."""
    folder = sample.root / "data/sample/2017"
    project = Project(sample.root)
    for name in ("contactnames-2016.csv", "contactnames.txt.bak", ".contactnames (1).csv"):
        shutil.copy(folder / CONTACTS, folder / name)
    assert load_kept(project, project.edition("2017")).acknowledged == ()
    for name in ("contactnames (1).csv", "Kopie van contactnames.xlsx"):
        shutil.copy(folder / CONTACTS, folder / name)
    message = sample.message().splitlines()
    assert message[1:3] == [
        "[B78] data/sample/2017/contactnames.csv: 2 file(s) beside it that look like it and aren't "
        "read: 'Kopie van contactnames.xlsx', 'contactnames (1).csv'; all figures are of the one "
        "that is read",
        "  → put the right one in place and take the other away, or name it in the parameters: "
        "files",
    ]
    sample.acknowledge({"fault": "B78", "file": CONTACTS})
    # Tables that are kept are those of a folder that had no such file.
    assert [item.code for item in load_kept(project, project.edition("2017")).acknowledged] == [
        "B78"
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


@pytest.mark.parametrize(
    ("entries", "touched"),
    [
        ([], set()),
        ([{"fault": "B74", "about": "tijdstip"}], {"hour"}),
        ([{"fault": "B76", "about": "closed days"}], {"date", "month", "weekday"}),
    ],
)
def test_what_is_known_makes_no_headline(
    sample: Sample, entries: list[dict[str, str]], touched: set[str]
) -> None:
    """The fields that it touches are told to the pages."""
    changes = {"tijdstip": lose_times, "closed days": swap_days}
    for entry in entries:
        changes[entry["about"]](sample)
    sample.acknowledge(*entries)
    assert sample.load().now.dataset.artefacts == touched
