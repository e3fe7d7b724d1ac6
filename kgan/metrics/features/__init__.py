"""Feature extractors, which metrics look through: one a file."""
