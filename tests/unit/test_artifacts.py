import errno
import hashlib
import io
import json
import os
import random
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tarfile
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock

from provisioner.build import download
from provisioner.build.artifacts import Store
from provisioner.build.download import Limits
from provisioner.build.npm import npm_pack
from provisioner.build.overrides import load_overrides
from provisioner.core.errors import ArtifactError, ArtifactMismatch, ArtifactMissing, Busy, ProvisionerError, Refusal
from provisioner.core.model import Artifact, Stack, StandIn, Status
from provisioner.core.progress import Quiet
from provisioner.host.editions import load_stacks
from provisioner.host.paths import ROOT, Paths
from tests.conftest import OPTIONAL
from tests.unit import artifacts_server as server
from tests.unit.artifacts_server import Shelf


def a_zip(seed: int = 1, size: int = 300_000) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("theme/style.css", random.Random(seed).randbytes(size))
        archive.writestr("theme/readme.txt", "bonjour")
    return out.getvalue()


def a_tar_gz(size: int = 200_000) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        info = tarfile.TarInfo("package/a.bin")
        info.size = size
        tar.addfile(info, io.BytesIO(random.Random(3).randbytes(size)))
    return out.getvalue()


GOOD = a_zip()
OTHER = a_zip(seed=2)
HALF = len(GOOD) // 2


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def artifact(*urls: str, name: str = "astra", known: bytes | None = None, **more: Any) -> Artifact:
    more = {"file": f"{name}-4.5.2.zip", "sha256": sha256(known) if known else "", **more}
    return Artifact(name=name, version="4.5.2", urls=urls, **more)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with server.shelf() as served:
        yield served


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(cache=tmp_path / "cache", state=tmp_path / "state", settings=tmp_path / "e5b.toml")


def store_at(paths: Paths, **options: Any) -> Store:
    options.setdefault("overrides", load_overrides(paths.overrides))
    options.setdefault("pause", lambda seconds: None)
    return Store(paths, **options)


@pytest.fixture
def store(paths: Paths) -> Store:
    return store_at(paths)


def visible(folder: Path) -> set[str]:
    """The names in a store, but for its locks."""
    return {p.name for p in folder.iterdir() if not p.name.endswith(".lock")} if folder.exists() else set()


def one_french_sentence_or_two(error: ProvisionerError) -> str:
    text = str(error)
    assert text.endswith(".")
    assert "\n" not in text
    assert "Traceback" not in text
    assert "Errno" not in text
    return text


# --- fetching -----------------------------------------------------------------------------------


def test_a_fetched_archive_is_verified_and_then_has_its_name(shelf: Shelf, store: Store, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), known=GOOD)
    assert store.state(wanted).status is Status.MISSING
    resolved = store.fetch(wanted)
    assert resolved.path == paths.artifacts / "astra-4.5.2.zip"
    assert resolved.path.read_bytes() == GOOD
    assert (resolved.version, resolved.differs) == ("4.5.2", None)
    assert store.state(wanted).status is Status.PRESENT
    assert visible(paths.artifacts) == {"astra-4.5.2.zip"}


def test_what_is_there_and_right_is_not_fetched_again(shelf: Shelf, store: Store) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), known=GOOD)
    store.fetch(wanted)
    store.fetch(wanted)
    assert len(shelf.asked) == 1


def test_the_bytes_that_arrive_are_told(shelf: Shelf, paths: Paths) -> None:
    told: list[tuple[str, int, int | None]] = []

    class Bar(Quiet):
        def transfer(self, name: str, done: int, total: int | None) -> None:
            told.append((name, done, total))

    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    store_at(paths, progress=Bar()).fetch(artifact(shelf.url("/a.zip"), known=GOOD))
    assert told[0] == ("astra-4.5.2.zip", 0, len(GOOD))
    assert told[-1] == ("astra-4.5.2.zip", len(GOOD), len(GOOD))


def test_sha1_alone_is_enough_to_refuse_and_to_accept(shelf: Shelf, store: Store) -> None:
    shelf.answers["/a.zip"] = [server.whole(OTHER), server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), sha1=hashlib.sha1(GOOD).hexdigest().upper())
    with pytest.raises(ArtifactMismatch, match="sha1"):
        store.fetch(wanted)
    assert store.fetch(wanted).path.read_bytes() == GOOD


def test_a_wrong_file_is_never_installed(shelf: Shelf, store: Store, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.whole(OTHER)]
    with pytest.raises(ArtifactMismatch, match=r"autre fichier.*rien n'a été|rien n'a été.*autre fichier") as caught:
        store.fetch(artifact(shelf.url("/a.zip"), known=GOOD))
    assert "e5b artifacts import DOSSIER" in one_french_sentence_or_two(caught.value)
    assert visible(paths.artifacts) == set()


def test_a_page_of_a_captive_portal_is_not_recorded_as_an_archive(shelf: Shelf, store: Store, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.whole(b"<html>Connectez-vous au Wi-Fi</html>")]
    with pytest.raises(ArtifactMismatch, match="tronquée ou abîmée"):
        store.fetch(artifact(shelf.url("/a.zip")))
    assert visible(paths.artifacts) == set()


def test_the_next_address_is_tried_and_every_reason_is_told(shelf: Shelf, store: Store) -> None:
    shelf.answers["/wrong.zip"] = [server.whole(OTHER)]
    shelf.answers["/broken.zip"] = [server.refusal(503)]
    addresses = [shelf.url(path) for path in ("/gone.zip", "/broken.zip", "/wrong.zip")]
    with pytest.raises(ArtifactMismatch) as caught:
        store.fetch(artifact(*addresses, known=GOOD))
    text = one_french_sentence_or_two(caught.value)
    assert all(address in text for address in addresses)
    assert "404" in text
    assert "503" in text
    assert "c’est un autre fichier" in text
    shelf.answers["/good.zip"] = [server.whole(GOOD)]
    assert store.fetch(artifact(*addresses, shelf.url("/good.zip"), known=GOOD)).path.read_bytes() == GOOD


