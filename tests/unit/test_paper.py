"""What the commission gets on paper: every field of the circular, filled with what is known and with nothing else."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.clock import ClockEntry
from provisioner.core.errors import UnknownName
from provisioner.core.model import Conformity, Credentials, Golden
from provisioner.core.records import RosterEntry, RosterRecord, SittingRecord
from provisioner.engine.protocol import ContainerSpec
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.junit import junit
from provisioner.host.editions import cms_name
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.papers.marking import Known, events_in_french, forms, write_forms
from provisioner.papers.printing import page
from provisioner.papers.sheets import subject_name, subject_page
from provisioner.station.centre import Centre
from provisioner.station.state import State
from provisioner.subject.subjects import load_subject
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import bundle

ZONE = ZoneInfo("Europe/Paris")
ENTRY = {
    "key": "k",
    "number": "0241123",
    "name": "LE <GOFF>",
    "first_name": "Maëlle",
    "commission": "3",
    "subject": "wordpress-a",
    "place": 1,
    "station": "poste-01",
    "at": "2024-05-21T09:00:00+02:00",
    "stack": "wordpress-2024",
    "user": "candidat",
    "password": "abcdefghjk",
}
LISTED = RosterEntry.model_validate(ENTRY)
#: Annex VI-4, in order.
FIELDS = [
    "BTS Négociation et Digitalisation de la Relation Client",
    "E5 B – RELATION CLIENT À DISTANCE ET DIGITALISATION – PARTIE PRATIQUE",
    "Durée 40 mn - Coefficient 2",
    "FICHE D’ÉVALUATION - SESSION 2024",
    "NOM du candidat",
    "Prénom du candidat",
    "N° Candidat",
    "N° COMMISSION",
    "Date",
    "SUJET CMS :",
    "WordPress A / PrestaShop …",
    "(préciser la lettre du sujet)",
    "Appréciation globale de la commission",
    "Nom et signature des examinateurs",
    "NOTE sur 20",
    "Ce document d’évaluation peut être communiqué au candidat, à sa demande, après délibération du jury.",
]


def report(verdict: str = "not_met", fact: str = "wordpress.contenu.publier/modifier une page") -> ExaminationDocument:
    finding = {"fact": fact, "verdict": verdict, "expected": "ceci", "observed": "cela <b>", "evidence": []}
    check = {
        "id": "wordpress.contenu.published_content",
        "title": "t",
        "skill": "s",
        "acts": False,
        "findings": [finding],
    }
    document = {
        "station": "poste-01",
        "subject": "wordpress-a",
        "taken_at": "2024-05-21T09:41:00+02:00",
        "seconds": 8.5,
        "differs": [],
        "questions": [{"number": 1, "text": "q", "criterion": "c", "checks": [check]}],
    }
    return cast(ExaminationDocument, document)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    golden = Golden("wordpress-2024", "sha256:a", datetime(2024, 5, 1, tzinfo=UTC), Conformity(("thème : autre",)), {})
    monkeypatch.setattr("provisioner.papers.marking.golden_for", lambda *_: golden)
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), ZONE)
    return Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def test_each_subject_of_a_candidate_keeps_its_own_report(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [
        {**ENTRY, "number": "12/34", "subject": subject, "key": subject} for subject in ("wordpress-a", "prestashop-a")
    ]
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": both}))
    monkeypatch.setattr(
        "provisioner.papers.marking._facts_of", lambda _, entry, *__: (Known(report=report()), entry.subject.encode())
    )
    monkeypatch.setattr("provisioner.papers.marking.write_pdfs", list)
    monkeypatch.setattr("provisioner.papers.marking.write_together", lambda path, _: path)
    written, errors = write_forms(centre)
    assert errors == []
    assert {path.parent.name for path in written} == {"commission-3"}
    for subject in ("wordpress-a", "prestashop-a"):
        (told,) = [path for path in written if path.name == f"12-34-{subject}-2024-05-21-rapport.html"]
        assert told.read_text() == subject
        aid = told.with_name(f"12-34-{subject}-2024-05-21-grille-aide.html").read_text()
        assert f'href="{told.name}' in aid


@pytest.mark.parametrize(("stack", "session"), [("wordpress-2024", "2024"), ("wordpress-trial", "2026")])
def test_the_form_has_the_session_of_the_edition_or_the_year_of_a_trial(
    centre: Centre, stack: str, session: str
) -> None:
    listed = RosterEntry.model_validate({**ENTRY, "at": "2026-05-21T09:00:00+02:00", "stack": stack})
    assert f"FICHE D’ÉVALUATION - SESSION {session}" in forms(centre, listed, Known(), "")["fiche"]


def test_another_sitting_of_a_candidate_takes_nothing_from_the_forms_of_the_first(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = {**ENTRY, "key": "l", "at": "2024-05-22T09:00:00+02:00"}
    archived(centre, ENTRY, "x.zip", "vu le premier jour")
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": [{**ENTRY, "archived": "x.zip"}, again]}))
    first, second = aids(centre, monkeypatch)
    assert "vu le premier jour" in first
    assert "vu le premier jour" not in second


def archived(centre: Centre, entry: dict[str, Any], name: str, observed: str, *happened: str) -> None:
    """An archive, with a report in which this was observed."""
    events = [{"at": START["at"], "what": one} for one in happened]
    report = {"report/report.json": json.dumps(observing(observed)).encode(), "report/report.html": observed.encode()}
    told: dict[str, Any] = {"candidate": entry, "clock": [START], "events": events, "report": "report/report.html"}
    bundle(centre.state.archives / name, members=report, **told)


def seated(centre: Centre, entry: dict[str, Any], observed: str, *happened: str, **more: Any) -> None:
    """A container of a candidate's, whose last report observed this."""
    labels = {"e5b.kind": "station", "e5b.room": "salle", "e5b.station": entry["station"], "e5b.place": "1"}
    container = centre.engine.create(ContainerSpec(f"poste-{observed}", "image", labels))
    folder = centre.state.report_folder("salle", entry["station"], datetime.now(UTC))
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(observing(observed)))
    (folder / "report.html").write_text(observed)
    events = [{"at": START["at"], "what": one} for one in happened]
    told: dict[str, Any] = {"candidate": entry, "clock": [START], "events": events, "reports": [str(folder)]}
    centre.state.keep(container, Credentials("a", "b"), {**told, **more})


