"""The kinds of values that parameters are made of: names, texts, numbers, periods."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue

from helpline_report.parameters.yaml import CheckedModel, Closed, match_pattern

# Controls that are no kind of space, and the marks of direction of Unicode (UAX 9).
UNSEEN = (
    *(*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)),
    *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
)
_NONE = dict.fromkeys(UNSEEN)
# What ends a line or moves on in one; other spaces, such as the one that doesn't break, are kept.
_BLANKS = re.compile("[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# A line that ends, with the spaces around.
_BREAKS = re.compile("[ \t]*[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
# Categories of letters that nobody sees: spaces, controls, joiners.
_BLANK_KINDS = {"Zs", "Zl", "Zp", "Cc", "Cf"}


def remove_unseen(text: str) -> str:
    """`text` without the characters that nobody sees."""
    return text.translate(_NONE)


def one_line(text: str) -> str:
    """What is seen of `text`, in one line."""
    return _BLANKS.sub(" ", remove_unseen(text)).strip(" ")


def without_breaks(text: str) -> str:
    """What is seen of `text` with a space for the end of a line, and none behind the last one."""
    return _BREAKS.sub(" ", remove_unseen(text)).rstrip(" ")


def refuse_blank(text: str) -> str:
    """The text, if there is something to see."""
    if is_blank(text):
        raise ValueError("says nothing; write the words that should stand here")
    return text


def is_blank(text: str) -> bool:
    """Whether nobody sees anything of a text."""
    return all(unicodedata.category(letter) in _BLANK_KINDS for letter in text)


Number = int | float | Decimal

# A double holds fifteen decimal digits for certain. What lies behind them is noise of the division
# (0.285 × 100 is 28.499999999999996) and may not decide how a half is rounded.
CERTAIN_DIGITS = 15


def exact(value: Number) -> Decimal:
    """A number as a decimal, a float without the noise behind its certain digits."""
    return Decimal(f"{value:.{CERTAIN_DIGITS}g}" if isinstance(value, float) else value)


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """A number rounded half up, away from zero: 2.5 to 3, and -2.5 to -3."""
    return exact(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


SOURCES = ("bron:", "source:")
_HEAD = "|".join(map(re.escape, SOURCES))
_MARK = re.compile(
    r"\[(?P<words>[^\[\]]+)\]"
    rf"\((?:<(?:{_HEAD})(?P<wide>[^<>]*)>|(?:{_HEAD})(?P<narrow>[^\s()<>]*))\)"
)
_HALF = re.compile(rf"\]\s*\(\s*<?\s*(?:{_HEAD})", re.IGNORECASE)


def split_marks(text: str) -> Iterator[tuple[str, str | None]]:
    """The pieces of a text in order, each with its source; None where none is marked."""
    end = 0
    for match in _MARK.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], None
        yield match["words"], (match["wide"] or match["narrow"] or "").strip()
        end = match.end()
    if end < len(text):
        yield text[end:], None


def remove_marks(text: str) -> str:
    """The text as readers get it: without the marks."""
    return "".join(words for words, _ in split_marks(text))


def has_broken_mark(text: str) -> bool:
    """Whether a mark names no source, or something that begins like a mark is none."""
    return any(
        _HALF.search(words) is not None if source is None else not source
        for words, source in split_marks(text)
    )


ID_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
Identifier = Annotated[str, match_pattern(ID_PATTERN, "my_name")]
# The same characters in another order: an example goes with its pattern.
EditionPattern = match_pattern(r"^[0-9a-z][0-9a-z_-]*$", "my-line-2017")


def as_text(value: object) -> object:
    """A whole number as text: a telephone number or a year may be typed without quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Seen = Annotated[str, BeforeValidator(as_text), Field(min_length=1)]
Text = Annotated[_Seen, AfterValidator(without_breaks), AfterValidator(refuse_blank)]
Label = Annotated[_Seen, AfterValidator(one_line), AfterValidator(refuse_blank)]
# Codes of a field: one alone may stand without brackets.
Codes = Annotated[
    list[str],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value, str | list[str]),
]

Address = Annotated[str, match_pattern(r"^https?://[^\s<>\"']+$", "https://www.example.org/")]
Email = Annotated[str, match_pattern(r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$", "info@example.org")]


# The languages in which a report can be made: the words of each stand in catalogues.
Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Translated(Closed):
    """A text in the languages of the report; a plain text stands for each of them."""

    nl: Text
    en: Text

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        text = as_text(data)
        return dict.fromkeys(LANGUAGES, text) if isinstance(text, str) else data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: Any, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "minLength": 1}, handler(core_schema)]}

    def in_language(self, language: str) -> str:
        """The text in `language` (`nl` or `en`), as readers get it."""
        return remove_marks(self.with_marks(language))

    def with_marks(self, language: str) -> str:
        """The text as it was given, with the marks of the sources that its words stand on."""
        return self.en if language == "en" else self.nl


class Period(CheckedModel):
    """A first and a last day, both counted."""

    start: dt.date
    end: dt.date

    def _complaints(self) -> Iterator[str]:
        if self.end < self.start:
            yield "the end is before the start"

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> int:
        """The calendar months that it touches."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def month_code(self, day: dt.date) -> str:
        """The month of a day as a code: `03`; where a month of the year comes twice, `2017-03`."""
        return f"{day:%Y-%m}" if self.repeats_months else f"{day:%m}"

    @property
    def is_calendar_year(self) -> bool:
        """Whether it is one calendar year."""
        year = self.start.year
        return (self.start, self.end) == (dt.date(year, 1, 1), dt.date(year, 12, 31))

    @property
    def repeats_months(self) -> bool:
        """Whether a month of the year comes twice."""
        return self.months > 12  # noqa: PLR2004 - the months of a year

    def month_codes(self) -> list[str]:
        """The codes of its months in the order of time."""
        return list(dict.fromkeys(map(self.month_code, self.each_day())))

    def years_to(self, other: Period) -> int:
        """How many years later another period lies (`-1`: a year before), by their middles."""
        days = (other.start - self.start).days + (other.end - self.end).days
        return round(days / 2 / 365.25) or -1

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
