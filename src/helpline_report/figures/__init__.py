"""Populations are counted into figures, and figures make up the ledger."""
