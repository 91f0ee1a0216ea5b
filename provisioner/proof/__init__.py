"""Proving checks and subjects: before the work, after each way, near miss and road."""
