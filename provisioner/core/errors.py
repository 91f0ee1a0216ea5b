"""Every error that e5b raises on purpose.

    ProvisionerError            something a person has to know about
    ├── Interrupted             something was done before a person stopped it  exit 130
    ├── ConfigurationError      a file, a key or a value is wrong              exit 2
    ├── Refusal                 what was asked can't be done as things stand   exit 2
    │   ├── UnknownName         no such stack, subject, station or check
    │   └── Busy                another command holds this station or room
    ├── ArtifactError           the store can't give an archive                exit 3
    │   ├── ArtifactMissing     it is not there and could not be fetched
    │   └── ArtifactMismatch    it is there and is not what was pinned
    ├── EngineError             the container engine said no                   exit 3
    │   ├── Gone                what was asked for isn't there
    │   ├── AddressesTaken      another network has them
    │   ├── PortTaken           another program has it
    │   ├── EngineUnavailable   there is none that answers
    │   └── BuildFailed         an image could not be made
    ├── BrowserUnavailable      no browser could be started                    exit 3
    ├── StationError            a station is not what it should be             exit 3
    │   ├── StationNotReady     it doesn't answer, or answers an error
    │   ├── OtherScreen         it shows another screen than the one asked for
    │   ├── StationLeaks        it reaches what it must not
    │   └── StationNotPristine  it differs from its golden image
    ├── ArchiveSpoilt           an archive isn't what was written              exit 3
    └── EvidenceLost            a proof could not be written down              exit 3

A message is one French sentence or two: what failed, where, what was observed and what to do
next. It never holds a secret. Errors of the libraries underneath are translated at the seam that
uses them and nowhere else; only `cli/main.py` turns an error into an exit code.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

#: Where an error that nobody foresaw is kept whole, in the state folder.
UNFORESEEN = "erreur-imprevue.txt"


class ProvisionerError(Exception):
    """Something a person has to know about; its text is French and says what to do."""

    exit_code: int = 3
    #: What was done all the same, as it stands in the JSON answer.
    done: Mapping[str, Any] = MappingProxyType({})


class Interrupted(ProvisionerError):
    """Interrupted, after something was done that a person has to know of."""

    exit_code = 130


class ConfigurationError(ProvisionerError):
    """A file, a key or a value is wrong."""

    exit_code = 2


class Refusal(ProvisionerError):
    """What was asked can't be done as things stand; nothing was changed."""

    exit_code = 2


class UnknownName(Refusal):
    """No stack, subject, station or check has this name."""


class Busy(Refusal):
    """Another command holds this station or room."""


class ArtifactError(ProvisionerError):
    """The store can't give an archive."""


class ArtifactMissing(ArtifactError):
    """The archive is not in the store and could not be fetched."""


class ArtifactMismatch(ArtifactError):
    """The archive is not what was pinned."""


class EngineError(ProvisionerError):
    """The container engine refused or failed."""


class Gone(EngineError):
    """What was asked for is no longer there."""


class AddressesTaken(EngineError):
    """Another network has these addresses already."""


class PortTaken(EngineError):
    """Another program of this machine has a port; 0 where it isn't known which."""

    port = 0


class EngineUnavailable(EngineError):
    """No container engine answers."""


class BuildFailed(EngineError):
    """An image could not be made."""


class BrowserUnavailable(ProvisionerError):
    """No browser could be started."""


class StationError(ProvisionerError):
    """A station is not what it should be."""


class StationNotReady(StationError):
    """The station doesn't answer, or answers with an error of its own."""


class OtherScreen(StationError):
    """The station shows another screen of its office than the one asked for; what a check reads there says nothing."""


class StationLeaks(StationError):
    """A station reaches something beyond its room's pages."""


class StationNotPristine(StationError):
    """The station differs from its golden image."""


class ArchiveSpoilt(ProvisionerError):
    """An archive isn't what was written: cut short, changed, or not an archive at all."""


class EvidenceLost(ProvisionerError):
    """A proof could not be written down."""
