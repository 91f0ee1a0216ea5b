"""A file of recordings: of the steps that were proven, and of the checks of an examination.

A file has a line for each piece of text, under its digest, then one for each step, whose requests and answers are lists of
such digests: a text that several steps have is there once, and a step that changes changes few lines.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from provisioner.core.errors import ConfigurationError
from provisioner.examination.recording import Recording, as_json
from provisioner.host.disk import make_folder, write_whole
from provisioner.subject.page import Json

#: Where a long answer is divided: after an object, an element or a line.
_PIECES = re.compile(r"(?s).*?(?:\},|>(?=<)|\\n|\Z)")
#: How long a file may be, in bytes; and its requests and answers together, in characters, once they are put together.
_LONGEST_FILE, _LONGEST_TEXT = 64_000_000, 400_000_000

_LOOKS = ("whole", "without")


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
            rows = file.read(_LONGEST_FILE).decode().split("\n")  # a text may have other separators of lines
        return list(_steps(filter(None, rows)))
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, LookupError) as error:
        raise ConfigurationError(
            f"« {path} » n'est pas un fichier d'enregistrements, ou il est abîmé : remettez-le comme il était "
            f"(détail : {str(error)[:200]})."
        ) from error


def _steps(rows: Iterable[str]) -> Iterator[RecordedStep]:
    texts: dict[str, str] = {}
    room = _LONGEST_TEXT
    for row in rows:
        line = json.loads(row)
        if isinstance(line, list):
            texts[line[0]] = line[1]
        else:
            room -= sum(len(texts[one]) for look in _LOOKS for one in _digests(line["recording"][look]))
            if room < 0:
                raise ValueError("its texts are too long together")
            yield RecordedStep.model_validate_json(as_json(_joined(line, texts)))


def write_recordings(path: Path, steps: Iterable[RecordedStep], mode: int | None = None) -> None:
    """Write a file whole, with these permissions; without a step, there is no file. ValueError where it would be too long."""
    texts: dict[str, str] = {}
    rows = sorted(as_json(_divided(step.model_dump(mode="json"), texts)) for step in steps)
    if not rows:
        path.unlink(missing_ok=True)
        return
    make_folder(path.parent)
    pieces = [as_json([digest, text]) for digest, text in sorted(texts.items())]
    text = "".join(f"{row}\n" for row in (*pieces, *rows)).encode()
    if len(text) > _LONGEST_FILE:
        raise ValueError(f"{len(text)} bytes of recordings")
    write_whole(path, text, mode=mode)


def digest_of(recordings: Iterable[Recording]) -> str:
    """The digest by which the ledger knows the recordings of a step."""
    texts = sorted(as_json(recording.model_dump(mode="json")) for recording in recordings)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _divided(line: dict[str, Json], texts: dict[str, str]) -> dict[str, Json]:
    """A line with its requests and answers as lists of digests; their texts go into `texts`."""
    recording = dict(line["recording"])
    for look in _LOOKS:
        if recording[look]:
            asked = [" ".join(_kept(as_json(pair), texts)) for pair in recording[look]["asked"]]
            recording[look] = {**recording[look], "asked": asked}
    return {**line, "recording": recording}


def _kept(text: str, texts: dict[str, str]) -> Iterator[str]:
    """The digests of a text's pieces, which go into `texts`; that of a piece is longer where another has the short one."""
    for piece in filter(None, _PIECES.findall(text)):
        whole = hashlib.sha256(piece.encode()).hexdigest()
        digest = whole[:10] if texts.get(whole[:10], piece) == piece else whole
        texts[digest] = piece
        yield digest


def _digests(look: Json) -> list[str]:
    """The digests of which a look's requests and answers consist."""
    return [one for pair in look["asked"] for one in pair.split()] if look else []


def _joined(line: dict[str, Json], texts: Mapping[str, str]) -> dict[str, Json]:
    """A line with its requests and answers as they were. KeyError where a piece of text is missing."""
    recording = dict(line["recording"])
    for look in _LOOKS:
        if recording[look]:
            asked = [json.loads("".join(texts[one] for one in pair.split())) for pair in recording[look]["asked"]]
            recording[look] = {**recording[look], "asked": asked}
    return {**line, "recording": recording}
