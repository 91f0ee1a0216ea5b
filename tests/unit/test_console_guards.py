"""What gets past the console's guards: of forged requests, none; of its own pages' forms, those of who may send them."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Interface
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from provisioner.console import guards
from provisioner.console.addresses import Card, refuse_exposed
from provisioner.console.app import console
from provisioner.console.database import NOW
from provisioner.console.guards import OPEN_PATHS, Guards, needs, roles_of
from provisioner.console.people import People, Person, Role
from provisioner.console.services import Services
from provisioner.core.errors import ConfigurationError, EngineError, EvidenceLost, Refusal
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from tests.staged_room import StagedRoom, some_tiles

PASSWORD = "le phare de la Jument"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HOST = "127.0.0.5:8400"
OWN = {"Origin": f"http://{HOST}"}
ROLES = {"Mme Riou": Role.TECHNICIAN, "M. Even": Role.EXAMINER, "Mme Guen": Role.READER, "M. Bihan": Role.EXAMINER}
#: The commission of the examiners; every address that names one names the first.
COMMISSIONS = {"M. Even": "A", "M. Bihan": "B"}
#: A method and a path.
Asked = tuple[str, str]


@dataclass
class Called:
    """The acts that a request got through to: of a refused one, none."""

    acts: list[str] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)

    def interrupted(self, room: str) -> tuple[Any, ...]:
        return ()

    def __getattr__(self, name: str) -> Any:
        def act(*said: Any, **_: object) -> Any:
            self.acts.append(name)
            if name == "note":
                self.noted.append((said[0].name, said[1]))
            return SimpleNamespace(series="", tiles=(), version=1)

        return act


@dataclass
class Door:
    """The console with an account of each role, and a token of each."""

    app: Guards
    people: People
    called: Called
    tokens: dict[str, str]

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, **options))

    async def _ask(
        self,
        method: str,
        path: str,
        who: str = "",
        headers: Mapping[str, str] | None = None,
        token: str = "",
        base: str = f"http://{HOST}",
        **options: Any,
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=("192.0.2.10", 50000))
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            name = "__Host-e5b" if base.startswith("https") else "e5b-console"
            if token := token or self.tokens.get(who, ""):
                client.headers["Cookie"] = f"{name}={token}"
            return await client.request(method, path, headers=headers, **options)

    def accounts(self) -> list[Any]:
        return self.people.accounts()


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A file with an account of each role, and a token of each: made once, copied for each test."""
    file = tmp_path_factory.mktemp("people") / "console.sqlite"
    people = People(file, QUICK)
    people.make_first(people.first_code(), "Mme Riou", PASSWORD, "192.0.2.10")
    for name in ("M. Even", "Mme Guen", "M. Bihan"):
        _, code = people.make(name, ROLES[name], COMMISSIONS.get(name, ""))
        people.choose_password(code, PASSWORD, "192.0.2.10")
    return file, {name: people.sign_in(name, PASSWORD, "192.0.2.10")[1] for name in ROLES}


@pytest.fixture
def door(tmp_path: Path, signed_in: tuple[Path, dict[str, str]]) -> Door:
    file, tokens = signed_in
    shutil.copy(file, tmp_path)
    people = People(tmp_path / "console.sqlite", QUICK)
    called = Called()
    return Door(console(services_of(people, called), ["127.0.0.5"]), people, called, dict(tokens))


def services_of(people: People, called: Any) -> Services:
    room = StagedRoom()
    room.show(*some_tiles(1), series="Série 1")
    return Services(centre=lambda: called.centre(), people=people, room=room, acts=called, name="salle-b")


@cache
def routes() -> Mapping[Asked, tuple[Role, ...]]:
    """Every route of the console as (method, path), its parameters filled in, and whom it is for; a new one comes by itself."""
    people = SimpleNamespace(has_technician=lambda: True)
    app = console(services_of(people, Called()), ["127.0.0.5"])  # type: ignore[arg-type]
    return dict(_routes(app.app.routes))


def _routes(found: list[BaseRoute], prefix: str = "") -> Iterator[tuple[Asked, tuple[Role, ...]]]:
    for route in found:
        if isinstance(route, Mount):
            if route.name != "static":
                yield from _routes(list(route.routes or []), prefix + route.path)
        elif isinstance(route, Route):
            path = prefix + route.path
            for parameter in route.param_convertors:
                path = re.sub(rf"\{{{parameter}(:\w+)?\}}", "A" if parameter == "commission" else "1", path)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield (method, path), roles_of(route.endpoint)


