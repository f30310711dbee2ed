"""Write the texts of a chapter into their file, block by block, and those of a foreword."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import unwritten
from helpline_report.prose.texts import TextBlock, read_text_file, split_blocks
from helpline_report.prose.writer import FOREWORD

BOM = "\ufeff"


@dataclass(frozen=True)
class ChapterFile:
    """The file of a chapter's texts: `where` in messages, the chapter's `cells` in their order.

    `preamble` is the line that says what the file is, where it is new.
    """

    path: Path
    where: str
    cells: tuple[str, ...]
    preamble: str

    def blocks(self) -> list[TextBlock]:
        """The blocks that stand there, the first of them without a name.

        Raises:
            ProseError: the file can't be read.
        """
        written = read_text_file(self.path, self.where).removeprefix(BOM)
        return split_blocks(written or f"<!-- {self.preamble} -->\n")

    def texts(self) -> dict[str, str]:
        """The text of each block, by its name."""
        lines = {block.name: block.text.splitlines()[1:] for block in self.blocks() if block.name}
        return {name: "\n".join(each).strip("\n") for name, each in lines.items()}

    def write(self, texts: Mapping[str, str | None]) -> None:
        """Write blocks: in place of those that stand there, else behind that of the cell before.

        A block of which the text is None is taken out; all else stays to the byte, but that a
        blank line stands between blocks.

        Raises:
            MachineError: the file can't be written, which leaves it as it was.
        """
        places, at = self.blocks(), 0
        end = "\r\n" if any("\r\n" in block.text for block in places) else "\n"
        for name in self.cells:
            at = next((n for n, each in enumerate(places) if each.name == name), at + 1)
            text = texts.get(name)
            stands = at < len(places) and places[at].name == name
            if stands and name in texts:
                places.pop(at)
            if text is not None:
                lines = [f"=== {name} ===", *text.rstrip("\n").split("\n")]
                new = TextBlock(name, 0, "".join(f"{line}{end}" for line in lines))
                places.insert(at, new)
            elif not stands or name in texts:
                at -= 1
        text = ""
        for block in places:
            if text and not text.endswith(("\n", "\r")):
                text += end
            if text and block.text and not text.endswith((f"{end}{end}", "\n\n", "\n\r\n")):
                text += end
            text += block.text
        self._replace(text)

    def _replace(self, text: str) -> None:
        partial = self.path.with_name(f".{self.path.name}.part")
        bom = BOM if read_text_file(self.path, self.where).startswith(BOM) else ""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes((bom + text).encode("utf-8"))
            partial.replace(self.path)
        except OSError as error:
            raise unwritten(error, self.where) from None
        finally:
            partial.unlink(missing_ok=True)


class ForewordFile(ChapterFile):
    """The file of a foreword: one text without blocks."""

    def texts(self) -> dict[str, str]:
        """What stands there, by the name of the foreword's only cell."""
        text = read_text_file(self.path, self.where).removeprefix(BOM).strip("\r\n")
        return {FOREWORD: "\n".join(text.splitlines())} if text.strip() else {}

    def write(self, texts: Mapping[str, str | None]) -> None:
        """Write the foreword; of None nothing is left in the file."""
        text = (texts[FOREWORD] or "").strip("\n")
        self._replace(f"{text}\n" if text else "")
