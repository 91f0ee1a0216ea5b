"""What a browser has kept of a candidate's site is his while he works, and nobody's once the next one sits there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from provisioner.build.driver import driver_of
from provisioner.core.model import Golden, Station
from provisioner.exam.working_time import start
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.station.centre import Centre, station_named
from provisioner.station.lifecycle import reset
from provisioner.station.snapshots import replace, rewind, snapshot

#: Where WordPress keeps an article that was never saved, and how an account likes its editor: one that isn't used here.
LEFT = {"sessionStorage": "wp-autosave-block-editor-post-auto-draft", "localStorage": "WP_PREFERENCES_USER_999"}
LEAVE = """
left => Object.entries(left).forEach(([kind, key]) => window[kind].setItem(key, '{"post_title": "À moi"}'))
"""
FOUND = "left => Object.entries(left).filter(([kind, key]) => window[kind].getItem(key)).map(([kind]) => kind)"


@pytest.fixture
def seats_browser(centre: Centre, trial_station: Station) -> Iterator[Browser]:
    """The browser of that seat, which nobody closes."""
    with candidate_browser(centre.room.port_of(trial_station.place), centre.room.local_address) as browser:
        yield browser


def test_what_was_not_saved_waits_for_its_candidate_and_is_gone_for_the_next(
    centre: Centre, trial: Golden, trial_station: Station, seats_browser: Browser
) -> None:
    page = new_context(seats_browser, centre.settings).new_page()
    name, address = trial_station.name, trial_station.address

    def sign_in() -> None:
        mine = centre.state.credentials(station_named(centre, name).container)
        assert mine is not None
        driver_of(trial.stack).log_in(page, address, mine)

    sign_in()
    page.goto(f"{address}/wp-admin/post-new.php")
    page.evaluate(LEAVE, LEFT)
    start(centre, name)
    snapshot(centre, trial_station)
    for moved in (replace, rewind):
        moved(centre, name)
        for path in ("wp-login.php", "wp-admin/post-new.php", "wp-admin/customize.php"):
            page.goto(f"{address}/{path}")
            assert page.evaluate(FOUND, LEFT) == list(LEFT), f"{moved.__name__}: {path}"

    reset(centre, name, trial)
    page.goto(f"{address}/wp-admin/post-new.php")  # sends to the log-in page, without a word of a log-out
    assert page.evaluate(FOUND, LEFT) == [], f"{page.url}: {page.title()}\n{page.content()[:2000]}"
    sign_in()
    page.evaluate(LEAVE, LEFT)
    page.goto(f"{address}/wp-admin/post-new.php")
    assert page.evaluate(FOUND, LEFT) == list(LEFT)  # from here on his own


def test_a_window_that_stayed_open_shows_the_next_candidate_nothing_of_the_one_before(
    centre: Centre, trial: Golden, trial_station: Station, seats_browser: Browser
) -> None:
    context = new_context(seats_browser, centre.settings)
    name, address = trial_station.name, trial_station.address
    for turn in range(2):
        mine = centre.state.credentials(station_named(centre, name).container)
        assert mine is not None
        page = context.new_page()
        driver_of(trial.stack).log_in(page, address, mine)
        if turn == 0:
            stayed = context.new_page()
            stayed.goto(f"{address}/wp-admin/post-new.php")
            stayed.evaluate(LEAVE, LEFT)
            reset(centre, name, trial)
    stayed.reload()  # signed in again, by the other window
    assert stayed.evaluate(FOUND, LEFT) == []
