"""The small publication, and its pages."""

from dataclasses import replace
from pathlib import Path

import pytest

from helpline_report.audit.pages import write_audit
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish
from helpline_report.steps import Steps
from tests.report.small_publication import make_publication


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """The small publication; each of its charts is drawn once for all tests."""
    return replace(make_publication(), steps=Steps(tmp_path_factory.mktemp("steps")))


@pytest.fixture(scope="session")
def pages(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the small publication with its audit, to be read alone."""
    folder: Path = tmp_path_factory.mktemp("edition")
    write_audit(publish(publication, folder).reader, folder)
    return folder
