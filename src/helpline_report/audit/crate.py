"""Write the RO-Crate of an edition: what it is, which run made it of what, and who approved it.

RO-Crate 1.1 with the Process Run Crate profile, for archives. It stands in the root of the edition,
since a crate describes what lies below it. No clock, host, user or folder stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from helpline_report.audit.manifest import (
    LEDGER,
    MANIFEST,
    hash_outputs,
    project_files,
    role_of,
)
from helpline_report.audit.pages import TEMPLATES
from helpline_report.errors import unwritten
from helpline_report.parameters.project import Project
from helpline_report.report.markup import cells_environment
from helpline_report.report.publication import Publication

CRATE = "ro-crate-metadata.json"
MEDIA_TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".png": "image/png",
    ".sql": "application/sql",
}


def write_crate(project: Project, publication: Publication, folder: Path) -> None:
    """Write `ro-crate-metadata.json` into the folder of an edition, before the manifest.

    The manifest holds the hash of the crate, so the crate names the manifest without a hash.

    Raises:
        MachineError: a file can't be read or written.
    """
    edition, signed = publication.edition, publication.signed
    # RO-Crate asks for a date, and the day of a build says nothing of an edition: it is one that
    # somebody wrote down, never the clock's.
    days = (
        edition.publisher.published_on,
        signed.date if signed is not None else None,
        edition.disclosure.decided_on if edition.disclosure is not None else None,
        edition.period.end,
    )
    text = (
        cells_environment(TEMPLATES)
        .get_template("crate.json.j2")
        .render(
            page=publication,
            date=next(filter(None, days)).isoformat(),
            files=list(_describe_files(folder)),
            inputs=list(_describe_inputs(project, publication)),
            manifest=MANIFEST,
        )
    )
    try:
        laid_out = json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
        (folder / CRATE).write_text(laid_out, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(error, CRATE) from None


def _describe_files(folder: Path) -> Iterator[dict[str, str]]:
    """Every published file but the manifest, with its type, size and hash."""
    for name, sha256 in hash_outputs(folder).items():
        if name != CRATE:
            kind = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
            size = str((folder / name).stat().st_size)
            about = {"name": name, "encodingFormat": kind, "contentSize": size, "sha256": sha256}
            yield {"@id": name, "@type": "File", **about}


def _describe_inputs(project: Project, publication: Publication) -> Iterator[dict[str, str]]:
    """Exports, which hold rows and are no part of what is published, and files of the project."""
    sources = {(source.edition, source.file): source for source in publication.ledger.sources}
    for source in sources.values():
        role = role_of(source)
        content = "figures and no rows" if role == LEDGER else "rows and isn't published"
        yield {
            "@id": f"#{_address(role)}-{source.edition}-{_address(source.file)}",
            "@type": "CreativeWork",
            "name": source.file,
            "description": f"{role} of {source.edition}; it holds {content}",
            **({"sha256": source.sha256} if source.sha256 else {}),
        }
    for item in project_files(project, publication):
        about = {"name": item["file"], "description": item["role"], "sha256": item["sha256"]}
        yield {"@id": f"#project-{_address(item['file'])}", "@type": "CreativeWork", **about}


def _address(name: str) -> str:
    """A name as part of an address: what isn't a plain letter or digit is told by its bytes."""
    return quote(name, safe="/").replace("~", "%7E")
