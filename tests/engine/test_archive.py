"""A candidate's archive: it holds all of his work, is never half of one, and opens again as he left it."""

import dataclasses
import hashlib
import html
import json
import os
import re
import shutil
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from ipaddress import IPv4Network
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyrage
import pytest

from provisioner.archive.archives import DIGESTS, LAYER, MANIFEST, Archive, verify, write_archive
from provisioner.archive.archiving import archive, put_away, set_aside
from provisioner.archive.viewing import ENTRANCE, close, open_archive, room_of_view
from provisioner.core.clock import EXAM_MINUTES
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, Refusal
from provisioner.core.model import Golden, Station
from provisioner.engine.layers import sleeping_container
from provisioner.engine.protocol import Engine
from provisioner.exam.working_time import start, stop
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.containment import ensure_firewall, firewall_of, firewall_stands, lift_firewall
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.lifecycle import down, reset, up
from provisioner.station.state import State
from tests.cms import cms_of
from tests.command import small_disk
from tests.conftest import OPTIONAL
from tests.engine.ipv6 import finds, speaking_ipv6

WORK = """
cd /var/www/html && echo candidat >neuf.txt && ln -s neuf.txt lien && ln neuf.txt dur
mkdir -p "un dossier" && printf x >"un dossier/é à.txt" && printf y >"$(printf 'octet\\377.txt')"
old=$(find . -name '*.css' | sort | head -1) && rm "$old" && mkdir "$old" && printf z >"$old/dedans"
rm -r "$(dirname "$(find . -name '*.js' | sort | head -1)")"
"""


def files_of(engine: Engine, container: str) -> str:
    listed = engine.run(
        container, ["bash", "-c", "cd /var/www/html; find . -printf '%p %y %U %m %l\\n' | LC_ALL=C sort"]
    )
    return listed.stdout.decode(errors="surrogateescape")


def work_on(engine: Engine, station: Station) -> None:
    done = engine.run(station.container, ["bash", "-euc", WORK], user="www-data")
    assert done.status == 0, done.stderr
    engine.run(station.container, ["mariadb", "site", "-e", cms_of(station.stack).change])


def linked(page: httpx.Response, link: str) -> httpx.URL:
    """Where a link of a page leads."""
    found = re.search(link, html.unescape(page.text))
    assert found, link
    return page.url.join(found[1].strip())


def test_an_archive_opens_as_the_candidate_left_it_at_his_address_and_takes_nothing(
    centre: Centre, engine: Engine, station: Station
) -> None:
    work_on(engine, station)
    before = files_of(engine, station.container)
    sealed = archive(centre, station.name)
    assert sealed.manifest.golden == station.golden
    assert (centre.state.archives / "images").is_dir()
    down(centre)  # so that this machine can serve the candidate's address
    view = open_archive(centre, sealed.path)
    try:
        assert view.direct
        (opened,) = engine.containers(kind="view", view=view.name)
        assert files_of(engine, opened.id) == before
        with httpx.Client(base_url=station.address, trust_env=False, timeout=60) as client:
            assert client.get("/neuf.txt").text == "candidat\n"
            office = client.get(ENTRANCE, follow_redirects=True)
            assert office.status_code == 200
            assert cms_of(station.stack).inside in office.text
            assert client.post("/", data={"a": "b"}).status_code == 405
            listed = client.get(linked(office, cms_of(station.stack).listed), follow_redirects=True)
            assert client.get(linked(listed, cms_of(station.stack).shows)).status_code == 200
            for link in cms_of(station.stack).acts:
                refused = client.get(linked(listed, link))
                assert refused.status_code == 405
                assert "Une archive se regarde" in refused.text
        assert open_archive(centre, sealed.path) == view  # the same, not a second one
    finally:
        close(centre, [view.name])
    assert engine.containers(view=view.name) == []
    assert engine.networks(view=view.name) == {}
    assert engine.images(view=view.name) == []


