"""PrestaShop: the checks, by heading of the list, and the words of its screens."""
