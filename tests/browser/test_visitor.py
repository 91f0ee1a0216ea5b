"""What a visitor of a station meets: its pages on a phone, and the way from a product to an order without an account."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from provisioner.build.driver import Inside
from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.examination.browser import ContextOptions, candidate_browser, new_context
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from tests.cms import BROKEN

#: What sticks out of the page to the right, and is drawn.
WIDER = """
() => document.documentElement.scrollWidth <= innerWidth + 1 ? [] : [...document.body.querySelectorAll('*')]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120))
"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0])"


@pytest.fixture
def visitor_browser(centre: Centre, station: Station) -> Iterator[Browser]:
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as browser:
        yield browser


def test_the_pages_that_home_leads_to_fit_a_phone(
    centre: Centre, station: Station, golden: Golden, visitor_browser: Browser
) -> None:
    phone: ContextOptions = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    page = new_context(visitor_browser, centre.settings, **phone).new_page()
    page.goto(station.address)
    own = urlsplit(station.address).netloc
    links = dict.fromkeys(link for link in page.evaluate(LINKS) if urlsplit(link).netloc == own)
    assert len(links) >= 15
    wrong = []
    for link in [station.address, *links]:
        answer = page.goto(link)
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{link}: {answer.status}")
        wrong += [f"{link}: too wide for a phone: {one}" for one in page.evaluate(WIDER)]
        wrong += [f"{link}: the picture {one} is broken" for one in page.evaluate(BROKEN)]
    assert wrong == []


def test_a_guest_orders_and_reads_the_confirmation(engine: Engine, centre: Centre, shop: Golden, browser: None) -> None:
    (station,) = up(centre, 1, ["prestashop-a"], shop)
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as chromium:
        order(new_context(chromium, centre.settings).new_page(), station)
    ordered = Inside(engine, station.container).run(
        "mariadb",
        "site",
        "--batch",
        "--skip-column-names",
        "--execute",
        "select json_object('guest', c.is_guest, 'module', o.module) from ps_orders o join ps_customer c using (id_customer)"
        " where c.email = 'solene.kervran@courriel.test'",
    )
    assert json.loads(ordered) == {"guest": 1, "module": "ps_checkpayment"}


@pytest.fixture
def browser() -> None:
    """What the guest orders with."""


def order(page: Page, station: Station) -> None:
    """The first product of the shop, as a guest, who reads that it is confirmed."""
    page.goto(station.address)
    page.locator("article.product-miniature a.product-thumbnail").first.click()
    name = page.locator("h1").inner_text()
    page.locator("button.add-to-cart").click()
    page.locator("#blockcart-modal .cart-content-btn a").click()
    page.locator(".cart-detailed-actions a").click()

    form = page.locator("#customer-form:visible")
    form.locator("input[name=firstname]").fill("Solène")
    form.locator("input[name=lastname]").fill("Kervran")
    form.locator("input[name=email]").fill("solene.kervran@courriel.test")
    for box in form.locator("input[type=checkbox][required]").all():
        box.check()
    form.locator("button[name=continue]").click()

    form = page.locator("#delivery-address")
    form.locator("input[name=address1]").fill("3 rue du Moulin")
    form.locator("input[name=postcode]").fill("44000")
    form.locator("input[name=city]").fill("Nantes")
    form.locator("button[name=confirm-addresses]").click()
    page.locator("button[name=confirmDeliveryOption]").click()
    page.locator("input[data-module-name=ps_checkpayment]").check()
    page.locator("#conditions-to-approve input[type=checkbox]").check()
    page.locator("#payment-confirmation button").click()

    confirmed = page.locator("#content-hook_order_confirmation")
    confirmed.wait_for()
    assert "confirmée" in confirmed.inner_text().casefold()
    assert name.casefold() in page.locator("#order-items").inner_text().casefold()
