"""One moment of a station, kept as an image: what a snapshot, a copy to examine and an archive begin with."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from provisioner.engine.protocol import ContainerState
from provisioner.host.disk import locked
from provisioner.station.centre import Centre

#: How long what was asked before the end may be under way, in seconds: the gateway's patience and a little more.
_PATIENCE = 140
#: Counts the requests that the web server of a station is at.
_UNDER_WAY = "grep -cE '^ *[0-9]+: [0-9A-F]+:0050 [0-9A-F]+:[0-9A-F]+ 01 ' /proc/net/tcp || true"


def commit_station(centre: Centre, container: str, labels: Mapping[str, str]) -> str:
    """An image of a station as it is in this moment."""
    with _alone(centre, container):
        return centre.engine.commit(container, None, labels)


def await_requests_under_way(centre: Centre, container: ContainerState) -> None:
    """Once a candidate's door is closed, wait for what was asked before: it may still be confirmed to him."""
    record = centre.state.record(container.id)
    running = record.running
    there = container.state in ("running", "paused")  # a snapshot pauses it for a moment
    if not there or record.aside or running is None or not running.over(centre.state.present()):
        return
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with _alone(centre, container.id):  # in one that is paused nothing can be run
            if not int(centre.engine.run(container.id, ["sh", "-c", _UNDER_WAY]).stdout or 0):
                return
        time.sleep(0.2)


def room_left(centre: Centre, container: str) -> int | None:
    """What the engine's disk still takes, in MiB, as a container of it sees; None where that can't be told."""
    told = centre.engine.run(container, ["df", "--output=avail", "--block-size=1M", "/"], seconds=10).stdout
    # Whoever holds the container's own tools may have them say anything.
    return int(found[1]) if (found := re.search(rb"(\d{1,9})\s*\Z", told)) else None


@contextmanager
def _alone(centre: Centre, container: str) -> Iterator[None]:
    """The engine pauses a station while it reads it, once: who comes second reads on when the first has let it go."""
    lock = centre.state.folder / "locks" / f"moment-{container[:12]}.lock"
    with ExitStack() as held:
        with suppress(OSError):  # a full disk must not keep a station from being rescued
            held.enter_context(locked(lock, "ce poste", 300))
        yield
