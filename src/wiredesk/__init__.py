"""wiredesk: a list of feeds in, a curated, scored, de-duplicated and explained newsroom out."""

__version__ = "0.1.0"
