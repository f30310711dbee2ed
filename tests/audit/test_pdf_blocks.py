"""A tagged PDF is read letter by letter, in the order of its structure."""

from pathlib import Path

import pikepdf
import pytest
import typst

from helpline_report.audit.pdf_blocks import Book, PdfBlock, read_book

HEAD = '#set document(title: "t")\n#set page(width: 200pt, height: 120pt, footer: [voet])\n'


def read(text: str, folder: Path) -> Book:
    """What the PDF of a text in Typst says."""
    content = f"{HEAD}{text}".encode()
    path = folder / "t.pdf"
    path.write_bytes(bytes(typst.compile(content, format="pdf", pdf_standards=["ua-1"])))
    return read_book(path)


def outline(book: Book) -> list[tuple[str, str]]:
    return [(block.tag, " ".join(block.text.split())) for block in book.blocks if block.text]


def test_blocks_in_their_order(tmp_path: Path) -> None:
    """Headings, paragraphs, items with their signs, quotations; what is in a line is no block."""
    book = read("= Kop\nEen *vet* woord.\n\n- een\n  + twee\n\n#quote(block: true)[Zo.]", tmp_path)
    assert outline(book)[:2] == [("H1", "Kop"), ("P", "Een vet woord.")]
    items = {block.text: block.labels for block in book.blocks if "LI" in block.tags}
    assert items == {"een": ((1, "•"),), "twee": ((2, "1."),)}
    assert [block.text for block in book.blocks if "BlockQuote" in block.tags] == ["Zo."]


def test_an_item_that_begins_with_a_list(tmp_path: Path) -> None:
    """The first item of the list inside has the numbers of both."""
    book = read("+ + a\n  + b\n+ c", tmp_path)
    labels = {block.text: block.labels for block in book.blocks if block.text}
    assert labels == {"a": ((1, "1."), (2, "1.")), "b": ((2, "2."),), "c": ((1, "2."),)}


def test_a_block_that_goes_on_over_a_page(tmp_path: Path) -> None:
    words = " ".join(f"woord{number}" for number in range(120))
    book = read(f"{words}\n\nNieuw.", tmp_path)
    assert len(book.sheets) > 1
    assert outline(book) == [("P", words), ("P", "Nieuw.")]
    assert (book.blocks[0].page, book.blocks[1].page) == (1, len(book.sheets))


def test_a_table_over_pages(tmp_path: Path) -> None:
    """Cells have rows and heads; the heads stand in the structure once, and again on each page."""
    rows = ", ".join(f"[rij {number}], []" for number in range(20))
    book = read(f"#table(columns: 2, table.header([Wat], [Aantal]), {rows})", tmp_path)
    cells = [block for block in book.blocks if block.tag in ("TH", "TD")]
    assert [(cell.tag, cell.text, cell.row) for cell in cells[:4]] == [
        ("TH", "Wat", 1),
        ("TH", "Aantal", 1),
        ("TD", "rij 0", 2),
        ("TD", "", 2),
    ]
    assert cells[2].heads == (cells[0].name,)
    assert {sheet.repeated.text for sheet in book.sheets[1:]} == {"WatAantal"}
    assert {sheet.footer.text for sheet in book.sheets} == {"voet"}


@pytest.mark.parametrize(
    "text",
    [
        "office fluffy (haakjes) ((dubbel)) \\ \\) \\( een\u00a0spatie na-oorlogs",
        "cafe\u0301 e\u0308 ½ −3,2 % “citaat” ‘’ … – —",
        "x" * 120,
        "".join(chr(letter) for letter in range(0x21, 0x7F)),
        "".join(chr(letter) for letter in range(0xA1, 0x180) if letter != 0xAD),
    ],
)
def test_every_letter(text: str, tmp_path: Path) -> None:
    """As it is written, whatever its glyph is called in the file, also where a word is broken."""
    literal = text.replace("\\", "\\\\").replace('"', '\\"')
    font = '#set text(font: "Libertinus Serif", lang: "nl", hyphenate: true)\n'
    book = read(f'{font}#par[#"{literal}"]', tmp_path)
    block: PdfBlock = book.blocks[0]
    letters = [letter for letter in block.text if letter not in "\u00ad\u2060"]
    assert "".join(letters).split() == text.split()


def test_links_and_bookmarks(tmp_path: Path) -> None:
    """To an address, and to the place of a heading; one in two lines is one link."""
    text = (
        "= Een\n#link(<twee>)[een heel lange verwijzing die niet in een regel past] en "
        '#link("https://www.example.org/")[daar] #pagebreak()\n= Twee <twee>\n'
    )
    book = read(text, tmp_path)
    there, address = book.blocks[1].links
    assert (there.target.page, address.target.address) == (2, "https://www.example.org/")
    assert [(mark.level, mark.text, mark.target.page) for mark in book.bookmarks] == [
        (1, "Een", 1),
        (1, "Twee", 2),
    ]


def test_pictures_say_what_is_drawn(tmp_path: Path) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 99 20'><text y='9'>417</text></svg>"
    book = read(f'#image(bytes("{svg}"), alt: "een getal (417)")', tmp_path)
    (picture,) = [block for block in book.blocks if block.tag == "Figure"]
    assert (picture.text, picture.alternative) == ("417", "een getal (417)")


def test_what_no_element_owns(tmp_path: Path) -> None:
    """A text that the structure lost, and one outside of all marks."""
    read("Een.\n\nTwee.", tmp_path)
    with pikepdf.open(tmp_path / "t.pdf", allow_overwriting_input=True) as pdf:
        document = pdf.Root.StructTreeRoot.K[0]
        document.K = pikepdf.Array(list(document.K)[:1])
        page = pdf.pages[0]
        page.contents_coalesce()
        name = str(next(iter(page.Resources.Font)))
        content = page.Contents.read_bytes() + f"\nBT {name} 9 Tf (\\000\\001) Tj ET\n".encode()
        page.Contents = pdf.make_stream(content)
        pdf.save(tmp_path / "t.pdf")
    book = read_book(tmp_path / "t.pdf")
    assert outline(book) == [("P", "Een.")]
    assert len(book.untagged) == 2
    assert "Twee." in book.untagged


def test_a_damaged_file(tmp_path: Path) -> None:
    read("Een.", tmp_path)
    path = tmp_path / "t.pdf"
    path.write_bytes(path.read_bytes()[:-200] + b"\n%%EOF\n")
    with pytest.raises(pikepdf.PdfError):
        read_book(path)
