"""What a technician may do wrong, or meet, where no engine is needed: told in one sentence, nothing lost."""

import hashlib
import os
import random
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import Program, interrupting
from tests.unit import artifacts_server as server

INTERRUPTED = "Interrompu : rien n'est resté à moitié fait, relancez la commande quand vous voudrez."
BODY = random.Random(5).randbytes(300_000)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    (tmp_path / "e5b.toml").touch()
    return Program(
        {
            "E5B_CACHE": str(tmp_path / "cache"),
            "E5B_STATE": str(tmp_path / "state"),
            "E5B_CONFIG": str(tmp_path / "e5b.toml"),
            "DOCKER_HOST": f"unix://{tmp_path}/none.sock",
        }
    )


@pytest.fixture
def shelf() -> Iterator[server.Shelf]:
    with server.shelf() as shelf:
        yield shelf


def pinned(*urls: str) -> str:
    """Python that leaves the program one archive from each of these addresses."""
    return (
        "from provisioner.cli import machine as commands_machine\n"
        "from provisioner.core.model import Artifact\n"
        f"commands_machine._pinned = lambda *_, **__: [Artifact(url[-8:-4], '1', url[-8:], (url,), "
        f"sha256={hashlib.sha256(BODY).hexdigest()!r}) for url in {urls!r}]"
    )


def test_a_truncated_archive_is_not_installed_and_is_told_with_what_to_do(
    program: Program, tmp_path: Path, shelf: server.Shelf
) -> None:
    store = tmp_path / "cache" / "artifacts"
    store.mkdir(parents=True)
    (store / "lent.zip").write_bytes(BODY[:1000])
    shelf.answers["/lent.zip"] = [server.refusal(404)]
    program = program.changed(pinned(shelf.url("/lent.zip")))
    listed = program.run("artifacts", "list")
    assert "n'est pas la bonne" in " ".join(listed.out.split())
    ran = program.run("artifacts", "fetch")
    assert ran.code == 3
    assert "lent.zip n'a pas pu être obtenue, et rien n'a été installé" in ran.sentence
    assert "Relancez « e5b artifacts fetch »" in ran.sentence
    assert (store / "lent.zip").read_bytes() == BODY[:1000]


def test_an_archive_that_cannot_be_had_keeps_no_other_from_coming(
    program: Program, tmp_path: Path, shelf: server.Shelf
) -> None:
    shelf.answers["/loin.zip"] = [server.refusal(404)]
    shelf.answers["/pres.zip"] = [server.whole(BODY)]
    ran = program.changed(pinned(shelf.url("/loin.zip"), shelf.url("/pres.zip"))).run("artifacts", "fetch")
    assert ran.code == 3
    assert "loin.zip n'a pas pu être obtenue" in ran.sentence
    assert (tmp_path / "cache" / "artifacts" / "pres.zip").read_bytes() == BODY


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_download_keeps_what_arrived_and_goes_on_from_there(
    program: Program, tmp_path: Path, shelf: server.Shelf, by: int
) -> None:
    store, until = tmp_path / "cache" / "artifacts", threading.Event()
    shelf.answers["/lent.zip"] = [server.stuck(BODY, 100_000, until), server.whole(BODY)]
    program = program.changed(pinned(shelf.url("/lent.zip")))
    try:
        ran = program.interrupted("artifacts", "fetch", at=r"lent\.zip : 0\.", by=by)
    finally:
        until.set()
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert not (store / "lent.zip").exists()
    assert program.run("artifacts", "fetch").code == 0
    assert (store / "lent.zip").read_bytes() == BODY
    assert not list(store.glob("*.part*"))


@pytest.mark.parametrize("during", ["checksums", "copy", "settle"])
def test_an_interrupted_import_leaves_no_half_of_an_archive(program: Program, tmp_path: Path, during: str) -> None:
    store, stick = tmp_path / "cache" / "artifacts", tmp_path / "stick"
    stick.mkdir()
    (stick / "lent.zip").write_bytes(BODY)
    program = program.changed(pinned("http://127.0.0.1:9/lent.zip"))
    cut = program.changed(f"{pinned('http://127.0.0.1:9/lent.zip')}\n{interrupting('build.artifacts', during)}")
    ran = cut.run("artifacts", "import", str(stick))
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert not [path for path in store.glob("*") if "lent" in path.name and path.name != ".lent.zip.lock"]
    assert program.run("artifacts", "import", str(stick)).code == 0
    assert (store / "lent.zip").read_bytes() == BODY


def test_ctrl_c_while_the_program_loads_is_a_sentence_too(program: Program) -> None:
    first = (
        "import builtins, os, signal\n"
        "real = builtins.__import__\n"
        "def slow(name, *rest, **named):\n"
        "    if name == 'provisioner.cli.main':\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *rest, **named)\n"
        "builtins.__import__ = slow"
    )
    ran = program.changed(first).run("functions")
    assert ran.code == 130
    assert ran.sentence == "Interrompu : rien n'a été commencé, relancez la commande quand vous voudrez."
    assert ran.out == ""


def test_what_fails_in_a_library_while_the_program_ends_is_not_told_under_the_sentence(program: Program) -> None:
    first = (
        "import builtins\n"
        "class Unfinished:\n"
        "    def __del__(self): raise AttributeError\n"
        "builtins.left = Unfinished()"  # goes among the last
    )
    ran = program.changed(first).run("subject", "check", "nirgends")
    assert ran.code == 2
    assert ran.sentence


