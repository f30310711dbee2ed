"""Proofreading of a finished report: what its own numbers say of each other."""
