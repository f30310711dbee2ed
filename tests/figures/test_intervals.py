"""Intervals, with scipy as the oracle, and as they are published."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from helpline_report.figures.intervals import (
    LEVEL,
    Z,
    clustered_rate_ratio,
    clustered_share_interval,
    coarsen_interval,
    estimate_dispersion,
    exact_rate_ratio,
    log_normal_ratio,
    share_interval,
    wilson,
)
from helpline_report.figures.measures import share
from helpline_report.figures.model import Figure
from helpline_report.figures.rates import change, rate_ratio, supports_rise
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import RowNumbers
from tests.figures.drawn import register, whole
from tests.present import present

Pair = tuple[int, int]
pairs = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
families = st.integers(1, 5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def rows(*sizes: int) -> RowNumbers:
    """So many rows of a first contact, of a second, and so on."""
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def test_the_deviations_are_scipys() -> None:
    """To the last digit: another one would be in every interval that was published."""
    assert float(ndtri(0.5 + LEVEL / 2)) == Z


@settings(max_examples=50, deadline=None)
@given(pairs)
def test_wilson_is_scipys(pair: Pair) -> None:
    """It holds the share, between 0 and 100 %; with one row a cluster it is the clustered one."""
    expected = stats.binomtest(*pair).proportion_ci(method="wilson")
    assert wilson(*pair) == pytest.approx((expected.low, expected.high), abs=1e-12)
    plain, share = share_interval(*pair), 100 * pair[0] / pair[1]
    assert 0 <= plain.low <= share + 1e-9
    assert share - 1e-9 <= plain.high <= 100
    hits = [1] * pair[0] + [0] * (pair[1] - pair[0])
    ones = clustered_share_interval(rows(*hits), rows(*[1] * len(hits)))
    assert (ones.low, ones.high) == pytest.approx((plain.low, plain.high))
    assert (plain.method, ones.method) == ("wilson", "wilson_clustered")


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 366), st.integers(1, 366))
def test_a_rate_ratio_is_scipys(first: int, second: int, days: int, before: int) -> None:
    """Given the sum, the first count is binomial.

    scipy seeks the limits of that share to 2e-12, so shares are compared: a ratio of a share near 0
    or 1 would say more of its search than of ours.
    """
    if first + second:
        ratio = exact_rate_ratio((first, second), (float(days), float(before)))
        shares = [1.0 if math.isinf(each) else each / (each + before / days) for each in ratio]
        expected = stats.binomtest(first, first + second).proportion_ci(method="exact")
        assert shares == pytest.approx([expected.low, expected.high], rel=0, abs=1e-11)


@pytest.mark.parametrize("family", [2, 3, 6])
def test_families_widen_the_interval(family: int) -> None:
    """If each family shares one code, the number of families counts and not that of rows."""
    hits = rows(*[family] * 30, *[0] * 70)
    clustered = clustered_share_interval(hits, rows(*[family] * 100))
    alone = share_interval(30, 100)
    assert (clustered.low, clustered.high) == pytest.approx((alone.low, alone.high), abs=0.2)
    plain = share_interval(30 * family, 100 * family)
    assert clustered.low < plain.low < plain.high < clustered.high


@settings(max_examples=50, deadline=None)
@given(st.lists(families, min_size=1, max_size=60), st.randoms())
def test_clusters_never_narrow_an_interval(
    clusters: list[Pair], random: np.random.Generator
) -> None:
    """It is as wide as that of the rows at least, and the order of contacts changes no digit."""
    hits, trials = np.array(clusters).T
    clustered = clustered_share_interval(rows(*hits), rows(*trials))
    plain = share_interval(int(hits.sum()), int(trials.sum()))
    assert 0 <= clustered.low <= plain.low + 1e-9
    assert plain.high - 1e-9 <= clustered.high <= 100
    random.shuffle(clusters)
    hits, trials = np.array([*clusters, (0, 0)]).T
    assert clustered_share_interval(rows(*hits), rows(*trials)) == clustered


def test_a_ratio_of_persons_is_wider_than_one_of_contacts() -> None:
    """With one person a contact it is the usual log-normal interval; families widen it."""
    low, high = clustered_rate_ratio(rows(*[1] * 40), rows(*[1] * 20), (1, 1))
    spread = math.exp(stats.norm.ppf(0.975) * math.sqrt(1 / 40 + 1 / 20))
    assert (low, high) == pytest.approx((2 / spread, 2 * spread))
    wide = clustered_rate_ratio(rows(*[2] * 20), rows(*[2] * 10), (1, 1))
    assert wide[0] < low < high < wide[1]


def test_a_ratio_of_four_counts_is_woolfs() -> None:
    """The odds ratio of a table, as scipy has it; φ widens it."""
    table = stats.contingency.odds_ratio([[521, 4291], [480, 4116]], kind="sample")
    expected = table.confidence_interval(0.95)
    counts, ratio = (521, 4291, 480, 4116), 521 * 4116 / (4291 * 480)
    ends = pytest.approx((expected.low, expected.high))
    assert log_normal_ratio(ratio, counts, 1) == ends
    wide = log_normal_ratio(ratio, counts, 4)
    assert math.log(wide[1] / ratio) == pytest.approx(2 * math.log(expected.high / ratio))


# The open days of two years: of each its month and week, and its cell of month and weekday.
DAYS = pd.bdate_range("2016-01-01", "2017-12-31")
MONTHS = np.asarray(12 * (DAYS.year - 2016) + DAYS.month - 1)
WEEKS = np.asarray((DAYS - pd.Timestamp("2015-12-28")).days // 7)
CELLS = np.asarray(7 * MONTHS + DAYS.day_of_week)


def moods_of(days: str, registers: int, chance: np.random.Generator) -> np.ndarray:
    """How busy each day of each register is, standard normal: alone, by its weeks, or by more."""
    if days == "alike in a month":
        return chance.normal(size=(registers, 24))[:, MONTHS]
    if days == "alike in a week":
        return chance.normal(size=(registers, WEEKS[-1] + 1))[:, WEEKS]
    moods = chance.normal(size=(registers, len(DAYS)))
    if days == "like the day before":
        for day in range(1, len(DAYS)):
            moods[:, day] = 0.3 * moods[:, day - 1] + math.sqrt(1 - 0.3**2) * moods[:, day]
    return moods


@pytest.mark.parametrize(
    ("days", "phi", "level", "without"),
    [
        ("independent", 1.96, 0.944, 0.835),
        ("like the day before", 1.96, 0.914, 0.786),
        ("alike in a week", 1.97, 0.723, 0.571),
        ("alike in a month", 1.03, 0.323, 0.319),
    ],
)
def test_how_many_intervals_hold_that_nothing_changed(
    days: str, phi: float, level: float, without: float
) -> None:
    """Of 1,000 registers of equal years whose days vary twice as much as Poisson, 19 rows a day.

    95 % should. φ gives days that are independent their level, nearly so where a day is a little
    like the one before; it sees how much weeks vary and not that their days go together; of months
    it sees nothing (docs/statistics.md has these numbers).
    """
    chance = np.random.default_rng(1712)
    spread = math.sqrt(math.log(1 + 1 / 19))
    moods = spread * moods_of(days, 1000, chance) - spread**2 / 2
    registers = chance.poisson(19 * np.exp(moods))
    estimates = [estimate_dispersion(counts, CELLS) for counts in registers]
    shares = []
    for factors in (np.array(estimates), np.ones(1000)):
        now, then = registers[:, DAYS.year == 2017], registers[:, DAYS.year == 2016]
        counts = zip(now.sum(axis=1) / factors, then.sum(axis=1) / factors, strict=True)
        ends = [exact_rate_ratio(each, (260, 261)) for each in counts]
        shares.append(np.mean([low <= 1 <= high for low, high in ends]))
    assert np.mean(estimates) == pytest.approx(phi, abs=0.02)
    assert shares == pytest.approx([level, without], abs=0.005)


# Published intervals, which tell nobody how rows hang together

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


def changes_of_persons() -> Iterator[Figure]:
    """The same change of persons, 30 after 300, with none to five pairs of them in one contact."""
    for pairs in range(THRESHOLD + 1):
        now = [n - 1 if n % 2 and n < 2 * pairs else n for n in range(30)]
        years = dict[int, Register]()
        for year, above in ((2016, range(300)), (2017, now)):
            days = pd.date_range(f"{year}-01-01", f"{year}-12-31", periods=len(above))
            contacts = "\n".join(f"{n} | {days[n]:%m-%d}" for n in dict.fromkeys(above))
            persons = "\n".join(f"{on} | child_abuse" for on in above)
            years[year] = register(
                year,
                contacts=f"nr | date\n{contacts}",
                persons=f"contact | problem\n{persons}",
                previous=years.get(2016),
            )
        yield change("change", whole(years[2017], "persons"))


def ends(figures: Iterator[Figure]) -> set[tuple[float, float]]:
    """The different intervals of some figures."""
    intervals = [figure.interval for figure in figures if figure.interval is not None]
    return {(round(each.low, 9), round(each.high, 9)) for each in intervals}


def test_a_published_interval_hides_the_pairs_in_one_contact() -> None:
    """With all its digits an interval says how many there are; as published it doesn't."""
    assert len(ends(shares())) == THRESHOLD + 1
    assert len(ends(coarsen_interval(each, THRESHOLD) for each in shares())) == 1


