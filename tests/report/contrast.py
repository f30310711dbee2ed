"""Measure the contrast of text where axe-core can't: over pictures and gradients."""

import io
import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from helpline_report.parameters.house_style import get_contrast

# All rules of WCAG 2.2 AA and good practice; without tags axe leaves the size of targets out.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
TEXT, LARGE_TEXT = 4.5, 3.0
LARGE, LARGE_BOLD, BOLD = 24.0, 18.66, 600
# Of an element that axe can't decide: its colour and size as it is drawn, and a look that it shares
# with others of its kind; one of these is measured.
DRAWN = """element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const drawn = element.ownerSVGElement;
  const scale = drawn ? drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width : 1;
  return {
    colour: drawn ? style.fill : style.color, size: parseFloat(style.fontSize) * scale,
    weight: Number(style.fontWeight), seen: element.checkVisibility() && box.width > 1,
    look: drawn ? "" : [element.localName, element.className, style.color, style.fontSize].join(),
  }
}"""


# Nobody taps paper, or follows a link on it.
OF_SCREENS = {rule: {"enabled": False} for rule in ("target-size", "link-in-text-block")}


def find_violations(page: Page, *, printed: bool = False) -> list[str]:
    """What axe-core finds, and each text that it can't decide whose contrast is too low."""
    rules = OF_SCREENS if printed else {}
    results: Any = Axe().run(page, options={**RULES, "rules": rules}).response
    violations = [
        f"{rule['id']}: {node['html'][:120]}" for rule, node in _nodes(results["violations"])
    ]
    page.add_style_tag(content=".bar, .warning, .way-out { position: static !important; }")
    looks: set[str] = set()
    for rule, node in _nodes(results["incomplete"]):
        if rule["id"] != "color-contrast":
            violations.append(f"{rule['id']}, undecided: {node['html'][:120]}")
            continue
        element = page.locator(node["target"][-1]).first
        drawn = element.evaluate(DRAWN)
        if drawn["seen"] and drawn["look"] not in looks:
            looks |= {drawn["look"]} - {""}
            ratio = _measured(element.screenshot(), drawn)
            if ratio < _asked_of(drawn):
                violations.append(f"contrast {ratio:.2f}: {node['html'][:120]}")
    return violations


def _nodes(rules: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(rule, node) for rule in rules for node in rule["nodes"]]


def _measured(picture: bytes, drawn: dict[str, Any]) -> float:
    """The contrast of an element with the colour that most of its box has."""
    # A browser smooths the edges of letters: most pixels have the colour of the ground.
    pixels = Image.open(io.BytesIO(picture)).convert("RGB")
    counts = pixels.getcolors(pixels.width * pixels.height) or []
    ink = map(int, re.findall(r"\d+", drawn["colour"])[:3])
    return get_contrast(*(f"#{bytes(each).hex()}" for each in (ink, max(counts)[1])))


def _asked_of(drawn: dict[str, Any]) -> float:
    """The contrast that text of its size needs."""
    large = drawn["size"] >= (LARGE_BOLD if drawn["weight"] >= BOLD else LARGE)
    return LARGE_TEXT if large else TEXT
