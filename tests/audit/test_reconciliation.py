"""Each kind of verdict by itself; the report of 2017; and numbers that were revised."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.contradictions import find_contradiction, read_report
from helpline_report.audit.printed_figures import released_figures
from helpline_report.audit.reconciliation import (
    add_notes,
    reconcile,
    refuse_revisions,
    write_reconciliation,
)
from helpline_report.errors import EXIT_USER, ExportError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Reason, Series
from helpline_report.figures.printed import PrintedFigure, Reconciled
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from tests.audit.conftest import Judge, as_printed, change, count, mean, share, spec
from tests.audit.in_process import writer_of

ALL = spec()
PHONE = spec(channel="phone")
PERSONS = spec("persons")


@pytest.mark.parametrize(
    ("number", "text", "value", "verdict"),
    [
        (4812, "4.812", "4812", "agrees"),
        (0, "geen", "0", "agrees"),
        (4811, "4.812", "4812", "revised"),
        (4812, "ruim 4.800", "4800", "agrees_rounded"),
        (4912, "ruim 4.800", "4800", "revised"),
    ],
)
def test_counts_are_exact(judge: Judge, number: int, text: str, value: str, verdict: str) -> None:
    """A count agrees to the last one, unless the print says that it is cut short."""
    figure = count("contacts.total", number, ALL)
    assert judge((figure, as_printed(figure, text, value))).verdict == verdict


@pytest.mark.parametrize(
    ("parts", "text", "value", "verdict"),
    [
        ((1, 8), "12,5%", "12.5", "agrees"),
        ((1, 8), "13%", "13", "agrees_rounded"),
        ((1, 8), "12%", "12", "revised"),
        ((1, 4), "25%", "25", "agrees"),
        ((57, 200), "28,5 %", "28.5", "agrees"),
        ((57, 200), "29%", "29", "agrees_rounded"),
        ((1, 8), "ruim 12%", "12", "agrees_rounded"),
        ((1, 8), "bijna 13%", "13", "agrees_rounded"),
        ((1, 8), "ongeveer 12%", "12", "revised"),
        ((1, 8), "meer dan 12%", "12", "agrees_rounded"),
        ((1, 8), "minder dan 12%", "12", "revised"),
    ],
)
def test_shares_are_rounded_half_up(
    judge: Judge, parts: tuple[int, int], text: str, value: str, verdict: str
) -> None:
    """A share agrees when it rounds, half up, to what is printed, or lies where the hedge says."""
    figure = share("contacts.share.phone", parts, PHONE, ALL)
    assert judge((figure, as_printed(figure, text, value))).verdict == verdict


def test_a_right_number_of_something_else(judge: Judge) -> None:
    """The number agrees, and is called a share of what it isn't a share of."""
    figure = share("problems.share", (1, 4), spec("persons", problem="child_abuse"), PERSONS)
    found = judge((figure, as_printed(figure, "25%", "25", claimed="contacts")))
    assert found.verdict == "wrong_population"
    assert "van de gemelde personen, en niet van de contactnames" in found.reason


def test_a_wrong_number_of_something_else_is_not_excused(judge: Judge) -> None:
    """Where the number itself is wrong, what it is called doesn't decide."""
    figure = share("problems.share", (1, 4), spec("persons", problem="child_abuse"), PERSONS)
    found = judge((figure, as_printed(figure, "26%", "26", claimed="contacts")))
    assert found.verdict == "revised"


def test_another_population_than_the_report_counted(judge: Judge) -> None:
    """The report counted contacts where persons are counted now, and the numbers differ."""
    figure = count("problems", 12, PERSONS)
    found = judge((figure, as_printed(figure, "10", "10", population="contacts")))
    assert found.verdict == "redefined"


def test_another_unit_than_the_report_gave(judge: Judge) -> None:
    """A count and a share of the same name can't be held against each other."""
    figure = count("problems", 12, PERSONS)
    item = as_printed(figure, "10%", "10").model_copy(update={"unit": "percent"})
    assert judge((figure, item)).verdict == "redefined"


def test_a_change_that_the_counts_beside_it_exclude(judge: Judge) -> None:
    """26 788 against 23 101 is +15,96 %, whatever today's exports say."""
    now, then = spec("users"), spec("users", 2016)
    users = count("users", 30000, now), count("users.previous", 20000, then)
    changed = change("users.change", (30000, 20000), now, then)
    found = judge(
        (changed, as_printed(changed, "8,6 %", "8.6")),
        (users[0], as_printed(users[0], "26.788", "26788")),
        (users[1], as_printed(users[1], "23.101", "23101")),
    )
    assert found.verdict == "contradicts"
    assert "+15,96" in found.reason