def test_nowhere_to_fetch_from_says_how_to_import(store: Store) -> None:
    with pytest.raises(ArtifactMissing, match=r"Aucune adresse.*import DOSSIER"):
        store.fetch(artifact())


def test_a_404_is_not_asked_again_and_a_503_is(shelf: Shelf, store: Store) -> None:
    shelf.answers["/a.zip"] = [server.refusal(503), server.refusal(503), server.whole(GOOD)]
    store.fetch(artifact(shelf.url("/a.zip"), known=GOOD))
    assert len(shelf.asked) == 3
    with pytest.raises(ArtifactMissing):
        store.fetch(artifact(shelf.url("/gone.zip"), name="yoast"))
    assert len(shelf.asked) == 4


def test_a_compressed_archive_is_neither_packed_nor_unpacked_on_the_way(shelf: Shelf, store: Store) -> None:
    body = a_tar_gz()
    shelf.answers["/a.tar.gz"] = [server.labelled(body, "gzip")]
    wanted = artifact(shelf.url("/a.tar.gz"), file="a.tar.gz", known=body)
    assert store.fetch(wanted).path.read_bytes() == body
    assert shelf.asked[0][1]["Accept-Encoding"] == "identity"


def test_a_redirection_is_followed_but_not_for_ever(shelf: Shelf, store: Store) -> None:
    shelf.answers["/a.zip"] = [server.redirect("/b.zip")]
    shelf.answers["/b.zip"] = [server.whole(GOOD)]
    shelf.answers["/loop.zip"] = [server.redirect("/loop.zip")]
    assert store.fetch(artifact(shelf.url("/a.zip"), known=GOOD)).path.read_bytes() == GOOD
    with pytest.raises(ArtifactMissing, match="sans fin"):
        store.fetch(artifact(shelf.url("/loop.zip"), name="yoast"))


