"""What a pack is made of: what is wanted of it, and what its page says that it contains."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from provisioner.french.text import fold, same
from provisioner.subject.check import Refers, Verdict


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
        product, _, values = (" ".join(part.split()) for part in self.name.strip().partition("\n"))
        return f"{self.quantity} × « {product} ({values}) »" if values else f"{self.quantity} × « {product} »"


def labelled(wanted: ItemWanted) -> str:
    """The product, with the values of its variant."""
    values = " ".join(f"{group}-{value}" for group, value in wanted.of.items())  # as the pack's page writes them
    return f"{wanted.product} ({values})" if values else wanted.product


def holds_exactly(wanted: Sequence[ItemWanted], seen: Sequence[ItemSeen]) -> bool:
    """Whether the pack is made of these products and no other, however many there are of each."""
    found = [_line(one, seen) for one in wanted]
    return None not in found and len(seen) == len(wanted) == len({id(one) for one in found})


def counts(wanted: Sequence[ItemWanted], seen: Sequence[ItemSeen], had: Collection[str] = ()) -> Verdict:
    """Whether there are as many as wanted of each product of the pack.

    Of one that is missing, where the others are right, a person says what it costs; not where the pack `had` these
    others from the start, by their names.
    """
    there = [(one, line) for one in wanted if (line := _line(one, seen))]
    if any(line.quantity != one.quantity for one, line in there):
        return Verdict.NOT_MET
    if len(there) == len(wanted):
        return Verdict.MET
    begun = any(not any(same(one.product, name) for name in had) for one, _ in there)
    return Verdict.TO_JUDGE if begun else Verdict.NOT_MET


def _line(wanted: ItemWanted, seen: Sequence[ItemSeen]) -> ItemSeen | None:
    return next((one for one in seen if is_item(wanted, one.name)), None)


def is_item(wanted: ItemWanted, shown: str) -> bool:
    """Whether a line names this product: its name, then " Poids-300 g Parfum-Nature" for a variant."""
    name, seen = fold(wanted.product), fold(shown)
    if not wanted.of:
        return seen == name or (seen.startswith(name + " ") and "-" in seen[len(name) :] and "\n" in shown.strip())
    if not seen.startswith(name + " "):
        return False
    rest = seen[len(name) + 1 :]
    return _made_of([f"{group}-{value}" for group, value in wanted.of.items()], rest) or (
        # Where an attribute got another name since, its values alone tell which variant it is.
        _made_of([f"-{value}" for value in wanted.of.values()], rest, named_otherwise=True)
    )


def _made_of(parts: Sequence[str], text: str, named_otherwise: bool = False) -> bool:
    """Whether these parts, and at most the names of attributes where they are `named_otherwise`, make up the text."""
    for part in sorted(map(fold, parts), key=len, reverse=True):
        if part not in text:
            return False
        text = text.replace(part, "", 1)
    return not any(sign in text for sign in "-0123456789") if named_otherwise else not text.strip()
