"""How fast the program is, measured: `make bench`. Method and results: docs/performance.md."""
