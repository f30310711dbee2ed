"""What a released ledger says of its year: counts to compare with when the rows are gone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from helpline_report.errors import ParametersError, to_read
from helpline_report.figures.ledger import Ledger, SourceFile
from helpline_report.figures.model import Figure, Interval, Key, PopulationSpec, Reason, key_of
from helpline_report.parameters.layouts import ledger_name

NOT_RELEASED = Reason(code="not_released")
# The figures whose numerator is the count of their population.
COUNTING = ("count", "share", "mean", "change", "rate_ratio")


@dataclass(frozen=True, eq=False)
class Released:
    """The ledger of another edition: nothing is counted anew, and what it lacks isn't known."""

    ledger: Ledger
    file: str
    sha256: str

    @property
    def source(self) -> SourceFile:
        """The ledger as a source of the figures that were taken from it; it holds no rows."""
        return SourceFile(
            edition=self.ledger.edition,
            file=self.file,
            sha256=self.sha256,
            table="ledger",
            rows=0,
        )

    def gives(self, table: str, field: str) -> bool:
        """Whether the rows of that year had the field, in the table or in one above it."""
        above = {"persons": ("contacts",), "followups": ("persons", "contacts")}.get(table, ())
        fields = {name for each in (table, *above) for name in self.ledger.fields.get(each, ())}
        return field in fields

    def size(self, spec: PopulationSpec) -> tuple[int, Reason | None]:
        """How many the ledger says a population holds, or why it doesn't say so."""
        key = key_of(spec)
        if key in self._numbers:
            return self._numbers[key], None
        return 0, self._reasons.get(key, NOT_RELEASED)

    def breakdown(self, spec: PopulationSpec, by: str) -> tuple[dict[str, int], Reason | None]:
        """The counts by code of a series of this population, or why there are none."""
        members = self._breakdowns.get((key_of(spec), by), ())
        if not members:
            return {}, NOT_RELEASED
        without = next((figure.reason for _, figure in members if figure.status != "ok"), None)
        if without is not None:
            return {}, without
        return {code: int(figure.numerator or 0) for code, figure in members}, None

    def share_interval(self, part: PopulationSpec, whole: PopulationSpec) -> Interval | None:
        """The interval of the same share; one of clustered rows can't be made from counts."""
        return self._shares.get((key_of(part), key_of(whole)))

    def maximum(self, spec: PopulationSpec, by: tuple[str, ...]) -> Figure | None:
        """The same maximum, if the ledger has it."""
        return self._maxima.get((key_of(spec), by))

    @cached_property
    def _own(self) -> tuple[Figure, ...]:
        """The figures that have a value and are of this ledger's own year."""
        figures = self.ledger.figures.values()
        return tuple(figure for figure in figures if figure.status == "ok")

    @cached_property
    def _numbers(self) -> dict[Key, int]:
        numbers: dict[Key, int] = {}
        for figure in self._own:
            for spec, number in counts_of(figure):
                if spec.edition == self.ledger.edition:
                    numbers.setdefault(key_of(spec), int(number))
        return numbers

    @cached_property
    def _reasons(self) -> dict[Key, Reason]:
        """Why that year's own edition couldn't count a population."""
        return {
            key_of(figure.population): figure.reason
            for figure in self.ledger.figures.values()
            if figure.kind == "count" and figure.reason is not None
        }

    @cached_property
    def _breakdowns(self) -> dict[tuple[Key, str], tuple[tuple[str, Figure], ...]]:
        """The members of each series that counts rows, by what is broken down and by which field.

        A share stands for a count, as its numerator; the series of counts goes first.
        """
        breakdowns: dict[tuple[Key, str], tuple[tuple[str, Figure], ...]] = {}
        for series in sorted(self.ledger.series.values(), key=lambda item: item.kind != "count"):
            if series.kind in ("count", "share"):
                members = tuple((m.code, self.ledger.figures[m.figure]) for m in series.members)
                breakdowns.setdefault((key_of(series.population), series.by), members)
        return breakdowns

    @cached_property
    def _shares(self) -> dict[tuple[Key, Key], Interval | None]:
        return {
            (key_of(figure.population), key_of(figure.of)): figure.interval
            for figure in self._own
            if figure.kind == "share" and figure.of is not None
        }

    @cached_property
    def _maxima(self) -> dict[tuple[Key, tuple[str, ...]], Figure]:
        return {
            (key_of(figure.population), figure.by): figure
            for figure in self._own
            if figure.kind == "maximum"
        }


def counts_of(figure: Figure) -> Iterator[tuple[PopulationSpec, float]]:
    """The populations of a figure whose count it says, and that count."""
    # A mean by months adds up what was counted of each: users of two months may be one.
    of_months = figure.kind == "mean" and figure.by
    if figure.kind in COUNTING and not of_months and figure.numerator is not None:
        yield figure.population, figure.numerator
    if figure.kind in ("share", "change") and figure.of and figure.denominator is not None:
        yield figure.of, figure.denominator


def read_released(path: Path, shown: str, edition: str) -> Released:
    """Read the released ledger of an edition; `shown` is its name in messages.

    Raises:
        ParametersError: there is none, it can't be read, is of another edition, or is a draft.
    """
    step = "name the data/ledger.json of the published edition under 'comparison_ledger'"
    try:
        data = path.read_bytes()
        ledger = Ledger.model_validate_json(data)
    except (FileNotFoundError, NotADirectoryError):
        raise ParametersError("there is no such ledger", where=shown, next_step=step) from None
    except OSError as error:
        what = f"the ledger can't be read ({error.strerror})"
        raise ParametersError(what, where=shown, next_step=to_read(error)) from None
    except ValidationError:
        what = "is no ledger of this version"
        raise ParametersError(what, where=shown, next_step=step) from None
    if ledger.edition != edition:
        what = f"this is the ledger of '{ledger.edition}', and '{edition}' is compared with"
        raise ParametersError(what, where=shown, next_step=step)
    if not ledger.may_be_released:
        what = "this is the ledger of a draft: nobody may compare with it"
        raise ParametersError(what, where=shown, next_step=step)
    return Released(ledger, ledger_name(edition), hashlib.sha256(data).hexdigest())
