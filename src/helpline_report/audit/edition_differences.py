"""Compare two editions as they were released: their parameters, figures and sentences.

Nothing is read but what was published: the released ledger, the manifest and two pages. So nothing
can be shown that wasn't released.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from helpline_report.audit.manifest import MANIFEST, Manifest, file_sha256, read_manifest, role_of
from helpline_report.audit.page_sentences import Sentence, read_sentences
from helpline_report.errors import MachineError, ParametersError, RefusedError, to_read
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec, kind_of
from helpline_report.parameters.edition import OF_PAGES
from helpline_report.prose.vocabulary import TABLES_ABOVE

LEDGER, PAGE, AUDIT = "data/ledger.json", "index.html", "audit/index.html"
# The parameters as the overview of the audit lists them: a row each, below this heading.
PARAMETERS = 'id="page-parameters"'
PARAMETER = re.compile(r'<th scope="row"><code>(.*?)</code></th><td>(.*?)</td>', re.DOTALL)
# The files of a project of which another version can make a figure or a sentence another.
ROLES = ("notebook", "text", "code list", "layout", "other years")
# What is named with its old and its new value.
VALUES = ("version", "threshold")
# Two sentences with fewer words in common are no versions of one another.
ALIKE = 0.4

Item = TypeVar("Item")


@dataclass(frozen=True)
class PublishedEdition:
    """What lies in the folder of an edition; `label` is its name on the page.

    Where only its ledger lies there, `manifest` is empty, and so is what its pages would say.
    """

    label: str
    folder: Path
    ledger: Ledger
    manifest: Manifest
    parameters: Mapping[str, str]
    sentences: Sequence[Sentence]

    @property
    def private(self) -> bool:
        """Whether it is its owner's alone: confidential, as far as is known, and not approved."""
        approved = self.manifest.get("status") in ("provisional", "final")
        return self.manifest.get("rows", "confidential") == "confidential" and not approved


class Cause(NamedTuple):
    """One thing that makes two editions differ: its kind, and a file, a name or a change.

    `edition` and `table` say, of an export, which rows it holds.
    """

    kind: str
    subject: str = ""
    edition: str = ""
    table: str = ""


@dataclass(frozen=True)
class DifferingPair(Generic[Item]):
    """What isn't the same in two editions, with what may be why; None where one hasn't got it."""

    id: str
    chapter: str
    items: tuple[Item | None, Item | None]
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class EditionDifferences:
    """All that differs between two editions, and what is known of why.

    `whole` says that both have pages: without them figures alone are compared.
    """

    editions: tuple[PublishedEdition, PublishedEdition]
    whole: bool
    causes: Sequence[Cause]
    parameters: Sequence[DifferingPair[str]]
    figures: Sequence[DifferingPair[Figure]]
    sentences: Sequence[DifferingPair[Sentence]]

    @property
    def total(self) -> int:
        """How many things differ."""
        return len(self.parameters) + len(self.figures) + len(self.sentences)


def read_edition(folder: Path, label: str, shown: str) -> PublishedEdition:
    """Read what was published of an edition; `shown` is its folder in messages.

    Raises:
        ParametersError: the ledger is of another version of the program.
        MachineError: a file can't be read.
        RefusedError: a file isn't what was published.
    """
    manifest = read_manifest(folder, shown) if (folder / MANIFEST).exists() else {}
    texts = {PAGE: "", AUDIT: ""}
    for file in (LEDGER, PAGE, AUDIT) if manifest else (LEDGER,):
        path, where = folder / file, f"{shown}/{file}"
        if manifest and file_sha256(path, where) != manifest["outputs"].get(file):
            again = "take it from where the edition was published, or build the edition again"
            raise RefusedError("isn't what was published", where=where, next_step=again)
        try:
            texts[file] = path.read_text(encoding="utf-8")
        except OSError as error:
            what = f"can't be read ({error.strerror})"
            raise MachineError(what, where=where, next_step=to_read(error)) from None
    try:
        ledger = Ledger.model_validate_json(texts[LEDGER])
    except ValidationError:
        what, step = "is no ledger of this version", "build that edition again with this version"
        raise ParametersError(what, where=f"{shown}/{LEDGER}", next_step=step) from None
    rows = PARAMETER.findall(texts[AUDIT].partition(PARAMETERS)[2])
    parameters = {html.unescape(name): html.unescape(value) for name, value in rows}
    sentences = read_sentences(texts[PAGE])
    return PublishedEdition(label, folder, ledger, manifest, parameters, sentences)


