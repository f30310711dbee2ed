"""Which names the figures of the chapters can have, read from their code before any of it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from helpline_report.figures.model import name_before
from helpline_report.prose.texts import FigureNames
from helpline_report.run.notebooks import OPEN

# What records one figure, under the very name that it is given.
ONE_FIGURE = frozenset(
    {
        *("count", "share", "change", "rate_ratio", "supports_rise", "mean", "maximum"),
        *("open_days", "top", "quietest_working_day", "rank", "same_top", "figure"),
    }
)
# What records figures whose names begin with the one that it is given.
MORE_FIGURES = frozenset(
    {
        *("counts", "shares", "changes", "means", "maxima", "ranks"),
        *("campaigns", "quality", "missing"),
    }
)
# What records none.
NO_FIGURE = frozenset(
    {
        *("populations", "previous", "chart", "flow", "intervals", "table", "highlights"),
        *("breaks", "trend", "reconciliation"),
    }
)


def figure_names(code: Iterable[str]) -> FigureNames | None:
    """The names that cells of code give to figures; None where only a run can tell.

    That is so where a name isn't written out, or a chapter is used otherwise than by its methods.
    """
    one: set[str] = set()
    more: set[str] = set()
    for source in code:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return None
        for method, name in _named(tree):
            if name is None:
                return None
            (one if method in ONE_FIGURE else more).add(name)
    return FigureNames(frozenset(one), frozenset(more))


def _named(tree: ast.Module) -> Iterable[tuple[str, str | None]]:
    """Each method that records figures with the name it is given; None for what can't be told."""
    plain: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method, owner = node.func.attr, node.func.value
            if method in ONE_FIGURE | MORE_FIGURES:
                name = _name_of(node)
                yield method, name
                if name is not None and any(each.arg == "against" for each in node.keywords):
                    yield method, name_before(name)
            if method in ONE_FIGURE | MORE_FIGURES | NO_FIGURE:
                plain.add(id(owner))
        elif isinstance(node, ast.Assign) and _opens(node.value):
            plain.update(id(target) for target in node.targets)
            plain.update({id(node.value)} if all(map(_is_chapter, node.targets)) else ())
    for node in ast.walk(tree):
        if (_is_chapter(node) or _opens(node)) and id(node) not in plain:
            yield "", None


def _name_of(call: ast.Call) -> str | None:
    given = call.args[:1] or [each.value for each in call.keywords if each.arg == "name"]
    match given:
        case [ast.Constant(value=str(name))]:
            return name
    return None


def _is_chapter(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "chapter"


def _opens(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == OPEN
