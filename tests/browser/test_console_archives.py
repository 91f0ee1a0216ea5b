"""What is kept, in a browser: archives are verified, opened days are gone through, and old days purged, without a station."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.console.acting import Acts
from provisioner.core.records import RosterRecord
from provisioner.examination.browser import candidate_browser
from provisioner.station.act_book import Book
from provisioner.station.centre import Centre
from tests.accessible import refuse_faults
from tests.staged_room import StagedRoom, console_page, served, some_tiles, staged
from tests.unit.samples import ENTRY
from tests.unit.test_console_keeping import BEFORE, FIRST, OTHER, SECOND, archived, centre

__all__ = ["centre"]


class Keeping:
    """The archives of two days, the acts on them, and a browser."""

    def __init__(self, centre: Centre, acts: Acts, port: int, browser: Browser) -> None:
        self.centre, self.acts, self._port, self._browser = centre, acts, port, browser

    def page(self, path: str = "/conservation", width: int = 1366, *, scripts: bool = True) -> Page:
        return console_page(self._browser, self._port, path, width, scripts=scripts)


@pytest.fixture
def keeping(centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeping]:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("provisioner.exam.purge._TEMPORARY", tmp_path / "tmp")
    archived(centre)
    archived(centre, SECOND, candidate=OTHER, place=2)
    archived(centre, BEFORE, taken_at="2026-05-20T09:40:00+02:00")
    entries = [{**ENTRY, "at": "2026-05-20T09:00:00+02:00", "archived": BEFORE}]
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": entries}))
    room, acts = StagedRoom(), Acts(Book.of(centre.state), lambda: centre)
    room.show(*some_tiles(2), series="Série 3 sur 3 · 11 h 15")
    with ExitStack() as stack:
        stack.enter_context(room.fresh())
        server = stack.enter_context(served(staged(room, centre.state.folder, centre=lambda: centre, acts=acts)))
        browser = stack.enter_context(candidate_browser(server.port))
        yield Keeping(centre, acts, server.port, browser)
        acts.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_archives_are_chosen_verified_and_followed_to_the_end(keeping: Keeping, scripts: bool) -> None:
    page = keeping.page(scripts=scripts)
    page.get_by_label("Choisir l’archive 13").check()
    page.get_by_role("button", name="Relire les archives cochées").click()
    expect(page.locator("#act")).to_contain_text("1 fait", timeout=15000)
    expect(page.locator("#act")).to_contain_text(SECOND)
    expect(page.locator("#act")).not_to_contain_text(FIRST)
    page.get_by_role("link", name="← Les archives").click()
    expect(page.get_by_role("row", name="KERVELLA")).to_contain_text("Relue")


def test_a_day_is_purged_by_the_keyboard_alone_once_its_number_is_typed(keeping: Keeping) -> None:
    page = keeping.page("/conservation/effacement")
    page.get_by_label("Premier jour à garder").focus()
    page.keyboard.type("21/05/2026")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 candidat, 1 archive.")
    page.get_by_label("Pour confirmer").focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas le nombre de candidats")
    page.get_by_label("Pour confirmer").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator("#act")).to_contain_text("Effacé : 1 archive", timeout=15000)
    left = sorted(path.name for path in keeping.centre.state.archives.glob("*.zip"))
    assert left == [FIRST, SECOND]


@pytest.mark.parametrize("path", ["", f"/refus/{FIRST}", "/effacement", "/effacement?avant=2026-05-21"])
@pytest.mark.parametrize("width", [1366, 320])
def test_pages_have_no_fault_and_nothing_has_to_be_rolled_sideways(keeping: Keeping, path: str, width: int) -> None:
    page = keeping.page(f"/conservation{path}", width)
    refuse_faults(page)
    wider = "[...document.querySelectorAll('.table')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate(wider) == 0


def test_the_list_prints(keeping: Keeping) -> None:
    page = keeping.page()
    page.emulate_media(media="print")
    expect(page.get_by_role("cell", name="Examinée").or_(page.get_by_text("KERVELLA Inès"))).to_be_visible()
    expect(page.get_by_role("button", name="Relire toutes les archives")).to_be_hidden()
