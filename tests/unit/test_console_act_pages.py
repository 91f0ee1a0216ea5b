"""The pages of the acts work without a script: a plan, a confirmation, a page of results; and the book of all."""

import csv
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from provisioner.console import act_pages
from provisioner.console.act_kinds import KINDS
from provisioner.console.acting import Acts
from provisioner.console.people import Person, Role
from provisioner.console.services import Services
from provisioner.core.errors import ProvisionerError, Refusal
from provisioner.host.paths import ROOT
from provisioner.station.acts import COMMAND_LINE, Act, ActLine, Outcome
from tests.unit.console_acts import NAMES, World

TECHNICIAN = Person(1, "Mme Riou", Role.TECHNICIAN)
Scope = MutableMapping[str, Any]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.reasons = {"poste-02": "travaille déjà, jusqu'à 9 h 40"}
    return world


@pytest.fixture
def acts(world: World) -> Acts:
    acts = world.begun()
    kinds = {name: replace(kind, fields=KINDS[name].fields) for name, kind in acts.kinds.items()}
    acts.kinds = {**kinds, "extra": replace(KINDS["extra"], run=kinds["start"].run, reasons=kinds["start"].reasons)}
    return acts


@pytest.fixture
def services(acts: Acts) -> Services:
    room: Any = SimpleNamespace(current=lambda: SimpleNamespace(series="Série 1 sur 2"))
    return Services(centre=cast(Any, None), people=cast(Any, None), room=room, acts=acts, zone=UTC)


