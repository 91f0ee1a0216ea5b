"""Proves that a context holds together: on the page, on its sites, and between them.

On paper: no sentence twice, French words only, each shared fact the same wherever it is written (facts.py). On a
fresh station of each site: every page that a link leads to answers, with its pictures and files, nothing empty, no
error, nothing in English; so do the back office's screens, down to each product and order; what the company says of
itself is there. Spelling needs `hunspell` and its French dictionary; words that it can't know stand in the context's
`words.txt`. What a back office shows of the company is spelled here, where it comes from.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from provisioner.context.facts import disagreements
from provisioner.context.pages import Page
from provisioner.context.texts import Fault, strings, words, written
from provisioner.french.spelling import NoDictionary, refused_words
from provisioner.french.text import fold
from provisioner.host.toml_files import read_toml

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")


def on_paper(scenario: Path) -> Iterator[Fault]:
    """What the files of a context say wrongly; spelling apart."""
    yield from repeated(written(scenario))
    yield from disagreements(scenario)


def repeated(texts: Mapping[str, str]) -> Iterator[Fault]:
    """Sentences that are written more than once; what has under eight words, or five with its full stop, is none."""
    where: dict[str, list[str]] = defaultdict(list)
    for name, text in texts.items():
        for sentence in _SENTENCE.split(text):
            if len(sentence.split()) >= (5 if sentence.rstrip().endswith((".", "!", "?", "…")) else 8):
                where[fold(sentence)].append(name)
    for sentence, names in where.items():
        if len(names) > 1:
            yield Fault(", ".join(sorted(set(names))), f"phrase écrite {len(names)} fois : « {sentence[:80]} »")


def misspelled(texts: Mapping[str, str], scenario: Path) -> Iterator[Fault]:
    """Words that neither the French dictionary, nor the company's own list, nor its description knows."""
    listed = scenario / "words.txt"
    own = {fold(line) for line in (listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []) if line}
    own |= {
        fold(word)
        for text in strings(read_toml(scenario / "context.toml"))
        for word in words(text)
        if word[0].isupper()
    }
    where: dict[str, set[str]] = defaultdict(set)
    for name, text in texts.items():
        for word in words(text):
            where[word].add(name)
    try:
        refused = set(refused_words("\n".join(where)))
    except NoDictionary as error:
        missing = "installez hunspell et hunspell-fr (apt-get update && apt-get install hunspell hunspell-fr)"
        yield Fault("orthographe", f"non contrôlée : {str(error) or missing}")
        return
    for word, names in sorted(where.items()):
        parts = re.split(r"['-]", word)
        bad = word in refused or any(part in refused for part in parts)
        if bad and fold(word) not in own and not all(fold(part) in own or part not in refused for part in parts):
            yield Fault(", ".join(sorted(names)[:3]), f"mot inconnu : {word}")


def unsaid(pages: Mapping[str, Page], scenario: Path) -> Iterator[Fault]:
    """Facts about the company that none of these pages tells: address, telephone, and each shop's, with its hours.

    A shop's are looked for behind its name, up to the next shop's.
    """
    context = read_toml(scenario / "context.toml")
    texts = [fold(page.words) for page in pages.values()]
    for fact in (context["company"]["address"], context["company"]["phone"]):
        if not any(all(fold(part) in text for part in fact.split(", ")) for text in texts):
            yield Fault("company", f"dit nulle part : {fact}")
    names = "|".join(re.escape(fold(shop["name"])) for shop in context["shops"])
    for shop in context["shops"]:
        wanted = [*shop["address"].split(", "), shop["phone"]]
        wanted += [time for line in shop["hours"] for time in re.findall(r"\d+ h(?: \d+)?", line["hours"])]
        of_it = re.compile(rf"{re.escape(fold(shop['name']))}(?:(?!{names}).)*")
        if not any(all(fold(part) in " ".join(of_it.findall(text)) for part in wanted) for text in texts):
            yield Fault(shop["name"], "aucune page ne donne ensemble son adresse, son téléphone et ses horaires")
