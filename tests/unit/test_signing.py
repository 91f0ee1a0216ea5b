"""An archive is what was written, or a sentence says what it isn't: whoever changed it, whatever stands in it."""

import contextlib
import hashlib
import io
import json
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zstandard
from rich.console import Console

from provisioner.archive import archiving, golden_images
from provisioner.archive.archives import (
    DIGESTS,
    LAYER,
    MANIFEST,
    TRIES,
    Archive,
    layer_of,
    report_of,
    summary_of,
    verify,
)
from provisioner.archive.archiving import put_each_away, set_aside
from provisioner.archive.golden_images import GoldenImages, golden_beside, read_golden
from provisioner.archive.hash_lists import (
    HashLine,
    HashList,
    list_of_day,
    read_list,
    refuse_other_digest,
    signed_list,
    unlike_list,
)
from provisioner.archive.latest import last_archives
from provisioner.archive.signatures import SIGNATURE, signed
from provisioner.archive.station_secrets import strip_secrets
from provisioner.archive.verifying import Trust, list_archives, read_archive_to_run, verify_archives
from provisioner.cli import archive as commands
from provisioner.cli import resources
from provisioner.cli.screen import SafeConsole
from provisioner.core.clock import ClockEntry, read
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, Refusal
from provisioner.core.model import Conformity, Golden
from provisioner.core.records import Archived, RosterRecord
from provisioner.engine.layers import read_back
from provisioner.engine.protocol import ContainerState
from provisioner.exam import reset as reset_module
from provisioner.host.paths import Paths
from provisioner.host.signing import PrivateKey, new_key, read_private_key, read_public_key, write_key
from provisioner.papers.hash_list import hash_list_page
from provisioner.papers.marking import Known, events_in_french
from provisioner.station import sittings
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import reset, up
from provisioner.station.room_keys import forget_private_key, known_keys, room_key
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine
from tests.unit.mortal import room
from tests.unit.packed import bundled, laid, named, packed
from tests.unit.samples import CANDIDATE, ENTRY, bundle, repacked

