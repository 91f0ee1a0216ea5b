"""The doctor sees what is missing, says who must run what, and fixes only what it may."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioner.core.errors import BrowserUnavailable
from provisioner.core.progress import Progress, Quiet
from provisioner.doctor import base_images, container_engine, diagnosis, needs, sandboxed_browser
from provisioner.doctor.diagnosis import Diagnosis
from provisioner.doctor.need import Need, Observation, remedy_of
from provisioner.examination.browser import USER
from provisioner.host import machine
from provisioner.host.machine import CannotFix, NoRight
from provisioner.host.paths import ROOT, Paths

PATHS = Paths(cache=Path("/nowhere/cache"), state=Path("/nowhere/state"), settings=Path("/nowhere/e5b.toml"))

Answer = Callable[[tuple[str, ...]], tuple[int, str, str]]


class Tools:
    """Stands in for every tool of the machine: remembers what was asked, answers what it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.answers: dict[str, tuple[int, str, str]] = {}

    def run(self, *words: str, deadline: float = 0, whole: bool = False) -> "subprocess.CompletedProcess[str]":
        self.asked.append(words)
        line = " ".join(words)
        code, out, err = next((a for part, a in self.answers.items() if part in line), (0, "", ""))
        return subprocess.CompletedProcess(words, code, out, err)


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tools]:
    tools = Tools()
    monkeypatch.setattr(machine, "run", tools.run)
    for module in (container_engine, needs, sandboxed_browser):
        monkeypatch.setattr(module, "run", tools.run)
    for name in ("DOCKER_HOST", *machine.PROXIES):
        monkeypatch.delenv(name, raising=False)
    machine.may_install.cache_clear()
    machine._apt_update.cache_clear()
    yield tools
    machine.may_install.cache_clear()
    machine._apt_update.cache_clear()


def as_user(monkeypatch: pytest.MonkeyPatch, tools: Tools, *, sudo: bool) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    tools.answers["sudo -n true"] = (0 if sudo else 1, "", "")


def report_of(*wanted: Need, fix: bool = False) -> Diagnosis:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagnosis, "needs", lambda paths: wanted)
        return diagnosis.repair(PATHS, Quiet()) if fix else diagnosis.diagnose(PATHS)


def test_a_missing_need_fails_the_report_and_an_optional_one_does_not() -> None:
    def look() -> Observation:
        return Observation(False, "introuvable", advice="appelez")

    assert not report_of(Need("A", look)).ok
    optional = report_of(Need("A", look, optional=True))
    assert optional.ok
    assert optional.json()["needs"] == [
        {"name": "A", "ok": False, "state": "facultatif", "seen": "introuvable", "remedy": "Appelez"}
    ]


def test_what_is_there_is_left_as_it_is() -> None:
    def never(_: Progress) -> None:
        raise AssertionError("fixed without need")

    assert report_of(Need("A", lambda: Observation(True, "là"), never), fix=True).ok


def test_a_fix_is_believed_only_after_a_second_look() -> None:
    installed: list[str] = []
    need = Need("A", lambda: Observation(bool(installed), "vu"), lambda _: installed.append("x"))
    assert report_of(need, fix=True).ok
    assert not report_of(Need("A", lambda: Observation(False, "vu"), lambda _: None), fix=True).ok


def test_a_fix_that_fails_keeps_the_remedy_and_says_why() -> None:
    def fix(_: Progress) -> None:
        raise CannotFix("apt-get a échoué (E: Unable to locate package)")

    (row,) = report_of(Need("A", lambda: Observation(False, "introuvable", advice="appelez"), fix), fix=True).rows
    assert row.seen == "introuvable ; apt-get a échoué (E: Unable to locate package)"
    assert row.remedy == "Appelez"


@pytest.mark.parametrize(
    ("sudo", "wanted"),
    [
        (True, "Lancez : sudo apt-get update && sudo apt-get install npm"),
        (
            False,
            "Une personne qui a le droit d'installer doit lancer : sudo apt-get update && sudo apt-get install npm",
        ),
    ],
)
def test_the_remedy_says_who_must_run_it(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, sudo: bool, wanted: str
) -> None:
    as_user(monkeypatch, tools, sudo=sudo)
    assert remedy_of(["apt-get install npm"]) == wanted


