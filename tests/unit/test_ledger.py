"""The ledger: a step that was proven stands while nothing changes that its proof depends on, and one that failed doesn't."""

import errno
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from provisioner.cli import show, show_proofs
from provisioner.core.errors import ConfigurationError, EvidenceLost
from provisioner.core.model import Conformity, Finding, Golden, Verdict
from provisioner.host.editions import stack_if_known, stack_named
from provisioner.host.paths import ROOT
from provisioner.proof import ledger_count, prove
from provisioner.proof.keys import Keys, step_part
from provisioner.proof.ledger import Ledger, Standings, image_line
from provisioner.proof.steps import Step, StepProof, question_alone, steps_of
from provisioner.subject.check import Act, Check, NearMiss, Road
from provisioner.subject.functionalities import fact
from provisioner.subject.ledger_file import (
    ImageLine,
    StepLine,
    editions_with_ledger,
    ledger_path,
    read_ledger,
    read_line,
    written,
)
from provisioner.subject.proof_words import ProofCount
from provisioner.subject.subjects import Question, Subject, WantedCheck, checks_of
from tests.unit.test_recording import steps_of as recorded_steps_of

MET, NOT_MET = Verdict.MET, Verdict.NOT_MET
STACK = stack_named("wordpress-2024")
TITLE, SLOGAN = fact("wordpress.apparence.identite", "titre"), fact("wordpress.apparence.identite", "slogan")
DIFFERS = ("astra 4.5.2 : remplacée, thème repris d’un autre site.",)
TODAY = date(2026, 12, 12)


class Named(Check):
    """Un titre et un slogan."""

    proves: ClassVar[tuple[str, ...]] = (TITLE, SLOGAN)
    title: str = "Korrigan"

    def ways(self) -> Sequence[Act]:
        return [Act("par les réglages", lambda desk: None), Act("par l’éditeur", lambda desk: None)]

    def near_misses(self) -> Sequence[NearMiss]:
        return [NearMiss("un autre slogan", SLOGAN, lambda desk: None)]

    def roads(self) -> Sequence[Road]:
        return [Road("dans l’en-tête", TITLE, lambda desk: None)]


BEFORE, WAY, OTHER, MISS, ROAD = steps_of(Named())
STEPS = (BEFORE, WAY, OTHER, MISS, ROAD)


def golden(archives: str = "0123456789abcdef", differs: tuple[str, ...] = DIFFERS) -> Golden:
    return Golden(STACK.id, "sha256:1", datetime(2026, 5, 4, tzinfo=UTC), Conformity(differs), {}, archives=archives)


def there(*_: object) -> Sequence[Step]:
    return STEPS


def ledger(folder: Path, image: Golden | None = None, today: date = TODAY) -> Ledger:
    return Ledger(STACK, image or golden(), today, folder / "state", folder / "ledger", there)


def proof(step: Step, seconds: float = 8.5) -> StepProof:
    verdict = {"before": NOT_MET, "near_miss": NOT_MET, "road": Verdict.TO_JUDGE}.get(step.kind, MET)
    return StepProof(
        step, [[Finding(one, verdict, "attendu", "observé") for one in (TITLE, SLOGAN)]], "", seconds=seconds
    )


def test_what_was_proven_is_recalled_with_its_verdicts_and_nothing_else_is(tmp_path: Path) -> None:
    ledger(tmp_path).add(proof(WAY))
    again = ledger(tmp_path)
    known = again.proof_of(steps_of(Named())[1])
    assert known is not None
    assert (known.failure, known.seconds, known.recalled) == ("", 8.5, True)
    assert [(one.fact, one.verdict) for one in known.all_findings()] == [(TITLE, MET), (SLOGAN, MET)]
    others = [BEFORE, OTHER, MISS, ROAD, steps_of(Named(title="Autre"))[1]]
    assert not any(again.proof_of(step) for step in others)


