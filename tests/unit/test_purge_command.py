"""`e5b archive purge` shows what would go and asks; of a room of two days, nothing of the second goes with the first."""

import io
import json
import sys
from datetime import UTC, date
from pathlib import Path

import pytest
from pypdf import PdfReader

from provisioner.cli import main
from provisioner.core.errors import Refusal
from provisioner.core.records import RosterRecord, UnfinishedMoves
from provisioner.exam.purge import plan_purge, purge
from provisioner.exam.room_documents import COLLECTIONS
from provisioner.exam.roster import stem_of
from provisioner.host import debug_log
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import ENTRY
from tests.unit.test_personal_data import NEW, OLD, written
from tests.unit.test_room_documents import pdf

FIRST_KEPT = date(2026, 6, 3)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("provisioner.exam.purge._TEMPORARY", tmp_path / "tmp")
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), UTC)
    monkeypatch.setenv("E5B_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    centre = Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda *_, **__: centre)
    return centre


def two_days(centre: Centre, *, printed: str = "2026-06-02") -> Path:
    """A list of 2 and 3 June, of two candidates each; all was printed on one day. The folder of its documents."""
    days = {"1": "2026-06-02", "2": "2026-06-02", "3": "2026-06-03", "4": "2026-06-03"}
    entries = [
        {**ENTRY, "key": number, "number": number, "name": f"NOM{number}", "at": f"{day}T09:00:00+02:00"}
        for number, day in days.items()
    ]
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": entries}))
    folder = centre.state.folder / "documents/salle"
    for number, day in days.items():
        stem = f"{number}-wordpress-a-{day}"
        for name in (
            f"feuilles/candidat-{stem}.pdf",
            *(f"commission-1/{stem}-{kind}.pdf" for kind in ("fiche-evaluation", "grille-aide")),
        ):
            pdf(folder / name)
        written(folder / f"commission-1/{stem}-rapport.html", printed)
    # A sheet of the second day that the corrected list no longer knows, and one that is put aside.
    pdf(folder / "feuilles/candidat-9-wordpress-a-2026-06-03.pdf")
    pdf(folder / "feuilles/retirés/candidat-8-wordpress-a-2026-06-03.pdf")
    pdf(folder / "feuilles/retirés/candidat-7-wordpress-a-2026-06-02.pdf")
    for name in ("feuilles/candidats.pdf", "commission-1/toutes-les-fiches.pdf", "commission-1/toutes-les-grilles.pdf"):
        pdf(folder / name, 4)
    pdf(folder / "feuilles/sujet-wordpress-a.pdf")
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_of_a_room_of_two_days_nothing_of_the_second_goes_with_the_first(centre: Centre) -> None:
    folder = two_days(centre)
    before = names(folder)
    record = purge(centre.state, centre.engine, FIRST_KEPT)
    gone = before - names(folder)
    assert gone == {name for name in before if "2026-06-02" in name}
    assert record["documents"] == len(gone) == 9
    for name in COLLECTIONS:
        (collection,) = folder.rglob(name)
        # The sheet that no list knows is of the second day too.
        assert len(PdfReader(collection).pages) == (3 if name == "candidats.pdf" else 2)
    purge(centre.state, centre.engine, date(2026, 6, 4))
    assert names(folder) <= {"sujet-wordpress-a.pdf"}


def test_documents_of_a_later_day_stay_where_nobody_stays_on_the_list(centre: Centre) -> None:
    folder = two_days(centre)
    entries = centre.state.entries("salle")
    centre.state.keep_roster("salle", RosterRecord(entries=entries[:2]))
    purge(centre.state, centre.engine, FIRST_KEPT)
    assert centre.state.roster("salle") is None
    left = names(folder)
    assert {"3-wordpress-a-2026-06-03-grille-aide.pdf", "candidat-4-wordpress-a-2026-06-03.pdf"} <= left
    assert not [name for name in left if "2026-06-02" in name]


class Terminal(io.StringIO):
    """A person at the keyboard."""

    def isatty(self) -> bool:
        return True


class Said:
    """What a command left."""

    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str | None, *more: str) -> Said:
    """The command; without an answer, nobody is at a terminal."""
    monkeypatch.setattr(sys, "argv", ["e5b", "archive", "purge", "--before", "03/06/2026", *more])
    monkeypatch.setattr(sys, "stdin", io.StringIO("") if answer is None else Terminal(f"{answer}\n"))
    with pytest.raises(SystemExit) as ended:
        main.main()
    debug_log.stop()
    return Said(ended.value.code, *capsys.readouterr())


