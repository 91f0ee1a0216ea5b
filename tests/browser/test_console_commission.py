"""An examiner marks in a real browser: by keys, as he types, without a script, and while the console is away."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.exam.marking import Desk
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.host.settings import Settings
from provisioner.station.markings import Marking, MarkingFile
from tests.accessible import refuse_faults
from tests.staged_room import Served, served
from tests.unit.marking_room import FIRST, SECOND, Marked, finding, marked_room, report_of

NOTE, REMARK = "Note sur 20", "Remarque sur la question 1"


@dataclass
class Examining:
    """A commission's console, and a browser of its examiners; `complaints` are what the pages' policy refused."""

    room: Marked
    server: Served
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    def page(self, path: str = FIRST, who: str = "M. Even", **options: Any) -> Page:
        context = new_context(self.browser, Settings(), **options)
        address = f"http://localhost:{self.server.port}"
        context.add_cookies([{"name": "e5b-console", "value": self.room.tokens[who], "url": address}])
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address + path)
        return page

    def kept(self) -> Marking:
        return MarkingFile(self.room.centre.state, "salle", "1/wordpress-a/2026-05-21").read()


@pytest.fixture
def examining(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Examining]:
    room = marked_room(tmp_path, monkeypatch)
    monkeypatch.setattr(room.app, "_hosts", frozenset({"localhost"}))
    room.examine(report_of([finding("to_judge", "langue (à apprécier)", "une langue")]), {})
    with served(room.app) as server, candidate_browser(server.port) as browser:
        made = Examining(room, server, browser)
        expect.set_options(timeout=30_000)  # nothing here is about speed
        yield made
        expect.set_options(timeout=5_000)
        assert made.complaints == []


def saved(page: Page, part: str) -> None:
    expect(page.locator(f"#partie-{part} .saved")).to_have_text(re.compile(r"^Enregistré à \d+\sh\s\d\d, par vous$"))


def test_keys_choose_levels_and_what_is_typed_is_kept_as_it_is_typed(examining: Examining) -> None:
    page = examining.page()
    page.get_by_role("radio", name="TS").focus()
    page.keyboard.press("Digit3")
    expect(page.get_by_role("radio", name=re.compile("^S "))).to_be_checked()
    saved(page, "1")
    assert list(examining.kept().of("M. Even").part("1").levels.values()) == ["S"]
    page.keyboard.press("Digit0")
    expect(page.get_by_role("radio", name="pas encore")).to_be_checked()
    page.get_by_label(REMARK).press_sequentially("4 titres")
    page.get_by_label(NOTE).fill("12.5")
    saved(page, "note")
    page.reload()
    expect(page.get_by_label(REMARK)).to_have_value("4 titres")
    expect(page.get_by_label(NOTE)).to_have_value("12,5")
    expect(page.get_by_role("radio", name="pas encore")).to_be_checked()


def test_the_next_candidate_is_one_key_and_nothing_is_left_behind(examining: Examining) -> None:
    page = examining.page()
    page.get_by_label(NOTE).fill("13")
    page.keyboard.press("F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("KERVELLA")
    assert page.url.endswith(SECOND)
    assert examining.kept().of("M. Even").part("note").text == "13"
    page.keyboard.press("Shift+F2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ÉVENOU")
    page.get_by_label(REMARK).fill("à la fin")
    page.get_by_role("button", name="J’ai fini ma grille").click()
    expect(page.get_by_text("Finie à")).to_be_visible()
    assert examining.kept().of("M. Even").part("1").text == "à la fin"


def test_what_is_refused_stays_on_the_page_which_says_why(examining: Examining) -> None:
    page = examining.page()
    page.get_by_label(NOTE).fill("25")
    page.keyboard.press("F2")
    expect(page.locator("#partie-note").get_by_role("alert")).to_contain_text("un nombre de 0 à 20")
    expect(page.get_by_label(NOTE)).to_have_value("25")
    assert page.url.endswith(FIRST)


@pytest.mark.parametrize("width", [1366, 320])
def test_the_pages_of_a_commission_have_no_fault_and_fit(examining: Examining, width: int) -> None:
    screen: Any = {"viewport": {"width": width, "height": 640}}
    refuse_faults(examining.page("/commission/A", **screen))
    page = examining.page(**screen)
    page.get_by_label(NOTE).fill("25")
    expect(page.locator("#partie-note").get_by_role("alert")).to_be_visible()
    refuse_faults(page, "a mark that is refused")
    entry = examining.room.centre.state.entries("salle")[0]
    for who in ("M. Even", "Mme Gall"):
        Desk(examining.room.centre, entry, who).finish()
    refuse_faults(examining.page(**screen), "a finished grid")
    refuse_faults(examining.page(f"{FIRST}/commune", **screen))


def test_who_wrote_meanwhile_is_said_and_one_chooses(examining: Examining) -> None:
    entry = examining.room.centre.state.entries("salle")[0]
    for who in ("M. Even", "Mme Gall"):
        Desk(examining.room.centre, entry, who).finish()
    pages = {who: examining.page(f"{FIRST}/commune", who) for who in ("M. Even", "Mme Gall")}
    pages["Mme Gall"].get_by_label(REMARK).fill("le sien")
    saved(pages["Mme Gall"], "1")
    page = pages["M. Even"]
    page.get_by_label(REMARK).fill("le mien")
    alert = page.locator("#partie-1").get_by_role("alert")
    expect(alert).to_contain_text("Mme Gall a écrit ici entre-temps")
    expect(alert).to_contain_text("« le sien »")
    assert examining.kept().agreed.part("1").text == "le sien"
    page.get_by_role("button", name="Remplacer par ce que j’ai écrit").click()
    saved(page, "1")
    assert examining.kept().agreed.part("1").text == "le mien"
    pages["Mme Gall"].get_by_label(REMARK).fill("encore le sien")
    pages["Mme Gall"].get_by_role("link", name="Garder ce qui est enregistré").click()
    expect(pages["Mme Gall"].get_by_label(REMARK)).to_have_value("le mien")


def test_a_console_that_is_away_is_said_and_what_was_typed_goes_once_it_is_back(examining: Examining) -> None:
    page = examining.page()
    page.route("**/grille/**", lambda route: route.abort())
    page.get_by_label(NOTE).fill("14")
    failure = page.locator("#partie-note .failure")
    expect(failure).to_be_visible()
    assert not examining.kept().of("M. Even").is_begun
    page.unroute("**/grille/**")
    saved(page, "note")
    expect(failure).to_be_hidden()
    assert examining.kept().of("M. Even").part("note").text == "14"


@pytest.mark.parametrize("part", ["level", "remark", "mark"])
def test_without_a_script_each_form_has_its_button(examining: Examining, part: str) -> None:
    page = examining.page(java_script_enabled=False)
    fill: dict[str, tuple[str, Callable[[], None]]] = {
        "level": ("1", lambda: page.get_by_role("radio", name="TS").check()),
        "remark": ("1", lambda: page.get_by_label(REMARK).fill("vu")),
        "mark": ("note", lambda: page.get_by_label(NOTE).fill("9")),
    }
    name, type_it = fill[part]
    type_it()
    page.locator(f"#partie-{name}").get_by_role("button", name="Enregistrer").click()
    saved(page, name)
    assert not examining.kept().of("M. Even").part(name).is_empty
