"""What a person does with proposals: take each as it stands, and fill in what has none."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from helpline_report.parameters.yaml import TAG

BARE = re.compile(rf"(?P<key>\w+): {TAG}(?: \"\")? *(?=[,}}#]|$)", re.MULTILINE)


def decided(text: str, answers: Mapping[str, str]) -> str:
    """A YAML text without tags; a key whose tag stands alone gets its answer."""
    filled = BARE.sub(lambda bare: f"{bare['key']}: {answers.get(bare['key'], TAG)} ", text)
    return re.sub(rf"(?<=[:-] ){TAG} ?", "", re.sub(rf"{TAG} {TAG}", TAG, filled))


def edits(proposed: str, path: Path, files: Mapping[str, str]) -> list[str]:
    """Each value to write, to mend or to delete between a proposed layout and the one in use.

    `files` are ids in use by proposed ones. What differs in no meaning is no edit.
    """
    ours = yaml.safe_load(decided(proposed, {}))
    theirs = yaml.safe_load(path.read_text(encoding="utf-8"))
    ours["files"] = {files.get(name, name): file for name, file in ours["files"].items()}
    one, other = dict(_flat(ours, ())), dict(_flat(theirs, ()))
    return sorted(
        f"{'.'.join(at)}: {one.get(at, 'nothing')} → {other.get(at, 'nothing')}"
        for at in one.keys() | other.keys()
        if one.get(at) != other.get(at)
    )


def _flat(value: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _flat(inside, (*at, str(key)))
    else:
        yield at, str(value)
