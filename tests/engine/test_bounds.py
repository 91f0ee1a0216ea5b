"""A candidate's code takes no more of the machine than its bounds, whatever it does."""

import re
import subprocess
import threading
import time
from dataclasses import replace

import httpx
import pytest

from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.exam.working_time import start
from provisioner.station import snapshots
from provisioner.station.answering import await_answer
from provisioner.station.centre import Centre, stations
from provisioner.station.copies import copied, frozen
from provisioner.station.creation import COPY_DISK, DISK, PROCESSORS, WEIGHT
from provisioner.station.lifecycle import up
from provisioner.station.spares import prepare, renew, spares

#: What a walk over a station's files doesn't see: 90 MiB that have no name any more, each in another way.
_WRITE = 'open(my $file, "+>", "/tmp/nameless"); $| = 1; select($file); $| = 1; print $file "x" x 1048576 for 1 .. 90; '
_DELETE = 'unlink "/tmp/nameless"; '
_SEND = (
    '$file = fopen("/tmp/nameless", "w+"); for ($i = 0; $i < 90; $i++) { fwrite($file, str_repeat("x", 1 << 20)); } '
    "socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair); "
    'socket_sendmsg($pair[0], ["iov" => ["x"], "control" => '
    '[["level" => SOL_SOCKET, "type" => SCM_RIGHTS, "data" => [$file]]]], 0); '
    'unlink("/tmp/nameless"); fclose($file); sleep(3000);'
)
WAYS = {
    "open": ("perl", f"{_WRITE}{_DELETE}sleep 3000", True),
    # PR_SET_DUMPABLE: its files in /proc belong to root from then on.
    "open in a process that nobody of its user may look at": (
        "perl",
        f"syscall(157, 4, 0, 0, 0, 0); {_WRITE}{_DELETE}sleep 3000",
        True,
    ),
    "mapped, and closed": (
        "perl",
        f"{_WRITE}{_DELETE}syscall(9, 0, 4096, 1, 1, fileno($file), 0); close $file; sleep 3000",
        False,
    ),
    "on its way through a socket": ("php", _SEND, False),
}


def _counted(engine: Engine, station: Station) -> tuple[int, bool]:
    """What the watch counts now, in MiB, and whether that is all."""
    ask = ["bash", "-c", "source <(sed '/^# The image/,$d' /opt/e5b/watch-layer); total"]
    found = re.fullmatch(r"(\d+)( late)?", engine.run(station.container, ask).stdout.decode().strip())
    assert found
    return int(found[1]), not found[2]


@pytest.mark.parametrize("way", WAYS)
def test_a_deleted_file_that_a_process_holds_is_counted_or_noticed(
    engine: Engine, trial_station: Station, way: str
) -> None:
    """What can't be counted is late: three counts in a row that are late stop a station, as does one above the limit."""
    program, code, size_is_known = WAYS[way]
    before = _counted(engine, trial_station)
    assert before[1]
    flag = "-r" if program == "php" else "-e"
    begun = engine.run(
        trial_station.container,
        ["bash", "-c", f'setsid {program} {flag} "$0" >/dev/null 2>&1 &', code],
        user="www-data",
    )
    assert begun.status == 0, begun.stderr
    try:
        deadline = time.monotonic() + 30
        while True:
            now = _counted(engine, trial_station)
            named = engine.run(trial_station.container, ["test", "-e", "/tmp/nameless"]).status == 0
            if not named and (now[0] >= before[0] + 90 if size_is_known else not now[1]):
                break
            assert time.monotonic() < deadline, (before, now, named)
            time.sleep(0.5)
    finally:
        engine.run(trial_station.container, ["pkill", "-KILL", "-f", "nameless"])


def test_pages_that_are_being_opened_make_no_count_late(engine: Engine, trial_station: Station) -> None:
    done = threading.Event()

    def open_pages() -> None:
        while not done.is_set():
            httpx.get(f"{trial_station.address}/wp-login.php", trust_env=False, timeout=30)

    visitor = threading.Thread(target=open_pages)
    visitor.start()
    try:
        counts = [_counted(engine, trial_station) for _ in range(12)]
    finally:
        done.set()
        visitor.join()
    assert all(whole for _, whole in counts), counts