IMAGE, BY_CONFIGURATION, _ = packed()
GOLDEN = Golden("wordpress-2024", BY_CONFIGURATION, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
NAME = "salle-poste-01-abc123-20260521-094000.e5b.zip"
OTHER = "salle-poste-02-def456-20260521-094100.e5b.zip"
READ_AGAIN = archiving.read_again
CLOCK = {"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), UTC)
    laid(made.archives, GOLDEN.image, IMAGE)
    return made


def written(state: State, name: str = NAME, **values: Any) -> Path:
    """A signed archive that this machine wrote and noted."""
    key = room_key(state, "salle")
    path = bundle(state.archives / name, key, **{"golden": GOLDEN.image, "candidate": CANDIDATE, **values})
    state.log({"at": state.now(), "what": "archive", "file": name, "signed_by": key.public.fingerprint})
    noted_anew(state, path)
    return path


def noted_anew(state: State, path: Path) -> None:
    """Have the journal and the file beside it say the digest that an archive has now, as who owns the disk would."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")
    state.reword(lambda line: {**line, "sha256": digest} if line.get("file") == path.name else line)


def said(state: State, *paths: Path) -> list[str]:
    return [str(error) for error in verify_archives(state, paths, None)[1]]


def changed_manifest(path: Path, **values: Any) -> bytes:
    with zipfile.ZipFile(path) as read:
        return json.dumps({**json.loads(read.read(MANIFEST)), **values}).encode()


def resigned(path: Path, key: PrivateKey, **values: Any) -> Path:
    manifest = changed_manifest(path, **values)
    return repacked(path, {MANIFEST: manifest, SIGNATURE: signed(manifest, key)})


def test_an_archive_of_this_room_is_whole_and_signed(state: State) -> None:
    (row,), errors = verify_archives(state, [written(state)], None)
    assert (row.trust, errors) == (Trust.KNOWN, [])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda path: repacked(path, {TRIES: b"[]"}), "network.json"),
        (lambda path: repacked(path, {MANIFEST: changed_manifest(path, subject="wordpress-b")}), "changée depuis"),
        (lambda path: repacked(path, {SIGNATURE: None}), "signature en a été retirée"),
        (lambda path: repacked(path, {SIGNATURE: b"{}"}), "signature n'est pas lisible"),
        (lambda path: repacked(path, {SIGNATURE: b"\xff"}), "signature n'est pas lisible"),
        (
            lambda path: repacked(path, {SIGNATURE: None, MANIFEST: changed_manifest(path, format=1, name=None)}),
            "n'est plus signée",
        ),
        (lambda path: resigned(path, new_key()), "une autre clé que celle de la salle"),
        (lambda path: resigned(path, new_key(), name=""), "ne dit pas comment elle s'appelle"),
        (lambda path: repacked(path, {"more.txt": b"x"}), "son contenu n'est pas celui de son manifeste"),
    ],
)
def test_a_change_is_found_though_every_digest_was_made_anew(
    state: State, change: Callable[[Path], object], why: str
) -> None:
    path = written(state)
    change(path)
    noted_anew(state, path)
    (error,) = said(state, path)
    assert why in error
    assert NAME in error


def test_two_archives_that_were_exchanged_are_both_found(state: State) -> None:
    first, second = written(state), written(state, OTHER)
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    for path in (first, second):
        noted_anew(state, path)
    errors = said(state, first, second)
    assert [f"son contenu est celui de {name}" in error for name, error in zip((OTHER, NAME), errors, strict=True)] == [
        True,
        True,
    ]
    assert len(list_archives(state)[1]) == 2


def test_a_digest_beside_an_archive_that_was_changed_alone_is_found(state: State) -> None:
    path = written(state)
    path.with_name(f"{path.name}.sha256").write_text(f"{'0' * 64}  {path.name}\n")
    (error,) = said(state, path)
    assert "empreinte est à côté d'elle" in error


def test_an_archive_of_another_machine_says_whose_key_it_has_and_one_of_an_earlier_version_that_it_has_none(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = new_key()
    monkeypatch.setattr(
        resources, "paths", lambda: Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    )
    foreign = bundle(state.archives / NAME, key, golden=GOLDEN.image)
    old = bundle(state.archives / OTHER, golden=GOLDEN.image)
    rows, errors = verify_archives(state, [foreign, old], None)
    assert ([row.trust for row in rows], errors) == ([Trust.UNKNOWN, Trust.UNSIGNED], [])
    assert commands.verify(None) == 0
    printed = capsys.readouterr().out
    assert f"signée par une clé que cette machine ne connaît pas (empreinte {key.public.fingerprint})" in printed
    assert f"{OTHER} : intacte, non signée (" in printed
    assert commands.verify(None, as_json=True) == 0
    documents = json.loads(capsys.readouterr().out)["archives"]
    assert [one["signature"] for one in documents] == ["unknown", "unsigned"]
    assert documents[0]["signed_by"] == key.public.fingerprint


def test_the_key_of_a_room_is_its_owners_alone_and_gone_with_it_while_its_archives_still_verify(state: State) -> None:
    key = room_key(state, "salle")
    (private,) = (state.folder / "signing").glob("*.pem")
    assert private.stat().st_mode & 0o777 == 0o600
    assert room_key(state, "salle").pem == key.pem
    path = written(state)
    forget_private_key(state, "salle")
    assert not private.exists()
    (row,), errors = verify_archives(state, [path], None)
    assert (row.trust, errors) == (Trust.KNOWN, [])
    (known,) = known_keys(state).values()
    assert known.room == "salle"
    assert room_key(state, "salle").pem != key.pem
    forget_private_key(state, "salle")  # it signed nothing: nothing of it stays
    assert list(known_keys(state)) == [key.public]


def test_a_key_that_was_cut_short_is_put_aside_and_archives_are_signed_by_another(state: State) -> None:
    first = room_key(state, "salle")
    (private,) = (state.folder / "signing").glob("*.pem")
    private.write_bytes(first.pem[:40])
    assert room_key(state, "salle").pem != first.pem
    assert private.with_name(f"{private.name}.illisible").read_bytes() == first.pem[:40]


def layered(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for entry, content in entries:
            tar.addfile(entry, io.BytesIO(content))
    return plain.getvalue()


def with_layer(path: Path, tar: Iterable[bytes], **layer: Any) -> Path:
    """An archive under a right signature whose layer is this."""
    out = io.BytesIO()
    with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as compressed:
        for piece in tar:
            compressed.write(piece)
    values = {"entries": 0, "files": 0, "gone": [], "unpacked": 4096, **layer}
    return bundle(path, new_key(), {LAYER: out.getvalue()}, layer=values, golden=GOLDEN.image)


def peak(run: Callable[[], object]) -> int:
    """How much memory a call took at most, in bytes."""
    tracemalloc.start()
    try:
        with contextlib.suppress(ArchiveSpoilt):
            run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_layer_that_unpacks_to_more_than_was_written_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = with_layer(tmp_path / NAME, (bytes(1 << 20) for _ in range(300)))
    assert path.stat().st_size < 100_000
    with pytest.raises(ArchiveSpoilt, match="se déplie en plus d'octets"):
        verify(path)
    with pytest.raises(ArchiveSpoilt, match="se déplie en plus d'octets"), layer_of(path) as pieces:
        list(pieces)
    assert peak(lambda: verify(path)) < 50 << 20


def test_a_name_in_a_layer_that_is_as_long_as_the_memory_is_refused(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("././@PaxHeader")
    entry.type, entry.size = tarfile.XHDTYPE, 200 << 20
    path = with_layer(
        tmp_path / NAME, [entry.tobuf(), *(bytes(1 << 20) for _ in range(200))], entries=1, unpacked=300 << 20
    )
    with pytest.raises(ArchiveSpoilt, match="longueur impossible"):
        verify(path)
    assert peak(lambda: verify(path)) < 50 << 20


def test_a_document_that_unpacks_to_a_gigabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open(MANIFEST, "w") as file:
        for _ in range(100):
            file.write(bytes(1 << 20))
    for reading in (verify, summary_of):
        with pytest.raises(ArchiveSpoilt, match="trop grand pour être lu"):
            reading(path)
    assert peak(lambda: verify(path)) < 10 << 20


def understated(path: Path) -> Path:
    """Have a zip say of its largest member that it is short, in both places where it says so."""
    body = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        size = struct.pack("<I", max(info.file_size for info in packed.infolist()))
    path.write_bytes(bytes(body).replace(size, struct.pack("<I", 100)))
    return path


def test_a_document_that_is_longer_than_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr(MANIFEST, bytes(50 << 20))
    understated(path)
    with pytest.raises(ArchiveSpoilt):
        verify(path)
    assert peak(lambda: verify(path)) < 10 << 20


DEEP = b'{"format": 1, "room": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "manifest",
    [
        b"[]",
        b"3",
        b"null",
        b'"x"',
        DEEP,
        b"\xff\xfe{}",
        b"",
        b"{",
        b'{"format": 2}',
        b'{"format": 1}',
        b'{"format": []}',
        b'{"format": 1, "files": 3, "room": {}}',
        b'{"format": 1e999}',
        b'{"format": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_manifest_of_another_shape_is_one_sentence_for_every_command(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: bytes
) -> None:
    path = repacked(bundle(state.archives / NAME, golden=GOLDEN.image), {MANIFEST: manifest})
    monkeypatch.setattr(
        resources, "paths", lambda: Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    )
    for command in (
        lambda: commands.verify(None),
        lambda: commands.list_(),
        lambda: read_archive_to_run(state, path, path),
        lambda: report_of(path, path),
    ):
        with pytest.raises(ArchiveSpoilt, match=rf"^L'archive {NAME} ne peut pas servir : [^\n]+$"):
            command()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"candidate": {**CANDIDATE, "at": "hier"}}, "candidate.at"),
        ({"station": "../../ailleurs"}, "station"),
        ({"room": "../x"}, "room"),
        ({"stack": 3}, "stack"),
        ({"address": 'http://x"; rm -rf ~; "'}, "address"),
        ({"golden": "sha256:../../x"}, "golden"),
        ({"taken_at": None}, "taken_at"),
    ],
)
def test_a_value_that_an_archive_never_has_is_named(state: State, values: Mapping[str, Any], field: str) -> None:
    path = bundle(state.archives / NAME, new_key(), **{"golden": GOLDEN.image, **values})
    with pytest.raises(ArchiveSpoilt, match=f"« {field} » n'a pas dans son manifeste la forme voulue"):
        verify(path)


def test_an_archive_of_an_edition_that_is_not_known_verifies_and_is_not_run(state: State) -> None:
    path = written(state, stack="joomla-2031")
    assert said(state, path) == []
    with pytest.raises(Refusal, match="son édition, « joomla-2031 », n'est pas connue"):
        read_archive_to_run(state, path, path)


def test_two_members_of_one_name_are_refused(state: State) -> None:
    path = written(state)
    with zipfile.ZipFile(path, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr(DIGESTS, b"")
    with pytest.raises(ArchiveSpoilt, match="deux de ses fichiers ont le même nom"):
        verify(path)


def test_a_document_in_a_compression_that_e5b_does_not_use_is_refused_before_it_is_unpacked(state: State) -> None:
    path = written(state)
    with zipfile.ZipFile(path) as read_from:
        inside = {name: read_from.read(name) for name in read_from.namelist()}
    for kind in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with zipfile.ZipFile(path, "w") as repacked_anew:
            for name, data in inside.items():
                repacked_anew.writestr(name, data, kind if name == TRIES else zipfile.ZIP_STORED)
        for reading in (verify, summary_of):
            with pytest.raises(ArchiveSpoilt, match="compressée comme e5b ne le fait pas"):
                reading(path)


def test_a_sparse_file_whose_length_is_only_announced_is_refused(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("f")
    sparse = {"major": "0", "minor": "1", "map": f"{1 << 40},0", "size": str(1 << 40), "numblocks": "1"}
    entry.pax_headers = {f"GNU.sparse.{name}": value for name, value in sparse.items()}
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(entry)
    with pytest.raises(ArchiveSpoilt, match="n'y est pas tel qu'il était sur le poste"):
        read_back(io.BytesIO(plain.getvalue()), {"/f": "0" * 64})


def test_a_golden_image_that_unpacks_to_gigabytes_takes_no_memory(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    path = tmp_path / "x.tar.zst"
    path.write_bytes(b"".join(packer.compress(bytes(16 << 20)) for _ in range(16)) + packer.flush())
    tracemalloc.start()
    try:
        read_golden(path)
        assert tracemalloc.get_traced_memory()[1] < 160 << 20
    finally:
        tracemalloc.stop()


def test_a_manifest_that_is_longer_than_any_is_refused_before_it_is_read_as_json(tmp_path: Path) -> None:
    path = bundle(tmp_path / NAME, golden=GOLDEN.image)
    repacked(path, {MANIFEST: changed_manifest(path, more="x" * (17 << 20))})
    for reading in (verify, summary_of):
        with pytest.raises(ArchiveSpoilt, match=r"« manifest.json » y est trop grand pour être lu"):
            reading(path)


def test_digests_of_another_form_are_refused_at_their_first_line(tmp_path: Path) -> None:
    lines = b"0\n" * (8 << 20)
    path = bundle(tmp_path / NAME, None, {DIGESTS: lines}, golden=GOLDEN.image)
    with pytest.raises(ArchiveSpoilt, match=r"« layer.sha256 » n'y est pas tel qu'il a été écrit"):
        verify(path)
    assert peak(lambda: verify(path)) < 10 << 20


@pytest.mark.parametrize(
    "values",
    [
        {"taken_at": "2026-05-21T09:40:00"},
        {"sealed_at": "2026-05-21T09:40:00"},
        {"taken_at": "9999-12-31T23:59:59-14:00"},
        {"sealed_at": "0001-01-01T00:00:00+14:00"},
        {"clock": [{"at": "2026-05-21T09:00:00+02:00", "what": "start", "minutes": 10**13}]},
        {"clock": [{"at": "2026-05-21T09:00:00", "what": "start", "minutes": 40}]},
    ],
)
def test_hours_that_can_not_be_keep_no_other_archive_from_being_verified(
    state: State, values: Mapping[str, Any]
) -> None:
    written(state, clock=[CLOCK])
    bundle(state.archives / OTHER, **{"golden": GOLDEN.image, "candidate": CANDIDATE, "clock": [CLOCK], **values})
    for rows, errors in (verify_archives(state, [], None), list_archives(state)):
        assert len(rows) == 1
        (error,) = errors
        assert f"L'archive {OTHER} ne peut pas servir" in str(error)


@pytest.mark.parametrize("taken_at", ["2026-05-21T09:40:00", "0001-01-01T00:00:00+14:00"])
def test_a_report_of_an_hour_that_can_not_be_counts_as_none(state: State, taken_at: str) -> None:
    report = {"report/report.json": json.dumps({"taken_at": taken_at}).encode(), "report/report.html": b"x"}
    values: dict[str, Any] = {"clock": [CLOCK], "candidate": CANDIDATE, "golden": GOLDEN.image}
    bundle(state.archives / NAME, None, report, report="report/report.html", **values)
    (row,), errors = verify_archives(state, [], None)
    assert errors == []
    assert row.remark


def test_a_name_or_a_field_that_an_archive_gives_starts_no_line(state: State) -> None:
    forged = f"x\n{NAME} : intacte et signée\x1b[31m"
    renamed = bundle(state.archives / NAME, new_key(), golden=GOLDEN.image, name=forged)
    field = bundle(state.archives / OTHER, golden=GOLDEN.image, versions={forged: 3})
    for error in said(state, renamed, field):
        assert not set(error) & set("\n\x1b")


def test_a_golden_image_with_names_is_not_loaded_under_them(tmp_path: Path) -> None:
    configuration = b"{}"
    described = [{"Config": "c.json", "RepoTags": ["e5b/gateway:0"], "Layers": []}]
    path = tmp_path / "x.tar.zst"
    path.write_bytes(bundled({"c.json": configuration, "manifest.json": json.dumps(described).encode()}))
    with pytest.raises(ArchiveSpoilt, match="image de référence"):
        golden_images.names_of(path, named(configuration))


HOSTILE = "12\x1b[2J\x1b]0;x\x07\n\x9b31m[red]\u202e[link=file:///etc/passwd]x[/link]"


def test_what_an_archive_says_commands_no_terminal_and_starts_no_line(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        resources, "paths", lambda: Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    )
    written(state, candidate={**CANDIDATE, "number": HOSTILE, "name": HOSTILE})
    for command in (commands.verify, commands.list_):
        assert command() == 0
        printed = capsys.readouterr().out
        assert not set(printed) & set("\x1b\x07\x9b\u202e")
        assert "[red]" in printed  # as it is written, without an effect
        (line,) = [line for line in printed.splitlines() if "[red]" in line]
        assert line.startswith(NAME)
    for command in (commands.verify, commands.list_):
        assert command(as_json=True) == 0
        assert not set(capsys.readouterr().out) & set("\x1b\x07\x9b\u202e")


def test_nothing_that_is_printed_reaches_the_terminal_as_a_command() -> None:
    def shown(console: type[Console]) -> str:
        screen = io.StringIO()
        console(file=screen, force_terminal=True, color_system="truecolor", width=200, highlight=False).print(
            f"[bold]{HOSTILE.replace('[', '(')}[/]"
        )
        return screen.getvalue()

    assert "\x1b(2J" in shown(Console)
    assert "\x1b(2J" not in shown(SafeConsole)
    assert "\x1b[1m" in shown(SafeConsole)  # what e5b itself says of how it looks stays


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """A station whose candidate's time is over, in a room whose archives are real."""
    centre = room(tmp_path, monkeypatch)
    monkeypatch.setattr(archiving, "read_again", READ_AGAIN)
    laid(centre.state.archives, GOLDEN.image, IMAGE)
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    began = "2026-05-21T09:00:00+00:00"
    centre.state.note(station.container, clock=[{"at": began, "what": "start", "minutes": 40}], sitting="seance")

    def sealed(centre: Centre, container: ContainerState) -> Archive:
        made = verify(written(centre.state, candidate=None))
        archived = Archived(taken_at=centre.state.present(), file=made.path.name, sha256=made.sha256)
        centre.state.note(container.id, archived=archived)
        return made

    monkeypatch.setattr(archiving, "_archive_and_note", sealed)
    return centre


def altered(path: Path) -> None:
    repacked(path, {TRIES: b"[]"})


def renoted(path: Path) -> None:
    """Also what the machine knows of it is changed: its signature alone tells."""
    repacked(path, {MANIFEST: changed_manifest(path, subject="wordpress-b")})
    path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)


@pytest.mark.parametrize("harm", [Path.unlink, altered, renoted, lambda path: path.write_bytes(b"x")])
def test_no_station_goes_whose_archive_is_not_there_and_right_at_that_time(
    centre: Centre, harm: Callable[[Path], object]
) -> None:
    (station,) = stations(centre)
    path = archiving.archive(centre, station.name).path
    harm(path)
    if path.exists():
        noted_anew(centre.state, path)
        record = centre.state.record(station.container).archived
        assert record
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        centre.state.note(station.container, archived=record.model_copy(update={"sha256": digest}))
    reset(centre, station.name, GOLDEN)
    assert [one.id for one in set_aside(centre)] == [station.container]
    made, (error,) = put_each_away(centre)
    assert made == []
    assert isinstance(error, EvidenceLost)
    assert "poste-01 n'est pas retiré, le travail du candidat y est encore" in str(error)
    assert station.container in [one.id for one in centre.engine.containers(kind="station")]
    (again,), errors = put_each_away(centre)
    assert (errors, set_aside(centre)) == ([], [])
    assert said(centre.state, again.path) == []


def test_no_room_goes_while_an_archive_is_not_right_unless_a_reason_is_given(centre: Centre) -> None:
    (station,) = stations(centre)
    path = archiving.archive(centre, station.name).path
    altered(path)
    with pytest.raises(EvidenceLost, match="poste-01 n'est pas retiré"):
        archiving.down(centre)
    assert [one.container for one in stations(centre)] == [station.container]
    record = Archived(taken_at=centre.state.present(), file=path.name, sha256="0" * 64)
    centre.state.note(station.container, archived=record)
    archiving.down(centre, "le disque est mort")
    assert [line["what"] for line in centre.state.logged()][-1] == "discard"


def test_an_encrypted_archive_is_compared_by_the_digest_that_was_noted(centre: Centre) -> None:
    (station,) = stations(centre)
    path = centre.state.archives / f"{NAME}.age"
    path.write_bytes(b"age-encryption.org/v1")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for noted, goes in ((digest, True), ("0" * 64, False)):
        archived = Archived(taken_at=centre.state.present(), file=path.name, sha256=noted)
        centre.state.note(station.container, archived=archived)
        (container,) = centre.engine.containers(kind="station")
        with contextlib.nullcontext() if goes else pytest.raises(EvidenceLost, match="n'est plus le fichier"):
            READ_AGAIN(centre, GoldenImages(centre), container)


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"x")])
def test_no_station_goes_while_the_golden_image_of_its_archive_is_not_usable(
    centre: Centre, harm: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    (station,) = stations(centre)
    archiving.archive(centre, station.name)
    golden = golden_beside(centre.state.archives, GOLDEN.image)
    harm(golden)
    lost = not golden.exists()
    monkeypatch.setattr(centre.engine, "save", lambda image, write: write(b"not an image"))
    with pytest.raises(EvidenceLost, match=r"poste-01 n'est pas retiré.*image de référence"):
        archiving.down(centre)
    assert [one.container for one in stations(centre)] == [station.container]
    assert centre.state.record(station.container).archived  # the archive itself is right
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(IMAGE)
    monkeypatch.setattr(centre.engine, "save", lambda image, write: write(plain))
    golden.unlink()
    archiving.down(centre)
    assert lost or read_golden(golden)
    assert stations(centre) == []


def test_the_golden_image_of_many_stations_is_read_once(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    monkeypatch.setattr(
        golden_images,
        "names_of",
        lambda path, golden: reads.append(path) or [golden],  # type: ignore[func-returns-value]
    )
    goldens = GoldenImages(centre)
    for _ in range(3):
        goldens.ensure_usable(GOLDEN.image)
    assert reads == [golden_beside(centre.state.archives, GOLDEN.image)]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"room": "autre"}, "d'un autre poste, ou d'un autre candidat"),
        ({"station": "poste-02"}, "d'un autre poste, ou d'un autre candidat"),
        ({"candidate": CANDIDATE}, "d'un autre poste, ou d'un autre candidat"),
        ({}, "n'est pas signée par la clé de cette salle"),
        (None, "n'est pas signée, et journal.jsonl n'en dit rien"),
    ],
)
def test_no_station_goes_for_an_archive_of_another_or_that_the_room_did_not_sign(
    centre: Centre, values: dict[str, Any] | None, why: str
) -> None:
    (station,) = stations(centre)
    path = archiving.archive(centre, station.name).path
    (centre.state.folder / "journal.jsonl").unlink()
    key = None if values is None else room_key(centre.state, "salle") if values else new_key()
    bundle(path, key, **{"golden": GOLDEN.image, **(values or {})})
    path.with_name(f"{path.name}.sha256").unlink()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    archived = Archived(taken_at=centre.state.present(), file=path.name, sha256=digest)
    centre.state.note(station.container, archived=archived)
    (container,) = centre.engine.containers(kind="station")
    with pytest.raises(EvidenceLost, match=why):
        READ_AGAIN(centre, GoldenImages(centre), container)
    assert centre.state.record(station.container).archived is None


