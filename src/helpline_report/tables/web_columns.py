"""What the columns of a web analytics block are, by the service's catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpline_report.exports.web.heading import heading
from helpline_report.exports.web.model import Block
from helpline_report.parameters.service import Dimension, Kind, Language, service


@dataclass(frozen=True)
class Columns:
    """The columns of a block by their place (0-based): dimensions, and metrics by name.

    `unknown` are the places of columns that aren't known; `foreign` where one of them is a
    dimension, so that nobody can say what the rows are.
    """

    dimensions: Mapping[int, tuple[str, Dimension]]
    metrics: Mapping[int, str]
    languages: frozenset[Language]
    foreign: bool = False
    unknown: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every visit is in the rows, so that totals are of all visits."""
        return not self.foreign and all(
            dimension.whole or dimension.grain for _, dimension in self.dimensions.values()
        )

    @property
    def personal(self) -> bool:
        """Whether a row is one visitor."""
        return any(dimension.personal for _, dimension in self.dimensions.values())

    @property
    def one(self) -> tuple[int, str, Dimension] | None:
        """The only dimension, if there is one only."""
        if len(self.dimensions) != 1:
            return None
        place, (name, dimension) = next(iter(self.dimensions.items()))
        return place, name, dimension


def columns_of(block: Block, kind: Kind) -> Columns:
    """The columns of a block, by the names in its header."""
    known = heading(block.names, kind)
    names = service().dimensions
    dimensions: dict[int, tuple[str, Dimension]] = {
        place: (name, names[name]) for place, name in known.dimensions.items()
    }
    # Dimensions stand before measures.
    edge = min(known.metrics, default=max(known.dimensions, default=len(block.names)) + 1)
    return Columns(
        dimensions,
        known.metrics,
        known.languages,
        foreign=any(place < edge for place in known.unknown),
        unknown=known.unknown,
    )
