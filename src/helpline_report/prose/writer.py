"""The writer: everything a page needs in words, in one language of one edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Crosstab, Figure, PopulationSpec, Reason, Series
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period
from helpline_report.prose import (
    captions,
    dates,
    definitions,
    labels,
    populations,
    reasons,
    words,
)
from helpline_report.prose.names import Names
from helpline_report.prose.place import Place
from helpline_report.prose.resolve import Resolved, resolve_text


class Writer:
    """Writes the figures of a ledger in one language.

    Every method is pure: the same ledger, parameters and code lists give the same words. Where a
    method takes a figure it takes the figure or its id.
    """

    def __init__(
        self,
        ledger: Ledger,
        edition: Edition,
        comparison: Edition | None,
        codelists: Mapping[str, CodeList],
        language: str = "nl",
    ) -> None:
        self.names = Names(ledger, edition, comparison, codelists, language)

    def markdown(self, text: str, where: Place) -> Resolved:
        """A text in Markdown, parsed, checked for typed findings, and with its figures filled in.

        `Resolved` holds `nodes` (for `render_html.html` and `render_typst.typst`), `exemptions`
        (what is marked with a source, for the auditor) and `dropped` (blocks left out because a
        figure in them is unavailable or suppressed; a Note stands in their place).

        Raises:
            TextError: a `ProseError` with every complaint: typed numerals and findings, unknown
                names and forms, forms that don't fit, Markdown that isn't allowed.
        """
        return resolve_text(text, where, self.names)

    def value(self, figure: Figure | str, form: str | None = None) -> str:
        """A figure in words, by a form of `words.FORMS`; without one, the natural way by its unit.

        Raises:
            Unavailable: the figure is unavailable or suppressed; its `reason` says why.
            ProseError: there is no such figure or form, or the form doesn't fit the unit.
        """
        return words.figure_words(self.names, self.names.figure(figure), form)

    def shown(self, figure: Figure | str, form: str | None = None) -> str:
        """As `value`, for a cell of a table: where there is no value, a few words that say why."""
        found = self.names.figure(figure)
        if found.reason is not None:
            return reasons.short(self.names, found.reason)
        return words.figure_words(self.names, found, form)

    def definition(self, figure: Figure | str) -> str:
        """What a figure is, in one phrase: 'contactnames via telefoon in 2017'."""
        return definitions.definition(self.names, self.names.figure(figure))

    def population(self, spec: PopulationSpec, *, period: bool = True) -> str:
        """What a population counts, with its conditions, and its period unless told otherwise."""
        return populations.population(self.names, spec, period=period)

    def noun(self, spec: PopulationSpec, *, one: bool = False) -> str:
        """The noun of a population: 'contactnames', or 'contactname'."""
        return labels.noun(self.names, spec.noun, one=one)

    def joined(self, parts: Sequence[str]) -> str:
        """Words as a list in a sentence: 'a, b en c'."""
        return self.names.idiom.words.join(list(parts))

    def caption(self, shown: Series | Crosstab) -> str:
        """The caption of a series or cross-table: 'Contactnames per maand'."""
        return captions.caption(self.names, shown)

    def subtitle(self, shown: Series | Crosstab) -> str:
        """What a chart shows, its unit, and its period: 'aantal contactnames, 2017'."""
        return captions.subtitle(self.names, shown)

    def field(self, field: str) -> str:
        """The name of a field: 'kanaal'."""
        return labels.field_name(self.names, field)

    def label(self, field: str, code: str) -> str:
        """The label of a code of a field: 'telefoon'; of derived fields too ('juni', 'maandag')."""
        return labels.code_label(self.names, field, code)

    def period(self, period: Period) -> str:
        """A period: '2017', or 'van 1 juli tot en met 31 december 2016'."""
        return dates.period_words(self.names.idiom, period)

    def reason(self, reason: Reason) -> str:
        """Why something is missing, in a clause: 'de bron registreert geen kanaal'."""
        return reasons.clause(self.names, reason)

    def note(self, reason: Reason) -> str:
        """The line that stands for what is left out: 'Niet in dit verslag: …'."""
        return reasons.note(self.names, reason)

    def break_note(self, identifier: str) -> str:
        """The note of a declared break, of this edition or of the one it is compared with."""
        return reasons.break_note(self.names, identifier)
