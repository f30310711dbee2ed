"""Facts of the parameters say no findings: they stand in the prose unbound, so nothing checks them.

A fact may hold numerals (a telephone number, hours, a date), but neither a word of comparison nor a
percentage.
"""

from __future__ import annotations

from helpline_report.errors import ParametersError
from helpline_report.params.edition import Edition
from helpline_report.params.values import Translated
from helpline_report.params.yaml import Document
from helpline_report.prose.catalogue import LANGUAGES
from helpline_report.prose.findings import claims_of

NEXT_STEP = "count it in a chapter and write it as {{ figure | form }}, or say it without a claim"


def check_facts(edition: Edition, document: Document) -> None:
    """Refuse facts that hold what figures should say.

    Raises:
        ParametersError: such a fact; names its line.
    """
    for name, fact in edition.facts.items():
        for language in LANGUAGES if isinstance(fact, Translated) else (edition.language,):
            text = fact.in_language(language) if isinstance(fact, Translated) else str(fact)
            for words in claims_of(text, language):
                path = ("facts", name)
                own = (*path, language) if (*path, language) in document.lines else path
                raise ParametersError(
                    f"the fact '{name}' says '{words}', a finding that no figure bears out",
                    where=document.place(own),
                    next_step=NEXT_STEP,
                )
