"""Sentences that hold what was asked for and may deny it: "nous ne serons pas ouverts le 12 mai".

A word in a sentence is no proof of what the sentence says. What is doubted here is a person's to read, so a doubt too many
costs a look, and one too few a wrong verdict.
"""

import re
from collections.abc import Iterator, Sequence

from provisioner.french.calendar import WEEK
from provisioner.french.text import fold, may_hold

#: "ne … pas", "rien ne …", and "pas" alone as people speak: read by `_negated`, in one go over a text of any length.
_NE = re.compile(r"\b(?:ne\b|n'\b)")
_PAS = re.compile(r"\b(?:pas|plus|jamais|guere|aucune?|rien|ni|nulle?|point)\b")
_NOBODY = re.compile(r"\b(?:(?<!\bpar )personne|aucune?|rien|jamais|nulle?|ni)\b")
_ALONE = re.compile(r"\bpas\b")
#: What takes away what the sentence names, wherever it stands in it; "la ferme" is a farm, "ferme à 19 h" an hour.
_GONE = re.compile(
    r"\b(?:annule|reporte|supprime|abandonne|interrompu|interdit|epuise|repousse|decale)e?s?\b|\bremplacee?s? par\b"
    r"|(?<!\bse )(?<!\bs')(?<!\bl')(?<!\bd')(?<!\bpar )(?<!\ben )(?<!\bune )\b(?:deplace|avance)e?s?\b"
    r"|\bimpossibles?\b(?! de (?:resister|s'en passer|se tromper))|\b(?:est|serait|sont) (?:\w+ )?(?:faux|fausses?)\b"
    r"|\bfaux (?:de\b|qu[e'])"
    r"|(?<!\bla )(?<!\bune )(?<!\bles )(?<!\bdes )(?<!\bnos )(?<!\bde )(?<!\bcette )(?<!\bnotre )(?<!\bvotre )(?<!\bma )"
    r"(?<!\bsa )(?<!\bleur )(?!ferme (?:a|vers) (?:[\d#]|midi\b|minuit\b))\bfermee?s?\b"
)
#: What denies what comes right after it, an article between; "passe de 12 € à 13 €" denies the first of both.
_BEFORE = re.compile(
    r"\b(?:sans|sauf|hormis|excepte|non|plus|moins|autre que|aucune?|ni"
    r"|(?:initialement|d'abord) (?:prevue?|annoncee?|fixee?)s?|prevue?s? initialement)"
    r"(?: (?:de|que|a|le|la|les|un|une|du|des|pour|au)| d'| l')* ?$"
    r"|\b(?:au lieu|plutot|(?<!\bmot de )(?<!\bmots de )passe(?:e|s|nt|r|ra|ront)*)(?: d(?:e|u|es)\b| d'| que\b| qu')"
    r" ?(?:(?:a|au|aux|en|le|la|les|un|une|celui du|l')(?: |$))*$"
)
#: Negations that deny nothing: what a text says to its readers.
_HARMLESS = re.compile(
    r"\bn'(?:hesitez|oubliez|attendez|ayez|en doutez)(?: surtout)? (?:pas|plus|jamais)\b"
    r"|\bne (?:(?:vous|nous|la|le|les) )?(?:manquez|ratez|loupez|tardez|perdez|oubliez|laissez|cherchez|inquietez|privez)"
    r"(?: \w+)? (?:pas|plus|jamais)\b"
    r"|\bne (?:serez|regretterez|resterez|verrez)(?: surtout)? pas (?:decue?s?|indifferente?s?)?"
    r"|\b(?:non|pas) seulement\b|\bpas moins\b|\bpas a pas\b|\bpas besoin\b|\bpas loin\b|\b(?:a (?:deux|quelques)|premiers?) pas\b"
    r"|\b(?:a|pour) ne (?:surtout )?(?:pas|rien|plus|jamais) (?:surtout )?(?:manquer|rater|louper|oublier|perdre)\b"
    r"|\bpas[ -]de[ -]calais\b|\bpourquoi ne pas\b(?=[^.!?]{0,200}\?)"
    r"|\bplus a presenter\b|\bpourquoi pas\b|\bsans (?:plus )?(?:attendre|tarder|oublier|hesiter|reserve|rendez-vous)\b"
)
_DAY = rf"(?:{'|'.join(WEEK)})s?\b(?: (?:matin|midi|apres-midi|soir)s?\b)?"
#: Days of the week that a shop is shut on, where neither a date nor what was asked for follows, which may be shut with them.
_DAYS_OFF = re.compile(
    rf"\bfermee?s? (?:tous )?(?:le|les|du|chaque) {_DAY}(?:(?:,| et| ou| au| et du)(?: le| les)? {_DAY})*+"
    r"(?![^\d#]{0,400}[\d#])"
)
#: What turns the sense of a short message beside a negation: what may be in one sentence for what is in another.
_TURNING = re.compile(
    r"\?|\b(?:non|ni|aucune?|jamais|sauf|hormis|excepte|hors|plutot|au lieu|contrairement|impossible|malheureusement|helas|desolee?s?|"
    r"regrett\w+|dommage|annul\w+|report\w+|repouss\w+|ferm(?:e|es|ee|ees|ons|ent|era|erons|eront|eture)|complete?s?|repos|"
    r"repose\w*|conges?|absente?s?|indisponibles?|interdi\w+|refus\w+|faux|fausse|erreur|contraire|inverse|peut-etre|"
    r"probablement|normalement|theoriquement|a confirmer|mais|cependant|toutefois|pourtant|si|renonc\w+)(?![\w-])"
)
#: What turns the sense of the sentence that it stands in, in a message that a candidate writes.
_REFUSED = re.compile(
    r"\b(?:non|(?<!\bsans )aucune?|contrairement|malheureusement|helas|desolee?s?|regrett\w+|dommage|indisponibles?|interdi\w+|refus\w+"
    r"|faux|fausses?|erreur|contraire|inverse|renonc\w+|peut-etre|probablement|theoriquement|a confirmer)(?![\w-])"
)
#: What a message ends with and means nothing by.
_POLITE = re.compile(
    r"\bsi besoin\b|\bsi vous (?:avez|aviez) (?:besoin|la moindre question|(?:une|d'autres|des|toute) (?:autres? )?(?:questions?|demandes?))"
    r"|\bpas de (?:souci|probleme|quoi)\b|\bsans (?:souci|probleme|faute)\b|\bcomment allez-vous \?"
    r"|\baucune? (?:souci|probleme|doute|inquietude)\b"
)
#: How much of a denying sentence is quoted, and how far from the wanted words, in signs, it is read.
_LONGEST = 200
_REACH = 400
#: What stands for the wanted words in a sentence.
_HERE = "#"


