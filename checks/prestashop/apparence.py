"""The look of the shop: how long a product counts as new."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.screens.office import office, saving
from provisioner.french.text import numbered
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, finding
from provisioner.subject.functionalities import fact

DAYS = fact("prestashop.apparence.nouveautes", "durée en jours")

_FIELD = "[id$=general_new_days_number]"


class NewProducts(Check, id="prestashop.apparence.new_products"):
    """Un produit est considéré comme nouveau pendant le nombre de jours demandé."""

    proves = (DAYS,)

    days: int = Field(ge=0, le=999, description="Le nombre de jours pendant lesquels un produit est nouveau.")

    def verify(self, site: Site) -> list[Finding]:
        """The setting, and the products that a visitor is then shown as new."""
        kept = looked_up(site, site.signed_in(), screen(site, "AdminPPreferences"), _KEPT, _FIELD)
        site.visit("/index.php?controller=new-products&resultsPerPage=1000")
        new = site.page.locator(".product-miniature").count()
        set_to = f"de {numbered(int(kept), 'jour')}" if (kept or "").isdigit() else f"« {kept} »" if kept else "vide"
        shown = f"montre {numbered(new, 'nouveauté')}" if new else "ne montre aucune nouveauté"
        return [
            finding(
                DAYS,
                kept == str(self.days),
                f"Un produit est nouveau pendant {numbered(self.days, 'jour')}.",
                f"Le réglage est {set_to} ; la boutique {shown}.",
                site.shot("les nouveautés", mark=site.page.locator("#products .product-miniature")),
            )
        ]

    def ways(self) -> Sequence[Act]:
        """There is one field for it; it is saved by its button or by the Enter key."""
        return (
            Act("Paramètres > Produits", lambda desk: _write(desk, _FIELD, self.days)),
            Act("Paramètres > Produits, touche Entrée", lambda desk: _write(desk, _FIELD, self.days, "enter")),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another number, the field below, and not saved."""
        return (
            NearMiss("le double", DAYS, lambda desk: _write(desk, _FIELD, self.days * 2 or 1)),
            NearMiss("un jour de plus", DAYS, lambda desk: _write(desk, _FIELD, self.days + 1)),
            NearMiss("modifié sans enregistrer", DAYS, lambda desk: _write(desk, _FIELD, self.days, "")),
            NearMiss(
                "nombre mis dans un autre champ",
                DAYS,
                lambda desk: _write(desk, "[id$=page_display_last_quantities]", self.days),
            ),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Fewer days, and more."""
        return (cls(days=10), cls(days=45))


def _write(desk: Desk, field: str, value: int, save: str = "button") -> None:
    page = office(desk, "AdminPPreferences")
    page.locator(field).fill(str(value))
    if not save:
        return
    with saving(page):
        if save == "enter":
            page.locator(field).press("Enter")
        else:
            page.locator(f"form:has({field}) button.btn-primary").first.click()


_KEPT = Script[str]("(page, field) => page.querySelector(field).getAttribute('value')")
