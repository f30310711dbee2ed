"""What is counted in wider classes, and intervals that tell nobody how rows hang together."""

from collections.abc import Iterator

import pytest

from helpline_report.figures.intervals import coarsen_interval
from helpline_report.figures.measures import share
from helpline_report.figures.model import Figure
from helpline_report.figures.rates import change, rate_ratio, supports_rise
from tests.figures.drawn import register, whole

THRESHOLD = 5


def shares() -> Iterator[Figure]:
    """The same share of persons, with none to five pairs of them in one contact."""
    for pairs in range(THRESHOLD + 1):
        contacts = "\n".join(f"{n} | 02-01 | phone" for n in range(100))
        places = [n - 1 if n % 2 and n < 2 * pairs else n for n in range(100)]
        persons = "\n".join(
            f"{n} | {on} | {'child_abuse' if n < 30 else 'elder_abuse'}"
            for n, on in enumerate(places)
        )
        year = register(
            contacts=f"nr | date | channel\n{contacts}",
            persons=f"nr | contact | problem\n{persons}",
        )
        every = whole(year, "persons")
        yield share("share", every.where(problem="child_abuse"), every)


def changes() -> Iterator[Figure]:
    """The same change of contacts, one of which came on another day each time."""
    for day in range(1, 15):
        days = [f"02-{1 + n * n % 28:02d}" for n in range(200)] + [f"02-{day:02d}"]
        drawn = "\n".join(f"{n} | {at} | phone" for n, at in enumerate(days))
        before = register(2016, contacts=f"nr | date | channel\n{drawn}")
        now = register(2017, contacts=f"nr | date | channel\n{drawn}", previous=before)
        yield change("change", whole(now))


def ends(figures: Iterator[Figure]) -> set[tuple[float, float]]:
    """The different intervals of some figures."""
    intervals = [figure.interval for figure in figures if figure.interval is not None]
    return {(round(each.low, 9), round(each.high, 9)) for each in intervals}


def test_a_published_interval_hides_the_pairs_in_one_contact() -> None:
    """With all its digits an interval says how many there are; as published it doesn't."""
    assert len(ends(shares())) == THRESHOLD + 1
    assert len(ends(coarsen_interval(each, THRESHOLD) for each in shares())) == 1


def test_a_published_interval_hides_single_days() -> None:
    """The days of the register can be tried against φ, and not against its first decimal."""
    assert len(ends(changes())) > 1
    coarse = [coarsen_interval(each, THRESHOLD) for each in changes()]
    dispersions = [each.interval.dispersion or 1 for each in coarse if each.interval is not None]
    assert dispersions == [round(each, 1) for each in dispersions]
    assert len(ends(iter(coarse))) < len(ends(changes()))


def test_an_interval_only_grows() -> None:
    """What it is rounded to claims no more."""
    for figure in (*shares(), *changes()):
        coarse = coarsen_interval(figure, THRESHOLD).interval
        assert figure.interval is not None
        assert coarse is not None
        assert coarse.low <= figure.interval.low <= figure.interval.high <= coarse.high


@pytest.mark.parametrize(("low", "rises"), [(1.00004, 0), (1.006, 1)])
def test_a_rise_goes_by_the_coarse_interval_as_it_is_written(low: float, rises: int) -> None:
    """1.00004 is written as 1,0000, and the interval holds no difference then; 1.006 is 1,006."""
    drawn = "\n".join(["nr | date", *(f"{n} | 02-{1 + n % 28:02d}" for n in range(200))])
    now = whole(register(contacts=drawn, previous=register(2016, contacts=drawn)))
    rise = supports_rise("rise", rate_ratio("ratio", now, now.previous(), exposure="open_day"))
    assert rise.interval is not None
    known = {"low": low, "high": 1.5, "method": "log_normal", "dispersion": 1.2}
    figure = rise.model_copy(update={"interval": rise.interval.model_copy(update=known)})
    assert coarsen_interval(figure, THRESHOLD).value == rises
