"""The brands that are on, as the list of a product's sheet writes them."""

from collections.abc import Sequence


def brands_named(offered: Sequence[Sequence[str]]) -> dict[str, str]:
    """Their names by their numbers; where two of them have one name, the list writes its number before each.

    >>> brands_named([["1", "1 - Moulin"], ["6", "6 - Moulin"]])
    {'1': 'Moulin', '6': 'Moulin'}
    >>> brands_named([["1", "1 - Moulin"], ["6", "Rucher"]])
    {'1': '1 - Moulin', '6': 'Rucher'}
    """
    numbered = all(label.startswith(f"{number} - ") for number, label in offered)
    return {number: label.removeprefix(f"{number} - ") if numbered else label for number, label in offered}
