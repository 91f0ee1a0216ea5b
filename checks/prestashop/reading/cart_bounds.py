"""To what a rule of the cart is bound: products or categories, carriers, countries, customers; and whether that is what is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from provisioner.french.text import numbered, quoted, same
from provisioner.subject.check import Verdict

#: Of one, and of several.
_KINDS = {
    "products": ("du produit", "parmi les produits"),
    "categories": ("de la catégorie", "parmi les catégories"),
    "manufacturers": ("de la marque", "parmi les marques"),
    "suppliers": ("du fournisseur", "parmi les fournisseurs"),
    "attributes": ("de la valeur d’attribut", "parmi les valeurs d’attributs"),
}


class WantedBounds(Protocol):
    """What a check wants a rule of the cart to be bound to: see paniers.CartRule."""

    @property
    def products(self) -> Sequence[str]:
        """The products that it is for; none: all."""

    @property
    def categories(self) -> Sequence[str]:
        """The categories that it is for; none: all."""

    @property
    def pieces(self) -> int:
        """How many of these the cart must have."""

    @property
    def on(self) -> Literal["commande", "produits"]:
        """Whether it takes something off the whole order, or off these products."""

    @property
    def carriers(self) -> Sequence[str]:
        """The only carriers with which it applies; none: all."""

    @property
    def countries(self) -> Sequence[str]:
        """The only countries of delivery; none: all."""

    @property
    def group(self) -> str:
        """The only group that has it; empty: everybody."""


@dataclass(frozen=True)
class Selection:
    """Of which things, by their numbers, the cart must have so many pieces; `kind` is a key of _KINDS."""

    kind: str
    numbers: frozenset[int]
    names: tuple[str, ...]
    pieces: int = 1

    def __str__(self) -> str:
        least = f"pour {numbered(self.pieces, 'article')} au moins"
        one, several = _KINDS.get(self.kind, ("de", "parmi"))
        return (
            f"{least} {several if self.names[1:] else one} {quoted(self.names)}"
            if self.names
            else f"{least} d’une sélection vide"
        )


@dataclass(frozen=True)
class Bounds:
    """What a rule is bound to, as its form says; nothing where it is for every cart.

    It takes something off the `on`: "order", "specific" (the `product`), "cheapest" or "selection". `groups` are names,
    None where it is for all of them.
    """

    selections: tuple[Selection, ...] = ()
    on: str = "order"
    product: int = 0
    reference: str = ""
    carriers: tuple[str, ...] | None = None
    countries: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    customer: bool = False

    @property
    def in_words(self) -> list[str]:
        """Each of its bounds, but the groups."""
        said = [str(one) for one in self.selections]
        # The form knows the product by its reference; with it the shop selects that product, by its name.
        named = next((one.names[0] for one in self.selections if one.numbers == {self.product}), self.reference)
        off = {
            "specific": f"remise sur le produit « {named} »" if named else "remise sur un produit qui n’est pas choisi",
            "cheapest": "remise sur le produit le moins cher",
            "selection": "remise sur les produits sélectionnés",
        }
        said += [off[self.on]] if self.on in off else []
        said += [f"transporteurs : {quoted(self.carriers)}"] if self.carriers is not None else []
        said += [f"pays de livraison : {quoted(self.countries)}"] if self.countries is not None else []
        return said + (["réservée à un seul client"] if self.customer else [])


def bounds_of(seen: Mapping[str, Any]) -> Bounds:
    """The bounds in what a rule's form was read to hold."""

    def listed(name: str) -> tuple[str, ...] | None:
        return None if seen[name] is None else tuple(seen[name])

    return Bounds(
        selections=tuple(
            Selection(
                one["kind"],
                frozenset(int(number) for number, _ in one["chosen"]),
                tuple(name for _, name in one["chosen"]),
                int(one["pieces"] or 0),
            )
            for one in seen["selections"]
        ),
        on=seen["on"] or "order",
        product=int(seen["on_product"] or 0) if seen["on"] == "specific" else 0,
        reference=seen["reference"],
        carriers=listed("carriers"),
        countries=listed("countries"),
        groups=None if seen["groups"] is None else tuple(name for _, name in seen["groups"]),
        customer=seen["customer"],
    )


