"""Find which counts the helpline published before: readers know them, and nothing hides them."""

from __future__ import annotations

from collections.abc import Mapping

from helpline_report.audit.printed_figures import earlier_figures, read_ledger
from helpline_report.disclosure.permission import approved_ledgers
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Key, PopulationSpec, key_of
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project, is_approved


def published_counts(
    project: Project, register: Register, ledger: Ledger
) -> Mapping[Key, PopulationSpec]:
    """The populations whose counts were published before, by what they count.

    They come from printed figures that are what is counted now, from the ledger of the comparison
    year, and from every approved version of this edition and of that year.

    Raises:
        ParametersError: one of these files can't be read.
    """
    edition = register.edition
    counts: dict[Key, PopulationSpec] = {}
    for printed in earlier_figures(project, edition, ledger, edition.language):
        figure = ledger.figures.get(printed.id)
        own_year = printed.edition in ("", edition.edition)
        if own_year and figure and figure.kind == "count" and printed.value == str(figure.value):
            counts[key_of(figure.population)] = figure.population
    earlier = [] if register.previous is None else [register.previous.released]
    ledgers = [released.ledger for released in earlier if released is not None]
    for name in dict.fromkeys((edition.edition, edition.comparison or edition.edition)):
        paths = sorted(approved_ledgers(project, name).glob("*.json"))
        folder = project.output / name
        paths += [folder / "data" / "ledger.json"] if is_approved(folder) else []
        ledgers += [read_ledger(path, project.root) for path in paths]
    for published in ledgers:
        for figure in published.figures.values():
            if figure.kind == "count" and figure.status == "ok":
                counts[key_of(figure.population)] = figure.population
    return counts
