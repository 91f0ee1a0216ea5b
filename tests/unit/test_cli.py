"""The command line: exit codes, JSON alone on standard output, errors in one French sentence."""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main

from provisioner.build.artifacts import TransferResult
from provisioner.cli import main, resources
from provisioner.cli.commands import HEADINGS, RENAMED
from provisioner.cli.main import NOT_LOGGED
from provisioner.core.errors import (
    ArtifactMissing,
    Busy,
    EngineError,
    EngineUnavailable,
    ProvisionerError,
    StationLeaks,
)
from provisioner.core.interruption import SIGNALS
from provisioner.core.model import Artifact, Conformity, Credentials, Golden, Resolved, Stack, Station, Verdict
from provisioner.core.records import MISSING, SittingRecord
from provisioner.exam import autosnapshot, open_room, reset, times
from provisioner.host import debug_log
from provisioner.host.editions import load_stacks
from provisioner.host.settings import Settings
from provisioner.leakcheck import short_proof
from provisioner.station import centre as centre_module
from provisioner.station import lifecycle, shared_site, spares
from provisioner.station.state import REPORT_JSON
from provisioner.subject.subjects import subject_ids
from tests.command import Program
from tests.unit import test_again

SUBJECT = "wordpress-a"
#: What a state folder answers in a room for practice.
PRACTICE_RECORDS: dict[str, Any] = {
    "present": lambda: datetime.now(UTC),
    "exam": lambda _: False,
    "entries": lambda _: (),
    "record": lambda _: SittingRecord(practice=True),
}


def everywhere(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    """Replace a function for the use-cases of the exam day and for the commands that ask for it themselves."""
    modules = (autosnapshot, centre_module, lifecycle, open_room, reset, shared_site, short_proof, spares, times)
    having = [module for module in modules if hasattr(module, name)]
    assert having
    for module in having:
        monkeypatch.setattr(module, name, value)


@dataclass(frozen=True)
class Said:
    """What a command left: its exit code and its two outputs."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No folder of the user's, and no engine."""
    for name in ("CACHE", "STATE"):
        monkeypatch.setenv(f"E5B_{name}", str(tmp_path / name.lower()))
    (tmp_path / "e5b.toml").touch()
    monkeypatch.setenv("E5B_CONFIG", str(tmp_path / "e5b.toml"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-engine.sock")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """The program takes the signals for itself; the tests' own come back."""
    before = {one: signal.getsignal(one) for one in SIGNALS}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)
    debug_log.stop()


@contextmanager
def _in_no_book(centre: Any, *_: object, **__: object) -> Iterator[Any]:
    """As `booked.act`, for rooms that are none: test_booked.py has a room."""
    yield SimpleNamespace(centre=centre, done=lambda *_: None, failed=lambda *_: None, text="")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(
        "provisioner.exam.autosnapshot.ensure_running", lambda _: None
    )  # the rooms of these tests are none
    monkeypatch.setattr("provisioner.cli.booked.act", _in_no_book)

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["e5b", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, out, err)

    return run


def sentence_of(said: Said) -> str:
    """The one sentence of an error; fails on a traceback or on an English default."""
    (line,) = said.err.splitlines()
    assert line.startswith("e5b : ")
    assert line.endswith((".", " ?"))
    for english in ("Traceback", "Error", "Usage", "No such", "Missing", "Invalid", "Try ", "Did you", "requires"):
        assert english not in line
    return line.removeprefix("e5b : ")


def test_a_terminal_that_is_not_utf8_gets_every_result_and_a_program_a_document_that_it_can_read() -> None:
    old = Program({"PYTHONIOENCODING": "ascii"})
    shown, told = old.run("artifacts", "list"), old.run("functions", "--json")
    assert (shown.code, shown.err) == (0, "")
    assert "\\xc9tat" in shown.out
    assert told.out.isascii()
    assert "é" in json.dumps(json.loads(told.out), ensure_ascii=False)


def test_a_valid_subject_is_fine(run: Run) -> None:
    said = run("subject", "check", SUBJECT)
    assert said.code == 0
    assert "est valable" in said.out
    assert said.err == ""


def test_json_goes_alone_to_standard_output(run: Run) -> None:
    said = run("subject", "check", SUBJECT, "--json")
    assert said.code == 0
    assert (said.json["id"], said.json["valid"]) == (SUBJECT, True)
    assert said.err == ""


def test_the_list_in_json_has_each_fact_with_its_checks(run: Run) -> None:
    rows = {row["id"]: row for row in run("functions", "--json").json["functionalities"]}
    facts = {fact["text"]: fact for fact in rows["wordpress.navigation.reglages"]["facts"]}
    assert facts["articles par page"]["checks"] == ["wordpress.navigation.reading_settings"]
    assert not facts["articles par page"]["judged"]
    assert rows["wordpress.contenu.rediger"]["facts"][2]["judged"]
    only = run("functions", "--cms", "prestashop", "--json").json["functionalities"]
    assert {row["cms"] for row in only} == {"prestashop"}


def test_the_list_says_how_far_each_fact_is_proven(run: Run) -> None:
    rows = run("functions", "--json", "--cms", "prestashop").json["functionalities"]
    proofs = [fact["proof"] for row in rows for fact in row["facts"] if fact["checks"]]
    assert proofs
    assert {proof["stack"] for proof in proofs} == {"prestashop-2024"}
    assert {proof["state"] for proof in proofs} <= {"proven", "earlier", "outdated", "missing"}
    said = " ".join(run("functions", "--cms", "prestashop").out.split())
    assert all(proof["text"] in said for proof in proofs)


def test_the_ledger_is_counted_without_an_engine_and_what_is_to_prove_is_exit_1(run: Run) -> None:
    said = run("prove", "--ledger", "--json")
    editions = {edition["stack"]: edition for edition in said.json["editions"]}
    assert {"wordpress-2024", "prestashop-2024"} <= set(editions)
    for edition in editions.values():
        assert sum(edition[count] for count in ("proven", "earlier", "outdated", "missing")) == edition["steps"] > 0
    left = any(edition["outdated"] or edition["missing"] for edition in editions.values())
    assert said.code == int(left)
    one = run("prove", "--ledger", "--stack", "wordpress-2024")
    assert one.out.startswith("wordpress-2024, ")
    assert "prestashop" not in one.out
    none = run("prove", "--ledger", "--stack", "wordpress-trial-clairepine")
    assert none.out.startswith("wordpress-trial-clairepine : aucun sujet n'y est encore prouvé")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["prove", "--untouched", "--subject", "wordpress-a"],
            "« --untouched », « --altered » et « --roads » partent des exemples des contrôles",
        ),
        (["prove", "--altered", "--subject", "wordpress-a"], "ils ne vont pas avec --subject."),
        (["prove", "--altered", "--roads"], "« --roads » sont trois preuves : lancez-les l'une après l'autre."),
        (["prove", "--ledger", "--altered"], "« --ledger » compte toutes les preuves d'une édition"),
        (["prove", "--ledger", "--untouched"], "« --ledger » compte toutes les preuves d'une édition"),
        (["prove", "--ledger", "--changed"], "« --ledger » compte toutes les preuves d'une édition"),
        (["prove", "--merge", ".", "--ledger"], "« --merge » reprend les preuves d'une autre copie"),
        (["prove", "--merge", "/nulle-part"], "n'a pas de registre de preuves"),
        (["frobnicate"], "La commande « frobnicate » n'existe pas. Voyez « e5b --help »."),
        (["chek"], "La commande « chek » n'existe pas. Vouliez-vous dire « check » ? Voyez « e5b --help »."),
        (["archive", "vrify"], "Vouliez-vous dire « verify » ? Voyez « e5b archive --help »."),
        (["--verbose=3", "status"], "L'option « --verbose » ne prend pas de valeur. Voyez « e5b --help »."),
        (["--room", "b", "status"], "L'option « --room » se met après la commande. Voyez « e5b --help »."),
        (["--romo", "b", "status"], "L'option « --romo » n'existe pas. Voyez « e5b --help »."),
        (["status", "-x"], "L'option « -x » n'existe pas. Voyez « e5b status --help »."),
        (["archive", "purge"], "Il manque « DATE ». Voyez « e5b archive purge --help »."),
        (
            ["start", "1", "--extra", "500"],
            "La valeur de « MINUTES » ne convient pas : il faut un nombre entier, de 0 à 120.",
        ),
        (["artifacts", "frobnicate"], "Voyez « e5b artifacts --help »."),
        (["status", "poste-01"], "Trop de mots : « poste-01 ». Voyez « e5b status --help »."),
        (["status", "--rom", "x"], "L'option « --rom » n'existe pas. Vouliez-vous dire « --room » ?"),
        (["credentials"], "Il manque « POSTE ». Voyez « e5b credentials --help »."),
        (["artifacts", "import"], "Il manque « DOSSIER ». Voyez « e5b artifacts import --help »."),
        (["up", "deux"], "La valeur de « NOMBRE » ne convient pas : il faut un nombre entier, 1 ou plus."),
        (["up", "0"], "La valeur de « NOMBRE » ne convient pas : il faut un nombre entier, 1 ou plus."),
        (["up", "--stack"], "L'option « --stack » demande une valeur. Voyez « e5b up --help »."),
        (["status", "--json=oui"], "L'option « --json » ne prend pas de valeur. Voyez « e5b status --help »."),
        (["reset", "--room"], "L'option « --room » demande une valeur."),
        (["up", "2"], "Dites quel sujet, par exemple « e5b up 2 --subject wordpress-a »."),
        (["subject", "check", "nope"], "Le sujet « nope » n'existe pas. Sujets connus : "),
        (["subject", "check", "/nope.toml"], "Le fichier /nope.toml n'existe pas : vérifiez son nom et son chemin."),
        (["build", "nope"], "Éditions connues : prestashop-2024, "),
        (["functions", "--cms", "drupal"], "CMS connus : wordpress, prestashop."),
        (["prove", "--functionality", "nope"], "Voyez « e5b functions »."),
        (
            ["functions", "--session", "1999"],
            "La liste de la session « 1999 » n'est pas connue : 2024, 2025, 2026 le sont.",
        ),
        (["subject", "check", "wordpress-a", "--session", "1999"], "La session « 1999 » n'est pas connue."),
        (["demo", "--stack", "wordpress-2024", "--session", "2024"], "donnez l'un ou l'autre"),
        (
            ["prove", "--functionality", "wordpress.referencement.yoast", "--stack", "wordpress-trial"],
            "wordpress-trial n'a pas ce que ces contrôles demandent : choisissez une autre édition avec --stack.",
        ),
        (["artifacts", "--json", "list"], "« e5b artifacts list --json »"),
    ],
)
def test_a_mistake_in_the_words_is_one_french_sentence_and_exit_2(run: Run, words: list[str], says: str) -> None:
    said = run(*words)
    assert said.code == 2
    assert says in sentence_of(said)
    assert said.out == "" or "--json" in words


