"""Contents: galleries put in and changed, and links on a picture."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.wordpress.reading import seeded
from checks.wordpress.reading.content_verdicts import Target, absent, findings_of, worst
from checks.wordpress.reading.contents import Content, Image
from checks.wordpress.reading.destinations import one_leads_to
from checks.wordpress.reading.library import COPY, MediaFile, copies_of, library, meant, names_of, shows
from checks.wordpress.reading.lookalikes import Asked, made_otherwise
from checks.wordpress.reading.parts import Part, Parts, described, parts_of, unseen_verdict
from checks.wordpress.reading.seeded import title_of
from checks.wordpress.reading.wording import agreed, listed, of_quoted, towards
from checks.wordpress.screens import block_roads, galleries
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from provisioner.french.text import numbered, quoted
from provisioner.subject.check import (
    FILES,
    Act,
    Check,
    Desk,
    Finding,
    NearMiss,
    Refers,
    Road,
    Site,
    Verdict,
    WantedText,
)
from provisioner.subject.functionalities import fact

INSERT = fact("wordpress.contenu.galerie", "insérer")
CHANGE = fact("wordpress.contenu.galerie", "modifier")
LINK = fact("wordpress.contenu.galerie", "lien sur une image")

Medium = Annotated[WantedText, Refers("media.slug", "media.file", FILES)]


class LinkedImage(BaseModel):
    """Une image, et où mène son lien."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    media: Medium = Field(description="L’identifiant (slug) du média, ou le nom de son fichier sans l’extension.")
    to: Annotated[WantedText, Refers("pages.slug", "posts.slug", "categories.slug", "tags.slug")] = Field(
        description="Un chemin du site (« /contact/ ») ou l’adresse entière d’un autre site."
    )


