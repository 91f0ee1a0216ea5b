"""Trees of menus: the wanted one, the one that is shown, and the wanted one almost right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provisioner.subject.check import Refers
from provisioner.subject.functionalities import fact

CATEGORY = fact("wordpress.menu.ajouter", "catégorie")
PAGE = fact("wordpress.menu.ajouter", "page")
LINK = fact("wordpress.menu.ajouter", "lien personnalisé")


class MenuItem(BaseModel):
    """Un élément du menu : son titre, ce vers quoi il mène, ses sous-éléments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, description="Le titre qui s’affiche dans le menu.")
    page: Annotated[str, Refers("pages.slug")] = Field("", description="L’identifiant (slug) de la page du site.")
    category: Annotated[str, Refers("categories.slug")] = Field("", description="L’identifiant (slug) de la catégorie.")
    url: str = Field("", description="L’adresse d’un lien personnalisé : un chemin du site, ou une adresse entière.")
    added: bool = Field(False, description="L’élément n’est pas dans le menu au départ : l’ajouter est demandé.")
    children: "tuple[MenuItem, ...]" = Field((), description="Les sous-éléments, dans l’ordre.")

    @model_validator(mode="after")
    def _leads_to_one_thing(self) -> Self:
        if sum(map(bool, (self.page, self.category, self.url))) > 1:
            raise ValueError("un élément mène à une page, à une catégorie ou à une adresse, pas à plusieurs")
        if self.added and not (self.page or self.category or self.url):
            raise ValueError("un élément à ajouter dit où il mène : page, category ou url")
        return self

    @property
    def adding(self) -> str:
        """The fact that adding it proves."""
        return CATEGORY if self.category else PAGE if self.page else LINK


@dataclass(frozen=True)
class ShownItem:
    """An item as it is shown; `address` is whole, or "#…" as it is written."""

    title: str
    address: str
    children: "tuple[ShownItem, ...]" = ()


_Node = TypeVar("_Node", MenuItem, ShownItem)


def walk(tree: Sequence[_Node], depth: int = 0) -> Iterator[tuple[_Node, int]]:
    """Every item with its depth, sub-items after their parents."""
    for item in tree:
        yield item, depth
        yield from walk(item.children, depth + 1)


def replaced(tree: Sequence[MenuItem], item: MenuItem, other: MenuItem | None) -> tuple[MenuItem, ...]:
    """The tree with another item in the place of this one, or with none."""
    return tuple(
        now.model_copy(update={"children": replaced(now.children, item, other)})
        for now in (other if one == item else one for one in tree)
        if now is not None
    )


def swapped(tree: Sequence[MenuItem]) -> tuple[MenuItem, ...]:
    """The tree with its first two items changed over."""
    return (*reversed(tree[:2]), *tree[2:])


def relevelled(tree: Sequence[MenuItem]) -> tuple[MenuItem, ...]:
    """The tree with its first sub-item beside its parent, or where there is none, its last item under the one before."""
    for index, item in enumerate(tree):
        if item.children:
            parent = item.model_copy(update={"children": item.children[1:]})
            return (*tree[:index], parent, item.children[0], *tree[index + 1 :])
    return (*tree[:-2], tree[-2].model_copy(update={"children": (tree[-1],)}))


def without_last(tree: Sequence[MenuItem]) -> tuple[MenuItem, ...]:
    """The tree without the item that is added last, or without its last."""
    items = [item for item, _ in walk(tree)]
    added = [item for item in items if item.added]
    return replaced(tree, (added or items)[-1], None)


def line(tree: Sequence[MenuItem] | Sequence[ShownItem]) -> str:
    """A tree on one line: "« Accueil », « Actualités » (« Recettes »), « Contact »"."""
    said = (f"« {item.title} »" + (f" ({line(item.children)})" if item.children else "") for item in tree)
    return ", ".join(said) or "rien"
