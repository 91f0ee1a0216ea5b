"""From pinned archives to a golden image."""