def test_one_sentence_says_all_that_remains(monkeypatch: pytest.MonkeyPatch, tools: Tools) -> None:
    as_user(monkeypatch, tools, sudo=False)
    report = report_of(
        Need("Docker", lambda: Observation(False, "", ("apt-get install docker.io",))),
        Need("Moteur", lambda: Observation(False, "", ("service docker start",), "puis rouvrez votre session")),
        Need("Bases", lambda: Observation(False, "", ("apt-get install mmdebstrap",))),
        Need("npm", lambda: Observation(False, "", ("apt-get install npm",)), optional=True),
        Need("Python", lambda: Observation(True, "3.13")),
    )
    assert report.remedy == (
        "Une personne qui a le droit d'installer doit lancer : sudo apt-get update && sudo apt-get install docker.io "
        "mmdebstrap && sudo service docker start ; puis rouvrez votre session"
    )
    assert report_of(Need("Python", lambda: Observation(True, "3.13"))).remedy == ""
    assert remedy_of(["service docker start"]).endswith("lancer : sudo service docker start")  # installs nothing


def test_nothing_is_installed_without_the_right_to(monkeypatch: pytest.MonkeyPatch, tools: Tools) -> None:
    as_user(monkeypatch, tools, sudo=False)
    with pytest.raises(NoRight):
        machine.apt_install(Quiet(), "npm")
    assert tools.asked == [("sudo", "-n", "true")]


def test_packages_are_installed_by_sudo_and_the_list_is_read_once(
    monkeypatch: pytest.MonkeyPatch, tools: Tools
) -> None:
    as_user(monkeypatch, tools, sudo=True)
    tools.answers["apt-cache show"] = (0, "Package: x", "")
    machine.apt_install(Quiet(), "a")
    machine.apt_install(Quiet(), "b")
    assert tools.asked.count(("sudo", "-n", "apt-get", "update")) == 1
    installs = [words for words in tools.asked if "install" in words]
    assert [words[-1] for words in installs] == ["--download-only", "a", "--download-only", "b"]
    assert all(words[:2] == ("sudo", "-n") for words in installs)


