"""What was published before is known, and nothing small follows from it and from what is new."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpline_report.audit.sources import (
    list_published_counts,
    read_print_as_count,
)
from helpline_report.disclosure import cells
from helpline_report.disclosure.cells import read_cells
from helpline_report.disclosure.protection import protect, suppress
from helpline_report.disclosure.published_counts import PublishedRange, read_counts
from helpline_report.disclosure.release import release
from helpline_report.errors import ParametersError
from helpline_report.figures.breakdown import narrow, rank, same_top, top
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, maximum, mean, share
from helpline_report.figures.model import Exposure, Figure
from helpline_report.figures.population import Population
from helpline_report.figures.rates import change, rate_ratio, supports_rise
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from tests.disclosure.by_hand import is_combination
from tests.disclosure.systems import System, system
from tests.figures.drawn import ledger_with, refusal, register, whole, with_threshold

LINES = ("north", "south", "east")


def year(*numbers: int, of: int = 2017, previous: Register | None = None) -> Register:
    """A register with so many contacts of each line, and a threshold of 5."""
    lines = [line for line, number in zip(LINES, numbers, strict=True) for _ in range(number)]
    rows = "\n".join(f"{place} | 02-01 | {line}" for place, line in enumerate(lines))
    return with_threshold(register(of, contacts=f"nr | date | helpline\n{rows}", previous=previous))


def counted(whole_year: Population, suffix: str = "") -> Ledger:
    """A ledger of the total and of each line."""
    parts = {line: whole_year.where(helpline=line) for line in LINES}
    named = {f"{name}{suffix}": each for name, each in {"total": whole_year, **parts}.items()}
    figures = {name: count(name, each) for name, each in named.items()}
    return Ledger(edition=whole_year.spec.edition, figures=figures)


def values(*ledgers: Ledger) -> dict[str, float]:
    """What a reader of several ledgers knows, by the line: the newest value that one shows."""
    figures = [figure for ledger in ledgers for figure in ledger.figures.values()]
    published = [
        figure for figure in figures if figure.kind == "count" and figure.value is not None
    ]
    return {figure.id.partition(".")[0]: figure.number for figure in published}


def missing(known: Mapping[str, float]) -> float | None:
    """The one line that isn't shown: the total less the others."""
    others = [known[line] for line in LINES if line in known]
    return known["total"] - sum(others) if len(others) == len(LINES) - 1 else None


@pytest.mark.parametrize("gate", ["gate", ""])
def test_two_releases(gate: str) -> None:
    """A line that an earlier version shows and that didn't change protects no other line."""
    before, now = year(30, 9, 2), year(30, 31, 2)
    first = release(counted(whole(before)), before).ledger
    known = tuple(read_counts(first, now)) if gate else ()
    second = release(counted(whole(now)), now, known).ledger
    assert missing(values(first)) is None
    assert missing(values(second)) is None
    assert missing(values(first, second)) == (None if gate else 2)


@pytest.mark.parametrize("gate", ["gate", ""])
def test_year_against_year(gate: str) -> None:
    """Last year's count is hidden where it gives away what last year's edition hides."""
    before = year(30, 9, 2, of=2016)
    now = year(40, 19, 8, previous=before)
    first = release(counted(whole(before)), before).ledger
    south = whole(now).where(helpline="south")
    figures = [count("south.previous", south.previous()), change("more", south)]
    figures += [count("south", south)]
    second = release(
        ledger_with(figures), now, tuple(read_counts(first, now)) if gate else ()
    ).ledger
    more = second.figures["more"]
    assert (more.value is None) == bool(gate)
    if not gate:
        implied = second.figures["south"].number / (1 + more.number / 100)
        assert missing({**values(first), "south": implied}) == 2


def union(hidden: Sequence[frozenset[str]], seed: int, threshold: int) -> list[str]:
    """The counts below a threshold that follow from what one or the other release shows."""
    block = drawn_system(seed).block
    columns = zip(block.cells, block.members.T.tolist(), strict=True)
    vectors = {cell.id: [int(each) for each in column] for cell, column in columns}
    published = [vectors[c.id] for c in block.cells if any(c.id not in each for each in hidden)]
    small = [c.id for c in block.cells if 0 < c.value < threshold and c.id in hidden[0] & hidden[1]]
    return [name for name in small if is_combination(vectors[name], published)]


