"""The kinds of values that parameters are made of: names, texts, translations, periods."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from helpline_report.parameters.marked import unmarked
from helpline_report.parameters.unseen import one_line, seen
from helpline_report.parameters.yaml import Closed

ID_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
Identifier = Annotated[str, Field(pattern=ID_PATTERN)]


def as_text(value: object) -> object:
    """A telephone number or a year typed without quotes is text all the same."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(as_text), AfterValidator(seen), Field(min_length=1)]
Label = Annotated[str, BeforeValidator(as_text), AfterValidator(one_line), Field(min_length=1)]


class Translated(Closed):
    """A text in the languages of the report."""

    nl: Text
    en: Text

    def in_language(self, language: str) -> str:
        """The text in `language` (`nl` or `en`), as readers get it."""
        return unmarked(self.given(language))

    def given(self, language: str) -> str:
        """The text as it was given, with the marks of the sources that its words stand on."""
        return self.en if language == "en" else self.nl


class Period(Closed):
    """A first and a last day, both counted."""

    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("the end is before the start")
        return self

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.end - self.start).days + 1

    def each_day(self) -> Iterator[dt.date]:
        """Every day, in order."""
        return (self.start + dt.timedelta(days=offset) for offset in range(self.days))

    def holds(self, day: dt.date) -> bool:
        """Whether `day` lies in the period."""
        return self.start <= day <= self.end

    def within(self, other: Period) -> bool:
        """Whether the whole period lies in `other`."""
        return other.start <= self.start and self.end <= other.end


def is_identifier(text: str) -> bool:
    """Whether `text` can name an edition, a layout or a campaign."""
    return re.fullmatch(ID_PATTERN, text) is not None
