"""The proxy file, as a browser reads it."""

import pytest

from provisioner.examination.browser import candidate_browser
from provisioner.network.gateway_files import pac
from provisioner.network.room import Room

ASK = """([file, urls]) => {
    const found = new Function(file + '; return FindProxyForURL;')();
    return urls.map(url => found(url, new URL(url).hostname));
}"""


@pytest.fixture
def browser() -> None:
    """What reads it."""


@pytest.mark.parametrize(
    ("room", "own", "others"),
    [
        (
            Room("salle", "192.0.2.1", "0.0.0.0", 8101, 3),
            ["http://192.0.2.1:8101/", "http://192.0.2.1:8103/wp-admin/", "http://192.0.2.1:8098/actualites.rss"],
            ["http://192.0.2.1/", "http://192.0.2.1:8200/", "http://www.corrige.example/"],
        ),
        (
            Room("salle", "192.0.2.1", "0.0.0.0", 8101, 3, domain="examen.test"),
            ["http://poste-01.examen.test/", "http://POSTE-03.examen.test/a", "http://partenaire.examen.test/"],
            [
                "http://poste-99.examen.test/",
                "http://poste-01.examen.test.corrige.example/",
                "http://examen.test/",
                "http://poste-01.examen.test:8080/",
                "https://poste-01.examen.test/",
                "http://localhost/",
            ],
        ),
    ],
    ids=["ports", "names"],
)
def test_the_rooms_own_addresses_are_reached_and_everything_else_is_the_proxys(
    room: Room, own: list[str], others: list[str], browser: None
) -> None:
    with candidate_browser() as chromium:
        told = chromium.new_page().evaluate(ASK, [pac(room), [*own, *others]])
    assert told[: len(own)] == ["DIRECT"] * len(own)
    assert set(told[len(own) :]) == {f"PROXY {room.pages_host.partition(':')[0]}:{room.proxy}"}
