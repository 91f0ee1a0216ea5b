"""The program: see core/model.py first."""
