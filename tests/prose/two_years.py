"""A helpline's figures of two years, small enough to be checked by eye, and their writer."""

from __future__ import annotations

from typing import Any

import yaml

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Condition, Figure, Interval, PopulationSpec, Reason
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period
from helpline_report.prose.markdown import Place
from helpline_report.prose.writer import Writer

YEAR = Period.model_validate({"start": "2017-01-01", "end": "2017-12-31"})
YEAR_BEFORE = Period.model_validate({"start": "2016-01-01", "end": "2016-12-31"})
HALF_YEAR = Period.model_validate({"start": "2016-07-01", "end": "2016-12-31"})
PLACE = Place("04_contacts.ipynb", "total", 10)
NB = "\N{NO-BREAK SPACE}"
TABLES = {"users": "traffic", "page_views": "traffic", "days": "calendar", "rows": "files"}

LISTS = """
- field: channel
  table: contacts
  name: {nl: kanaal, en: channel}
  by: {nl: per kanaal, en: by channel}
  where: {nl: "via {labels}", en: "by {labels}"}
  codes:
    - {code: phone, nl: telefoon, en: telephone}
    - {code: email, nl: e-mail, en: e-mail}
- field: problem
  table: persons
  name: {nl: problematiek, en: problem}
  by: {nl: per problematiek, en: by problem}
  where: {nl: "met als problematiek {labels}", en: "with as problem {labels}"}
  codes:
    - {code: child_abuse, nl: kindermishandeling, en: child abuse}
    - {code: partner_violence, nl: partnergeweld, en: partner violence}
- field: context
  table: persons
  name: {nl: context, en: context}
  by: {nl: per context, en: by context}
  where: {nl: "met als context {labels}", en: "with as context {labels}"}
  codes:
    - {code: sport, nl: de sport, en: sport, parent: free_time}
    - {code: leisure, nl: de vrije tijd, en: leisure, parent: free_time}
  groups: [{code: free_time, nl: sport en vrije tijd, en: sport and leisure}]
- field: referrer
  table: traffic
  name: {nl: verwijzende site, en: referring site}
  by: {nl: per verwijzende site, en: by referring site}
  where: {nl: "doorverwezen door {labels}", en: "referred by {labels}"}
  open: true
"""
PARAMETERS = """
edition: "YEAR"
title: {nl: Jaarverslag YEAR, en: Annual report YEAR}
rows: synthetic
period: {start: YEAR-01-01, end: YEAR-12-31}
helpline:
  name: "1712"
  full_name: {nl: hulplijn bij geweld, en: helpline for violence}
  website: www.1712.be
  lines: [antwerpen, limburg, vlaams-brabant]
publisher: {name: {nl: de uitgever, en: the publisher}, licence: CC0}
sources: [{layout: registration, folder: data}]
calendar: {working_days: [1, 2, 3, 4, 5]}
age_classes:
  - {code: child, from: 0, to: 12, label: {nl: kinderen, en: children}}
  - {code: youth, from: 13, to: 17, label: {nl: jongeren, en: youths}}
  - {code: adult, from: 18, label: {nl: volwassenen, en: adults}}
person_ages: [{code: under_6, from: 0, to: 5, label: {nl: jonger dan 6 jaar, en: under 6}}]
campaigns:
  - id: june
    name: {nl: junicampagne, en: June campaign}
    goal: {nl: bekender worden, en: become better known}
    means: {nl: affiches, en: posters}
    start: YEAR-06-01
    end: YEAR-06-30
events:
  - {id: metoo, name: {nl: "#MeToo", en: "#MeToo"}, date: YEAR-10-15, source: algemeen bekend}
breaks:
  - id: split
    kind: revision
    date: YEAR-01-01
    tables: [persons]
    note: {nl: sport werd apart geteld., en: sport was counted apart.}
facts:
  phone: "1712"
  since: 2012-03-12
  hours: {nl: van 9 tot 17 uur, en: from 9 to 5}
"""


def parameters(year: str) -> Edition:
    """The parameters of a year."""
    return Edition.model_validate(yaml.safe_load(PARAMETERS.replace("YEAR", year)))


CODELISTS = {item["field"]: CodeList.model_validate(item) for item in yaml.safe_load(LISTS)}


def spec(noun: str = "contacts", **conditions: str | tuple[str, ...]) -> PopulationSpec:
    """A population of 2017, by its noun and conditions."""
    listed = []
    for field, codes in conditions.items():
        given = (codes,) if isinstance(codes, str) else codes
        listed.append(Condition(field=field, codes=given, given=given))
    return PopulationSpec.model_validate(
        {
            "table": TABLES.get(noun, noun),
            "noun": noun,
            "edition": "2017",
            "period": YEAR,
            "conditions": listed,
        }
    )


def figure(kind: str, value: float | str | None, **more: Any) -> Figure:
    """A figure of a kind, of contacts unless `population` or `noun` says otherwise."""
    units = {"share": "percent", "change": "percent change", "rate_ratio": "ratio", "top": "label"}
    units |= {"mean": "mean", "rank": "rank", "flag": "flag"}
    noun = more.pop("noun", "contacts")
    values: dict[str, Any] = {"id": "x", "kind": kind, "unit": units.get(kind, "count")}
    values |= {"value": value, "population": spec(noun)}
    if kind == "share":
        values["of"] = spec(noun)
    if kind in ("change", "rate_ratio"):
        values["of"] = spec(noun).model_copy(update={"period": YEAR_BEFORE, "edition": "2016"})
    if value is None:
        values |= {"status": "unavailable", "reason": Reason(code="no_field", about="channel")}
    return Figure.model_validate({**values, **more})


def between(low: float, high: float, none: float | None = None) -> Interval:
    """A 95 % interval."""
    return Interval(low=low, high=high, method="wilson", none=none)


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


def said(item: Figure, form: str | None = None, language: str = "nl") -> str:
    """A figure in words, by a form."""
    return writer(language=language).value(item, form)
