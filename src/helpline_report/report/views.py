"""What a page shows, resolved once for HTML and PDF alike: texts, charts, tables and notes."""

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.prose.nodes import Element

# The id of a figure's card in the page.
CARD = "figure-{}"
# A table with more rows stands in the open data; the page has the chart alone.
MOST_ROWS = 60


@dataclass(frozen=True)
class Prose:
    """A text of a cell, with its figures filled in. A `finding` stands with its chapter's title.

    One that is `folded` opens on the page under its heading, when somebody asks for it. What stands
    apart from its cell says of which it is: `contacts/opening`.
    """

    kind: ClassVar[str] = "prose"
    nodes: tuple[Element, ...]
    finding: bool = False
    folded: bool = False
    cell: str = ""


@dataclass(frozen=True)
class Left:
    """A line that stands for what was left out; it is `about` a reason, or the phrase of it."""

    kind: ClassVar[str] = "left"
    text: str
    about: str = field(default="", compare=False)


@dataclass(frozen=True)
class CellView:
    """One cell of a table: its text, and the figure it shows, or is `about` without showing it.

    `address` is where the audit says how a number came about that is no figure's. `parts` names the
    numbers of the figure that stand in the text, where these aren't its value. `code` says what a
    cell stands for that shows no figure: a code of a field (`channel=phone`), or of what is no
    field (`verdict=revised`, `file=`, `outcome=`). `language` is the text's, where it is another
    than the page's.
    """

    text: str
    figure: str | None = None
    about: str = ""
    address: str = ""
    parts: str = ""
    language: str = ""
    code: str = ""


# One row of a table: the first cell says what the others are about.
Row = tuple[CellView, ...]


class Note(NamedTuple):
    """A line below a chart or table: it has a name to refer to, or leads to one that has.

    It is `about` what its view says of it; one that leads to others is about all of these.
    """

    text: str
    name: str = ""
    to: str = ""
    about: str = ""


class FileLink(NamedTuple):
    """Words that lead to a file, and whose file it is, for who hears the link alone."""

    text: str
    href: str
    of: str

    @property
    def whole(self) -> str:
        """All that somebody hears of it."""
        return f"{self.text}: {self.of}"


