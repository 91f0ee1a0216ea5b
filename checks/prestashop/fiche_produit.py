"""A product's sheet: what it says, costs and is made of, who delivers it, and whether it is online."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Self

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading import sale_verdicts as sold
from checks.prestashop.reading import variant_verdicts as varied
from checks.prestashop.reading.answers import open_screen, screen
from checks.prestashop.reading.money import euros
from checks.prestashop.reading.naming import missing, named, nearly_named, newest_off_line
from checks.prestashop.reading.product_verdicts import (
    ASSOCIATED,
    BRAND,
    CARRIER,
    CATEGORY,
    COMBINATIONS,
    DEFAULT_CATEGORY,
    IMPACT_HT,
    IMPACT_TTC,
    KEYWORDS,
    META,
    NAME,
    OFFLINE,
    ONLINE,
    PRICE,
    QUANTITIES,
    STOCK,
    TEXTS,
    TITLE,
    WEB_ONLY,
    WHEN_OUT,
    Judged,
)
from checks.prestashop.reading.sales import with_sales
from checks.prestashop.reading.seeded import names, seeded_number
from checks.prestashop.reading.shop import Product, Row, catalogue, read_product
from checks.prestashop.reading.stock_levels import own_stock
from checks.prestashop.screens import product_acts, product_near_misses, product_roads
from checks.prestashop.screens.office import coloured
from checks.prestashop.screens.product import open_product
from checks.prestashop.screens.wanted_product import VariantWanted, WantedProduct
from provisioner.subject.check import Act, Desk, Finding, NearMiss, Road, Site, Verdict

#: What is read on the product's page, and nowhere in the back office.
_ON_PAGE = (TEXTS, PRICE, COMBINATIONS, QUANTITIES, IMPACT_TTC, IMPACT_HT, STOCK, WHEN_OUT, WEB_ONLY, KEYWORDS)

_SEVERAL = "Plusieurs produits hors ligne s’appellent"


class ProductSheet(WantedProduct, id="prestashop.contenu.product_sheet"):
    """Une fiche produit est créée ou complétée : textes, prix, déclinaisons, livraison, référencement, mise en ligne."""

    def verify(self, site: Site) -> list[Finding]:
        """The page as a visitor sees it, or would if it were online; the back office for what no page shows."""
        row, guess = self._meant(catalogue(site))
        if row is None:
            shot = site.shot("le catalogue", open_screen(site, screen(site, "AdminProducts")))
            expected = {one: judge(Product())[1] for one, judge in self._judgements().items()}
            return [Finding(one, Verdict.NOT_MET, expected[one], missing(self.name), (shot,)) for one in self.facts()]
        seen = read_product(site, row)
        if seen.pack and self.quantity is not None:
            seen = own_stock(site, row, seen)
        if varied.is_short(self.variants, self.quantity, seen):
            seen = with_sales(site, seen)
        shot = site.shot("la page du produit, vue par un visiteur")
        judgements = self._judgements()
        found = [Finding(one, *judgements[one](seen), (shot,)) for one in self.facts()]
        if seen.closed:
            found = [_unseen(one, row) for one in found]
        if not guess:
            return found
        sure = (ONLINE, OFFLINE) if guess.startswith(_SEVERAL) else ()  # whichever is meant
        told = [replace(one, observed=guess + one.observed) for one in found]
        return [one if one.fact in sure else replace(one, verdict=Verdict.TO_JUDGE) for one in told]

    def _meant(self, rows: Sequence[Row]) -> tuple[Row | None, str]:
        """The product that this is about; and where a person has to say whether it is, why."""
        row = named(self.company, rows, self.name)
        renamed = named(self.company, rows, self.rename) if self.rename else None
        if renamed is not None:
            left = row is not None and row.id == seeded_number(self.company, self.name) != renamed.id
            return (
                renamed,
                f"« {self.name} » est toujours là ; ce qui suit concerne un autre produit, « {renamed.name} ». "
                if left
                else "",
            )
        if row is not None:
            newest = newest_off_line(rows, row)
            several = f"{_SEVERAL} « {row.name} » ; ce qui suit concerne le plus récent. " if newest else ""
            return newest or row, several
        row = (nearly_named(self.company, rows, self.rename) if self.rename else None) or nearly_named(
            self.company, rows, self.name
        )
        if row is None or NAME in self.facts():  # a slip in the name costs nothing else
            return row, ""
        return row, f"Aucun produit ne s’appelle « {self.name} » ; ce qui suit concerne « {row.name} ». "

    def _judgements(self) -> dict[str, Callable[[Product], Judged]]:
        """How each fact that is asked is judged."""
        return {
            NAME: lambda seen: judged.name(self.company, self.rename or self.name, seen, self.new),
            TEXTS: lambda seen: judged.texts(self.characters, self.elements, seen),
            PRICE: lambda seen: self._unless_sold_so(
                sold.price(self.price or Decimal(0), self.price_in, self.vat or Decimal(0), seen), seen
            ),
            COMBINATIONS: lambda seen: varied.combinations(self.company, self.variants, seen),
            QUANTITIES: lambda seen: varied.quantities(self.company, self.variants, seen),
            IMPACT_TTC: lambda seen: self._unless_sold_so(
                varied.impacts(
                    self.company, self.variants, "TTC", seen, self.price if self.price_in == "TTC" else None
                ),
                seen,
            ),
            IMPACT_HT: lambda seen: self._unless_sold_so(varied.impacts(self.company, self.variants, "HT", seen), seen),
            STOCK: lambda seen: judged.stock(self.quantity or 0, seen),
            WHEN_OUT: lambda seen: sold.when_out(self.order_when_out is True, seen),
            WEB_ONLY: lambda seen: judged.yes_or_no(
                self.web_only is True,
                seen.web_only,
                "Le produit est une exclusivité web",
                "Le produit n’est pas une exclusivité web",
            ),
            CARRIER: lambda seen: judged.exactly(
                self.carriers,
                seen.carriers,
                "Transporteurs",
                "Aucun transporteur n’est choisi : tous livrent le produit",
                names(self.company, "carriers"),
            ),
            CATEGORY: lambda seen: judged.among(
                self.categories, seen.categories, "Catégories", "Aucune catégorie", names(self.company, "categories")
            ),
            DEFAULT_CATEGORY: lambda seen: judged.picked(
                self.company, self.default_category, seen.default_category, "Catégorie principale", "categories"
            ),
            BRAND: lambda seen: judged.picked(self.company, self.brand, seen.brand, "Marque", "brands"),
            ASSOCIATED: lambda seen: judged.among(
                self.associated,
                seen.associated,
                "Produits associés",
                "Aucun produit associé",
                names(self.company, "products"),
            ),
            TITLE: lambda seen: judged.text(self.meta_title, seen.title, "Balise titre", "title" in seen.filled),
            META: lambda seen: judged.text(self.meta_description, seen.meta, "Méta-description", "meta" in seen.filled),
            KEYWORDS: lambda seen: judged.keywords(self.company, self.address, self.tags, seen),
            ONLINE: lambda seen: judged.online(True, seen),
            OFFLINE: lambda seen: judged.online(False, seen),
        }

    def _unless_sold_so(self, found: Judged, seen: Product) -> Judged:
        """What was found of the price or of its impacts; where each variant is sold at the price asked, a person says."""
        verdict, expected, observed = found
        if verdict is not Verdict.NOT_MET or self.price is None or seen.rate != self.vat:
            return found
        due = varied.prices_due(self.company, self.variants, self.price, self.price_in, self.impacts_in, seen)
        if not due:
            return found
        said = all(euros(one.price) in observed for one in due)
        each = "" if said else " : " + " ; ".join(f"« {one} », {euros(one.price)} TTC" for one in due)
        return Verdict.TO_JUDGE, expected, f"{observed} Chaque déclinaison est pourtant vendue au prix demandé{each}."

    def ways(self) -> Sequence[Act]:
        """All on the product page, or with the lists of stocks and of products and the pricing tab."""
        return product_acts.ways(self)

    def near_misses(self) -> Sequence[NearMiss]:
        """Each fact almost right, done alone: what else is missing changes nothing to it."""
        return product_near_misses.near_misses(self)

    def roads(self) -> Sequence[Road]:
        """Texts in white on the white of the page; another count of the price; what another question changes."""

        def white(desk: Desk) -> None:
            sheet = open_product(desk, self.name)
            wanted = ", ".join(self.elements)
            text = f"{wanted}. {'Une boîte du phare, garnie à la main et fermée. ' * 9}"[
                : (self.characters or (200, 200))[0] + 20
            ]
            for which in ("description_short", "description"):
                sheet.write(which, text)
                coloured(sheet.page, f"form_step1_{which}_1")
            sheet.online()
            sheet.save()

        asked = self.elements and not self.new
        unseen = [Road("textes écrits en blanc sur blanc", TEXTS, white)] if asked else []
        return [*unseen, *product_roads.roads(self)]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A sheet with variants, priced without tax, and one without; a new product; one at 20 %, to take off line."""
        return (
            cls(
                name="Boîte phare",
                characters=(200, 300),
                elements=("beurre de baratte", "22 cm"),
                price=Decimal("12.20"),
                price_in="HT",
                vat=Decimal("5.5"),
                impacts_in="HT",
                variants=tuple(
                    VariantWanted(of={"Poids": weight}, quantity=stock, impact=Decimal(impact))
                    for weight, stock, impact in (("300 g", 40, "0"), ("500 g", 25, "4.20"))
                ),
                carriers=("Mer et Colis Relais", "Mer et Colis Domicile"),
                brand="Biscuiterie des Trois Ajoncs",
                associated=("Palet pur beurre",),
                meta_title="Boîte phare remplie de palets",
                online=True,
            ),
            cls(
                name="Cracker au sarrasin et à la fleur de sel",
                price=Decimal("3.95"),
                vat=Decimal("5.5"),
                quantity=80,
                order_when_out=True,
                web_only=True,
                tags=("apéritif", "sarrasin"),
                categories=("Coffrets",),
                default_category="Coffrets",
                meta_description="Des crackers au sarrasin du Finistère, relevés de fleur de sel.",
                address="cracker-sarrasin-sel",
            ),
            cls(
                name="Palet de la Saint-Jean",
                new=True,
                variants=(
                    VariantWanted(of={"Poids": "300 g"}),
                    VariantWanted(of={"Poids": "500 g"}, impact=Decimal("4.50"), default=True),
                ),
                price=Decimal("12.90"),
                vat=Decimal("5.5"),
            ),
            cls(
                name="Bol du petit-déjeuner",
                rename="Bol à palets",
                price=Decimal("14.90"),
                vat=Decimal(20),
                online=False,
            ),
        )


def _unseen(found: Finding, row: Row) -> Finding:
    """The finding on a product whose page is closed to visitors: what only that page says is for a person."""
    if found.fact not in _ON_PAGE and not (found.fact in (ONLINE, OFFLINE) and row.active):
        return found
    why = "La boutique ferme la page de ce produit aux visiteurs, qui n’ont accès à aucune de ses catégories."
    return replace(found, verdict=Verdict.TO_JUDGE, observed=why)
