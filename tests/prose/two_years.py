"""A helpline's figures of two years, small enough to be checked by eye, and their writer."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Condition, Exposure, Figure, PopulationSpec, Reason
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period
from helpline_report.prose.markdown import Place
from helpline_report.prose.writer import Writer

YEAR = Period.model_validate({"start": "2017-01-01", "end": "2017-12-31"})
HALF_YEAR = Period.model_validate({"start": "2016-07-01", "end": "2016-12-31"})
PLACE = Place("04_contacts.ipynb", "total", 10)
NB = "\N{NO-BREAK SPACE}"
TABLES = dict.fromkeys(("users", "page_views", "sessions"), "traffic")
TABLES |= {"days": "calendar", "rows": "files"}
UNITS = {"share": "percent", "change": "percent change", "rate_ratio": "ratio", "top": "label"}
UNITS |= {"mean": "mean", "rank": "rank", "flag": "flag"}
TEXT = Path(__file__).with_name("two_years.yaml").read_text(encoding="utf-8")


@cache
def parameters(year: str) -> Edition:
    return Edition.model_validate(yaml.safe_load(TEXT.replace("YEAR", year))["parameters"])


CODELISTS = {
    item["field"]: CodeList.model_validate(item) for item in yaml.safe_load(TEXT)["code lists"]
}


def spec(noun: str = "contacts", year: int = 2017, **conditions: Any) -> PopulationSpec:
    """A population of a year, by its noun and conditions: `spec("contacts", channel="phone")`."""
    listed = []
    for field, codes in sorted(conditions.items()):
        chosen = (codes,) if isinstance(codes, str) else tuple(codes)
        listed.append(Condition(field=field, codes=chosen, terms=chosen))
    period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    values = {"table": TABLES.get(noun, noun), "noun": noun, "edition": str(year)}
    return PopulationSpec.model_validate({**values, "period": period, "conditions": listed})


def figure(kind: str, value: float | str | None, **more: Any) -> Figure:
    """A figure of a kind, of contacts unless `population` or `noun` says otherwise.

    A mapping stands for a population (`noun` and conditions), `counts` for numerator and
    denominator, a list for the ends of a 95 % interval and the value of no difference.
    """
    noun = more.pop("noun", "contacts")
    values: dict[str, Any] = {"id": "x", "kind": kind, "unit": UNITS.get(kind, "count")}
    values |= {"value": value, "population": spec(noun)}
    if kind == "share":
        values["of"] = spec(noun)
    if kind in ("change", "rate_ratio"):
        values["of"] = spec(noun, 2016)
    if value is None:
        values |= {"status": "unavailable", "reason": Reason(code="no_field", about="channel")}
    values |= dict(zip(("numerator", "denominator"), more.pop("counts", ()), strict=False))
    for key in ("population", "of"):
        if isinstance(more.get(key), Mapping):
            more[key] = spec(**more[key])
    if isinstance(more.get("interval"), list):
        ends = dict(zip(("low", "high", "none"), more["interval"], strict=False))
        more["interval"] = {"method": "wilson", **ends}
    if isinstance(more.get("exposure"), Mapping):
        more["exposure"] = Exposure.model_validate(more["exposure"])
    return Figure.model_validate({**values, **more})


def count(name: str, number: float, population: PopulationSpec) -> Figure:
    return figure("count", number, id=name, counts=(number,), population=population)


def ratio(
    kind: tuple[str, str], name: str, counts: tuple[int, int], *specs: PopulationSpec
) -> Figure:
    """A figure of two counts, of a kind and a unit: of what is counted, and of what."""
    above, below = counts
    value = 100 * (above if kind[0] == "share" else above - below) / below
    parts = {"id": name, "unit": kind[1], "counts": counts}
    return figure(kind[0], value, **parts, population=specs[0], of=specs[1])


share = partial(ratio, ("share", "percent"))
change = partial(ratio, ("change", "percent change"))


def writer(
    *, language: str = "nl", compared: bool = True, period: Period = YEAR, **figures: Figure
) -> Writer:
    """A writer of figures by id: `writer(total=figure("count", 4812))`; `__` is a dot."""
    named = {
        key.replace("__", "."): item.model_copy(update={"id": key.replace("__", ".")})
        for key, item in figures.items()
    }
    before = parameters("2016") if compared else None
    ledger = Ledger(edition="2017", figures=named)
    edition = parameters("2017").model_copy(update={"period": period})
    return Writer(ledger, edition, before, CODELISTS, language)


def in_words(item: Figure, form: str | None = None, language: str = "nl") -> str:
    return writer(language=language).value(item, form)
