"""A layer that was read back: every file there, and as it was."""

import hashlib
import io
import tarfile

import pytest

from provisioner.archive.archives import escaped, unescaped
from provisioner.core.errors import ArchiveSpoilt
from provisioner.engine.layers import difference, read_back
from tests.unit.fake_engine import FakeEngine

FILES = {"/var/www/a.txt": b"un", "/var/www/\udce9.txt": b"deux", "/var/www/vide": b""}


def tar(files: dict[str, bytes], *, link: str = "/var/www/a.txt") -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as made:
        folder = tarfile.TarInfo("/var/www")
        folder.type = tarfile.DIRTYPE
        made.addfile(folder)
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            made.addfile(info, io.BytesIO(body))
        hard = tarfile.TarInfo("/var/www/dur")
        hard.type, hard.linkname = tarfile.LNKTYPE, link
        made.addfile(hard)
    buffer.seek(0)
    return buffer


def digests(files: dict[str, bytes]) -> dict[str, str]:
    told = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    return {**told, "/var/www/dur": told["/var/www/a.txt"]}


def test_a_whole_layer_is_counted() -> None:
    assert read_back(tar(FILES), digests(FILES)) == len(FILES) + 2


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_or_other_is_named(name: str) -> None:
    missing = {path: body for path, body in FILES.items() if path != name}
    with pytest.raises(ArchiveSpoilt, match=r"manque|tel qu'il était"):
        read_back(tar(missing), digests(FILES))
    with pytest.raises(ArchiveSpoilt, match="tel qu'il était"):
        read_back(tar({**FILES, name: b"autre"}), digests(FILES))


def test_a_file_that_the_station_did_not_have_is_refused() -> None:
    with pytest.raises(ArchiveSpoilt, match="intrus"):
        read_back(tar({**FILES, "/intrus": b"x"}), digests(FILES))


def test_a_layer_that_was_cut_short_is_told() -> None:
    whole = tar(FILES).getvalue()
    for size in (100, 600, 1500, 2500):
        with pytest.raises(ArchiveSpoilt):
            read_back(io.BytesIO(whole[:size]), digests(FILES))


@pytest.mark.parametrize("path", ["/a b", "/é", "/a\nb", "/a\\b", '/a"b', "/\udcff", "/a\\n"])
def test_a_name_of_whatever_bytes_stands_on_one_line_and_comes_back(path: str) -> None:
    line = escaped(path)
    assert "\n" not in line
    line.encode()
    assert unescaped(line) == path


def test_what_differs_is_told_by_kind_inode_and_moment_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    golden = {b"/same": b"f 1 10.0", b"/edited": b"f 2 10.0", b"/gone": b"f 3 10.0", b"/turned": b"f 4 10.0"}
    now = {b"/same": b"f 1 10.0", b"/edited": b"f 9 10.0", b"/turned": b"d 5 11.0", b"/new": b"l 6 11.0"}

    def seen(engine: object, container: str) -> dict[bytes, bytes]:
        return golden if container != "station" else now

    monkeypatch.setattr("provisioner.engine.layers._marks", seen)
    differs = difference(FakeEngine(), "sha256:essai", "station", {}, "temoin")
    assert differs.changed == (b"/edited", b"/new", b"/turned")
    assert differs.files == (b"/edited",)
    assert differs.gone == (b"/gone", b"/turned")
