"""Measure how fast the program is, beside a floor and other designs."""
