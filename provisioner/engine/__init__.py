"""The container engine: what is asked of it (protocol.py), and Docker, which answers."""