def test_a_station_goes_whose_archive_an_earlier_version_wrote_unsigned_and_noted(centre: Centre) -> None:
    (station,) = stations(centre)
    path = bundle(centre.state.archives / OTHER, golden=GOLDEN.image)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    centre.state.log({"what": "archive", "file": path.name, "sha256": digest})
    archived = Archived(taken_at=centre.state.present(), file=path.name, sha256=digest)
    centre.state.note(station.container, archived=archived)
    (container,) = centre.engine.containers(kind="station")
    READ_AGAIN(centre, GoldenImages(centre), container)
    assert centre.state.record(station.container).archived == archived


class Inside(FakeEngine):
    """A copy of a station that has one file."""

    given: bytes | None = None
    put_back: bytes | None = None

    def get(self, container: str, path: str) -> bytes | None:
        assert path == "/var/lib/e5b/station.json"
        return self.given

    def put_tar(self, container: str, folder: str, tar: Iterable[bytes]) -> None:
        with tarfile.open(fileobj=io.BytesIO(b"".join(tar))) as packed:
            (entry,) = packed.getmembers()
            file = packed.extractfile(entry)
            assert file
            assert (folder + entry.name, entry.mode, entry.uid) == ("/var/lib/e5b/station.json", 0o640, 0)
            self.put_back = file.read()

    def run(self, container: str, command: Any, **more: Any) -> Any:
        return super().run(container, command, stdin=b"")


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (
            b'{"address": "http://x", "candidate": {"user": "u", "password": "abcdefghjk"}}\n',
            b'{"address": "http://x"}\n',
        ),
        (b'{"address": "abcdefghjk"}', b""),
        (b"abcdefghjk", b""),
        (b"[" * 100_000, b""),
        (b'{"address": "http://x"}', None),
        (None, None),
    ],
)
def test_a_password_is_taken_out_of_what_a_station_was_given_whatever_its_candidate_made_of_it(
    given: bytes | None, left: bytes | None
) -> None:
    engine = Inside()
    engine.given = given
    stripped = strip_secrets(engine, "copy", "abcdefghjk")
    assert (engine.put_back, bool(stripped)) == (left, left is not None)


