"""The state folder keeps secrets to its owner, and lets one command at a time work on a station."""

import errno
import os
import re
import stat
from datetime import datetime
from pathlib import Path

import pytest

from provisioner.core.errors import Busy, ConfigurationError, EvidenceLost
from provisioner.core.model import Credentials
from provisioner.core.records import MISSING, UNREADABLE
from provisioner.host.disk import private_folder
from provisioner.host.paths import ROOT, Paths
from provisioner.station.state import State

CONTAINER = "c" * 64
ASIDE = {"at": "2026-05-21T09:50:00+02:00", "why": "reset"}


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(Paths(cache=tmp_path / "cache", state=tmp_path / "a" / "state", settings=tmp_path / "e5b.toml"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_enter_even_where_the_folder_was_open(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    State(Paths(tmp_path, folder, tmp_path))
    assert mode(folder) == 0o700


def test_a_folder_that_is_everybodys_is_refused_and_stays_open(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    with pytest.raises(ConfigurationError, match="E5B_STATE"):
        State(Paths(tmp_path, folder, tmp_path))
    assert mode(folder) == 0o1777


def test_a_folder_that_cannot_be_made_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvidenceLost, match=r"file/state n'est pas un dossier.*E5B_STATE"):
        State(Paths(tmp_path, tmp_path / "file" / "state", tmp_path))


def test_what_was_to_stay_private_goes_with_its_process_and_not_before(state: State) -> None:
    with private_folder(state.folder) as mine:
        (mine / "archive.zip").write_text("LE GOFF")
        left = mine.rename(state.folder / ".clair-4194305-abcd")  # no process has that number
        mine.mkdir()
        State(Paths(state.folder, state.folder, state.folder))
        assert mine.exists()
        assert not left.exists()
    assert not list(state.folder.glob(".clair-*"))


def test_credentials_come_back_from_a_file_that_only_the_owner_reads(state: State) -> None:
    state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {"station": "poste-01"})
    assert state.credentials(CONTAINER) == Credentials("candidat", "motdepasse")
    assert state.record(CONTAINER).document()["station"] == "poste-01"
    (kept,) = (state.folder / "stations").iterdir()
    assert mode(kept) == 0o600


def test_what_is_forgotten_is_gone_and_may_be_forgotten_twice(state: State) -> None:
    state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {})
    state.forget(CONTAINER)
    state.forget(CONTAINER)
    assert state.credentials(CONTAINER) is None
    assert state.record(CONTAINER) == MISSING
    assert list((state.folder / "stations").iterdir()) == []


@pytest.mark.parametrize("left", [b"", b'{"user": "cand', b"[]", b"{}", b"\xff", b'{"clock": [{"at": "hier"}]}'])
def test_a_record_that_can_not_be_read_says_so_and_is_never_written_over(state: State, left: bytes) -> None:
    state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {"clock": []})
    (kept,) = (state.folder / "stations").iterdir()
    kept.write_bytes(left)
    assert state.record(CONTAINER) == UNREADABLE
    assert state.credentials(CONTAINER) is None
    state.note(CONTAINER, aside=ASIDE)
    assert state.note(CONTAINER, sitting="x").document() == {"lost": True, "aside": ASIDE, "sitting": "x"}
    assert kept.with_name(f"{kept.name}.illisible").read_bytes() == left


def test_what_another_version_wrote_into_a_record_stays_there(state: State) -> None:
    state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {})
    (path,) = (state.folder / "stations").iterdir()
    path.write_text('{"user": "candidat", "password": "motdepasse", "later": {"x": 1}}')
    assert state.note(CONTAINER, sitting="x").document()["later"] == {"x": 1}
    assert state.note(CONTAINER, sitting=None).document()["later"] == {"x": 1}


def test_a_value_that_is_null_is_one_that_is_absent(state: State) -> None:
    state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {})
    (path,) = (state.folder / "stations").iterdir()
    path.write_text('{"user": "candidat", "password": "motdepasse", "clock": null, "aside": null}')
    assert (state.record(CONTAINER).clock, state.record(CONTAINER).lost) == ((), False)


def test_a_value_that_no_record_has_is_not_noted(state: State) -> None:
    state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {})
    with pytest.raises(TypeError, match="clok"):
        state.note(CONTAINER, clok=[])


def test_a_record_that_the_disk_refuses_is_not_none(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *rest: object, **named: object) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(EvidenceLost, match="ni lu ni écrit"):
        state.record(CONTAINER)


