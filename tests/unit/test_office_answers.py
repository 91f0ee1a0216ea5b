"""The screen of the office that came is the one that was asked for, or nothing is said of the work."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from checks.prestashop.reading import answers as of_shop
from checks.wordpress import confidentialite
from checks.wordpress.reading import answers as of_site
from provisioner.core.errors import OtherScreen, StationNotReady
from provisioner.host.paths import ROOT
from provisioner.subject.check import Site

WELCOME = "<html><head><title>Bienvenue dans Yoast SEO</title></head><body class='wp-admin seo_page_installation'></body></html>"


def screen(*classes: str) -> str:
    return f'<html><head><title>Réglages</title></head><body class="wp-admin {" ".join(classes)}"></body></html>'


class Shown:
    """The administrator's page: each visit of it shows the next of these screens, the last one for ever."""

    def __init__(self, *screens: str) -> None:
        self.screens = list(screens)
        self.visits: list[str] = []
        self.url = ""

    def goto(self, address: str, **_: object) -> None:
        self.visits.append(address)
        self.url = address if "welcome" not in self.now else "http://site.test/wp-admin/admin.php?page=welcome"

    @property
    def now(self) -> str:
        return self.screens[min(len(self.visits), len(self.screens)) - 1]

    def read(self, items: list[Any], about: Any) -> list[Any]:
        self.visits.append(items[0])
        return [(200, items[0], self.now, 1)]

    def title(self) -> str:
        return self.now.partition("<title>")[2].partition("</title>")[0]

    def locator(self, selector: str) -> Any:
        classes = self.now.partition("<body class=")[2].strip("\"'").partition(">")[0].strip("\"'")
        inside = SimpleNamespace(count=lambda: 0, inner_text=lambda: "", get_attribute=lambda name: classes)
        return SimpleNamespace(**vars(inside), first=inside)


def site_of(page: object) -> Site:
    kept: dict[str, str] = {}

    def once(name: str, ask: Callable[[], str]) -> str:
        kept[name] = kept.get(name) or ask()
        return kept[name]

    return cast(
        Site,
        SimpleNamespace(
            address="http://site.test",
            signed_in=lambda: page,
            page=page,
            once=once,
            answers=lambda page, items, script, about, **_: page.read(items, about),
        ),
    )


READERS: list[Callable[[Site, str], object]] = [of_site.office_screen, of_site.office_html]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("path", "classes"),
    [
        ("options-privacy.php", "options-privacy-php"),
        ("edit.php?post_type=page&orderby=date", "edit-php post-type-page"),
        ("term.php?taxonomy=category&tag_ID=4", "term-php taxonomy-category"),
    ],
)
def test_a_welcome_that_comes_once_is_passed_over(read: Callable[[Site, str], object], path: str, classes: str) -> None:
    page = Shown(WELCOME, screen(classes))
    read(site_of(page), path)
    assert page.visits == [f"http://site.test/wp-admin/{path}"] * 2


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("wrong", [WELCOME, screen("edit-php", "post-type-post"), "", "<html><body>rien</body></html>"])
def test_another_screen_is_the_checks_fault_and_says_which_came(
    read: Callable[[Site, str], object], wrong: str
) -> None:
    page = Shown(wrong)
    with pytest.raises(
        OtherScreen, match=r"L’écran demandé est edit\.php\?post_type=page, et le poste a montré"
    ) as caught:
        read(site_of(page), "edit.php?post_type=page")
    assert wrong is not WELCOME or "« Bienvenue dans Yoast SEO »" in str(caught.value)
    assert not isinstance(caught.value, StationNotReady)  # which would be the station's fault
    assert len(page.visits) == 2


def test_a_page_that_is_not_named_in_the_settings_is_not_read_from_a_welcome() -> None:
    with pytest.raises(OtherScreen):
        confidentialite.designated(site_of(Shown(WELCOME)))


@pytest.mark.parametrize("wrong", [WELCOME, "", "null", '"texte"', "<br>Warning: x {"])
def test_an_interface_that_answers_a_page_says_nothing_of_the_work(wrong: str) -> None:
    for read, right in ((of_site.rest_or_none, '{"id": 3}'), (of_site.rest_all, '[{"id": 3}]')):
        page = Shown("0123456789", wrong, right)
        assert read(site_of(page), "wp/v2/posts")
        with pytest.raises(OtherScreen, match="a répondu autre chose"):
            read(site_of(Shown("0123456789", wrong)), "wp/v2/posts")


def test_an_object_is_no_collection() -> None:
    with pytest.raises(OtherScreen):
        of_site.rest_all(site_of(Shown("0123456789", '{"id": 3}')), "wp/v2/posts")
    with pytest.raises(OtherScreen):
        of_site.rest(site_of(Shown("0123456789", "[]")), "wp/v2/posts/3")


