"""What the stocks page of the back office says of a product."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.shop import Product, Row
from checks.prestashop.reading.variant_values import pairs_of
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Line:
    """A product or a variant of it, by its folded attributes and values. `threshold` is None where there is none."""

    name: str
    of: frozenset[tuple[str, str]]
    available: int
    physical: int
    threshold: int | None

    @property
    def in_words(self) -> str:
        """How many there are."""
        reserved = f" ({self.physical} avec ce que des commandes réservent)" if self.physical != self.available else ""
        return f"{self.available}{reserved}"

    def __str__(self) -> str:
        values = ", ".join(f"{attribute} : {value}" for attribute, value in sorted(self.of))
        warned = "sans seuil d’alerte" if self.threshold is None else f"seuil d’alerte : {self.threshold}"
        return f"« {self.name} »{f' ({values})' if values else ''} ; stock : {self.in_words} ; {warned}"


def stock_lines(site: Site, product: Row) -> list[Line]:
    """The lines of a product."""
    page = site.signed_in()
    address = looked_up(site, page, screen(site, "AdminStockManagement"), _ADDRESS)
    asked = f"{site.address}{address}&page_index=1&page_size=100&keywords%5B%5D={quote(product.name)}"
    rows = looked_up(site, page, asked, _LINES) or []
    return [
        Line(
            name=row["name"],
            of=frozenset(pairs_of(row["of"])) if row["of"] else frozenset(),
            available=int(row["available"]),
            physical=int(row["physical"]),
            threshold=int(row["threshold"]) if str(row["threshold"]).lstrip("-").isdigit() else None,
        )
        for row in rows
        if int(row["product"]) == product.id
    ]


def own_stock(site: Site, row: Row, pack: Product) -> Product:
    """The pack with the number that was typed: its page and its sheet say how many its products allow, where it takes them.

    Such a sheet, saved once more, keeps what it says as the pack's own; so the shop may have changed what was typed.
    """
    own = next((line.available for line in stock_lines(site, row) if not line.of), None)
    recounted = own is None or takes_products(looked_up(site, site.signed_in(), row.edit, _PACK_CHOICES))
    return replace(pack, quantity=pack.quantity if own is None else own, recounted=recounted)


def takes_products(choices: Sequence[tuple[str, str, bool]]) -> bool:
    """Whether a pack takes its products from the stock, by the choices of its sheet: their values and words, and which is made.

    The last one is what the shop is set to, and names it at its end. The first one, the pack alone, says so of orders
    only: to count how many there are, PrestaShop (Pack::getQuantity) takes its 0 for no choice, and what the shop is set to.
    """
    words = {value: text for value, text, _ in choices}
    made = next((value for value, _, chosen in choices if chosen), "")
    return made not in ("0", "3") or not words["3"].endswith(words["0"])


_ADDRESS = Script[str](r"(page, about, whole) => whole.match(/apiStockUrl: '([^']+)'/)[1]")

_LINES = Script[list[dict[str, Any]]]("""(page, about, whole) => JSON.parse(whole).data.data.map(row => ({
    product: row.product_id, name: row.product_name, of: Number(row.combination_id) ? row.combination_name : '', available: row.product_available_quantity,
    physical: row.product_physical_quantity, threshold: row.product_low_stock_threshold,
}))""")

_PACK_CHOICES = Script[list[tuple[str, str, bool]]]("""page => [...page.querySelectorAll('#form_step3_pack_stock_type option')].map(
    one => [one.value, one.textContent.trim(), one.hasAttribute('selected')])""")
