"""The kinds of output: one file each."""
