"""The module of featured products: how many the home page shows, and out of which category."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Self

from playwright.sync_api import Page
from pydantic import Field

from checks.prestashop.reading import seeded
from checks.prestashop.reading.answers import Forbidden, Script, looked_up
from checks.prestashop.reading.category_tree import category_tree, nodes_called
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.screens.disturbances import put_off_line
from checks.prestashop.screens.module_manager import act_on, configure
from checks.prestashop.screens.office import office, saving
from checks.visibility import as_seen, unseen
from provisioner.french.text import numbered, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
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
        settings = settings_of(site, _MODULE, _KEPT)
        kept = settings or _NO_SETTINGS
        nodes = category_tree(site)
        names = {str(node.id): node.name for node in nodes}
        wanted = [str(node.id) for node in nodes_called(self.company, nodes, self.category)] if self.category else []
        seen = looked_up(site, site.page, f"{site.address}/", _SEEN)
        site.visit("/")
        block = site.page.locator("#content .featured-products").first
        if block.count():
            block.scroll_into_view_if_needed()
        hidden = unseen(block)
        shot = site.shot("les produits phares", mark=block)
        known = names.get(kept["category"])
        set_to = f"sur la catégorie « {known} »" if known else "sur aucune catégorie qui existe"
        set_count = (
            f"est réglé sur {_products(kept['count'])}" if kept["count"] else "n’a pas de nombre de produits réglé"
        )
        in_all = (
            f"la page d’accueil en montre {seen['count']}" if seen["count"] else "la page d’accueil n’en montre aucun"
        )
        many = numbered(seen["count"], "produit")
        shown = (
            f"la page d’accueil montre {many}" if seen["count"] else "la page d’accueil ne montre aucun produit phare"
        )
        category = judged_category(kept["category"] in wanted, seen["category"] == kept["category"], seen["count"])
        elsewhere = category is Verdict.NOT_MET and seen["count"] > 0
        if elsewhere and any(in_category(site, one).issuperset(seen["products"]) for one in wanted):
            category = Verdict.TO_JUDGE
            shown += f", tous de la catégorie « {self.category} »"
        elif elsewhere and kept["category"] in wanted and (other := names.get(seen["category"])):
            shown += f" de la catégorie « {other} »"
        count = judged_count(self.count or 0, kept["count"], seen["count"])
        if count is Verdict.MET and seen["count"] < (self.count or 0):
            in_all += " (le réglage décide : la catégorie peut en avoir moins)"
        unread = unread_settings(settings, seen["shown"])
        verdicts = {COUNT: as_seen(count, hidden), CATEGORY: as_seen(category, hidden)}
        if unread:
            verdicts = dict.fromkeys(verdicts, Verdict.TO_JUDGE)
        said_hidden = f", mais un visiteur n’en voit aucun : {hidden}" if hidden else ""
        expected = {
            COUNT: f"La page d’accueil montre {numbered(self.count or 0, 'produit phare', 'produits phares')}.",
            CATEGORY: f"Les produits phares viennent de la catégorie « {self.category} ».",
        }
        observed = {
            COUNT: f"Le module des produits phares {set_count} ; {in_all}{said_hidden}.",
            CATEGORY: f"Le module des produits phares est réglé {set_to} ; {shown}{said_hidden}.",
        }
        if unread:
            observed = dict.fromkeys(observed, unread)
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

    def roads(self) -> Sequence[Road]:
        """As many, or those of the category, since the others were put away; right, and the module switched off since."""
        on_home = seeded.featured(self.company)
        in_category = set(seeded.products_in(self.company, self.category)) if self.category else set(on_home)

        def fewer_products(desk: Desk) -> None:
            put_off_line(desk, on_home[self.count or 0 :])

        def others_away(desk: Desk) -> None:
            put_off_line(desk, [one for one in on_home if one not in in_category])

        def switched_off(desk: Desk) -> None:
            self._set(desk)
            act_on(desk, _MODULE, "disable")

        roads = [Road("module désactivé ensuite", one, switched_off) for one in self.facts()]
        if self.count and self.count < len(on_home):
            roads.append(Road("les autres produits mis hors ligne", COUNT, fewer_products))
        if self.category and in_category.intersection(on_home):
            roads.append(Road("les produits des autres catégories mis hors ligne", CATEGORY, others_away))
        return roads

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
            _choose_category(page, number)
        if save:
            with saving(page):
                page.locator("#module_form_submit_btn").click()


def _choose_category(page: Page, number: str) -> None:
    """By its number; in 1.7.8, in the folded tree of categories."""
    field = page.locator("#HOME_FEATURED_CAT")
    if field.count():
        field.fill(number)
        return
    page.locator("[id^=expand-all-]").click()
    page.locator(f"input[name=HOME_FEATURED_CAT][value='{number}']").check()


def _products(kept: str) -> str:
    """How many products that is, of what stands in the module's field."""
    return numbered(int(kept), "produit") if kept.isdecimal() else f"« {kept} »"


