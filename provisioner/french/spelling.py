"""Words that a French dictionary doesn't know: an aid for whoever reads a text, never a verdict.

The dictionary is hunspell's; a machine may lack it, and `e5b doctor --fix` installs it.
"""

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from provisioner.french.text import fold
from provisioner.host.machine import ASK

PACKAGES = ("hunspell", "hunspell-fr")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'", re.IGNORECASE)
MISSING = "Le dictionnaire français (hunspell) manque sur cette machine : « e5b doctor --fix » l’installe."


class NoDictionary(Exception):
    """This machine can't say how French is spelled: what hunspell said; "" where there is no hunspell."""


@dataclass(frozen=True)
class Unknown:
    """Words that the dictionary doesn't know, in the order of the text; names are apart, since it knows few."""

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def refused_words(text: str) -> list[str]:
    """The words of a French text that the dictionary doesn't know, each as often as it stands there."""
    try:
        done = subprocess.run(
            ("hunspell", "-i", "utf-8", "-d", "fr_FR", "-l"), input=text, capture_output=True, text=True, timeout=ASK
        )
    except OSError as error:
        raise NoDictionary from error
    except subprocess.TimeoutExpired as error:
        raise NoDictionary(f"hunspell ne répond pas après {ASK} s") from error
    if done.returncode:
        raise NoDictionary(done.stderr.strip()[:200] or f"code {done.returncode}")
    return done.stdout.split()


def misspelled(text: str) -> list[str] | None:
    """See refused_words; None where there is no dictionary."""
    try:
        return refused_words(text)
    except NoDictionary:
        return None


def unknown_words(
    text: str, known: Sequence[str] = (), dictionary: Callable[[str], list[str] | None] = misspelled
) -> Unknown | None:
    """The words of a French text that the dictionary doesn't know, those of `known` left out; None without it."""
    refused = dictionary(text.translate(str.maketrans("’ʼ\u00a0\u202f", "''  ")))
    if refused is None:
        return None
    known_words = {word for phrase in known for word in fold(phrase).replace("'", " ").split()}
    bare = (_ELIDED.sub("", word.strip(".'-")) for word in refused)
    found = [word for word in dict.fromkeys(bare) if word and fold(word) not in known_words]
    return Unknown(tuple(w for w in found if not w[0].isupper()), tuple(w for w in found if w[0].isupper()))


def has_dictionary() -> bool:
    """Whether this machine has hunspell and its French dictionary."""
    return misspelled("bonjour") is not None
