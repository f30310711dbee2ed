"""What explains a code of one year alone, and what is to be declared where nothing does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.parameters.values import Period
from helpline_report.tables.code_tallies import Tally
from helpline_report.tables.dataset import Dataset, Table
from helpline_report.tables.plausibility import OneYearCode, TwoYears, one_year_codes

NAME = {"nl": "x", "en": "x"}
CODES = ("phone", "email", "chat")
NOW = Period(start=dt.date(2017, 1, 1), end=dt.date(2017, 12, 31))
BEFORE = Period(start=dt.date(2016, 1, 1), end=dt.date(2016, 12, 31))


def codelist(**dates: str) -> CodeList:
    """The channels; `dates` are those of the chat."""
    codes = [{"code": code, **NAME} | (dates if code == "chat" else {}) for code in CODES]
    words = {"name": NAME, "by": NAME, "where": NAME}
    return CodeList.model_validate(
        {"field": "channel", "table": "contacts", **words, "codes": codes}
    )


def tally(said: tuple[str, ...] = CODES, **counts: int) -> Tally:
    """The tally of a year."""
    whole = {code: counts.get(code, 0) for code in CODES}
    return Tally("contacts", "channel", sum(whole.values()), whole, 0, frozenset(said))


def chats(day: str) -> Dataset:
    """Tables of a year with a call on its first day, and a chat on another."""
    dates = pd.Series(pd.to_datetime(["2017-01-01", day])).astype("datetime64[s]")
    channels = pd.Categorical(["phone", "chat"], categories=list(CODES))
    frame = pd.DataFrame({"line": [2, 3], "date": dates, "channel": channels})
    table = Table("contacts", frame, frozenset({"date", "channel"}))
    return Dataset("2017", NOW, {"contacts": table})


def alone(now: Tally, before: Tally, *breaks: Break, **dates: str) -> list[OneYearCode]:
    """The codes of one year alone."""
    years = {"now": {"channel": now}, "before": {"channel": before}}
    both = TwoYears(
        **years,
        period=NOW,
        period_before=BEFORE,
        dataset=chats("2017-03-14"),
        breaks=breaks,
        lists={"channel": codelist(**dates)},
    )
    return list(one_year_codes(both))


def a_break(**more: Any) -> Break:
    """A declared break of the channel."""
    return Break.model_validate(
        {"id": "new_system", "date": "2017-01-01", "note": NAME, "field": "channel", **more}
    )


def test_codes_of_both_years_are_not_told() -> None:
    """However their numbers differ."""
    assert alone(tally(phone=900, chat=1), tally(phone=1, chat=900)) == []


def test_a_new_code_is_told_with_its_break() -> None:
    """From the first day on which it stands."""
    (found,) = alone(tally(phone=900, chat=100), tally(phone=900))
    assert (found.kind, found.code, found.rows, found.why) == ("new", "chat", 100, "")
    assert found.add == (
        "- {id: channel_chat_new, kind: revision, field: channel, date: 2017-03-14, "
        "note: {nl: …, en: …}}"
    )


def test_a_code_that_is_gone_is_told_with_its_break() -> None:
    """From the first day of the year."""
    (found,) = alone(tally(phone=900), tally(phone=900, chat=100))
    assert (found.kind, found.code, found.rows, found.why) == ("gone", "chat", 100, "")
    assert found.add == (
        "- {id: channel_chat_gone, kind: revision, field: channel, date: 2017-01-01, "
        "note: {nl: …, en: …}}"
    )


@pytest.mark.parametrize(
    "declared",
    [
        {"kind": "revision"},
        {"kind": "split", "old": "email", "new": ["chat", "phone"]},
        {"kind": "split", "old": "chat", "new": ["email", "phone"]},
    ],
)
def test_a_declared_break_explains_both(declared: dict[str, Any]) -> None:
    """A revision of the field, or a split that names the code."""
    why = "the break 'new_system' of 2017-01-01 is declared"
    many, none = tally(phone=900, chat=100), tally(phone=900)
    item = a_break(**declared)
    assert [found.why for found in alone(many, none, item)] == [why]
    assert [found.why for found in alone(none, many, item)] == [why]


def test_the_break_that_is_proposed_explains_the_code() -> None:
    """Who adds the line isn't asked again."""
    now, before = tally(phone=900, chat=100), tally(phone=900)
    assert alone(now, before, a_break(kind="revision", id="channel_chat_new"))[0].why != ""


def test_a_split_of_other_codes_explains_nothing() -> None:
    """It doesn't name this one."""
    item = a_break(kind="split", old="sms", new=["email", "letter"])
    (found,) = alone(tally(phone=900, chat=100), tally(phone=900), item)
    assert found.why == ""


def test_the_dates_of_a_code_explain_it() -> None:
    """When it came, and when it went."""
    many, none = tally(phone=900, chat=100), tally(phone=900)
    (new,) = alone(many, none, **{"from": "2017-03-01"})
    assert new.why == "it exists from 2017-03-01, says its code list"
    (gone,) = alone(none, many, until="2017-02-01")
    assert gone.why == "it existed until 2017-02-01, says its code list"


def test_the_labels_of_a_year_explain_it() -> None:
    """What no label stood for, nobody could register."""
    many, none = tally(phone=900, chat=100), tally(phone=900, said=("phone", "email"))
    (new,) = alone(many, none)
    assert new.why == "no label of the year before stood for it, says its layout"
    (gone,) = alone(none, many)
    assert gone.why == "no label of this year stands for it, says its layout"


def test_a_few_rows_may_be_chance() -> None:
    """Nineteen due are too few to declare a break for."""
    few, none = tally(phone=881, chat=19), tally(phone=900)
    assert [found.why for found in alone(few, none)] == ["so few that it may be chance"]
    assert [found.why for found in alone(none, few)] == ["so few that it may be chance"]
