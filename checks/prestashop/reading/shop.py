"""What the shop holds of a product, and what a visitor sees of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from checks.prestashop.reading import markup
from checks.prestashop.reading.addresses import product_address_in
from checks.prestashop.reading.answers import Forbidden, Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.base_price import base_price, exact, net_price
from checks.prestashop.reading.brands import brands_named
from checks.prestashop.reading.customer_groups import visitors_taxes
from checks.prestashop.reading.money import amount
from checks.prestashop.reading.variants import Variant, read_variants
from checks.visibility import TextRead, read
from provisioner.subject.check import Site
from provisioner.subject.page import Page


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
class Product:
    """All that the checks ask of a product. `price` and `net` are the base price, TTC and HT; `sold` is of the day.

    Where it is `hidden`, neither the catalogue nor the search shows it; where it is `closed`, no visitor may see its
    page, and what only that page says isn't known. Its texts are lines, as a visitor reads them.
    """

    id: int = 0
    name: str = ""
    online: bool = False
    hidden: bool = False
    closed: bool = False
    summary: str = ""
    description: str = ""
    #: Both as the page that visitors come to shows them.
    texts: TextRead = field(default_factory=TextRead)
    rate: Decimal = Decimal(0)
    #: The name of its tax rule, "" where it has none.
    tax_rule: str = ""
    price: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    variants: tuple[Variant, ...] = ()
    #: For a pack, how many its page says that one can buy.
    quantity: int = 0
    sold: int = 0
    pack: bool = False
    #: Whether the shop may have changed a pack's number by itself.
    recounted: bool = False
    order_when_out: bool = False
    #: Its own choice of that; None where it leaves it to the shop's setting.
    own_when_out: bool | None = None
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
    texts = read(site.page.locator(_TEXTS)) if online else TextRead()
    passing = "" if online else "&" + row.preview.partition("?")[2]
    try:
        shown = looked_up(site, site.page, address + passing, _SHOWN)
    except Forbidden:
        return replace(_of_sheet(row, sheet), closed=True)
    variants = [f"{address}&id_product_attribute={n}&ajax=1&action=refresh{passing}" for n in sheet["variants"]]
    each = looked_up_each(site, site.page, variants, _VARIANT)
    kept = amount(sheet["price"]) or Decimal(0) if visitors_taxes(site) == "HT" else None
    base = base_price([shown["data"], *(one["data"] for one in each)], kept)
    return replace(
        _of_sheet(row, sheet),
        online=online,
        summary=markup.read(shown["summary"]),
        description=markup.read(shown["description"]),
        texts=texts,
        rate=base.rate,
        price=base.gross,
        net=base.net,
        variants=read_variants(site, sheet, each, int(shown["data"]["id_product_attribute"]), kept, base.rate),
        quantity=int(shown["data"]["quantity_all_versions"]),
        pack=bool(int(shown["data"]["pack"])),
        order_when_out=bool(int(shown["data"]["allow_oosp"])),
        web_only=str(shown["data"]["online_only"]) == "1",
        # The shop gives a page that only its preview shows no tags of its own.
        **({"title": shown["title"], "meta": shown["meta"]} if online else {}),
        address=product_address_in(served if online else "", shown["data"]["link_rewrite"]),
    )


def _of_sheet(row: Row, sheet: Mapping[str, Any]) -> Product:
    """What the back office alone holds of it."""
    return Product(
        id=row.id,
        name=sheet["name"],
        hidden=sheet["visibility"] == "none",
        tax_rule=sheet["tax_rule"],
        own_when_out={"0": False, "1": True}.get(sheet["when_out"]),
        categories=tuple(sheet["categories"]),
        default_category=sheet["default_category"],
        carriers=tuple(map(carrier_named, sheet["carriers"])),
        brand=brands_named(sheet["brands"]).get(sheet["brand"], ""),
        associated=tuple(re.sub(r" \(ref ?:.*\)$", "", name) for name in sheet["associated"]),
        title=sheet["title"] or sheet["name"],
        meta=sheet["meta"],
        filled=frozenset(name for name in ("title", "meta") if sheet[name]),
        tags=tuple(sheet["tags"]),
    )


def is_hidden(site: Site, row: Row) -> bool:
    """Whether neither the catalogue nor the search shows it, only its address."""
    return bool(looked_up(site, site.signed_in(), row.edit, _SHEET)["visibility"] == "none")


def is_on_sale(site: Site, row: Row) -> bool:
    """Whether its sheet says that pages show the flag of a promotion on it."""
    return looked_up(site, site.signed_in(), row.edit, _ON_SALE)


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


def shown_for_quantity(site: Site, product: int, quantity: int = 1, page: Page | None = None) -> Shown:
    """What the product's page shows when this quantity is chosen, to a visitor or to that page's customer."""
    address = f"{site.address}/index.php?controller=product&id_product={product}&ajax=1&action=refresh"
    seen = looked_up(site, page or site.page, address, _VARIANT, body=f"quantity_wanted={quantity}&qty={quantity}")
    return Shown(amount(seen["price"]) or Decimal(0), seen["data"])


def visit_as_customer(site: Site, product: int, page: Page) -> bool:
    """Go to the product's page as that page's customer; whether his groups may see it: a new one sees only the top."""
    answer = page.goto(f"{site.address}/index.php?controller=product&id_product={product}")
    return answer is None or answer.status != 403


def regular_price(data: Mapping[str, Any]) -> Decimal:
    """The price TTC before any reduction, as exact as the shop counts with it: what is due of it is rounded last."""
    return net_price(data) * (1 + exact(data["rate"]) / 100)


#: Where a product's page has its texts; the summary once more below its pictures, in a window that opens at a click, is another.
_TEXTS = "[id^=product-description-short-], #description .product-description"
_ON_SALE = Script[bool]("page => Boolean(page.querySelector('#form_step2_on_sale[checked]'))")

_ROWS = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('tr[data-product-id]')].map(row => ({
    id: Number(row.dataset.productId),
    name: row.querySelector('td:nth-child(4)').textContent.trim(),
    category: row.querySelector('td:nth-child(6)').textContent.trim(),
    active: Boolean(row.querySelector('.action-enabled, [id^=input-true-][checked]')),
    edit: row.querySelector('a.product-edit').getAttribute('href'),
    preview: (row.querySelector('a[href*="adtoken="]') || {href: ''}).href,
}))""")

