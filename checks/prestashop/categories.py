"""Categories: one of its own, or one below another."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Self

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pydantic import Field

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.category_tree import Node, category_tree, kept_seo, visit_category
from checks.prestashop.reading.seeded import category_number, plain_product, written_over
from checks.prestashop.screens.disturbances import rename_category
from checks.prestashop.screens.office import LOADING, choose, office, saving, turn
from checks.prestashop.screens.product import open_product
from provisioner.french.text import nearly_same, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

CATEGORY = fact("prestashop.contenu.categorie", "catégorie")
SUBCATEGORY = fact("prestashop.contenu.categorie", "sous-catégorie")
SEO = fact("prestashop.referencement.produit", "référencement d’une catégorie")


class CategoryMade(Check, id="prestashop.contenu.category"):
    """Une catégorie, ou une sous-catégorie de celle qui est demandée, est visible dans la boutique."""

    proves = (CATEGORY, SUBCATEGORY, SEO)

    name: str = Field(min_length=1, description="Le nom de la catégorie.")
    parent: Annotated[str, Refers("categories.name")] = Field(
        "", description="La catégorie dont elle est une sous-catégorie ; vide : elle est sous l’accueil."
    )
    meta_title: str = Field("", description="Sa balise titre, mot pour mot.")
    meta_description: str = Field("", description="Sa méta-description, mot pour mot.")

    def facts(self) -> tuple[str, ...]:
        """The place always; the SEO where it is asked."""
        place = SUBCATEGORY if self.parent else CATEGORY
        return (place, SEO) if self.meta_title or self.meta_description else (place,)

    def makes(self) -> Sequence[str]:
        """The category itself."""
        return (self.name,)

    def verify(self, site: Site) -> list[Finding]:
        """The category's page as a visitor sees it, and where it stands."""
        nodes = category_tree(site)
        top = nodes[0].name
        exactly = [node for node in nodes if same(self.name, node.name)]
        known = exactly or [node for node in nodes if nearly_same(self.name, node.name)]
        in_place = {node.id: self._is_below(node, top) for node in known}
        expected = f"La catégorie « {self.name} » est visible " + (
            f"sous « {self.parent} »." if self.parent else "sous l’accueil."
        )
        place = self.facts()[0]
        if not known:
            site.visit("/")
            why, shot = f"Aucune catégorie ne s’appelle « {self.name} ».", site.shot("la boutique")
            asked = {place: expected, SEO: seo_in_words(self.meta_title, self.meta_description)}
            return [Finding(one, Verdict.NOT_MET, asked[one], why, (shot,)) for one in self.facts()]
        # A namesake made later, by mistake, may hide or stand elsewhere.
        visited = [(node, visit_category(site, node.id)) for node in known]
        node, seen = max(visited, key=lambda one: (in_place[one[0].id], one[1]["shown"], one[0].id))
        if node is not visited[-1][0]:
            visit_category(site, node.id)
        visible = seen["shown"]
        before = (
            ""
            if not in_place[node.id] or same(self.parent or top, node.parent)
            else f" (appelée « {self.parent} » au départ)"
        )
        observed = f"La catégorie « {node.name} » est sous « {node.parent} »{before}" + (
            "." if visible else ", mais un visiteur ne la voit pas."
        )
        shot = site.shot("la page de la catégorie", mark=site.page.locator("#js-product-list-header, .block-category"))
        met = visible and in_place[node.id]
        verdict = judged.likeness(self.name, [node.name]) if met else Verdict.NOT_MET
        if met and written_over(self.company, "categories", node.id, self.name):
            verdict, observed = Verdict.TO_JUDGE, f"{observed} C’est une catégorie de l’entreprise, réécrite."
        found = [Finding(place, verdict, expected, observed, (shot,))]
        if SEO in self.facts():
            kept = kept_seo(site, node)
            said = seen if visible else {**kept, "title": kept["title"] or node.name}
            found.append(seo(self.meta_title, self.meta_description, said, kept, shot))
        return found

    def _is_below(self, node: Node, top: str) -> bool:
        """Whether it stands below the wanted category, whatever another question called that one since."""
        renamed = node.above > 0 and node.above == category_number(self.company, self.parent)
        return renamed or same(self.parent or top, node.parent)

    def ways(self) -> Sequence[Act]:
        """The full form; the short one of a product's page, which puts that product in and knows no SEO."""

        def disabled_first(desk: Desk) -> None:
            self._make(desk, active=False)
            page = office(desk, "AdminCategories")
            if self.parent:
                page.locator("td.column-name a", has_text=self.parent).first.click()
                page.locator(".breadcrumb", has_text=self.parent).first.wait_for()
            row = page.locator("table tbody tr").filter(has=page.locator("td.column-name", has_text=self.name))
            with page.expect_response("**/toggle-status?*", timeout=LOADING):  # the page stays
                row.first.locator(".ps-togglable-row").click()

        def inside_the_parent(desk: Desk) -> None:
            self._make(desk, from_parent=True)

        def in_a_product(desk: Desk) -> None:
            page = open_product(desk, plain_product(desk.company)).page
            page.locator("#add-category-button").click()
            page.locator("#form_step1_new_category_name").fill(self.name)
            choose(page, "#form_step1_new_category_id_parent", self.parent or "Accueil")
            with page.expect_response(lambda answer: "/add/simple" in answer.url and answer.ok):
                page.locator("#form_step1_new_category_save").click()

        ways = [
            Act("le formulaire de la catégorie", self._make),
            Act("créée hors ligne, puis affichée dans la liste", disabled_first),
        ]
        if self.parent:
            ways.append(Act("depuis la liste de la catégorie parente", inside_the_parent))
            if SEO not in self.facts():
                ways.append(Act("« Créer une catégorie » dans la fiche d’un produit", in_a_product))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Elsewhere in the tree, not shown, under another name, not saved."""
        place = self.facts()[0]

        misses = [
            NearMiss("sous une autre catégorie", place, partial(self._make, elsewhere=True)),
            NearMiss("créée, mais non affichée", place, partial(self._make, active=False)),
            NearMiss("interdite aux visiteurs", place, partial(self._make, forbidden=True)),
            NearMiss("un autre nom", place, lambda desk: self.but(name="Nouvelle catégorie")._make(desk)),
            NearMiss("saisie sans enregistrer", place, partial(self._make, save=False)),
        ]
        if self.parent:
            misses.append(NearMiss("sous l’accueil", place, lambda desk: self.but(parent="")._make(desk)))
        if SEO in self.facts():
            swapped = self.but(meta_title=self.meta_description[:60], meta_description=self.meta_title)
            misses += [
                NearMiss(
                    "référencement oublié", SEO, lambda desk: self.but(meta_title="", meta_description="")._make(desk)
                ),
                NearMiss("titre et description intervertis", SEO, swapped._make),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """Below a category that another question gave another name."""

        def below_renamed(desk: Desk) -> None:
            self._make(desk)
            rename_category(desk, self.parent, f"{self.parent} de la maison")

        if not category_number(self.company, self.parent):
            return ()
        return (Road("catégorie parente renommée ensuite", SUBCATEGORY, below_renamed, Verdict.MET),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One of its own, with its SEO, and one below another."""
        return (
            cls(
                name="Gâteaux de voyage",
                meta_title="Gâteaux de voyage bretons",
                meta_description="Des gâteaux qui se gardent et s’emportent, cuits à Port-Lanvenez.",
            ),
            cls(name="Boîtes en métal", parent="Coffrets"),
        )

    def _make(
        self,
        desk: Desk,
        active: bool = True,
        elsewhere: bool = False,
        from_parent: bool = False,
        forbidden: bool = False,
        save: bool = True,
    ) -> None:
        """Fill the form of a new category."""
        page = office(desk, "AdminCategories")
        if from_parent:
            page.locator("td.column-name a", has_text=self.parent).first.click()
            page.locator(".breadcrumb", has_text=self.parent).first.wait_for()
        page.locator("#page-header-desc-configuration-add").click()
        page.locator("#category_name_1").press_sequentially(self.name)
        if not active:
            turn(page, "category_active_0")
        if not from_parent:
            labels = _unfolded(page)
            texts = [text.strip() for text in labels.all_inner_texts()]
            wanted = self.parent or texts[0]
            index = next(i for i, t in enumerate(texts) if same(t, wanted) != elsewhere and (i > 0 or not elsewhere))
            labels.nth(index).locator("input").check(force=True)  # 1.7.8 draws its button over it
        if forbidden:
            page.locator("label:has([name='category[group_association][]'][value='1'])").click()
        if self.meta_title:
            page.locator("#category_meta_title_1").fill(self.meta_title)
        if self.meta_description:
            page.locator("#category_meta_description_1").fill(self.meta_description)
        if save:
            with saving(page):
                page.locator("form[name=category] .card-footer button.btn-primary").click()


