"""What is recorded of machines that come to stations, whose machine each is, and what the jury reads of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import network as commands_network
from provisioner.core.declaration import Network
from provisioner.core.errors import Busy, ConfigurationError, EngineError
from provisioner.engine.protocol import Output
from provisioner.host.settings import Settings
from provisioner.host.toml_files import validated
from provisioner.leakcheck.refused_tries import collect, entries, of_station
from provisioner.network.gateway_files import CONTACTS, of_every_cms
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import reset
from provisioner.station.machines import free, machines
from tests.unit.test_gateway_files import BLOCK, NAMES, told
from tests.unit.test_lifecycle import GOLDEN, answers, one_up
from tests.unit.test_lifecycle import centre as room_centre
from tests.unit.test_network_log import Logs, centre, engine, station, who
from tests.unit.test_report import finding, read

__all__ = ["answers", "centre", "engine", "room_centre"]  # fixtures

HIS, ANOTHERS, ROOMS = "192.0.2.31", "192.0.2.32", "10.213.0.1"


SAVES = [re.compile(pattern) for pattern, _ in of_every_cms("saves")]
BODIES = [re.compile(body, re.DOTALL) for _, body in of_every_cms("saves")]


def saves(asked: str, body: str = "") -> bool:
    """Whether contacts.pm takes a request for one that saves."""
    return any(one.search(asked) and inside.search(body) for one, inside in zip(SAVES, BODIES, strict=True))


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ("POST /wp-admin/post.php", ""),
        ("POST /wp-admin/options.php", ""),
        ("POST /wp-admin/async-upload.php", ""),
        ("POST /wp-json/wp/v2/posts/12?_locale=user", ""),
        ("DELETE /wp-json/wp/v2/pages/7", ""),
        ("PUT /index.php?rest_route=/wp/v2/widgets/block-2", ""),
        ("POST /wp-admin/admin-ajax.php", "wp_customize=on&action=customize_save&nonce=1"),
        ("POST /wp-admin/admin-ajax.php", "action=inline-save&post_ID=3"),
        ("POST /gestion/index.php?controller=AdminCustomers&token=0", "submitAddcustomer=1"),
        ("POST /gestion/index.php/sell/catalog/products/12?_token=a", "form[step1]=x"),
        ("PATCH /gestion/index.php/sell/catalog/products/12", ""),
        ("POST /wp-json/batch/v1", ""),  # the widgets' screen
        ("POST /wp-admin/admin-ajax.php", "action=menu-locations-save&menu=2"),
        ("POST /wp-admin/admin-ajax.php", "action=image-editor&_ajax_nonce=a&postid=3&do=save"),
        ("POST /wp-admin/admin-ajax.php", "action=crop-image&id=3"),
        ("GET /wp-admin/edit.php?s=&_wpnonce=a1&action=trash&post%5B%5D=3&action2=trash", ""),
        ("GET /wp-admin/plugins.php?action=activate&plugin=x&_wpnonce=a1", ""),
        # The form around a list of the shop has its filter's field too.
        (
            "POST /gestion/index.php?controller=AdminTags&token=0",
            "submitFiltertag=0&tagBox%5B%5D=1&submitBulkdeletetag=",
        ),
        ("POST /gestion/index.php/improve/design/cms-pages/1/edit", "cms_page%5Bcontent%5D=a+filter[x]+submitFilter"),
        ("POST /gestion/index.php/sell/catalog/products/bulk/activate_all", "filter_column_name="),
    ],
)
def test_what_a_candidate_saves_counts(asked: str, body: str) -> None:
    assert saves(asked, body)


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ("GET /wp-admin/post.php?post=1&action=edit", ""),
        ("POST /wp-admin/admin-ajax.php", "data%5Bwp-refresh%5D=1&interval=60&action=heartbeat&screen_id=post"),
        ("POST /wp-json/wp/v2/posts/12/autosaves", ""),
        ("PUT /wp-json/wp/v2/users/me?_locale=user", ""),
        ("POST /wp-login.php", "log=a"),
        ("POST /wp-comments-post.php", ""),
        ("POST /gestion/index.php?controller=AdminLogin", "submitLogin=1"),
        ("POST /gestion/login", "email=a"),
        ("POST /gestion/ajax.php", "getNotifications=1"),
        ("POST /gestion/index.php/common/notifications?_token=a", ""),
        ("POST /gestion/index.php?controller=AdminProducts", "submitFilterproduct=1&x=2"),
        ("POST /panier", "add=1"),
        ("POST /wp-json/wp/v2/widget-types/text/encode", ""),
        ("POST /wp-admin/admin-ajax.php", "action=menu-quick-search&q=a"),
        ("POST /wp-admin/admin-ajax.php", "action=image-editor&postid=3&do=open"),
        ("POST /wp-admin/admin-ajax.php", "customize_changeset_autosave=true&action=customize_save"),
        ("GET /wp-admin/edit.php?s=palets&action=-1&_wpnonce=a1", ""),
        ("POST /gestion/index.php?controller=AdminTags&token=0", "submitFiltertag=1&tagFilter_name=a&submitFilter="),
        ("POST /gestion/index.php?controller=AdminTags&token=0", "submitFiltertag=0&submitResettag="),
        (
            "POST /gestion/index.php/sell/customers/?_token=a",
            "customer%5Bemail%5D=a&customer%5Bactions%5D%5Bsearch%5D=",
        ),
        ("POST /gestion/index.php/common/reset_search/customer/filters", ""),
        ("POST /gestion/index.php/sell/catalog/products/0/20/id_product/desc?_token=a", "filter_category=2"),
        ("POST /gestion/index.php?controller=AdminOrders&ajax=1&token=0&action=searchProducts", ""),
    ],
)
def test_what_a_browser_sends_by_itself_or_only_to_look_saves_nothing(asked: str, body: str) -> None:
    assert not saves(asked, body)


def came(
    engine: Logs,
    at: str,
    kind: str,
    request: str = "GET / HTTP/1.1",
    machine: str = HIS,
    whose: str = "",
    *,
    place: int = 1,
    status: int = 200,
    page: int = 0,
) -> None:
    """A line of the gateway about a contact with a station."""
    logged = {"at": f"2026-05-21T{at}+00:00", "from": machine, "place": str(place), "kind": kind, "machine": whose}
    asked = {"page": str(page), "to": "10.213.0.2", "host": f"localhost:810{place}", "request": request}
    engine.written["web"] += json.dumps({**logged, **asked, "status": status, "agent": "x"}) + "\n"


def recorded(centre: Centre) -> list[tuple[str, str, str, str]]:
    collect(centre)
    return [(entry.machine, entry.what, entry.opened, entry.origin) for entry in entries(centre)]


def test_a_first_contact_by_any_method_is_on_record_once_for_each_candidate(centre: Centre, engine: Logs) -> None:
    aside = {"at": "2026-05-21T09:00:05+00:00", "why": "reset"}
    station(centre, engine, 1, "07:00:00", candidate=who("7", "ALPHA"), aside=aside)
    station(centre, engine, 1, "09:00:01", candidate=who("8", "BETA"))
    for at in ("08:00:00", "08:00:01"):  # each process of the gateway says it
        came(engine, at, "contact", "GET /wp-json/wp/v2/posts HTTP/1.1", ANOTHERS)
    came(engine, "08:00:02", "write", "POST /wp-comments-post.php HTTP/1.1", ANOTHERS, status=302)
    assert [entry[1] for entry in recorded(centre)] == ["contact", "write"]
    came(engine, "08:30:00", "contact", "HEAD / HTTP/1.1", ANOTHERS)
    assert len(recorded(centre)) == 2
    came(engine, "09:10:00", "contact", "HEAD / HTTP/1.1", ANOTHERS)
    assert recorded(centre)[-1] == (ANOTHERS, "contact", "poste-01", "")
    assert [entry.path for entry in entries(centre)] == [
        "GET /wp-json/wp/v2/posts",
        "POST /wp-comments-post.php",
        "HEAD /",
    ]


def test_tries_are_told_by_whose_machine_it_was_as_soon_as_somebody_signed_in(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 1, "07:00:00", candidate=who("7", "ALPHA"))
    came(engine, "08:00:00", "contact")
    came(engine, "08:00:05", "log_in", "POST /wp-login.php HTTP/1.1", ANOTHERS)
    assert {entry[3] for entry in recorded(centre)} == {""}
    came(engine, "08:01:00", "signed_in", "POST /wp-login.php HTTP/1.1", whose="own", status=302)
    engine.proxy("08:02:00", "http://corrige.example/")
    assert recorded(centre) == [
        (HIS, "contact", "poste-01", "own"),
        (ANOTHERS, "log_in", "poste-01", "other"),
        (HIS, "signed_in", "poste-01", "own"),
        (HIS, "refused", "", "own"),
    ]
    told = of_station(centre, "poste-01")
    assert told["machines"] == [HIS]
    assert [one["origin"] for one in told["tries"]] == ["own"]
    assert [(one["from"], one["what"]) for one in told["contacts"]] == [(ANOTHERS, "essai de connexion")]


def test_the_next_candidates_machine_is_another(centre: Centre, engine: Logs) -> None:
    aside = {"at": "2026-05-21T09:00:05+00:00", "why": "reset"}
    station(centre, engine, 1, "07:00:00", candidate=who("7", "ALPHA"), aside=aside)
    station(centre, engine, 1, "09:00:01", candidate=who("8", "BETA"))
    came(engine, "08:00:00", "signed_in", "POST /wp-login.php HTTP/1.1", whose="own")
    came(engine, "09:10:00", "contact")
    came(engine, "09:11:00", "signed_in", "POST /wp-login.php HTTP/1.1", ANOTHERS, "own")
    assert [(machine, origin) for machine, _, _, origin in recorded(centre)] == [
        (HIS, "own"),
        (HIS, "other"),
        (ANOTHERS, "own"),
    ]


def test_a_stations_own_tries_and_an_unknown_machines_are_said_to_be_that(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 1, "07:00:00")
    engine.web("08:00:00", "aide.example", "GET / HTTP/1.0", 403, centre.gateway.network(1).address)
    engine.web("08:00:10", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.proxy("08:01:00", "http://corrige.example/")
    assert [origin for *_, origin in recorded(centre)] == ["station", ""]


def test_thirty_passwords_are_one_line_and_what_was_left_out_is_counted_with_its_kind(
    centre: Centre, engine: Logs
) -> None:
    station(centre, engine, 1, "07:00:00")
    for second in range(10, 40):
        came(engine, f"08:00:{second}", "log_in", "POST /wp-login.php HTTP/1.1", ANOTHERS)
    engine.written["web"] += (
        f'{{"left_out":70,"at":"2026-05-21T08:00:50+00:00","from":"{ANOTHERS}","place":"1","kind":"slowed"}}\n'
    )
    collect(centre)
    assert [(entry.what, entry.opened, entry.count) for entry in entries(centre)] == [
        ("log_in", "poste-01", 30),
        ("slowed", "poste-01", 70),
    ]


@pytest.mark.parametrize("kind", ["refused", "background", "visit", "owner", ""])
def test_a_line_whose_kind_is_none_of_a_contacts_is_no_contact(centre: Centre, engine: Logs, kind: str) -> None:
    station(centre, engine, 1, "07:00:00")
    came(engine, "08:00:00", kind, place=1, status=302)
    came(engine, "08:00:00", "contact", place=9)
    assert [entry for entry in recorded(centre) if entry[2]] == []


def test_a_contact_that_is_a_page_says_also_where_the_machine_works(centre: Centre, engine: Logs) -> None:
    for place in (1, 2):
        station(centre, engine, place, "07:00:00", candidate=who(str(place), "ALPHA"))
    came(engine, "08:00:00", "signed_in", "POST /wp-login.php HTTP/1.1", whose="own", status=302)
    came(engine, "08:05:00", "barred", place=2, whose="other", status=403)
    came(engine, "08:06:00", "contact", place=2, page=1)
    collect(centre)
    assert [(entry.what, entry.opened, entry.station) for entry in entries(centre)] == [
        ("signed_in", "poste-01", "poste-01"),
        ("barred", "poste-02", "poste-01"),
        ("contact", "poste-02", "poste-01"),
        ("elsewhere", "poste-02", "poste-01"),
    ]
    (barred, *_) = of_station(centre, "poste-02")["contacts"]
    assert barred["what"] == "refusée, le poste est lié à une autre machine"


def test_a_flood_of_one_kind_takes_no_room_of_another(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 1, "07:00:00")
    for number in range(400):
        came(engine, "08:00:00", "barred", f"GET /{number} HTTP/1.1", ANOTHERS, "other", status=403)
    came(engine, "08:00:01", "log_in", "POST /wp-login.php HTTP/1.1", ANOTHERS, "other")
    found = recorded(centre)
    assert len(found) == 202  # 200 by themselves, the rest together
    assert (ANOTHERS, "log_in", "poste-01", "other") in found
    assert sum(entry.count for entry in entries(centre)) == 401


def test_the_rooms_own_machine_is_nobody_else(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 1, "07:00:00")
    came(engine, "08:00:00", "contact", machine=ROOMS, whose="room")
    came(engine, "08:01:00", "signed_in", "POST /wp-login.php HTTP/1.1", whose="own", status=302)
    collect(centre)
    assert [entry.notable for entry in entries(centre)] == [False, False]
    assert of_station(centre, "poste-01")["contacts"] == []


def test_the_record_shows_what_concerns_other_machines_and_all_when_asked(
    centre: Centre, engine: Logs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    station(centre, engine, 1, "07:00:00", candidate=who("7", "ALPHA"))
    came(engine, "08:00:00", "signed_in", "POST /wp-login.php HTTP/1.1", whose="own", status=302)
    came(engine, "08:05:00", "barred", machine=ANOTHERS, whose="other", status=403)
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    assert commands_network.log(as_json=True) == 0
    (one,) = json.loads(capsys.readouterr().out)["tries"]
    assert (one["what"], one["from"], one["origin"], one["opened"]) == ("barred", ANOTHERS, "other", "poste-01")
    assert commands_network.log(background=True, as_json=True) == 0
    assert len(json.loads(capsys.readouterr().out)["tries"]) == 2


@pytest.mark.parametrize(
    ("network", "binds"),
    [
        ({}, False),
        ({"domain": "examen.test"}, True),
        ({"dhcp": "192.0.2.50-192.0.2.99"}, True),
        ({"domain": "examen.test", "bind": False}, False),
        ({"bind": True}, True),
    ],
)
def test_stations_are_bound_where_they_have_names_or_the_room_gives_addresses_unless_declared(
    network: dict[str, Any], binds: bool
) -> None:
    assert Network.model_validate(network).binds is binds


def test_a_word_instead_of_true_or_false_is_refused_with_its_key() -> None:
    with pytest.raises(ConfigurationError, match=r"bind.*true ou false"):
        validated(Network, {"bind": "oui"}, "[network]")


def test_a_gateway_that_binds_otherwise_than_declared_is_noticed_and_an_earlier_one_goes_on(
    centre: Centre, engine: Logs
) -> None:
    def declared(**network: Any) -> Settings:
        return centre.settings.model_copy(update={"places": 3, "network": Network(**network)})

    assert centre.gateway.matches(declared())
    assert not centre.gateway.matches(declared(bind=True))
    del engine.files[f"/{CONTACTS}"]
    assert centre.gateway.matches(declared())
    assert not centre.gateway.matches(declared(bind=True))


def test_a_candidate_gets_another_machine_by_one_command_and_the_jury_reads_of_it(
    room_centre: Centre, engine: Logs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    station = one_up(room_centre)
    asked: list[str] = []
    known = f"1-:{HIS} 1779350400\n2-:{ANOTHERS} 1779350400\n1-autre:192.0.2.99 1779350400\nxx\n99-:1.2.3.4 5\n"

    def run(container: str, command: list[str], **_: Any) -> Output:
        asked.append(command[-1])
        return Output(0, known.encode() if "grep" in command[-1] else b"", b"")

    monkeypatch.setattr(engine, "run", run)
    assert {name: machine.address for name, machine in machines(room_centre).items()} == {
        "poste-01": HIS,
        "poste-02": ANOTHERS,
    }
    freed = free(room_centre, "poste-01", "panne")
    assert freed.before is not None
    assert freed.before.address == HIS
    assert ": >1--$machine" in asked[-1]
    assert "rm -f -- 1- saved.1- &&" in asked[-1]
    (event,) = room_centre.state.record(station.container).events
    assert (event.what, event.why) == ("free", "panne")
    with room_centre.state.holding(room_centre.room.name, "poste-01", "reset"), pytest.raises(Busy):
        free(room_centre, "poste-01")
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: room_centre)
    assert commands_network.free("poste-01") == 0
    assert f"poste-01 n'est plus celui de la machine {HIS}" in " ".join(capsys.readouterr().out.split())
    monkeypatch.setattr(engine, "run", lambda *_, **__: Output(0, b"", b""))
    assert commands_network.free("poste-01", as_json=True) == 0
    (one,) = json.loads(capsys.readouterr().out)["stations"]
    assert (one["station"], one["machine"], one["before"]) == ("poste-01", None, None)
    assert len(room_centre.state.record(station.container).events) == 2  # nothing was freed the third time


def test_a_reset_is_for_another_machine_and_one_that_fails_is_not(
    room_centre: Centre, engine: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_up(room_centre)
    assert room_centre.gateway.sitting(1) == ""
    new, _ = reset(room_centre, "poste-01", GOLDEN)
    assert room_centre.gateway.sitting(1) == new.container[:12]
    join = room_centre.gateway.join(1)
    room_centre.gateway.set_upstream(1, join.address)
    assert room_centre.gateway.sitting(1) == new.container[:12]

    def fail(*_: object, **__: object) -> None:
        raise EngineError("essai")

    monkeypatch.setattr("provisioner.station.switching.settle_access_windows", fail)
    with pytest.raises(EngineError):
        reset(room_centre, "poste-01", GOLDEN)
    assert room_centre.gateway.sitting(1) == new.container[:12]


def signs_in(asked: str) -> bool:
    return any(re.search(pattern.replace(r"\z", r"\Z"), asked) for pattern, _, _ in of_every_cms("signed_in"))


def tries(asked: str) -> bool:
    return any(re.search(pattern, asked) for pattern in of_every_cms("log_ins"))


@pytest.mark.parametrize(
    "asked",
    [
        "POST /wp-login.php",
        "POST /wp-login.php?action=lostpassword",
        "POST /wp-login.php/x",
        "POST /gestion/index.php?controller=AdminLogin",
        "POST /gestion/login",
        "POST /gestion/index.php/login?_token=a",
        "POST /connexion",
        "POST /fr/connexion?back=my-account",
    ],
)
def test_what_tries_passwords_is_limited(asked: str) -> None:
    assert tries(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "GET /wp-login.php",
        "POST /wp-admin/admin-ajax.php",
        "POST /gestion/index.php?controller=AdminCarts",
        "POST /panier",
    ],
)
def test_what_a_candidate_works_with_is_not(asked: str) -> None:
    assert not tries(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "GET /gestion/index.php?controller=AdminDashboard&token=" + "a" * 32 + "&controlle%72=AdminLogin",
        "GET /gestion/index.php?controlle%72=AdminLogin&controller=AdminDashboard&token=" + "a" * 32,
        "GET /gestion/index.php/x?controller=AdminDashboard&token=" + "a" * 32,
        "GET /gestion/index.php%3Fcontroller=AdminDashboard&token=" + "a" * 32,
        "GET /gestion/index.php?controller=AdminLogin&token=" + "a" * 32,
        "GET /gestion/?controller=AdminDashboard&token=a.b-c.d&controlle%72=AdminLogin",
        "POST /gestion/index.php?controller=AdminDashboard&token=" + "a" * 32,
    ],
)
def test_no_page_that_anybody_may_see_passes_for_the_one_behind_the_password(asked: str) -> None:
    assert not signs_in(asked)


def test_the_page_behind_the_password_is_known() -> None:
    assert signs_in("GET /gestion/index.php?controller=AdminDashboard&token=" + "0f" * 16)
    assert signs_in("GET /gestion/?controller=AdminDashboard&token=ab1.Xy_-9.z-Q0")
    assert all(
        cookie for _, _, cookie in of_every_cms("signed_in")[1:]
    )  # WordPress: the cookie, never the status alone


def test_who_comes_to_anothers_station_or_tries_too_often_reads_what_to_do() -> None:
    files = told()
    assert "Ce poste est celui d’une autre machine" in files["barred.conf"]
    assert "appelez le surveillant" in files["barred.conf"]
    assert "return 403 " in files["barred.conf"]
    assert "Attendez dix secondes" in files["slowed.conf"]
    assert "return 429 " in files["slowed.conf"]
    for page in ("barred.conf", "slowed.conf"):
        assert f"include /etc/e5b/{page};" in files["nginx.conf"]


def test_who_comes_by_the_proxy_is_known_to_the_room_and_to_no_site_outside() -> None:
    files = told(NAMES, domain="examen.test", allowed=["maps.google.com"])
    rules = re.findall(r"^(?:forwarded_for|request_header_access X-Forwarded-For) (.*)$", files["squid.conf"], re.M)
    assert rules == ["truncate", "allow room", "deny all"]
    assert f"set_real_ip_from {BLOCK.front};" in files["nginx.conf"]
    assert "forwarded_for delete" in told(allowed=["maps.google.com"])["squid.conf"]
    assert "real_ip" not in told()["nginx.conf"]


def test_the_jury_reads_from_whose_machine_each_request_came(tmp_path: Path) -> None:
    def asked(machine: str, origin: str, **more: Any) -> dict[str, Any]:
        what = {"at": "2026-11-24T13:40:00+00:00", "host": "corrige.example", "path": "/e5b", "times": 1}
        return {**what, "from": machine, "origin": origin, **more}

    tries = [asked(HIS, "own"), asked(ANOTHERS, "other"), asked("192.0.2.33", ""), asked("10.213.0.11", "station")]
    contacts = [asked(ANOTHERS, "other", what="essai de connexion", path="POST /<b>", times=30)]
    known = {"refused": 4, "background": 0, "tries": tries, "incomplete": "", "machines": [HIS], "contacts": contacts}
    text = read(tmp_path, finding(), network=known).text
    assert f"corrige.example/e5b (depuis la machine du candidat, {HIS})" in text
    assert f"(depuis une autre machine, {ANOTHERS})" in text
    assert "(machine inconnue, 192.0.2.33)" in text
    assert "(depuis le poste lui-même, 10.213.0.11)" in text
    assert f"connecté avec son mot de passe\xa0: {HIS}." in text.replace(" :", "\xa0:")
    assert f"essai de connexion, POST /<b>, 30 fois (depuis une autre machine, {ANOTHERS})" in text
    unknown = read(tmp_path, finding(), network={**known, "tries": [], "machines": [], "contacts": []}).text
    assert "La machine du candidat n’est pas connue" in unknown
    assert "Aucune autre machine n’y est venue" in unknown
    earlier = {key: value for key, value in known.items() if key not in ("machines", "contacts")}
    assert "Machines venues" not in read(tmp_path, finding(), network=earlier).text
