"""The room's page in a browser: what changes is on it at once, and what isn't fresh doesn't look so. No station is needed."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.console.acting import Acts
from provisioner.console.app import console
from provisioner.console.people import People
from provisioner.console.services import Services
from provisioner.console.tiles import Severity, State
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.host.settings import Settings
from tests.accessible import refuse_faults
from tests.staged_room import ZONE, Served, StagedActs, StagedRoom, console_page, no_centre, served, some_tiles, staged

#: What a browser leaves of 1366 × 768.
WIDE = {"width": 1366, "height": 620}


class Watched:
    """The room of forty places, its server, and a browser that reaches it."""

    def __init__(self, room: StagedRoom, server: Served, browser: Browser) -> None:
        self.room, self.server, self._browser = room, server, browser

    def page(self, path: str = "/salle", width: int = 1366, height: int = 620) -> Page:
        """A page that is live; see `opened`."""
        page = self.opened(path, width, height)
        expect(page.locator("#light")).to_have_text("En direct")
        return page

    def opened(self, path: str, width: int = 1366, height: int = 620) -> Page:
        """A page; see `console_page`."""
        return console_page(self._browser, self.server.port, path, width, height)


@pytest.fixture
def watched_browser(tmp_path: Path) -> Iterator[Watched]:
    room = StagedRoom()
    room.show(*some_tiles(40), series="Série 1 sur 3 · 9 h 30", expected=40)
    with ExitStack() as stack:
        stack.enter_context(room.fresh())
        server = stack.enter_context(served(staged(room, tmp_path)))
        browser = stack.enter_context(candidate_browser(server.port))
        yield Watched(room, server, browser)


def test_forty_places_fit_on_a_small_screen_and_narrow_ones_scroll_one_way_alone(watched_browser: Watched) -> None:
    page = watched_browser.page()
    assert page.evaluate("document.documentElement.scrollHeight") <= 620
    boxes = [tile.bounding_box() for tile in page.locator(".tile").all()]
    assert len(boxes) == 40
    assert all(box and box["y"] + box["height"] <= 620 and box["x"] + box["width"] <= 1366 for box in boxes)


@pytest.mark.parametrize("width", [1366, 320])
def test_the_pages_of_the_room_have_no_fault_and_fit(watched_browser: Watched, width: int) -> None:
    for path in ("/salle", "/salle?vue=liste", "/salle?ordre=incidents", "/poste/3"):
        refuse_faults(watched_browser.page(path, width, 640))
    watched_browser.room.load.look(datetime.now(UTC), watched_browser.room.current().tiles)
    for path in ("/poste/99", "/charge"):
        refuse_faults(watched_browser.opened(path, width, 640))
    tiles = watched_browser.room.current().tiles
    watched_browser.room.show(*tiles, trouble="Le moteur des postes ne répond pas.")
    refuse_faults(watched_browser.opened("/salle", width, 640), "a room that isn't read")


@pytest.mark.parametrize("shown_as", ["plan", "liste"])
def test_a_change_is_on_every_open_page_within_a_second_and_keeps_what_is_chosen(
    watched_browser: Watched, shown_as: str
) -> None:
    pages = [watched_browser.page(f"/salle?vue={shown_as}") for _ in range(2)]
    for page in pages:
        page.locator("#pick-5").check()
        page.locator("#open-5").focus()
    watched_browser.room.change(5, state=State.BROKEN, line="arrêté", severity=Severity.BROKEN)
    for page in pages:
        expect(page.locator("#tile-5")).to_contain_text("arrêté", timeout=1000)
        expect(page.locator("#tile-5")).to_have_class(
            "tile tone-bad broken" if shown_as == "plan" else "tone-bad broken"
        )
        expect(page.locator("#summary")).to_contain_text("4 en panne")
        expect(page.locator("#pick-5")).to_be_checked()
        expect(page.locator("#open-5")).to_be_focused()


def test_the_time_that_is_left_runs_by_the_servers_clock(watched_browser: Watched) -> None:
    page = watched_browser.page()
    page.clock.install(time=0)  # the browser's own clock is of 1970 from now on
    figures = page.locator("#tile-1 .figures")
    first = figures.inner_text()
    expect(figures).not_to_have_text(first, timeout=5000)
    minutes, seconds = map(int, figures.inner_text().split(":"))
    assert 20 <= minutes <= 22
    assert 0 <= seconds < 60


def test_a_lost_connection_is_said_at_once_and_the_page_is_live_again_by_itself(watched_browser: Watched) -> None:
    page = watched_browser.page()
    watched_browser.server.stop()
    expect(page.locator("#light")).to_contain_text("Connexion perdue", timeout=2000)
    expect(page.locator("body")).to_have_class("lost-connection")
    expect(page.locator("#light")).to_contain_text("depuis 3 s", timeout=5000)
    watched_browser.room.change(7, line="arrivé", state=State.READY, severity=Severity.QUIET)
    watched_browser.server.start()
    expect(page.locator("#light")).to_have_text("En direct", timeout=5000)
    expect(page.locator("#tile-7")).to_contain_text("arrivé")
    expect(page.locator("body")).not_to_have_class("lost-connection")


def test_a_stream_that_is_silent_is_lost_and_is_asked_for_again(watched_browser: Watched) -> None:
    """As behind a switch that was unplugged: no browser is told of it."""
    page, room = watched_browser.page(), watched_browser.room
    room.silent = True
    expect(page.locator("#light")).to_contain_text("Connexion perdue", timeout=5000)
    room.silent = False
    room.change(9, line="entre-temps")
    expect(page.locator("#light")).to_have_text("En direct", timeout=9000)
    expect(page.locator("#tile-9")).to_contain_text("entre-temps")


def test_a_page_that_is_hidden_takes_no_connection_and_looks_fresh_only_once_it_is(watched_browser: Watched) -> None:
    page, room = watched_browser.page(), watched_browser.room
    show = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
        return document.getElementById("light").textContent;
    }"""
    page.evaluate(show, True)
    page.wait_for_timeout(2500)
    assert not room._waiting
    room.change(9, line="entre-temps")
    assert "Connexion perdue" in page.evaluate(show, False)
    expect(page.locator("#light")).to_have_text("En direct", timeout=2000)
    expect(page.locator("#tile-9")).to_contain_text("entre-temps")


