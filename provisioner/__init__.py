"""The program: see model.py first."""
