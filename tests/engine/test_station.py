"""What a station is, seen from outside and from inside."""

import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from provisioner.build.driver import Inside, driver_of
from provisioner.core.errors import StationNotPristine, StationNotReady
from provisioner.core.model import Golden, Station
from provisioner.engine.docker import DockerEngine
from provisioner.engine.layers import sleeping_container
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings
from provisioner.station import snapshots
from provisioner.station.answering import await_answer
from provisioner.station.centre import Centre, stations
from provisioner.station.copies import copied, frozen
from provisioner.station.identity import payload_line
from provisioner.station.lifecycle import reset, up
from provisioner.station.pristine import verify
from provisioner.station.recovery import PERSONAL
from provisioner.station.spares import prepare, renew
from tests.cms import browsing, cms_of

_LINK = re.compile(r"<a [^>]*href=[\"']([^\"'#]+)")


def _sign_in(centre: Centre, station: Station) -> httpx.Response:
    mine = centre.state.credentials(station.container)
    assert mine is not None
    with browsing(station.address) as client:
        return cms_of(station.stack).sign_in(client, mine)


def _as_candidate(engine: Engine, station: Station, command: str) -> str:
    """What the candidate's own code can do: a shell as the web server's user."""
    output = engine.run(station.container, ["bash", "-c", command], user="www-data")
    return (output.stdout + output.stderr).decode()


def test_a_station_has_the_pinned_versions(engine: Engine, station: Station) -> None:
    seen = driver_of(station.stack).versions(Inside(engine, station.container))
    pins = stack_named(station.stack).versions
    assert {name: seen.get(name) for name in pins} == pins


def test_the_candidate_signs_in_as_administrator(centre: Centre, station: Station) -> None:
    answer = _sign_in(centre, station)
    cms = cms_of(station.stack)
    assert cms.inside in answer.text
    assert cms.administrator in answer.text


def test_the_back_office_offers_no_update_and_no_picture_from_elsewhere(centre: Centre, station: Station) -> None:
    office = _sign_in(centre, station).text
    for foreign in cms_of(station.stack).foreign:
        assert foreign not in office


def test_php_has_room_for_every_program_of_the_edition(centre: Centre, engine: Engine, station: Station) -> None:
    """Where its buffer of strings is full, PHP loses classes, and a page ends in its middle; extensions are counted."""
    mine, cms = centre.state.credentials(station.container), cms_of(station.stack)
    assert mine is not None
    page = "<?php echo json_encode(opcache_get_status(false));"
    _as_candidate(engine, station, f"echo '{page}' >/var/www/html/room.php")
    assert _as_candidate(engine, station, f'php -r "{cms.activates}"') == ""
    with browsing(station.address) as client:
        read = [client.get("/"), cms.sign_in(client, mine)]
        links = {str(one.url.join(unescape(link).strip())) for one in read for link in re.findall(_LINK, one.text)}
        for link in links:
            if link.startswith(station.address) and "logout" not in link:
                with suppress(httpx.ConnectError):  # some lead on to elsewhere
                    read.append(client.get(link))
        used = client.get("/room.php").json()
    assert sum(one.is_success for one in read) > 30
    names, memory = used["interned_strings_usage"], used["memory_usage"]
    assert names["free_memory"] > names["buffer_size"] / 4, used
    assert memory["free_memory"] > memory["used_memory"] / 4, used
    assert not used["cache_full"]


def test_secrets_are_not_in_what_the_engine_shows(centre: Centre, engine: Engine, station: Station) -> None:
    mine = centre.state.credentials(station.container)
    assert mine is not None
    shown = subprocess.run(["docker", "inspect", station.container], capture_output=True, text=True, check=True).stdout
    assert station.address in shown  # all that the engine tells, labels included
    told = engine.run(station.container, ["cat", "/var/lib/e5b/station.json"])
    seed = json.loads(told.stdout)["secret"]  # what salts and keys are made from
    assert len(seed) == 64
    for secret in (mine.password, seed):
        assert secret not in shown
        assert secret not in engine.run(station.container, ["env"]).stdout.decode()


