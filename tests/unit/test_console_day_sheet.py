"""The sheet of the day: the room's own hours and series, the acts in their order, room for a hand where nothing is known."""

import asyncio
import html
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from provisioner.console.day_sheet_pages import exam_day, routes
from provisioner.console.guards import roles_of
from provisioner.console.people import Role
from provisioner.core.errors import EvidenceLost
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Roster
from provisioner.station.acts import ACT_NAMES
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.staged_room import ZONE, StagedRoom, staged
from tests.unit.exam_room import ROSTER, entry, exam_room


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return exam_room(tmp_path, monkeypatch)


def sheet(centre: Centre, query: str = "") -> str:
    """What the page says, with plain spaces; its tags stay."""
    room = StagedRoom()
    room.show()
    app = staged(room, centre.state.folder, centre=lambda: centre)

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://salle") as client:
            return await client.get(f"/preparation/jour-j{query}")

    answer = asyncio.run(asked())
    assert answer.status_code == 200
    return re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", answer.text)


def rows(page: str) -> list[list[str]]:
    body = page.split('<table class="series-of-day">')[1].split("<tbody>")[1].split("</tbody>")[0]
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in body.split("</tr>")[:-1]]


def test_it_has_the_series_of_the_list_and_the_hours_of_each_act(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    page = sheet(centre)
    assert rows(page) == [["1", "9 h 00", "9 h 40", "2", "", ""], ["2", "10 h 00", "10 h 40", "1", "", ""]]
    assert "<b>3</b> candidats · <b>2</b> postes · liste liste.csv" in page
    assert "Le jour J · jeudi 21 mai 2026" in page
    times = re.findall(r'<b class="when">(.*?)</b>', page)
    assert times == [
        "7 h 40", "7 h 50", "8 h 05", "8 h 15", "8 h 30", "8 h 50", "9 h 00", "9 h 05", "9 h 40", "10 h 40",
    ]  # fmt: skip


def test_it_shows_the_next_day_of_the_list_unless_another_is_asked_for(centre: Centre) -> None:
    late = replace(entry("4", "wordpress-a", 1, 14), at=datetime(2026, 5, 22, 14, tzinfo=ZONE))
    save_roster(centre, Roster((*ROSTER.entries, late), ()), "liste.csv")
    page = sheet(centre)
    assert len(rows(page)) == 2
    assert 'href="/preparation/jour-j?jour=2026-05-22">vendredi 22 mai 2026</a>' in page
    assert rows(sheet(centre, "?jour=2026-05-22")) == [["1", "14 h 00", "14 h 40", "1", "", ""]]
    assert rows(sheet(centre, "?jour=demain")) == rows(page)


def test_more_series_than_fit_on_the_page_are_said_to_be_more(centre: Centre) -> None:
    lines = [entry(str(hour), "wordpress-a", 1, hour) for hour in range(8, 20)]
    save_roster(centre, Roster(tuple(lines), ()), "liste.csv")
    page = sheet(centre)
    assert len(rows(page)) == 10
    assert "Et 2 autres heures, jusqu’à 19 h 40" in page


def test_what_a_file_is_called_is_no_markup(centre: Centre) -> None:
    save_roster(centre, ROSTER, "<b>liste</b>.csv")
    assert "liste &lt;b&gt;liste&lt;/b&gt;.csv" in sheet(centre)


def test_without_a_list_there_is_room_to_write(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sheet(centre)
    assert rows(page) == [[str(number), "", "", "", "", ""] for number in range(1, 5)]
    assert page.count('<b class="when"><span class="blank short"></span></b>') == 10
    assert "n’a pas encore de liste" in page

    def roster(*_: object) -> None:
        raise EvidenceLost("La liste n'est plus lisible.")

    monkeypatch.setattr(State, "roster", roster)
    assert "La liste n’est plus lisible." in sheet(centre)


def test_it_names_buttons_as_they_are_called_and_leaves_telephones_to_a_hand(centre: Centre) -> None:
    page = html.unescape(sheet(centre))
    quoted = set(re.findall(r"« ([^»]+) »", page))
    assert {ACT_NAMES[kind] for kind in ("start", "extra", "series", "next", "replace", "rewind")} <= quoted
    assert page.count('<span class="blank phone"></span>') == 5


def test_it_is_for_technicians_alone(centre: Centre) -> None:
    app = staged(StagedRoom(), centre.state.folder, centre=lambda: centre)
    (route,) = routes(app.state.services)
    assert roles_of(getattr(route, "endpoint")) == (Role.TECHNICIAN,)  # noqa: B009
    assert exam_day((), centre.state.present()) is None
