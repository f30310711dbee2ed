"""Find what the helpline published of counts before: readers know it, and nothing hides it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from helpline_report.audit.printed_figures import earlier_figures, read_ledger
from helpline_report.disclosure.cells import KnownCount
from helpline_report.disclosure.permission import approved_ledgers
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, is_protected
from helpline_report.figures.register import Register, counts_of
from helpline_report.parameters.project import Project, is_approved


def published_counts(project: Project, register: Register, ledger: Ledger) -> list[KnownCount]:
    """What is known of counts, and which counts were hidden.

    It comes from printed figures, from the ledger of the comparison year, and from every approved
    version of this edition and of that year.

    Raises:
        ParametersError: one of these files can't be read.
    """
    edition = register.edition
    counts: list[KnownCount] = []
    for printed in earlier_figures(project, edition, ledger, edition.language):
        figure = ledger.figures.get(printed.id)
        if figure is not None and printed.edition in ("", edition.edition):
            counts += read_print(figure, printed.value)
    earlier = [] if register.previous is None else [register.previous.released]
    ledgers = [released.ledger for released in earlier if released is not None]
    for name in dict.fromkeys((edition.edition, edition.comparison or edition.edition)):
        paths = sorted(approved_ledgers(project, name).glob("*.json"))
        folder = project.output / name
        paths += [folder / "data" / "ledger.json"] if is_approved(folder) else []
        ledgers += [read_ledger(path, project.root) for path in paths]
    return [*counts, *(each for published in ledgers for each in read_counts(published))]


def read_counts(published: Ledger) -> Iterator[KnownCount]:
    """What a released ledger says of counts, and which of them it hides."""
    for figure in published.figures.values():
        yield from (KnownCount(spec, number, number) for spec, number in counts_of(figure))
        if figure.kind == "count" and is_protected(figure):
            yield KnownCount(figure.population, 0, math.inf)


def read_print(figure: Figure, value: str) -> Iterator[KnownCount]:
    """What a printed number says of the count of a figure.

    A count says itself. A share, a change or a mean says it as closely as its decimals: times what
    it is a share of, changed from, or divided by.
    """
    whole, parts = figure.denominator, figure.exposure
    factors = {
        "count": (0.0, 1.0),
        "share": (0.0, (whole or 0) / 100),
        "change": (whole or 0.0, (whole or 0) / 100),
        "mean": (0.0, parts.of if parts else 0.0),
    }
    start, factor = factors.get(figure.kind, (0.0, 0.0))
    if not factor or figure.numerator is None:
        return
    decimals = len(value.partition(".")[2])
    half = 0 if figure.kind == "count" else 0.5 * 10**-decimals + 1e-9
    low, high = (start + factor * (float(value) + side) for side in (-half, half))
    yield KnownCount(figure.population, math.ceil(low), math.floor(high))
