"""What an auditor gets: reconciliation with earlier reports, the trace of each figure, a manifest."""
