"""The sample wire, a recording of invented newsrooms, and the sample desk that reads it."""
