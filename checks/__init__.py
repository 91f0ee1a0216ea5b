"""The checks: one package per CMS, one module per heading of the functionality list."""
