"""Which figures were published earlier: printed reports, and the ledgers of released editions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from helpline_report.audit.read_printed import read_printed
from helpline_report.errors import ParametersError, to_read
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure
from helpline_report.figures.printed import Exports, PrintedFigure
from helpline_report.figures.same import Key, key_of
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.published import earlier_files
from helpline_report.prose.numbers import raw

# What a figure of its own year says; a change says something of two years.
KINDS = ("count", "share", "mean", "maximum", "top", "rank")


def earlier_figures(
    project: Project, edition: Edition, ledger: Ledger
) -> tuple[PrintedFigure, ...]:
    """All figures that were published earlier and that this edition is held against.

    Raises:
        ParametersError: a file can't be read as printed figures, or as a released ledger.
    """
    found: list[PrintedFigure] = []
    for path in earlier_files(project, edition):
        if path.suffix == ".json":
            released = read_released(path, project)
            title = _title(project, released.edition, edition)
            found += released_figures(released, ledger, title)
        else:
            found += read_printed(path, project.root)
    return tuple(found)


def read_released(path: Path, project: Project) -> Ledger:
    """The released ledger of an edition.

    Raises:
        ParametersError: it can't be read, or it is no ledger of this version.
    """
    inside = path.is_relative_to(project.root)
    shown = path.relative_to(project.root).as_posix() if inside else path.name
    try:
        return Ledger.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ParametersError(
            f"can't be read ({error.strerror})", where=shown, next_step=to_read(error)
        ) from None
    except ValidationError:
        raise ParametersError(
            "is no released ledger of this version",
            where=shown,
            next_step="name the data/ledger.json of an edition, or a CSV file of printed figures",
        ) from None


def _title(project: Project, name: str, edition: Edition) -> str:
    """What the readers of an edition know it by."""
    if name not in project.editions():
        return name
    return project.edition(name).title.in_language(edition.language)


def released_figures(released: Ledger, ledger: Ledger, source: str) -> Iterator[PrintedFigure]:
    """What a released edition said of its own year, as far as this one counts the same again."""
    again = {_key(figure): figure for figure in reversed(ledger.figures.values())}
    exports = _exports(released, ledger)
    origins = released.origins()
    for said in released.figures.values():
        mine = again.get(_key(said))
        if mine is None or said.value is None or said.population.edition != released.edition:
            continue
        noun = said.of.noun if said.kind == "share" and said.of else said.population.noun
        called = noun.replace("_", " ")
        value = raw(said.value)
        yield PrintedFigure(
            id=mine.id,
            section=origins.get(said.id, ("ledger", ""))[0],
            printed=value.replace(".", ",") if said.unit != "label" else value,
            value=value,
            unit=said.unit,
            population=called,
            claimed=called,
            source=source,
            edition=released.edition,
            exports=exports,
            released=True,
        )


def _exports(released: Ledger, ledger: Ledger) -> Exports:
    """Whether the exports of that year are still those that the released edition was made of."""
    then, now = (
        {(item.file, item.sha256) for item in each.sources if item.edition == released.edition}
        for each in (released, ledger)
    )
    if not then or not now:
        return "unknown"
    return "same" if then == now else "changed"


def _key(figure: Figure) -> Key:
    """What a figure says and of what, whatever it is called; only of kinds of one year."""
    if figure.kind not in KINDS:
        return (figure.id,)
    ranked = figure.kind in ("top", "rank", "maximum")
    return (
        figure.kind,
        key_of(figure.population),
        key_of(figure.of) if figure.of is not None else None,
        figure.by if ranked else (),
        figure.code if figure.kind == "rank" else None,
        (figure.place, figure.lowest, figure.among),
        figure.exposure.unit if figure.exposure else "",
    )
