"""What a cell needs: its `needs:` tags against what the edition and its sources give."""

from __future__ import annotations

from collections.abc import Iterable

from nbformat import NotebookNode

from helpline_report.errors import ChapterError, nearest
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Reason
from helpline_report.report.publication import Publication
from helpline_report.report.words import EditionWords

PREFIX = "needs:"
FACT = "fact."
TABLES = ("contacts", "persons", "followups", "traffic")

# Fields without a code list, and those that are derived from what a source gives.
FIELDS = ("date", "hour", "age")
DERIVED = {"month": "date", "weekday": "date", "age_class": "age"}


def needs(cell: NotebookNode) -> list[str]:
    """What the tags of a cell say that it needs, in their order."""
    tags: Iterable[str] = cell.get("metadata", {}).get("tags", [])
    return [tag.removeprefix(PREFIX) for tag in tags if tag.startswith(PREFIX)]


def lacks(cell: NotebookNode, publication: Publication, words: EditionWords) -> str | None:
    """The line that stands for a cell which needs what isn't there; None where nothing lacks.

    A cell about a fact that the parameters don't state, or about other years where they name none,
    is left out without a line: a reader misses nothing. Its line is empty.
    """
    for need in needs(cell):
        if need.startswith(FACT):
            if need.removeprefix(FACT) not in publication.edition.facts:
                return ""
        elif need == "trend":
            if publication.ledger.trend is None:
                return ""
        elif need == "campaigns":
            if not publication.edition.campaigns:
                return words.say("campaign.none")
        elif (reason := _reason(need, publication)) is not None:
            return words.writer.note(reason)
    return None


def _reason(need: str, publication: Publication) -> Reason | None:
    if need == "previous":
        return None if publication.comparison else Reason(code="no_comparison")
    if need in TABLES:
        given = publication.ledger.table_available(need)
        return None if given else Reason(code="no_source", about=need)
    if _has_field(need, publication.ledger):
        return None
    _refuse_unknown(need, publication)
    return Reason(code="no_field", about=need.rpartition(".")[2])


def _refuse_unknown(need: str, publication: Publication) -> None:
    """A misspelt need would leave its cell out of every report, and say that the source lacks it.

    Raises:
        ChapterError: there is no such table and no such field.
    """
    known = [*TABLES, "previous", "campaigns", "trend", *FIELDS, *DERIVED, *publication.codelists]
    table, _, field = need.rpartition(".")
    if field not in known or (table and table not in TABLES):
        raise ChapterError(
            f"the tag '{PREFIX}{need}' names nothing that a source gives{nearest(field, known)}",
            next_step="name a table, a field, 'previous', 'campaigns', 'trend', or 'fact.…'",
        )


def _has_field(need: str, ledger: Ledger) -> bool:
    """`channel`, in whichever table; or `persons.gender`, in that one."""
    table, _, field = need.rpartition(".")
    tables = [ledger.fields.get(table, ())] if table else ledger.fields.values()
    given = [name for names in tables for name in names]
    return field in given or DERIVED.get(field) in given
