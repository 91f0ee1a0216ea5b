"""Appearance: a text, a photo or a video in the header."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from checks.visibility import SAID_JS, UNSEEN_JS, as_seen
from checks.wordpress.apparence import picture_verdict
from checks.wordpress.reading.areas import ENTRIES
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.contents import Image
from checks.wordpress.reading.library import library, names_of, shows, stem
from checks.wordpress.screens import post_lists
from checks.wordpress.screens.builder import Builder
from checks.wordpress.screens.widget_editor import header_widget
from provisioner.french.text import holds, nearly_holds, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

TEXT = fact("wordpress.apparence.en-tete", "texte")
PHOTO = fact("wordpress.apparence.en-tete", "photo")
VIDEO = fact("wordpress.apparence.en-tete", "vidéo")

# What the header has on a computer's screen: its text, its pictures (backgrounds too), its players; why a visitor can't see
# one of these stands beside it, and the texts that he can't read are apart.
_HEADER = (
    """async () => {
    const header = document.querySelector('#masthead, header.site-header');
    if (!header) return {text: '', own: '', unread: [], images: [], logos: [], videos: []};
    __UNSEEN__
    __SAID__
    const phone = '#ast-mobile-header, #ast-mobile-popup';
    const all = [header, ...header.querySelectorAll('*')].filter(node => !node.closest(phone));
    const texts = all.flatMap(node => [...node.childNodes]).filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim()
        && !node.parentElement.closest('script, style, noscript, __ENTRIES__'));
    await settled([...texts, ...all.filter(node => node.matches('img, video'))]);
    const read = selector => said(header, node => node.matches(`script, style, noscript, ${phone}, ${selector}`), text => unseen(text));
    const backgrounds = all.flatMap(node => [...getComputedStyle(node).backgroundImage.matchAll(/url\\("([^"]+)"\\)/g)]
        .map(found => [found[1], unseen(node, true)]));
    const pictures = all.filter(node => node.tagName === 'IMG'), source = image => [image.currentSrc || image.src, unseen(image)];
    return {
        text: read('__ENTRIES__'), own: read('__ENTRIES__, .site-title, .site-description'),
        unread: texts.map(text => [text.data, unseen(text)]).filter(([, why]) => why),
        images: [...pictures.filter(image => !image.matches('.custom-logo')).map(source), ...backgrounds],
        logos: pictures.filter(image => image.matches('.custom-logo')).map(source),
        videos: all.filter(node => node.tagName === 'VIDEO').flatMap(video => [video.src, ...[...video.querySelectorAll('source')].map(one => one.src)]
            .filter(Boolean).map(address => [address, unseen(video)])),
    };
}""".replace("__UNSEEN__", UNSEEN_JS)
    .replace("__SAID__", SAID_JS)
    .replace("__ENTRIES__", ENTRIES)
)


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
        seen: dict[str, Any] = page.evaluate(_HEADER)
        shot = site.shot("l’en-tête de la page d’accueil", mark=page.locator("#masthead, header.site-header").first)
        found = []
        if self.text:
            read, own = (" ".join(seen[name].split()) for name in ("text", "own"))
            near = nearly_holds(read, self.text)  # the site's own title and slogan may not be what was meant
            verdict = Verdict.MET if holds(own, self.text) else Verdict.TO_JUDGE if near else Verdict.NOT_MET
            observed = f"On y lit « {read[:200]} »" + " ; à lire : à un détail près ?" * (verdict is Verdict.TO_JUDGE)
            for reason in (why for written, why in seen["unread"] if holds(written, self.text)):
                verdict = best([verdict, as_seen(Verdict.MET, reason)])
                observed += f" ; ce texte y est, mais un visiteur ne le voit pas : {reason}"
            found.append(Finding(TEXT, verdict, f"L’en-tête montre « {self.text} ».", f"{observed}.", (shot,)))
        files = library(site) if self.photo or self.video else []
        for one, wanted, shown in ((PHOTO, self.photo, seen["images"]), (VIDEO, self.video, seen["videos"])):
            if wanted:
                names = names_of(wanted, files)
                right = [why for address, why in shown if shows(Image(address, "", ""), names)]
                verdict = best([as_seen(Verdict.MET, why) for why in right])
                what = "la photo" if one == PHOTO else "la vidéo"
                visible = dict.fromkeys(stem(address) for address, why in shown if not why)
                observed = f"Il montre {quoted(visible) or 'rien de tel'}"
                if right and all(right):
                    observed += f" ; {what} y est, mais un visiteur ne la voit pas : {right[0]}"
                logos = seen["logos"] if one == PHOTO and verdict is Verdict.NOT_MET else []
                if any(picture_verdict(one, names, files) is not Verdict.NOT_MET for one, why in logos if not why):
                    verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : elle y est à la place du logo"
                found.append(Finding(one, verdict, f"L’en-tête montre {what} « {wanted} ».", f"{observed}.", (shot,)))
        return found

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
            self.but(photo="atelier-exterieur" if self.photo != "atelier-exterieur" else "palets")._html(desk, "header")

        def link_to_the_film(desk: Desk) -> None:
            builder = Builder.open(desk, "header")
            builder.add("html-1", "above_left")
            section = builder.settings("html-1")
            section.write_html(
                "header-html-1", '<a href="/wp-content/uploads/video.mp4">Voir la vidéo de l’atelier</a>'
            )
            section.publish()

        misses: list[tuple[str, str, Callable[[Desk], None]]] = []
        if self.text:
            misses += [
                ("texte mis dans le pied de page", TEXT, lambda desk: self._html(desk, "footer")),
                (
                    "texte écrit dans la page d’accueil",
                    TEXT,
                    lambda desk: post_lists.type_into(desk, "page", "accueil", self.text),
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
        return [NearMiss(name, one, run) for name, one, run in misses]

    def roads(self) -> Sequence[Road]:
        """A text of the colour of the header."""

        def white(desk: Desk) -> None:
            builder = Builder.open(desk, "header")
            builder.add("html-1", "above_left")
            section = builder.settings("html-1")
            section.write_html("header-html-1", f'<span style="color: #ffffff">{self.text}</span>')
            section.publish()

        return [Road("texte écrit en blanc sur blanc", TEXT, white)] if self.text else []

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A text, a photo and a video."""
        return (
            cls(text="Atelier ouvert aux visites le mercredi"),
            cls(photo="bandeau-port"),
            cls(video="video-atelier"),
        )

    def _html(self, desk: Desk, part: str, publish: bool = True) -> None:
        """An HTML element of the header, or of the footer, with all that is asked for."""
        builder = Builder.open(desk, "footer" if part == "footer" else "header")
        builder.add("html-1", "above_1" if part == "footer" else "above_left")
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
        screen = header_widget(desk)
        if self.text:
            screen.write(self.text)
        if self.photo:
            screen.add_media("image", self.photo)
        if self.video:
            screen.add_media("video", self.video)
        screen.save()

    def _background(self, desk: Desk) -> None:
        builder = Builder.open(desk, "header")
        section = builder.row_settings("primary")
        section.background("hb-header-bg-obj-responsive", self.photo)
        section.publish()
