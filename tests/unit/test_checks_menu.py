"""A menu's tree: what is asked, and every way in which what is shown can differ from it."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress import menu
from checks.wordpress.menu import MenuTree
from checks.wordpress.reading import destinations, menu_shown, seeded
from checks.wordpress.reading.answers import Answer
from checks.wordpress.reading.menu_shown import Shown
from checks.wordpress.reading.menu_shown import difference as difference_between
from checks.wordpress.reading.menu_tree import (
    CATEGORY,
    LINK,
    PAGE,
    MenuItem,
    ShownItem,
    relevelled,
    replaced,
    swapped,
    walk,
    without_last,
)
from checks.wordpress.screens import wanted_menu
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

SITE = "http://localhost:8101"


class Targets:
    """Where wanted items lead, without a site."""

    def reached(self, item: MenuItem, shown: ShownItem) -> bool:
        return shown.address == f"{SITE}/{item.page or item.category}/"

    def french(self, item: MenuItem) -> str:
        return item.page or item.category


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
        (swapped(TREE), "« ACTUALITÉS » à la place d’« Accueil »"),
        (relevelled(TREE), "il manque « Recettes » sous « Actualités »"),
        (without_last(TREE), "il manque « Recettes » sous « Actualités »"),
        (TREE[:2], "il manque « Contact »"),
        ((*TREE, MenuItem(title="Blog", page="b")), "« BLOG » est en trop"),
        ((*TREE[:2], MenuItem(title="Contact", page="autre")), "« Contact » mène à /autre/, et non à contact"),
    ],
)
def test_whatever_differs_is_said(seen: Any, said: str) -> None:
    assert difference(seen) == said


def verdicts(check: MenuTree, seen: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Verdict]:
    monkeypatch.setattr(menu, "shown_menu", lambda site, location: Shown("ici", "", shown(seen)))
    monkeypatch.setattr(menu, "Targets", lambda site, tree: Targets())
    monkeypatch.setattr(menu, "lists_at", lambda site, location: [])
    monkeypatch.setattr(menu_shown, "addresses", lambda site, routes, names: {n: [f"{SITE}/{n}/"] for n in names})
    monkeypatch.setattr(menu_shown, "one_leads_to", lambda site, seen, wanted: wanted in seen)
    return {f.fact: f.verdict for f in check.verify(MagicMock())}


def test_a_menu_that_is_not_displayed_is_not_said_to_lack_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts(MenuTree(tree=TREE), (), monkeypatch)
    monkeypatch.setattr(menu, "shown_menu", lambda site, location: Shown("ici", "rien n’est affiché", ()))
    monkeypatch.setattr(menu, "had_a_menu", lambda company, location: True)
    monkeypatch.setattr(menu, "stored_tree", lambda site, location, name: shown(TREE))
    found = MenuTree(tree=TREE).verify(MagicMock(company=COMPANY))
    assert {one.verdict for one in found} == {Verdict.TO_JUDGE}
    assert all(one.observed.startswith("rien n’est affiché (ici) ; à lire : tel qu’il est enregistré") for one in found)


def renamed(title: str, **changed: str) -> tuple[MenuItem, ...]:
    old = TREE[1].children[0]
    return replaced(TREE, old, old.model_copy(update={"title": title, **changed}))


@pytest.mark.parametrize(
    ("seen", "tree", "added"),
    [
        (renamed("Recettes !"), Verdict.MET, Verdict.MET),
        (renamed("Recette"), Verdict.TO_JUDGE, Verdict.TO_JUDGE),
        (renamed("Nos menus"), Verdict.NOT_MET, Verdict.TO_JUDGE),
        (renamed("Nos menus", category="autre"), Verdict.NOT_MET, Verdict.NOT_MET),
        (renamed("Recette", category="autre"), Verdict.TO_JUDGE, Verdict.NOT_MET),
        (renamed("Recettes", category="autre"), Verdict.MET, Verdict.NOT_MET),
        (without_last(TREE), Verdict.NOT_MET, Verdict.NOT_MET),
    ],
)
def test_one_slip_costs_one_fact_its_title_the_tree_and_its_address_the_item(
    seen: Any, tree: Verdict, added: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verdicts(MenuTree(tree=TREE), seen, monkeypatch) == {wanted_menu.TREE: tree, CATEGORY: added}


def test_another_fault_beside_a_slip_is_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    found = verdicts(MenuTree(tree=TREE), swapped(renamed("Recette")), monkeypatch)
    assert found == {wanted_menu.TREE: Verdict.NOT_MET, CATEGORY: Verdict.TO_JUDGE}


EXTRA = MenuItem(title="Les ateliers du mercredi", page="m")


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ((*TREE, EXTRA), Verdict.TO_JUDGE),
        ((EXTRA, *TREE), Verdict.TO_JUDGE),
        ((*TREE, EXTRA.model_copy(update={"children": (MenuItem(title="Tarifs", page="t"),)})), Verdict.TO_JUDGE),
        (
            replaced(TREE, TREE[1], TREE[1].model_copy(update={"children": (EXTRA, *TREE[1].children)})),
            Verdict.TO_JUDGE,
        ),
        ((*renamed("Recette"), EXTRA), Verdict.TO_JUDGE),
        ((*swapped(TREE), EXTRA), Verdict.NOT_MET),
        ((*without_last(TREE), EXTRA), Verdict.NOT_MET),
        ((*without_last(TREE), EXTRA.model_copy(update={"children": TREE[1].children})), Verdict.NOT_MET),
        ((*TREE, TREE[2]), Verdict.NOT_MET),
    ],
)
def test_what_a_menu_that_is_added_to_has_more_is_for_a_person(
    seen: Any, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verdicts(MenuTree(tree=TREE), seen, monkeypatch)[wanted_menu.TREE] is verdict


def test_what_the_menu_had_at_first_and_was_not_to_keep_is_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdicts(MenuTree(tree=TREE[:2]), (*TREE, EXTRA), monkeypatch)[wanted_menu.TREE] is Verdict.NOT_MET
    check = MenuTree(tree=TREE, removed=("Promotions",))
    found = verdicts(check, (*TREE, MenuItem(title="Promotions", page="p")), monkeypatch)
    assert found == {wanted_menu.TREE: Verdict.NOT_MET, CATEGORY: Verdict.MET, wanted_menu.REMOVED: Verdict.NOT_MET}


def test_a_menu_that_is_asked_whole_has_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tuple(item.model_copy(update={"children": ()}) for item in TREE)
    assert verdicts(MenuTree(tree=whole), (*whole, EXTRA), monkeypatch)[wanted_menu.TREE] is Verdict.NOT_MET
    monkeypatch.setattr(MenuTree, "_is_there", lambda self, site: (Verdict.MET, "", ""))
    made = MenuTree(menu="Menu des visiteurs", created=True, tree=TREE)
    assert verdicts(made, (*TREE, EXTRA), monkeypatch)[wanted_menu.TREE] is Verdict.NOT_MET


@pytest.fixture(autouse=True)
def _begun_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeded, "entries", lambda company, name: frozenset({"Accueil", "Contact"}))


@pytest.mark.parametrize(
    ("left", "verdict"),
    [("Contact", Verdict.NOT_MET), ("Contacts", Verdict.TO_JUDGE), ("Boutique", Verdict.MET)],
)
def test_what_was_to_be_removed_is_gone(left: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = (TREE[0], MenuItem(title=left, page="x"))
    assert verdicts(MenuTree(removed=("Contact",)), seen, monkeypatch) == {wanted_menu.REMOVED: verdict}


@pytest.mark.parametrize(
    ("title", "page", "verdict"),
    [
        ("Nous écrire", "contact", Verdict.TO_JUDGE),
        ("Nous écrire", "nous-ecrire", Verdict.MET),
        ("Contact", "contact", Verdict.NOT_MET),
        ("Accueil", "contact", Verdict.MET),  # a title that the menu had from the start
    ],
)
def test_an_entry_that_only_got_another_label_is_not_surely_removed(
    title: str, page: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = MenuTree(removed=("Contact",))
    seen = (TREE[0], MenuItem(title=title, page=page))
    assert verdicts(check, seen, monkeypatch) == {wanted_menu.REMOVED: verdict}
    below = (TREE[0].model_copy(update={"children": seen[1:]}),)
    assert verdicts(check, below, monkeypatch) == {wanted_menu.REMOVED: verdict}
    asked = MenuTree(removed=("Contact",), tree=(TREE[0], MenuItem(title="Nous écrire", page="contact")))
    assert verdicts(asked, asked.tree, monkeypatch)[wanted_menu.REMOVED] is Verdict.MET


def test_another_entry_that_is_gone_too_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    check = MenuTree(removed=("Contact",))
    assert verdicts(check, TREE[1:2], monkeypatch) == {wanted_menu.REMOVED: Verdict.TO_JUDGE}
    assert verdicts(check, TREE[1:], monkeypatch) == {wanted_menu.REMOVED: Verdict.NOT_MET}
    whole = MenuTree(removed=("Contact",), tree=TREE[1:2])
    assert verdicts(whole, TREE[1:2], monkeypatch)[wanted_menu.REMOVED] is Verdict.MET


def test_a_category_that_the_work_makes_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"slug": "idee-cadeaux", "name": "Idées cadeaux", "link": f"{SITE}/category/idee-cadeaux/"}
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [made])
    monkeypatch.setattr(destinations, "fetched", lambda site, page, address, method: Answer(200, address, ""))
    item = MenuItem(title="Idées cadeaux", category="idees-cadeaux", added=True)
    targets = menu_shown.Targets(MagicMock(address=SITE), (item,))
    assert targets.reached(item, ShownItem("Idées cadeaux", made["link"]))
    assert not targets.reached(item, ShownItem("Idées cadeaux", f"{SITE}/category/recettes/"))


def test_a_wanted_title_a_letter_from_the_removed_one_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    check = MenuTree(tree=(MenuItem(title="Contacts", page="contact"),), removed=("Contact",))
    assert set(verdicts(check, check.tree, monkeypatch).values()) == {Verdict.MET}


def test_an_address_that_sends_on_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(site: object, page: object, address: str, method: str) -> Answer:
        asked.append(address)
        sent = {f"{SITE}/?cat=4": f"{SITE}/category/r/", f"{SITE}/accueil/": f"{SITE}/"}
        return Answer(200, sent.get(address, address), "")

    monkeypatch.setattr(
        destinations,
        "rest_all",
        lambda site, path: [
            {"slug": "r", "name": "Recettes", "link": f"{SITE}/category/r/"},
            {"slug": "accueil", "name": "Accueil", "link": f"{SITE}/"},
        ],
    )
    monkeypatch.setattr(destinations, "fetched", answer)
    item = TREE[1].children[0]
    site = MagicMock(address=SITE)
    targets = menu_shown.Targets(site, TREE)
    assert targets.reached(item, ShownItem("Recettes", f"{SITE}/?cat=4"))
    assert not targets.reached(item, ShownItem("Recettes", f"{SITE}/?cat=5"))
    assert not targets.reached(item, ShownItem("Recettes", "https://ailleurs.test/?cat=4"))
    assert targets.reached(TREE[0], ShownItem("Accueil", f"{SITE}/accueil/"))
    assert not targets.reached(TREE[0], ShownItem("Accueil", f"{SITE}/contact/"))
    assert not targets.reached(TREE[0], ShownItem("Accueil", f"{SITE}/wp-login.php?action=logout"))
    assert targets.reached(TREE[0], ShownItem("Accueil", f"{SITE}/accueil/"))
    assert asked == [f"{SITE}/?cat=4", f"{SITE}/?cat=5", f"{SITE}/accueil/", f"{SITE}/contact/"]


def test_a_tree_without_sub_items_gets_one_at_the_wrong_level() -> None:
    flat = (MenuItem(title="A"), MenuItem(title="B"), MenuItem(title="C"))
    assert [(item.title, depth) for item, depth in walk(relevelled(flat))] == [("A", 0), ("B", 0), ("C", 1)]


def test_each_kind_that_is_to_be_added_is_a_fact() -> None:
    first, second, third, *_ = MenuTree.examples()
    assert first.facts() == (wanted_menu.TREE, CATEGORY, PAGE)
    assert second.facts() == (wanted_menu.TREE, LINK, wanted_menu.REMOVED)
    assert third.facts() == (wanted_menu.REMOVED,)


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
        {"removed": ["Contact", " "]},
        {"tree": [{"title": "A", "page": "a", "children": [{"title": "B"}]}], "removed": ["b"]},
    ],
)
def test_values_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MenuTree.model_validate(values)


def test_a_new_menu_has_a_name_and_items(monkeypatch: pytest.MonkeyPatch) -> None:
    check = MenuTree(menu="Menu des visiteurs", created=True, tree=TREE)
    others = {"Menu de pied de page": 5, "Suivez-nous": 2}

    def verdict(menus: dict[str, int]) -> Verdict:
        def rest_all(site: Any, path: str) -> list[dict[str, Any]]:
            if "menu-items" in path:
                return [{}] * list(menus.values())[int(path.split("menus=")[1].split("&")[0])]
            return [{"id": index, "name": name} for index, name in enumerate(menus)]

        for module in (menu, menu_shown):
            monkeypatch.setattr(module, "rest_all", rest_all)
        return check._is_there(MagicMock())[0]

    assert verdict({"Menu principal": 6, **others, "MENU DES VISITEURS": 3}) is Verdict.MET
    assert verdict({**others, "MENU DES VISITEURS": 3}) is Verdict.TO_JUDGE, "the site's own was renamed"
    assert verdict({"Menu principal": 6, **others, "Menu des visiteur": 3}) is Verdict.TO_JUDGE
    assert verdict({"Menu des visiteurs": 0}) is Verdict.NOT_MET
    assert verdict({"Menu principal": 6, "Menu 2": 3}) is Verdict.NOT_MET
    assert check.makes() == ("Menu des visiteurs",)
    assert check.facts()[0] == wanted_menu.CREATED


def test_a_new_menu_has_a_tree() -> None:
    with pytest.raises(ValidationError, match="arborescence"):
        MenuTree(menu="Autre", created=True, removed=("Contact",))


def test_the_order_of_a_menu_may_be_free(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = swapped(TREE)
    assert verdicts(MenuTree(tree=TREE), turned, monkeypatch)[wanted_menu.TREE] is Verdict.NOT_MET
    free = MenuTree(tree=TREE, order="free")
    assert verdicts(free, turned, monkeypatch)[wanted_menu.TREE] is Verdict.MET
    assert verdicts(free, without_last(turned), monkeypatch)[wanted_menu.TREE] is Verdict.NOT_MET
    assert verdicts(free, relevelled(turned), monkeypatch)[wanted_menu.TREE] is Verdict.NOT_MET


def test_an_entry_may_be_added_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    anywhere = MenuTree(entries=(MenuItem(title="Recettes", category="r", added=True),), menu="Le menu")
    assert anywhere.facts() == (CATEGORY,)
    assert verdicts(anywhere, TREE, monkeypatch) == {CATEGORY: Verdict.MET}
    assert verdicts(anywhere, without_last(TREE), monkeypatch) == {CATEGORY: Verdict.NOT_MET}
    monkeypatch.setattr(seeded, "entries", lambda company, name: frozenset({"Accueil", "Nos produits"}))
    assert verdicts(anywhere, TREE, monkeypatch) == {CATEGORY: Verdict.TO_JUDGE}


def test_another_list_of_links_at_the_same_place_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    check, seen = MenuTree(tree=TREE), without_last(TREE)
    assert verdicts(check, seen, monkeypatch)[wanted_menu.TREE] is Verdict.NOT_MET
    monkeypatch.setattr(menu, "Targets", lambda site, tree: Targets())
    monkeypatch.setattr(menu, "lists_at", lambda site, location: [shown(seen), shown(TREE)])
    found = {one.fact: one.verdict for one in check.verify(MagicMock(company=COMPANY))}
    assert found == {wanted_menu.TREE: Verdict.TO_JUDGE, CATEGORY: Verdict.TO_JUDGE}


def test_a_menu_with_a_wrong_link_is_no_other_list_that_shows_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    check, seen = MenuTree(tree=TREE), renamed("Recettes", category="autre")
    assert verdicts(check, seen, monkeypatch)[CATEGORY] is Verdict.NOT_MET
    monkeypatch.setattr(menu, "lists_at", lambda site, location: [shown(seen)])  # every list, its own too
    assert {one.fact: one.verdict for one in check.verify(MagicMock(company=COMPANY))}[CATEGORY] is Verdict.NOT_MET