def who_may(method: str, path: str) -> str:
    """Somebody whom a route is for: of what is forged in his name, the guards alone keep it off."""
    return next(name for name, role in ROLES.items() if role in routes()[method, path])


UNSAFE = sorted({route for route in routes() if route[0] not in ("GET", "HEAD")})
SAFE = sorted({route for route in routes() if route[0] == "GET"})
INNER = [route for route in routes() if route[1] not in OPEN_PATHS]
#: What changes something, for who is signed in.
ACTING = [route for route in UNSAFE if route[1] not in OPEN_PATHS]

#: Ways to forge a request that the browser of a technician who is signed in sends; each with its headers.
CROSS_SITE: dict[str, dict[str, str]] = {
    "a form of another site": {"Sec-Fetch-Site": "cross-site", "Origin": "http://www.example.org"},
    "another site that hides its origin": {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    "another site whose origin a proxy took out": {"Sec-Fetch-Site": "cross-site"},
    "another site with our origin made up": {"Sec-Fetch-Site": "cross-site", **OWN},
    "a station, at another port of a host": {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.5:8101"},
    "a station that hides its origin": {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    "nothing says where it comes from": {},
    "plain HTTP, another site": {"Origin": "http://www.example.org"},
    "plain HTTP, a hidden origin": {"Origin": "null"},
    "plain HTTP, an empty origin": {"Origin": ""},
    "plain HTTP, another port": {"Origin": "http://127.0.0.5:8101"},
    "plain HTTP, no port": {"Origin": "http://127.0.0.5"},
    "plain HTTP, another scheme": {"Origin": f"https://{HOST}"},
    "plain HTTP, our host as the beginning of another": {"Origin": f"http://{HOST}.example.org"},
    "plain HTTP, our host as the end of another": {"Origin": f"http://x{HOST}"},
    "plain HTTP, our host as a user's name": {"Origin": f"http://{HOST}@www.example.org"},
    "plain HTTP, two origins in one": {"Origin": f"http://{HOST}, http://www.example.org"},
    "a site that browsers don't know": {"Sec-Fetch-Site": "same-origin, cross-site", **OWN},
    "an empty site": {"Sec-Fetch-Site": "", **OWN},
    "our site, another origin": {"Sec-Fetch-Site": "same-origin", "Origin": "http://www.example.org"},
    "typed by nobody, another origin": {"Sec-Fetch-Site": "none", "Origin": "http://www.example.org"},
    "a referrer alone": {"Referer": f"http://{HOST}/comptes"},
    "our origin in a header of htmx alone": {"HX-Request": "true", "HX-Current-URL": f"http://{HOST}/comptes"},
}
#: The same, to other hosts: a name of somebody else's that leads here, or a station's address.
OTHER_HOSTS = {
    "a name that was bent to this address": "www.example.org:8400",
    "the stations' name": "localhost:8400",
    "the archives' address": "127.0.0.1:8400",
    "the console as the beginning of another name": "127.0.0.5.example.org:8400",
    "a name with the console as its end": "x127.0.0.5:8400",
    "the same address otherwise": "127.5:8400",
    "no name": ":8400",
    "a user's name": "127.0.0.5@www.example.org",
}


INTRUDER = {"name": "Intrus", "role": "technicien", "act": "start", "key": "k"}


def another_technician(door: Door) -> None:
    """Somebody who remains, since the last technician can't be taken away."""
    if not any(account.person.name == "Mme Salaün" for account in door.accounts()):
        _, code = door.people.make("Mme Salaün", Role.TECHNICIAN)
        door.people.choose_password(code, PASSWORD, "192.0.2.10")


def expired(door: Door, person: int) -> None:
    with door.people._database.changing() as database:
        database.execute(f"UPDATE sign_ins SET ends = {NOW} WHERE person = ?", (person,))


def password_forgotten(door: Door, person: int) -> None:
    another_technician(door)
    door.people.new_code(person)


def removed(door: Door, person: int) -> None:
    another_technician(door)
    door.people.remove(person)


def signed_out(door: Door, person: int) -> None:
    for token in door.tokens.values():
        if (found := door.people.signed_in(token)) and found.id == person:
            door.people.sign_out(token)


#: What makes a sign-in an old one.
OLD: dict[str, Callable[[Door, int], object]] = {
    "revoked": lambda door, person: door.people.sign_out_everywhere(person),
    "expired": expired,
    "signed out": signed_out,
    "another password is to be chosen": password_forgotten,
    "the account is removed": removed,
}


def test_the_routes_are_found_and_the_forged_requests_are_at_least_sixty() -> None:
    parts = {path.split("/")[1] for _, path in UNSAFE}
    parts_expected = {"sortie", "comptes", "poste", "actes", "commission", "conservation", "preparation"}
    assert parts_expected | {path[1:] for path in OPEN_PATHS} <= parts
    # Of each route, by each way to forge; and by each old sign-in of what needs one.
    assert len(CROSS_SITE) + len(OTHER_HOSTS) > 30
    assert len(UNSAFE) * (len(CROSS_SITE) + len(OTHER_HOSTS)) + len(ACTING) * len(OLD) > 1000


def refused_without_a_trace(door: Door, answer: httpx.Response, before: list[Any]) -> None:
    assert answer.status_code in (400, 401, 403), answer.text
    assert door.accounts() == before
    assert door.called.acts == []


@pytest.mark.parametrize(("method", "path"), UNSAFE)
class TestForged:
    def test_what_another_site_has_a_browser_send_is_refused(self, door: Door, method: str, path: str) -> None:
        before = door.accounts()
        for why, headers in CROSS_SITE.items():
            answer = door.ask(method, path, who=who_may(method, path), headers=headers, data=INTRUDER)
            assert answer.status_code == 403, why
            refused_without_a_trace(door, answer, before)

    def test_what_is_asked_of_another_host_is_refused(self, door: Door, method: str, path: str) -> None:
        before = door.accounts()
        for why, host in OTHER_HOSTS.items():
            headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
            answer = door.ask(method, path, who=who_may(method, path), headers=headers, data=INTRUDER)
            assert answer.status_code == 400, why
            refused_without_a_trace(door, answer, before)

    def test_what_is_too_large_or_does_not_say_its_size_is_refused_unread(
        self, door: Door, method: str, path: str
    ) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"name=Intrus"

        form = {**OWN, "Content-Type": "application/x-www-form-urlencoded"}
        for content in (b"x" * 1_100_000, chunks()):
            answer = door.ask(method, path, who=who_may(method, path), headers=form, content=content)
            assert answer.status_code == 413
            assert answer.headers["Content-Type"].startswith("text/html")
            assert "trop grand" in answer.text
            assert "Rien n’a été fait" in answer.text
        assert door.called.acts == []


@pytest.mark.parametrize(("method", "path"), INNER)
def test_every_page_but_the_log_in_needs_a_sign_in(door: Door, method: str, path: str) -> None:
    before, stale = door.accounts(), dict(door.tokens)
    ended = door.people.sign_in("Mme Riou", PASSWORD, "192.0.2.10")[1]
    door.people.sign_out(ended)
    tokens = {"none": "", "made up": "x" * 43, "one letter off": stale["Mme Riou"][:-1] + "!", "ended": ended}
    for why, token in tokens.items():
        answer = door.ask(method, path, token=token, headers=OWN)
        sent_away = answer.status_code == 303 and answer.headers["Location"] == "/entree"
        assert answer.status_code == 401 if method != "GET" else sent_away, why
        assert "Comptes" not in answer.text
    assert door.accounts() == before
    assert door.called.acts == []


@pytest.mark.parametrize("how", OLD)
def test_an_old_sign_in_acts_no_more(door: Door, how: str) -> None:
    """Whoever it was of: a technician, or the examiner of the commission."""
    for name in {who_may(*route) for route in ACTING}:
        OLD[how](door, next(account.person.id for account in door.accounts() if account.person.name == name))
    before = door.accounts()
    for method, path in ACTING:
        answer = door.ask(method, path, who=who_may(method, path), headers=OWN, data=INTRUDER)
        assert answer.status_code == 401, path
        assert "connect" in answer.text
        refused_without_a_trace(door, answer, before)


@pytest.mark.parametrize(
    ("method", "path", "who"),
    [(*route, who) for route in ACTING for who, role in ROLES.items() if role not in routes()[route]],
)
def test_whom_it_is_not_for_changes_nothing(door: Door, method: str, path: str, who: str) -> None:
    before = door.accounts()
    answer = door.ask(method, path, who=who, headers=OWN, data=INTRUDER)
    assert answer.status_code == 403
    assert "pas pour vous" in answer.text
    refused_without_a_trace(door, answer, before)


@pytest.mark.parametrize(
    ("method", "path"), [route for route in ACTING if route[1].startswith(("/commission/A/", "/conservation/A/"))]
)
def test_the_examiner_of_another_commission_changes_nothing(door: Door, method: str, path: str) -> None:
    before = door.accounts()
    answer = door.ask(method, path, who="M. Bihan", headers=OWN, data=INTRUDER)
    assert answer.status_code == 403
    assert "d’une autre commission" in answer.text
    refused_without_a_trace(door, answer, before)
    moved = next(account.person.id for account in before if account.person.name == "M. Even")
    door.people.change(moved, Role.EXAMINER, "B")  # and who was of it, from his next request on
    before = door.accounts()
    refused_without_a_trace(door, door.ask(method, path, who="M. Even", headers=OWN, data=INTRUDER), before)


@pytest.mark.parametrize(("method", "path"), ACTING)
def test_what_its_own_page_sends_for_whom_it_is_for_gets_past_the_guards(door: Door, method: str, path: str) -> None:
    status = door.ask(method, path, who=who_may(method, path), headers=OWN, data={"name": "M. Gall"}).status_code
    assert status not in (400, 401, 403, 413)


def test_each_inner_route_says_which_roles_it_is_for() -> None:
    people = SimpleNamespace(has_technician=lambda: True)
    app = console(services_of(people, Called()), ["127.0.0.5"]).app  # type: ignore[arg-type]
    inner = [route for route in app.routes if isinstance(route, Route) and route.path not in OPEN_PATHS]
    assert [route.path for route in inner if not hasattr(route.endpoint, "roles")] == []


def test_a_commissions_pages_are_its_own_examiners(door: Door) -> None:
    @needs(Role.TECHNICIAN, Role.EXAMINER)
    def marks(request: Request) -> Response:
        return PlainTextResponse("notes")

    app = Starlette(routes=[Route("/commission/{commission}", marks, methods=["GET", "POST"])])
    app.state.services = door.app.app.state.services
    own = Door(Guards(app, ["127.0.0.5"]), door.people, door.called, door.tokens)
    for method in ("GET", "POST"):
        asked = {
            (who, commission): own.ask(method, f"/commission/{commission}", who=who, headers=OWN).status_code
            for who in ROLES
            for commission in ("A", "B")
        }
        assert asked == {
            ("Mme Riou", "A"): 200,
            ("Mme Riou", "B"): 200,
            ("M. Even", "A"): 200,
            ("M. Even", "B"): 403,
            ("Mme Guen", "A"): 403,
            ("Mme Guen", "B"): 403,
            ("M. Bihan", "A"): 403,
            ("M. Bihan", "B"): 200,
        }


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", **OWN},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        OWN,
    ],
    ids=["as browsers send it", "without an origin", "typed by a person", "on plain HTTP"],
)
def test_a_form_of_the_console_itself_gets_through(door: Door, headers: dict[str, str]) -> None:
    made = door.ask("POST", "/comptes", who="Mme Riou", headers=headers, data={"name": "M. Gall", "role": "lecteur"})
    assert made.status_code == 200
    assert [account.person.name for account in door.accounts() if account.person.name == "M. Gall"]


def test_two_hosts_or_two_origins_are_none(door: Door) -> None:
    async def ask(*more: tuple[bytes, bytes]) -> int:
        statuses = []
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/sortie",
            "raw_path": b"/sortie",
            "query_string": b"",
            "scheme": "http",
            "server": ("127.0.0.5", 8400),
            "client": ("192.0.2.10", 50000),
            "headers": [(b"cookie", f"e5b-console={door.tokens['Mme Riou']}".encode()), *more],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            statuses.append(message.get("status"))

        await door.app(scope, receive, send)
        return int(statuses[0])

    host, origin = (b"host", HOST.encode()), (b"origin", f"http://{HOST}".encode())
    assert asyncio.run(ask(host, (b"host", b"www.example.org"), origin)) == 400
    assert asyncio.run(ask(host, origin, (b"origin", b"http://www.example.org"))) == 403
    assert asyncio.run(ask(host, (b"sec-fetch-site", b"same-origin"), (b"sec-fetch-site", b"cross-site"))) == 403
    assert asyncio.run(ask(host, origin)) == 303


@pytest.mark.parametrize(("size", "read"), [(1_100_000, 3), (17_000_000, 0)])
def test_what_is_too_large_is_read_to_its_end_where_that_is_near_since_a_browser_listens_only_then(
    door: Door, size: int, read: int
) -> None:
    messages = [{"type": "http.request", "body": b"", "more_body": more} for more in (True, True, False)]
    answered: list[Any] = []
    headers = {"host": HOST, "origin": f"http://{HOST}", "content-length": str(size)}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/comptes",
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.5", 8400),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        answered.append(message)

    asyncio.run(door.app(scope, receive, send))
    assert answered[0]["status"] == 413
    assert 3 - len(messages) == read


@pytest.mark.parametrize("path", ["/entree", "/comptes", "/nulle-part", "/static/console.css", "/static/rien.css"])
def test_every_answer_carries_the_headers_that_hold_the_browser(door: Door, path: str) -> None:
    for who in ("", "Mme Riou"):
        headers = door.ask("GET", path, who=who).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static/") else "no-store")


def test_a_refused_and_a_failed_request_carry_them_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[Any]:
        raise ZeroDivisionError

    monkeypatch.setattr(door.people, "accounts", fail)
    failed = door.ask("GET", "/comptes", who="Mme Riou")
    refused = door.ask("POST", "/sortie", who="Mme Riou")
    assert (failed.status_code, refused.status_code) == (500, 403)
    assert "Erreur imprévue (ZeroDivisionError)" in failed.text
    assert all("default-src 'none'" in answer.headers["Content-Security-Policy"] for answer in (failed, refused))


def test_accounts_that_cannot_be_read_let_nobody_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(_: str) -> None:
        raise EvidenceLost("Le fichier des comptes est abîmé.")

    monkeypatch.setattr(door.people, "signed_in", spoilt)
    for method, path in INNER:
        answer = door.ask(method, path, who="Mme Riou", headers=OWN)
        assert (answer.status_code, answer.text) == (503, "Le fichier des comptes est abîmé.\n")
    assert door.called.acts == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../comptes",
        "/static/%2e%2e/comptes",
        "/static/..%2f..%2fpeople.py",
        "/static//etc/passwd",
        "//comptes",
        "/entree/",
        "/entree/../comptes",
        "/entree;/comptes",
        "/ENTREE",
        "/comptes%00",
        "/static",
    ],
)
def test_no_spelling_of_a_path_leads_around_the_log_in(door: Door, path: str) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(door.app)
        async with httpx.AsyncClient(transport=transport) as client:
            url = httpx.URL(scheme="http", host="127.0.0.5", port=8400, raw_path=path.encode())
            return await client.send(httpx.Request("GET", url))

    answer = asyncio.run(ask())
    assert answer.status_code in (303, 307, 404)
    assert answer.headers.get("Location", "/entree") in ("/entree", f"http://{HOST}/entree", f"http://{HOST}/static/")
    for inside in ("Mme Riou", "M. Even", "import ", "root:"):
        assert inside not in answer.text


