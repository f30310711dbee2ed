"""Write what a page says: the prose, charts, interface, and what stands around the chapters."""

import datetime as dt

from helpline_report.charts.chart_figures import ChartWords
from helpline_report.figures.model import PopulationSpec
from helpline_report.parameters.edition import describe_overrides
from helpline_report.parameters.project_folder import what_if
from helpline_report.parameters.values import Period, Translated, split_marks
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.prose.writer import Writer
from helpline_report.report.publication import Publication

# The texts of licences by SPDX identifier; another one says its own address in the parameters.
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


class EditionWords(ChartWords):
    """The words of one publication in its language."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        super().__init__(
            Writer(
                publication.ledger,
                publication.edition,
                publication.comparison,
                publication.codelists,
                publication.language,
            )
        )
        own = read_phrases("helpline_report.report", self.language)
        self.phrases = {**self.phrases, **own}

    def translated(self, text: Translated) -> str:
        """A text of the parameters in the language of the page."""
        return text.in_language(self.language)

    def with_sources(self, text: Translated) -> str:
        """The same, with each source behind the words that it vouches for: '… (bron: een wet)'."""
        pieces = []
        for words, source in split_marks(text.with_marks(self.language)):
            line = self.writer.idiom.say("notes.source", source=source) if source else ""
            pieces.append(f"{words} ({line[:1].lower()}{line[1:]})" if line else words)
        return "".join(pieces)

    def day(self, day: dt.date) -> str:
        """A date in words."""
        return self.writer.idiom.date(day)

    def days(self, start: dt.date, end: dt.date) -> str:
        """A first and a last day in words."""
        return self.writer.idiom.period(Period(start=start, end=end))

    def titles(self, *keys: str) -> tuple[str, ...]:
        """Phrases with a capital, for the heads of a table."""
        return tuple(capital(self.say(key)) for key in keys)

    def source(self, population: PopulationSpec | None) -> str:
        """Where what is counted comes from: a register, web statistics, or all data if None."""
        helpline = self.publication.edition.helpline
        key = "rows"
        if population is not None:
            key = "traffic" if population.table == "traffic" else "registered"
        source = self.say(f"part.source_{key}", name=helpline.name, website=helpline.website)
        return self.say("part.source", source=source)

    def statement(self, key: str, **values: str) -> str:
        """A sentence of the accessibility statement, by the publisher's law and standard."""
        accessibility = self.publication.edition.publisher.accessibility
        law = accessibility.law if accessibility else None
        standard = accessibility.standard if accessibility else None
        usual = self.say("statement.standard")
        values["standard"] = self.translated(standard) if standard else usual
        if law is not None and key == "lead":
            key, values["law"] = "lead_by_law", self.translated(law)
        return self.say(f"statement.{key}", **values)

    def sentence(self, text: str) -> str:
        """A text with a capital and a full stop."""
        return capital(text).rstrip(".") + "."


class Front:
    """The words around the chapters of a publication, for page, PDF and open data alike.

    `day` is the day of publication, None for a draft. `mark` is the word beside the title (draft,
    provisional), `version` the beginning of the SHA-256 of its content, and `standing` a phrase
    with both. `notices` are the sentences at the front that nobody may overlook.
    """

    def __init__(self, words: EditionWords) -> None:
        publication, say = words.publication, words.say
        edition, title, signed = publication.edition, publication.title, publication.signed
        self.full_name = f"{edition.helpline.name}, {words.translated(edition.helpline.full_name)}"
        self.full_title = f"{self.full_name}: {title}"
        self.period = words.days(edition.period.start, edition.period.end)
        self.day = (edition.publisher.published_on or signed.date) if signed else None
        self.published = words.day(self.day) if self.day else ""
        self.publisher = capital(words.translated(edition.publisher.name))
        self.licence = edition.publisher.licence
        self.licence_url = edition.publisher.licence_url or LICENCES.get(self.licence, "")
        self.mark, self.warning = _write_mark(words), write_warning(words)
        key = "cite.reference_marked" if self.mark else "cite.reference"
        named = {"publisher": self.publisher, "title": title, "name": self.full_name}
        self.reference = say(key, mark=self.mark, **named)
        self.decision, self.approval = _write_decision(words), ""
        if signed is not None:
            day, by = words.day(signed.date), {"name": signed.name, "role": signed.role}
            self.approval = say(f"cite.approved_{signed.status}", day=day, **by)
        standing, self.version = self.mark or say("colophon.final"), publication.content[:12]
        self.standing = say("colophon.version_text", version=self.version, standing=standing)
        synthetic = (say("page.synthetic"),) if publication.synthetic else ()
        self.notices = (*write_notices(words), *synthetic)


def _write_decision(words: EditionWords) -> str:
    """Who decided on small numbers and why, and how many are hidden; empty if nobody decided."""
    decided, protected = words.publication.edition.disclosure, words.ledger.protected
    if decided is None:
        return ""
    text = words.say(
        "cite.decision_text" if decided.threshold else "cite.no_threshold",
        threshold=str(decided.threshold),
        who=decided.decided_by,
        day=words.day(decided.decided_on),
        reason=words.translated(decided.reason),
    )
    if protected is None:
        return text
    cells, hidden = (words.number(n, "count") for n in (protected.cells, protected.hidden))
    return f"{text} {words.say('cite.hidden_text', cells=cells, hidden=hidden)}"


def write_warning(words: EditionWords) -> str:
    """What each page of a what-if (what was set) or a draft (how many rows are left out) says.

    Empty for an edition.
    """
    publication, ledger = words.publication, words.ledger
    parts = []
    if overrides := what_if(describe_overrides(ledger.overrides)):
        parts.append(words.say("page.what_if", overrides=", ".join(overrides)))
    if ledger.draft:
        key = "page.left_out" if ledger.rows_left_out else "page.left_out_none"
        text = words.say(key, count=words.number(ledger.rows_left_out, "count"))
        if not publication.edition.published:
            text = words.say("page.confidential", before=text)
        parts.append(text)
    return capital("; ".join(parts))


def _write_mark(words: EditionWords) -> str:
    """The word beside the title: draft or provisional; nothing once it is final."""
    signed = words.publication.signed
    if what_if(words.ledger.overrides):
        return words.say("page.what_if_mark")
    if signed is None:
        return words.say("page.draft")
    return words.say("page.provisional") if signed.status == "provisional" else ""


def write_notices(words: EditionWords) -> tuple[str, ...]:
    """What the front of an edition says of its standing: texts of a sentence or two."""
    signed, ledger, say = words.publication.signed, words.ledger, words.say
    if signed is not None:
        notices = [say("page.provisional_notice")] if signed.status == "provisional" else []
        if signed.embargo is not None:
            notices.append(say("page.embargo", day=words.day(signed.embargo)))
        return tuple(notices)
    if what_if(ledger.overrides):
        before = words.publication.comparison
        has_days = any(override.startswith("calendar.closed") for override in ledger.overrides)
        more = [say("page.what_if_days", year=before.year)] if before and has_days else []
        return (f"{write_warning(words)}.", say("page.what_if_notice"), *more)
    if ledger.draft:
        key = "page.left_out_notice" if ledger.rows_left_out else "page.left_out_none_notice"
        return (f"{write_warning(words)}.", say(key))
    return (say("page.draft_notice"),)
