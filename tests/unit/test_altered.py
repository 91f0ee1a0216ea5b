"""Steps that alter a right work: what must be noticed, what must not, and what the ledger keeps of it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import ClassVar
from unittest.mock import MagicMock

import pytest

from provisioner.cli import prove as commands
from provisioner.cli import show_proofs
from provisioner.core.model import Conformity, Finding, Golden, Stack, Verdict
from provisioner.host.editions import stack_named
from provisioner.proof import altered
from provisioner.proof import prove_altered as proving
from provisioner.proof.alterations import Alteration
from provisioner.proof.altered import Altered, Unlike, altered_steps, state_line, wrong
from provisioner.proof.leaves import rules_of
from provisioner.proof.ledger import Ledger
from provisioner.proof.ledger_count import edition_standings, fact_proofs
from provisioner.proof.selection import Selection
from provisioner.proof.steps import Step, feasible
from provisioner.proof.stored import Change, Row
from provisioner.proof.stored_roads import StoredRoads
from provisioner.subject.check import Act, Check
from provisioner.subject.functionalities import fact
from provisioner.subject.ledger_file import StateLine, StepLine, read_ledger
from provisioner.subject.proof_words import ProofCount
from provisioner.subject.subjects import examples_for

TITLE, SLOGAN = (fact("wordpress.apparence.identite", name) for name in ("titre", "slogan"))
MET, NOT_MET, TO_JUDGE, BROKEN = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE, Verdict.BROKEN
CHANGE = Change(
    "wp_options",
    (("option_id", "1"),),
    {"option_id": "1", "option_name": "blogname", "option_value": "a"},
    {"option_id": "1", "option_name": "blogname", "option_value": "Le four du port"},
)


class Titled(Check):
    """Asks for a title."""

    id: ClassVar[str] = "wordpress.apparence.titled"
    proves: ClassVar[tuple[str, ...]] = (TITLE,)
    title: str = "Le four du port"

    def ways(self) -> Sequence[Act]:
        return [Act("par les réglages", lambda desk: None)]


def found(*verdicts: Verdict) -> list[Finding]:
    return [Finding(of, verdict, "", "on y lit cela") for of, verdict in zip((TITLE, SLOGAN), verdicts, strict=False)]


def alteration(*, harmful: bool) -> Alteration:
    return Alteration("blogname : vide", harmful, CHANGE)


@pytest.mark.parametrize(
    ("harmful", "before", "verdicts", "said"),
    [
        (True, [MET], [NOT_MET], ""),
        (True, [MET], [TO_JUDGE], ""),
        (True, [MET, MET], [MET, NOT_MET], ""),  # it harms one of what is asked for
        (True, [MET], [MET], "blogname : vide : reste réalisé (on y lit cela)"),
        (True, [MET, MET], [MET, MET], "blogname : vide : reste réalisé (on y lit cela)"),
        # What a person judges was not met before, and tells nothing.
        (True, [MET, TO_JUDGE], [MET, TO_JUDGE], "blogname : vide : reste réalisé (on y lit cela)"),
        (False, [MET], [MET], ""),
        (False, [MET], [TO_JUDGE], ""),
        (False, [MET, MET], [MET, NOT_MET], f"blogname : vide : {SLOGAN} n'est plus réalisé (on y lit cela)"),
        (True, [MET], [BROKEN], f"blogname : vide : {TITLE} est {BROKEN.french} (on y lit cela)"),
        (False, [MET], [BROKEN], f"blogname : vide : {TITLE} est {BROKEN.french} (on y lit cela)"),
    ],
)
def test_what_harms_must_be_noticed_and_nothing_else(
    harmful: bool, before: list[Verdict], verdicts: list[Verdict], said: str
) -> None:
    assert wrong(alteration(harmful=harmful), found(*before), found(*verdicts)) == said


def test_a_state_tells_of_the_facts_whose_verdict_it_moved_or_could_not_move() -> None:
    harmed = StateLine(name="x", harmful=True, found={TITLE: NOT_MET, SLOGAN: MET})
    kept = StateLine(name="y", harmful=False, found={TITLE: MET})
    assert [harmed.tells_of(of, MET) for of in (TITLE, SLOGAN)] == [True, False]
    assert [kept.tells_of(of, MET) for of in (TITLE, SLOGAN)] == [True, False]
    judged = StateLine(name="x", harmful=True, found={TITLE: TO_JUDGE})
    assert [judged.tells_of(TITLE, before) for before in (MET, TO_JUDGE, None)] == [True, False, False]


def test_of_a_fact_the_states_that_tell_of_it_are_counted() -> None:
    states = (
        StateLine(name="x", harmful=True, found={TITLE: NOT_MET, SLOGAN: MET}),
        StateLine(name="y", harmful=False, found={TITLE: MET, SLOGAN: MET}),
        StateLine(name="ailleurs : un autre slogan", harmful=False, found={TITLE: MET, SLOGAN: MET}),
    )
    both = {TITLE: MET, SLOGAN: MET}
    lines = [
        StepLine(
            check="a",
            kind=kind,
            name="x",
            key=".".join(["0" * 10] * 5),
            found=(both,),
            day="2026-12-12",
            seconds=1.0,
            conforming=True,
            differs="0" * 8,
            states=states,
        )
        for kind in ("altered", "stored_road")
    ]
    counts = [ProofCount.of(lines, of) for of in (TITLE, SLOGAN, "")]
    assert [(count.altered, count.roads) for count in counts] == [(2, 2), (1, 1), (2, 2)]


def step(check: Check | None = None) -> Altered:
    return Altered("way", "états altérés, par les réglages", (check or Titled(),), lambda desk: None)


def test_a_key_is_another_where_what_makes_the_states_is(monkeypatch: pytest.MonkeyPatch) -> None:
    before = step().key
    monkeypatch.setattr(altered, "_instrument", lambda cms: "another")
    assert step().key != before


def test_a_work_that_could_not_be_stored_otherwise_twice_proves_nothing() -> None:
    roads = StoredRoads("way", "enregistré autrement, par les réglages", (Titled(),), lambda desk: None)
    kept = [StateLine(name=name, harmful=False, found={TITLE: MET}) for name in ("a", "b")]
    assert roads.too_little(kept) == ""
    assert roads.too_little(kept[:1]) == "ce travail n'a pas pu être enregistré de deux autres façons"


def test_a_work_that_nothing_spoils_proves_nothing_unless_the_cms_refuses_what_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    harmless = proving._Seen([], [StateLine(name="a", harmful=False, found={TITLE: MET})])
    assert proving._too_little(step(), harmless) == "rien de ce que ce travail a enregistré n'a pu être gâté"
    harming = next(one for one in step().alterations([CHANGE]) if one.harmful)
    monkeypatch.setattr(proving, "altered", lambda *_: "le CMS le refuse")
    proving._Worker._try(MagicMock(), harming, Titled(), MagicMock(), harmless)
    assert harmless.refused == [f"{harming.name} : le CMS le refuse"]
    assert proving._too_little(step(), harmless) == ""


def test_a_list_says_of_a_check_what_the_rules_say_wrongly(monkeypatch: pytest.MonkeyPatch) -> None:
    states = {one.name: one.harmful for one in step().alterations([CHANGE])}
    empty = "wp_options[blogname].option_value : vide"
    upper = "wp_options[blogname].option_value : « LE FOUR DU PORT » au lieu de « Le four du port »"
    assert (states[empty], states[upper]) == (True, False)
    before = step().key
    rows = [
        Unlike(check=Titled.id, state="wp_options[blogname].option_value : vide", why="x", harmful=False),
        Unlike(check=Titled.id, state="*« LE FOUR *", why="x"),
        Unlike(check=Titled.id, state="*", why="x", harmful=False, values={"title": "Autre"}),
        Unlike(check="wordpress.apparence.other", state="*", why="x"),
    ]
    monkeypatch.setattr(altered, "unlike", lambda cms: rows)
    others = {one.name: one.harmful for one in step().alterations([CHANGE])}
    assert others == {name: harmful and name != empty for name, harmful in states.items() if name != upper}
    assert step().key != before


def test_each_feasible_example_is_a_step_that_is_no_other() -> None:
    edition = stack_named("wordpress-2024")
    examples = examples_for([], "wordpress")
    steps = altered_steps(examples, edition)
    assert len(steps) == sum(feasible(example, edition) for example in examples)
    assert len({one.key for one in steps}) == len(steps)
    one = steps[0]
    assert one.key != Step("way", one.name, one.checks, one.act).key


@pytest.fixture
def edition() -> Stack:
    return stack_named("wordpress-2024")


@pytest.fixture
def golden(edition: Stack) -> Golden:
    return Golden(edition.id, "sha256:1", datetime(2026, 5, 4, tzinfo=UTC), Conformity(("x.",)), {}, archives="0" * 16)


class Kept:
    """Copies of which each is a mock; `spent` says which ones could not be put back."""

    def __init__(self, refusing: str) -> None:
        self.refusing, self.spent = refusing, list[bool]()

    def __call__(self, make: object) -> "Kept":
        return self

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, *error: object) -> None:
        return None

    @contextmanager
    def one(self, *, spent: bool) -> Iterator[MagicMock]:
        self.spent.append(spent)
        copy = MagicMock()
        answer = {"refused": self.refusing} if self.refusing else {"altered": True}
        copy.inside.run.return_value = b"a notice\n" + json.dumps(answer).encode()
        copy.station.address = "http://site"
        yield copy


def worker(monkeypatch: pytest.MonkeyPatch, looks: list[list[Finding]], refusing: str = "") -> "proving._Worker":
    """A worker whose copies are none: `looks` are what the check finds, one after the other."""

    monkeypatch.setattr(proving, "Copies", Kept(refusing))
    monkeypatch.setattr(proving, "frozen", lambda *_: nullcontext(("image", datetime(2026, 12, 12, tzinfo=UTC))))
    monkeypatch.setattr(proving, "reset", lambda *_: (MagicMock(), None))
    monkeypatch.setattr(proving._Worker, "_worked", lambda *_: [CHANGE])
    monkeypatch.setattr(proving._Worker, "_look_once", lambda *_: looks.pop(0))
    return proving._Worker(
        MagicMock(), MagicMock(stack="wordpress-2024"), MagicMock(), MagicMock(), MagicMock(), Event()
    )


def test_a_copy_that_may_have_lost_files_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    new = Change("wp_options", (("option_id", "2"),), None, {"option_id": "2", "option_name": "more"})
    count = len(step().alterations([CHANGE, new]))
    kept, one = Kept(""), worker(monkeypatch, [found(MET), *([found(NOT_MET)] * count)])
    monkeypatch.setattr(proving, "Copies", kept)
    monkeypatch.setattr(proving._Worker, "_worked", lambda *_: [CHANGE, new])
    one.prove(step(), "poste-01")
    assert kept.spent.count(True) == 1  # the option that went
    gone = Alteration("x", True, CHANGE, "remove")
    assert gone.may_lose_files
    assert Alteration("x", True, CHANGE, more=(gone,)).may_lose_files
    assert not Alteration("x", True, CHANGE).may_lose_files


def test_the_work_itself_must_be_met_before_anything_is_altered(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = worker(monkeypatch, [found(NOT_MET)]).prove(step(), "poste-01")
    assert "au lieu de" in proof.failure
    assert proof.states == ()


def test_each_alteration_is_looked_at_on_a_copy_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    harmful = [one.harmful for one in step().alterations([CHANGE])]
    looks = [found(MET), *(found(NOT_MET if harms else MET) for harms in harmful)]
    proof = worker(monkeypatch, looks).prove(step(), "poste-01")
    assert proof.failure == ""
    assert [state.harmful for state in proof.states] == harmful
    assert looks == []


def test_what_goes_unnoticed_fails_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    count = len(step().alterations([CHANGE]))
    proof = worker(monkeypatch, [found(MET) for _ in range(count + 1)]).prove(step(), "poste-01")
    assert "wp_options[blogname].option_value : vide : reste réalisé" in proof.failure
    assert not proof.fault


def test_what_the_cms_refuses_is_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = worker(monkeypatch, [found(MET)], refusing="non").prove(step(), "poste-01")
    assert (proof.failure, proof.states) == ("rien de ce que ce travail a enregistré n'a pu être gâté", ())
    assert proof.refused[0].endswith(" : le CMS le refuse (détail : non)")


def test_what_could_not_be_verified_is_looked_at_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = worker(monkeypatch, [found(BROKEN), found(NOT_MET)]).prove(step(), "poste-01")
    assert "au lieu de" in proof.failure
    assert not proof.retried


def test_a_work_that_breaks_off_is_tried_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    one = worker(monkeypatch, [])
    proof = one.prove(step(), "poste-01")  # nothing to find: the look raises
    assert proof.fault
    assert proof.retried == proof.failure
    assert proof.failure.startswith("étape interrompue : ")


def test_a_run_that_ends_leaves_the_step_that_it_was_at(monkeypatch: pytest.MonkeyPatch) -> None:
    one = worker(monkeypatch, [found(MET)])
    one.ending.set()
    with pytest.raises(proving._Ended):
        one.prove(step(), "poste-01")


def test_the_command_says_what_went_unnoticed_and_the_ledger_keeps_the_states(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], edition: Stack, golden: Golden, tmp_path: Path
) -> None:
    for name in ("forget_killed", "up", "down", "Examiner", "RestartingBrowser", "candidate_browser", "replace"):
        monkeypatch.setattr(proving, name, MagicMock())
    monkeypatch.setattr(proving, "stations", lambda _: [MagicMock()])
    monkeypatch.setattr("provisioner.network.room.Room.on_free_ports", lambda *_: MagicMock())
    state = state_line(alteration(harmful=True), found(NOT_MET))
    failures = {"first": "blogname : vide : reste réalisé (on y lit cela)"}

    def prove(_: object, one: Altered, __: str) -> proving.AlteredProof:
        failure = failures.pop("first", "")
        return proving.AlteredProof(one, [found(MET)], failure, False, 1.0, states=(state,))

    monkeypatch.setattr(proving._Worker, "prove", prove)
    centre = MagicMock()
    centre.settings.zone = UTC
    centre.state.report_folder.return_value = tmp_path / "preuve"
    examples = examples_for(["wordpress.apparence.en-tete"])
    count = len(examples)

    def run(*, changed: bool, as_json: bool = False) -> int:
        registry = Ledger(edition, golden, date(2026, 12, 12), tmp_path / "own", tmp_path / "ledger")
        steps = commands._altered_steps(Selection(edition, examples, []), roads=False)
        return commands._prove_altered(centre, golden, edition, steps, registry, changed=changed, as_json=as_json)

    assert run(changed=False) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "blogname : vide : reste réalisé" in said
    assert f"{count - 1} étapes prouvées sur {count}." in said
    lines = list(read_ledger(tmp_path / "ledger" / "wordpress-2024.jsonl").steps.values())
    assert {line.kind for line in lines} == {"altered"}
    assert [line.states for line in lines] == [(state,)] * (count - 1)
    assert run(changed=True, as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["states"] for row in document["altered"]] == [[state.model_dump(mode="json")]] * count


def test_altered_works_are_counted_apart_and_per_fact(
    edition: Stack, golden: Golden, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Ledger(edition, golden, date(2026, 12, 12), tmp_path / "own", tmp_path / "ledger")
    counted = edition_standings(registry.standings)
    count = len(altered_steps(examples_for([], "wordpress"), edition))
    assert (counted["by_kind"]["altered"], counted["by_kind"]["stored_road"]) == (count, count)
    show_proofs.edition(counted)
    said = " ".join(capsys.readouterr().out.split())
    for option in ("--altered", "--roads"):
        assert f"« e5b prove --stack wordpress-2024 {option} --changed »" in said
    assert all(proof["state"] == "missing" for proof in fact_proofs(registry.standings).values())


def test_a_right_work_is_stored_otherwise(edition: Stack) -> None:
    roads = StoredRoads("way", "enregistré autrement, par les réglages", (Titled(),), lambda desk: None)
    found = {one.name: one for one in roads.alterations([CHANGE])}
    assert not any(one.harmful for one in found.values())
    saved, beside = found["autrement : enregistré de nouveau"], found["autrement : parmi le travail d'autres questions"]
    assert [request["do"] for request in saved.requests()] == ["save"]
    assert len(beside.requests()) == len(rules_of("wordpress").elsewhere)
    upper = found["autrement : en capitales, avec des espaces insécables"]
    assert upper.requests()[0]["value"] == "LE\u00a0FOUR\u00a0DU\u00a0PORT"
    assert len({roads.key, step().key}) == 2


def test_a_work_that_only_takes_away_is_stored_otherwise_by_doing_it_again() -> None:
    row: Row = {"ID": "5", "post_type": "page", "post_title": "Le four"}
    gone = Change("wp_posts", (("ID", "5"),), row, None)
    roads = StoredRoads("way", "enregistré autrement, par les réglages", (Titled(),), lambda desk: None)
    found = {one.name: one.requests() for one in roads.alterations([gone])}
    assert [(one["do"], one["row"]) for one in found["autrement : enregistré de nouveau"]] == [
        ("add", row),
        ("remove", row),
    ]


def test_a_work_that_only_a_person_judges_needs_no_two_roads() -> None:
    class Judged(Titled):
        proves: ClassVar[tuple[str, ...]] = (
            fact("wordpress.navigation.back-front", "visible côté visiteur (à apprécier)"),
        )

    roads = StoredRoads("way", "enregistré autrement, par les réglages", (Judged(),), lambda desk: None)
    assert roads.too_little([]) == ""


def test_a_content_is_stored_in_other_forms() -> None:
    row: Row = {"ID": "5", "post_type": "page", "post_content": "<p>Le four du port</p>"}
    change = Change("wp_posts", (("ID", "5"),), {**row, "post_content": "<p>a</p>"}, row)
    roads = StoredRoads("way", "enregistré autrement, par les réglages", (Titled(),), lambda desk: None)
    found = {one.name: one.requests() for one in roads.alterations([change])}
    pattern, use = found["autrement : dans un motif synchronisé"]
    assert pattern["row"] == {**dict(pattern["row"]), "post_type": "wp_block", "post_content": row["post_content"]}  # type: ignore[call-overload]
    assert use["value"] == '<!-- wp:block {"ref":9101} /-->'
