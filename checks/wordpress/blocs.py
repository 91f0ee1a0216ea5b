"""Contents: blocks of every kind in an article or a page."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from pydantic import Field

from checks.wordpress.reading import seeded
from checks.wordpress.reading.block_verdicts import BlockWanted, judge
from checks.wordpress.reading.content_verdicts import Target, findings_of, worst
from checks.wordpress.reading.contents import Content, path_of
from checks.wordpress.reading.library import MediaFile, library
from checks.wordpress.reading.lookalikes import Asked, made_otherwise
from checks.wordpress.reading.parts import Parts, described, parts_of
from checks.wordpress.reading.seeded import other_pages, title_of
from checks.wordpress.screens import block_roads
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact, load_functionalities

_LINE = "wordpress.contenu.blocs"
#: The editor's own names for the blocks.
_NAMES = {
    "titre": "heading",
    "paragraphe": "paragraph",
    "bouton": "buttons",
    "bannière": "cover",
    "image": "image",
    "galerie": "gallery",
    "tableau": "table",
    "flux rss": "rss",
    "calendrier": "calendar",
    "audio": "audio",
    "fichier": "file",
}


class Blocks(Check, id="wordpress.contenu.blocks"):
    """Des blocs dans un article ou une page : titre, bouton, bannière, tableau, galerie, audio, fichier…

    Le contenu existe au départ, ou la même question le fait créer. Les autres blocs qu’il montre ne comptent pas.
    """

    proves = tuple(fact(_LINE, one) for one in load_functionalities()[_LINE].facts)

    content: Target
    blocks: tuple[BlockWanted, ...] = Field(min_length=1, description="Les blocs demandés.")

    def facts(self) -> tuple[str, ...]:
        """The kinds of blocks that are asked for."""
        kinds = {wanted.block for wanted in self.blocks}
        return tuple(one for one in self.proves if one.rpartition("/")[2] in kinds)

    def verify(self, site: Site) -> list[Finding]:
        """The blocks as a visitor meets them."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        parts = parts_of(site, content) if content else None
        if parts is None:
            site.visit("/")
        shot = site.shot("le contenu côté visiteur", mark=site.page.locator(".entry-content > [class*='wp-block-']"))
        files = library(site) if any(wanted.media for wanted in self.blocks) else []
        note = site.note("les blocs du contenu", listing(parts))
        findings = []
        for one in self.facts():
            wanted = [b for b in self.blocks if b.block == one.rpartition("/")[2]]
            results = [
                self._judged(b, parts, files, site) if parts else (Verdict.NOT_MET, "ce contenu n’existe pas")
                for b in wanted
            ]
            verdict = worst([verdict for verdict, _ in results])
            observed = " ; ".join(dict.fromkeys(seen for _, seen in results))
            lacking = [str(b) for b, (found, _) in zip(wanted, results, strict=True) if found is Verdict.NOT_MET]
            observed += f" ; il manque {', '.join(lacking)}" if lacking and parts and len(wanted) > 1 else ""
            expected = f"« {title_of(self.company, self.content)} » montre {', '.join(map(str, wanted))}"
            findings.append(Finding(one, verdict, expected, observed, (shot, note)))
        return findings

    def _judged(self, wanted: BlockWanted, parts: Parts, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """The block; where there is none, what a visitor may take for it is a person's to judge."""
        verdict, observed = judge(wanted, parts.all, files, site)
        if verdict is not Verdict.NOT_MET:
            return verdict, observed
        in_sight = [replace(part, unseen="") for part in parts.all]
        if (
            judge(wanted.anywhere, in_sight, files, site)[0] is Verdict.NOT_MET
        ):  # it isn't there, rather than out of sight
            asked = Asked(wanted.block, wanted.text, wanted.link, wanted.media, wanted.rows)
            if otherwise := made_otherwise(asked, parts.content, parts.public, files, site):
                apart = "" if observed.startswith("aucun bloc") else f", hors d’un bloc « {wanted.block} »"
                place = " ; reste à voir si c’est à la place demandée" * wanted.placed
                return Verdict.TO_JUDGE, f"{observed} ; à lire : {otherwise}{apart}{place}"
        return verdict, observed

    def ways(self) -> Sequence[Act]:
        """The editor's list of blocks, and its code view."""
        pieces = [piece(wanted) for wanted in self.blocks]
        return (
            Act("avec les blocs de l’éditeur", lambda desk: block_screens.put(desk, self.content, pieces)),
            Act("dans l’éditeur de code", lambda desk: block_screens.put_code(desk, self.content, pieces)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """For each block: something else that looks like it, and the same with a part of it wrong."""
        found = []
        for wanted in self.blocks:
            one, wrong = fact(_LINE, wanted.block), almost(wanted, self.company)
            found += [NearMiss(f"{wanted.block} : {name}", one, self._instead(pieces)) for name, pieces in wrong]
            if wanted.placed:
                astray = replace(piece(wanted), under="", at="fin" if wanted.at == "début" else "")
                found.append(NearMiss(f"{wanted.block} : à une autre place", one, self._instead([astray])))
            if len(wrong) < 2:
                found.append(NearMiss(f"{wanted.block} : dans un autre contenu", one, self._elsewhere(wanted)))
        last = self.blocks[-1]
        unsaved = [piece(last)]
        found.append(
            NearMiss(
                f"{last.block} : éditeur quitté sans mettre à jour",
                fact(_LINE, last.block),
                lambda desk: block_screens.put(desk, self.content, unsaved, save=False),
            )
        )
        return found

    def roads(self) -> Sequence[Road]:
        """For each block, the same to a visitor's eye by another block or by HTML; a text of the colour of the page."""
        white = [replace(piece(one), colour="#ffffff") for one in self.blocks if one.block == "paragraphe"]

        def in_white(desk: Desk) -> None:
            block_screens.put_code(desk, self.content, white)

        foreign = [
            Road(f"{wanted.block} : {name}", fact(_LINE, wanted.block), block_roads.in_html(self.content, html))
            for wanted in self.blocks
            for name, html in block_roads.foreign(wanted)
        ]
        return [
            *foreign,
            *([Road("paragraphe écrit en blanc sur blanc", fact(_LINE, "paragraphe"), in_white)] * bool(white)),
        ]

    def _instead(self, pieces: Sequence[Piece]) -> Callable[[Desk], None]:
        return lambda desk: block_screens.put(desk, self.content, pieces)

    def _elsewhere(self, wanted: BlockWanted) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            # At the top: the heading under which it is asked stands in the right content only.
            anywhere = replace(piece(wanted), under="", at="")
            block_screens.put(desk, block_screens.neighbour(desk, self.content), [anywhere])

        return run

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """What stands in the text of a page, and media and lists in an article.

        The site's own feed is shown in a page: in an article, it would show itself in itself.
        """
        hours = (("Atelier", "Ouverture"), ("Lundi", "14 h – 18 h"), ("Samedi", "9 h – 12 h 30"))
        return (
            cls(
                content="contact",
                blocks=(
                    BlockWanted(block="titre", text="Les horaires de l’atelier"),
                    BlockWanted(block="paragraphe", text="02 61 91 45 13"),
                    BlockWanted(block="bouton", text="Bon de commande", media=("bon-de-commande-cse",)),
                    BlockWanted(block="bannière", text="Écrivez-nous", media=("phare",)),
                    BlockWanted(block="tableau", rows=hours, under="Nous suivre"),
                    BlockWanted(block="flux rss", feed="/feed/"),
                ),
            ),
            cls(
                content="un-four-neuf",
                blocks=(
                    BlockWanted(block="image", media=("fournil-1962",)),
                    BlockWanted(block="galerie", media=("atelier", "atelier-exterieur", "fournil-1962")),
                    BlockWanted(block="calendrier"),
                    BlockWanted(
                        block="audio",
                        media=("interview-soizic-le-bihan",),
                        under="Moins d’énergie, plus de régularité",
                    ),
                    BlockWanted(block="fichier", media=("bon-de-commande-cse",), at="fin"),
                ),
            ),
        )


def piece(wanted: BlockWanted) -> Piece:
    """The block as a candidate puts it."""
    text = f"À noter : {wanted.text}." if wanted.block == "paragraphe" else wanted.text
    if wanted.block in ("bouton", "bannière"):
        text = text or "En savoir plus"
    target = wanted.link or wanted.feed
    return Piece(_NAMES[wanted.block], text, target, wanted.media, wanted.rows, under=wanted.under, at=wanted.at)


def almost(wanted: BlockWanted, company: Path) -> list[tuple[str, list[Piece]]]:
    """What looks like the wanted block and isn't it; `company` is the company's folder."""
    if wanted.block in ("bannière", "image", "galerie", "audio", "fichier"):
        return _almost_the_media(wanted, company)
    text, media = wanted.text, wanted.media
    if wanted.block == "titre":
        return [
            ("un paragraphe en gras", [Piece("bold", text)]),
            ("un autre titre", [Piece("heading", "Nos horaires")]),
        ]
    if wanted.block == "paragraphe":
        return [("un autre texte", [Piece("paragraph", "Écrivez-nous.")])]
    if wanted.block == "bouton":
        target = piece(wanted)
        plain = Piece("paragraph", f"{text} ici", target.link, media)
        elsewhere = f"/{other_pages(company, wanted.link)[0]}/"
        astray = [("sans lien", [Piece("buttons", text)]), ("vers une autre page", [Piece("buttons", text, elsewhere)])]
        return [("un lien dans le texte", [plain]), *(astray if wanted.link or media else [])]
    if wanted.block == "tableau":
        lines = [Piece("paragraph", " : ".join(row)) for row in wanted.rows]
        first, *rest = wanted.rows
        swapped = tuple((*row[:-1], rest[i - 1][-1]) for i, row in enumerate(rest)) if len(rest) > 1 else (("–",),)
        return [("des lignes de texte", lines), ("des cellules interverties", [Piece("table", rows=(first, *swapped))])]
    if wanted.block == "flux rss":
        return (
            [
                ("l’adresse du flux dans le texte", [Piece("paragraph", "Notre flux RSS", wanted.feed)]),
                ("un autre flux", [Piece("rss", link="/comments/feed/")]),
            ]
            if wanted.feed
            else [("la liste des derniers articles", [Piece("latest-posts")])]
        )
    return [
        ("la liste des archives", [Piece("archives")]),
        ("la date du jour dans le texte", [Piece("paragraph", "mai")]),
    ]


def _almost_the_media(wanted: BlockWanted, company: Path) -> list[tuple[str, list[Piece]]]:
    """The same of the blocks that show a file of the library."""
    text, media = wanted.text, wanted.media
    other = (next(one for one in seeded.files(company, ".jpg") if one not in media),)
    if wanted.block == "bannière":
        return [
            ("une image suivie du texte", [Piece("image", media=media), Piece("paragraph", text)]),
            ("sur une autre image", [Piece("cover", text, media=other)]),
            ("sous un filtre noir à 100 %", [Piece("cover", text, media=media, dim=100)]),
        ]
    if wanted.block == "image":
        return [("une autre image", [Piece("image", media=other)])]
    if wanted.block == "galerie":
        apart = [Piece("image", media=(one,)) for one in media]
        return [
            ("des images l’une sous l’autre", apart),
            ("une image de moins", [Piece("gallery", media=media[:-1] or other)]),
        ]
    if wanted.block == "audio":
        return [("un fichier à télécharger", [Piece("file", media=media)])]
    return [("le nom du fichier dans le texte", [Piece("paragraph", media[0])])]


def listing(parts: Parts | None) -> str:
    """The parts of a content, for whoever reads the report."""
    if parts is None:
        return "Aucun contenu de ce nom."
    lines = [described(part) for part in parts.all if part.kind != "lien"]
    return "\n".join([f"{parts.content} – {path_of(parts.content.link)}", *lines])