def test_a_line_says_what_was_proven_when_and_with_which_archives(tmp_path: Path) -> None:
    ledger(tmp_path).add(proof(MISS))
    image, step = map(json.loads, (tmp_path / "ledger/wordpress-2024.jsonl").read_text("utf-8").splitlines())
    assert image == {
        "image": image_line(golden()).image,
        "archives": "0123456789abcdef",
        "conforming": False,
        "differs": list(DIFFERS),
    }
    assert step == {
        "check": "",
        "kind": "near_miss",
        "name": "un autre slogan",
        "fact": SLOGAN,
        "key": Keys(STACK).of(MISS, "0123456789abcdef"),
        "found": [{TITLE: "not_met", SLOGAN: "not_met"}],
        "day": "2026-12-12",
        "seconds": 8.5,
        "conforming": False,
        "differs": image["image"],
    }


def test_a_step_that_is_proven_again_replaces_its_line_and_one_that_failed_loses_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger/wordpress-2024.jsonl"
    ledger(tmp_path).add(proof(WAY))
    ledger(tmp_path, today=date(2026, 12, 13)).add(proof(WAY, 9.0))
    assert [(line.day, line.seconds) for line in read_ledger(path).steps.values()] == [("2026-12-13", 9.0)]
    again = ledger(tmp_path)
    again.add(proof(OTHER))
    again.remove([WAY])
    assert [line.name for line in read_ledger(path).steps.values()] == ["par l’éditeur"]
    again.remove([OTHER])
    assert not path.exists()


def test_the_file_is_the_same_whatever_came_first(tmp_path: Path) -> None:
    texts = []
    for name, order in (("one", STEPS), ("other", STEPS[::-1])):
        for step in order:
            ledger(tmp_path / name).add(proof(step))
        texts.append((tmp_path / name / "ledger/wordpress-2024.jsonl").read_text("utf-8"))
    assert texts[0] == texts[1]
    assert [json.loads(row).get("kind") for row in texts[0].splitlines()] == [
        None,
        "before",
        "way",
        "way",
        "near_miss",
        "road",
    ]


def test_a_step_that_no_check_has_any_more_leaves_the_file(tmp_path: Path) -> None:
    former = steps_of(Named(title="Ancien"))[1]
    of_former = Ledger(STACK, golden(), TODAY, tmp_path / "state", tmp_path / "ledger", lambda *_: [])
    of_former.add(proof(former))
    ledger(tmp_path).add(proof(WAY))
    assert list(read_ledger(tmp_path / "ledger/wordpress-2024.jsonl").steps) == [step_part(WAY)]


def test_workers_who_prove_at_the_same_time_lose_no_line(tmp_path: Path) -> None:
    ledgers = [ledger(tmp_path) for _ in STEPS]
    with ThreadPoolExecutor(len(STEPS)) as pool:
        list(pool.map(lambda pair: pair[0].add(proof(pair[1])), zip(ledgers, STEPS, strict=True)))
    assert len(read_ledger(tmp_path / "ledger/wordpress-2024.jsonl").steps) == len(STEPS)


@pytest.mark.parametrize("cut", [20, 2000])
def test_a_line_that_is_not_as_it_must_be_proves_nothing(tmp_path: Path, cut: int) -> None:
    """The last line is cut short; or there is nothing but a part of the first, without which no other counts."""
    for step in (WAY, OTHER):
        ledger(tmp_path).add(proof(step))
    path = tmp_path / "ledger/wordpress-2024.jsonl"
    text = path.read_text("utf-8")
    path.write_text(text[: max(30, len(text) - cut)], encoding="utf-8")
    again = ledger(tmp_path)
    assert bool(again.proof_of(WAY)) is (cut == 20)
    assert not again.proof_of(OTHER)


def test_a_proof_on_other_archives_is_outdated_where_those_that_are_here_are_known(tmp_path: Path) -> None:
    ledger(tmp_path).add(proof(WAY))
    real = golden("f" * 16, ())
    assert ledger(tmp_path, real).proof_of(WAY) is None
    states = [
        Standings(STACK, archives, tmp_path / "state", tmp_path / "ledger").of(WAY).state
        for archives in ("", golden().archives, real.archives)
    ]
    assert states == ["proven", "proven", "outdated"]
    ledger(tmp_path, real).add(proof(WAY))
    file = read_ledger(tmp_path / "ledger/wordpress-2024.jsonl")
    assert [line.conforming for line in file.steps.values()] == [True]
    assert [image.differs for image in file.images.values()] == [()]  # the other is needed no more


