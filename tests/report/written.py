"""Write all files of a publication that are read back, and say what they were meant to say."""

from dataclasses import replace
from pathlib import Path

from helpline_report.audit.pages import write_audit
from helpline_report.description import Description
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish


def write_files(publication: Publication, folder: Path) -> Description:
    """Write the pages, the data and the audit of a publication in a folder."""
    reader, description = publish(publication, folder)
    audit = write_audit(reader, folder)
    return replace(description, files={**description.files, **audit})
