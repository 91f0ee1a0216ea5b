"""What the pages of the console work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from provisioner.console.acting import Acts
from provisioner.console.people import People
from provisioner.console.watching import RoomWatch
from provisioner.host.paths import Paths
from provisioner.station.centre import Centre


@dataclass(frozen=True)
class Services:
    """What the pages work with; made once, when the server starts."""

    #: The room as it is now: a new one each time, since the room may have been closed and opened again.
    centre: Callable[[], Centre]
    people: People
    room: RoomWatch
    acts: Acts
    #: The room's name and the centre's time zone, as pages say them.
    name: str = "salle"
    zone: tzinfo = UTC
    #: Where the program keeps what it keeps.
    paths: Paths = field(default_factory=Paths.from_environment)
