"""The command line: each command parses, calls the program, and prints."""
