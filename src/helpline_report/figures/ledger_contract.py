"""The contract of a published ledger: its version, its JSON Schema, and what older ones become.

`docs/ledger.schema.json` is what this writes. The model of the ledger holds each one that is
written or read to the same shape.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from helpline_report.errors import ParametersError

VERSION, KEY = 1, "schema_version"
# What a ledger without a version, of the time before there were any, becomes: the first one has the
# same parts. Who changes the shape adds here what makes the next version of the one before.
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {0: lambda data: data}
NEWER = "is a ledger of version {found}; this program reads up to version {known}"
NEWER_STEP = "use the version of helpline-report that wrote it, or a newer one"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A ledger is published with breakdowns by one field and by two apart, and charts and tables name
# them so: whoever can read one such file can read those of all years. These are the keys of each:
# of the ledger, of the fields, of the members, and of a member's codes.
SERIES = ("series", ("by",), "members", ("code",))
CROSSTABS = ("crosstabs", ("rows", "columns"), "cells", ("row", "column"))

Shape = dict[str, Any]


def migrate(data: Any, where: str) -> dict[str, Any]:
    """A published ledger as this version has it, without its number.

    Raises:
        ParametersError: it is of a newer version.
        ValueError: it is no ledger at all.
    """
    if not isinstance(data, dict):
        raise ValueError(where)  # noqa: TRY004 - as of any other part of another shape
    others = {key: value for key, value in data.items() if key != KEY}
    found = data.get(KEY, 0)
    if not isinstance(found, int):
        raise ValueError(KEY)  # noqa: TRY004 - as of any other part of another shape
    if found > VERSION:
        what = NEWER.format(found=found, known=VERSION)
        raise ParametersError(what, where=where, next_step=NEWER_STEP)
    for version in range(found, VERSION):
        others = MIGRATIONS[version](others)
    return others


def write_schema(shape: Shape) -> str:
    """The JSON Schema of a published ledger; `shape` is that of the model of the ledger."""
    parts, defined = dict(shape["properties"]), dict(shape["$defs"])
    breakdown = defined.pop("Breakdown")
    defined.pop("Member")
    del parts["breakdowns"]
    for title, keys in (("Series", SERIES), ("Crosstab", CROSSTABS)):
        defined[title] = _describe_breakdown(breakdown, title, keys)
        parts[keys[0]] = {"type": "object", "additionalProperties": _refer(title), "default": {}}
    text = {"type": "string"}
    one = {"series": text, "crosstab": text}
    several = {"series": {"type": "array", "items": text}, "crosstab": text}
    defined["Chart"] = _rename(defined["Chart"], "breakdown", one)
    defined["ReportTable"] = _rename(defined["ReportTable"], "breakdowns", several)
    parts[KEY] = {"const": VERSION}
    schema = shape | {"$schema": DIALECT, "properties": parts, "$defs": defined}
    schema |= {"title": "A released ledger", "required": [*shape["required"], KEY]}
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _refer(title: str) -> Shape:
    return {"$ref": f"#/$defs/{title}"}


def _describe_breakdown(
    breakdown: Shape, title: str, keys: tuple[str, tuple[str, ...], str, tuple[str, ...]]
) -> Shape:
    """A series or a cross-table: its fields, and its members by their codes."""
    _, of_fields, of_members, of_codes = keys
    text = {"type": "string"}
    member = {
        "type": "object",
        "properties": dict.fromkeys((*of_codes, "figure"), text),
        "required": [*of_codes, "figure"],
        "additionalProperties": False,
    }
    described = _rename(breakdown, "by", dict.fromkeys(of_fields, text))
    described = _rename(described, "members", {of_members: {"type": "array", "items": member}})
    required = [key for key in breakdown["required"] if key not in ("by", "members")]
    return described | {"title": title, "required": [*required, *of_fields, of_members]}


def _rename(shape: Shape, old: str, new: Shape) -> Shape:
    """A shape with other properties in the place of one."""
    properties = {key: value for key, value in shape["properties"].items() if key != old}
    return shape | {"properties": properties | new}
