"""The checks: one package per CMS."""
