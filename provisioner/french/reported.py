"""Sentences that hold words without saying them: that ask, repeat what another wrote, set a condition, or are taken back.

See `negation` for those that deny them.
"""

import re

from provisioner.french.text import fold, holds

#: Where a sentence ends: at its sign, or at the end of its line; "12.50 €" and "www.exemple.test" go on.
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
#: What asks, or sets a condition, in a folded sentence.
_ASKED = re.compile(r"\?|\bsi\b|\bs'il\b(?! (?:vous|te) plait)|\bau lieu d|\bplutot qu|\bau cas ou\b")
#: What repeats another's words: "vous demandez", "votre question".
_REPEATED = re.compile(
    r"\bvous (?:(?:me|nous|y|n'y) |m')?(?:avez |aviez |auriez )?(?:demand|souhait|voul|voudr|desir|dites|disiez|ecri|parl|propos|suggere|pens)\w*"
    r"|\bvotre (?:question|demande|souhait)\b"
)
#: A sentence that begins so may take back the one before it.
_TAKES_BACK = re.compile(r"(?:non|mais|malheureusement|helas|cependant|toutefois|pourtant|au contraire)\b")


def sentence_with(text: str, words: str) -> str:
    """The first sentence of the text in which these words stand; empty where none does."""
    return next((one for one in _sentences(text) if holds(one, words)), "")


def not_said(text: str, wanted: str) -> str:
    """A sentence of the text that holds `wanted` and may not say it; empty where it is plainly said.

    >>> not_said("Bonjour, vous demandez un cracker sans sésame. C’est noté.", "sans sésame")
    'Bonjour, vous demandez un cracker sans sésame.'
    >>> not_said("Bonjour, ce cracker est sans sésame. À bientôt !", "sans sésame")
    ''
    """
    parts = _sentences(text)
    holding = [rank for rank, one in enumerate(parts) if holds(one, wanted)]
    own = fold(wanted)
    for rank in holding:
        said = fold(parts[rank]).replace(own, " ")
        if _ASKED.search(said) or _REPEATED.search(said):
            return parts[rank]
        if parts[rank + 1 : rank + 2] and _TAKES_BACK.match(fold(parts[rank + 1])):
            return f"{parts[rank]} {parts[rank + 1]}"
    return ""


def _sentences(text: str) -> list[str]:
    return [" ".join(one.split()) for one in _END.split(text) if one.strip()]
