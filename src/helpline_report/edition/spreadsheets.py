"""Texts that stay texts where a spreadsheet opens them."""

from __future__ import annotations


def harmless(text: str) -> str:
    """Text that a spreadsheet doesn't take for a formula: an apostrophe stands before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