def test_no_page_has_a_script_or_a_style_in_itself(door: Door) -> None:
    for _, path in SAFE:
        if path.endswith("/flux"):  # a stream never ends
            continue
        text = door.ask("GET", path, who="Mme Riou").text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


def test_a_foreseen_error_is_its_sentence(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, status in ((Refusal("L'acte est refusé."), 409), (EngineError("Le moteur se tait."), 503)):

        def fail(error: Exception = error) -> list[Any]:
            raise error

        monkeypatch.setattr(door.people, "accounts", fail)
        answer = door.ask("GET", "/comptes", who="Mme Riou")
        assert answer.status_code == status
        assert str(error).replace("'", "’") in answer.text


class TestSigningIn:
    def form(self, **more: str) -> dict[str, str]:
        return {"name": "Mme Riou", "password": PASSWORD, **more}

    def test_gives_a_cookie_that_no_script_nor_other_site_gets(self, door: Door) -> None:
        answer = door.ask("POST", "/entree", headers=OWN, data=self.form())
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("e5b-console=")
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert "Secure" not in cookie
        assert door.people.signed_in(answer.cookies["e5b-console"])

    def test_under_tls_the_cookie_is_for_tls_and_this_host_alone(self, door: Door) -> None:
        base = "https://127.0.0.5:8400"
        answer = door.ask("POST", "/entree", base=base, headers={"Origin": base}, data=self.form())
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-e5b=")
        assert {"HttpOnly", "SameSite=strict", "Path=/", "Secure"} <= set(cookie.split("; "))
        plain = door.ask("GET", "/comptes", headers={"Cookie": f"__Host-e5b={door.tokens['Mme Riou']}"})
        assert plain.status_code == 303

    def test_refuses_a_wrong_password_and_keeps_the_name_not_the_password(self, door: Door) -> None:
        answer = door.ask("POST", "/entree", headers=OWN, data=self.form(name='"><b>', password="autre chose encore"))
        assert answer.status_code == 403
        assert "pas le bon" in answer.text
        assert "<b>" not in answer.text
        assert "autre chose encore" not in answer.text
        assert "Set-Cookie" not in answer.headers

    def test_out_ends_the_sign_in_and_takes_the_cookie_back(self, door: Door) -> None:
        answer = door.ask("POST", "/sortie", who="Mme Guen", headers=OWN)
        assert answer.headers["Location"] == "/entree"
        assert 'e5b-console=""' in answer.headers["Set-Cookie"]
        assert door.people.signed_in(door.tokens["Mme Guen"]) is None

    def test_who_is_signed_in_goes_to_the_room(self, door: Door) -> None:
        assert door.ask("GET", "/entree", who="Mme Guen").headers["Location"] == "/"

    def test_a_part_of_a_page_sends_the_whole_page_to_the_log_in(self, door: Door) -> None:
        answer = door.ask("GET", "/comptes", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/entree")


class TestTheFirstAccount:
    @pytest.fixture
    def empty(self, tmp_path: Path) -> Door:
        people = People(tmp_path / "first.sqlite", QUICK)
        called = Called()
        return Door(console(services_of(people, called), ["127.0.0.5"]), people, called, {})

    def form(self, code: str, **more: str) -> dict[str, str]:
        return {"code": code, "name": "Mme Riou", "password": PASSWORD, "again": PASSWORD, **more}

    def test_is_asked_for_until_there_is_one(self, empty: Door) -> None:
        assert empty.ask("GET", "/").headers["Location"] == "/premier-compte"
        assert empty.ask("GET", "/entree").headers["Location"] == "/premier-compte"
        code = empty.people.first_code()
        answer = empty.ask("POST", "/premier-compte", headers=OWN, data=self.form(code))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/entree")
        assert empty.ask("GET", "/").headers["Location"] == "/entree"
        noted = ("Mme Riou", "compte fait par le code de la console : Mme Riou, technicien")
        assert empty.called.noted == [noted]

    def test_is_refused_without_the_code_or_with_two_passwords(self, empty: Door) -> None:
        code = empty.people.first_code()
        for form in (self.form("AAAA-BBBB-CCCC"), self.form(code, again="autre chose"), {"code": code}):
            answer = empty.ask("POST", "/premier-compte", headers=OWN, data=form)
            assert answer.status_code == 403
            assert PASSWORD not in answer.text
        assert empty.accounts() == []


def test_the_bar_leads_each_only_to_pages_that_he_may_see(door: Door) -> None:
    shown = {who: door.ask("GET", "/nulle-part", who=who).text.count('href="/comptes"') for who in ROLES}
    assert shown == dict.fromkeys(ROLES, 0) | {"Mme Riou": 1}
    assert "<nav" not in door.ask("GET", "/entree").text


class TestThePageOfAccounts:
    def test_shows_a_new_code_once_and_it_makes_a_password(self, door: Door) -> None:
        form = {"name": "M. Gall", "role": "examinateur", "commission": "B"}
        made = door.ask("POST", "/comptes", who="Mme Riou", headers=OWN, data=form)
        code = made.text.partition('<p class="code">')[2].partition("<")[0]
        gall = next(account.person for account in door.accounts() if account.person.name == "M. Gall")
        for path in ("/comptes", f"/comptes/{gall.id}"):
            shown = door.ask("GET", path, who="Mme Riou").text
            assert "M. Gall" in shown
            assert code not in shown
        chosen = {"code": code, "password": PASSWORD, "again": PASSWORD}
        assert door.ask("POST", "/code", headers=OWN, data=chosen).headers["Location"] == "/entree"
        assert door.people.sign_in("M. Gall", PASSWORD, "192.0.2.10")[0].commission == "B"

    def test_changes_a_role_ends_sign_ins_and_removes(self, door: Door) -> None:
        even = next(account.person for account in door.accounts() if account.person.name == "M. Even")
        path = f"/comptes/{even.id}"
        assert (
            door.ask("POST", f"{path}/role", who="Mme Riou", headers=OWN, data={"role": "lecteur"}).status_code == 303
        )
        assert door.people.signed_in(door.tokens["M. Even"]) == Person(even.id, "M. Even", Role.READER)
        assert door.ask("POST", f"{path}/deconnexion", who="Mme Riou", headers=OWN).status_code == 303
        assert door.people.signed_in(door.tokens["M. Even"]) is None
        assert door.ask("POST", f"{path}/code", who="Mme Riou", headers=OWN).status_code == 200
        assert door.ask("POST", f"{path}/retrait", who="Mme Riou", headers=OWN).status_code == 303
        assert door.ask("POST", f"{path}/retrait", who="Mme Riou", headers=OWN).status_code == 404
        assert "existe plus" in door.ask("GET", path, who="Mme Riou").text

    def test_writes_each_change_into_the_book_and_no_refusal(self, door: Door) -> None:
        even = next(account.person for account in door.accounts() if account.person.name == "M. Even")
        path = f"/comptes/{even.id}"
        for form in ({"name": "M. Gall", "role": "examinateur", "commission": "B"}, {"name": "Mme Guen"}):
            door.ask("POST", "/comptes", who="Mme Riou", headers=OWN, data=form)
        for act in ("role", "code", "deconnexion", "retrait", "retrait"):
            door.ask("POST", f"{path}/{act}", who="Mme Riou", headers=OWN, data={"role": "lecteur"})
        assert door.called.noted == [
            ("Mme Riou", "compte fait, et code donné : M. Gall, examinateur (commission B)"),
            ("Mme Riou", "rôle donné : M. Even, lecteur"),
            ("Mme Riou", "code donné : M. Even, lecteur"),
            ("Mme Riou", "connexions finies : M. Even, lecteur"),
            ("Mme Riou", "compte retiré : M. Even, lecteur"),
        ]

    def test_shows_no_code_of_which_the_book_does_not_know(self, door: Door) -> None:
        def full(*_: object) -> None:
            raise EvidenceLost("Le disque est plein.")

        door.called.note = full  # type: ignore[attr-defined]
        form = {"name": "M. Gall", "role": "lecteur"}
        answer = door.ask("POST", "/comptes", who="Mme Riou", headers=OWN, data=form)
        assert (answer.status_code, 'class="code"' in answer.text) == (503, False)

    def test_says_why_not_on_the_page_itself(self, door: Door) -> None:
        for form in ({"name": "Mme Guen", "role": "lecteur"}, {"name": "M. Gall", "role": "roi"}, {}):
            answer = door.ask("POST", "/comptes", who="Mme Riou", headers=OWN, data=form)
            assert answer.status_code == 409
            assert 'role="alert"' in answer.text
            assert "<h1>Comptes</h1>" in answer.text

    @pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**30, "9" * 5000])
    def test_knows_no_account_of_a_number_that_none_can_have(self, door: Door, number: object) -> None:
        for path in (f"/comptes/{number}", f"/poste/{number}"):
            assert door.ask("GET", path, who="Mme Riou").status_code == 404
        for act in ("role", "deconnexion", "code", "retrait"):
            answer = door.ask("POST", f"/comptes/{number}/{act}", who="Mme Riou", headers=OWN, data={"role": "lecteur"})
            assert answer.status_code == 404

    def test_shows_names_as_text(self, door: Door) -> None:
        door.people.make("<script>alert(1)</script>", Role.READER)
        text = door.ask("GET", "/comptes", who="Mme Riou").text
        assert "<script>" not in text
        assert "&lt;script&gt;" in text


