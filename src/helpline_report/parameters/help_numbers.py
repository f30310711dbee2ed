"""Where somebody finds help today: numbers, hours and addresses, read apart from any year."""

import datetime as dt
from pathlib import Path

from pydantic import Field

from helpline_report.errors import ParametersError, RefusedError
from helpline_report.parameters.values import Address, Text, Translated
from helpline_report.parameters.yaml import Closed, make_error, read_yaml, validate

FOLDER = "params/help"
# At most so many days before an approval the numbers were checked.
MOST_DAYS = 90


class HelpNumber(Closed):
    """A number to call or an address to open: for whom or when it is, and when it answers."""

    who: Translated
    phone: Text | None = None
    address: Address | None = None
    about: Translated | None = None

    @property
    def dialled(self) -> str:
        """The number as a phone dials it: `0800 30 030` without its spaces."""
        return "".join(c for c in self.phone or "" if c.isdigit() or c == "+")

    @property
    def site(self) -> str:
        """The address as people say it: `www.1712.be`."""
        return (self.address or "").partition("://")[2].rstrip("/")


class HelpNumbers(Closed):
    """The numbers of a helpline, the first its own, and the day on which somebody checked them.

    `leave` is the page that 'Leave this page' leads to: one that many people have open.
    """

    checked_on: dt.date | None = None
    leave: Address = "https://www.wikipedia.org/"
    numbers: list[HelpNumber] = Field(default=[], max_length=8)


def name_help_file(name: str) -> str:
    """Where the numbers of a helpline stand in a project."""
    return f"{FOLDER}/{name}.yaml"


def read_help_numbers(name: str | None, root: Path) -> HelpNumbers:
    """The numbers that an edition names; none where it names no file.

    Raises:
        ParametersError: there is no such file, or it isn't as it should be.
    """
    if name is None:
        return HelpNumbers()
    path = root / name_help_file(name)
    if not path.is_file():
        raise make_error(ParametersError, "no_help_numbers", name_help_file(name), name=name)
    return validate(HelpNumbers, read_yaml(path, root))


def refuse_unchecked(numbers: HelpNumbers, name: str | None, edition: str, day: dt.date) -> None:
    """Refuse an approval on `day` of help numbers that nobody checked for a while.

    Raises:
        RefusedError: the edition names none, or they were checked over 90 days before.
    """
    checked = numbers.checked_on
    age = (day - checked).days if checked else 0
    if numbers.numbers and checked and age <= MOST_DAYS:
        return
    what = "nobody has checked the help numbers yet"
    if not numbers.numbers:
        what = "the edition has no help numbers"
    elif checked:
        what = f"the help numbers were checked on {checked}, {age} days before"
    where = f"params/{edition}.yaml, key 'help'" if name is None else name_help_file(name)
    raise make_error(RefusedError, "unchecked_numbers", where, what=what, days=MOST_DAYS)
