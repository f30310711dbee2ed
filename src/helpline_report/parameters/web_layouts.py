"""Layouts of web analytics by what is wanted of them, whatever files the service wrote it in."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from helpline_report.errors import nearest
from helpline_report.parameters.service import service
from helpline_report.parameters.values import Text
from helpline_report.parameters.written import FieldName
from helpline_report.parameters.yaml import Closed

MeasureName = Literal["users", "page_views", "sessions"]
TRAFFIC_DIMENSIONS = ("site", "device", "traffic_channel", "referrer", "user_gender")
UserMetric = Literal["users", "active_users", "total_users"]


class WantedDimension(Closed):
    """A field of traffic: the service's dimensions that give it, and the code of each label."""

    dimensions: list[str] = Field(min_length=1, alias="from")
    codes: dict[str, str] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = service().dimensions
        for name in self.dimensions:
            if name not in known:
                raise ValueError(f"the service has no dimension '{name}'{nearest(name, [*known])}")
            if known[name].grain is not None or known[name].range or known[name].personal:
                raise ValueError(f"the dimension '{name}' is no field of visits")
        return self


class WebFolder(Closed):
    """A folder of web analytics exports: what is wanted of them, not how they are written.

    `users` are the metrics that this report calls users, the first that a block has. `properties`
    are the names of the properties (or views) whose exports may lie here, each with the codes that
    hold of all its rows; without it any one property is taken. `names` are the files that an
    edition calls by their own names; others are numbered. `time_zone` is held against exports
    that say theirs. `visitors` says what becomes of tables with a row a visitor: they are refused,
    or only their totals are read.
    """

    users: list[UserMetric] = Field(min_length=1)
    dimensions: dict[FieldName, WantedDimension] = {}
    properties: dict[Text, dict[FieldName, str]] = {}
    names: list[Text] = []
    time_zone: Text | None = None
    visitors: Literal["refuse", "totals_only"] = "refuse"
    encodings: list[Literal["utf-8", "windows-1252"]] = ["utf-8"]

    @model_validator(mode="after")
    def _fields_of_traffic(self) -> Self:
        fields = [*self.dimensions, *(f for item in self.properties.values() for f in item)]
        for field in fields:
            if field not in TRAFFIC_DIMENSIONS:
                close = nearest(field, list(TRAFFIC_DIMENSIONS))
                raise ValueError(f"there is no dimension '{field}'{close}")
        names = [name for item in self.dimensions.values() for name in item.dimensions]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the dimension '{twice[0]}' gives two fields")
        return self

    def field_of(self, dimension: str) -> str | None:
        """The field that one of the service's dimensions gives, if any."""
        found = (f for f, item in self.dimensions.items() if dimension in item.dimensions)
        return next(found, None)
