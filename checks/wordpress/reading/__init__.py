"""What reads WordPress: what the site stores and shows, and what is concluded from it."""