def _unfolded(page: Page) -> Locator:
    """The labels of the tree of categories, all shown; a click that comes before the page's scripts is lost."""
    labels = page.locator("#category_id_parent label")
    for _ in range(10):
        page.locator("#category_id_parent .js-toggle-choice-tree-action").click()
        with suppress(PlaywrightTimeout):
            labels.last.wait_for(timeout=1_000)
            break
    labels.last.wait_for()
    return labels


def seo_in_words(title: str, description: str) -> str:
    """What is asked of a category's page, in a sentence for each."""
    asked = {"Balise titre": title, "Méta-description": description}
    return " ".join(f"{what} : « {wanted} »." for what, wanted in asked.items() if wanted)


def seo(title: str, description: str, said: Mapping[str, str], kept: Mapping[str, str], *evidence: str) -> Finding:
    """Whether a category's page has this title tag and this meta description, where they are asked.

    What the page says (`title`, `meta`), and what of it is kept in the category's form.
    """
    results = []
    if title:
        results.append(judged.text(title, said["title"], "Balise titre", bool(kept["title"])))
    if description:
        results.append(judged.text(description, said["meta"], "Méta-description", bool(kept["meta"])))
    verdicts = [one[0] for one in results]
    worst = next((v for v in (Verdict.NOT_MET, Verdict.TO_JUDGE) if v in verdicts), Verdict.MET)
    return Finding(SEO, worst, " ".join(one[1] for one in results), " ".join(one[2] for one in results), evidence)
