"""A golden image stands whole beside the archives, or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zstandard

from provisioner.config import Paths, Settings
from provisioner.errors import ArchiveSpoilt, EngineError, EvidenceLost
from provisioner.goldens import golden_beside, keep_golden, read_golden
from provisioner.lifecycle import Centre
from provisioner.network import Room
from provisioner.state import State
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
