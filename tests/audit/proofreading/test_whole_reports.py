"""Whole reports of other subjects, made up, in which nothing is wrong, and what one change does."""

from pathlib import Path

import pytest

from tests.audit.proofreading.documents import proof

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["library", "food_bank", "school"])
def test_a_sound_report_has_no_findings(name: str) -> None:
    """A library, a food bank, a school service: many numbers, statements made anew, no alarm."""
    found = proof((HERE / f"{name}.txt").read_text(encoding="utf-8"))
    assert found.findings == ()
    assert found.statements >= 8
    assert found.numbers >= 30


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("library", "van 3,5 %", "van 5,3 %"),
        ("library", "gemiddeld 604", "gemiddeld 640"),
        ("library", "183.090", "189.030"),
        ("library", "een daling van 4,5 %", "een daling van 5,4 %"),
        ("library", "9.120 volwassenen", "9.210 volwassenen"),
        ("food_bank", "Dat is 20 %", "Dat is 12 %"),
        ("food_bank", "12.358 per maand", "13.258 per maand"),
        ("food_bank", "+9,6 %", "+6,9 %"),
        ("food_bank", "330", "303"),
        ("school", "7.728 vragen (20 %)", "7.728 vragen (25 %)"),
        ("school", "20,0 %", "25,0 %"),
        ("school", "| 13.524 |", "| 15.324 |"),
    ],
)
def test_one_wrong_number_is_found(name: str, right: str, wrong: str) -> None:
    """Digits that changed places are found by what stands around them."""
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    assert right in text
    assert proof(text.replace(right, wrong, 1)).findings != ()
