"""What the shop holds of a product, and what a visitor sees of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page

from checks.prestashop import markup
from checks.prestashop.addresses import product_address_in
from checks.prestashop.customer_screens import visitors_taxes
from checks.prestashop.money import amount, cents, with_tax
from checks.prestashop.pages import looked_up, looked_up_each, screen
from checks.prestashop.seeded import attribute_values
from provisioner.check import Site
from provisioner.text import fold, nearly_same, same


@dataclass(frozen=True)
class Row:
    """A product's row in the catalogue of the back office; `preview` shows it even when it is offline."""

    id: int
    name: str
    category: str
    active: bool
    edit: str
    preview: str

    @property
    def path(self) -> str:
        """Its page, as a visitor sees it, or would if it were online."""
        page = f"/index.php?controller=product&id_product={self.id}"
        return page if self.active else f"{page}&{self.preview.partition('?')[2]}"

    @property
    def away(self) -> str:
        """What a finding on something else than that adds of a product that no visitor sees."""
        return "" if self.active else " Le produit n’est pas en ligne."


@dataclass(frozen=True)
class Variant:
    """A variant as the shop shows it. `price` is its price TTC before any reduction, `impact` is HT; `sold` is of the day."""

    of: Mapping[str, str] = field(default_factory=dict)
    price: Decimal = Decimal(0)
    impact: Decimal = Decimal(0)
    quantity: int = 0
    default: bool = False
    sold: int = 0

    def __str__(self) -> str:
        return ", ".join(self.of.values()) or "produit simple"

    def is_(self, of: Mapping[str, str]) -> bool:
        """Whether these are its values."""
        return _pairs(self.of) == _pairs(of)

    def perhaps(self, of: Mapping[str, str]) -> bool:
        """Whether these may be its values, each with a slip of the pen at most; what the company has was chosen in a list."""
        seen = {fold(group): value for group, value in self.of.items()}
        if seen.keys() != {fold(group) for group in of}:
            return False
        values = [(value, seen[fold(group)]) for group, value in of.items()]
        return all(
            same(wanted, one) or (nearly_same(wanted, one) and fold(one) not in attribute_values())
            for wanted, one in values
        )


@dataclass(frozen=True)
class Product:
    """All that the checks ask of a product. `price` and `net` are the base price, TTC and HT; `sold` is of the day.

    Where it is `hidden`, neither the catalogue nor the search shows it. Its texts are lines, as a visitor reads them.
    """

    id: int = 0
    name: str = ""
    online: bool = False
    hidden: bool = False
    summary: str = ""
    description: str = ""
    rate: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    variants: tuple[Variant, ...] = ()
    quantity: int = 0
    sold: int = 0
    order_when_out: bool = False
    web_only: bool = False
    categories: tuple[str, ...] = ()
    default_category: str = ""
    carriers: tuple[str, ...] = ()
    brand: str = ""
    associated: tuple[str, ...] = ()
    title: str = ""
    meta: str = ""
    #: Those of the two, by these names, that its sheet holds: the other the page says by itself.
    filled: frozenset[str] = frozenset()
    address: str = ""
    tags: tuple[str, ...] = ()


def catalogue(site: Site) -> list[Row]:
    """Every product, whatever the candidate left in the filters of the list."""
    filters = ("id_product", "name", "reference", "name_category", "price", "sav_quantity", "active")
    body = "&".join(["filter_category=", *(f"filter_column_{name}=" for name in filters)])
    start = screen(site, "AdminProducts").replace(
        "/sell/catalog/products?", "/sell/catalog/products/0/500/id_product/desc?"
    )
    rows = looked_up(site, site.signed_in(), start, _ROWS, body=body)
    return [Row(**row) for row in rows]


