"""Small reports drawn as text, and what proofreading says of them."""

from helpline_report.audit.proofreading.blocks import document_of
from helpline_report.audit.proofreading.document import Document
from helpline_report.audit.proofreading.files import lines_of
from helpline_report.audit.proofreading.proofread import Proof, proof_of


def read(text: str) -> Document:
    """A report of plain text."""
    return document_of(lines_of(text.encode(), "verslag.txt"))


def proof(text: str) -> Proof:
    """What is found in a report of plain text."""
    return proof_of(read(text))


def verdicts(text: str) -> list[tuple[int, str, str]]:
    """Line, check and verdict of each finding."""
    return [(item.place.line, item.check, item.verdict) for item in proof(text).findings]


def said(text: str) -> str:
    """The explanation of the one finding, with ordinary spaces."""
    (finding,) = proof(text).findings
    return finding.text.replace("\N{NO-BREAK SPACE}", " ")
