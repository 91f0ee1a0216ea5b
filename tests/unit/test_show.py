"""What the terminal shows of an examination."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from provisioner.cli import show
from provisioner.core.model import Conformity, Credentials, Station
from provisioner.examination.document import ExaminationDocument
from provisioner.host.editions import load_stacks
from provisioner.host.fingerprint import maker_of


def document(observed: str, **changed: Any) -> ExaminationDocument:
    found = {"fact": "wordpress.contenu.publier/publier", "verdict": "not_met", "observed": observed}
    whole = {
        "station": "poste-01",
        "subject": "wordpress-a",
        "taken_at": "2026-11-24T14:04:00+00:00",
        "seconds": 3.2,
        "differs": [],
        "official": True,
        "report": "report.html",
        "questions": [{"number": 1, "checks": [{"findings": [found]}]}],
        **changed,
    }
    return cast(ExaminationDocument, whole)


def printed(observed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(show.out, "_width", 300)
    show.findings(document(observed))
    return capsys.readouterr().out


def test_what_is_too_long_ends_after_a_whole_word_and_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed("constats " * 30, capsys, monkeypatch)
    assert "constats constats …" in text
    assert text.count("constats") == 11


def test_why_something_is_at_fault_is_said_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show.out, "_width", 300)
    fact = "wordpress.contenu.publier/publier"
    broken = [{"fact": fact, "verdict": "broken", "observed": "Le contrôle s’est arrêté."}] * 3
    missing = [{"fact": fact, "verdict": "not_met", "observed": "rien"}] * 2
    checks = [{"findings": broken + missing}, {"findings": broken}]
    show.findings(document("", questions=[{"number": 1, "checks": checks}]))
    text = capsys.readouterr().out
    assert (text.count("Le contrôle s’est arrêté."), text.count("pour la même raison"), text.count("rien")) == (1, 5, 2)


@pytest.mark.parametrize(
    ("known", "words"), [({}, "arrêté"), ({"ended": True}, "arrêté"), ({"ended": False}, "tel qu'il était")]
)
def test_work_that_goes_on_is_not_said_to_have_stopped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, known: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(show.out, "_width", 300)
    show.findings(document("rien", **known))
    assert f"travail {words} le 24/11/2026" in capsys.readouterr().out


def test_what_is_short_is_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed("un brouillon\n « Le salon » [b]", capsys, monkeypatch)
    assert "un brouillon « Le salon » [b]" in text
    assert "…" not in text


def test_what_a_candidate_wrote_commands_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed("« \x1b[2J\x9b2J\u202eSalon »", capsys, monkeypatch)
    assert "« [U+001B][2J[U+009B]2J[U+202E]Salon »" in text
    assert not {"\x1b", "\x9b", "\u202e"} & set(text)


def test_a_document_for_programs_commands_no_terminal_either(capsys: pytest.CaptureFixture[str]) -> None:
    show.as_json({"observed": "\x1b[2J\x9b2J é"})
    text = capsys.readouterr().out
    assert not {"\x1b", "\x9b"} & set(text)
    assert json.loads(text) == {"observed": "\x1b[2J\x9b2J é"}


def test_two_images_of_one_edition_are_told_apart_with_the_stations_of_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show.out, "_width", 300)
    first = Station(
        "poste-01",
        1,
        "salle",
        "wordpress-2024",
        "wordpress-a",
        "http://x",
        "sha256:a",
        "c1",
        "prêt",
        Conformity(),
        datetime.now(UTC),
        {},
        maker_of("wordpress-2024"),
    )
    other = Conformity(("astra 4.5.2 : remplacée",))
    second = replace(
        first, name="poste-02", golden="sha256:b", conformity=other, built_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    show.stations([first, second, replace(second, name="poste-03")])
    _, of_first, of_second = capsys.readouterr().out.split(load_stacks()["wordpress-2024"].title)
    assert of_first.split() == ["—", "poste-01", "Versions", "conformes."]
    assert of_second.startswith(" — poste-02, poste-03")
    assert "NON conformes" in of_second
    assert "astra 4.5.2 : remplacée" in of_second
    assert "Cette image date du 01/01/2026" in of_second


def test_a_terminal_too_narrow_for_a_password_cuts_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show.out, "_width", 60)
    user, password, address = "candidat@biscuiterie.examen.invalid", "ep77huzvabcd", "http://localhost:8301"
    one = Station(
        "poste-01",
        1,
        "salle",
        "prestashop-2024",
        "prestashop-a",
        address,
        "sha256:a",
        "c1",
        "prêt",
        Conformity(),
        datetime.now(UTC),
        {},
    )
    show.stations([one], {"poste-01": Credentials(user, password)})
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("poste-01"))
    assert row.split() == ["poste-01", address, user, password, "prestashop-a", "prêt"]


def test_several_examinations_are_one_line_each_within_80_columns_and_what_differs_is_said_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show.out, "_width", 80)
    facts = [{"verdict": verdict} for verdict in ["met"] * 12 + ["not_met"] * 3 + ["to_judge"] * 2 + ["broken"]]
    same: dict[str, Any] = {
        "stack_title": "WordPress 6.4.2, thème Astra",
        "differs": ["wordpress 6.4.2 : remplacée."],
        "questions": [{"checks": [{"findings": facts}]}, {"checks": []}],
    }
    folder = "/srv/state/e5b/reports/salle"
    documents = [
        document(
            "",
            **same,
            station=f"poste-{number:02}",
            candidate={"number": f"024112{number}", "name": "LE BRAS", "first_name": "Anaïs"},
            report=f"{folder}/poste-{number:02}/20261129-234722/report.html",
        )
        for number in range(1, 11)
    ]
    documents[8]["candidate"] = {"number": "9", "name": "\x1b[2J", "first_name": "Anaïs"}
    documents[9]["candidate"] = None
    show.examinations(documents, several=True)
    printed = capsys.readouterr().out
    rows = [line for line in printed.splitlines() if "20261129" in line]
    assert [line.split()[0] for line in rows] == [one["station"] for one in documents]
    for line, one in zip(rows[:8], documents, strict=False):
        assert one["candidate"] is not None
        for words in (one["candidate"]["number"], "LE BRAS", "Anaïs", f"{one['station']}/20261129-234722"):
            assert words in line
        assert re.search(r"\s12\s+3\s+3\s+1\s", line)  # a question without a check is to judge
    assert "—" in rows[9]
    assert max(map(len, printed.splitlines())) <= 80
    assert "✓ réalisé · ✗ non réalisé · ? à apprécier · ! en défaut" in printed
    assert f"Rapport : report.html dans ce dossier de {folder}" in printed
    assert printed.count("Versions NON conformes") == 1
    assert printed.count("wordpress 6.4.2 : remplacée.") == 1
    assert "\x1b[2J" not in printed


def test_an_examination_of_nothing_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show.examinations([], several=True)
    assert capsys.readouterr().out == ""
