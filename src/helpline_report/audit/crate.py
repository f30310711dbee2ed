"""The RO-Crate of an edition: what it is, which run made it of what, and who approved it.

RO-Crate 1.1 with the Process Run Crate profile, for archives. It stands in the root of the edition,
since a crate describes what lies below it. No clock, host, user or folder stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpline_report.audit.manifest import LEDGER, MANIFEST, outputs, project_files, role_of
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
    graph = list(_graph(project, publication, folder))
    whole = {"@context": CONTEXT, "@graph": graph}
    text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    try:
        (folder / CRATE).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(error, CRATE) from None


def _graph(project: Project, publication: Publication, folder: Path) -> Iterator[Entity]:
    files = [item for item in _files(folder) if item["@id"] != CRATE]
    inputs = [*_exports(publication), *_project(project, publication)]
    yield {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": _to(SPECIFICATION),
        "about": _to("./"),
    }
    yield _root(publication, files)
    yield {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    yield _licence(publication)
    yield {"@id": PUBLISHER, "@type": "Organization", "name": _publisher(publication)}
    yield {
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": "helpline-report",
        "softwareVersion": publication.version,
        "version": publication.version,
    }
    yield {
        "@id": RUN,
        "@type": "CreateAction",
        "name": f"helpline-report build {publication.edition.edition}",
        "instrument": _to(PROGRAM),
        "agent": _to(PUBLISHER),
        "object": [_to(item["@id"]) for item in inputs],
        "result": [_to(item["@id"]) for item in files],
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }
    yield from _approval(publication)
    yield from files
    yield from inputs


def _to(name: str) -> Entity:
    return {"@id": name}


def _root(publication: Publication, files: list[Entity]) -> Entity:
    """The edition itself; its date is one that somebody wrote down, never the clock's."""
    edition, signed = publication.edition, publication.signed
    period = f"{edition.period.start.isoformat()}/{edition.period.end.isoformat()}"
    full_name = edition.helpline.full_name.in_language(publication.language)
    actions = [RUN, *([APPROVAL] if signed is not None else [])]
    return {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": _to(PROFILE),
        "name": publication.title,
        "description": f"{publication.title}: {edition.helpline.name}, {full_name}",
        "datePublished": _date(publication),
        "license": _to(_licence(publication)["@id"]),
        "publisher": _to(PUBLISHER),
        "inLanguage": publication.language,
        "temporalCoverage": period,
        "creativeWorkStatus": "draft" if signed is None else signed.status,
        "hasPart": [_to(item["@id"]) for item in files],
        "mentions": [_to(name) for name in actions],
    }


def _date(publication: Publication) -> str:
    """The day it came out, else of its approval, else of the decision on disclosure, else its last.

    RO-Crate asks for a date, and the day of a build says nothing of an edition.
    """
    edition = publication.edition
    told = (
        edition.publisher.published_on,
        publication.signed.date if publication.signed is not None else None,
        edition.disclosure.decided_on if edition.disclosure is not None else None,
    )
    return next((day for day in told if day is not None), edition.period.end).isoformat()


def _licence(publication: Publication) -> Entity:
    publisher = publication.edition.publisher
    address = publisher.licence_url or f"https://spdx.org/licenses/{publisher.licence}"
    return {"@id": address, "@type": "CreativeWork", "name": publisher.licence}


def _publisher(publication: Publication) -> str:
    return publication.edition.publisher.name.in_language(publication.language)


def _approval(publication: Publication) -> Iterator[Entity]:
    signed = publication.signed
    if signed is None:
        return
    yield {
        "@id": APPROVAL,
        "@type": "AuthorizeAction",
        "name": f"sign-off as {signed.status}",
        "agent": _to(APPROVER),
        "object": _to("./"),
        "endTime": signed.date.isoformat(),
        "identifier": f"sha256:{signed.content}",
    }
    yield {"@id": APPROVER, "@type": "Person", "name": signed.name, "jobTitle": signed.role}


def _files(folder: Path) -> Iterator[Entity]:
    """Every published file with its type, size and hash; of the manifest its type alone."""
    for name, sha256 in outputs(folder).items():
        path = folder / name
        yield {
            "@id": name,
            "@type": "File",
            "name": name,
            "encodingFormat": _media_type(name),
            "contentSize": str(path.stat().st_size),
            "sha256": sha256,
        }
    yield {
        "@id": MANIFEST,
        "@type": "File",
        "name": MANIFEST,
        "description": "SHA-256 of all inputs and outputs, this description among them",
        "encodingFormat": _media_type(MANIFEST),
    }


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")


def _exports(publication: Publication) -> Iterator[Entity]:
    """The exports by name and hash. They hold rows, and are no part of what is published."""
    known: dict[tuple[str, str], Entity] = {}
    for source in publication.ledger.sources:
        role = role_of(source)
        holds = (
            "it holds figures and no rows"
            if role == LEDGER
            else "it holds rows and isn't published"
        )
        known[source.edition, source.file] = {
            "@id": f"#{_plain(role)}-{source.edition}-{_plain(source.file)}",
            "@type": "CreativeWork",
            "name": source.file,
            "description": f"{role} of {source.edition}; {holds}",
            "sha256": source.sha256,
        }
    yield from known.values()


def _project(project: Project, publication: Publication) -> Iterator[Entity]:
    for item in project_files(project, publication):
        yield {
            "@id": f"#project-{_plain(item['file'])}",
            "@type": "CreativeWork",
            "name": item["file"],
            "description": item["role"],
            "sha256": item["sha256"],
        }


def _plain(name: str) -> str:
    """A name as part of an address: what isn't a plain letter or digit is told by its bytes."""
    keep = "-._/"
    return "".join(
        each
        if (each.isascii() and each.isalnum()) or each in keep
        else "".join(f"%{byte:02X}" for byte in each.encode())
        for each in name
    )
