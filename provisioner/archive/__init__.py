"""A candidate's archive: written, read back, opened again."""
