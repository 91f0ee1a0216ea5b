"""What people type about themselves on the pages of the door, as it is kept; or a refusal that says how to type it."""

import unicodedata

from provisioner.core.errors import Refusal

#: A password's least length, and the most of one that is hashed.
LEAST, MOST = 10, 200
#: How long a name may be, a person's or a commission's.
_NAME = 60


def normal(text: str) -> str:
    """The text as it is compared: an accent may be typed as a sign of its own, or with its letter."""
    return unicodedata.normalize("NFC", text)


def spaced(text: str) -> str:
    """The text with single spaces, and none around it."""
    return " ".join(normal(text).split())


def name_of(typed: str) -> str:
    """A person's name."""
    name = spaced(typed)
    if not _is_name(name):
        raise Refusal(
            f"Donnez un nom de {_NAME} signes au plus, celui que liront les autres, par exemple « Mme Riou »."
        )
    return name


def commission_of(typed: str) -> str:
    """The name of an examiner's commission."""
    commission = spaced(typed)
    if not _is_name(commission):
        raise Refusal("Dites de quelle commission est cet examinateur, comme elle s'écrit dans la liste des candidats.")
    return commission


def new_password(typed: str) -> str:
    """A password that somebody chooses."""
    password = normal(typed)
    if len(password) < LEAST:
        raise Refusal(f"Choisissez un mot de passe de {LEAST} signes au moins ; quatre mots sans lien vont bien.")
    if len(password) > MOST:
        raise Refusal(f"Choisissez un mot de passe de {MOST} signes au plus.")
    return password


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _NAME and text.isprintable()