def test_who_is_signed_out_meanwhile_is_led_to_the_door(tmp_path: Path) -> None:
    room, people = StagedRoom(), People(tmp_path / "console.sqlite")
    room.show(*some_tiles(3))
    people.make_first(people.first_code(), "Mme Riou", "le phare de la Jument", "127.0.0.1")
    _, token = people.sign_in("Mme Riou", "le phare de la Jument", "127.0.0.1")
    services = Services(no_centre, people, room, cast(Acts, StagedActs()), "salle", ZONE)
    with room.fresh(), served(console(services, ["localhost"])) as server, candidate_browser(server.port) as browser:
        context, address = new_context(browser, Settings()), f"http://localhost:{server.port}"
        context.add_cookies([{"name": "e5b-console", "value": token, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/salle")
        expect(page.locator("#light")).to_have_text("En direct")
        people.sign_out(token)
        expect(page).to_have_url(f"{address}/entree", timeout=10_000)


def test_a_room_that_is_no_longer_read_looks_so(watched_browser: Watched) -> None:
    page = watched_browser.page()
    room = watched_browser.room
    view = room.current()
    room.show(*view.tiles, series=view.series, trouble="Le moteur des postes ne répond pas.")
    expect(page.locator("#light")).to_contain_text("Salle non lue", timeout=2500)
    expect(page.get_by_role("alert")).to_contain_text("Le moteur des postes ne répond pas.")
    expect(page.locator("body")).to_have_class("lost-connection")


def test_places_that_come_and_go_are_fetched_anew(watched_browser: Watched) -> None:
    page = watched_browser.page()
    watched_browser.room.show(*some_tiles(12))
    expect(page.locator(".tile")).to_have_count(12, timeout=2000)
    watched_browser.room.change(2, line="encore en direct")
    expect(page.locator("#tile-2")).to_contain_text("encore en direct", timeout=1000)


def test_incidents_keep_their_order_while_a_hand_is_among_the_places(watched_browser: Watched) -> None:
    page = watched_browser.page("/salle?ordre=incidents")

    def first() -> str | None:
        return page.locator(".tile").first.get_attribute("id")

    before = first()
    page.locator("#tile-20").hover()
    watched_browser.room.change(40, state=State.UNREAD, line="notes illisibles", severity=Severity.UNREAD)
    expect(page.locator("#tile-40")).to_contain_text("notes illisibles", timeout=1000)
    page.wait_for_timeout(600)
    assert first() == before
    page.mouse.move(700, 10)
    expect(page.locator(".tile").first).to_have_id("tile-40", timeout=5000)


def test_the_page_of_a_station_follows_it(watched_browser: Watched) -> None:
    page = watched_browser.page("/poste/1")
    watched_browser.room.change(1, state=State.BROKEN, line="arrêté", severity=Severity.BROKEN)
    expect(page.locator("#now")).to_contain_text("arrêté", timeout=1500)
    expect(page.locator("#now")).to_have_class("tone-bad")


def test_the_page_of_a_station_keeps_no_name_and_no_credentials_of_who_left_it(watched_browser: Watched) -> None:
    page, room = watched_browser.page("/poste/1"), watched_browser.room
    page.get_by_role("button", name="Afficher pendant").click()
    credentials = page.locator("#credentials").get_by_role("status")
    expect(credentials).to_be_visible()
    expect(page.locator("#light")).to_have_text("En direct")
    room.change(1, line="cliché à l’instant")
    expect(page.locator("#now")).to_contain_text("cliché à l’instant", timeout=1500)
    expect(credentials).to_be_visible()  # they are still his, whose time is not over
    room.change(1, candidate="PRIGENT Enora", container="f" * 12)
    expect(page.locator("h1")).to_have_text("Poste 01 · PRIGENT Enora", timeout=1500)
    expect(credentials).to_have_count(0)
    expect(page.get_by_role("button", name="Afficher pendant")).to_be_enabled()
    room.show(*some_tiles(40)[1:])
    expect(page.locator("h1")).to_contain_text("n’a pas de poste 1", timeout=2500)


def test_all_can_be_reached_by_keyboard_in_the_order_of_the_places(watched_browser: Watched) -> None:
    page = watched_browser.page()
    page.locator("#pick-1").focus()
    reached = []
    for _ in range(4):
        reached.append(page.evaluate("document.activeElement.id"))
        page.keyboard.press("Tab")
    assert reached == ["pick-1", "open-1", "pick-2", "open-2"]
    page.locator("#pick-3").focus()
    page.keyboard.press("Space")
    assert page.locator("#pick-3").is_checked()
    assert (
        json.loads(page.evaluate("JSON.stringify(getComputedStyle(document.querySelector('#tile-3')).outlineStyle)"))
        == "solid"
    )


def test_places_are_chosen_by_a_click_anywhere_and_by_the_shift_key(watched_browser: Watched) -> None:
    page = watched_browser.page()
    page.locator("#tile-3 .line").click()
    expect(page.locator("#chosen")).to_have_text("1 poste choisi")
    page.locator("#tile-6 .line").click(modifiers=["Shift"])
    expect(page.locator("#chosen")).to_have_text("4 postes choisis")
    page.locator("#tile-4 label").click()
    assert [box.get_attribute("value") for box in page.locator("input[name=station]:checked").all()] == [
        "poste-03",
        "poste-05",
        "poste-06",
    ]
    watched_browser.room.show(*some_tiles(5))
    expect(page.locator(".tile")).to_have_count(5, timeout=2000)
    expect(page.locator("#chosen")).to_have_text("2 postes choisis")


def test_acts_cannot_be_sent_while_the_connection_is_lost(watched_browser: Watched) -> None:
    page = watched_browser.page()
    start = page.get_by_role("button", name="Démarrer")
    expect(start).to_be_enabled()
    watched_browser.server.stop()
    expect(start).to_be_disabled(timeout=3000)
    watched_browser.server.start()
    expect(start).to_be_enabled(timeout=5000)