def test_an_encrypted_address_may_not_lead_to_a_plain_one(paths: Paths) -> None:
    def leads_away(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(302, headers={"Location": "http://archives.invalid/a.zip"})
        return httpx.Response(200, stream=httpx.ByteStream(GOOD))

    store = store_at(
        paths, client=lambda: httpx.Client(transport=httpx.MockTransport(leads_away), follow_redirects=True)
    )
    with pytest.raises(ArtifactMissing, match="pas chiffrée"):
        store.fetch(artifact("https://archives.invalid/a.zip"))
    assert store.fetch(artifact("http://archives.invalid/a.zip")).path.read_bytes() == GOOD


# --- what breaks off ----------------------------------------------------------------------------


def test_a_transfer_that_breaks_off_is_taken_up_where_it_was(shelf: Shelf, store: Store, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.cut(GOOD, HALF), server.whole(GOOD)]
    assert store.fetch(artifact(shelf.url("/a.zip"), known=GOOD)).path.read_bytes() == GOOD
    assert shelf.ranges() == ["", f"bytes={HALF}-"]
    assert shelf.asked[1][1]["If-Range"] == '"one"'
    assert visible(paths.artifacts) == {"astra-4.5.2.zip"}


def test_a_server_that_goes_away_leaves_only_a_part_and_the_next_run_resumes_it(shelf: Shelf, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.cut(GOOD, HALF), server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"))
    leaving = store_at(paths, pause=lambda seconds: shelf.stop())
    with pytest.raises(ArtifactMissing, match="connexion est refusée, 4 essais") as caught:
        leaving.fetch(wanted)
    one_french_sentence_or_two(caught.value)
    assert visible(paths.artifacts) == {"astra-4.5.2.zip.part", "astra-4.5.2.zip.part.json"}
    state = leaving.state(wanted)
    assert state.status is Status.MISSING
    assert "reprendra où il en était" in state.sentence
    shelf.start()
    assert store_at(paths).fetch(wanted).path.read_bytes() == GOOD
    assert shelf.ranges()[-1] == f"bytes={HALF}-"


def test_a_server_that_ignores_range_starts_again_cleanly(shelf: Shelf, store: Store) -> None:
    shelf.answers["/a.zip"] = [server.cut(GOOD, HALF), server.plain(GOOD)]
    assert store.fetch(artifact(shelf.url("/a.zip"), known=GOOD)).path.read_bytes() == GOOD


def test_a_file_that_changed_meanwhile_is_not_stitched_to_the_old_one(shelf: Shelf, store: Store) -> None:
    shelf.answers["/a.zip"] = [server.cut(OTHER, HALF, '"old"'), server.whole(GOOD, '"new"')]
    assert store.fetch(artifact(shelf.url("/a.zip"))).path.read_bytes() == GOOD


def test_without_a_validator_a_stitched_wrong_file_is_fetched_whole_once_more(shelf: Shelf, store: Store) -> None:
    shelf.answers["/a.zip"] = [server.cut(OTHER, HALF, ""), server.whole(GOOD, "")]
    assert store.fetch(artifact(shelf.url("/a.zip"))).path.read_bytes() == GOOD
    assert shelf.ranges() == ["", f"bytes={HALF}-", ""]


@pytest.mark.parametrize("claim", [f"bytes 7-{len(GOOD) - 1}/{len(GOOD)}", "nonsense", f"bytes {HALF}-9/10"])
def test_a_rest_that_is_not_the_one_asked_for_is_not_appended(shelf: Shelf, store: Store, claim: str) -> None:
    shelf.answers["/a.zip"] = [server.cut(GOOD, HALF), server.claiming(GOOD[HALF:], claim), server.whole(GOOD)]
    assert store.fetch(artifact(shelf.url("/a.zip"), known=GOOD)).path.read_bytes() == GOOD
    assert shelf.ranges() == ["", f"bytes={HALF}-", ""]


def test_a_rest_that_comes_in_pieces_is_asked_for_until_it_is_whole(shelf: Shelf, store: Store) -> None:
    piece = server.claiming(GOOD[HALF : HALF + 1000], f"bytes {HALF}-{HALF + 999}/{len(GOOD)}")
    shelf.answers["/a.zip"] = [server.cut(GOOD, HALF), piece, server.whole(GOOD)]
    assert store.fetch(artifact(shelf.url("/a.zip"), known=GOOD)).path.read_bytes() == GOOD
    assert shelf.ranges() == ["", f"bytes={HALF}-", f"bytes={HALF + 1000}-"]


def test_a_part_that_is_already_whole_is_recognised(shelf: Shelf, store: Store, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), known=GOOD)
    paths.artifacts.mkdir(parents=True)
    (paths.artifacts / "astra-4.5.2.zip.part").write_bytes(GOOD)
    (paths.artifacts / "astra-4.5.2.zip.part.json").write_text(json.dumps({"url": wanted.urls[0]}))
    store.fetch(wanted)
    assert shelf.ranges() == [f"bytes={len(GOOD)}-"]


@pytest.mark.parametrize("origin", [None, "{", "[]", '{"url": "http://elsewhere.invalid/"}'])
def test_a_part_of_unknown_origin_is_not_resumed(shelf: Shelf, store: Store, paths: Paths, origin: str | None) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    paths.artifacts.mkdir(parents=True)
    (paths.artifacts / "astra-4.5.2.zip.part").write_bytes(OTHER[:HALF])
    if origin is not None:
        (paths.artifacts / "astra-4.5.2.zip.part.json").write_text(origin)
    assert store.fetch(artifact(shelf.url("/a.zip"))).path.read_bytes() == GOOD
    assert shelf.ranges() == [""]


@pytest.mark.parametrize("length", [HALF, len(GOOD) - 1, len(GOOD) + 5000])
def test_a_server_that_lies_about_the_length_never_gets_its_file_in(
    shelf: Shelf, store: Store, paths: Paths, length: int
) -> None:
    shelf.answers["/a.zip"] = [server.saying(GOOD, length)]
    with pytest.raises(ArtifactError) as caught:
        store.fetch(artifact(shelf.url("/a.zip")))
    one_french_sentence_or_two(caught.value)
    assert "astra-4.5.2.zip" not in visible(paths.artifacts)
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    assert store.fetch(artifact(shelf.url("/a.zip"))).path.read_bytes() == GOOD


def test_a_truncated_file_of_unknown_checksum_and_length_is_caught(shelf: Shelf, store: Store, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.plain(GOOD[:-30])]
    with pytest.raises(ArtifactMismatch, match="tronquée ou abîmée"):
        store.fetch(artifact(shelf.url("/a.zip")))
    assert visible(paths.artifacts) == set()


def test_a_server_that_falls_silent_is_not_waited_for_forever(shelf: Shelf, paths: Paths) -> None:
    never = threading.Event()
    shelf.answers["/a.zip"] = [server.stuck(GOOD, HALF, never)]
    limits = Limits(silence=0.1, pauses=(1,))
    store = store_at(paths, limits=limits, client=lambda: download.default_client(limits))
    with pytest.raises(ArtifactMissing, match=r"plus rien envoyé.*2 essais"):
        store.fetch(artifact(shelf.url("/a.zip")))
    never.set()
    assert (paths.artifacts / "astra-4.5.2.zip.part").stat().st_size == HALF


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_server_that_drips_its_answers_head_is_a_silent_one(
    shelf: Shelf, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    never = threading.Event()
    shelf.answers["/a.zip"] = [server.dripping(b"HTTP/1.1 200 OK\r\n", b"X-Attente: encore\r\n", never)]
    if encrypted:
        monkeypatch.setenv("SSL_CERT_FILE", str(shelf.encrypt(tmp_path)))
    limits = Limits(silence=0.4, pauses=(1,))
    store = store_at(paths, limits=limits, client=lambda: download.default_client(limits))
    began = time.monotonic()
    with pytest.raises(ArtifactMissing, match=r"plus rien envoyé pendant 0 secondes, 2 essais"):
        store.fetch(artifact(shelf.url("/a.zip")))
    assert time.monotonic() - began < 15
    never.set()


def test_a_server_that_drips_what_is_none_of_the_file_ends_with_the_time_for_all(shelf: Shelf, paths: Paths) -> None:
    never = threading.Event()
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;"
    shelf.answers["/a.zip"] = [server.dripping(head, b"x", never)]
    limits = Limits(silence=0.4, whole=0.3, pauses=())
    store = store_at(paths, limits=limits, client=lambda: download.default_client(limits))
    began = time.monotonic()
    with pytest.raises(ArtifactMissing, match=r"plus rien envoyé"):
        store.fetch(artifact(shelf.url("/a.zip")))
    assert time.monotonic() - began < 15
    never.set()


def test_who_answers_in_time_is_waited_for_to_the_end(shelf: Shelf, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.slowly(GOOD, 40, 0.05)]
    limits = Limits(silence=1.5, pauses=())
    store = store_at(paths, limits=limits, client=lambda: download.default_client(limits))
    assert store.fetch(artifact(shelf.url("/a.zip"), known=GOOD)).path.read_bytes() == GOOD


def test_a_transfer_that_takes_too_long_ends_and_keeps_what_it_has(shelf: Shelf, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    with pytest.raises(ArtifactMissing, match="relancez la commande pour continuer"):
        store_at(paths, limits=Limits(whole=-1)).fetch(artifact(shelf.url("/a.zip")))
    assert (paths.artifacts / "astra-4.5.2.zip.part").stat().st_size > 0


def test_a_server_that_sends_without_end_is_cut_off(shelf: Shelf, paths: Paths) -> None:
    shelf.answers["/announced.zip"] = [server.whole(GOOD)]
    shelf.answers["/endless.zip"] = [server.plain(GOOD)]
    store = store_at(paths, limits=Limits(most_bytes=100_000))
    with pytest.raises(ArtifactMissing, match=r"bien trop.*bien plus"):
        store.fetch(artifact(shelf.url("/announced.zip"), shelf.url("/endless.zip")))
    assert visible(paths.artifacts) == set()


# --- interruptions and full disks ---------------------------------------------------------------


def test_ctrl_c_leaves_only_a_part_that_resumes(shelf: Shelf, paths: Paths) -> None:
    ended: list[bool] = []

    class Interrupted(Quiet):
        def transfer(self, name: str, done: int, total: int | None) -> None:
            if done > 100_000:
                raise KeyboardInterrupt

        def end_transfer(self) -> None:
            ended.append(True)

    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"))
    with pytest.raises(KeyboardInterrupt):
        store_at(paths, progress=Interrupted()).fetch(wanted)
    assert ended == [True]
    assert visible(paths.artifacts) == {"astra-4.5.2.zip.part", "astra-4.5.2.zip.part.json"}
    kept = (paths.artifacts / "astra-4.5.2.zip.part").stat().st_size
    assert store_at(paths).fetch(wanted).path.read_bytes() == GOOD
    assert shelf.ranges()[-1] == f"bytes={kept}-"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_process_that_is_stopped_leaves_only_a_part(shelf: Shelf, paths: Paths, sent: signal.Signals) -> None:
    never = threading.Event()
    shelf.answers["/a.zip"] = [server.stuck(GOOD, HALF, never), server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"))
    program = f"""
        from pathlib import Path
        from provisioner.build.artifacts import Store
        from provisioner.host.paths import Paths
        from provisioner.core.model import Artifact
        class Told:
            def step(self, text): pass
            def transfer(self, name, done, total): print(done, flush=True)
            def end_transfer(self): pass
        Store(Paths(Path({str(paths.cache)!r}), Path("/"), Path("/")), {{}}, Told()).fetch({wanted!r})
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout
    for line in child.stdout:
        if int(line) == HALF:
            break
    child.send_signal(sent)
    assert child.wait(20) != 0
    child.stdout.close()
    never.set()
    assert "astra-4.5.2.zip" not in visible(paths.artifacts)
    assert store_at(paths).fetch(wanted).path.read_bytes() == GOOD


def test_a_disk_without_room_is_told_before_anything_is_written(
    shelf: Shelf, store: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**6, 10**6 - 50, 50))
    with pytest.raises(ArtifactError, match=r"plein.*libérez de la place, puis relancez") as caught:
        store.fetch(artifact(shelf.url("/a.zip")))
    one_french_sentence_or_two(caught.value)
    assert visible(paths.artifacts) == set()


@pytest.fixture
def small_files() -> Iterator[Callable[[int], None]]:
    """The kernel refuses to write more than so many bytes into a file: as near to a full disk as a test comes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_leaves_things_as_they_were(
    shelf: Shelf, store: Store, paths: Paths, small_files: Callable[[int], None]
) -> None:
    shelf.answers["/a.zip"] = [server.plain(GOOD)]
    small_files(100_000)
    with pytest.raises(ArtifactError, match="plein") as caught:
        store.fetch(artifact(shelf.url("/a.zip")))
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno in (errno.EFBIG, errno.ENOSPC)
    assert visible(paths.artifacts) == set()


def test_a_disk_that_fills_up_keeps_what_an_earlier_run_had(
    shelf: Shelf, paths: Paths, small_files: Callable[[int], None]
) -> None:
    shelf.answers["/a.zip"] = [server.cut(GOOD, 50_000), server.refusal(404), server.whole(GOOD)]
    wanted, store = artifact(shelf.url("/a.zip")), store_at(paths)
    with pytest.raises(ArtifactMissing):
        store.fetch(wanted)
    small_files(100_000)
    with pytest.raises(ArtifactError, match="plein"):
        store.fetch(wanted)
    assert (paths.artifacts / "astra-4.5.2.zip.part").stat().st_size == 50_000
    small_files(10**9)
    assert store.fetch(wanted).path.read_bytes() == GOOD


def test_a_full_disk_during_an_import_or_an_export_leaves_things_as_they_were(
    store: Store, paths: Paths, tmp_path: Path, small_files: Callable[[int], None]
) -> None:
    stick, other = tmp_path / "stick", tmp_path / "other"
    stick.mkdir()
    (stick / "astra-4.5.2.zip").write_bytes(GOOD)
    small_files(100_000)
    with pytest.raises(ArtifactError, match="plein"):
        store.import_from(stick, [artifact(known=GOOD)])
    assert visible(paths.artifacts) == set()
    small_files(10**9)
    store.import_from(stick, [artifact(known=GOOD)])
    small_files(100_000)
    with pytest.raises(ArtifactError, match=f"{other} est plein"):
        store.export_to(other, [artifact(known=GOOD)])
    assert visible(other) == set()


# --- checksums that only the centre knows -------------------------------------------------------


def test_the_first_checksum_is_recorded_and_every_later_file_must_equal_it(
    shelf: Shelf, store: Store, paths: Paths, tmp_path: Path
) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD), server.whole(OTHER)]
    wanted = artifact(shelf.url("/a.zip"))
    store.fetch(wanted)
    entry = json.loads((paths.artifacts / "recorded.json").read_text())["astra-4.5.2.zip"]
    assert entry["sha256"] == sha256(GOOD)
    assert entry["source"] == wanted.urls[0]
    assert "enregistrée au centre" in store.state(wanted).sentence
    (paths.artifacts / "astra-4.5.2.zip").unlink()
    with pytest.raises(ArtifactMismatch, match="première copie"):
        store.fetch(wanted)
    (tmp_path / "astra-4.5.2.zip").write_bytes(OTHER)
    assert [c.done for c in store.import_from(tmp_path, [wanted])] == [False]
    (tmp_path / "astra-4.5.2.zip").write_bytes(GOOD)
    assert [c.done for c in store.import_from(tmp_path, [wanted])] == [True]
    assert store.resolve(wanted).path.read_bytes() == GOOD


def test_there_is_a_way_out_of_a_first_copy_that_was_the_wrong_file(
    shelf: Shelf, store: Store, paths: Paths, tmp_path: Path
) -> None:
    shelf.answers["/a.zip"] = [server.whole(OTHER), server.whole(GOOD)]
    wanted, kept = artifact(shelf.url("/a.zip")), artifact(shelf.url("/b.zip"), name="yoast")
    shelf.answers["/b.zip"] = [server.whole(OTHER)]
    store.fetch(wanted)
    store.fetch(kept)
    (tmp_path / wanted.file).write_bytes(GOOD)
    (refused,) = store.import_from(tmp_path, [wanted])
    assert f"lancez d’abord « e5b artifacts forget {wanted.file} »" in refused.sentence
    told = store.forget(wanted)
    assert told.startswith(f"{wanted.file} est oubliée")
    assert "« e5b artifacts fetch »" in told
    assert store.state(wanted).status is Status.MISSING
    assert store.fetch(wanted).path.read_bytes() == GOOD
    store.forget(wanted)
    assert [c.done for c in store.import_from(tmp_path, [wanted])] == [True]
    assert store.resolve(wanted).path.read_bytes() == GOOD
    assert store.resolve(kept).path.read_bytes() == OTHER  # nothing of another one is forgotten


def test_a_begun_download_is_forgotten_with_its_archive_and_what_is_gone_may_be_forgotten(
    shelf: Shelf, store: Store, paths: Paths
) -> None:
    shelf.answers["/a.zip"] = [server.cut(OTHER, HALF), server.refusal(404)]
    wanted = artifact(shelf.url("/a.zip"))
    with pytest.raises(ArtifactMissing):
        store.fetch(wanted)
    for _ in range(2):
        store.forget(wanted)
        assert visible(paths.artifacts) == {"recorded.json"}


@pytest.mark.parametrize("pin", [{"known": GOOD}, {"sha1": hashlib.sha1(GOOD).hexdigest()}])
def test_a_published_checksum_is_never_forgotten(shelf: Shelf, store: Store, pin: dict[str, Any]) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), **pin)
    store.fetch(wanted)
    with pytest.raises(Refusal, match="somme de contrôle publiée") as caught:
        store.forget(wanted)
    one_french_sentence_or_two(caught.value)
    assert store.resolve(wanted).path.read_bytes() == GOOD


