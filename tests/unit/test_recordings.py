"""Every recording that comes with the program is judged again: the verdicts and sentences are those that it was made with."""

from pathlib import Path

import pytest

from provisioner.examination.judging import judged_again, said
from provisioner.host.editions import company_of
from provisioner.proof.recordings import RECORDINGS, read_recordings
from provisioner.subject.check import registered
from provisioner.subject.subjects import proving_checks

FILES = sorted(RECORDINGS.glob("*/*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_recorded_gives_the_same_verdicts(path: Path) -> None:
    proving_checks()
    kinds = {kind.id: kind for kind in registered()}
    steps = read_recordings(path)
    assert steps
    for step in steps:
        recording = step.recording
        company = company_of(recording.edition)
        check = kinds[recording.check].model_validate(recording.values, context={"company": company})
        assert said(judged_again(check, recording, (company / "media",))) == recording.found, step.name