def test_what_is_noted_where_the_record_is_gone_says_that_it_was(state: State) -> None:
    assert state.note(CONTAINER, aside=ASIDE).document() == {"lost": True, "aside": ASIDE}
    assert state.note(CONTAINER, aside=None).document() == {"lost": True}


def test_a_record_is_on_the_disk_before_it_has_its_name_and_its_name_is_before_it_is_told(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    replace = Path.replace

    def fsync(descriptor: int) -> None:
        done.append(stat.filemode(os.fstat(descriptor).st_mode)[0])

    def named(part: Path, path: Path) -> Path:
        done.append("name")
        return replace(part, path)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", named)
    state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {})
    assert done == ["-", "name", "d"]


def test_a_station_that_is_held_says_by_which_command(state: State) -> None:
    with (
        state.holding("salle", "poste-01", "reset"),
        pytest.raises(Busy) as caught,
        state.holding("salle", "poste-01", "check"),
    ):
        raise AssertionError("held twice")
    message = str(caught.value)
    assert message.startswith("poste-01 est occupé par « e5b reset » depuis ")
    assert f"(processus {os.getpid()})" in message
    assert "Attendez" in message


@pytest.mark.parametrize(
    ("room", "name", "told"),
    [
        ("salle", "poste-01", "poste-01 est occupé"),
        ("salle", "salle", "La salle est occupée"),
        ("b204", "salle", "La salle « b204 » est occupée"),
        ("salle", "reserve-prestashop-2024", "La réserve de prestashop-2024 est occupée"),
        ("salle", "ancien-0123456789ab", "L'ancien poste d'un candidat est occupé"),
        ("salle", "copie-01", "La copie du poste 01, sur laquelle on examine, est occupée"),
        ("salle", "veille", "La salle est déjà veillée"),
        ("demo", "robot", "Le robot de la démonstration est occupé"),
        ("archives", "0123456789", "Cette archive est occupée"),
        ("archives", "poste-01", "poste-01 est occupé"),  # of a room that is named so
    ],
)
def test_whatever_is_held_is_told_in_plain_french(state: State, room: str, name: str, told: str) -> None:
    with state.holding(room, name, "up"), pytest.raises(Busy) as caught, state.holding(room, name, "up"):
        raise AssertionError("held twice")
    assert str(caught.value).startswith(f"{told} par « e5b up » depuis ")


def test_no_command_holds_a_thing_that_has_no_plain_name() -> None:
    """What is held is a station, by its name, or what the test above has."""
    said = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "provisioner").rglob("*.py"))
    held = set(re.findall(r'\.holding\(\s*[^,]+, f?"([a-z]+)', said))
    assert held == {"salle", "reserve", "ancien", "copie", "veille", "robot"}


@pytest.mark.parametrize("left", [None, b"", b"\xff"])
def test_a_holder_that_has_not_said_who_he_is_is_another_command(state: State, left: bytes | None) -> None:
    with state.holding("salle", "poste-01", "reset"):
        (holder,) = (state.folder / "locks").glob("*.holder")
        holder.unlink() if left is None else holder.write_bytes(left)
        with pytest.raises(Busy, match="occupé par une autre commande"), state.holding("salle", "poste-01", "check"):
            pass


def test_a_disk_without_room_for_the_holders_name_prevents_nothing(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *rest: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with state.holding("salle", "poste-01", "down"):
        pass
    monkeypatch.setattr(Path, "write_text", refuse)
    with state.holding("salle", "poste-01", "down"):
        pass
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(EvidenceLost, match="est plein : libérez de la place"):
        state.keep(CONTAINER, Credentials("candidat", "motdepasse"), {})


def test_a_station_is_free_again_after_its_command_even_a_failed_one(state: State) -> None:
    with pytest.raises(RuntimeError), state.holding("salle", "poste-01", "reset"):
        raise RuntimeError
    with state.holding("salle", "poste-01", "check"):
        pass
    assert not list((state.folder / "locks").glob("*.holder"))


def test_other_stations_and_other_rooms_are_free_meanwhile(state: State) -> None:
    with (
        state.holding("salle", "poste-01", "reset"),
        state.holding("salle", "poste-02", "reset"),
        state.holding("autre", "poste-01", "reset"),
    ):
        assert len(list((state.folder / "locks").glob("*.holder"))) == 3


def test_two_examinations_in_one_second_have_a_folder_each(state: State) -> None:
    moment = datetime(2026, 6, 1, 9, 30)
    first = state.report_folder("salle", "poste-01", moment)
    first.mkdir(parents=True)
    second = state.report_folder("salle", "poste-01", moment)
    assert (first.name, second.name) == ("20260601-093000", "20260601-093000-2")
