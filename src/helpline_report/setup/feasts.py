"""Public holidays of Belgium, and what is often a closing day beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Feast:
    """A feast: on the same day each year, or so many days from Easter Sunday."""

    nl: str
    en: str
    month: int = 0
    day: int = 0
    from_easter: int | None = None
    public: bool = True

    def on(self, year: int) -> dt.date:
        """The day of the feast in a year."""
        if self.from_easter is not None:
            return easter(year) + dt.timedelta(days=self.from_easter)
        return dt.date(year, self.month, self.day)


FEASTS = (
    Feast("Nieuwjaar", "New Year's Day", 1, 1),
    Feast("Goede Vrijdag", "Good Friday", from_easter=-2, public=False),
    Feast("Paasmaandag", "Easter Monday", from_easter=1),
    Feast("Dag van de Arbeid", "Labour Day", 5, 1),
    Feast("Hemelvaart", "Ascension Day", from_easter=39),
    Feast("Pinkstermaandag", "Whit Monday", from_easter=50),
    Feast("feest van de Vlaamse Gemeenschap", "Flemish Community Day", 7, 11, public=False),
    Feast("nationale feestdag", "National Day", 7, 21),
    Feast("Onze-Lieve-Vrouw-Hemelvaart", "Assumption Day", 8, 15),
    Feast("Allerheiligen", "All Saints' Day", 11, 1),
    Feast("Allerzielen", "All Souls' Day", 11, 2, public=False),
    Feast("Wapenstilstand", "Armistice Day", 11, 11),
    Feast("Kerstmis", "Christmas Day", 12, 25),
    Feast("tweede kerstdag", "Boxing Day", 12, 26, public=False),
)


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, century_rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    quarter, year_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * quarter - epact - year_rest) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


def feasts_on(day: dt.date) -> list[Feast]:
    """The feasts that fall on a day; two may, as Ascension and Labour Day did in 2008."""
    return [feast for feast in FEASTS if feast.on(day.year) == day]
