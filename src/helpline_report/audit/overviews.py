"""Make the overviews of the audit as blocks: sources, verdicts, parameters, checks, other years."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from helpline_report.audit.page_blocks import (
    Block,
    BlockRow,
    GroupBlock,
    LineBlock,
    ListBlock,
    Run,
    TableBlock,
    TermsBlock,
    say,
)
from helpline_report.audit.parameter_list import list_parameters
from helpline_report.audit.trace import Tracer, find_address, group_sources, name_anchor
from helpline_report.exports.faults import describe_outcome
from helpline_report.figures.printed import Verdict
from helpline_report.prose.markdown import Exemption
from helpline_report.prose.numbers import capitalised
from helpline_report.report import quality_parts
from helpline_report.report.edition_words import Front
from helpline_report.report.figure_parts import describe_standing

# The columns of the overview's tables by their roles.
OF_SOURCES = ("file", "edition", "table", "rows", "sha256")
OF_OUTCOMES = ("reason", "outcome", "edition", "rows", "outcomes_sum")
OF_PRINTS = ("figure", "printed", "computed", "verdict", "reason")
OF_CLAIMS = ("printed", "verdict", "reason")
OF_EXEMPTIONS = ("exempt_text", "exempt_source", "exempt_place")
# Whose heads the words of the report have, and the columns of numbers.
HEADS = {"file": "quality.file", "reason": "quality.reason", "value": "column.value"}
NUMERIC = ("rows", "count")
SIGN = 'helpline-report sign-off {edition} --name "…" --role "…" --status final'


class Overviews:
    """The pages of the audit that are about the whole of a publication."""

    def __init__(self, tracer: Tracer, exemptions: Sequence[Exemption]) -> None:
        self.tracer, self.words, self.publication = tracer, tracer.words, tracer.publication
        self.front, self.exemptions = Front(tracer.edition_words), exemptions

    # Words of the interface: what they are about is their role

    def _write(self, role: str, about: str, key: str, **values: str) -> LineBlock:
        return say(role, self.words.say(key, **values), about)

    def _heading(self, about: str, key: str, *, tag: str = "h2", anchor: str = "") -> LineBlock:
        return say("heading", self.words.say(key), about, tag=tag, anchor=anchor)

    def _heads(self, keys: Sequence[str], package: str = "index") -> tuple[LineBlock, ...]:
        heads = []
        for key in keys:
            known = HEADS.get(key) if package == "index" else None
            text = self.words.head(known or f"{package}.{key}")
            look = "n" if key in NUMERIC else ""
            heads.append(say("head", text, key, tag="th", look=look))
        return tuple(heads)

    def _table(
        self,
        about: str,
        heads: tuple[LineBlock, ...],
        rows: Sequence[BlockRow],
        look: str = "",
        *,
        is_unseen: bool = False,
    ) -> TableBlock:
        caption = self.words.say(f"index.{about}")
        label = self.words.say("page.scroll", caption=caption)
        return TableBlock(
            say("caption", caption, about), heads, tuple(rows), label, look, is_unseen
        )

    def make_notices(self) -> Iterator[LineBlock]:
        """What the front of the edition says of its standing, and who approved it."""
        for notice in self.front.notices:
            yield say("notice", notice, look="notice")
        if self.front.approval:
            yield say("approval", self.front.approval)

    # The sources

    def make_sources(self) -> Iterator[Block]:
        """The files that were read, below the heading that traces lead to."""
        yield self._heading("sources", "index.sources", anchor="page-sources")
        sources = group_sources(self.publication.ledger.sources)
        if not sources:
            yield self._write("text", "no_sources", "index.no_sources")
            return
        rows = []
        for group in sources:
            source, tables = group[0], list[Run]()
            for each in group:
                comma = [Run(", ")] if tables else []
                tables += [*comma, Run(each.table, look="code", anchor=name_anchor(each))]
            cells = (
                say("row", source.file, "file", tag="th"),
                say("cell", source.edition, "edition", tag="td"),
                LineBlock("cell", tuple(tables), "table", "td"),
                say("cell", self.words.rows([source.rows]), "rows", tag="td", look="n"),
                say("cell", source.sha256, "sha256", tag="td", look="hash"),
            )
            rows.append(BlockRow(cells))
        yield self._table("sources_caption", self._heads(OF_SOURCES), rows)

    # The overview

    def make_overview(self) -> Iterator[Block]:
        """How the edition was counted, of which files, and what of it was printed before."""
        yield self._heading("audit", "page.audit", tag="h1")
        yield from self.make_notices()
        yield self._write("text", "intro", "index.intro")
        yield self._write("text", "how", "index.how")
        yield from self._tell_second_count()
        yield self._heading("files", "index.files")
        yield ListBlock(tuple(self._list_files()))
        yield from self.make_sources()
        yield from self._tell_outcomes()
        yield self._heading("reconciliation", "index.reconciliation", anchor="page-reconciliation")
        yield from self._tell_prints()
        yield from self._tell_claims()
        yield self._heading("exemptions", "index.exemptions", anchor="page-exemptions")
        yield from self._tell_exemptions()
        yield self._heading("parameters", "index.parameters", anchor="page-parameters")
        rows = [
            BlockRow((LineBlock("row", (Run(name, look="code"),), tag="th"), _cell(value, name)))
            for name, value in list_parameters(self.publication)
        ]
        heads = self._heads(("parameter", "value"))
        yield self._table("parameters_caption", heads, rows, "rows", is_unseen=True)

    def _tell_second_count(self) -> Iterator[Block]:
        ledger, words = self.publication.ledger, self.words
        for check in ledger.checks:
            if check.name != "second_count" or not check.passed or check.of == 0:
                continue
            yield self._heading("second_count", "index.second_count", anchor="page-second-count")
            counted = (
                words.say("evidence.second_count_each")
                if check.of is None
                else words.say("index.counted_twice", figures=words.count(check.of))
            )
            yield say("text", f"{counted} {words.say('index.counted_how')}", "counted")
            if ledger.counted_once:
                once = words.count(ledger.counted_once)
                yield self._write("text", "counted_once", "index.counted_once", figures=once)
            yield self._write("text", "recount_proves", "index.recount_proves")

    def _list_files(self) -> Iterator[LineBlock]:
        publication, up = self.publication, "../" if self.publication.folder else ""
        files = {
            "recount_sql": ("recount.sql", "index.recount_sql", publication.layouts),
            "trend": ("other-years.html", "index.trend", publication.ledger.trend),
            "manifest": (f"{up and '../../audit/'}manifest.json", "index.manifest", True),
            "csv": ("reconciliation.csv", "index.csv", True),
            "claims_csv": ("claims.csv", "index.claims_csv", publication.claims),
            "figures": ("../data/figures.csv", "cite.figures", True),
            "ledger": (f"../{up}data/ledger.json", "index.ledger", True),
        }
        for about, (href, key, is_there) in files.items():
            if is_there:
                yield LineBlock("item", (Run(self.words.say(key), href),), about, "li")

    def _tell_outcomes(self) -> Iterator[Block]:
        """Why rows don't count or were repaired, and what was known before."""
        rows = [*self._list_outcomes()]
        if rows:
            yield self._table("outcomes", self._heads(OF_OUTCOMES), rows, "rows")
        known = [
            (say("term", term, code, tag="dt"), (say("text", text, code, tag="dd"),))
            for quality in self.publication.ledger.quality.values()
            for code, (term, text) in quality_parts.list_known_faults(
                quality, self.tracer.edition_words
            )
        ]
        if known:
            yield TermsBlock(tuple(known))

    def _list_outcomes(self) -> Iterator[BlockRow]:
        """The rows of each edition with one outcome for one reason, in the order of the page."""
        words = self.words
        for quality in self.publication.ledger.quality.values():
            files: dict[tuple[str, str, str], list[tuple[str, int | None]]] = {}
            for file in quality.files:
                for item in file.outcomes:
                    if item.outcome in quality_parts.OUTCOMES:
                        about = (item.outcome, item.code, file.edition)
                        files.setdefault(about, []).append((file.file, item.rows))
            # Those of one code stand in the order of the editions, which sorting keeps.
            order = sorted(
                files, key=lambda about: (quality_parts.OUTCOMES.index(about[0]), about[1])
            )
            for outcome, code, edition in order:
                rows = files[outcome, code, edition]
                reason = capitalised(describe_outcome(code, words.writer.language))
                parts = [f"{words.rows([number])} ({file})" for file, number in rows]
                cells = (
                    say("row", reason, f"fault={code}", tag="th"),
                    _cell(words.say(f"outcome.{outcome}"), f"outcome={outcome}"),
                    _cell(edition, "edition"),
                    _cell(words.rows([number for _, number in rows]), "rows", "n"),
                    _cell(" + ".join(parts), "outcomes_sum"),
                )
                yield BlockRow(cells, quality_parts.OUTCOME_ANCHOR.format(outcome, code, edition))

    def _tell_prints(self) -> Iterator[Block]:
        """Each figure that was printed before, with its verdict, and how many of each there are."""
        publication, words = self.publication, self.words
        if not publication.reconciled:
            yield self._write("text", "no_prints", "reconciliation.none")
            return
        if publication.synthetic:
            yield self._write("text", "made_to_agree", "evidence.made_to_agree")
        numbers = Counter(item.verdict for item in publication.reconciled)
        rows = [
            self._count_verdict(name, f"verdict.{name}", numbers[name])
            for name in get_args(Verdict)
            if numbers[name]
        ]
        total = self._count_verdict("total", "part.total", len(publication.reconciled))
        heads = (*self._heads(("verdict",), "reconciliation"), *self._heads(("count",)))
        yield self._table("verdicts", heads, [*rows, total._replace(look="total")])
        rows = []
        for number, item in enumerate(publication.reconciled, 1):
            name, figure = item.printed.id, publication.ledger.figures.get(item.about)
            address = find_address(item.about, publication)
            computed = Run(words.value(figure), figure=item.about, parts="value")
            cells = (
                LineBlock("row", (Run(name, address, look="names"),), tag="th"),
                LineBlock("quotation", (self._quote(item.printed.printed),), name, "td"),
                LineBlock("cell", (computed,), tag="td"),
                _cell(words.say(f"verdict.{item.verdict}"), f"verdict={item.verdict}"),
                _cell(item.reason, f"reason={number}"),
            )
            rows.append(BlockRow(cells, quality_parts.PRINTED_ANCHOR.format(number)))
        heads = self._heads(OF_PRINTS, "reconciliation")
        yield self._table("printed_figures", heads, rows, "rows printed")

    def _count_verdict(self, name: str, key: str, number: int) -> BlockRow:
        cells = (
            say("row", self.words.head(key), f"verdict={name}", tag="th"),
            _cell(self.words.count(number), f"count={name}", "n"),
        )
        return BlockRow(cells, quality_parts.VERDICT_ANCHOR.format(name))

    def _quote(self, text: str) -> Run:
        return Run(text, language=self.publication.quoted_language)

    def _tell_claims(self) -> Iterator[Block]:
        rows = []
        for item in self.publication.claims:
            address = find_address(item.figure, self.publication)
            verdict = self.words.say(f"verdict.{item.verdict}")
            source = Run(f" ({item.source}, § {item.section})")
            cells = (
                LineBlock("row", (self._quote(f"‘{item.printed}’"), source), item.id, "th"),
                LineBlock("cell", (Run(verdict, address),), f"verdict={item.verdict}", "td"),
                _cell(item.reason, f"reason={item.id}"),
            )
            rows.append(BlockRow(cells, f"claim-{item.id}"))
        if rows:
            yield self._table("claims", self._heads(OF_CLAIMS, "reconciliation"), rows, "rows")

    def _tell_exemptions(self) -> Iterator[Block]:
        """What texts say on a source's word."""
        if not self.exemptions:
            yield self._write("text", "exemptions_none", "index.exemptions_none")
            return
        yield self._write("text", "exemptions_intro", "index.exemptions_intro")
        rows = [
            BlockRow(
                (
                    _cell(item.text, "exempt_text"),
                    _cell(item.source, "exempt_source"),
                    LineBlock("cell", (Run(item.place, look="code"),), "exempt_place", "td"),
                )
            )
            for item in self.exemptions
        ]
        yield self._table("exemptions", self._heads(OF_EXEMPTIONS), rows, is_unseen=True)

    # How do we know?

    def make_evidence(self) -> Iterator[Block]:
        """Each check that was made, how it was made, and what came out."""
        publication, words = self.publication, self.words
        yield self._heading("evidence", "evidence.title", tag="h1")
        yield from self.make_notices()
        yield self._write("text", "evidence_intro", "evidence.intro")
        for name, result in self.list_checks().items():
            yield self._tell_check(
                name, (Run(words.say("evidence.result"), look="strong"), Run(f" {result}"))
            )
        yield self._tell_check("limits")
        if publication.signed is None:
            command = SIGN.format(edition=publication.edition.edition)
            content = (
                Run(f"{words.say('evidence.content')} "),
                Run(publication.content, look="code"),
            )
            signing = self._tell_check("sign")
            more = (
                say("code", command, "sign", tag="pre"),
                LineBlock("text", content, "content", look="hash"),
            )
            yield GroupBlock((*signing.blocks, *more), signing.anchor, signing.look, signing.tag)

    def _tell_check(self, name: str, result: tuple[Run, ...] = ()) -> GroupBlock:
        """What a check is for, and how it is made; below it what came out."""
        how = self.words.say(f"evidence.{name}_how").split("\n")
        blocks = [
            self._heading(name, f"evidence.{name}"),
            *(say("text", paragraph, f"{name}_how") for paragraph in how),
        ]
        if result:
            blocks.append(LineBlock("result", result, name, look="result"))
        return GroupBlock(tuple(blocks), f"evidence-{name}", "evidence", "section")

    def list_checks(self) -> dict[str, str]:
        """The checks of an edition with their results, in the order in which they were made."""
        publication, words = self.publication, self.words
        ledger, write, count = publication.ledger, words.say, words.count
        # A file stands there once, whatever tables it feeds.
        files = {
            (source.edition, source.file): source.rows
            for source in ledger.sources
            if source.table not in ("corrections", "ledger")
        }
        rows = words.rows(list(files.values()))
        results = {"rows": write("evidence.rows_of", rows=rows, files=count(len(files)))}
        # A check with nothing to go over stays out: '0, no difference at all' is no result.
        for check in ledger.checks:
            if check.of == 0:
                continue
            of = write("evidence.all") if check.of is None else count(check.of)
            results[check.name] = write(f"evidence.{check.name}_of", of=of)
            if check.name == "second_count" and check.of is None:
                # Not all: a chapter's own numbers and those of another ledger stand below it.
                counted = write("evidence.second_count_each")
                results[check.name] = f"{counted} {write('evidence.no_difference')}"
        # A page that differs isn't published, nor this one with it.
        figures = count(len(ledger.figures))
        results["read_back"] = write("evidence.read_back_of", of=figures)
        if publication.reconciled:
            results["reconciliation"] = self._sum_up_prints()
        without = count(sum(figure.value is None for figure in ledger.figures.values()))
        results["values"] = write("evidence.without_value", figures=figures, without=without)
        return results

    def _sum_up_prints(self) -> str:
        """How many printed figures are right, and what the verdict on the others is."""
        publication, write, count = self.publication, self.words.say, self.words.count
        verdicts = Counter(item.verdict for item in publication.reconciled)
        agree = count(sum(verdicts.pop(verdict, 0) for verdict in quality_parts.AGREEING))
        others = "; ".join(f"{write(f'verdict.{n}')} ({count(k)})" for n, k in verdicts.items())
        key = "evidence.reconciled" if others else "evidence.reconciled_all"
        total = count(len(publication.reconciled))
        texts = [write(key, total=total, agree=agree, others=others)]
        if publication.claims:
            claims = "; ".join(write(f"verdict.{claim.verdict}") for claim in publication.claims)
            texts.append(write("evidence.claims", claims=claims))
        texts += [write("evidence.made_to_agree")] if publication.synthetic else []
        return " ".join(texts)

    # Other years

    def make_other_years(self, *, is_shown: bool) -> Iterator[Block]:
        """The totals that others printed, each with its source, and where the report shows it."""
        publication, words, write = self.publication, self.words, self.words.say
        trend = publication.ledger.trend
        yield self._heading("trend", "trend.title", tag="h1")
        yield from self.make_notices()
        intro = (Run(write("trend.not_counted"), look="strong"), Run(f" {write('trend.intro')}"))
        yield LineBlock("text", intro, "trend_intro")
        for point in trend.points if trend is not None else ():
            standing = capitalised(describe_standing(point, self.tracer.edition_words))
            source = [self._quote(point.source)]
            if point.address:
                source += [Run(" "), Run(point.address, look="hash")]
            entries = [
                (
                    "value",
                    words.head("trace.value"),
                    (Run(words.count(point.value), look="value"),),
                ),
                ("how", write("trend.how"), (Run(f"{write('trend.not_counted')} {standing}."),)),
                ("source", write("trend.source"), tuple(source)),
            ]
            if is_shown:
                back = Run(write("trend.back"), f"../index.html#trend.{point.noun}")
                entries.append(("shown", words.head("page.shown"), (back,)))
            terms = tuple(
                (
                    say("term", term, about, tag="dt"),
                    (LineBlock("text", runs, f"{about}={point.id}", "dd"),),
                )
                for about, term, runs in entries
            )
            title = write(f"trend.{point.noun}", year=str(point.year))
            name = write_link(point.id, self.tracer)
            heading = say("heading", title, f"trend={point.id}", tag="h2")
            yield GroupBlock((heading, name, TermsBlock(terms)), point.id, "trace")


def write_link(name: str, tracer: Tracer) -> LineBlock:
    """The id of a figure, which leads to its own trace."""
    link = f"#{name}"
    text = Run(f" ({tracer.words.say('trace.link')})", link, look="unseen")
    return LineBlock("name", (Run(name, link, look="code"), text), f"figure={name}", look="name")


def _cell(text: str, about: str, look: str = "") -> LineBlock:
    return say("cell", text, about, tag="td", look=look)
