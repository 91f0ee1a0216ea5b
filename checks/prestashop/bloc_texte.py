"""Blocks of text: what the one on the home page says, and the one on personal data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field

from checks.prestashop.reading import markup
from checks.prestashop.reading.answers import Script
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.wording import wording
from checks.prestashop.screens.module_manager import act_on, configure
from checks.prestashop.screens.office import LOADING, coloured
from checks.visibility import as_seen, read
from provisioner.french.text import quoted, shortened
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

TEXT = fact("prestashop.module.bloc-texte", "texte")


Block = Literal["accueil", "données personnelles"]


@dataclass(frozen=True)
class _Place:
    """A block: its module, where a visitor reads it, and where the candidate writes it."""

    module: str
    name: str
    path: str
    shown: str
    editor: str


#: Who opens an account reads the second beside the box that he has to tick.
_PLACES: Mapping[Block, _Place] = {
    "accueil": _Place("ps_customtext", "Le bloc de texte de la page d’accueil", "/", "#custom-text", "text_1"),
    "données personnelles": _Place(
        "ps_dataprivacy",
        "Le bloc sur les données personnelles",
        "/index.php?controller=authentication&create_account=1",
        "label:has(input[name=customer_privacy]) em",
        "CUSTPRIV_MSG_AUTH_1",
    ),
}


class TextBlock(Check, id="prestashop.module.text_block"):
    """Un bloc de texte de la boutique dit ce qui est demandé."""

    proves = (TEXT,)

    block: Block = Field(
        "accueil",
        description="Celui de la page d’accueil, ou celui sur les données personnelles, que lit qui crée un compte.",
    )
    elements: tuple[WantedText, ...] = Field(
        min_length=1, description="Ce qu’il doit contenir, mot pour mot ; accents et majuscules ne comptent pas."
    )

    def verify(self, site: Site) -> list[Finding]:
        """The block where a visitor reads it."""
        place = _PLACES[self.block]
        site.visit(place.path)
        block = site.page.locator(place.shown).first
        seen = read(block)
        text = seen.whole
        if block.count():
            block.scroll_into_view_if_needed()
        said = wording(text, self.elements)
        verdict = said.verdict
        observed = f"Le bloc contient ce qui est demandé.{said.remark}"
        if said.missing:
            nearly = f" mot pour mot ; il dit : « {shortened(text)} »" if said.verdict is Verdict.TO_JUDGE else ""
            observed = f"Le bloc ne contient pas {quoted(said.missing)}{nearly}.{said.remark}"
        unread = {one: why for one in self.elements if (why := seen.why_unread(one))}
        verdict = worst([verdict, *(as_seen(Verdict.MET, why) for why in unread.values())])
        if unread:
            observed += f" Un visiteur ne lit pas {quoted(unread)} : {', '.join(dict.fromkeys(unread.values()))}."
        if not text.strip():
            verdict, observed = self._unshown(site, place)
        evidence = (site.shot("le bloc de texte", mark=block), site.note("le texte du bloc", text))
        expected = f"{place.name} contient {quoted(self.elements)}."
        return [Finding(TEXT, verdict, expected, observed, evidence)]

    def _unshown(self, site: Site, place: _Place) -> tuple[Verdict, str]:
        """What the module's own screen has, where the page doesn't show the block: another question may have hidden it."""
        written = markup.read(settings_of(site, place.module, _KEPT, place.editor) or "")
        kept = wording(written, self.elements)
        observed = f"{place.name} n’est pas affiché, ou il est vide."
        if kept.verdict is Verdict.NOT_MET:
            return Verdict.NOT_MET, observed
        has = "le texte demandé" if kept.verdict is Verdict.MET else f"ce texte : « {shortened(written)} »"
        return Verdict.TO_JUDGE, f"{observed} Son module a pourtant {has}."

    def ways(self) -> Sequence[Act]:
        """Its editor, over what was there or after it."""
        return (
            Act("texte remplacé", lambda desk: self._write(desk, self._text())),
            Act("texte ajouté à la suite", lambda desk: self._write(desk, self._text(), after=True)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Something left out, not saved, in the other block."""
        short = " ".join(self.elements[:-1]) or "Bienvenue dans notre boutique."
        other = self.but(block=next(one for one in _PLACES if one != self.block))
        return (
            NearMiss("un élément oublié", TEXT, lambda desk: self._write(desk, short)),
            NearMiss("écrit sans enregistrer", TEXT, lambda desk: self._write(desk, self._text(), save=False)),
            NearMiss("dans l’autre bloc", TEXT, lambda desk: other._write(desk, self._text())),
        )

    def roads(self) -> Sequence[Road]:
        """The words in a sentence that denies them, or in white; the block's module switched off by another question."""

        def switched_off(desk: Desk) -> None:
            self._write(desk, self._text())
            act_on(desk, _PLACES[self.block].module, "disable")

        denied = f"Il n’est pas vrai que : {', '.join(self.elements)}."
        return (
            Road("les mots demandés, niés", TEXT, lambda desk: self._write(desk, denied)),
            Road("écrit, puis module désactivé", TEXT, switched_off),
            Road("texte écrit en blanc sur blanc", TEXT, lambda desk: self._write(desk, self._text(), white=True)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An offer with its conditions; what becomes of personal data."""
        return (
            cls(elements=("Livraison offerte", "dès 45 €")),
            cls(
                block="données personnelles",
                elements=("aucune donnée n’est cédée à un tiers", "supprimées au bout de trois ans"),
            ),
        )

    def _text(self) -> str:
        return "À retenir : " + ", ".join(self.elements) + "."

    def _write(self, desk: Desk, text: str, after: bool = False, save: bool = True, white: bool = False) -> None:
        place = _PLACES[self.block]
        page = configure(desk, place.module)
        body = page.frame_locator(f"#{place.editor}_ifr").locator("body")
        body.focus()
        page.keyboard.press("Control+End" if after else "Control+a")
        if after:
            page.keyboard.press("Enter")
        page.keyboard.insert_text(text)
        if white:
            coloured(page, place.editor)
        if save:
            with page.expect_navigation(timeout=LOADING):  # that of the home page says nothing of it
                page.locator("[id$='_form_submit_btn']").click()


_KEPT = Script[str]("(page, field) => (page.querySelector(`#${field}`) || {textContent: ''}).textContent")
