"""The recordings that come with the program: `checks/recordings/<edition>/<check>.jsonl`, what sites answered in proven steps."""

from collections.abc import Container, Mapping, Sequence
from itertools import chain
from pathlib import Path

from provisioner.examination.recording_file import RecordedStep, read_recordings, write_recordings
from provisioner.host.paths import ROOT

RECORDINGS = ROOT / "checks" / "recordings"


def recordings_of(edition: str, ledgers: Path) -> Path:
    """The folder of an edition's recordings; they stand beside the ledgers."""
    return ledgers.parent / "recordings" / edition


def steps_by_identity(folder: Path) -> dict[str, list[RecordedStep]]:
    """The recordings in the folder of an edition, by step; see read_recordings."""
    found: dict[str, list[RecordedStep]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for one in read_recordings(path):
            found.setdefault(one.step, []).append(one)
    return found


def replace_steps(steps: Mapping[str, Sequence[RecordedStep]], known: Container[str], folder: Path) -> None:
    """Have the files of an edition's folder hold these recordings of these steps, and no others of them.

    Of the files that change, steps that aren't `known` are left out.
    """
    by_check: dict[str, list[RecordedStep]] = {}
    for one in chain.from_iterable(steps.values()):
        by_check.setdefault(one.recording.check, []).append(one)
    paths = {folder / f"{check}.jsonl" for check in by_check}
    for path in folder.glob("*.jsonl"):
        text = path.read_text("utf-8")
        if any(f'"{step}"' in text for step in steps):
            paths.add(path)
    for path in paths:
        kept = [one for one in read_recordings(path) if one.step not in steps and one.step in known]
        write_recordings(path, kept + by_check.get(path.stem, []))
