"""How a candidate completes a product's sheet."""

from collections.abc import Sequence
from typing import Any

from checks.prestashop.reading import product_verdicts as facts
from checks.prestashop.reading.money import typed
from checks.prestashop.screens.product import ProductPage, copy_of_product, new_product, open_product
from checks.prestashop.screens.product_lists import act_in_bulk, stock_in_list, toggle_in_list
from checks.prestashop.screens.wanted_product import WantedProduct
from provisioner.subject.check import Act, Desk

_FILLER = "Un produit de la maison, fabriqué chaque jour dans notre atelier et emballé à la main, à offrir ou à garder pour soi. "


def ways(sheet: WantedProduct) -> list[Act]:
    """The product page alone; the same end by other screens."""

    def elsewhere(desk: Desk) -> None:
        page = opened(desk, sheet)
        rest = part(sheet, without=("online",))
        fill(page, rest, elsewhere=True)
        page.save()
        asked = [(tuple(v.of.values()), v.quantity) for v in sheet.variants] or [((), sheet.quantity)]
        wanted = {values: number for values, number in asked if number is not None}
        if wanted:
            stock_in_list(desk, sheet.rename or sheet.name, wanted)
        if sheet.online is not None:
            toggle_in_list(desk, sheet.rename or sheet.name)

    def in_bulk(desk: Desk) -> None:
        complete(desk, part(sheet, without=("online",)))
        act_in_bulk(desk, sheet.rename or sheet.name, "activate_all" if sheet.online else "deactivate_all")

    ways = [
        Act("la fiche du produit", lambda desk: complete(desk, sheet)),
        Act("l’onglet des prix, les déclinaisons en bloc, la page des stocks et la liste du catalogue", elsewhere),
    ]
    if sheet.online is not None and set(sheet.facts()) > {facts.ONLINE if sheet.online else facts.OFFLINE}:
        ways.append(Act("la fiche, puis l’action groupée du catalogue", in_bulk))
    if sheet.new:
        ways.append(
            Act("un produit dupliqué, puis changé", lambda desk: _finish(copy_of_product(desk, sheet.name), sheet))
        )
    return ways


def opened(desk: Desk, sheet: WantedProduct) -> ProductPage:
    """The product's page, or that of a new one with its name."""
    return new_product(desk, sheet.name) if sheet.new else open_product(desk, sheet.name)


def complete(desk: Desk, sheet: WantedProduct) -> None:
    """All that is asked, on the product page."""
    _finish(opened(desk, sheet), sheet)


def _finish(page: ProductPage, sheet: WantedProduct) -> None:
    fill(page, sheet)
    page.save() if sheet.online is None else page.online(sheet.online)


def fill(page: ProductPage, sheet: WantedProduct, elsewhere: bool = False) -> None:
    """Everything but whether it is online, in the order of the tabs; `elsewhere`: the other place, where there are two."""
    _fill_first_tab(page, sheet, elsewhere)
    _fill_variants(page, sheet, elsewhere)
    if sheet.order_when_out is not None:
        page.order_when_out(sheet.order_when_out)
    if sheet.carriers:
        page.carriers(sheet.carriers)
    page.seo(sheet.meta_title, sheet.meta_description, sheet.address)
    if sheet.web_only is not None:
        page.option("step6_display_options_online_only", sheet.web_only)
    page.tags(sheet.tags)


def _fill_first_tab(page: ProductPage, sheet: WantedProduct, elsewhere: bool) -> None:
    if sheet.rename:
        page.rename(sheet.rename)
    if sheet.characters or sheet.elements:
        for which, words in (("description_short", ()), ("description", sheet.elements)):
            page.write(which, written(words, sheet.characters or (1, 400)))
    if sheet.price is not None and sheet.vat is not None:
        page.price(sheet.price, sheet.price_in, sheet.vat, pricing_tab=elsewhere)
    if sheet.brand:
        page.brand(sheet.brand)
    for name in sheet.associated:
        page.associate(name)
    if sheet.categories or sheet.default_category:
        page.categories(sheet.categories, sheet.default_category)
    if sheet.quantity is not None and not elsewhere:
        page.quantity(sheet.quantity)


def _fill_variants(page: ProductPage, sheet: WantedProduct, elsewhere: bool) -> None:
    if sheet.variants and elsewhere:
        combine_in_bulk(page, sheet)
    elif sheet.variants:
        combine(page, sheet)
    for variant in sheet.variants:
        row = page.variant(variant.of)
        if variant.quantity is not None and not elsewhere:
            row.quantity(variant.quantity)
        if variant.impact and not elsewhere:
            row.impact(variant.impact, sheet.impacts_in)
        if variant.default:
            row.make_default()


def combine(page: ProductPage, sheet: WantedProduct) -> None:
    """Generate the grid of the values, and delete what it holds too much."""
    page.combine(_grid(sheet))
    page.keep_only([variant.of for variant in sheet.variants])


def _grid(sheet: WantedProduct) -> dict[str, tuple[str, ...]]:
    """The values of all variants, by attribute."""
    return {group: tuple(dict.fromkeys(one.of[group] for one in sheet.variants)) for group in sheet.variants[0].of}


def combine_in_bulk(page: ProductPage, sheet: WantedProduct) -> None:
    """Generate one more than asked, which is deleted with what else there is too much; one impact for all that have it."""
    page.combine(_grid(sheet), by_typing=True)
    page.combine(page.another(sheet.variants))
    page.keep_only([variant.of for variant in sheet.variants], in_bulk=True)
    for impact in {variant.impact for variant in sheet.variants} - {0}:
        alike = [variant.of for variant in sheet.variants if variant.impact == impact]
        field = "impact_on_price_te" if sheet.impacts_in == "HT" else "impact_on_price_ti"
        page.change_in_bulk(alike, {field: typed(impact)})


def written(words: Sequence[str], characters: tuple[int, int]) -> str:
    """A text that holds these words, as long as asked."""
    least, most = characters
    text = " ".join([*(f"{word}." for word in words), _FILLER * (1 + least // len(_FILLER))])
    long = text[: max(least, min(most, least + 40))].rstrip()
    return long + "." * (least - len(long))


def part(sheet: WantedProduct, without: Sequence[str] = (), **changed: object) -> WantedProduct:
    """The same sheet without some values, and with others changed."""
    values: dict[str, Any] = {key: value for key, value in sheet.model_dump().items() if key not in without}
    return sheet.like(**{**values, **changed})
