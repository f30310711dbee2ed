"""Draw charts of the released ledger with seaborn, and say in words what they show."""
