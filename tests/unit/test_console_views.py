"""Archives that the console opens to look at: whose, where, until when, and that they are closed again."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from provisioner.archive import viewing
from provisioner.archive.viewing import View, _door_labels
from provisioner.console import view_acts
from provisioner.console.acting import Acts
from provisioner.console.people import Role
from provisioner.console.view_acts import close_overdue, closing_overdue
from provisioner.core.errors import EngineError, ProvisionerError, StationNotReady
from provisioner.engine.protocol import ContainerSpec
from provisioner.station.acts import Outcome
from provisioner.station.centre import Centre
from tests.staged_room import ZONE
from tests.unit.exam_room import now_is
from tests.unit.fake_engine import FakeEngine
from tests.unit.test_console_keeping import FIRST, OTHER, SECOND, acts_of, app_of, archived, ask, centre, done, words

__all__ = ["centre"]

SIX = datetime(2026, 5, 21, 18, tzinfo=ZONE)
SITE = "http://localhost:8101"


def opened(centre: Centre, path: Path, until: datetime | None = None, address: str = SITE, **values: Any) -> View:
    """Have the engine run the door of an archive, as `open_archive` leaves it."""
    (line,) = [line for line in centre.state.logged() if line.get("file") == path.name]
    view = View(str(line["sha256"])[:10], address, "localhost:8101", until=until, **values)
    labels = {"e5b.view": view.name, "e5b.address": view.address, "e5b.owner": centre.state.id}
    engine = centre.engine
    engine.start(engine.create(ContainerSpec(f"porte {view.name}", "i", _door_labels(labels, view))))
    return view


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, datetime | None]]:
    """The archives that were opened, and until when: the engine has their doors."""
    calls: list[tuple[str, datetime | None]] = []

    def open_archive(centre: Centre, path: Path, identity: Path | None = None, until: datetime | None = None) -> View:
        calls.append((path.name, until))
        return opened(centre, path, until)

    monkeypatch.setattr(view_acts, "open_archive", open_archive)
    return calls


Runs = list[tuple[str, datetime | None]]


def test_an_archive_is_opened_for_an_hour_and_its_address_said(centre: Centre, runs: Runs) -> None:
    archived(centre)
    acts = acts_of(centre)
    app = app_of(centre, acts)
    act = done(acts, ask(app, "/conservation/toutes/ouverture", "POST", data={"key": "k", "file": FIRST}))
    assert runs == [(FIRST, SIX + timedelta(hours=1))]
    (line,) = act.lines
    assert (act.kind, line.station, line.candidate, line.outcome) == ("open", FIRST, "12", Outcome.DONE)
    assert "jusqu’à 19 h 00" in line.text.replace("\xa0", " ")
    text = words(ask(app, "/conservation"))
    assert "12 GOFF Anne jusqu’à 19 h 00" in text
    assert f"L’administration, sans mot de passe {SITE}/.e5b-examinateur" in text


def test_one_that_does_not_start_says_why(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> View:
        raise StationNotReady("Le site de l'archive ne démarre pas. L'archive est intacte : recommencez.")

    monkeypatch.setattr(view_acts, "open_archive", fail)
    archived(centre)
    acts = acts_of(centre)
    form = {"key": "k", "file": FIRST}
    (line,) = done(acts, ask(app_of(centre, acts), "/conservation/toutes/ouverture", "POST", data=form)).lines
    assert (line.outcome, "ne démarre pas" in line.text) == (Outcome.FAILED, True)


def test_an_examiner_opens_and_closes_the_archives_of_his_commission_alone(centre: Centre, runs: Runs) -> None:
    theirs = archived(centre)
    archived(centre, SECOND, candidate=OTHER)
    acts = acts_of(centre)
    app = app_of(centre, acts, Role.EXAMINER)
    with pytest.raises(ProvisionerError, match="pas parmi celles"):
        ask(app, "/conservation/3/ouverture", "POST", data={"key": "k", "file": FIRST})
    for commission in ("1", "toutes"):
        answer = ask(app, f"/conservation/{commission}/ouverture", "POST", data={"key": "k", "file": FIRST})
        assert answer.status_code == 403
    done(acts, ask(app, "/conservation/3/ouverture", "POST", data={"key": "k", "file": SECOND}))
    assert [file for file, _ in runs] == [SECOND]
    (shown,) = [view.name for view in viewing.opened(centre)]
    hidden = opened(centre, theirs, address="http://localhost:8102")
    text = ask(app, "/conservation").text
    assert "KERVELLA Inès" in text
    assert hidden.address not in text
    for name in (hidden.name, "", "x"):
        with pytest.raises(ProvisionerError, match="n’est plus ouverte"):
            ask(app, "/conservation/3/fermeture", "POST", data={"key": "k", "view": name})
    act = done(acts, ask(app, "/conservation/3/fermeture", "POST", data={"key": "k", "view": shown}))
    assert [line.outcome for line in act.lines] == [Outcome.DONE]
    assert [view.name for view in viewing.opened(centre)] == [hidden.name]


def test_a_reader_opens_none_and_sees_none(centre: Centre, runs: Runs) -> None:
    opened(centre, archived(centre))
    app = app_of(centre, role=Role.READER)
    assert ask(app, "/conservation/toutes/ouverture", "POST", data={"key": "k", "file": FIRST}).status_code == 403
    text = ask(app, "/conservation").text
    assert "ouverture" not in text
    assert SITE not in text
    assert runs == []


def test_who_looks_is_told_that_it_is_not_what_was_left(centre: Centre) -> None:
    opened(centre, archived(centre), earlier="état d'avant un retour", signature="unsigned")
    text = words(ask(app_of(centre), "/conservation"))
    assert "Le candidat n’a pas laissé son site ainsi (état d’avant un retour)" in text
    assert "Non signée" in text


def test_an_address_that_serves_a_station_is_told_as_a_line_to_copy(centre: Centre) -> None:
    path = archived(centre)
    opened(centre, path, address="http://localhost:8109")
    assert "--host-resolver-rules=" in words(ask(app_of(centre), "/conservation"))


def test_what_was_opened_for_a_time_is_closed_after_it_and_nothing_else(centre: Centre) -> None:
    opened(centre, archived(centre), SIX + timedelta(hours=1))
    by_command = opened(centre, archived(centre, SECOND, candidate=OTHER))
    acts, looked = acts_of(centre), list[Centre]()
    look = closing_overdue(acts, looked.append)
    look(centre)
    assert acts.recent() == ()
    now_is("2026-05-21T19:00")
    for _ in range(2):  # the next minute doesn't begin it once more
        look(centre)
    acts.work()
    (act,) = acts.recent()
    assert (act.kind, act.who) == ("close", "la console")
    assert viewing.opened(centre) == [by_command]
    assert looked == [centre] * 3


def test_what_can_not_be_closed_does_not_keep_the_room_from_being_looked_at(centre: Centre) -> None:
    class Silent(FakeEngine):
        def containers(self, *_: object, **__: object) -> Any:
            raise EngineError("Le moteur se tait.")

    silent = Centre(Silent(), centre.settings, centre.state, centre.room)
    close_overdue(acts_of(centre), silent)
    archived(centre)
    text = words(ask(app_of(silent), "/conservation"))
    assert "GOFF" in text
    assert "Le moteur se tait." in text


def test_a_technician_closes_all_with_what_an_interrupted_opening_left(centre: Centre) -> None:
    opened(centre, archived(centre))
    acts: Acts = acts_of(centre)
    act = done(acts, ask(app_of(centre, acts), "/conservation/toutes/fermeture", "POST", data={"key": "k"}))
    assert act.text == "1 archive refermée."
    assert viewing.opened(centre) == []


def test_an_encrypted_archive_is_opened_by_its_command(centre: Centre, runs: Runs) -> None:
    (centre.state.archives / f"{FIRST}.age").write_bytes(b"age")
    app = app_of(centre)
    assert "ouverture" not in ask(app, "/conservation").text
    with pytest.raises(ProvisionerError, match="chiffrée"):
        ask(app, "/conservation/toutes/ouverture", "POST", data={"key": "k", "file": f"{FIRST}.age"})
    assert runs == []