def test_a_change_that_the_counts_beside_it_bear_out(judge: Judge) -> None:
    """What only the exports say otherwise was revised."""
    now, then = spec("users"), spec("users", 2016)
    users = count("users", 30000, now), count("users.previous", 20000, then)
    changed = change("users.change", (30000, 20000), now, then)
    found = judge(
        (changed, as_printed(changed, "16,0 %", "16")),
        (users[0], as_printed(users[0], "26.788", "26788")),
        (users[1], as_printed(users[1], "23.101", "23101")),
    )
    assert found.verdict == "revised"


def test_a_share_that_the_counts_beside_it_exclude(judge: Judge) -> None:
    """1 of 4 is no 30 %."""
    part, whole = count("phone", 10, PHONE), count("total", 20, ALL)
    figure = share("share", (10, 20), PHONE, ALL)
    found = judge(
        (figure, as_printed(figure, "30%", "30")),
        (part, as_printed(part, "1", "1")),
        (whole, as_printed(whole, "4", "4")),
    )
    assert (found.verdict, found.computed) == ("contradicts", "50.0")


def test_a_mean_is_made_anew_of_a_share_of_a_whole(judge: Judge) -> None:
    """Where the count isn't printed, its share and the whole give it: 25 % of 480 is 10 a month."""
    whole, figure = count("total", 500, ALL), share("share", (1, 5), PHONE, ALL)
    monthly = mean("mean", 100, 12, PHONE)
    found = judge(
        (monthly, as_printed(monthly, "12", "12")),
        (whole, as_printed(whole, "480", "480")),
        (figure, as_printed(figure, "25%", "25")),
    )
    assert found.verdict == "contradicts"


def test_rounding_of_the_print_is_allowed_for(judge: Judge) -> None:
    """25 % printed without decimals leaves room: 24,5 % of 4800 is 98 a month, not excluded."""
    whole, figure = count("total", 500, ALL), share("share", (1, 5), PHONE, ALL)
    monthly = mean("mean", 100, 12, PHONE)
    found = judge(
        (monthly, as_printed(monthly, "98", "98")),
        (whole, as_printed(whole, "4.800", "4800")),
        (figure, as_printed(figure, "25%", "25")),
    )
    assert found.verdict == "revised"


def test_parts_that_dont_add_up(judge: Judge) -> None:
    """The printed parts of a whole series are added up."""
    total = count("total", 9, ALL)
    parts = [count(f"channel.{code}", 4, spec(channel=code)) for code in ("phone", "email")]
    series = Series.model_validate(
        {
            "id": "channel",
            "by": "channel",
            "unit": "count",
            "members": [
                {"code": "phone", "figure": "channel.phone"},
                {"code": "email", "figure": "channel.email"},
            ],
            "population": ALL,
        }
    )
    found = judge(
        (total, as_printed(total, "8", "8")),
        *((part, as_printed(part, "3", "3")) for part in parts),
        series={"channel": series},
    )
    assert found.verdict == "contradicts"
    assert "zijn samen 6" in found.reason


def test_a_first_place_that_another_code_has_in_print(judge: Judge) -> None:
    """The busiest month can't be one with fewer contacts, in the same report, than another."""
    months = {"01": 30, "02": 40}
    figures = [count(f"month.{m}", number, spec(month=m)) for m, number in months.items()]
    top = Figure.model_validate(
        {
            "id": "busiest",
            "kind": "top",
            "unit": "month",
            "value": 3,
            "population": ALL,
            "by": ["month"],
            "place": 1,
        }
    )
    members = [{"code": m, "figure": f"month.{m}"} for m in months]
    series = Series.model_validate(
        {"id": "month", "by": "month", "unit": "count", "members": members, "population": ALL}
    )
    found = judge(
        (top, as_printed(top, "januari", "1")),
        *((f, as_printed(f, str(n), str(n))) for f, n in zip(figures, (30, 40), strict=True)),
        series={"month": series},
    )
    assert found.verdict == "contradicts"
    assert "40 voor februari" in found.reason


def _unavailable(code: str, kind: str, unit: str) -> Figure:
    return Figure.model_validate(
        {
            "id": "contacts.change",
            "kind": kind,
            "unit": unit,
            "value": None,
            "status": "unavailable",
            "reason": Reason.model_validate({"code": code, "about": "channel"}),
            "population": ALL,
            "of": spec(year=2016),
        }
    )


