"""Media: a photo, a film or a sound in a content."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field

from checks.wordpress.reading import seeded
from checks.wordpress.reading.content_verdicts import Target, best, findings_of
from checks.wordpress.reading.contents import Content, Image
from checks.wordpress.reading.library import COPY, MediaFile, copies_of, first_names, library, names_of, shows
from checks.wordpress.reading.lookalikes import Asked, made_otherwise
from checks.wordpress.reading.parts import Part, Parts, described, parts_of, unseen_verdict
from checks.wordpress.reading.places import Placed, stands
from checks.wordpress.reading.seeded import title_of
from checks.wordpress.screens import block_roads, media_library, stored
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from checks.wordpress.screens.content_roads import group_html
from provisioner.subject.check import FILES, Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

MediumKind = Literal["photo", "vidéo", "audio"]

USED = fact("wordpress.image-et-video.bibliotheque", "média de la bibliothèque employé")
_PARTS: dict[str, tuple[str, ...]] = {
    "photo": ("image", "bannière"),
    "vidéo": ("vidéo", "bannière"),
    "audio": ("audio",),
}
_NONE = {"photo": "aucune photo", "vidéo": "aucune vidéo", "audio": "aucun fichier audio"}
_BLOCKS: dict[str, str] = {"photo": "image", "vidéo": "video", "audio": "audio"}


class MediumShown(Check, Placed, id="wordpress.contenu.medium"):
    """Une photo, une vidéo ou un audio de la médiathèque dans un article ou une page."""

    proves = (*(fact("wordpress.contenu.medias", kind) for kind in ("photo", "vidéo", "audio")), USED)

    content: Target
    kind: MediumKind = Field("photo", description="Une photo, une vidéo ou un audio.")
    media: Annotated[str, Refers("media.slug", "media.file", FILES)] = Field(
        min_length=1, description="L’identifiant (slug) du média, ou le nom de son fichier sans l’extension."
    )
    from_library: bool = Field(
        True, description="Le média attend dans la médiathèque (true) ; false quand la question le fait téléverser."
    )

    def facts(self) -> tuple[str, ...]:
        """The kind of the medium; and that it is the library's, where it waits there."""
        return (fact("wordpress.contenu.medias", self.kind), *((USED,) * self.from_library))

    def verify(self, site: Site) -> list[Finding]:
        """The media as a visitor meets them."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        parts = parts_of(site, content) if content else None
        if parts is None:
            site.visit("/")
        shown = site.page.locator(".entry-content").locator("img, video, audio, .wp-block-file")
        shot, files = site.shot("le contenu côté visiteur", mark=shown), library(site)
        findings = []
        for one in self.facts():
            verdict, observed = (
                self._judged(parts, files, one == USED, site) if parts else (Verdict.NOT_MET, "ce contenu n’existe pas")
            )
            what = (
                "le média de la médiathèque"
                if one == USED
                else {"photo": "la photo", "vidéo": "la vidéo"}.get(self.kind, "le fichier audio")
            )
            shows_it = "fait entendre" if self.kind == "audio" else "montre"
            expected = f"« {title_of(self.company, self.content)} » {shows_it} {what} « {self.media} »"
            expected += f", {self.place}" if self.placed and one != USED else ""
            findings.append(Finding(one, verdict, expected, observed, (shot,)))
        return findings

    def _judged(self, parts: Parts, files: Sequence[MediaFile], own: bool, site: Site) -> tuple[Verdict, str]:
        """The verdict; where no part shows the medium, what a visitor may take for it is a person's to judge."""
        verdict, observed = self.judge(parts, files, own)
        if verdict is Verdict.NOT_MET and not self._fit(parts, files):
            asked = Asked(self.kind, media=(self.media,))
            if otherwise := made_otherwise(asked, parts.content, parts.public, files, site):
                return Verdict.TO_JUDGE, f"{observed} ; à lire : {otherwise}"
        return verdict, observed

    def _fit(self, parts: Parts, files: Sequence[MediaFile]) -> list[Part]:
        """The parts that show the medium."""
        return [part for part in parts.of(*_PARTS[self.kind]) if _shows_one_of(part, names_of(self.media, files))]

    def judge(self, parts: Parts, files: Sequence[MediaFile], own: bool) -> tuple[Verdict, str]:
        """Whether a part of that kind shows the medium; `own`: the library's file, not the same brought in again."""
        candidates = parts.of(*_PARTS[self.kind])
        observed = " ; ".join(map(_named, candidates)) or _NONE[self.kind]
        fit = self._fit(parts, files)
        if not fit:
            if any(_shows_one_of(part, copies_of(self.media, files)) for part in candidates):
                return Verdict.TO_JUDGE, f"{observed} ; à lire : {COPY}"
            if (
                own and parts.content.seeded and self._of_the_library(parts, candidates, files)
            ):  # which one, is the other fact's
                return Verdict.TO_JUDGE, f"{observed} ; à lire : c’est un autre média de la médiathèque"
            return Verdict.NOT_MET, observed
        if not any(part.shown for part in fit):
            return unseen_verdict(fit, observed)
        first = first_names(self.media, files)
        if own and not any(_shows_one_of(part, first) for part in fit):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : le fichier a été changé ou téléversé une seconde fois"
        if self.placed and not own:
            places = [self.place_of(part) for part in fit if part.shown]
            verdict = best([verdict for verdict, _ in places])
            where = " ; ".join(f"{_named(part)}, {stands(part)}" for part in fit)
            why = f" ; à lire : {places[0][1]}" if verdict is Verdict.TO_JUDGE else ""
            return verdict, f"{where}{why}"
        return Verdict.MET, observed

    def _of_the_library(self, parts: Parts, candidates: Sequence[Part], files: Sequence[MediaFile]) -> bool:
        """Whether one of these shows a file that waited in the library, and that this content didn't show at first."""
        waited = seeded.at_first(self.company, "media", "slug") - seeded.shown_in(
            self.company, parts.content.born or parts.content.slug
        )
        names = [first_names(one, files) for one in waited]
        sources = [Image(source, "", "") for part in candidates for source in part.sources]
        return any(shows(source, one) for source in sources for one in names)

    def ways(self) -> Sequence[Act]:
        """The block from the list, its HTML; of a picture, the one beside a text."""
        piece = Piece(_BLOCKS[self.kind], media=(self.media,), under=self.under, at=self.at)
        ways = [
            Act("avec le bloc de l’éditeur", lambda desk: block_screens.put(desk, self.content, [piece])),
            Act("dans l’éditeur de code", lambda desk: block_screens.put_code(desk, self.content, [piece])),
        ]
        if self.kind != "audio":
            beside = Piece("media-text", media=(self.media,), under=self.under, at=self.at)
            ways.append(
                Act(
                    "bloc Média et texte" if self.kind == "photo" else "bloc Média et texte, avec la vidéo",
                    lambda desk: block_screens.put(desk, self.content, [beside]),
                )
            )
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another medium, another content, only its name, not kept."""
        piece = Piece(_BLOCKS[self.kind], media=(self.media,))
        name = Piece("paragraph", f"Fichier : {self.media}")
        as_file = Piece("file", media=(self.media,))

        def elsewhere(desk: Desk) -> None:
            block_screens.put(desk, block_screens.neighbour(desk, self.content), [piece])

        def put(pieces: Sequence[Piece], save: bool = True) -> Callable[[Desk], None]:
            return lambda desk: block_screens.put(desk, self.content, pieces, save)

        def other(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            medium = media_library.other_of_kind(editor.page, self.media)
            block_screens.put_block(desk, editor, Piece(_BLOCKS[self.kind], media=(medium,)))
            editor.save()

        astray = [("à une autre place", put([replace(piece, at="fin" if self.at == "début" else "")]))] * self.placed
        acts = [
            *astray,
            ("dans un autre contenu", elsewhere),
            ("son nom écrit dans le texte", put([name])),
            ("éditeur quitté sans mettre à jour", put([piece], save=False)),
        ]
        if self.kind != "vidéo":
            acts.append(("un autre média", other))
        if self.kind != "photo":
            acts.append(("un fichier à télécharger", put([as_file])))
        return [NearMiss(name, one, run) for one in self.facts()[:1] for name, run in acts] + [
            NearMiss(f"{name} (médiathèque)", one, run)
            for one in self.facts()[1:]
            for name, run in acts[len(astray) :][:2]
        ]

    def roads(self) -> Sequence[Road]:
        """The same seen or heard otherwise, or from a file that was brought in again."""
        one, media, source = self.facts()[0], self.media, block_roads.source

        def again(desk: Desk) -> str:
            ending = source(desk, media).rpartition(".")[2]
            found = stored.bring_again(desk, media, f"fichier-du-sujet.{ending}")
            tag = {"photo": "img", "vidéo": "video controls"}.get(self.kind, "audio controls")
            return block_roads.custom(f'<{tag} src="{found["source_url"]}">')

        found = [("le fichier téléversé de nouveau sous un autre nom", again)]
        if self.kind == "photo":
            found.append(("en fond d’un groupe", lambda desk: group_html(source(desk, media), "Bienvenue")))
        else:
            found.append(
                ("dans un cadre", lambda desk: block_roads.custom(f'<iframe src="{source(desk, media)}"></iframe>'))
            )
        return [Road(name, one, block_roads.in_html(self.content, html)) for name, html in found]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One of each kind."""
        return (
            cls(content="trois-apprentis-a-l-atelier", media="atelier", under="Apprendre en faisant"),
            cls(content="nos-engagements", kind="vidéo", media="video-atelier", from_library=False),
            cls(content="un-four-neuf", kind="audio", media="ambiance-fournil", from_library=False),
        )


def _named(part: Part) -> str:
    """A part as the question calls it."""
    told = {"image": "photo", "audio": "fichier audio"}.get(part.kind, part.kind)
    return told + described(part).removeprefix(part.kind)


def _shows_one_of(part: Part, names: frozenset[str]) -> bool:
    return any(shows(Image(source, "", ""), names) for source in part.sources)