def drawn_system(seed: int, known: frozenset[str] = frozenset()) -> System:
    """A table of three by three with its margins; `known` were published before."""
    draw = random.Random(seed)
    kinds = [f"role={r} problem={p}" for r in "abc" for p in "xyz"]
    numbers = [draw.choice([1, 3, 6, 7, 9, 12, 30, 41]) for _ in kinds]
    margins = [(), ("role",), ("problem",), ("role", "problem")]
    return system(dict(zip(kinds, numbers, strict=True)), margins=margins, known=known)


@pytest.mark.parametrize("seed", [7, 89])
@pytest.mark.parametrize("thresholds", [(8, 5), (5, 8)])
def test_another_threshold(thresholds: tuple[int, int], seed: int) -> None:
    """Two releases with other thresholds give away together what the second refuses or hides."""
    drawn = drawn_system(seed)
    first, alone = (suppress([drawn.block], each).hidden for each in thresholds)
    assert union([first, alone], seed, 5)
    again = drawn_system(seed, frozenset(cell.id for cell in drawn.block.cells) - first)
    second = suppress([again.block], thresholds[1])
    assert second.inferable or not union([first, second.hidden], seed, 5)


def test_what_was_printed_is_shown_again() -> None:
    """A small count that a report printed is no secret any more; another value of it is one."""
    now = year(30, 9, 2)
    east = whole(now).where(helpline="east").spec
    published = release(counted(whole(now)), now, [PublishedRange(east, 2, 2)]).ledger
    assert values(published) == {"total": 41, "north": 30, "south": 9, "east": 2}
    other = release(counted(whole(now)), now, [PublishedRange(east, 7, 7)]).ledger
    assert "east" not in values(other)


def test_a_group_with_a_printed_code_tells_nothing_more() -> None:
    """The two contacts of the group that are of the east are those that were printed."""
    now = year(30, 9, 2)
    group = whole(now).where(helpline=["south", "east"])
    figures = [*counted(whole(now)).figures.values(), count("group", group)]
    printed = PublishedRange(whole(now).where(helpline="east").spec, 2, 2)
    released = release(ledger_with(figures), now, [printed]).ledger
    assert values(released)["group"] == 11


@pytest.mark.parametrize("where", [{}, {"helpline": list(LINES)}], ids=["all", "three lines"])
def test_which_of_a_printed_group_they_are(where: dict[str, Any]) -> None:
    """Two of the south or the east were printed: all less the north and the south are of the east.

    Nobody counts the east by itself.
    """
    now = year(30, 0, 2)
    two = whole(now).where(helpline=["north", "south"])
    figures = [count("all", whole(now).where(**where)), count("two", two)]
    printed = PublishedRange(whole(now).where(helpline=["south", "east"]).spec, 2, 2)
    assert "south|east" in refusal(release, ledger_with(figures), now, [printed])


def test_a_count_that_is_at_least_a_printed_one() -> None:
    """A part of it was printed, so it isn't 0: an edition that hides how many they are is right."""
    counts = {f"role={role} problem={problem}": 20 for role in "ab" for problem in "xy"}
    counts |= {"role=c problem=x": 2, "role=c problem=y": 1}
    margins = [(), ("role",), ("problem",), ("role", "problem")]
    drawn = system(counts, margins=margins, known=["role=c problem=x"])
    protection = protect([drawn.block], drawn.year, 5)
    assert {"role=c", "role=c problem=y"} <= protection.hidden
    assert (protection.inferable, protection.unprotected) == ((), ())


@pytest.mark.parametrize(
    ("where", "low", "high"),
    [({}, 2, 5), ({"role": "parent", "channel": ["phone", "email"]}, 2, 2)],
    ids=["a share", "a part"],
)
def test_who_knows_a_contact_of_a_printed_count(where: dict[str, Any], low: int, high: int) -> None:
    """South and those who wrote tell two of the east who wrote: who phoned would know of three."""
    kinds = {"north phone victim": 20, "north email victim": 10, "south email victim": 20}
    east = ("phone parent", "email parent", "email victim", "chat parent")
    kinds |= {f"east {each}": 1 for each in east}
    lines = [kind.replace(" ", " | ") for kind, number in kinds.items() for _ in range(number)]
    text = "\n".join(f"{place} | 02-01 | {line}" for place, line in enumerate(lines))
    drawn = register(contacts=f"nr | date | helpline | channel | role\n{text}")
    now = with_threshold(drawn)
    wrote = count("wrote", whole(now).where(helpline=["south", "east"], channel="email"))
    figures = [count(line, whole(now).where(helpline=line)) for line in LINES]
    ledger = ledger_with([*figures, wrote])
    printed = PublishedRange(whole(now).where(helpline="east", **where).spec, low, high)
    assert values(release(ledger, now, [printed]).ledger) == {"north": 30, "wrote": 22}


