"""Appearance: the site's identity, its title and tagline, its logo and icon."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from checks.visibility import as_seen, why_unseen
from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.contents import Image, plain
from checks.wordpress.reading.header_shown import HeaderPart, header_of
from checks.wordpress.reading.library import MediaFile, library, names_of, own_name, shows, stem
from checks.wordpress.screens import post_lists
from checks.wordpress.screens.builder import Builder
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.office import office
from checks.wordpress.screens.widget_editor import header_widget
from provisioner.french.text import holds, nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

TITLE = fact("wordpress.apparence.identite", "titre")
TAGLINE = fact("wordpress.apparence.identite", "slogan")
ICON = fact("wordpress.apparence.identite", "icône")
LOGO = fact("wordpress.apparence.identite", "logo")
#: By fact: the field of the check, and the setting of WordPress that the Customizer shows.
_SETTINGS = {
    TITLE: ("title", "blogname"),
    TAGLINE: ("tagline", "blogdescription"),
    ICON: ("icon", "site_icon"),
    LOGO: ("logo", "custom_logo"),
}
_FRENCH = {TITLE: "titre du site", TAGLINE: "slogan", ICON: "icône du site", LOGO: "logo"}


def uncropped(address: str) -> tuple[str, ...]:
    """What a picture's file may have been called before WordPress cropped it: the likeliest name first.

    The mark of cropping comes before the name; behind it comes a number where the same file was cropped before.
    """
    name = stem(address)
    bare = re.sub(r"^(cropped-)+", "", name)
    if bare == name:
        return (name,)
    unsized = re.sub(r"-\d+x\d+$", "", bare)
    uncounted = re.sub(r"(-scaled)?(-\d{1,2})+$", "", unsized)
    return tuple(dict.fromkeys((bare, unsized.removesuffix("-scaled"), uncounted)))


def picture_verdict(address: str, names: frozenset[str], files: Sequence[MediaFile]) -> Verdict:
    """Whether the picture at this address is a file of one of these names, cropped or not.

    What "cropped-logo-1" was cropped from is a person's to judge where the library also has another "logo-1".
    """
    if shows(Image(address, "", ""), names):
        return Verdict.MET
    originals = uncropped(address)
    if not any(name in names for name in originals):
        return Verdict.NOT_MET
    own = {file.stem for file in files} - names
    return Verdict.TO_JUDGE if originals[0] not in names and own.intersection(originals) else Verdict.MET


def _pictured(
    shown: Sequence[tuple[str, str]], names: frozenset[str], files: Sequence[MediaFile]
) -> tuple[Verdict, str]:
    """The verdict on the best of these pictures, each with why a visitor can't see it, and what they are."""
    seen = [address for address, reason in shown if not reason]
    called = {address: _called(address, names) for address, _ in shown}
    plainly = best([picture_verdict(address, names, files) for address in seen])
    verdict = best([as_seen(picture_verdict(address, names, files), reason) for address, reason in shown])
    # The same picture stands in the telephones' header too.
    apart = {called[address]: why for address, why in shown if why and called[address] not in map(called.get, seen)}
    said = [quoted([called[address]]) for address in seen]
    said += [
        f"« {name} » (un visiteur ne voit pas cette image sur un ordinateur : {why})" for name, why in apart.items()
    ]
    observed = ", ".join(dict.fromkeys(said)) or "aucune image"
    if verdict is Verdict.TO_JUDGE and plainly is verdict:
        observed = f"{observed} ; à lire : de quel fichier cette image est-elle recadrée ?"
    return verdict, f"à lire : {observed}" if verdict is Verdict.TO_JUDGE and plainly is not verdict else observed


def _called(address: str, names: frozenset[str]) -> str:
    """The name of a picture's file, as it was before WordPress cropped it where that is one of these."""
    return next((name for name in uncropped(address) if name in names), own_name(address))


def _written(wanted: str, stored: str, header: HeaderPart) -> tuple[Verdict, str]:
    """The verdict on a text of the site by the setting that is meant for it; written into the header, a person reads it."""
    observed = f"« {stored} »" if stored else "vide"
    if same(wanted, stored):
        return Verdict.MET, observed
    if nearly_same(wanted, stored):
        return Verdict.TO_JUDGE, f"{observed} ; à lire : à une ou deux lettres près, c’est ce qui est demandé"
    if holds(header.own, wanted):
        return Verdict.TO_JUDGE, f"{observed} ; à lire : l’en-tête montre le texte demandé dans un élément à part"
    return Verdict.NOT_MET, observed


