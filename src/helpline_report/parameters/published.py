"""Which files hold what was published earlier: those that are named, and last year's ledger."""

from __future__ import annotations

from pathlib import Path

from helpline_report.parameters.approved import approved
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.other_years import OtherYears, read_other_years
from helpline_report.parameters.project import Project


def earlier_files(project: Project, edition: Edition) -> tuple[Path, ...]:
    """The files of `printed`, and the ledger of the comparison year if that was approved.

    A draft is nobody's word: its ledger is taken where the parameters name it, and never by itself.
    """
    named = [project.resolve(path) for path in edition.printed]
    if edition.comparison is None:
        return tuple(named)
    folder = project.output / edition.comparison
    by_itself = folder / "data" / "ledger.json"
    if by_itself.is_file() and by_itself not in named and approved(folder):
        named.append(by_itself)
    return tuple(named)


def comparison_ledger(project: Project, edition: Edition) -> Path | None:
    """The released ledger that stands for the comparison year's rows, if one does.

    Raises:
        ParametersError: its path names a variable that isn't set.
    """
    named = edition.comparison_ledger
    return project.resolve(named) if named is not None else None


def other_years(project: Project, edition: Edition) -> OtherYears | None:
    """The totals of other years that the edition shows, with its breaks; None where it names none.

    Raises:
        ParametersError: their file can't be read.
    """
    if edition.trend is None:
        return None
    path = project.resolve(edition.trend.file)
    inside = path.is_relative_to(project.root)
    shown = path.relative_to(project.root).as_posix() if inside else path.name
    points = read_other_years(path, shown)
    return OtherYears(points=points, breaks=tuple(edition.trend.breaks)) if points else None