class Gallery(Check, id="wordpress.contenu.gallery"):
    """Une galerie est insérée dans un contenu, ou celle qui s’y trouve est modifiée ; une image porte un lien."""

    proves = (INSERT, CHANGE, LINK)

    content: Target
    existing: bool = Field(False, description="La galerie est là au départ, et il s’agit de la modifier (true).")
    images: tuple[Medium, ...] = Field((), description="Les images de la galerie ; d’autres sont admises.")
    removed: tuple[Medium, ...] = Field((), description="Les images que la galerie ne doit plus montrer.")
    columns: int = Field(0, ge=0, le=8, description="Le nombre de colonnes demandé ; 0 quand il ne l’est pas.")
    linked: tuple[LinkedImage, ...] = Field((), description="Les images, de la galerie ou non, qui portent un lien.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("images, removed, columns ou linked doit être demandé")
        if not self.existing and (self.removed or (self.columns and not self.images)):
            raise ValueError("une galerie à insérer a des images, et rien à retirer")
        return self

    def facts(self) -> tuple[str, ...]:
        """What these values ask for."""
        gallery = (CHANGE if self.existing else INSERT,) if self.images or self.removed or self.columns else ()
        return gallery + (LINK,) * bool(self.linked)

    def verify(self, site: Site) -> list[Finding]:
        """The galleries and the pictures as a visitor meets them."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        if content is None:
            return [found for one in self.facts() for found in absent(site, (one,), self._expected(one))]
        parts = parts_of(site, content)
        shot = site.shot(
            "le contenu côté visiteur", mark=site.page.locator("main").locator(".wp-block-gallery, .gallery")
        )
        files = library(site)
        findings = []
        for one in self.facts():
            verdict, observed = self.links(parts, files, site) if one == LINK else self.gallery(parts, files)
            if one == INSERT and verdict is Verdict.NOT_MET and not parts.of("galerie"):
                asked = Asked("galerie", media=self.images)
                if otherwise := made_otherwise(asked, content, parts.public, files, site):
                    verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : {otherwise}"
            findings.append(Finding(one, verdict, self._expected(one), observed, (shot,)))
        return findings

    def gallery(self, parts: Parts, files: Sequence[MediaFile]) -> tuple[Verdict, str]:
        """The gallery that has all that is asked; what was to be removed is in none."""
        shown = parts.of("galerie")
        observed = " ; ".join(f"{described(part)} ({numbered(_columns(part), 'colonne')})" for part in shown)
        fit = [
            part
            for part in shown
            if all(_shown(media, part, files) for media in self.images)
            and (not self.columns or _columns(part) == self.columns)
        ]
        left = [media for media in self.removed if any(_shown(media, part, files) for part in shown)]
        if left:
            observed += f" ; {agreed(left, 'y est', 'y sont')} encore"
        missing = [one for one in self.images if not any(_shown(one, part, files) for part in shown)]
        if not (fit or left) and any(self._copied(part, files) for part in shown):
            which = f"pour {quoted(missing)}, " if missing else ""
            return Verdict.TO_JUDGE, f"{observed} ; à lire : {which}{COPY}"
        if not fit or left:
            lacks = " ; aucune de ces galeries n’a tout ce qui est demandé" if len(shown) > 1 and not left else ""
            lacks = f" ; il manque {quoted(missing)}" if missing else lacks
            return Verdict.NOT_MET, f"{observed}{lacks}" if observed else "aucune galerie"
        first = self._at_first(parts.content, files)
        if gone := _lacking(frozenset().union(*first), shown, files):
            return (
                Verdict.TO_JUDGE,
                f"{observed} ; à lire : {agreed(gone, 'n’y est', 'n’y sont')} plus, ce qui n’était pas demandé",
            )
        fit = [part for part in fit if not first or any(not _lacking(one, [part], files) for one in first)]
        if not fit:
            return Verdict.TO_JUDGE, f"{observed} ; à lire : c’est une autre galerie que celle du départ"
        if not any(part.shown for part in fit):
            return unseen_verdict(fit, observed)
        return Verdict.MET, observed

    def _copied(self, part: Part, files: Sequence[MediaFile]) -> bool:
        """Whether a gallery shows files of other names that have as many bytes, for those that it lacks."""
        if self.columns and _columns(part) != self.columns:
            return False
        missing = [media for media in self.images if not _shown(media, part, files)]
        copies = [copies_of(media, files) for media in missing]
        return bool(missing) and all(any(shows(Image(s, "", ""), one) for s in part.sources) for one in copies)

    def _at_first(self, content: Content, files: Sequence[MediaFile]) -> list[frozenset[str]]:
        """Where a gallery is to be changed, what each showed at first of the pictures that nobody asked to remove."""
        if not self.existing:
            return []
        asked = {*self.removed, *(file.slug for media in self.removed for file in meant(media, files))}
        return [one - asked for one in seeded.galleries(self.company, content.born or content.slug)]

    def links(self, parts: Parts, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """Whether each picture is a link to where it must lead."""
        verdicts, said = [], []
        for wanted in self.linked:
            pictures = [part for part in parts.of("image") if _shown(wanted.media, part, files)]
            right = [part for part in pictures if one_leads_to(site, part.links, wanted.to)]
            seen = right and any(part.shown for part in right)
            # Which of several the question means, its text tells: "the one in the gallery".
            others = [part for part in pictures if part.shown and part not in right]
            verdicts.append(Verdict.MET if seen and not others else Verdict.TO_JUDGE if right else Verdict.NOT_MET)
            targets = dict.fromkeys(
                towards(link.removeprefix(site.address) or "/") for part in pictures for link in part.links
            )
            leads = f"lien {', '.join(targets)}" if targets else "sans lien" if pictures else "image absente"
            doubt = f" ; à lire : montrée {len(pictures)} fois, dont {len(right)} avec ce lien" * bool(right and others)
            doubt = doubt or " ; à lire : un visiteur ne voit pas cette image" * bool(right and not seen)
            said.append(f"« {wanted.media} » : {leads}{doubt}")
        return worst(verdicts), " ; ".join(said)

    def _expected(self, one: str) -> str:
        if one == LINK:
            where = title_of(self.company, self.content)
            return f"dans « {where} », " + " ; ".join(f"l’image « {one.media} » mène à {one.to}" for one in self.linked)
        parts = [f"montre {quoted(self.images)}"] * bool(self.images)
        parts += [f"ne montre plus {quoted(self.removed)}"] * bool(self.removed)
        parts += [f"a {numbered(self.columns, 'colonne')}"] * bool(self.columns)
        return f"{'la' if self.existing else 'une'} galerie {of_quoted(title_of(self.company, self.content))} {listed(parts)}"

    def ways(self) -> Sequence[Act]:
        """The block from the list or the one that is there, and the code view."""
        return (Act("avec les blocs de l’éditeur", self._done()), Act("dans l’éditeur de code", self._coded()))

    def near_misses(self) -> Sequence[NearMiss]:
        """Pictures beside the gallery, one too few or too many, a link beside the picture."""
        found = []
        if self.images or self.removed or self.columns:
            one = self.facts()[0]
            found = [
                NearMiss("éditeur quitté sans mettre à jour", one, self.but(linked=())._done(save=False)),
                NearMiss("dans un autre contenu", one, self._elsewhere()),
            ]
            if self.images:
                apart = [Piece("image", media=(media,)) for media in self.images]
                found.append(NearMiss("les images à côté de la galerie", one, self._put(apart)))
            if self.removed:
                found.append(NearMiss("une autre image retirée", one, self._another_removed))
            if self.removed and self.images:
                found.append(NearMiss("l’image à retirer laissée", one, self.but(removed=(), linked=())._done()))
            if self.columns:
                other = self.but(columns=2 if self.columns == 1 else 1, linked=())
                found.append(NearMiss("un autre nombre de colonnes", one, other._done()))
        for wanted in self.linked[:1]:
            beside = [Piece("paragraph", "Voir la page", wanted.to)]
            elsewhere = f"/{seeded.other_pages(self.company, wanted.to)[0]}/"
            found += [
                NearMiss("le lien dans le texte, pas sur l’image", LINK, self._put(beside)),
                NearMiss("lien vers une autre page", LINK, self._linked(wanted.media, elsewhere)),
                NearMiss("lien vers le fichier de l’image", LINK, self._linked(wanted.media, "")),
            ]
        return found

    def roads(self) -> Sequence[Road]:
        """Pictures side by side without a gallery."""
        if not self.images or self.existing:
            return ()

        def in_columns(desk: Desk) -> str:
            return block_roads.columns([block_roads.image(block_roads.source(desk, one)) for one in self.images])

        return (Road("des images en colonnes", INSERT, block_roads.in_html(self.content, in_columns)),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One to put in; one to change; a link on a picture of a page."""
        return (
            cls(content="trois-apprentis-a-l-atelier", images=("atelier", "atelier-exterieur", "palets"), columns=2),
            cls(
                content="nos-produits",
                existing=True,
                images=("coffret-decouverte", "palets"),
                removed=("sachets-papier",),
            ),
            cls(content="nos-boutiques", linked=(LinkedImage(media="boutique-port-lanvenez", to="/contact/"),)),
        )

    def _done(self, save: bool = True, content: str = "") -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = block_screens.open_content(desk, content or self.content)
            if self.existing and (self.images or self.removed or self.columns):
                galleries.change(editor, self.images, self.removed, self.columns)
            elif self.images:
                block_screens.put_block(desk, editor, Piece("gallery", media=self.images))
                if self.columns:
                    galleries.set_columns(editor, self.columns)
            for wanted in self.linked:
                galleries.link_image(desk, editor, wanted.media, wanted.to)
            if save:
                editor.save()

        return run

    def _another_removed(self, desk: Desk) -> None:
        editor = block_screens.open_content(desk, self.content)
        galleries.remove_another(editor, self.removed)
        galleries.change(editor, self.images, (), self.columns)
        editor.save()

    def _put(self, pieces: Sequence[Piece]) -> Callable[[Desk], None]:
        return lambda desk: block_screens.put(desk, self.content, pieces)

    def _elsewhere(self) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            other = block_screens.neighbour(desk, self.content)
            images = self.images or tuple(seeded.files(desk.company, ".jpg")[:1])
            block_screens.put(desk, other, [Piece("gallery", media=images)])

        return run

    def _linked(self, media: str, to: str) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            galleries.link_image(desk, editor, media, to)
            editor.save()

        return run

    def _coded(self) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            galleries.change_code(
                desk,
                editor,
                self.existing,
                self.images,
                self.removed,
                self.columns,
                {wanted.media: wanted.to for wanted in self.linked},
            )
            editor.save()

        return run


def _shown(media: str, part: Part, files: Sequence[MediaFile]) -> bool:
    names = names_of(media, files)
    return any(shows(Image(source, "", ""), names) for source in part.sources)


def _lacking(media: frozenset[str], those: Sequence[Part], files: Sequence[MediaFile]) -> list[str]:
    """Those that none of the galleries shows."""
    return [one for one in sorted(media) if not any(_shown(one, part, files) for part in those)]


def _columns(part: Part) -> int:
    """How many columns a gallery shows: where its author chose none, WordPress takes three at most."""
    return part.columns or min(3, len(part.sources))
