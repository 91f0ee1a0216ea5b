"""Stocks: a number that an inventory corrects, and the one at which the shop is warned."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.prestashop.reading import product_verdicts
from checks.prestashop.reading.naming import missing, named
from checks.prestashop.reading.sales import with_sales
from checks.prestashop.reading.seeded import in_variants, rows
from checks.prestashop.reading.shop import Product, Row, catalogue
from checks.prestashop.reading.stock_levels import Line, stock_lines
from checks.prestashop.reading.variants import Variant
from checks.prestashop.screens.disturbances import rename_attribute
from checks.prestashop.screens.office import type_over
from checks.prestashop.screens.product import open_product
from checks.prestashop.screens.stock_page import correct
from provisioner.french.text import fold, numbered
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, finding
from provisioner.subject.functionalities import fact

QUANTITY = fact("prestashop.contenu.stocks", "quantité corrigée")
THRESHOLD = fact("prestashop.contenu.stocks", "seuil d’alerte")


class Stock(Check, id="prestashop.contenu.stock"):
    """Le stock d’un produit, ou d’une de ses déclinaisons, est corrigé ; il a un seuil d’alerte."""

    proves = (QUANTITY, THRESHOLD)

    product: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le nom du produit.")
    of: dict[str, str] = Field(
        default_factory=dict,
        description='Les valeurs de la déclinaison, si le produit en a, par exemple { Poids = "300 g" }.',
    )
    quantity: int | None = Field(None, ge=0, description="Le stock, après correction ; absent si non demandé.")
    threshold: int | None = Field(None, ge=1, description="Le seuil du stock bas ; absent si non demandé.")

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.facts():
            raise ValueError("il faut demander un stock ou un seuil")
        if not self.of and in_variants(self.company, self.product):
            raise ValueError(f"« {self.product} » a des déclinaisons : dites de laquelle, dans of")
        return self

    def facts(self) -> tuple[str, ...]:
        """What is asked."""
        asked = {QUANTITY: self.quantity is not None, THRESHOLD: self.threshold is not None}
        return tuple(one for one, wanted in asked.items() if wanted)

    def verify(self, site: Site) -> list[Finding]:
        """What the stocks page holds: the shop shows no visitor how many there are."""
        row = named(self.company, catalogue(site), self.product)
        lines = stock_lines(site, row) if row else []
        line = line_of(self.of, lines)
        note = site.note("le stock", "\n".join(map(str, lines)) or "aucune ligne")
        what = self._what()
        expected = {
            QUANTITY: f"Le stock du produit {what} est de {self.quantity}.",
            THRESHOLD: f"Le seuil d’alerte du produit {what} est de {self.threshold}.",
        }
        if row is None or line is None:
            why = f"La page des stocks n’a pas de ligne pour le produit {what}." if row else missing(self.product)
            if lines and not self.of:
                why = f"Le produit {what} a maintenant {numbered(len(lines), 'déclinaison')}, et n’a plus de ligne à lui seul."
            found = [Finding(one, Verdict.NOT_MET, expected[one], why, (note,)) for one in self.facts()]
            return [self._by_variants(one, lines) for one in found]
        found = []
        if self.quantity is not None:
            sold = self._sold(site, row, line) if line.available < self.quantity else 0
            seen = f"Le stock est de {line.in_words}"
            seen += f", après {numbered(sold, 'article commandé', 'articles commandés')} le jour même." if sold else "."
            verdict = counted(self.quantity, line, sold)
            found.append(Finding(QUANTITY, verdict, expected[QUANTITY], seen, (note,)))
        if self.threshold is not None:
            there = line.threshold is not None
            seen = f"Le seuil d’alerte est de {line.threshold}." if there else "Il n’y a pas de seuil d’alerte."
            found.append(finding(THRESHOLD, line.threshold == self.threshold, expected[THRESHOLD], seen, note))
        return found

    def _by_variants(self, found: Finding, lines: Sequence[Line]) -> Finding:
        """The finding on a plain product that is in variants now; where they are as many together, a person says."""
        if found.fact != QUANTITY or self.of or not lines:
            return found
        total, physical = sum(one.available for one in lines), sum(one.physical for one in lines)
        right = self.quantity in (total, physical)
        reserved = f" ({physical} avec ce que des commandes réservent)" if physical != total else ""
        seen = f"Le produit a maintenant {numbered(len(lines), 'déclinaison')}, dont le stock est de {total} en tout{reserved}."
        return replace(found, verdict=Verdict.TO_JUDGE if right else Verdict.NOT_MET, observed=seen)

    def _sold(self, site: Site, row: Row, line: Line) -> int:
        """How many were ordered on the day when the work stopped: an order that tried the shop took them."""
        variants = (Variant(of=dict(line.of)),) if line.of else ()
        seen = with_sales(site, Product(id=row.id, variants=variants))
        return seen.variants[0].sold if line.of else seen.sold

    def _what(self) -> str:
        values = ", ".join(self.of.values())
        return f"« {self.product} »" + (f" ({values})" if values else "")

    def ways(self) -> Sequence[Act]:
        """The product's sheet for all of it, by each place where it has the number; the stocks page for what it can do."""
        ways = [Act("la fiche du produit", lambda desk: self._on_sheet(desk, self.quantity, self.threshold))]
        if self.of:
            ways.append(Act("actions groupées des déclinaisons", self._in_bulk))
        elif self.quantity is not None:
            ways.append(Act("la quantité du premier onglet de la fiche", self._in_first_tab))
        if self.quantity is not None:
            ways += [
                Act("la page des stocks", partial(self._on_stocks_page, bulk=False)),
                Act("modification groupée de la page des stocks", partial(self._on_stocks_page, bulk=True)),
            ]
        return ways

    def _on_stocks_page(self, desk: Desk, bulk: bool) -> None:
        """The quantity on the stocks page, the threshold on the product's sheet."""
        if self.quantity is not None:
            correct(desk, self.product, self.of, self.quantity, bulk)
        if self.threshold is not None:
            self._on_sheet(desk, None, self.threshold)

    def _in_bulk(self, desk: Desk) -> None:
        asked = {"quantity": self.quantity, "low_stock_threshold": self.threshold}
        values = {field: str(value) for field, value in asked.items() if value is not None}
        open_product(desk, self.product).change_in_bulk([self.of], values)

    def _in_first_tab(self, desk: Desk) -> None:
        sheet = open_product(desk, self.product)
        sheet.quantity(self.quantity or 0)
        sheet.save()
        if self.threshold is not None:
            self._on_sheet(desk, None, self.threshold)

    def near_misses(self) -> Sequence[NearMiss]:
        """One too many, the inventory's number added, the other number, not saved."""
        sheet, asked = self._on_sheet, self.facts()
        quantity, threshold = self.quantity or 0, self.threshold or 1
        misses = [
            NearMiss("un de plus", QUANTITY, lambda desk: sheet(desk, quantity + 1, None)),
            NearMiss("un autre seuil", THRESHOLD, lambda desk: sheet(desk, None, threshold + 5)),
        ]
        if self.of:
            misses += [
                NearMiss("une autre déclinaison", which, lambda desk: sheet(desk, quantity, threshold, other=True))
                for which in (QUANTITY, THRESHOLD)
            ]
            return [miss for miss in misses if miss.fact in asked]
        misses += [
            NearMiss("saisi sans enregistrer", QUANTITY, lambda desk: sheet(desk, quantity, None, save=False)),
            NearMiss(
                "nombre de l’inventaire ajouté à ce qu’il y avait",
                QUANTITY,
                lambda desk: correct(desk, self.product, self.of, quantity, subtracted=False),
            ),
            NearMiss("nombre mis dans le seuil", QUANTITY, lambda desk: sheet(desk, None, quantity or 1)),
            NearMiss("seuil non enregistré", THRESHOLD, lambda desk: sheet(desk, None, threshold, save=False)),
            NearMiss("seuil mis dans le stock", THRESHOLD, lambda desk: sheet(desk, threshold, None)),
        ]
        return [miss for miss in misses if miss.fact in asked]

    def roads(self) -> Sequence[Road]:
        """The variant's attribute got another name since; the stock of a plain product spread over variants."""

        def renamed(desk: Desk) -> None:
            self._on_sheet(desk, self.quantity, self.threshold)
            rename_attribute(desk, next(iter(self.of)))

        def spread(desk: Desk) -> None:
            attribute = next(row for _, row in rows(desk.company, "attributes") if len(row["values"]) > 1)
            name, (first, second, *_) = attribute["name"], attribute["values"]
            sheet = open_product(desk, self.product)
            sheet.combine({name: (first, second)})
            sheet.variant({name: first}).quantity((self.quantity or 0) - 1)
            sheet.variant({name: second}).quantity(1)
            sheet.save()

        if self.of:
            return tuple(Road("attribut renommé ensuite", one, renamed, Verdict.MET) for one in self.facts())
        return (Road("stock réparti entre des déclinaisons créées", QUANTITY, spread),) if self.quantity else ()

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A plain product with its threshold, and a variant."""
        return (
            cls(product="Sablé aux pépites de chocolat", quantity=40, threshold=8),
            cls(product="Palet pur beurre", of={"Poids": "300 g"}, quantity=64, threshold=10),
        )

    def _on_sheet(
        self, desk: Desk, quantity: int | None, threshold: int | None, save: bool = True, other: bool = False
    ) -> None:
        sheet = open_product(desk, self.product)
        if self.of:
            row = sheet.variant(self.of, other)
            if quantity is not None:
                row.quantity(quantity)
            if threshold is not None:
                row.threshold(threshold)
        else:
            sheet.tab(3)
            for field, value in (("qty_0", quantity), ("low_stock_threshold", threshold)):
                if value is not None:
                    type_over(sheet.page, f"#form_step3_{field}", str(value))
        if save:
            sheet.save()


def line_of(of: dict[str, str], lines: Sequence[Line]) -> Line | None:
    """The line of the variant with these values; of a product without any, its only line.

    Where an attribute got another name since, the values alone tell which variant it is.
    """
    wanted = {(fold(attribute), fold(value)) for attribute, value in of.items()}
    values = sorted(value for _, value in wanted)
    alike = [line for line in lines if sorted(value for _, value in line.of) == values]
    exactly = next((line for line in lines if line.of == wanted), None)
    return exactly or (alike[0] if of and len(alike) == 1 else None)


def counted(wanted: int, line: Line, sold: int = 0) -> Verdict:
    """Whether so many are in stock: an inventory counts those that orders reserve, the product's sheet doesn't.

    What was `sold` on that day, to try the shop, counts as if it were there.
    """
    if wanted == line.physical:
        return Verdict.MET
    return product_verdicts.quantity_verdict(wanted, Product(quantity=line.available, sold=sold))
