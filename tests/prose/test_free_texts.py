from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.yaml import Document, read_yaml, validate
from helpline_report.prose.free_texts import check_breaks, check_free_texts, marked_words

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
TOLD = ("trend", "acknowledged", "correction", "name", "goal", "means", "target", "event", "note")


@pytest.fixture
def document(tmp_path: Path) -> Any:
    def made(**texts: str) -> Document:
        given = dict.fromkeys((*STATEMENTS, *TOLD), TEXT)
        given |= {key: f'{{nl: "{text}", en: a text}}' for key, text in texts.items()}
        path = tmp_path / "2017.yaml"
        path.write_text(WHOLE.format(**given), encoding="utf-8")
        return read_yaml(path)

    return made


def line_of(document: Document, text: str) -> int:
    lines = document.path.read_text(encoding="utf-8").splitlines()
    return next(at for at, line in enumerate(lines, 1) if text in line)


def check(document: Document) -> None:
    check_free_texts(validate(Edition, document), document)


@pytest.mark.parametrize("key", [*STATEMENTS, *TOLD])
def test_every_text_is_held_to_it(document: Any, key: str) -> None:
    """No text that is published types a share; its line is named."""
    made = document(**{key: "86 % van de bellers"})
    with pytest.raises(ParametersError) as refused:
        check(made)
    what = str(refused.value)
    assert f"2017.yaml:{line_of(made, '86 %')}: " in what
    assert "says '86 %', which no figure bears out" in what


@pytest.mark.parametrize("key", TOLD)
@pytest.mark.parametrize("number", ["86", "honderd", "86 %", "een tiental", "1.712"])
def test_numerals_of_what_is_told_are_refused(document: Any, key: str, number: str) -> None:
    """What tells of the year counts nothing by itself, in digits or in words."""
    with pytest.raises(ParametersError, match="which no figure bears out"):
        check(document(**{key: f"op {number} bussen"}))


@pytest.mark.parametrize("key", STATEMENTS)
def test_numerals_of_names_pass(document: Any, key: str) -> None:
    """A telephone number, hours, a law and the year of a title are no findings."""
    check(document(**{key: "1712, van 9 tot 17 uur, volgens EN 301 549, in twee talen"}))


@pytest.mark.parametrize("key", STATEMENTS)
@pytest.mark.parametrize(
    ("said", "told"),
    [("86 procent van de bellers", "86 procent"), ("de helft van ons", "de helft")],
)
def test_shares_of_names_are_refused(document: Any, key: str, said: str, told: str) -> None:
    """A share is always counted."""
    with pytest.raises(ParametersError, match=f"says '{told}'"):
        check(document(**{key: said}))


@pytest.mark.parametrize("said", ["sinds 1 juli 2016", "tot 2015", "op het nummer 1712"])
def test_ordinary_numbers_pass(document: Any, said: str) -> None:
    """What tells of the year may name dates, years and the helpline."""
    check(document(**dict.fromkeys(TOLD, said)))


def test_every_complaint_at_once(document: Any) -> None:
    """Whoever mends the file sees all that is wrong with it."""
    with pytest.raises(ParametersError) as refused:
        check(document(goal="twaalf bussen", note="op 12 plaatsen", fact="de helft"))
    assert str(refused.value).count("which no figure bears out") == 3


def test_english_is_held_to_it(document: Any) -> None:
    """Each language by its own words, on its own line."""
    made = document()
    made.data["breaks"][0]["note"]["en"] = "twelve places"
    with pytest.raises(ParametersError, match="says 'twelve'"):
        check(made)


@pytest.mark.parametrize("key", [*STATEMENTS, *TOLD])
def test_words_stand_on_their_source(document: Any, key: str) -> None:
    """What has its source passes, and is told to the auditor with its line."""
    made = document(**{key: "op [de meeste van 86 % bussen](<bron:het persbericht>)"})
    check(made)
    (found,) = marked_words(validate(Edition, made), made)
    assert (found.text, found.source) == ("de meeste van 86 % bussen", "het persbericht")
    assert found.place == f"2017.yaml:{line_of(made, 'persbericht')}"


def test_source_that_says_nothing(document: Any) -> None:
    """A mark without a source exempts nothing."""
    with pytest.raises(ParametersError, match="holds a mark of a source that isn't one"):
        check(document(means="op [honderd](<bron:>) bussen"))


def test_breaks_of_the_comparison_year(document: Any) -> None:
    """Of the year before its breaks are published, and nothing else."""
    made = document(note="op 12 plaatsen", goal="op 13 plaatsen")
    with pytest.raises(ParametersError) as refused:
        check_breaks(validate(Edition, made), made)
    assert "says '12'" in str(refused.value)
    assert "13" not in str(refused.value)


@pytest.mark.parametrize("said", ["1712", "van 9 tot 17 uur", dt.date(2012, 3, 12), 106])
def test_fact_without_translation(document: Any, said: Any) -> None:
    """A telephone number, hours and dates are facts."""
    made = document()
    made.data["facts"]["audience"] = said
    check(made)


def test_plain_fact_is_read_in_the_language_of_the_report(document: Any) -> None:
    """A text that isn't translated is held to the words of the report's language."""
    made = document()
    made.data["facts"]["audience"] = "de helft van vorig jaar"
    with pytest.raises(
        ParametersError, match=r"2017\.yaml:\d+: the fact 'audience' says 'de helft'"
    ):
        check(made)
