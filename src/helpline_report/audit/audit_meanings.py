"""Hold the pages of the audit to ledger, catalogues, code lists, notebooks and what was printed.

Each kind of node has a rule. Statements of SQL and parameters aren't derived: the first are those
that the second count runs, and both come from data that nobody writes words of.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from helpline_report.audit.code_labels import begin
from helpline_report.audit.expectations import Misreading
from helpline_report.audit.interface_meanings import InterfaceMeanings
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.quality_meanings import name_fault, say_verdict
from helpline_report.audit.spelling import fill_in, list_blanks
from helpline_report.audit.trace_meanings import TraceMeanings
from helpline_report.description import Description, Node
from helpline_report.parameters.yaml import read_phrases, read_resource

Roles = Mapping[str, Mapping[str, str]]
ROLES: Roles = read_resource(__package__, "audit_roles.yaml").data
AUDIT, PAGE = "audit/", ".html"
# Kinds whose words are derived elsewhere, or are those of parameters.
OTHERS = frozenset(
    ("alternate", "alternative", "anchor", "approval", "bar", "foot", "keys", "label", "language")
) | {"meta", "sourced", "table", "way-out"}
# A placeholder as it is written in a text.
NAME = re.compile(r"\{\{ (\S+)")
# What stands between two texts of a role that the ledger fills in.
ANYTHING = "\0"
LETTER = re.compile(r"\w")
# The phrases of a check, and the place of one.
QUESTION, CHECK = "evidence.", "evidence-"


class AuditMeanings:
    """What the pages of the audit of an edition have to say."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings, self.words, self.data = meanings, meanings.words, meanings.data
        self.ledger, self.interface = meanings.ledger, InterfaceMeanings(meanings)
        own = read_phrases("helpline_report.audit", meanings.data.language)
        self.phrases = {**meanings.words.phrases, **own}
        # The spelling of an interval asks for a phrase of the audit.
        meanings.words.phrases = {**own, **meanings.words.phrases}
        self.traces = TraceMeanings(meanings, self.say)
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._rules: Mapping[str, Callable[[Node], Sequence[str] | None]] = {
            "heading": self._head_part,
            "text": self._say_text,
            "row": self._say_row,
            "cell": self._say_cell,
            "item": self._say_item,
            "name": self._name_figure,
            "caption": self._caption,
            "head": self._head_column,
            "value": self.traces.say_value,
            "explanation": self.traces.explain,
            "term": self._say_term,
            "result": self._say_result,
            "code": self._say_code,
            "link": self._check_link,
            "document-title": lambda _: self._list_titles(),
            "notice": lambda _: self.interface.list_notices(),
            "warning": lambda _: [self.interface.warning],
            "sheet-foot": lambda _: [self.interface.warning],
        }

    @property
    def kinds(self) -> AbstractSet[str]:
        """The kinds that have a rule, or words of a role."""
        return self._rules.keys() | ROLES.keys()

    def say(self, key: str, **values: object) -> str:
        """A phrase of the audit, or of the report."""
        return fill_in(self.phrases[key], values)

    def fits(self, node: Node) -> str:
        """What a node should have said; '' if it is right."""
        kind, about = node.kind, node.about
        if kind in ROLES and (roles := self._find_roles(node)):
            is_said = any(self._is_filled(node.text, role) for role in roles)
            return "" if is_said else " or ".join(f"'{self.phrases[role]}'" for role in roles)
        rule = self._rules.get(kind)
        wanted = rule(node) if rule else None
        if wanted is None:
            return ""
        is_right = node.text in wanted or _squeeze(node.text) in map(_squeeze, wanted)
        return "" if is_right else " or ".join(f"'{text}'" for text in wanted) or f"not {about}"

    def _find_roles(self, node: Node) -> list[str]:
        """The phrases that may stand at a node, by its kind and what it is about."""
        if node.kind == "heading" and node.place.startswith(CHECK):
            return []
        kinds = [node.kind]
        if node.kind == "head":
            is_trace = node.place in self.traces.places
            kinds = ["head of traces"] if is_trace else ["head", "head of the overview"]
        return [ROLES[kind][node.about] for kind in kinds if node.about in ROLES.get(kind, {})]

    def _is_filled(self, text: str, key: str) -> bool:
        """Whether a text is a phrase, whatever stands in its blanks; it may have a capital."""
        if key not in self._patterns:
            phrase = self.phrases[key]
            blanks = dict.fromkeys(list_blanks(phrase), ANYTHING)
            parts = map(re.escape, _squeeze(fill_in(phrase, blanks)).split(ANYTHING))
            self._patterns[key] = re.compile(".*".join(parts), re.DOTALL)
        pattern, squeezed = self._patterns[key], _squeeze(text)
        lower = squeezed[:1].lower() + squeezed[1:]
        return any(map(pattern.fullmatch, (squeezed, lower)))

    # Rules: what a node of a kind may say; None for anything

    def _head_part(self, node: Node) -> Sequence[str] | None:
        key, _, name = node.about.partition("=")
        match key:
            case "chapter":
                return self.meanings.texts.list_titles(name)
            case "figure" | "trace":
                return self.traces.define(node)
            case "trend":
                return self.traces.name_total(name)
            case "":
                return None
        return [self.say(f"{QUESTION}{node.about}")]

    def _say_text(self, node: Node) -> Sequence[str] | None:
        about = node.about
        if about.endswith("_how") and f"{QUESTION}{about}" in self.phrases:
            return self.phrases[f"{QUESTION}{about}"].split("\n")
        if about == "counted":
            return self._tell_second_count()
        if about == "content":
            return [f"{self.say('evidence.content')} {self.data.content}"]
        if f"query.{about}" in self.phrases:
            return [self.say(f"query.{about}")]
        return None

    def _tell_second_count(self) -> list[str]:
        how = self.say("index.counted_how")
        texts = []
        for check in self.ledger.checks:
            if check.name == "second_count" and check.of != 0:
                counted = self.say("evidence.second_count_each")
                if check.of is not None:
                    counted = self.say("index.counted_twice", figures=self.words.number(check.of))
                texts.append(f"{counted} {how}")
        return texts

    def _say_row(self, node: Node) -> Sequence[str] | None:
        key, _, code = node.about.partition("=")
        match key:
            case "verdict" if code == "total":
                return [begin(self.say("part.total"))]
            case "verdict":
                return [begin(say_verdict(code, self.meanings.exhibits))]
            case "fault":
                return [begin(name_fault(code, self.data.language))]
            case "figure":
                return self.traces.label_row(code)
        claims = {claim.id: claim for claim in self.data.claims}
        if node.place == f"claim-{key}" and key in claims:
            claim = claims[key]
            return [f"‘{claim.printed}’ ({claim.source}, § {claim.section})"]
        return self._name_print(node.place)

    def _name_print(self, place: str) -> Sequence[str] | None:
        """The id of a printed figure, by the number in the place of its row."""
        number = place.removeprefix("printed-")
        if number == place:
            return None
        return [self.data.reconciled[int(number) - 1].printed.id]

    def _say_cell(self, node: Node) -> Sequence[str] | None:
        key, _, code = node.about.partition("=")
        exhibits, number = self.meanings.exhibits, node.place.removeprefix("printed-")
        if number != node.place:
            item = self.data.reconciled[int(number) - 1]
            texts = {"verdict": say_verdict(item.verdict, exhibits), "reason": item.reason}
            return [texts.get(key, item.printed.printed)] if node.about else None
        match key:
            case "verdict":
                claims = {f"claim-{claim.id}": claim.verdict for claim in self.data.claims}
                return [say_verdict(claims.get(node.place, code), exhibits)]
            case "reason":
                return [claim.reason for claim in self.data.claims if claim.id == code]
            case "count":
                counts = [item for item in self.data.reconciled if code in ("total", item.verdict)]
                return [self.words.number(len(counts))]
            case "outcome":
                return [self.say(f"outcome.{code}")] if code else self.traces.say_cell(node)
        return self.traces.say_cell(node) if node.place in self.ledger.figures else None

    def _say_item(self, node: Node) -> Sequence[str] | None:
        key, _, name = node.about.partition("=")
        return self.meanings.texts.list_titles(name) if key == "chapter" else None

    def _name_figure(self, node: Node) -> Sequence[str] | None:
        key, _, name = node.about.partition("=")
        if key == "figure":
            link = self.say("trace.link")
            return [f"{name} ({link})"] if name == node.place else []
        return [f"{begin(self.say('page.shown'))}: {name}"] if key == "shown" else None

    def _caption(self, node: Node) -> Sequence[str] | None:
        return self.traces.define(node) if node.about.startswith("trace=") else None

    def _head_column(self, node: Node) -> Sequence[str] | None:
        key, _, field = node.about.partition("=")
        return [begin(self.words.field(field))] if key == "field" else None

    def _say_term(self, node: Node) -> Sequence[str] | None:
        key, _, _ = node.about.partition("=")
        return None if key in ("known", "waiting") else []

    def _say_result(self, node: Node) -> Sequence[str] | None:
        """The results of checks: over how much each went."""
        start = self.say("evidence.result")
        for check in self.ledger.checks:
            if check.name == node.about and check.of is not None:
                result = self.say(f"{QUESTION}{check.name}_of", of=self.words.number(check.of))
                return [f"{start} {result}"]
        number = self.words.number(len(self.ledger.figures))
        if node.about == "read_back":
            return [f"{start} {self.say('evidence.read_back_of', of=number)}"]
        if node.about == "values":
            without = sum(figure.value is None for figure in self.ledger.figures.values())
            values = {"figures": number, "without": self.words.number(without)}
            return [f"{start} {self.say('evidence.without_value', **values)}"]
        return None

    def _say_code(self, node: Node) -> Sequence[str] | None:
        key, _, cell = node.about.partition("=")
        if key != "code":
            return self.traces.check_statement(node)
        return self._code.get(cell, [])

    def _check_link(self, node: Node) -> Sequence[str] | None:
        """A link that is called as a figure, or stands in its row, leads to its trace."""
        _, _, anchor = node.target.partition("#")
        name = NAME.match(node.text)
        figure = name[1] if name else node.text
        if figure in self.ledger.figures and anchor and "index.html" not in node.target:
            return None if anchor == figure else [f"a link to {figure}"]
        if node.place in self.ledger.figures and not anchor.startswith("source-"):
            return None if anchor == node.place else [f"a link to {node.place}"]
        return None

    def _list_titles(self) -> Sequence[str]:
        """The title of an overview, or of a chapter, and how the edition stands."""
        say, standing = self.say, self.interface.warning or self.interface.mark
        whole = say("page.title", title=self.interface.title)
        titles = [whole, *(f"{say(f'{key}.title')} · {whole}" for key in ("evidence", "trend"))]
        for chapter in self.data.notebooks:
            named = self.meanings.texts.list_titles(chapter)
            titles += [say("page.chapter_title", chapter=title) for title in named]
        return [f"{title} ({standing})" if self.interface.mark else title for title in titles]

    @cached_property
    def _code(self) -> dict[str, list[str]]:
        """The code of the cells of each name; several chapters may have one of it."""
        code: dict[str, list[str]] = {}
        for notebook in self.data.notebooks.values():
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    code.setdefault(cell.id, []).append(cell.source)
        return code


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def find_audit_differences(description: Description, meanings: Meanings) -> Iterator[Misreading]:
    """Every node of the audit's pages that says something else than it has to.

    Each figure of a chapter has its trace there, unless it was merged into another.
    """
    pages = {
        name: nodes
        for name, nodes in description.files.items()
        if name.startswith(AUDIT) and name.endswith(PAGE)
    }
    if not pages:
        return
    audit, right = AuditMeanings(meanings), dict[Node, str]()
    kinds = audit.kinds
    for file, nodes in pages.items():
        for node in nodes:
            if node.kind not in kinds:
                if node.kind not in OTHERS:
                    wanted = f"a kind of node that has a rule, and not '{node.kind}'"
                    yield Misreading(file, node.place, node.about, node.text, wanted)
                continue
            if node not in right:
                right[node] = audit.fits(node)
            if right[node]:
                place = f"{node.place}, {node.kind}"
                yield Misreading(file, place, node.about, node.text, right[node])
        traces = {node.about for node in nodes if node.kind == "anchor"}
        for name, (chapter, _) in meanings.origins.items():
            is_here = file == f"{AUDIT}{chapter}{PAGE}" and name not in meanings.ledger.merged
            if is_here and name in meanings.ledger.figures and name not in traces:
                yield Misreading(file, "its traces", name, "no trace", "one")
