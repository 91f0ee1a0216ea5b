"""A list that is given where there was one."""

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from provisioner.archive.archives import DIGESTS, LAYER, MANIFEST
from provisioner.core import clock
from provisioner.core.errors import Refusal
from provisioner.core.model import Station
from provisioner.exam import list_update, seating
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Line, Roster
from provisioner.host.settings import Settings
from provisioner.station.centre import Centre, station_named
from tests.unit.exam_room import ROSTER, ZONE, begin, corrected, entry, exam_room, list_in, now_is, sits
from tests.unit.samples import manifest_document


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return exam_room(tmp_path, monkeypatch)


def test_a_list_that_is_read_again_keeps_the_passwords_that_may_be_printed(centre: Centre) -> None:
    before = save_roster(centre, ROSTER, "liste.csv")
    longer = Roster((*ROSTER.entries, entry("4", "wordpress-a", 3, 9)), ())
    after = {one.number: one.password for one in save_roster(centre, longer, "liste.csv")}
    new = after.pop("4")
    assert after == {one.number: one.password for one in before}
    assert new not in after.values()


def test_a_corrected_hour_keeps_the_password_and_is_told_to_the_station(centre: Centre) -> None:
    before = save_roster(centre, ROSTER, "liste.csv")
    first = seating.assign_stations(centre)[0]
    moved = replace(entry("1", "wordpress-a", 1, 9), at=datetime(2026, 5, 21, 9, 15, tzinfo=ZONE), name="LE GOFF")
    after = save_roster(centre, corrected(moved, *ROSTER.entries[1:]), "liste.csv")
    assert after[1].password == before[0].password
    same = seating.assign_stations(centre)[0]
    assert same.container == first.container
    told = centre.state.record(same.container).document()["candidate"]
    assert (told["at"], told["name"]) == ("2026-05-21T09:15:00+02:00", "LE GOFF")
    centre.state.mark("salle", told["key"], archived="x.zip")
    assert seating.day_rows(centre)[1].entry.archived == "x.zip"


def test_a_day_that_is_moved_keeps_the_password_of_who_has_not_begun(centre: Centre) -> None:
    before = save_roster(centre, ROSTER, "liste.csv")
    moved = replace(entry("3", "prestashop-a", 1, 10), at=datetime(2026, 5, 22, 10, tzinfo=ZONE))
    after = save_roster(centre, corrected(*ROSTER.entries[:2], moved), "liste.csv")
    assert after[2].password == before[2].password


