"""The company that all sites are seeded with: what its texts say is consistent."""
