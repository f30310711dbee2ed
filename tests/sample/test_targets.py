"""The totals of a year agree with each other, and the patterns know no other codes."""

from __future__ import annotations

import pytest

from helpline_report.sample.year_totals import YearTotals, labels, patterns, year_totals


@pytest.fixture(params=[2016, 2017])
def totals(request: pytest.FixtureRequest) -> YearTotals:
    """The totals of each reference year."""
    return year_totals(request.param)


def test_every_field_of_the_contacts_adds_up(totals: YearTotals) -> None:
    """Codes of a field are as many as there are contacts."""
    fields = totals.callers.model_dump()
    assert {sum(counts.values()) for counts in fields.values()} == {totals.contacts}


def test_problems_add_up(totals: YearTotals) -> None:
    """Contacts and persons by problem are all contacts and persons."""
    assert sum(problem.contacts for problem in totals.problems.values()) == totals.contacts
    persons = sum(problem.persons for problem in totals.problems.values())
    assert persons == sum(totals.persons_by_month)


def test_forms_add_up(totals: YearTotals) -> None:
    """Forms of a problem are as many as its persons."""
    for problem in totals.problems.values():
        assert sum(problem.forms.values()) == problem.persons


def test_contexts_of_2017_add_up() -> None:
    """Contexts of a problem, with its sector cases, are as many as its persons."""
    totals = year_totals(2017)
    for code, problem in totals.problems.items():
        sectors = sum(case.persons for case in totals.sector_cases if case.problem == code)
        assert sum(problem.contexts.values()) + sectors == problem.persons


def test_followups_add_up(totals: YearTotals) -> None:
    """Numbers of follow-ups a person give all persons and all follow-ups."""
    numbers = totals.followups_per_person
    assert sum(numbers.values()) == sum(totals.persons_by_month)
    assert sum(number * persons for number, persons in numbers.items()) == sum(
        totals.followups.values()
    )


def test_every_code_has_a_label(totals: YearTotals) -> None:
    """What is drawn can be written."""
    names = labels()
    for field, counts in totals.callers.model_dump().items():
        assert set(counts) <= set(names[field])
    assert set(totals.problems) == set(names["problem"])
    assert set(totals.followups) == set(names["followup"])
    for problem in totals.problems.values():
        assert set(problem.forms) <= set(names["form"])
        assert set(problem.contexts) <= set(names["context"])


@pytest.mark.parametrize(
    ("pattern", "rows", "columns"),
    [
        ("role_by_problem", "problem", "role"),
        ("age_class_by_role", "role", "age_class"),
        ("age_class_of_victim", "problem", "age_class"),
        ("age_class_by_problem", "problem", "age_class"),
        ("gender_by_role", "role", "gender"),
        ("gender_by_problem", "problem", "gender"),
        ("handling_by_role", "role", "handling"),
        ("handling_by_problem", "problem", "handling"),
        ("anonymity_by_handling", "handling", "anonymity"),
        ("anonymity_by_role", "role", "anonymity"),
        ("anonymity_by_channel", "channel", "anonymity"),
        ("gender_of_person", "problem", "gender"),
        ("gender_by_form", "form", "gender"),
        ("context_by_form", "form", "context"),
        ("followup_by_problem", "problem", "followup"),
        ("followup_by_handling", "handling", "followup"),
        ("followup_by_form", "form", "followup"),
    ],
)
def test_patterns_name_known_codes(pattern: str, rows: str, columns: str) -> None:
    """A misspelt code in a pattern would be neutral without a word."""
    names = labels()
    for code, lifts in getattr(patterns(), pattern).items():
        assert code in names[rows]
        assert set(lifts) <= set(names[columns])
