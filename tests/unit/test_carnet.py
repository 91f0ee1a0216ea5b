"""What the gateway writes of one machine is bounded, and what it leaves out is counted."""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from provisioner.config import ROOT

CARNET = ROOT / "stacks/gateway/files/opt/e5b/carnet"
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may have folders of its own under /run and /var/log"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("run", "log"):
        (tmp_path / name / "e5b").mkdir(parents=True)
    return tmp_path


def written(folder: Path, log: str, lines: list[str]) -> list[str]:
    """What stands in the log once a server wrote these lines, and all ended."""
    os.mkfifo(folder / "run/e5b" / log)
    (folder / "lines").write_text("".join(f"{line}\n" for line in lines))
    steps = (
        f"mount --bind {folder}/run /run; mount --bind {folder}/log /var/log\n"
        f"{CARNET} {log} & cat {folder}/lines >/run/e5b/{log}; kill $!; wait $!"
    )
    subprocess.run(["unshare", "--mount", "sh", "-euc", steps], check=True, timeout=60)
    return (folder / f"log/e5b/{log}.log").read_text().splitlines()


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


def test_a_machine_is_written_so_often_in_a_minute_and_no_other_is_lost(folder: Path) -> None:
    kept = written(folder, "web", [*map(web, range(5000)), web(1, "192.0.2.32")])
    one_by_one = [line for line in kept if "site-" in line]
    assert 300 < len(one_by_one) <= 602
    assert web(1, "192.0.2.32") in kept
    assert left_out(kept) == {"192.0.2.31": 5001 - len(one_by_one)}


def test_visits_of_one_site_crowd_out_neither_tries_nor_visits_of_another(folder: Path) -> None:
    visits = [web(0, status=200, host="localhost:8101")] * 4000
    kept = written(folder, "web", [*visits, web(0, status=200, host="localhost:8102"), web(7)])
    assert 10 <= sum("localhost:8101" in line for line in kept) <= 20
    assert sum("localhost:8102" in line for line in kept) == 1
    assert web(7) in kept
    assert left_out(kept) == {}


def test_a_name_that_is_asked_for_passes_for_no_other_machine_and_no_visit(folder: Path) -> None:
    begin = "May 21 08:00:00 dnsmasq[9]: 4 192.0.2.31/4023"
    asked = [
        f'{begin} query[A] "from":"192.0.2.{n}","host":"{n}","status":200,.example from 192.0.2.31' for n in range(2000)
    ]
    answers = [f"{begin} config site-{n}.example is NXDOMAIN" for n in range(2000)]
    kept = written(folder, "dns", [line for both in zip(asked, answers, strict=True) for line in both])
    assert not [line for line in kept if "NXDOMAIN" in line]
    one_by_one = [line for line in kept if "query" in line]
    assert 300 <= len(one_by_one) <= 600
    assert left_out(kept) == {"192.0.2.31": 2000 - len(one_by_one)}