def test_the_key_of_the_interface_is_a_key() -> None:
    assert of_site.rest(site_of(Shown(WELCOME, "0123456789", '{"id": 3}')), "wp/v2/posts/3") == {"id": 3}
    with pytest.raises(OtherScreen, match="une clé"):
        of_site.rest(site_of(Shown(WELCOME)), "wp/v2/posts/3")


# --- who may open a page of the office ---------------------------------------------------------


def goes_of(path: Path) -> Iterator[tuple[str, str]]:
    """The functions of a module that are given the copy of a station, and the address of each page they open themselves."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and "site" in {argument.arg for argument in node.args.args}:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "goto":
                    yield node.name, ast.unparse(call.args[0])


#: An address of the shop itself, for a customer who is signed in; the only pages that a check opens by itself.
_OF_SHOP = "f'{site.address}/index.php?controller="


def test_a_check_opens_no_screen_of_the_office_by_itself() -> None:
    """Of what an examiner reads; a candidate's ways have a desk."""
    modules = [path for path in sorted((ROOT / "checks").rglob("*.py")) if path.name != "answers.py"]
    opened = [(path.name, *found) for path in modules for found in goes_of(path)]
    assert [found for found in opened if not found[2].startswith(_OF_SHOP)] == []
    assert len(list(goes_of(ROOT / "checks/wordpress/reading/answers.py"))) == 1


def test_a_check_fetches_no_screen_of_the_office_by_itself() -> None:
    for path in sorted((ROOT / "checks/wordpress").rglob("*.py")):
        if path.name == "answers.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fetched":
                assert "wp-admin" not in ast.unparse(node), f"{path.name}: {ast.unparse(node)}"


# --- the shop ----------------------------------------------------------------------------------


class Office(Shown):
    """The examiner's page of a shop: what it is asked goes through the fetches of a real page elsewhere."""

    def __init__(self, *answers: list[object]) -> None:
        super().__init__(screen("adminorders"))
        self.answers = list(answers)

    def read(self, items: list[Any], about: Any) -> list[Any]:
        self.asked = items
        return self.answers


def test_what_another_screen_of_the_shop_shows_says_nothing_of_the_work() -> None:
    office = Office([200, [], "Bienvenue"])
    reader = of_shop.Script[list[str]]("page => []")
    with pytest.raises(OtherScreen, match="L’écran demandé est AdminReturn, et le poste a montré « Bienvenue »"):
        of_shop.looked_up(
            site_of(office), cast(Any, office), "http://x/gestion/index.php?controller=AdminReturn", reader
        )
    assert office.asked == [["http://x/gestion/index.php?controller=AdminReturn", ["adminreturn"]]]
    other = Office([200, [], "Bienvenue"])  # an employee of another profile, who may be sent away rightly
    assert of_shop.looked_up(site_of(office), cast(Any, other), "http://x/gestion/index.php/sell/orders/", reader) == []
    assert other.asked == [["http://x/gestion/index.php/sell/orders/", None]]


@pytest.mark.parametrize(
    ("address", "marks"),
    [
        ("http://x/gestion/index.php?controller=AdminCartRules&token=a", ["admincartrules"]),
        (
            "http://x/gestion/index.php?controller=AdminCarriers&id_carrier=2&updatecarrier",
            ["admincarriers", "admincarrierwizard"],
        ),
        ("http://x/gestion/index.php/sell/orders/5/view?_token=a", ["adminorders"]),
        ("http://x/gestion/index.php/sell/orders/credit-slips/?_token=a", ["adminslip"]),
        (
            "http://x/gestion/index.php/improve/modules/manage/action/configure/ps_imageslider?_token=a",
            ["adminmodules"],
        ),
        ("http://x/gestion/index.php/improve/modules/manage?_token=a", ["adminmodulesmanage"]),
        ("http://x/gestion/index.php/something/new?_token=a", []),
    ],
)
def test_each_screen_of_the_shop_has_a_mark_of_its_own(address: str, marks: list[str]) -> None:
    assert of_shop._marks(address) == marks


def test_a_screen_of_the_shop_that_is_opened_is_the_one_that_was_asked_for() -> None:
    address = "http://x/gestion/index.php?controller=AdminOrders&token=a"
    once = Shown(WELCOME, screen("lang-fr", "adminorders"))
    of_shop.open_screen(site_of(once), address)
    assert once.visits == [address, address]
    with pytest.raises(OtherScreen, match="AdminOrders, et le poste a montré « Bienvenue dans Yoast SEO »"):
        of_shop.open_screen(site_of(Shown(WELCOME)), address)