def test_a_page_that_holds_a_deleted_file_fills_its_station(centre: Centre, engine: Engine, trial: Golden) -> None:
    small = replace(centre, settings=centre.settings.model_copy(update={"layer_mib": 40}))
    station = up(small, 1, ["wordpress-a"], trial)[0]
    page = (
        '<?php $file = fopen("/tmp/nameless", "w+"); unlink("/tmp/nameless"); ignore_user_abort(true); '
        'for ($i = 0; $i < 90; $i++) { fwrite($file, str_repeat("x", 1 << 20)); } sleep(3000);'
    )
    put = engine.run(
        station.container, ["bash", "-c", 'cat >"/var/www/html/hold.php"'], stdin=page.encode(), user="www-data"
    )
    assert put.status == 0, put.stderr
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{station.address}/hold.php", trust_env=False, timeout=5)
    deadline = time.monotonic() + 120
    while "the station is full" not in engine.logs(station.container, 50):
        assert time.monotonic() < deadline, engine.logs(station.container, 5)
        time.sleep(0.5)
    while stations(centre)[0].state != "plein":
        assert time.monotonic() < deadline, stations(centre)[0].state
        time.sleep(0.5)
    held = ["bash", "-c", "find -L /proc/[0-9]*/fd -type f -links 0 -size +1M 2>/dev/null"]
    assert not engine.run(station.container, held).stdout  # the disk has its room again


def _bounds_inside(engine: Engine, container: str) -> dict[str, str]:
    """What the kernel says of a container's bounds, read in it."""
    look = (
        "cd /sys/fs/cgroup; if [ -e cpu.max ]; then cat cpu.max cpu.weight io.max; else cat cpu/cpu.cfs_quota_us "
        "cpu/cpu.cfs_period_us cpu/cpu.shares blkio/blkio.throttle.{read,write}_{bps,iops}_device; fi"
    )
    words = engine.run(container, ["bash", "-c", look]).stdout.decode().split()
    if len(words) == 3 + 4 * 2:
        return dict(
            zip(
                ("quota", "period", "weight", "rbps", "riops", "wbps", "wiops"), (*words[:3], *words[4::2]), strict=True
            )
        )
    rates = dict(word.split("=") for word in words[4:])
    return {"quota": words[0], "period": words[1], "weight": words[2], **rates}


def test_whatever_a_candidates_code_runs_in_is_bounded(centre: Centre, engine: Engine, trial: Golden) -> None:
    """A station, its spare, copy, and what takes its place; also after a restart."""
    processors = int(subprocess.check_output(["docker", "info", "--format", "{{.NCPU}}"], text=True))
    station = up(centre, 1, ["wordpress-a"], trial)[0]
    found = {"station": _bounds_inside(engine, station.container)}
    subprocess.run(["docker", "restart", station.container], check=True, capture_output=True)
    found["restarted"] = _bounds_inside(engine, station.container)
    await_answer(engine, centre.room, station.place, station.container)
    start(centre, station.name)
    assert snapshots.snapshot(centre, station)
    rewound, _ = snapshots.rewind(centre, station.name)
    found["rewound"] = _bounds_inside(engine, rewound.container)
    replaced = snapshots.replace(centre, station.name)
    found["replaced"] = _bounds_inside(engine, replaced.container)
    with frozen(centre, replaced) as (image, at), copied(centre, replaced, image, at) as copy:
        found["copy"] = _bounds_inside(engine, copy.container)
    prepare(centre, trial)
    found["spare"] = _bounds_inside(engine, spares(centre, trial)[0].id)
    renewed, _ = renew(centre, station.name, trial, discard="essai")
    found["handed over"] = _bounds_inside(engine, renewed.container)
    for what, bounds in found.items():
        if what != "copy":  # it is there for an examination, which waits for it
            assert int(bounds["quota"]) / int(bounds["period"]) == max(0.6, processors * PROCESSORS), what
        # cgroup v2 has weights of another scale, where 100 is what 1024 was.
        assert int(bounds["weight"]) in (WEIGHT, 1 + (WEIGHT - 2) * 9999 // 262142), what
        rates = [int(bounds[rate]) for rate in ("rbps", "wbps", "riops", "wiops")]
        disk = COPY_DISK if what == "copy" else DISK
        assert rates == [disk.read_mib << 20, disk.write_mib << 20, disk.reads, disk.writes], what