def test_where_the_programs_folder_is_read_only_this_machine_has_lines_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(tmp_path).add(proof(WAY))
    ours = tmp_path / "ledger/wordpress-2024.jsonl"
    before = ours.read_text("utf-8")
    monkeypatch.setattr(Ledger, "_may_write_ours", lambda _: False)
    here = ledger(tmp_path)
    here.add(proof(OTHER))
    here.remove([WAY])
    again = ledger(tmp_path)
    assert again.proof_of(OTHER)
    assert not again.proof_of(WAY)  # what the program came with isn't so here
    assert again.standings.of(WAY).state == "outdated"
    assert ours.read_text("utf-8") == before
    assert here.where_written() == [
        f"Inscrit au registre de cette machine, le dossier d'e5b étant en lecture seule : {tmp_path}/state/wordpress-2024.jsonl"
    ]
    again.add(proof(WAY))
    assert ledger(tmp_path).proof_of(WAY)


def test_a_later_program_is_not_measured_by_what_failed_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(tmp_path).add(proof(WAY))
    with monkeypatch.context() as before:
        before.setattr(Ledger, "_may_write_ours", lambda _: False)
        before.setattr("provisioner.proof.keys.DECIDING", ())
        former = ledger(tmp_path)
        former.standings._of_machine = {}
        former.remove([WAY])
    assert ledger(tmp_path).proof_of(WAY)


def own_subject(folder: Path) -> Subject:
    folder.mkdir(parents=True)
    questions = (Question(1, "t", "c", (), (WantedCheck(Named(), ""),)),)
    return Subject("wordpress-noel", "wordpress", "t", "biscuiterie", "", questions, folder)


def test_what_a_centres_own_subject_asks_never_comes_into_the_programs_ledger(tmp_path: Path) -> None:
    alone = question_alone(own_subject(tmp_path / "sujets/wordpress-noel"), 1)
    here = ledger(tmp_path)
    here.add(proof(alone))
    assert editions_with_ledger(tmp_path / "ledger") == []
    (line,) = read_ledger(tmp_path / "state/wordpress-2024.jsonl").steps.values()
    assert (line.check, line.subject, line.kind, line.name) == ("", "wordpress-noel", "alone", "question 1 seule")
    assert here.proof_of(alone) is None  # it was read before
    assert ledger(tmp_path).proof_of(alone)
    assert here.where_written() == [
        f"Inscrit au registre de cette machine, des sujets du centre : {tmp_path}/state/wordpress-2024.jsonl"
    ]


def test_a_subject_of_the_program_stands_in_its_ledger(tmp_path: Path) -> None:
    documents = (ROOT / "scenarios/biscuiterie/subjects/wordpress-a",)
    step = replace(WAY, documents=documents)
    ledger(tmp_path).add(proof(step))
    (line,) = read_ledger(tmp_path / "ledger/wordpress-2024.jsonl").steps.values()
    assert line.subject == "wordpress-a"


def own_lines(folder: Path) -> list[str]:
    return sorted(line.name for line in read_ledger(folder / "wordpress-2024.jsonl").steps.values())


def test_the_lines_of_a_subject_that_can_not_be_read_stay(tmp_path: Path) -> None:
    """A centre's folder may not be mounted, or the settings be others for once."""
    ledger(tmp_path).add(proof(question_alone(own_subject(tmp_path / "sujets/wordpress-noel"), 1)))
    ledger(tmp_path).add(proof(replace(WAY, documents=(tmp_path / "sujets/wordpress-paques",))))
    assert own_lines(tmp_path / "state") == ["par les réglages", "question 1 seule"]


@pytest.mark.parametrize(("found", "stays"), [("mistyped", True), ("sound", False), ("gone", False)])
def test_a_line_of_the_programs_subject_goes_with_its_step_or_its_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str, stays: bool
) -> None:
    name = "wordpress-retire" if found == "gone" else "wordpress-a"
    former = replace(OTHER, documents=(ROOT / "scenarios/biscuiterie/subjects" / name,))
    ledger(tmp_path).add(proof(former))
    if found == "mistyped":
        monkeypatch.setattr("provisioner.proof.ledger.load_subject", MagicMock(side_effect=ConfigurationError("")))
    ledger(tmp_path).add(proof(WAY))
    assert own_lines(tmp_path / "ledger") == ["par les réglages", *["par l’éditeur"] * stays]


