"""Work on a product's sheet that its ways don't foresee, and what another question may change beside it."""

from collections.abc import Sequence

from checks.prestashop.reading import product_verdicts as facts
from checks.prestashop.reading.seeded import categories_of, seeded_number
from checks.prestashop.screens.disturbances import close_categories, hide_prices, rename_attribute
from checks.prestashop.screens.product_acts import complete, part
from checks.prestashop.screens.wanted_product import WantedProduct
from provisioner.subject.check import Desk, Road, Verdict


def roads(sheet: WantedProduct) -> list[Road]:
    """The price counted from another variant; an attribute renamed, prices hidden, categories closed, afterwards."""
    return [road for road in (*_priced(sheet), *_disturbed(sheet)) if road.fact in sheet.facts()]


def _priced(sheet: WantedProduct) -> Sequence[Road]:
    """Each variant at its price, though the dearest one has no impact and the others a negative one."""
    impacts = {one.impact for one in sheet.variants}
    if sheet.price is None or sheet.price_in != sheet.impacts_in or len(impacts) < 2:
        return ()
    most = max(impacts)
    counted = part(
        sheet,
        price=sheet.price + most,
        variants=[{**one.model_dump(), "impact": one.impact - most} for one in sheet.variants],
    )
    which = (facts.PRICE, facts.IMPACT_TTC, facts.IMPACT_HT)
    return [Road("prix compté depuis la plus chère", one, lambda desk: complete(desk, counted)) for one in which]


def _disturbed(sheet: WantedProduct) -> Sequence[Road]:
    def renamed(desk: Desk) -> None:
        complete(desk, sheet)
        rename_attribute(desk, next(iter(sheet.variants[0].of)))

    def hidden(desk: Desk) -> None:
        complete(desk, sheet)
        hide_prices(desk)

    def closed(desk: Desk) -> None:
        complete(desk, sheet)
        close_categories(desk, [one for one in dict.fromkeys((*own, *sheet.categories, sheet.default_category)) if one])

    own = categories_of(sheet.company, seeded_number(sheet.company, sheet.name))
    roads = [Road("prix cachés ensuite aux visiteurs", facts.PRICE, hidden, Verdict.MET)]
    if sheet.variants:
        roads.append(Road("attribut renommé ensuite", facts.COMBINATIONS, renamed))
    if own:
        roads.append(Road("catégories du produit fermées ensuite aux visiteurs", facts.ONLINE, closed))
    return roads
