"""What helps a person to judge a text: its measures, what of the annexe is in it, words to look at."""

import re
from collections.abc import Sequence

from checks.wordpress.reading.contents import Body, Content, path_of
from checks.wordpress.reading.library import own_name
from checks.wordpress.reading.wording import towards
from provisioner.french.spelling import MISSING, unknown_words
from provisioner.french.text import holds, nearly_holds, numbered, quoted, word_count
from provisioner.subject.check import Site

#: A sentence of more words than this is hard to read on a screen.
_LONG_SENTENCE = 35


def reading_aid(site: Site, content: Content, body: Body, elements: Sequence[str], known: Sequence[str]) -> str:
    """The note on a content; `known` are words of the question, which no dictionary has to know."""
    return "\n".join(
        [
            f"{content} – {content.state(site.taken_at)} – {path_of(content.link)}",
            f"Mots : {word_count(body.text)} (sans le titre)",
            *_of_the_annex(content, body, elements),
            *spelling_aid(site, f"{content.title}\n{body.text}", known),
            *_sentences(body),
            f"Sous-titres : {', '.join(f'H{level} {text}' for level, text in body.headings) or 'aucun'}",
            f"Catégories : {', '.join(content.categories) or 'aucune'}",
            f"Étiquettes : {', '.join(content.tags) or 'aucune'}",
            *(f"Image : {own_name(image.address)} – texte alternatif : {image.alt or 'vide'}" for image in body.images),
            *(f"Lien : « {link.text} » {towards(link.address)}" for link in body.links),
            "",
            body.text,
        ]
    )


def spelling_aid(site: Site, text: str, known: Sequence[str]) -> list[str]:
    """What the dictionary doesn't know, in lines of a note."""
    unknown = unknown_words(text, known, site.misspelled)
    if unknown is None:
        return [MISSING]
    lines = [f"Mots inconnus du dictionnaire, à vérifier : {', '.join(unknown.words) or 'aucun'}"]
    return lines + [f"Noms propres inconnus du dictionnaire : {', '.join(unknown.names)}"] * bool(unknown.names)


def doubtful(site: Site, text: str, known: Sequence[str]) -> str:
    """The words to look at, for a finding; nothing where there are none, or no dictionary."""
    unknown = unknown_words(text, known, site.misspelled)
    return f" ; mots à vérifier : {quoted(unknown.words[:12])}" if unknown and unknown.words else ""


def _of_the_annex(content: Content, body: Body, elements: Sequence[str]) -> list[str]:
    read = f"{content.title}\n{body.text}"
    there = [one for one in elements if holds(read, one)]
    near = [one for one in elements if one not in there and nearly_holds(read, one)]
    missing = [one for one in elements if one not in there and one not in near]
    lines = [("Éléments de l’annexe repris", there), ("Éléments repris peut-être, écrits autrement", near)]
    lines.append(("Éléments absents", missing))
    return [f"{what} : {quoted(found)}" for what, found in lines if found]


def _sentences(body: Body) -> list[str]:
    sentences = [one for one in re.split(r"(?<=[.!?…])\s+|\n+", body.text) if word_count(one) > 2]
    long = [one for one in sentences if word_count(one) > _LONG_SENTENCE]
    paragraphs = [line for line in body.text.split("\n") if word_count(line) > 2]
    average = round(word_count(body.text) / len(sentences)) if sentences else 0
    lines = [f"Phrases : {len(sentences)}, de {numbered(average, 'mot')} en moyenne ; paragraphes : {len(paragraphs)}"]
    lines += [f"Phrase de {word_count(one)} mots : {one}" for one in long]
    doubled = re.findall(r"\b(\w{2,})\s+\1\b", body.text, re.IGNORECASE)
    return lines + [f"Mots répétés : {', '.join(doubled)}"] * bool(doubled)