def test_nothing_is_forgotten_while_it_cannot_be_read_what_is_known(store: Store, paths: Paths) -> None:
    paths.artifacts.mkdir(parents=True)
    (paths.artifacts / "recorded.json").write_text("{")
    (paths.artifacts / "astra-4.5.2.zip").write_bytes(GOOD)
    with pytest.raises(ArtifactError, match="illisible"):
        store.forget(artifact())
    assert (paths.artifacts / "astra-4.5.2.zip").read_bytes() == GOOD


@pytest.mark.parametrize("known", [GOOD, None])
def test_a_truncated_archive_in_the_store_is_found_and_fetched_anew(
    shelf: Shelf, store: Store, paths: Paths, known: bytes | None
) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), known=known)
    store.fetch(wanted).path.write_bytes(GOOD[:HALF])
    assert store.state(wanted).status is Status.MISMATCH
    with pytest.raises(ArtifactMismatch, match=r"tronquée ou abîmée.*e5b artifacts fetch.*import DOSSIER") as caught:
        store.resolve(wanted)
    one_french_sentence_or_two(caught.value)
    assert store.fetch(wanted).path.read_bytes() == GOOD


@pytest.mark.parametrize(
    ("file", "body"), [("astra-4.5.2.zip", GOOD), ("wordpress.tar.gz", a_tar_gz()), ("builds.tgz", a_tar_gz())]
)
def test_a_file_laid_into_the_store_by_hand_is_not_used_until_it_is_verified(
    store: Store, paths: Paths, file: str, body: bytes
) -> None:
    wanted = artifact(file=file)
    paths.artifacts.mkdir(parents=True)
    for cut_off in (1, 9, 700, len(body) // 2, len(body)):
        (paths.artifacts / file).write_bytes(body[:-cut_off])
        with pytest.raises(ArtifactMismatch, match="tronquée ou abîmée"):
            store.resolve(wanted)
        with pytest.raises(ArtifactMissing):
            store.fetch(wanted)
    (paths.artifacts / file).write_bytes(body)
    assert store.state(wanted).status is Status.UNRECORDED
    with pytest.raises(ArtifactMismatch, match=r"sans y avoir été vérifiée.*fetch"):
        store.resolve(wanted)
    assert store.fetch(wanted).path.read_bytes() == body
    assert store.resolve(wanted).path.read_bytes() == body


@pytest.mark.parametrize("body", [a_zip(size=0)[:-22], b"", b"PK\x05\x06" + bytes(18)])
def test_an_empty_archive_is_no_archive(store: Store, paths: Paths, body: bytes) -> None:
    paths.artifacts.mkdir(parents=True)
    (paths.artifacts / "astra-4.5.2.zip").write_bytes(body)
    assert store.state(artifact()).status is Status.MISMATCH


def test_a_changed_byte_inside_a_zip_of_unknown_checksum_is_caught(store: Store, paths: Paths) -> None:
    paths.artifacts.mkdir(parents=True)
    (paths.artifacts / "astra-4.5.2.zip").write_bytes(GOOD[:HALF] + bytes([GOOD[HALF] ^ 1]) + GOOD[HALF + 1 :])
    assert store.state(artifact()).status is Status.MISMATCH


@pytest.mark.parametrize("text", ["{", "[]", '{"astra-4.5.2.zip": {}}', '{"astra-4.5.2.zip": {"sha256": 3}}', "\udcff"])
def test_an_unreadable_record_is_told_and_not_taken_for_an_empty_one(store: Store, paths: Paths, text: str) -> None:
    paths.artifacts.mkdir(parents=True)
    (paths.artifacts / "recorded.json").write_text(text, errors="surrogateescape")
    (paths.artifacts / "astra-4.5.2.zip").write_bytes(GOOD)
    with pytest.raises(ArtifactError, match=r"recorded.json.*illisible") as caught:
        store.resolve(artifact())
    one_french_sentence_or_two(caught.value)


# --- stand-ins ----------------------------------------------------------------------------------


def declare(paths: Paths, body: bytes, file: str = "mine.zip") -> Path:
    paths.cache.mkdir(parents=True, exist_ok=True)
    paths.overrides.write_text(
        f'["astra-4.5.2.zip"]\nfile = "{file}"\nsha256 = "{sha256(body)}"\nversion = "4.6.0"\n'
        'reason = "la 4.5.2 n’est plus distribuée"\n'
    )
    return paths.cache / file


def test_a_stand_in_wins_and_says_what_differs_and_why(shelf: Shelf, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), known=GOOD)
    store_at(paths).fetch(wanted)
    declare(paths, OTHER).write_bytes(OTHER)
    store = store_at(paths)
    resolved = store.resolve(wanted)
    assert resolved.path.read_bytes() == OTHER
    assert resolved.version == "4.6.0"
    assert resolved.differs is not None
    assert all(word in resolved.differs for word in ("astra", "4.5.2", "4.6.0", "n’est plus distribuée"))
    assert store.state(wanted).status is Status.STAND_IN
    assert store.fetch(wanted) == resolved
    assert len(shelf.asked) == 1


