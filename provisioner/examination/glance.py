"""A picture of a station's site as a visitor sees it now: for staff who look over a candidate's shoulder."""

from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner.core.errors import StationNotReady
from provisioner.core.model import Station
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.station.centre import Centre

#: How long a page may take, and how long after that its pictures and scripts may, in milliseconds.
_PAGE_MS, _REST_MS = 15_000, 3_000


def glance(centre: Centre, station: Station) -> bytes:
    """What a visitor without an account sees first of the site's home page, as JPEG; StationNotReady where there is no page.

    Nothing of the page but this picture leaves the browser that loaded it.
    """
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as browser:
        page = new_context(browser, centre.settings, accept_downloads=False).new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        try:
            page.goto(station.address, wait_until="domcontentloaded", timeout=_PAGE_MS)
            with suppress(PlaywrightTimeout):  # a page that goes on asking is shown as far as it is
                page.wait_for_load_state("networkidle", timeout=_REST_MS)
            return page.screenshot(type="jpeg", quality=80, timeout=_PAGE_MS, animations="disabled")
        except PlaywrightError as error:
            raise StationNotReady(
                f"La page d'accueil de {station.name} ne s'est pas affichée en {_PAGE_MS // 1000} secondes : regardez-la depuis une "
                "machine de la salle, ou recommencez."
            ) from error
