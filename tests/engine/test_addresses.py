"""A station's pages lead to its own address, whatever the golden image was seeded at."""

import re

from provisioner.core.model import Station
from provisioner.station.centre import Centre
from tests.cms import browsing, cms_of


def test_no_page_leads_to_the_address_of_the_golden_image(centre: Centre, station: Station) -> None:
    mine, cms = centre.state.credentials(station.container), cms_of(station.stack)
    assert mine is not None
    with browsing(station.address) as client:
        first = client.get("/")
        links = re.findall(rf'href="({re.escape(station.address)}/[^"#?]*)"', first.text)
        pages = [first, *(client.get(link) for link in list(dict.fromkeys(links))[:12])]
        assert len(pages) > 5
        inside = cms.sign_in(client, mine)
        assert cms.inside in inside.text
        for page in (*pages, client.get(cms.login), inside):
            assert str(page.url).startswith(f"{station.address}/"), page.url
            assert "e5b.invalid" not in page.text, page.url