def test_a_stand_in_that_is_not_what_was_declared_is_refused(shelf: Shelf, paths: Paths) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = artifact(shelf.url("/a.zip"), known=GOOD)
    path = declare(paths, OTHER)
    with pytest.raises(ArtifactMissing, match=r"mine.zip.*n'existe pas"):
        store_at(paths).resolve(wanted)
    path.write_bytes(OTHER[:-1])
    for verb in (store_at(paths).resolve, store_at(paths).fetch):
        with pytest.raises(ArtifactMismatch, match="somme de contrôle déclarée") as caught:
            verb(wanted)
        one_french_sentence_or_two(caught.value)
    assert not shelf.asked


def test_a_stand_in_for_nothing_is_told(paths: Paths) -> None:
    declare(paths, OTHER)
    store = store_at(paths)
    assert store.idle_stand_ins([artifact()]) == []
    assert "astra-4.5.2.zip" in store.idle_stand_ins([artifact(name="yoast")])[0]


# --- import and export --------------------------------------------------------------------------


def test_an_import_knows_a_file_by_its_name_its_address_or_its_checksum(
    store: Store, paths: Paths, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    wanted = [
        artifact("https://archives.invalid/theme/astra.4.5.2.zip", name="astra"),
        artifact(name="yoast"),
        artifact(name="boldgrid", known=OTHER),
    ]
    (stick / "astra.4.5.2.zip").write_bytes(GOOD)
    (stick / "yoast-4.5.2.zip").write_bytes(a_zip(seed=5))
    (stick / "sans titre (3).zip").write_bytes(OTHER)
    (stick / "vacances.zip").write_bytes(a_zip(seed=6))
    (stick / "._yoast-4.5.2.zip").write_bytes(b"macOS")
    (stick / "photo.jpg").write_bytes(b"jpg")
    (stick / "folder.zip").mkdir()
    carried = store.import_from(stick, wanted)
    assert {c.file: c.done for c in carried} == {
        "astra.4.5.2.zip": True,
        "yoast-4.5.2.zip": True,
        "sans titre (3).zip": True,
        "vacances.zip": False,
    }
    assert all(c.sentence.endswith(".") for c in carried)
    assert all(store.resolve(a).path for a in wanted)
    again = store.import_from(stick, wanted)
    assert "déjà là" in again[0].sentence
    assert visible(paths.artifacts) == {a.file for a in wanted} | {"recorded.json"}


def test_a_name_that_two_addresses_have_is_not_guessed_at(store: Store, paths: Paths, tmp_path: Path) -> None:
    wanted = [
        artifact("https://archives.invalid/core/fr_FR.zip", name="core-fr"),
        artifact("https://archives.invalid/theme/fr_FR.zip", name="astra-fr"),
    ]
    (tmp_path / "fr_FR.zip").write_bytes(GOOD)
    [carried] = store.import_from(tmp_path, wanted)
    assert not carried.done
    assert "core-fr-4.5.2.zip ou astra-fr-4.5.2.zip" in carried.sentence
    assert visible(paths.artifacts) == set()


@pytest.mark.parametrize("known", [GOOD, None])
def test_an_import_never_takes_a_file_that_does_not_match(
    store: Store, paths: Paths, tmp_path: Path, known: bytes | None
) -> None:
    (tmp_path / "astra-4.5.2.zip").write_bytes(GOOD[:-100])
    [carried] = store.import_from(tmp_path, [artifact(known=known)])
    assert not carried.done
    assert "tronquée ou abîmée" in carried.sentence
    assert visible(paths.artifacts) == set()


def test_an_import_mends_a_truncated_archive_and_forgets_a_begun_download(
    shelf: Shelf, store: Store, paths: Paths, tmp_path: Path
) -> None:
    shelf.answers["/a.zip"] = [server.cut(GOOD, HALF), server.refusal(404)]
    wanted = artifact(shelf.url("/a.zip"), known=GOOD)
    with pytest.raises(ArtifactMissing):
        store.fetch(wanted)
    (paths.artifacts / wanted.file).write_bytes(GOOD[:HALF])
    (tmp_path / "astra-4.5.2.zip").write_bytes(GOOD)
    assert [c.done for c in store.import_from(tmp_path, [wanted])] == [True]
    assert visible(paths.artifacts) == {"astra-4.5.2.zip"}


def test_an_archive_that_is_carried_and_does_not_serve_is_told(
    shelf: Shelf, store: Store, paths: Paths, tmp_path: Path
) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    store.fetch(artifact(shelf.url("/a.zip")))
    stand_in = StandIn("astra-4.5.2.zip", "mine.zip", sha256(OTHER), "4.6.0", "essai.")
    other = store_at(paths, overrides={stand_in.artifact: stand_in})
    (exported,) = other.export_to(tmp_path / "usb", [artifact()])
    (imported,) = other.import_from(tmp_path / "usb", [artifact()])
    for one in (exported, imported):
        assert one.done
        assert one.sentence.endswith(f"Elle ne sert pas ici : {paths.overrides} la remplace par mine.zip.")


def test_what_is_exported_imports_elsewhere(shelf: Shelf, store: Store, paths: Paths, tmp_path: Path) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    wanted = [artifact(shelf.url("/a.zip")), artifact(name="yoast")]
    store.fetch(wanted[0])
    stick = tmp_path / "stick"
    assert [(c.file, c.done) for c in store.export_to(stick, wanted)] == [
        ("astra-4.5.2.zip", True),
        ("yoast-4.5.2.zip", False),
    ]
    assert visible(stick) == {"astra-4.5.2.zip"}
    elsewhere = store_at(replace(paths, cache=tmp_path / "elsewhere"))
    elsewhere.import_from(stick, wanted)
    assert elsewhere.resolve(wanted[0]).path.read_bytes() == GOOD


def test_a_damaged_archive_is_not_exported_over_a_good_one(store: Store, paths: Paths, tmp_path: Path) -> None:
    (tmp_path / "astra-4.5.2.zip").write_bytes(GOOD)
    paths.artifacts.mkdir(parents=True)
    (paths.artifacts / "astra-4.5.2.zip").write_bytes(GOOD[:HALF])
    assert [c.done for c in store.export_to(tmp_path, [artifact(known=GOOD)])] == [False]
    assert (tmp_path / "astra-4.5.2.zip").read_bytes() == GOOD


@pytest.mark.parametrize("verb", ["import_from", "export_to"])
def test_a_folder_that_is_none_is_refused_in_french(store: Store, tmp_path: Path, verb: str) -> None:
    (tmp_path / "file").write_text("")
    for folder, reason in ((tmp_path / "no" / "stick", "branché"), (tmp_path / "file", "pas un dossier")):
        with pytest.raises(Refusal, match=reason) as caught:
            getattr(store, verb)(folder, [])
        one_french_sentence_or_two(caught.value)


def test_a_folder_or_a_file_that_may_not_be_read_is_told_in_french(store: Store, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "astra-4.5.2.zip").write_bytes(GOOD)
    (stick / "astra-4.5.2.zip").chmod(0)
    if os.access(stick / "astra-4.5.2.zip", os.R_OK):
        pytest.skip(f"root may read everything {OPTIONAL}")
    assert "interdit" in store.import_from(stick, [artifact()])[0].sentence
    stick.chmod(0)
    with pytest.raises(Refusal, match="interdit"):
        store.import_from(stick, [artifact()])
    stick.chmod(0o700)


def test_what_the_disk_refuses_is_told_in_french(
    store: Store, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "astra-4.5.2.zip").write_bytes(GOOD)
    really_open = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "astra-4.5.2.zip":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return really_open(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert "interdit" in store.import_from(tmp_path, [artifact()])[0].sentence
    assert "interdit" in store.state(artifact()).sentence
    assert store.state(artifact()).status is Status.MISMATCH


def test_a_store_that_is_no_folder_is_told_in_french(shelf: Shelf, store: Store, paths: Paths) -> None:
    paths.cache.mkdir()
    paths.artifacts.write_text("")
    with pytest.raises(ArtifactError, match="pas un dossier") as caught:
        store.fetch(artifact(shelf.url("/a.zip")))
    one_french_sentence_or_two(caught.value)
    assert store.state(artifact()).status is Status.MISMATCH


def test_a_name_that_no_screen_can_show_is_shown_anyway(store: Store, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"th\xe8me\x1b[31m.zip")).write_bytes(GOOD)
    [carried] = store.import_from(tmp_path, [artifact()])
    carried.sentence.encode()
    assert "\x1b" not in carried.sentence + carried.file


# --- proxies, npm, company ----------------------------------------------------------------------


def test_the_proxy_of_the_environment_is_used(shelf: Shelf, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://archives.invalid/a.zip"
    shelf.answers[url] = [server.whole(GOOD)]
    with pytest.raises(ArtifactMissing):
        store.fetch(artifact(url, known=GOOD))
    assert not shelf.asked
    monkeypatch.setenv("HTTP_PROXY", f"http://eleve:secret@127.0.0.1:{shelf.port}")
    assert store.fetch(artifact(url, known=GOOD)).path.read_bytes() == GOOD
    assert [path for path, _ in shelf.asked] == [url]


def test_no_proxy_of_the_environment_is_honoured(shelf: Shelf, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ArtifactMissing):
        store.fetch(artifact(shelf.url("/a.zip")))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    store.fetch(artifact(shelf.url("/a.zip")))


@pytest.mark.parametrize("value", ["ftp://eleve:secret@proxy", "http://proxy:secret"])
def test_a_malformed_proxy_is_told_without_its_secret(
    shelf: Shelf, store: Store, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", value)
    with pytest.raises(ArtifactError, match="HTTP_PROXY") as caught:
        store.fetch(artifact(shelf.url("/a.zip")))
    assert "secret" not in one_french_sentence_or_two(caught.value)


@pytest.mark.parametrize(
    "url", ["nonsense", "http://[::", "ftp://archives.invalid/a.zip", "http://a:secret@127.0.0.1:9/"]
)
def test_an_address_that_leads_nowhere_is_a_french_reason(store: Store, url: str) -> None:
    with pytest.raises(ArtifactMissing) as caught:
        store.fetch(artifact(url))
    assert "secret" not in one_french_sentence_or_two(caught.value)


def test_an_authority_that_the_machine_trusts_is_trusted_and_no_other(
    shelf: Shelf, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    shelf.answers["/a.zip"] = [server.whole(GOOD)]
    authority, wanted = shelf.encrypt(tmp_path), artifact(shelf.url("/a.zip"), known=GOOD)
    with pytest.raises(ArtifactMissing, match="autorité de certification doit être installée") as caught:
        store.fetch(wanted)
    one_french_sentence_or_two(caught.value)

    def machines(context: ssl.SSLContext, *_: object) -> None:
        context.load_verify_locations(authority)

    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", machines)
    assert store.fetch(wanted).path.read_bytes() == GOOD
    assert len(download.tls_context().get_ca_certs()) > 50  # those of httpx are believed as before


def test_a_machine_without_npm_is_told_so(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        ArtifactMissing, match=r"npm n'est pas installé .*« sudo apt-get install npm » l'installe"
    ) as caught:
        store.fetch(artifact(file="builds.tgz", npm="@essai/archives@1.0.0"))
    one_french_sentence_or_two(caught.value)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'npm error code ENOTFOUND' >&2; exit 1", "ENOTFOUND"),
        ("echo 'npm error code E401 secret' >&2; exit 1", "pas le droit"),
        ("echo 'npm error code ENOSPC' >&2; exit 1", "disque .* est plein"),
        ("exit 7", "(7)"),
        ("exit 0", "(0)"),
        ("echo short > archive.tgz", "tronquée ou abîmée"),
    ],
)
def test_what_npm_answers_is_told_in_french(
    store: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, reason: str
) -> None:
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent))
    with pytest.raises(ArtifactError, match=reason) as caught:
        store.fetch(artifact(file="builds.tgz", npm="@essai/archives@1.0.0"))
    assert "secret" not in one_french_sentence_or_two(caught.value)
    assert visible(paths.artifacts) == set()


