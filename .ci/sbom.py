"""Add to a parts list of the locked packages the licence that each of them declares.

A lock says none. Those that are installed here say theirs; a package that another system or
another Python alone installs is marked as such.
"""

import json
import re
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

NOT_INSTALLED = {
    "name": "helpline-report:licence",
    "value": "not known here: only another system, or another Python, installs it",
}


def normalise(name: str) -> str:
    """The name of a package as locks write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_licences(environment: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The licences of the packages of a parts list; where it has none, what the package says."""
    licences = {
        normalise(each["name"]): each["licenses"]
        for each in environment["components"]
        if each.get("licenses")
    }
    for distribution in distributions():
        name = normalise(distribution.metadata["Name"])
        text = "".join(distribution.metadata.get_all("License") or ()).strip()
        if text and name not in licences:
            first = text.splitlines()[0]
            licences[name] = [{"license": {"acknowledgement": "declared", "name": first}}]
    return licences


def add_licences(parts: dict[str, Any], environment: Mapping[str, Any]) -> None:
    """Add to each component of a parts list its licences, or that they aren't known here."""
    licences = read_licences(environment)
    for component in parts["components"]:
        of_component = licences.get(normalise(component["name"]))
        if of_component:
            component["licenses"] = of_component
        else:
            component["properties"] = [*component.get("properties", []), NOT_INSTALLED]


if __name__ == "__main__":
    place = Path(sys.argv[1])
    content = json.loads(place.read_text(encoding="utf-8"))
    add_licences(content, json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    place.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
