"""Examinations, proofs and the demonstration that are cut short: one sentence, and nothing half done."""

import json
import signal
from pathlib import Path

import pytest

from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from tests.command import Program, interrupting, small_disk

INTERRUPTED = "Interrompu : rien n'est resté à moitié fait, relancez la commande quand vous voudrez."


def untouched(centre: Centre, station: Station) -> None:
    """Nothing of an examination is left, and the station is the same."""
    assert [one.id for one in centre.engine.containers(kind="station", room=centre.room.name)] == [station.container]
    assert not centre.engine.containers(kind="copy", room=centre.room.name)
    assert not centre.engine.images(kind="copy", room=centre.room.name)
    assert [name for name in centre.engine.networks(kind="network", room=centre.room.name) if "copie" in name] == []
    assert not [path for path in (centre.state.folder / "reports").rglob("*") if path.is_file()]
    assert not list((centre.state.folder / "locks").glob("*.holder"))


@pytest.mark.parametrize(("by", "times", "everyone"), [(signal.SIGINT, 3, True), (signal.SIGTERM, 1, False)])
def test_an_examination_interrupted_leaves_neither_copy_nor_report(
    program: Program, centre: Centre, trial_station: Station, by: int, times: int, everyone: bool
) -> None:
    ran = program.interrupted("check", "poste-01", at="published_content", by=by, times=times, everyone=everyone)
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    untouched(centre, trial_station)
    if everyone:
        assert program.run("check", "poste-01").code == 1  # nothing was done: as ever


def test_a_station_that_cannot_be_examined_does_not_keep_the_others_back(
    program: Program, centre: Centre, trial: Golden
) -> None:
    first, second = up(centre, 2, ["wordpress-a"], trial)
    with centre.state.holding(centre.room.name, second.name, "reset"):
        ran = program.run("check", "--all", "--json")
    document = json.loads(ran.out)
    assert ran.code == document["exit"] == 2
    assert [one["station"] for one in document["stations"]] == [first.name]
    assert Path(document["stations"][0]["report"]).is_file()
    assert ran.sentence == document["error"]
    assert ran.sentence.startswith("poste-02 est occupé par « e5b reset »")


def test_a_full_disk_of_the_reports_is_told_and_leaves_no_half_of_one(
    program: Program, centre: Centre, trial_station: Station, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "full", 6) as full:
        (centre.state.folder / "reports").symlink_to(full)
        ran = program.run("check", "poste-01")
        assert ran.code == 3
        assert "est plein : libérez de la place, puis relancez la commande" in ran.sentence
        assert f"{centre.state.folder}/reports" in ran.sentence
        assert not [path for path in full.rglob("*") if path.is_file()]
    untouched(centre, trial_station)


def test_without_a_place_for_the_browser_or_without_a_browser_nothing_is_examined(
    program: Program, centre: Centre, trial_station: Station, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "full", 0) as full:
        ran = program.changed(f"from provisioner.examination import browser\nbrowser.TEMPORARY = {str(full)!r}").run(
            "check", "poste-01"
        )
        assert ran.code == 3
        assert f"Le disque de {full} est plein : libérez de la place" in ran.sentence
        ran = program.changed(TMPDIR=str(full)).run("check", "poste-01")
        assert ran.code == 3
        assert f"le disque de {full} est plein : libérez de la place" in ran.sentence
    none = "import shutil\nfrom provisioner.examination import browser\nbrowser.SHARED = browser.Path('/nowhere')\nreal = shutil.which\n"
    none += "shutil.which = lambda name, **rest: None if 'chrom' in name else real(name, **rest)"
    ran = program.changed(none, PLAYWRIGHT_BROWSERS_PATH="/nowhere").run("check", "poste-01")
    assert ran.code == 3
    assert ran.sentence == "Aucun navigateur Chromium n'est installé ; lancez : e5b doctor --fix."
    untouched(centre, trial_station)


def test_a_proof_interrupted_takes_its_room_down(program: Program, engine: Engine) -> None:
    ran = program.changed(interrupting("proof.worker", "reset")).run(
        "prove", "--functionality", "wordpress.navigation.reglages"
    )
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert not engine.containers(kind="*", room=f"preuve-{ran.process}")
    assert not engine.networks(kind="network", room=f"preuve-{ran.process}")


def test_the_demonstration_interrupted_takes_its_station_down(program: Program, centre: Centre, trial: Golden) -> None:
    first = f"from provisioner.demo import demonstration as demo\ndemo.ROOM = {centre.room.name!r}"
    golden = "from provisioner.build.stacks import golden_of\ndemo.build = lambda engine, stack, *rest: golden_of(engine, stack)"
    ran = program.changed(f"{first}\n{golden}").interrupted("demo", "--stack", trial.stack, at="le candidat robot")
    assert (ran.code, ran.sentence) == (130, INTERRUPTED)
    assert not centre.engine.containers(kind="*", room=centre.room.name)
    assert not centre.engine.networks(kind="network", room=centre.room.name)
