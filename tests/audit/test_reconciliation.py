"""Each kind of verdict by itself; the report of 2017; and numbers that were revised."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.printed_figures import convert_released
from helpline_report.audit.reconciliation import (
    add_notes,
    judge_claims,
    make_reconciliation,
    reconcile,
    refuse_revisions,
)
from helpline_report.errors import EXIT_USER, ExportError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Breakdown, Figure, PopulationSpec, Reason
from helpline_report.figures.printed import PrintedFigure, Reconciled
from helpline_report.parameters.earlier_reports import read_trend
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from tests.audit.in_process import writer_of
from tests.present import present
from tests.prose.two_years import change, count, figure, share, spec

ALL = spec()
PHONE = spec(channel="phone")
PERSONS = spec("persons")


Judge = Callable[..., Reconciled]


def mean(name: str, number: int, divisor: int, population: PopulationSpec) -> Figure:
    exposure = {"unit": "month", "of": divisor}
    parts = {"id": name, "counts": (number, divisor), "exposure": exposure}
    return figure("mean", number / divisor, **parts, population=population)


def as_printed(
    figure: Figure, text: str, value: str, *, population: str = "", claimed: str = ""
) -> PrintedFigure:
    """A figure as a report printed it: of what it is, unless told otherwise."""
    whole = figure.of if figure.kind == "share" and figure.of else figure.population
    noun = whole.noun.replace("_", " ")
    return PrintedFigure(
        id=figure.id,
        section="1",
        printed=text,
        value=value,
        unit=figure.unit,
        population=population or noun,
        claimed=claimed or population or noun,
        source="the helpline, annual report",
    )


@pytest.fixture
def judge(repository: Path) -> Judge:
    """Reconcile some figures with their prints, and return what became of the first."""

    def judged(*pairs: tuple[Figure, PrintedFigure], **parts: Any) -> Reconciled:
        figures = {figure.id: figure for figure, _ in pairs}
        ledger = Ledger(edition="2017", figures=figures, **parts)
        writer = writer_of(repository, ledger)
        return reconcile([item for _, item in pairs], ledger, writer)[0]

    return judged


@pytest.mark.parametrize(
    ("number", "text", "value", "verdict"),
    [
        (4812, "4.812", "4812", "agrees"),
        (0, "geen", "0", "agrees"),
        (4811, "4.812", "4812", "revised"),
        (4812, "ruim 4.800", "4800", "agrees_rounded"),
        (4912, "ruim 4.800", "4800", "revised"),
        (4849, "ongeveer 4.800", "4800", "agrees_rounded"),
        (4850, "ongeveer 4.800", "4800", "revised"),
        (13, "ruim 12", "12", "revised"),
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
        ((1, 8), "ruim 12%", "12", "agrees_rounded"),
        ((1, 8), "bijna 13%", "13", "agrees_rounded"),
        ((1, 8), "ongeveer 12%", "12", "revised"),
        ((1, 8), "minder dan 12%", "12", "revised"),
        ((1, 8), "12% (ruimte voor twijfel)", "12", "revised"),
        ((53, 1000), "5,30 %", "5.3", "agrees"),
        ((864, 1000), "86.4%", "86.4", "agrees"),
        ((1, 3), "een derde", "33.3", "agrees"),
    ],
)
def test_shares_are_rounded_half_up(
    judge: Judge, parts: tuple[int, int], text: str, value: str, verdict: str
) -> None:
    """A share agrees when it rounds, half up, to what is printed, or lies where the hedge says."""
    figure = share("contacts.share.phone", parts, PHONE, ALL)
    assert judge((figure, as_printed(figure, text, value))).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [("1", "agrees"), ("3", "agrees"), ("6", "revised")])
def test_of_a_draw_each_is_the_largest(judge: Judge, value: str, verdict: str) -> None:
    """January and March have as many: a print that names March isn't revised."""
    busiest = {"kind": "top", "unit": "month", "value": 1, "by": ("month",), "tied": ("03",)}
    figure = count("contacts.month.busiest", 51, ALL).model_copy(update=busiest)
    assert judge((figure, as_printed(figure, "een maand", value))).verdict == verdict


SHARE = share("problems.share", (1, 4), spec("persons", problem="child_abuse"), PERSONS)
COUNT = count("problems", 12, PERSONS)


