"""A golden image stands whole beside the archives, or not at all."""

import io
import json
import tarfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from provisioner.archives import Archive
from provisioner.config import Paths, Settings
from provisioner.engine import ImageState
from provisioner.errors import ArchiveSpoilt, EngineError, EvidenceLost, Refusal
from provisioner.goldens import golden_beside, keep_golden, read_golden
from provisioner.lifecycle import Centre
from provisioner.network import Room
from provisioner.state import State
from provisioner.viewing import _have_golden
from tests.unit.fake_engine import FakeEngine

GOLDEN = "sha256:" + "a" * 64
IMAGE = bytes(range(256)) * 5000


class Images(FakeEngine):
    """An engine that gives an image in pieces, so that others may come between."""

    saved = 0

    def save(self, image: str, sink: Callable[[bytes], object]) -> None:
        self._may("save")
        self.saved += 1
        for start in range(0, len(IMAGE), 1000):
            sink(IMAGE[start : start + 1000])


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    return Centre(Images(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def test_several_archives_at_once_have_it_once_and_whole(centre: Centre) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: keep_golden(centre, GOLDEN), range(4)))
    assert paths == {golden_beside(centre.state.archives, GOLDEN)}
    assert zstandard.ZstdDecompressor().decompressobj().decompress(paths.pop().read_bytes()) == IMAGE
    assert getattr(centre.engine, "saved", 0) == 1


def test_one_that_is_not_read_back_as_it_was_written_gets_no_name(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.goldens.read_golden", lambda path: "0" * 64)
    with pytest.raises(EvidenceLost, match="pas été relue"):
        keep_golden(centre, GOLDEN)
    assert list(golden_beside(centre.state.archives, GOLDEN).parent.iterdir()) == []


def test_one_that_the_engine_does_not_give_leaves_nothing(centre: Centre) -> None:
    assert isinstance(centre.engine, FakeEngine)
    centre.engine.fail = "save"
    with pytest.raises(EngineError):
        keep_golden(centre, GOLDEN)
    assert list(golden_beside(centre.state.archives, GOLDEN).parent.iterdir()) == []


def test_one_that_was_cut_or_changed_since_is_told(centre: Centre) -> None:
    path = keep_golden(centre, GOLDEN)
    data = path.read_bytes()
    read_golden(path)
    for spoilt in (data[:-1], data[: len(data) // 2], b"", data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]):
        path.write_bytes(spoilt)
        with pytest.raises(ArchiveSpoilt, match="images"):
            read_golden(path)


HERE, THERE = "sha256:" + "b" * 64, "sha256:" + "c" * 64


class Engines(Images):
    """An engine that knows the packed image by this name."""

    name = ""

    def load(self, tar: Iterable[bytes]) -> None:
        assert b"".join(tar)
        self.kept_images[self.name] = ImageState(self.name, {}, "2026-05-21T10:00:00Z", 0)

    def image(self, reference: str) -> ImageState | None:
        return self.kept_images.get(reference)


@pytest.mark.parametrize(
    ("archived", "here"), [(HERE, HERE), (HERE, THERE), (THERE, HERE), (THERE, THERE), (HERE, "sha256:other")]
)
def test_an_archive_is_opened_by_whatever_name_this_engine_has_for_its_image(
    centre: Centre, archived: str, here: str
) -> None:
    engine = Engines()
    engine.name = here
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, told in (
            ("manifest.json", [{"Config": f"blobs/sha256/{HERE.removeprefix('sha256:')}"}]),
            ("index.json", {"manifests": [{"digest": THERE}]}),
        ):
            entry, content = tarfile.TarInfo(name), json.dumps(told).encode()
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    beside = golden_beside(centre.state.archives, archived)
    beside.parent.mkdir(parents=True)
    beside.write_bytes(zstandard.ZstdCompressor().compress(packed.getvalue()))
    sealed = Archive(centre.state.archives / "a.e5b.zip", {"golden": archived}, "0" * 64)
    opened = replace(centre, engine=engine)
    if here not in (HERE, THERE):
        with pytest.raises(Refusal, match="n'est pas sur cette machine"):
            _have_golden(opened, sealed, centre.state.archives)
        return
    assert _have_golden(opened, sealed, centre.state.archives) == here
    beside.write_bytes(beside.read_bytes()[:-20])
    engine.kept_images.clear()
    with pytest.raises(ArchiveSpoilt, match="abîmée"):
        _have_golden(opened, sealed, centre.state.archives)
