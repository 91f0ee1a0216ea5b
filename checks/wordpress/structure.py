"""Search engines: the hierarchy of titles."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.wordpress.reading.content_verdicts import Target, absent, findings_of
from checks.wordpress.reading.contents import Content
from checks.wordpress.reading.parts import Part, parts_of
from checks.wordpress.reading.seeded import title_of
from checks.wordpress.screens import block_roads, stored
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from provisioner.french.text import holds, nearly_same, numbered, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

HIERARCHY = fact("wordpress.referencement.structurer", "hiérarchie de titres")

#: The block of a page break.
_NEXT_PAGE = "<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->"


class HeadingWanted(BaseModel):
    """Un sous-titre et son niveau."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: WantedText = Field(description="Le texte du sous-titre.")
    level: int = Field(2, ge=2, le=6, description="Son niveau : 2 pour un sous-titre, 3 pour un titre au-dessous…")


class HeadingHierarchy(Check, id="wordpress.referencement.headings"):
    """Le texte d’un contenu est structuré : des blocs Titre, à partir du niveau 2, sans sauter de niveau."""

    proves = (HIERARCHY,)

    content: Target
    outline: tuple[HeadingWanted, ...] = Field(
        (),
        description="Les sous-titres demandés, dans l’ordre ; d’autres sont admis. Vide : seuls leurs nombres comptent.",
    )
    subtitles: int = Field(0, ge=0, description="Le nombre minimal de titres de niveau 2.")
    below: int = Field(0, ge=0, description="Le nombre minimal de titres de niveau 3 ou plus.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.outline or self.subtitles or self.below):
            raise ValueError("outline, subtitles ou below doit être demandé")
        return self

    def verify(self, site: Site) -> list[Finding]:
        """The titles as a visitor meets them, top to bottom."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        expected = self._expected()
        if content is None:
            return absent(site, (HIERARCHY,), expected)
        parts = parts_of(site, content)
        titles = parts.of("titre")
        own = site.page.locator("main h1").count() - sum(t.level == 1 for t in titles) if parts.public else 1
        verdict, observed = self.judge(titles, titled=own > 0)
        headings = site.page.locator("main").locator("h1, h2, h3, h4, h5, h6")
        shot = site.shot("le contenu côté visiteur", mark=headings)
        return [Finding(HIERARCHY, verdict, expected, observed, (shot,))]

    def judge(self, titles: Sequence[Part], titled: bool) -> tuple[Verdict, str]:
        """`titled`: the page has a title of its own above, so the text needs none of the first level."""
        shown = [title for title in titles if title.text and title.shown]
        observed = ", ".join(f"« {title.text} » (H{title.level})" for title in shown) or "aucun bloc Titre"
        wrong = []
        if any(title.level == 1 for title in shown) and (titled or sum(t.level == 1 for t in shown) > 1):
            wrong.append("un titre de niveau 1 dans le texte, alors que le titre du contenu en est un")
        before = 1
        for title in shown:
            if title.level > before + 1:
                wrong.append(f"« {title.text} » saute un niveau (H{before} puis H{title.level})")
            before = title.level
        if sum(title.level == 2 for title in shown) < self.subtitles:
            wrong.append(f"il faut au moins {numbered(self.subtitles, 'titre')} de niveau 2")
        if sum(title.level > 2 for title in shown) < self.below:
            wrong.append(f"il faut au moins {numbered(self.below, 'titre')} de niveau 3 à 6")
        missing, unsure = self._missing(shown)
        elsewhere = [one for one in missing if any(same(one.text, title.text) for title in shown)]
        wrong += [f"« {one.text} » n’est pas à sa place ou à son niveau (H{one.level})" for one in elsewhere]
        absent = ", ".join(f"« {one.text} » (H{one.level})" for one in missing if one not in elsewhere)
        wrong += [f"il manque {absent}"] * bool(absent)
        if wrong:
            return Verdict.NOT_MET, f"{observed} ; {' ; '.join(wrong)}"
        return (Verdict.TO_JUDGE, f"{observed} ; à lire : {' ; '.join(unsure)}") if unsure else (Verdict.MET, observed)

    def _missing(self, shown: Sequence[Part]) -> tuple[list[HeadingWanted], list[str]]:
        """Those of the outline that don't come, in order, at their level; and how those are written that nearly do."""
        missing: list[HeadingWanted] = []
        unsure: list[str] = []
        rest = list(shown)
        for wanted in self.outline:
            level = [(i, title.text) for i, title in enumerate(rest) if title.level == wanted.level]
            found = next((i for i, text in level if same(wanted.text, text)), None)
            if found is None:
                near = (i for i, text in level if nearly_same(wanted.text, text) or holds(text, wanted.text))
                found = next(near, None)
                if found is None:
                    missing.append(wanted)
                    continue
                unsure.append(f"« {wanted.text} » est écrit « {rest[found].text} »")
            rest = rest[found + 1 :]
        return missing, unsure

    def _expected(self) -> str:
        parts = [", ".join(f"« {one.text} » (H{one.level})" for one in self.outline)] * bool(self.outline)
        parts += [f"au moins {numbered(self.subtitles, 'titre')} de niveau 2"] * bool(self.subtitles)
        parts += [f"au moins {numbered(self.below, 'titre')} de niveau 3 à 6"] * bool(self.below)
        return f"« {title_of(self.company, self.content)} » a des titres bien emboîtés : {', '.join(parts)}"

    def ways(self) -> Sequence[Act]:
        """The editor's blocks, and its code view."""
        pieces = self._pieces()
        return (
            Act("blocs Titre de l’éditeur", lambda desk: block_screens.put(desk, self.content, pieces)),
            Act("dans l’éditeur de code", lambda desk: block_screens.put_code(desk, self.content, pieces)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Bold paragraphs, the first level, a level left out, too few below, hidden, another content, another order."""

        def put(change: Callable[[Piece], Piece]) -> Callable[[Desk], None]:
            return lambda desk: block_screens.put(desk, self.content, [change(one) for one in self._pieces()])

        def bold(piece: Piece) -> Piece:
            return Piece("bold", piece.text) if piece.kind == "heading" else piece

        def deep_bold(piece: Piece) -> Piece:
            return bold(piece) if piece.level > 2 else piece

        def level(by: Callable[[int], int]) -> Callable[[Piece], Piece]:
            return lambda p: Piece("heading", p.text, level=by(p.level)) if p.kind == "heading" else p

        def and_a_first_level(desk: Desk) -> None:
            block_screens.put(desk, self.content, [*self._pieces(), Piece("heading", "Et pour finir", level=1)])

        def last_first(desk: Desk) -> None:
            titles = [piece for piece in self._pieces() if piece.kind == "heading"]
            last = max(place for place, piece in enumerate(titles) if piece.level == 2)
            block_screens.put(desk, self.content, [*titles[last:], *titles[:last]])

        def elsewhere(desk: Desk) -> None:
            block_screens.put(desk, block_screens.neighbour(desk, self.content), self._pieces())

        deep = any(piece.level > 2 for piece in self._pieces())
        misses = [
            NearMiss("sous-titres en paragraphes gras", HIERARCHY, put(bold)),
            NearMiss("tous les titres au niveau 1", HIERARCHY, put(level(lambda _: 1))),
            NearMiss("un titre de niveau 1 de plus", HIERARCHY, and_a_first_level),
            NearMiss("un niveau sauté", HIERARCHY, put(level(lambda one: one if deep and one == 2 else one + 1))),
            NearMiss("titres cachés au visiteur", HIERARCHY, block_roads.in_html(self.content, self._hidden)),
            NearMiss("dans un autre contenu", HIERARCHY, elsewhere),
        ]
        if deep:
            misses.append(NearMiss("titres de niveau 3 en gras", HIERARCHY, put(deep_bold)))
        if _count(self.outline, 2) > 1:
            misses.append(NearMiss("le dernier sous-titre mis en premier", HIERARCHY, last_first))
        return misses

    def roads(self) -> Sequence[Road]:
        """A slip of the pen in a title; the content made private; the titles on two pages of the content."""
        first = self.ways()[0].run

        def private(desk: Desk) -> None:
            first(desk)
            kind, kept = stored.item(desk, self.content)
            stored.send(desk, f"{kind}s/{kept['id']}", {"status": "private"})

        def on_two_pages(desk: Desk) -> None:
            *above, last = [one for one in self._pieces() if one.kind == "heading"]
            block_screens.put(desk, self.content, above)
            html = block_roads.custom(f"<h{last.level}>{escape(last.text)}</h{last.level}>")
            stored.rewrite(desk, self.content, lambda before: f"{before}\n\n{_NEXT_PAGE}\n\n{html}")

        roads = [
            Road("le contenu rendu privé ensuite", HIERARCHY, private),
            Road("les titres sur deux pages du contenu", HIERARCHY, on_two_pages, Verdict.MET),
        ]
        if self.outline and nearly_same(self.outline[0].text, slip := f"{self.outline[0].text}s"):
            wrong = self.but(outline=(self.outline[0].model_copy(update={"text": slip}), *self.outline[1:]))
            roads.append(Road("une faute dans un titre", HIERARCHY, wrong.ways()[0].run))
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two titles, and one below the first; more titles than the text has, of both levels and of the second alone."""
        outline = (
            HeadingWanted(text="Le salon en pratique"),
            HeadingWanted(text="Venir en train", level=3),
            HeadingWanted(text="Nos nouveautés"),
        )
        content = "a-bruxelles-gourmet-d-europe"
        return (
            cls(content=content, outline=outline, subtitles=2, below=1),
            cls(content=content, subtitles=2, below=2),
            cls(content=content, subtitles=4),
        )

    def _hidden(self, desk: Desk) -> str:
        titles = [one for one in self._pieces() if one.kind == "heading"]
        return block_roads.custom("".join(f"<h{t.level} hidden>{escape(t.text)}</h{t.level}>" for t in titles))

    def _pieces(self) -> list[Piece]:
        outline = list(self.outline)
        outline += [HeadingWanted(text=f"Sous-titre {i + 1}") for i in range(self.subtitles - _count(outline, 2))]
        below = sum(one.level > 2 for one in outline)
        outline += [HeadingWanted(text=f"Détail {i + 1}", level=3) for i in range(self.below - below)]
        text = Piece("paragraph", "Voici ce qu’il faut savoir.")
        return [piece for one in outline for piece in (Piece("heading", one.text, level=one.level), text)]


def _count(outline: Sequence[HeadingWanted], level: int) -> int:
    return sum(one.level == level for one in outline)
