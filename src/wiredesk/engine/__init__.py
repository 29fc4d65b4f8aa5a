"""The engine: the order of the stages, how they run, what becomes of their errors."""