class Browser:
    """Asks the pages as one person; follows no redirection."""

    def __init__(self, services: Services, person: Person = TECHNICIAN) -> None:
        def foreseen(request: Request, error: Exception) -> Response:
            return PlainTextResponse(str(error), 409)

        app = Starlette(
            routes=act_pages.routes(services),
            exception_handlers={ProvisionerError: foreseen, HTTPException: lambda *_: PlainTextResponse("", 404)},
        )
        app.state.services = services

        async def signed_in(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
            await app({**scope, "state": {"person": person}}, receive, send)

        self._app = signed_in

    def ask(self, method: str, path: str, **data: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://console.test") as client:
                return await client.request(method, path, data=data or None)

        return anyio.run(asked)

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def post(self, **data: Any) -> httpx.Response:
        return self.ask("POST", "/actes", **data)


@pytest.fixture
def browser(services: Services) -> Browser:
    return Browser(services)


def form_of(answer: httpx.Response) -> dict[str, Any]:
    """The fields of the form of a page as a browser sends them, without what a person types."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", answer.text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and 'type="checkbox"' not in tag:
            found.setdefault(name[1], []).append(value[1])
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def plain(answer: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).replace("\xa0", " ").replace("\u202f", " ").split())


def confirmed(browser: Browser, **data: Any) -> httpx.Response:
    typed = {name: data.pop(name) for name in ("typed",) if name in data}
    return browser.post(**form_of(browser.post(**data)), **typed, step="begin")


def the_act(acts: Acts) -> Act:
    acts.work()
    (act,) = acts.recent()
    return act


def test_an_act_is_planned_confirmed_done_and_shown(browser: Browser, acts: Acts) -> None:
    plan = browser.post(act="start", station=["poste-01", "poste-02", "3"])
    assert plan.status_code == 200
    assert "2 postes seront démarrés ; 1 autre reste comme avant." in plain(plan)
    assert "Rien : travaille déjà, jusqu’à 9 h 40" in plain(plan)
    assert "03 NOM03 Anne Sera démarré" in plain(plan)
    assert acts.recent() == ()
    answer = browser.post(**form_of(plan), step="begin")
    act = the_act(acts)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/actes/{act.id}")
    shown = browser.get(f"/actes/{act.id}")
    assert "par Mme Riou (écran)" in plain(shown)
    assert "2 faits, 1 pas fait" in plain(shown)
    assert "Pas fait travaille déjà" in plain(shown)


def test_a_form_that_is_sent_twice_means_one_act_also_when_it_is_done(
    browser: Browser, acts: Acts, world: World
) -> None:
    form = form_of(browser.post(act="start", station=["poste-01"]))
    first = browser.post(**form, step="begin")
    acts.work()
    world.reasons = dict.fromkeys(NAMES, "travaille déjà")
    second = browser.post(**form, step="begin")
    assert second.headers["location"] == first.headers["location"]
    assert len(acts.recent()) == 1
    assert sum(world.done.values()) == 1


def test_what_can_cost_work_wants_the_candidates_name(browser: Browser, acts: Acts) -> None:
    plan = browser.post(act="reset", station=["poste-01"])
    assert "Tout est gardé." in plain(plan)
    assert "écrivez le nom du candidat (NOM01)" in plain(plan)
    for typed in ("", "NOM02", "1"):
        refused = browser.post(**form_of(plan), step="begin", typed=typed)
        assert refused.status_code == 422
        assert "Ce n’est pas le nom du candidat" in plain(refused)
    assert acts.recent() == ()
    assert browser.post(**form_of(plan), step="begin", typed="nom01").status_code == 303


def test_of_several_it_wants_their_number(browser: Browser, acts: Acts) -> None:
    plan = browser.post(act="reset", station=["poste-01", "poste-02", "poste-03"])
    assert "écrivez le nombre de postes (2)" in plain(plan)
    refused = browser.post(**form_of(plan), step="begin", typed="3")
    assert "Écrivez combien de postes sont concernés : 2." in plain(refused)
    assert browser.post(**form_of(refused), step="begin", typed="2").status_code == 303


def test_what_changed_since_it_was_shown_is_shown_again(browser: Browser, acts: Acts, world: World) -> None:
    plan = browser.post(act="start", station=["poste-01", "poste-02"])
    world.reasons = {}
    again = browser.post(**form_of(plan), step="begin")
    assert again.status_code == 422
    assert "Ce qui sera fait a changé" in plain(again)
    assert browser.post(**form_of(again), step="begin").status_code == 303
    assert [line.outcome for line in the_act(acts).lines] == [Outcome.DONE, Outcome.DONE]


def test_a_plan_that_was_shown_for_one_candidate_is_shown_again_for_another(
    browser: Browser, acts: Acts, world: World
) -> None:
    plan = browser.post(act="start", station="poste-01")
    world.instead = {"poste-01": "poste-05"}
    again = browser.post(**form_of(plan), step="begin")
    assert "Ce qui sera fait a changé" in plain(again)
    assert acts.recent() == ()
    assert browser.post(**form_of(again), step="begin").status_code == 303


def test_where_nothing_can_be_done_there_is_nothing_to_confirm(browser: Browser, acts: Acts) -> None:
    plan = browser.post(act="start", station=["poste-02"])
    assert "Rien ne sera fait : chaque ligne dit pourquoi." in plain(plan)
    assert 'value="begin"' not in plan.text
    assert browser.post(**form_of(plan), step="begin").status_code == 422
    assert acts.recent() == ()


def test_time_asks_for_minutes_and_a_reason_and_keeps_what_was_typed(browser: Browser, acts: Acts) -> None:
    plan = browser.post(act="extra", station=["poste-01"])
    fields = {**form_of(plan), "minutes": "13", "why": ""}
    refused = browser.post(**fields, step="begin")
    assert "Dites pourquoi" in plain(refused)
    assert form_of(refused)["minutes"] == "13"
    assert browser.post(**{**fields, "why": "tiers temps"}, step="begin").status_code == 303
    act = the_act(acts)
    assert act_pages.details(act) == "13 min, « tiers temps »"
    assert "« tiers temps »" in plain(browser.get("/actes"))


def test_who_is_left_out_by_his_hour_may_be_added(browser: Browser, acts: Acts) -> None:
    plan = browser.post(act="extra", station=["poste-01", "poste-02"])
    assert "Aussi aux postes dont ce n’est pas l’heure" in plain(plan)
    assert 'value="plan"' in plan.text
    assert "Aussi aux postes" not in plain(browser.post(act="extra", station=["poste-01"]))


def test_the_whole_room_can_be_meant_without_choosing(browser: Browser) -> None:
    assert form_of(browser.post(act="start", everywhere="yes"))["station"] == NAMES
    both = browser.post(act="start", everywhere="yes", station="poste-01")
    assert both.status_code == 409
    assert "gardez l’un ou l’autre" in both.text


def test_what_must_name_its_stations_is_not_done_to_the_whole_room(browser: Browser, acts: Acts) -> None:
    acts.kinds = {**acts.kinds, "replace": replace(acts.kinds["start"], id="replace", each_named=True)}
    assert "un à un" in browser.post(act="replace", everywhere="yes").text
    assert browser.post(act="replace", station="poste-01").status_code == 200


def test_an_act_under_way_can_be_stopped_before_its_next_station(
    services: Services, browser: Browser, acts: Acts, world: World
) -> None:
    browser.post(**form_of(browser.post(act="start", station=["poste-01", "poste-03"])), step="begin")
    (act,) = acts.recent()
    halt = f"/actes/{act.id}/halte"
    reader = Browser(services, Person(2, "M. Le Bris", Role.READER))
    assert halt in browser.get(f"/actes/{act.id}").text
    assert halt not in reader.get(f"/actes/{act.id}").text
    assert reader.ask("POST", halt).status_code == 403
    assert browser.ask("POST", halt).headers["location"] == f"/actes/{act.id}"
    acts.work()
    assert not world.done
    assert plain(browser.get(f"/actes/{act.id}")).count("Mme Riou a demandé") == 2
    assert halt not in browser.get(f"/actes/{act.id}").text


def test_a_form_that_is_sent_twice_at_once_leads_to_its_act(
    browser: Browser, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is asked for before the first has begun, and planned after that."""
    form = form_of(browser.post(act="start", station="poste-01"))
    first = browser.post(**form, step="begin")
    begun, asked = acts.begun, []

    def at_first_not_yet(key: str) -> Act | None:
        asked.append(key)
        return begun(key) if len(asked) > 1 else None

    monkeypatch.setattr(acts, "begun", at_first_not_yet)
    monkeypatch.setattr(act_pages, "_refuse_unconfirmed", lambda *_: refuse())
    second = browser.post(**form, step="begin")
    assert (second.status_code, second.headers.get("location")) == (303, first.headers["location"])


def refuse() -> None:
    raise Refusal("Ce qui sera fait a changé.")


@pytest.mark.parametrize("data", [{"act": "start"}, {"act": "fly", "station": "1"}, {"station": "1"}])
def test_what_means_nothing_is_refused(browser: Browser, acts: Acts, data: dict[str, Any]) -> None:
    assert browser.post(**data).status_code == 409
    assert acts.recent() == ()


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.READER])
def test_who_is_no_technician_reads_and_does_not_act(services: Services, acts: Acts, role: Role) -> None:
    browser = Browser(services, Person(2, "M. Le Bris", role, "3"))
    assert browser.post(act="start", station="1").status_code == 403
    assert browser.post(act="start", station="1", step="begin", agreed="1", key="k").status_code == 403
    assert acts.recent() == ()
    acts.note(TECHNICIAN, "credentials", "poste-01")
    for path in ("/actes", "/actes.csv"):
        assert "identifiants affichés" in browser.get(path).text