@pytest.mark.parametrize(
    ("item", "figure", "verdict"),
    [
        (as_printed(SHARE, "25%", "25", claimed="contacts"), SHARE, "wrong_population"),
        (as_printed(SHARE, "26%", "26", claimed="contacts"), SHARE, "revised"),
        (as_printed(COUNT, "10", "10", population="contacts"), COUNT, "redefined"),
        (as_printed(SHARE, "10%", "10").model_copy(update={"id": "problems"}), COUNT, "redefined"),
    ],
    ids=["right, of something else", "wrong, of something else", "redefined", "another unit"],
)
def test_what_a_number_is_of(
    judge: Judge, item: PrintedFigure, figure: Figure, verdict: str
) -> None:
    """A right number is called what it isn't of; a wrong one is revised, or was of another kind."""
    judged = judge((figure, item))
    assert judged.verdict == verdict
    if verdict == "wrong_population":
        assert "van de gemelde personen, en niet van de contactnames" in judged.reason


@pytest.mark.parametrize(
    ("text", "value", "verdict", "percent"),
    [("8,6 %", "8.6", "contradicts", "+15,96"), ("16,0 %", "16", "revised", "+50,00")],
)
def test_a_change_beside_its_counts(
    judge: Judge, text: str, value: str, verdict: str, percent: str
) -> None:
    """26 788 against 23 101 is +15,96 %; what only the exports say otherwise was revised."""
    now, then = spec("users"), spec("users", 2016)
    users = count("users", 30000, now), count("users.previous", 20000, then)
    changed = change("users.change", (30000, 20000), now, then)
    judged = judge(
        (changed, as_printed(changed, text, value)),
        (users[0], as_printed(users[0], "26.788", "26788")),
        (users[1], as_printed(users[1], "23.101", "23101")),
    )
    assert judged.verdict == verdict
    assert percent in judged.reason


def test_what_the_counts_beside_it_exclude(judge: Judge) -> None:
    """1 of 4 is no 30 %; and the printed parts of a whole series are added up."""
    part, whole = count("phone", 10, PHONE), count("total", 20, ALL)
    figure = share("share", (10, 20), PHONE, ALL)
    judged = judge(
        (figure, as_printed(figure, "30%", "30")),
        (part, as_printed(part, "1", "1")),
        (whole, as_printed(whole, "4", "4")),
    )
    assert (judged.verdict, judged.computed) == ("contradicts", "50.0")
    total = count("total", 9, ALL)
    parts = {c: count(f"channel.{c}", 4, spec(channel=c)) for c in ("phone", "email")}
    members = [{"codes": (code,), "figure": each.id} for code, each in parts.items()]
    series = {"id": "channel", "by": ("channel",), "members": members}
    judged = judge(
        (total, as_printed(total, "8", "8")),
        *((part, as_printed(part, "3", "3")) for part in parts.values()),
        breakdowns={"channel": Breakdown.model_validate({**series, "population": ALL})},
    )
    assert judged.verdict == "contradicts"
    assert "zijn samen 6" in judged.reason


@pytest.mark.parametrize(
    ("text", "whole_text", "whole_value", "verdict"),
    [("12", "480", "480", "contradicts"), ("98", "4.800", "4800", "revised")],
)
def test_a_mean_is_made_anew_of_a_share_of_a_whole(
    judge: Judge, text: str, whole_text: str, whole_value: str, verdict: str
) -> None:
    """25 % of 480 is 10 a month; printed without decimals it leaves room: 24,5 % of 4800 is 98."""
    whole, figure = count("total", 500, ALL), share("share", (1, 5), PHONE, ALL)
    monthly = mean("mean", 100, 12, PHONE)
    judged = judge(
        (monthly, as_printed(monthly, text, text)),
        (whole, as_printed(whole, whole_text, whole_value)),
        (figure, as_printed(figure, "25%", "25")),
    )
    assert judged.verdict == verdict


@pytest.mark.parametrize(
    ("code", "kind", "unit", "verdict"),
    [
        ("no_field", "count", "count", "not_computable"),
        ("protected", "count", "count", "not_computable"),
        ("break", "change", "percent change", "not_comparable"),
    ],
)
def test_a_figure_without_a_value(
    judge: Judge, code: str, kind: str, unit: str, verdict: str
) -> None:
    """What the exports can't give can't be computed, and across a break nothing is comparable."""
    reason = Reason.model_validate({"code": code, "about": "channel"})
    gone = {"value": None, "status": "unavailable", "reason": reason}
    of = {"population": ALL, "of": spec(year=2016)}
    figure = Figure.model_validate({"id": "x", "kind": kind, "unit": unit, **gone, **of})
    judged = judge((figure, as_printed(figure, "3", "3")))
    assert (judged.verdict, judged.computed) == (verdict, "")
    begins = {"no_field": "Niet te berekenen: de bron", "protected": "Niet getoond: een klein"}
    assert judged.reason.startswith(begins.get(code, "De twee perioden"))


