"""Figures are written in words, by language and locale."""
