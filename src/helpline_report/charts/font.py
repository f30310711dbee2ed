"""The font of the charts: the package's, or a house style's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import font_source_sans_pro

Weight = Literal["regular", "semibold"]


@dataclass(frozen=True)
class Font:
    """A family, and the file of each weight: texts are measured by them."""

    family: str
    regular: Path
    semibold: Path

    def file(self, weight: Weight) -> Path:
        """The file of a weight."""
        return self.semibold if weight == "semibold" else self.regular


FOLDER = Path(font_source_sans_pro.font_directory)
SOURCE_SANS = Font(
    "Source Sans Pro", FOLDER / "SourceSansPro-Regular.ttf", FOLDER / "SourceSansPro-Semibold.ttf"
)