class SiteIdentity(Check, id="wordpress.apparence.site_identity"):
    """L’identité du site : son titre, son slogan, son logo et son icône ; seul est contrôlé ce qui est demandé."""

    proves = (TITLE, TAGLINE, ICON, LOGO)

    title: str = Field("", description="Le titre du site.")
    tagline: str = Field("", description="Le slogan ; le thème peut ne pas l’afficher.")
    icon: Annotated[str, Refers("media.slug", "media.file")] = Field(
        "", description="L’icône du site : un média de la médiathèque (slug ou nom de fichier)."
    )
    logo: Annotated[str, Refers("media.slug", "media.file")] = Field(
        "", description="Le logo de l’en-tête : un média de la médiathèque (slug ou nom de fichier)."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("title, tagline, icon ou logo doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return tuple(one for one in self.proves if self._wanted(one))

    def _wanted(self, one: str) -> str:
        return str(getattr(self, _SETTINGS[one][0]))

    def verify(self, site: Site) -> list[Finding]:
        """Texts as they are kept and stand in the page's head; pictures as the front page gives them to a visitor."""
        settings: dict[str, Any] = rest(site, "wp/v2/settings")
        page = site.visit("/")
        shot = site.shot(
            "la page d’accueil", mark=page.locator(".site-branding, .custom-logo-link, .site-title, .site-description")
        )
        logos = page.locator("img.custom-logo")
        shown = {
            ICON: page.locator("link[rel~='icon']").evaluate_all("all => all.map(link => link.href)"),
            LOGO: logos.evaluate_all("all => all.map(image => image.currentSrc || image.src)"),
        }
        unseen = {ICON: [""] * len(shown[ICON]), LOGO: why_unseen(logos)}
        kept = {TITLE: plain(settings["title"]), TAGLINE: plain(settings["description"])}
        files = library(site)
        header = header_of(page)[""]
        found = []
        for one in self.facts():
            wanted = self._wanted(one)
            if one in kept:
                verdict, observed = _written(wanted, kept[one], header)
            else:
                names = names_of(wanted, files)
                verdict, observed = _pictured(list(zip(shown[one], unseen[one], strict=True)), names, files)
                pictures = header.images if one == LOGO and verdict is Verdict.NOT_MET else ()
                if any(shows(Image(address, "", ""), names) for address, why in pictures if not why):
                    verdict, observed = (
                        Verdict.TO_JUDGE,
                        f"{observed} ; à lire : l’image demandée est dans l’en-tête, sans y être le logo",
                    )
            found.append(Finding(one, verdict, f"{_FRENCH[one]} : « {wanted} »", observed, (shot,)))
        return found

    def ways(self) -> Sequence[Act]:
        """The Customizer, which is the only road to pictures; texts also by the general settings."""

        def by_the_settings(desk: Desk) -> None:
            self._general(desk)
            self._customize(desk, [one for one in (ICON, LOGO) if self._wanted(one)])

        ways = [Act("Personnaliser > Identité du site", lambda desk: self._customize(desk, self.facts()))]
        if self.title or self.tagline:
            ways.append(Act("Réglages > Général pour le titre et le slogan", by_the_settings))
        if self.icon or self.logo:
            ways.append(Act("image recadrée deux fois", lambda desk: self._customize(desk, self.facts(), crops=2)))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """A text in the other's field, another picture, a picture in the other's place, nothing published."""

        def put(**values: str) -> Callable[[Desk], None]:
            return lambda desk: SiteIdentity(**values)._customize(desk, SiteIdentity(**values).facts())

        def on_the_page(text: str) -> Callable[[Desk], None]:
            return lambda desk: post_lists.type_into(desk, "page", seeded.front_page(desk.company), text)

        first = self.facts()[0]
        misses = [
            NearMiss(
                "personnalisation non publiée", first, lambda desk: self._customize(desk, self.facts(), publish=False)
            )
        ]
        if self.title:
            misses += [
                NearMiss("titre mis dans le slogan", TITLE, put(tagline=self.title)),
                NearMiss("titre écrit dans la page d’accueil", TITLE, on_the_page(self.title)),
            ]
        if self.tagline:
            misses += [
                NearMiss("slogan mis dans le titre", TAGLINE, put(title=self.tagline)),
                NearMiss("slogan écrit dans la page d’accueil", TAGLINE, on_the_page(self.tagline)),
            ]
        if self.logo:

            def on_phones_alone(desk: Desk) -> None:
                self._customize(desk, [LOGO])
                builder = Builder.open(desk, "header")
                builder.remove("logo")
                builder.customizer.publish()

            misses += [
                NearMiss("le logo laissé dans le seul en-tête des téléphones", LOGO, on_phones_alone),
                NearMiss("le logo choisi comme icône", LOGO, put(icon=self.logo)),
                NearMiss(
                    "une autre image pour le logo", LOGO, put(logo=seeded.another_picture(self.company, self.logo))
                ),
            ]
        if self.icon:
            misses += [
                NearMiss("l’icône choisie comme logo", ICON, put(logo=self.icon)),
                NearMiss("une autre image pour l’icône", ICON, put(icon="logo-nouveau")),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """Texts and a picture that are put into the header by themselves."""

        def texts(desk: Desk) -> None:
            screen = header_widget(desk)
            for text in filter(None, (self.title, self.tagline)):
                screen.write(text)
            screen.save()

        def picture(desk: Desk) -> None:
            screen = header_widget(desk)
            screen.add_media("image", self.logo)
            screen.save()

        roads = [
            Road("texte mis dans un widget de l’en-tête", one, texts) for one in self.facts() if one in (TITLE, TAGLINE)
        ]
        return [*roads, *([Road("bloc Image dans l’en-tête au lieu du logo", LOGO, picture)] if self.logo else [])]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """The new logo and icon, another title and another tagline."""
        return (
            cls(
                title="Les Trois Ajoncs, biscuitiers",
                tagline="Le beurre, le sel et le vent depuis 1962",
                icon="icone-nouvelle",
                logo="logo-nouveau",
            ),
        )

    def _general(self, desk: Desk) -> None:
        page = office(desk, "options-general.php")
        for one in (TITLE, TAGLINE):
            if text := self._wanted(one):
                page.locator(f"#{_SETTINGS[one][1]}").fill(text)
        page.locator("#submit").click()
        page.locator("#setting-error-settings_updated").wait_for()

    def _customize(self, desk: Desk, facts: Sequence[str], publish: bool = True, crops: int = 0) -> None:
        if not facts:
            return
        customizer = Customizer.open(desk, section="title_tagline")
        for one in facts:
            _, setting = _SETTINGS[one]
            customizer.reach(setting)
            if one in (TITLE, TAGLINE):
                customizer.fill(setting, self._wanted(one))
            else:
                for _ in range(max(crops, 1)):
                    customizer.choose_media(setting, self._wanted(one), crop=crops > 0)
        if publish:
            customizer.publish()
