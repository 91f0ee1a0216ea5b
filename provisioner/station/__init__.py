"""One station's life: made, reset, kept as a snapshot, brought back, replaced."""