def test_a_figure_without_a_value(judge: Judge) -> None:
    """What the exports can't give can't be computed, and the reason says why."""
    figure = _unavailable("no_field", "count", "count")
    found = judge((figure, as_printed(figure, "3", "3")))
    assert (found.verdict, found.computed) == ("not_computable", "")
    assert found.reason == "Niet te berekenen: de bron registreert geen kanaal."


def test_a_comparison_that_a_break_forbids(judge: Judge) -> None:
    """Two periods between which a break lies aren't comparable."""
    figure = _unavailable("break", "change", "percent change")
    assert judge((figure, as_printed(figure, "3%", "3"))).verdict == "not_comparable"


def test_a_figure_that_no_chapter_computes(repository: Path) -> None:
    """An id that isn't in the ledger stops nothing."""
    item = as_printed(count("nowhere", 1, ALL), "1", "1")
    ledger = Ledger(edition="2017")
    assert reconcile([item], ledger, writer_of(repository, ledger))[0].verdict == "not_computable"


STATUS = Path(__file__).with_name("verdicts-2017.csv")


def _status() -> dict[str, str]:
    with STATUS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["status"] for row in csv.DictReader(file)}


def test_the_report_of_2017_is_judged_as_it_deserves(reconciled: tuple[Reconciled, ...]) -> None:
    """Computed verdicts are those that a reader with the report and a pencil comes to."""
    found = {item.printed.id: item.verdict for item in reconciled}
    agreeing = {name: "agrees" if v == "agrees_rounded" else v for name, v in found.items()}
    assert agreeing == _status()


def test_fifteen_of_the_162_are_mistakes_of_the_print(reconciled: tuple[Reconciled, ...]) -> None:
    """All others agree, with their decimals or without."""
    wrong = [item for item in reconciled if item.verdict not in ("agrees", "agrees_rounded")]
    assert (len(reconciled), len(wrong)) == (162, 15)


def test_the_print_contradicts_itself_in_two_places(
    repository: Path, printed: tuple[PrintedFigure, ...], sample_ledger: Ledger
) -> None:
    """Its own numbers exclude two of its figures, and none of the 160 others."""
    figures, words = sample_ledger.figures, AuditWords(writer_of(repository, sample_ledger))
    report = read_report(printed, sample_ledger, lambda item: figures.get(item.id))
    assert {
        item.id for item in printed if find_contradiction(item, figures[item.id], report, words)
    } == {"website.users.change", "contacts.monthly_mean.email"}


def test_the_reason_of_a_contradiction_gives_the_numbers(
    reconciled: tuple[Reconciled, ...],
) -> None:
    """630 e-mails in twelve months are 52,5 a month, and not 50."""
    reasons = {item.printed.id: item.reason for item in reconciled}
    assert reasons["contacts.monthly_mean.email"] == (
        "Het verslag geeft zelf 13,09\N{NO-BREAK SPACE}% van 4.812, dus 630. Gedeeld door 12 is "
        "dat 52,50, en niet ‘50’ zoals gedrukt staat."
    )


def test_the_reason_of_a_rise_that_isnt_one_gives_the_interval(
    reconciled: tuple[Reconciled, ...],
) -> None:
    """62 cases in 365 days against 24 in 184 prove no rise."""
    reasons = {item.printed.id: item.reason for item in reconciled}
    assert reasons["sectors.sport_leisure.sexual.change"] == (
        "De cijfers dragen geen stijging: verhouding 1,30, 95\N{NO-BREAK SPACE}%-interval "
        "0,67 tot 2,69."
    )


def test_reasons_are_told_in_english_too(
    repository: Path, printed: tuple[PrintedFigure, ...], sample_ledger: Ledger
) -> None:
    """The language is that of the writer."""
    writer = writer_of(repository, sample_ledger, "en")
    reasons = {i.printed.id: i.reason for i in reconcile(printed, sample_ledger, writer)}
    assert reasons["sectors.sport_leisure.sexual.change"] == (
        "The numbers don't carry a rise: rate ratio 1.30, 95% interval 0.67 to 2.69."
    )


