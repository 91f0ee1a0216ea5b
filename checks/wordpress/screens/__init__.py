"""What drives WordPress's back office: its screens as a candidate uses them, and the work done on them."""