def bound_as_asked(
    wanted: WantedBounds,
    seen: Bounds,
    numbers: Collection[int],
    inside: Collection[int] = (),
    perhaps: Collection[int] = (),
    below: Collection[int] = (),
) -> Verdict:
    """Whether a rule is bound to what is asked and to nothing else.

    `numbers` are those of the products or categories that are asked, `inside` those of the products in these categories:
    a selection of just these products, with or without some of those that are `perhaps` there, or of two that make up
    the one asked, is for a person; so is one of these categories and of some `below` them. So is a rule that the shop bound to nothing when what is asked was deleted.
    """
    asked = (
        (wanted.carriers, seen.carriers),
        (wanted.countries, seen.countries),
        ((wanted.group,) if wanted.group else (), seen.groups),
    )
    if seen.customer or not all(_only(names, there) for names, there in asked):
        return Verdict.NOT_MET
    if not wanted.products and not wanted.categories:
        return Verdict.NOT_MET if seen.selections or seen.on != "order" else Verdict.MET
    if not numbers:
        return _emptied(wanted, seen)
    if wanted.on == "produits" and seen.on == "specific":
        return _on_one_product(wanted, seen, numbers)
    if seen.on != ("selection" if wanted.on == "produits" else "order"):
        return Verdict.NOT_MET
    if wanted.categories and _with_some_below(wanted, seen.selections, set(numbers), set(below)):
        return Verdict.TO_JUDGE
    return _selected(wanted, seen.selections, set(numbers), set(inside), set(perhaps))


def _on_one_product(wanted: WantedBounds, seen: Bounds, numbers: Collection[int]) -> Verdict:
    alike = all(one.numbers == set(numbers) and one.pieces == wanted.pieces for one in seen.selections)
    enough = wanted.pieces == 1 or bool(seen.selections)
    return Verdict.MET if {seen.product} == set(numbers) and alike and enough else Verdict.NOT_MET


def _emptied(wanted: WantedBounds, seen: Bounds) -> Verdict:
    """Nothing of what is asked is there: the shop takes what is deleted out of its rules, and what is left may be right."""
    on = ("selection", "specific") if wanted.on == "produits" else ("order",)
    kept = any(one.numbers for one in seen.selections) or (seen.on == "specific" and seen.reference)
    return Verdict.NOT_MET if kept or seen.on not in on else Verdict.TO_JUDGE


def _selected(
    wanted: WantedBounds, selections: Sequence[Selection], numbers: set[int], inside: set[int], perhaps: set[int]
) -> Verdict:
    kind = "products" if wanted.products else "categories"
    if not selections or any(one.pieces != wanted.pieces for one in selections):
        return Verdict.NOT_MET
    every = {number for one in selections for number in one.numbers}
    kinds = {one.kind for one in selections}
    if kinds == {kind} and every == numbers:
        return Verdict.MET if len(selections) == 1 else Verdict.TO_JUDGE
    of_it = kinds == {"products"} and inside and inside <= every <= inside | perhaps
    return Verdict.TO_JUDGE if of_it else Verdict.NOT_MET


def _with_some_below(wanted: WantedBounds, selections: Sequence[Selection], numbers: set[int], below: set[int]) -> bool:
    """Whether categories that are asked are selected with some below them, whose products are often in those above too."""
    every = {number for one in selections for number in one.numbers}
    alike = all(one.kind == "categories" and one.pieces == wanted.pieces for one in selections)
    return alike and numbers < every <= numbers | below


def _only(wanted: Sequence[str], seen: Sequence[str] | None) -> bool:
    """Whether these names and no others are there; none are asked where there is no bound."""
    if seen is None or not wanted:
        return seen is None and not wanted
    return len(seen) == len(wanted) and all(any(same(one, other) for other in seen) for one in wanted)