@pytest.mark.parametrize(
    ("numbers", "printed", "low", "high"),
    [((30, 9, 2), "5", 2, 2), ((30, 9, 2), "4.88", 2, 2), ((210, 88, 2), "1", 2, 4)],
)
def test_a_printed_share_says_a_count(
    numbers: tuple[int, ...], printed: str, low: int, high: int
) -> None:
    """As closely as its decimals; a count that it leaves a range is hidden."""
    now = year(*numbers)
    figure = share("share", whole(now).where(helpline="east"), whole(now))
    known = list(read_print_as_count(figure, printed, now))
    assert [(each.low, each.high) for each in known] == [(low, high)]
    published = values(release(counted(whole(now)), now, known).ledger)
    assert ("east" in published) == (low == high)


def of_channels(**numbers: int) -> Register:
    """A register with so many contacts of each channel, and a threshold of 5."""
    codes = [code for code, number in numbers.items() for _ in range(number)]
    rows = "\n".join(f"{place} | 02-01 | {code}" for place, code in enumerate(codes))
    return with_threshold(register(contacts=f"nr | date | channel\n{rows}"))


# What another edition counts, beside a ranking of an earlier one that it drops.
AFTER_RANKINGS = {
    "the largest count, which nobody counts now": ({"phone": 50, "email": 7, "chat": 3}, "email"),
    "a limit of the others": ({"phone": 20, "email": 18, "chat": 3, "unknown": 10}, "email|chat"),
}


@pytest.mark.parametrize("gate", ["gate", ""])
@pytest.mark.parametrize(("numbers", "codes"), AFTER_RANKINGS.values(), ids=AFTER_RANKINGS)
def test_an_earlier_ranking_is_known(gate: str, numbers: dict[str, int], codes: str) -> None:
    """It says its largest count, and that each of the others is smaller."""
    now = of_channels(**numbers)
    first = release(ledger_with([top("top", whole(now), "channel")]), now).ledger
    assert first.figures["top"].value == "phone"
    part = count("part", whole(now).where(channel=codes.split("|")))
    figures = [part, count("chat", whole(now).where(channel="chat"))]
    figures += [count("total", whole(now))] if codes == "email" else []
    known = tuple(read_counts(first, now)) if gate else ()
    second = release(ledger_with(figures), now, known).ledger
    assert (second.figures["part"].value is None) == bool(gate)


@pytest.mark.parametrize("gate", ["gate", ""])
@pytest.mark.parametrize("flag", [True, False])
def test_the_second_count_of_an_earlier_ratio_is_known(gate: str, *, flag: bool) -> None:
    """Of 60 by an earlier edition 50 came by phone: beside 7 by e-mail that tells 3 by chat.

    A flag, whether that is a rise, has the same counts.
    """
    now = of_channels(phone=50, email=7, chat=3)
    email, phone = (whole(now).where(channel=code) for code in ("email", "phone"))
    ratio = rate_ratio("ratio", email, phone, exposure="open_day")
    earlier = supports_rise("ratio", ratio) if flag else ratio
    first = release(ledger_with([earlier]), now).ledger
    assert first.figures["ratio"].value is not None
    chat = count("chat", whole(now).where(channel="chat"))
    figures = [count("email", email), count("total", whole(now)), chat]
    assert are_published(now, figures, first if gate else None) == (not gate)


def are_published(now: Register, figures: Sequence[Figure], earlier: Ledger | None) -> bool:
    """Whether all figures but the last are released beside an earlier ledger."""
    known = tuple(read_counts(earlier, now)) if earlier else ()
    released = release(ledger_with([*figures]), now, known).ledger.figures
    return all(released[each.id].value is not None for each in figures[:-1])


