"""The kinds of source: one file each, loaded by name when a desk names it."""
