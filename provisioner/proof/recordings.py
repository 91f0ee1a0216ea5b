"""The recordings that come with the program: `checks/recordings/<edition>/<check>.jsonl`, what sites answered in proven steps.

A file has a line for each piece of text, under its digest, then one for each step, whose requests and answers are lists of
such digests: a text that several steps have is there once, and a step that changes changes few lines.
"""

import hashlib
import json
import re
import sys
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from provisioner.core.errors import ConfigurationError
from provisioner.examination.recording import Recording, as_json
from provisioner.host.disk import make_folder, write_whole
from provisioner.host.paths import ROOT
from provisioner.subject.page import Json

RECORDINGS = ROOT / "checks" / "recordings"
#: Where a long answer is divided: after an object, an element or a line.
_PIECES = re.compile(r"(?s).*?(?:\},|>(?=<)|\\n|\Z)")
#: How much of an answer is printed, in characters.
_SHOWN = 300
#: How long a file may be, in bytes.
_LONGEST_FILE = 64_000_000


class RecordedStep(BaseModel):
    """What the checks of a proven step were answered: `step` is its identity, `name` says it in French."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str
    name: str
    recording: Recording


def read_recordings(path: Path) -> list[RecordedStep]:
    """The recorded steps of a file; of one that isn't there, none. ConfigurationError where a line isn't as it must be."""
    try:
        with path.open("rb") as file:
            rows = file.read(_LONGEST_FILE).decode().splitlines()
        return list(_steps(rows))
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, LookupError) as error:
        raise ConfigurationError(
            f"« {path} » n'est pas un fichier d'enregistrements, ou il est abîmé : remettez-le comme il était "
            f"(détail : {str(error)[:200]})."
        ) from error


def _steps(rows: Iterable[str]) -> Iterator[RecordedStep]:
    texts: dict[str, str] = {}
    for row in rows:
        line = json.loads(row)
        if isinstance(line, list):
            texts[line[0]] = line[1]
        else:
            yield RecordedStep.model_validate_json(as_json(_joined(line, texts)))


def write_recordings(path: Path, steps: Iterable[RecordedStep]) -> None:
    """Write a file whole; without a step, there is no file."""
    texts: dict[str, str] = {}
    rows = sorted(as_json(_divided(step.model_dump(mode="json"), texts)) for step in steps)
    if not rows:
        path.unlink(missing_ok=True)
        return
    make_folder(path.parent)
    pieces = [as_json([digest, text]) for digest, text in sorted(texts.items())]
    write_whole(path, "".join(f"{row}\n" for row in (*pieces, *rows)))


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


def digest_of(recordings: Iterable[Recording]) -> str:
    """The digest by which the ledger knows the recordings of a step."""
    texts = sorted(as_json(recording.model_dump(mode="json")) for recording in recordings)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


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


def _divided(line: dict[str, Json], texts: dict[str, str]) -> dict[str, Json]:
    """A line with its requests and answers as lists of digests; their texts go into `texts`."""
    recording = dict(line["recording"])
    for look in ("whole", "without"):
        if recording[look]:
            asked = [" ".join(_kept(as_json(pair), texts)) for pair in recording[look]["asked"]]
            recording[look] = {**recording[look], "asked": asked}
    return {**line, "recording": recording}


def _kept(text: str, texts: dict[str, str]) -> Iterator[str]:
    """The digests of a text's pieces, which go into `texts`."""
    for piece in filter(None, _PIECES.findall(text)):
        digest = hashlib.sha256(piece.encode()).hexdigest()[:10]
        texts[digest] = piece
        yield digest


def _joined(line: dict[str, Json], texts: Mapping[str, str]) -> dict[str, Json]:
    """A line with its requests and answers as they were. KeyError where a piece of text is missing."""
    recording = dict(line["recording"])
    for look in ("whole", "without"):
        if recording[look]:
            asked = [json.loads("".join(texts[one] for one in pair.split())) for pair in recording[look]["asked"]]
            recording[look] = {**recording[look], "asked": asked}
    return {**line, "recording": recording}


def _print(path: Path) -> None:
    """Print what a file's steps were asked, answered, and found to be."""
    for step in read_recordings(path):
        sys.stdout.write(f"{step.name}\n")
        for look in filter(None, (step.recording.whole, step.recording.without)):
            for request, answer in look.asked:
                sys.stdout.write(f"  {request}\n    {as_json(answer)[:_SHOWN]}\n")
        for fact, verdict, expected, observed in step.recording.found:
            sys.stdout.write(f"  {fact}: {verdict.value}. {expected} {observed}\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _print(Path(name))