def test_a_date_that_is_corrected_once_he_has_begun_is_told_since_it_is_another_sitting(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    moved = replace(entry("1", "wordpress-a", 1, 9), at=datetime(2026, 5, 22, 9, tzinfo=ZONE))
    save_roster(centre, corrected(*ROSTER.entries[1:], moved), "corrigée.csv")
    warnings = list_in(centre.state, "salle")["warnings"]
    assert [
        warning
        for warning in warnings
        if warning.startswith(
            "le candidat 1 (wordpress-a) a commencé à la date du 21/05, et corrigée.csv l'attend une autre fois le 22/05"
        )
    ]
    save_roster(centre, ROSTER, "liste.csv")
    assert list_in(centre.state, "salle")["warnings"] == ["à voir"]


def test_who_has_begun_or_is_archived_stays_on_the_list_whatever_file_is_read_next(centre: Centre) -> None:
    save_roster(centre, ROSTER, "jour1.csv")
    first, _ = seating.assign_stations(centre)
    began = [{"at": "2026-05-21T07:50:00+02:00", "what": "start", "minutes": 40}]
    centre.state.note(first.container, clock=began)
    centre.state.mark("salle", ROSTER.entries[1].key, archived="x.zip")
    tomorrow = replace(entry("4", "wordpress-a", 1, 9), at=datetime(2026, 5, 22, 9, tzinfo=ZONE))
    entries = save_roster(centre, corrected(tomorrow), "jour2.csv")
    assert [(one.number, (one.archived or None)) for one in entries] == [("1", None), ("2", "x.zip"), ("4", None)]
    warnings = list_in(centre.state, "salle")["warnings"]
    assert [warning.split(" : ")[0] for warning in warnings] == [
        "le candidat 1 (wordpress-a, 21/05) a commencé et n'est pas dans jour2.csv",
        "jour2.csv n'a pas ceux qui sont archivés (2)",
        "jour2.csv n'a pas ceux qui étaient attendus et n'ont pas commencé (3)",
    ]


def test_who_has_begun_stays_on_his_edition_when_the_session_is_another_since(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "jour1.csv")
    first, *_ = seating.assign_stations(centre)
    begin(centre, first, "2026-05-21T07:50")

    def refuse(*_: object) -> str:
        raise Refusal("ce sujet ne convient pas")

    monkeypatch.setattr(list_update, "_stack_of", refuse)
    only = [line for line in ROSTER.entries if line.number == "1"]
    kept = {one.number: one.stack for one in save_roster(centre, corrected(*only), "jour1.csv")}
    assert kept["1"] == "wordpress-2024"
    with pytest.raises(Refusal, match="ce sujet ne convient pas"):
        save_roster(centre, ROSTER, "jour1.csv")


def test_a_list_of_another_day_in_between_costs_nobody_the_password_of_his_sheet(centre: Centre) -> None:
    def passwords() -> dict[str, str | None]:
        return {one.number: one.password for one in save_roster(centre, ROSTER, "jour1.csv")}

    tomorrow = replace(entry("4", "wordpress-a", 1, 9), at=datetime(2026, 5, 22, 9, tzinfo=ZONE))
    first = passwords()
    his = save_roster(centre, corrected(tomorrow), "jour2.csv")[0].password
    assert passwords() == first
    assert save_roster(centre, corrected(tomorrow), "jour2.csv")[0].password == his
    stranger = replace(ROSTER.entries[0], name="AUTRE", first_name="Personne")
    assert save_roster(centre, corrected(stranger), "jour3.csv")[0].password != first["1"]


@pytest.mark.parametrize("lost", [False, True], ids=["dropped", "list lost"])
def test_who_begins_at_the_station_of_a_list_that_has_him_no_more_is_on_the_next(centre: Centre, lost: bool) -> None:
    before = save_roster(centre, ROSTER, "liste.csv")
    first, _ = seating.assign_stations(centre)
    without = corrected(*ROSTER.entries[1:])
    save_roster(centre, without, "liste.csv")
    begin(centre, first, "2026-05-21T08:00")
    if lost:
        (centre.state.folder / "rosters/salle.json").write_text("{")
    after = save_roster(centre, without, "liste.csv")
    assert after[0] == before[0]
    assert "le candidat 1 (wordpress-a, 21/05) a commencé" in list_in(centre.state, "salle")["warnings"][lost]
    centre.state.mark("salle", before[0].key, archived="x.zip")
    assert seating.day_rows(centre)[0].entry.archived == "x.zip"


def test_who_has_begun_stays_at_his_station_wherever_the_list_moves_him(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T08:00")
    moved = replace(ROSTER.entries[0], place=3)
    (his, *_) = save_roster(centre, corrected(moved, *ROSTER.entries[1:]), "corrigée.csv")
    assert (his.place, his.station) == (1, "poste-01")
    assert list_in(centre.state, "salle")["warnings"] == [
        "le candidat 1 (wordpress-a) a commencé à poste-01, et corrigée.csv le place à poste-03 : il reste à poste-01"
    ]
    assert [one.name for one in seating.assign_stations(centre)] == ["poste-01", "poste-02"]


def test_who_has_begun_keeps_his_password_where_his_list_was_lost(centre: Centre) -> None:
    before = save_roster(centre, ROSTER, "liste.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T08:00")
    (centre.state.folder / "rosters/salle.json").write_text("{")
    after = save_roster(centre, ROSTER, "liste.csv")
    assert [one.password == was.password for one, was in zip(after, before, strict=True)] == [True, False, False]


def test_who_is_archived_and_expected_again_is_told_and_comes_under_another_number(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T08:00")
    centre.state.mark("salle", ROSTER.entries[0].key, archived="x.zip")
    now_is("2026-05-21T09:10")
    centre.engine.remove(station_named(centre, "poste-01").container)
    later = entry("1", "wordpress-a", 1, 11)
    for _ in range(2):  # as long as he is
        save_roster(centre, corrected(later, *ROSTER.entries[1:]), "liste.csv")
        (told,) = list_in(centre.state, "salle")["warnings"]
        assert told.startswith(
            "le candidat 1 (wordpress-a) est déjà archivé : aucun poste ne lui est préparé pour le 21/05"
        )
    again = replace(later, number="1-bis")
    save_roster(centre, corrected(again, ROSTER.entries[1]), "liste.csv")
    assert sits(centre, seating.assign_stations(centre)[0]) == "1-bis"


def sealed(
    centre: Centre, station: Station, name: str, taken_at: str, aside: str | None = None, *, real: bool = False
) -> None:
    """An archive of who sits there; these tests rehearse, and so does it but for a `real` one."""
    record, members = centre.state.record(station.container).document(), [{"name": LAYER}, {"name": DIGESTS}]
    manifest = manifest_document(
        files=[{**member, "bytes": 0, "sha256": ""} for member in members],
        station=station.name,
        place=station.place,
        subject=station.subject,
        stack=station.stack,
        taken_at=f"{taken_at}:00+02:00",
        sealed_at=f"{taken_at}:00+02:00",
        aside=aside,
        candidate=record["candidate"],
        clock=record["clock"],
        rehearsal=clock.rehearsed() and not real,
    )
    with zipfile.ZipFile(centre.state.archives / name, "w") as bundle:
        for member, body in ((MANIFEST, json.dumps(manifest)), (LAYER, ""), (DIGESTS, "")):
            bundle.writestr(member, body)


def test_who_is_archived_is_known_by_his_archive_where_the_list_was_lost(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    first, second = seating.assign_stations(centre)
    for station in (first, second):
        begin(centre, station, "2026-05-21T09:00")
    sealed(centre, first, "a.e5b.zip", "2026-05-21T09:41")
    sealed(centre, first, "b.e5b.zip", "2026-05-21T09:45", "reset")
    sealed(centre, second, "c.e5b.zip", "2026-05-21T09:10")  # not his last state
    sealed(centre, second, "e.e5b.zip", "2026-05-21T09:50", "reset", real=True)
    (centre.state.archives / "d.e5b.zip.age").write_bytes(b"age")
    now_is("2026-05-21T10:00")
    for station in (first, second):
        centre.engine.remove(station.container)
    (centre.state.folder / "rosters/salle.json").write_text("{")
    entries = save_roster(centre, ROSTER, "liste.csv")
    assert [(one.archived or None) for one in entries] == ["b.e5b.zip", None, None]
    (anew, unread, _) = list_in(centre.state, "salle")["warnings"]
    assert anew.startswith("la liste d'avant n'était plus lisible : qui n'a pas commencé a un nouveau mot de passe")
    assert unread.startswith("1 archive(s) ne disent pas sans clé de qui elles sont (d.e5b.zip.age)")
    (centre.state.folder / "rosters/salle.json").write_text("{")
    tomorrow = save_roster(centre, corrected(replace(entry("4", "wordpress-a", 1, 9), at=TOMORROW)), "jour2.csv")
    assert [(one.number, (one.archived or None)) for one in tomorrow] == [("1", "b.e5b.zip"), ("4", None)]
    (centre.state.folder / "rosters/salle.json").write_text("{")
    with pytest.raises(Refusal, match="est celui de NOM1 P, qui a commencé"):
        save_roster(centre, corrected(replace(ROSTER.entries[0], name="ÉVENOU", first_name="Noé")), "autre.csv")
    save_roster(centre, ROSTER, "liste.csv")
    assert [sits(centre, one) for one in seating.assign_stations(centre)] == ["3", "2"]


def test_a_list_that_is_read_as_an_archive_is_marked_loses_neither(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    with ThreadPoolExecutor(4) as pool:
        marks = [pool.submit(centre.state.mark, "salle", one.key, archived="x.zip") for one in ROSTER.entries]
        reads = [pool.submit(save_roster, centre, ROSTER, "liste.csv") for _ in range(6)]
        for mark in marks:
            mark.result()
        for read in reads:
            read.result()
    assert [one.state for one in seating.day_rows(centre)] == ["archivé"] * 3


def test_a_list_that_can_not_be_read_makes_place_for_the_one_that_is_given(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    spoilt = centre.state.folder / "rosters/salle.json"
    spoilt.write_text("{")
    assert len(save_roster(centre, ROSTER, "liste.csv")) == 3
    assert spoilt.with_name("salle.json.illisible").read_text() == "{"


@pytest.mark.parametrize(
    ("name", "first", "taken"), [("ÉVENOU", "Noé", True), ("NOM1", "Noé", False), ("NOME", "P", False)]
)
def test_a_number_of_who_has_begun_is_no_other_candidates(centre: Centre, name: str, first: str, taken: bool) -> None:
    save_roster(centre, ROSTER, "matin.csv")
    centre.state.mark("salle", ROSTER.entries[0].key, archived="x.zip")
    before = centre.state.roster("salle")
    other = replace(entry("1", "wordpress-a", 2, 14), name=name, first_name=first)
    if not taken:
        save_roster(centre, corrected(other), "soir.csv")
        (told,) = [line for line in list_in(centre.state, "salle")["warnings"] if "même personne" in line]
        assert f"était NOM1 P, soir.csv écrit {name} {first}" in told
        save_roster(centre, corrected(other), "soir.csv")
        assert not [line for line in list_in(centre.state, "salle")["warnings"] if "même personne" in line]
        return
    with pytest.raises(
        Refusal, match=r"Le numéro 1 .* est celui de NOM1 P, qui a commencé ; soir\.csv le donne à ÉVENOU Noé"
    ):
        save_roster(centre, corrected(other), "soir.csv")
    assert centre.state.roster("salle") == before


def named(number: str, name: str, first_name: str) -> Line:
    return replace(entry(number, "wordpress-a", int(number), 9), name=name, first_name=first_name)


def test_a_number_that_lost_its_zeros_is_the_same_candidates_until_he_begins_and_refused_from_then_on(
    centre: Centre,
) -> None:
    one = replace(entry("1", "wordpress-a", 1, 9), number="0241")
    whole, bare = corrected(one), corrected(replace(one, number="241"))
    before = save_roster(centre, whole, "liste.csv")
    after = save_roster(centre, bare, "excel.csv")
    assert [(was.number, was.password) for was in after] == [("241", before[0].password)]
    (told,) = list_in(centre.state, "salle")["warnings"]
    assert told.startswith("le numéro 0241 est écrit 241 dans excel.csv")
    save_roster(centre, whole, "liste.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    kept = centre.state.roster("salle")
    with pytest.raises(Refusal, match=r"excel\.csv écrit 241 le numéro de NOM1 P, qui a commencé avec le numéro 0241"):
        save_roster(centre, bare, "excel.csv")
    assert centre.state.roster("salle") == kept


@pytest.mark.parametrize(("number", "subject"), [("1", "wordpress-b"), ("12", "wordpress-a")])
def test_a_password_that_changes_with_the_subject_or_the_number_of_somebody_is_told(
    centre: Centre, number: str, subject: str
) -> None:
    (before,) = save_roster(centre, corrected(named("1", "MARTIN", "Léa")), "liste.csv")
    other = replace(named("1", "Martin", "Lea"), number=number, subject=subject)
    (after,) = save_roster(centre, corrected(other), "corrigée.csv")
    assert after.password != before.password
    (told,) = list_in(centre.state, "salle")["warnings"]
    assert (
        f"Martin Lea était le candidat 1 (wordpress-a), dans corrigée.csv c'est le candidat {number} ({subject})"
        in told
    )


TOMORROW = datetime(2026, 5, 22, 9, tzinfo=ZONE)
SIBLINGS = corrected(named("1", "MARTIN", "Léa"), named("2", "DURAND", "Léa"))


@pytest.mark.parametrize("kept", [True, False], ids=["list kept", "list lost"])
@pytest.mark.parametrize(
    ("entries", "taken"),
    [
        ([named("1", "DURAND", "Léa"), named("2", "MARTIN", "Léa")], True),
        ([named("1", "Martin", "Louise"), named("3", "MARTIN", "Lea")], True),
        ([named("1", "ÉVENOU", "Noé")], True),
        ([named("1", "MARTIN", "Louise"), named("2", "DURAND", "Léa")], False),
        ([named("1", "MARTIN", "Léa"), named("2", "MARTIN", "Léa")], False),
    ],
    ids=["swapped", "under another number", "nobody's", "corrected", "namesakes"],
)
def test_who_has_begun_keeps_his_number_whoever_has_a_name_of_his(
    centre: Centre, entries: list[Line], taken: bool, kept: bool
) -> None:
    save_roster(centre, SIBLINGS, "matin.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    if not kept:
        (centre.state.folder / "rosters/salle.json").write_text("{")
    with pytest.raises(Refusal, match=r"est celui de MARTIN Léa, qui a commencé") if taken else nullcontext():
        save_roster(centre, corrected(*entries), "soir.csv")


def test_a_number_goes_to_nobody_who_stood_under_another(centre: Centre) -> None:
    save_roster(centre, SIBLINGS, "matin.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    with pytest.raises(Refusal, match=r"soir\.csv le donne à DURAND Léa"):
        save_roster(centre, corrected(named("1", "DURAND", "Léa")), "soir.csv")


@pytest.mark.parametrize(
    ("entries", "anew"),
    [
        ([named("1", "ÉVENOU", "Noé"), named("2", "DURAND", "Léa")], {"1"}),
        ([named("1", "DURAND", "Léa"), named("2", "MARTIN", "Léa")], {"1", "2"}),
        ([named("1", "MARTIN", "Louise"), named("2", "DURAND", "Léa")], set()),
    ],
)
def test_who_gets_the_number_of_another_gets_a_password_of_his_own_and_a_new_sheet(
    centre: Centre, entries: list[Line], anew: set[str]
) -> None:
    before = {one.number: one.password for one in save_roster(centre, SIBLINGS, "matin.csv")}
    seated = {one.place: one.container for one in seating.assign_stations(centre)}
    after = {one.number: one.password for one in save_roster(centre, corrected(*entries), "soir.csv")}
    assert {number for number in after if after[number] != before[number]} == anew
    told = list_in(centre.state, "salle")["warnings"]
    assert {warning.split()[2] for warning in told if "mot de passe est nouveau" in warning} == anew
    again = {one.place: one.container for one in seating.assign_stations(centre)}
    assert {str(place) for place in again if again[place] != seated[place]} == anew


def test_an_edition_that_is_changed_reaches_whoever_has_not_begun_and_he_keeps_his_password(centre: Centre) -> None:
    before = save_roster(centre, SIBLINGS, "liste.csv")
    first, _ = seating.assign_stations(centre)
    begin(centre, first, "2026-05-21T09:00")
    centre = replace(centre, settings=Settings(editions={"wordpress": "wordpress-trial"}))
    after = save_roster(centre, SIBLINGS, "liste.csv")
    assert [one.stack for one in after] == ["wordpress-2024", "wordpress-trial"]
    assert [one.password for one in after] == [one.password for one in before]
    same, renewed = seating.assign_stations(centre)
    assert (same.container, same.stack) == (first.container, "wordpress-2024")
    assert (renewed.stack, sits(centre, renewed)) == ("wordpress-trial", "2")
    assert [one.container for one in seating.assign_stations(centre)] == [same.container, renewed.container]


def test_a_list_of_past_days_is_refused_with_both_dates_and_changes_nothing(centre: Centre) -> None:
    before = save_roster(centre, ROSTER, "liste.csv")
    last_year = corrected(*(replace(line, at=line.at.replace(year=2025)) for line in ROSTER.entries))
    with pytest.raises(
        Refusal, match=r"vieille\.csv n'a que des jours passés : le dernier est le 21/05/2025, et cette mac"
    ):
        save_roster(centre, last_year, "vieille.csv")
    assert centre.state.entries("salle") == tuple(before)


@pytest.mark.parametrize(("now", "refused"), [("2026-05-21T23:30", False), ("2026-05-22T06:00", True)])
def test_a_list_is_past_once_its_day_is_over_and_not_before(centre: Centre, now: str, refused: bool) -> None:
    now_is(now)
    with pytest.raises(Refusal, match="jours passés") if refused else nullcontext():
        save_roster(centre, ROSTER, "liste.csv")


def test_a_list_is_taken_again_the_day_after_for_the_work_that_is_there(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    begin(centre, seating.assign_stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-22T06:00")
    save_roster(centre, ROSTER, "liste.csv")
    (warning,) = [warning for warning in list_in(centre.state, "salle")["warnings"] if "jour est passé" in warning]
    assert warning.startswith("le jour est passé (21/05/2026) pour 2, 3, qui n'ont pas commencé")


def test_one_past_day_among_others_is_told_with_the_candidate(centre: Centre) -> None:
    wrong = replace(ROSTER.entries[2], at=datetime(2025, 5, 21, 10, tzinfo=ZONE))
    save_roster(centre, corrected(*ROSTER.entries[:2], wrong), "liste.csv")
    warnings = list_in(centre.state, "salle")["warnings"]
    assert [warning for warning in warnings if warning.startswith("le jour est passé (21/05/2025) pour 3, ")]
