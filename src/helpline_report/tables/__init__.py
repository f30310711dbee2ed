"""Named columns become validated, typed tables."""
