"""How a candidate gets a product's sheet almost right."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from checks.prestashop.reading import product_verdicts as facts
from checks.prestashop.reading.seeded import plain_product
from checks.prestashop.screens.product import ProductPage
from checks.prestashop.screens.product_acts import combine, complete, fill, opened, part, written
from checks.prestashop.screens.product_lists import toggle_in_list
from checks.prestashop.screens.wanted_product import VariantWanted, WantedProduct
from provisioner.subject.check import Desk, NearMiss


def near_misses(sheet: WantedProduct) -> list[NearMiss]:
    """For each fact that is asked, two ways at least to miss it."""
    asked = set(sheet.facts())
    return [
        miss
        for miss in (*_texts(sheet), *_money(sheet), *_grid(sheet), *_rest(sheet), *_seo(sheet))
        if miss.fact in asked
    ]


def _alone(sheet: WantedProduct, **values: object) -> Callable[[Desk], None]:
    """Only these values on the product page, saved."""
    return lambda desk: complete(desk, sheet.like(name=sheet.name, new=sheet.new, **values))


def _unsaved(sheet: WantedProduct, **values: object) -> Callable[[Desk], None]:
    return lambda desk: fill(opened(desk, sheet), sheet.like(name=sheet.name, new=sheet.new, **values))


def _texts(sheet: WantedProduct) -> list[NearMiss]:
    def renamed(desk: Desk) -> None:
        page = opened(desk, sheet)
        page.rename("Nouveauté de la maison")
        page.save()

    def only(which: str, characters: tuple[int, int]) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            page = opened(desk, sheet)
            page.write(which, written(sheet.elements, characters))
            page.save()

        return run

    misses = [
        NearMiss("un autre nom", facts.NAME, renamed),
        NearMiss("produit renommé sans enregistrer", facts.NAME, _unsaved(sheet, rename=sheet.rename)),
        NearMiss(
            "textes écrits sans enregistrer",
            facts.TEXTS,
            _unsaved(sheet, characters=sheet.characters, elements=sheet.elements),
        ),
    ]
    if sheet.characters:
        least, most = sheet.characters
        short = max(1, least // 2)
        misses += [
            NearMiss("description sans récapitulatif", facts.TEXTS, only("description", sheet.characters)),
            NearMiss("récapitulatif sans description", facts.TEXTS, only("description_short", sheet.characters)),
            NearMiss("textes trop courts", facts.TEXTS, _alone(sheet, characters=(short, short))),
            NearMiss("textes trop longs", facts.TEXTS, _alone(sheet, characters=(most * 2, most * 2))),
        ]
    if sheet.elements:
        misses.append(
            NearMiss(
                "un élément oublié",
                facts.TEXTS,
                _alone(sheet, characters=sheet.characters or (1, 400), elements=sheet.elements[:-1]),
            )
        )
    return misses


def _money(sheet: WantedProduct) -> list[NearMiss]:
    if sheet.price is None or sheet.vat is None:
        return []
    other = {"TTC": "HT", "HT": "TTC"}
    wrong_rate = Decimal(20) if sheet.vat != 20 else Decimal("5.5")
    named = {"price": sheet.price, "price_in": sheet.price_in, "vat": sheet.vat}
    return [
        NearMiss(
            f"prix saisi en {other[sheet.price_in]}",
            facts.PRICE,
            _alone(sheet, **{**named, "price_in": other[sheet.price_in]}),
        ),
        NearMiss(f"TVA à {wrong_rate} %", facts.PRICE, _alone(sheet, **{**named, "vat": wrong_rate})),
        NearMiss(
            "un centime de moins", facts.PRICE, _alone(sheet, **{**named, "price": sheet.price - Decimal("0.01")})
        ),
        NearMiss("prix sans taxe", facts.PRICE, _alone(sheet, **{**named, "vat": Decimal(0)})),
    ]


def _grid(sheet: WantedProduct) -> list[NearMiss]:
    variants = sheet.variants
    if not variants:
        return []

    def one_too_many(desk: Desk) -> None:
        page = opened(desk, sheet)
        combine(page, sheet)
        page.combine(page.another(variants))
        page.save()

    def another(desk: Desk) -> None:
        page = opened(desk, sheet)
        page.combine(page.another(variants))
        page.save()

    misses = [
        NearMiss("une déclinaison oubliée", facts.COMBINATIONS, _with_variants(sheet, variants[:-1]))
        if len(variants) > 1
        else NearMiss("une autre déclinaison", facts.COMBINATIONS, another),
        NearMiss("une déclinaison de trop", facts.COMBINATIONS, one_too_many),
        NearMiss(
            "déclinaisons générées sans enregistrer",
            facts.QUANTITIES,
            _unsaved(sheet, variants=[v.model_dump() for v in variants]),
        ),
    ]
    first = next((i for i, one in enumerate(variants) if one.default), None)
    if first is not None and len(variants) > 1:
        moved = [one.model_copy(update={"default": i == (first + 1) % len(variants)}) for i, one in enumerate(variants)]
        misses.append(NearMiss("une autre déclinaison par défaut", facts.COMBINATIONS, _with_variants(sheet, moved)))
    if len({one.quantity for one in variants}) > 1:
        misses.append(
            NearMiss("stocks intervertis", facts.QUANTITIES, _with_variants(sheet, _swapped(variants, "quantity")))
        )
    elif facts.QUANTITIES in sheet.facts():
        more = [one.model_copy(update={"quantity": (one.quantity or 0) + 1}) for one in variants]
        misses.append(NearMiss("une unité de trop", facts.QUANTITIES, _with_variants(sheet, more)))
    return [*misses, *_impacts(sheet)]


def _impacts(sheet: WantedProduct) -> list[NearMiss]:
    fact = facts.IMPACT_TTC if sheet.impacts_in == "TTC" else facts.IMPACT_HT
    if fact not in sheet.facts():
        return []
    price = {"price": sheet.price, "price_in": sheet.price_in, "vat": sheet.vat}
    other = "HT" if sheet.impacts_in == "TTC" else "TTC"
    crossed = part(sheet, impacts_in=other)
    without = [one.model_copy(update={"impact": Decimal(0)}) for one in sheet.variants]
    misses = [
        NearMiss(f"impact saisi en {other}", fact, _alone(sheet, variants=crossed.variants, impacts_in=other, **price)),
        NearMiss("impact oublié", fact, _with_variants(sheet, without)),
    ]
    if len({one.impact for one in sheet.variants}) > 1:
        swapped = _with_variants(sheet, _swapped(sheet.variants, "impact"), **price)
        misses.insert(0, NearMiss("impact mis sur une autre déclinaison", fact, swapped))
    return misses


def _with_variants(sheet: WantedProduct, of: Sequence[VariantWanted], **more: object) -> Callable[[Desk], None]:
    """Only these variants on the product page, and what else is given, saved."""
    return _alone(sheet, variants=[one.model_dump() for one in of], impacts_in=sheet.impacts_in, **more)


def _swapped(variants: Sequence[VariantWanted], field: str) -> list[VariantWanted]:
    """The values of two variants that differ in this field, exchanged."""
    first = variants[0]
    other = next(i for i, one in enumerate(variants) if getattr(one, field) != getattr(first, field))
    changed = list(variants)
    changed[0] = first.model_copy(update={field: getattr(variants[other], field)})
    changed[other] = variants[other].model_copy(update={field: getattr(first, field)})
    return changed


def _rest(sheet: WantedProduct) -> list[NearMiss]:
    def change(act: Callable[[ProductPage], object]) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            page = opened(desk, sheet)
            act(page)
            page.save()

        return run

    def twice(desk: Desk) -> None:
        complete(desk, type(sheet)(name=sheet.name, new=sheet.new, online=sheet.online))
        toggle_in_list(desk, sheet.name)

    state = "hors ligne" if sheet.online else "en ligne"
    out = bool(sheet.order_when_out)
    return [
        NearMiss("un de trop en stock", facts.STOCK, _alone(sheet, quantity=(sheet.quantity or 0) + 1)),
        NearMiss("stock modifié sans enregistrer", facts.STOCK, _unsaved(sheet, quantity=sheet.quantity)),
        NearMiss("l’autre choix en rupture", facts.WHEN_OUT, _alone(sheet, order_when_out=not out)),
        NearMiss("choix en rupture non enregistré", facts.WHEN_OUT, _unsaved(sheet, order_when_out=out)),
        NearMiss("exclusivité web non enregistrée", facts.WEB_ONLY, _unsaved(sheet, web_only=sheet.web_only)),
        NearMiss("le contraire de l’exclusivité web", facts.WEB_ONLY, _alone(sheet, web_only=not sheet.web_only)),
        NearMiss("un autre transporteur", facts.CARRIER, change(lambda page: page.other_carrier(sheet.carriers))),
        NearMiss("tous les transporteurs", facts.CARRIER, change(lambda page: page.all_carriers())),
        NearMiss("une autre catégorie", facts.CATEGORY, change(lambda page: page.other_category(sheet.categories))),
        NearMiss("catégorie cochée sans enregistrer", facts.CATEGORY, _unsaved(sheet, categories=sheet.categories)),
        NearMiss(
            "catégorie cochée, mais non principale",
            facts.DEFAULT_CATEGORY,
            _alone(sheet, categories=[sheet.default_category]),
        ),
        NearMiss(
            "catégorie principale non enregistrée",
            facts.DEFAULT_CATEGORY,
            _unsaved(sheet, categories=sheet.categories, default_category=sheet.default_category),
        ),
        NearMiss("marque non enregistrée", facts.BRAND, _unsaved(sheet, brand=sheet.brand)),
        NearMiss("marque en mot-clé", facts.BRAND, _alone(sheet, tags=[sheet.brand])),
        NearMiss(
            "un autre produit associé",
            facts.ASSOCIATED,
            change(lambda page: page.associate(plain_product(sheet.company, sheet.name, *sheet.associated))),
        ),
        NearMiss("produit associé non enregistré", facts.ASSOCIATED, _unsaved(sheet, associated=sheet.associated)),
        NearMiss(f"enregistré, mais {state}", facts.ONLINE, change(lambda page: None)),
        NearMiss(f"remis {state}", facts.ONLINE, twice),
        NearMiss(f"laissé {state}", facts.OFFLINE, change(lambda page: None)),
        NearMiss(f"remis {state}", facts.OFFLINE, twice),
    ]


def _seo(sheet: WantedProduct) -> list[NearMiss]:
    title, description = sheet.meta_title, sheet.meta_description
    misses = [
        NearMiss("titre mis dans la méta-description", facts.TITLE, _alone(sheet, meta_description=title)),
        NearMiss("balise titre non enregistrée", facts.TITLE, _unsaved(sheet, meta_title=title)),
        NearMiss("méta-description mise dans le titre", facts.META, _alone(sheet, meta_title=description[:70])),
        NearMiss(
            "méta-description coupée de moitié",
            facts.META,
            _alone(sheet, meta_description=description[: len(description) // 2]),
        ),
    ]
    if sheet.address:
        misses += [
            NearMiss(
                "adresse presque simplifiée",
                facts.KEYWORDS,
                _alone(sheet, address=sheet.address + "-1", tags=sheet.tags),
            ),
            NearMiss(
                "adresse mise dans le titre", facts.KEYWORDS, _alone(sheet, meta_title=sheet.address, tags=sheet.tags)
            ),
        ]
    if sheet.tags:
        misses += [
            NearMiss("un mot-clé oublié", facts.KEYWORDS, _alone(sheet, address=sheet.address, tags=sheet.tags[:-1])),
            NearMiss(
                "mots-clés mis dans le titre",
                facts.KEYWORDS,
                _alone(sheet, address=sheet.address, meta_title=" ".join(sheet.tags)),
            ),
        ]
    return misses
