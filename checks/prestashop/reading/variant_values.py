"""The values of a variant, as pages and rows write them."""

import re
from collections.abc import Mapping

from provisioner.french.text import fold

Grid = Mapping[str, str]
Pairs = set[tuple[str, str]]


def pairs_of(text: str) -> Pairs:
    """The values of a variant as its row writes them: "Poids - 300 g, Parfum - Nature"; a value may have a comma."""
    return folded(values_of(text))


def values_of(text: str) -> dict[str, str]:
    """The same as they are written, by attribute."""
    return dict(part.split(" - ", 1) for part in re.split(r", (?=[^,]+ - )", text.strip()))


def folded(of: Grid) -> Pairs:
    """The values of a variant that is wanted, as those of a row are read."""
    return {(fold(group), fold(value)) for group, value in of.items()}
