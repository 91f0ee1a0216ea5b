"""What an examination keeps beside its report, and what today's code concludes from it."""

import json
from pathlib import Path

import pytest

from provisioner.core.errors import ConfigurationError, Refusal
from provisioner.core.model import Verdict
from provisioner.examination import again
from provisioner.examination.again import (
    RECORDINGS_NAME,
    JudgedAgain,
    digest_of_data,
    judge_report_again,
    keep_recordings,
    recording_name,
    rests_on_other_data,
)
from provisioner.examination.recording import Recording
from provisioner.examination.recording_file import RecordedStep, read_recordings, write_recordings
from provisioner.proof.recordings import RECORDINGS
from provisioner.station.state import REPORT_JSON
from tests.unit.test_recording import Titled, examined

EDITION, CHECK = "prestashop-2024", "prestashop.navigation.search_alias"


def of_proof(name: str) -> Recording:
    rows = read_recordings(RECORDINGS / EDITION / f"{CHECK}.jsonl")
    return next(one.recording for one in rows if one.name == name)


def report(folder: Path, *recordings: Recording | None) -> Path:
    """A report of one question with a check for each recording; the report of a check without one has none."""
    checks = [{"id": CHECK, "title": "La recherche de la boutique comprend un alias"} for _ in recordings]
    document = {
        "station": "poste-01",
        "subject": "prestashop-qui-n-est-plus-la",
        "stack": EDITION,
        "taken_at": "2026-05-21T09:40:00+02:00",
        "candidate": None,
        "questions": [{"number": 2, "checks": checks}],
    }
    (folder / REPORT_JSON).write_text(json.dumps(document), encoding="utf-8")
    steps = [
        RecordedStep(step=recording_name(2, place), name=CHECK, recording=one)
        for place, one in enumerate(recordings, 1)
        if one
    ]
    write_recordings(folder / RECORDINGS_NAME, steps)
    return folder


def judged(folder: Path) -> list[JudgedAgain]:
    return judge_report_again(folder)[1]


def test_an_examination_keeps_what_was_answered_for_nobody_else_to_read(tmp_path: Path) -> None:
    check = Titled(title="Durand")
    seen = examined(check, "Durand")
    keep_recordings(tmp_path, "wordpress-2024", ["1.1"], [check], seen, ())
    path = tmp_path / RECORDINGS_NAME
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    (kept,) = read_recordings(path)
    assert (kept.step, kept.recording.found[0][1]) == ("1.1", Verdict.MET)


@pytest.mark.parametrize(
    ("room", "title", "elsewhere", "lost"),
    [
        (10, "Durand", [], False),
        (10_000, "\ud800", [], False),
        (10_000, "Durand", ["else"], False),
        (10_000, "Durand", [], True),
    ],
    ids=["too much", "no file can hold it", "it doesn't give its verdicts again", "something could not be verified"],
)
def test_what_cannot_be_kept_stops_no_examination(
    room: int, title: str, elsewhere: list[str], lost: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Titled(title="Durand")
    seen = examined(check, title, lost)
    monkeypatch.setattr(again, "_ROOM", room)
    monkeypatch.setattr(Titled, "elsewhere", elsewhere)
    keep_recordings(tmp_path, "wordpress-2024", ["1.1"], [check], seen, ())
    assert not (tmp_path / RECORDINGS_NAME).exists()


def test_what_did_not_change_is_judged_as_at_the_examination(tmp_path: Path) -> None:
    (one,) = judged(report(tmp_path, of_proof("les deux mots intervertis")))
    assert (one.outcome, one.before == one.now, one.question) == ("same", True, 2)


def test_a_changed_verdict_and_a_changed_sentence_are_told_apart(tmp_path: Path) -> None:
    made = of_proof("les deux mots intervertis")
    ((fact, _, expected, observed),) = made.found
    verdict = made.model_copy(update={"found": ((fact, Verdict.MET, expected, observed),)})
    sentence = made.model_copy(update={"found": ((fact, Verdict.NOT_MET, expected, "autrement"),)})
    assert [one.outcome for one in judged(report(tmp_path, verdict, sentence))] == ["verdict", "sentence"]


def test_what_the_report_does_not_hold_takes_the_archive(tmp_path: Path) -> None:
    made = of_proof("les deux mots intervertis")
    fewer = made.model_copy(update={"whole": made.whole.model_copy(update={"asked": made.whole.asked[:2]})})
    gone = made.model_copy(update={"check": "prestashop.navigation.no_more"})
    otherwise = made.model_copy(update={"values": {"aliases": ["a"]}})
    found = judged(report(tmp_path, None, fewer, gone, otherwise))
    assert {one.outcome for one in found} == {"archive"}
    assert [one.why for one in found] == [
        "ce que le site a répondu à ce contrôle n'est pas dans le rapport",
        "le contrôle regarde aujourd'hui autre chose du site",
        "e5b n'a plus ce contrôle",
        "ce que le sujet demandait ne s'écrit plus ainsi",
    ]


def test_other_data_of_the_company_or_the_subject_are_known_and_an_earlier_report_says_nothing(tmp_path: Path) -> None:
    folder = report(tmp_path, of_proof("une seule saisie"))
    document = judge_report_again(folder)[0]
    assert not rests_on_other_data(document)
    today = digest_of_data(EDITION, ())  # that subject is no longer there
    assert not rests_on_other_data({**document, "data": today})
    paper = tmp_path / "documents"
    paper.mkdir()
    (paper / "annexe.pdf").write_bytes(b"%PDF")
    with_paper = digest_of_data(EDITION, (paper,))
    (paper / "annexe.pdf").write_bytes(b"%PDF-1.7")
    assert len({today, with_paper, digest_of_data(EDITION, (paper,))}) == 3
    assert rests_on_other_data({**document, "data": with_paper})


def test_what_is_no_report_is_refused_and_damaged_recordings_are_said(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="n'est pas un rapport d'e5b"):
        judge_report_again(tmp_path)
    (tmp_path / REPORT_JSON).write_text("[]", encoding="utf-8")
    with pytest.raises(Refusal, match="n'est pas un rapport d'e5b"):
        judge_report_again(tmp_path)
    (report(tmp_path) / RECORDINGS_NAME).write_text('["a"', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="abîmé"):
        judge_report_again(tmp_path)
