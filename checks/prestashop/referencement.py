"""What search engines read of a category that is there: its title tag, its description, its address."""

import re
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.prestashop.categories import SEO, seo
from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.addresses import address_in
from checks.prestashop.reading.category_tree import Node, category_tree, kept_seo, nodes_called, visit_category
from checks.prestashop.reading.naming import addressed
from checks.prestashop.reading.seeded import category_number, rows
from checks.prestashop.screens.disturbances import rename_category
from checks.prestashop.screens.office import LOADING, office, saving
from provisioner.french.text import same, slug_of
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict


class CategorySeo(Check, id="prestashop.referencement.category_seo"):
    """Une catégorie qui existe a la balise titre, la méta-description et l’adresse demandées."""

    proves = (SEO,)

    name: Annotated[str, Refers("categories.name")] = Field(min_length=1, description="Le nom de la catégorie.")
    meta_title: str = Field("", description="La balise titre, mot pour mot.")
    meta_description: str = Field("", description="La méta-description, mot pour mot.")
    address: str = Field("", pattern=r"^[a-z0-9-]*$", description="L’adresse simplifiée (URL), sans numéro.")

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.meta_title or self.meta_description or self.address):
            raise ValueError("il faut demander un titre, une description ou une adresse")
        return self

    def verify(self, site: Site) -> list[Finding]:
        """The category's page as it is served, or would be if it were shown; of namesakes, the better one counts."""
        nodes = nodes_called(self.company, category_tree(site), self.name)
        if not nodes:
            why = f"Aucune catégorie ne s’appelle « {self.name} »."
            site.visit("/")
            return [
                Finding(SEO, Verdict.NOT_MET, f"La catégorie « {self.name} » existe.", why, (site.shot("la boutique"),))
            ]
        findings = [self._of(site, node) for node in nodes]
        best = judged.best(one.verdict for one in findings)
        return [next(one for one in findings if one.verdict is best)]

    def _of(self, site: Site, node: Node) -> Finding:
        seen = visit_category(site, node.id)
        away = "" if seen["shown"] else " Un visiteur ne voit pas cette catégorie."
        kept = kept_seo(site, node)
        by_form = {**kept, "title": kept["title"] or node.name}
        said = {**seen, "address": address_in(site.page.url)} if seen["shown"] else by_form
        shot = site.shot("la page de la catégorie", mark=site.page.locator("#js-product-list-header, .block-category"))
        found = seo(self.meta_title, self.meta_description, said, kept, shot)
        verdict, expected, observed = found.verdict, found.expected, found.observed
        now = "" if same(self.name, node.name) else f" La catégorie s’appelle maintenant « {node.name} »."
        if self.address:
            right = addressed(self.address, said["address"])
            # The form of a category writes its address anew while somebody types its name.
            rewritten = right is Verdict.NOT_MET and now and said["address"] == slug_of(node.name)
            verdict = judged.worst([verdict, Verdict.TO_JUDGE if rewritten else right])
            expected = f"{expected} Adresse : « {self.address} »."
            observed += f" Adresse : « {said['address']} »." if said["address"] else " Aucune adresse simplifiée."
            now += " Changer le nom d’une catégorie change aussi son adresse." if rewritten else ""
        return Finding(SEO, verdict, expected.strip(), observed.strip() + away + now, (shot,))

    def ways(self) -> Sequence[Act]:
        """The category's form; what it asks done at once, or one thing after the other."""

        def one_by_one(desk: Desk) -> None:
            for field in ("meta_title", "meta_description", "address"):
                if value := getattr(self, field):
                    self.like(name=self.name, **{field: value})._write(desk)

        return (
            Act("le formulaire de la catégorie", self._write),
            Act("le même formulaire, en plusieurs fois", one_by_one),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another category, one field in the other, not saved, in the category's own description."""
        other = next(row["name"] for _, row in rows(self.company, "categories") if not same(self.name, row["name"]))
        misses = [
            NearMiss("saisi sans enregistrer", SEO, lambda desk: self._write(desk, save=False)),
            NearMiss("une autre catégorie", SEO, self.but(name=other)._write),
        ]
        if self.meta_title and self.meta_description:
            crossed = self.but(meta_title=self.meta_description[:60], meta_description=self.meta_title)
            misses.append(NearMiss("titre et description intervertis", SEO, crossed._write))
        if self.meta_description and (self.meta_title or self.address):
            misses.append(NearMiss("sans méta-description", SEO, self.but(meta_description="")._write))
        if self.address and (self.meta_title or self.meta_description):
            misses.append(NearMiss("adresse laissée", SEO, self.but(address="")._write))
        return misses

    def roads(self) -> Sequence[Road]:
        """The category got another name since."""

        def renamed(desk: Desk) -> None:
            self._write(desk)
            rename_category(desk, self.name, f"{self.name} de la maison")

        if not category_number(self.company, self.name):
            return ()
        return (Road("catégorie renommée ensuite", SEO, renamed, Verdict.TO_JUDGE if self.address else Verdict.MET),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """All three; without the address."""
        return (
            cls(
                name="Sablés",
                meta_title="Sablés bretons au beurre de baratte",
                meta_description="Nature, citron ou chocolat : nos sablés croquants, cuits chaque matin dans le Finistère.",
                address="sables-bretons",
            ),
            cls(name="Coffrets", meta_title="Coffrets de biscuits bretons à offrir"),
        )

    def _write(self, desk: Desk, save: bool = True) -> None:
        page = office(desk, "AdminCategories")
        exact = re.compile(rf"^\s*{re.escape(self.name)}\s*$")
        row = page.locator("table tbody tr", has=page.locator("td.column-name", has_text=exact)).first
        page.goto(row.locator("a[href*='/edit']").first.evaluate("a => a.href"), timeout=LOADING)
        for field, text in (
            ("meta_title", self.meta_title),
            ("meta_description", self.meta_description),
            ("link_rewrite", self.address),
        ):
            if text:
                page.locator(f"#category_{field}_1").fill(text)
        if save:
            with saving(page):
                page.locator("form[name=category] .card-footer button.btn-primary").click()