def test_npm_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexec sleep 30\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(download.DownloadFailed, match="pas fini"):
        npm_pack("x@1", tmp_path, seconds=0.1)


def test_two_fetches_of_the_same_archive_download_it_once(shelf: Shelf, paths: Paths) -> None:
    waiting, arrived, waited = threading.Event(), threading.Event(), threading.Event()

    class Second(Quiet):
        def step(self, text: str) -> None:
            if "Attente" in text:
                waited.set()

    shelf.answers["/a.zip"] = [server.late(server.whole(GOOD), waiting, arrived)]
    wanted = artifact(shelf.url("/a.zip"))
    found: list[bytes] = []
    stores = (store_at(paths), store_at(paths, progress=Second()))
    threads = [threading.Thread(target=lambda s=s: found.append(s.fetch(wanted).path.read_bytes())) for s in stores]
    threads[0].start()
    assert arrived.wait(10)
    threads[1].start()
    assert waited.wait(10)
    waiting.set()
    for thread in threads:
        thread.join(10)
    assert found == [GOOD, GOOD]
    assert len(shelf.asked) == 1


def test_a_lock_that_is_never_released_is_told(paths: Paths) -> None:
    paths.artifacts.mkdir(parents=True)
    with FileLock(paths.artifacts / ".astra-4.5.2.zip.lock"), pytest.raises(Busy, match="autre commande") as caught:
        store_at(paths, lock_seconds=0.05).fetch(artifact())
    one_french_sentence_or_two(caught.value)


