"""Today's help numbers: read, dialled, and refused by an approval that nobody checked them for."""

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from helpline_report.errors import ParametersError, RefusedError
from helpline_report.parameters.help_numbers import (
    HelpNumber,
    HelpNumbers,
    read_help_numbers,
    refuse_unchecked,
)

WHO = {"nl": "Bel", "en": "Call"}
DAY = dt.date(2018, 3, 1)


def test_a_link_has_the_digits_of_a_number_alone() -> None:
    """A number without what people put between its digits, an address as people say it."""
    number = HelpNumber.model_validate(
        {"who": WHO, "phone": "+32 2 123.45.67", "address": "https://www.1712.be/"}
    )
    assert (number.dialled, number.site) == ("+3221234567", "www.1712.be")


def test_each_help_file_begins_with_a_number(repository: Path) -> None:
    """Each begins with a number to call, and so does the example of docs/new-helpline.md."""
    for name in ("1712", "linea144"):
        assert read_help_numbers(name, repository).numbers[0].dialled
    text = (repository / "docs" / "new-helpline.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(checked_on.*?)```", text, flags=re.DOTALL)
    assert HelpNumbers.model_validate(yaml.safe_load(example)).numbers[0].dialled


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ParametersError, match=r"no help numbers 'x'") as error:
        read_help_numbers("x", tmp_path)
    assert "params/help/x.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("checked", "message"),
    [
        (DAY - dt.timedelta(days=90), ""),
        (DAY + dt.timedelta(days=5), ""),
        (DAY - dt.timedelta(days=91), "were checked on 2017-11-30, 91 days before"),
        (None, "nobody has checked the help numbers yet"),
    ],
)
def test_an_approval_asks_for_a_check(checked: dt.date | None, message: str) -> None:
    """Within 90 days before it; else it says how long ago, and what to do."""
    numbers = HelpNumbers.model_validate(
        {"checked_on": checked, "numbers": [{"who": WHO, "phone": "1712"}]}
    )
    if not message:
        refuse_unchecked(numbers, "1712", "2017", DAY)
        return
    with pytest.raises(RefusedError, match=message) as error:
        refuse_unchecked(numbers, "1712", "2017", DAY)
    assert "params/help/1712.yaml" in str(error.value)
    assert "call each number" in str(error.value)


def test_an_edition_without_numbers_is_not_approved() -> None:
    with pytest.raises(RefusedError, match="the edition has no help numbers"):
        refuse_unchecked(HelpNumbers(checked_on=DAY), None, "2017", DAY)
