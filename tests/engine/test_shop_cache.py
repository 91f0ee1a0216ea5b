"""The shop's compiled parts, which a module that is switched on or off has removed under those who read them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx

from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.station.answering import HEALTH, await_answer
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from tests.cms import browsing

#: What a switched module does, by the same function of the shop.
FORGETS = b"<?php require __DIR__ . '/config/config.inc.php'; Tools::clearSf2Cache(); echo 'done';"


def test_no_page_fails_while_the_shop_removes_its_cache(centre: Centre, engine: Engine, shop: Golden) -> None:
    station = up(centre, 1, ["prestashop-a"], shop)[0]
    _put(engine, station, "forgets.php", FORGETS)
    ended = Event()

    def reads(path: str) -> set[int]:
        seen = set()
        while not ended.is_set():
            with browsing(station.address) as client:
                seen.add(client.get(path).status_code)
        return seen

    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(reads, path) for path in ("/gestion/", "/gestion/", "/gestion/", "/")]
        try:
            for _ in range(4):
                assert _get(station, "/forgets.php").text == "done"
                assert _get(station, "/gestion/").status_code == 200
        finally:
            ended.set()
        assert [one.result() for one in reading] == [{200}] * 4


def test_a_request_that_does_not_end_costs_the_shop_nothing(centre: Centre, engine: Engine, shop: Golden) -> None:
    station = up(centre, 1, ["prestashop-a"], shop)[0]
    _put(engine, station, "forgets.php", FORGETS)
    _put(engine, station, "waits.php", b"<?php touch('/tmp/waits'); while (!file_exists('/tmp/ends')) usleep(100000);")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_get, station, "/waits.php")
        engine.run(station.container, ["sh", "-c", "while [ ! -e /tmp/waits ]; do sleep 0.1; done"], seconds=30)
        assert _get(station, "/forgets.php").text == "done"
        assert not waiting.done()
        assert _get(station, HEALTH).text == "ok"  # it waits for nobody
        assert _get(station, "/gestion/").status_code == 200
        assert _wished(engine, station)
        engine.run(station.container, ["touch", "/tmp/ends"])
        assert waiting.result().status_code == 200
    assert _get(station, "/gestion/").status_code == 200
    assert not _wished(engine, station)


def test_what_a_power_cut_emptied_is_made_anew(engine: Engine, centre: Centre, shop: Golden) -> None:
    station = up(centre, 1, ["prestashop-a"], shop)[0]
    emptied = "cd /var/www/html/var/cache/prod && truncate -s 0 class_index.php AdminContainer.php appParameters.php"
    assert engine.run(station.container, ["sh", "-c", emptied], user="www-data").status == 0
    assert _get(station, "/gestion/").status_code == 500
    engine.stop(station.container, 10)
    engine.start(station.container)
    await_answer(engine, centre.room, station.place, station.container)
    assert _get(station, "/gestion/").status_code == 200


def _wished(engine: Engine, station: Station) -> bool:
    return engine.run(station.container, ["test", "-e", "/var/www/html/var/cache/forget"]).status == 0


def _put(engine: Engine, station: Station, name: str, script: bytes) -> None:
    engine.run(station.container, ["tee", f"/var/www/html/{name}"], stdin=script, user="www-data")


def _get(station: Station, path: str) -> httpx.Response:
    with browsing(station.address) as client:
        return client.get(path)
