"""The corrections that lie beside an edition's exports, applied to their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpline_report.errors import ParametersError
from helpline_report.exports.correcting import Correctable, Mask, apply_corrections
from helpline_report.exports.corrections import CorrectionFaults, Corrections, read_corrections
from helpline_report.exports.read import Export
from helpline_report.parameters.edition import Edition, Source
from helpline_report.parameters.project import Project
from helpline_report.parameters.reasons import all_reasons
from helpline_report.parameters.row_layouts import RowFile

CORRECTED = "corrected"


@dataclass(frozen=True)
class Corrected:
    """Exports with their rows mended, and the files that said how."""

    exports: tuple[Export, ...]
    read: tuple[Corrections, ...] = ()
    by_file: Mapping[str, Correctable] = field(default_factory=dict)

    def mended(self, file: str) -> Mask | None:
        """Which of the rows of a file had a cell corrected; None where none had."""
        done = self.by_file.get(file)
        rows = done.mended if done is not None else None
        return rows if rows is not None and rows.any() else None

    def reasons(self, file: str) -> Mapping[str, int]:
        """How many corrections of a file were made for each reason."""
        done = self.by_file.get(file)
        return dict(sorted(done.reasons.items())) if done is not None else {}


def corrections_files(project: Project, edition: Edition) -> dict[Path, str]:
    """Where corrections may lie, and how messages name each."""
    return {
        project.resolve(source.folder) / source.corrections: _shown(source)
        for source in edition.sources
    }


def _shown(source: Source) -> str:
    return f"{source.folder.rstrip('/')}/{source.corrections}"


def corrected(
    project: Project, edition: Edition, layouts: Mapping[str, RowFile], exports: Sequence[Export]
) -> Corrected:
    """Apply the corrections that lie beside the exports; without any, these stay as they are.

    `layouts` are those of the exports, by the name that messages give each file.

    Raises:
        CorrectionsError: a line that is wrong by itself, or that the exports don't bear out.
        ParametersError: a file of corrections that the parameters name isn't there.
        MachineError: one that can't be read.
    """
    faults = CorrectionFaults()
    reasons = all_reasons(edition.correction_reasons)
    found: list[tuple[Corrections, dict[str, Correctable]]] = []
    free = {export.file: export for export in exports}
    for path, shown in sorted(corrections_files(project, edition).items(), key=_deepest):
        beside = _beside(shown, layouts, free)
        free = {file: export for file, export in free.items() if file not in beside}
        read = read_corrections(path, shown, reasons, faults)
        if read is not None:
            by_name = {item.name: item for item in beside.values()}
            found.append((read, by_name))
    _refuse_absent(project, edition)
    for read, beside in found:
        apply_corrections(read, list(beside.values()), faults)
    faults.stop()
    done = {file.export.file: file for _, beside in found for file in beside.values()}
    made = tuple(done[item.file].export if item.file in done else item for item in exports)
    return Corrected(made, tuple(read for read, _ in found), done)


def _deepest(found: tuple[Path, str]) -> int:
    return -found[1].count("/")


def _beside(
    shown: str, layouts: Mapping[str, RowFile], exports: Mapping[str, Export]
) -> dict[str, Correctable]:
    """The files of rows in the folder of a file of corrections, named as they are named there."""
    folder = f"{shown.rpartition('/')[0]}/"
    return {
        file: Correctable(file.removeprefix(folder), layouts[file], export)
        for file, export in exports.items()
        if file.startswith(folder)
    }


def _refuse_absent(project: Project, edition: Edition) -> None:
    """A name that the parameters give leads somewhere: misspelt, it would correct nothing."""
    usual = Source.model_fields["corrections"].default
    for index, source in enumerate(edition.sources):
        path = project.resolve(source.folder) / source.corrections
        if source.corrections != usual and not path.is_file():
            raise ParametersError(
                f"sources.{index}.corrections: there is no such file",
                where=f"params/{edition.edition}.yaml",
                next_step="put it beside the exports, or take the name out of the parameters",
            )
