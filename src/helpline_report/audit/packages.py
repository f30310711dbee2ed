"""Pack an edition for a web server, and compare what a server sends with what was packed."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urljoin
from urllib.request import urlopen

from helpline_report.audit.manifest import (
    MOST_LISTED,
    Manifest,
    hash_file,
    is_private,
    read_manifest,
    refuse_changed,
)
from helpline_report.errors import MachineError, ParametersError, RefusedError, list_first
from helpline_report.parameters.project_folder import MANIFEST
from helpline_report.parameters.yaml import make_error, read_phrases
from helpline_report.private_files import replace_file

SUMS = "SHA256SUMS"
# The first moment that a zip can say: no clock stands in a package.
MOMENT = (1980, 1, 1, 0, 0, 0)
SECONDS = 30.0


def refuse_unfit(folder: Path, label: str) -> Manifest:
    """Refuse an edition that nobody may pack; returns its manifest.

    Raises:
        ParametersError: the folder holds no edition.
        RefusedError: it isn't as it was published, or is of confidential rows and not approved.
    """
    manifest = refuse_changed(folder, label)
    if is_private(manifest):
        raise make_error(RefusedError, "pack_unapproved", label, name=folder.name)
    return manifest


def write_package(folder: Path, place: Path, language: str) -> int:
    """Pack all files of an edition, their checksums and how to put them on a server.

    The same edition gives the same bytes. Returns how many files there are.

    Raises:
        MachineError: the package can't be written.
    """
    # The manifest names all files but itself.
    names = sorted([*read_manifest(folder, folder.name)["outputs"], MANIFEST])
    sums = "".join(f"{hash_file(folder / name, name)}  {name}\n" for name in names)
    phrases = read_phrases("helpline_report.audit", language)
    entries = {phrases["package.file"]: phrases["package.text"].encode()}
    entries[f"{folder.name}/{SUMS}"] = sums.encode()
    entries |= {f"{folder.name}/{name}": (folder / name).read_bytes() for name in names}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data)
    replace_file(place, content.getvalue(), place.name)
    return len(names)


def check_address(place: Path, label: str, address: str) -> int:
    """Fetch each file of a package from where it was put; returns how many are there as they are.

    Raises:
        ParametersError: the address is none, or there is no package.
        RefusedError: a file is missing there, or is another, each by its name.
        MachineError: the server can't be reached.
    """
    if not re.fullmatch(r"https?://[^\s/]\S*", address):
        raise make_error(ParametersError, "no_address", "--check")
    try:
        with zipfile.ZipFile(place) as package:
            sums = package.read(f"{place.stem}/{SUMS}").decode()
    except (OSError, KeyError, zipfile.BadZipFile):
        raise make_error(ParametersError, "no_package", label, name=place.stem) from None
    files = [line.split("  ", 1) for line in sums.splitlines()]
    if differences := list(_compare_files(files, address)):
        numbers = {"different": len(differences), "number": len(files)}
        listed = "\n".join(list_first(differences, MOST_LISTED))
        raise make_error(RefusedError, "other_package", address, files=listed, **numbers)
    return len(files)


def _compare_files(files: list[list[str]], address: str) -> Iterator[str]:
    """What a server sends otherwise than it was packed, or doesn't send."""
    for digest, name in files:
        try:
            place = urljoin(f"{address.rstrip('/')}/", quote(name))
            with urlopen(place, timeout=SECONDS) as answer:  # noqa: S310 - http and https alone
                content = answer.read()
        except HTTPError:
            yield f"{name}: isn't there"
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise make_error(MachineError, "no_server", address, reason=reason) from None
        else:
            if hashlib.sha256(content).hexdigest() != digest:
                yield f"{name}: is another file there"
