"""What an export is called in an edition: by its layout, never as somebody named the file.

Who makes an export may put a name in it (`export Jan Peeters.xlsx`), and an edition is public.
Messages to whoever has the exports keep to the names that these have.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

CORRECTIONS = "corrections.csv"
KINDS = frozenset({".csv", ".json", ".ods", ".tsv", ".txt", ".xlsx"})


def called(expected: str, written: str) -> str:
    """The name that a layout expects, with the ending that shows what kind of file was given."""
    name, kind = PurePosixPath(expected), _kind(written)
    return name.with_suffix(kind).name if kind else name.name


def called_in_folder(
    layout: str, written: Sequence[str], expected: Sequence[str] = ()
) -> dict[str, str]:
    """The names of the files of a folder: those that the layout expects, in its order, come first.

    Others are named after the layout, numbered in their order.
    """
    own = {name: name for name in expected if name in written}
    others = [name for name in written if name not in own]
    return own | {name: f"{layout}-{at}{_kind(name)}" for at, name in enumerate(others, start=1)}


def called_ledger(edition: str) -> str:
    """The name of the released ledger that stands for the rows of another edition."""
    return f"ledger-{edition}.json"


def _kind(written: str) -> str:
    kind = PurePosixPath(written).suffix.lower()
    return kind if kind in KINDS else ""
