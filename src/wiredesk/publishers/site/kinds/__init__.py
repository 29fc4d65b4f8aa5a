"""The kinds of pages: one file each, with one function ``pages`` from a paper to its files."""