def test_a_figure_that_no_chapter_computes(repository: Path) -> None:
    """An id that isn't in the ledger stops nothing."""
    total = count("contacts.total", 1, ALL)
    ledger = Ledger(edition="2017", figures={total.id: total})
    item = as_printed(total.model_copy(update={"id": "nowhere"}), "1", "1")
    (reconciled,) = reconcile([item], ledger, writer_of(repository, ledger))
    assert reconciled.verdict == "not_computable"


def test_a_reason_gives_the_numbers(
    repository: Path,
    printed: tuple[PrintedFigure, ...],
    sample_ledger: Ledger,
    reconciled: tuple[Reconciled, ...],
) -> None:
    """630 e-mails in twelve months are 52,5; 62 cases against 24 prove no rise: in any language."""
    reasons = {item.printed.id: item.reason for item in reconciled}
    assert reasons["contacts.monthly_mean.email"] == (
        "Het verslag geeft zelf 13,09\N{NO-BREAK SPACE}% van 4.812, dus 630. Gedeeld door 12 is "
        "dat 52,50, en niet ‘50’ zoals gedrukt staat."
    )
    assert reasons["sectors.sport_leisure.sexual.change"] == (
        "De cijfers dragen geen stijging: verhouding 1,30, marge van 95\N{NO-BREAK SPACE}%: "
        "0,67 tot 2,69."
    )
    writer = writer_of(repository, sample_ledger, "en")
    reasons = {i.printed.id: i.reason for i in reconcile(printed, sample_ledger, writer)}
    assert reasons["sectors.sport_leisure.sexual.change"] == (
        "The numbers don't bear out a rise: rate ratio 1.30, 95% margin of error: 0.67 to 2.69."
    )


def test_the_file(reconciled: tuple[Reconciled, ...]) -> None:
    """A line feed a line, in the printed order; of made-up rows what agrees is no news."""
    content = make_reconciliation(reconciled).content.decode()
    header = "id,printed,value,computed,verdict,reason,population,claimed,section,source,edition\n"
    assert content.startswith(header + "website.pageviews,74.088,74088,74088,agrees,")
    assert (content.count("\n"), content.count("\r")) == (163, 0)
    lines = csv.DictReader(
        make_reconciliation(reconciled, synthetic=True).content.decode().splitlines()
    )
    assert {line["rows"] for line in lines} == {"synthetic, made to give the printed totals"}


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
    published = list(convert_released(ledger("2016", 4596, 4000), now, "Jaarverslag 2016"))
    return reconcile(published, now, writer_of(repository, now))


def edition(repository: Path, **known: Any) -> Edition:
    """The parameters of 2017, with what they acknowledge."""
    entry = {"fault": "B69", "reason": REASON} | known
    parameters = Project(repository).edition("2017").model_dump(mode="json", by_alias=True)
    return Edition.model_validate(parameters | {"acknowledged": [entry] if known else []})


def is_refused(revised: Sequence[Reconciled], edition: Edition) -> bool:
    try:
        refuse_revisions(revised, edition)
    except ExportError:
        return True
    return False


def test_a_revision_stops_the_build(repository: Path, revised: tuple[Reconciled, ...]) -> None:
    """It names the figure with both values, and the line to add; what was typed over stops none."""
    with pytest.raises(ExportError) as caught:
        refuse_revisions(revised, edition(repository))
    assert caught.value.exit_code == EXIT_USER
    message = str(caught.value)
    what = "contacts.then was published as 4596, and 4604 is counted now"
    assert f"[B69] ledger-2016.json: {what}" in message
    assert '- {fault: B69, file: ledger-2016.json, rows: 1, reason: {nl: "…", en: "…"}}' in message
    assert "phones.then" not in message
    typed = [
        item.model_copy(update={"printed": item.printed.model_copy(update={"released": False})})
        for item in revised
    ]
    assert [item.verdict for item in typed] == ["revised", "agrees"]
    assert not is_refused(typed, edition(repository))


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        ({"about": "contacts.then"}, False),
        ({"file": "ledger-2016.json", "rows": 1}, False),
        ({"rows": 3}, False),
        ({"about": "phones.then"}, True),
        ({"file": "ledger-2015.json"}, True),
    ],
)
def test_a_revision_is_known_by_its_figure_or_its_ledger(
    repository: Path, revised: tuple[Reconciled, ...], known: dict[str, Any], *, refused: bool
) -> None:
    """What is known of another figure, or of another ledger, says nothing of this one."""
    assert is_refused(revised, edition(repository, **known)) == refused