def test_sudo_keeps_the_proxies_that_are_set_and_their_passwords_stay_out_of_the_command(
    monkeypatch: pytest.MonkeyPatch, tools: Tools
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert machine.rooted("apt-get", "update") == ("sudo", "-n", "apt-get", "update")
    monkeypatch.setenv("https_proxy", "http://moi:secret@proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "localhost")
    kept = ("sudo", "-n", "--preserve-env=https_proxy,NO_PROXY", "apt-get", "update")
    assert machine.rooted("apt-get", "update") == kept
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert machine.rooted("apt-get", "update") == ("apt-get", "update")


def test_packages_that_this_release_does_not_have_are_left_out(tools: Tools) -> None:
    tools.answers = {
        "apt-cache show --no-all-versions docker-cli": (100, "", "E: No packages found"),
        "apt-cache show": (0, "Package: docker.io", ""),
    }
    machine.apt_install(Quiet(), "docker.io", "docker-cli")
    assert tools.asked[-1][-1] == "docker.io"


def test_the_list_of_packages_waits_for_another_installation(monkeypatch: pytest.MonkeyPatch, tools: Tools) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("time.sleep", lambda _: tools.answers.clear())
    tools.answers["apt-get update"] = (100, "", "E: Could not get lock /var/lib/apt/lists/lock")
    machine._apt_update()
    assert tools.asked.count(("apt-get", "update")) == 2


@pytest.mark.parametrize(
    ("error", "seen", "remedy"),
    [
        ("Cannot connect to the Docker daemon", "ne répond pas", ""),
        ("permission denied while trying to connect", "marie n'a pas", "usermod --append --groups docker marie"),
    ],
)
def test_an_engine_that_does_not_answer_is_told_from_one_that_refuses(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, error: str, seen: str, remedy: str
) -> None:
    as_user(monkeypatch, tools, sudo=True)
    monkeypatch.setattr("getpass.getuser", lambda: "marie")
    monkeypatch.setattr(container_engine, "in_docker_group", lambda user: False)
    tools.answers["docker"] = (1, "", error)
    found = container_engine.look_at_engine()
    assert not found.ok
    assert seen in found.text
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("version", "enough"),
    [("19.03.15", False), ("20.10.24+dfsg1", True), ("20.10", True), ("28.5.1", True), ("dev", True)],
)
def test_an_engine_whose_networks_the_machine_would_stand_in_is_told_to_be_too_old(
    tools: Tools, version: str, enough: bool
) -> None:
    tools.answers["docker"] = (0, f"{version}\n", "")
    (row,) = [need for need in needs.needs(PATHS) if need.name == "Moteur Docker"]
    seen = row.look()
    assert (seen.ok, seen.text) == (enough, f"répond, version {version}")
    assert enough or seen.remedy == "Installez Docker 20.10, ou un plus récent"


@pytest.fixture
def begun_again(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What this program put in its own place."""
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr("os.execvpe", lambda tool, words, environment: begun.append(tuple(words)))
    monkeypatch.setattr("getpass.getuser", lambda: "marie")
    monkeypatch.setattr(container_engine, "in_docker_group", lambda user: user == "marie")
    monkeypatch.setattr("sys.orig_argv", ["python", "/srv/e5b", "demo", "--json"])
    monkeypatch.setenv("https_proxy", "http://moi:secret@proxy.test:3128")
    monkeypatch.delenv(machine.AGAIN, raising=False)
    return begun


def test_who_was_given_the_engine_a_moment_ago_needs_no_new_session(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, begun_again: list[tuple[str, ...]]
) -> None:
    as_user(monkeypatch, tools, sudo=True)
    tools.answers |= {"setpriv": (0, "", ""), "docker --host": (1, "", "permission denied")}
    container_engine.begin_again_as_member()
    (words,) = begun_again
    assert words[-4:] == (sys.executable, "/srv/e5b", "demo", "--json")
    assert words[:2] == ("sudo", "-n")
    assert {"setpriv", "--init-groups", f"{machine.AGAIN}=1"} <= set(words)
    assert "https_proxy" in words[2].removeprefix("--preserve-env=").split(",")
    assert "secret" not in " ".join(words)
    assert (
        *words[:-4],
        "docker",
        "--host",
        container_engine.SOCKET,
        "version",
    ) in tools.asked  # what showed that it would help


@pytest.mark.parametrize("why_not", ["it is the second time", "no right", "it wouldn't help", "no member", "elsewhere"])
def test_a_command_is_not_begun_again_in_vain(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, begun_again: list[tuple[str, ...]], why_not: str
) -> None:
    as_user(monkeypatch, tools, sudo=why_not != "no right")
    helps = why_not != "it wouldn't help"
    tools.answers |= {"setpriv": (0 if helps else 1, "", ""), "docker --host": (1, "", "permission denied")}
    if why_not == "it is the second time":
        monkeypatch.setenv(machine.AGAIN, "1")
    if why_not == "no member":
        monkeypatch.setattr(container_engine, "in_docker_group", lambda user: False)
    if why_not == "elsewhere":
        monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2375")
    container_engine.begin_again_as_member()
    assert begun_again == []


def test_an_engine_of_another_machine_is_not_started_here(monkeypatch: pytest.MonkeyPatch, tools: Tools) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2375")
    tools.answers["docker"] = (1, "", "Cannot connect")
    assert "DOCKER_HOST" in container_engine.look_at_engine().remedy
    with pytest.raises(CannotFix, match="DOCKER_HOST"):
        container_engine.start(PATHS, Quiet())


@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("tcp://192.0.2.1:2375", False),
        ("192.0.2.1:2375", False),
        ("ssh://marie@192.0.2.1", False),
        ("tcp://127.0.0.1:2375", True),
        ("tcp://0.0.0.0:2375", True),
        ("tcp://localhost", True),
        ("unix:///run/user/1000/docker.sock", True),
    ],
)
def test_an_engine_of_another_machine_is_none_for_a_room(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, address: str, ok: bool
) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    tools.answers["docker"] = (0, "26.1.5", "")
    seen = container_engine.look_at_engine_for_rooms()
    assert seen.ok == ok
    assert ("etirez DOCKER_HOST, les postes" in seen.remedy) != ok


def test_an_engine_without_its_command_is_given_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container_engine, "which", lambda tool: None if tool == "docker" else f"/usr/sbin/{tool}")
    assert "docker-cli" in container_engine.look_at_programs().remedy


def test_a_daemon_that_stops_is_told_with_the_last_line_of_its_log(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, tmp_path: Path
) -> None:
    def dies(log: Path) -> "subprocess.Popen[bytes]":
        log.write_text("starting\nfailed to start daemon: no space\n")
        daemon = subprocess.Popen([sys.executable, "-c", ""])
        daemon.wait()
        return daemon

    tools.answers["pgrep"] = (1, "", "")
    monkeypatch.setattr(machine, "launch_daemon", dies)
    monkeypatch.setattr(machine, "SYSTEMD", tmp_path / "none")
    monkeypatch.setattr(machine, "_mount_cgroups", lambda: None)
    with pytest.raises(CannotFix, match="dockerd s'est arrêté : failed to start daemon: no space"):
        machine.start_engine(Quiet(), lambda: False, tmp_path / "dockerd.log")


def test_a_full_disk_is_a_need_that_no_fix_meets(monkeypatch: pytest.MonkeyPatch, tools: Tools) -> None:
    monkeypatch.setattr(needs, "free_bytes", lambda place: 1 << 30)
    seen = needs.look_at_disk(PATHS)
    assert not seen.ok
    assert "/var/lib/docker et /nowhere/cache" in seen.remedy


def test_what_the_engine_cannot_bound_is_told_and_prevents_nothing(tools: Tools) -> None:
    tools.answers["info"] = (0, '{"NCPU": 4, "CpuCfsQuota": false, "CPUShares": true, "Name": "ailleurs"}', "")
    seen = container_engine.look_at_bounds()
    assert (seen.ok, seen.text) == (False, "sans le processeur, les lectures et les écritures du disque")
    assert "cgroup v2" in seen.remedy
    assert next(need for need in needs.needs(PATHS) if need.name == "Bornes des postes").optional
    tools.answers["info"] = (1, "", "Cannot connect")
    assert container_engine.look_at_bounds().text == "inconnues sans moteur Docker"


def test_a_place_that_does_not_exist_yet_has_the_room_of_its_parent(tmp_path: Path) -> None:
    assert machine.free_bytes(tmp_path / "a" / "b") > 0


@pytest.mark.parametrize(
    ("root", "newuidmap", "enough"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_an_ordinary_user_builds_base_images_with_newuidmap_only(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, root: bool, newuidmap: bool, enough: bool
) -> None:
    tools.answers["image inspect"] = (1, "", "")
    monkeypatch.setattr(base_images, "is_root", lambda: root)
    monkeypatch.setattr(base_images, "which", lambda tool: tool == "mmdebstrap" or (tool == "newuidmap" and newuidmap))
    seen = base_images.look_at_bases()
    assert seen.ok == enough
    assert enough or "newuidmap" in seen.text
    assert enough or "uidmap" in seen.remedy


@pytest.mark.parametrize(
    ("there", "lacks"),
    [
        (["e5b/base-bookworm:latest", "e5b/base-bullseye:latest"], ""),
        (["debian:bookworm-slim", "e5b/base-bullseye:latest"], ""),
        (["debian:bookworm-slim", "debian:bullseye-slim"], ""),
        (["e5b/base-bookworm:latest", "debian:bookworm-slim"], "bullseye"),
        (["e5b/base-bullseye:latest"], "bookworm"),
        ([], "bookworm et bullseye"),
    ],
)
def test_a_machine_to_which_base_images_were_carried_builds_without_mmdebstrap(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, there: list[str], lacks: str
) -> None:
    tools.answers = dict.fromkeys(there, (0, "", "")) | {"image inspect": (1, "", "No such image")}
    monkeypatch.setattr(base_images, "which", lambda tool: None)
    seen = base_images.look_at_bases()
    assert seen.ok == (not lacks)
    if lacks:
        assert seen.text == f"ni mmdebstrap, ni image de Debian {lacks}"
        assert "mmdebstrap" in seen.remedy
    else:
        assert set(seen.text.split(", ")) == set(there)


@pytest.mark.parametrize("carried", [False, True])
def test_base_images_are_pulled_where_nothing_can_be_installed_but_those_that_are_there(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, carried: bool
) -> None:
    as_user(monkeypatch, tools, sudo=False)
    if carried:
        tools.answers["inspect e5b/base-bullseye:latest"] = (0, "", "")
    tools.answers["image inspect"] = (1, "", "No such image")
    base_images.install_bases(Quiet())
    pulled = {words[-1] for words in tools.asked if "pull" in words}
    assert pulled == {"debian:bookworm-slim", "debian:bullseye-slim"} - ({"debian:bullseye-slim"} if carried else set())


def test_a_tool_that_hangs_or_is_missing_is_an_answer_too() -> None:
    assert machine.run(sys.executable, "-c", "import time; time.sleep(9)", deadline=0.1).returncode == 124
    assert machine.run("e5b-no-such-tool").returncode == 127


def test_what_may_not_be_stopped_here_takes_no_interruption_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that sudo started is root's: to stop it is refused."""

    def refused(process: "subprocess.Popen[str]") -> None:
        raise PermissionError

    def interrupted(process: "subprocess.Popen[str]", **_: object) -> None:
        process.wait()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "kill", refused)
    assert machine.run("sleep", "0.5", deadline=0.1).returncode == 124
    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        machine.run("true")


class Works:
    """Stands in for a browser that starts."""

    version = "130"

    def __enter__(self) -> "Works":
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def ubuntu(monkeypatch: pytest.MonkeyPatch, tools: Tools, tmp_path: Path) -> Path:
    """Ubuntu, where root's browser works; the profile of AppArmor that isn't laid yet."""
    monkeypatch.setattr(sandboxed_browser, "is_debian", lambda: False)
    monkeypatch.setattr(sandboxed_browser, "candidate_browser", Works)
    monkeypatch.setattr(sandboxed_browser, "browser_user", lambda: SimpleNamespace(pw_name=USER))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    for name in ("RESTRICTED", "PROFILES", "APPARMOR"):
        monkeypatch.setattr(sandboxed_browser, name, tmp_path / name)
    sandboxed_browser.RESTRICTED.write_text("1\n")
    sandboxed_browser.PROFILES.touch()
    return sandboxed_browser.APPARMOR


def test_what_only_root_can_isolate_is_seen_and_a_profile_lets_everybody(
    ubuntu: Path, monkeypatch: pytest.MonkeyPatch, tools: Tools
) -> None:
    asked: list[str] = []

    def as_root(*words: str, deadline: float = 0) -> None:
        asked.append(words[0])
        if words[0] == "install":
            assert words[-1] == str(ubuntu)
            ubuntu.write_text(Path(words[-2]).read_text())

    monkeypatch.setattr(sandboxed_browser, "as_root", as_root)
    for there in ("", 'profile e5b-reseau "/srv/another/provisioner/examination/unprivileged.sh"'):
        ubuntu.write_text(there)
        seen = sandboxed_browser.look_at_browser()
        assert not seen.ok
        assert seen.remedy == f"Lancez : {ROOT}/e5b doctor --fix"
    sandboxed_browser.install_browser(Quiet())
    assert asked == ["install", "apparmor_parser"]
    assert not [words for words in tools.asked if "chromium" in words]  # one that works is there
    assert sandboxed_browser.look_at_browser().ok


@pytest.mark.parametrize("why_not", ["nothing is restricted", "no profile can be laid"])
def test_no_profile_is_wanted_where_it_would_change_nothing(ubuntu: Path, tools: Tools, why_not: str) -> None:
    (sandboxed_browser.RESTRICTED if why_not == "nothing is restricted" else sandboxed_browser.PROFILES).unlink()
    assert sandboxed_browser.look_at_browser().ok
    sandboxed_browser.install_browser(Quiet())
    assert not [words for words in tools.asked if words[0] in ("install", "apparmor_parser")]


def test_who_must_install_the_browser_is_told_where_the_program_is(
    ubuntu: Path, monkeypatch: pytest.MonkeyPatch, tools: Tools
) -> None:
    def broken() -> Works:
        raise BrowserUnavailable("Chromium ne démarre pas ; lancez : e5b doctor --fix.")

    as_user(monkeypatch, tools, sudo=False)
    monkeypatch.setattr(sandboxed_browser, "candidate_browser", broken)
    assert sandboxed_browser.look_at_browser().remedy.endswith(f"doit lancer : sudo {ROOT}/e5b doctor --fix")


@pytest.mark.parametrize("debian", [True, False])
def test_the_first_start_names_all_that_the_doctor_will_so_that_whoever_may_install_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, tmp_path: Path, debian: bool
) -> None:
    def none() -> Works:
        raise BrowserUnavailable("Chromium est introuvable.")

    as_user(monkeypatch, tools, sudo=False)
    tools.answers |= {"docker": (127, "", "docker est introuvable")}
    monkeypatch.setattr("getpass.getuser", lambda: "marie")
    monkeypatch.setattr(container_engine, "in_docker_group", lambda user: False)
    for module in (base_images, container_engine, needs, sandboxed_browser):
        monkeypatch.setattr(module, "which", lambda tool: None)
    monkeypatch.setattr(needs, "free_bytes", lambda place: 1 << 40)
    monkeypatch.setattr(sandboxed_browser, "is_debian", lambda: debian)
    monkeypatch.setattr(sandboxed_browser, "candidate_browser", none)
    who, _, wanted = diagnosis.diagnose(PATHS).remedy.partition(" doit lancer : ")
    assert who == "Une personne qui a le droit d'installer"
    bootstrap = (ROOT / "bootstrap.sh").read_text()
    functions = bootstrap[bootstrap.index("has() {") : bootstrap.index("if ! python=$(find_python)")].replace(
        ":/usr/sbin:/sbin", ""
    )
    for name, does in (
        ("id", "echo marie"),
        ("grep", f"exit {not debian:d}"),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    told = subprocess.run(
        ["/bin/sh", "-eu", "-c", f"here='{ROOT}'; {functions}lacking"],
        env={"PATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    assert told == wanted.replace("install ", "install python3-venv ", 1)
