"""A need of e5b, what a look at it shows, and the sentence that says what to do about it.

The needs themselves stand in modules by subject (container_engine.py, base_images.py, sandboxed_browser.py) that build on
this one, and needs.py lists them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from provisioner.core.progress import Progress
from provisioner.host.machine import is_root, may_install

#: apt-get installs nothing on an image whose lists of packages are empty, so they are read first.
_UPDATE, _APT = "apt-get update", "apt-get install "


@dataclass(frozen=True)
class Observation:
    """What a look at a need shows. When it isn't `ok`: the commands that meet the need, as root, and other advice."""

    ok: bool
    text: str
    commands: tuple[str, ...] = ()
    advice: str = ""

    @property
    def remedy(self) -> str:
        """What to do, as one sentence; empty when the need is met."""
        return remedy_of(self.commands, [self.advice])


@dataclass(frozen=True)
class Need:
    """Something that the machine must have. An optional need only serves the trial edition, or comfort.

    `fix` raises NoRight when this user may not install, and CannotFix when it failed.
    """

    name: str
    look: Callable[[], Observation]
    fix: Callable[[Progress], None] | None = None
    optional: bool = False


def remedy_of(commands: Iterable[str], advice: Iterable[str] = ()) -> str:
    """One French sentence that says what to run as root, and who must; all packages are installed by one command."""
    lines = list(dict.fromkeys(commands))
    packages = [line.removeprefix(_APT) for line in lines if line.startswith(_APT)]
    lines = [line for line in lines if not line.startswith(_APT)]
    if packages:
        lines[:0] = [_UPDATE, _APT + " ".join(packages)]
    parts = list(filter(None, advice))
    if lines and is_root():
        parts.insert(0, f"lancez : {' && '.join(lines)}")
    elif lines:
        request = "lancez" if may_install() else "une personne qui a le droit d'installer doit lancer"
        parts.insert(0, f"{request} : {' && '.join(f'sudo {line}' for line in lines)}")
    text = " ; ".join(parts)
    return text[:1].upper() + text[1:]


def apt(*packages: str) -> tuple[str, ...]:
    """The command that installs these packages."""
    return (_APT + " ".join(packages),)
