"""The demonstration `e5b demo`: a robot works in a candidate's place, is examined, and its station is reset."""
