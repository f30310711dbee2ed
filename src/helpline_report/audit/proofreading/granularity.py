"""Percentages that no whole number of a population gives, and that fit another one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from helpline_report.audit.proofreading.arithmetic import can_be_printed, total
from helpline_report.audit.proofreading.evidence import Evidence
from helpline_report.audit.proofreading.findings import Finding, Outcome, Outcomes, count, say
from helpline_report.audit.proofreading.mentions import Mention
from helpline_report.audit.proofreading.nouns import names_singular
from helpline_report.audit.proofreading.vocabulary import dutch

CHECK = "granularity"
HUNDRED = Decimal(100)
FEWEST = 2


def granularity(evidence: Evidence) -> Outcomes:
    """Each paragraph whose shares make up one whole, against the population they are said to share.

    A percentage with two decimals of some thousands is a whole number of them in about half of all
    cases. So one that isn't proves little, and three that make up a whole do: if none of them is
    right of the population named, all are of another, and the sentences speak of its members.
    """
    for mentions in evidence.paragraphs():
        group = _whole_group(mentions)
        if group:
            yield _group(group, evidence)


def _whole_group(mentions: Sequence[Mention]) -> list[Mention]:
    """The shares of a paragraph, if all are of one population and make up all of it."""
    shares = [item for item in mentions if item.role == "share"]
    plain = all(not i.numeral.hedge and not i.numeral.fraction and not i.pair for i in shares)
    one = len({item.population for item in shares}) == 1
    if len(shares) < FEWEST or not plain or not one or shares[0].population is None:
        return []
    sum_ = total(item.bounds for item in shares)
    return shares if sum_.low <= HUNDRED <= sum_.high else []


def _group(group: Sequence[Mention], evidence: Evidence) -> Outcome:
    claimed = str(group[0].population)
    sizes = {int(size.low) for size in evidence.sizes(claimed) if size.low >= HUNDRED}
    if claimed not in evidence.totals or any(_all(group, size) for size in sizes):
        return None
    whole = int(evidence.totals[claimed])
    missing = [item for item in group if not _printable(item, whole)]
    if len(missing) < FEWEST:
        return None
    text = " ".join(dict.fromkeys(item.sentence.text for item in group))
    for actual, size in evidence.totals.items():
        if actual != claimed and _all(group, int(size)) and names_singular(text, actual):
            return _finding(group, missing, (claimed, whole), (actual, int(size)))
    return None


def _printable(item: Mention, whole: int) -> bool:
    return can_be_printed(item.value, item.numeral.decimals, whole)


def _all(group: Sequence[Mention], whole: int) -> bool:
    return all(_printable(item, whole) for item in group)


def _finding(
    group: Sequence[Mention],
    missing: Sequence[Mention],
    claimed: tuple[str, int],
    actual: tuple[str, int],
) -> Finding:
    text = say(
        "granularity",
        whole=count(Decimal(claimed[1])),
        claimed=dutch().name(claimed[0]),
        missing=" of ".join(item.said.strip() for item in missing),
        base=count(Decimal(actual[1])),
        actual=dutch().name(actual[0]),
    )
    quote = " ".join(dict.fromkeys(item.sentence.text.strip() for item in group))
    return Finding(group[0].place, CHECK, "wrong_population", quote, text)
