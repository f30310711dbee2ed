"""Tell by its header which service other than Google Analytics wrote an export."""

import re
from collections.abc import Iterable
from functools import cache

from helpline_report.parameters.web_service import simple
from helpline_report.parameters.yaml import Closed, read_resource, validate

# The header of an export stands among its first rows.
FIRST_ROWS = 20
FIRST_BYTES = 100_000


class OtherService(Closed):
    """A service by its headers: what it is called, and what can be read in place of its exports."""

    name: str
    headers: tuple[frozenset[str], ...]
    keys: frozenset[str]
    read: str


class _OtherServices(Closed):
    """The services by a short name."""

    services: dict[str, OtherService]


@cache
def _list_services() -> tuple[OtherService, ...]:
    document = read_resource("helpline_report.parameters", "other-services.yaml")
    return tuple(validate(_OtherServices, document).services.values())


def find_other_service(rows: Iterable[Iterable[str]]) -> OtherService | None:
    """The service whose header is among the first rows of a file; None if none is."""
    for row in rows:
        names = {simple(cell) for cell in row}
        for service in _list_services():
            if any(header <= names for header in service.headers):
                return service
    return None


def find_service_of_json(text: bytes) -> OtherService | None:
    """The service whose keys stand at the beginning of a file of JSON; None if none do."""
    keys = {key.decode() for key in re.findall(rb'"(\w{1,40})"\s*:', text[:FIRST_BYTES])}
    return next((service for service in _list_services() if service.keys <= keys), None)
