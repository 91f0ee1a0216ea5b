"""How findings word what they say in French: agreement, elision, lists, texts cut short."""

import re
from collections.abc import Iterable, Sequence

from provisioner.french.text import fold, nearly_holds, quoted, shortened


def agreed(texts: Iterable[str], of_one: str, of_several: str) -> str:
    """Names, and what is said of them.

    >>> agreed(["un"], "n’y est plus", "n’y sont plus"), agreed(["un", "deux"], "n’y est plus", "n’y sont plus")
    ('« un » n’y est plus', '« un », « deux » n’y sont plus')
    """
    names = list(texts)
    return f"{quoted(names)} {of_one if len(names) == 1 else of_several}"


def of_person(name: str) -> str:
    """A person's name after "de"; before an "h", nobody knows, and "de" stays whole.

    >>> of_person("Armelle Kerdoncuff"), of_person("Hoël Le Moal"), of_person("Yann"), of_person("Yves")
    ('d’Armelle Kerdoncuff', 'de Hoël Le Moal', 'de Yann', 'd’Yves')
    """
    return f"d’{name}" if re.match(r"[aeiouœæ]|y[^aeiou]", fold(name)) else f"de {name}"


def of_quoted(name: str) -> str:
    """A name in quotes after "de"; of the words in "h", those that elide are too many to be listed whole.

    >>> of_quoted("Instagram"), of_quoted("Contact"), of_quoted("Horaires")
    ('d’« Instagram »', 'de « Contact »', 'd’« Horaires »')
    """
    mute = re.match(r"[aeiouœæ]|y[^aeiou]|h(abi|eur|ist|iv|omm|on[no]|or[ai]|ot[eo]|uil|uitr|um|yg)", fold(name))
    return f"d’« {name} »" if mute else f"de « {name} »"


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence, the last after "et".

    >>> listed(["un"]), listed(["un", "deux", "trois"])
    ('un', 'un, deux et trois')
    """
    return " et ".join([", ".join(parts[:-1])] * (len(parts) > 1) + [*parts[-1:]])


def address_said(address: str) -> str:
    """An address as a reader knows it: of the candidate's own site its path alone, if it isn't the front page; "#" is none.

    >>> address_said("http://localhost:24986/contact/"), address_said("#"), address_said("https://www.exemple.test/")
    ('/contact/', 'aucune adresse', 'https://www.exemple.test/')
    """
    if address.strip() in ("", "#"):
        return "aucune adresse"
    said = re.sub(r"^https?://(localhost|127(\.\d+){3})(:\d+)?(?=/|$)", "", address)
    return said if said not in ("", "/") else "l’accueil"


def leads(title: str, address: str) -> str:
    """Where a link leads."""
    said = address_said(address)
    return f"« {title} » ne mène nulle part" if said == "aucune adresse" else f"« {title} » mène à {said}"


def towards(address: str) -> str:
    """Where a link leads, behind its text; a file of the site by its name.

    >>> towards("http://localhost:24986/wp-content/uploads/2026/11/bon.pdf"), towards("/contact/"), towards("#")
    ('vers le fichier bon.pdf', 'vers /contact/', 'sans adresse')
    """
    said = address_said(address)
    if said == "aucune adresse":
        return "sans adresse"
    in_uploads = said.startswith("/wp-content/uploads/")
    return f"vers le fichier {said.rpartition('/')[2]}" if in_uploads else f"vers {said}"


def denials(found: Iterable[tuple[str, str]]) -> list[str]:
    """What a person has to read of elements and the sentences that may deny them ("" where none does): each sentence once.

    >>> denials([("A", "Ni A ni B."), ("B", "Ni A ni B."), ("C", "")])
    ['cette phrase nie peut-être « A », « B » : « Ni A ni B. »']
    >>> denials([("le 3 juin", "Pas le 3 juin.")])
    ['cette phrase dit peut-être le contraire de « le 3 juin » : « Pas le 3 juin. »']
    """
    elements: dict[str, list[str]] = {}
    for element, sentence in found:
        if sentence:
            elements.setdefault(sentence, []).append(element)
    return [f"cette phrase {_denies(those)} {quoted(those)} : « {sentence} »" for sentence, those in elements.items()]


def _denies(elements: Sequence[str]) -> str:
    """Nobody denies a number or a date."""
    numbers = any(sign.isdigit() for sign in "".join(elements))
    return "dit peut-être le contraire de" if numbers else "nie peut-être"


def written_otherwise(elements: Iterable[str], text: str) -> list[str]:
    """That elements may be in a text in other words, with the sentence in which they may be.

    >>> written_otherwise(["trois moulins"], "Bonjour. Nos 3 moulins tournent.")
    ['« trois moulins » y est peut-être, écrit autrement : « Nos 3 moulins tournent. »']
    """
    sentences = [one.strip() for one in re.split(r"(?<=[.!?…])\s+|\n+", text) if one.strip()]
    found: dict[str, list[str]] = {}
    for element in elements:
        where = min((one for one in sentences if nearly_holds(one, element)), key=len, default="")
        found.setdefault(where, []).append(element)
    said = ("y est peut-être, écrit autrement", "y sont peut-être, écrits autrement")
    return [
        agreed(those, *said) + (f" : « {shortened(where, 160)} »" if where else "") for where, those in found.items()
    ]
