"""Products that the shop sells no longer: deleted, or put away."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from checks.prestashop.reading import seeded
from checks.prestashop.reading.naming import is_surely
from checks.prestashop.reading.shop import Row, catalogue, is_hidden
from checks.prestashop.screens.disturbances import close_categories
from checks.prestashop.screens.product import open_product
from checks.prestashop.screens.product_lists import act_in_bulk, delete_in_list, toggle_in_list
from provisioner.french.text import quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

REMOVED = fact("prestashop.contenu.produit", "supprimer ou désactiver")


class ProductRemoved(Check, id="prestashop.contenu.product_removed"):
    """Un produit n’est plus vendu : il est supprimé, ou désactivé en gardant sa fiche.

    Quand un autre produit de l’entreprise n’est plus en vente, c’est à apprécier : n’en demandez qu’un par sujet.
    """

    proves = (REMOVED,)

    name: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le nom du produit.")
    how: Literal["supprimé", "désactivé", "l’un ou l’autre"] = Field(
        description="S’il doit être supprimé, désactivé (sa fiche reste), ou l’un ou l’autre."
    )

    def verify(self, site: Site) -> list[Finding]:
        """The catalogue, and what a visitor finds at the product's address."""
        known = catalogue(site)
        rows = [row for row in known if is_surely(self.company, self.name, row)]  # renamed, it is still there
        seen = False
        for row in rows:
            site.visit(f"/index.php?controller=product&id_product={row.id}")
            if site.page.locator(f"body#product #product_page_product_id[value='{row.id}']").count():
                seen = True
                break
        if not rows:
            site.visit("/index.php?controller=sitemap")
        on_sale = [row for row in rows if row.active]
        states = {"supprimé": not rows, "désactivé": bool(rows) and not seen, "l’un ou l’autre": not seen}
        observed = (
            "Le produit n’est plus dans le catalogue : il est supprimé."
            if not rows
            else (
                "Un visiteur voit encore le produit."
                if seen
                else "La fiche du produit existe encore, mais aucun visiteur ne voit le produit."
            )
        )
        expected = f"Le produit « {self.name} » est {self.how.replace('l’un ou l’autre', 'supprimé ou désactivé')}."
        verdict = Verdict.MET if states[self.how] else Verdict.NOT_MET
        if verdict is Verdict.MET and on_sale:
            verdict = Verdict.TO_JUDGE
            observed = "Le produit est toujours en ligne, mais sa page est fermée aux visiteurs."
        if seen and self.how != "supprimé" and all(is_hidden(site, row) for row in on_sale):
            verdict = Verdict.TO_JUDGE
            observed = "Un visiteur voit le produit à son adresse, mais ni dans le catalogue ni dans la recherche."
        if rows and not any(same(self.name, row.name) for row in rows):
            observed += f" Le produit s’appelle maintenant « {rows[0].name} »."
        if verdict is Verdict.MET and (lost := self._lost(known)):  # another question may have asked it
            verdict = Verdict.TO_JUDGE
            observed += f" Autres produits de l’entreprise qui ne sont plus en vente : {quoted(lost)}."
        return [Finding(REMOVED, verdict, expected, observed, (site.shot("ce qu’un visiteur voit"),))]

    def _lost(self, known: Sequence[Row]) -> list[str]:
        """The company's other products that were online before the work, and are put away or deleted now."""
        online = {row.id for row in known if row.active}
        others = [
            (number, one) for number, one in seeded.rows(self.company, "products") if not same(self.name, one["name"])
        ]
        return [one["name"] for number, one in others if one.get("active", True) and number not in online]

    def ways(self) -> Sequence[Act]:
        """Its row, its sheet, and the action on those that are ticked, to delete it or to put it away."""
        deleting = [
            Act("supprimé dans la liste", lambda desk: delete_in_list(desk, self.name)),
            Act("supprimé par action groupée", lambda desk: act_in_bulk(desk, self.name, "delete_all")),
            Act("supprimé depuis sa fiche", lambda desk: open_product(desk, self.name).delete()),
        ]
        putting_away = [
            Act("désactivé dans la liste", lambda desk: toggle_in_list(desk, self.name)),
            Act("désactivé par action groupée", lambda desk: act_in_bulk(desk, self.name, "deactivate_all")),
            Act("désactivé depuis sa fiche", lambda desk: open_product(desk, self.name).online(False)),
        ]
        return {"supprimé": deleting, "désactivé": putting_away}.get(self.how, [deleting[0], putting_away[0]])

    def near_misses(self) -> Sequence[NearMiss]:
        """Another one, given up, renamed or sold out instead, the other of the two."""

        def renamed(desk: Desk) -> None:
            sheet = open_product(desk, self.name)
            sheet.rename(f"{self.name} (retiré)")
            sheet.save()

        def sold_out(desk: Desk) -> None:
            sheet = open_product(desk, self.name)
            sheet.quantity(0)
            sheet.save()

        def twice(desk: Desk) -> None:
            toggle_in_list(desk, self.name)
            toggle_in_list(desk, self.name)

        def other(act: Callable[[Desk, str], None]) -> Callable[[Desk], None]:
            return lambda desk: act(desk, seeded.plain_product(desk.company, self.name))

        misses = [
            NearMiss("stock mis à zéro, mais toujours en vente", REMOVED, sold_out),
            NearMiss("renommé, mais toujours en vente", REMOVED, renamed),
        ]
        if self.how != "désactivé":
            misses.append(NearMiss("un autre produit supprimé", REMOVED, other(delete_in_list)))
            misses.append(NearMiss("suppression annulée", REMOVED, lambda desk: delete_in_list(desk, self.name, False)))
        else:
            misses.append(NearMiss("un autre produit désactivé", REMOVED, other(toggle_in_list)))
            misses.append(NearMiss("désactivé, puis réactivé", REMOVED, twice))
            misses.append(NearMiss("supprimé avec sa fiche", REMOVED, lambda desk: delete_in_list(desk, self.name)))
        if self.how == "supprimé":
            misses.append(NearMiss("désactivé seulement", REMOVED, lambda desk: toggle_in_list(desk, self.name)))
        return misses

    def roads(self) -> Sequence[Road]:
        """On sale still, and no visitor may see it, since its categories were taken from them."""
        own = seeded.categories_of(self.company, seeded.seeded_number(self.company, self.name))
        if self.how == "supprimé" or not own:
            return ()
        return (Road("ses catégories fermées aux visiteurs", REMOVED, lambda desk: close_categories(desk, own)),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One to delete, one to put away."""
        return (
            cls(name="Cracker aux graines de lin", how="supprimé"),
            cls(name="Bol du petit-déjeuner", how="désactivé"),
        )
