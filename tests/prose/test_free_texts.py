from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.yaml import Document, read_yaml, validate
from helpline_report.prose.free_texts import check_free_texts, marked_words

TEXT = "{nl: een tekst, en: a text}"
WHOLE = """\
edition: "2017"
title: {title}
rows: public
period: {{start: 2017-01-01, end: 2017-12-31}}
comparison: "2016"
helpline: {{name: "1712", full_name: {full_name}, website: www.1712.be}}
publisher:
  name: {publisher}
  licence: CC-BY-4.0
  role: {role}
  accessibility:
    conformity: partial
    prepared_on: 2017-12-31
    tested: {tested}
    limits: [{limit}]
    enforcement: {enforcement}
sources: [{{layout: a, folder: b}}]
trend: {{file: c.csv, breaks: [{{date: 2014-03-01, note: {trend}}}]}}
acknowledged: [{{fault: B56, reason: {acknowledged}}}]
correction_reasons: {{moved: {correction}}}
disclosure: {{threshold: 0, decided_by: x, decided_on: 2018-01-01, reason: {disclosure}}}
calendar: {{working_days: [1], closed: [{{date: 2017-04-17, reason: {closed}}}]}}
age_classes: [{{code: a, from: 0, label: {{nl: a, en: a}}}}]
person_ages: [{{code: a, from: 0, label: {{nl: a, en: a}}}}]
house_style: {{logo: {{file: l.svg, alternative: {logo}}}}}
campaigns:
  - id: june
    start: 2017-06-01
    end: 2017-06-30
    name: {name}
    goal: {goal}
    means: {means}
    target: {{name: {target}, persons: {{gender: [f]}}}}
events: [{{id: metoo, date: 2017-10-15, source: x, name: {event}}}]
breaks: [{{id: renewed, kind: revision, tables: [contacts], date: 2016-07-01, note: {note}}}]
facts: {{audience: {fact}}}
"""
NAMES = ("title", "full_name", "publisher", "role", "tested", "limit", "enforcement")
STATEMENTS = (*NAMES, "disclosure", "closed", "logo", "fact")
ACCOUNTS = (
    *("trend", "acknowledged", "correction", "name", "goal", "means", "target", "event", "note"),
)


Write = Callable[..., Document]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write parameters of which some texts say something else than 'een tekst'."""

    def document(**texts: str) -> Document:
        values = dict.fromkeys((*STATEMENTS, *ACCOUNTS), TEXT)
        values |= {key: f'{{nl: "{text}", en: a text}}' for key, text in texts.items()}
        path = tmp_path / "2017.yaml"
        path.write_text(WHOLE.format(**values), encoding="utf-8")
        return read_yaml(path)

    return document


def check(document: Document, **options: bool) -> list[str]:
    """What is wrong with the texts of a document, a line each."""
    try:
        check_free_texts(validate(Edition, document), document, **options)
    except ParametersError as error:
        return error.what.splitlines()
    return []


def line_of(document: Document, text: str) -> int:
    lines = document.path.read_text(encoding="utf-8").splitlines()
    return next(at for at, line in enumerate(lines, 1) if text in line)


def test_every_text_is_held_to_it(write: Write) -> None:
    """No text that is published types a share; each is named with its line, all at once."""
    texts = {key: f"{at} % van de bellers" for at, key in enumerate((*STATEMENTS, *ACCOUNTS), 1)}
    document = write(**texts)
    complaints = check(document)
    for text in texts.values():
        where, share = f"2017.yaml:{line_of(document, text)}: ", text.partition(" van")[0]
        assert any(
            each.startswith(where) and each.endswith(f"says '{share}', which no figure bears out")
            for each in complaints
        )


@pytest.mark.parametrize("number", ["86", "honderd", "86 %", "een tiental", "1.712"])
def test_numerals_of_accounts_are_refused(write: Write, number: str) -> None:
    """What tells of the year counts nothing by itself, in digits or in words."""
    texts = dict.fromkeys(ACCOUNTS, f"op {number} bussen")
    assert len(check(write(**texts))) == len(ACCOUNTS)


@pytest.mark.parametrize("text", ["86 procent van de bellers", "de helft van ons"])
def test_shares_of_names_are_refused(write: Write, text: str) -> None:
    """A share is always counted."""
    complaints = check(write(**dict.fromkeys(STATEMENTS, text)))
    assert len(complaints) == len(STATEMENTS)


def test_ordinary_numbers_pass(write: Write) -> None:
    """A telephone number, hours, a law and the year of a title are no findings.

    What tells of the year may name dates, years and the helpline.
    """
    names = "1712, van 9 tot 17 uur, volgens EN 301 549, in twee talen"
    accounts = "sinds 1 juli 2016, tot 2015, op het nummer 1712"
    texts = {**dict.fromkeys(STATEMENTS, names), **dict.fromkeys(ACCOUNTS, accounts)}
    assert check(write(**texts)) == []


def test_english_is_held_to_it(write: Write) -> None:
    """Each language by its own words."""
    document = write()
    document.data["breaks"][0]["note"]["en"] = "twelve places"
    (complaint,) = check(document)
    assert "says 'twelve'" in complaint


def test_words_stand_on_their_source(write: Write) -> None:
    """What has its source passes, and is told to the auditor with its line."""
    keys = (*STATEMENTS, *ACCOUNTS)
    document = write(
        **{key: f"op [{at} % bussen](<bron:bericht {at}.>)" for at, key in enumerate(keys)}
    )
    assert check(document) == []
    exempt = marked_words(validate(Edition, document), document)
    assert {each.text for each in exempt} == {f"{at} % bussen" for at in range(len(keys))}
    for each in exempt:
        assert each.place == f"2017.yaml:{line_of(document, each.source)}"


def test_source_that_says_nothing(write: Write) -> None:
    """A mark without a source exempts nothing."""
    (complaint,) = check(write(means="op [honderd](<bron:>) bussen"))
    assert "holds a mark of a source that isn't one" in complaint


def test_breaks_of_the_comparison_year(write: Write) -> None:
    """Of the year before its breaks are published, and nothing else."""
    document = write(note="op 12 plaatsen", goal="op 13 plaatsen")
    (complaint,) = check(document, breaks_alone=True)
    assert "says '12'" in complaint


@pytest.mark.parametrize("fact", ["1712", "van 9 tot 17 uur", dt.date(2012, 3, 12), 106])
def test_fact_without_translation(write: Write, fact: Any) -> None:
    """A telephone number, hours and dates are facts."""
    document = write()
    document.data["facts"]["audience"] = fact
    assert check(document) == []


def test_plain_fact_is_read_in_the_language_of_the_report(write: Write) -> None:
    """A text that isn't translated is held to the words of the report's language."""
    document = write()
    document.data["facts"]["audience"] = "de helft van vorig jaar"
    (complaint,) = check(document)
    assert "'facts.audience' says 'de helft'" in complaint