@pytest.fixture
def archives(centre: Centre) -> Path:
    two_days(centre)
    for name in (OLD, NEW):
        (centre.state.archives / name).write_text("x")
    return centre.state.archives


def test_who_says_no_or_nothing_has_seen_what_would_go_and_it_is_there(
    archives: Path, centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = names(centre.state.folder / "documents")
    for answer, end in (("non", "La réponse n'est pas « oui » : rien n'a été effacé."), ("", "rien n'a été effacé.")):
        said = run(monkeypatch, capsys, answer)
        assert said.code == 2
        assert " ".join(said.err.split()).endswith(end)
        shown = " ".join(said.out.split())  # wherever the terminal wraps it
        assert "ce jour et les suivants restent" in shown
        assert f"archive {OLD}" in shown
        assert NEW not in shown
        assert "salle salle, 02/06/2026, 2 candidats : 1, 2" in shown
        assert "9 documents" in shown
        assert shown.endswith("Effacer tout cela ? Écrivez « oui » :")
    assert (archives / OLD).exists()
    assert names(centre.state.folder / "documents") == before
    assert not (centre.state.folder / "journal.jsonl").exists()


def test_who_says_yes_loses_what_was_shown_and_no_more(
    archives: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(monkeypatch, capsys, "OUI")
    assert (said.code, said.err) == (0, "")
    assert "Effacé : 1 archive, 0 rapport" in said.out.replace("\n", " ")
    assert [path.name for path in archives.glob("*.zip")] == [NEW]
    said = run(monkeypatch, capsys, None)
    assert (said.code, said.out) == (0, "Rien n'est gardé d'avant le 03/06/2026.\n")


def test_without_a_terminal_it_is_refused_in_one_sentence_unless_yes_is_said_before(
    archives: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(monkeypatch, capsys, None)
    (sentence,) = said.err.splitlines()
    assert said.code == 2
    assert sentence == (
        "e5b : Rien n'est effacé sans une réponse : regardez ce qui partirait d'avant le 03/06/2026, puis ajoutez « --yes »."
    )
    assert (archives / OLD).exists()
    said = run(monkeypatch, capsys, None, "--yes")
    assert (said.code, said.err) == (0, "")
    assert not (archives / OLD).exists()


def test_json_never_asks_and_says_what_would_go(
    archives: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(monkeypatch, capsys, "oui", "--json")
    document = json.loads(said.out)
    assert (said.code, document["exit"], document["documents"]) == (2, 2, 9)
    assert [archive["file"] for archive in document["archives"]] == [OLD]
    assert document["candidates"] == {"salle": ["1", "2"]}
    assert (archives / OLD).exists()
    document = json.loads(run(monkeypatch, capsys, None, "--json", "--yes").out)
    assert document["done"] is True
    assert not (archives / OLD).exists()


def test_nobody_leaves_a_list_unasked_where_nothing_else_is_kept_of_him(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = [
        {**ENTRY, "key": day, "number": day[-1], "at": f"{day}T09:00:00+02:00"} for day in ("2026-06-02", "2026-06-03")
    ]
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": entries}))
    said = run(monkeypatch, capsys, "non")
    assert "salle salle, 02/06/2026, 1 candidat : 2" in " ".join(said.out.split())
    assert [entry.number for entry in centre.state.entries("salle")] == ["2", "3"]
    assert run(monkeypatch, capsys, "oui").code == 0
    assert [entry.number for entry in centre.state.entries("salle")] == ["3"]


def test_what_changed_since_it_was_shown_is_not_removed(archives: Path, centre: Centre) -> None:
    plan = plan_purge(centre.state, centre.engine, FIRST_KEPT)
    (archives / "salle-poste-02-20260602-094000.e5b.zip").write_text("y")
    with pytest.raises(Refusal, match="a changé depuis que la question a été posée : rien n'a été effacé"):
        purge(centre.state, centre.engine, FIRST_KEPT, plan)
    assert (archives / OLD).exists()


def test_a_file_of_others_without_a_day_stays_unless_it_is_old(centre: Centre) -> None:
    folder = two_days(centre)
    young = [folder / "commission-1/annotations-jury.odt", folder / "notes.txt"]
    for path in young:
        written(path, "2026-06-03")
    written(folder / "commission-1/anciennes.txt", "2026-06-02")
    purge(centre.state, centre.engine, FIRST_KEPT)
    assert all(path.exists() for path in young)
    assert not (folder / "commission-1/anciennes.txt").exists()


def test_a_collection_that_can_not_be_made_again_is_counted_and_named(centre: Centre) -> None:
    folder = two_days(centre)
    (folder / "feuilles/candidat-3-wordpress-a-2026-06-03.pdf").write_bytes(b"%PDF-1.4 cut short")
    before = names(folder)
    plan = plan_purge(centre.state, centre.engine, FIRST_KEPT)
    assert "documents/salle/feuilles/candidats.pdf" in plan.files["documents"]
    assert "documents/salle/commission-1/toutes-les-fiches.pdf" not in plan.files["documents"]
    record = purge(centre.state, centre.engine, FIRST_KEPT, plan)
    gone = before - names(folder)
    assert gone == {Path(path).name for path in plan.files["documents"]}
    assert record["documents"] == len(gone) == 10


def test_a_file_that_takes_the_place_of_another_since_it_was_shown_is_not_removed(centre: Centre) -> None:
    folder = two_days(centre)
    plan = plan_purge(centre.state, centre.engine, FIRST_KEPT)
    (folder / "feuilles/candidat-1-wordpress-a-2026-06-02.pdf").unlink()
    other = folder / "empreintes/empreintes-2026-06-02-1.json"
    written(other, "2026-06-02")
    assert plan_purge(centre.state, centre.engine, FIRST_KEPT).contents == plan.contents
    with pytest.raises(Refusal, match="a changé depuis que la question a été posée : rien n'a été effacé"):
        purge(centre.state, centre.engine, FIRST_KEPT, plan)
    assert other.exists()


def test_a_candidate_who_takes_the_place_of_another_since_it_was_shown_stays_on_the_list(centre: Centre) -> None:
    two_days(centre)
    plan = plan_purge(centre.state, centre.engine, FIRST_KEPT)
    one, two, *others = centre.state.entries("salle")
    other = two.changed({"number": "5", "key": "5"})
    centre.state.keep_roster("salle", RosterRecord(entries=(one, other, *others)))
    with pytest.raises(Refusal, match="rien n'a été effacé"):
        purge(centre.state, centre.engine, FIRST_KEPT, plan)
    assert [entry.number for entry in centre.state.entries("salle")] == ["1", "5", "3", "4"]


def test_what_goes_is_shown_by_name_a_line_for_each_sitting_and_no_more_than_twenty(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = two_days(centre)
    written(folder / "notes.txt", "2026-06-02")
    shown = run(monkeypatch, capsys, "non").out
    assert "  documents/salle/notes.txt\n" in shown
    stem = "1-wordpress-a-2026-06-02"
    kinds = ("fiche-evaluation.pdf", "grille-aide.pdf", "rapport.html")
    assert f"  documents/salle/commission-1 : {', '.join(f'{stem}-{kind}' for kind in kinds)}\n" in shown
    assert "autres\n" not in shown
    for number in range(100, 130):
        for kind in ("fiche-evaluation.html", "grille-aide.html"):
            written(folder / f"commission-2/{number}-wordpress-a-2026-06-02-{kind}", "2026-06-02")
    lines = run(monkeypatch, capsys, "non").out.splitlines()
    documents = [line for line in lines if line.startswith("  documents/")]
    assert len(documents) == 20
    assert documents[0] == "  documents/salle/notes.txt"  # first, since nobody expects it
    hidden = 70 - sum(line.count(" : ") + line.count(", ") or 1 for line in documents)
    assert f"  et {hidden} autres" in lines


def test_of_an_interrupted_list_nothing_that_names_who_goes_stays(centre: Centre) -> None:
    two_days(centre)
    stems = tuple(stem_of(entry) for entry in centre.state.entries("salle"))
    roster = centre.state.roster("salle") or RosterRecord()
    unfinished = UnfinishedMoves(another=stems, returning=stems[1:3])
    centre.state.keep_roster("salle", roster.model_copy(update={"unfinished": unfinished}))
    purge(centre.state, centre.engine, FIRST_KEPT)
    left = (centre.state.roster("salle") or RosterRecord()).unfinished
    assert left == UnfinishedMoves(another=stems[2:], returning=stems[2:3])
