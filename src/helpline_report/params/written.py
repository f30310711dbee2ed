"""How a source writes names of fields, dates and numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from helpline_report.params.yaml import Closed

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
DateFormat = Annotated[str, Field(pattern=r"^(dd?|mm?|yyyy|yy)([-/.]?(dd?|mm?|yyyy|yy)){0,2}$")]


class Numbers(Closed):
    """How whole numbers are grouped and where decimals begin."""

    thousands: Literal[".", ",", " ", "'"]
    decimal: Literal[",", "."]
