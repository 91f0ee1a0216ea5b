"""Whether a check found what it finds on the site as candidates receive it: only then is its evidence printed small."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from unittest.mock import MagicMock

import pytest

from provisioner.core.errors import EngineError
from provisioner.core.model import Conformity, Finding, Golden, Station, Verdict
from provisioner.core.progress import Quiet
from provisioner.examination import seed_findings
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import Evidence, NotesOnly
from provisioner.examination.judging import Examined
from provisioner.examination.seed_findings import as_seeded
from provisioner.station import copies
from provisioner.station.centre import Centre
from provisioner.station.copies import copied
from provisioner.station.lifecycle import up
from provisioner.subject.subjects import load_subject
from tests.unit.exam_room import exam_room

SUBJECT = load_subject("wordpress-a")
CHECKS = [wanted.check for question in SUBJECT.questions for wanted in question.wanted]
GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
AT = datetime(2026, 5, 21, 9, 40, tzinfo=UTC)


class Steps(Quiet):
    """Remembers the steps."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, text: str) -> None:
        self.said.append(text)


class GoldenImage:
    """Examines golden images: counts it, and finds what it is told; `note` is the text of the note that each check leaves."""

    def __init__(self) -> None:
        self.examined: list[tuple[str, datetime]] = []
        self.note = "menu : http://localhost:8101/"
        self.error: Exception | None = None

    def findings(self, centre: Centre, station: Station, *rest: Any) -> Examined:
        evidence, source = rest[2], rest[3]
        with source as (image, taken_at):
            self.examined.append((image, taken_at))
        if self.error:
            raise self.error
        centre.progress.step("un contrôle")
        return Examined(AT, nothing_done(evidence, self.note))


def nothing_done(evidence: Evidence, note: str) -> list[list[Finding]]:
    """What each check finds where the candidate did nothing."""
    return [
        [
            Finding(fact, Verdict.NOT_MET, "ceci", f"rien de {fact}", (evidence.note("menu", note),))
            for fact in check.facts()
        ]
        for check in CHECKS
    ]


@pytest.fixture
def golden_image(monkeypatch: pytest.MonkeyPatch) -> GoldenImage:
    made = GoldenImage()
    monkeypatch.setattr(seed_findings, "findings", made.findings)
    return made


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return replace(exam_room(tmp_path, monkeypatch), progress=Steps())


def compared(
    centre: Centre, station: Station, found: Sequence[Sequence[Finding]], folder: Path, at: datetime = AT
) -> list[bool]:
    return as_seeded(centre, station, SUBJECT, cast(Examiner, None), at, found, folder)


def test_a_candidate_who_did_nothing_has_every_check_as_seeded_and_the_golden_image_is_examined_once_a_day(
    centre: Centre, golden_image: GoldenImage, tmp_path: Path
) -> None:
    first, second = up(centre, 2, ["wordpress-a"], GOLDEN)
    evidence = Evidence(tmp_path / "report")
    for station in (first, second, first):
        found = nothing_done(evidence, f"menu : {station.address}/")
        assert compared(centre, station, found, evidence.folder) == [True] * len(CHECKS)
    assert golden_image.examined == [(GOLDEN.image, AT)]
    found = nothing_done(evidence, f"menu : {first.address}/")
    assert compared(centre, first, found, evidence.folder, AT + timedelta(days=1)) == [True] * len(CHECKS)
    assert len(golden_image.examined) == 2
    assert len(list((centre.state.folder / "seeded").iterdir())) == 1  # that of the day before is gone
    assert list(centre.state.folder.glob(".clair-*")) == []
    assert "un contrôle, sur le site de départ" in cast(Steps, centre.progress).said


@pytest.mark.parametrize("which", ["observed", "verdict", "note", "met"])
def test_where_a_check_says_anything_else_its_evidence_is_printed_whole(
    centre: Centre, golden_image: GoldenImage, tmp_path: Path, which: str
) -> None:
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    evidence = Evidence(tmp_path / "report")
    found = nothing_done(evidence, f"menu : {station.address}/")
    changed = {
        "observed": {"observed": "un brouillon de ce titre"},
        "verdict": {"verdict": Verdict.TO_JUDGE},
        "note": {"evidence": (evidence.note("menu", "menu : un lien de plus"),)},
        "met": {"verdict": Verdict.MET},
    }[which]
    found[1] = [replace(found[1][0], **cast(Any, changed)), *found[1][1:]]
    told = compared(centre, station, found, evidence.folder)
    assert told == [True, False, *[True] * (len(CHECKS) - 2)]


@pytest.mark.parametrize("verdict", [Verdict.MET, Verdict.BLOCKED, Verdict.BROKEN])
def test_the_golden_image_is_not_examined_where_no_check_could_be_as_seeded(
    centre: Centre, golden_image: GoldenImage, tmp_path: Path, verdict: Verdict
) -> None:
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    found = [[Finding(fact, verdict, "ceci", "cela") for fact in check.facts()] for check in CHECKS]
    assert compared(centre, station, found, tmp_path) == [False] * len(CHECKS)
    assert golden_image.examined == []


def test_a_golden_image_that_cannot_be_examined_costs_no_report(
    centre: Centre, golden_image: GoldenImage, tmp_path: Path
) -> None:
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    evidence = Evidence(tmp_path / "report")
    found = nothing_done(evidence, f"menu : {station.address}/")
    golden_image.error = EngineError("L'image n'est plus là.")
    assert compared(centre, station, found, evidence.folder) == [False] * len(CHECKS)
    assert "ses captures s'impriment en grand (L'image n'est plus là.)" in cast(Steps, centre.progress).said[-1]
    golden_image.error = None
    assert compared(centre, station, found, evidence.folder) == [True] * len(CHECKS)
    (kept,) = (centre.state.folder / "seeded").iterdir()
    kept.write_text('{"cut')  # a file of which half was written is made anew
    assert compared(centre, station, found, evidence.folder) == [True] * len(CHECKS)
    assert len(golden_image.examined) == 3


def test_a_copy_of_the_golden_image_starts_as_a_station_does_and_a_frozen_one_keeps_its_candidate(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    monkeypatch.setattr(copies, "await_answer", lambda *_, **__: None)
    started: dict[str, bytes] = cast(Any, centre.engine).told
    with copied(centre, station, GOLDEN.image, AT) as copy:
        assert station.address.encode() in started[copy.container]
    with copied(centre, station, "sha256:frozen", AT) as copy:
        assert started[copy.container] == b""


def test_no_picture_is_taken_of_the_golden_image_of_which_only_words_are_compared(tmp_path: Path) -> None:
    evidence, page = NotesOnly(tmp_path), MagicMock()
    assert evidence.shot("la page d’accueil", page) == "preuves/01-la-page-d-accueil.jpg"
    assert page.mock_calls == []
    assert (tmp_path / evidence.note("le menu", "Accueil")).read_text(encoding="utf-8") == "Accueil"
