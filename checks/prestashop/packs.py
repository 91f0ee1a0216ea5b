"""Packs: products sold together, how many of each, and how many packs there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Self

from playwright.sync_api import Page
from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.prestashop.naming import missing, named, nearly_named, surely
from checks.prestashop.pages import looked_up, type_over
from checks.prestashop.product_screens import ProductPage, copy_of_product, new_product, open_product
from checks.prestashop.sales import with_sales
from checks.prestashop.shop import Product, catalogue
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText, finding
from provisioner.config import fact
from provisioner.text import fold, quoted, same

CONTENT = fact("prestashop.contenu.pack", "pack et contenu")
QUANTITIES = fact("prestashop.contenu.pack", "quantités du pack")


class ItemWanted(BaseModel):
    """A product of the pack."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le nom du produit.")
    of: dict[str, str] = Field(
        default_factory=dict, description='Ses valeurs, pour une déclinaison précise, par exemple { Poids = "300 g" }.'
    )
    quantity: int = Field(1, ge=1, description="Combien le pack en contient.")


@dataclass(frozen=True)
class ItemSeen:
    """A line of what the pack's page says it contains; the name holds the values of a variant."""

    name: str
    quantity: int

    def __str__(self) -> str:
        return f"{self.quantity} × {' '.join(self.name.split())}"


class Pack(Check, id="prestashop.contenu.pack"):
    """Un pack réunit les produits demandés, en nombre demandé."""

    proves = (CONTENT, QUANTITIES)

    name: WantedText = Field(description="Le nom du pack.")
    new: bool = Field(True, description="Si le produit est à créer ; false quand sa fiche existe.")
    contents: tuple[ItemWanted, ...] = Field(
        min_length=1, description="Les produits du pack, tous : ni plus, ni moins."
    )
    stock: int | None = Field(None, ge=0, description="Combien de packs sont en stock ; absent si non demandé.")

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
        row = named(rows, self.name) or nearly_named(rows, self.name)
        seen: list[ItemSeen] = []
        stock, sold = None, 0
        observed = missing(self.name)
        if row is not None:
            answer = looked_up(site, site.page, site.address + row.path, _CONTENTS)
            answer = answer or {"items": [], "stock": None}
            seen = [ItemSeen(one["name"], int(one["quantity"])) for one in answer["items"]]
            stock = answer["stock"]
            if stock is not None and self.stock is not None and stock < self.stock:
                sold = with_sales(site, Product(id=row.id)).sold
            site.visit(row.path)
            listed = "; ".join(map(str, seen))
            observed = f"Il contient : {listed}." if seen else f"« {row.name} » n’est pas un pack."
        shot = site.shot("la page du pack")
        taken = f" (après {sold} en commande le jour même)" if sold else ""
        counted = f" Il y en a {stock} en stock{taken}." if stock is not None and self.stock is not None else ""
        said = ", ".join(f"{one.quantity} × {labelled(one)}" for one in self.contents)
        wanted_stock = "" if self.stock is None else f" ; {self.stock} packs en stock"
        found = [
            finding(
                CONTENT,
                holds_exactly(self.contents, seen),
                f"Le pack « {self.name} » réunit : {quoted([labelled(one) for one in self.contents])}.",
                observed,
                shot,
            ),
            finding(
                QUANTITIES,
                counts(self.contents, seen) and in_stock(self.stock, stock, sold),
                f"Le pack contient {said}{wanted_stock}.",
                observed + counted,
                shot,
            ),
        ]
        if row is None or surely(self.name, row):
            return found
        guess = f"Aucun produit ne s’appelle « {self.name} » ; de « {row.name} » : "
        return [replace(one, verdict=Verdict.TO_JUDGE, observed=guess + one.observed) for one in found]

    def ways(self) -> Sequence[Act]:
        """The pack's sheet, saved at once; its type and contents first, then its stock on the other tab; a copy, changed."""

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
            cls(name="Coffret découverte", new=False, contents=(ItemWanted(product="Sablé nature", quantity=2), ItemWanted(product="Galette fine nature"))),
        )  # fmt: skip

    def _make(self, desk: Desk, save: bool = True, too_many: bool = False, copy: bool = False) -> None:
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
            others = ("Sablé nature", "Galette fine nature", "Palet au caramel au beurre salé")
            inside = [one.product for one in self.contents]
            _add(page, next(name for name in others if not any(same(name, one) for one in inside)), {}, 1)
        if self.stock is not None:
            sheet.quantity(self.stock)
        if save:
            sheet.save()

    def _plain(self, desk: Desk) -> None:
        sheet = new_product(desk, self.name) if self.new else open_product(desk, self.name)
        for one in self.contents:
            sheet.associate(one.product)
        sheet.save()


