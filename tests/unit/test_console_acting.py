"""An act is done once, on each station that it can be done on, and the book says of every station what became of it."""

import logging
import random
import threading
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from provisioner.console.acting import Acts
from provisioner.core.errors import EvidenceLost, Refusal, UnknownName
from provisioner.station import act_book
from provisioner.station.act_book import Book
from provisioner.station.acts import COMMAND_LINE, SCREEN, Act, ActLine, Outcome
from tests.unit.console_acts import NAMES, PERSON, World
from tests.unit.mortal import Killed

SEQUENCES = 1000


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def acts(world: World) -> Acts:
    return world.begun()


def outcomes(act: Act) -> dict[str, str]:
    return {line.station: str(line.outcome) for line in act.lines}


def test_a_mixed_selection_does_what_it_can_and_says_why_not_of_the_others(world: World, acts: Acts) -> None:
    world.reasons = {"poste-02": "travaille déjà, jusqu'à 9 h 40"}
    act = acts.begin(PERSON, "start", ["poste-01", "poste-02", "poste-99"], {}, "k")
    assert outcomes(act) == {"poste-01": "waiting", "poste-02": "not_done", "poste-99": "not_done"}
    acts.work()
    act = acts.act(act.id)
    assert outcomes(act)["poste-01"] == "done"
    assert [line.text for line in act.lines] == [
        "fait à 9 h 00",
        "travaille déjà, jusqu’à 9 h 40",
        "ce poste n’est pas dans la salle",
    ]
    assert (act.who, act.by, act.is_open) == ("Mme Riou", SCREEN, False)
    assert set(world.done) == {(act.id, "poste-01")}


def test_a_plan_says_of_each_station_what_will_be_done_and_changes_nothing(world: World, acts: Acts) -> None:
    world.reasons = {"poste-02": "travaille déjà"}
    plan = acts.plan("start", NAMES[:3], {})
    assert plan.sentence == "2 postes seront démarrés ; 1 autre reste comme avant."
    assert [(line.station, line.why_not) for line in plan.left_out] == [("poste-02", "travaille déjà")]
    assert plan.lines[0].whom == "01 NOM01 Anne"
    assert acts.plan("start", ["poste-01"], {}).sentence == "1 poste sera démarré."
    assert acts.plan("start", ["poste-02"], {}).sentence.startswith("Rien ne sera fait")
    assert not world.done
    assert acts.recent() == ()


def test_what_can_cost_work_asks_for_the_name_or_of_several_their_number(world: World, acts: Acts) -> None:
    one, several = acts.plan("reset", ["poste-03"], {}), acts.plan("reset", NAMES[:3], {})
    assert one.asked == "le nom du candidat"
    assert one.agrees(" nom03 ")
    assert not one.agrees("")
    assert not one.agrees("NOM02")
    assert several.asked == "le nombre de postes"
    assert several.agrees("3")
    assert not several.agrees("NOM01")
    world.reasons = {"poste-01": "travaille jusqu'à 9 h 40"}
    assert acts.plan("reset", NAMES[:3], {}).agrees("2")
    assert acts.plan("start", NAMES, {}).agrees("")


def test_what_could_be_done_only_after_it_was_agreed_is_left_as_it_is(world: World, acts: Acts) -> None:
    act = acts.begin(PERSON, "reset", NAMES[:2], {}, "k", agreed={"poste-01": "01"})
    acts.work()
    assert outcomes(acts.act(act.id)) == {"poste-01": "done", "poste-02": "not_done"}


def test_what_was_agreed_for_one_candidate_is_not_done_to_another(world: World, acts: Acts) -> None:
    """Before it begins, while it waits, and while stations before it are acted on."""
    agreed = {"poste-01": "01", "poste-02": "02", "poste-03": "03", "poste-04": "04"}
    world.instead["poste-01"] = "poste-05"
    act = acts.begin(PERSON, "start", NAMES[:4], {}, "k", agreed)
    world.instead["poste-02"] = "poste-06"
    real = world.act_on

    def passed(doing: Any, name: str) -> str:
        world.instead["poste-04"] = "poste-07"
        return real(doing, name)

    world.act_on = passed  # type: ignore[method-assign]
    acts.work()
    told = acts.act(act.id)
    assert [str(line.outcome) for line in told.lines] == ["not_done", "not_done", "done", "not_done"]
    others = [line.text for line in told.lines if line.outcome is Outcome.NOT_DONE]
    assert all(text.startswith("ce n’est plus le même candidat") for text in others)
    assert set(world.done) == {(act.id, "poste-03")}


