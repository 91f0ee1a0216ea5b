"""One station's life: create, reset, snapshot, rewind, replace, hand over a spare, copy to examine."""
