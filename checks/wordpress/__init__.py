"""WordPress: the checks, one module per heading of the list, and the words of its screens."""