def test_what_can_no_longer_be_done_when_its_turn_comes_is_left_out(world: World, acts: Acts) -> None:
    act = acts.begin(PERSON, "start", NAMES[:2], {}, "k")
    world.reasons = {"poste-01": "vient d'être démarré"}
    acts.work()
    assert outcomes(acts.act(act.id)) == {"poste-01": "not_done", "poste-02": "done"}
    assert acts.act(act.id).lines[0].text == "vient d’être démarré"


def test_a_key_that_was_seen_means_the_same_act_also_after_a_restart(world: World, acts: Acts) -> None:
    act = acts.begin(PERSON, "start", ["poste-01"], {}, "k")
    assert acts.begin(PERSON, "start", ["poste-01"], {}, "k").id == act.id
    acts.work()
    assert world.begun().begin(PERSON, "reset", ["poste-05"], {}, "k").id == act.id
    assert sum(world.done.values()) == 1
    assert acts.begin(PERSON, "start", ["poste-01"], {}, "k2").id != act.id


@pytest.mark.parametrize(
    ("kind", "stations", "key", "said"),
    [
        ("start", [], "k", "Choisissez"),
        ("start", ["poste-01"], " ", "recommencez"),
        ("fly", ["poste-01"], "k", "existe"),
    ],
)
def test_what_says_nothing_is_refused_and_not_in_the_book(
    acts: Acts, kind: str, stations: list[str], key: str, said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        acts.begin(PERSON, kind, stations, {}, key)
    assert acts.recent() == ()
    with pytest.raises(UnknownName):
        acts.act("nowhere")


@pytest.mark.parametrize(
    ("fate", "outcome", "said"),
    [
        ("refused", "not_done", "Le temps de ce poste court : lancez « Arrêter »."),
        ("half", "failed", "La porte ne suit pas."),
        ("failed", "failed", "Le moteur n’a pas répondu."),
        ("unforeseen", "failed", "erreur imprévue (ValueError)"),
    ],
)
def test_an_error_of_one_station_keeps_no_other_back_and_the_next_act_follows(
    world: World, acts: Acts, fate: str, outcome: str, said: str
) -> None:
    fates = iter([fate, "done", "done"])
    world.fate = lambda: next(fates)
    first = acts.begin(PERSON, "start", NAMES[:2], {}, "1")
    second = acts.begin(PERSON, "start", ["poste-03"], {}, "2")
    acts.work()
    assert outcomes(acts.act(first.id)) == {"poste-01": outcome, "poste-02": "done"}
    assert acts.act(first.id).lines[0].text.replace("\xa0", " ").startswith(said)
    assert outcomes(acts.act(second.id)) == {"poste-03": "done"}


def test_an_act_that_was_killed_is_said_at_the_next_start_and_never_repeated(world: World, acts: Acts) -> None:
    act = acts.begin(PERSON, "start", NAMES[:3], {}, "k")
    world.dies = 6  # begins, done twice, ends; begins; done
    with pytest.raises(Killed):
        acts.work()
    again = world.begun()
    assert [cut.id for cut in again.cut_short] == [act.id]
    again.work()
    told = again.act(act.id)
    assert outcomes(told) == {"poste-01": "done", "poste-02": "unknown", "poste-03": "not_done"}
    assert "regardez ce poste" in told.lines[1].text
    assert told.cut_short
    assert max(world.done.values()) == 1
    assert world.begun().cut_short == ()  # said once


def test_an_act_that_another_process_has_under_way_is_not_said_to_be_cut_short(world: World, acts: Acts) -> None:
    command = Book(world.folder, world.now, "command", lambda name: True)
    line = ActLine("poste-04", "04")
    act = command.begin("alice", COMMAND_LINE, "archive", [line])
    world.alive.add("command")
    assert acts.book.say_cut_short() == ()
    assert acts.act(act.id).is_open
    world.alive.discard("command")
    assert acts.act(act.id).cut_short
    assert [cut.id for cut in world.begun().cut_short] == [act.id]


def test_what_a_command_does_is_seen_as_it_is_done(world: World, acts: Acts) -> None:
    assert acts.recent() == ()
    command = Book(world.folder, world.now)
    act = command.begin("alice", COMMAND_LINE, "start", [ActLine("poste-04", "04")], room="salle")
    command.begins(act.id, "poste-04")
    assert outcomes(acts.act(act.id)) == {"poste-04": "unknown"}  # no such process, for this book
    command.ends(act.id, "poste-04", Outcome.DONE, "ouvert")
    command.end(act.id)
    assert [(one.who, one.by, one.french, one.is_open) for one in acts.recent()] == [
        ("alice", COMMAND_LINE, "Démarrer", False)
    ]


def test_something_that_is_over_at_once_is_one_line_of_the_book(acts: Acts) -> None:
    acts.note(PERSON, "identifiants montrés", "poste-01")
    (noted,) = acts.recent()
    assert (noted.kind, noted.text, noted.lines[0].station, noted.is_open) == (
        "note",
        "identifiants montrés",
        "poste-01",
        False,
    )


def test_without_room_on_the_disk_nothing_is_begun(world: World, acts: Acts) -> None:
    world.full = True
    with pytest.raises(EvidenceLost, match="plein"):
        acts.begin(PERSON, "start", ["poste-01"], {}, "k")
    world.full = False
    act = acts.begin(PERSON, "start", ["poste-01", "poste-02"], {}, "k")
    world.full = True
    acts.work()
    assert not world.done
    assert set(outcomes(acts.act(act.id)).values()) == {"not_done"}
    world.full = False
    acts.note(PERSON, "autre chose")
    assert set(outcomes(world.begun().act(act.id)).values()) == {"not_done"}  # written once there was room


def test_what_was_done_while_the_disk_became_full_is_written_later(world: World, acts: Acts) -> None:
    act = acts.begin(PERSON, "start", ["poste-01"], {}, "k")
    acts.book.begins(act.id, "poste-01")
    world.full = True
    acts.book.ends(act.id, "poste-01", Outcome.DONE, "ouvert")
    assert outcomes(acts.act(act.id)) == {"poste-01": "done"}
    world.full = False
    acts.book.end(act.id)
    assert outcomes(Book(world.folder, world.now).act(act.id)) == {"poste-01": "done"}


def test_the_book_is_its_owners_alone(acts: Acts) -> None:
    acts.note(PERSON, "rien")
    assert acts.book.path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_or_written_by_hand_loses_no_other(world: World, acts: Acts) -> None:
    acts.note(PERSON, "avant")
    with acts.book.path.open("ab") as file:
        file.write(b'[]\n{"act": "x"}\n{"what": "ended", "act": "nobody", "at": "?"}\n{"act": "cu')
    acts.note(PERSON, "après")
    assert [one.text for one in Book(world.folder, world.now).acts()] == ["après", "avant"]


def test_a_book_that_was_put_aside_is_not_shown_any_more(world: World, acts: Acts) -> None:
    acts.note(PERSON, "avant")
    acts.recent()
    acts.book.path.unlink()
    acts.note(PERSON, "après")
    assert [one.text for one in acts.recent()] == ["après"]


def test_a_short_act_waits_for_no_long_one_and_closing_begins_no_other_station(world: World) -> None:
    inside, go_on = threading.Event(), threading.Event()

    acts = world.begun(threads=True)
    real = world.act_on

    def held(doing: Any, name: str) -> str:
        if name == "poste-08":
            inside.set()
            go_on.wait(20)
        return real(doing, name)

    world.act_on = held  # type: ignore[method-assign]
    long = acts.begin(PERSON, "reset", ["poste-08", "poste-07"], {}, "long")
    assert inside.wait(20)
    short = acts.begin(PERSON, "start", ["poste-01"], {}, "short")
    await_end(acts, short)
    assert acts.act(long.id).is_open
    closing = threading.Thread(target=acts.close)
    closing.start()
    while not acts._closing:
        pass
    go_on.set()
    closing.join(20)
    assert outcomes(acts.act(long.id)) == {"poste-08": "done", "poste-07": "not_done"}


def await_end(acts: Acts, act: Act) -> None:
    pause = threading.Event()
    for _ in range(400):
        if not acts.act(act.id).is_open:
            return
        pause.wait(0.05)
    pytest.fail("it didn't end")


def test_an_act_that_was_stopped_begins_with_no_other_station(world: World, acts: Acts) -> None:
    act = acts.begin(PERSON, "start", NAMES[:3], {}, "k")
    real = world.act_on

    def halted(doing: Any, name: str) -> str:
        acts.halt(PERSON, act.id)
        return real(doing, name)

    world.act_on = halted  # type: ignore[method-assign]
    acts.work()
    told = acts.act(act.id)
    assert outcomes(told) == {"poste-01": "done", "poste-02": "not_done", "poste-03": "not_done"}
    assert "Mme Riou a demandé" in told.lines[2].text
    assert not told.is_open


def test_an_act_that_the_book_lacks_by_now_keeps_no_other_back(
    world: World, acts: Acts, caplog: pytest.LogCaptureFixture
) -> None:
    acts.begin(PERSON, "start", ["poste-01"], {}, "1")
    acts.book.path.unlink()
    acts.note(PERSON, "un autre livre")
    second = acts.begin(PERSON, "start", ["poste-02"], {}, "2")
    acts.work()
    assert outcomes(acts.act(second.id)) == {"poste-02": "done"}
    assert "couldn't be written" in caplog.text


def test_many_screens_that_send_one_form_at_once_mean_one_act(world: World) -> None:
    acts, ids = world.begun(), list[str]()
    senders = [
        threading.Thread(target=lambda: ids.append(acts.begin(PERSON, "start", ["poste-01"], {}, "k").id))
        for _ in range(12)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    acts.work()
    assert len(set(ids)) == 1
    assert sum(world.done.values()) == 1


def play(seed: int, folder: Path) -> set[Outcome]:
    """A morning of acts, of forms sent twice, of kills and full disks; what has to hold is asserted at its end; what came of them."""
    dice = random.Random(seed)
    world = World(folder, lambda: dice.choices(["done", "refused", "half", "failed", "unforeseen"], [8, 2, 1, 1, 1])[0])
    acts, begun = world.begun(), dict[str, tuple[str, list[str]]]()
    for number in range(dice.randint(4, 10)):
        world.reasons = dict.fromkeys(dice.sample(NAMES, dice.randint(0, 3)), "attendu plus tard")
        world.full = dice.random() < 0.1
        if dice.random() < 0.4:
            world.dies, world.tears = dice.randint(1, 12), dice.random() < 0.5
        again = bool(begun) and dice.random() < 0.3
        key = dice.choice(sorted(begun)) if again else f"{seed}-{number}"
        chosen = dice.sample([*NAMES, "poste-99"], dice.randint(1, 5))
        try:
            with suppress(EvidenceLost):
                act = acts.begin(PERSON, dice.choice(["start", "examine", "reset"]), chosen, {}, key)
                assert begun.get(key, (act.id,))[0] == act.id
                begun.setdefault(key, (act.id, chosen))
            if dice.random() < 0.8:
                acts.work()
        except Killed:
            acts = world.begun()
        world.dies = 0
    world.full = False
    acts = world.begun()
    acts.work()
    book = {act.id: act for act in acts.book.acts()}
    assert {act for act, _ in begun.values()} <= book.keys()
    assert {act for act, _ in world.done} <= book.keys()
    assert max(world.done.values(), default=0) <= 1
    for name, stations in begun.values():
        assert [line.station for line in book[name].lines] == stations
    lines = [(act.id, line) for act in book.values() for line in act.lines]
    for name, line in lines:
        was_done = world.done[name, line.station] == 1
        assert line.text
        assert line.outcome.is_last
        assert not was_done or line.outcome in (Outcome.DONE, Outcome.UNKNOWN, Outcome.FAILED)
        assert was_done or line.outcome is not Outcome.DONE
    return {line.outcome for _, line in lines}


@pytest.fixture
def fast_disk(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setattr(act_book, "locked", lambda *_: nullcontext())  # one process, whose threads share one book
    caplog.set_level(logging.CRITICAL, "provisioner.console.acting")


@pytest.mark.parametrize("tenth", range(10))
def test_no_act_is_lost_or_done_twice_whatever_happens_in_between(tmp_path: Path, fast_disk: None, tenth: int) -> None:
    seen = set[Outcome]()
    for seed in range(tenth * SEQUENCES // 10, (tenth + 1) * SEQUENCES // 10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        seen |= play(seed, folder)
    assert seen == {Outcome.DONE, Outcome.NOT_DONE, Outcome.FAILED, Outcome.UNKNOWN}  # kills hit all of its steps
