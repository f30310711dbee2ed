"""Hold what pages are made from: a released ledger, notebooks and texts, and no rows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from babel import Locale
from nbformat import NotebookNode

from helpline_report.figures.ledger import CellRecord, Ledger
from helpline_report.figures.printed import JudgedClaim, Reconciled
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.earlier_reports import SignOff
from helpline_report.parameters.edition import Edition, describe_parameters, is_private
from helpline_report.parameters.help_numbers import HelpNumbers
from helpline_report.parameters.house_files import House
from helpline_report.parameters.house_style import OWN_FONTS
from helpline_report.parameters.layouts import Layout
from helpline_report.prose.markdown import Exemption
from helpline_report.prose.texts import CellText
from helpline_report.steps import Steps

# The texts that take the place of a notebook's own, by chapter and cell.
Texts = Mapping[str, Mapping[str, CellText]]


class Translation(NamedTuple):
    """The edition in another language, with that language's own name and the path to its folder."""

    language: str
    name: str
    path: str


@dataclass(frozen=True)
class Publication:
    """An edition ready to be published.

    `notebooks` are the chapters by name, as they are stored: without outputs, in the order of the
    report. What their cells show comes from the ledger. `signed` is the approval of this very
    content: without one the edition is a draft. `files` names the file of each chapter, for
    complaints; `texts` are those of every language; `help` are today's help numbers. `layouts` say
    what the exports mean, by name, for the statements that count them again. `exempt` is what free
    texts of the parameters say on a source's word. `plots` are the sources of the modules whose
    functions draw charts. Drawings are kept in `steps`, where there are any. With `beside` the page
    stands beside the other files, and links to them there. Without, it links to them at the address
    that the parameters give, or not at all.
    """

    edition: Edition
    comparison: Edition | None
    codelists: Mapping[str, CodeList]
    ledger: Ledger
    notebooks: Mapping[str, NotebookNode]
    texts: Mapping[str, Texts] = field(default_factory=dict)
    language: str = "nl"
    reconciled: tuple[Reconciled, ...] = ()
    claims: tuple[JudgedClaim, ...] = ()
    version: str = ""
    signed: SignOff | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    house: House = field(default_factory=House)
    help: HelpNumbers = field(default_factory=HelpNumbers)
    exempt: tuple[Exemption, ...] = ()
    plots: Mapping[str, str] = field(default_factory=dict)
    steps: Steps | None = field(default=None, compare=False, repr=False)
    beside: bool = False

    @cached_property
    def origins(self) -> Mapping[str, tuple[str, str]]:
        """Chapter and cell of every figure."""
        return self.ledger.origins()

    def record_of(self, chapter: str, cell: str) -> CellRecord:
        """What a cell recorded, with the wider class in place of a figure merged into it."""
        record = self._records.get((chapter, cell), CellRecord(id=cell))
        ledger = self.ledger
        names = (ledger.merged.get(name, name) for name in record.figures if name in ledger.figures)
        return record.model_copy(update={"figures": tuple(dict.fromkeys(names))})

    @cached_property
    def _records(self) -> Mapping[tuple[str, str], CellRecord]:
        chapters = self.ledger.chapters
        return {(chapter.name, cell.id): cell for chapter in chapters for cell in chapter.cells}

    @cached_property
    def content(self) -> str:
        """The SHA-256 of everything that the pages are made from, except the approval.

        Whoever approves an edition approves this. It changes with any figure, text, chapter,
        parameter or version of the program, and not with the order of the rows: the manifest has
        the SHA-256 of each export.
        """
        house = self.house
        files = [face.file for face in (*house.sans, house.serif) if face not in OWN_FONTS]
        look = [*([house.logo.data] if house.logo else []), *(file.read_bytes() for file in files)]
        blocks = [
            (language, chapter, cell, text)
            for language, texts in self.texts.items()
            for chapter, cells in texts.items()
            for cell, text in cells.items()
        ]
        parts = {
            # The path of a released ledger is private; its counts are in this ledger.
            "parameters": [
                describe_parameters(edition, protected=edition in self.private)
                for edition in self.editions
            ],
            "code lists": {
                name: item.model_dump(mode="json") for name, item in self.codelists.items()
            },
            "chapters": self.notebooks,
            "texts": sorted((*place, text.markdown) for *place, text in blocks),
            "reconciled": [
                [item.printed.id, item.printed.printed, item.verdict] for item in self.reconciled
            ],
            "photographs": {
                f"{text.file} {name}": hashlib.sha256(photograph.data).hexdigest()
                for *_, text in blocks
                for name, photograph in text.photographs.items()
                if photograph is not None
            },
            "logo and fonts": [hashlib.sha256(part).hexdigest() for part in look],
            "plots": dict(self.plots),
            # No page says on which day they were checked.
            "help": self.help.model_dump(mode="json", exclude={"checked_on"}),
            "version": self.version,
        }
        sources = [source.model_copy(update={"sha256": ""}) for source in self.ledger.sources]
        ledger = self.ledger.model_copy(update={"sources": tuple(sources)})
        whole = hashlib.sha256(ledger.to_json().encode())
        whole.update(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode())
        return whole.hexdigest()

    @property
    def address(self) -> str | None:
        """The address of the folder of its pages, ending in a slash; None where nobody says it."""
        root = self.edition.publisher.root
        return f"{root}{self.folder and self.folder + '/'}" if root else None

    @property
    def root(self) -> str | None:
        """What links to files of the edition begin with; None where nobody knows their place."""
        return "" if self.beside else self.address

    @property
    def draft(self) -> bool:
        """Whether nobody has approved it yet."""
        return self.signed is None

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The edition, and the one that it is compared with."""
        return (self.edition,) if self.comparison is None else (self.edition, self.comparison)

    @property
    def private(self) -> tuple[Edition, ...]:
        """Those of `editions` whose numbers of rows are private."""
        return tuple(each for each in self.editions if is_private(each, self.edition))

    @property
    def counted(self) -> tuple[Edition, ...]:
        """Those of `editions` whose rows were counted, and not taken from a released ledger."""
        taken_over = self.ledger.taken_over
        return tuple(each for each in self.editions if each.edition not in taken_over)

    @property
    def name(self) -> str:
        """The folder of the edition in `output/`, with that of a translation inside it."""
        return f"{self.edition.edition}/{self.folder}".rstrip("/")

    @property
    def folder(self) -> str:
        """The folder of a translation inside that of the edition; empty in the first language."""
        return "" if self.language == self.edition.language else self.language

    @property
    def quoted_language(self) -> str:
        """The language of what earlier reports say; empty where the pages are in it too."""
        return "" if self.language == self.edition.language else self.edition.language

    @property
    def translations(self) -> tuple[Translation, ...]:
        """The edition in its other languages."""
        back = "../" if self.folder else ""
        folders = {self.edition.language: ""}
        folders |= {language: f"{language}/" for language in self.edition.translations}
        return tuple(
            Translation(language, str(Locale.parse(language).language_name), back + folder)
            for language, folder in folders.items()
            if language != self.language
        )

    def notebook_file(self, chapter: str) -> str:
        """How messages name the file of a chapter."""
        return f"notebooks/{self.files.get(chapter, chapter)}"

    def texts_of(self, chapter: str) -> Mapping[str, CellText]:
        """The texts that take the place of a chapter's own, in the language of the pages."""
        return self.texts.get(self.language, {}).get(chapter, {})

    @property
    def title(self) -> str:
        """The title of the report in its language."""
        return self.edition.title.in_language(self.language)

    @property
    def synthetic(self) -> bool:
        """Whether the rows behind it were made by the generator."""
        return self.edition.rows == "synthetic"
