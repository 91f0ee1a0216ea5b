"""Real programs of the machine that the unit tests stand in for: hunspell, npm and systemd."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from provisioner.build.artifacts import Store
from provisioner.context.consistency import misspelled
from provisioner.context.texts import spelled
from provisioner.core.errors import ArtifactMissing
from provisioner.core.model import Status
from provisioner.french import spelling
from provisioner.leakcheck.wiring import Machine, put_on
from tests.conftest import OPTIONAL
from tests.unit import artifacts_server as server
from tests.unit.artifacts_server import Shelf
from tests.unit.test_artifacts import a_tar_gz, artifact, no_proxy, paths, shelf, store
from tests.unit.test_context_check import SCENARIO, scenario
from tests.unit.test_wiring import ROOM, ROUTER, machine, tools


def needs(program: str) -> None:
    """Skip where this program is missing, which `e5b doctor --fix` brings for hunspell and npm."""
    if not shutil.which(program):
        pytest.skip(f"{program} is missing{f' {OPTIONAL}' if program == 'systemctl' else ''}")


def test_hunspell_knows_french() -> None:
    needs("hunspell")
    found = spelling.unknown_words("Bonjour, l’atelié est ouvert à tous. Aujourd’hui, Maëlle Kervoas vous attend.")
    assert found is not None, "hunspell has no French dictionary here"
    assert found.words == ("atelié",)
    assert "Kervoas" in found.names


def test_the_company_writes_french() -> None:
    needs("hunspell")
    assert {"context.toml", "catalogue-professionnels.pdf", "wordpress/accueil.html"} <= set(spelled(SCENARIO))
    assert [f"{one.where}: {one.what}" for one in misspelled(spelled(SCENARIO), SCENARIO)] == []


def test_only_words_that_nobody_knows_are_misspelled(scenario: Path) -> None:
    needs("hunspell")
    texts = {"page": "Malo Quéré vend des gallettes à Plonévez, l’après-midi, avec Add to cart."}
    told = {one.what.removeprefix("mot inconnu : ") for one in misspelled(texts, scenario)}
    assert {"gallettes", "Plonévez", "Add"} <= told
    assert not {"Malo", "Quéré", "l'après-midi"} & told
    (scenario / "words.txt").write_text("gallettes\nPlonévez\nAdd\nto\ncart\n")
    assert list(misspelled(texts, scenario)) == []


def test_npm_brings_a_package_from_the_registry_that_it_is_set_to(
    shelf: Shelf, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("npm")
    body = a_tar_gz()
    version = {
        "name": "@essai/archives",
        "version": "1.0.0",
        "dist": {"tarball": shelf.url("/archives.tgz"), "shasum": hashlib.sha1(body).hexdigest()},
    }
    index = {"name": "@essai/archives", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
    shelf.answers["/@essai%2farchives"] = [server.whole(json.dumps(index).encode(), "")]
    shelf.answers["/archives.tgz"] = [server.whole(body, "")]
    monkeypatch.setenv("npm_config_registry", shelf.url("/"))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ArtifactMissing, match="ne trouve pas ce paquet"):
        store.fetch(artifact(file="builds-2.tgz", npm="@essai/archives@2.0.0"))
    wanted = artifact(file="builds.tgz", npm="@essai/archives@1.0.0")
    assert store.fetch(wanted).path.read_bytes() == body
    assert store.state(wanted).status is Status.PRESENT


def test_systemd_itself_reads_it_as_a_service_that_is_started_with_the_machine(machine: Machine) -> None:
    needs("systemctl")
    put_on(machine, ROOM, ROUTER)
    asked = ["systemctl", f"--root={machine.root}", "is-enabled", "e5b-reseau.service"]
    assert subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "enabled\n"
