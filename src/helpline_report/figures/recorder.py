"""What a chapter's cells leave: each figure once, and a reference to what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference, add_once
from helpline_report.figures.model import Figure


class Recorder:
    """The ledger of one chapter as it grows; each addition is displayed where its cell stands.

    A chapter is one, and speaks to it by its private methods alone: a notebook sees what is
    counted. With `again` a name may be recorded again: a cell ran once more.
    """

    def __init__(self, edition: str, *, again: bool = False) -> None:
        self._ledger = Ledger(edition=edition)
        self._again = again

    def _preview(self, fragment: Ledger, shows: Reference | None) -> dict[str, object]:
        """What a person sees of a record, by MIME type."""
        return {"text/plain": ", ".join(fragment.figures) or (shows.id if shows else "")}

    def _show(self, kind: str, name: str, **parts: Mapping[str, Any]) -> None:
        """Record what the page shows here."""
        self._record([], shows=Reference.model_validate({"kind": kind, "id": name}), **parts)

    def _record(
        self,
        figures: Sequence[Figure],
        shows: Reference | None = None,
        **parts: Mapping[str, Any],
    ) -> Callable[[], None]:
        """Record figures and other parts of the ledger, and give what shows them once more.

        Raises:
            ChapterError: one of the names stands already.
        """
        parts["figures"] = {figure.id: figure for figure in figures}
        for kind, items in parts.items():
            for name in () if self._again else items:
                add_once(kind, getattr(self._ledger, kind), name)
        for kind, items in parts.items():
            getattr(self._ledger, kind).update(items)
        fragment = Ledger.model_validate({"edition": self._ledger.edition, **parts})
        self._display(fragment, shows)
        return partial(self._display_again, fragment, shows, _running_cell())

    def _display(self, fragment: Ledger, shows: Reference | None) -> None:
        payload = {"ledger": fragment.model_dump(mode="json", exclude_defaults=True)}
        if shows:
            payload["shows"] = shows.model_dump(mode="json")
        _show_bundle({RECORD_MIME: payload, **self._preview(fragment, shows)})

    def _display_again(
        self, fragment: Ledger, shows: Reference | None, recorded_in: int | None
    ) -> None:
        """Show a record in another cell; in its own it stands already, as the last line too."""
        if recorded_in is None or recorded_in != _running_cell():
            _show_bundle(self._preview(fragment, shows))


def _running_cell() -> int | None:
    """The number of the cell that runs; None outside of a notebook."""
    from IPython import get_ipython  # noqa: PLC0415 - only where a notebook runs

    shell = get_ipython()
    return None if shell is None else int(shell.execution_count)


def _show_bundle(bundle: Mapping[str, object]) -> None:
    from IPython import display  # noqa: PLC0415 - only where a notebook runs

    display.display(dict(bundle), raw=True)  # type: ignore[no-untyped-call]