START = {"at": "2024-05-21T09:00:00+02:00", "what": "start", "minutes": 40}
ASIDE = "2024-05-21T09:50:00+02:00"


def observing(observed: str) -> ExaminationDocument:
    document = report()
    document["questions"][0]["checks"][0]["findings"][0]["observed"] = observed
    return document


def aids(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The marking aids, as they are written."""
    monkeypatch.setattr("provisioner.papers.marking.write_pdfs", list)
    monkeypatch.setattr("provisioner.papers.marking.write_together", lambda path, _: path)
    return [words(path.read_text()) for path in write_forms(centre)[0] if path.name.endswith("grille-aide.html")]


def test_a_check_or_a_rewind_after_the_archive_is_what_the_forms_tell(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived(centre, ENTRY, "x.zip", "vu avant")
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": [{**ENTRY, "archived": "x.zip"}]}))
    (aid,) = aids(centre, monkeypatch)
    assert "vu avant" in aid
    seated(centre, ENTRY, "vu après", "replace")
    (aid,) = aids(centre, monkeypatch)
    assert "vu après" in aid
    assert "vu avant" not in aid
    assert "le poste a été remplacé" in aid


def test_forms_say_where_what_they_tell_was_seen_before_the_end(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": [ENTRY]}))
    seated(centre, ENTRY, "vu", clock=[{**START, "at": observing("")["taken_at"]}])
    (aid,) = aids(centre, monkeypatch)
    assert "avant la fin du temps : à examiner de nouveau" in aid
    for one in centre.engine.containers(kind="station", room="salle"):
        centre.state.note(one.id, clock=[START])
    (aid,) = aids(centre, monkeypatch)
    assert "avant la fin du temps" not in aid


def test_an_archive_that_was_examined_later_has_that_report(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    archived(centre, ENTRY, "x.zip", "vu avant")
    folder = centre.state.report_folder("salle", "poste-01", datetime.now(UTC))
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(observing("vu plus tard")))
    (folder / "report.html").write_text("vu plus tard")
    for of, seen in (("x.zip", "vu plus tard"), ("another.zip", "vu avant")):
        examined = {"archive": of, "report": str(folder)}
        centre.state.keep_roster(
            "salle", RosterRecord.model_validate({"entries": [{**ENTRY, "archived": "x.zip", "examined": examined}]})
        )
        (aid,) = aids(centre, monkeypatch)
        assert seen in aid
    shutil.rmtree(folder)  # purged
    (aid,) = aids(centre, monkeypatch)
    assert "vu avant" in aid


def test_of_what_was_set_aside_the_forms_tell_the_candidates_last_state(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": [ENTRY]}))
    seated(centre, ENTRY, "avant le retour", aside={"at": ASIDE, "why": "rewind"})
    seated(centre, ENTRY, "à la fin", "rewind", aside={"at": ASIDE, "why": "reset"})
    (aid,) = aids(centre, monkeypatch)
    assert "à la fin" in aid
    assert "avant le retour" not in aid


def words(html: str) -> str:
    text = re.sub(r"(?s)<style>.*?</style>|<title>.*?</title>", "", html)
    return " ".join(re.sub(r"\s*<(?!br)[^>]*>\s*", " ", re.sub(r"</?b>", "", text)).replace("<br>", " ").split())


def test_the_evaluation_sheet_has_every_field_of_the_circular_in_its_order(centre: Centre) -> None:
    text = words(forms(centre, LISTED, Known(report=report()), "")["fiche"])
    places = [text.find(field) for field in FIELDS]
    assert -1 not in places, FIELDS[places.index(-1)]
    assert places == sorted(places)
    assert "LE &lt;GOFF&gt;" in text
    assert "21/05/2024" in text


def test_the_mark_the_appreciation_and_the_signatures_stay_blank(centre: Centre) -> None:
    html = forms(centre, LISTED, Known(report=report("met")), "")["fiche"]
    for kind, lines in (("open", 1), ("sign", 2)):
        assert re.findall(rf'<td class="{kind}">(.*?)</td>', html) == [""] * lines
    assert re.findall(r'<td class="mark">(.*?)</td>', html) == ["/ 20"]


def test_the_marking_aid_has_each_question_with_four_levels_left_to_tick(centre: Centre) -> None:
    html = forms(centre, LISTED, Known(report=report()), "rapport.html")["grille"]
    assert html.count('<span class="box">') == 5 * 4
    text = words(html)
    for question in load_subject("wordpress-a").questions:
        assert question.criterion in text
        for wanted in question.wanted:
            assert wanted.skill in text
    assert "non réalisé" in text
    assert "cela &lt;b&gt;" in text
    assert 'href="rapport.html"' in html
    assert [f'href="rapport.html#q{number}"' in html for number in range(1, 6)] == [True] * 5  # see report.html.j2


def test_facts_of_which_the_same_was_observed_are_one_line_of_the_marking_aid_and_each_is_named(
    centre: Centre,
) -> None:
    examined = report()
    check = examined["questions"][0]["checks"][0]
    other, judged = check["findings"][0].copy(), check["findings"][0].copy()
    other["fact"] = "wordpress.contenu.liens/lien interne"
    judged["fact"], judged["verdict"] = "wordpress.contenu.rediger/langue (à apprécier)", "to_judge"
    check["findings"] += [other, judged]
    html = forms(centre, LISTED, Known(report=examined), "")["grille"]
    assert html.count("<li>") == 2
    text = words(html).replace("\xa0", " ")
    assert "non réalisémodifier une page, lien interne : cela" in text
    assert "à apprécierlangue : cela" in text
    assert "comme sur le site de départ" not in text
    check["as_seeded"] = True
    text = words(forms(centre, LISTED, Known(report=examined), "")["grille"])
    assert text.count("comme sur le site de départ") == 1
    assert "non réalisémodifier une page, lien interne : cela" in text.replace("\xa0", " ")


def test_a_site_that_was_not_examined_or_does_not_conform_is_told(centre: Centre) -> None:
    text = words(forms(centre, LISTED, Known(), "")["grille"])
    assert "n’a pas été contrôlé" in text
    assert "Versions NON conformes : thème : autre" in text.replace("\xa0", " ")


def test_what_happened_in_the_sitting_is_told_to_the_jury() -> None:
    sitting = SittingRecord.model_validate(
        {
            "events": [
                {
                    "at": "2024-05-21T09:20:00+02:00",
                    "what": "rewind",
                    "to": "2024-05-21T09:15:00+02:00",
                    "why": "site effacé",
                },
                {"at": "2024-05-21T09:30:00+02:00", "what": "extra", "minutes": 5},
            ]
        }
    )
    first, second = events_in_french(Known(events=sitting.events), ZONE)
    assert "9\xa0h\xa020" in first
    assert "9\xa0h\xa015" in first
    assert "site effacé" in first
    assert "5 minutes de plus" in second
    begun = ClockEntry(at=datetime.fromisoformat("2024-05-21T09:00:00+02:00"), what="start", minutes=40)
    assert events_in_french(Known((begun,)), ZONE) == []
    (early,) = events_in_french(Known((begun.model_copy(update={"why": "arrivé en avance"}),)), ZONE)
    assert early.endswith("pour 40 minutes (arrivé en avance)")


def test_a_candidates_sheet_holds_his_access_and_a_code_without_the_password() -> None:
    one = {
        **ENTRY,
        "address": "http://localhost:8101",
        "office": "/wp-admin/",
        "warnings": [],
        "qr": "<svg/>",
        "subject_title": "WordPress A, titre",
    }
    text = page("candidate", ZONE, candidates=[one])
    for value in ("0241123", "http://localhost:8101/wp-admin/", "candidat", "abcdefghjk", "<svg/>", "LE &lt;GOFF&gt;"):
        assert value in text


def test_a_subject_is_printed_with_all_its_questions_and_annexes(centre: Centre) -> None:
    text = words(subject_page(centre, load_subject("wordpress-a"), "wordpress-2024"))
    assert text.count("Question ") == 5
    assert "Session 2024 — Durée 40 mn" in text
    assert "Session" not in words(subject_page(centre, load_subject("wordpress-a"), "wordpress-trial"))
    assert "Annexe 2 – L’arborescence du menu principal" in text
    assert (subject_name("wordpress-a"), cms_name("prestashop")) == ("WordPress A", "PrestaShop")


@pytest.mark.parametrize(
    ("verdict", "element"),
    [("met", None), ("not_met", "failure"), ("to_judge", "skipped"), ("blocked", "error"), ("broken", "error")],
)
def test_junit_says_whose_fault_it_is(verdict: str, element: str | None) -> None:
    (suite,) = ElementTree.fromstring(junit([report(verdict)]))
    (case,) = suite
    assert [child.tag for child in case] == ([element] if element else [])
    counted = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    assert counted == {
        "tests": 1,
        "failures": verdict == "not_met",
        "errors": element == "error",
        "skipped": verdict == "to_judge",
    }


def test_junit_tells_candidates_by_their_numbers_and_by_nothing_else() -> None:
    who = {"number": "0241123", "name": "LE GOFF", "first_name": "Maëlle"}
    written = junit([cast(ExaminationDocument, {**report(), "candidate": who})])
    (suite,) = ElementTree.fromstring(written)
    (known,) = suite.findall("properties/property")
    assert known.attrib == {"name": "candidate", "value": "0241123"}
    assert "GOFF" not in written.decode()


def test_junit_takes_whatever_a_candidate_wrote() -> None:
    document = report()
    document["questions"][0]["checks"][0]["findings"][0]["observed"] = "a\x00b\ud800c]]>"
    assert "a\ufffdb\ufffdc]]>" in ElementTree.fromstring(junit([document]))[0][0][0].text  # type: ignore[operator]


def test_an_archive_that_is_not_there_keeps_no_other_candidate_from_his_sheets(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"1": "un.e5b.zip", "2": "deux.e5b.zip", "3": "trois.e5b.zip"}
    both = [{**ENTRY, "number": number, "key": number, "archived": name} for number, name in names.items()]
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": both}))
    archived(centre, both[0], "un.e5b.zip", "vu")
    (centre.state.archives / "trois.e5b.zip").write_bytes(b"PK")
    monkeypatch.setattr("provisioner.papers.marking.write_pdfs", list)
    monkeypatch.setattr("provisioner.papers.marking.write_together", lambda path, _: path)
    written, errors = write_forms(centre)
    assert any(path.name == "1-wordpress-a-2024-05-21-grille-aide.html" for path in written)
    assert len(errors) == 2
    assert "deux.e5b.zip" in str(errors[0])
    assert "trois.e5b.zip ne peut pas servir" in str(errors[1])


def test_where_archives_are_encrypted_the_forms_are_written_from_what_the_list_kept(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = centre.state.report_folder("salle", "poste-01", datetime.now(UTC))
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(observing("vu sur le poste")))
    (folder / "report.html").write_text("vu")
    kept = {"clock": [START], "events": [], "reports": [str(folder)]}
    unknown = {**ENTRY, "number": "2", "key": "l", "archived": "x.e5b.zip.age"}
    centre.state.keep_roster(
        "salle",
        RosterRecord.model_validate({"entries": [{**ENTRY, "archived": "x.e5b.zip.age", "kept": kept}, unknown]}),
    )
    (centre.state.archives / "x.e5b.zip.age").write_bytes(b"age-encryption.org/v1\n")
    (told,) = aids(centre, monkeypatch)
    assert "vu sur le poste" in told
    assert ["--identity" in str(error) for error in write_forms(centre)[1]] == [True]
    assert len(write_forms(centre, identity=folder / "aucune.txt")[1]) == 2
    shutil.rmtree(folder)
    assert len(write_forms(centre)[1]) == 2


def test_an_absent_candidate_whose_edition_is_not_built_keeps_no_other_from_his_sheets(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unbuilt(*_: object) -> Golden:
        raise UnknownName("L'image de wordpress-2024 n'est pas construite.")

    absent, unknown = {**ENTRY, "number": "2", "key": "l"}, {**ENTRY, "number": "3", "key": "m", "subject": "autre-z"}
    centre.state.keep_roster(
        "salle", RosterRecord.model_validate({"entries": [absent, unknown, {**ENTRY, "archived": "x.zip"}]})
    )
    archived(centre, ENTRY, "x.zip", "vu")
    monkeypatch.setattr("provisioner.papers.marking.golden_for", unbuilt)
    monkeypatch.setattr("provisioner.papers.marking.write_pdfs", list)
    monkeypatch.setattr("provisioner.papers.marking.write_together", lambda path, _: path)
    written, errors = write_forms(centre)
    assert {path.name.partition("-")[0] for path in written} == {"0241123", "toutes"}
    assert [type(error) for error in errors] == [UnknownName, UnknownName]


def test_no_form_tells_of_the_work_of_another_who_has_a_name_in_common(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    lea, other = {**ENTRY, "name": "MARTIN"}, {**ENTRY, "name": "DURAND", "number": "0241124", "key": "l"}
    archived(centre, lea, "un.e5b.zip", "vu")
    swapped = [{**lea, "name": "DURAND", "archived": "un.e5b.zip"}, {**other, "name": "MARTIN"}]
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": swapped}))
    monkeypatch.setattr("provisioner.papers.marking.write_pdfs", list)
    monkeypatch.setattr("provisioner.papers.marking.write_together", lambda path, _: path)
    _, errors = write_forms(centre)
    assert ["l'archive de MARTIN Maëlle, et non de DURAND Maëlle" in str(one) for one in errors] == [True]
