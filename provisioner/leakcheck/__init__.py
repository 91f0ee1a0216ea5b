"""The proof that a room holds, the wirings that make it hold, and the record of refused tries."""
