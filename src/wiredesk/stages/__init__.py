"""The stages: one file each, a value in, a new value out."""