def test_an_act_that_is_not_in_the_book_is_said_so(browser: Browser) -> None:
    assert browser.get("/actes/nowhere").status_code == 409
    assert browser.get("/actes/nowhere/flux").status_code == 409


def test_the_book_can_be_read_by_station_and_says_where_an_act_came_from(browser: Browser, acts: Acts) -> None:
    act = acts.book.begin("alice", COMMAND_LINE, "archive", [ActLine("poste-04", "04")])
    acts.book.ends(act.id, "poste-04", Outcome.DONE, "archivé et relu")
    acts.book.end(act.id)
    assert "alice ligne de commande Archiver 04 1 fait" in plain(browser.get("/actes"))
    assert "Archiver" in plain(browser.get("/actes?poste=4"))
    assert "Rien n’a encore été fait à ce poste." in plain(browser.get("/actes?poste=05"))


def test_the_book_of_a_room_has_no_act_of_another_and_says_whose_credentials_were_shown(
    browser: Browser, acts: Acts
) -> None:
    acts.note(TECHNICIAN, "credentials", "poste-04", candidate="1004", room="salle")
    acts.note(TECHNICIAN, "credentials", "poste-04", candidate="2004", room="salle-b")
    acts.note(TECHNICIAN, "code donné : M. Even, lecteur")
    for path in ("/actes", "/actes?poste=4"):
        told = plain(browser.get(path))
        assert "identifiants affichés 04 candidat 1004" in told
        assert "2004" not in told
    assert "code donné : M. Even, lecteur" in plain(browser.get("/actes"))
    rows = list(csv.reader(browser.get("/actes.csv").text.splitlines(), delimiter=";"))
    assert [row[5:8] for row in rows[1:3]] == [["salle", "poste-04", "1004"], ["salle-b", "poste-04", "2004"]]


