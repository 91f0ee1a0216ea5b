"""What this machine has and lacks, and how it gets what it lacks."""
