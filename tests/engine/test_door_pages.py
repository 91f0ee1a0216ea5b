"""What candidates read on the room's own pages: whose place it is, when it opens and ends, how much time is left."""

import re
import time
from collections.abc import Callable

import httpx

from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.exam.working_time import start, stop
from provisioner.leakcheck.entries import CONTACTS
from provisioner.leakcheck.refused_tries import collect, entries
from provisioner.leakcheck.short_proof import permissive_ports
from provisioner.network.door_notes import TIME_PAGE
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import reset
from tests.unit.samples import CANDIDATE

HOSTILE = 'L\'ÉVÊQUE "$host"; </p><b>'
SHOWN = "L&#39;&#201;V&#202;QUE &#34;&#36;host&#34;&#59; &#60;&#47;p&#62;&#60;b&#62;"


def page(station: Station, path: str = "/") -> str:
    return httpx.get(f"{station.address}{path}", trust_env=False, timeout=20).text


def comes(what: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def waiting(centre: Centre, station: Station, **who: str) -> None:
    centre.state.note(station.container, candidate={**CANDIDATE, **who}, practice=False)
    settle_access_windows(centre)


def test_a_door_names_its_candidate_and_his_hours_whatever_his_name_also_after_a_restart(
    centre: Centre, engine: Engine, trial: Golden, trial_station: Station
) -> None:
    waiting(centre, trial_station, name=HOSTILE)
    gateway = centre.gateway.find()
    assert gateway is not None
    before = page(trial_station)
    assert f"Poste 01 &#8212; candidat n&#186; 12&#44; {SHOWN} Anne" in before
    assert "Votre passage est prévu à <b>9 h 00</b>" in before
    engine.stop(gateway.id)
    centre.gateway.start()
    assert page(trial_station) == before
    start(centre, "poste-01")
    assert "Poste 01" not in page(trial_station)  # the site's own page is as it was
    _, running = stop(centre, "poste-01", "il a fini")
    end = running.end.astimezone(centre.settings.zone)
    over = page(trial_station)
    assert SHOWN in over
    assert f"Fin de l’épreuve : <b>{end.hour} h {end.minute:02}</b>" in over
    renewed, _ = reset(centre, "poste-01", trial)
    waiting(centre, renewed, name="SUIVANTE")
    assert "SUIVANTE Anne" in page(renewed)
    assert "QUE" not in page(renewed)


def test_the_page_of_the_time_follows_what_is_given_and_the_site_hears_nothing_of_it(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    def told() -> dict[str, object]:
        answer: dict[str, object] = httpx.get(f"{trial_station.address}{TIME_PAGE}.json", trust_env=False).json()
        return answer

    assert (told()["end"], told()["state"]) == (None, "")
    assert "Aucune heure de fin" in page(trial_station, TIME_PAGE)
    waiting(centre, trial_station)
    assert told()["state"] == "before"
    assert "n’a pas commencé" in page(trial_station, TIME_PAGE)
    _, running = start(centre, "poste-01")
    assert told()["end"] == int(running.end.timestamp())
    assert "Il reste plus de 30 minutes" in page(trial_station, TIME_PAGE)
    _, longer = start(centre, "poste-01", extra=7, why="panne")
    assert told()["end"] == int(longer.end.timestamp()) == int(running.end.timestamp()) + 420
    assert abs(float(str(told()["now"])) - time.time()) < 60
    stop(centre, "poste-01", "il a fini")
    assert "L’épreuve est terminée" in page(trial_station, TIME_PAGE)
    log = engine.logs(station_named(centre, "poste-01").container, 500)
    assert TIME_PAGE not in log
    assert permissive_ports(centre.room, stations(centre)) == []


def test_the_proxy_refuses_by_the_rooms_own_page_and_that_is_one_line_of_the_record(
    centre: Centre, trial_station: Station
) -> None:
    with httpx.Client(proxy=f"http://127.0.0.1:{centre.room.proxy}", trust_env=False, timeout=20) as browser:
        refused = browser.get("http://www.e5b-refus.test/cours?x=1")
        assert refused.status_code == 403
        assert "Hors de l’épreuve" in refused.text
        assert not re.search(r"fournisseur|squid|src=|url\(|//", refused.text, re.IGNORECASE)
        assert '<link rel="icon" href="data:,">' in refused.text
        browser.get("http://www.e5b-refus.test/favicon.ico")  # a browser that asks all the same

    def recorded() -> list[tuple[str, str, str]]:
        collect(centre)
        return [(one.what, one.host, one.path) for one in entries(centre) if one.what not in CONTACTS]

    assert comes(lambda: len(recorded()) >= 2)
    assert recorded() == [
        ("refused", "www.e5b-refus.test", "/cours"),
        ("background", "www.e5b-refus.test", "/favicon.ico"),
    ]
