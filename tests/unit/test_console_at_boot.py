"""`e5b console install`: systemd starts the console with the machine, and what can't be is refused before anything changes."""

import getpass
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import console as command
from provisioner.console import start_at_boot
from provisioner.console.people import People
from provisioner.console.start_at_boot import NAME, UNITS, StartAtBoot, await_answer, install, uninstall
from provisioner.core.declaration import Console
from provisioner.core.errors import ConfigurationError, EngineError, ProvisionerError, Refusal
from provisioner.host.paths import ROOT, Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck.wiring import Machine
from provisioner.station.act_book import Book
from provisioner.station.state import State

SYSTEMCTL = """#!/bin/sh
echo "$*" >>{folder}/orders
if [ -e {folder}/refuse ] && [ "$1" = "$(cat {folder}/refuse)" ]; then
    echo "Failed to do it: unit is bad." >&2
    exit 1
fi
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with systemd, whose `systemctl` writes down what it is asked for."""
    tools, root = tmp_path / "tools", tmp_path / "root"
    tools.mkdir()
    (tools / "systemctl").write_text(SYSTEMCTL.format(folder=tools))
    (tools / "systemctl").chmod(0o755)
    (root / "run/systemd/system").mkdir(parents=True)
    (root / UNITS).mkdir(parents=True)
    monkeypatch.setattr("provisioner.host.machine.PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setattr(start_at_boot, "in_docker_group", lambda user: True)
    return Machine(root, administrator=True)


def orders(machine: Machine) -> list[str]:
    file = machine.root.parent / "tools/orders"
    return file.read_text().splitlines() if file.exists() else []


def refuse(machine: Machine, order: str) -> None:
    (machine.root.parent / "tools/refuse").write_text(order)


def unit_of(machine: Machine) -> Path:
    return machine.root / UNITS / NAME


def starts(**values: Any) -> StartAtBoot:
    return StartAtBoot(getpass.getuser(), **{"environ": {}, **values})


def untouched(machine: Machine) -> bool:
    return not orders(machine) and not list((machine.root / UNITS).iterdir())


def test_it_is_started_now_and_with_the_machine_and_anew_when_it_is_installed_again(machine: Machine) -> None:
    install(machine, starts(), Settings())
    assert orders(machine) == ["daemon-reload", f"enable --now {NAME}"]
    assert unit_of(machine).stat().st_mode & 0o777 == 0o644
    install(machine, starts(room="salle-b"), Settings())
    assert orders(machine)[2:] == ["daemon-reload", f"enable --now {NAME}", f"restart {NAME}"]
    assert f"ExecStart={ROOT}/e5b console --room salle-b\n" in unit_of(machine).read_text()
    assert uninstall(machine)
    assert orders(machine)[5:] == [f"disable --now {NAME}", "daemon-reload"]
    assert list((machine.root / UNITS).iterdir()) == []
    assert not uninstall(machine)


def test_the_unit_starts_this_folders_console_as_its_user_and_leaves_running_what_it_began(tmp_path: Path) -> None:
    environ = {
        "E5B_STATE": "/srv/e5b 100%",
        "E5B_NOW": "2026-05-21T09:00",
        "https_proxy": "http://proxy.lycee.example:3128",
        "http_proxy": "http://riou:secret@proxy.lycee.example:3128",
        "DOCKER_HOST": "unix:///run/docker.sock",
        "PS1": "$ ",
    }
    lines = starts(environ=environ).unit().splitlines()
    assert [line for line in lines if line.startswith("Environment=")] == [
        "Environment=LANG=C.UTF-8",
        'Environment="E5B_STATE=/srv/e5b 100%%"',
        "Environment=https_proxy=http://proxy.lycee.example:3128",
        "Environment=DOCKER_HOST=unix:///run/docker.sock",
    ]
    for line in (
        f"User={getpass.getuser()}",
        f"ExecStart={ROOT}/e5b console",
        "Restart=on-failure",
        "KillMode=process",  # else the snapshots that an act began would end with the console
        "After=network-online.target docker.service time-sync.target",
        "WantedBy=multi-user.target",
    ):
        assert line in lines
    # The browser's sandbox and Debian's builds need rights that these take away.
    assert not [line for line in lines if line.startswith(("NoNewPrivileges=", "SystemCall", "Restrict", "Protect"))]
    assert starts(environ=environ).left_out() == ["http_proxy"]
    assert "secret" not in "\n".join(lines)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd (optional)")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(starts(environ={"E5B_STATE": "/srv/e5b 100%"}, room="salle-b").unit())
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / NAME)], capture_output=True, text=True, check=False
    )
    assert NAME not in done.stderr, done.stderr


