"""The names that prose may use: the figures of a ledger, and what the parameters say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec, Reason
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.prose.catalogue import LANGUAGES
from helpline_report.prose.numbers import Idiom

ENGLISH_LOCALE = "en_GB"


class Unavailable(Exception):
    """A text names something that has no value in this edition; `reason` says why."""

    def __init__(self, name: str, reason: Reason) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"'{name}' is unavailable: {reason.code}")


@dataclass(frozen=True)
class Names:
    """Where words come from: a ledger, its edition and the one before, code lists, a language."""

    ledger: Ledger
    edition: Edition
    comparison: Edition | None
    codelists: Mapping[str, CodeList]
    language: str = "nl"
    # Of a population all figures of a series tell, each in every table that it stands in.
    populations: dict[tuple[PopulationSpec, bool], str] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise ProseError(f"there is no language '{self.language}'; there are: {known}")

    @cached_property
    def idiom(self) -> Idiom:
        """The language, and the locale in which it writes numbers."""
        locale = self.edition.locale if self.language == "nl" else ENGLISH_LOCALE
        return Idiom(self.language, locale)

    def figure(self, figure: Figure | str) -> Figure:
        """A figure by its id (a figure is itself).

        Raises:
            ProseError: the ledger has none of that name.
        """
        if isinstance(figure, Figure):
            return figure
        found = self.ledger.figures.get(figure)
        if found is None:
            close = nearest(figure, list(self.ledger.figures))
            raise ProseError(f"there is no figure '{figure}'{close}")
        return found

    def check_said(self, name: str) -> None:
        """Whether `name` is of a code that the sources can't say, so that its series lacks it.

        A text may then name it as any other; what it isn't, is misspelt.

        Raises:
            Unavailable: it is.
        """
        for series in self.ledger.series.values():
            codelist = self.codelists.get(series.by)
            code = name.removeprefix(f"{series.id}.")
            if codelist is None or code == name or code not in codelist.by_code:
                continue
            asked = series.population.condition(series.by)
            if asked is None or code in asked.codes:
                raise Unavailable(name, Reason(code="not_registered", about=series.by))

    def previous(self, name: str) -> Edition:
        """The edition that this one is compared with, for what `name` says of it.

        Raises:
            Unavailable: there is none.
        """
        if self.comparison is None:
            raise Unavailable(name, Reason(code="no_comparison"))
        return self.comparison
