"""What is read back before it counts is read from the disk, not from the memory that it was written from."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest

from provisioner.archive import archives, golden_images
from provisioner.archive.archives import Archive, write_archive
from provisioner.archive.golden_images import golden_beside, keep_golden
from provisioner.core.model import Conformity, Golden
from provisioner.engine import layers
from provisioner.host import encryption
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from tests.unit.mortal import room
from tests.unit.samples import manifest

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
KEY = str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return room(tmp_path, monkeypatch)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is asked of the disk, and of which file; `watched` adds who reads."""
    said: list[tuple[str, str]] = []
    fsync, fadvise = os.fsync, os.posix_fadvise

    def name(descriptor: int) -> str:
        return Path(f"/proc/self/fd/{descriptor}").readlink().name

    def synced(descriptor: int) -> None:
        said.append(("fsync", name(descriptor)))
        fsync(descriptor)

    def advised(descriptor: int, offset: int, length: int, advice: int) -> None:
        assert (offset, length, advice) == (0, 0, os.POSIX_FADV_DONTNEED)
        said.append(("fadvise", name(descriptor)))
        fadvise(descriptor, offset, length, advice)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "posix_fadvise", advised)
    return said


def watched(steps: list[tuple[str, str]], read: Callable[..., Any]) -> Callable[..., Any]:
    """The same, told among the steps; it is given a file, by its path or open."""

    def reading(file: Any, *rest: Any) -> Any:
        steps.append(("read", Path(file.name).name))
        return read(file, *rest)

    return reading


def of(name: str, steps: list[tuple[str, str]]) -> list[str]:
    return [what for what, file in steps if file == name]


def test_a_golden_image(centre: Centre, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, str]]) -> None:
    monkeypatch.setattr(centre.engine, "save", lambda image, sink: sink(b"x" * 5000))
    monkeypatch.setattr(golden_images, "read_golden", watched(steps, golden_images.read_golden))
    kept = keep_golden(centre, GOLDEN.image)
    assert of(f".{kept.name}.draft", steps)[:3] == ["fsync", "fadvise", "read"]
    assert kept == golden_beside(centre.state.archives, GOLDEN.image)


def test_an_encrypted_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, str]]) -> None:
    plain, encrypted = tmp_path / "plain", tmp_path / "encrypted"
    plain.write_bytes(b"x" * 5000)
    monkeypatch.setattr(pyrage, "decrypt_io", watched(steps, pyrage.decrypt_io))
    encryption.encrypt(plain, encrypted, KEY)
    assert of("encrypted", steps) == ["fsync", "fadvise", "read"]
    assert of("plain", steps) == []


@pytest.fixture
def sealing(centre: Centre, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, str]]) -> Centre:
    """A room in which a sealing writes a few bytes for a station's layer."""

    @contextmanager
    def asleep(*_: object) -> Iterator[str]:
        yield "copy"

    def verified(path: Path) -> Archive:
        return Archive(path, manifest(), hashlib.sha256(path.read_bytes()).hexdigest())

    monkeypatch.setattr(archives, "sleeping_container", asleep)
    for name in ("marks_of", "difference"):
        monkeypatch.setattr(layers, name, lambda *_: None)
    monkeypatch.setattr(archives, "of_sitting", lambda *_: {})
    monkeypatch.setattr(archives, "_write", lambda centre, copy, differs, draft, *_: draft.write_bytes(b"x" * 5000))
    monkeypatch.setattr(archives, "verify", watched(steps, verified))
    return centre


def test_an_archive(sealing: Centre, steps: list[tuple[str, str]]) -> None:
    (station,) = up(sealing, 1, ["wordpress-a"], GOLDEN)
    sealed = write_archive(sealing, sealing.engine.container(station.container))
    assert of(f".{sealed.path.name}.draft", steps)[:3] == ["fsync", "fadvise", "read"]


def test_an_archive_that_is_encrypted_and_its_digest_is_of_what_is_kept(
    sealing: Centre, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, str]]
) -> None:
    settings = sealing.settings.model_copy(update={"archive_key": KEY})
    (station,) = up(sealing, 1, ["wordpress-a"], GOLDEN)
    monkeypatch.setattr(pyrage, "decrypt_io", watched(steps, pyrage.decrypt_io))
    sealed = write_archive(replace(sealing, settings=settings), sealing.engine.container(station.container))
    assert of(f".{sealed.path.name}.draft", steps)[:3] == ["fsync", "fadvise", "read"]
    assert sealed.sha256 == hashlib.sha256(sealed.path.read_bytes()).hexdigest()
    assert of(sealed.path.name.removesuffix(".age"), steps) == ["read"]  # the plain one was never made to stay
