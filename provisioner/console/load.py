"""How busy the machine was in the last hour, as the room's watcher saw it; and the plots of it and of the room's progress."""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioner.console.tiles import State, Tile, counts

#: How often the machine is looked at, in seconds, and how many looks are kept: an hour of them.
_EVERY, _KEPT = 10.0, 360
#: What a plot's width and height count, whatever its size on a screen.
WIDTH, HEIGHT = 360, 100


@dataclass(frozen=True)
class Look:
    """What part of the processors' time and of the memory was taken, each from 0 to 1, and how many stations are in each state."""

    at: datetime
    processors: float
    memory: float
    states: tuple[tuple[int, State], ...] = ()


class Load:
    """The looks of the last hour, oldest first."""

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._proc, self._next = proc, 0.0
        self._before = (0, 0)
        self._looks: deque[Look] = deque(maxlen=_KEPT)

    def look(self, at: datetime, tiles: Sequence[Tile]) -> None:
        """Look at the machine where that is due."""
        if (now := time.monotonic()) < self._next:
            return
        self._next = now + _EVERY
        idle, total = self._times()
        spent = total - self._before[1]
        busy = 1 - (idle - self._before[0]) / spent if spent > 0 else 0.0
        self._before = (idle, total)
        self._looks.append(Look(at, min(1.0, max(0.0, busy)), self._memory(), tuple(counts(tiles))))

    def looks(self) -> tuple[Look, ...]:
        """All that are kept."""
        return tuple(self._looks)

    def _times(self) -> tuple[int, int]:
        """The processors' idle time and all of their time, in ticks since the machine started."""
        ticks = [int(word) for word in (self._proc / "stat").read_text().split("\n", 1)[0].split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)

    def _memory(self) -> float:
        lines = dict(line.split(":", 1) for line in (self._proc / "meminfo").read_text().splitlines())
        whole, free = (int(lines[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
        return 1 - free / whole


def line_of(values: Sequence[float]) -> str:
    """The points of a plot's line, for values from 0 to 1, the latest at the right edge.

    >>> line_of([0.0, 1.0])
    '359,100 360,0'
    """
    first = WIDTH - len(values) + 1
    return " ".join(f"{first + index},{round(HEIGHT * (1 - value))}" for index, value in enumerate(values))
