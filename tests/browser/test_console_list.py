"""The preparation in a browser, by the mouse or the keyboard: a list from its file to the room. No station is needed."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.console import preparation_acts, preparation_pages
from provisioner.console.acting import Acts
from provisioner.exam.open_room import Opened
from provisioner.exam.readiness import Level, Point, Readiness
from provisioner.examination.browser import candidate_browser
from provisioner.station.act_book import Book
from provisioner.station.centre import Centre
from tests.accessible import refuse_faults
from tests.staged_room import StagedRoom, console_page, served, staged
from tests.unit.exam_room import exam_room

TITLES = "numéro;nom;prénom;commission;sujet;poste;date;heure\n"
RIGHT = TITLES + "1;LE GOFF;Maëlle;1;wordpress-a;1;21/05/2026;9 h 00\n2;ÉVENOU;Noé;1;prestashop-a;2;21/05/2026;9 h 00\n"


@dataclass
class Preparing:
    """The preparation of a room, and a browser."""

    centre: Centre
    port: int
    browser: Browser

    def page(self, path: str = "/preparation", width: int = 1366, *, scripts: bool = True) -> Page:
        return console_page(self.browser, self.port, path, width, scripts=scripts)


@pytest.fixture
def preparing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Preparing]:
    centre = exam_room(tmp_path, monkeypatch)

    def readiness(*_: object) -> Readiness:
        listed = bool(centre.state.entries("salle"))
        text = "liste.csv : 2 candidats" if listed else "aucune liste n'est donnée"
        candidates = Point("candidates", "Candidats", Level.DONE if listed else Level.BLOCKS, text)
        editions = Point("editions", "Éditions", Level.LOOK, "construites il y a 20 jours", "construisez-les", "build")
        return Readiness((candidates, editions), 0, 2)

    monkeypatch.setattr(preparation_pages, "readiness", readiness)
    monkeypatch.setattr(preparation_acts, "open_for_kept_list", lambda *_: Opened((), ()))
    acts = Acts(Book.of(centre.state), lambda: centre)
    room = StagedRoom()
    room.show()
    with ExitStack() as stack:
        stack.enter_context(room.fresh())
        server = stack.enter_context(served(staged(room, tmp_path, centre=lambda: centre, acts=acts)))
        yield Preparing(centre, server.port, stack.enter_context(candidate_browser(server.port)))
        acts.close()


def give(page: Page, text: str) -> None:
    page.get_by_label("Le fichier").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Regarder ce fichier").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_goes_from_its_file_to_the_open_room(preparing: Preparing, scripts: bool) -> None:
    page = preparing.page(scripts=scripts)
    expect(page.get_by_role("button", name="Ouvrir la salle")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("link", name="Donner la liste").click()
    give(page, RIGHT.replace("wordpress-a", "wordpress-z"))
    expect(page.locator("td.wrong")).to_contain_text("n’existe pas")
    give(page, RIGHT)
    expect(page.get_by_role("heading", name="Série 1")).to_be_visible()
    page.get_by_role("button", name="Confirmer : 2 candidats").click()
    page.get_by_role("button", name="Ouvrir la salle").click()
    expect(page.locator("main")).to_contain_text("0 poste en place, pour la liste.", timeout=15000)
    assert [entry.name for entry in preparing.centre.state.entries("salle")] == ["LE GOFF", "ÉVENOU"]


def test_a_list_is_confirmed_by_the_keyboard_alone(preparing: Preparing) -> None:
    page = preparing.page("/preparation/liste")
    give(page, RIGHT)
    button = page.get_by_role("button", name="Confirmer : 2 candidats")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    assert button.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/preparation")
    assert len(preparing.centre.state.entries("salle")) == 2


@pytest.mark.parametrize(
    "text", ["", RIGHT, RIGHT.replace("wordpress-a", "wordpress-z")], ids=["none", "right", "wrong"]
)
@pytest.mark.parametrize("width", [1366, 320])
def test_pages_have_no_fault_and_nothing_has_to_be_rolled_sideways(preparing: Preparing, text: str, width: int) -> None:
    for path in ("/preparation", "/preparation/liste"):
        page = preparing.page(path, width)
        if text and path.endswith("liste"):
            give(page, text)
        refuse_faults(page)
