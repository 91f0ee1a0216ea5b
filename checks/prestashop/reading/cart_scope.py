"""Which products or categories of the shop a rule of the cart is asked for, and which of them aren't there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from checks.prestashop.reading.answers import Forbidden, Script, looked_up, looked_up_each
from checks.prestashop.reading.cart_bounds import WantedBounds
from checks.prestashop.reading.cart_rules import Rule
from checks.prestashop.reading.category_tree import Node, category_tree, nodes_called
from checks.prestashop.reading.naming import named
from checks.prestashop.reading.shop import Row, catalogue
from provisioner.french.text import quoted
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Asked:
    """The numbers of the products or categories that are asked, and of the products in these.

    `inside` are those that visitors buy there, `perhaps` others of these categories: some are off line, or have
    another main category. `below` are the numbers of the categories below those that are asked. `missing` are the names that nothing in the shop has.
    """

    numbers: frozenset[int] = frozenset()
    inside: frozenset[int] = frozenset()
    perhaps: frozenset[int] = frozenset()
    missing: tuple[str, ...] = ()
    below: frozenset[int] = frozenset()

    @property
    def absent(self) -> str:
        """What is said of the names that nothing has, "" where there are none."""
        exist = "n’existe" if len(self.missing) == 1 else "n’existent"
        return f" ; {quoted(self.missing)} {exist} pas (ou plus) dans la boutique" if self.missing else ""


def asked_of(site: Site, wanted: WantedBounds, rules: Iterable[Rule]) -> Asked:
    """What is asked, whatever it is called now; of the products that the rules are bound to, which are in a category of it."""
    if not wanted.products and not wanted.categories:
        return Asked()
    products = catalogue(site)
    if wanted.products:
        rows = {one: named(site.company, products, one) for one in wanted.products}
        mine = frozenset(row.id for row in rows.values() if row)
        return Asked(mine, mine, missing=tuple(one for one, row in rows.items() if row is None))
    nodes = category_tree(site)
    of_name = {one: nodes_called(site.company, nodes, one)[:1] for one in wanted.categories}
    found = {node.id: node.name for each in of_name.values() for node in each}
    own = [row for row in products if row.category in found.values()]
    shown = frozenset(product for number in found for product in _shown(site, number))
    known = shown.union(row.id for row in own)
    bound = {
        one for rule in rules for each in rule.bounds.selections if each.kind == "products" for one in each.numbers
    }
    others = [row for row in products if row.id in bound - known]
    return Asked(
        frozenset(found),
        frozenset(row.id for row in own if row.active) or shown,
        known.union(_filed(site, others, found.values())),
        tuple(one for one, each in of_name.items() if not each),
        below_of(nodes, found),
    )


def below_of(nodes: Sequence[Node], categories: Collection[int]) -> frozenset[int]:
    """The numbers of the categories that stand below these, at any depth."""
    within = set(categories)
    for _ in nodes:  # a level each time
        within |= {node.id for node in nodes if node.above in within}
    return frozenset(within - set(categories))


def _shown(site: Site, category: int) -> list[int]:
    """The products that a visitor finds in a category, whatever their main one; none where it is closed to him."""
    address = f"{site.address}/index.php?controller=category&id_category={category}&resultsPerPage=500"
    try:
        return looked_up(site, site.page, address, LISTED_PRODUCTS) or []
    except Forbidden:
        return []


def _filed(site: Site, rows: Sequence[Row], categories: Collection[str]) -> list[int]:
    """Those whose sheet says that they are in one of the categories: no visitor may see them there."""
    sheets = looked_up_each(site, site.signed_in(), [row.edit for row in rows], _CATEGORIES) if rows else []
    return [row.id for row, seen in zip(rows, sheets, strict=True) if not set(categories).isdisjoint(seen)]


#: The numbers of the products in the list of a category's page.
LISTED_PRODUCTS = Script[list[int]](
    "page => [...page.querySelectorAll('#js-product-list .product-miniature')].map(p => Number(p.dataset.idProduct))"
)

_CATEGORIES = Script[list[str]]("""page => [...page.querySelectorAll('#form_step1_categories input.category[checked]')].map(
    one => one.closest('label').textContent.replace(/\\s+/g, ' ').trim())""")
