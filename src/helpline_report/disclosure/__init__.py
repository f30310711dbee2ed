"""Decide which counts of people may be published, jointly over all that is published."""