@dataclass(frozen=True)
class TableView:
    """A table: `numeric` says of each column after the first whether it holds numbers.

    Its last row may be the total of the others. On the page it opens when somebody asks for it.
    `columns` say of each head what it stands for: the rows' field (`field=channel`), a series, a
    code (`gender=female`), or the role of a column (`interval`). `notes_about` says it of each
    note: a break (`break=renewed`), or why something isn't shown (`hidden=protected`). `titled` has
    a title of the texts, and no caption. The page names its box by a `label`, and leads to `files`.
    """

    kind: ClassVar[str] = "table"
    id: str
    caption: str
    subtitle: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    numeric: tuple[bool, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    audit: str = ""
    has_total: bool = False
    columns: tuple[str, ...] = ()
    notes_about: tuple[str, ...] = ()
    titled: bool = False
    label: str = ""
    files: tuple[FileLink, ...] = ()

    @property
    def figures(self) -> list[str]:
        """The figures that its cells show, row by row."""
        return [cell.figure for row in self.rows for cell in row if cell.figure]

    @property
    def is_short(self) -> bool:
        """Whether it has no more rows than somebody reads."""
        return len(self.rows) <= MOST_ROWS

    @property
    def has_figures(self) -> bool:
        """Whether a key reaches into it: numbers of figures can be opened."""
        return any(cell.figure or cell.about for row in self.rows for cell in row)


@dataclass(frozen=True)
class ChartView:
    """A chart at the widths of the page and of paper, with its table.

    A table of more rows than anybody reads isn't shown. `number` is the one in the caption, and
    `headline` the figure that the caption names: without one it says what is drawn, or is `titled`
    by the texts. `notes_about` is that of a table. `audit` is where the audit says where its
    numbers come from, if that isn't their traces. One that is `folded` opens on the page when
    somebody asks for it. Without a `narrow` drawing a phone shows its table. One that texts hide is
    `hidden`: the data files alone have it. The page leads to its `files`.
    """

    kind: ClassVar[str] = "chart"
    id: str
    caption: str
    subtitle: str
    wide: Drawing
    narrow: Drawing | None
    paper: Drawing
    table: TableView
    notes: tuple[str, ...] = ()
    source: str = ""
    audit: str = ""
    number: CellView | None = None
    folded: bool = False
    hidden: bool = False
    headline: str = ""
    notes_about: tuple[str, ...] = ()
    titled: bool = False
    files: tuple[FileLink, ...] = ()


class Highlight(NamedTuple):
    """One headline figure beside the same figure of the year before."""

    value: CellView
    name: str
    before: CellView | None = None


@dataclass(frozen=True)
class HighlightsView:
    """The headline figures."""

    kind: ClassVar[str] = "highlights"
    id: str
    entries: tuple[Highlight, ...]


# What something is called, and what there is to say about it.
Term = tuple[str, str]


@dataclass(frozen=True)
class CampaignView:
    """A campaign: what it wanted, when it ran, and what was counted around it.

    `anchor` is what a link to it ends with: a campaign that two chapters show stands there twice.
    """

    kind: ClassVar[str] = "campaign"
    id: str
    anchor: str
    name: str
    period: str
    goal: Term
    means: Term
    table: TableView


@dataclass(frozen=True)
class TermsView:
    """A list of terms, each with its explanation. On the page it opens under its caption.

    `about` says what each is about: a break, faults that are known, a report that said otherwise.
    """

    kind: ClassVar[str] = "terms"
    id: str
    caption: str
    entries: tuple[Term, ...]
    about: tuple[str, ...] = ()


View = Prose | Left | TableView | ChartView | HighlightsView | CampaignView | TermsView


class ChapterPart(NamedTuple):
    """What stands in the page for a cell of a notebook, or a part of it; with the notes below."""

    cell: str
    view: View
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class ChapterView:
    """A chapter of the report in the order of its cells."""

    name: str
    title: str
    parts: tuple[ChapterPart, ...]

    @property
    def views(self) -> tuple[View, ...]:
        """What it shows, whichever cell it is of."""
        return tuple(part.view for part in self.parts)


class Line(NamedTuple):
    """A sentence, or the words for the address that it leads to."""

    text: str
    href: str = ""


class Lines(NamedTuple):
    """A list of lines."""

    lines: tuple[Line, ...]


class LegalPart(NamedTuple):
    """A heading of the colophon, with lines and lists of lines below it."""

    heading: str
    blocks: tuple[Line | Lines, ...]


@dataclass(frozen=True)
class LegalView:
    """The colophon or the accessibility statement; one that is `folded` opens under its title."""

    id: str
    title: str
    lead: str
    parts: tuple[LegalPart, ...]
    folded: bool = False


@dataclass(frozen=True)
class Labels:
    """What a page writes beside its parts.

    `opener` opens the table behind a chart, and `back` leads from a footnote back to its text.
    Links to files begin with `root`; without one there are none.
    """

    opener: str
    back: str
    root: str | None


class BookLabels(NamedTuple):
    """What the book writes beside its parts; it knows the numbers in braces once it is set.

    `figure` and `table` stand before a caption, `to_table` below a chart: on which `{page}` its
    numbers stand. `folio` stands at the foot of a page.
    """

    figure: str
    table: str
    to_table: str
    folio: str


class Meta(NamedTuple):
    """What a page says of itself to machines: `attribute` is `name` or `property`."""

    attribute: str
    name: str
    content: str


class Related(NamedTuple):
    """An address that a page is related to: its own, or that of a translation."""

    rel: str
    href: str
    language: str = ""


class WayOut(NamedTuple):
    """A link that leads away from the page, and the keys that do the same."""

    text: str
    href: str
    keys: str


class OtherLanguage(NamedTuple):
    """A link to the page in another language, in that language's own words."""

    text: str
    href: str
    language: str


class HelpLine(NamedTuple):
    """Whom to call or write to: whom it is for, its number, its site, and when it answers."""

    who: Line
    phone: Line | None = None
    site: Line | None = None
    about: str = ""


@dataclass(frozen=True)
class HelpView:
    """Where somebody finds help, and what a visit leaves behind."""

    title: str
    lines: tuple[HelpLine, ...]
    traces: str
    erase: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class CoverView:
    """What stands before the chapters: the sentence of the year, notices, and headline figures."""

    heading: str
    lead: Prose | None
    notices: tuple[str, ...]
    highlights: HighlightsView | None
    how: str


@dataclass(frozen=True)
class CardView:
    """What a reader sees who opens a number of a `figure`.

    `made_of` has the `parts` of the figure, and `before` the value of `figure_before`, if any.
    Where the audit can't be reached, `how` leads nowhere and ends in the name of the figure.
    """

    anchor: str
    label: str
    figure: str
    definition: str
    made_of: str
    parts: str
    margin: str
    before: str
    figure_before: str
    how: Line
    close: str


@dataclass(frozen=True)
class PageView:
    """The page of a publication: all that it says, in the order in which it says it."""

    language: str
    document_title: str
    metas: tuple[Meta, ...]
    related: tuple[Related, ...]
    skip: Line
    helpline: str
    title: str
    mark: str
    to_contents: Line
    way_out: WayOut
    warning: str
    logo: str
    logo_alternative: str
    translations: tuple[OtherLanguage, ...]
    publisher: str
    year: str
    help: HelpView
    cover: CoverView
    contents: tuple[Line, ...]
    chapters: tuple[ChapterView, ...]
    labels: Labels
    legal: tuple[LegalView, ...]
    foot: str
    cards: tuple[CardView, ...] = ()


@dataclass(frozen=True)
class BookView:
    """The report as a book: all that it says, in the order in which it says it.

    At the head of each page stand the `warning` and, but for the cover, `running` and the title of
    its chapter; the second of `running` is set apart. `contents` and `behind` are titles: of the
    contents, and of the tables behind charts, each of which has the name of its chart.
    """

    language: str
    document_title: str
    author: str
    keywords: tuple[str, ...]
    labels: BookLabels
    warning: str
    running: tuple[str, str]
    logo_alternative: str
    publisher: str
    title: str
    year: str
    lead: Prose | None
    notices: tuple[str, ...]
    highlights: HighlightsView | None
    help: HelpView
    contents: str
    chapters: tuple[ChapterView, ...]
    behind: str
    tables: tuple[ChapterPart, ...]
    legal: tuple[LegalView, ...]