def compare_editions(first: PublishedEdition, second: PublishedEdition) -> EditionDifferences:
    """All that differs between two editions; numbers are compared as they were computed."""
    editions, whole = (first, second), bool(first.manifest and second.manifest)
    one, other = (each.parameters if whole else {} for each in editions)
    parameters = [
        DifferingPair(name, "", (one.get(name), other.get(name)))
        for name in {**one, **other}
        if one.get(name) != other.get(name)
    ]
    causes = list(_list_causes(first, second, [item.id for item in parameters], whole=whole))
    figures = list(_compare_figures(first.ledger, second.ledger, causes))
    names, sentences = {item.id for item in figures}, []
    for pair in pair_sentences(first.sentences, second.sentences) if whole else ():
        place = next(each for each in reversed(pair) if each is not None)
        why = tuple(_causes_of_sentence(pair, place.chapter, names, causes))
        sentences.append(DifferingPair(place.anchor, place.chapter, pair, why))
    return EditionDifferences(editions, whole, causes, parameters, figures, sentences)


def _list_causes(
    first: PublishedEdition, second: PublishedEdition, parameters: Sequence[str], *, whole: bool
) -> Iterator[Cause]:
    """What isn't the same of all that two editions say that they are made from.

    Of another year all is other: only what both were made from is compared then.
    """
    years = (first.ledger.edition, second.ledger.edition)
    same_year = years[0] == years[1]
    if not same_year:
        yield Cause("year", " → ".join(years))
    one, other = (_list_origins(each, whole=whole) for each in (first, second))
    for cause in sorted({**one, **other}):
        values = (one.get(cause, "–"), other.get(cause, "–"))
        if values[0] != values[1] and (same_year or "–" not in values):
            named = f"{cause.subject} {' → '.join(values)}".strip()
            yield cause._replace(subject=named) if cause.kind in VALUES else cause
    overridden = {*first.ledger.overrides} ^ {*second.ledger.overrides}
    roots = {"--set", *(text.partition("=")[0].split(".")[0] for text in overridden)}
    if same_year:
        yield from (Cause("parameter", n) for n in parameters if n.split(".")[0] not in roots)


def _list_origins(edition: PublishedEdition, *, whole: bool) -> dict[Cause, str]:
    """What an edition is made from, each with its hash, version or value."""
    ledger, manifest = edition.ledger, edition.manifest if whole else {}
    project = [item for item in manifest.get("project", ()) if item["role"] in ROLES]
    return {
        **{Cause(role_of(s), s.file, s.edition, s.table): s.sha256 for s in ledger.sources},
        **{Cause("set", text): text for text in ledger.overrides},
        Cause("threshold"): str(ledger.protected.threshold) if ledger.protected else "–",
        **{Cause(item["role"], item["file"]): item["sha256"] for item in project},
        Cause("program"): str(manifest.get("code")),
        **{Cause("version", name): text for name, text in manifest.get("versions", {}).items()},
    }


def _compare_figures(
    first: Ledger, second: Ledger, causes: Sequence[Cause]
) -> Iterator[DifferingPair[Figure]]:
    """The figures that differ, in the order in which the chapters of the second show them."""
    origins = second.origins() | first.origins() | second.origins()
    for name in dict.fromkeys([*origins, *second.figures, *first.figures]):
        pair = (first.figures.get(name), second.figures.get(name))
        contents = [figure and _content(figure) for figure in pair]
        if contents[0] != contents[1]:
            chapter = origins.get(name, ("", ""))[0]
            yield DifferingPair(name, chapter, pair, _causes_of_figure(pair, chapter, causes))


def _content(figure: Figure) -> Any:
    """All that a figure says, but of which year."""
    counted = (figure.value, figure.numerator, figure.denominator, figure.interval)
    return (figure.status, figure.reason, *counted, _definition(figure))


def _definition(figure: Figure) -> Any:
    return kind_of(figure.population), figure.of and kind_of(figure.of)


