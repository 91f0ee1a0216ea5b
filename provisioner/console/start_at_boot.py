"""Has systemd start the console with the machine, as the user whose room it shows, and takes that back."""

import os
import pwd
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provisioner.console.addresses import cards_of_machine
from provisioner.console.server import refuse_unusable
from provisioner.core.declaration import Console
from provisioner.core.errors import EngineError, EvidenceLost, Refusal
from provisioner.core.waiting import wait_until
from provisioner.doctor.container_engine import in_docker_group
from provisioner.host.disk import disk_in_french
from provisioner.host.machine import PROXIES
from provisioner.host.paths import ROOT, Paths, places
from provisioner.host.placing import part_of, put
from provisioner.host.settings import Settings
from provisioner.leakcheck.wiring import Machine
from provisioner.network.room import Room

NAME = "e5b-console.service"
#: Where systemd finds the units of whoever administers a machine.
UNITS = "etc/systemd/system"
#: How long systemd may take for an order, and the console to answer, in seconds.
_ORDER, _BEGINNING = 60.0, 30.0
#: How long a console may take to end what is under way: longer than the unit's TimeoutStopSec.
_ENDING = 360.0
#: What a folder's name would have to be escaped for in a unit.
_ODD = frozenset("\"\\$'")
_UNIT = """[Unit]
Description=e5b, la console de la salle
Wants=network-online.target docker.service
After=network-online.target docker.service time-sync.target
# The staff's network card may come minutes after the machine: what is refused until then is tried again.
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
WorkingDirectory=/
{environment}ExecStart={command}
Restart=on-failure
RestartSec=15
# A console that is stopped ends what is under way; the snapshots that it began are taken on.
KillMode=process
TimeoutStopSec=300
SuccessExitStatus=130
# A browser that is stopped for want of memory takes nothing else with it.
OOMPolicy=continue
# No more than this: the browser's sandbox, and a build of Debian, have rights of their own that NoNewPrivileges takes away.
LimitCORE=0
DevicePolicy=closed
CapabilityBoundingSet=~CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_TIME CAP_SYS_BOOT

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True)
class StartAtBoot:
    """What systemd is told to start: the console of a room, as a user; `environ` is that of the command which installs it.

    `program` is the `e5b` of this folder.
    """

    user: str
    room: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    program: Path = ROOT / "e5b"

    @property
    def paths(self) -> Paths:
        """Where the console will keep and read things: its user's folders, but for what the environment names."""
        return Paths.from_environment({"HOME": pwd.getpwnam(self.user).pw_dir, **places(self.environ)})

    def unit(self) -> str:
        """The unit, as systemd reads it. Raises Refusal where a path or a value can't stand in one."""
        kept = places(self.environ) | {name: self.environ[name] for name in self._names()}
        values = {"LANG": "C.UTF-8", **kept}
        environment = "".join(f"Environment={_word(f'{name}={value}')}\n" for name, value in values.items())
        words = [_word(str(self.program)), "console", *(["--room", self.room] if self.room else [])]
        return _UNIT.format(user=self.user, environment=environment, command=" ".join(words))

    def left_out(self) -> list[str]:
        """The proxies that hold a password, which every user of the machine could read in a unit."""
        return [name for name in PROXIES if "@" in self.environ.get(name, "")]

    def _names(self) -> list[str]:
        proxies = [name for name in PROXIES if self.environ.get(name) and name not in self.left_out()]
        return [*proxies, *(["DOCKER_HOST"] if self.environ.get("DOCKER_HOST") else [])]


def calling_user(environ: Mapping[str, str] = os.environ) -> str:
    """Whose console it is: with sudo, the user's who called it."""
    return environ.get("SUDO_USER") or pwd.getpwuid(os.geteuid()).pw_name


def answers(declared: Console) -> bool:
    """Whether something answers where the console is declared to."""
    try:
        with socket.create_connection((declared.staff[0], declared.port), timeout=1):
            return True
    except OSError:
        return False


