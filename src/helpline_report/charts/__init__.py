"""Drawing: a series of the ledger becomes a chart with its alternative text."""
