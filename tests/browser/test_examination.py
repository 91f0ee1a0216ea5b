"""From a candidate's work to the verdicts, on real stations and in real browsers."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from playwright.sync_api import Browser

from provisioner.archive.archiving import put_away
from provisioner.build.driver import driver_of
from provisioner.core.errors import Refusal
from provisioner.core.model import Finding, Golden, Station, Verdict, worst
from provisioner.exam.working_time import start
from provisioner.examination import run_checks
from provisioner.examination.again import rests_on_other_data
from provisioner.examination.asked import VISITOR
from provisioner.examination.browser import Examiner, candidate_browser, examining_browser, new_context
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.evidence import Evidence
from provisioner.examination.examine import examine, verdicts
from provisioner.examination.examine_archive import examine_archive
from provisioner.examination.run_checks import findings
from provisioner.examination.site import CandidateDesk, CopySite
from provisioner.host.editions import stack_named
from provisioner.proof.prove import prove
from provisioner.station.centre import Centre, stations
from provisioner.station.copies import copied, frozen
from provisioner.station.lifecycle import reset, up
from provisioner.subject.check import Check, Site, finding
from provisioner.subject.functionalities import fact
from provisioner.subject.subjects import Subject, checks_of, load_subject
from tests.cms import cms_of

TITLE = fact("wordpress.apparence.identite", "titre")


@pytest.fixture
def examining(centre: Centre, station: Station) -> Iterator[Examiner]:
    with Examiner(centre.room.examiner_port, station.place) as examiner:
        yield examiner


@pytest.fixture
def robot_browser(centre: Centre, station: Station) -> Iterator[Browser]:
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as browser:
        yield browser


#: Schedules an errand of WordPress's for a minute ago, asks for it as a visitor can, and looks whether it was done.
OVERDUE = """
require '/var/www/html/wp-load.php';
wp_schedule_single_event(time() - 60, 'e5b_errand');
exec('curl -fsS -m 20 http://127.0.0.1/wp-cron.php?doing_wp_cron');
wp_cache_flush();
echo wp_next_scheduled('e5b_errand') ? 'still to do' : 'done';
"""


def _first_subject(stack: str) -> Subject:
    return load_subject(f"{stack_named(stack).cms}-a")


def test_the_browser_of_one_copy_does_not_reach_another(centre: Centre, trial: Golden) -> None:
    first, second = up(centre, 2, ["wordpress-a"], trial)
    with ExitStack() as stack:
        for station in (first, second):
            image, moment = stack.enter_context(frozen(centre, station))
            stack.enter_context(copied(centre, station, image, moment))
        for mine, other in ((first, second), (second, first)):
            with examining_browser(centre.room.examiner_port, mine.place) as browser:
                page = browser.new_page()
                own, others = page.goto(f"{mine.address}/"), page.goto(f"{other.address}/")
                assert own is not None
                assert others is not None
                assert (own.status, others.status) == (200, 403)


def _work(centre: Centre, station: Station, browser: Browser, questions: set[int]) -> None:
    subject = load_subject(station.subject)
    mine = centre.state.credentials(station.container)
    assert mine is not None
    desk = CandidateDesk(new_context(browser, centre.settings), station, mine, (subject.folder,))
    for question in subject.questions:
        if question.number in questions:
            for wanted in question.wanted:
                wanted.check.ways()[0].run(desk)
    desk.leave()


def _by_question(document: ExaminationDocument) -> dict[int, set[str]]:
    return {
        question["number"]: {one["verdict"] for check in question["checks"] for one in check["findings"]}
        for question in document["questions"]
    }


def _as_seeded(document: ExaminationDocument) -> dict[int, bool]:
    """Of which questions all checks found what they find on the site as candidates receive it."""
    return {
        question["number"]: all(check["as_seeded"] for check in question["checks"])
        for question in document["questions"]
    }


def _faults(document: ExaminationDocument) -> list[str]:
    """What kept a check from deciding."""
    return [
        one["observed"]
        for question in document["questions"]
        for check in question["checks"]
        for one in check["findings"]
        if one["verdict"] in ("blocked", "broken")
    ]


def _picture(centre: Centre, station: Station) -> str:
    output = centre.engine.run(station.container, ["/opt/e5b/picture"], privileged=True)
    assert output.status == 0
    return hashlib.sha256(output.stdout).hexdigest()


def test_no_work_is_not_met_and_the_station_stays_as_it_was(
    centre: Centre, station: Station, examining: Examiner
) -> None:
    before = _picture(centre, station)
    document = examine(centre, station.name)
    for seen in _by_question(document).values():
        assert "not_met" in seen
        assert seen <= {"not_met", "to_judge"}
    assert set(_as_seeded(document).values()) == {True}
    assert worst(verdicts(document)) == 1
    assert _picture(centre, station) == before
    assert not centre.engine.containers(kind="copy", room=centre.room.name)
    assert not centre.engine.images(kind="copy", room=centre.room.name)


def test_what_a_candidate_did_is_met_and_what_he_left_is_not(
    centre: Centre, station: Station, robot_browser: Browser
) -> None:
    _work(centre, station, robot_browser, {2, 4})
    document = examine(centre, station.name)
    seen = _by_question(document)
    assert seen[2] == {"met"}
    assert seen[4] == {"met"}
    for number in (1, 3, 5):
        assert "met" not in seen[number]
    assert {number: _as_seeded(document)[number] for number in (2, 3, 4, 5)} == {2: False, 3: True, 4: False, 5: True}
    page = Path(document["report"]).read_text(encoding="utf-8")
    assert "NON conformes" in page or document["conforming"]
    kept = json.loads(Path(document["report"]).with_name("report.json").read_text(encoding="utf-8"))
    assert _by_question(kept) == seen
    for question in kept["questions"]:
        for check in question["checks"]:
            for one in check["findings"]:
                assert all((Path(document["report"]).parent / path).is_file() for path in one["evidence"])


def test_an_archive_is_examined_as_the_station_would_have_been(
    centre: Centre, trial: Golden, trial_station: Station
) -> None:
    start(centre, trial_station.name)
    with candidate_browser(centre.room.port_of(trial_station.place), centre.room.local_address) as browser:
        _work(centre, trial_station, browser, {2, 4})
    with httpx.Client(proxy=f"http://127.0.0.1:{centre.room.proxy}", trust_env=False, timeout=20) as elsewhere:
        assert elsewhere.get("http://corrige.example/").status_code == 403
    before = examine(centre, trial_station.name)
    assert _faults(before) == []
    tries = cast(dict[str, Any], before["network"])["tries"]
    assert [one["host"] for one in tries] == ["corrige.example"]
    reset(centre, trial_station.name, trial)
    (sealed,) = put_away(centre)
    with zipfile.ZipFile(sealed.path) as bundle:
        assert "corrige.example" in bundle.read("report/report.html").decode()
        assert json.loads(bundle.read("network.json")) == before["network"]
    document = examine_archive(centre, sealed.path)
    assert _faults(document) == []
    assert _by_question(document) == _by_question(before)
    assert {2: {"met"}, 4: {"met"}}.items() <= _by_question(document).items()
    assert datetime.fromisoformat(document["taken_at"]) == sealed.manifest.taken_at
    assert document["network"] == before["network"]
    assert Path(document["report"]).is_file()
    assert document["report"] != before["report"]
    assert not centre.engine.containers(kind="copy", room=centre.room.name)
    assert not centre.engine.images(kind="copy", room=centre.room.name)
    moved = replace(centre, room=replace(centre.room, first_port=centre.room.first_port + 1))
    with pytest.raises(Refusal, match="d'autres adresses"):
        examine_archive(moved, sealed.path)


class _Sabotage(Check):
    """A check under which something breaks."""

    proves = (TITLE,)
    how: str

    def verify(self, site: Site) -> list[Finding]:
        site.visit("/")
        if self.how == "database":
            _sabotaged["engine"].run(_copy_of(_sabotaged["room"]), ["pkill", "-STOP", "mariadbd"])
            _sabotaged["engine"].run(
                _copy_of(_sabotaged["room"]), ["bash", "-c", "kill -STOP $(pidof mariadbd)"], privileged=True
            )
        if self.how == "container":
            _sabotaged["engine"].stop(_copy_of(_sabotaged["room"]), 0)
        if self.how == "browser":
            assert isinstance(site, CopySite)
            site._opened._page(VISITOR).context.browser.close()  # type: ignore[union-attr]
        if self.how == "check":
            raise LookupError("a bug of the check")
        if self.how == "accounts":
            _sabotaged["engine"].run(_copy_of(_sabotaged["room"]), ["mariadb", "site", "-e", _sabotaged["nobody"]])
            site.signed_in()
        if self.how == "server":
            _sabotaged["engine"].run(
                _copy_of(_sabotaged["room"]),
                [
                    "bash",
                    "-c",
                    "echo '<?php http_response_code(500); exit(\"Travaux en cours\");' > /var/www/html/index.php",
                ],
                privileged=True,
            )
        site.visit("/")
        return [finding(TITLE, False, "un titre", "rien")]


_sabotaged: dict[str, Any] = {}


def _copy_of(room: str) -> str:
    return str(_sabotaged["engine"].containers(kind="copy", room=room)[0].id)


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        ("nothing", Verdict.NOT_MET),
        ("container", Verdict.BLOCKED),
        ("browser", Verdict.BROKEN),
        ("check", Verdict.BROKEN),
        ("server", Verdict.BLOCKED),
        ("database", Verdict.BLOCKED),
        ("accounts", Verdict.BLOCKED),
    ],
)
def test_a_check_never_blames_the_candidate_for_the_station(
    centre: Centre, station: Station, tmp_path: Path, how: str, verdict: Verdict
) -> None:
    nobody = cms_of(station.stack).nobody
    _sabotaged.update(engine=centre.engine, room=centre.room.name, nobody=nobody)
    with Examiner(centre.room.examiner_port, station.place) as examiner:
        found = findings(centre, station, [_Sabotage(how=how)], examiner, Evidence(tmp_path / "e")).findings
    assert [one.verdict for many in found for one in many] == [verdict]
    assert how != "server" or "Travaux en cours" in found[0][0].observed  # the error's own words


def test_an_administrators_screen_that_answers_an_error_is_the_stations_fault(
    centre: Centre, trial_station: Station, tmp_path: Path
) -> None:
    """A screen that a check reads; the page of an error has none of what it looks for."""
    check = checks_of("wordpress")["wordpress.contenu.privacy_page"].examples()[0]
    with Examiner(centre.room.examiner_port, trial_station.place) as examiner:
        before = findings(centre, trial_station, [check], examiner, Evidence(tmp_path / "before")).findings
        assert {one.verdict for many in before for one in many} <= {Verdict.NOT_MET, Verdict.TO_JUDGE}
        error = "<?php http_response_code(503); exit('Service Unavailable');"
        broken = f'echo "{error}" > /var/www/html/wp-admin/options-privacy.php'
        assert centre.engine.run(trial_station.container, ["bash", "-c", broken], privileged=True).status == 0
        found = findings(centre, trial_station, [check], examiner, Evidence(tmp_path / "e")).findings
    assert {one.verdict for many in found for one in many} == {Verdict.BLOCKED}
    assert "503" in found[0][0].observed


_PLANTED = (
    "update wp_posts set post_content = concat(post_content, '{script}') "
    "where post_type = 'post' and post_title like 'Portes ouvertes%'; select row_count()"
)
_AT_ONCE = "<script>while (true) {}</script>"
_ONCE_LOADED = '<script>addEventListener("load", () => setTimeout(() => { while (1); }))</script>'


@pytest.mark.parametrize("script", [_ONCE_LOADED, _AT_ONCE])
def test_a_script_without_end_stops_one_check_and_not_the_examination(
    centre: Centre, trial_station: Station, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """In the content of question 1, which its check opens; without the script, a person can judge it."""
    with candidate_browser(centre.room.port_of(trial_station.place), centre.room.local_address) as browser:
        _work(centre, trial_station, browser, {1, 2, 4})
    plant = _PLANTED.replace("{script}", script)
    written = centre.engine.run(trial_station.container, ["mariadb", "site", "-e", plant])
    assert written.status == 0, written.stderr
    assert written.stdout.split()[-1] != b"0"
    monkeypatch.setattr(run_checks, "DEADLINE", 40.0)
    document = examine(centre, trial_station.name)
    seen = _by_question(document)
    assert seen[1] == {"to_judge"}
    assert (seen[2], seen[4]) == ({"met"}, {"met"})
    assert seen[3] == seen[5] == {"not_met"}
    assert worst(verdicts(document)) == 1
    assert document["additions"]["stored_count"] == 1
    assert not rests_on_other_data(document)
    assert not centre.engine.containers(kind="copy", room=centre.room.name)


def test_the_copy_answers_at_the_stations_address_and_reaches_nothing_else(
    centre: Centre, station: Station, tmp_path: Path
) -> None:
    station, cms = station, cms_of(station.stack)
    seen: dict[str, Any] = {}

    class Look(Check):
        """Looks around."""

        proves = (TITLE,)

        def verify(self, site: Site) -> list[Finding]:
            seen["address"] = site.visit("/").url
            seen["links"] = site.page.locator("a[href^='http']").evaluate_all("all => all.map(a => a.host)")
            copy = centre.engine.containers(kind="copy", room=centre.room.name)[0]
            seen["routes"] = centre.engine.run(copy.id, ["cat", "/proc/net/route"]).stdout.decode()
            office = site.signed_in()
            office.goto(f"{site.address}{driver_of(station.stack).office}")
            seen["inside"] = office.locator(cms.on_every_page).count()
            return [finding(TITLE, True, "", "")]

    with Examiner(centre.room.examiner_port, station.place) as examiner:
        found = findings(centre, station, [Look()], examiner, Evidence(tmp_path / "e")).findings
    assert found[0][0].verdict is Verdict.MET, found
    assert seen["address"] == station.address + "/"
    assert centre.room.host_of(station.place) in seen["links"]
    assert seen["inside"]
    assert not [line for line in seen["routes"].splitlines()[1:] if line.split()[1] == "00000000"]


def test_what_is_scheduled_does_not_happen_while_the_work_is_examined(centre: Centre, trial_station: Station) -> None:
    """The other CMS schedules nothing."""
    with frozen(centre, trial_station) as (image, moment), copied(centre, trial_station, image, moment) as copy:
        done = centre.engine.run(copy.container, ["php", "-r", OVERDUE], user="www-data")
    assert done.stdout.decode() == "still to do"


def test_an_examination_needs_neither_the_candidates_account_nor_his_password(centre: Centre, station: Station) -> None:
    departed = f"{cms_of(station.stack).departed}; select row_count()"
    done = centre.engine.run(station.container, ["mariadb", "-N", "site", "-e", departed])
    assert done.stdout.strip() == b"1", done.stderr
    document = examine(centre, station.name)
    assert worst(verdicts(document)) == 1


def test_checks_are_proven_both_ways(centre: Centre, trial: Golden) -> None:
    """One of a subject's checks, in all its ways; of each CMS, test_proofs proves every check's first.

    `e5b prove --subject ID` proves all of a subject, in ten minutes.
    """
    subject = _first_subject(trial.stack)
    some = [wanted.check for question in subject.questions if question.number == 2 for wanted in question.wanted]
    document, proofs = prove(centre, stack_named(trial.stack), trial, some, [])
    assert [f"{proof.step.name}: {proof.failure}" for proof in proofs if proof.failure] == []
    assert [one["id"] for one in document["checks"]] == [type(check).id for check in some]
    for kind, least in (("before", 1), ("way", 2), ("near_miss", 2)):
        assert sum(proof.step.kind == kind for proof in proofs) >= least


def test_two_stations_examined_at_once_keep_their_own_verdicts(centre: Centre, trial: Golden) -> None:
    up(centre, 2, ["wordpress-a"], trial)
    first, second = stations(centre)
    with candidate_browser(centre.room.port_of(first.place), centre.room.local_address) as browser:
        _work(centre, first, browser, {2})
    with ThreadPoolExecutor(2) as pool:
        seen = [_by_question(one)[2] for one in pool.map(lambda name: examine(centre, name), (first.name, second.name))]
    assert seen == [{"met"}, {"not_met"}]
