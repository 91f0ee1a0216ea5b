"""./e5b from a clone: what becomes of a machine on which its environment can't be made, and of an interruption."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from provisioner.host.paths import ROOT

#: Stands in for Python: makes an environment and installs at once, or does what VENV or PIP say.
PYTHON = """#!/bin/sh
case "$*" in
*"-m venv"*)
    eval "$VENV"
    mkdir -p "$4/bin" && cp "$0" "$4/bin/python" && echo "$4/bin/python" >"$4/bin/pip"
    printf '#!/bin/sh\\necho "e5b $*"\\n' >"$4/bin/e5b" && chmod 755 "$4/bin/e5b" ;;
*"-m pip"*) eval "$PIP" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone, as far as its first start needs one, and a Python of ours before the machine's."""
    return cloned(tmp_path / "clone")


def cloned(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name in ("e5b", "bootstrap.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "bin").mkdir()
    (folder / "bin/python3").write_text(PYTHON)
    (folder / "bin/python3").chmod(0o755)
    return folder


def begun(clone: Path, venv: str = "", pip: str = "", at: Path | None = None) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PATH": f"{clone}/bin:{os.environ['PATH']}", "VENV": venv, "PIP": pip}
    return subprocess.Popen(
        [str(clone / "e5b"), "status", "a b"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=at,
    )


def until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not there():
        assert time.monotonic() < end
        time.sleep(0.01)


def runs(stat: Path) -> bool:
    with suppress(OSError):  # it ended
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_the_first_start_makes_the_environment_and_runs_the_program_and_the_next_only_runs_it(clone: Path) -> None:
    assert ended(begun(clone)) == (0, "e5b status a b\n", "Préparation de l'environnement Python…\n")
    assert ended(begun(clone)) == (0, "e5b status a b\n", "")


def test_what_was_made_for_developers_serves_the_program_too_and_asks_no_network_again(clone: Path) -> None:
    environment = {**os.environ, "PATH": f"{clone}/bin:{os.environ['PATH']}", "VENV": "", "PIP": ""}
    subprocess.run(["sh", str(clone / "bootstrap.sh"), "dev"], env=environment, capture_output=True, check=True)
    assert ended(begun(clone, pip="exit 1")) == (0, "e5b status a b\n", "")


def test_an_environment_whose_python_is_another_by_now_or_has_no_pip_is_made_anew(clone: Path) -> None:
    assert ended(begun(clone))[0] == 0
    (clone / "newer").write_text((clone / ".venv/bin/python").read_text())
    (clone / "newer").chmod(0o755)
    (clone / ".venv/bin/python").unlink()
    (clone / ".venv/bin/python").symlink_to(clone / "newer")
    lacks = f'case "$*" in *--version*) [ -e {clone}/again ] ;; esac'
    code, out, err = ended(begun(clone, venv=f"touch {clone}/again; rm .venv/bin/python", pip=lacks))
    assert (code, out, err) == (0, "e5b status a b\n", "Préparation de l'environnement Python…\n")
    assert (clone / "again").exists()


def test_an_environment_that_is_another_clones_stays_whole(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "autre"
    other.mkdir()
    (other / "outil").touch()
    (clone / ".venv").symlink_to(other)
    assert ended(begun(clone))[0] == 0
    assert [path.name for path in other.iterdir()] == ["outil"]
    assert not (clone / ".venv").is_symlink()


def test_the_first_start_too_runs_the_program_where_its_caller_is(clone: Path, tmp_path: Path) -> None:
    """A list of candidates, an archive, a folder of a stick are named by where the caller stands."""
    (tmp_path / "ailleurs").mkdir()
    shows = f"pwd >{clone}/prepared; echo pwd >>{clone}/.venv/bin/e5b"
    code, out, _ = ended(begun(clone, pip=shows, at=tmp_path / "ailleurs"))
    assert (code, out) == (0, f"e5b status a b\n{tmp_path}/ailleurs\n")
    assert (clone / "prepared").read_text() == f"{clone}\n"


def test_of_two_first_starts_at_once_one_waits_and_finds_it_made(clone: Path) -> None:
    first = begun(clone, pip=f"echo pip >>{clone}/asked; while [ ! -e {clone}/go ]; do sleep 0.02; done")
    until((clone / "asked").exists)
    second = begun(clone, venv=f"echo venv >>{clone}/asked")
    assert second.stderr is not None
    assert second.stderr.readline() == "Une autre commande prépare l'environnement Python : attente…\n"
    (clone / "go").touch()
    assert ended(first) == (0, "e5b status a b\n", "Préparation de l'environnement Python…\n")
    assert ended(second) == (0, "e5b status a b\n", "")
    assert (clone / "asked").read_text() == "pip\n"


def test_who_waits_for_another_start_can_be_interrupted_and_takes_over_from_one_that_failed(clone: Path) -> None:
    first = begun(clone, pip=f"touch {clone}/begun; while [ ! -e {clone}/go ]; do sleep 0.02; done; exit 1")
    until((clone / "begun").exists)
    weary, patient = begun(clone), begun(clone)
    for waits in (weary, patient):
        assert waits.stderr is not None
        assert waits.stderr.readline().startswith("Une autre commande prépare")
    weary.send_signal(signal.SIGTERM)
    assert ended(weary)[0] == 130
    (clone / "go").touch()
    assert ended(first)[0] == 3
    assert ended(patient) == (0, "e5b status a b\n", "Préparation de l'environnement Python…\n")


def test_the_lock_is_no_longer_held_while_the_program_runs(clone: Path) -> None:
    serving = begun(clone, pip=f"echo 'touch {clone}/runs; exec sleep 600' >>{clone}/.venv/bin/e5b")
    until((clone / "runs").exists)
    (clone / "pyproject.toml").write_text("changed")
    try:
        code, _, err = ended(begun(clone, pip="exit 1"))
    finally:
        os.killpg(serving.pid, signal.SIGKILL)
        serving.communicate()
    assert (code, err.splitlines()[0]) == (3, "Préparation de l'environnement Python…")


def test_installing_by_sudo_keeps_the_proxies_and_never_shows_them(tmp_path: Path) -> None:
    whole = (ROOT / "bootstrap.sh").read_text()
    function = whole[whole.index("as_root() {") :].partition("\n}\n")[0] + "\n}\n"
    for name, does in (("id", "echo 1000"), ("sudo", 'echo "$*"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    plain = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    given = {"https_proxy": "http://moi:secret@proxy.test:3128", "NO_PROXY": "localhost", "FTP_PROXY": "no"}
    for environment, told in (
        (plain, "-n apt-get update"),
        (plain | given, "-n --preserve-env=NO_PROXY,https_proxy apt-get update"),
    ):
        ran = subprocess.run(
            ["sh", "-eu", "-c", f"{function}as_root apt-get update"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.splitlines()[-1] == told


def test_what_prepares_the_machine_knows_a_proxy_that_is_named_in_capitals(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.delenv("https_proxy", raising=False)
    assert ended(begun(clone, pip=f'echo "$https_proxy" >{clone}/told'))[0] == 0
    assert (clone / "told").read_text() == "http://proxy.test:3128\n"


def test_an_environment_that_cannot_be_made_is_told_in_french_with_disk_and_rights(clone: Path) -> None:
    code, out, err = ended(begun(clone, venv="echo 'Error: [Errno 13] Permission denied'; exit 1"))
    assert (code, out) == (3, "")
    assert err.splitlines()[-1] == (
        f"e5b : Le dossier {clone}/.venv n'a pas pu être préparé : vérifiez la place sur le disque et le droit d'y "
        "écrire, puis recommencez."
    )
    assert "Error" not in err


def test_packages_that_cannot_be_installed_are_not_blamed_on_the_network_alone(clone: Path) -> None:
    code, out, err = ended(begun(clone, pip="exit 1"))
    assert (code, out) == (3, "")
    assert err.splitlines()[-1] == (
        "e5b : L'installation des paquets Python a échoué : vérifiez l'accès au réseau, la place sur le disque et le "
        f"droit d'écrire dans {clone}/.venv, puis recommencez."
    )
    assert ended(begun(clone)) == (0, "e5b status a b\n", "Préparation de l'environnement Python…\n")


@pytest.mark.parametrize("everyone", [False, True], ids=["itself", "its group"])
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_an_interruption_ends_the_preparation_at_once_and_says_so(
    clone: Path, by: signal.Signals, everyone: bool
) -> None:
    # What pip itself began is in its turn.
    process = begun(clone, pip=f"sleep 600 & echo $$ $! >{clone}/part; mv {clone}/part {clone}/pip; wait")
    until(lambda: (clone / "pip").exists() or process.poll() is not None)
    assert process.poll() is None
    if everyone:
        os.killpg(process.pid, by)
    else:
        process.send_signal(by)
    code, _, err = ended(process)
    assert code == 130
    assert err.splitlines()[-1] == "e5b : Interrompu : relancez la commande, elle reprendra la préparation."
    installing = [Path("/proc", one, "stat") for one in (clone / "pip").read_text().split()]
    until(lambda: not any(runs(one) for one in installing))
