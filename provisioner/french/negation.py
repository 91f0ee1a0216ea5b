"""Sentences that hold what was asked for and may deny it: "nous ne serons pas ouverts le 12 mai".

A word in a sentence is no proof of what the sentence says. What is doubted here is a person's to read, so a doubt too many
costs a look, and one too few a wrong verdict.
"""

import re
from collections.abc import Iterator

from provisioner.french.text import fold, may_hold

#: "ne … pas", and "pas" alone as people speak.
_NOT = re.compile(
    r"\b(?:ne|n')\b.*\b(?:pas|plus|jamais|guere|aucune?|rien|ni|nulle?|point)\b|\bpas\b|\bni\b|\baucune?\b"
)
#: What takes away what the sentence names, wherever it stands in it.
_GONE = re.compile(r"\b(?:annule|reporte|supprime|abandonne|interrompu|interdit|remplace|ferme|complet|epuise)e?s?\b")
#: What denies what comes right after it, an article between.
_BEFORE = re.compile(
    r"\b(?:sans|sauf|hormis|excepte|non|plus|moins|autre que|aucune?|ni)(?: (?:de|que|a|le|la|les|un|une|du|des)| d'| l')*"
    r" ?$"
)
#: Negations that deny nothing: what a text says to its readers.
_HARMLESS = re.compile(
    r"\bn'(?:hesitez|oubliez|attendez|ayez|en doutez)(?: surtout)? (?:pas|plus|jamais)\b"
    r"|\bne (?:(?:vous|nous|la|le|les) )?(?:manquez|ratez|loupez|tardez|perdez|oubliez|laissez|cherchez|inquietez|privez)"
    r"(?: \w+)? (?:pas|plus|jamais)\b"
    r"|\bne (?:serez|regretterez|resterez|verrez)(?: surtout)? pas (?:decue?s?|indifferente?s?)?"
    r"|\b(?:non|pas) seulement\b|\bpas moins\b|\bpas a pas\b|\bpas besoin\b|\bpas loin\b|\b(?:a (?:deux|quelques)|premiers?) pas\b"
    r"|\bplus a presenter\b|\bpourquoi pas\b|\bsans (?:plus )?(?:attendre|tarder|oublier|hesiter|reserve|rendez-vous)\b"
)
_LONGEST = 200


def denied(text: str, wanted: str) -> str:
    """A sentence of the text that holds `wanted` and may deny it; empty where a reader need not ask.

    Of a value (a date, a price), any such sentence is doubtful; of words, which a text says more than once, another
    that says them plainly is enough.

    >>> denied("Le marché a lieu le samedi. Nous ne serons pas ouverts le 12 mai.", "12 mai")
    'Nous ne serons pas ouverts le 12 mai.'
    >>> denied("Ne manquez pas notre marché du 12 mai !", "12 mai")
    ''
    """
    holding = [sentence for sentence in _sentences(text) if may_hold(sentence, wanted)]
    doubtful = [sentence for sentence in holding if _may_deny(sentence, wanted)]
    if not doubtful or (len(doubtful) < len(holding) and not re.search(r"\d", wanted)):
        return ""
    said = " ".join(doubtful[0].split())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rsplit(' ', 1)[0]} …"


def _sentences(text: str) -> Iterator[str]:
    """Its sentences and lines; what a line announces by a colon belongs to each that follows it in a list."""
    announced = ""
    for line in filter(None, map(str.strip, text.split("\n"))):
        for sentence in re.split(r"(?<=[.!?…])\s+", line):
            yield f"{announced} {sentence}".strip()
        announced = line if line.endswith(":") else announced if announced and not re.search(r"[.!?…]$", line) else ""


def _may_deny(sentence: str, wanted: str) -> bool:
    before, itself, after = fold(sentence).partition(fold(wanted))
    if itself and _BEFORE.search(before):
        return True
    rest = _HARMLESS.sub(" ", f"{before} {after}" if itself else before)
    return bool(_NOT.search(rest) or _GONE.search(rest))