def test_a_stream_ends_once_its_reader_is_signed_out(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_LOOKS_AGAIN", 0.05)
    sent = 0

    @needs(*Role)
    async def stream(request: Request) -> Response:
        async def lines() -> AsyncIterator[str]:
            nonlocal sent
            for sent in range(1000):
                if sent == 5:
                    door.people.sign_out(door.tokens["Mme Guen"])
                yield "data: x\n\n"
                await asyncio.sleep(0.02)

        return StreamingResponse(lines(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/flux", stream)])
    app.state.services = door.app.app.state.services
    own = Door(Guards(app, ["127.0.0.5"]), door.people, door.called, door.tokens)
    answer = own.ask("GET", "/flux", who="Mme Guen")
    assert answer.text.count("data:") >= 5
    assert sent < 100
    assert own.ask("GET", "/flux", headers={"Accept": "text/event-stream"}).status_code == 401


ROOM = {"host": "192.0.2.1", "listen": "192.0.2.1"}
EVERYWHERE = {"host": "192.0.2.1", "listen": "0.0.0.0"}
BY_NAME = {"host": "pc-7.lycee.example", "listen": "0.0.0.0"}


class TestAddresses:
    CARDS = (
        Card("lo", IPv4Interface("127.0.0.1/8")),
        Card("enp1s0", IPv4Interface("192.0.2.1/24")),
        Card("enp1s0", IPv4Interface("192.0.2.2/24")),
        Card("enp2s0", IPv4Interface("198.51.100.7/24")),
        Card("br-1", IPv4Interface("10.213.0.1/29")),
    )

    def refusal(self, staff: str, **more: Any) -> str:
        settings = Settings.model_validate({"console": {"staff": [staff]}, **more})
        try:
            refuse_exposed(settings, Room.declared("salle", settings), self.CARDS)
        except ConfigurationError as error:
            return str(error)
        return ""

    def test_this_machine_alone_is_the_default(self) -> None:
        settings = Settings()
        refuse_exposed(settings, Room.declared("salle", settings), self.CARDS)
        assert settings.console.staff == ("127.0.0.5",)
        assert settings.console.address == "http://127.0.0.5:8400"

    @pytest.mark.parametrize("room", [ROOM, EVERYWHERE])
    def test_an_address_on_the_candidates_side_is_refused(self, room: dict[str, Any]) -> None:
        assert "sites de candidats" in self.refusal("192.0.2.1", **room)
        assert "du côté des machines des candidats" in self.refusal("192.0.2.2", **room)
        assert self.refusal("198.51.100.7", **room) == ""

    def test_a_card_that_is_declared_as_the_candidates_is_refused(self) -> None:
        network = {"wiring": "routeur", "interface": "enp2s0"}
        assert "du côté des machines" in self.refusal("198.51.100.7", **EVERYWHERE, network=network)

    def test_what_the_settings_do_not_tell_is_not_taken_for_safe(self) -> None:
        assert "peut-être du côté des candidats" in self.refusal("198.51.100.7", **BY_NAME)
        network = {"wiring": "routeur", "interface": "enp1s0"}
        assert self.refusal("198.51.100.7", **BY_NAME, network=network) == ""

    def test_an_address_whose_other_ports_are_candidates_sites_is_refused(self) -> None:
        for staff, room in (("127.0.0.1", {}), ("127.0.0.5", {"host": "127.0.0.5"})):
            assert "sites de candidats" in self.refusal(staff, **room)

    def test_stations_and_other_machines_addresses_are_refused(self) -> None:
        assert "adresse des postes" in self.refusal("10.213.0.1", **ROOM)
        assert "pas une adresse de cette machine" in self.refusal("198.51.100.8", **ROOM)

    @pytest.mark.parametrize("name", ["localhost", "poste-07.examen.test", "console.examen.test", "examen.test"])
    def test_a_name_of_the_room_is_refused(self, name: str) -> None:
        settings = Settings.model_validate(
            {"console": {"name": name}, **({"network": {"domain": "examen.test"}} if name != "localhost" else {})}
        )
        with pytest.raises(ConfigurationError, match="nom de la salle"):
            refuse_exposed(settings, Room.declared("salle", settings), self.CARDS)

    @pytest.mark.parametrize("staff", ["0.0.0.0", "partout", "::1", ""])
    def test_only_addresses_that_are_named_one_by_one_are_taken(self, staff: str) -> None:
        with pytest.raises(ValueError, match=r"console\.staff"):
            self.refusal(staff)
