"""What a wiring puts on a machine goes again, whole, whatever happened in between."""

import json
import os
from dataclasses import replace
from hashlib import sha256
from ipaddress import IPv4Network
from pathlib import Path
from subprocess import CompletedProcess
from typing import Literal

import pytest

from provisioner.cli.network import _show, off
from provisioner.core.declaration import Network
from provisioner.core.errors import EngineUnavailable, Refusal
from provisioner.host.settings import Settings
from provisioner.leakcheck.wiring import Machine, put_on, take_off, wiring_status
from provisioner.network.gateway_files import gateway_files
from provisioner.network.room import Addresses, Room

ROOM = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 3)
ROUTER = Settings(network=Network(wiring="routeur", interface="eth1"))
FLAT = Settings(network=Network(wiring="plat"))


class Tools:
    """Stands in for nft, ip and systemctl. `refuse`: nft takes no rules. `deadly`: the program dies at that command."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.refuse = False
        self.deadly = ""
        self.laid = ""
        self.address = "192.0.2.1"

    def run(self, *words: str) -> "CompletedProcess[str]":
        self.ran.append(words)
        if self.deadly and self.deadly in words and "--check" not in words:
            raise SystemExit(9)
        failed = self.refuse and words[0] == "nft" and "-f" in words and "lift" not in words[-1]
        if words[:2] == ("nft", "-f") and not failed:
            self.laid = Path(words[-1]).read_text()
        said = f"2: eth1    inet {self.address}/24 brd 192.0.2.255 scope global eth1" if words[0] == "ip" else self.laid
        return CompletedProcess(words, 1 if failed else 0, said, "syntax error" if failed else "")


@pytest.fixture
def tools() -> Tools:
    return Tools()


@pytest.fixture
def machine(tmp_path: Path, tools: Tools) -> Machine:
    """A machine with systemd, a browser's rules of its own, and root's rights over itself."""
    root = tmp_path / "root"
    (root / "run/systemd/system").mkdir(parents=True)
    (root / "etc/firefox/policies").mkdir(parents=True)
    (root / "var/lib").mkdir(parents=True)
    (root / "etc/firefox/policies/policies.json").write_text('{"policies": {"its": "own"}}')
    (root / "etc/firefox/policies/policies.json").chmod(0o640)
    os.setxattr(root / "etc/firefox/policies/policies.json", "user.of", b"the centre")
    os.utime(root / "etc/firefox/policies/policies.json", (1_700_000_000, 1_700_000_000))
    (root / "etc/chromium/policies/managed").mkdir(parents=True)
    (root / "etc/centre.json").write_text("{}")
    (root / "etc/chromium/policies/managed/zzz-e5b.json").symlink_to("../../../centre.json")
    (root / "etc/hostname").write_text("pc-7\n")
    (root / "sys/class/net/eth1").mkdir(parents=True)
    return Machine(root, tools.run, administrator=True)


def picture(machine: Machine) -> dict[str, tuple[object, ...]]:
    """Every file, link and folder of the machine."""
    return {str(path.relative_to(machine.root)): looks(path) for path in machine.root.rglob("*")}


def looks(path: Path) -> tuple[object, ...]:
    if path.is_symlink():
        return (str(path.readlink()),)
    mode = path.stat().st_mode
    if path.is_dir():
        return (mode,)
    attributes = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    return mode, path.read_bytes(), path.stat().st_mtime_ns, attributes


@pytest.mark.parametrize(("settings", "here"), [(ROUTER, False), (ROUTER, True), (FLAT, True)])
def test_off_leaves_the_machine_exactly_as_it_was(machine: Machine, settings: Settings, here: bool) -> None:
    before = picture(machine)
    put_on(machine, ROOM, settings, browser_rules=here)
    assert picture(machine) != before
    assert take_off(machine)
    assert picture(machine) == before
    assert not take_off(machine)


def test_the_router_shuts_both_families_and_is_started_again_by_the_system(machine: Machine, tools: Tools) -> None:
    told = put_on(machine, ROOM, ROUTER)
    rules = (machine.root / "etc/e5b/candidats.nft").read_text()
    assert "table inet" in rules
    assert 'iifname != "eth1" accept' in rules
    assert rules.count("        jump refused\n") == 2
    assert "ip daddr 10.213.0.0/16" in rules
    unit = machine.root / "etc/systemd/system/sysinit.target.wants/e5b-reseau.service"
    assert unit.is_symlink()
    for said in (
        "ExecStart=/usr/sbin/nft -f /etc/e5b/candidats.nft",
        "After=nftables.service",
        "PartOf=nftables.service",
    ):
        assert f"{said}\n" in unit.read_text()
    assert ("systemctl", "start", "e5b-reseau.service") in tools.ran
    assert told["after_restart"]
    assert told["holds"]
    assert ("systemctl", "daemon-reload") in tools.ran


@pytest.mark.parametrize("moment", ["-f", "daemon-reload"])
def test_off_leaves_the_machine_as_it_was_also_when_the_program_died_in_between(
    machine: Machine, tools: Tools, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = picture(machine)
    tools.deadly = moment
    monkeypatch.setattr("provisioner.leakcheck.wiring.take_off", lambda machine: False)  # it is dead: it undoes nothing
    with pytest.raises(SystemExit):
        put_on(machine, ROOM, ROUTER, browser_rules=True)
    monkeypatch.undo()
    tools.deadly = ""
    assert picture(machine) != before
    assert take_off(machine)
    assert picture(machine) == before


@pytest.mark.parametrize("written", range(9))
def test_it_may_die_after_any_file(machine: Machine, written: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before, replace, left = picture(machine), Path.replace, [written]

    def dying(path: Path, target: Path) -> Path:
        if not left[0]:
            raise SystemExit(9)
        left[0] -= 1
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", dying)
    monkeypatch.setattr("provisioner.leakcheck.wiring.take_off", lambda machine: False)
    with pytest.raises(SystemExit):
        put_on(machine, ROOM, ROUTER, browser_rules=True)
    monkeypatch.undo()
    assert take_off(machine)
    assert picture(machine) == before
    assert not take_off(machine)


@pytest.mark.parametrize("removed", range(8))
def test_off_may_die_after_any_file_that_it_removes(
    machine: Machine, removed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, unlink, left = picture(machine), Path.unlink, [removed]
    put_on(machine, ROOM, ROUTER, browser_rules=True)

    def dying(path: Path, missing_ok: bool = False) -> None:
        if not path.is_symlink() and not path.exists():
            return
        unlink(path)
        if not left[0]:
            raise SystemExit(9)
        left[0] -= 1

    monkeypatch.setattr(Path, "unlink", dying)
    with pytest.raises(SystemExit):
        take_off(machine)
    monkeypatch.undo()
    assert take_off(machine)
    assert picture(machine) == before
    assert not take_off(machine)


def test_off_may_die_too_and_is_run_again(machine: Machine, tools: Tools) -> None:
    before = picture(machine)
    put_on(machine, ROOM, ROUTER, browser_rules=True)
    tools.deadly = "daemon-reload"
    with pytest.raises(SystemExit):
        take_off(machine)
    tools.deadly = ""
    assert take_off(machine)
    assert picture(machine) == before


def test_rules_that_the_machine_does_not_take_leave_those_that_it_has(machine: Machine, tools: Tools) -> None:
    put_on(machine, ROOM, ROUTER, browser_rules=True)
    laid, files = tools.laid, picture(machine)
    tools.refuse = True
    with pytest.raises(Refusal, match="Rien n'est changé"):
        put_on(machine, ROOM, ROUTER)
    assert (tools.laid, picture(machine)) == (laid, files)


def test_rules_that_the_machine_does_not_take_change_nothing(machine: Machine, tools: Tools) -> None:
    before = picture(machine)
    tools.refuse = True
    with pytest.raises(Refusal, match="syntax error"):
        put_on(machine, ROOM, ROUTER)
    assert picture(machine) == before


def test_on_twice_still_goes_back_to_what_was_before_the_first(machine: Machine) -> None:
    before = picture(machine)
    put_on(machine, ROOM, FLAT, browser_rules=True)
    put_on(machine, ROOM, ROUTER, browser_rules=True)
    assert wiring_status(machine)["wiring"] == "routeur"
    take_off(machine)
    assert picture(machine) == before


def test_a_part_that_somebody_removed_is_told(machine: Machine) -> None:
    put_on(machine, ROOM, ROUTER)
    (machine.root / "etc/e5b/candidats.nft").unlink()
    told = wiring_status(machine)
    assert not told["holds"]
    assert [part["part"] for part in told["parts"] if not part["there"]] == ["/etc/e5b/candidats.nft"]


def test_rules_for_a_card_that_is_not_there_are_refused_and_told_once_it_is_gone(machine: Machine) -> None:
    before = picture(machine)
    with pytest.raises(Refusal, match=r"« ethl ».*eth1"):
        put_on(machine, ROOM, Settings(network=Network(wiring="routeur", interface="ethl")))
    assert picture(machine) == before
    assert put_on(machine, ROOM, ROUTER)["holds"]
    (machine.root / "sys/class/net/eth1").rmdir()
    told = wiring_status(machine)
    assert not told["holds"]
    assert [part["part"] for part in told["parts"] if not part["there"]] == ["la carte eth1"]


def test_rules_that_another_program_emptied_do_not_hold(machine: Machine, tools: Tools) -> None:
    assert put_on(machine, ROOM, ROUTER)["holds"]
    tools.laid = tools.laid.replace("        jump refused\n", "", 1)
    told = wiring_status(machine)
    assert not told["holds"]
    assert [part["part"] for part in told["parts"] if not part["there"]] == ["les règles en vigueur"]


def test_rules_for_a_card_where_candidates_do_not_find_the_room_are_refused_and_told_once_it_moved(
    machine: Machine, tools: Tools
) -> None:
    before = picture(machine)
    tools.address = "198.51.100.7"
    with pytest.raises(Refusal, match=r"« eth1 » n'a pas l'adresse 192\.0\.2\.1.*198\.51\.100\.7"):
        put_on(machine, ROOM, ROUTER)
    assert picture(machine) == before
    tools.address = "192.0.2.1"
    assert put_on(machine, replace(ROOM, listen="0.0.0.0"), ROUTER)["holds"]
    tools.address = "198.51.100.7"
    told = wiring_status(machine)
    assert [part["part"] for part in told["parts"] if not part["there"]] == ["son adresse 192.0.2.1"]
    assert put_on(machine, replace(ROOM, host="salle.examen.test", listen="0.0.0.0"), ROUTER)["holds"]


def test_a_candidates_browser_finds_the_rules_whatever_the_administrators_umask(machine: Machine) -> None:
    before = os.umask(0o077)
    try:
        put_on(machine, ROOM, FLAT, browser_rules=True)
    finally:
        os.umask(before)
    for folder in ("etc/opt", "etc/opt/chrome/policies/managed", "etc/chromium-browser/policies"):
        assert (machine.root / folder).stat().st_mode & 0o777 == 0o755


def test_what_can_not_be_done_is_refused_with_what_to_do(tmp_path: Path, tools: Tools) -> None:
    plain = Machine(tmp_path, tools.run, administrator=False)
    for settings, here in ((ROUTER, False), (FLAT, True)):
        with pytest.raises(Refusal, match="sudo"):
            put_on(plain, ROOM, settings, browser_rules=here)
    with pytest.raises(Refusal, match="--wiring"):
        put_on(plain, ROOM, Settings())
    with pytest.raises(Refusal, match="--interface"):
        put_on(plain, ROOM, Settings(network=Network(wiring="routeur")))
    assert tools.ran == []


def test_who_may_not_read_the_rules_is_not_told_that_they_are_gone(machine: Machine) -> None:
    put_on(machine, ROOM, ROUTER)
    with pytest.raises(Refusal, match="sudo e5b network status"):
        wiring_status(replace(machine, administrator=False))


@pytest.mark.parametrize("wiring", ["plat", "verrou"])
def test_where_nothing_is_laid_here_no_right_is_asked_and_nothing_is_written(
    machine: Machine, wiring: Literal["plat", "verrou"]
) -> None:
    before = picture(machine)
    anybody = replace(machine, administrator=False)
    told = put_on(anybody, ROOM, Settings(network=Network(wiring=wiring)))
    assert told == wiring_status(anybody, wiring)
    assert (told["wiring"], told["holds"]) == (wiring, True)
    assert picture(machine) == before
    put_on(machine, ROOM, ROUTER)
    with pytest.raises(Refusal, match="sudo"):  # what another wiring had laid goes first
        put_on(anybody, ROOM, Settings(network=Network(wiring=wiring)))


def test_where_there_is_no_nftables_nothing_is_laid_and_nothing_left(machine: Machine, tools: Tools) -> None:
    before, run = picture(machine), tools.run

    def lacking(*words: str) -> "CompletedProcess[str]":
        return CompletedProcess(words, 127, "", "") if words[0] == "nft" else run(*words)

    with pytest.raises(Refusal, match="installez le paquet nftables"):
        put_on(replace(machine, run=lacking), ROOM, ROUTER)
    assert picture(machine) == before
    assert not take_off(machine)


@pytest.mark.parametrize("given", ["192.0.2.50-192.0.3.9", "198.51.100.50-198.51.100.99"])
def test_addresses_that_are_not_of_the_cards_network_are_refused(machine: Machine, given: str) -> None:
    before = picture(machine)
    declared = Settings(network=Network(wiring="routeur", interface="eth1", dhcp=given))
    with pytest.raises(Refusal, match=r"« dhcp ».*e5b\.toml"):
        put_on(machine, ROOM, declared)
    assert picture(machine) == before


def test_rules_come_back_with_those_of_the_system(machine: Machine) -> None:
    put_on(machine, ROOM, ROUTER)
    for unit in ("sysinit.target", "nftables.service"):
        assert (machine.root / f"etc/systemd/system/{unit}.wants/e5b-reseau.service").is_symlink()


def test_off_goes_back_also_where_the_engine_does_not_answer(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(room: str, **_: object) -> None:
        raise EngineUnavailable("Docker ne répond pas.")

    before = picture(machine)
    put_on(machine, ROOM, ROUTER)
    monkeypatch.setattr("provisioner.leakcheck.wiring.Machine", lambda: machine)
    monkeypatch.setattr("provisioner.cli.resources.centre", silent)
    with pytest.raises(EngineUnavailable):
        off()
    assert picture(machine) == before


def test_on_a_shared_network_a_script_is_compared_with_the_rooms_own_before_it_runs(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    told = put_on(machine, ROOM, FLAT)
    told["dhcp"] = False
    assert _show(told, ROOM, FLAT, as_json=True) == 0
    given = gateway_files(ROOM, Addresses(IPv4Network("10.213.0.0/22")), FLAT)
    sums = json.loads(capsys.readouterr().out)["scripts"]
    for name in ("poser.sh", "retirer.sh", "poser.cmd", "retirer.cmd"):
        assert sums[name] == sha256(given[f"etc/e5b/pages/poste/{name}"]).hexdigest()
    _show(told, ROOM, FLAT, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert f"echo '{sums['poser.sh']}  poser.sh' | sha256sum -c && sudo sh poser.sh".replace("  ", " ") in shown
    assert f"certutil -hashfile poser.cmd SHA256 | findstr /i {sums['poser.cmd']} && poser.cmd" in shown
