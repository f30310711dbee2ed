"""Find which counts the helpline published before: readers know them, and nothing hides them."""

from __future__ import annotations

from collections.abc import Mapping

from helpline_report.audit.printed_figures import earlier_figures, read_ledger
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Key, key_of
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project, is_approved


def published_counts(project: Project, register: Register, ledger: Ledger) -> Mapping[Key, int]:
    """The counts that were published before, by what they count.

    They come from printed figures that the parameters name, from the ledger of the comparison year,
    and from an approved version of this edition that stands.

    Raises:
        ParametersError: one of these files can't be read.
    """
    edition = register.edition
    counts: dict[Key, int] = {}
    for printed in earlier_figures(project, edition, ledger):
        figure = ledger.figures.get(printed.id)
        own_year = printed.edition in ("", edition.edition)
        if own_year and figure and figure.kind == "count" and printed.value.isdecimal():
            counts[key_of(figure.population)] = int(printed.value)
    earlier = [] if register.previous is None else [register.previous.released]
    ledgers = [released.ledger for released in earlier if released is not None]
    for name in {edition.edition, edition.comparison or edition.edition}:
        folder = project.output / name
        if is_approved(folder):
            ledgers.append(read_ledger(folder / "data" / "ledger.json", project.root))
    for published in ledgers:
        for figure in published.figures.values():
            if figure.kind == "count" and figure.status == "ok":
                counts[key_of(figure.population)] = int(figure.number)
    return counts