@pytest.mark.skipif(os.geteuid() != 0, reason=f"only root may have a station speak IPv6 {OPTIONAL}")
def test_what_a_candidate_left_in_his_site_does_not_find_the_machine_of_who_opens_it(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    view = open_archive(centre, archive(centre, trial_station.name).path)
    try:
        (opened,), place = engine.containers(kind="view", view=view.name), room_of_view(view.name)
        (subnet,), guard = engine.networks(view=view.name).values(), firewall_of(engine, place)
        assert guard is not None
        asked = ["ip", "-o", "-6", "addr", "show", "dev", f"{place.mark}-v", "scope", "link"]
        machine = engine.run(guard.id, asked).stdout.decode().split("inet6 ")[1].split("/")[0]
        with speaking_ipv6(engine, opened.id):
            lift_firewall(engine, place)
            assert finds(engine, opened.id, machine)
            ensure_firewall(engine, place, guard.image, IPv4Network(subnet))
            for _ in range(100):
                if firewall_stands(engine, place, firewall_of(engine, place)):
                    break
                time.sleep(0.1)
            assert not finds(engine, opened.id, machine)
    finally:
        close(centre, [view.name])
    assert firewall_of(engine, place) is None


def test_an_archive_that_was_changed_or_cut_short_is_refused(
    centre: Centre, engine: Engine, trial_station: Station, tmp_path: Path
) -> None:
    whole = write_archive(centre, engine.container(trial_station.container)).path
    data = whole.read_bytes()
    cut = tmp_path / "coupée.e5b.zip"
    for size in (0, 10, len(data) // 2, len(data) - 1):
        cut.write_bytes(data[:size])
        with pytest.raises(ArchiveSpoilt, match="coupée"):
            verify(cut)
    with zipfile.ZipFile(whole) as bundle:
        inside = bundle.getinfo(LAYER).header_offset + 30 + len(LAYER)
    for place in (inside + 2000, inside + 90_000):
        changed = tmp_path / "changée.e5b.zip"
        changed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(ArchiveSpoilt, match="changée"):
            verify(changed)
    other = tmp_path / "sans.e5b.zip"
    with zipfile.ZipFile(whole) as bundle, zipfile.ZipFile(other, "w") as copy:
        for name in bundle.namelist():
            if name == MANIFEST:
                manifest = json.loads(bundle.read(name))
                manifest["files"] = [one for one in manifest["files"] if one["name"] != "layer.sha256"]
                copy.writestr(name, json.dumps(manifest))
            else:
                copy.writestr(name, bundle.read(name))
    with pytest.raises(ArchiveSpoilt, match="sa signature n'est pas celle de son contenu"):
        verify(other)
    verify(whole)


def test_an_archive_opens_on_a_machine_that_never_had_its_golden_image(
    centre: Centre, engine: Engine, trial: Golden, tmp_path: Path
) -> None:
    mine = {"e5b.kind": "copy", "e5b.room": centre.room.name}  # it goes with the room
    with sleeping_container(engine, trial.image, mine, f"e5b-{centre.room.name}-autre") as workshop:
        other = engine.commit(workshop, None, mine, ('ENTRYPOINT ["/opt/e5b/station-init"]',))
    (station,) = up(centre, 1, ["wordpress-a"], dataclasses.replace(trial, image=other))
    work_on(engine, station)
    sealed = archive(centre, station.name)
    down(centre)
    assert engine.image(other) is None
    stick = tmp_path / "cle"
    shutil.move(centre.state.archives, stick)
    alone = tmp_path / sealed.path.name
    shutil.copy(stick / sealed.path.name, alone)
    elsewhere = dataclasses.replace(centre, state=State(Paths(tmp_path, tmp_path / "ailleurs", tmp_path)))
    with pytest.raises(Refusal, match="dossier « images »"):
        open_archive(elsewhere, alone)
    view = open_archive(elsewhere, stick / sealed.path.name)
    try:
        assert engine.image(other) is not None
        with httpx.Client(base_url=station.address, trust_env=False, timeout=60) as client:
            assert client.get("/neuf.txt").text == "candidat\n"
    finally:
        close(elsewhere, [view.name])


def test_an_encrypted_archive_is_never_plain_beside_the_others_and_opens_with_the_centres_key(
    centre: Centre, engine: Engine, trial_station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = pyrage.x25519.Identity.generate()
    key = tmp_path / "centre.key"
    key.write_text(f"{secret}\n")
    closed = dataclasses.replace(centre, settings=Settings(archive_key=str(secret.to_public())))
    (tmp_path / "now").write_text("2026-05-21T09:40:00+02:00")
    monkeypatch.setenv("E5B_NOW", str(tmp_path / "now"))
    work_on(engine, trial_station)
    centre.state.note(trial_station.container, reports=["/un/rapport/efface"])
    plain: list[Path] = []

    def watched(path: Path) -> Archive:
        plain.append(path)
        assert not list(centre.state.archives.iterdir())
        return verify(path)

    monkeypatch.setattr("provisioner.archive.archives.verify", watched)
    sealed = archive(closed, trial_station.name)
    assert [path.exists() for path in plain] == [False]
    names = {path.name for path in centre.state.archives.iterdir()}
    assert names == {sealed.path.name, f"{sealed.path.name}.sha256", "images"}
    assert sealed.path.name.endswith(".e5b.zip.age")
    assert b"neuf.txt" not in sealed.path.read_bytes()
    told = sealed.path.with_name(f"{sealed.path.name}.sha256").read_text().split()[0]
    assert told == sealed.sha256 == hashlib.sha256(sealed.path.read_bytes()).hexdigest()
    assert sealed.manifest.report is None  # what was purged isn't promised
    monkeypatch.setattr("provisioner.archive.archives.verify", verify)
    again = archive(closed, trial_station.name)  # in the same moment, as far as names tell
    assert again.path != sealed.path
    assert hashlib.sha256(sealed.path.read_bytes()).hexdigest() == sealed.sha256
    down(centre)
    with pytest.raises(Refusal, match="--identity"):
        open_archive(centre, sealed.path)
    view = open_archive(centre, sealed.path, key)
    try:
        with httpx.Client(base_url=trial_station.address, trust_env=False, timeout=60) as client:
            assert client.get("/neuf.txt").text == "candidat\n"
    finally:
        close(centre, [view.name])
    assert not list(centre.state.folder.glob(".clair-*"))


def test_a_started_candidates_old_station_is_kept_until_its_archive_was_read_back(
    centre: Centre, engine: Engine, trial: Golden, trial_station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(centre, "poste-01")
    work_on(engine, trial_station)
    renewed, _ = reset(centre, "poste-01", trial)
    assert [one.id for one in set_aside(centre)] == [trial_station.container]
    assert [one.container for one in stations(centre)] == [renewed.container]
    with pytest.raises(Refusal, match="poste-01"):
        down(centre)

    def spoilt(path: Path) -> None:
        raise ArchiveSpoilt(path.name)

    with monkeypatch.context() as broken:
        broken.setattr("provisioner.archive.archives.verify", spoilt)
        with pytest.raises(ArchiveSpoilt):
            put_away(centre)
    assert not list(centre.state.archives.glob("*.zip"))
    assert not list(centre.state.archives.glob(".*"))
    assert engine.container(trial_station.container).state == "exited"

    (sealed,) = put_away(centre)
    assert set_aside(centre) == []
    assert (sealed.manifest.clock or ())[0].what == "start"
    with zipfile.ZipFile(sealed.path) as bundle:
        assert "/var/www/html/neuf.txt" in bundle.read("layer.sha256").decode()
    assert station_named(centre, "poste-01").container == renewed.container
    down(centre)


@pytest.mark.parametrize("files", [0, 9])
def test_a_full_disk_leaves_no_half_of_an_archive_and_the_station_as_it_was(
    centre: Centre, engine: Engine, trial_station: Station, files: int
) -> None:
    big = "head -c 20M /dev/urandom >/var/www/html/grand.bin"
    assert engine.run(trial_station.container, ["bash", "-c", big], user="www-data").status == 0
    with small_disk(centre.state.folder / "archives", files) as small:
        with pytest.raises(EvidenceLost, match="plein"):
            archive(centre, "poste-01")
        assert list(small.iterdir()) == []
    assert httpx.get(trial_station.address, trust_env=False, timeout=60).status_code == 200
    assert engine.containers(kind="sealing", room=centre.room.name) == []
    assert engine.images(kind="sealing", room=centre.room.name) == []


def test_what_a_station_still_does_of_what_was_sent_before_the_end_is_in_the_archive(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    script = (
        b"<?php touch('/tmp/begun'); while (!file_exists('/tmp/go')) { usleep(50000); }"
        b"file_put_contents('wp-content/uploads/sent.bin', file_get_contents('php://input')); echo 'kept';"
    )
    engine.run(trial_station.container, ["tee", "/var/www/html/save.php"], stdin=script, user="www-data")
    start(centre, "poste-01")
    sent = HTTPConnection(urlsplit(trial_station.address).netloc, timeout=120)
    sent.putrequest("POST", "/save.php")
    sent.putheader("Content-Length", "600000")
    sent.endheaders()
    sent.send(bytes(600_000))
    for _ in range(200):
        if engine.run(trial_station.container, ["test", "-e", "/tmp/begun"]).status == 0:
            break
        time.sleep(0.1)
    stop(centre, "poste-01", "il a fini")
    with ThreadPoolExecutor(1) as pool:
        archiving = pool.submit(archive, centre, "poste-01")
        time.sleep(3)
        assert not archiving.done()
        engine.run(trial_station.container, ["touch", "/tmp/go"], user="www-data")
        assert sent.getresponse().read() == b"kept"
        with zipfile.ZipFile(archiving.result().path) as bundle:
            assert b"wp-content/uploads/sent.bin" in bundle.read(DIGESTS)


def test_what_is_thrown_away_is_written_down(centre: Centre, trial: Golden, trial_station: Station) -> None:
    start(centre, "poste-01")
    reset(centre, "poste-01", trial, discard="essai du surveillant")
    assert set_aside(centre) == []
    (line,) = (centre.state.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["why"] == "essai du surveillant"


def test_the_door_closes_with_a_page_and_opens_again_for_more_time(centre: Centre, trial_station: Station) -> None:
    def status() -> tuple[int, str]:
        answer = httpx.get(trial_station.address, trust_env=False, timeout=30)
        return answer.status_code, answer.text

    start(centre, "poste-01")
    assert status()[0] == 200
    stop(centre, "poste-01", "il a fini")
    code, text = status()
    assert code == 403
    assert "L’épreuve est terminée" in text
    gateway = centre.gateway.find()
    assert gateway is not None
    centre.engine.stop(gateway.id)
    centre.gateway.start()
    assert status()[0] == 403  # whatever restarts
    start(centre, "poste-01", extra=5, why="coupure de courant")
    assert status()[0] == 200
    told = centre.state.record(trial_station.container).document()
    assert [(one["what"], one.get("why")) for one in told["events"]] == [
        ("stop", "il a fini"),
        ("extra", "coupure de courant"),
    ]


def test_the_gateway_itself_closes_the_door_when_the_time_is_over(centre: Centre, trial_station: Station) -> None:
    start(centre, "poste-01")
    # As if it had begun earlier: twelve seconds are left, and from here on nobody acts.
    began = (centre.state.present() - timedelta(minutes=EXAM_MINUTES, seconds=-12)).isoformat()
    clock = [{"at": began, "what": "start", "minutes": EXAM_MINUTES}]
    centre.state.note(trial_station.container, clock=clock)
    settle_access_windows(centre, sure=True)
    assert httpx.get(trial_station.address, trust_env=False, timeout=30).status_code == 200
    deadline = time.monotonic() + 60
    while httpx.get(trial_station.address, trust_env=False, timeout=30).status_code != 403:
        assert time.monotonic() < deadline, "the door stayed open"
        time.sleep(0.1)
