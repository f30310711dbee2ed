"""What can be wrong with exports: its words, the program's answer, its messages, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, field_validator

from helpline_report.errors import Problem
from helpline_report.parameters.values import Text
from helpline_report.parameters.yaml import Closed, read_yaml

Answer = Literal["refuse", "repair", "accept", "exclude", "acknowledge"]
ODD_YEAR = ("silent_month", "silent_code", "empty_column", "tenfold")


class Message(Closed):
    """How one case of a fault is told; what it leaves out, its fault says for all cases.

    Each is a template: `{fields}` stands for a value that the place where it is found gives.
    """

    says: Text
    expected: str = ""
    step: str = ""


class Fault(Closed):
    """One fault: `nl` and `en` are noun phrases for one case of it, `step` says what to do.

    `messages` are its cases by name; where it has but one, `says` is its message.
    """

    code: str
    answer: tuple[Answer, ...] = Field(min_length=1)
    nl: Text
    en: Text
    step: str = ""
    expected: str = ""
    says: str = ""
    messages: Mapping[str, Message] = Field(default_factory=dict)

    @field_validator("messages", mode="before")
    @classmethod
    def _sentences(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """A message that says nothing of its own but its sentence is written as that."""
        return {
            case: {"says": message} if isinstance(message, str) else message
            for case, message in given.items()
        }

    @property
    def known(self) -> bool:
        """Whether an edition's `acknowledged` may say that it is known."""
        return "acknowledge" in self.answer

    def words(self, language: str) -> str:
        """The words of the fault in `language` (`nl` or `en`)."""
        return self.en if language == "en" else self.nl

    def message(self, case: str) -> Message:
        """The templates of one case, whole."""
        message = self.messages[case] if case else Message(says=self.says)
        return Message(
            says=message.says,
            expected=message.expected or self.expected,
            step=message.step or self.step,
        )


class FaultError(Exception):
    """A file that can't be used as it stands: the code of the fault, its case, what fills it in."""

    def __init__(self, code: str, case: str = "", *, line: int = 0, **values: Any) -> None:
        super().__init__(f"{code} {case}".strip())
        self.code = code
        self.case = case
        self.line = line
        self.values = values


def make_problem(code: str, case: str, values: Mapping[str, object], **place: Any) -> Problem:
    """The problem of a fault: its message filled in; `place` is file, line, column and cell."""
    message = FAULTS[code].message(case)
    return Problem(
        code=code,
        what=message.says.format_map(values),
        expected=message.expected.format_map(values),
        next_step=message.step.format_map(values),
        **place,
    )


def _faults() -> Mapping[str, Fault]:
    with as_file(files(f"{__package__}.catalogue").joinpath("faults.yaml")) as path:
        document = read_yaml(path)
    return MappingProxyType(
        {code: Fault(code=code, **entry) for code, entry in document.data.items()}
    )


FAULTS = _faults()
