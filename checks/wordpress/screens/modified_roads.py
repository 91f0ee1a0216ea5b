"""Changes of a content that only a person can judge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens import stored
from provisioner.subject.check import Desk

_Run = Callable[[Desk], None]


@dataclass(frozen=True)
class Change:
    """What is asked of a content: the texts to add and to take out, a title, the names of categories, and of those to leave."""

    kind: Kind
    slug: str
    title: str
    contains: Sequence[str]
    lacks: Sequence[str]
    categories: Sequence[str]
    out_of: Sequence[str] = ()

    def html(self, before: str, texts: Sequence[str]) -> str:
        """The HTML with these paragraphs more, and without the texts that are to go."""
        for text in self.lacks:
            before = before.replace(text, "").replace(text.replace(" ", "&nbsp;"), "")
        added = "\n".join(f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->" for text in texts)
        return f"{added}\n\n{before}"

    def stored(self, desk: Desk, texts: Sequence[str]) -> int:
        """Store the change with these paragraphs; the number of the content."""
        found = stored.item(desk, self.slug)[1]
        title, html = self.title or found["title"]["raw"], self.html(found["content"]["raw"], texts)
        return int(stored.send(desk, f"{self.kind}s/{found['id']}", {"title": title, "content": html})["id"])


def roads(change: Change) -> list[tuple[str, _Run]]:
    """A sentence that denies, a content made in the place of this one, a category below, one below that to leave, a page turned blog."""
    found: list[tuple[str, _Run]] = []
    if change.contains:
        found.append(("une phrase qui nie le texte ajouté", _denied(change)))
        found.append(("un nouveau contenu à la place de l’ancien", _made_anew(change)))
    if change.categories:
        found.append(("classé dans une sous-catégorie de celle qui est demandée", _below(change)))
    if change.out_of:
        found.append(("laissé dans une sous-catégorie de celle qui est à quitter", _left_below(change)))
    if change.kind == "page":
        found.append(("la page devenue ensuite celle des articles", _turned_blog(change)))
    return found


def _denied(change: Change) -> _Run:
    texts = [f"Contrairement à l’an passé, ce n’est plus le cas : {text}." for text in change.contains]

    def run(desk: Desk) -> None:
        change.stored(desk, texts)

    return run


def _made_anew(change: Change) -> _Run:
    def run(desk: Desk) -> None:
        found = stored.item(desk, change.slug)[1]
        stored.send(desk, f"{change.kind}s/{found['id']}", {"status": "draft", "slug": f"{change.slug}-ancien"})
        title, html = change.title or found["title"]["raw"], change.html(found["content"]["raw"], change.contains)
        anew = stored.send(
            desk, f"{change.kind}s", {"title": title, "content": html}
        )  # a draft, as the screens begin one
        stored.send(desk, f"{change.kind}s/{anew['id']}", {"slug": change.slug, "status": "publish"})

    return run


def _below(change: Change) -> _Run:
    def run(desk: Desk) -> None:
        below = [stored.term(desk, f"Rendez-vous {n}", name) for n, name in enumerate(change.categories, 1)]
        stored.send(desk, f"posts/{stored.item(desk, change.slug)[1]['id']}", {"categories": below})

    return run


def _left_below(change: Change) -> _Run:
    def run(desk: Desk) -> None:
        below = [stored.term(desk, f"Rendez-vous {n}", name) for n, name in enumerate(change.out_of, 1)]
        known = {one["name"]: one["id"] for one in stored.listed(desk, "categories?per_page=100")}
        categories = [*(known[name] for name in change.categories), *below]
        stored.send(desk, f"posts/{stored.item(desk, change.slug)[1]['id']}", {"categories": categories})

    return run


def _turned_blog(change: Change) -> _Run:
    return lambda desk: stored.blog_at(desk, change.stored(desk, change.contains))
