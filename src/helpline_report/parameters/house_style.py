"""A helpline's house style in the parameters: its logo, its colours, its fonts."""

from __future__ import annotations

from functools import cache, partial
from typing import Annotated, Self

from pydantic import Field, model_validator

from helpline_report.parameters.tokens import ColourName, Palette, Palettes, tokens
from helpline_report.parameters.values import Translated
from helpline_report.parameters.yaml import Closed, KeyPath, PlacedError

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


class HouseStyle(Closed):
    """What of the tokens a helpline replaces; the rest stays or follows.

    Colours that can't be read, or not be told apart by everybody, are refused: WCAG 2.2 AA.
    """

    logo: LogoFile | None = None
    colours: dict[ColourName, Colour] = {}
    dark: dict[ColourName, Colour] = {}
    fonts: FontFiles = FontFiles()

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.colours or self.dark:
            complaints = self._complaints()
            if complaints:
                raise PlacedError(*complaints)
        return self

    def files(self) -> list[tuple[str, str]]:
        """What of it stands in files of the project: `logo` or `font`, and the path."""
        sans, serif = self.fonts.sans, self.fonts.serif
        fonts = [
            *((sans.regular, sans.semibold) if sans else ()),
            *((serif.semibold,) if serif else ()),
        ]
        logo = [("logo", self.logo.file)] if self.logo else []
        return [*logo, *(("font", file) for file in dict.fromkeys(fonts))]

    def _complaints(self) -> list[tuple[KeyPath, str]]:
        # Loaded where a house style is: half of the commands never see one.
        from helpline_report.parameters.colours import find_nearest_colour  # noqa: PLC0415 - where colours are

        faults = self.faults()
        advice = {
            key: find_nearest_colour(getattr(self, str(key[0]))[key[1]], partial(self._passes, key))
            for key in dict.fromkeys(key for key, _ in faults if key)
        }
        return [(key, f"{what}{_advised(key, advice.get(key))}") for key, what in faults]

    def faults(self) -> list[tuple[KeyPath, str]]:
        """What can't be read or told apart, by the key to blame."""
        from helpline_report.parameters.colours import find_colour_faults  # noqa: PLC0415 - where colours are

        return [
            (self._cause(fault.scheme, fault.colour, fault.other), fault.what)
            for fault in find_colour_faults(self.palettes())
        ]

    def _passes(self, key: KeyPath, colour: str) -> bool:
        """Whether nothing would be said of a key if it had this colour."""
        group, name = str(key[0]), key[1]
        other = self.model_copy(update={group: {**getattr(self, group), name: colour}})
        return all(blamed != key for blamed, _ in other.faults())

    def _cause(self, scheme: str, *names: ColourName) -> KeyPath:
        """The key to blame: the colour itself, or the one that it follows from."""
        follows: tuple[ColourName, ...] = ("main", "accent")
        groups = [("colours", self.colours)]
        if scheme == "dark":
            groups.insert(0, ("dark", self.dark))
        for wanted in (names, follows):
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


def _advised(key: KeyPath, colour: str | None) -> str:
    if not key:
        return ""
    if colour is None:
        return "; no lighter or darker one of this hue will do: take another hue"
    return f"; the nearest one of this hue that will do is '{colour}'"


Named = tuple[tuple[ColourName, str], ...]


@cache
def _palettes(light: Named, dark: Named) -> Palettes:
    from helpline_report.parameters.colours import make_palettes  # noqa: PLC0415 - where colours are

    lower: list[Palette] = [{name: value.lower() for name, value in each} for each in (light, dark)]
    return make_palettes(*lower)