def test_a_list_of_digests_tells_which_archive_is_not_the_one_that_was_printed(state: State, tmp_path: Path) -> None:
    first, second = written(state), written(state, OTHER)
    made, errors = list_of_day(state, "salle", date(2026, 5, 21))
    assert errors == []
    assert [line.file for line in made.archives] == [NAME, OTHER]
    assert "".join(made.archives[0].groups) == hashlib.sha256(first.read_bytes()).hexdigest()
    assert (made.archives[0].name, made.archives[0].number) == ("GOFF", "12")

    key, listed = new_key(), tmp_path / "liste.json"
    listed.write_text(json.dumps(signed_list(made, key).document()))
    read_back = read_list(listed, key.public)
    archives = [row.archive for row in verify_archives(state, [first, second], None)[0]]
    assert unlike_list(state, read_back, archives, everything=True) == []
    with pytest.raises(ArchiveSpoilt, match="n'est pas signée par cette clé"):
        read_list(listed, new_key().public)

    resigned(second, room_key(state, "salle"), subject="wordpress-b")  # by who has the disk, the room's key with it
    noted_anew(state, second)
    rows, errors = verify_archives(state, [first, second], None)
    assert errors == []  # nothing on this machine tells it
    (error,) = unlike_list(state, read_back, [row.archive for row in rows], everything=True)
    assert f"{OTHER} n'est pas l'archive de la liste" in str(error)
    second.unlink()
    (gone,) = unlike_list(state, read_back, [], everything=True)
    assert f"{OTHER}, qui est sur la liste" in str(gone)

    listed.write_text(listed.read_text().replace("GOFF", "LE BRAS"))
    with pytest.raises(ArchiveSpoilt, match="a été changée depuis qu'elle a été signée"):
        read_list(listed)
    for other in (b"[]", b"{}", b"\xff", b"PK", b"[" * 100_000):
        listed.write_bytes(other)
        with pytest.raises(Refusal, match="n'est pas une liste d'empreintes"):
            read_list(listed)


