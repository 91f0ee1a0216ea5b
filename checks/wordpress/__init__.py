"""WordPress: its checks, one module per heading of the functionality list or per part of a heading."""
