"""The module of reassurance: a block of it, as the page of a product shows it."""

from collections.abc import Sequence
from functools import partial
from typing import Self

from pydantic import Field

from checks.prestashop.reading.answers import Script, healthy, looked_up
from checks.prestashop.reading.modules import configuration
from checks.prestashop.reading.seeded import chosen, names
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.screens.module_manager import configure
from checks.prestashop.screens.office import LOADING
from checks.visibility import UNSEEN_JS, as_seen
from provisioner.french.text import fold, holds, nearly_holds, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, WantedText
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
        titled = exactly or [one for one in seen if chosen(self.title, one["title"], "reassurance") is Verdict.TO_JUDGE]
        right = [one for one in titled if all(holds(one["text"], e) for e in self.elements)]
        expected = f"Un bloc de réassurance s’intitule « {self.title} »" + (
            f" et contient {quoted(self.elements)}." if self.elements else "."
        )
        observed = (
            f"La boutique montre {quoted(dict.fromkeys(one['title'] for one in seen))}."
            if seen
            else ("La boutique ne montre aucun bloc de réassurance.")
        )
        # All of it may have been typed in the field of the title.
        together = [] if titled else [one for one in seen if self._in_its_title(one)]
        if told := titled or together:
            observed = f"Le bloc « {told[0]['title']} » dit : « {told[0]['text']} »."
            observed += f" Un visiteur ne le voit pas : {told[0]['unseen']}." if told[0]["unseen"] else ""
        elif self._switched_off(site):
            observed += " Un bloc de ce titre existe, mais il est désactivé."
        doubtful = bool(together) or any(all(nearly_holds(one["text"], e) for e in self.elements) for one in titled)
        verdict = Verdict.MET if right and exactly else Verdict.TO_JUDGE if right or doubtful else Verdict.NOT_MET
        if told and all(one["unseen"] for one in told):
            verdict = as_seen(verdict, told[0]["unseen"])
        return [
            Finding(
                BLOCK,
                verdict,
                expected,
                observed,
                (
                    site.shot(
                        "les blocs de réassurance",
                        mark=site.page.locator("#block-reassurance, .blockreassurance, .blockreassurance_product"),
                    ),
                ),
            )
        ]

    def _in_its_title(self, block: dict[str, str]) -> bool:
        """Whether the title of a block that isn't the company's holds the wanted one, and it and its text the rest."""
        whole = f"{block['title']}\n{block['text']}"
        mine = fold(block["title"]) not in names("reassurance") and holds(block["title"], self.title)
        return mine and all(holds(whole, e) for e in self.elements)

    def _switched_off(self, site: Site) -> bool:
        """Whether the module's own screen has a block of that title that the shop isn't to show."""
        off: list[str] = looked_up(site, site.signed_in(), configuration(site, _MODULE), _OFF) or []
        return any(chosen(self.title, one, "reassurance") is not Verdict.NOT_MET for one in off)

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

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A longer time to return what doesn't please."""
        return (cls(title="Retours faciles", elements=("30 jours",)),)

    def _write(self, desk: Desk, add: bool = False, shown: bool = True, save: bool = True) -> None:
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
            "Sous " + ", ".join(self.elements) + "." if self.elements else "Nous sommes à votre écoute."
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
        healthy(page)


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

# Of a row's cells, the third has the title.
_OFF = Script[list[str]]("""page => [...page.querySelectorAll('#reminder_listing .listing-general-rol')]
    .filter(row => !row.querySelector('.switch-input.-checked'))
    .map(row => (row.querySelectorAll('.listing-row > div')[2] || {textContent: ''}).textContent.replace(/\\s+/g, ' ').trim())
""")
