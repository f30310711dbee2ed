"""The content of an edition, as one number: what somebody signs for."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpline_report.report.publication import Publication


def content_sha256(publication: Publication) -> str:
    """The SHA-256 of everything that the pages are made from, but the approval itself.

    Another figure, text, chapter, parameter or version of the program is another content. The same
    rows in another order are the same content: what every export was, to the byte, is for the
    manifest to say.
    """
    edition = publication.edition
    parts = {
        "parameters": [
            # What a released ledger said is in the ledger; where it lies is nobody's business.
            each.model_dump(mode="json", exclude={"comparison_ledger"})
            for each in publication.editions
        ],
        "code lists": {
            name: item.model_dump(mode="json") for name, item in publication.codelists.items()
        },
        "chapters": publication.notebooks,
        "texts": {
            chapter: {cell: text for cell, (text, _) in texts.items()}
            for chapter, texts in publication.texts.items()
        },
        "reconciled": [
            [item.printed.id, item.printed.printed, item.verdict] for item in publication.reconciled
        ],
        "logo and fonts": _house(publication),
        "language": edition.language,
        "version": publication.version,
    }
    sources = [each.model_copy(update={"sha256": ""}) for each in publication.ledger.sources]
    ledger = publication.ledger.model_copy(update={"sources": tuple(sources)})
    whole = hashlib.sha256(ledger.to_json().encode())
    whole.update(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode())
    return whole.hexdigest()


def _house(publication: Publication) -> list[str]:
    """The bytes of the house style's files, each by its SHA-256."""
    house = publication.house
    files = [face.file for face in (*(house.sans or ()), *filter(None, [house.serif]))]
    parts = [*([house.logo.data] if house.logo else []), *(file.read_bytes() for file in files)]
    return [hashlib.sha256(part).hexdigest() for part in parts]
