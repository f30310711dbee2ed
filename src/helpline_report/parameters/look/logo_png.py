"""A logo as PNG: its pixels are kept, what else the file says goes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"

# What pixels need; texts, times, cameras and whatever follows the end stay behind.
PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND")
MOST_PIXELS = 4000

# How many numbers a pixel has, by the type of its colour: grey, colours, palette, with opacity.
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class BrokenPngError(Exception):
    """Why a PNG can't be used, as words after 'the logo'."""


def pixels(data: bytes) -> bytes:
    """The same picture without its metadata.

    Raises:
        BrokenPngError: it isn't whole, or larger than a logo is.
    """
    chunks = [(kind, body) for kind, body in _chunks(data) if kind in PIXELS]
    kinds = [kind for kind, _ in chunks]
    if not kinds or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or len(chunks[0][1]) != 13:  # noqa: PLR2004 - the length that PNG gives it
        raise BrokenPngError("is a broken PNG")
    width, height, bits, colours, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise BrokenPngError(
            f"is {width} by {height} pixels; at most {MOST_PIXELS} by {MOST_PIXELS} can be shown"
        )
    if interlaced:
        raise BrokenPngError("is an interlaced PNG")
    line = 1 + -(-width * bits * CHANNELS.get(colours, 0) // 8)
    _check_whole(b"".join(body for kind, body in chunks if kind == b"IDAT"), line * height)
    return SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        head = data[at : at + 8]
        if len(head) < 8:  # noqa: PLR2004 - a length and a name, four bytes each
            raise BrokenPngError("is a broken PNG")
        (length,), kind = struct.unpack(">I", head[:4]), head[4:]
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if check != struct.pack(">I", zlib.crc32(kind + body)):
            raise BrokenPngError("is a broken PNG")
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length


def _check_whole(stream: bytes, size: int) -> None:
    unpacked = zlib.decompressobj()
    try:
        found = unpacked.decompress(stream, size + 1)
    except zlib.error:
        raise BrokenPngError("is a broken PNG") from None
    if len(found) != size:
        raise BrokenPngError("is a broken PNG")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
