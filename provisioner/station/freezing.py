"""Commits a station's state as an image: a snapshot, a copy to examine and an archive begin with it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from provisioner.core.errors import EngineError, EngineUnavailable
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import ContainerState
from provisioner.host.disk import locked
from provisioner.station.centre import Centre

#: How long a request that was sent before the end may take, in seconds: the gateway's patience and a little more.
_PATIENCE = 140
#: How long counting them may take, in seconds: a hundredth of a second is usual.
_ANSWER = 60
#: Counts the requests that the web server of a station is answering.
_UNDER_WAY = "grep -cE '^ *[0-9]+: [0-9A-F]+:0050 [0-9A-F]+:[0-9A-F]+ 01 ' /proc/net/tcp || true"


def commit_station(centre: Centre, container: str, labels: Mapping[str, str]) -> str:
    """Commit a station as it is now; the image's id."""
    with _one_reader(centre, container):
        return centre.engine.commit(container, None, labels)


def await_requests_under_way(centre: Centre, container: ContainerState) -> None:
    """Once a candidate's access window is closed, wait for the requests sent before: they may still be confirmed."""
    record = centre.state.record(container.id)
    running = record.running
    stands = container.state in ("running", "paused")  # a snapshot pauses it for a moment
    if not stands or record.aside or running is None or not running.over(centre.state.present()):
        return

    def under_way() -> str:
        try:
            with _one_reader(centre, container.id):  # nothing can be run in a paused container
                output = centre.engine.run(container.id, ["sh", "-c", _UNDER_WAY], seconds=_ANSWER).stdout
        except EngineUnavailable:
            raise
        except (
            EngineError
        ):  # its own tools don't end: a candidate who changed them must not keep his work from its archive
            return ""
        count = _number(output) or 0
        return f"{count} demandes" if count else ""

    wait_until(under_way, _PATIENCE, pause=0.2)


def room_left(centre: Centre, container: str) -> int | None:
    """What is free on the engine's disk, in MiB, as a container sees it; None where it doesn't say."""
    output = centre.engine.run(container, ["df", "--output=avail", "--block-size=1M", "/"], seconds=10).stdout
    return _number(output)


def _number(output: bytes) -> int | None:
    """The number at the end of a command's output; None where there is none.

    A candidate who has changed the container's tools may have them print anything.
    """
    return int(number[1]) if (number := re.search(rb"(\d{1,9})\s*\Z", output[-40:])) else None


@contextmanager
def _one_reader(centre: Centre, container: str) -> Iterator[None]:
    """Let one command at a time read a station: the engine pauses it meanwhile, and a second command waits."""
    lock = centre.state.folder / "locks" / f"moment-{container[:12]}.lock"
    with ExitStack() as stack:
        with suppress(OSError):  # without a lock rather than not at all: on a full disk a station must still be rescued
            stack.enter_context(locked(lock, "ce poste", 300))
        yield
