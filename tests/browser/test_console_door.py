"""The door of the console in a real browser: over plain HTTP too, where it doesn't say which site a form is from."""

import socket
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from provisioner.console import guards
from provisioner.console.people import People
from provisioner.console.server import Server
from provisioner.console.services import Services
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from tests.accessible import refuse_faults
from tests.staged_room import ZONE, StagedActs, StagedRoom, no_centre, some_tiles

NAME, PASSWORD = "e5b.lycee.example", "le phare de la Jument"
#: A browser trusts this machine's own addresses without TLS, and no name: there it leaves out Sec-Fetch-Site.
HOSTS = ("127.0.0.5", NAME)


@dataclass
class Door:
    """The console as it runs, and a browser that reaches its port and nothing else."""

    people: People
    port: int
    browser: Browser

    def page(self, **options: Any) -> Page:
        page = new_context(self.browser, Settings(), **options).new_page()
        page.on("console", lambda said: pytest.fail(said.text) if "Content Security" in said.text else None)
        return page

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def sign_in(self, page: Page, host: str) -> None:
        page.goto(self.url(host, "/entree"))
        page.get_by_label("Nom").fill("Mme Riou")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()


@pytest.fixture
def door_browser(tmp_path: Path) -> Iterator[Door]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.5", 0))
        port = probe.getsockname()[1]
    room, people = StagedRoom(), People(tmp_path / "console.sqlite")
    room.show(*some_tiles(12), series="Série 1 sur 3 · 9 h 30")
    settings = Settings.model_validate({"console": {"port": port, "name": NAME}})
    services = Services(no_centre, people, room, cast(Any, StagedActs()), "salle", ZONE)
    server = Server(services, settings, Room.declared("salle", settings), tmp_path)
    thread = Thread(target=server.run)
    with ExitStack() as stack:
        stack.enter_context(room.fresh())
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.stop)
        yield Door(people, port, stack.enter_context(candidate_browser(port, "127.0.0.5")))


@pytest.mark.parametrize("host", HOSTS)
def test_the_first_account_is_made_and_signs_in_and_out_without_a_script(door_browser: Door, host: str) -> None:
    page = door_browser.page(java_script_enabled=False)
    page.goto(door_browser.url(host, "/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Le premier compte")
    page.get_by_label("Code").fill(door_browser.people.first_code())
    page.get_by_label("Nom").fill("Mme Riou")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(PASSWORD)
    page.get_by_role("button", name="Faire ce compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    door_browser.sign_in(page, host)
    expect(page).to_have_url(door_browser.url(host, "/salle"))
    page.get_by_role("button", name="Sortir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    page.goto(door_browser.url(host, "/comptes"))
    expect(page).to_have_url(door_browser.url(host, "/entree"))


@pytest.mark.parametrize("host", HOSTS)
def test_another_sites_form_does_nothing_though_the_technician_is_signed_in(
    door_browser: Door, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, forged = list[Headers](), guards._forged

    def noting(scope: Scope, hosts: Collection[str]) -> Response | None:
        sent.append(Headers(scope=scope))
        return forged(scope, hosts)

    monkeypatch.setattr(guards, "_forged", noting)
    door_browser.people.make_first(door_browser.people.first_code(), "Mme Riou", PASSWORD, "")
    page = door_browser.page()
    door_browser.sign_in(page, host)
    expect(page.locator("#light")).to_have_text("En direct")
    target = door_browser.url(host, "/comptes")
    form = f'<form method="post" action="{target}"><input name="name" value="Intrus"><input name="role" value="technicien"></form>'
    for other in ("http://www.example.org/", f"http://poste-01.example:{door_browser.port}/"):
        page.route(other, lambda route: route.fulfill(content_type="text/html", body=form))
        page.goto(other)
        page.evaluate("document.forms[0].submit()")
        expect(page.locator("body")).to_contain_text("ne vient pas d'une page de la console")
    # The first form is the log-in's own.
    told = [(headers.get("sec-fetch-site"), headers["origin"]) for headers in sent if "content-length" in headers]
    origins = [door_browser.url(host, ""), "http://www.example.org", f"http://poste-01.example:{door_browser.port}"]
    sites = [None] * 3 if host == NAME else ["same-origin", "cross-site", "cross-site"]
    assert told == list(zip(sites, origins, strict=True))
    assert [account.person.name for account in door_browser.people.accounts()] == ["Mme Riou"]
    page.goto(target)
    expect(page.get_by_role("heading", level=1)).to_have_text("Comptes")


@pytest.mark.parametrize("width", [1366, 320])
def test_the_pages_of_the_door_have_no_fault_and_fit(door_browser: Door, width: int) -> None:
    page = door_browser.page(viewport={"width": width, "height": 640})
    door_browser.people.make_first(door_browser.people.first_code(), "Mme Riou", PASSWORD, "")
    for path in ("/entree", "/premier-compte", "/code"):
        page.goto(door_browser.url(NAME, path))
        refuse_faults(page)
    door_browser.sign_in(page, NAME)
    for path in ("/comptes", "/comptes/1", "/nulle-part"):
        page.goto(door_browser.url(NAME, path))
        refuse_faults(page)


def test_an_account_is_made_by_keyboard_alone(door_browser: Door) -> None:
    door_browser.people.make_first(door_browser.people.first_code(), "Mme Riou", PASSWORD, "")
    page = door_browser.page()
    page.goto(door_browser.url(NAME, "/entree"))
    expect(page.get_by_label("Nom")).to_be_focused()  # a browser does that once it has drawn the page
    for typed in ("Mme Riou", "Tab", PASSWORD, "Enter"):
        if typed in ("Tab", "Enter"):
            page.keyboard.press(typed)
        else:
            page.keyboard.type(typed)
    expect(page).to_have_url(door_browser.url(NAME, "/salle"))
    page.goto(door_browser.url(NAME, "/comptes"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):  # the table, which rolls on a narrow screen; the one account; the name
        page.keyboard.press("Tab")
    expect(page.get_by_label("Nom")).to_be_focused()
    page.keyboard.type("M. Even")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("M. Even")
    expect(page.locator(".code")).to_be_visible()
