"""Processes that this one starts: forked beside it, and ended with it."""