def test_what_a_library_left_unfinished_is_not_told_under_the_sentence(program: Program) -> None:
    first = (
        "import os, signal\n"
        "from provisioner.subject import subjects\n"
        "async def launch(): pass\n"
        "def interrupted(*rest):\n"
        "    unfinished = launch()\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "subjects.load_subject = interrupted"
    )
    ran = program.changed(first).run("subject", "check", "wordpress-a")
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)


def test_a_limit_on_the_size_of_files_is_a_full_disk(program: Program, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "lent.zip").write_bytes(BODY)
    first = (
        pinned("http://127.0.0.1:9/lent.zip")
        + "\nimport resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (9999, 9999))"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    ran = program.changed(first).run("artifacts", "import", str(tmp_path / "stick"))
    assert ran.code == 3
    assert "est plein : libérez de la place" in ran.sentence
    assert not [path for path in (tmp_path / "cache").rglob("*.zip") if path.is_file()]


@pytest.mark.parametrize("words", [("subject", "check", "none"), ("subject", "check", "none", "--json")])
def test_a_command_without_a_standard_output_says_its_sentence(program: Program, words: tuple[str, ...]) -> None:
    ran = program.changed("import sys\nsys.stdout = None").run(*words)
    assert ran.code == 2
    assert "none" in ran.sentence


@pytest.mark.parametrize("words", [("artifacts", "list"), ("artifacts", "list", "--json")])
def test_an_answer_that_has_no_room_where_it_goes_is_exit_3(program: Program, words: tuple[str, ...]) -> None:
    to_the_full = "import os, sys\nos.dup2(os.open('/dev/full', os.O_WRONLY), 1)"
    ran = program.changed(to_the_full).run(*words)
    assert ran.code == 3
    assert ran.sentence.startswith("Le disque où va la réponse est plein")


#: An ordinary user, who may install nothing, on a machine that has no browser.
_BARE = """
import sys
from provisioner.host import machine; from provisioner.doctor import need, needs, sandboxed_browser
from provisioner.core.errors import BrowserUnavailable
machine.may_install = need.may_install = sandboxed_browser.may_install = lambda: False
def install(progress):
    raise machine.NoRight
def browser():
    raise BrowserUnavailable("Aucun navigateur Chromium n'est installé ; lancez : e5b doctor --fix.")
needs.install_browser, sandboxed_browser.candidate_browser = install, browser
sandboxed_browser.PLAYWRIGHT = (sys.executable, "-c", "")  # its own program needs libraries of the machine
"""


def test_without_docker_and_browser_the_doctor_and_the_demonstration_say_what_to_do(program: Program) -> None:
    program = program.changed(_BARE, COLUMNS="300")
    told = program.run("doctor")
    assert told.code == 3
    seen = " ".join(told.out.split())
    assert "none.sock ne répond pas" in seen
    assert "Aucun navigateur Chromium n'est installé" in seen
    assert "Corrigez ou retirez DOCKER_HOST" in seen or "corrigez ou retirez DOCKER_HOST" in seen
    ran = program.run("demo")
    assert ran.code == 3
    assert ran.sentence.startswith("Cette machine n'est pas prête : ")
    assert "Aucun navigateur Chromium n'est installé" in ran.sentence


def test_under_nohup_a_closed_terminal_stops_nothing(program: Program) -> None:
    first = (
        "import os, signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nfrom provisioner.core import interruption\n"
    )
    first += "watch = interruption.watch\n"
    first += "interruption.watch = lambda stop: (watch(stop), os.kill(os.getpid(), signal.SIGHUP))"
    assert program.changed(first).run("functions").code == 0


def test_a_file_is_where_the_state_folder_should_be(program: Program, tmp_path: Path) -> None:
    """Needs no engine: the doctor writes nothing there, an unforeseen error would."""
    (tmp_path / "state").write_text("")
    first = (
        "from provisioner.subject import subjects\ndef boom():\n    raise RuntimeError\nsubjects.proving_checks = boom"
    )
    ran = program.changed(first).run("functions")
    assert ran.code == 3
    assert ran.sentence == "Erreur imprévue (RuntimeError). Recommencez ; si elle revient, signalez-la."
    assert os.path.getsize(tmp_path / "state") == 0  # noqa: PTH202


#: A machine where apt-get needs a second to install, and is sent Ctrl-C with all of the program's group meanwhile.
_APT = """#!/bin/sh
case "$*" in
*--download-only*) ;;
*install*) echo begun >>"$SEEN"; kill -INT "-$GROUP"; sleep 0.5; echo whole >>"$SEEN" ;;
esac
"""
_LACKING = """
import os
from provisioner.doctor import diagnosis, need; from provisioner.host import machine
os.environ["GROUP"] = str(os.getpgrp())
machine.is_root = lambda: True
lacking = need.Need("npm", lambda: need.Observation(False, "introuvable"), lambda done: machine.apt_install(done, "npm"))
diagnosis.needs = lambda paths: (lacking,)
"""


def test_an_installation_that_is_interrupted_is_whole(program: Program, tmp_path: Path) -> None:
    tools, seen = tmp_path / "bin", tmp_path / "seen"
    tools.mkdir()
    for name, text in (("apt-get", _APT), ("apt-cache", "#!/bin/sh\necho Package: npm\n")):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    ran = program.changed(_LACKING, PATH=f"{tools}:{os.environ['PATH']}", SEEN=str(seen)).run("doctor", "--fix")
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert seen.read_text().split() == ["begun", "whole"]
