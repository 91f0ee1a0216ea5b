"""Sections of a page, by their headings."""

from checks.wordpress.reading.contents import Body
from provisioner.french.text import fold, holds, nearly_same, same

#: The headings of the privacy page that WordPress makes, folded.
_SECTIONS = {
    fold(one)
    for one in (
        "Qui sommes-nous ?",
        "Commentaires",
        "Médias",
        "Cookies",
        "Contenu embarqué depuis d’autres sites",
        "Utilisation et transmission de vos données personnelles",
        "Durées de stockage de vos données",
        "Les droits que vous avez sur vos données",
        "Où vos données sont envoyées",
    )
}


def section_of(body: Body, title: str) -> str | None:
    """The text between the heading of this title and the next one that is not below it.

    A summary that was written by hand has the same line, with nothing below it.
    """
    headings = [text for _, text in body.headings]
    lines = [" ".join(line.split()) for line in body.text.split("\n")]
    best = next((h for h in headings if same(title, h)), None)
    best = best or next((h for h in headings if holds(h, title) or nearly_same(title, h)), None)
    if best is None or best not in lines:
        return None
    level, _ = body.headings[headings.index(best)]
    titles = [i for i, line in enumerate(lines) if line == best]

    def below(title: int) -> str:
        rest = lines[title + 1 :]
        later = body.headings[headings.index(best) + 1 :] if title == titles[-1] else body.headings
        ends = [text for depth, text in later if depth <= level]
        end = next((i for i, line in enumerate(rest) if line in ends), len(rest))
        return "\n".join(rest[:end])

    return max(map(below, titles), key=len)


def around(body: Body, title: str) -> str:
    """The heading of this title, and all that stands below it until the next one that WordPress's own page has."""
    lines = [" ".join(line.split()) for line in body.text.split("\n")]
    headings = {text for _, text in body.headings if holds(text, title)}
    first = next((i for i, line in enumerate(lines) if line in headings), len(lines))
    rest = lines[first + 1 :]
    end = next((i for i, line in enumerate(rest) if fold(line) in _SECTIONS - {fold(title)}), len(rest))
    return "\n".join(lines[first : first + 1 + end])