@pytest.mark.parametrize("words", [["frobnicate"], ["credentials"], ["up", "deux"], ["subject", "check", "nope"]])
def test_with_json_a_mistake_is_json_too(run: Run, words: list[str]) -> None:
    said = run(*words, "--json")
    assert said.code == 2
    assert said.json == {"error": sentence_of(said), "exit": 2}


@pytest.mark.parametrize("words", [[], ["subject"], ["network"]])
def test_a_command_that_is_missing_shows_the_help(run: Run, words: list[str]) -> None:
    said = run(*words)
    assert said.code == 2
    assert "Montre cette aide." in said.out
    assert sentence_of(said) == "Dites quelle commande."


def test_a_wrong_setting_is_exit_2_with_its_file_and_key(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e5b.toml").write_text("places = 99\n")
    said = run("status")
    assert said.code == 2
    assert "e5b.toml : « places » : " in sentence_of(said)


def test_a_session_that_nobody_knows_is_exit_2_before_anything_is_done(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e5b.toml").write_text("session = 1999\n")
    for words in (["status"], ["up", "1", "--stack", "wordpress-2024", "--subject", "wordpress-a"]):
        said = run(*words)
        assert said.code == 2
        assert "La session « 1999 » n'est pas connue. Sessions connues : 2024" in sentence_of(said)
        assert "Corrigez « session » dans e5b.toml" in sentence_of(said)


def test_without_an_engine_is_exit_3_and_one_sentence(run: Run) -> None:
    said = run("status", "--json")
    assert said.code == EngineUnavailable.exit_code == 3
    assert said.json == {"error": sentence_of(said), "exit": 3}


def test_an_archive_that_is_being_written_is_none_yet(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "state/archives"
    folder.mkdir(parents=True)
    (folder / ".salle-poste-01-20260521-094000.e5b.zip.draft").write_bytes(b"PK")
    for command in ("verify", "list"):
        said = run("archive", command, "--json")
        assert (said.code, said.json) == (0, {"archives": []})


def test_a_mistaken_subject_file_tells_each_mistake_on_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "subject.toml").write_text('id = "x"\n')
    said = run("subject", "check", str(tmp_path))
    assert said.code == 2
    assert len(said.err.splitlines()) > 1
    assert all("subject.toml, ligne " in line for line in said.err.splitlines())


def test_a_subject_that_check_would_not_find_again_is_not_given_to_candidates(run: Run, tmp_path: Path) -> None:
    question = '[[question]]\ntext = "t"\ncriterion = "Optimisation du référencement"\n[[question.check]]\n'
    question += 'use = "wordpress.navigation.reading_settings"\nposts_per_page = 3\n'
    head = 'id = "wordpress-a"\ncms = "wordpress"\ntitle = "t"\ncontext = "biscuiterie"\n'
    (tmp_path / "subject.toml").write_text(head + question * 5)
    said = run("up", "--subject", str(tmp_path))
    assert said.code == 2
    assert "Mettez-le dans un dossier wordpress-a de celui que « subjects » donne dans e5b.toml" in sentence_of(said)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("published_content", "publishd_content", "Vouliez-vous dire « wordpress.contenu.published_content » ?"),
        ("min_words = 150", 'min_words = "beaucoup"', "« min_words » : il faut un nombre entier, pas 'beaucoup'"),
        ("min_words = 150", 'min_words = "150"', "« min_words » : il faut un nombre entier, pas '150'"),
        ("approved = true", "approved = 1", "« approved » : il faut true ou false, pas 1"),
        ('location = "primary"', 'location = "primaire"', "« location » : il faut 'primary', 'secondary_menu', "),
        ("approved = true", "approved = 2", "« approved » : il faut true ou false, pas 2"),
        ('["annexe-1.md"]', '["annexe-7.md"]', "l'annexe « annexe-7.md » manque. Mettez-la dans"),
        ('media = "atelier"', 'media = "atelir"', "« atelir » n'est pas dans le contexte biscuiterie"),
        ('context = "biscuiterie"', 'context = "boulangerie"', "Contextes connus : biscuiterie, clairepine."),
        ("[[question]]", "[[question]", "TOML mal formé"),
        (
            "Qualité et pertinence",
            "Qualité et pertinense",
            "« Qualité et pertinense des contenus publiés » n'est pas un critère de la circulaire pour wordpress",
        ),
        ("Qualité et pertinence", "Qualité et pertinense", "Vouliez-vous dire « Qualité et pertinence des contenus"),
        ("Cohérence : techniques", "Cohérense : techniques", "Vouliez-vous dire « Cohérence : techniques, outils"),
    ],
)
def test_a_wrong_subject_is_exit_2_with_its_file_and_line(
    run: Run, tmp_path: Path, right: str, wrong: str, says: str
) -> None:
    folder = tmp_path / "wordpress-a"
    shutil.copytree(subject_ids()["wordpress-a"].parent, folder)
    text = (folder / "subject.toml").read_text(encoding="utf-8")
    assert right in text
    (folder / "subject.toml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    ran = run("subject", "check", str(folder))
    assert ran.code == 2
    assert says in sentence_of(ran)
    assert f"{folder}/subject.toml, ligne " in sentence_of(ran)


def test_a_subject_of_six_questions_is_exit_2(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "wordpress-a"
    shutil.copytree(subject_ids()["wordpress-a"].parent, folder)
    text = (folder / "subject.toml").read_text(encoding="utf-8")
    (folder / "subject.toml").write_text(f"{text}\n{text[text.rindex('[[question]]') :]}", encoding="utf-8")
    ran = run("subject", "check", str(folder))
    assert ran.code == 2
    assert "un sujet a 5 questions, celui-ci en a 6. Ajoutez ou retirez" in sentence_of(ran)


def test_an_unquoted_stand_in_is_told_with_the_quotes_that_it_lacks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "overrides.toml").write_text('[astra-4.5.2.zip]\nfile = "astra.zip"\n')
    ran = run("artifacts", "list")
    assert ran.code == 2
    assert 'entre guillemets, comme ["astra-4.5.2.zip"].' in sentence_of(ran)


@pytest.mark.parametrize(
    "words",
    [
        "up --subject wordpress-a",
        "status",
        "check --all",
        "reset --all",
        "credentials poste-01",
        "down",
        "build",
        "prove --subject wordpress-a",
    ],
)
def test_without_docker_every_command_that_needs_it_is_exit_3_and_says_what_to_do(run: Run, words: str) -> None:
    ran = run(*words.split())
    assert ran.code == 3
    assert "le moteur Docker ne répond pas. Corrigez ou retirez DOCKER_HOST (unix:///" in sentence_of(ran)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Make `e5b functions` do something else."""

    def instead(act: Any) -> None:
        monkeypatch.setattr("provisioner.subject.subjects.proving_checks", act)

    return instead


def raising(error: BaseException) -> Callable[[], Any]:
    def act() -> Any:
        raise error

    return act


def every_error(base: type[ProvisionerError] = ProvisionerError) -> list[type[ProvisionerError]]:
    return [base] + [one for below in base.__subclasses__() for one in every_error(below)]


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_of_the_tree_is_its_own_sentence_and_its_own_exit_code(
    run: Run, stand_in: Callable[[Any], None], error: type[ProvisionerError]
) -> None:
    stand_in(raising(error("La porte [1] est fermée.")))
    said = run("functions", "--json")
    assert said.code == error.exit_code
    assert error.exit_code in (2, 3, 130)
    assert said.json == {"error": "La porte [1] est fermée.", "exit": error.exit_code}
    assert sentence_of(said) == "La porte [1] est fermée."


def test_ctrl_c_is_exit_130_and_a_sentence(run: Run, stand_in: Callable[[Any], None]) -> None:
    stand_in(raising(KeyboardInterrupt()))
    said = run("functions", "--json")
    assert said.code == 130
    assert said.json["exit"] == 130
    assert sentence_of(said).startswith("Interrompu")


def test_an_unforeseen_error_is_a_sentence_and_its_traceback_is_kept_in_a_file(
    run: Run, stand_in: Callable[[Any], None], tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    stand_in(raising(RuntimeError("boom")))
    said = run("functions")
    assert said.code == 3
    assert said.out == ""
    assert said.err.startswith("e5b : Erreur imprévue (RuntimeError).")
    assert "boom" not in said.err
    assert "Traceback" not in said.err
    assert "RuntimeError: boom" in (tmp_path / "state" / "erreur-imprevue.txt").read_text()


@pytest.mark.parametrize(
    ("verdicts", "code"), [(["met", "to_judge"], 0), (["met", "not_met"], 1), (["not_met", "blocked"], 3)]
)
def test_an_examination_exits_by_its_verdicts(
    run: Run, monkeypatch: pytest.MonkeyPatch, verdicts: list[str], code: int
) -> None:
    rows = [{"verdict": str(Verdict(one))} for one in verdicts]
    document = {"station": "poste-01", "questions": [{"checks": [{"findings": rows}]}]}
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.cli.resources.named_stations", lambda centre, names, everything: list(names))
    monkeypatch.setattr("provisioner.examination.examine.examine", lambda centre, name, candidate, *_: document)
    said = run("check", "poste-01", "--json")
    assert said.code == code
    assert said.json == {"stations": [document]}


def test_what_is_at_fault_is_not_hidden_by_a_station_that_is_busy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(centre: Any, name: str, candidate: str, *_: Any) -> dict[str, Any]:
        if name == "poste-02":
            raise Busy("poste-02 est occupé par « e5b snapshot ».")
        rows = [{"verdict": str(Verdict("broken"))}]
        return {"station": name, "questions": [{"checks": [{"findings": rows}]}]}

    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.cli.resources.named_stations", lambda centre, names, everything: list(names))
    monkeypatch.setattr("provisioner.examination.examine.examine", examine)
    said = run("check", "poste-01", "poste-02", "--json")
    assert (said.code, [one["station"] for one in said.json["stations"]]) == (3, ["poste-01"])


def test_a_candidate_is_named_for_one_station_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(centre: Any, name: str, candidate: str, *_: Any) -> dict[str, Any]:
        return {"station": name, "candidate": candidate, "questions": []}

    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.cli.resources.named_stations", lambda centre, names, everything: list(names))
    monkeypatch.setattr("provisioner.examination.examine.examine", examine)
    said = run("check", "poste-01", "--candidate", "LE GUELLEC Camille", "--json")
    assert said.json["stations"][0]["candidate"] == "LE GUELLEC Camille"
    said = run("check", "poste-01", "poste-02", "--candidate", "LE GUELLEC Camille")
    assert said.code == 2
    assert "Un seul poste à la fois" in sentence_of(said)


def test_stations_and_archives_are_not_examined_in_one_go(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def examine(centre: Any, path: Path, identity: Path | None) -> dict[str, Any]:
        seen.append(str(path))
        return {"station": "poste-01", "questions": []}

    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.examination.examine_archive.examine_archive", examine)
    for words in (["poste-01"], ["--all"], ["--candidate", "X"]):
        said = run("check", *words, "--archive", "x.e5b.zip")
        assert said.code == 2
        assert "pas les deux" in sentence_of(said)
    said = run("check", "--archive", "x.e5b.zip", "--archive", "y.e5b.zip", "--archive", "x.e5b.zip", "--json")
    assert (said.code, seen) == (0, ["x.e5b.zip", "y.e5b.zip"])


def test_an_examination_that_fails_does_not_keep_the_others_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(centre: Any, name: str, candidate: str, *_: Any) -> dict[str, Any]:
        if name != "poste-02":
            raise {"poste-01": Busy, "poste-03": EngineError}[name](f"{name} ne peut pas.")
        return {"station": name, "questions": []}

    shown: list[str] = []
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.cli.resources.stations_with_work", lambda *_: ["poste-01", "poste-02", "poste-03"])
    monkeypatch.setattr("provisioner.examination.examine.examine", examine)
    monkeypatch.setattr(
        "provisioner.cli.show.summaries", lambda documents: shown.extend(one["station"] for one in documents)
    )
    said = run("check", "--all", "--json")
    assert said.code == 3
    told = "poste-01 ne peut pas.\nposte-03 ne peut pas."
    assert said.json == {"stations": [{"station": "poste-02", "questions": []}], "error": told, "exit": 3}
    said = run("check", "--all")
    assert (said.code, shown) == (3, ["poste-02"])
    assert told in said.err


def test_a_junit_file_that_cannot_be_written_loses_no_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = {
        "station": "poste-01",
        "stack": "wordpress-2024",
        "subject": "wordpress-a",
        "candidate": "",
        "questions": [],
    }
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.cli.resources.named_stations", lambda centre, names, everything: list(names))
    monkeypatch.setattr("provisioner.examination.examine.examine", lambda centre, name, candidate, *_: document)
    monkeypatch.setattr("provisioner.examination.junit.junit", lambda documents: b"<testsuites/>")
    (tmp_path / "fichier").touch()
    said = run("check", "poste-01", "--junit", str(tmp_path / "fichier" / "rapport.xml"), "--json")
    assert said.code == 3
    assert said.json["stations"] == [document]
    assert "fichier" in said.json["error"]


def leaves(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command of the tree; groups too."""
    command = typer.main.get_command(main.app) if command is None else command
    if path:
        yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from leaves(below, (*path, name))


COMMANDS = {" ".join(path): command for path, command in leaves()}
#: It has no meaning of its own: `e5b subject` shows help.
ONLY_GROUPS = {"archive", "context", "network", "subject"}


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - ONLY_GROUPS))
def test_every_command_takes_json(name: str) -> None:
    assert any("--json" in param.opts for param in COMMANDS[name].params)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_every_option_says_what_it_is_for(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert command.help.strip().splitlines()[0].endswith(".")
    for param in command.params:
        if param.opts[0].startswith("--"):
            assert param.help, param.opts


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("name", ["", *sorted(COMMANDS)])
def test_help_has_no_english_words(run: Run, name: str, option: str) -> None:
    said = run(*name.split(), option)
    assert said.code == 0
    assert "Montre cette aide." in said.out
    english = r"\b(show|this|message|and|exit|commands?|required|default|text|args|integer|install|the|usage|arguments?|int|str|path|range)\b"
    # Not the names of options and commands themselves.
    shown = re.sub(r"--[a-z-]+|« e5b [a-z ]+ »|^e5b [a-z ]+|^  [a-z]+ ", "", said.out, flags=re.MULTILINE)
    assert not re.findall(english, shown, re.IGNORECASE)


def test_the_commands_are_those_that_the_manual_promises() -> None:
    promised = {"doctor", "artifacts", "build", "up", "status", "credentials", "reset", "down", "check"}
    promised |= {"functions", "subject", "prove", "demo"}
    assert promised <= {name.split()[0] for name in COMMANDS}
    assert {"artifacts list", "artifacts fetch", "artifacts import", "artifacts export"} <= COMMANDS.keys()
    archive = {"make", "verify", "list", "hashes", "key", "open", "close", "purge"}
    assert {name.partition(" ")[2] for name in COMMANDS if name.startswith("archive ")} == archive


def test_every_command_stands_under_one_heading_of_the_help(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [name for names in HEADINGS.values() for name in names]
    assert sorted(listed) == sorted(name for name in COMMANDS if " " not in name)
    shown = run("--help").out
    assert [line for line in shown.splitlines() if line in HEADINGS] == list(HEADINGS)
    assert not [old for old in RENAMED if re.search(rf"^  {old} ", shown, re.MULTILINE)]


def test_each_command_takes_one_or_two_lines_of_a_narrow_terminal() -> None:
    lines = Program({"COLUMNS": "80"}).run("--help").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) < 60


def test_the_version_is_that_of_the_package(run: Run) -> None:
    said = run("--version")
    assert (said.code, said.out, said.err) == (0, f"e5b {version('e5b')}\n", "")


@pytest.mark.parametrize(
    ("old", "typed", "new"),
    [
        (["archives"], "e5b archives", "e5b archive verify"),
        (["open"], "e5b open", "e5b archive open"),
        (["close", "abc"], "e5b close", "e5b archive close"),
        (["purge", "--before", "01/07/2026"], "e5b purge", "e5b archive purge"),
        (["archive"], "e5b archive", "e5b archive make"),
        (["archive", "poste-01"], "e5b archive POSTE", "e5b archive make POSTE"),
        (["archive", "1", "2"], "e5b archive POSTE", "e5b archive make POSTE"),
        (["archive", "--all"], "e5b archive --all", "e5b archive make --all"),
        (["archive", "--room", "b", "--all"], "e5b archive --all", "e5b archive make --all"),
    ],
)
def test_an_old_name_answers_and_says_the_new_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, old: list[str], typed: str, new: str
) -> None:
    opened: list[str] = []

    def centre(room: str = "", **_: Any) -> None:
        opened.append(room)
        raise Busy("Occupé.")

    monkeypatch.setattr("provisioner.cli.resources.centre", centre)
    said = run(*old, "--json")
    notice, *rest = said.err.splitlines()
    assert notice == f"e5b : « {typed} » s'appelle désormais « {new} »."
    if old == ["archives"]:  # needs no engine
        assert (said.code, said.json, rest) == (0, {"archives": []}, [])
    else:
        assert (said.code, said.json, rest) == (2, {"error": "Occupé.", "exit": 2}, ["e5b : Occupé."])
        assert opened == ["b" if "--room" in old else ""]