def test_a_day_without_archives_has_no_list(state: State) -> None:
    written(state)
    with pytest.raises(Refusal, match="Aucune archive de la salle « salle » n'est du 22/05/2026"):
        list_of_day(state, "salle", date(2026, 5, 22))


def test_an_encrypted_archive_is_listed_by_what_this_machine_noted(state: State) -> None:
    path = state.archives / f"{NAME}.age"
    path.write_bytes(b"age-encryption.org/v1")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    state.log({"what": "archive", "file": path.name, "sha256": digest, "signed_by": "1234"})
    made, errors = list_of_day(state, "salle", date(2026, 5, 21))
    assert errors == []
    assert [(line.station, line.sha256, line.signed_by) for line in made.archives] == [("poste-01", digest, "1234")]
    path.write_bytes(b"another")
    left, (error,) = list_of_day(state, "salle", date(2026, 5, 21))
    assert (left.archives, left.left_out) == ((), (path.name,))
    assert "n'est plus le fichier" in str(error)


@pytest.mark.parametrize(
    ("typed", "right"),
    [("{0}", True), ("{1}", True), ("{2}", True), ("0" * 64, False)],
)
def test_a_digest_that_is_typed_by_hand_is_compared(state: State, typed: str, right: bool) -> None:
    archive = verify(written(state))
    grouped = " ".join(archive.sha256[start : start + 8] for start in range(0, 64, 8)).upper()
    with (
        contextlib.nullcontext()
        if right
        else pytest.raises(ArchiveSpoilt, match="n'est pas l'archive de cette empreinte")
    ):
        refuse_other_digest(archive, typed.format(archive.sha256, grouped, grouped[:36]))
    with pytest.raises(Refusal, match="n'est pas une empreinte"):
        refuse_other_digest(archive, archive.sha256[:8])


