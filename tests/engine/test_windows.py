"""On a candidate's Windows machine the rules replace those that were there, and go again whole, whatever happened."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.host.settings import Settings
from provisioner.network.gateway_files import scripts
from provisioner.network.room import Room
from tests.conftest import OPTIONAL

KIT = scripts(Room("salle", "192.0.2.1", "0.0.0.0", 8101, 2), Settings())
POLICIES = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies"
#: What a centre may have decided itself, and what belongs to nobody here.
OWN = rf"""Windows Registry Editor Version 5.00

[{POLICIES}\Google\Chrome]
"HomepageLocation"="https://lycée.example/"
"its"=hex:01,02,ff

[{POLICIES}\Google\Chrome\URLAllowlist]
"1"="one.example"
"250"="another.example"

[{POLICIES}\Google\Update]
"AutoUpdateCheckPeriodMinutes"=dword:00000000

[{POLICIES}\Microsoft\Other]
"its"="own"
"""


class Windows:
    """Its registry and its command interpreter, which Wine stands in for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "WINEPREFIX": str(folder / "wine"),
            "WINEDEBUG": "-all",
            "XDG_RUNTIME_DIR": str(folder),
        }
        self.environment.pop("DISPLAY", None)

    def wine(self, *words: str) -> int:
        """The exit code of one of its commands."""
        quiet = subprocess.DEVNULL  # a pipe would be held open by what Wine leaves running
        told = subprocess.run(
            ["wine", *words],
            env=self.environment,
            cwd=self.folder,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            check=False,
        )
        return told.returncode

    def lay(self, text: str) -> None:
        """Put these keys into the registry."""
        (self.folder / "lay.reg").write_text(text, encoding="utf-16")
        assert self.wine("reg", "import", "lay.reg") == 0

    def run(self, name: str, script: bytes) -> int:
        """The exit code of a script of the kit."""
        (self.folder / name).write_bytes(script)
        return self.wine("cmd", "/c", name)

    def picture(self) -> str:
        """All policies of the machine, and whether the kit left something beside them."""
        assert self.wine("reg", "export", POLICIES, "seen.reg", "/y") == 0
        kept = (self.folder / "wine/drive_c/Program Files/e5b-poste").exists()
        return (self.folder / "seen.reg").read_text(encoding="utf-16") + f"kept: {kept}"


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    if not shutil.which("wine"):
        pytest.skip(f"wine is missing: apt install wine {OPTIONAL}")
    machine = Windows(tmp_path_factory.mktemp("windows"))
    machine.wine("wineboot", "--init")
    machine.lay(OWN)
    yield machine
    subprocess.run(["wineserver", "--kill"], env=machine.environment, check=False)


def test_the_rules_replace_those_that_were_there_and_retirer_brings_those_back(windows: Windows) -> None:
    before = windows.picture()
    assert windows.run("poser.cmd", KIT["poser.cmd"]) == 0
    laid = windows.picture()
    (allowed,) = re.findall(r"\[[^\n]*Google\\Chrome\\URLAllowlist\]\n([^\[]*)", laid)
    assert '"2"="192.0.2.1:8102"' in allowed
    assert "example" not in allowed
    assert '"AutoConfigURL"="http://192.0.2.1:8098/proxy.pac"' in laid
    assert '"AutoUpdateCheckPeriodMinutes"=dword:00000000' in laid
    assert windows.run("poser.cmd", KIT["poser.cmd"]) == 0
    assert windows.run("retirer.cmd", KIT["retirer.cmd"]) == 0
    assert windows.picture() == before
    assert windows.run("retirer.cmd", KIT["retirer.cmd"]) == 0
    assert windows.picture() == before


def cut_short(script: bytes, after: int) -> bytes:
    """The script as if the machine had died after so many of its steps; its rules come in halves too."""
    head, rules = script.split(b"\r\n:~", 1)
    lines = head.split(b"\r\n")
    steps = [at for at, line in enumerate(lines) if line.startswith((b"call", b"(for", b"reg import", b"rmdir"))]
    lines.insert(steps[after] + 1, b"exit /b 9")
    half = rules[: len(rules) // 2].rpartition(b"\r\n")[0]
    return b"\r\n".join(lines) + b"\r\n:~" + half + b"\r\n"


@pytest.mark.parametrize("steps", [0, 3, 5])
def test_the_machine_may_die_in_either_script_and_is_as_before_when_retirer_has_run(
    windows: Windows, steps: int
) -> None:
    before = windows.picture()
    assert windows.run("poser.cmd", cut_short(KIT["poser.cmd"], steps)) == 9
    assert windows.run("retirer.cmd", KIT["retirer.cmd"]) == 0
    assert windows.picture() == before
    if steps < 4:
        windows.run("poser.cmd", KIT["poser.cmd"])
        assert windows.run("retirer.cmd", cut_short(KIT["retirer.cmd"] + b"\r\n:~", steps)) == 9
        assert windows.picture() != before
        assert windows.run("retirer.cmd", KIT["retirer.cmd"]) == 0
        assert windows.picture() == before
