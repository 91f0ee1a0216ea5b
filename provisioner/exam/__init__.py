"""The day of the exam: the list, who sits where, the candidates' time, and the purge afterwards."""
