"""What the gateway writes of one machine is bounded, and what it leaves out is counted."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

WRITE_LOGS = "/opt/e5b/write-logs"
Written = Callable[[str, list[str]], list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("run", "log"):
        (tmp_path / name / "e5b").mkdir(parents=True)
    return tmp_path


def run(gateway: str, folder: Path, steps: str) -> None:
    """Run these steps in the gateway's image; /run, /var/log and /given are the folder's."""
    given = (f"--volume={folder}/run:/run", f"--volume={folder}/log:/var/log", f"--volume={folder}:/given:ro")
    words = [
        "docker",
        "run",
        "--rm",
        "--label=e5b.kind=essai",
        "--network=none",
        "--privileged",
        *given,
        "--entrypoint=sh",
        gateway,
    ]
    subprocess.run([*words, "-euc", steps], check=True, timeout=120)


@pytest.fixture
def written(gateway: str, folder: Path) -> Written:
    """What stands in the log once a server wrote these lines, and all ended."""

    def write(log: str, lines: list[str]) -> list[str]:
        os.mkfifo(folder / "run/e5b" / log)
        (folder / "lines").write_text("".join(f"{line}\n" for line in lines))
        run(gateway, folder, f"{WRITE_LOGS} {log} & cat /given/lines >/run/e5b/{log}; kill $!; wait $!")
        return (folder / f"log/e5b/{log}.log").read_text().splitlines()

    return write


def left_out(lines: list[str]) -> dict[str, int]:
    """How many of each machine, over the minutes that the test met."""
    told = Counter[str]()
    for line in lines:
        if line.startswith('{"left_out":'):
            one = json.loads(line)
            told[one["from"]] += one["left_out"]
    return dict(told)


def web(number: int, machine: str = "192.0.2.31", status: int = 403, host: str = "") -> str:
    host = host or f"site-{number}.example"
    return f'{{"at":"2026-05-21T08:00:00+00:00","from":"{machine}","to":"10.213.0.2","host":"{host}","status":{status},"agent":"x"}}'


def test_a_machine_is_written_so_often_in_a_minute_and_no_other_is_lost(written: Written) -> None:
    kept = written("web", [*map(web, range(5000)), web(1, "192.0.2.32")])
    one_by_one = [line for line in kept if "site-" in line]
    assert 300 < len(one_by_one) <= 602
    assert web(1, "192.0.2.32") in kept
    assert left_out(kept) == {"192.0.2.31": 5001 - len(one_by_one)}


def test_what_a_busy_browser_asks_crowds_out_no_try_and_is_counted_apart(written: Written) -> None:
    kept = written("web", [*[web(0, status=429, host="localhost:8101")] * 4000, *map(web, range(1, 200))])
    busy = [line for line in kept if '"status":429,' in line]
    assert 20 <= len(busy) <= 60
    assert sum("site-" in line for line in kept) == 199
    notes = [json.loads(line) for line in kept if line.startswith('{"left_out":')]
    assert {one["what"] for one in notes} == {"busy"}
    assert left_out(kept) == {"192.0.2.31": 4000 - len(busy)}


def test_visits_of_one_site_crowd_out_neither_tries_nor_visits_of_another(written: Written) -> None:
    visits = [web(0, status=200, host="localhost:8101")] * 4000
    kept = written("web", [*visits, web(0, status=200, host="localhost:8102"), web(7)])
    assert 10 <= sum("localhost:8101" in line for line in kept) <= 20
    assert sum("localhost:8102" in line for line in kept) == 1
    assert web(7) in kept
    assert left_out(kept) == {}


def test_a_name_that_is_asked_for_passes_for_no_other_machine_and_no_visit(written: Written) -> None:
    begin = "May 21 08:00:00 dnsmasq[9]: 4 192.0.2.31/4023"
    asked = [
        f'{begin} query[A] "from":"192.0.2.{n}","host":"{n}","status":200,.example from 192.0.2.31' for n in range(2000)
    ]
    answers = [f"{begin} config site-{n}.example is NXDOMAIN" for n in range(2000)]
    kept = written("dns", [line for both in zip(asked, answers, strict=True) for line in both])
    assert not [line for line in kept if "NXDOMAIN" in line]
    one_by_one = [line for line in kept if "query" in line]
    assert 300 <= len(one_by_one) <= 600
    assert left_out(kept) == {"192.0.2.31": 2000 - len(one_by_one)}


def proxy(number: int, status: int = 200, how: str = "TCP_DENIED", host: str = "") -> str:
    url = host or f"site-{number}.example:443"
    return f'{{"at":"2026-05-21T08:00:00+0000","from":"192.0.2.31","method":"CONNECT","url":"{url}","status":{status},"how":"{how}","tls":"bump","sni":"-","agent":"x"}}'


@pytest.mark.parametrize("hosts", ["one", "many"])
def test_a_refusal_that_is_shown_in_the_way_that_was_asked_for_is_no_visit(written: Written, hosts: str) -> None:
    kept = written("proxy", [proxy(number, host="site:443" if hosts == "one" else "") for number in range(5000)])
    one_by_one = [line for line in kept if "TCP_DENIED" in line]
    assert 300 <= len(one_by_one) <= 600
    assert left_out(kept) == {"192.0.2.31": 5000 - len(one_by_one)}


def test_who_visits_sites_without_end_fills_no_record(written: Written) -> None:
    kept = written("proxy", [proxy(number, how="TCP_TUNNEL") for number in range(5000)])
    assert 300 <= len(kept) <= 600
    assert left_out(kept) == {}


def test_what_is_left_out_bears_the_moment_of_its_first(written: Written) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    kept = written("web", [web(number) for number in range(700)])
    told = [datetime.fromisoformat(json.loads(line)["at"]) for line in kept if line.startswith('{"left_out":')]
    assert began <= min(told) <= max(told) <= datetime.now(UTC)


def test_what_a_full_disk_has_no_room_for_is_counted_and_told_once_there_is_some(gateway: str, folder: Path) -> None:
    os.mkfifo(folder / "run/e5b/web")
    (folder / "lines").write_text("".join(f"{web(number)}\n" for number in range(250)))
    steps = (
        "mount -t tmpfs -o size=16k none /var/log/e5b\n"
        f"{WRITE_LOGS} web & cat /given/lines >/run/e5b/web\n"
        'until [ "$(stat -c %s /var/log/e5b/web.log)" = 16384 ]; do sleep 0.05; done\n'
        "mount -o remount,size=1m /var/log/e5b; cp /var/log/e5b/web.log /var/log/full\n"
        f"echo '{web(0, host='after.example')}' >/run/e5b/web; kill $!; wait $!; cp /var/log/e5b/web.log /var/log/freed"
    )
    run(gateway, folder, steps)
    full, freed = ((folder / "log" / name).read_text() for name in ("full", "freed"))
    assert len(full) == 16 << 10
    assert not full.endswith("\n")  # in the middle of a line
    whole = [json.loads(line) for line in freed.splitlines() if line.endswith("}")]
    assert sum(one.get("left_out", 1) for one in whole) == 251
    assert "after.example" in [one.get("host") for one in whole]


def contact(kind: str, machine: str = "192.0.2.31", place: int = 1, number: int = 0) -> str:
    return (
        f'{{"at":"2026-05-21T08:00:00+00:00","from":"{machine}","place":"{place}","kind":"{kind}","machine":"","page":"0",'
        f'"to":"10.213.0.2","host":"localhost:810{place}","request":"GET /{number} HTTP/1.1","status":403,"agent":"x"}}'
    )


def test_what_a_machine_does_at_stations_is_written_however_much_it_asks_for_elsewhere(written: Written) -> None:
    flood = [line for number in range(3000) for line in (web(number), contact("barred", number=number))]
    last = [contact("contact", place=2), contact("log_in"), contact("contact", "192.0.2.32")]
    kept = written("web", [*flood, *last])
    assert [line for line in last if line not in kept] == []
    barred = [line for line in kept if '"kind":"barred"' in line and "left_out" not in line]
    assert 20 <= len(barred) <= 40
    counted = [json.loads(line) for line in kept if line.startswith('{"left_out":')]
    assert sum(one["left_out"] for one in counted if one.get("kind") == "barred") == 3000 - len(barred)
    assert {one["place"] for one in counted if one.get("kind")} == {"1"}
