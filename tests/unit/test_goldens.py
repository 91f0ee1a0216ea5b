"""A golden image stands whole beside the archives, or not at all."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import zstandard

from provisioner.archive.archives import Archive
from provisioner.archive.golden_images import golden_beside, keep_golden, names_of, read_golden
from provisioner.archive.viewing import _have_golden
from provisioner.core.errors import ArchiveSpoilt, EngineError, EvidenceLost, Refusal
from provisioner.engine.protocol import ImageState
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine
from tests.unit.packed import bundled, laid, named, packed
from tests.unit.samples import manifest

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
    monkeypatch.setattr("provisioner.archive.golden_images.read_golden", lambda path: "0" * 64)
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


FILE, BY_CONFIGURATION, BY_MANIFEST = packed()
OTHER = packed("another")[0]


class Engines(Images):
    """An engine that knows the packed image by this name."""

    name = ""

    def load(self, tar: Iterable[bytes]) -> None:
        assert b"".join(tar)
        self.kept_images[self.name] = ImageState(self.name, {}, "2026-05-21T10:00:00Z", 0)

    def image(self, reference: str) -> ImageState | None:
        return self.kept_images.get(reference)


def opening(centre: Centre, archived: str, here: str = "") -> tuple[Engines, Callable[[], str]]:
    """An engine that would know it as `here`, and what an archive on `archived` is laid on."""
    engine = Engines()
    engine.name = here or archived
    sealed = Archive(centre.state.archives / "a.e5b.zip", manifest(golden=archived), "0" * 64)
    return engine, lambda: _have_golden(replace(centre, engine=engine), sealed, centre.state.archives)


NAMES = (BY_CONFIGURATION, BY_MANIFEST)


@pytest.mark.parametrize(("archived", "here"), [*product(NAMES, NAMES), (BY_CONFIGURATION, "sha256:other")])
def test_an_archive_is_opened_by_whatever_name_this_engine_has_for_its_image(
    centre: Centre, archived: str, here: str
) -> None:
    beside = laid(centre.state.archives, archived, FILE)
    engine, lay = opening(centre, archived, here)
    if here not in NAMES:
        with pytest.raises(Refusal, match="n'est pas sur cette machine"):
            lay()
        return
    assert lay() == here
    beside.write_bytes(FILE[:-20])
    engine.kept_images.clear()
    with pytest.raises(ArchiveSpoilt, match="abîmée"):
        lay()


@pytest.mark.parametrize("archived", NAMES)
def test_an_archive_is_laid_on_no_other_image_that_stands_under_the_name_of_its_own(
    centre: Centre, archived: str
) -> None:
    laid(centre.state.archives, archived, OTHER)
    engine, lay = opening(centre, archived)
    with pytest.raises(ArchiveSpoilt, match="une autre image"):
        lay()
    assert engine.kept_images == {}


def test_a_wrong_image_beside_an_archive_hides_no_right_one_among_this_machines(centre: Centre, tmp_path: Path) -> None:
    laid(tmp_path, BY_MANIFEST, OTHER)
    laid(centre.state.archives, BY_MANIFEST, FILE)
    engine, _ = opening(centre, BY_MANIFEST)
    sealed = Archive(tmp_path / "a.e5b.zip", manifest(golden=BY_MANIFEST), "0" * 64)
    assert _have_golden(replace(centre, engine=engine), sealed, tmp_path) == BY_MANIFEST


def test_what_a_file_says_of_itself_proves_nothing(centre: Centre, tmp_path: Path) -> None:
    other, digest = b'{"config": {}}', BY_CONFIGURATION.removeprefix("sha256:")
    name = f"blobs/sha256/{digest}"
    says = {"manifest.json": json.dumps([{"Config": name}]).encode(), name: other}
    foreign = json.dumps({"config": {"digest": BY_CONFIGURATION}}).encode()  # another image's manifest beside it
    beside = {
        f"blobs/sha256/{named(foreign).removeprefix('sha256:')}": foreign,
        "index.json": json.dumps({"manifests": [{"digest": named(foreign)}]}).encode(),
    }
    path = tmp_path / "image.tar.zst"
    for files, golden in ((says, BY_CONFIGURATION), ({**says, **beside}, named(foreign))):
        path.write_bytes(bundled(files))
        with pytest.raises(ArchiveSpoilt, match="une autre image"):
            names_of(path, golden)
    for files in ({}, {"manifest.json": b"[]"}, {"manifest.json": b"{"}, {"manifest.json": b'[{"Config": "none"}]'}):
        path.write_bytes(bundled(files))
        with pytest.raises(ArchiveSpoilt, match="pas une image de Docker"):
            names_of(path, BY_CONFIGURATION)


@pytest.mark.parametrize("index", [None, b'{"manifests": null}'])
def test_an_image_that_an_older_docker_packed_is_known_by_its_configuration(
    tmp_path: Path, index: bytes | None
) -> None:
    configuration = b'{"config": {}}'
    name = f"{named(configuration).removeprefix('sha256:')}.json"
    files = {name: configuration, "manifest.json": json.dumps([{"Config": name}]).encode()}
    path = tmp_path / "image.tar.zst"
    path.write_bytes(bundled({**files, **({"index.json": index} if index else {})}))
    assert names_of(path, named(configuration)) == [named(configuration)]
