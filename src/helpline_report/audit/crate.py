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
    crate = {"@context": CONTEXT, "@graph": list(_entities(project, publication, folder))}
    text = json.dumps(crate, ensure_ascii=False, indent=1) + "\n"
    try:
        (folder / CRATE).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(error, CRATE) from None


def _entities(project: Project, publication: Publication, folder: Path) -> Iterator[Entity]:
    edition, language = publication.edition, publication.language
    publisher, signed = edition.publisher, publication.signed
    files = list(_file_entities(folder))
    inputs = list(_input_entities(project, publication))
    parts = [_refer(item["@id"]) for item in files]
    licence = publisher.licence_url or f"https://spdx.org/licenses/{publisher.licence}"
    full_name = edition.helpline.full_name.in_language(language)
    # RO-Crate asks for a date, and the day of a build says nothing of an edition: it is one that
    # somebody wrote down, never the clock's.
    days = (
        publisher.published_on,
        signed.date if signed is not None else None,
        edition.disclosure.decided_on if edition.disclosure is not None else None,
        edition.period.end,
    )
    yield _entity(CRATE, conformsTo=_refer(SPECIFICATION), about=_refer("./"))
    yield _entity(
        "./",
        "Dataset",
        conformsTo=_refer(PROFILE),
        name=publication.title,
        description=f"{publication.title}: {edition.helpline.name}, {full_name}",
        datePublished=next(day for day in days if day is not None).isoformat(),
        license=_refer(licence),
        publisher=_refer(PUBLISHER),
        inLanguage=[language, *edition.translations],
        temporalCoverage=f"{edition.period.start.isoformat()}/{edition.period.end.isoformat()}",
        creativeWorkStatus="draft" if signed is None else signed.status,
        hasPart=parts,
        mentions=[_refer(RUN)] if signed is None else [_refer(RUN), _refer(APPROVAL)],
    )
    yield _entity(PROFILE, name="Process Run Crate", version="0.5")
    yield _entity(licence, name=publisher.licence)
    yield _entity(PUBLISHER, "Organization", name=publisher.name.in_language(language))
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
        name=f"helpline-report build {edition.edition}",
        instrument=_refer(PROGRAM),
        agent=_refer(PUBLISHER),
        object=[_refer(item["@id"]) for item in inputs],
        result=parts,
        actionStatus="http://schema.org/CompletedActionStatus",
    )
    if signed is not None:
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


def _file_entities(folder: Path) -> Iterator[Entity]:
    """Every published file with its type, size and hash; of the manifest its type alone."""
    for name, sha256 in hash_outputs(folder).items():
        if name != CRATE:
            kind = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
            size = str((folder / name).stat().st_size)
            about = {"name": name, "encodingFormat": kind, "contentSize": size, "sha256": sha256}
            yield _entity(name, "File", **about)
    yield _entity(
        MANIFEST,
        "File",
        name=MANIFEST,
        description="SHA-256 of all inputs and outputs, this description among them",
        encodingFormat=MEDIA_TYPES[".json"],
    )


def _input_entities(project: Project, publication: Publication) -> Iterator[Entity]:
    """Exports, which hold rows and are no part of what is published, and files of the project."""
    sources = {(source.edition, source.file): source for source in publication.ledger.sources}
    for source in sources.values():
        role = role_of(source)
        content = "figures and no rows" if role == LEDGER else "rows and isn't published"
        yield _entity(
            f"#{_address(role)}-{source.edition}-{_address(source.file)}",
            name=source.file,
            description=f"{role} of {source.edition}; it holds {content}",
            **({"sha256": source.sha256} if source.sha256 else {}),
        )
    for item in project_files(project, publication):
        about = {"name": item["file"], "description": item["role"], "sha256": item["sha256"]}
        yield _entity(f"#project-{_address(item['file'])}", **about)


def _address(name: str) -> str:
    """A name as part of an address: what isn't a plain letter or digit is told by its bytes."""
    return quote(name, safe="/").replace("~", "%7E")
