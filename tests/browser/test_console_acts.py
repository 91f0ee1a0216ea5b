"""The acts in a browser: chosen, planned, confirmed and followed, by the mouse or the keyboard alone. No station is needed."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.console.acting import Acts
from provisioner.examination.browser import candidate_browser
from provisioner.station.act_book import Book
from provisioner.station.acts import COMMAND_LINE, ActLine, Outcome
from tests.accessible import refuse_faults
from tests.staged_room import StagedRoom, console_page, served, some_tiles, staged
from tests.unit.console_acts import PERSON, World


class Acting:
    """The room, its acts, and a browser."""

    def __init__(self, world: World, acts: Acts, port: int, browser: Browser) -> None:
        self.world, self.acts, self._port, self._browser = world, acts, port, browser

    def page(self, path: str = "/salle", width: int = 1366, height: int = 620, *, scripts: bool = True) -> Page:
        return console_page(self._browser, self._port, path, width, height, scripts=scripts)


@pytest.fixture
def acting(tmp_path: Path) -> Iterator[Acting]:
    room, world = StagedRoom(), World(tmp_path)
    room.show(*some_tiles(40), series="Série 1 sur 3 · 9 h 30", expected=40)
    acts = world.begun(threads=True)
    with ExitStack() as stack:
        stack.enter_context(room.fresh())
        server = stack.enter_context(served(staged(room, tmp_path, acts=acts)))
        browser = stack.enter_context(candidate_browser(server.port))
        yield Acting(world, acts, server.port, browser)
        acts.close()


def test_the_bar_of_acts_leaves_room_for_forty_places(acting: Acting) -> None:
    page = acting.page()
    assert page.evaluate("document.documentElement.scrollHeight") <= 620
    bar, last = page.locator("#acts").bounding_box(), page.locator("#tile-40").bounding_box()
    assert bar
    assert last
    assert last["y"] + last["height"] <= bar["y"]
    assert bar["height"] < 60


@pytest.mark.parametrize("scripts", [True, False])
def test_an_act_is_chosen_planned_confirmed_and_followed_to_its_end(acting: Acting, scripts: bool) -> None:
    acting.world.reasons = {"poste-02": "travaille déjà"}
    page = acting.page(scripts=scripts)
    for place in (1, 2, 3):
        page.locator(f"#pick-{place}").check()
    page.get_by_role("button", name="Remettre à neuf").click()
    expect(page.locator("main")).to_contain_text("2 postes seront neufs ; 1 autre reste comme avant.")
    expect(page.locator("main")).to_contain_text("Rien : travaille déjà")
    page.get_by_role("button", name="Remettre à neuf : 2 postes").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez combien de postes sont concernés : 2.")
    page.get_by_label("Pour confirmer").fill("2")
    page.get_by_role("button", name="Remettre à neuf : 2 postes").click()
    expect(page.locator("#act")).to_contain_text("2 faits, 1 pas fait", timeout=15000)
    if scripts:
        expect(page.locator("#light")).to_have_text("En direct")
    assert sum(acting.world.done.values()) == 2


def test_places_are_chosen_by_drawing_over_them_or_all_at_once(acting: Acting) -> None:
    page = acting.page()
    boxes = page.locator(".places input:checked")
    page.locator("#tile-2 .middle").hover()
    page.mouse.down()
    page.locator("#tile-5 .middle").hover()
    page.mouse.up()
    expect(page.locator("#chosen")).to_have_text("4 postes choisis")
    assert [box.get_attribute("id") for box in boxes.all()] == ["pick-2", "pick-3", "pick-4", "pick-5"]
    page.get_by_role("button", name="Tout choisir").click()
    expect(boxes).to_have_count(40)
    page.get_by_role("button", name="Ne rien choisir").click()
    expect(boxes).to_have_count(0)
    page.locator("#tile-3 .middle").click()
    expect(page.locator("#chosen")).to_have_text("1 poste choisi")


def test_an_act_is_begun_by_the_keyboard_alone(acting: Acting) -> None:
    page = acting.page("/salle?vue=liste")
    page.locator("#pick-4").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Démarrer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 poste sera démarré.")
    page.get_by_role("button", name="Démarrer : 1 poste").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#act")).to_contain_text("1 fait", timeout=5000)


def test_what_is_done_meanwhile_is_on_the_page_of_an_act_within_a_second(acting: Acting) -> None:
    book = acting.acts.book
    act = book.begin("riou", COMMAND_LINE, "archive", [ActLine("poste-04", "04"), ActLine("poste-05", "05")])
    page = acting.page(f"/actes/{act.id}")
    expect(page.locator("#act")).to_contain_text("En cours : 2 en attente")
    expect(page.locator("#light")).to_have_text("En direct")
    book.ends(act.id, "poste-04", Outcome.DONE, "archivé et relu")
    expect(page.locator("#act")).to_contain_text("archivé et relu", timeout=1000)
    book.end(act.id)
    expect(page.locator("#act")).to_contain_text("Terminé", timeout=1000)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_act_that_was_cut_short_is_named_in_the_room_until_it_is_put_aside(acting: Acting, scripts: bool) -> None:
    book = Book(acting.world.folder, acting.world.now, "gone", lambda process: process != "gone")
    act = book.begin("riou", COMMAND_LINE, "start", [ActLine("poste-04", "04")], room="salle")
    refuse_faults(acting.page(width=320, height=640))
    page = acting.page(scripts=scripts)
    expect(page.locator("#cut-short")).to_contain_text("Un acte a été interrompu")
    page.get_by_role("button", name="mettre de côté").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cut-short")).to_have_count(0)
    expect(page).to_have_url(re.compile("/salle$"))
    assert acting.acts.act(act.id).put_aside


@pytest.mark.parametrize("width", [1366, 320])
def test_the_pages_of_acts_have_no_fault_and_fit(acting: Acting, width: int) -> None:
    long = "raison " * 20
    act = acting.acts.begin(PERSON, "reset", ["poste-01", "poste-02", "poste-99"], {"why": long}, "k")
    acting.acts.note(PERSON, "credentials", "poste-01")
    for path in ("/salle", "/actes", f"/actes/{act.id}"):
        refuse_faults(acting.page(path, width, 640))
    page = acting.page("/poste/1", width, 640)
    page.get_by_role("button", name="Remettre à neuf").click()
    page.get_by_label("Pour confirmer").wait_for()
    refuse_faults(page, "plan")
    page.get_by_role("button", name=re.compile("^Remettre à neuf : ")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    refuse_faults(page, "plan with a mistake")
