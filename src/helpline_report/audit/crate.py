"""Write the RO-Crate of an edition: what it is, which run made it of what, and who approved it.

RO-Crate 1.1 with the Process Run Crate profile, for archives. It stands in the root of the edition,
since a crate describes what lies below it. No clock, host, user or folder stands in it.
"""

from __future__ import annotations

import json
from pathlib import Path

from helpline_report.audit.manifest import MANIFEST, describe_edition, hash_outputs
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
    content = describe_edition(project, publication)
    files = [
        {
            "name": name,
            "type": MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream"),
            "size": str((folder / name).stat().st_size),
            "sha256": sha256,
        }
        for name, sha256 in hash_outputs(folder).items()
        if name != CRATE
    ]
    # A file stands there once, whatever tables it feeds.
    sources = {(each["edition"], each["file"]): each for each in content["inputs"]}
    template = cells_environment(TEMPLATES).get_template("crate.json.j2")
    text = template.render(
        page=publication,
        date=next(filter(None, days)).isoformat(),
        files=files,
        sources=list(sources.values()),
        project=content["project"],
        manifest=MANIFEST,
    )
    try:
        laid_out = json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
        (folder / CRATE).write_text(laid_out, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(error, CRATE) from None