_SHEET = Script[dict[str, Any]]("""page => {
    const text = node => node ? node.textContent.replace(/\\s+/g, ' ').trim() : '';
    const chosen = page.querySelector('#form_step1_id_manufacturer option[selected]');
    const taxes = page.querySelector('#form_step2_id_tax_rules_group option[selected]');
    const list = page.querySelector('#accordion_combinations');
    const standard = page.querySelector('[name="form[step1][id_category_default]"][checked]');
    return {
        name: page.querySelector('#form_step1_name_1').getAttribute('value') || '',
        price: page.querySelector('#form_step2_price').getAttribute('value') || '',
        when_out: (page.querySelector('[id^="form_step3_out_of_stock_"][checked]') || {value: ''}).value,
        tax_rule: taxes && Number(taxes.value) ? text(taxes) : '',
        title: page.querySelector('#form_step5_meta_title_1').getAttribute('value') || '',
        meta: text(page.querySelector('#form_step5_meta_description_1')),
        rows: list.dataset.combinationsUrl || '',
        variants: (list.dataset.idsProductAttribute || '').split(',').filter(Boolean).map(Number),
        associated: [...page.querySelectorAll('#form_step1_related_products-data li')].map(li => text(li.querySelector('.label') || li)),
        categories: [...page.querySelectorAll('#form_step1_categories input.category[checked]')].map(i => text(i.closest('label'))),
        default_category: standard ? text(standard.closest('label')) : '',
        carriers: [...page.querySelectorAll('#form_step4_selectedCarriers input[checked]')].map(i => text(i.closest('label'))),
        brand: chosen ? chosen.value : '',
        brands: [...page.querySelectorAll('#form_step1_id_manufacturer option')].filter(o => Number(o.value)).map(o => [o.value, text(o)]),
        visibility: (page.querySelector('#form_step6_visibility option[selected]') || {value: 'both'}).value,
        tags: (page.querySelector('#form_step6_tags_1').getAttribute('value') || '').split(',').map(t => t.trim()).filter(Boolean),
    };
}""")

_SHOWN = Script[dict[str, Any]]("""page => {
    const markup = node => node ? node.innerHTML : '', title = page.querySelector('title');
    const data = JSON.parse(page.querySelector('#product-details').dataset.product);
    return {
        data,
        summary: markup(page.querySelector(`#product-description-short-${data.id_product}`)),
        description: markup(page.querySelector('#description .product-description')),
        title: title ? title.textContent.replace(/\\s+/g, ' ').trim() : '',
        meta: (page.querySelector('meta[name=description]') || {content: ''}).content,
    };
}""")

_VARIANT = Script[dict[str, Any]]("""(page, about, whole) => {
    const answer = JSON.parse(whole), parsed = html => new DOMParser().parseFromString(html, 'text/html');
    const price = parsed(answer.product_prices).querySelector('[itemprop=price], .current-price-value');
    const data = JSON.parse(parsed(answer.product_details).querySelector('#product-details').dataset.product);
    return {data, price: price ? price.textContent : ''};
}""")
