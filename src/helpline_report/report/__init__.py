"""Editions: chapters are run, and the released ledger becomes pages, a PDF and open data."""
