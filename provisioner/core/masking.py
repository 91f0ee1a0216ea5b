"""Secrets that this process has met, so that no text written for a developer holds one."""

import re

#: What stands in a text in place of a secret.
MASK = "•••"
#: Shorter ones would mask ordinary words.
_SHORTEST = 4
_known: set[str] = set()
#: What a secret looks like that nobody remembered: `password=…`, `"password": "…"`, a proxy's user, an age key.
_SHAPES = (
    re.compile(r"""(?i)(\b(?:password|passwd|mot de passe|secret|token)\b["']?\s*[:=]\s*["']?)[^\s"',;&})\]]+"""),
    re.compile(r"(://)[^/@\s]+(?=@)"),
    re.compile(r"(AGE-SECRET-KEY-1)[0-9A-Z]+"),
)


def remember(secret: str) -> None:
    """Mask this value from here on."""
    if len(secret) >= _SHORTEST:
        _known.add(secret)


def masked(text: str) -> str:
    """The text without the values that were remembered, and without what looks like a secret."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    for shape in _SHAPES:
        text = shape.sub(rf"\g<1>{MASK}", text)
    return text
