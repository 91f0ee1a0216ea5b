"""A candidate's work in a room whose stations answer in https, from the log-in to the archive."""

from contextlib import ExitStack

import httpx
import pytest

from provisioner.archive.archiving import archive
from provisioner.archive.viewing import ENTRANCE, close, open_archive
from provisioner.core.model import Golden, Station
from provisioner.examination.browser import candidate_browser, examining_browser, new_context
from provisioner.examination.examine import examine
from provisioner.examination.site import CandidateDesk
from provisioner.station.centre import Centre
from provisioner.station.copies import copied, frozen
from provisioner.station.lifecycle import up
from provisioner.subject.subjects import load_subject
from tests.cms import cms_of
from tests.secured import secured

SUBJECT = load_subject("wordpress-a")


@pytest.fixture
def browser() -> None:
    """What candidates and examiners work with."""


def found(centre: Centre, station: Station) -> dict[str, str]:
    """The verdict of each fact."""
    document = examine(centre, station.name)
    return {
        f"{question['number']} {finding['fact']}": finding["verdict"]
        for question in document["questions"]
        for check in question["checks"]
        for finding in check["findings"]
    }


def worked(centre: Centre, station: Station) -> list[str]:
    """Do the work of the first question as a candidate does; the addresses without https that its pages asked for."""
    mine = centre.state.credentials(station.container)
    assert mine is not None
    asked, mixed = list[str](), list[str]()
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as chromium:
        context = new_context(chromium, centre.settings)
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda said: mixed.append(said.text) if "Mixed Content" in said.text else None)
        desk = CandidateDesk(context, station, mine, SUBJECT.documents)
        for wanted in SUBJECT.questions[0].wanted:
            wanted.check.ways()[0].run(desk)
        assert desk.page.evaluate("isSecureContext") is centre.room.tls
        desk.leave()
    assert len(asked) > 20
    return [*mixed, *(url for url in asked if url.startswith("http:"))]


def test_work_in_https_is_found_as_the_same_work_without(centre: Centre, trial: Golden, browser: None) -> None:
    verdicts = []
    for tls in (False, True):
        with secured(centre, "examen.test", tls=tls) as room:
            (station,) = up(room, 1, [SUBJECT.id], trial)
            assert bool(worked(room, station)) is not tls
            verdicts.append(found(room, station))
            if tls:
                _opens_again(room, station)
    assert verdicts[0] == verdicts[1]
    assert {verdict for fact, verdict in verdicts[1].items() if fact.startswith("1 ")} <= {"met", "to_judge"}
    assert "not_met" in verdicts[1].values()  # of the questions that nobody worked on


def test_the_examining_browser_finds_the_copy_in_https_as_candidates_find_the_station(
    centre: Centre, trial: Golden, browser: None
) -> None:
    with secured(centre, "examen.test") as room:
        first, second = up(room, 2, [SUBJECT.id], trial)
        with ExitStack() as stack:
            for station in (first, second):
                image, taken_at = stack.enter_context(frozen(room, station))
                stack.enter_context(copied(room, station, image, taken_at))
            with examining_browser(room.room.examiner_port, first.place, tls=True) as chromium:
                page = new_context(chromium, room.settings).new_page()
                own, others = page.goto(f"{first.address}/"), page.goto(f"{second.address}/")
                assert own is not None
                assert others is not None
                assert (own.status, others.status) == (200, 403)
                # Of a link without https comes what comes of it for a visitor.
                sent_on = page.goto(f"http://{room.room.plain_host_of(1)}/?s=pain")
                assert sent_on is not None
                assert (sent_on.status, page.url.startswith(f"{first.address}/")) == (200, True)
                elsewhere = page.goto("http://www.ailleurs.example/")
                assert elsewhere is not None
                assert elsewhere.status == 403


def _opens_again(room: Centre, station: Station) -> None:
    """Archive the station and look at it as an examiner does, at the candidate's own address."""
    kept = archive(room, station.name)
    view = open_archive(room, kept.path)
    try:
        assert view.address == station.address
        assert not view.direct
        assert f"--ignore-certificate-errors-spki-list={view.key_hash} " in view.browser
        host, near = room.room.host_of(1), view.gateway_address
        with httpx.Client(verify=False, trust_env=False, timeout=60) as client:
            entered = client.get(f"https://{near}{ENTRANCE}", headers={"Host": host})
            assert entered.headers["location"] == f"{station.address}/wp-admin/"
            cookies = "; ".join(line.partition(";")[0] for line in entered.headers.get_list("set-cookie"))
            office = client.get(f"https://{near}/wp-admin/", headers={"Host": host, "Cookie": cookies})
        assert office.status_code == 200
        assert cms_of(station.stack).inside in office.text
    finally:
        close(room, [view.name])