def test_more_than_is_known(repository: Path) -> None:
    """Two revisions where one is acknowledged stop the build again."""
    now = ledger("2017", 4604, 4001)
    published = list(convert_released(ledger("2016", 4596, 4000), now, "Jaarverslag 2016"))
    both = reconcile(published, now, writer_of(repository, now))
    assert is_refused(both, edition(repository, rows=1))


def test_the_note_stands_beside_both_numbers(
    repository: Path, revised: tuple[Reconciled, ...]
) -> None:
    """The reason of the acknowledgement is the note of the revision; what agrees has none."""
    words = AuditWords(writer_of(repository, Ledger(edition="2017")))
    one, two = add_notes(revised, edition(repository, rows=1), words)
    assert (one.printed.printed, one.computed) == ("4596", "4604")
    assert one.reason.endswith("Toelichting: acht contactnames werden later ingevoerd.")
    assert two == revised[1]


def test_claims_without_a_figure_have_a_verdict(repository: Path, sample_ledger: Ledger) -> None:
    """June is held against its ratio, a rise since 2012 against what changed since."""
    edition = Project(repository).edition("2017")
    ledger = sample_ledger.model_copy(update={"trend": read_trend(Project(repository), edition)})
    claims = judge_claims(edition.printed_claims, writer_of(repository, ledger))
    assert [(claim.id, claim.verdict) for claim in claims] == [
        ("june_campaign", "not_supported"),
        ("since_2012", "not_comparable"),
    ]
    june, since = (claim.reason for claim in claims)
    assert june.startswith("De cijfers dragen geen stijging: verhouding 1,12, marge van 95")
    assert "in de rest van het jaar" in june
    assert "Gedrukt werd toen: 2.500; 2.548." in since
    assert "sinds 1 maart 2014 ook per e-mail" in since


CLAIMS = pytest.mark.parametrize(
    ("rows", "low", "breaks", "verdict"),
    [
        ("confidential", 1.1, False, "agrees"),
        ("confidential", 1.1, True, "not_comparable"),
        ("confidential", 1.00004, False, "not_supported"),
        ("synthetic", 1.1, False, "not_supported"),
    ],
)


@CLAIMS
def test_a_claim_that_the_ratio_bears_out(
    repository: Path, sample_ledger: Ledger, rows: str, low: float, verdict: str, *, breaks: bool
) -> None:
    """It agrees by the interval as it is written, without breaks, and of rows that are real."""
    ratio = sample_ledger.figures["media.campaign.older_people.relative"]
    assert ratio.breaks
    interval = present(ratio.interval).model_copy(update={"low": low})
    own = {"interval": interval, "breaks": ratio.breaks if breaks else ()}
    figures = {**sample_ledger.figures, ratio.id: ratio.model_copy(update=own)}
    writer = writer_of(repository, sample_ledger.model_copy(update={"figures": figures}))
    edition = writer.edition.model_copy(update={"rows": rows})
    writer = replace(writer, edition=edition)
    (claim,) = judge_claims(edition.printed_claims[:1], writer)
    assert claim.verdict == verdict
    wanted = {"agrees": "dragen deze stijging", "not_comparable": "niet te vergelijken"}
    made_up = {"synthetic": "zijn verzonnen", "confidential": "95\N{NO-BREAK SPACE}%: 1,00"}
    assert wanted.get(verdict, made_up[rows]) in claim.reason


@CLAIMS
def test_a_printed_flag_is_judged_as_a_claim_is(
    repository: Path, sample_ledger: Ledger, rows: str, low: float, verdict: str, *, breaks: bool
) -> None:
    """By the interval as it is written, without breaks, and of rows that are real."""
    flag = sample_ledger.figures["sectors.sport_leisure.sexual.change"]
    ratio = sample_ledger.figures["media.campaign.older_people.relative"]
    interval = present(flag.interval).model_copy(update={"low": low})
    own = {"interval": interval, "breaks": ratio.breaks if breaks else ()}
    rise = flag.model_copy(update={**own, "value": int(interval.supports_rise)})
    writer = writer_of(repository, sample_ledger.model_copy(update={"figures": {rise.id: rise}}))
    writer = replace(writer, edition=writer.edition.model_copy(update={"rows": rows}))
    (judged,) = reconcile([as_printed(rise, "een stijging", "1")], writer.ledger, writer)
    assert judged.verdict == verdict
