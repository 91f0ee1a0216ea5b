"""How the site's own interface is asked, a page of a collection after the other."""

import json
from typing import cast

import pytest

from checks.wordpress.reading.answers import fetched, rest_all, rest_or_none
from provisioner.core.errors import StationNotReady
from provisioner.subject.check import Site


class Examiner:
    """A site at which somebody is signed in: a collection of 100 comments, one of 201 posts; `asked` are the addresses."""

    address = "http://site.test"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def signed_in(self) -> "Examiner":
        return self

    def once(self, name: str, ask: object) -> str:
        return name

    def answers(
        self, page: object, items: list[str], script: str, about: object, *, shown: str
    ) -> list[tuple[int, str, str, int]]:
        (address,) = items
        self.asked.append(address)
        if "missing" in address:
            return [(404, address, "{}", 1)]
        if "broken" in address:
            return [(503, address, "", 1)]
        size = 100 if "comments" in address else 201
        number = int(address.rpartition("page=")[2])
        rows = [{"id": i} for i in range(size)][100 * (number - 1) : 100 * number]
        if not rows:  # as WordPress does
            return [(400, address, "rest_post_invalid_page_number", 1)]
        return [(200, address, json.dumps(rows), -(-size // 100))]


@pytest.mark.parametrize(("route", "size", "times"), [("comments", 100, 1), ("posts", 201, 3)])
def test_a_collection_is_read_to_its_last_page_and_no_further(route: str, size: int, times: int) -> None:
    examiner = Examiner()
    found = rest_all(cast(Site, examiner), f"wp/v2/{route}?status=any")
    assert [one["id"] for one in found] == list(range(size))
    assert len(examiner.asked) == times


def test_what_is_not_there_is_nothing_and_an_error_of_the_server_is_the_stations() -> None:
    site = cast(Site, Examiner())
    assert rest_or_none(site, "wp/v2/missing") is None
    assert rest_all(site, "wp/v2/missing") == []
    with pytest.raises(StationNotReady):
        rest_all(site, "wp/v2/broken")
    with pytest.raises(StationNotReady):
        fetched(site, site.signed_in(), "http://site.test/broken/", method="HEAD")
