"""What the command says: the findings by place, or the same for machines."""

from __future__ import annotations

import json

from helpline_report.audit.proofreading.findings import Finding, say
from helpline_report.audit.proofreading.proofread import Proof


def as_text(proof: Proof, name: str) -> str:
    """The findings in Dutch, each with its place, its words and what its numbers say."""
    parts = [_finding(item) for item in proof.findings]
    summary = say(
        "summary", file=name, numbers=str(proof.numbers), statements=str(proof.statements)
    )
    match len(proof.findings):
        case 0:
            end = say("nothing")
        case 1:
            end = say("one_found")
        case number:
            end = say("number_found", number=str(number))
    return "\n".join([*parts, f"{summary} {end}"]) + "\n"


def _finding(item: Finding) -> str:
    head = f"{item.place}: {say(f'verdict.{item.verdict}')} ({say(f'check.{item.check}')})"
    return f"{head}\n  “{item.quote}”\n  → {item.text}\n"


def as_json(proof: Proof, name: str) -> str:
    """The same as one JSON object, in a fixed order."""
    findings = [
        {
            "page": item.place.page or None,
            "line": item.place.line,
            "check": item.check,
            "verdict": item.verdict,
            "quote": item.quote,
            "text": item.text,
        }
        for item in proof.findings
    ]
    shape = {
        "file": name,
        "numbers": proof.numbers,
        "statements": proof.statements,
        "findings": findings,
    }
    return json.dumps(shape, ensure_ascii=False, indent=1) + "\n"
