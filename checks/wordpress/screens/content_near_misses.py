"""A content that is almost what was asked for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from checks.wordpress.reading.answers import Kind
from checks.wordpress.reading.content_images import ALT, IMAGES
from checks.wordpress.reading.seeded import another_category, another_picture, other_pages
from checks.wordpress.screens.drafts import Draft, write
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import move_to_trash
from checks.wordpress.screens.wanted_content import (
    ELEMENTS,
    EXTERNAL,
    HEADINGS,
    INTERNAL,
    LENGTH,
    PAGE,
    POST,
    TAGS,
    WantedContent,
)
from provisioner.french.text import holds, nearly_holds, word_count
from provisioner.subject.check import Desk, NearMiss, now_of


def near_misses(content: WantedContent) -> list[NearMiss]:
    """Not quite public, not quite long enough, not quite the right picture, link or tag."""
    parts = (_unpublished, _short, _plain, _other_links, _other_pictures, _misfiled)
    return [miss for part in parts for miss in part(content)]


def _unpublished(content: WantedContent) -> list[NearMiss]:
    wanted, other_name = (POST, "une page") if content.kind == "post" else (PAGE, "un article")
    other: Kind = "page" if content.kind == "post" else "post"

    def pending(editor: Editor) -> None:
        editor.ask_for_review()
        editor.save()

    def planned(editor: Editor) -> None:
        editor.plan(now_of(editor.page) + timedelta(days=1))
        editor.publish()

    def protected(editor: Editor) -> None:
        editor.protect("secret")
        editor.publish()

    def misses(name: str, last: Callable[[Editor], None]) -> NearMiss:
        return NearMiss(name, wanted, lambda desk: last(write(desk, content.brief())))

    def trashed(desk: Desk) -> None:
        editor = write(desk, content.brief())
        editor.publish()
        move_to_trash(desk, content.kind, editor.number)

    return [
        misses("laissé en brouillon", Editor.save),
        misses("publié en privé", Editor.publish_privately),
        misses("programmé pour le lendemain", planned),
        misses("en attente de relecture", pending),
        misses("protégé par un mot de passe", protected),
        NearMiss("mis à la corbeille", wanted, trashed),
        NearMiss(
            f"publié comme {other_name}",
            wanted,
            content.published(lambda draft: replace(draft, kind=other, categories=(), tags=())),
        ),
    ]


def _short(content: WantedContent) -> list[NearMiss]:
    found = []
    if content.min_words:
        short = content.but(min_words=content.min_words - 1, max_words=content.min_words - 1)
        titled = content.but(min_words=content.min_words - word_count(content.title), max_words=0)
        found += [
            NearMiss("un mot de moins que demandé", LENGTH, short.published()),
            NearMiss("la longueur n’y est qu’avec le titre", LENGTH, titled.published()),
        ]
    if content.max_words:
        # Without the subtitles: a person decides whether they count.
        most = content.max_words + sum(word_count(b.text) for b in content.draft().blocks if b.kind == "heading")
        long, full = (content.but(min_words=count, max_words=0) for count in (most + 1, most))
        found += [
            NearMiss("un mot de plus que demandé, sans les sous-titres", LENGTH, long.published()),
            NearMiss(
                "la longueur dépassée par la dernière phrase",
                LENGTH,
                full.published(lambda draft: draft.with_text("Et ensuite, venez nous voir.")),
            ),
        ]
    absent = next((e for e in content.elements if not holds(content.title, e)), None)
    if absent:
        rest = content.but(elements=tuple(e for e in content.elements if e != absent))
        found.append(NearMiss(f"sans « {absent} »", ELEMENTS, rest.published()))
        if content.kind == "post":  # a page has no excerpt
            found.append(
                NearMiss(
                    f"« {absent} » dans l’extrait seulement",
                    ELEMENTS,
                    rest.published(lambda draft: replace(draft, excerpt=f"À retenir : {absent}.")),
                )
            )
    if misread := _misread(content):
        right, wrong = misread
        others = content.but(elements=tuple(wrong if e == right else e for e in content.elements))
        found.append(NearMiss(f"« {wrong} » pour « {right} »", ELEMENTS, others.published()))
    return found


def _plain(content: WantedContent) -> list[NearMiss]:
    if not content.headings:
        return []
    fewer = content.but(headings=content.headings - 1)
    return [
        NearMiss(
            "sous-titres en paragraphes gras",
            HEADINGS,
            content.published(
                lambda draft: replace(
                    draft, blocks=tuple(replace(b, kind="bold") if b.kind == "heading" else b for b in draft.blocks)
                )
            ),
        ),
        NearMiss("un sous-titre de moins", HEADINGS, fewer.published()),
    ]


def _other_links(content: WantedContent) -> list[NearMiss]:
    def with_text(text: str) -> Callable[[Draft], Draft]:
        return lambda draft: draft.with_text(f"Adresse : {text}")

    page = f"/{other_pages(content.company, *content.links)[0]}/"
    found = []
    for kind, elsewhere in ((INTERNAL, page), (EXTERNAL, "https://www.exemple.test/")):
        wanted = [link for link in content.links if link.startswith("/") == (kind == INTERNAL)]
        if not wanted:
            continue
        neighbour = content.but(links=tuple(elsewhere if link == wanted[0] else link for link in content.links))
        dead = content.but(links=tuple("#" if link == wanted[0] else link for link in content.links))
        typed = content.but(links=tuple(link for link in content.links if link != wanted[0]))
        found += [
            NearMiss("lien vers l’adresse voisine", kind, neighbour.published()),
            NearMiss("lien vers « # »", kind, dead.published()),
            NearMiss("adresse écrite sans lien", kind, typed.published(with_text(wanted[0].strip("/")))),
        ]
    return found


def _other_pictures(content: WantedContent) -> list[NearMiss]:
    found = []
    if content.images:

        def featured(draft: Draft) -> Draft:
            other = another_picture(content.company, content.images[0].media)
            return replace(draft, blocks=tuple(b for b in draft.blocks if b.kind != "image"), featured=other)

        def neighbour_image(draft: Draft) -> Draft:
            return draft.with_image(lambda block: replace(block, others=True))

        found += [
            NearMiss("l’image voisine", IMAGES, content.published(neighbour_image)),
            NearMiss("l’image voisine mise en avant, et aucune dans le texte", IMAGES, content.published(featured)),
        ]
    if any(image.alt for image in content.images):

        def in_caption(draft: Draft) -> Draft:
            return draft.with_image(lambda block: replace(block, alt="", caption=block.alt or ""))

        def left_out(draft: Draft) -> Draft:
            return draft.with_image(lambda block: replace(block, alt=None))

        found += [
            NearMiss("texte alternatif écrit dans la légende", ALT, content.published(in_caption)),
            NearMiss("texte alternatif laissé tel quel", ALT, content.published(left_out)),
        ]
    return found


def _misfiled(content: WantedContent) -> list[NearMiss]:
    found = []
    if content.categories:
        other = another_category(content.company, content.categories[0])
        found += [
            NearMiss(
                "dans la catégorie voisine",
                POST,
                content.published(lambda draft: replace(draft, categories=(other,)), brief=True),
            ),
            NearMiss(
                "sans catégorie choisie",
                POST,
                content.published(lambda draft: replace(draft, categories=()), brief=True),
            ),
        ]
    if content.tags:
        found += [
            NearMiss(
                "une étiquette créée comme catégorie",
                TAGS,
                content.published(
                    lambda draft: replace(draft, tags=draft.tags[1:], new_categories=draft.tags[:1]), brief=True
                ),
            ),
            NearMiss(
                "une étiquette oubliée",
                TAGS,
                content.published(lambda draft: replace(draft, tags=draft.tags[:-1]), brief=True),
            ),
            NearMiss(
                "étiquettes écrites dans le texte",
                TAGS,
                content.published(
                    lambda draft: replace(draft, tags=()).with_text(" ".join(f"#{t}" for t in draft.tags)), brief=True
                ),
            ),
        ]
    return found


def _misread(content: WantedContent) -> tuple[str, str] | None:
    """An element, one with figures first, and what somebody may write who copies it badly."""
    for right in sorted(content.elements, key=lambda element: not re.search(r"\d", element)):
        for wrong in _slips(right):
            others = (wrong if element == right else element for element in content.elements)
            if not nearly_holds("\n".join((content.title, *others)), right):
                return right, wrong
    return None


def _slips(element: str) -> Iterator[str]:
    """Two of its figures changed over, the last one changed, or only its first half."""
    for i in reversed(range(len(element) - 1)):
        left, right = element[i], element[i + 1]
        if left.isdigit() and right.isdigit() and left != right:
            yield element[:i] + right + left + element[i + 2 :]
    yield re.sub(r"\d(?=\D*$)", lambda last: str((int(last[0]) + 1) % 10), element)
    parts = element.split()
    yield " ".join(parts[: len(parts) // 2]) or element[: len(element) // 2]