def test_a_byte_that_is_no_text_spoils_its_line_alone(tmp_path: Path) -> None:
    for step in (WAY, OTHER, MISS):
        ledger(tmp_path).add(proof(step))
    path = tmp_path / "ledger/wordpress-2024.jsonl"
    path.write_bytes(path.read_bytes().replace("par les réglages".encode(), b"par les r\xe9glages"))
    ledger(tmp_path).add(proof(ROAD))
    assert own_lines(tmp_path / "ledger") == ["dans l’en-tête", "par l’éditeur", "un autre slogan"]


def test_a_file_that_the_disk_refuses_to_read_is_not_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(tmp_path).add(proof(WAY))
    here = ledger(tmp_path)
    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "read_bytes", MagicMock(side_effect=OSError(errno.EIO, "Input/output error")))
        with pytest.raises(EvidenceLost, match="ne peut être ni lu ni écrit"):
            here.add(proof(OTHER))
        with pytest.raises(EvidenceLost, match="ne peut être ni lu ni écrit"):
            here.remove([WAY])
    assert own_lines(tmp_path / "ledger") == ["par les réglages"]


def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("no folder", encoding="utf-8")
    with pytest.raises(EvidenceLost, match=str(tmp_path)):
        ledger(tmp_path).add(proof(WAY))


def proving(folder: Path, monkeypatch: pytest.MonkeyPatch, *, changed: bool, fails: str = "") -> list[str]:
    """Prove the check, without stations; the names of the steps that were done."""
    done: list[str] = []

    def do(self: prove._Run) -> None:
        while self.waiting.qsize():
            index = self.waiting.get_nowait()
            step = self._steps[index]
            done.append(step.name)
            self._end(index, StepProof(step, [], "c'est raté") if step.name == fails else proof(step))

    monkeypatch.setattr(prove._Run, "do_waiting_steps", do)
    monkeypatch.setattr(prove, "forget_killed", lambda *_: None)
    monkeypatch.setattr(prove, "replace", lambda centre, **_: centre)
    monkeypatch.setattr("provisioner.network.gateway.Room.on_free_ports", lambda *_: None)
    centre = MagicMock()
    centre.settings.zone = UTC
    centre.state.report_folder.return_value = folder / "preuve"
    document, proofs = prove.prove(centre, STACK, golden(), [Named()], [], ledger(folder), changed=changed)
    assert document["recalled"] == len(STEPS) - len(done)
    assert bool(document["report"]) == bool(document["texts"]) == bool(done)
    assert [one.step.key for one in proofs] == [step.key for step in STEPS]
    return done


def test_what_changed_is_proven_and_nothing_else_and_a_plain_proof_proves_all_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [step.name for step in STEPS]
    assert proving(tmp_path, monkeypatch, changed=True, fails="par l’éditeur") == every
    assert proving(tmp_path, monkeypatch, changed=True) == ["par l’éditeur"]
    assert proving(tmp_path, monkeypatch, changed=True) == []
    assert proving(tmp_path, monkeypatch, changed=False) == every


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Standings:
    """Of the check's five steps, two are proven, two were, on a program and on an edition that were others, and one is missing."""
    monkeypatch.setattr(ledger_count, "all_steps", lambda *_: list(STEPS))
    monkeypatch.setattr(Named, "id", "wordpress.apparence.named")
    here = ledger(tmp_path)
    for step in (BEFORE, WAY):
        here.add(proof(step))
    with monkeypatch.context() as before:
        before.setattr("provisioner.proof.keys.DECIDING", ())
        ledger(tmp_path).add(proof(ROAD))
    with monkeypatch.context() as before:
        before.setattr("provisioner.proof.keys.stack_files", lambda *_: [])
        ledger(tmp_path).add(proof(MISS))
    return Standings(STACK, "", tmp_path / "state", tmp_path / "ledger")


