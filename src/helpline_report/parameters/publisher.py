"""The helpline and the publisher in the parameters: who answers for an edition, and how far."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from helpline_report.parameters.values import Address, Identifier, Text, Translated
from helpline_report.parameters.yaml import Closed


class Helpline(Closed):
    """The helpline whose report this is."""

    name: Text
    full_name: Translated
    website: Text
    lines: list[Identifier] = []


Email = Annotated[str, Field(pattern=r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$")]


class Accessibility(Closed):
    """What the accessibility statement says: how far, how tested, known limits, whom to ask.

    `conformity` is the statement's own word for EN 301 549: `full`, `partial` or `none`.
    `enforcement` says where somebody can complain whose question wasn't answered well.
    """

    conformity: Literal["full", "partial", "none"]
    prepared_on: dt.date
    tested: Translated
    limits: list[Translated] = []
    email: Email | None = None
    phone: Text | None = None
    enforcement: Translated | None = None


class Publisher(Closed):
    """Who answers for the edition, how to reach them, and under which licence it is published.

    `licence` is an SPDX identifier, such as `CC-BY-4.0`; `licence_url` its text, where it has none.
    `url` is the address at which the folder of the edition is published, and `spatial` the area
    that the figures are about, as the address of a term.
    """

    name: Translated
    licence: Text
    licence_url: Address | None = None
    responsible: Text | None = None
    role: Translated | None = None
    address: Text | None = None
    email: Email | None = None
    phone: Text | None = None
    url: Address | None = None
    spatial: Address | None = None
    published_on: dt.date | None = None
    accessibility: Accessibility | None = None

    @property
    def root(self) -> str | None:
        """The address of the edition's folder, ending in a slash; None where nobody says it."""
        return f"{self.url.rstrip('/')}/" if self.url else None

    def lacking(self) -> tuple[str, ...]:
        """What an edition about real people needs to say, and this one doesn't."""
        due = {
            "'responsible'": self.responsible,
            "'address' or 'email'": self.address or self.email,
            "'accessibility'": self.accessibility,
        }
        return tuple(name for name, value in due.items() if not value)