def test_every_pinned_archive_can_be_listed_on_a_machine_that_has_none(store: Store) -> None:
    states = [store.state(a) for stack in load_stacks().values() for a in stack.artifacts]
    assert {state.status for state in states} == {Status.MISSING}
    assert all("e5b artifacts fetch" in state.sentence for state in states)


@pytest.mark.parametrize("stack", load_stacks().values(), ids=str)
def test_a_missing_archive_is_told_with_the_command_that_brings_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stack: Stack
) -> None:
    """That of the trial is left out unless its edition is named."""
    monkeypatch.setenv("PATH", str(tmp_path))  # no npm
    command = "e5b artifacts fetch" if stack.official else f"e5b artifacts fetch --stack {stack.id}"
    for wanted in stack.artifacts:
        assert f"lancez « {command} »" in store.state(wanted).sentence
        with pytest.raises(ArtifactMissing, match=f"Relancez « {command} » plus tard"):
            store.fetch(replace(wanted, urls=()))


def test_the_status_of_every_kind_has_french(store: Store) -> None:
    assert all(status.french for status in Status)


def test_a_stand_in_is_a_value_that_a_test_can_make(paths: Paths) -> None:
    paths.cache.mkdir()
    (paths.cache / "mine.zip").write_bytes(OTHER)
    stand_in = StandIn("astra-4.5.2.zip", "mine.zip", sha256(OTHER), "4.6.0", "essai.")
    resolved = store_at(paths, overrides={stand_in.artifact: stand_in}).resolve(artifact())
    assert resolved.differs
    assert resolved.differs.endswith("essai.")
