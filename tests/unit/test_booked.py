"""What a command does to stations stands in the book of acts, as what the screen does."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.cli import archive as archives
from provisioner.cli import booked, day, machine, network, resources, room
from provisioner.cli.commands import HEADINGS
from provisioner.core.errors import EngineError, EvidenceLost, Refusal
from provisioner.core.model import Conformity, Golden
from provisioner.exam import autosnapshot, seating, times
from provisioner.exam.list_update import save_roster
from provisioner.exam.reset import Renewed, Reset, ResetInterrupted
from provisioner.host.editions import stack_named
from provisioner.leakcheck.room_proof import RoomProof, Row
from provisioner.station.act_book import Book
from provisioner.station.acts import ACT_NAMES, COMMAND_LINE, Act, Outcome
from provisioner.station.centre import Centre, station_named
from tests.unit.exam_room import ROSTER, begin, exam_room, now_is

#: The commands that act on stations, and the kind by which the book has each.
ACTS = {
    "up": "up",
    "start": "start",
    "stop": "stop",
    "reset": "reset",
    "check": "examine",
    "archive make": "archive",
    "network free": "free",
    "network prove": "prove",
} | {name: name for name in ("rewind", "replace", "spare", "down", "build", "sheets")}
#: All others of the help, and why they are in no book.
NO_ACT = {
    "demo": "a room of its own", "doctor": "the machine", "artifacts": "the store",
    "forms": "paper", "status": "looks", "day": "looks", "credentials": "looks", "guard": "takes snapshots by itself",
    "functions": "looks", "subject": "subjects", "prove": "rooms of its own", "context": "texts", "network": "the network, but for two",
    "console": "the screen, which has the book", "archive": "by its own commands",
}  # fmt: skip


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """The room at nine: two stations, of which a candidate works at the second."""
    centre = exam_room(tmp_path, monkeypatch)
    save_roster(centre, ROSTER, "liste.csv")
    seating.assign_stations(centre)
    now_is("2026-05-21T09:00")
    begin(centre, station_named(centre, "poste-02"), "2026-05-21T08:55")
    monkeypatch.setattr(resources, "centre", lambda *_, **__: centre)
    monkeypatch.setattr(resources, "centre_for_new_stations", lambda _: centre)
    monkeypatch.setattr(autosnapshot, "ensure_running", lambda _: None)
    monkeypatch.setattr(times, "ensure_running", lambda _: None)
    monkeypatch.setenv("SUDO_USER", "riou")
    return centre


def last(centre: Centre) -> Act:
    return Book.of(centre.state).acts()[0]


def said(act: Act) -> dict[str, tuple[str, str]]:
    return {line.station: (str(line.outcome), line.text) for line in act.lines}


def test_every_command_of_the_help_is_in_the_book_or_acts_on_no_station() -> None:
    named = {name for names in HEADINGS.values() for name in names} | {"archive make", "network free", "network prove"}
    assert named | NO_ACT.keys() == ACTS.keys() | NO_ACT.keys()
    assert not ACTS.keys() & NO_ACT.keys()
    assert set(ACTS.values()) <= ACT_NAMES.keys()


@pytest.mark.parametrize(
    ("kind", "use_case", "command"),
    [
        ("up", "provisioner.exam.open_room.open_for_list", lambda: day.up_for(Path("liste.csv"), "", False)),
        ("spare", "provisioner.exam.open_room.prepare_spares", lambda: day.spare()),
        ("down", "provisioner.exam.open_room.close_room", lambda: room.down("exercice")),
        ("start", "provisioner.exam.times.start_stations", lambda: day.start(["poste-01"], why="x")),
        ("extra", "provisioner.exam.times.start_stations", lambda: day.start(["poste-01"], extra=13, why="x")),
        ("stop", "provisioner.exam.times.stop_stations", lambda: day.stop(["poste-01"], why="x")),
        ("reset", "provisioner.exam.reset.reset_stations", lambda: room.reset(["poste-01"], discard="x")),
        ("next", "provisioner.exam.reset.reset_stations", lambda: room.reset(["poste-01"], skip=True)),
        ("examine", "provisioner.examination.examine.examine_stations", lambda: room.check(["poste-01"])),
        ("archive", "provisioner.archive.archiving.archive_each", lambda: archives.make(["poste-01"])),
        ("rewind", "provisioner.station.snapshots.rewind", lambda: day.rewind("poste-01", to="9:42", why="x")),
        ("free", "provisioner.station.machines.free", lambda: network.free("poste-01", why="x")),
        ("replace", "provisioner.station.snapshots.replace", lambda: day.replace("poste-01", why="x")),
        ("build", "provisioner.build.todays_image.build_each", lambda: machine.build(["wordpress-2024"])),
        ("sheets", "provisioner.papers.sheets.write_sheets_of_list", lambda: day.sheets()),
        ("prove", "provisioner.leakcheck.last_proof.prove_network", lambda: network.prove()),
    ],
)
def test_a_command_is_in_the_book_before_it_does_anything(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, kind: str, use_case: str, command: Callable[[], int]
) -> None:
    meanwhile: list[Act] = []

    def refused(*_: Any, **__: Any) -> Any:
        meanwhile.append(last(centre))
        raise EngineError("Le moteur ne répond pas.")

    monkeypatch.setattr("provisioner.exam.autosnapshot.ensure_running", lambda _: None)
    monkeypatch.setattr(use_case, refused)
    with pytest.raises(EngineError):
        command()
    (begun,), ended = meanwhile, last(centre)
    assert (begun.id, begun.kind, begun.by, begun.who, begun.room) == (ended.id, kind, COMMAND_LINE, "riou", "salle")
    assert begun.is_open
    assert not ended.is_open
    names = ["poste-01"] if kind not in ("up", "spare", "down", "build", "sheets", "prove") else []
    assert said(begun) == dict.fromkeys(names, ("running", ""))
    assert said(ended) == dict.fromkeys(names, ("failed", "Le moteur ne répond pas."))
    assert ended.text == "Le moteur ne répond pas."
    assert [line.candidate for line in ended.lines] == ["1"] * len(names)


def test_what_is_of_no_station_says_what_came_of_it(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = EngineError("Le PDF de 2 n'est pas écrit.")
    monkeypatch.setattr(
        "provisioner.papers.sheets.write_sheets_of_list", lambda _: ([Path("/s/1.pdf"), Path("/s/s.pdf")], [lost])
    )
    with pytest.raises(EngineError):
        day.sheets()
    assert last(centre).text == "2 documents à imprimer\nLe PDF de 2 n'est pas écrit."

    edition = stack_named("wordpress-2024")
    golden = Golden(edition.id, "sha256:a", centre.state.present(), Conformity(), {})
    monkeypatch.setattr("provisioner.build.todays_image.build_each", lambda *_, **__: ([(edition, golden)], []))
    assert machine.build([edition.id]) == 0
    assert last(centre).text == f"{edition.title} : construite, versions conformes"
    assert dict(last(centre).values) == {"of": edition.title}

    rows = [Row("http", "HTTP", {"candidat": "reached"}, {"candidat": "reached"}), Row("ntp", "NTP", {}, {})]
    monkeypatch.setattr(
        "provisioner.leakcheck.last_proof.prove_network", lambda _: RoomProof(rows, 1.0, "rien n'est posé")
    )
    assert network.prove() == 1
    assert last(centre).text == "Voie ouverte : HTTP.\n1 voie n’a pas pu être vérifiée : recommencez.\nrien n'est posé"


def test_a_start_of_all_says_of_each_station_what_was_done_and_why_not(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(of: Centre, name: str, extra: int, why: str) -> Any:
        if name == "poste-02":
            raise Refusal(f"Le candidat de {name} a commencé à 8 h 55.")
        running = SimpleNamespace(started=of.state.present(), end=of.state.present(), extra=0)
        return station_named(of, name), running

    monkeypatch.setattr(times, "start", start)
    with pytest.raises(Refusal):
        day.start(everything=True)
    assert said(last(centre)) == {
        "poste-01": ("done", "de 09:00 à 09:00"),
        "poste-02": ("not_done", "Le candidat de poste-02 a commencé à 8 h 55."),
    }


def test_what_all_leaves_out_has_its_reason(centre: Centre) -> None:
    with booked.act(centre, "stop", ["poste-01", "poste-02"], why="fin") as act:
        timed = times.stop_stations(act.centre, ["poste-01"], everything=True)
        act.failed(timed.errors)
    assert said(last(centre)) == {
        "poste-01": ("not_done", "personne n'y a commencé"),
        "poste-02": ("not_done", "laissé tel quel"),
    }
    assert dict(last(centre).values) == {"why": "fin"}


@pytest.mark.parametrize("text", ["poste-02 ne peut pas être refait.", "Le moteur n'a pas pu."])
def test_a_reset_says_for_whom_each_station_is_new_and_why_another_is_not(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Also where the error names no station."""
    station = station_named(centre, "poste-01")
    candidate = centre.state.record(station.container).candidate

    def reset(of: Centre, names: Sequence[str], **_: Any) -> Reset:
        error = EngineError(text)
        return Reset((Renewed(station, 2.0, True, False, candidate),), (), (), (error,), {"poste-02": error})

    monkeypatch.setattr("provisioner.exam.reset.reset_stations", reset)
    with pytest.raises(EngineError):
        room.reset(everything=True)
    assert said(last(centre)) == {
        "poste-01": ("done", "neuf, pour 1"),
        "poste-02": ("failed", text),
    }


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ResetInterrupted])
def test_a_command_that_is_interrupted_says_where_somebody_has_to_look(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        error = kind("Interrompu.")
        if isinstance(error, ResetInterrupted):
            error.renewed = (station_named(centre, "poste-01"),)
        raise error

    monkeypatch.setattr("provisioner.exam.reset.reset_stations", interrupted)
    with pytest.raises(kind):
        room.reset(everything=True)
    outcomes = {line.station: line.outcome for line in last(centre).lines}
    assert outcomes["poste-02"] is Outcome.UNKNOWN
    assert outcomes["poste-01"] is (Outcome.DONE if kind is ResetInterrupted else Outcome.UNKNOWN)
    assert last(centre).text == "la commande a été interrompue"


def test_of_an_archive_that_was_put_away_the_station_in_its_place_is_not_said_to_be_archived(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_away(station: str, aside: str | None) -> Any:
        return SimpleNamespace(manifest=SimpleNamespace(station=station, aside=aside, why_not_last=""), path=Path("x"))

    monkeypatch.setattr(archives, "archive_document", lambda _: {})
    monkeypatch.setattr(
        "provisioner.archive.archiving.archive_each",
        lambda *_: ([put_away("poste-02", None), put_away("poste-01", "reset")], [EngineError("poste-01 est plein.")]),
    )
    with pytest.raises(EngineError):
        archives.make(["poste-01", "poste-02"])
    assert said(last(centre)) == {
        "poste-01": ("failed", "poste-01 est plein."),
        "poste-02": ("done", "archivé et relu"),
    }
    assert last(centre).text == "1 ancien poste"


def test_a_book_that_cannot_be_written_keeps_no_command_back(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise EvidenceLost("Le disque est plein.")

    monkeypatch.setattr(Book, "begin", full)
    steps: list[str] = []
    monkeypatch.setattr(type(centre.progress), "step", lambda _, text: steps.append(text))
    with booked.act(centre, "stop", ["poste-01"]) as act:
        act.done(["poste-01"])
    assert steps == ["Cet acte n'est pas écrit dans le livre des actes : Le disque est plein."]
    assert Book.of(centre.state).acts() == ()


def test_examining_archives_touches_no_station(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "provisioner.examination.examine_archive.examine_archives",
        lambda *_: SimpleNamespace(documents=(), errors=(), verdicts=[]),
    )
    room.check(archives=[Path("x.zip")])
    assert Book.of(centre.state).acts() == ()
