"""Proving checks and subjects: before the work, after each way, after each near miss."""
