"""How an examiner's browser tells the screen of the shop's office that it asked for from another one."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest
from playwright.sync_api import Page, Route

from checks.prestashop.reading import attributes, carriers
from checks.prestashop.reading.answers import Script, looked_up
from provisioner.core.errors import OtherScreen, StationNotReady
from provisioner.examination.browser import candidate_browser
from provisioner.subject.check import Site

SHOP = "http://shop.test"
READ = Script[str]("(page, about, whole) => whole.includes('{') ? whole : page.body.textContent.trim()")


def screen(mark: str, text: str) -> str:
    return f"<!doctype html><html><head><title>Écran {text}</title></head><body class='lang-fr {mark}'>{text}</body></html>"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with candidate_browser() as browser:
        yield browser.new_context().new_page()


class Shop:
    """Answers by path: each address has the answers that come in turn, of which the last stays; "→" sends elsewhere."""

    def __init__(self, page: Page, answers: dict[str, list[str]]) -> None:
        self.answers, self.asked = answers, list[str]()
        page.unroute_all()
        page.context.unroute_all()
        page.context.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SHOP)
        if path.endswith(".gif"):
            route.fulfill(body="<p></p>", content_type="text/html")
            return
        self.asked.append(path)
        queue = self.answers[path]
        text = queue.pop(0) if len(queue) > 1 else queue[0]
        route.fulfill(body=text, content_type="text/html")


def site_of(page: Page) -> Site:
    """The shop, at which somebody is signed in on that page."""

    def answers(_page: object, items: object, script: str, about: object, *, shown: str, acts: bool) -> object:
        quiet = page.context.new_page()
        quiet.goto(SHOP + shown)
        return quiet.evaluate(script, [items, about])

    return cast(Site, SimpleNamespace(address=SHOP, signed_in=lambda: page, answers=answers))


def read(page: Page, path: str) -> str:
    site = site_of(page)
    return looked_up(site, page, SHOP + path, READ)


RETURNS = "/gestion/index.php?controller=AdminReturn&token=a"
PRODUCT = "/gestion/index.php/sell/catalog/products/3?_token=a"
PART = "/gestion/index.php/specific-price/list/3?_token=a"
MODULE = "/gestion/index.php/improve/modules/manage/action/configure/ps_imageslider?_token=a"


def test_the_screen_that_was_asked_for_is_read_at_once(page: Page) -> None:
    shop = Shop(page, {RETURNS: [screen("adminreturn", "retours")], PRODUCT: [screen("adminproducts", "fiche")]})
    assert (read(page, RETURNS), read(page, PRODUCT)) == ("retours", "fiche")
    assert shop.asked == [RETURNS, PRODUCT]


def test_a_welcome_that_comes_once_is_passed_over(page: Page) -> None:
    shop = Shop(page, {RETURNS: [screen("adminwelcome", "bienvenue"), screen("adminreturn", "retours")]})
    assert read(page, RETURNS) == "retours"
    assert shop.asked == [RETURNS, RETURNS]


@pytest.mark.parametrize("path", [RETURNS, PRODUCT, MODULE])
@pytest.mark.parametrize("mark", ["adminwelcome", "adminorders", ""])
def test_another_screen_is_never_read_for_it(page: Page, path: str, mark: str) -> None:
    Shop(page, {path: [screen(mark, "autre")]})
    with pytest.raises(OtherScreen, match="« Écran autre »"):
        read(page, path)


def test_an_answer_to_a_screens_own_script_has_no_mark(page: Page) -> None:
    Shop(page, {PART: ['[{"id": 3}]']})
    assert read(page, PART) == '[{"id": 3}]'


def test_a_form_to_sign_in_is_the_stations_fault(page: Page) -> None:
    Shop(page, {RETURNS: [screen("adminlogin", "<form id='login_form'></form>")]})
    with pytest.raises(StationNotReady):
        read(page, RETURNS)


@pytest.mark.parametrize("boxes", [True, False])
def test_a_list_of_a_single_row_has_no_boxes_and_is_read_all_the_same(page: Page, boxes: bool) -> None:
    box = '<td><input type="checkbox" name="{}Box[]" value="18"></td>' if boxes else ""
    row = "<table><tbody><tr>{}<td>18</td><td> 1 kg </td><td><a class=edit href='?id_carrier=18'></a></td></tr></table>"
    values = row.format(box.format("attribute"))
    listed = f"<form id=form-carrier>{row.format(box.format('carrier'))}</form>"
    groups = "/gestion/index.php?controller=AdminAttributesGroups&token=a"
    delivery = "/gestion/index.php?controller=AdminCarriers&token=a"
    Shop(page, {groups: [screen("adminattributesgroups", values)], delivery: [screen("admincarriers", listed)]})
    site = site_of(page)
    assert looked_up(site, page, SHOP + groups, attributes._ROWS) == [{"id": "18", "name": "1 kg"}]
    assert [one["name"] for one in looked_up(site, page, SHOP + delivery, carriers._ROWS)] == ["1 kg"]
