"""Who approved an edition: as which status, on which day, and of which content."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field

from helpline_report.parameters.project import Project
from helpline_report.parameters.values import Text
from helpline_report.parameters.yaml import Closed, read_yaml, validate


class SignOff(Closed):
    """Somebody's approval of one content; another content needs another one.

    `content` is the SHA-256 of everything that the pages are made from, but this approval. Until
    the day of the `embargo`, that day not counted, nobody makes the edition public.
    """

    status: Literal["provisional", "final"]
    name: Text
    role: Text
    date: dt.date
    embargo: dt.date | None = None
    content: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def signoff_file(project: Project, edition: str) -> Path:
    """Where the approval of an edition stands, beside its texts."""
    return project.root / "params" / edition / "sign-off.yaml"


def read_signoff(project: Project, edition: str) -> SignOff | None:
    """The approval of an edition, whichever content it is of; None where nobody approved.

    Raises:
        ParametersError: the file says something else.
    """
    path = signoff_file(project, edition)
    if not path.exists():
        return None
    return validate(SignOff, read_yaml(path, project.root))


def signoff_text(signed: SignOff) -> str:
    """An approval as its file holds it."""
    data = signed.model_dump(mode="python", exclude_none=True)
    head = "# Written by 'helpline-report sign-off'. It holds for this content and for no other.\n"
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