@pytest.mark.parametrize("gate", ["gate", ""])
def test_the_rest_of_the_year_behind_a_ratio_is_known(gate: str) -> None:
    """An earlier edition compares January with it, so the total is known: less 57, it is 3."""
    days = {"phone": ["01-10"] * 20 + ["02-07"] * 30, "email": ["02-08"] * 7, "chat": ["03-07"] * 3}
    rows = [f"{day} | {code}" for code, several in days.items() for day in several]
    text = "\n".join(["nr | date | channel", *(f"{at} | {row}" for at, row in enumerate(rows))])
    now = with_threshold(register(contacts=text, previous=register(2016, contacts=text)))
    january = whole(now).during(dt.date(2017, 1, 1), dt.date(2017, 1, 31))
    then = january.previous()
    start = now.edition.period.start
    opened = [now.edition.calendar.is_open(start + dt.timedelta(days=at)) for at in range(365)]
    expected = 40 * sum(opened[:31]) / sum(opened[31:])
    ratio = Figure(
        id="ratio",
        kind="rate_ratio",
        unit="ratio",
        value=20 / expected,
        population=january.spec,
        of=then.spec,
        numerator=20,
        denominator=20,
        exposure=Exposure(unit="rest_of_year", own=expected, other=expected),
    )
    parts = [count(code, whole(now).where(channel=code)) for code in days]
    assert are_published(now, parts, ledger_with([ratio]) if gate else None) == (not gate)


@pytest.mark.parametrize("printed", ["", "phone", "1", "20", "flag"])
def test_printed_labels_ranks_maxima_and_flags_are_known(printed: str) -> None:
    """Fewer wrote than the 20 who phoned: of 21 who wrote or chatted, not all wrote."""
    numbers = {"phone": 20, "email": 18, "chat": 3, "unknown": 10}
    rows = [f"02-01 | {code}" for code, number in numbers.items() for _ in range(number)]
    text = "\n".join(["nr | date | channel", *(f"{at} | {row}" for at, row in enumerate(rows))])
    now = with_threshold(register(contacts=text, previous=register(2016, contacts=text)))
    figures = {
        "phone": top("figure", whole(now), "channel"),
        "1": rank("figure", whole(now), by="channel", code="phone"),
        "20": maximum("figure", whole(now), ["channel"]),
        "flag": same_top("figure", whole(now), by="channel", length=1),
    }
    part = count("part", whole(now).where(channel=["email", "chat"]))
    phone, chat = (count(each, whole(now).where(channel=each)) for each in ("phone", "chat"))
    known = list[PublishedRange]()
    if printed:
        value = printed.replace("flag", "1")
        known += read_print_as_count(figures[printed], value, now)
    released = release(ledger_with([part, phone, chat]), now, known).ledger.figures
    published = [name for name, each in released.items() if each.value is not None]
    assert (published == ["part", "phone"]) == (not printed)


def test_a_count_below_a_printed_top_is_known_to_be_so() -> None:
    """Nobody has to be able to think that five chatted, where all know that at most four did."""
    now = of_channels(phone=4, chat=3, unknown=30)
    printed = list(read_print_as_count(top("top", whole(now), "channel"), "phone", now))
    phone, chat = (whole(now).where(channel=code) for code in ("phone", "chat"))
    ledger = ledger_with([count("all", whole(now)), count("chat", chat)])
    released = release(ledger, now, [PublishedRange(phone.spec, 4, 4), *printed]).ledger
    assert (released.figures["all"].value, released.figures["chat"].value) == (37, None)


def test_the_most_of_a_day_of_the_year_before_limits_its_days() -> None:
    """Its days are those of that year."""
    text = "nr | date\n" + "\n".join(f"{at} | 02-01" for at in range(9))
    now = register(contacts=text, previous=register(2016, contacts=text))
    assert now.previous is not None
    figure = maximum("most", whole(now.previous), ["date"])
    known = list(read_counts(ledger_with([figure]), now))
    days = {code for each in known for code in each.spec.conditions[0].codes}
    assert {"2016-02-29", "2016-12-31"} <= days
    assert {(each.low, each.high, each.assumed) for each in known} == {(0, 9, True)}


def test_a_printed_ratio_says_a_count() -> None:
    """As many times the other count as its decimals say."""
    now = of_channels(phone=50, email=7)
    email, phone = (whole(now).where(channel=code) for code in ("email", "phone"))
    ratio = rate_ratio("ratio", email, phone, exposure="open_day")
    (known,) = read_print_as_count(ratio, "0.1", now)
    assert (known.spec, known.low, known.high) == (email.spec, 3, 7)


