"""Builds under a dozen conditions take minutes: they run when asked for by name."""

from collections.abc import Iterable

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Skip them unless `-m same_bytes` asks for them."""
    if "same_bytes" in config.getoption("markexpr"):
        return
    skip = pytest.mark.skip(reason="a dozen builds take minutes: make same-bytes")
    for item in items:
        if item.get_closest_marker("same_bytes") is not None:
            item.add_marker(skip)