@pytest.mark.parametrize("typed", ["1", "01", "001", "poste-1", "poste-01", "Poste-1", "poste1"])
def test_a_station_is_named_by_its_number_too(run: Run, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    asked: list[str] = []

    def rewound(centre: None, station: str, *_: str) -> None:
        asked.append(station)
        raise Busy("Occupé.")

    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.station.snapshots.rewind", rewound)
    monkeypatch.setattr(
        "provisioner.cli.resources.stations_with_work", lambda centre, names, everything: asked.extend(names)
    )
    run("rewind", typed)
    run("check", typed, "2", "poste-3", "autre")
    assert asked == ["poste-01", "poste-01", "poste-02", "poste-03", "autre"]


def test_a_station_that_is_not_there_is_refused_by_its_whole_name(
    run: Run, monkeypatch: pytest.MonkeyPatch, room: dict[str, Station]
) -> None:
    monkeypatch.setattr("provisioner.station.centre.in_use", lambda *_: [])
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: SimpleNamespace(engine=None))
    said = run("credentials", "7")
    assert said.code == 2
    assert sentence_of(said).startswith("Le poste « poste-07 » n'existe pas.")


def completed(*words: str) -> list[str]:
    """What bash would offer for the last of these words."""
    asked = {"_E5B_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    return Program(asked).run().out.split()


def test_a_shell_is_told_the_commands_and_options_that_a_word_may_become() -> None:
    assert completed("e5b", "arch") == ["archive"]
    assert completed("e5b", "archive", "") == ["make", "verify", "list", "hashes", "key", "open", "close", "purge"]
    assert completed("e5b", "up", "--s") == ["--subject", "--stack"]


def test_bash_completes_the_words_by_the_script_that_is_shown(tmp_path: Path) -> None:
    by_sh = "import provisioner.cli.completion as ours\nours._get_shell_name = lambda: 'sh'"  # as ./e5b is run
    shown = Program({"SHELL": "/bin/bash", "HOME": str(tmp_path)}).changed(by_sh).run("--show-completion")
    assert shown.code == 0
    program = tmp_path / "e5b"
    program.write_text(f"#!{sys.executable}\nfrom provisioner.entry import main\nmain()\n")
    program.chmod(0o755)
    (tmp_path / "script").write_text(shown.out)
    ask = 'source ./script; COMP_WORDS=(e5b ar); COMP_CWORD=1; _e5b_completion ./e5b; echo "${COMPREPLY[*]}"; complete -p e5b'
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run([bash, "--norc", "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["artifacts archive", "complete -o default -F _e5b_completion e5b"]


def test_completion_is_installed_for_bash_in_the_home_of_the_user(tmp_path: Path) -> None:
    installed = (
        Program({"HOME": str(tmp_path)})
        .changed(
            "import typer._completion_shared as shared\nimport provisioner.cli.completion as ours\n"
            "ours._get_shell_name = lambda: 'bash'"
        )
        .run("--install-completion")
    )
    assert installed.code == 0, installed.err
    assert installed.out.startswith("La complétion pour bash est installée dans ")
    assert "_e5b_completion" in (tmp_path / ".bash_completions/e5b.sh").read_text()


#: Options whose values may be logged: the others are in NOT_LOGGED.
LOGGED = [
    "--help",
    "--json",
    "--room",
    "--stack",
    "--session",
    "--company",
    "--subject",
    "--all",
    "--roster",
    "--verify",
    "--next",
    "--junit",
    "--archive",
    "--code",
    "--commission",
    "--extra",
    "--to",
    "--before",
    "--yes",
    "--fix",
    "--wiring",
    "--interface",
    "--here",
    "--cms",
    "--list",
    "--day",
    "--sha256",
    "--functionality",
    "--anew",
    "--changed",
    "--untouched",
    "--altered",
    "--roads",
    "--ledger",
    "--merge",
    "--show",
    "--accept",
    "--again",
]


def test_of_every_option_it_is_known_whether_its_value_may_be_logged() -> None:
    options = {opt for command in COMMANDS.values() for param in command.params for opt in param.opts if opt[0] == "-"}
    assert options - set(LOGGED) == set(NOT_LOGGED)


def logged(tmp_path: Path) -> str:
    return (tmp_path / "state" / "e5b.log").read_text(encoding="utf-8")


def test_a_command_an_error_with_its_cause_and_the_exit_code_are_logged_without_secrets(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    password = Credentials("candidat", "p4ssw0rd99").password

    def rewound(*_: Any) -> None:
        try:
            raise OSError(f"fill {password}")
        except OSError as cause:
            raise Busy("poste-01 est occupé.") from cause

    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.station.snapshots.rewind", rewound)
    said = run("rewind", "1", "--to", "9:42", "--why", "malade", "--why=encore malade")
    assert (said.code, sentence_of(said)) == (2, "poste-01 est occupé.")
    text = logged(tmp_path)
    assert "begun: e5b rewind 1 --to 9:42 --why ••• --why=•••" in text
    assert "OSError: fill •••" in text
    assert "Busy: poste-01 est occupé." in text
    assert "ended: exit code 2" in text
    assert password not in text
    assert run("rewind", "1", "--why", "candidat", "malade").code == 2
    assert "malade" not in logged(tmp_path)


def test_of_several_errors_each_keeps_its_cause_in_the_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()

    def examine(centre: Any, name: str, candidate: str, *_: Any) -> None:
        raise EngineError(f"{name} ne peut pas.") from ValueError(f"cause of {name}")

    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: None)
    monkeypatch.setattr("provisioner.cli.resources.stations_with_work", lambda *_: ["poste-01", "poste-02"])
    monkeypatch.setattr("provisioner.examination.examine.examine", examine)
    assert run("check", "--all").code == 3
    assert "ValueError: cause of poste-01" in logged(tmp_path)
    assert "ValueError: cause of poste-02" in logged(tmp_path)


@pytest.mark.parametrize("words", [("-v", "functions"), ("functions", "--verbose"), ("functions", "-v", "--json")])
def test_verbose_shows_the_cause_on_standard_error_before_or_after_the_command(
    run: Run, stand_in: Callable[[Any], None], words: tuple[str, ...]
) -> None:
    stand_in(raising(Busy("Occupé.")))
    said = run(*words)
    assert "Traceback" in said.err
    assert "e5b : Occupé." in said.err
    assert said.out == "" or said.json == {"error": "Occupé.", "exit": 2}


@pytest.mark.parametrize(("new", "told"), [(1, "poste-02 est déjà neuf"), (2, "poste-02, poste-03 sont déjà neufs")])
def test_a_reset_that_was_interrupted_too_late_says_what_is_new(
    run: Run, monkeypatch: pytest.MonkeyPatch, new: int, told: str
) -> None:
    stations = {
        f"poste-0{number}": Station(
            f"poste-0{number}",
            number,
            "salle",
            "wordpress-2024",
            "wordpress-a",
            "http://x",
            "",
            "",
            "prêt",
            Conformity(),
            datetime(2026, 6, 1, tzinfo=UTC),
            {},
        )
        for number in (2, 3)
    }

    def interrupted(names: list[str], act: Callable[[str], Any], workers: int) -> None:
        for name in names[:new]:
            act(name)
        raise KeyboardInterrupt

    state = SimpleNamespace(record=lambda _: MISSING, present=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    monkeypatch.setattr(
        "provisioner.cli.resources.centre",
        lambda room, **_: SimpleNamespace(engine=None, progress=resources.progress, state=state),
    )
    monkeypatch.setattr("provisioner.cli.resources.named_stations", lambda *_: ["poste-02", "poste-03"])
    everywhere(monkeypatch, "each", interrupted)
    everywhere(monkeypatch, "stations", lambda _: list(stations.values()))
    everywhere(monkeypatch, "station_named", lambda _, name: stations[name])
    everywhere(monkeypatch, "collect_and_report", lambda *_: None)
    everywhere(monkeypatch, "renew", lambda _, name, *rest: (stations[name], 1.0))
    everywhere(monkeypatch, "require_golden", lambda *_: None)
    everywhere(monkeypatch, "next_candidate", lambda *_, **__: None)
    said = run("reset", "--all", "--json")
    assert said.code == 130
    assert [one["station"] for one in said.json["stations"]] == list(stations)[:new]
    assert sentence_of(said).startswith(f"Interrompu : {told}, avec de nouveaux identifiants")


def test_nobody_is_passed_over_at_all_stations_at_once(run: Run) -> None:
    said = run("reset", "--all", "--next")
    assert said.code == 2
    assert "« --next » ne va pas avec « --all »" in said.err


def test_a_reset_tells_whose_work_nobody_examined(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = {"clock": [{"at": "2026-06-01T09:00:00+02:00", "what": "start", "minutes": 40}]}
    half, all_of_it = ("2026-06-01T09:20:00+02:00", "2026-06-01T09:40:00+02:00")
    examined = {**sitting, "reports": ["/x"]}
    records = {
        "a": {},
        "b": sitting,
        "c": {**examined, "examined_at": all_of_it},
        "d": {**examined, "examined_at": half},
    }
    present = [
        Station(
            f"poste-0{number}",
            number,
            "salle",
            "wordpress-2024",
            "wordpress-a",
            "http://x",
            "",
            container,
            "prêt",
            Conformity(),
            datetime(2026, 6, 1, tzinfo=UTC),
            {},
        )
        for number, container in enumerate(records, 1)
    ]
    centre = SimpleNamespace(
        engine=None,
        progress=resources.progress,
        state=SimpleNamespace(
            record=lambda box: SittingRecord.model_validate(records[box]),
            present=lambda: datetime(2026, 6, 1, 12, tzinfo=UTC),
        ),
    )
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    monkeypatch.setattr("provisioner.cli.resources.named_stations", lambda *_: [one.name for one in present])
    everywhere(monkeypatch, "stations", lambda _: present)
    everywhere(monkeypatch, "station_named", lambda _, name: present[int(name[-1]) - 1])
    everywhere(monkeypatch, "collect_and_report", lambda *_: None)
    everywhere(monkeypatch, "renew", lambda _, name, *rest: (present[int(name[-1]) - 1], 1.0))
    everywhere(monkeypatch, "require_golden", lambda *_: None)
    everywhere(monkeypatch, "next_candidate", lambda *_, **__: None)
    everywhere(monkeypatch, "put_each_away", lambda _: ([], []))
    said = run("reset", "--all", "--json")
    assert said.json["unexamined"] == ["poste-02", "poste-04"]
    assert "poste-02 : le travail n'a pas été examiné" in said.err
    assert "poste-04 : le travail n'a été examiné que le 01/06/2026 à 07:20:00, avant la fin du temps" in said.err

    def compare(_: Any, station: Station, golden: Golden) -> None:
        if station.name == "poste-02":
            raise Busy("poste-02 est occupé par « e5b start ».")

    everywhere(monkeypatch, "verify", compare)
    said = run("reset", "--all", "--verify", "--json")
    assert (said.code, said.json["error"]) == (2, "poste-02 est occupé par « e5b start ».")
    proofs = {one["station"]: one["proof"] for one in said.json["stations"]}  # it is new all the same
    assert [name for name, proof in proofs.items() if proof == "comparaison complète"] == [
        "poste-01",
        "poste-03",
        "poste-04",
    ]
    assert proofs["poste-02"] == "construction"


def test_a_station_whose_candidate_still_works_is_left_to_him_by_a_reset_of_all(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = [
        Station(
            f"poste-0{number}",
            number,
            "salle",
            "wordpress-2024",
            "wordpress-a",
            "http://x",
            "",
            f"c{number}",
            "prêt",
            Conformity(),
            datetime(2026, 6, 1, tzinfo=UTC),
            {},
        )
        for number in (1, 2)
    ]
    minutes = {"c1": 53, "c2": 40}
    centre = SimpleNamespace(
        engine=None,
        progress=resources.progress,
        state=SimpleNamespace(
            record=lambda box: SittingRecord.model_validate(
                {"clock": [{"at": "2026-06-01T09:00:00+00:00", "what": "start", "minutes": minutes[box]}]}
            ),
            present=lambda: datetime(2026, 6, 1, 9, 45, tzinfo=UTC),
        ),
    )
    renewed: list[str] = []

    def renew(_: Any, name: str, *rest: Any) -> tuple[Station, float]:
        renewed.append(name)
        return present[int(name[-1]) - 1], 1.0

    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    monkeypatch.setattr("provisioner.cli.resources.named_stations", lambda *_: [one.name for one in present])
    everywhere(monkeypatch, "ensure_running", lambda _: None)
    everywhere(monkeypatch, "stations", lambda _: present)
    everywhere(monkeypatch, "station_named", lambda _, name: present[int(name[-1]) - 1])
    # While his station is there, his tries since his archive bear his name.
    everywhere(monkeypatch, "collect_and_report", lambda *_: renewed.append("journal"))
    everywhere(monkeypatch, "renew", renew)
    everywhere(monkeypatch, "require_golden", lambda *_: None)
    everywhere(monkeypatch, "next_candidate", lambda *_, **__: None)
    everywhere(monkeypatch, "put_each_away", lambda _: ([], []))
    said = run("reset", "--all", "--json")
    assert said.code == 2
    assert renewed == ["journal", "poste-02"]
    assert "poste-01 sert à un candidat jusqu'à 09:53" in said.json["error"]
    assert [one["station"] for one in said.json["stations"]] == ["poste-02"]
    assert run("reset", "--all", "--discard", "essai", "--json").code == 2
    assert renewed[2:] == ["journal", "poste-02"]
    assert run("reset", "poste-01", "--discard", "essai", "--json").code == 2  # a wrong number, perhaps


def test_names_and_all_together_are_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: SimpleNamespace(engine=None))
    for verb in ("reset", "check"):
        said = run(verb, "poste-01", "--all")
        assert said.code == 2
        assert "--all" in sentence_of(said)


class Unreachable:
    """The editions that can't be had, and what comes of the others."""

    def __init__(self, *lacking: str) -> None:
        self.lacking = lacking

    def golden(self, _: Any, stack: Stack, *more: Any) -> Golden:
        if stack.id in self.lacking:
            raise ArtifactMissing(f"L'archive de {stack.id} n'a pas pu être obtenue.")
        return Golden(stack.id, f"sha256:{stack.id:0<64}", datetime(2026, 6, 1, tzinfo=UTC), Conformity(), {})


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> dict[str, Station]:
    """A room, by the names of its stations, in which `up` makes what it is asked for."""
    made: dict[str, Station] = {}

    def up_each(centre: Any, count: int, subjects: dict[str, Golden], ailing: list[Exception]) -> None:
        for subject, golden in subjects.items():
            place = len(made) + 1
            made[f"poste-{place:02}"] = Station(
                f"poste-{place:02}",
                place,
                "salle",
                golden.stack,
                subject,
                "http://x",
                golden.image,
                f"c{place}",
                "prêt",
                golden.conformity,
                golden.built_at,
                {},
            )

    state = SimpleNamespace(
        credentials=lambda container: Credentials("candidat", f"secret-{container}"), **PRACTICE_RECORDS
    )
    centre = SimpleNamespace(
        engine=None,
        progress=resources.progress,
        state=state,
        settings=Settings(),
        room=SimpleNamespace(name="salle", places=20),
    )
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room="", **_: centre)
    everywhere(monkeypatch, "stations", lambda _: list(made.values()))
    everywhere(monkeypatch, "up_each", up_each)
    for beside in ("ensure_running", "ensure_shared_sites", "leak_check"):
        everywhere(monkeypatch, beside, lambda *_: made["poste-01"])
    monkeypatch.setattr("provisioner.station.shared_site.sites", lambda _: [])
    return made


BOTH = ("up", "--subject", "prestashop-a", "--subject", "wordpress-a")


def test_up_calls_no_room_ready_that_leaks(run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch) -> None:
    def leaks(_: Any) -> None:
        raise StationLeaks("La salle n'est pas prête, elle fuit : poste-01 atteint : SSH de la machine.")

    monkeypatch.setattr("provisioner.cli.resources.golden", Unreachable().golden)
    everywhere(monkeypatch, "leak_check", leaks)
    said = run(*BOTH)
    assert said.code == 3
    assert said.out == ""
    assert "n'est pas prête, elle fuit" in said.err.splitlines()[-1]


def test_up_brings_stations_of_two_cms_side_by_side(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.cli.resources.golden", Unreachable().golden)
    said = run(*BOTH, "--json")
    assert said.code == 0
    shown = [(one["station"], one["stack"], one["password"]) for one in said.json["stations"]]
    assert shown == [
        ("poste-01", "prestashop-2024", "secret-c1"),
        ("poste-02", "wordpress-2024", "secret-c2"),
    ]


@pytest.mark.parametrize("command", [BOTH, ("status",)])
def test_a_site_that_all_share_is_told_with_what_differs_in_it(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr("provisioner.cli.resources.golden", Unreachable().golden)
    monkeypatch.setattr(
        "provisioner.cli.resources.centre",
        lambda room="", **_: SimpleNamespace(
            engine=None,
            progress=resources.progress,
            state=SimpleNamespace(credentials=lambda _: None, id="mine", **PRACTICE_RECORDS),
            settings=Settings(),
            room=SimpleNamespace(name="salle", owner="", places=20),
        ),
    )
    run(*BOTH)
    differs = ("édition d’essai, jamais un poste d’examen",)
    golden = Golden("wordpress-trial", "sha256:t", datetime.now(UTC), Conformity(differs), {})
    monkeypatch.setattr("provisioner.station.shared_site.sites", lambda _: [("http://localhost:8097", golden)])
    shown, (site,) = run(*command).out, run(*command, "--json").json["sites"]
    after = shown.partition("site partagé, http://localhost:8097")[2]
    assert "JAMAIS UN POSTE D'EXAMEN" in after
    assert differs[0] in after
    assert (site["stack"], site["conforming"], site["differs"]) == ("wordpress-trial", False, list(differs))
    same = replace(golden, image=next(iter(room.values())).golden)
    monkeypatch.setattr("provisioner.station.shared_site.sites", lambda _: [("http://localhost:8097", same)])
    shown = run(*command).out
    assert "Site partagé, de la même image : http://localhost:8097" in shown
    assert differs[0] not in shown.partition("Site partagé")[2]  # said of the stations of that image


def test_up_gives_the_stations_that_can_be_had_and_says_which_cannot(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.cli.resources.golden", Unreachable("prestashop-2024").golden)
    said = run(*BOTH, "--json")
    assert said.code == 3
    assert [(one["stack"], one["password"]) for one in said.json["stations"]] == [("wordpress-2024", "secret-c1")]
    assert said.json["error"] == "L'archive de prestashop-2024 n'a pas pu être obtenue."
    said = run(*BOTH)
    assert said.code == 3
    assert "secret-c1" in said.out


def test_up_without_any_edition_that_can_be_had_makes_nothing(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.cli.resources.golden", Unreachable("prestashop-2024", "wordpress-2024").golden)
    said = run(*BOTH)
    assert (said.code, said.out, room) == (3, "", {})
    assert len(said.err.splitlines()) == 2


@pytest.mark.parametrize("count", ["10", "1000"])
def test_more_stations_than_places_are_refused_before_an_image_is_built(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch, count: str
) -> None:
    monkeypatch.setattr("provisioner.cli.resources.golden", Unreachable().golden)
    for _ in range(2):  # what is there counts, and is not wanted again
        assert run("up", "1", "--subject", "wordpress-b", "--subject", "wordpress-b").code == 0
    monkeypatch.setattr("provisioner.cli.resources.golden", lambda *_: pytest.fail("an image is built"))
    said = run("up", count, *BOTH[1:])
    assert (said.code, len(room)) == (2, 2)
    assert f"La salle a 20 places, et il en faudrait {2 + 2 * int(count)}." in sentence_of(said)


@pytest.mark.parametrize("name", ["a/b", "../../x", "Salle A", "a" * 21])
def test_a_name_that_no_room_can_have_is_refused(run: Run, name: str) -> None:
    for verb in (BOTH, ("status",), ("network", "status")):
        said = run(*verb, "--room", name)
        assert said.code == 2
        assert f"« {name} » n'est pas un nom de salle" in sentence_of(said)


@pytest.mark.parametrize("name", ["demo", "preuve-7"])
def test_no_station_is_put_into_a_room_that_is_emptied_at_any_time(
    run: Run, room: dict[str, Station], name: str, tmp_path: Path
) -> None:
    for words in (BOTH[1:], ("--roster", str(tmp_path / "liste.csv"))):
        said = run("up", *words, "--room", name)
        assert (said.code, room) == (2, {})
        assert f"La salle « {name} » est réservée" in sentence_of(said)


def test_an_edition_of_another_cms_is_refused_before_anything_is_made(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.cli.resources.golden", Unreachable().golden)
    said = run("up", "--subject", "wordpress-a", "--subject", "prestashop-a", "--stack", "wordpress-trial")
    assert (said.code, room) == (2, {})
    assert "Le sujet prestashop-a est pour prestashop" in sentence_of(said)


def test_build_makes_the_editions_that_can_be_had_and_says_which_cannot(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    doors: list[Settings] = []
    monkeypatch.setattr("provisioner.build.todays_image.build", Unreachable("prestashop-2024").golden)
    monkeypatch.setattr(
        "provisioner.build.todays_image.gateway_image", lambda engine, settings, _: doors.append(settings)
    )
    monkeypatch.setattr("provisioner.build.todays_image.built_today", lambda *_: None)
    said = run("build", "--json")
    assert said.code == 3
    assert doors == [Settings()]  # a room opens from here on where there is no Internet
    assert [one["stack"] for one in said.json["stacks"]] == ["wordpress-2024"]
    assert said.json["error"] == sentence_of(said)
    said = run("build")
    assert said.code == 3
    assert "est prête" in said.out


def test_build_makes_no_image_that_was_made_today_unless_it_is_asked_anew(
    run: Run, room: dict[str, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def build(engine: Any, stack: Stack, *more: Any) -> Golden:
        made.append(stack.id)
        return Unreachable().golden(engine, stack)

    monkeypatch.setattr("provisioner.build.todays_image.built_today", Unreachable().golden)
    monkeypatch.setattr("provisioner.build.todays_image.build", build)
    monkeypatch.setattr("provisioner.build.todays_image.gateway_image", lambda *_: "")
    said = run("build", "wordpress-2024")
    assert (said.code, made) == (0, [])
    assert "wordpress-2024 : déjà construite aujourd'hui ; « e5b build wordpress-2024 --anew » la refait" in said.err
    assert "est prête" in said.out
    said = run("build", "wordpress-2024", "--anew")
    assert (said.code, made) == (0, ["wordpress-2024"])
    assert "déjà construite" not in said.err


def store_of(*there: str) -> Any:
    """A store that has the archives whose names begin so."""

    def fetch(artifact: Artifact) -> Resolved:
        if not artifact.file.startswith(there):
            raise ArtifactMissing(f"{artifact.file} manque.")
        return Resolved(artifact, Path(artifact.file), artifact.version)

    def export_to(folder: Path, artifacts: list[Artifact]) -> list[TransferResult]:
        return [TransferResult(one.file, one, one.file.startswith(there), f"{one.file}.") for one in artifacts]

    return lambda: SimpleNamespace(fetch=fetch, export_to=export_to)


def test_the_archive_of_the_trial_is_no_loss_to_an_exam_centre(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    official = [one.file for stack in load_stacks().values() if stack.official for one in stack.artifacts]
    monkeypatch.setattr("provisioner.cli.resources.store", store_of(*official))
    assert run("artifacts", "fetch").code == 0
    assert run("artifacts", "export", str(tmp_path)).code == 0
    assert run("artifacts", "fetch", "--stack", "wordpress-trial").code == 3
    assert run("artifacts", "export", str(tmp_path), "--stack", "wordpress-trial").code == 3


@pytest.mark.parametrize(
    ("replaced", "told"),
    [
        (0, ["6 archives sont là et vérifiées."]),
        (1, ["5 archives sont là et vérifiées.", "1 archive est remplacée, et les versions ne seront pas conformes :"]),
        (5, ["1 archive est là et vérifiée.", "5 archives sont remplacées, et les versions ne seront pas conformes :"]),
        (6, ["6 archives sont remplacées, et les versions ne seront pas conformes :"]),
    ],
)
def test_a_fetch_says_which_archives_are_stand_ins(
    run: Run, monkeypatch: pytest.MonkeyPatch, replaced: int, told: list[str]
) -> None:
    pins = load_stacks()["wordpress-2024"].artifacts
    stand_ins = [one.file for one in pins[:replaced]]

    def fetch(artifact: Artifact) -> Resolved:
        differs = f"{artifact.name} : remplacée." if artifact.file in stand_ins else None
        return Resolved(artifact, Path(artifact.file), artifact.version, differs)

    monkeypatch.setattr("provisioner.cli.resources.store", lambda: SimpleNamespace(fetch=fetch))
    said = run("artifacts", "fetch", "--stack", "wordpress-2024")
    assert said.code == 0
    assert said.out.splitlines() == [*told, *(f"  • {one.name} : remplacée." for one in pins[:replaced])]
    rows = run("artifacts", "fetch", "--stack", "wordpress-2024", "--json").json["artifacts"]
    assert [bool(row["differs"]) for row in rows] == [one.file in stand_ins for one in pins]


def test_what_came_all_the_same_is_told_where_an_archive_cannot_be_had(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.cli.resources.store", store_of("astra-4.5.2.zip"))
    said = run("artifacts", "fetch", "--stack", "wordpress-2024")
    assert said.code == 3
    assert said.out == "1 archive est là et vérifiée.\n"


def test_an_archive_is_forgotten_by_its_name_and_nothing_at_all_where_a_name_is_none(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "artifacts"
    folder.mkdir(parents=True)
    names = ("astra-4.5.2.zip", "wordpress-seo-21.8.zip")
    for name in names:
        (folder / name).write_bytes(b"PK")
    refused = run("artifacts", "forget", names[0], "astra.zip")
    assert refused.code == 2
    assert sentence_of(refused) == "« astra.zip » n'est le nom d'aucune archive : « e5b artifacts » les donne."
    assert (folder / names[0]).exists()
    pinned = run("artifacts", "forget", "wordpress-6.4.2.tar.gz")
    assert pinned.code == 2
    assert "somme de contrôle publiée" in sentence_of(pinned)
    said = run("artifacts", "forget", *names)
    assert said.code == 0
    assert "astra-4.5.2.zip est oubliée" in said.out
    assert not any((folder / name).exists() for name in names)
    assert run("artifacts", "forget", *names, "--json").json == {"forgotten": list(names)}


@pytest.mark.parametrize(("rows", "code"), [("xg", 0), ("g", 0), ("xb", 3), ("gb", 3), ("x", 3), ("", 3)])
def test_a_file_of_a_stick_that_is_none_of_ours_is_no_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rows: str, code: int
) -> None:
    artifact = Artifact("astra", "4.5.2", "astra.zip")
    carried = {
        "x": TransferResult("vacances.zip", None, False, "vacances.zip n'est aucune des archives attendues."),
        "g": TransferResult("astra.zip", artifact, True, "astra.zip est copiée."),
        "b": TransferResult("astra.zip", artifact, False, "astra.zip n'est pas la bonne."),
    }
    store = SimpleNamespace(import_from=lambda *_: [carried[one] for one in rows])
    monkeypatch.setattr("provisioner.cli.resources.store", lambda: store)
    said = run("artifacts", "import", str(tmp_path))
    assert said.code == code
    assert ("aucune archive connue" in said.out) == (rows in ("x", ""))


def test_settings_that_are_named_and_not_there_are_told_with_the_file_that_may_be_meant(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("E5B_CONFIG", str(tmp_path / "e5b.tolm"))
    said = run("status")
    assert said.code == 2
    assert sentence_of(said) == (
        f"La variable E5B_CONFIG nomme {tmp_path}/e5b.tolm, qui n'existe pas : corrigez-la, ou retirez-la (« unset E5B_CONFIG ») "
        f"pour les réglages habituels. Vouliez-vous dire {tmp_path}/e5b.toml ?"
    )
    monkeypatch.setenv("E5B_CONFIG", str(tmp_path / "nowhere/e5b.toml"))
    said = run("up", "--subject", SUBJECT)
    assert said.code == 2
    assert sentence_of(said).endswith("pour les réglages habituels.")


def test_a_mistyped_setting_is_told_with_what_was_meant(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e5b.toml").write_text("plases = 20\n")
    said = run("status")
    assert said.code == 2
    assert sentence_of(said) == (
        f"{tmp_path}/e5b.toml : « plases » : cette clé n'existe pas (vouliez-vous dire « places » ?)."
    )


def test_a_report_is_judged_again_and_stays_as_it_is(tmp_path: Path, run: Run) -> None:
    made = test_again.of_proof("les deux mots intervertis")
    ((fact, _, expected, observed),) = made.found
    folder = test_again.report(
        tmp_path, made, made.model_copy(update={"found": ((fact, Verdict.MET, expected, observed),)}), None
    )
    before = {path: path.read_bytes() for path in folder.iterdir()}
    said = run("check", "--again", str(folder / REPORT_JSON))
    assert said.code == 1
    for part in (
        "poste-01",
        "jugé comme à l'examen.",
        "verdict changé",
        "à l'examen : réalisé",
        "aujourd'hui : non réalisé",
        "à revoir sur l'archive",
        "Jugés comme à l'examen : 1 contrôle sur 3.",
    ):
        assert part in said.out
    rows: list[dict[str, object]] = json.loads(run("check", "--again", str(folder), "--json").out)["checks"]
    assert [row["outcome"] for row in rows] == ["same", "verdict", "archive"]
    assert "Les données de l'entreprise" not in said.out
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    document = json.loads(before[folder / REPORT_JSON])
    (folder / REPORT_JSON).write_text(json.dumps({**document, "data": "those of another day"}))
    said = run("check", "--again", str(folder))
    assert "Les données de l'entreprise ou le sujet ont changé depuis l'examen" in said.out
    assert json.loads(run("check", "--again", str(folder), "--json").out)["other_data"] is True
    refused = run("check", "poste-01", "--again", str(folder))
    assert (refused.code, "il ne va qu'avec --json" in refused.err) == (2, True)
