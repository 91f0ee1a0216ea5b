"""Packs: products sold together, how many of each, and how many packs there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.answers import Forbidden, Script, looked_up
from checks.prestashop.reading.naming import is_surely, missing, named, nearly_named
from checks.prestashop.reading.pack_contents import ItemSeen, ItemWanted, counts, holds_exactly, is_item, labelled
from checks.prestashop.reading.sales import with_sales
from checks.prestashop.reading.seeded import categories_of, packed, plain_product, seeded_number, written_over
from checks.prestashop.reading.shop import Product, catalogue
from checks.prestashop.reading.stock_levels import own_stock
from checks.prestashop.screens.disturbances import close_categories, rename_attribute
from checks.prestashop.screens.office import type_over
from checks.prestashop.screens.product import ProductPage, copy_of_product, new_product, open_product
from provisioner.french.text import fold, numbered, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

CONTENT = fact("prestashop.contenu.pack", "pack et contenu")
QUANTITIES = fact("prestashop.contenu.pack", "quantités du pack")


class Pack(Check, id="prestashop.contenu.pack"):
    """Un pack réunit les produits demandés, en nombre demandé."""

    proves = (CONTENT, QUANTITIES)

    name: WantedText = Field(description="Le nom du pack.")
    new: bool = Field(True, description="Si le produit est à créer ; false quand sa fiche existe.")
    contents: tuple[ItemWanted, ...] = Field(
        min_length=1, description="Les produits du pack, tous : ni plus, ni moins."
    )
    stock: int | None = Field(
        None,
        ge=0,
        description="Combien de packs sont en stock, tel que saisi : ce que décrémente une commande n’est pas examiné. "
        "Absent si non demandé.",
    )

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len({(fold(one.product), str(sorted(one.of.items()))) for one in self.contents}) < len(self.contents):
            raise ValueError("un produit est deux fois dans le pack")
        return self

    def makes(self) -> Sequence[str]:
        """The pack itself."""
        return (self.name,)

    def verify(self, site: Site) -> list[Finding]:
        """The pack's page as a visitor sees it, or would if it were online."""
        rows = catalogue(site)
        row = named(self.company, rows, self.name) or nearly_named(self.company, rows, self.name)
        seen: list[ItemSeen] = []
        stock = Product()
        observed = missing(self.name)
        closed = False
        if row is not None:
            try:
                items = looked_up(site, site.page, site.address + row.path, _CONTENTS) or []
            except Forbidden:
                closed, items = looked_up(site, site.signed_in(), row.edit, _IS_PACK), []
            seen = [ItemSeen(one["name"], int(one["quantity"])) for one in items]
            if seen and self.stock is not None:
                stock = own_stock(site, row, Product(id=row.id))
                if stock.quantity < self.stock:
                    stock = with_sales(site, stock)
            site.visit(row.path)
            listed = " ; ".join(map(str, seen))
            observed = f"Le pack contient : {listed}." if seen else f"« {row.name} » n’est pas un pack."
            shut = (
                f"« {row.name} » est un pack, mais sa page est fermée aux visiteurs : son contenu n’a pas pu être vu."
            )
            observed = shut if closed else observed
        shot = site.shot("la page du pack", mark=site.page.locator(".product-pack"))
        said = " ; ".join(f"{one.quantity} × « {labelled(one)} »" for one in self.contents)
        counted, wanted_stock, in_all = counts(self.contents, seen, packed(self.company, row.id) if row else ()), "", ""
        if self.stock is not None:
            of_packs, _, told = judged.stock(self.stock, stock)
            counted, wanted_stock = judged.worst([counted, of_packs]), f" ; {numbered(self.stock, 'pack')} en stock"
            in_all = f" {told}" if seen else ""
        old = self.new and row is not None and written_over(self.company, "products", row.id, row.name)
        made = Verdict.TO_JUDGE if old else Verdict.MET
        found = [
            Finding(
                CONTENT,
                made if holds_exactly(self.contents, seen) else Verdict.NOT_MET,
                f"Le pack « {self.name} » réunit : {quoted([labelled(one) for one in self.contents])}.",
                observed + (" C’est un produit de l’entreprise, réécrit." if old else ""),
                (shot,),
            ),
            Finding(
                QUANTITIES,
                counted,
                f"Le pack contient : {said}{wanted_stock}.",
                observed + in_all,
                (shot,),
            ),
        ]
        if closed:
            return [replace(one, verdict=Verdict.TO_JUDGE) for one in found]
        if row is None or is_surely(self.company, self.name, row):
            return found
        guess = f"Aucun produit ne s’appelle « {self.name} » ; ce qui suit concerne « {row.name} ». "
        return [replace(one, verdict=Verdict.TO_JUDGE, observed=guess + one.observed) for one in found]

    def ways(self) -> Sequence[Act]:
        """The pack's sheet, at once or its stock on the other tab; another choice of what orders take; a copy, changed."""

        def in_two(desk: Desk) -> None:
            self.but(stock=None)._make(desk)
            page = open_product(desk, self.name)
            if self.stock is not None:
                _stock(page, self.stock)
            page.save()

        ways = [
            Act("la fiche du pack", self._make),
            Act("le contenu, puis le stock par l’onglet des quantités", in_two),
        ]
        if self.stock is not None:
            ways.append(
                Act("les produits du pack décrémentés à sa place", lambda desk: self._make(desk, takes_products=True))
            )
        if self.new:
            ways.append(Act("un produit dupliqué, puis changé", lambda desk: self._make(desk, copy=True)))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """A plain product, another one in it, one missing, one too many; other quantities."""
        first, *rest = self.contents
        more = first.model_copy(update={"quantity": first.quantity + 1})

        def but(contents: Sequence[ItemWanted], **more: object) -> Callable[[Desk], None]:
            return self.but(contents=[one.model_dump() for one in contents], **more)._make

        misses = [
            NearMiss("produit simple au lieu d’un pack", CONTENT, self._plain),
            NearMiss("un produit de trop", CONTENT, lambda desk: self._make(desk, too_many=True)),
            NearMiss("pack non enregistré", CONTENT, lambda desk: self._make(desk, save=False)),
            NearMiss("un de plus", QUANTITIES, but([more, *rest])),
            NearMiss("pack non enregistré", QUANTITIES, lambda desk: self._make(desk, save=False)),
        ]
        if rest:
            misses.append(NearMiss("un produit oublié", CONTENT, but([first])))
        if any(one.quantity > 1 for one in self.contents):
            ones = [one.model_copy(update={"quantity": 1}) for one in self.contents]
            misses.append(NearMiss("un de chaque", QUANTITIES, but(ones)))
        if self.stock is not None:
            misses.append(NearMiss("un autre stock", QUANTITIES, but(self.contents, stock=self.stock + 1)))
        return misses

    def roads(self) -> Sequence[Road]:
        """A variant's attribute got another name since; no visitor may see the pack any more."""

        def renamed(desk: Desk) -> None:
            self._make(desk)
            rename_attribute(desk, next(group for one in self.contents for group in one.of))

        def closed(desk: Desk) -> None:
            self._make(desk)
            close_categories(desk, own)

        own = () if self.new else categories_of(self.company, seeded_number(self.company, self.name))
        roads = [Road("catégories du pack fermées ensuite aux visiteurs", CONTENT, closed)] if own else []
        if any(one.of for one in self.contents):
            roads.append(Road("attribut renommé ensuite", CONTENT, renamed, Verdict.MET))
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A new pack with a variant in it; one made of a sheet that holds only photos."""
        return (
            cls(
                name="Assortiment du goûter",
                contents=(
                    ItemWanted(product="Palet pur beurre", of={"Poids": "300 g"}, quantity=2),
                    ItemWanted(product="Sablé au citron", quantity=3),
                ),
                stock=15,
            ),
            cls(
                name="Coffret découverte",
                new=False,
                contents=(ItemWanted(product="Sablé nature", quantity=2), ItemWanted(product="Galette fine nature")),
            ),
        )

    def _make(
        self, desk: Desk, save: bool = True, too_many: bool = False, copy: bool = False, takes_products: bool = False
    ) -> None:
        if copy:
            sheet = copy_of_product(desk, self.name)
        else:
            sheet = new_product(desk, self.name) if self.new else open_product(desk, self.name)
        page = sheet.page
        page.locator("#form_step1_type_product").select_option("1")
        page.locator("#form_step1_inputPackItems").wait_for()
        for one in self.contents:
            _add(page, one.product, one.of, one.quantity)
        if too_many:
            _add(page, plain_product(desk.company, *(one.product for one in self.contents)), {}, 1)
        if self.stock is not None:
            sheet.quantity(self.stock)
        if takes_products:
            sheet.tab(3)
            page.locator("#form_step3_pack_stock_type").select_option("1")
        if save:
            sheet.save()

    def _plain(self, desk: Desk) -> None:
        sheet = new_product(desk, self.name) if self.new else open_product(desk, self.name)
        for one in self.contents:
            sheet.associate(one.product)
        sheet.save()


def _add(page: Page, product: str, of: Mapping[str, str], quantity: int) -> None:
    box = page.locator("#form_step1_inputPackItems")
    box.click()
    box.press_sequentially(product)
    found = page.locator("#js_form_step1_inputPackItems .tt-suggestion")
    found.first.wait_for()
    wanted = ItemWanted(product=product, of=dict(of))
    names = found.locator("tr:first-child td:last-child").all_inner_texts()
    found.nth(next(i for i, name in enumerate(names) if is_item(wanted, name))).click()
    page.locator("#form_step1_inputPackItems-curPackItemQty").fill(str(quantity))
    before = page.locator("#form_step1_inputPackItems-data li").count()
    page.locator("#form_step1_inputPackItems-curPackItemAdd").click()
    page.locator("#form_step1_inputPackItems-data li").nth(before).wait_for()


def _stock(sheet: ProductPage, value: int) -> None:
    sheet.tab(3)
    type_over(sheet.page, "#form_step3_qty_0", str(value))


_IS_PACK = Script[bool]("page => Boolean(page.querySelector('#form_step1_type_product option[value=\"1\"][selected]'))")

_CONTENTS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('.product-pack .pack-product-container')].map(line => ({
    name: line.querySelector('.pack-product-name').textContent.trim(),
    quantity: (line.querySelector('.pack-product-quantity').textContent.match(/\\d+/) || ['0'])[0],
}))""")
