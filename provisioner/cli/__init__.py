"""The command line, one module per group of commands: each command parses, calls one use-case, and prints."""
