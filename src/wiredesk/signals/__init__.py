"""The families of quality signals: one file each, all of them used."""
