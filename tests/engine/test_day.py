"""From the list of candidates to the next one at the same station, by the commands that a technician gives."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provisioner.engine.protocol import Engine
from provisioner.station.centre import Centre, station_named
from tests.cms import browsing, cms_of
from tests.command import Program
from tests.unit.exam_room import list_in

TITLES = "N°;NOM;Prénom;Commission;Sujet;Poste;Date;Heure"
#: To come, whenever this runs: a list of past days is refused.
DAY = f"21/05/{datetime.now(UTC).year + 1}"
LIST = [
    f"0241123;LE GOFF;Maëlle;3;WordPress A;1;{DAY};9h00",
    f"0241124;ÉVENOU;Noé;3;WP A;poste-02;{DAY};9h00",
    f"0241125;SALAÜN;Inès;3;WordPress A;1;{DAY};10h00",
]


def write(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([TITLES, *rows]), encoding="cp1252")
    return path


def told(program: Program, *words: str) -> dict[str, Any]:
    ran = program.run(*words, "--json")
    assert ran.code == 0, ran.err
    document: dict[str, Any] = json.loads(ran.out)
    return document


def states(document: dict[str, Any]) -> dict[str, str]:
    return {one["number"]: one["state"] for one in document["candidates"]}


def test_a_list_becomes_a_room_and_each_station_goes_from_its_candidate_to_the_next(
    centre: Centre, engine: Engine, program: Program, tmp_path: Path
) -> None:
    wrong = program.run("up", "--roster", str(write(tmp_path / "fausse.csv", [LIST[0], "1;;X;3;WP Z;9;31/02/2024;9h"])))
    assert wrong.code == 2
    assert [f"« {word} »" in wrong.err for word in ("nom", "WP Z", "9", "31/02/2024")] == [True] * 4
    assert engine.containers(kind="*", room=centre.room.name) == []

    seated = told(program, "up", "--roster", str(write(tmp_path / "liste.csv", LIST)))
    assert states(seated) == {
        "0241123": "attendu, poste prêt",
        "0241124": "attendu, poste prêt",
        "0241125": "à venir",
    }
    first = station_named(centre, "poste-01")
    another_day = program.run("start", "poste-01")
    assert another_day.code == 2
    assert "« e5b start poste-01 --why RAISON »" in another_day.err
    told(program, "start", "poste-01", "--why", "répétition")
    done = engine.run(first.container, ["bash", "-c", "echo travail >/var/www/html/travail.txt"], user="www-data")
    assert done.status == 0, done.stderr

    too_soon = program.run("reset", "poste-01")
    assert too_soon.code == 2
    assert "poste-01 sert à un candidat jusqu'à" in too_soon.err
    assert station_named(centre, "poste-01").container == first.container
    told(program, "stop", "poste-01")
    handed = told(program, "reset", "poste-01")
    assert [one["proof"] for one in handed["stations"]] == ["comparaison complète"]  # by the spare
    assert handed["unexamined"] == ["poste-01"]
    assert [(one["candidate"], one["verified"]) for one in handed["archives"]] == [("0241123", True)]
    assert states(told(program, "day")) == {
        "0241123": "archivé",
        "0241124": "attendu, poste prêt",
        "0241125": "attendu, poste prêt",
    }

    told(program, "start", "poste-01", "--why", "répétition")
    entry = next(one for one in list_in(centre.state, centre.room.name)["entries"] if one["number"] == "0241125")
    renewed = station_named(centre, "poste-01")
    mine = centre.state.credentials(renewed.container)
    assert mine is not None
    assert (mine.user, mine.password) == (entry["user"], entry["password"])
    with browsing(renewed.address) as client:
        assert cms_of(renewed.stack).inside in cms_of(renewed.stack).sign_in(client, mine).text
        assert client.get("/travail.txt").status_code == 404
    assert told(program, "archive", "verify")["archives"][0]["candidate"] == "0241123"