def test_an_edition_is_counted_and_says_what_changed(
    counted: Standings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = ledger_count.edition_standings(counted)
    assert [edition[count] for count in ("steps", "proven", "earlier", "outdated", "missing")] == [5, 2, 1, 1, 1]
    assert (edition["conforming"], edition["differs"]) == (False, list(DIFFERS))
    assert edition["checks"] == [
        {"id": "wordpress.apparence.named", "steps": 5, "outdated": 1, "missing": 1, "changed": ["l'édition"]}
    ]
    monkeypatch.setattr(show.out, "_width", 80)
    show_proofs.edition(edition)
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= 80
    said = " ".join(shown.split())
    assert "5 étapes : 2 prouvées, 1 avant un changement d'e5b, 1 à prouver de nouveau, 1 pas encore prouvée." in said
    assert "Les preuves sont faites avec des archives remplacées : • astra 4.5.2 : remplacée" in said
    assert "à prouver de nouveau (ce qui a changé : l'édition) : wordpress.apparence.named." in said
    assert "« e5b prove --stack wordpress-2024 --changed » ne prouve que cela." in said


def test_what_was_proven_before_the_code_changed_stands_until_it_is_proven_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_count, "all_steps", lambda *_: list(STEPS))
    with monkeypatch.context() as before:
        before.setattr("provisioner.proof.keys.DECIDING", ())
        for step in STEPS:
            ledger(tmp_path).add(proof(step))
    standings = Standings(STACK, "", tmp_path / "state", tmp_path / "ledger")
    assert {standings.of(step).state for step in STEPS} == {"earlier"}
    fact = ledger_count.fact_proofs(standings)[SLOGAN]
    assert (fact["state"], fact["ways"]) == ("earlier", 2)
    assert fact["text"].endswith("(e5b a changé depuis)")
    assert ledger(tmp_path).proof_of(WAY) is None, "`--changed` proves it again"
    monkeypatch.setattr(Ledger, "_may_write_ours", lambda _: False)
    ledger(tmp_path).remove([WAY])
    monkeypatch.setattr("provisioner.proof.keys.DECIDING", ())
    here = ledger(tmp_path).standings
    assert [here.of(step).state for step in (WAY, OTHER)] == ["proven", "proven"], "the code of then is here again"
    monkeypatch.setattr("provisioner.proof.keys.DECIDING", ("provisioner/core/model.py",))
    here = ledger(tmp_path).standings
    assert [here.of(step).state for step in (WAY, OTHER)] == ["outdated", "earlier"], "it failed here since"


def test_what_was_recorded_stays_proven_when_only_code_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = recorded_steps_of("Durand")[0].recording
    with monkeypatch.context() as before:
        before.setattr("provisioner.proof.keys.DECIDING", ())
        ledger(tmp_path).add(replace(proof(WAY), recordings=(recording,)))
        ledger(tmp_path).add(proof(OTHER))
    here = ledger(tmp_path)
    assert [here.standings.of(step).state for step in (WAY, OTHER)] == ["proven", "earlier"]
    assert here.proof_of(WAY)
    assert not here.proof_of(OTHER)
    otherwise = replace(WAY, act=lambda desk: desk.file("autre.jpg"))
    assert here.standings.of(otherwise).state == "outdated", "its check declares something else under the same name"
    monkeypatch.setattr("provisioner.proof.keys.stack_files", lambda *_: [])
    assert ledger(tmp_path).standings.of(WAY).state == "outdated", "another site"
    ledger(tmp_path).remove([WAY])
    assert not list((tmp_path / "recordings").glob("*/*"))


def test_of_many_checks_some_are_named(capsys: pytest.CaptureFixture[str], counted: Standings) -> None:
    edition = ledger_count.edition_standings(counted)
    edition["checks"] = [{**edition["checks"][0], "id": f"wordpress.x.{number}"} for number in range(20)]
    show_proofs.edition(edition)
    said = " ".join(capsys.readouterr().out.split())
    assert "wordpress.x.0, wordpress.x.1," in said
    assert "wordpress.x.7 et 12 autres." in said