def test_the_file_is_the_same_bytes_everywhere(
    tmp_path: Path, reconciled: tuple[Reconciled, ...]
) -> None:
    """Comma-separated UTF-8 without a byte order mark, a line feed a line, in the printed order."""
    path = tmp_path / "reconciliation.csv"
    write_reconciliation(reconciled, path)
    content = path.read_bytes()
    header = b"id,printed,value,computed,verdict,reason,population,claimed,section,source,edition\n"
    assert content.startswith(header + b"website.pageviews,74.088,74088,74088,agrees,")
    assert (content.count(b"\n"), content.count(b"\r")) == (163, 0)


REASON = {"nl": "acht contactnames werden later ingevoerd.", "en": "eight were entered later"}


def ledger(year: str, total: int, phones: int) -> Ledger:
    """What an edition says of 2016: its contacts, and those by phone."""
    figures = [
        count("contacts.then", total, spec(year=2016)),
        count("phones.then", phones, spec(year=2016, channel="phone")),
    ]
    return Ledger(edition=year, figures={figure.id: figure for figure in figures})


@pytest.fixture
def revised(repository: Path) -> tuple[Reconciled, ...]:
    """4596 contacts and 4000 by phone were published; 4604 and 4000 are counted now."""
    now = ledger("2017", 4604, 4000)
    said = list(released_figures(ledger("2016", 4596, 4000), now, "Jaarverslag 2016"))
    return reconcile(said, now, writer_of(repository, now))


def edition(repository: Path, **known: Any) -> Edition:
    """The parameters of 2017, with what they acknowledge."""
    entry = {"fault": "B69", "reason": REASON} | known
    found = Project(repository).edition("2017").model_dump(mode="json", by_alias=True)
    return Edition.model_validate(found | {"acknowledged": [entry] if known else []})


def test_a_revision_stops_the_build(repository: Path, revised: tuple[Reconciled, ...]) -> None:
    """It names the figure with both values, and the line to add."""
    with pytest.raises(ExportError) as caught:
        refuse_revisions(revised, edition(repository))
    assert caught.value.exit_code == EXIT_USER
    said = str(caught.value)
    assert (
        "[B69] ledger-2016.json: contacts.then was published as 4596, and 4604 is counted now"
        in said
    )
    assert "- {fault: B69, file: ledger-2016.json, rows: 1, reason: {nl: …, en: …}}" in said
    assert "phones.then" not in said


@pytest.mark.parametrize(
    "known",
    [{"about": "contacts.then"}, {"file": "ledger-2016.json", "rows": 1}, {"rows": 3}],
)
def test_a_revision_that_is_known(
    repository: Path, revised: tuple[Reconciled, ...], known: dict[str, Any]
) -> None:
    """By its figure, or by how many there are: nothing stops."""
    refuse_revisions(revised, edition(repository, **known))


@pytest.mark.parametrize("known", [{"about": "phones.then"}, {"file": "ledger-2015.json"}])
def test_another_revision_is_not_known_with_it(
    repository: Path, revised: tuple[Reconciled, ...], known: dict[str, Any]
) -> None:
    """What is known of another figure, or of another ledger, says nothing of this one."""
    with pytest.raises(ExportError):
        refuse_revisions(revised, edition(repository, **known))


def test_more_than_is_known(repository: Path) -> None:
    """Two revisions where one is acknowledged stop the build again."""
    now = ledger("2017", 4604, 4001)
    said = list(released_figures(ledger("2016", 4596, 4000), now, "Jaarverslag 2016"))
    found = reconcile(said, now, writer_of(repository, now))
    with pytest.raises(ExportError):
        refuse_revisions(found, edition(repository, rows=1))


def test_what_was_typed_over_stops_nothing(
    repository: Path, revised: tuple[Reconciled, ...]
) -> None:
    """The same number from a CSV file of printed figures has its verdict, and that is all."""
    typed = [
        item.model_copy(update={"printed": item.printed.model_copy(update={"released": False})})
        for item in revised
    ]
    assert [item.verdict for item in typed] == ["revised", "agrees"]
    refuse_revisions(typed, edition(repository))


def test_the_note_stands_beside_both_numbers(
    repository: Path, revised: tuple[Reconciled, ...]
) -> None:
    """The reason of the acknowledgement is the note of the revision; what agrees has none."""
    words = AuditWords(writer_of(repository, Ledger(edition="2017")))
    one, two = add_notes(revised, edition(repository, rows=1), words)
    assert (one.printed.printed, one.computed) == ("4596", "4604")
    assert one.reason.endswith("Toelichting: acht contactnames werden later ingevoerd.")
    assert two == revised[1]
