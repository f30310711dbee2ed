"""Write files whole or not at all, those with rows so that their owner alone can read them."""

import os
import threading
from contextlib import suppress
from pathlib import Path

from helpline_report.errors import unwritten

PART = ".part"


def make_private_folder(path: Path) -> Path:
    """A folder that its owner alone can read; so are those above it that have to be made.

    Raises:
        MachineError: it can't be made.
    """
    if not path.parent.exists():
        make_private_folder(path.parent)
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise unwritten(error, path.name) from None
    return path


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that its owner alone can read, whole or not at all.

    Raises:
        MachineError: it can't be written.
    """
    make_private_folder(path.parent)
    replace_file(path, content, mode=0o600)


def replace_file(path: Path, content: str | bytes, where: str = "", *, mode: int = 0o666) -> None:
    """Write a file whole or not at all; `where` is its name in messages.

    Raises:
        MachineError: it can't be written.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    except OSError as error:
        raise unwritten(error, where or path.name) from None
    finally:
        # Where a folder should be there may be a file.
        with suppress(OSError):
            part.unlink()
