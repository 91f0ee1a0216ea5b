"""What who owns the disk may do to archives is found, nothing goes whose archive isn't right, and none tells a password."""

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from provisioner.archive.archives import LAYER, MANIFEST, TRIES, Archive
from provisioner.archive.archiving import archive, down, put_away, set_aside
from provisioner.archive.signatures import SIGNATURE
from provisioner.archive.verifying import Trust, verify_archives
from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.exam.working_time import start, stop
from provisioner.station.centre import Centre, container_of
from provisioner.station.lifecycle import reset
from tests.unit.samples import CANDIDATE, repacked


def errors_of(centre: Centre, *paths: Path) -> list[str]:
    return [str(error) for error in verify_archives(centre.state, paths, None)[1]]


def with_new_digests(centre: Centre, path: Path) -> None:
    """Write the digest beside an archive, and this machine's own notes of it, anew: as who owns the disk would."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")
    centre.state.reword(lambda line: {**line, "sha256": digest} if line.get("file") == path.name else line)


def manifest_in(path: Path) -> dict[str, object]:
    with zipfile.ZipFile(path) as bundle:
        document: dict[str, object] = json.loads(bundle.read(MANIFEST))
        return document


def layer_in(sealed: Archive) -> bytes:
    with zipfile.ZipFile(sealed.path) as bundle, bundle.open(LAYER) as packed:
        return zstandard.ZstdDecompressor().stream_reader(packed).read()


def test_a_layer_has_all_that_a_station_needs_and_nobodys_password(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    credentials = centre.state.credentials(trial_station.container)
    assert credentials is not None
    given = engine.get(trial_station.container, "/var/lib/e5b/station.json")
    assert given is not None
    assert credentials.password.encode() in given  # what is looked for below can be found
    start(centre, trial_station.name)
    sealed = archive(centre, trial_station.name)
    layer = layer_in(sealed)
    assert credentials.password.encode() not in layer
    with zipfile.ZipFile(sealed.path) as bundle:
        assert not [name for name in bundle.namelist() if credentials.password.encode() in bundle.read(name)]
    with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
        (kept,) = [entry for entry in tar if entry.name.strip("/") == "var/lib/e5b/station.json"]
        file = tar.extractfile(kept)
        assert file is not None
        assert json.loads(file.read()).keys() == json.loads(given).keys() - {"candidate"}
        assert (kept.mode, kept.uid) == (0o640, 0)
    assert sealed.manifest.stripped == ("/var/lib/e5b/station.json",)
    assert engine.get(trial_station.container, "/var/lib/e5b/station.json") == given  # the station itself goes on


def test_whatever_is_changed_in_archives_is_found_though_all_digests_were_made_anew(
    centre: Centre, trial_station: Station
) -> None:
    first, second = archive(centre, trial_station.name), archive(centre, trial_station.name)
    (row, _), errors = verify_archives(centre.state, [first.path, second.path], None)
    assert (row.trust, errors) == (Trust.KNOWN, [])
    whole = first.path.read_bytes()

    told = manifest_in(first.path)
    tries = b'{"tries": []}'
    files = told["files"]
    assert isinstance(files, list)
    changed = [
        {**one, "bytes": len(tries), "sha256": hashlib.sha256(tries).hexdigest()} if one["name"] == TRIES else one
        for one in files
    ]
    repacked(first.path, {TRIES: tries, MANIFEST: json.dumps({**told, "files": changed}).encode()})
    with_new_digests(centre, first.path)
    assert "signature n'est pas celle de son contenu" in errors_of(centre, first.path)[0]

    first.path.write_bytes(whole)
    repacked(first.path, {MANIFEST: json.dumps({**told, "candidate": CANDIDATE}).encode()})
    with_new_digests(centre, first.path)
    assert "signature n'est pas celle de son contenu" in errors_of(centre, first.path)[0]

    first.path.write_bytes(whole)
    repacked(first.path, {SIGNATURE: None, MANIFEST: json.dumps({**told, "format": 1, "name": None}).encode()})
    with_new_digests(centre, first.path)
    assert "n'est plus signée" in errors_of(centre, first.path)[0]

    first.path.write_bytes(second.path.read_bytes())
    second.path.write_bytes(whole)
    for path in (first.path, second.path):
        with_new_digests(centre, path)
    swapped = errors_of(centre, first.path, second.path)
    assert ["deux archives ont été échangées" in error for error in swapped] == [True, True]


def test_a_station_stays_where_its_archive_is_no_longer_the_one_that_was_written(
    centre: Centre, engine: Engine, trial: Golden, trial_station: Station
) -> None:
    start(centre, trial_station.name)
    stop(centre, trial_station.name, "il a fini")
    sealed = archive(centre, trial_station.name)
    repacked(sealed.path, {MANIFEST: json.dumps({**manifest_in(sealed.path), "candidate": CANDIDATE}).encode()})
    with_new_digests(centre, sealed.path)
    digest = sealed.path.with_name(f"{sealed.path.name}.sha256").read_text().split()[0]
    record = centre.state.record(trial_station.container).archived
    assert record is not None
    centre.state.note(trial_station.container, archived=record.model_copy(update={"sha256": digest}))
    with pytest.raises(EvidenceLost, match="poste-01 n'est pas retiré, le travail du candidat y est encore"):
        down(centre)
    assert engine.container(trial_station.container).state == "running"

    again = archive(centre, trial_station.name)
    again.path.unlink()
    reset(centre, trial_station.name, trial)
    with pytest.raises(EvidenceLost, match="n'est plus là"):
        put_away(centre)
    assert [container.id for container in set_aside(centre)] == [trial_station.container]
    assert engine.container(trial_station.container).state == "exited"
    (last,) = put_away(centre)  # it is archived once more, since it is all still there
    assert errors_of(centre, last.path) == []
    assert set_aside(centre) == []
    assert container_of(centre, reset(centre, "poste-01", trial)[0]).state == "running"
    down(centre)
