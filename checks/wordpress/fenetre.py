"""Pop-ups and info bars of Spectra."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import seeded
from checks.wordpress.reading import spectra_verdicts as verdicts
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.destinations import one_leads_to
from checks.wordpress.reading.library import MediaFile, library
from checks.wordpress.reading.popups import KINDS, Popup, Popups, popups_of
from checks.wordpress.reading.spectra_shown import PLUGIN
from checks.wordpress.reading.spectra_verdicts import Result, all_of, named_so, pictured, said_so
from checks.wordpress.reading.spectra_wanted import Medium
from checks.wordpress.screens import block_roads, spectra, spectra_markup, stored
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.markup import image, paragraph
from provisioner.french.text import holds, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

_LINE = "wordpress.contenu.fenetre"
POPUP, INFO_BAR = fact(_LINE, "pop up"), fact(_LINE, "info bar")


class SpectraPopup(Check, id="wordpress.contenu.spectra_popup"):
    """Une fenêtre surgissante (pop up) ou une barre d’info (info bar) de Spectra, que le visiteur voit en arrivant.

    Elle est contrôlée sur la page d’accueil, dans un navigateur qui n’est jamais venu. La version gratuite de Spectra la
    montre sur toutes les pages : ni condition, ni délai, ni date de fin ne peuvent être demandés.
    """

    proves = (POPUP, INFO_BAR)

    kind: Literal["pop up", "info bar"] = Field("pop up", description="« pop up », ou « info bar » (session 2026).")
    texts: tuple[WantedText, ...] = Field(min_length=1, description="Ce que dit la fenêtre ou la barre.")
    button: str = Field("", description="Le texte de son bouton ou de son lien ; vide quand il n’est pas demandé.")
    link: Annotated[str, Refers("pages.slug", "posts.slug", "categories.slug", "tags.slug")] = Field(
        "", description="Où mène ce bouton : un chemin du site (« /contact/ ») ou l’adresse d’un autre site."
    )
    media: Medium = Field("", description="L’image (slug du média, ou nom de son fichier sans l’extension).")
    title: str = Field("Annonce", description="Le titre que le candidat lui donne ; il n’est pas contrôlé.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.link and not self.button:
            raise ValueError("link a besoin de button")
        return self

    def facts(self) -> tuple[str, ...]:
        """That of the kind."""
        return (POPUP if self.kind == "pop up" else INFO_BAR,)

    def needs(self) -> Sequence[str]:
        """Spectra's pop-ups."""
        return (PLUGIN,)

    @property
    def _type(self) -> str:
        return "popup" if self.kind == "pop up" else "banner"

    def verify(self, site: Site) -> list[Finding]:
        """What opens on the front page, and the pop-ups of the back office."""
        read = popups_of(site)
        shot = site.shot(
            "la page d’accueil, à la première visite", mark=site.page.locator(".uagb-popup-builder__wrapper")
        )
        lines = [*map(str, read.shown), *(f"enregistrée : {one}" for one in read.stored)]
        note = site.note("les fenêtres de Spectra", "\n".join(lines) or "aucune")
        files = library(site) if self.media else []
        verdict, observed = self.judge(read, files, site)
        return [Finding(self.facts()[0], verdict, self._expected(), observed, (shot, note))]

    def _expected(self) -> str:
        said = f"{KINDS[self._type]} de Spectra s’ouvre et dit {quoted(self.texts)}"
        said += f", avec l’image « {self.media} »" * bool(self.media)
        leads = f" vers {self.link}" if self.link else ""
        return said + f", avec un bouton « {self.button} »{leads}" * bool(self.button)

    def judge(self, read: Popups, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """The best of those that open; what looks like one is a person's to judge."""
        observed = " ; ".join(map(str, read.shown)) or "rien ne s’ouvre sur la page d’accueil"
        results = [self._popup(one, read, files, site) for one in read.shown]
        verdict = best([found for found, _ in results])
        if verdict is Verdict.MET:
            return verdict, observed
        if verdict is Verdict.TO_JUDGE:
            return verdict, f"{observed} ; à lire : {next(why for found, why in results if found is verdict)}"
        kept = [one for one in read.stored if not any(one.numbers & {shown.number} for shown in read.shown)]
        observed += f" ; enregistré : {', '.join(map(str, kept))}" * bool(kept)
        return (
            (Verdict.TO_JUDGE, f"{observed} ; à lire : {why}")
            if (why := self._otherwise(read))
            else (verdict, observed)
        )

    def _popup(self, one: Popup, read: Popups, files: Sequence[MediaFile], site: Site) -> Result:
        """Whether a pop-up of the page is the wanted one."""
        if one.kind != self._type:
            return Verdict.NOT_MET, ""
        results = [said_so(text, one.text) for text in self.texts]
        if self.button:
            results.append(self._leads(one, site))
        if self.media:
            results.append(pictured(self.media, one.sources, files))
        verdict, why = all_of(results)
        if verdict is Verdict.NOT_MET:
            return verdict, why
        of_spectra = any(
            kept.open_to_all and kept.kind == one.kind and one.number in kept.numbers for kept in read.stored
        )
        doubts = [why] * bool(why)
        doubts += ["elle est dans la page, mais ne s’ouvre pas"] * (not one.seen)
        doubts += ["aucune fenêtre de Spectra n’est enregistrée ainsi"] * (not of_spectra)
        left = verdicts.proposed([one.text], self.texts)
        doubts += [left] * bool(left)
        return (Verdict.TO_JUDGE, " ; ".join(doubts)) if doubts else (Verdict.MET, "")

    def _leads(self, one: Popup, site: Site) -> Result:
        """Whether its button says what it must, and leads where it must."""
        found = [(named_so(self.button, words), address) for address, words in one.links]
        results = []
        for (verdict, why), address in found:
            right = not self.link or one_leads_to(site, [address], self.link)
            results.append((verdict if right else Verdict.NOT_MET, why))
        verdict = best([result for result, _ in results])
        return verdict, next((why for result, why in results if result is verdict), "")

    def _otherwise(self, read: Popups) -> str:
        """What a visitor may take for it, in French: a window of another sort, a strip at the top of the page."""
        places = [*read.over, *(read.top if self.kind == "info bar" else ())]
        if not any(all(holds(text, one) for one in self.texts) for text in places):
            return ""
        return "ces mots se lisent par-dessus la page ou en haut d’elle, dans autre chose qu’une fenêtre de Spectra"

    # --- work -----------------------------------------------------------------------------------

    def ways(self) -> Sequence[Act]:
        """The screen of a new pop-up, and its code."""

        def in_code(desk: Desk) -> None:
            editor = spectra.new_popup(desk, self.title)
            spectra.write_popup_code(editor, self._html(desk, editor), self._type)
            editor.publish()

        return (
            Act("Spectra > Constructeur de fenêtre surgissante", self._made(Editor.publish)),
            Act("dans l’éditeur de code", in_code),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Switched off, a draft, without a kind, of the other kind, as it is proposed, hidden on computers."""
        one, other = self.facts()[0], "banner" if self._type == "popup" else "popup"

        def switched_off(desk: Desk) -> None:
            self._made(Editor.publish)(desk)
            spectra.switch_off(desk, self.title)

        def without_kind(desk: Desk) -> None:
            spectra.new_popup(desk, self.title).publish()

        def as_proposed(desk: Desk) -> None:
            editor = spectra.new_popup(desk, self.title)
            spectra.choose_kind(editor, self._type)
            editor.publish()

        return (
            NearMiss("publiée, puis désactivée dans la liste", one, switched_off),
            NearMiss("laissée en brouillon", one, self._made(Editor.save)),
            NearMiss("aucun type choisi", one, without_kind),
            NearMiss("l’autre type", one, self._stored(other)),
            NearMiss("le contenu que Spectra propose laissé", one, as_proposed),
            NearMiss("masquée sur les ordinateurs", one, self._stored(self._type, UAGHideDesktop=True)),
        )

    def roads(self) -> Sequence[Road]:
        """Beside another pop-up; a window of HTML; a strip at the top of the front page, a countdown left as it is proposed."""
        one = self.facts()[0]

        def two(desk: Desk) -> None:
            html = spectra_markup.popup(self._type, paragraph("Bonne visite."), block_id="0b1c2d3e")
            spectra.store_popup(
                desk, "Bienvenue", html.replace("uagb-block-0a1b2c3d", "uagb-block-0b1c2d3e"), self._type
            )
            self._stored(self._type)(desk)

        words = "".join(f"<p>{text}</p>" for text in self.texts)
        style = "position:fixed;top:0;left:0;right:0;padding:20px;background:#fff;z-index:99"
        fixed = block_roads.custom(f'<div style="{style}">{words}</div>')
        found = [
            Road("une seconde fenêtre à côté", one, two, Verdict.MET),
            Road("un cadre fixe en HTML sur l’accueil", one, self._on_the_front(fixed)),
        ]
        if self.kind == "info bar":
            said = "".join(map(paragraph, self.texts))
            strip = f'<!-- wp:group -->\n<div class="wp-block-group">{said}</div>\n<!-- /wp:group -->'
            found.append(Road("un groupe en haut de l’accueil", one, self._on_the_front(strip)))
            left = spectra_markup.countdown("2099-12-24T18:00:00", "2099-12-24T17:00:00.000Z")
            found.append(Road("le compte à rebours proposé laissé", one, self._stored(self._type, left)))
        return found

    def _made(self, keep: Callable[[Editor], None]) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = spectra.new_popup(desk, self.title)
            spectra.choose_kind(editor, self._type)
            spectra.write_popup(desk, editor, self.texts, self.button, self.link, self.media)
            keep(editor)

        return run

    def _html(self, desk: Desk, editor: Editor) -> str:
        source = spectra.picture(editor.page, self.media)["url"] if self.media else ""
        return spectra_markup.popup(self._type, self._inner(desk, str(source)))

    def _inner(self, desk: Desk, source: str) -> str:
        parts = [image(source)] * bool(source) + [paragraph(text) for text in self.texts]
        if self.button:
            target = desk.address + self.link if self.link.startswith("/") else self.link
            href = f' href="{target}"' if target else ""
            link = f'<a class="wp-block-button__link wp-element-button"{href}>{self.button}</a>'
            link = f'<!-- wp:button -->\n<div class="wp-block-button">{link}</div>\n<!-- /wp:button -->'
            parts.append(f'<!-- wp:buttons -->\n<div class="wp-block-buttons">{link}</div>\n<!-- /wp:buttons -->')
        return "\n\n".join(parts)

    def _stored(self, kind: str, before: str = "", **settings: object) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            source = block_roads.source(desk, self.media) if self.media else ""
            html = spectra_markup.popup(kind, before + self._inner(desk, source), **settings)
            spectra.store_popup(desk, self.title, html, kind)

        return run

    def _on_the_front(self, html: str) -> Callable[[Desk], None]:
        return lambda desk: stored.put_first(desk, seeded.front_page(desk.company), html)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A window with a picture and a button; a bar that says one thing."""
        return (
            cls(
                kind="pop up",
                title="Portes ouvertes",
                texts=("Portes ouvertes le 15 juin", "L’atelier se visite de 10 h à 17 h 30."),
                button="Préparer ma visite",
                link="/decouvrir-l-atelier/",
                media="atelier",
            ),
            cls(kind="info bar", title="Livraison", texts=("Livraison offerte dès 45 € d’achat",)),
        )
