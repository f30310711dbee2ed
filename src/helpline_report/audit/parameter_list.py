"""List the parameters of an edition by their dotted names, as the audit shows them."""

from collections.abc import Iterator, Sequence
from typing import Any

from helpline_report.parameters.edition import describe_overrides, describe_parameters, is_private
from helpline_report.report.publication import Publication

# What tells the items of a list of parameters apart, where they have neither an id nor a code.
KEYS = ("date", "fault", "table", "month", "about")


def list_parameters(publication: Publication) -> list[tuple[str, str]]:
    """The parameters by their dotted names; never a folder or the name of a file of rows."""
    data = describe_parameters(
        publication.edition, protected=is_private(publication.edition), by_alias=True
    )
    del data["printed"]
    data["sources"] = [source["layout"] for source in data["sources"]]
    # Notes of the page name these too.
    known, before = {item.id for item in publication.edition.breaks}, publication.comparison
    others = [item for item in (before.breaks if before else ()) if item.id not in known]
    if others:
        data["comparison_breaks"] = [item.model_dump(mode="json") for item in others]
    overridden = ", ".join(describe_overrides(publication.ledger.overrides))
    parameters = list(_flatten(data, "", publication.language))
    return [*parameters, ("--set", overridden)] if overridden else parameters


def _flatten(value: Any, name: str, language: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and set(value) == {"nl", "en"}:
        yield name, str(value[language])
    elif isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        if value:
            yield name, ", ".join(map(str, value))
    elif isinstance(value, dict | list):
        items = value if isinstance(value, dict) else _name_items(value)
        for key, item in items.items():
            yield from _flatten(item, f"{name}.{key}" if name else str(key), language)
    elif value is not None:
        yield name, str(value)


def _name_items(items: Sequence[Any]) -> dict[str, Any]:
    """Items of a list by what tells them apart, so that one more among them moves no other."""
    keys = []
    for item in items:
        values = item if isinstance(item, dict) else {}
        parts = [values[name] for name in KEYS if isinstance(values.get(name), str)]
        keys.append(values.get("id") or values.get("code") or "-".join(parts))
    if len(set(keys)) < len(keys) or not all(keys):
        keys = [str(place) for place in range(len(keys))]
    return dict(zip(keys, items, strict=True))
