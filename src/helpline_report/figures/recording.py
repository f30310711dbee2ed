"""What a chapter's cells leave: each figure once, and a reference to what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference, add_once
from helpline_report.figures.model import Figure, Series
from helpline_report.parameters.reading import READING, Read

if TYPE_CHECKING:
    from nbformat import NotebookNode

# What a chapter says last, to the run alone: of which parameters it is made.
READ_MIME = "application/vnd.helpline-report.read+json"

Made = TypeVar("Made")
# The ledger so far, what a cell adds to it, and what it shows: the same as HTML.
Preview = Callable[[Ledger, Ledger, Reference | None], dict[str, object]]


class Recorder:
    """The ledger of one chapter as it grows; each addition is displayed where its cell stands.

    A chapter is one, and speaks to it by its private methods alone: a notebook sees what is
    counted. With a preview a name may be recorded again: a cell ran once more.
    """

    def __init__(self, edition: str, preview: Preview | None = None) -> None:
        self._ledger = Ledger(edition=edition)
        self._preview = preview

    def _figure(self, figure: Figure) -> Figure:
        self._record([figure])
        return figure

    def _series(self, series: Series, figures: Sequence[Figure]) -> Series:
        self._record(figures, series={series.id: series})
        return series

    def _show(self, kind: str, name: str, made: Made, **parts: dict[str, Any]) -> Made:
        """Record what the page shows here."""
        reference = Reference.model_validate({"kind": kind, "id": name})
        self._record([], shows=reference, **parts)
        return made

    def _record(
        self, figures: Sequence[Figure], shows: Reference | None = None, **parts: dict[str, Any]
    ) -> None:
        """Record figures and other parts of the ledger.

        Raises:
            ChapterError: one of the names stands already.
        """
        parts["figures"] = {figure.id: figure for figure in figures}
        for kind, items in parts.items():
            for name in () if self._preview else items:
                add_once(kind, getattr(self._ledger, kind), name)
        for kind, items in parts.items():
            getattr(self._ledger, kind).update(items)
        self._display(Ledger.model_validate({"edition": self._ledger.edition, **parts}), shows)

    def _display(self, fragment: Ledger, shows: Reference | None) -> None:
        from IPython.display import display  # noqa: PLC0415 - only where a notebook runs

        payload: dict[str, Any] = {
            "ledger": fragment.model_dump(mode="json", exclude_defaults=True)
        }
        if shows:
            payload["shows"] = shows.model_dump(mode="json")
        bundle: dict[str, Any] = {RECORD_MIME: payload}
        if self._preview:
            bundle |= self._preview(self._ledger, fragment, shows)
        display(bundle, raw=True)  # type: ignore[no-untyped-call]


def show_read() -> None:
    """Show what this process asked of the parameters: the last that a chapter's process does."""
    from IPython.display import display  # noqa: PLC0415 - only where a notebook runs

    display({READ_MIME: READING.read()}, raw=True)  # type: ignore[no-untyped-call]


def take_read(node: NotebookNode) -> Read | None:
    """Take what a chapter read out of its outputs; None where its process didn't say so."""
    outputs = [cell.outputs for cell in node.cells if cell.get("outputs")]
    if not outputs or READ_MIME not in outputs[-1][-1].get("data", {}):
        return None
    read: Read = outputs[-1].pop()["data"][READ_MIME]
    return read
