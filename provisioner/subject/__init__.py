"""Subjects and the functionality list, and what the author of a check imports."""
