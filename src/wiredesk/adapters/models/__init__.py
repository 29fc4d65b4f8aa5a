"""Models that read texts, by name: one file each, none needed (``ports.meaning.Model``)."""
