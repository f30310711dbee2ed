"""Codes that one of two years has alone: what explains them, or the break to declare."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.tables.dataset import Table
from helpline_report.tables.years import UNEXPLAINED, describe_code_changes, describe_other_lines
from tests.tables.counted_years import CODES, LISTS, NAME, counted, tally

CHANNELS = {
    "many": tally(phone=900, chat=100),
    "none": tally(phone=900),
    "few": tally(phone=881, chat=19),
    "no label": tally(phone=900, mapped=("phone", "email")),
}
DECLARED = "the break 'x' of 2017-01-01 is declared"
REVISION = {"kind": "revision"}
SPLIT_TO = {"kind": "split", "old": "email", "new": ["chat", "phone"]}
SPLIT_OF = {"kind": "split", "old": "chat", "new": ["email", "phone"]}
SPLIT_OTHERS = {"kind": "split", "old": "phone", "new": ["other", "email"]}
NO_LABEL = "the layout of that year has no label for it"
BEGINS = "its code list says that it exists from 2017-03-01"
ENDS = "its code list says that it existed until 2017-02-01"
CHANCE = "so few rows that it may be chance"


def propose(day: str) -> str:
    line = f"- {{id: channel_chat, kind: revision, field: channel, date: {day}, "
    return f'{UNEXPLAINED}of params/2017.yaml: {line}note: {{nl: "…", en: "…"}}}}'


@pytest.mark.parametrize(
    ("now", "before", "declared", "dates", "reason"),
    [
        ("many", "none", {}, {}, propose("2017-03-14")),
        ("none", "many", {}, {}, propose("2017-01-01")),
        ("many", "none", REVISION, {}, DECLARED),
        ("none", "many", REVISION, {}, DECLARED),
        ("many", "none", {**REVISION, "tables": ["contacts"]}, {}, DECLARED),
        ("many", "none", {**REVISION, "tables": ["persons"]}, {}, propose("2017-03-14")),
        ("many", "none", SPLIT_TO, {}, DECLARED),
        ("none", "many", SPLIT_OF, {}, DECLARED),
        ("many", "none", SPLIT_OTHERS, {}, propose("2017-03-14")),
        ("many", "none", {}, {"from": "2017-03-01"}, BEGINS),
        ("none", "many", {}, {"until": "2017-02-01"}, ENDS),
        ("many", "no label", {}, {}, NO_LABEL),
        ("no label", "many", {}, {}, NO_LABEL),
        ("few", "none", {}, {}, CHANCE),
        ("none", "few", {}, {}, CHANCE),
    ],
)
def test_a_code_of_one_year_alone_has_a_line(
    now: str, before: str, declared: dict[str, Any], dates: dict[str, str], reason: str
) -> None:
    """A break, its dates, its labels or chance explain it; else the break to declare stands there.

    A new code has it on the first day of its rows.
    """
    days = pd.Series(pd.to_datetime(["2017-01-01", "2017-03-14"])).astype("datetime64[s]")
    channels = pd.Categorical(["phone", "chat"], categories=list(CODES))
    frame = pd.DataFrame({"line": [2, 3], "date": days, "channel": channels})
    contacts = Table("contacts", frame, frozenset({"date", "channel"}))
    data = LISTS["channel"].model_dump(by_alias=True)
    data["codes"][CODES.index("chat")].update(dates)
    lists = {"channel": CodeList.model_validate(data)}
    of = {} if "tables" in declared else {"field": "channel"}
    item = {"id": "x", "date": "2017-01-01", "note": NAME, **of, **declared}
    breaks = (Break.model_validate(item),) if declared else ()
    year = counted(CHANNELS[now], breaks, lists, contacts=contacts)
    (line,) = describe_code_changes(year, counted(CHANNELS[before], breaks, lists, "2016"))
    rows = max(CHANNELS[name].count("chat") for name in (now, before))
    lacking = "2016" if CHANNELS[now].count("chat") else "2017"
    start = f"channel 'chat' ({rows} rows) not in {lacking}: {reason}"
    assert line == start


def test_codes_of_both_years_have_no_line() -> None:
    """A field that one of the years has no rows of has none either."""
    many, nothing = counted(CHANNELS["many"]), counted(tally(), year="2016")
    assert list(describe_code_changes(many, counted(CHANNELS["few"], year="2016"))) == []
    assert list(describe_code_changes(many, nothing)) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["phone", "chat"], []),
        ([], []),
        (
            ["phone", "email"],
            [
                "helpline 'email' has no rows, but stands in helpline.lines of params/2017.yaml: "
                "means per helpline count it",
                "helpline 'chat' (100 rows) isn't in helpline.lines of params/2017.yaml: "
                "means per helpline don't count it",
            ],
        ),
    ],
)
def test_helplines_of_the_parameters_or_the_rows_alone(
    lines: list[str], expected: list[str]
) -> None:
    """Each has a line, unless the parameters name none."""
    year = counted(CHANNELS["many"])
    helpline = year.edition.helpline.model_copy(update={"lines": lines})
    edition = year.edition.model_copy(update={"helpline": helpline})
    year = replace(year, edition=edition, fields={"helpline": CHANNELS["many"]})
    assert list(describe_other_lines(year)) == expected
