"""The adapters: the world behind the ports, and the shipped fakes."""