@pytest.mark.parametrize("printed", ["share", "change"])
def test_a_ratio_to_a_small_count_says_neither(printed: str) -> None:
    """Nobody knows the four of whom half are victims.

    Of 20 emails, five times as many as the year before, readers work out the four of that year.
    """
    rows = ["chat | victim"] * 2 + ["chat | parent"] * 2 + ["email | parent"] * 20
    rows += ["phone | victim"] * 15 + ["phone | parent"] * 20 + ["unknown | parent"] * 9
    lines = "\n".join(f"{place} | 02-01 | {row}" for place, row in enumerate(rows))
    codes = ["email"] * 4 + ["phone"] * 30 + ["unknown"] * 9
    before = "\n".join(f"{place} | 02-01 | {code}" for place, code in enumerate(codes))
    then = register(2016, contacts=f"nr | date | channel\n{before}")
    now = register(contacts=f"nr | date | channel | role\n{lines}", previous=then)
    now = with_threshold(now)
    chats, emails = (whole(now).where(channel=code) for code in ("chat", "email"))
    victims = chats.where(role="victim")
    if printed == "change":
        known = list(read_print_as_count(change("change", emails), "400", now))
    else:
        known = list(read_print_as_count(share("share", victims, chats), "50.0", now))
    # Were it published that 24 wrote or chatted, there weren't five emails the year before.
    either = whole(now).where(channel=["chat", "email"])
    counted_here = {"chats": chats, "victims": victims, "emails": emails, "either": either}
    counted_here["all"] = whole(now)
    figures = [count(name, each) for name, each in counted_here.items()]
    published = values(release(ledger_with(figures), now, known).ledger)
    assert {*published} == ({"all", "either"} if printed == "share" else {"all"})


