"""The module of reassurance: a block of it, as the page of a product shows it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Self

from pydantic import Field

from checks.prestashop.reading.answers import Script, expect_healthy
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.reading.product_verdicts import RANKS, worst
from checks.prestashop.reading.seeded import chosen, names
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.reading.wording import Wording, wording
from checks.prestashop.screens.module_manager import act_on, configure
from checks.prestashop.screens.office import LOADING
from checks.visibility import UNSEEN_JS, as_seen
from provisioner.french.text import fold, holds, quoted, same, shortened
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

BLOCK = fact("prestashop.module.reassurance", "bloc de réassurance")

_MODULE = "blockreassurance"


class ReassuranceBlock(Check, id="prestashop.module.reassurance"):
    """Un bloc de réassurance porte le titre et le texte demandés."""

    proves = (BLOCK,)

    title: WantedText = Field(description="Le titre du bloc.")
    elements: tuple[WantedText, ...] = Field((), description="Ce que sa description contient, mot pour mot.")

    def verify(self, site: Site) -> list[Finding]:
        """The blocks of a product's page, and of the home page where they were put there."""
        product = min(row.id for row in catalogue(site) if row.active)
        seen: list[dict[str, str]] = []
        for path in ("/", f"/index.php?controller=product&id_product={product}"):
            site.visit(path)
            seen += site.page.locator(".blockreassurance_product, .blockreassurance").evaluate_all(_BLOCKS)
        block = site.page.locator(".blockreassurance_product").first
        if block.count():
            block.scroll_into_view_if_needed()
        exactly = [one for one in seen if same(self.title, one["title"])]
        titled = exactly or [
            one for one in seen if chosen(self.company, self.title, one["title"], "reassurance") is Verdict.TO_JUDGE
        ]
        shot = site.shot(
            "les blocs de réassurance",
            mark=site.page.locator("#block-reassurance, .blockreassurance, .blockreassurance_product"),
        )
        expected = f"Un bloc de réassurance s’intitule « {self.title} »" + (
            f" et contient {quoted(self.elements)}." if self.elements else "."
        )
        observed = "La boutique ne montre aucun bloc de réassurance."
        if seen:
            observed = f"Blocs de réassurance de la boutique : {quoted(dict.fromkeys(one['title'] for one in seen))}."
            observed += " Aucun n’a exactement le titre demandé."
        # All of it may have been typed in the field of the title.
        together = [] if titled else [one for one in seen if self._in_its_title(one)]
        judged = [(wording(one["text"], self.elements), one) for one in titled]
        said, best = max(judged, key=lambda one: RANKS.index(one[0].verdict), default=(Wording(Verdict.NOT_MET), None))
        verdict = said.verdict if exactly else worst((said.verdict, Verdict.TO_JUDGE))
        if best:
            observed = _said(best)
            observed += f" Il y manque {quoted(said.missing)}." if said.missing else ""
            observed += said.remark + ("" if exactly else " Le titre de ce bloc n’est pas tout à fait celui demandé.")
        elif together:
            verdict = Verdict.TO_JUDGE
            observed = f"{_said(together[0])} Le titre demandé n’est qu’une partie de ce titre."
        else:
            verdict, unshown = self._unshown(site)
            observed += unshown
        found = titled or together
        if found and all(one["unseen"] for one in found):
            verdict = as_seen(verdict, found[0]["unseen"])
            observed += f" Un visiteur ne voit pas ce bloc : {found[0]['unseen']}."
        return [Finding(BLOCK, verdict, expected, observed, (shot,))]

    def _unshown(self, site: Site) -> tuple[Verdict, str]:
        """What the module's own screen has, where the shop shows no such block: another question may have hidden them all."""
        rows: list[tuple[str, bool]] = settings_of(site, _MODULE, _LISTED) or []
        mine = [
            on for title, on in rows if chosen(self.company, self.title, title, "reassurance") is not Verdict.NOT_MET
        ]
        if not mine:
            return Verdict.NOT_MET, ""
        if not any(mine):
            return Verdict.NOT_MET, " Le module a un bloc de ce titre, mais ce bloc est désactivé."
        return (
            Verdict.TO_JUDGE,
            " Le module a un bloc de ce titre, qui est activé, mais la boutique ne montre pas ce bloc.",
        )

    def _in_its_title(self, block: dict[str, str]) -> bool:
        """Whether the title of a block that isn't the company's holds the wanted one, and it and its text the rest."""
        whole = f"{block['title']}\n{block['text']}"
        mine = fold(block["title"]) not in names(self.company, "reassurance") and holds(block["title"], self.title)
        return mine and all(holds(whole, e) for e in self.elements)

    def ways(self) -> Sequence[Act]:
        """A block that is written over, or added."""
        return (
            Act("bloc existant modifié", lambda desk: self._write(desk)),
            Act("bloc ajouté", lambda desk: self._write(desk, add=True)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another title, switched off, left without saving."""

        misses = [
            NearMiss("un autre titre", BLOCK, lambda desk: self.but(title="Information")._write(desk)),
            NearMiss("écrit sans enregistrer", BLOCK, partial(self._write, save=False)),
            NearMiss("bloc désactivé", BLOCK, partial(self._write, shown=False)),
        ]
        if self.elements:
            misses.append(NearMiss("texte oublié", BLOCK, lambda desk: self.but(elements=())._write(desk)))
        return misses

    def roads(self) -> Sequence[Road]:
        """The words in a sentence that denies them; the module switched off by another question."""

        def switched_off(desk: Desk) -> None:
            self._write(desk)
            act_on(desk, _MODULE, "disable")

        roads = [Road("écrit, puis module désactivé", BLOCK, switched_off)]
        if self.elements:
            roads.append(
                Road("les mots demandés, niés", BLOCK, partial(self._write, opening="Nous ne reprenons rien sous "))
            )
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A longer time to return what doesn't please."""
        return (cls(title="Retours faciles", elements=("30 jours",)),)

    def _write(
        self, desk: Desk, add: bool = False, shown: bool = True, save: bool = True, opening: str = "Sous "
    ) -> None:
        page = configure(desk, _MODULE)
        if add:
            page.locator(".psre-add").click()
        else:
            row = page.locator("#reminder_listing .listing-general-rol").last
            row.locator("[data-toggle=dropdown]").click()
            row.locator(".psre-edit").click()
        form = page.locator(".show-rea-block.active")
        form.locator("input[name^='title-']").fill(self.title)
        form.locator("textarea[name^='description-']").fill(
            opening + ", ".join(self.elements) + "." if self.elements else "Nous sommes à votre écoute."
        )
        if not save:
            return
        with page.expect_navigation(timeout=LOADING):  # the screen comes anew by itself, once it has saved
            page.locator("#saveContentConfiguration").click()
        page = configure(desk, _MODULE)
        switch = page.locator("#reminder_listing .listing-general-rol", has_text=self.title).last.locator(
            ".switch-input"
        )
        if ("-checked" in (switch.get_attribute("class") or "")) != shown:  # an added block is off at first
            with page.expect_response(lambda r: r.request.method == "POST"):
                switch.click()
        expect_healthy(page)


def _said(block: Mapping[str, str]) -> str:
    """What is said of a block's text."""
    text = f"dit : « {shortened(block['text'])} »" if block["text"] else "n’a pas de texte"
    return f"Le bloc « {block['title']} » {text}."


# With why a visitor can't see the block, where he can't.
_BLOCKS = f"""async all => {{
    {UNSEEN_JS}
    const titles = all.flatMap(block => [...block.querySelectorAll('.block-title')]);
    const text = title => title.parentElement.querySelector('p:not(.block-title)');
    await settled(titles);
    return titles.map(title => ({{
        title: title.textContent.trim(),
        text: (text(title) || {{textContent: ''}}).textContent.replace(/\\s+/g, ' ').trim(),
        unseen: unseen(title) || (text(title)?.textContent.trim() ? unseen(text(title)) : ''),
    }}));
}}"""

# Of a row's cells, the third has the title; of 1.7.8, beside each cell stands its caption, which only a narrow screen shows.
_LISTED = Script[list[tuple[str, bool]]]("""page => [...page.querySelectorAll('#reminder_listing .listing-general-rol')].map(row => [
    (row.querySelectorAll('.listing-row > div:not(.hidden-lg)')[2] || {textContent: ''}).textContent.replace(/\\s+/g, ' ').trim(),
    Boolean(row.querySelector('.switch-input.-checked'))])""")
