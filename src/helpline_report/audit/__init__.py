"""What an auditor gets: reconciliation with earlier reports, traces of figures, a manifest."""
