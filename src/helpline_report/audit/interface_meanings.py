"""Derive what an edition says around its chapters: its names, its standing, how it may be used."""

from collections.abc import Iterator

from helpline_report.audit.code_labels import begin
from helpline_report.audit.meanings import Meanings
from helpline_report.parameters.edition import describe_overrides
from helpline_report.parameters.project_folder import what_if
from helpline_report.parameters.values import Period, Translated

# The texts of licences by SPDX identifier.
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
# What the colophon leads to, and what it calls that; a portal has one description of all languages.
FILES = {
    "report.pdf": "cite.pdf",
    "data/tabellen.xlsx": "data.workbook",
    "data/figures.csv": "cite.figures",
    "data/charts/index.csv": "data.charts",
    "data/datapackage.json": "cite.package",
    "data/dcat.jsonld": "data.dcat",
    "audit/index.html": "cite.audit",
}
PORTAL = "data/dcat.jsonld"
# How many digits of the SHA-256 of its content are the version of an edition.
DIGITS = 12
DIALLED = "+0123456789"

# A line, and where it leads.
Address = tuple[str, str]


class InterfaceMeanings:
    """The words around the chapters of an edition in one language."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings, self.data, self.words = meanings, meanings.data, meanings.words
        edition, publisher = self.data.edition, self.data.edition.publisher
        self.helpline = edition.helpline.name
        self.title = self.translate(edition.title)
        self.full_name = f"{self.helpline}, {self.translate(edition.helpline.full_name)}"
        self.full_title = f"{self.full_name}: {self.title}"
        self.publisher = begin(self.translate(publisher.name))
        self.licence = publisher.licence_url or LICENCES.get(publisher.licence, "")

    def translate(self, text: Translated) -> str:
        """A text of the parameters in the language of the edition."""
        return text.in_language(self.data.language)

    def say(self, key: str, **values: object) -> str:
        """A phrase of the pages, without what it is filled in with from the parameters."""
        common = {"title": self.title, "name": self.helpline, "publisher": self.publisher}
        return self.words.say(key, **{**common, **values})

    # How it stands

    @property
    def mark(self) -> str:
        """The word beside the title: draft, provisional, a what-if; nothing once it is final."""
        signed = self.data.signed
        if what_if(self.meanings.ledger.overrides):
            return self.say("page.what_if_mark")
        if signed is None:
            return self.say("page.draft")
        return self.say("page.provisional") if signed.status == "provisional" else ""

    @property
    def warning(self) -> str:
        """What a what-if, or a draft that leaves rows out, says on every page."""
        ledger, parts = self.meanings.ledger, []
        if changed := what_if(describe_overrides(ledger.overrides)):
            parts.append(self.say("page.what_if", overrides=", ".join(changed)))
        if ledger.draft:
            rows = sum(each.rows for each in ledger.left_out)
            key = "page.left_out" if rows else "page.left_out_none"
            text = self.say(key, count=self.words.number(rows))
            is_private = self.data.edition.draft and self.data.edition.rows == "confidential"
            parts.append(self.say("page.confidential", before=text) if is_private else text)
        return begin("; ".join(parts))

    def list_notices(self) -> list[str]:
        """What its front says of its standing, and of rows about nobody."""
        notices = [*self._list_standing()]
        if self.data.edition.rows == "synthetic":
            notices.append(self.say("page.synthetic"))
        return notices

    def _list_standing(self) -> Iterator[str]:
        signed, ledger = self.data.signed, self.meanings.ledger
        if signed is not None:
            if signed.status == "provisional":
                yield self.say("page.provisional_notice")
            if signed.embargo is not None:
                yield self.say("page.embargo", day=self.words.date(signed.embargo))
        elif what_if(ledger.overrides):
            yield f"{self.warning}."
            yield self.say("page.what_if_notice")
            before = self.data.comparison
            if before and any(each.startswith("calendar.closed") for each in ledger.overrides):
                yield self.say("page.what_if_days", year=before.year)
        elif ledger.draft:
            yield f"{self.warning}."
            is_whole = not any(each.rows for each in ledger.left_out)
            yield self.say("page.left_out_none_notice" if is_whole else "page.left_out_notice")
        else:
            yield self.say("page.draft_notice")

    @property
    def version(self) -> str:
        """The version of the edition, and how it stands."""
        standing = self.mark or self.say("colophon.final")
        version = self.data.content[:DIGITS]
        return self.say("colophon.version_text", version=version, standing=standing)

    @property
    def reference(self) -> str:
        """How somebody refers to the edition."""
        key = "cite.reference_marked" if self.mark else "cite.reference"
        return self.say(key, mark=self.mark, name=self.full_name)

    @property
    def running(self) -> str:
        """What stands at the head of the pages of a book, before how it stands."""
        return f"{self.full_title}{' · ' if self.mark else ''}"

    @property
    def foot(self) -> str:
        """What ends a page: who publishes it, with what it was made, and how it stands."""
        version = self.say("cite.version_text", version=self.data.version)
        made = f"{self.say('cite.version')} {version}" if self.data.version else ""
        return " · ".join(filter(None, (self.publisher, made, self.warning or self.mark)))

    # The colophon and the statement

    def list_lines(self) -> Iterator[Address]:
        """The lines of colophon and statement, each with where it may lead."""
        yield self.full_title, ""
        for text in (self.publisher, f"{self.title}.", self.reference, *self.list_notices()):
            yield text, ""
        yield from self._list_publisher()
        yield from self._list_edition()
        yield from self._list_use()
        yield from self._list_statement()

    def _list_publisher(self) -> Iterator[Address]:
        publisher = self.data.edition.publisher
        if publisher.responsible:
            role = f", {self.translate(publisher.role)}" if publisher.role else ""
            yield self.say("colophon.responsible", name=f"{publisher.responsible}{role}"), ""
        if publisher.address:
            yield self.say("colophon.address", address=publisher.address), ""
        for holder in (publisher, publisher.accessibility):
            if holder and holder.email:
                yield self.say("colophon.email", email=holder.email), f"mailto:{holder.email}"
            if holder and holder.phone:
                dialled = "".join(letter for letter in holder.phone if letter in DIALLED)
                yield self.say("colophon.phone", phone=holder.phone), f"tel:{dialled}"

    def _list_edition(self) -> Iterator[Address]:
        edition, signed = self.data.edition, self.data.signed
        period = Period(start=edition.period.start, end=edition.period.end)
        yield self.say("colophon.period", period=self.words.period(period)), ""
        yield self.say("colophon.version", version=self.version), ""
        if signed is not None:
            day = self.words.date(edition.publisher.published_on or signed.date)
            yield self.say("colophon.published", day=day), ""
            key, day = f"cite.approved_{signed.status}", self.words.date(signed.date)
            yield self.say(key, name=signed.name, role=signed.role, day=day), ""
        decided, protected = edition.disclosure, self.meanings.ledger.protected
        if decided is not None:
            text = self.say(
                "cite.decision_text" if decided.threshold else "cite.no_threshold",
                threshold=str(decided.threshold),
                who=decided.decided_by,
                day=self.words.date(decided.decided_on),
                reason=self.translate(decided.reason),
            )
            if protected is not None:
                cells, hidden = map(self.words.number, (protected.cells, protected.hidden))
                text += f" {self.say('cite.hidden_text', cells=cells, hidden=hidden)}"
            yield text, ""

    def _list_use(self) -> Iterator[Address]:
        publisher, root = self.data.edition.publisher, self.meanings.root
        yield publisher.licence, self.licence
        yield self.say("colophon.reuse"), ""
        once = sum(
            figure.kind == "own" and figure.status == "ok"
            for figure in self.meanings.ledger.figures.values()
        )
        program = self.say("cite.version_text", version=self.data.version)
        key = "colophon.made_with_once" if once else "colophon.made_with"
        yield self.say(key, program=program, once=self.words.number(once)), ""
        yield self.say("colophon.data"), ""
        for file, key in FILES.items() if root is not None else ():
            if file != PORTAL or publisher.root:
                above = "../" if file == PORTAL and self.meanings.folder else ""
                yield self.say(key), f"{root}{above}{file}"

    def _list_statement(self) -> Iterator[Address]:
        known = self.data.edition.publisher.accessibility
        law, standard = (known.law, known.standard) if known else (None, None)
        usual = self.say("statement.standard")
        named = self.translate(standard) if standard else usual
        key = "statement.lead_by_law" if law else "statement.lead"
        yield self.say(key, law=self.translate(law) if law else ""), ""
        conformity = known.conformity if known else "unknown"
        yield self.say(f"statement.{conformity}", standard=named), ""
        if known:
            key = "statement.limits_text" if known.limits else "statement.no_limits"
            yield self.say(key), ""
            for limit in known.limits:
                yield self.translate(limit), ""
            day = self.words.date(known.prepared_on)
            yield self.say("statement.prepared_text", day=day), ""
            yield self.translate(known.tested), ""
        yield self.say("statement.contact_text"), ""
        publisher = self.data.edition.publisher
        emails = (publisher.email, known and known.email)
        phones = (publisher.phone, known and known.phone)
        if not any((*emails, *phones, publisher.address)):
            yield self.say("statement.no_contact"), ""
        enforcement = known.enforcement if known else None
        text = self.say("statement.enforcement_text")
        yield self.translate(enforcement) if enforcement else text, ""