def _causes_of_figure(
    pair: tuple[Figure | None, Figure | None], chapter: str, causes: Sequence[Cause]
) -> tuple[Cause, ...]:
    """Which of the causes can have made a figure another one."""
    if year := tuple(cause for cause in causes if cause.kind == "year"):
        return year
    figures, own = [figure for figure in pair if figure is not None], []
    if len(figures) == len(pair):
        one, other = figures
        own = [Cause("break", name) for name in sorted({*one.breaks} ^ {*other.breaks})]
        own += [Cause("definition")] if _definition(one) != _definition(other) else []
    return (*own, *(cause for cause in causes if _acts_on(cause, figures, chapter)))


def _acts_on(cause: Cause, figures: Sequence[Figure], chapter: str) -> bool:
    """Whether a cause can have changed a figure, by the rows and the chapter that it is made of."""
    specs = [spec for each in figures for spec in (each.population, each.of) if spec is not None]
    of_edition = cause.edition in {spec.edition for spec in specs}
    suppressed = any(figure.status == "suppressed" for figure in figures)
    match cause.kind:
        case "export":
            return of_edition and cause.table in {n for spec in specs for n in _tables_of(spec)}
        case "corrections" | "released ledger":
            return of_edition
        case "threshold":
            return suppressed
        case "parameter":
            root = cause.subject.split(".")[0]
            return suppressed if root == "disclosure" else root not in OF_PAGES
        case "notebook":
            return _chapter_of(cause.subject) == chapter
        case "code list":
            fields = {condition.field for spec in specs for condition in spec.conditions}
            fields |= {field for figure in figures for field in figure.by}
            return PurePosixPath(cause.subject).stem in fields
    return cause.kind not in ("text", "other years")


def _tables_of(spec: PopulationSpec) -> set[str]:
    """The tables whose rows decide how many a population holds; row counts of files are of all."""
    if spec.table == "files":
        return {"contacts", "persons", "followups", "traffic"}
    lower = {table for each in spec.having for table in _tables_of(each)}
    return {spec.table, *TABLES_ABOVE.get(spec.table, ()), *lower}


def _chapter_of(file: str) -> str:
    """The chapter that a notebook or a file of texts is of."""
    return PurePosixPath(file).stem.lstrip("0123456789_")


def pair_sentences(
    first: Sequence[Sentence], second: Sequence[Sentence]
) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """The sentences that differ, each beside its other version in the same chapter."""
    chapters = [
        {name: [*group] for name, group in groupby(of, key=attrgetter("chapter"))}
        for of in (first, second)
    ]
    for name in {**chapters[1], **chapters[0]}:
        one, other = (of.get(name, []) for of in chapters)
        texts, others = ([item.text for item in of] for of in (one, other))
        matcher = SequenceMatcher(None, texts, others, autojunk=False)
        for kind, start, end, other_start, other_end in matcher.get_opcodes():
            if kind != "equal":
                yield from _pair_alike(one[start:end], other[other_start:other_end])


def _pair_alike(
    first: Sequence[Sentence], second: Sequence[Sentence]
) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Sentences in their order, of which two stand side by side that have most words in common."""
    rest = list(second)
    for sentence in first:
        words = sentence.text.split()
        ratios = [SequenceMatcher(None, words, each.text.split()).ratio() for each in rest]
        if max(ratios, default=0) < ALIKE:
            yield sentence, None
            continue
        best = ratios.index(max(ratios))
        yield from ((None, each) for each in rest[:best])
        yield sentence, rest[best]
        del rest[: best + 1]
    yield from ((None, each) for each in rest)


def _causes_of_sentence(
    pair: tuple[Sentence | None, Sentence | None],
    chapter: str,
    names: set[str],
    causes: Sequence[Cause],
) -> Sequence[Cause]:
    """A figure in it that is another; else another text; else what can write it otherwise."""
    figures = dict.fromkeys(name for each in pair if each for name in each.figures)
    by_kind: dict[str, list[Cause]] = {}
    for cause in causes:
        by_kind.setdefault(cause.kind, []).append(cause)
    texts = [*by_kind.get("text", ()), *by_kind.get("notebook", ())]
    own = [Cause("figure", name) for name in figures if name in names]
    own = own or by_kind.get("year", [])
    own = own or [c for c in texts if _chapter_of(c.subject) == chapter.removeprefix("chapter-")]
    of_pages = ("set", "parameter", "code list", "other years", "program")
    return own or [cause for cause in causes if cause.kind in of_pages]
