"""The names of a service's metrics and dimensions: each says one thing, and none too many."""

from pathlib import Path

import pytest

from helpline_report.parameters.web_service import index_names, service
from tests.cases import read_cases

CASES = read_cases(Path(__file__).with_name("cases.yaml"))


@pytest.mark.parametrize("kind", ["ua", "ga4"])
def test_no_name_is_a_metric_and_a_dimension(kind: str) -> None:
    """No name means two of either; building the index would refuse it."""
    assert not index_names("metrics", kind).keys() & index_names("dimensions", kind).keys()  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "name", "metric"), CASES["users"])
def test_kinds_of_users_are_kept_apart(kind: str, name: str, metric: str) -> None:
    """All, active, total and new users are four numbers; a renaming is the same number."""
    assert index_names("metrics", kind)[name][0] == metric  # type: ignore[arg-type]


def test_no_kind_of_users_is_users_by_itself() -> None:
    """Which one a report means, its layout says."""
    users = [item for name, item in service().metrics.items() if "users" in name]
    assert len(users) >= 5
    assert {item.measure for item in users} == {None}


def test_what_identifies_visitors_is_known() -> None:
    """Each language and version has its names; sessions and first visits have own channels."""
    for kind, name in [("ua", "client id"), ("ga4", "app-instance id"), ("ga4", "id client")]:
        dimension = index_names("dimensions", kind)[name][0]  # type: ignore[index]
        assert service().dimensions[dimension].personal
    names = index_names("dimensions", "ga4")
    assert names["session default channel group"][0] == "session_channel"
    assert names["first user default channel group"][0] == "first_user_channel"
