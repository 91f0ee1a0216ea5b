"""Friendly addresses, as the shop serves them."""

import re
from urllib.parse import urlsplit


def address_in(url: str) -> str:
    """The friendly part of a category's address: ".../4-sables-bretons" has "sables-bretons".

    >>> address_in("http://localhost/4-sables?page=2")
    'sables'
    """
    found = re.search(r"/\d+-([^/?#]*)", url)
    return found[1] if found else ""


def product_address_in(url: str, kept: str) -> str:
    """The friendly part of a product's address; `kept` is the shop's, which the number of a variant and a bar code surround.

    Where the shop serves no friendly addresses at all, it is what the shop keeps.

    >>> product_address_in("http://localhost/bols/5-12-bol-bleu-3760123456789.html", "bol-bleu")
    'bol-bleu'
    >>> product_address_in("http://localhost/bols/5-bol-vert.html", "bol-bleu")
    'bol-vert'
    """
    found = re.search(r"/\d+-([^/]*)\.html$", urlsplit(url).path)
    if not found or re.fullmatch(rf"(?:\d+-)?{re.escape(kept)}(?:-\d+)?", found[1]):
        return kept
    return re.sub(r"^\d+-(?=\D)", "", found[1])