def test_a_fact_is_proven_by_all_of_its_steps(counted: Standings, tmp_path: Path) -> None:
    facts = ledger_count.fact_proofs(counted)
    assert facts[SLOGAN] == {"stack": "wordpress-2024", "state": "outdated", "text": "à prouver de nouveau"}
    assert facts[TITLE] == {
        "stack": "wordpress-2024",
        "state": "missing",
        "text": "prouvé le 12 décembre 2026, avec des archives remplacées : 1 chemin, 1 autre voie (pas encore en entier)",
    }
    for step in (OTHER, MISS, ROAD):
        ledger(tmp_path, golden("f" * 16, ()), date(2026, 12, 1)).add(proof(step))
    facts = ledger_count.fact_proofs(Standings(STACK, "", tmp_path / "state", tmp_path / "ledger"))
    assert facts[SLOGAN] == {
        "stack": "wordpress-2024",
        "state": "proven",
        "day": "2026-12-12",
        "ways": 2,
        "near_misses": 1,
        "roads": 0,
        "altered": 0,
        "conforming": False,
        "text": "prouvé le 12 décembre 2026, avec des archives remplacées : 2 chemins, 1 presque-juste",
    }
    assert facts[TITLE]["text"].endswith(" : 2 chemins, 1 autre voie")
    empty = ledger_count.fact_proofs(Standings(STACK, "", tmp_path / "none", tmp_path / "none"))
    assert {proof["text"] for proof in empty.values()} == {"pas encore prouvé"}


def test_what_is_written_of_a_proof_is_french() -> None:
    whole = ProofCount(date(2026, 12, 1), 3, 4, 2, 17, conforming=True)
    said = "prouvé le 1er décembre 2026 : 3 chemins, 4 presque-juste, 2 autres voies, 17 états altérés"
    assert whole.french == said


def test_nothing_to_prove_is_said_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    show_proofs.proofs([replace(proof(step), recalled=True) for step in STEPS], ledger(tmp_path))
    assert capsys.readouterr().out == "Rien à prouver de nouveau : 5 étapes sont prouvées.\n"
    show_proofs.proofs([replace(proof(WAY), recalled=True), proof(OTHER)])
    assert "2 étapes prouvées sur 2, dont 1 étape d'avant." in capsys.readouterr().out


def faults_of(stack: str, rows: Sequence[str]) -> list[str]:
    """What is wrong with a ledger's lines, each as a word; ValidationError where one isn't a line at all."""
    lines = [read_line(row) for row in rows]
    images = [line for line in lines if isinstance(line, ImageLine)]
    steps = [line for line in lines if isinstance(line, StepLine)]
    conforming = {line.image: line.conforming for line in images}
    known = {"", *checks_of(stack_named(stack).cms)}
    return [
        word
        for word, right in {
            "order": lines == [*sorted(images, key=lambda one: one.image), *sorted(steps, key=StepLine.order)],
            "writing": [*rows] == [written(line) for line in lines],
            "twice": len({line.step for line in steps}) == len(steps),
            "images": {line.differs for line in steps} == {*conforming},
            "conforming": all(line.conforming == conforming.get(line.differs) for line in steps)
            and all(line.conforming == (not line.differs) for line in images),
            "check": {line.check for line in steps} <= known,
            "failed": not any(line.failed for line in steps),
        }.items()
        if not right
    ]


def test_the_ledgers_that_come_with_the_program_are_as_they_must_be() -> None:
    """Whether they are outdated, `./test proofs` says."""
    assert [stack for stack in editions_with_ledger() if stack_if_known(stack) is None] == []
    for stack in editions_with_ledger():
        assert faults_of(stack, ledger_path(stack).read_text(encoding="utf-8").splitlines()) == []


def test_a_ledger_that_somebody_put_together_by_hand_is_noticed(tmp_path: Path) -> None:
    for step in (WAY, OTHER):
        ledger(tmp_path).add(proof(step))
    image, one, other = (tmp_path / "ledger/wordpress-2024.jsonl").read_text("utf-8").splitlines()
    assert faults_of(STACK.id, [image, one, other]) == []
    assert faults_of(STACK.id, [image, other, one]) == ["order"]
    assert faults_of(STACK.id, [image, one, one]) == ["twice"]
    assert "images" in faults_of(STACK.id, [one, other])
    assert "conforming" in faults_of(STACK.id, [image, one, other.replace("false", "true")])
    assert faults_of(STACK.id, [image, one.replace('"check": ""', '"check": "wordpress.x.y"')]) == ["check"]
    assert faults_of(STACK.id, [image, one.replace(", ", ",")]) == ["writing"]
    with pytest.raises(ValidationError):
        faults_of(STACK.id, [image, one.replace('"way"', '"chemin"')])