def test_the_proxy_of_dockers_configuration_is_in_no_container(
    trial: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = dict.fromkeys(("httpProxy", "httpsProxy"), "http://centre:secret@proxy.invalid:3128")
    (tmp_path / "config.json").write_text(json.dumps({"proxies": {"default": proxy}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    engine = DockerEngine()
    name = f"e5b-essai-{os.getpid()}-proxy"
    container = engine.create(ContainerSpec(name, trial.image, {"e5b.kind": "essai"}, entrypoint=("sleep", "600")))
    try:
        engine.start(container)
        assert "proxy" not in engine.run(container, ["env"]).stdout.decode().lower()
        monkeypatch.delenv("DOCKER_CONFIG")
        shown = subprocess.run(["docker", "inspect", container], capture_output=True, text=True, check=True).stdout
        assert "secret" not in shown
    finally:
        engine.remove(container)


def test_a_station_runs_without_rights_that_it_does_not_need(engine: Engine, station: Station) -> None:
    status = engine.run(station.container, ["cat", "/proc/1/status"]).stdout.decode()
    lines = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    kill, setgid, setuid, ptrace = 5, 6, 7, 19
    assert int(lines["CapBnd"], 16) == sum(1 << bit for bit in (kill, setgid, setuid, ptrace))
    assert lines["NoNewPrivs"] == "1"


def test_a_station_takes_no_more_memory_and_processes_than_it_may(
    centre: Centre, engine: Engine, station: Station
) -> None:
    two = "cd /sys/fs/cgroup; cat memory.max pids.max 2>/dev/null"  # the older kernels' come after it
    ask = f"{two} || cat memory/memory.limit_in_bytes pids/pids.max"
    memory, processes = map(int, engine.run(station.container, ["bash", "-c", ask]).stdout.split())
    assert memory == centre.settings.memory_mib << 20
    assert processes == centre.settings.processes


def test_the_time_is_the_centres(engine: Engine, station: Station) -> None:
    assert _as_candidate(engine, station, "date +%Z").strip() in ("CET", "CEST")
    zone = _as_candidate(engine, station, f'php -r "{cms_of(station.stack).zone}" 2>/dev/null')
    assert zone == "Europe/Paris"
    now = engine.run(station.container, ["mariadb", "-N", "-e", "select timestampdiff(hour, utc_timestamp(), now())"])
    assert now.stdout.decode().strip() in ("1", "2")


def test_a_centre_overseas_has_its_time_in_images_that_were_built_elsewhere(
    centre: Centre, engine: Engine, golden: Golden
) -> None:
    overseas = replace(centre, settings=Settings(time_zone="Indian/Reunion"))
    cms = stack_named(golden.stack).cms
    (station,) = up(overseas, 1, [f"{cms}-a"], golden)
    prepare(overseas, golden)

    def zones(station: Station) -> tuple[str, str]:
        zone = _as_candidate(engine, station, f'php -r "{cms_of(station.stack).zone}" 2>/dev/null')
        return _as_candidate(engine, station, "date +%Z").strip(), zone

    assert zones(station) == ("+04", "Indian/Reunion")
    verify(overseas, station, golden)
    given, _ = renew(overseas, station.name, golden)
    assert given.container != station.container
    assert zones(given) == ("+04", "Indian/Reunion")
    verify(overseas, given, golden)


def test_a_first_start_that_is_cut_short_is_not_taken_for_done_and_is_done_again(
    engine: Engine, golden: Golden
) -> None:
    address = "http://localhost:8101"
    told = payload_line({"address": address, "secret": "s" * 64, "candidate": {"user": "x", "password": "y"}})
    stopped = ContainerSpec(
        f"e5b-essai-{os.getpid()}", golden.image, {"e5b.kind": "essai"}, entrypoint=("sleep", "600")
    )
    container = engine.create(stopped)
    try:
        engine.start(container)
        for cut in (b"", told[:-20], told[:-1]):  # by the death of who tells it
            assert engine.run(container, ["/opt/e5b/told"], stdin=cut).status != 0
            assert engine.get(container, "/var/lib/e5b/station.json") is None
        first_start = ["php", "/opt/e5b/personalise.php"]
        assert engine.run(container, first_start, stdin=told).status != 0  # the database isn't there
        assert engine.get(container, PERSONAL) is None
        database = "mariadbd --user=mysql >/dev/null 2>&1 & until [ -S /run/mysqld/mysqld.sock ]; do sleep 0.1; done"
        engine.run(container, ["bash", "-c", database], seconds=60)
        for _ in range(2):
            assert engine.run(container, first_start, stdin=told).status == 0
            assert engine.get(container, PERSONAL) is not None
        assert engine.run(container, ["/opt/e5b/told"], stdin=told).status == 0
        assert engine.get(container, "/var/lib/e5b/station.json") == told
    finally:
        engine.remove(container)


def test_a_file_of_64_mb_is_taken_through_the_gateway(centre: Centre, trial_station: Station) -> None:
    mine = centre.state.credentials(trial_station.container)
    assert mine is not None
    with httpx.Client(base_url=trial_station.address, timeout=120, trust_env=False, follow_redirects=True) as client:
        client.get("/wp-login.php")
        client.post("/wp-login.php", data={"log": mine.user, "pwd": mine.password, "testcookie": "1"})
        nonce = client.get("/wp-admin/admin-ajax.php?action=rest-nonce").text
        frame = b"\xff\xfb\x90\x64" + bytes(413)
        file = ("entretien.mp3", (frame * 161_000)[: 64 * 1024 * 1024], "audio/mpeg")
        assert len(file[1]) == 64 * 1024 * 1024
        answer = client.post("/wp-json/wp/v2/media", files={"file": file}, headers={"X-WP-Nonce": nonce})
    assert answer.status_code == 201, answer.text[:300]


def test_mail_is_accepted_and_stays_inside(engine: Engine, station: Station) -> None:
    code = "var_dump(mail('client@courriel.test', 'Bonjour', 'Texte'));"
    assert "bool(true)" in _as_candidate(engine, station, f'php -r "{code}"')
    kept = _as_candidate(engine, station, "cat /var/lib/e5b/mail/*.eml")
    assert "client@courriel.test" in kept


def test_mail_of_the_site_itself_is_accepted_too(engine: Engine, station: Station) -> None:
    station = station
    said = engine.run(station.container, ["php", "-r", cms_of(station.stack).writes], user="www-data")
    assert b"bool(true)" in said.stdout, said
    assert "client@courriel.test" in _as_candidate(engine, station, "grep -h ^To: /var/lib/e5b/mail/*.eml")


@pytest.mark.parametrize("dies", ["mariadbd", "php-fpm", "apache2"])
def test_a_dead_database_php_or_web_server_restarts_the_station_and_keeps_the_work(
    centre: Centre, engine: Engine, station: Station, dies: str
) -> None:
    station = station
    engine.run(station.container, ["mariadb", "site", "-e", cms_of(station.stack).title])
    before = engine.container(station.container).restarts
    engine.run(station.container, ["bash", "-c", f"kill -KILL $(pidof {dies})"], privileged=True)
    deadline = time.monotonic() + 30
    while engine.container(station.container).restarts == before:
        assert time.monotonic() < deadline, "the engine did not restart it"
        time.sleep(0.1)
    await_answer(engine, centre.room, station.place, station.container)
    assert "Kept" in httpx.get(station.address, trust_env=False, timeout=30).text
    # No page is asked before the database is ready, whose socket was left by the one that died.
    journal = engine.logs(station.container, 100)
    assert journal.rindex("ready for connections") < journal.rindex("resuming normal operations")


def test_a_reset_station_is_pristine_at_the_same_address_with_new_credentials(
    centre: Centre, engine: Engine, golden: Golden, station: Station
) -> None:
    old, key = centre.state.credentials(station.container), f'php -r "{cms_of(station.stack).key}" 2>/dev/null'
    old_key = _as_candidate(engine, station, key)
    assert len(old_key) > 30
    _as_candidate(engine, station, f"echo x > {cms_of(station.stack).uploads}/left-behind.txt")
    with pytest.raises(StationNotPristine, match=r"left-behind\.txt|upload"):
        verify(centre, station, golden)
    renewed, _ = reset(centre, station.name, golden)
    assert renewed.address == station.address
    assert renewed.container != station.container
    new = centre.state.credentials(renewed.container)
    assert old is not None
    assert new is not None
    assert new.password != old.password
    verify(centre, renewed, golden)
    assert _as_candidate(engine, renewed, key) not in ("", old_key)
    assert cms_of(station.stack).inside in _sign_in(centre, renewed).text


def test_the_full_proof_sees_a_change_in_the_database(
    centre: Centre, engine: Engine, golden: Golden, station: Station
) -> None:
    cms = cms_of(station.stack)
    engine.run(station.container, ["mariadb", "site", "-e", cms.change])
    with pytest.raises(StationNotPristine, match=cms.table):
        verify(centre, station, golden)


def test_a_station_that_does_not_answer_says_what_was_seen(
    centre: Centre, engine: Engine, trial_station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.station.answering._PATIENCE", 1.0)
    engine.stop(trial_station.container)
    with pytest.raises(StationNotReady, match=r"poste-01 ne répond pas .* e5b reset poste-01"):
        await_answer(engine, centre.room, trial_station.place, trial_station.container)


def test_one_station_does_not_reach_another_nor_the_host(centre: Centre, engine: Engine, trial: Golden) -> None:
    first, second = up(centre, 2, ["wordpress-a"], trial)
    other = next(iter(engine.container(second.container).networks.values()))
    gateway = centre.gateway.find()
    assert gateway is not None
    ask = f"exec 3<>/dev/tcp/{other}/80 && echo open"
    # The way is open where it has to be: the gateway reaches the same address.
    assert "open" in engine.run(gateway.id, ["bash", "-c", ask]).stdout.decode()
    assert "open" not in engine.run(first.container, ["timeout", "3", "bash", "-c", ask]).stdout.decode()
    # Nor through the gateway's leg in its own network, be it a place's port or the examiners' door.
    leg = next(iter(engine.container(first.container).networks.values())).rpartition(".")[0]
    legs = [address for address in gateway.networks.values() if address.startswith(leg)]
    for address in legs:
        for port in (centre.room.port_of(second.place), centre.room.examiner_port):
            knock = f"exec 3<>/dev/tcp/{address}/{port} && echo open"
            assert "open" not in engine.run(first.container, ["timeout", "3", "bash", "-c", knock]).stdout.decode()
    routes = engine.run(first.container, ["cat", "/proc/net/route"]).stdout.decode().splitlines()[1:]
    assert [route for route in routes if route.split()[1] == "00000000"] == []


def test_a_shop_that_is_shut_for_repairs_is_copied_and_replaced(centre: Centre, engine: Engine, shop: Golden) -> None:
    station = up(centre, 1, ["prestashop-a"], shop)[0]
    shut = "update ps_configuration set value = 0 where name = 'PS_SHOP_ENABLE'"
    assert engine.run(station.container, ["mariadb", "site", "--execute", shut]).status == 0
    assert httpx.get(station.address, trust_env=False, timeout=60).status_code == 503
    with frozen(centre, station) as (image, moment), copied(centre, station, image, moment) as copy:
        assert copy.fault() == ""
    assert snapshots.replace(centre, "poste-01").state == "prêt"
    up(centre, 1, ["prestashop-a"], shop)


def test_a_candidate_who_fills_the_disk_is_stopped_and_his_work_kept(
    centre: Centre, engine: Engine, trial: Golden
) -> None:
    small = replace(centre, settings=centre.settings.model_copy(update={"layer_mib": 40}))
    station = up(small, 1, ["wordpress-a"], trial)[0]
    page = "<?php exec('setsid sleep 7750 >/dev/null 2>&1 &');"
    _as_candidate(engine, station, f'echo "{page}" >/var/www/html/left.php')
    httpx.get(f"{station.address}/left.php", trust_env=False, timeout=30).raise_for_status()
    running = ["pgrep", "-fx", "sleep 7750"]
    assert engine.run(station.container, running).stdout
    _as_candidate(engine, station, "head -c 90M /dev/zero > /var/www/html/wp-content/uploads/big.bin")
    deadline = time.monotonic() + 120
    while "the station is full" not in engine.logs(station.container, 50):
        assert time.monotonic() < deadline, engine.logs(station.container, 5)
        time.sleep(0.5)
    while stations(centre)[0].state != "plein":  # before, what is run in it may be killed with all the rest
        assert time.monotonic() < deadline, stations(centre)[0].state
        time.sleep(0.5)
    listed = engine.run(station.container, ["ls", "/var/www/html/wp-content/uploads"]).stdout.decode()
    assert "big.bin" in listed
    assert httpx.get(station.address, trust_env=False, timeout=30).status_code == 503
    assert not engine.run(station.container, running).stdout  # it could write on, and nobody counts any more


def test_what_takes_nothing_from_the_disk_is_counted_too(centre: Centre, engine: Engine, trial: Golden) -> None:
    """A minute later at most: whoever reads a file with holes writes them out."""
    small = replace(centre, settings=centre.settings.model_copy(update={"layer_mib": 40}))
    station = up(small, 1, ["wordpress-a"], trial)[0]
    time.sleep(35)  # the first count is over
    deadline = time.monotonic() + 120
    _as_candidate(engine, station, "truncate -s 90M /var/www/html/wp-content/uploads/holes.bin")
    while "the station is full" not in engine.logs(station.container, 50):
        assert time.monotonic() < deadline, engine.logs(station.container, 5)
        time.sleep(0.5)


def test_a_count_that_is_killed_counts_as_full(centre: Centre, engine: Engine, trial_station: Station) -> None:
    ask = ["bash", "-c", "source <(sed '/^# The image/,$d' /opt/e5b/watch-layer); total"]
    honest = int(engine.run(trial_station.container, ask).stdout)
    assert 0 < honest < 2000
    killer = "while :; do pkill -STOP -x find; pkill -KILL -x find; done"
    _as_candidate(engine, trial_station, f"nohup timeout 20 bash -c '{killer}' >/dev/null 2>&1 &")
    deadline = time.monotonic() + 15
    while int(engine.run(trial_station.container, ask).stdout) <= 2048:
        assert time.monotonic() < deadline, "what hides the count was not noticed"


def test_a_count_that_is_stopped_comes_late(engine: Engine, trial_station: Station) -> None:
    """Three times in a row are too many: see the loop."""
    quick = "source <(sed '/^# The image/,$d; s/timeout -k 5 60/timeout -k 1 1/' /opt/e5b/watch-layer); total"
    assert engine.run(trial_station.container, ["bash", "-c", quick]).stdout.strip().isdigit()
    _as_candidate(
        engine, trial_station, "nohup timeout 20 bash -c 'while :; do pkill -STOP -x find; done' >/dev/null 2>&1 &"
    )
    deadline = time.monotonic() + 15
    while not (told := engine.run(trial_station.container, ["bash", "-c", quick]).stdout).strip().endswith(b" late"):
        assert time.monotonic() < deadline, told


def test_a_page_that_hangs_does_not_keep_the_database_from_ending_well(engine: Engine, trial_station: Station) -> None:
    _as_candidate(engine, trial_station, "echo '<?php touch(\"/tmp/asked\"); sleep(100);' >/var/www/html/long.php")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(httpx.get, f"{trial_station.address}/long.php", trust_env=False, timeout=60)
        deadline = time.monotonic() + 20
        while engine.run(trial_station.container, ["test", "-e", "/tmp/asked"]).status:
            assert time.monotonic() < deadline, "the page was not asked for"
            time.sleep(0.1)
        engine.stop(trial_station.container)  # as the program does
        asked.exception()
    assert "Shutdown complete" in engine.logs(trial_station.container, 50)


def test_what_tutorials_say_of_php_and_of_signing_in_is_understood(engine: Engine, station: Station) -> None:
    _as_candidate(engine, station, "echo 'php_value upload_max_filesize 64M' >>/var/www/html/.htaccess")
    _as_candidate(engine, station, "echo '<?php echo $_SERVER[\"PHP_AUTH_USER\"];' >/var/www/html/who.php")
    assert httpx.get(station.address, trust_env=False, timeout=60).status_code == 200
    asked = httpx.get(f"{station.address}/who.php", auth=("bob", "x"), trust_env=False, timeout=30)
    assert asked.text == "bob"


def test_what_is_scheduled_happens_without_a_visitor(engine: Engine, trial_station: Station) -> None:
    scheduled = """
    require '/var/www/html/wp-load.php';
    wp_insert_post(['post_title' => 'Plus tard', 'post_content' => 'x', 'post_status' => 'future',
                    'post_date' => wp_date('Y-m-d H:i:s', time() + 5)]);
    """
    assert _as_candidate(engine, trial_station, f'php -r "{scheduled}"') == ""
    ask = ["mariadb", "-N", "site", "-e", "select post_status from wp_posts where post_title='Plus tard'"]
    deadline, seen = time.monotonic() + 60, ""
    while seen != "publish":
        assert time.monotonic() < deadline, seen
        time.sleep(1)
        seen = engine.run(trial_station.container, ask).stdout.decode().strip()


def test_an_invoice_bears_the_companys_logo(centre: Centre, shop: Golden) -> None:
    station = up(centre, 1, ["prestashop-a"], shop)[0]
    mine = centre.state.credentials(station.container)
    assert mine is not None
    with browsing(station.address) as client:
        seen = cms_of(station.stack).sign_in(client, mine)
        for link in (r'href="([^"]*/sell/orders/\?[^"]*)"', r'href="([^"]*generate-invoice-pdf[^"]*)"'):
            found = re.search(link, seen.text)
            assert found, link
            seen = client.get(unescape(found[1]))
    assert seen.content.startswith(b"%PDF")
    assert b"/Subtype /Image" in seen.content


def test_the_fonts_that_the_shop_serves_itself_have_their_licences_with_them(engine: Engine, shop: Golden) -> None:
    recipe = (ROOT / "stacks/prestashop/Dockerfile").read_text(encoding="utf-8")
    fonts = sorted(set(re.findall(r"\bfonts-[a-z-]+", recipe)))
    assert fonts == ["fonts-material-design-icons-iconfont", "fonts-open-sans"]
    with sleeping_container(engine, shop.image, {"e5b.kind": "essai"}, f"e5b-essai-polices-{os.getpid()}") as container:
        for font in fonts:
            kept = engine.run(container, ["cat", f"/usr/share/doc/{font}/copyright"])
            assert kept.status == 0, kept.stderr
            assert re.search(rb"licen[cs]e", kept.stdout, re.IGNORECASE), font
