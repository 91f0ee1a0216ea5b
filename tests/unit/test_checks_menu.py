"""A menu's tree: what is asked, and every way in which what is shown can differ from it."""

from typing import Any

import pytest
from pydantic import ValidationError

from checks.wordpress import menu
from checks.wordpress.menu import MenuTree
from checks.wordpress.menu_shown import difference as difference_between
from checks.wordpress.menu_tree import (
    CATEGORY,
    LINK,
    PAGE,
    MenuItem,
    ShownItem,
    relevelled,
    swapped,
    walk,
    without_last,
)

SITE = "http://localhost:8101"


class Targets:
    """Where wanted items lead, without a site."""

    def reached(self, item: MenuItem, shown: ShownItem) -> bool:
        return shown.address == f"{SITE}/{item.page or item.category}/"


def shown(tree: Any) -> tuple[ShownItem, ...]:
    return tuple(
        ShownItem(item.title.upper(), f"{SITE}/{item.page or item.category}/", shown(item.children)) for item in tree
    )


TREE = (
    MenuItem(title="Accueil", page="accueil"),
    MenuItem(title="Actualités", page="actualites", children=(MenuItem(title="Recettes", category="r", added=True),)),
    MenuItem(title="Contact", page="contact"),
)


def difference(seen: Any) -> str:
    return difference_between(TREE, shown(seen), Targets())  # type: ignore[arg-type]


def test_the_wanted_tree_differs_in_nothing() -> None:
    assert difference(TREE) == ""


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (swapped(TREE), "« ACTUALITÉS » à la place de « Accueil »"),
        (relevelled(TREE), "il manque « Recettes » sous « Actualités »"),
        (without_last(TREE), "il manque « Recettes » sous « Actualités »"),
        (TREE[:2], "il manque « Contact »"),
        ((*TREE, MenuItem(title="Blog", page="b")), "« BLOG » est en trop"),
        ((*TREE[:2], MenuItem(title="Contact", page="autre")), f"« Contact » mène à {SITE}/autre/"),
    ],
)
def test_whatever_differs_is_said(seen: Any, said: str) -> None:
    assert difference(seen) == said


def test_a_tree_without_sub_items_gets_one_at_the_wrong_level() -> None:
    flat = (MenuItem(title="A"), MenuItem(title="B"), MenuItem(title="C"))
    assert [(item.title, depth) for item, depth in walk(relevelled(flat))] == [("A", 0), ("B", 0), ("C", 1)]


def test_each_kind_that_is_to_be_added_is_a_fact() -> None:
    first, second, third = MenuTree.examples()
    assert first.facts() == (menu.TREE, CATEGORY, PAGE)
    assert second.facts() == (menu.TREE, LINK, menu.REMOVED)
    assert third.facts() == (menu.REMOVED,)


@pytest.mark.parametrize("check", MenuTree.examples())
def test_every_fact_has_two_near_misses(check: MenuTree) -> None:
    missed = [miss.fact for miss in check.near_misses()]
    assert all(missed.count(one) >= 2 for one in check.facts())
    assert set(missed) <= set(check.facts())


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"tree": [{"title": "A", "page": "a", "url": "/b/"}]},
        {"tree": [{"title": "A", "added": True}]},
        {"tree": [{"title": "A", "page": "a", "children": [{"title": "B"}]}], "removed": ["b"]},
    ],
)
def test_values_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MenuTree.model_validate(values)
