"""Appearance: a text, a photo or a video in the header."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.visibility import as_seen
from checks.wordpress.apparence import picture_verdict
from checks.wordpress.reading import seeded
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.contents import Image
from checks.wordpress.reading.header_shown import FRENCH, HeaderPart, Row, header_of
from checks.wordpress.reading.library import MediaFile, library, names_of, own_name, shows
from checks.wordpress.screens import post_lists
from checks.wordpress.screens.builder import Builder
from checks.wordpress.screens.widget_editor import header_widget
from provisioner.french.text import holds, nearly_holds, quoted, shortened
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

TEXT = fact("wordpress.apparence.en-tete", "texte")
PHOTO = fact("wordpress.apparence.en-tete", "photo")
VIDEO = fact("wordpress.apparence.en-tete", "vidéo")

#: The verdict on one thing in one part of the header, and what was observed.
_Look = tuple[Verdict, str]


class HeaderContent(Check, id="wordpress.apparence.header_content"):
    """L’en-tête du site montre le texte, la photo ou la vidéo demandés, sur la page d’accueil.

    Astra 4.5.2 n’a pas l’en-tête personnalisé de WordPress : ni image ni vidéo d’en-tête au sens de WordPress. Le contrôle
    accepte donc ce qu’Astra offre : un élément HTML (avec « Ajouter un média ») ou un widget placé dans l’en-tête par le
    constructeur et, pour une photo, l’arrière-plan d’une ligne ; mise à la place du logo, elle est à apprécier. La vidéo est
    un lecteur, dans un élément ou un widget.
    """

    proves = (TEXT, PHOTO, VIDEO)

    text: str = Field("", description="Le texte que l’en-tête doit montrer.")
    photo: Annotated[str, Refers("media.slug", "media.file")] = Field(
        "", description="La photo de la médiathèque (slug ou nom de fichier) que l’en-tête doit montrer."
    )
    video: Annotated[str, Refers("media.slug", "media.file")] = Field(
        "", description="La vidéo de la médiathèque (slug ou nom de fichier) que l’en-tête doit montrer."
    )

    row: Row = Field(
        "",
        description="La ligne de l’en-tête : « above » (haut), « primary », « below » (bas) ; vide : n’importe laquelle.",
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("text, photo ou video doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        asked = {TEXT: self.text, PHOTO: self.photo, VIDEO: self.video}
        return tuple(one for one, wanted in asked.items() if wanted)

    def needs(self) -> Sequence[str]:
        """The builder is Astra's."""
        return ("theme astra",)

    def verify(self, site: Site) -> list[Finding]:
        """What a visitor sees in the header of the front page."""
        page = site.visit("/")
        parts = header_of(page)
        shot = site.shot("l’en-tête de la page d’accueil", mark=page.locator("#masthead, header.site-header").first)
        found = []
        if self.text:
            looks = {row: self._read(part) for row, part in parts.items()}
            found.append(self._finding(TEXT, f"« {self.text} »", looks, shot))
        files = library(site) if self.photo or self.video else []
        for one, wanted, what in ((PHOTO, self.photo, "la photo"), (VIDEO, self.video, "la vidéo")):
            if wanted:
                names = names_of(wanted, files)
                looks = {row: _pictured(one, part, names, files) for row, part in parts.items()}
                found.append(self._finding(one, f"{what} « {wanted} »", looks, shot))
        return found

    def _finding(self, one: str, what: str, looks: "dict[str, _Look]", shot: str) -> Finding:
        """The finding on one thing: of the row that is asked for, where it may also stand in another."""
        expected = f"{FRENCH[self.row][:1].upper()}{FRENCH[self.row][1:]} montre {what}."
        verdict, observed = looks.get(self.row, (Verdict.NOT_MET, "le site n’affiche pas cette ligne"))
        if self.row and verdict is Verdict.NOT_MET and looks[""][0] is not Verdict.NOT_MET:
            elsewhere = [row for row, (other, _) in looks.items() if row and other is not Verdict.NOT_MET]
            observed += "".join(f" ; {what} est dans {FRENCH[row]}" for row in elsewhere)  # type: ignore[index]
            if not elsewhere:
                verdict = Verdict.TO_JUDGE
                observed += f" ; à lire : {what} est dans l’en-tête, hors de ses lignes"
        return Finding(one, verdict, expected, f"{observed[:1].upper()}{observed[1:]}.", (shot,))

    def _read(self, part: HeaderPart) -> "_Look":
        near = nearly_holds(part.text, self.text)  # the site's own title and slogan may not be what was meant
        verdict = Verdict.MET if holds(part.own, self.text) else Verdict.TO_JUDGE if near else Verdict.NOT_MET
        observed = f"on y lit « {shortened(part.text, 200)} »" if part.text else "on n’y lit rien"
        observed += " ; à lire : le texte demandé y est à un détail près, ou dans le titre du site" * (
            verdict is Verdict.TO_JUDGE
        )
        for reason in (why for written, why in part.unread if holds(written, self.text)):
            verdict = best([verdict, as_seen(Verdict.MET, reason)])
            read = "à lire : " * (verdict is Verdict.TO_JUDGE)
            observed += f" ; {read}« {self.text} » y est, mais un visiteur ne voit pas ce texte : {reason}"
        return verdict, observed

    def ways(self) -> Sequence[Act]:
        """An HTML element, or a widget; for a photo alone also the background of a row."""
        ways = [
            Act("élément HTML placé dans l’en-tête", lambda desk: self._html(desk, "header")),
            Act("widget placé dans l’en-tête", self._widget),
        ]
        if self.photo and not self.text and not self.video:
            ways.append(Act("arrière-plan de l’en-tête", self._background))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """In the footer or the page instead, another picture, a link to the film, nothing published."""

        def other_picture(desk: Desk) -> None:
            self.but(photo=seeded.another_picture(desk.company, self.photo))._html(desk, "header")

        def link_to_the_film(desk: Desk) -> None:
            builder = Builder.open(desk, "header")
            builder.add("html-1", "above_left")
            section = builder.settings("html-1")
            section.write_html("header-html-1", '<a href="/wp-content/uploads/video.mp4">Voir la vidéo</a>')
            section.publish()

        misses: list[tuple[str, str, Callable[[Desk], object]]] = []
        if self.text:
            misses += [
                ("texte mis dans le pied de page", TEXT, lambda desk: self._html(desk, "footer")),
                (
                    "texte écrit dans la page d’accueil",
                    TEXT,
                    lambda desk: post_lists.type_into(desk, "page", seeded.front_page(desk.company), self.text),
                ),
            ]
        if self.photo:
            misses += [
                ("personnalisation non publiée", PHOTO, lambda desk: self._html(desk, "header", publish=False)),
                ("une autre photo", PHOTO, other_picture),
                ("photo mise dans le pied de page", PHOTO, lambda desk: self._html(desk, "footer")),
            ]
        if self.video:
            misses += [
                ("vidéo mise dans le pied de page", VIDEO, lambda desk: self._html(desk, "footer")),
                ("un lien vers la vidéo", VIDEO, link_to_the_film),
            ]
        if self.row:
            other = next(row for row in ("above", "below") if row != self.row)
            misses.append(("dans une autre ligne de l’en-tête", self.facts()[0], self.but(row=other).ways()[0].run))
        return [NearMiss(name, one, run) for name, one, run in misses]

    def roads(self) -> Sequence[Road]:
        """A text of the colour of the header."""

        def white(desk: Desk) -> None:
            builder = Builder.open(desk, "header")
            builder.add("html-1", "above_left")
            section = builder.settings("html-1")
            section.write_html("header-html-1", f'<span style="color: #ffffff">{self.text}</span>')
            section.publish()

        return [Road("texte écrit en blanc sur blanc", TEXT, white)] if self.text and not self.row else []

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A text, a photo and a video."""
        return (
            cls(text="Atelier ouvert aux visites le mercredi"),
            cls(photo="bandeau-port"),
            cls(text="Livraison offerte dès 45 euros", row="below"),
            cls(video="video-atelier"),
        )

    def _html(self, desk: Desk, part: str, publish: bool = True) -> None:
        """An HTML element of the header, or of the footer, with all that is asked for."""
        builder = Builder.open(desk, "footer" if part == "footer" else "header")
        builder.add("html-1", "above_1" if part == "footer" else f"{self.row or 'above'}_left")
        section = builder.settings("html-1")
        setting = f"{part}-html-1"
        if self.text:
            section.write_html(setting, self.text)
        for media in (self.photo, self.video):
            if media:
                section.insert_media(setting, media)
        if publish:
            section.publish()

    def _widget(self, desk: Desk) -> None:
        screen = header_widget(desk, f"{self.row or 'above'}_left")
        if self.text:
            screen.write(self.text)
        if self.photo:
            screen.add_media("image", self.photo)
        if self.video:
            screen.add_media("video", self.video)
        screen.save()

    def _background(self, desk: Desk) -> None:
        builder = Builder.open(desk, "header")
        section = builder.row_settings(self.row or "primary")
        section.background("hb-header-bg-obj-responsive", self.photo)
        section.publish()


def _pictured(one: str, part: HeaderPart, names: frozenset[str], files: Sequence[MediaFile]) -> _Look:
    """Whether a part of the header shows the photo or the video of these file names."""
    shown = part.images if one == PHOTO else part.videos
    right = [why for address, why in shown if shows(Image(address, "", ""), names)]
    verdict = best([as_seen(Verdict.MET, why) for why in right])
    visible = dict.fromkeys(own_name(address) for address, why in shown if not why)
    what = "la photo" if one == PHOTO else "la vidéo"
    observed = f"on y voit {quoted(visible)}" if visible else f"on n’y voit aucune {what[3:]}"
    if right and all(right):
        read = "à lire : " * (verdict is Verdict.TO_JUDGE)
        observed += f" ; {read}{what} demandée y est, mais un visiteur ne voit pas cette {what[3:]} : {right[0]}"
    logos = part.logos if one == PHOTO and verdict is Verdict.NOT_MET else ()
    if any(picture_verdict(address, names, files) is not Verdict.NOT_MET for address, why in logos if not why):
        return Verdict.TO_JUDGE, f"{observed} ; à lire : la photo demandée y est à la place du logo"
    return verdict, observed