def labelled(wanted: ItemWanted) -> str:
    """The product, with the values of its variant."""
    return " ".join([wanted.product, *(f"{group} {value}" for group, value in wanted.of.items())])


def holds_exactly(wanted: Sequence[ItemWanted], seen: Sequence[ItemSeen]) -> bool:
    """Whether the pack is made of these products and no other, however many there are of each."""
    found = [_line(one, seen) for one in wanted]
    return None not in found and len(seen) == len(wanted) == len({id(one) for one in found})


def counts(wanted: Sequence[ItemWanted], seen: Sequence[ItemSeen]) -> bool:
    """Whether there are as many as wanted of each product of the pack."""
    found = [(one, _line(one, seen)) for one in wanted]
    return all(line is not None and line.quantity == one.quantity for one, line in found)


def in_stock(wanted: int | None, stock: int | None, sold: int) -> bool:
    """Whether there are so many packs, where that is asked: what an order of the day took counts as if it were there."""
    return wanted is None or (stock is not None and wanted in (stock, stock + sold))


def _line(wanted: ItemWanted, seen: Sequence[ItemSeen]) -> ItemSeen | None:
    return next((one for one in seen if _is(wanted, one.name)), None)


def _is(wanted: ItemWanted, shown: str) -> bool:
    """Whether a line names this product: its name, then " Poids-300 g Parfum-Nature" for a variant."""
    name, seen = fold(wanted.product), fold(shown)
    if not wanted.of:
        return seen == name or (seen.startswith(name + " ") and "-" in seen[len(name) :] and "\n" in shown.strip())
    if not seen.startswith(name + " "):
        return False
    rest = seen[len(name) + 1 :]
    for value in sorted((fold(f"{group}-{value}") for group, value in wanted.of.items()), key=len, reverse=True):
        if value not in rest:
            return False
        rest = rest.replace(value, "", 1)
    return not rest.strip()


def _add(page: Page, product: str, of: Mapping[str, str], quantity: int) -> None:
    box = page.locator("#form_step1_inputPackItems")
    box.click()
    box.press_sequentially(product)
    found = page.locator("#js_form_step1_inputPackItems .tt-suggestion")
    found.first.wait_for()
    wanted = ItemWanted(product=product, of=dict(of))
    names = found.locator("tr:first-child td:last-child").all_inner_texts()
    found.nth(next(i for i, name in enumerate(names) if _is(wanted, name))).click()
    page.locator("#form_step1_inputPackItems-curPackItemQty").fill(str(quantity))
    before = page.locator("#form_step1_inputPackItems-data li").count()
    page.locator("#form_step1_inputPackItems-curPackItemAdd").click()
    page.locator("#form_step1_inputPackItems-data li").nth(before).wait_for()


def _stock(sheet: ProductPage, value: int) -> None:
    sheet.tab(3)
    type_over(sheet.page, "#form_step3_qty_0", str(value))


_CONTENTS = """page => {
    const data = page.querySelector('#product-details');
    return {
        items: [...page.querySelectorAll('.product-pack .pack-product-container')].map(line => ({
            name: line.querySelector('.pack-product-name').textContent.trim(),
            quantity: (line.querySelector('.pack-product-quantity').textContent.match(/\\d+/) || ['0'])[0],
        })),
        stock: data ? Number(JSON.parse(data.dataset.product).quantity_all_versions) : null,
    };
}"""
