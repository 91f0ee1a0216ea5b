"""Candidates' archives: write, verify, list and open them; the golden images beside them."""
