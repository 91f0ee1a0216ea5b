"""Examining a station: the browser, the checks on a copy, the evidence, the report."""
