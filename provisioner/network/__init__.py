"""A room's network: its places and addresses, its gateway, the rules of both, what browsers may reach."""