def denied(text: str, wanted: str, message: bool = False) -> str:
    """A sentence of the text that holds `wanted` and may deny it; empty where a reader need not ask.

    Of a value (a date, a price), any such sentence is doubtful; of words, which a text says more than once, another
    that says them plainly is enough. In a `message`, what refuses or regrets is as doubtful.

    >>> denied("Le marché a lieu le samedi. Nous ne serons pas ouverts le 12 mai.", "12 mai")
    'Nous ne serons pas ouverts le 12 mai.'
    >>> denied("Ne manquez pas notre marché du 12 mai !", "12 mai")
    ''
    """
    holding = [sentence for sentence in _sentences(text) if may_hold(sentence, wanted)]
    doubtful = [sentence for sentence in holding if _may_deny(sentence, wanted, message)]
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
        return bool(_negated(rest) or _GONE.search(rest) or _TURNING.search(rest)) or any(
            may_hold(sentence, day) for day in others
        )

    return [sentence for sentence in _sentences(message) if turned(sentence)]


def _sentences(text: str) -> Iterator[str]:
    """Its sentences and lines; what a line announces by a colon belongs to each that follows it in a list."""
    announced = ""
    for line in filter(None, map(str.strip, text.split("\n"))):
        for sentence in re.split(r"(?<=[.!?…])\s+", line):
            yield f"{announced} {sentence}".strip()
        announced = (
            line[-_REACH:] if line.endswith(":") else announced if announced and not re.search(r"[.!?…]$", line) else ""
        )


def _may_deny(sentence: str, wanted: str, message: bool) -> bool:
    by_day = any(day in fold(wanted) for day in WEEK)
    for near in _around(fold(sentence), fold(wanted)):
        if any(_BEFORE.search(before[-_REACH:]) for before in near.split(_HERE)[:-1]):
            return True
        rest = _HARMLESS.sub(" ", near if by_day else _DAYS_OFF.sub(" ", near))
        if _negated(rest) or _GONE.search(rest) or (message and _REFUSED.search(_POLITE.sub(" ", rest))):
            return True
    return False


def _around(folded: str, wanted: str) -> list[str]:
    """What stands around each place of the wanted words in a sentence, each of which a mark stands for.

    All of the sentence, where they stand in it in another spelling only.
    """
    if wanted not in folded:
        return [folded]
    parts = folded.replace(_HERE, " ").split(wanted.replace(_HERE, " "))
    around, near = [], parts[0][-_REACH:]
    for part in parts[1:-1]:
        if len(part) > 2 * _REACH:
            around.append(near + _HERE + part[:_REACH])
            near = part[-_REACH:]
        else:
            near += _HERE + part
    return [*around, near + _HERE + parts[-1][:_REACH]]


def _negated(folded: str) -> bool:
    """Whether a text has a negation: "ne" and what goes with it, in either order."""
    first, nobody = _NE.search(folded), _NOBODY.search(folded)
    return bool(
        (first and _PAS.search(folded, first.end()))
        or (nobody and _NE.search(folded, nobody.end()))
        or _ALONE.search(folded)
    )