def read_product(site: Site, row: Row) -> Product:
    """What the back office holds of it and what a visitor sees, or would see if it were online."""
    sheet = looked_up(site, site.signed_in(), row.edit, _SHEET)
    address = f"{site.address}/index.php?controller=product&id_product={row.id}"
    site.visit(f"/index.php?controller=product&id_product={row.id}")
    online = site.page.locator(f"body#product #product_page_product_id[value='{row.id}']").count() > 0
    served = site.page.url
    passing = "" if online else "&" + row.preview.partition("?")[2]
    variants = [f"{address}&id_product_attribute={n}&ajax=1&action=refresh{passing}" for n in sheet["variants"]]
    shown = looked_up(site, site.page, address + passing, _SHOWN)
    each = looked_up_each(site, site.page, variants, _VARIANT)
    kept = amount(sheet["price"]) or Decimal(0) if visitors_taxes(site) == "HT" else None
    base = _base([shown["data"], *(one["data"] for one in each)], kept)
    return Product(
        id=row.id,
        name=sheet["name"],
        online=online,
        hidden=sheet["visibility"] == "none",
        summary=markup.read(shown["summary"]),
        description=markup.read(shown["description"]),
        rate=base.rate,
        price=base.gross,
        net=base.net,
        variants=tuple(_variant(one, int(shown["data"]["id_product_attribute"]), kept) for one in each),
        quantity=int(shown["data"]["quantity_all_versions"]),
        order_when_out=bool(int(shown["data"]["allow_oosp"])),
        web_only=str(shown["data"]["online_only"]) == "1",
        categories=tuple(sheet["categories"]),
        default_category=sheet["default_category"],
        carriers=tuple(map(carrier_named, sheet["carriers"])),
        brand=sheet["brand"],
        associated=tuple(re.sub(r" \(ref ?:.*\)$", "", name) for name in sheet["associated"]),
        # The shop gives a page that only its preview shows no tags of its own.
        title=shown["title"] if online else sheet["title"] or sheet["name"],
        meta=shown["meta"] if online else sheet["meta"],
        filled=frozenset(name for name in ("title", "meta") if sheet[name]),
        address=product_address_in(served if online else "", shown["data"]["link_rewrite"]),
        tags=tuple(sheet["tags"]),
    )


def is_hidden(site: Site, row: Row) -> bool:
    """Whether neither the catalogue nor the search shows it, only its address."""
    return bool(looked_up(site, site.signed_in(), row.edit, _SHEET)["visibility"] == "none")


def carrier_named(label: str) -> str:
    """The carrier of a box: its name stands between its number and its delay, and either may have brackets of its own.

    >>> carrier_named("9 - Colis (24 h) (Livraison en 1 jour (ouvré))")
    'Colis (24 h)'
    """
    named = re.sub(r"^\d+ - ", "", label)
    short = re.sub(r" \((?:[^()]|\([^()]*\))*\)$", "", named)
    return short if short != named else re.sub(r" \(.*\)$", "", named)


@dataclass(frozen=True)
class Shown:
    """A product's price as a page shows it, and what that page says of the product to its scripts."""

    price: Decimal
    data: Mapping[str, Any]


def refreshed(site: Site, product: int, quantity: int = 1, page: Page | None = None) -> Shown:
    """What the product's page shows when this quantity is chosen, to a visitor or to that page's customer."""
    address = f"{site.address}/index.php?controller=product&id_product={product}&ajax=1&action=refresh"
    seen = looked_up(site, page or site.page, address, _VARIANT, body=f"quantity_wanted={quantity}&qty={quantity}")
    return Shown(amount(seen["price"]) or Decimal(0), seen["data"])


def let_in(site: Site, product: int, page: Page) -> bool:
    """Go to the product's page as that page's customer; whether his groups may see it: a new one sees only the top."""
    answer = page.goto(f"{site.address}/index.php?controller=product&id_product={product}")
    return answer is None or answer.status != 403


def regular_price(data: Mapping[str, Any]) -> Decimal:
    """The price TTC before any reduction, as exact as the shop keeps it."""
    if _decimal(data["reduction"]):
        return _decimal(data["price_without_reduction"])
    return _decimal(data["price_tax_exc"]) * (1 + _decimal(data["rate"]) / 100)


@dataclass(frozen=True)
class Base:
    """The price that the impacts of the variants are added to."""

    rate: Decimal
    gross: Decimal
    net: Decimal


