"""Read and write numbers as the language of an edition does.

What reads an edition back shares nothing with what wrote it: so numbers are rounded and grouped
here a second time.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_decimal_symbol, get_group_symbol

NUMERAL = re.compile(r"(?:(?<!\w)[-−+])?\d[\d.,]*(?<=\d)")
DIGIT = re.compile(r"\d")
SIGNS = "-−+"


def list_numerals(*texts: str) -> set[str]:
    """The numbers that texts write in digits, without their signs and without zeros in front."""
    numerals = set()
    for numeral in NUMERAL.findall(" ".join(texts)):
        size = numeral.lstrip(SIGNS)
        numerals.add(size.lstrip("0") or "0" if size.isdigit() else size)
    return numerals


def round_half_up(value: float, decimals: int) -> Decimal:
    """A number rounded by its certain digits: 1.005 is 1.01."""
    return Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


class NumeralStyle:
    """How a language or a locale writes numbers: `1.234,5` in Dutch, `1,234.5` in English."""

    def __init__(self, locale: str) -> None:
        self.thousands, self.mark = get_group_symbol(locale), get_decimal_symbol(locale)

    def write(self, value: float, decimals: int) -> str:
        """The size of a number, rounded half up; its sign is left out."""
        whole, _, fraction = f"{abs(round_half_up(value, decimals)):,}".partition(".")
        return whole.replace(",", self.thousands) + (self.mark + fraction if fraction else "")

    def read(self, numeral: str) -> float:
        """The number that a numeral writes; NaN if it has two marks of decimals."""
        digits = numeral.replace(self.thousands, "").replace(self.mark, ".").replace("−", "-")
        return float(digits) if digits.count(".") <= 1 else float("nan")

    def count_decimals(self, numeral: str) -> int:
        """How many decimals a numeral has."""
        return len(numeral.partition(self.mark)[2])

    def writes(
        self, numeral: str, value: float, *, in_prose: bool = False, signed: bool = False
    ) -> bool:
        """Whether a numeral writes a value; in prose its sign may be missing.

        Elsewhere a negative value has its minus and, if it is `signed`, a positive one its plus.
        """
        size, decimals = numeral.lstrip(SIGNS), self.count_decimals(numeral)
        is_zero = round_half_up(value, decimals) == 0
        if size != self.write(value, decimals):
            # Prose says 'less than 0.1' of what would be written as 0.
            smallest = self.write(10**-decimals, decimals)
            if not (in_prose and is_zero and value != 0 and size == smallest):
                return False
        if size != numeral:
            return (numeral[0] == "+") == (value > 0) or is_zero
        return in_prose or is_zero or (value >= 0 and not signed)
