"""Builds by the dozen take minutes: they run when asked for by name."""

from collections.abc import Iterable

import pytest

BY_NAME = {"same_bytes": "make same-bytes", "random_edits": "make random-edits"}


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Skip them unless `-m same_bytes` or `-m random_edits` asks for them."""
    for marker, command in BY_NAME.items():
        if marker in config.getoption("markexpr"):
            continue
        skip = pytest.mark.skip(reason=f"dozens of builds take minutes: {command}")
        for item in items:
            if item.get_closest_marker(marker) is not None:
                item.add_marker(skip)
