"""Signing: somebody approves the content of an edition, and its pages say so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from helpline_report.errors import RefusedError, unwritten
from helpline_report.figures.disclosure import require_release
from helpline_report.parameters.earlier_reports import SignOff, signoff_file, signoff_text
from helpline_report.parameters.project import Project
from helpline_report.prepared import check_parameters
from helpline_report.publishing import last_release, publication_of, republish


@dataclass(frozen=True)
class Approval:
    """Who approves, as which status, on which day, and until when nobody makes it public."""

    status: Literal["provisional", "final"]
    name: str
    role: str
    date: dt.date
    embargo: dt.date | None = None


def sign(project: Project, name: str, approval: Approval) -> Path:
    """Keep an approval of the edition as it is, and make its pages again; returns its folder.

    Raises:
        RefusedError: it is a draft that leaves rows out, or its rows are synthetic.
        HelplineError: there is no edition to sign.
    """
    released = last_release(project, name)
    if not released.ledger.may_be_released:
        raise RefusedError(
            f"the edition '{name}' is a draft that leaves rows with faults out: nobody can sign it",
            next_step=f"mend or correct the rows, and build it whole: helpline-report build {name}",
        )
    checked = check_parameters(project, name, released.ledger.overrides)
    require_release(checked.edition)
    if checked.edition.rows == "synthetic":
        raise RefusedError(
            f"the rows of the edition '{name}' are made up: nobody can sign for what they say",
            where=f"params/{name}.yaml",
            next_step="an edition of real rows can be signed",
        )
    content = publication_of(project, checked, released).content
    signed = SignOff(
        status=approval.status,
        name=approval.name,
        role=approval.role,
        date=approval.date,
        embargo=approval.embargo,
        content=content,
    )
    path = signoff_file(project, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(signoff_text(signed), encoding="utf-8", newline="\n")
    except OSError as error:
        shown = path.relative_to(project.root).as_posix()
        raise unwritten(error, shown) from None
    return republish(project, name)