def test_a_published_interval_of_persons_hides_which_one_it_is() -> None:
    """The exact one is the wider where no contact has two of them, and the clustered one else."""
    assert len(ends(changes_of_persons())) > 1
    coarse = [coarsen_interval(each, THRESHOLD) for each in changes_of_persons()]
    assert len(ends(iter(coarse))) == 1
    assert len({present(each.interval).method for each in coarse}) == 1


def test_a_published_interval_hides_single_days() -> None:
    """The days of the register can be tried against φ, and not against its first decimal."""
    assert len(ends(changes())) > 1
    coarse = [coarsen_interval(each, THRESHOLD) for each in changes()]
    dispersions = [each.interval.dispersion or 1 for each in coarse if each.interval is not None]
    assert dispersions == [round(each, 1) for each in dispersions]
    assert len(ends(iter(coarse))) < len(ends(changes()))


def test_an_interval_only_grows() -> None:
    """What it is rounded to claims no more."""
    for figure in (*shares(), *changes(), *changes_of_persons()):
        coarse = present(coarsen_interval(figure, THRESHOLD).interval)
        exact = present(figure.interval)
        assert coarse.low <= exact.low <= exact.high <= coarse.high


@pytest.mark.parametrize(("low", "rises"), [(1.00004, 0), (1.006, 1)])
def test_a_rise_goes_by_the_coarse_interval_as_it_is_written(low: float, rises: int) -> None:
    """1.00004 is written as 1,0000, and the interval holds no difference then; 1.006 is 1,006."""
    drawn = "\n".join(["nr | date", *(f"{n} | 02-{1 + n % 28:02d}" for n in range(200))])
    now = whole(register(contacts=drawn, previous=register(2016, contacts=drawn)))
    rise = supports_rise("rise", rate_ratio("ratio", now, now.previous(), exposure="open_day"))
    known = {"low": low, "high": 1.5, "method": "log_normal", "dispersion": 1.2}
    figure = rise.model_copy(update={"interval": present(rise.interval).model_copy(update=known)})
    assert coarsen_interval(figure, THRESHOLD).value == rises
