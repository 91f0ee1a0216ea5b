"""The module of featured products: how many the home page shows, and out of which category."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Self

from pydantic import Field

from checks.prestashop.reading.answers import Script, looked_up
from checks.prestashop.reading.category_tree import category_tree
from checks.prestashop.reading.modules import configuration
from checks.prestashop.screens.module_manager import configure
from checks.prestashop.screens.office import office, saving
from checks.visibility import as_seen, unseen
from provisioner.french.text import same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.subject.functionalities import fact

COUNT = fact("prestashop.module.produits-phares", "nombre de produits")
CATEGORY = fact("prestashop.module.produits-phares", "catégorie")

_MODULE = "ps_featuredproducts"


class FeaturedProducts(Check, id="prestashop.module.featured_products"):
    """La page d’accueil montre tant de produits phares, pris dans la catégorie demandée."""

    proves = (COUNT, CATEGORY)

    count: int | None = Field(None, ge=1, le=100, description="Le nombre de produits à afficher, s’il est demandé.")
    category: Annotated[str, Refers("categories.name")] = Field(
        "", description="La catégorie dont ils viennent, si elle est demandée."
    )

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (*((COUNT,) if self.count is not None else ()), *((CATEGORY,) if self.category else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The block on the home page; its settings say why it shows what it does."""
        kept = looked_up(site, site.signed_in(), configuration(site, _MODULE), _KEPT)
        names = {str(node.id): node.name for node in category_tree(site)}
        seen = looked_up(site, site.page, f"{site.address}/", _SEEN)
        site.visit("/")
        block = site.page.locator("#content .featured-products").first
        if block.count():
            block.scroll_into_view_if_needed()
        shot = site.shot("les produits phares", mark=block)
        set_to = names.get(kept["category"], f"n° {kept['category']}, qui n’existe pas")
        shown = f"la page d’accueil en montre {seen['count']}" if seen["shown"] else "la page d’accueil n’en montre pas"
        why = unseen(block)
        shown += f", mais un visiteur ne les voit pas ({why})" if why else ""
        verdicts = {
            COUNT: judged_count(self.count or 0, kept["count"], seen["count"]),
            CATEGORY: (
                Verdict.MET
                if same(self.category, names.get(kept["category"], "")) and seen["category"] == kept["category"]
                else Verdict.NOT_MET
            ),
        }
        verdicts = {one: as_seen(verdict, why) for one, verdict in verdicts.items()}
        expected = {
            COUNT: f"La page d’accueil montre {self.count} produits phares.",
            CATEGORY: f"Les produits phares viennent de la catégorie « {self.category} ».",
        }
        observed = {
            COUNT: f"Le module est réglé sur {kept['count'] or 'rien'} ; {shown}.",
            CATEGORY: f"Le module est réglé sur la catégorie {set_to} ; {shown}.",
        }
        return [Finding(one, verdicts[one], expected[one], observed[one], (shot,)) for one in self.facts()]

    def ways(self) -> Sequence[Act]:
        """One screen, which wants the number of the category."""
        return (Act("réglages du module", lambda desk: self._set(desk)),)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another value, or the same without saving."""

        misses = []
        if self.count is not None:
            misses += [
                NearMiss("un produit de plus", COUNT, partial(self._set, more=1)),
                NearMiss("réglé sans enregistrer", COUNT, partial(self._set, save=False)),
            ]
        if self.category:
            misses += [
                NearMiss("une autre catégorie", CATEGORY, partial(self._set, elsewhere=True)),
                NearMiss("réglée sans enregistrer", CATEGORY, partial(self._set, save=False)),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Both at once."""
        return (cls(count=3, category="Sablés"),)

    def _set(self, desk: Desk, more: int = 0, elsewhere: bool = False, save: bool = True) -> None:
        number = ""
        if self.category:
            page = office(desk, "AdminCategories")
            page.locator("#page-header-desc-configuration-add").click()
            page.locator("#category_id_parent").wait_for()
            listed = page.locator("#category_id_parent input").evaluate_all(_NUMBERS)
            number = next(n for n, name in reversed(listed) if same(self.category, name) != elsewhere)
        page = configure(desk, _MODULE)
        if self.count is not None:
            page.locator("#HOME_FEATURED_NBR").fill(str(self.count + more))
        if number:
            page.locator("#HOME_FEATURED_CAT").fill(number)
        if save:
            with saving(page):
                page.locator("#module_form_submit_btn").click()


def judged_count(wanted: int, kept: str, shown: int) -> Verdict:
    """The verdict on how many products are set and shown; a category that holds fewer than wanted shows all it has."""
    if kept != str(wanted) or shown == 0:
        return Verdict.NOT_MET
    return Verdict.MET if shown <= wanted else Verdict.TO_JUDGE


_NUMBERS = "all => all.map(i => [i.value, i.closest('label').textContent.trim()])"

_KEPT = Script[dict[str, str]]("""page => ({
    count: page.querySelector('#HOME_FEATURED_NBR').getAttribute('value') || '',
    category: page.querySelector('#HOME_FEATURED_CAT').getAttribute('value') || '',
})""")

_SEEN = Script[dict[str, Any]]("""page => {
    const block = page.querySelector('#content .featured-products');
    const all = block && block.querySelector('.all-product-link');
    const number = all && /\\/(\\d+)-[^/]*$|id_category=(\\d+)/.exec(all.getAttribute('href'));
    return {shown: Boolean(block), count: block ? block.querySelectorAll('.product-miniature').length : 0,
            category: number ? number[1] || number[2] : all ? '2' : ''};
}""")
