"""What reads PrestaShop: what the shop stores and shows, and what is concluded from it."""
