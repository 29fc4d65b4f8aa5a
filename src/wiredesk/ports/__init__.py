"""The ports: what the stages need of the world, as small protocols."""
