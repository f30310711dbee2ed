"""The files of a house style: a logo that can do no harm, and fonts that can be embedded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import ParametersError
from helpline_report.parameters.look.font_file import FontFile, font_file
from helpline_report.parameters.look.house_style import HouseStyle, LogoFile, SansFiles, SerifFiles
from helpline_report.parameters.look.logo_png import SIGNATURE, BrokenPngError, pixels
from helpline_report.parameters.look.logo_svg import NotPlainError, drawn
from helpline_report.parameters.values import Translated

# Larger than this the page wouldn't stay small.
MOST_BYTES = 100_000


@dataclass(frozen=True)
class Logo:
    """A checked logo without its metadata, and its alternative text."""

    data: bytes
    kind: str
    alternative: Translated


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
    faces = _sans(sans, root) if sans else None
    return House(
        logo=_logo(style.logo, root) if style.logo else None,
        sans=faces,
        serif=_serif(serif, faces, root) if serif else None,
    )


def _read(name: str, root: Path) -> tuple[Path, bytes]:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ParametersError("lies outside the project", where=name, next_step="copy it into it")
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise ParametersError(
            f"can't be read ({error.strerror})",
            where=name,
            next_step="the path counts from the project's folder, the one that holds params/",
        ) from None


def _logo(logo: LogoFile, root: Path) -> Logo:
    _, data = _read(logo.file, root)
    if len(data) > MOST_BYTES:
        raise ParametersError(
            f"the logo has {len(data)} bytes; at most {MOST_BYTES} fit in the page",
            where=logo.file,
            next_step="save it as a plain SVG, or as a PNG of about 600 pixels wide",
        )
    try:
        if data.startswith(SIGNATURE):
            return Logo(pixels(data), "image/png", logo.alternative)
        return Logo(drawn(data), "image/svg+xml", logo.alternative)
    except BrokenPngError as error:
        raise ParametersError(
            f"the logo {error}",
            where=logo.file,
            next_step="save it as a PNG anew, about 600 pixels wide",
        ) from None
    except NotPlainError as error:
        raise ParametersError(
            f"the logo {error}",
            where=logo.file,
            next_step="give a PNG, or save it as a plain SVG: shapes and texts alone",
        ) from None


def _font(name: str, root: Path) -> FontFile:
    path, data = _read(name, root)
    return font_file(name, path, data)


def _sans(given: SansFiles, root: Path) -> tuple[FontFile, FontFile]:
    regular, semibold = _font(given.regular, root), _font(given.semibold, root)
    if regular.family != semibold.family:
        raise ParametersError(
            f"is of the family '{semibold.family}', and '{given.regular}' of '{regular.family}'",
            where=given.semibold,
            next_step="give two weights of one family",
        )
    if semibold.weight <= regular.weight:
        raise ParametersError(
            f"is no heavier ({semibold.weight}) than '{given.regular}' ({regular.weight})",
            where=given.semibold,
            next_step="give the semibold (600) or bold (700) font of the family",
        )
    return regular, semibold


def _serif(given: SerifFiles, sans: tuple[FontFile, FontFile] | None, root: Path) -> FontFile:
    found = _font(given.semibold, root)
    if sans and found.family == sans[1].family and found.file != sans[1].file:
        raise ParametersError(
            f"is of the family '{found.family}', as the font of the text is",
            where=given.semibold,
            next_step="give the same file as 'fonts.sans.semibold', or another family",
        )
    return found
