"""What can be wrong with exports: its words, the program's answer, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from helpline_report.parameters.values import Text
from helpline_report.parameters.yaml import Closed, read_yaml

Answer = Literal["refuse", "repair", "accept", "exclude", "acknowledge"]
ODD_YEAR = ("silent_month", "silent_code", "empty_column", "tenfold")


class Fault(Closed):
    """One fault: `nl` and `en` are noun phrases for one case of it, `step` says what to do."""

    code: str
    answer: tuple[Answer, ...] = Field(min_length=1)
    nl: Text
    en: Text
    step: str = ""

    @property
    def known(self) -> bool:
        """Whether an edition's `acknowledged` may say that it is known."""
        return "acknowledge" in self.answer

    def words(self, language: str) -> str:
        """The words of the fault in `language` (`nl` or `en`)."""
        return self.en if language == "en" else self.nl


def _faults() -> Mapping[str, Fault]:
    with as_file(files(f"{__package__}.catalogue").joinpath("faults.yaml")) as path:
        document = read_yaml(path)
    return MappingProxyType(
        {code: Fault(code=code, **told) for code, told in document.data.items()}
    )


FAULTS = _faults()
