"""Sentences that hold what was asked for and may deny it: "nous ne serons pas ouverts le 12 mai".

A word in a sentence is no proof of what the sentence says. What is doubted here is a person's to read, so a doubt too many
costs a look, and one too few a wrong verdict.
"""

import re
from collections.abc import Iterator, Sequence

from provisioner.french.calendar import WEEK
from provisioner.french.text import fold, may_hold

#: "ne … pas", and "pas" alone as people speak.
_NOT = re.compile(r"\b(?:ne|n')\b.*\b(?:pas|plus|jamais|guere|aucune?|rien|ni|nulle?|point)\b|\bpas\b|\bpersonne ne\b")
#: What takes away what the sentence names, wherever it stands in it; "la ferme" is a farm.
_GONE = re.compile(
    r"\b(?:annule|reporte|supprime|abandonne|interrompu|interdit|epuise)e?s?\b|\bremplacee?s? par\b"
    r"|(?<!\bla )(?<!\bune )(?<!\bles )(?<!\bdes )(?<!\bnos )(?<!\bde )(?<!\bcette )\bfermee?s?\b"
)
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
#: What turns the sense of a short message beside a negation: what may be in one sentence for what is in another.
_TURNING = re.compile(
    r"\?|\b(?:non|ni|aucune?|jamais|sauf|hormis|excepte|hors|plutot|au lieu|contrairement|impossible|malheureusement|helas|desolee?s?|"
    r"regrett\w+|dommage|annul\w+|report\w+|repouss\w+|ferm(?:e|es|ee|ees|ons|ent|era|erons|eront|eture)|complete?s?|repos|"
    r"repose\w*|conges?|absente?s?|indisponibles?|interdi\w+|refus\w+|faux|fausse|erreur|contraire|inverse|peut-etre|"
    r"probablement|normalement|theoriquement|a confirmer|mais|cependant|toutefois|pourtant|si|renonc\w+)(?![\w-])"
)
#: What a message ends with and means nothing by.
_POLITE = re.compile(
    r"\bsi besoin\b|\bsi vous (?:avez|aviez) (?:besoin|la moindre question|(?:une|d'autres|des|toute) (?:autres? )?(?:questions?|demandes?))"
    r"|\bpas de (?:souci|probleme|quoi)\b|\bsans (?:souci|probleme|faute)\b|\bcomment allez-vous \?"
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


def reserved(message: str, elements: Sequence[str]) -> list[str]:
    """The sentences of a short message that a person has to read, whatever of the elements they hold.

    In a message of a few sentences one may take back what another says; another day than the wanted one may stand for it.

    >>> reserved("Le salon est annulé. Nous pensions venir dimanche.", ["dimanche"])
    ['Le salon est annulé.']
    >>> reserved("Oui, dimanche dès 10 h. N’hésitez pas !", ["dimanche", "10 h"])
    []
    """
    days = {fold(one) for one in elements} & set(WEEK)
    others = [day for day in WEEK if days and day not in days]

    def turned(sentence: str) -> bool:
        folded = fold(sentence)
        for element in elements:
            folded = folded.replace(fold(element), " ")
        rest = _POLITE.sub(" ", _HARMLESS.sub(" ", folded))
        return bool(_NOT.search(rest) or _GONE.search(rest) or _TURNING.search(rest)) or any(
            may_hold(sentence, day) for day in others
        )

    return [sentence for sentence in _sentences(message) if turned(sentence)]


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
