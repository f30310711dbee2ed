"""Write the RO-Crate of an edition: what it is, which run made it of what, and who approved it.

RO-Crate 1.1 with the Process Run Crate profile, for archives. It stands in the root of the edition,
since a crate describes what lies below it. No clock, host, user or folder stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from helpline_report.audit.manifest import (
    LEDGER,
    MANIFEST,
    hash_outputs,
    project_files,
    role_of,
)
from helpline_report.errors import unwritten
from helpline_report.parameters.project import Project
from helpline_report.report.publication import Publication

CRATE = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
# The context of 1.1 has no term for the hash of a file.
CONTEXT = [f"{SPECIFICATION}/context", {"sha256": "https://schema.org/sha256"}]
MEDIA_TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".sql": "application/sql",
    ".md": "text/markdown",
    ".txt": "text/plain",
}
PROGRAM, RUN, PUBLISHER = "#helpline-report", "#run", "#publisher"
APPROVAL, APPROVER = "#approval", "#approver"

Entity = dict[str, Any]


def write_crate(project: Project, publication: Publication, folder: Path) -> None:
    """Write `ro-crate-metadata.json` into the folder of an edition, before the manifest.

    The manifest holds the hash of the crate, so the crate names the manifest without a hash.

    Raises:
        MachineError: a file can't be read or written.
    """
    graph = list(_entities(project, publication, folder))
    crate = {"@context": CONTEXT, "@graph": graph}
    text = json.dumps(crate, ensure_ascii=False, indent=1) + "\n"
    try:
        (folder / CRATE).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(error, CRATE) from None


def _entities(project: Project, publication: Publication, folder: Path) -> Iterator[Entity]:
    files = list(_file_entities(folder))
    inputs = [*_export_entities(publication), *_project_entities(project, publication)]
    publisher = publication.edition.publisher
    yield _entity(CRATE, conformsTo=_refer(SPECIFICATION), about=_refer("./"))
    yield _edition_entity(publication, files)
    yield _entity(PROFILE, name="Process Run Crate", version="0.5")
    yield _entity(_licence_address(publication), name=publisher.licence)
    name = publisher.name.in_language(publication.language)
    yield _entity(PUBLISHER, "Organization", name=name)
    yield _entity(
        PROGRAM,
        "SoftwareApplication",
        name="helpline-report",
        softwareVersion=publication.version,
        version=publication.version,
    )
    yield _entity(
        RUN,
        "CreateAction",
        name=f"helpline-report build {publication.edition.edition}",
        instrument=_refer(PROGRAM),
        agent=_refer(PUBLISHER),
        object=[_refer(item["@id"]) for item in inputs],
        result=[_refer(item["@id"]) for item in files],
        actionStatus="http://schema.org/CompletedActionStatus",
    )
    if (signed := publication.signed) is not None:
        yield _entity(
            APPROVAL,
            "AuthorizeAction",
            name=f"sign-off as {signed.status}",
            agent=_refer(APPROVER),
            object=_refer("./"),
            endTime=signed.date.isoformat(),
            identifier=f"sha256:{signed.content}",
        )
        yield _entity(APPROVER, "Person", name=signed.name, jobTitle=signed.role)
    yield from files
    yield from inputs


def _entity(identifier: str, kind: str = "CreativeWork", /, **properties: Any) -> Entity:
    return {"@id": identifier, "@type": kind, **properties}


def _refer(identifier: str) -> Entity:
    return {"@id": identifier}


def _edition_entity(publication: Publication, files: list[Entity]) -> Entity:
    """The edition itself; its date is one that somebody wrote down, never the clock's."""
    edition, signed = publication.edition, publication.signed
    full_name = edition.helpline.full_name.in_language(publication.language)
    return _entity(
        "./",
        "Dataset",
        conformsTo=_refer(PROFILE),
        name=publication.title,
        description=f"{publication.title}: {edition.helpline.name}, {full_name}",
        datePublished=_date(publication),
        license=_refer(_licence_address(publication)),
        publisher=_refer(PUBLISHER),
        inLanguage=publication.language,
        temporalCoverage=f"{edition.period.start.isoformat()}/{edition.period.end.isoformat()}",
        creativeWorkStatus="draft" if signed is None else signed.status,
        hasPart=[_refer(item["@id"]) for item in files],
        mentions=[_refer(name) for name in (RUN, *([APPROVAL] if signed is not None else []))],
    )


def _date(publication: Publication) -> str:
    """The day it came out, else of its approval, else of the decision on disclosure, else its last.

    RO-Crate asks for a date, and the day of a build says nothing of an edition.
    """
    edition = publication.edition
    days = (
        edition.publisher.published_on,
        publication.signed.date if publication.signed is not None else None,
        edition.disclosure.decided_on if edition.disclosure is not None else None,
    )
    return next((day for day in days if day is not None), edition.period.end).isoformat()


def _licence_address(publication: Publication) -> str:
    publisher = publication.edition.publisher
    return publisher.licence_url or f"https://spdx.org/licenses/{publisher.licence}"


def _file_entities(folder: Path) -> Iterator[Entity]:
    """Every published file with its type, size and hash; of the manifest its type alone."""
    for name, sha256 in hash_outputs(folder).items():
        if name != CRATE:
            yield _entity(
                name,
                "File",
                name=name,
                encodingFormat=_media_type(name),
                contentSize=str((folder / name).stat().st_size),
                sha256=sha256,
            )
    yield _entity(
        MANIFEST,
        "File",
        name=MANIFEST,
        description="SHA-256 of all inputs and outputs, this description among them",
        encodingFormat=_media_type(MANIFEST),
    )


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")


def _export_entities(publication: Publication) -> Iterator[Entity]:
    """The exports by name and hash. They hold rows, and are no part of what is published."""
    sources = {(source.edition, source.file): source for source in publication.ledger.sources}
    for source in sources.values():
        role = role_of(source)
        content = "figures and no rows" if role == LEDGER else "rows and isn't published"
        yield _entity(
            f"#{_address(role)}-{source.edition}-{_address(source.file)}",
            name=source.file,
            description=f"{role} of {source.edition}; it holds {content}",
            sha256=source.sha256,
        )


def _project_entities(project: Project, publication: Publication) -> Iterator[Entity]:
    for item in project_files(project, publication):
        yield _entity(
            f"#project-{_address(item['file'])}",
            name=item["file"],
            description=item["role"],
            sha256=item["sha256"],
        )


def _address(name: str) -> str:
    """A name as part of an address: what isn't a plain letter or digit is told by its bytes."""
    return quote(name, safe="/").replace("~", "%7E")