Case = Callable[[Machine], tuple[Machine, StartAtBoot, Settings]]
REFUSED: dict[str, tuple[type[ProvisionerError], str, Case]] = {
    "no root": (Refusal, "avec sudo", lambda machine: (replace(machine, administrator=False), starts(), Settings())),
    "no systemd": (Refusal, "n'a pas systemd", lambda machine: (_without_systemd(machine), starts(), Settings())),
    "no right to Docker": (
        Refusal,
        "sudo usermod --append --groups docker marie",
        lambda machine: (machine, replace(starts(), user="marie"), Settings()),
    ),
    "no folder of e5b": (
        Refusal,
        "/nulle-part/e5b n'est pas là",
        lambda machine: (machine, starts(program=Path("/nulle-part/e5b")), Settings()),
    ),
    "where candidates are": (
        ConfigurationError,
        r"« console\.staff » : 127\.0\.0\.1",
        lambda machine: (machine, starts(), Settings(console=Console(staff=("127.0.0.1",)))),
    ),
    "a certificate that isn't there": (
        ConfigurationError,
        r"« console\.certificate » : /nulle-part\.pem n'existe pas",
        lambda machine: (
            machine,
            starts(),
            Settings(console=Console(certificate="/nulle-part.pem", key="/nulle-part.key")),
        ),
    ),
    "a value that a unit can't hold": (
        Refusal,
        "systemd lirait autrement",
        lambda machine: (machine, starts(environ={"E5B_STATE": '/srv/"e5b"'}), Settings()),
    ),
}


def _without_systemd(machine: Machine) -> Machine:
    shutil.rmtree(machine.root / "run")
    return machine


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence_before_anything_changes(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    kind, sentence, made = REFUSED[case]
    monkeypatch.setattr(start_at_boot, "in_docker_group", lambda user: user != "marie")
    with pytest.raises(kind, match=sentence):
        install(*made(machine))
    assert untouched(machine)


def test_a_unit_that_systemd_refuses_is_not_left_behind(machine: Machine) -> None:
    refuse(machine, "enable")
    with pytest.raises(EngineError, match=r"enable --now .*Failed to do it: unit is bad"):
        install(machine, starts(), Settings())
    assert list((machine.root / UNITS).iterdir()) == []
    assert orders(machine)[-1] == "daemon-reload"


def test_an_installed_console_that_systemd_does_not_start_anew_stays_as_it_was(machine: Machine) -> None:
    install(machine, starts(), Settings())
    before = unit_of(machine).read_text()
    refuse(machine, "restart")
    with pytest.raises(EngineError, match="restart"):
        install(machine, starts(room="salle-b"), Settings())
    assert unit_of(machine).read_text() == before
    assert orders(machine)[-1] == "daemon-reload"


def test_a_console_that_does_not_stop_stays_installed(machine: Machine) -> None:
    install(machine, starts(), Settings())
    refuse(machine, "disable")
    with pytest.raises(EngineError, match="disable --now"):
        uninstall(machine)
    assert unit_of(machine).exists()


def test_it_is_waited_for_until_it_answers() -> None:
    with socket.create_server(("127.0.0.5", 0)) as listener:
        declared = Console(port=listener.getsockname()[1])
        assert await_answer(declared)
    assert not await_answer(declared, seconds=0)
    said = iter([False, False, True])
    assert await_answer(Console(), lambda _: next(said))


class TestTheCommands:
    @pytest.fixture(autouse=True)
    def installed(self, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("provisioner.leakcheck.wiring.Machine", lambda: machine)
        for name, at in (("E5B_STATE", "state"), ("E5B_CACHE", "cache")):
            monkeypatch.setenv(name, str(tmp_path / at))
        (tmp_path / "e5b.toml").touch()
        monkeypatch.setenv("E5B_CONFIG", str(tmp_path / "e5b.toml"))
        monkeypatch.setenv("SUDO_USER", getpass.getuser())
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(start_at_boot, "await_answer", lambda declared: True)

    def test_say_the_address_the_user_and_how_to_get_in_and_the_book_has_it(
        self, machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert command.install() == 0
        said = capsys.readouterr().out
        assert f"tourne sous le nom de {getpass.getuser()} et démarre avec la machine" in said
        assert "La console répond à http://127.0.0.5:8400." in said
        assert "Ctrl-C" not in said
        code = said.rpartition("ce code : ")[2].strip()
        state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
        People(state.folder / "console.sqlite").make_first(code, "Mme Riou", "le phare de la Jument", "127.0.0.5")
        assert command.install(as_json=True) == 0
        told = json.loads(capsys.readouterr().out)
        assert told == {"address": "http://127.0.0.5:8400", "code": None, "user": getpass.getuser(), "installed": True}
        noted = [act.text for act in Book.of(state).acts()]
        assert noted == [
            "console installée, elle démarre avec la machine",
            "console installée, elle démarre avec la machine ; code donné pour un compte de technicien",
        ]
        assert command.uninstall() == 0
        assert "ne démarre plus avec la machine" in capsys.readouterr().out
        assert command.uninstall(as_json=True) == 0
        assert json.loads(capsys.readouterr().out) == {"installed": False, "changed": False}

    def test_a_console_that_does_not_answer_is_no_success(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(start_at_boot, "await_answer", lambda declared: False)
        with pytest.raises(
            EngineError, match=r"ne répond pas encore à http://127\.0\.0\.5:8400.*journalctl -u e5b-console"
        ):
            command.install()