def unread_settings(settings: Mapping[str, str] | None, shown: bool) -> str:
    """Why nothing tells how the module is set, in French, or "": it isn't installed, or off and shows no settings."""
    none = "la page d’accueil ne montre aucun produit phare."
    if settings is None:
        # What another module shows there looks the same.
        seen = "les produits que montre la page d’accueil sont d’un autre module." if shown else none
        return f"Le module des produits phares est désinstallé : il n’a plus de réglages, et {seen}"
    if settings["form"] == "" and not shown:
        return f"Le module des produits phares est désactivé : ses réglages ne s’ouvrent pas, et {none}"
    return ""


def judged_count(wanted: int, kept: str, shown: int) -> Verdict:
    """The verdict on how many products are set and shown; a category that holds fewer than wanted shows all it has.

    A person says of as many that are shown by another setting, and of a right setting whose block isn't shown.
    """
    if kept != str(wanted):
        return Verdict.TO_JUDGE if shown == wanted else Verdict.NOT_MET
    return Verdict.MET if 0 < shown <= wanted else Verdict.TO_JUDGE


def judged_category(rightly_set: bool, as_set: bool, shown: int) -> Verdict:
    """The verdict on the category that is set, and shown `as_set`; where the block isn't shown, a person says."""
    if not rightly_set:
        return Verdict.NOT_MET
    return Verdict.MET if as_set else Verdict.NOT_MET if shown else Verdict.TO_JUDGE


def in_category(site: Site, number: str) -> set[int]:
    """The numbers of the products that a visitor finds in a category; none where it is closed to him."""
    address = f"{site.address}/index.php?controller=category&id_category={number}&resultsPerPage=500"
    try:
        return set(looked_up(site, site.page, address, _LISTED) or ())
    except Forbidden:
        return set()


_NUMBERS = "all => all.map(i => [i.value, i.closest('label').textContent.trim()])"

_LISTED = Script[list[int]](
    "page => [...page.querySelectorAll('#js-product-list .product-miniature')].map(one => Number(one.dataset.idProduct))"
)

# In 1.7.8 the category is a tree of radio buttons, in which a script of the page chooses the one that is set.
_KEPT = Script[dict[str, str]](r"""(page, about, whole) => ({
    form: page.querySelector('#HOME_FEATURED_NBR') ? 'shown' : '',
    count: page.querySelector('#HOME_FEATURED_NBR')?.getAttribute('value') || '',
    category: page.querySelector('#HOME_FEATURED_CAT')?.getAttribute('value')
        || (page.querySelector('input[name=HOME_FEATURED_CAT]') && /selected_categories = new Array\("(\d+)"\)/.exec(whole)?.[1]) || '',
})""")

_NO_SETTINGS = {"form": "", "count": "", "category": ""}

_SEEN = Script[dict[str, Any]]("""page => {
    const block = page.querySelector('#content .featured-products');
    const all = block && block.querySelector('.all-product-link');
    const number = all && /\\/(\\d+)-[^/]*$|id_category=(\\d+)/.exec(all.getAttribute('href'));
    const products = block ? [...block.querySelectorAll('.product-miniature')].map(one => Number(one.dataset.idProduct)) : [];
    return {shown: Boolean(block), count: products.length, products,
            category: number ? number[1] || number[2] : all ? '2' : ''};
}""")