def _base(seen: Sequence[Mapping[str, Any]], kept: Decimal | None) -> Base:
    """The price shown for a variant without impact; where there is none, counted back from one that has.

    A shop whose visitors see prices HT shows them rounded: there it is the one that the back office keeps.
    """
    data = next((one for one in seen if not _decimal(one["attribute_price"])), seen[0])
    rate = _decimal(data["rate"])
    if kept is not None:
        return Base(rate, with_tax(kept, rate), cents(kept))
    impact = _decimal(data["attribute_price"])
    shown = _decimal(data["price_without_reduction"])
    net = shown / (1 + rate / 100) - impact
    if not _decimal(data["reduction"]):
        net = _decimal(data["price_tax_exc"]) - impact
    return Base(rate, with_tax(net, rate) if impact else cents(shown), cents(net))


def _variant(seen: Mapping[str, Any], default: int, kept: Decimal | None) -> Variant:
    data = seen["data"]
    impact = _decimal(data["attribute_price"])
    shown = cents(_decimal(data["price_without_reduction"]))
    return Variant(
        of={one["group"]: one["name"] for one in data["attributes"].values()},
        price=shown if kept is None else with_tax(kept + impact, _decimal(data["rate"])),
        impact=impact,
        quantity=int(data["quantity"]),
        default=int(data["id_product_attribute"]) == default,
    )


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def _pairs(of: Mapping[str, str]) -> set[tuple[str, str]]:
    return {(fold(group), fold(value)) for group, value in of.items()}


_ROWS = """page => [...page.querySelectorAll('tr[data-product-id]')].map(row => ({
    id: Number(row.dataset.productId),
    name: row.querySelector('td:nth-child(4)').textContent.trim(),
    category: row.querySelector('td:nth-child(6)').textContent.trim(),
    active: Boolean(row.querySelector('.action-enabled')),
    edit: row.querySelector('a.product-edit').getAttribute('href'),
    preview: (row.querySelector('a[href*="adtoken="]') || {href: ''}).href,
}))"""

_SHEET = """page => {
    const text = node => node ? node.textContent.replace(/\\s+/g, ' ').trim() : '';
    const chosen = page.querySelector('#form_step1_id_manufacturer option[selected]');
    const list = page.querySelector('#accordion_combinations');
    const standard = page.querySelector('[name="form[step1][id_category_default]"][checked]');
    return {
        name: page.querySelector('#form_step1_name_1').getAttribute('value') || '',
        price: page.querySelector('#form_step2_price').getAttribute('value') || '',
        title: page.querySelector('#form_step5_meta_title_1').getAttribute('value') || '',
        meta: text(page.querySelector('#form_step5_meta_description_1')),
        variants: (list.dataset.idsProductAttribute || '').split(',').filter(Boolean).map(Number),
        associated: [...page.querySelectorAll('#form_step1_related_products-data li')].map(li => text(li.querySelector('.label') || li)),
        categories: [...page.querySelectorAll('#form_step1_categories input.category[checked]')].map(i => text(i.closest('label'))),
        default_category: standard ? text(standard.closest('label')) : '',
        carriers: [...page.querySelectorAll('#form_step4_selectedCarriers input[checked]')].map(i => text(i.closest('label'))),
        brand: chosen && chosen.value ? text(chosen) : '',
        visibility: (page.querySelector('#form_step6_visibility option[selected]') || {value: 'both'}).value,
        tags: (page.querySelector('#form_step6_tags_1').getAttribute('value') || '').split(',').map(t => t.trim()).filter(Boolean),
    };
}"""

_SHOWN = """page => {
    const markup = node => node ? node.innerHTML : '', title = page.querySelector('title');
    const data = JSON.parse(page.querySelector('#product-details').dataset.product);
    return {
        data,
        summary: markup(page.querySelector(`#product-description-short-${data.id_product}`)),
        description: markup(page.querySelector('#description .product-description')),
        title: title ? title.textContent.replace(/\\s+/g, ' ').trim() : '',
        meta: (page.querySelector('meta[name=description]') || {content: ''}).content,
    };
}"""

_VARIANT = """(page, about, whole) => {
    const answer = JSON.parse(whole), parsed = html => new DOMParser().parseFromString(html, 'text/html');
    const price = parsed(answer.product_prices).querySelector('[itemprop=price]');
    const data = JSON.parse(parsed(answer.product_details).querySelector('#product-details').dataset.product);
    return {data, price: price ? price.textContent : ''};
}"""
