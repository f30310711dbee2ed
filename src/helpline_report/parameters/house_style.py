"""A helpline's house style in the parameters: its logo, its colours, its fonts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import Annotated

from pydantic import Field

from helpline_report.parameters.tokens import ColourName, Palette, Palettes, tokens
from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import CheckedModel, Closed, KeyPath

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
ProjectFile = Annotated[str, Field(min_length=1, max_length=200)]


class LogoFile(Closed):
    """A logo: an SVG or PNG of the project, and what it says to who can't see it."""

    file: ProjectFile
    alternative: Translated


class SansFiles(Closed):
    """The font of text, tables and charts, as TrueType or OpenType files of the project."""

    regular: ProjectFile
    semibold: ProjectFile


class SerifFiles(Closed):
    """The font of headings and headline figures."""

    semibold: ProjectFile


class FontFiles(Closed):
    """Fonts that replace those of the program."""

    sans: SansFiles | None = None
    serif: SerifFiles | None = None


class HouseStyle(CheckedModel):
    """What of the tokens a helpline replaces; the rest stays or follows.

    Colours that can't be read, or not be told apart by everybody, are refused: WCAG 2.2 AA.
    """

    logo: LogoFile | None = None
    colours: dict[ColourName, Colour] = {}
    dark: dict[ColourName, Colour] = {}
    fonts: FontFiles = FontFiles()

    def complaints(self) -> Iterator[tuple[KeyPath, str]]:
        """Each fault of the colours, with the nearest colour that would do."""
        if not (self.colours or self.dark):
            return
        from helpline_report.parameters.colours import find_nearest_colour  # noqa: PLC0415 - where colours are

        faults = self.faults()
        advice: dict[KeyPath, str] = {(): ""}
        for key in dict.fromkeys(key for key, _ in faults if key):
            own = getattr(self, str(key[0]))[key[1]]
            near = find_nearest_colour(own, partial(self._passes, key))
            advice[key] = (
                f"; the nearest one of this hue that will do is '{near}'"
                if near
                else "; no lighter or darker one of this hue will do: take another hue"
            )
        yield from ((key, what + advice[key]) for key, what in faults)

    def files(self) -> list[tuple[str, str]]:
        """What of it stands in files of the project: `logo` or `font`, and the path."""
        sans, serif = self.fonts.sans, self.fonts.serif
        fonts = [
            *((sans.regular, sans.semibold) if sans else ()),
            *((serif.semibold,) if serif else ()),
        ]
        logo = [("logo", self.logo.file)] if self.logo else []
        return [*logo, *(("font", file) for file in dict.fromkeys(fonts))]

    def faults(self) -> list[tuple[KeyPath, str]]:
        """What can't be read or told apart, by the key to blame."""
        # Loaded where a house style is: half of the commands never see one.
        from helpline_report.parameters.colours import find_colour_faults  # noqa: PLC0415 - where colours are

        return [
            (self._cause(scheme, colour, other), what)
            for scheme, colour, other, what in find_colour_faults(self.palettes())
        ]

    def _passes(self, key: KeyPath, colour: str) -> bool:
        """Whether nothing would be said of a key if it had this colour."""
        group, name = str(key[0]), key[1]
        other = self.model_copy(update={group: {**getattr(self, group), name: colour}})
        return all(blamed != key for blamed, _ in other.faults())

    def _cause(self, scheme: str, *names: ColourName) -> KeyPath:
        """The key to blame: the colour itself, or the one that it follows from."""
        groups = [("colours", self.colours)]
        if scheme == "dark":
            groups.insert(0, ("dark", self.dark))
        for wanted in (names, ("main", "accent")):
            for key, colours in groups:
                named = next((name for name in wanted if name in colours), None)
                if named:
                    return (key, named)
        return ()

    def palettes(self) -> Palettes:
        """All colours: those that are named here, those that follow from them, and the rest."""
        if not (self.colours or self.dark):
            return tokens().colours
        return _palettes(tuple(self.colours.items()), tuple(self.dark.items()))


Named = tuple[tuple[ColourName, str], ...]


@cache
def _palettes(light: Named, dark: Named) -> Palettes:
    from helpline_report.parameters.colours import make_palettes  # noqa: PLC0415 - where colours are

    lower: list[Palette] = [{name: value.lower() for name, value in each} for each in (light, dark)]
    return make_palettes(*lower)
