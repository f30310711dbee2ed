"""Say what an edition is held to: its ledger, parameters, code lists, help numbers and texts."""

from collections.abc import Mapping
from typing import Any, Protocol

from nbformat import NotebookNode

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.printed import JudgedClaim, Reconciled
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.earlier_reports import SignOff
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.help_numbers import HelpNumbers
from helpline_report.parameters.house_files import House


class EditionData(Protocol):
    """What a publication is made of, as data: none of it was written by what writes its files.

    `notebooks` are the chapters by name; `texts` take the place of their cells, by language,
    chapter and cell, and `files` has the file of each chapter's notebook. `content` is the
    SHA-256 of all that the pages are made from. With `beside` its page stands beside the other
    files.
    """

    @property
    def edition(self) -> Edition: ...  # noqa: D102
    @property
    def comparison(self) -> Edition | None: ...  # noqa: D102
    @property
    def codelists(self) -> Mapping[str, CodeList]: ...  # noqa: D102
    @property
    def ledger(self) -> Ledger: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def notebooks(self) -> Mapping[str, NotebookNode]: ...  # noqa: D102
    @property
    def texts(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]: ...  # noqa: D102
    @property
    def files(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def reconciled(self) -> tuple[Reconciled, ...]: ...  # noqa: D102
    @property
    def claims(self) -> tuple[JudgedClaim, ...]: ...  # noqa: D102
    @property
    def signed(self) -> SignOff | None: ...  # noqa: D102
    @property
    def help(self) -> HelpNumbers: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def content(self) -> str: ...  # noqa: D102
    @property
    def house(self) -> House: ...  # noqa: D102
    @property
    def beside(self) -> bool: ...  # noqa: D102
