"""The second count: each figure counted again from the exports, by another engine."""