def test_what_was_cut_short_is_said_on_top_of_the_book(
    services: Services, browser: Browser, acts: Acts, world: World
) -> None:
    browser.post(**form_of(browser.post(act="start", station="1")), step="begin")
    again = Browser(replace(services, acts=world.begun()))
    told = plain(again.get("/actes"))
    assert "Un acte a été interrompu quand e5b s’est arrêté" in told
    assert "Interrompu" in told
    assert "Il n’est pas repris de lui-même" in plain(again.get(f"/actes/{acts.recent()[0].id}"))


def test_what_was_cut_short_is_said_until_a_technician_puts_it_aside_which_the_book_has(
    services: Services, browser: Browser, world: World
) -> None:
    for number in ("1", "3"):
        browser.post(**form_of(browser.post(act="start", station=number)), step="begin")
    world.begun()
    acts = world.begun()  # also after another start, which has nothing more to say
    assert acts.cut_short == ()
    again = Browser(replace(services, acts=acts, name="salle"))
    told = again.get("/actes")
    assert "Des actes ont été interrompus" in plain(told)
    ids = form_of(told)["act"]
    assert re.findall(r'<li><a href="/actes/(\w+)">', told.text) == ids
    reader = Browser(replace(services, acts=acts, name="salle"), Person(2, "Mme Guen", Role.READER))
    assert "Des actes ont été interrompus" in plain(reader.get("/actes"))
    assert "mettre de côté" not in plain(reader.get("/actes"))
    assert reader.ask("POST", "/actes/interrompus", act=ids, page="/actes").status_code == 403
    for form, to in (({"act": ids[0], "page": "/salle"}, "/salle"), ({"act": "autre", "page": "//x"}, "/actes")):
        answer = again.ask("POST", "/actes/interrompus", **form)
        assert (answer.status_code, answer.headers["location"]) == (303, to)
    assert "Un acte a été interrompu quand" in plain(again.get("/actes"))
    assert [act.id for act in world.begun().interrupted("salle")] == ids[1:]
    again.ask("POST", "/actes/interrompus", act=ids, page="/preparation")
    assert "quand e5b s’est arrêté" not in plain(again.get("/actes"))
    noted = [(act.who, act.text.partition(" (")[0]) for act in acts.recent() if act.kind == "note"]
    assert noted == [("Mme Riou", "interruption vue : Démarrer")] * 2  # what was put aside before isn't noted again


