"""The totals of a year agree with each other, and the patterns know no other codes."""

import pytest

from helpline_report.sample.year_totals import YearTotals, labels, patterns, read_year_totals


@pytest.fixture(params=[2016, 2017])
def totals(request: pytest.FixtureRequest) -> YearTotals:
    """The totals of each reference year."""
    return read_year_totals(request.param)


def test_totals_add_up(totals: YearTotals) -> None:
    """Contacts by each field, contacts and persons by problem, forms of a problem, follow-ups."""
    persons = sum(totals.persons_by_month)
    assert {sum(counts.values()) for counts in totals.callers.values()} == {totals.contacts}
    assert sum(problem.contacts for problem in totals.problems.values()) == totals.contacts
    assert sum(problem.persons for problem in totals.problems.values()) == persons
    for problem in totals.problems.values():
        assert sum(problem.forms.values()) == problem.persons
    numbers = {int(number): count for number, count in totals.followups_per_person.items()}
    assert sum(numbers.values()) == persons
    assert sum(n * count for n, count in numbers.items()) == sum(totals.followups.values())


def test_contexts_of_2017_add_up() -> None:
    """Contexts of a problem, with its sector cases, are as many as its persons."""
    totals = read_year_totals(2017)
    for code, problem in totals.problems.items():
        sectors = sum(case.persons for case in totals.sector_cases if case.problem == code)
        assert sum(problem.contexts.values()) + sectors == problem.persons


def test_every_code_has_a_label(totals: YearTotals) -> None:
    """What is drawn can be written."""
    names = labels()
    for field, counts in totals.callers.items():
        assert set(counts) <= set(names[field])
    assert set(totals.problems) == set(names["problem"])
    assert set(totals.followups) == set(names["followup"])
    for problem in totals.problems.values():
        assert set(problem.forms) <= set(names["form"])
        assert set(problem.contexts) <= set(names["context"])


def test_patterns_name_known_codes() -> None:
    """A misspelt code in a pattern would be neutral without a word."""
    names = labels() | {"number": dict.fromkeys("1234", ""), "size": {"several": ""}}
    names["person_gender"] = names["gender"]
    sides = [f"{side}.{code}" for side in ("victim", "other") for code in names["problem"]]
    names["side_and_problem"] = dict.fromkeys(sides, "")
    for field, lifts in patterns().lifts.items():
        for by, codes in lifts.items():
            assert set(codes) <= set(names[by]), (field, by)
            assert set().union(*codes.values()) <= set(names[field]), (field, by)
