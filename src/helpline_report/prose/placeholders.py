"""The placeholder `{{ name | form }}` as a rule of the Markdown parser, its name opaque to it.

The rule stands before all others, so an underscore in a name emphasises nothing and a bar makes no
table; what stands between the braces reaches no other rule.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

OPEN, CLOSE = "{{", "}}"
KIND = "placeholder"
GRAMMAR = re.compile(r"\s*(?P<name>[^\s|{}]+)\s*(?:\|\s*(?P<form>[^\s|{}]+)\s*)?")
WRITTEN_OUT = re.compile(r"\{\{(?P<inside>[^{}\n]*)\}\}")


def parse(inside: str) -> tuple[str, str | None] | None:
    """The name and the form between the braces, or None where it isn't `name | form`."""
    found = GRAMMAR.fullmatch(inside)
    return (found["name"], found["form"]) if found else None


def use_placeholders(parser: MarkdownIt) -> None:
    """Teach a parser the rule."""
    parser.inline.ruler.before("text", KIND, _rule)


def _rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    if not state.src.startswith(OPEN, state.pos):
        return False
    end = state.src.find(CLOSE, state.pos + len(OPEN), state.posMax)
    inside = state.src[state.pos + len(OPEN) : end]
    if end < 0 or "\n" in inside:
        return False
    if not silent:
        state.push(KIND, "", 0).content = inside
    state.pos = end + len(CLOSE)
    return True
