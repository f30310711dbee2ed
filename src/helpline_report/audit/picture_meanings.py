"""Derive what the pictures of an edition say: the cover, and each chart with its source."""

from collections.abc import Iterator, Sequence

from helpline_report.audit.drawing_meanings import DrawingMeanings
from helpline_report.audit.expectations import Misreading
from helpline_report.audit.file_meanings import compare_meanings
from helpline_report.audit.interface_meanings import InterfaceMeanings
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.text_rules import bare
from helpline_report.description import Description, Node
from helpline_report.parameters.values import Period

COVER, PICTURES, SUFFIX = "data/cover.png", "data/charts/", ".png"
# The picture of the cover has so many headline figures.
ON_COVER = 3
# What a chart is called, and what of which period it shows: held to the rules of these kinds.
OF_CAPTIONS = ("caption", "headline", "own-title", "subtitle")


class PictureMeanings:
    """The pictures of an edition in one language."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings, self.drawings = meanings, DrawingMeanings(meanings)
        self.interface = InterfaceMeanings(meanings)
        self.notices = " ".join(self.interface.list_notices())

    def list_cover(self, nodes: Sequence[Node]) -> list[Node]:
        """The cover, with the first figures of the list of headline figures that it shows."""
        expected = [
            Node("cover", "publisher", self.interface.full_name),
            Node("cover", "title", self.interface.title),
            *self._list_notices("cover"),
        ]
        known = [self.meanings.list_highlights(name) for name in self.meanings.ledger.highlights]
        about = next((node.about for node in nodes if node.kind == "picture-highlight"), "")
        for highlights in known:
            if highlights and highlights[0].figure == about:
                for each in highlights[:ON_COVER]:
                    expected.append(Node("cover", "picture-highlight", each.value, each.figure))
                    expected.append(Node("cover", "picture-name", each.name, each.figure))
                break
        return expected

    def list_chart(self, place: str) -> list[Node]:
        """A chart below its title and subtitle: its drawing, its notes, and where it comes from."""
        edition, say = self.meanings.data.edition, self.interface.say
        source = say("chart.source", reference=self.interface.reference.rstrip("."))
        if edition.rows == "synthetic":
            source = say("part.synthetic", source=source)
        period = Period(start=edition.period.start, end=edition.period.end)
        version = say(
            "chart.version",
            period=self.meanings.words.period(period),
            version=self.interface.version,
            licence=edition.publisher.licence,
        )
        return [
            *self._list_notices(place),
            *self.drawings.list_nodes(place),
            *(Node(place, "note", text, about) for about, text in self.meanings.list_notes(place)),
            Node(place, "picture-source", source),
            Node(place, "picture-version", version),
        ]

    def _list_notices(self, place: str) -> list[Node]:
        return [Node(place, "picture-notice", self.notices)] if self.notices else []


def split_caption(nodes: Sequence[Node]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The nodes of a picture that say what its chart is called, and the others."""
    number = next((at for at, node in enumerate(nodes) if node.kind not in OF_CAPTIONS), len(nodes))
    return tuple(nodes[:number]), tuple(nodes[number:])


def find_picture_differences(description: Description, meanings: Meanings) -> Iterator[Misreading]:
    """Every node of a picture that says something else than it has to, titles left out."""
    pictures = PictureMeanings(meanings)
    for file, nodes in description.files.items():
        if file == COVER:
            below, expected = nodes, pictures.list_cover(nodes)
        elif file.endswith(SUFFIX):
            place = file.removeprefix(PICTURES).removesuffix(SUFFIX)
            captions, below = split_caption(nodes)
            if [node.place for node in captions] != [place] * 2:
                yield Misreading(file, place, "", f"{len(captions)} titles", "its title, and below")
            expected = pictures.list_chart(place)
        else:
            continue
        yield from compare_meanings(file, [*map(_strip, below)], [*map(_strip, expected)])


def _strip(node: Node) -> Node:
    return node._replace(text=" ".join(bare(node.text).split()))
