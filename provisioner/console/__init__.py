"""The room in a browser, for its staff; it has no policy of its own and calls what the command line calls."""
