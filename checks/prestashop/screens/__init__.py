"""What drives PrestaShop's back office: its screens as a candidate uses them, and the work done on them."""
