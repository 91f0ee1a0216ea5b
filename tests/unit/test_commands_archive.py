"""What a technician is told of archives: each station for itself, and an archive with the image that it stands on."""

import json
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioner.archive import archiving
from provisioner.archive.archives import Archive, Summary
from provisioner.archive.manifest import Manifest
from provisioner.cli import archive, resources
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost
from provisioner.core.model import Conformity, Golden
from provisioner.engine.protocol import ContainerSpec, ContainerState
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import reset, up
from tests.unit import samples
from tests.unit.mortal import room
from tests.unit.packed import laid, packed

IMAGE, BY_CONFIGURATION, _ = packed()
OTHER = packed("another")[0]
GOLDEN = Golden("wordpress-2024", BY_CONFIGURATION, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


def manifest(station: str, **values: Any) -> Manifest:
    return samples.manifest(station=station, golden=GOLDEN.image, **values)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Two stations, the first with a predecessor who was set aside and whom nobody can archive."""
    monkeypatch.setenv("E5B_STATE", str(tmp_path / "state"))
    centre = room(tmp_path, monkeypatch)
    first, _ = up(centre, 2, ["wordpress-a"], GOLDEN)
    began = [{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}]
    centre.state.note(first.container, clock=began, sitting="seance")
    reset(centre, "poste-01", GOLDEN)
    monkeypatch.setattr(resources, "centre", lambda room="", **_: centre)

    def sealed(centre: Centre, container: ContainerState) -> Archive:
        if container.id == first.container:
            raise EvidenceLost("L'ancien poste-01 ne peut pas être archivé.")
        path = centre.state.archives / "salle-poste-02.e5b.zip"
        path.write_text("x")
        return Archive(path, manifest(container.labels["e5b.station"]), "0" * 64)

    monkeypatch.setattr(archiving, "_archive_and_note", sealed)
    return centre


def test_a_predecessor_who_can_not_be_archived_keeps_no_station_back(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EvidenceLost, match="ancien poste-01") as told:
        archive.make(["poste-02"], as_json=True)
    assert told.value.done is not None
    assert [one["station"] for one in told.value.done["archives"]] == ["poste-02"]


@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize(("golden", "why"), [(IMAGE, ""), (IMAGE[:-1], "coupée ou abîmée"), (OTHER, "une autre image")])
def test_archives_are_read_with_the_image_that_they_stand_on(
    centre: Centre,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    golden: bytes,
    why: str,
    beside: bool,
) -> None:
    folder = centre.state.archives if beside else tmp_path
    path = folder / "salle-poste-01-20260521-094000.e5b.zip"
    path.write_text("x")
    kept = laid(centre.state.archives, GOLDEN.image, golden)
    monkeypatch.setattr(
        "provisioner.archive.verifying.verify", lambda path, *_: Archive(path, manifest("poste-01"), "0" * 64)
    )
    with pytest.raises(ArchiveSpoilt, match=why) if why else nullcontext() as told:
        assert archive.verify([path]) == 0
    assert ("image de référence ne peut pas servir" in capsys.readouterr().out) == bool(why)
    if told:
        assert kept.name in str(told.value)
        document = told.value.done
    else:
        archive.verify([path], as_json=True)
        document = json.loads(capsys.readouterr().out)
    assert document["archives"][0]["verified"]
    assert document["archives"][0]["golden_beside"] == (beside and not why)


@pytest.mark.parametrize("kept_here", [True, False])
def test_an_archive_without_its_image_beside_it_is_not_called_whole(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, kept_here: bool
) -> None:
    stick = tmp_path / "cle"
    stick.mkdir()
    path = stick / "salle-poste-01-abc123-20260521-094000.e5b.zip"
    path.write_text("x")
    if kept_here:
        laid(centre.state.archives, GOLDEN.image, IMAGE)
    monkeypatch.setattr(
        "provisioner.archive.verifying.verify", lambda path, *_: Archive(path, manifest("poste-01"), "0" * 64)
    )
    if kept_here:
        assert archive.verify([path]) == 0
        assert "copiez aussi le dossier « images »" in capsys.readouterr().out
        return
    with pytest.raises(EvidenceLost, match="rien ne la rouvre") as told:
        archive.verify([path])
    assert told.value.done is not None
    assert told.value.done["archives"][0]["golden_beside"] is False


@pytest.fixture
def kept(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., dict[str, str]]:
    """Have a candidate, whose time ended at 9:40, have these archives; gives what is said of each."""
    laid(centre.state.archives, GOLDEN.image, IMAGE)
    whose = {**samples.CANDIDATE, "number": "1"}
    began = [{"at": "2026-05-21T09:00:00+02:00", "what": "start", "minutes": 40}]

    def said(**archives: dict[str, Any]) -> dict[str, str]:
        manifests = {}
        for name, told in archives.items():
            path = centre.state.archives / f"{name}.e5b.zip"
            with zipfile.ZipFile(path, "w") as bundle:
                if examined_at := told.get("report"):
                    bundle.writestr(
                        "report/report.json", json.dumps({"taken_at": f"2026-05-21T{examined_at}:00+02:00"})
                    )
            at = f"2026-05-21T{told['at']}:00+02:00"
            values = {key: value for key, value in told.items() if key != "at"}
            manifests[path.name] = manifest(
                "poste-01", **{"candidate": whose, "clock": began, **values, "taken_at": at, "sealed_at": at}
            )
        monkeypatch.setattr(
            "provisioner.archive.verifying.verify", lambda path, *_: Archive(path, manifests[path.name], "0" * 64)
        )
        capsys.readouterr()
        assert archive.verify(None) == 0
        lines = capsys.readouterr().out.splitlines()
        return {name: next(line for line in lines if line.startswith(f"{name}.")) for name in archives}

    return said


def test_of_a_candidate_who_was_examined_no_earlier_archive_waits(kept: Callable[..., dict[str, str]]) -> None:
    told = kept(first={"at": "09:41"}, second={"at": "09:45", "report": "09:40"})
    assert "le travail n'a pas été examiné" not in "".join(told.values())
    told = kept(first={"at": "09:41"}, second={"at": "09:45"})
    assert ["le travail n'a pas été examiné" in line for line in told.values()] == [False, True]


@pytest.mark.parametrize(
    "earlier",
    [
        {"at": "09:46", "report": "09:40", "aside": "rewind"},
        {"at": "09:42", "report": "09:40"},  # he was given more time since, or taken back
        {"at": "09:30", "report": "09:29"},
    ],
)
def test_what_was_found_in_an_earlier_state_examines_nothing_of_the_last(
    kept: Callable[..., dict[str, str]], earlier: dict[str, Any]
) -> None:
    told = kept(earlier=earlier, last={"at": "09:45"})
    assert ["le travail n'a pas été examiné" in line for line in told.values()] == [False, True]


def test_a_report_of_before_the_end_is_not_of_all_that_a_candidate_did(kept: Callable[..., dict[str, str]]) -> None:
    early = kept(last={"at": "09:45", "report": "09:39"})["last"]
    assert (
        "le travail n'a été examiné que le 21/05/2026 à 09:39:00, avant la fin du temps : à examiner de nouveau"
        in early
    )
    assert "examiné" not in kept(last={"at": "09:45", "report": "09:40"})["last"]


def test_an_archive_says_that_it_is_not_of_the_last_state(
    kept: Callable[..., dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    told = kept(
        last={"at": "09:45"},
        reset={"at": "09:45", "aside": "reset"},
        early={"at": "09:39"},
        back={"at": "09:45", "aside": "rewind"},
        replaced={"at": "09:20", "aside": "replace"},
        undone={"at": "09:45", "aside": "undone"},
        practice={"at": "09:45", "clock": None},
    )
    assert "état" not in told["last"] + told["reset"] + told["practice"]
    assert "09:39, avant la fin : ce n'est pas le dernier état)" in told["early"]
    assert "09:45, état d'avant un retour)" in told["back"]
    assert "état d'avant un remplacement" in told["replaced"]
    assert "état d'un échange de postes" in told["undone"]
    assert archive.verify(None, as_json=True) == 0
    documents = {
        Path(one["archive"]).name.partition(".")[0]: one for one in json.loads(capsys.readouterr().out)["archives"]
    }
    assert {name for name, one in documents.items() if one["last"]} == {"last", "reset", "practice"}
    assert documents["back"]["aside"] == "rewind"


def test_what_an_archive_put_away_says_that_it_is_not_the_last_state(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def sealed(centre: Centre, container: ContainerState) -> Archive:
        return Archive(Path("x.zip"), manifest("poste-01", aside="rewind"), "0" * 64)

    monkeypatch.setattr(archiving, "_archive_and_note", sealed)
    monkeypatch.setattr(archive, "archive_document", lambda one: {})
    assert archive.make(None) == 0
    assert "poste-01 est archivé et relu : x.zip (état d'avant un retour)" in capsys.readouterr().out


def test_an_opened_archive_says_that_it_is_not_of_the_last_state(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = {"e5b.kind": "view-door", "e5b.view": "abc", "e5b.address": "http://x", "e5b.door": "127.0.0.1:9"}
    for name, more in (("abc", {"e5b.earlier": "état d'avant un retour"}), ("def", {})):
        centre.engine.start(centre.engine.create(ContainerSpec(name, "image", {**labels, "e5b.view": name, **more})))
    assert archive.open_(None) == 0
    shown = capsys.readouterr().out
    assert shown.count("Le candidat n'a pas laissé son site ainsi (état d'avant un retour).") == 1
    assert archive.open_(None, as_json=True) == 0
    assert {one["view"]: one["last"] for one in json.loads(capsys.readouterr().out)["views"]} == {
        "abc": False,
        "def": True,
    }


@pytest.mark.parametrize(("digest", "intact"), [("0" * 64, True), ("1" * 64, False), ("", True)])
def test_an_archive_is_held_against_what_this_machine_wrote_down(
    kept: Callable[..., dict[str, str]], centre: Centre, digest: str, intact: bool
) -> None:
    if digest:  # else it was brought from elsewhere
        centre.state.log({"what": "archive", "file": "last.e5b.zip", "sha256": digest})
    with (centre.state.folder / "journal.jsonl").open("a") as lines:
        lines.write('{"what": "arch\n[]\n')
    with nullcontext() if intact else pytest.raises(ArchiveSpoilt, match="n'est plus le fichier que cette machine"):
        assert "intacte" in kept(last={"at": "09:45"})["last"]


def test_archives_are_listed_without_being_read_whole_and_an_encrypted_one_tells_nobodys_name(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = centre.state.archives
    for name in ("salle-poste-01.e5b.zip", "salle-poste-02.e5b.zip.age", ".salle-poste-03.e5b.zip.draft"):
        (folder / name).write_bytes(b"x" * 1_500_000)
    (folder / "salle-poste-01.e5b.zip.sha256").write_text("x")
    of_candidate = manifest("poste-01", candidate={**samples.CANDIDATE, "number": "0241123"})
    monkeypatch.setattr("provisioner.archive.verifying.summary_of", lambda path: Summary(of_candidate, None, None))
    monkeypatch.setattr("provisioner.archive.verifying.verify", None)
    assert archive.list_(as_json=True) == 0
    first, second = json.loads(capsys.readouterr().out)["archives"]
    assert (first["candidate"], first["station"], first["encrypted"]) == ("0241123", "poste-01", False)
    assert (second["candidate"], second["station"], second["encrypted"]) == (None, None, True)
    assert archive.list_() == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].split() == ["salle-poste-01.e5b.zip", "0241123", "wordpress-a", "1.5", "Mo", "non", "signée"]
    assert shown[2].split() == ["salle-poste-02.e5b.zip.age", "–", "–", "1.5", "Mo", "chiffrée"]
    assert shown[3] == f"Elles sont dans {folder}"


def test_an_archive_that_can_not_be_read_keeps_no_other_from_the_list(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    (centre.state.archives / "a.e5b.zip").write_bytes(b"no zip")
    (centre.state.archives / "b.e5b.zip.age").write_bytes(b"x")
    with pytest.raises(ArchiveSpoilt, match=r"a\.e5b\.zip") as raised:
        archive.list_()
    assert [Path(listed["archive"]).name for listed in raised.value.done["archives"]] == ["b.e5b.zip.age"]
    assert "b.e5b.zip.age" in capsys.readouterr().out
