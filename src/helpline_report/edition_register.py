"""Open the register of an edition: from its exports, or from the file of a build that read them."""

import mmap
import os
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from helpline_report.errors import unwritten
from helpline_report.figures.register import Register, open_released_year
from helpline_report.parameters.project import Project
from helpline_report.parameters.references import check_names
from helpline_report.private_files import make_private_folder
from helpline_report.tables.years import load_years

# The variable of the environment in which a build tells its kernels the path of the file.
REGISTER_VARIABLE = "HELPLINE_REGISTER"
# Arrays begin at multiples of this number of bytes, as in memory.
ALIGNED = 64


def open_register(project: Project, edition: str, overrides: Sequence[str] = ()) -> Register:
    """The tables of an edition and of its comparison year, with their code lists.

    A draft leaves rows with faults out of both. Where the parameters name the released ledger of
    the comparison year, its counts stand for its rows.

    Raises:
        ParametersError: the parameters of one of the two, or such a ledger, are wrong.
        ExportError: with every problem of the exports of both years.
    """
    file = project.environment.get(REGISTER_VARIABLE)
    if file:
        with Path(file).open("rb") as content:
            key, register = _read_shared(content)
        if key == _key(project, edition, overrides):
            return cast("Register", register)
    parameters = project.edition(edition, overrides)
    codelists = project.codelists()
    # No command checks them before a notebook that runs by itself.
    check_names(project, parameters, codelists)
    if parameters.comparison is not None:
        check_names(project, project.edition(parameters.comparison), codelists)
    now, *before = load_years(project, parameters)
    earlier = open_released_year(project, parameters)
    for year in before:
        earlier = Register(year.edition, year.dataset, codelists, compared_by=parameters)
    return Register(parameters, now.dataset, codelists, earlier)


@contextmanager
def hand_over(
    project: Project, edition: str, overrides: Sequence[str], register: Register | None
) -> Iterator[Mapping[str, str]]:
    """Write a register to a private file for a while, so that no kernel reads an export.

    Yields the variables of the environment by which kernels find the file; none without a register.

    Raises:
        MachineError: the file can't be written.
    """
    if register is None:
        yield {}
        return
    # A copy has no cached properties, which would make the file larger.
    before = None if register.previous is None else replace(register.previous)
    content = _key(project, edition, overrides), replace(register, previous=before)
    path = make_private_folder(project.private / "registers") / f"{edition}.{os.getpid()}.register"
    try:
        _write_shared(content, path)
        yield {REGISTER_VARIABLE: str(path)}
    finally:
        path.unlink(missing_ok=True)


def _write_shared(content: Any, path: Path) -> None:
    """Pickle values to a file that its owner alone can read, their arrays at its end."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(content, protocol=5, buffer_callback=buffers.append)
    arrays = [buffer.raw() for buffer in buffers]
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            pickle.dump((head, [array.nbytes for array in arrays]), output)
            for array in arrays:
                output.seek(-output.tell() % ALIGNED, os.SEEK_CUR)
                output.write(array)
    except OSError as error:
        raise unwritten(error, path.name) from None


def _read_shared(file: BinaryIO) -> Any:
    """Read what `_write_shared` wrote; processes share an array until one of them writes to it."""
    head, sizes = pickle.load(file)  # noqa: S301 - our build wrote it
    memory = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    arrays, place = [], file.tell()
    for size in sizes:
        place += -place % ALIGNED
        arrays.append(memory[place : place + size])
        place += size
    return pickle.loads(head, buffers=arrays)  # noqa: S301


def _key(project: Project, edition: str, overrides: Sequence[str]) -> tuple[str, str, list[str]]:
    return str(project.root), edition, list(overrides)