def install(machine: Machine, starts: StartAtBoot, settings: Settings) -> None:
    """Have systemd start the console now and with the machine; one that was installed before is started anew.

    Refusal, and nothing is changed, where this user, this machine or this folder can't; ConfigurationError where [console]
    of the settings would be refused at the start; EngineError where systemd doesn't take the unit, which is then gone.
    """
    _refuse(machine)
    if not starts.program.is_file():
        raise Refusal(f"{starts.program} n'est pas là : installez e5b depuis son dossier, puis recommencez.")
    if starts.user != "root" and not starts.environ.get("DOCKER_HOST") and not in_docker_group(starts.user):
        raise Refusal(
            f"{starts.user} n'a pas le droit de parler à Docker, et la console tourne sous son nom : lancez « sudo usermod --append "
            f"--groups docker {starts.user} », puis recommencez."
        )
    room = Room.declared(starts.room or settings.room, settings)
    refuse_unusable(settings, room, cards_of_machine())
    unit, path = starts.unit(), _path(machine)
    before = path.read_bytes() if path.exists() else b""
    with disk_in_french(path.parent, EvidenceLost):
        put(path, unit.encode())
    try:
        _order(machine, "daemon-reload")
        _order(machine, "enable", "--now", NAME)
        if before:
            _order(machine, "restart", NAME, seconds=_ENDING)
    except BaseException:
        if before:  # it worked: what systemd didn't take is put back, and goes on
            put(path, before)
            machine.run("systemctl", "daemon-reload")
        else:
            _take_away(machine)
        raise


def await_answer(
    declared: Console, answering: Callable[[Console], bool] = answers, seconds: float = _BEGINNING
) -> bool:
    """Wait until the console answers at its address; whether it did."""
    return not wait_until(lambda: "" if answering(declared) else "silence", seconds, pause=0.5)


def uninstall(machine: Machine) -> bool:
    """Stop the console and have systemd start it no more; whether it was installed. Raises Refusal, EngineError."""
    _refuse(machine)
    path = _path(machine)
    if not path.exists():
        part_of(path).unlink(missing_ok=True)
        return False
    _order(machine, "disable", "--now", NAME, seconds=_ENDING)
    with disk_in_french(path.parent, EvidenceLost):
        path.unlink()
    _order(machine, "daemon-reload")
    return True


def _refuse(machine: Machine) -> None:
    if not machine.starts_services:
        raise Refusal(
            "Cette machine n'a pas systemd, qui démarrerait la console avec elle : lancez « e5b console » vous-même."
        )
    if not machine.administrator:
        raise Refusal("Il faut les droits d'administration de cette machine : relancez la commande avec sudo.")


def _path(machine: Machine) -> Path:
    return machine.root / UNITS / NAME


def _take_away(machine: Machine) -> None:
    """Have nothing of a unit left that systemd didn't take."""
    machine.run("systemctl", "disable", "--now", NAME)
    _path(machine).unlink(missing_ok=True)
    machine.run("systemctl", "daemon-reload")


def _order(machine: Machine, *words: str, seconds: float = _ORDER) -> None:
    done = machine.run("systemctl", *words, deadline=seconds)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["sans message"]
        raise EngineError(
            f"systemd a refusé « systemctl {' '.join(words)} » (détail : {lines[0]}). Corrigez, puis recommencez."
        )


def _word(text: str) -> str:
    """A word of a unit; a Refusal where systemd would read it otherwise than it is written."""
    if _ODD & set(text) or not text.isprintable():
        raise Refusal(
            f"« {text} » a un signe que systemd lirait autrement (guillemet, apostrophe, dollar, barre oblique inverse) : déplacez ou "
            "renommez ce dossier, puis recommencez."
        )
    escaped = text.replace("%", "%%")
    return f'"{escaped}"' if " " in escaped else escaped
