"""A need of the machine, what a look at it saw, and the sentence that says what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from provisioner.core.progress import Progress
from provisioner.host.machine import is_root, may_install

#: On an image whose lists of packages are empty, nothing is installed before they are read.
_UPDATE, _APT = "apt-get update", "apt-get install "


@dataclass(frozen=True)
class Seen:
    """What a look at a need saw; when it isn't met, the commands that meet it, as root, and other advice."""

    ok: bool
    text: str
    commands: tuple[str, ...] = ()
    advice: str = ""

    @property
    def remedy(self) -> str:
        """What to do, as one sentence; empty when all is well."""
        return sentence(self.commands, [self.advice])


@dataclass(frozen=True)
class Need:
    """Something that the machine must have; an optional one only serves the trial edition, or comfort."""

    name: str
    look: Callable[[], Seen]
    fix: Callable[[Progress], None] | None = None
    optional: bool = False


def sentence(commands: Iterable[str], advice: Iterable[str] = ()) -> str:
    """The one sentence that says what to run as root, and to whom; packages are installed together."""
    lines = list(dict.fromkeys(commands))
    packages = [line.removeprefix(_APT) for line in lines if line.startswith(_APT)]
    lines = [line for line in lines if not line.startswith(_APT)]
    if packages:
        lines[:0] = [_UPDATE, _APT + " ".join(packages)]
    parts = list(filter(None, advice))
    if lines and is_root():
        parts.insert(0, f"lancez : {' && '.join(lines)}")
    elif lines:
        who = "lancez" if may_install() else "une personne qui a le droit d'installer doit lancer"
        parts.insert(0, f"{who} : {' && '.join(f'sudo {line}' for line in lines)}")
    text = " ; ".join(parts)
    return text[:1].upper() + text[1:]


def apt(*packages: str) -> tuple[str, ...]:
    """The command that installs these packages."""
    return (_APT + " ".join(packages),)
