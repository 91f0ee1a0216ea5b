"""The machine that e5b runs on: settings, paths, files that are whole or absent, locks, keys."""