def test_a_key_off_the_machine_is_written_once_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "centre.pem"
    key = new_key()
    public = write_key(path, key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_private_key(path).public == read_public_key(public) == read_public_key(path) == key.public
    with pytest.raises(Refusal, match="existe déjà"):
        write_key(path, new_key())
    path.write_text("age1xyz")
    for read_key in (read_private_key, read_public_key):
        with pytest.raises(Refusal, match="clé"):
            read_key(path)


def test_of_work_that_was_examined_before_its_end_only_every_command_says_the_same(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        resources, "paths", lambda: Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    )
    report: dict[str, Any] = {"taken_at": "2026-05-21T09:20:00+00:00"}
    early = "le travail n'a été examiné que le 21/05/2026 à 09:20:00, avant la fin du temps : à examiner de nouveau"
    path = state.archives / NAME
    for rehearsal in (False, True):
        bundle(
            path,
            room_key(state, "salle"),
            {"report/report.json": json.dumps(report).encode(), "report/report.html": b"x"},
            **{"clock": [CLOCK], "report": "report/report.html", "candidate": CANDIDATE, "golden": GOLDEN.image},
            rehearsal=rehearsal,
        )
        (row,), _ = verify_archives(state, [path], None)
        (listed,), _ = list_archives(state)
        assert row.remark == listed.remark == early
    assert commands.list_() == 0
    in_paris = early.replace("09:20:00", "11:20:00")
    assert f"{NAME} : {in_paris}" in capsys.readouterr().out.splitlines()
    known = Known(clock=(ClockEntry.model_validate(CLOCK),), report=report)  # type: ignore[arg-type]
    assert early in [f"{sentence[0].lower()}{sentence[1:]}" for sentence in events_in_french(known, UTC)]  # type: ignore[arg-type]
    assert sittings.examination_remark(read(known.clock), datetime(2026, 5, 21, 9, 20, tzinfo=UTC), UTC) == early


def test_a_reset_says_that_work_was_examined_before_its_end_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = room(tmp_path, monkeypatch)
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    steps: list[str] = []
    monkeypatch.setattr(type(centre.progress), "step", lambda _, text: steps.append(text))
    examined = {"reports": ["/r"], "examined_at": "2026-05-21T09:20:00+00:00"}
    centre.state.note(station.container, clock=[CLOCK], **examined)
    assert reset_module._unexamined(centre, ["poste-01"]) == ["poste-01"]
    assert steps[-1].startswith("poste-01 : le travail n'a été examiné que le 21/05/2026 à ")


def test_an_archive_that_its_station_examined_early_and_that_was_examined_for_itself_is_as_late_as_it_was_taken(
    state: State,
) -> None:
    values: dict[str, Any] = {"clock": [CLOCK], "candidate": CANDIDATE, "golden": GOLDEN.image}
    path = written(state, taken_at="2026-05-21T09:10:00+00:00", **values)
    examined = {"archive": path.name, "report": "/r"}
    entry = {**CANDIDATE, "subject": "wordpress-a", "place": 1, "archived": path.name, "examined": examined}
    (state.folder / "rosters").mkdir()
    (state.folder / "rosters/salle.json").write_text(json.dumps({"entries": [entry]}))
    (row,), _ = verify_archives(state, [path], None)
    assert row.remark.startswith("le travail n'a été examiné que le 21/05/2026 à 09:10:00")
    resigned(path, room_key(state, "salle"), taken_at="2026-05-21T09:40:00+00:00")
    noted_anew(state, path)
    (row,), _ = verify_archives(state, [path], None)
    assert row.remark == ""


def test_a_newer_copy_that_nobody_signed_comes_after_the_archive_of_the_room(centre: Centre) -> None:
    state = centre.state
    taken_at = "2026-05-21T09:40:00+00:00"
    written(state, clock=[CLOCK], taken_at=taken_at)
    copy = NAME.replace("094000", "094500")
    report = {
        "report/report.json": json.dumps({"taken_at": "2026-05-21T09:41:00+00:00"}).encode(),
        "report/report.html": b"x",
    }
    values: dict[str, Any] = {"candidate": CANDIDATE, "clock": [CLOCK], "golden": GOLDEN.image, "taken_at": taken_at}
    bundle(
        state.archives / copy,
        None,
        report,
        report="report/report.html",
        sealed_at="2026-05-21T09:50:00+02:00",
        **values,
    )
    for rows in (verify_archives(state, [], None)[0], list_archives(state)[0]):
        remarks = [row.remark for row in rows]
        assert [bool(remark) for remark in remarks] == [True, False]
    found, unread = last_archives(centre)
    assert ([entry.archived for entry in found.values()], unread) == ([NAME], [])
    path = state.archives / NAME
    repacked(path, {SIGNATURE: None, MANIFEST: changed_manifest(path, format=1, name=None)})
    assert last_archives(centre)[1] == [NAME]


def test_a_decrypted_copy_that_lost_its_signature_is_found(state: State, tmp_path: Path) -> None:
    key = room_key(state, "salle")
    state.log({"what": "archive", "file": f"{NAME}.age", "sha256": "a" * 64, "signed_by": key.public.fingerprint})
    path = bundle(tmp_path / NAME, key, golden=GOLDEN.image)
    assert said(state, path) == []
    bundle(path, golden=GOLDEN.image, name=NAME)
    (error,) = said(state, path)
    assert "n'est plus signée" in error


def test_a_folder_is_no_name_for_a_key(tmp_path: Path) -> None:
    for path in (Path(), Path("/"), tmp_path):
        with pytest.raises(Refusal, match="est un dossier"):
            write_key(path, new_key())
    with pytest.raises(Refusal):
        write_key(tmp_path / ("n" * 300), new_key())


def test_a_name_that_no_file_can_have_is_one_sentence(state: State) -> None:
    line = HashLine(station="poste-01", file="n" * 300, sha256="0" * 64)
    listed = HashList(room="salle", day="2026-05-21", made_at=datetime(2026, 5, 21, tzinfo=UTC), archives=(line,))
    (error,) = unlike_list(state, listed, [], everything=True)
    assert "n'est plus parmi les archives" in str(error)
    (too_long,) = verify_archives(state, [state.archives / ("n" * 300)], None)[1]
    assert isinstance(too_long, Refusal)


def commanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the commands work on the state folder of these tests."""
    monkeypatch.setattr(
        resources, "paths", lambda: Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    )


def keep_list(state: State, *entries: Mapping[str, Any]) -> None:
    state.keep_roster("salle", RosterRecord.model_validate({"entries": entries}))


def test_an_archive_that_was_deleted_is_an_error_until_its_day_is_purged(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(tmp_path, monkeypatch)
    written(state, OTHER)
    written(state).unlink()
    for _, errors in (verify_archives(state, [], None), list_archives(state)):
        (error,) = errors
        assert isinstance(error, EvidenceLost)
        assert f"L'archive {NAME} n'est plus parmi celles de cette machine" in str(error)
    with pytest.raises(EvidenceLost, match=NAME):
        commands.verify(None)
    with pytest.raises(EvidenceLost, match=NAME):
        commands.list_()
    assert verify_archives(state, [state.archives / OTHER], None)[1] == []  # the one that was asked for is there
    state.log({"what": "purge", "before": "2026-05-21", "archives": []})
    assert len(list_archives(state)[1]) == 1
    state.log({"what": "purge", "before": "2026-05-01", "archives": [{"file": NAME}], "done": False})
    assert list_archives(state)[1] == []
    state.log({"what": "archive", "file": NAME})  # written again since
    assert len(list_archives(state)[1]) == 1
    state.log({"what": "purge", "before": "2026-05-22", "archives": []})
    assert list_archives(state)[1] == []


def test_a_candidate_whose_archive_is_missing_is_named_though_the_journal_is_lost(state: State) -> None:
    keep_list(state, {**ENTRY, "archived": NAME})
    (error,) = verify_archives(state, [], None)[1]
    assert f"L'archive {NAME}, du candidat 12, n'est plus" in str(error)
    keep_list(state, {**ENTRY, "archived": "n" * 300})
    assert "n'est plus" in str(list_archives(state)[1][0])
    keep_list(state, {**ENTRY, "archived": f"{NAME}.age"})
    written(state)  # decrypted
    assert list_archives(state)[1] == []


def test_the_printed_list_has_a_line_for_whom_it_has_no_archive(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, spoilt = NAME.replace("abc123", "abc456"), NAME.replace("abc123", "abc789")
    written(state)
    written(state, spoilt).write_bytes(b"x")
    numbers = {"k": ("12", NAME), "l": ("13", lost), "m": ("14", ""), "n": ("15", spoilt)}
    entries = [
        {**ENTRY, "key": key, "number": number, "archived": archived} for key, (number, archived) in numbers.items()
    ]
    keep_list(state, *entries, {**ENTRY, "key": "o", "number": "16", "at": "2026-05-22T09:00:00+02:00"})
    made, errors = list_of_day(state, "salle", date(2026, 5, 21))
    assert [(line.number, line.remark, bool(line.sha256)) for line in made.archives] == [
        ("12", "", True),
        ("13", "archive manquante", False),
        ("14", "pas d'archive", False),
        ("15", "archive qui ne peut pas servir", False),
    ]
    assert (made.count, made.left_out) == (1, (spoilt,))
    assert any(isinstance(error, EvidenceLost) and lost in str(error) for error in errors)
    page = hash_list_page(ZoneInfo("Europe/Paris"), made, "x.json", "0" * 64)
    assert "archive manquante" in page
    assert "1 archive, relue à cet instant" in page
    assert "Sans signature" not in page
    archives = [row.archive for row in verify_archives(state, [state.archives / NAME], None)[0]]
    assert unlike_list(state, made, archives, everything=True) == []


def test_a_damaged_list_of_candidates_is_an_error_and_hides_no_archive(state: State) -> None:
    plain, sealed = written(state), state.archives / f"{OTHER}.age"
    sealed.write_bytes(b"age-encryption.org/v1")
    state.log({"what": "archive", "file": sealed.name, "sha256": hashlib.sha256(sealed.read_bytes()).hexdigest()})
    (state.folder / "rosters").mkdir()
    (state.folder / "rosters/salle.json").write_text("{broken")
    unreadable = "La liste des candidats de salle n'est plus lisible"
    rows, (of_list,) = verify_archives(state, [], None)[0], list_archives(state)[1]
    assert [row.archive.path for row in rows] == [plain]
    assert unreadable in str(of_list)
    made, (of_hashes,) = list_of_day(state, "salle", date(2026, 5, 21))
    assert [line.file for line in made.archives] == [plain.name, sealed.name]
    assert unreadable in str(of_hashes)


def test_the_printed_list_vouches_for_no_archive_of_another_key(state: State) -> None:
    key = new_key()
    bundle(state.archives / NAME, key, golden=GOLDEN.image)
    bundle(state.archives / OTHER, golden=GOLDEN.image)
    made, errors = list_of_day(state, "salle", date(2026, 5, 21))
    assert errors == []
    assert [line.remark for line in made.archives] == [
        "signée par une clé que cette machine ne connaît pas",
        "non signée",
    ]
    page = hash_list_page(ZoneInfo("Europe/Paris"), made, "x.json", "0" * 64)
    assert key.public.fingerprint not in page
    assert "signée par une clé que cette machine ne connaît pas" in page


def test_an_encrypted_file_that_nothing_answers_for_is_left_out_of_the_printed_list(state: State) -> None:
    written(state, OTHER)
    path = state.archives / f"{NAME}.age"
    path.write_bytes(b"age-encryption.org/v1")
    made, (error,) = list_of_day(state, "salle", date(2026, 5, 21))
    assert made.left_out == (path.name,)
    assert "journal.jsonl de cette machine n'en dit rien" in str(error)
    state.log({"what": "archive", "file": path.name})
    assert list_of_day(state, "salle", date(2026, 5, 21))[1] == []
    path.with_name(f"{path.name}.sha256").write_text(f"{'0' * 64}  {path.name}\n")
    made, (error,) = list_of_day(state, "salle", date(2026, 5, 21))
    assert made.left_out == (path.name,)
    assert "empreinte est à côté d'elle" in str(error)


def test_a_digest_beside_that_can_not_be_read_is_said_and_one_that_was_retyped_is_compared(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commanded(tmp_path, monkeypatch)
    path = written(state)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    beside = path.with_name(f"{path.name}.sha256")
    for text in (digest.upper(), f"{digest}\t{NAME}"):
        beside.write_text(text)
        assert commands.verify(None) == 0
        assert "n'est pas lisible" not in capsys.readouterr().out
    beside.write_text("F" * 64)
    assert len(said(state, path)) == 1
    beside.write_text("garbage")
    assert commands.verify(None) == 0
    assert "l'empreinte à côté d'elle (.sha256) n'est pas lisible" in capsys.readouterr().out


def test_the_list_of_digests_is_a_document_that_reads_back(state: State) -> None:
    written(state)
    made, _ = list_of_day(state, "salle", date(2026, 5, 21))
    assert HashList.model_validate_json(json.dumps(made.document())) == made
