"""The module of the text block on the home page: what it says."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from checks.prestashop.module_screens import configure
from checks.prestashop.pages import LOADING
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, WantedText
from provisioner.config import fact
from provisioner.text import holds, nearly_holds, quoted

TEXT = fact("prestashop.module.bloc-texte", "texte")


class TextBlock(Check, id="prestashop.module.text_block"):
    """Le bloc de texte de la page d’accueil dit ce qui est demandé."""

    proves = (TEXT,)

    elements: tuple[WantedText, ...] = Field(
        min_length=1, description="Ce qu’il doit contenir, mot pour mot ; accents et majuscules ne comptent pas."
    )

    def verify(self, site: Site) -> list[Finding]:
        """The block on the home page."""
        site.visit("/")
        block = site.page.locator("#custom-text").first
        text = block.inner_text() if block.count() else ""
        if block.count():
            block.scroll_into_view_if_needed()
        missing = [one for one in self.elements if not holds(text, one)]
        doubtful = all(nearly_holds(text, one) for one in missing)
        verdict = Verdict.MET if not missing else Verdict.TO_JUDGE if text and doubtful else Verdict.NOT_MET
        observed = "Il les contient." if not missing else f"Il y manque {quoted(missing)}."
        if not text.strip():
            observed = "La page d’accueil n’a pas de bloc de texte, ou il est vide."
        evidence = (site.shot("le bloc de texte"), site.note("le texte du bloc", text))
        expected = f"Le bloc de texte de la page d’accueil contient {quoted(self.elements)}."
        return [Finding(TEXT, verdict, expected, observed, evidence)]

    def ways(self) -> Sequence[Act]:
        """Its editor, over what was there or after it."""
        return (
            Act("texte remplacé", lambda desk: _write(desk, self._text())),
            Act("texte ajouté à la suite", lambda desk: _write(desk, self._text(), after=True)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Something left out, and not saved."""
        short = " ".join(self.elements[:-1]) or "Bienvenue dans notre boutique."
        return (
            NearMiss("un élément oublié", TEXT, lambda desk: _write(desk, short)),
            NearMiss("écrit sans enregistrer", TEXT, lambda desk: _write(desk, self._text(), save=False)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An offer with its conditions."""
        return (cls(elements=("Livraison offerte", "dès 45 €")),)

    def _text(self) -> str:
        return "À retenir : " + ", ".join(self.elements) + "."


def _write(desk: Desk, text: str, after: bool = False, save: bool = True) -> None:
    page = configure(desk, "ps_customtext")
    body = page.frame_locator("#text_1_ifr").locator("body")
    body.focus()
    page.keyboard.press("Control+End" if after else "Control+a")
    if after:
        page.keyboard.press("Enter")
    page.keyboard.insert_text(text)
    if save:
        with page.expect_navigation(timeout=LOADING):  # it says nothing of it
            page.locator("#configuration_form_submit_btn").click()
