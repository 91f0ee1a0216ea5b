"""Contents that are right by a road that no way foresees, or that only a person can judge."""

from collections.abc import Callable
from dataclasses import replace

from checks.wordpress.reading.content_images import IMAGES
from checks.wordpress.screens import stored
from checks.wordpress.screens.drafts import Block, write
from checks.wordpress.screens.wanted_content import ELEMENTS, PAGE, POST, WantedContent
from provisioner.subject.check import Desk, Road, Verdict


def roads(content: WantedContent) -> list[Road]:
    """A sentence that denies, pictures that are seen otherwise, a category below the one asked for, a page turned blog."""
    found = []
    if content.elements:
        found += [
            Road("une phrase qui nie l’élément", ELEMENTS, _denied(content)),
            Road("tout le texte dans une composition synchronisée", ELEMENTS, _in_a_pattern(content), Verdict.MET),
        ]
    if content.images:
        found += [
            Road("l’image en fond d’un groupe", IMAGES, _in_the_background(content)),
            Road("la même image téléversée sous un autre nom", IMAGES, _brought_again(content)),
        ]
    if content.categories:
        found.append(Road("classé dans une sous-catégorie de celle qui est demandée", POST, _below(content)))
    if content.kind == "page":
        found.append(Road("la page devenue ensuite celle des articles", PAGE, _turned_blog(content)))
    return found


def group_html(source: str, text: str) -> str:
    """A group with a background picture, as the block editor stores it."""
    style = f'{{"style":{{"background":{{"backgroundImage":{{"url":"{source}","id":1,"source":"file"}}}}}}}}'
    return (
        f'<!-- wp:group {style} -->\n<div class="wp-block-group"><!-- wp:paragraph -->\n<p>{text}</p>\n'
        "<!-- /wp:paragraph --></div>\n<!-- /wp:group -->"
    )


def _denied(content: WantedContent) -> Callable[[Desk], None]:
    first = content.elements[0]
    rest = content.but(elements=content.elements[1:]).brief()
    others = Block("paragraph", f"À retenir : {' ; '.join(content.elements[1:])}.")
    denied = Block("paragraph", f"Attention : nous ne serons malheureusement pas joignables, {first}.")
    return lambda desk: write(desk, replace(rest, blocks=(others, denied), tags=())).publish()


def _in_a_pattern(content: WantedContent) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        text = f"<!-- wp:paragraph -->\n<p>{' ; '.join(content.elements)}.</p>\n<!-- /wp:paragraph -->"
        pattern = stored.send(desk, "blocks", {"title": "Le texte", "content": text, "status": "publish"})
        html = f'<!-- wp:block {{"ref":{pattern["id"]}}} /-->'
        stored.send(desk, f"{content.kind}s", {"title": content.title, "content": html, "status": "publish"})

    return run


def _in_the_background(content: WantedContent) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        html = "\n".join(
            group_html(stored.medium(desk, one.media)["source_url"], "Un texte court.") for one in content.images
        )
        stored.send(desk, f"{content.kind}s", {"title": content.title, "content": html, "status": "publish"})

    return run


def _brought_again(content: WantedContent) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        html = ""
        for one in content.images:
            found = stored.bring_again(desk, one.media, "photo-du-sujet.jpg")
            html += f'<figure class="wp-block-image"><img src="{found["source_url"]}" alt="{one.alt}"/></figure>'
        stored.send(desk, f"{content.kind}s", {"title": content.title, "content": html, "status": "publish"})

    return run


def _below(content: WantedContent) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        below = [stored.term(desk, f"Rendez-vous {number}", name) for number, name in enumerate(content.categories, 1)]
        text = "<p>Un texte court.</p>"
        data = {"title": content.title, "content": text, "status": "publish", "categories": below}
        stored.send(desk, "posts", data)

    return run


def _turned_blog(content: WantedContent) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        write(desk, content.brief()).publish()
        stored.blog_at(desk, stored.item(desk, content.title)[1]["id"])

    return run
