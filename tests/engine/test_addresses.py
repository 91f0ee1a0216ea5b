"""A station's pages lead to its own address, whatever the golden image was seeded at."""

from provisioner.model import Station
from tests.cms import browsing


def test_no_page_leads_to_the_address_of_the_golden_image(station: Station) -> None:
    with browsing(station.address) as client:
        assert "e5b.invalid" not in client.get("/").text
