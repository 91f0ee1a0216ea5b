"""Reads the records of a whole room where one that can't be read must keep no other station back."""

from dataclasses import replace

from provisioner.core.errors import EvidenceLost
from provisioner.core.records import UNREADABLE, SittingRecord
from provisioner.station.centre import Centre
from provisioner.station.state import State


class Forgiving(State):
    """The state folder, of which a record that the disk refuses is an unreadable one: for reading only.

    `unread`: the containers of such records, and why.
    """

    def __init__(self, state: State) -> None:
        self.__dict__.update(state.__dict__)
        self.unread: dict[str, str] = {}

    def record(self, container: str) -> SittingRecord:
        """See State."""
        try:
            return super().record(container)
        except EvidenceLost as error:
            self.unread[container] = str(error)
            return UNREADABLE


def forgiving(centre: Centre) -> Centre:
    """The centre, whose records that can't be read keep no other station back."""
    return replace(centre, state=Forgiving(centre.state))
