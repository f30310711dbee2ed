"""The files of a house style: a logo that can do no harm, and fonts that can be embedded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

from helpline_report.errors import ParametersError
from helpline_report.params.look.house_style import HouseStyle, LogoFile
from helpline_report.params.values import Translated

# Larger than this the page wouldn't stay small.
MOST_BYTES = 100_000

PNG = b"\x89PNG\r\n\x1a\n"
FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}")
LIVE = ("script", "foreignobject", "iframe", "audio", "video", "animate", "set", "handler")


@dataclass(frozen=True)
class Logo:
    """A checked logo, and its alternative text."""

    data: bytes
    kind: str
    alternative: Translated


@dataclass(frozen=True)
class FontFile:
    """A font of the project: its family as the file itself names it."""

    family: str
    file: Path


@dataclass(frozen=True)
class House:
    """What of a house style stands in files; nothing of it without one."""

    logo: Logo | None = None
    sans: tuple[FontFile, FontFile] | None = None
    serif: FontFile | None = None


def read_house(style: HouseStyle, root: Path) -> House:
    """The files of a house style, checked.

    Raises:
        ParametersError: a file isn't there, isn't of the project, or isn't safe.
    """
    sans, serif = style.fonts.sans, style.fonts.serif
    faces = None
    if sans is not None:
        faces = (_font(sans.regular, root), _font(sans.semibold, root))
        if faces[0].family != faces[1].family:
            raise ParametersError(
                f"is of the family '{faces[1].family}', and '{sans.regular}' of "
                f"'{faces[0].family}': both weights must be of one",
                where=sans.semibold,
            )
    return House(
        logo=_logo(style.logo, root) if style.logo else None,
        sans=faces,
        serif=_font(serif.semibold, root) if serif else None,
    )


def _read(name: str, root: Path) -> tuple[Path, bytes]:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ParametersError("lies outside the project", where=name, next_step="copy it into it")
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise ParametersError(f"can't be read ({error.strerror})", where=name) from None


def _logo(logo: LogoFile, root: Path) -> Logo:
    _, data = _read(logo.file, root)
    if len(data) > MOST_BYTES:
        raise ParametersError(
            f"the logo has {len(data)} bytes; at most {MOST_BYTES} fit in the page", where=logo.file
        )
    if data.startswith(PNG):
        return Logo(data, "image/png", logo.alternative)
    unsafe = _unsafe(data)
    if unsafe:
        raise ParametersError(
            f"the logo {unsafe}",
            where=logo.file,
            next_step="give a PNG, or save it as a plain SVG: shapes and texts alone",
        )
    return Logo(data, "image/svg+xml", logo.alternative)


def _unsafe(data: bytes) -> str:
    """Why a file is no SVG that may stand in a page; nothing if it is one."""
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        return "declares a document type"
    try:
        root = ET.fromstring(data)  # noqa: S314 - no entities: refused above
    except ET.ParseError:
        return "is neither an SVG nor a PNG"
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        return "is XML, and no SVG"
    for element in root.iter():
        tag = element.tag.rpartition("}")[2].lower()
        if tag.startswith(LIVE):
            return f"holds <{tag}>"
        for name, value in [*element.attrib.items(), ("style", element.text or "")]:
            reason = _attribute(name.rpartition("}")[2].lower(), value)
            if reason:
                return reason
    return ""


def _attribute(name: str, value: str) -> str:
    if name.startswith("on"):
        return f"has an event ({name})"
    if name in ("href", "src") and not value.strip().startswith("#"):
        return "refers to something outside itself"
    outside = re.search(r"@import|url\(\s*['\"]?(?!#|['\"])", value, re.IGNORECASE)
    return "refers to something outside itself" if outside and name != "d" else ""


def _font(name: str, root: Path) -> FontFile:
    path, data = _read(name, root)
    try:
        with TTFont(BytesIO(data), lazy=True) as font:
            family = font["name"].getBestFamilyName() or ""
            embeddable = "OS/2" in font and font["OS/2"].fsType & 0x0002 == 0
    except (TTLibError, KeyError, AssertionError, ValueError):
        raise ParametersError("is no TrueType or OpenType font", where=name) from None
    if not FAMILY.fullmatch(family):
        raise ParametersError("the font's family name can't be used in a page", where=name)
    if not embeddable:
        raise ParametersError("the font may not be embedded, says the file", where=name)
    return FontFile(family, path)