@pytest.mark.parametrize("gate", ["gate", ""])
def test_a_ratio_between_two_hidden_counts(gate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight of nine chats were victims, who are twelve at most: sixteen of eighteen weren't."""
    numbers = {"chat | victim": 8, "chat | parent": 1, "email | victim": 4, "email | parent": 20}
    numbers |= {"phone | victim": 99}
    rows = [kind for kind, number in numbers.items() for _ in range(number)]
    lines = "\n".join(f"{place} | 02-01 | {row}" for place, row in enumerate(rows))
    now = with_threshold(register(contacts=f"nr | date | channel | role\n{lines}"), 10)
    chats, written = whole(now).where(channel="chat"), whole(now).where(channel=["chat", "email"])
    victims = chats.where(role="victim")
    figures = [count("chats", chats), count("victims", victims), count("all", whole(now))]
    figures += [count("written", written.where(role="victim"))]
    known = list(read_print_as_count(share("share", victims, chats), "88.9", now))
    if not gate:
        monkeypatch.setattr(cells, "_limit_by_ratio", lambda *_: ())
    published = values(release(ledger_with(figures), now, known).ledger)
    most = int(published.get("written", 99))
    fits = [
        of for of in range(1, most + 1) for n in range(most + 1) if f"{100 * n / of:.1f}" == "88.9"
    ]
    assert {*published} == ({"all"} if gate else {"all", "written"})
    assert (fits == [9]) == (not gate)


def test_a_share_of_a_large_count_says_both() -> None:
    """Whoever knows what 40 % of them are knows them all: so they can't be hidden any more."""
    now = of_channels(phone=50, email=20, chat=3)
    email = whole(now).where(channel="email")
    known = list(read_print_as_count(share("share", email, whole(now)), "27.4", now))
    blocks = read_cells(ledger_with([count("email", email)]), now, known, 5).blocks
    assert [cell.value for block in blocks for cell in block.cells if cell.fixed] == [20, 73]


def test_contacts_behind_a_mean_and_limits_of_a_maximum_are_known() -> None:
    """A mean by contact is divided by all contacts; a maximum is of each of its counts."""
    contacts = "\n".join(f"{at} | 02-01 | phone" for at in range(9))
    persons = "\n".join(f"{at} | {at}" for at in range(9))
    now = with_threshold(
        register(contacts=f"nr | date | channel\n{contacts}", persons=f"nr | contact\n{persons}")
    )
    figures = [
        mean("mean", whole(now, "persons"), "contact"),
        maximum("most", whole(now), ["channel"]),
    ]
    known = list(read_counts(ledger_with(figures), now))
    assert PublishedRange(whole(now).spec, 9, 9) in known
    phone = whole(now).where(channel="phone").spec
    limits = [each for each in known if each.spec == phone and not each.assumed]
    assert [(each.low, each.high) for each in limits] == [(0, 9)]


@pytest.mark.parametrize("field", ["role", "no_field"])
def test_what_was_published_by_a_field_that_is_no_more_is_skipped(field: str) -> None:
    """No source gives it now, or no code list has it."""
    now = of_channels(phone=9, email=8)
    gone = narrow(whole(now).spec, field, "victim")
    figures = [
        top("top", whole(now), "channel"),
        maximum("most", whole(now), ["channel"]),
        rank("rank", whole(now), by="channel", code="email"),
    ]
    later = [each.model_copy(update={"id": f"{each.id}.by", "by": (field,)}) for each in figures]
    earlier = [each.model_copy(update={"population": gone}) for each in figures]
    known = list(
        read_counts(ledger_with([*earlier, *later, top("last", whole(now), "channel")]), now)
    )
    assert PublishedRange(whole(now).where(channel="email").spec, 0, 8) in known
    release(counted(whole(now)), now, known)


def test_of_codes_that_tie_the_printed_one_is_the_first() -> None:
    """Nobody who read that most came by e-mail thinks that fewer did than by phone."""
    now = of_channels(phone=9, email=9)
    known = list(read_print_as_count(top("top", whole(now), "channel"), "email", now))
    email, phone = (whole(now).where(channel=code).spec for code in ("email", "phone"))
    assert PublishedRange(email, 0, np.inf, less=phone) in known


def test_a_top_limits_counts_that_no_table_has() -> None:
    """Of 27, 13 phoned and fewer wrote: if the top were published, two at least chatted."""
    now = of_channels(phone=13, email=11, chat=3)
    figures = [top("top", whole(now), "channel")]
    figures += [count(code, whole(now).where(channel=code)) for code in ("chat", "unknown")]
    released = release(ledger_with(figures), now).ledger.figures
    assert [released[each].value for each in ("top", "chat", "unknown")] == [None, None, 0]


def test_a_printed_count_of_the_year_before_is_known(tmp_path: Path) -> None:
    """A row of a file of printed figures says of which year it is."""
    then = year(30, 9, 2, of=2016)
    now = year(30, 9, 2, previous=then)
    now = replace(now, edition=now.edition.model_copy(update={"printed": ("print.csv",)}))
    head = "id,section,printed,value,unit,population,claimed,source,edition"
    line = "north,1,30,30,count,contacts,contacts,page 3,2016"
    (tmp_path / "print.csv").write_text(f"{head}\n{line}\n", "utf-8")
    ledger = counted(whole(now))
    before = counted(Population.whole(then, "contacts"), ".previous")
    ledger = ledger.model_copy(update={"figures": {**ledger.figures, **before.figures}})
    (known,) = list_published_counts(Project(tmp_path), now, ledger)
    assert (known.spec.edition, known.low, known.high) == ("2016", 30, 30)


@pytest.mark.parametrize("approved", [True, False])
def test_what_an_edition_of_another_year_says_of_this_one(
    tmp_path: Path, *, approved: bool
) -> None:
    """It was compared with this one, and approved before; or it is named as printed."""
    now = year(30, 9, 2)
    folder = Project(tmp_path).approved_ledgers("2018") if approved else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    if not approved:
        printed = {"printed": ("0.json",)}
        now = replace(now, edition=now.edition.model_copy(update=printed))
    ledger = Ledger(edition="2018", figures={"n": count("n", whole(now).where(helpline="north"))})
    (folder / "0.json").write_text(ledger.to_json(), "utf-8")
    (known,) = list_published_counts(Project(tmp_path), now, counted(whole(now)))
    assert (known.spec.condition("helpline"), known.low, known.high) == (
        whole(now).where(helpline="north").spec.condition("helpline"),
        30,
        30,
    )
    (folder / ("1.json" if approved else "0.json")).write_text("{}", "utf-8")
    step = "build that edition" if approved else "name the data/ledger.json"
    with pytest.raises(ParametersError, match=f"no ledger of this version\n  → {step}"):
        list_published_counts(Project(tmp_path), now, counted(whole(now)))
