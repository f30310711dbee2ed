"""The contents that follow the reader: by scrolling alone, where a browser can; no script."""

from __future__ import annotations

from collections.abc import Sequence

# The line of the window that decides which chapter is read: a fifth from the top.
LINE = "20% 79%"


def following(names: Sequence[str]) -> str:
    """Rules of a style sheet that mark the chapter that is read in the contents."""
    if not names:
        return ""
    rules = [f":root {{ timeline-scope: {', '.join(f'--at-{name}' for name in names)}; }}"]
    for name in names:
        link = f'.contents a[href="#chapter-{name}"]'
        rules += [
            f"#chapter-{name} {{ view-timeline: --at-{name} block; view-timeline-inset: {LINE}; }}",
            f"{link} {{ animation: here 1s linear; animation-timeline: --at-{name}; }}",
        ]
    inside = "\n".join(rules)
    condition = "(timeline-scope: --any) and (animation-timeline: --any)"
    return f"@supports {condition} {{\n{inside}\n}}\n"