def test_of_many_acts_that_were_cut_short_the_latest_are_named_and_none_of_another_room(
    services: Services, acts: Acts, world: World
) -> None:
    for number in range(7):
        acts.book.begin("Mme Riou", COMMAND_LINE, "start", [ActLine("poste-01", str(number))], room="salle")
    acts.book.begin("Mme Riou", COMMAND_LINE, "start", [], room="salle-b")
    browser = Browser(replace(services, acts=world.begun(), name="salle"))
    told = browser.get("/actes")
    assert len(form_of(told)["act"]) == 5
    assert "2 autres suivront, une fois ceux-ci mis de côté." in plain(told)
    browser.ask("POST", "/actes/interrompus", act=form_of(told)["act"])
    assert len(form_of(browser.get("/actes"))["act"]) == 2


def test_the_book_as_a_spreadsheet_has_a_line_for_each_station_and_no_formula(browser: Browser, acts: Acts) -> None:
    act = acts.book.begin(
        "=cmd",
        COMMAND_LINE,
        "extra",
        [ActLine("poste-04", "04"), ActLine("poste-05", "")],
        room="salle-b",
        values={"why": "+1", "minutes": "5"},
    )
    acts.book.ends(act.id, "poste-04", Outcome.DONE, '-2; "et"\nsuite')
    acts.book.end(act.id, "@SUM(A1)")
    answer = browser.get("/actes.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    rows = list(csv.reader(answer.text.removeprefix("\ufeff").splitlines(keepends=True), delimiter=";"))
    assert rows[0][:3] == ["date", "heure", "qui"]
    assert [row[6] for row in rows[1:]] == ["poste-04", "poste-05", ""]
    assert rows[1][2:] == [
        "'=cmd",
        "ligne de commande",
        "Donner du temps",
        "salle-b",
        "poste-04",
        "04",
        "5 min, « +1 »",
        "fait",
        '\'-2; "et"\nsuite',
    ]
    assert rows[3][10] == "'@SUM(A1)"
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]


def test_what_people_and_stations_write_is_no_html(browser: Browser, acts: Acts) -> None:
    act = acts.book.begin("<b>x", COMMAND_LINE, "start", [ActLine("<i>y", "<u>1")], values={"why": "<s>z"})
    acts.book.ends(act.id, "<i>y", Outcome.FAILED, "<img src=x>")
    acts.book.end(act.id, "<script>")
    for path in ("/actes", f"/actes/{act.id}"):
        assert not re.search(r"<(b|i|u|s|img|script)>|<img", browser.get(path).text.partition("<main")[2])


def test_a_page_of_an_act_is_sent_what_changes_and_the_servers_clock(services: Services, acts: Acts) -> None:
    act = acts.begin(TECHNICIAN, "start", ["poste-01"], {}, "k")
    app = SimpleNamespace(state=SimpleNamespace(services=services))
    request = cast(Request, SimpleNamespace(app=app, state=SimpleNamespace(person=TECHNICIAN)))

    async def first(count: int) -> list[Any]:
        events = act_pages._events(request, act.id)
        found = [await anext(events) for _ in range(count)]
        acts.work()
        found.append(await anext(events))
        await events.aclose()  # type: ignore[attr-defined]
        return found

    told = anyio.run(first, 2)
    assert [event.event for event in told] == ["act", "clock", "act"]
    assert "En attente" in told[0].data
    assert "Fait" in told[2].data
    assert '"words"' in told[1].data


def buttons() -> Iterator[tuple[str, str]]:
    bar = (ROOT / "provisioner/templates/console/act_buttons.html.j2").read_text(encoding="utf-8")
    yield from re.findall(r'<button name="act" value="(\w+)">([^<]+)</button>', bar)


def test_there_is_a_button_for_each_kind_by_its_name() -> None:
    """But for those of the whole room, which stand above its places."""
    assert list(buttons()) == [(kind.id, kind.french) for kind in KINDS.values() if not kind.of_room]
