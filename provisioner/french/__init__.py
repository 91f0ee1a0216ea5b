"""French as people write it and read it: words, numbers, dates, spelling."""
