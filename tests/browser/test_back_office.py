"""A walk through the whole back office with Internet cut off: the candidate's menu, a sheet of each list, each module."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner.build.driver import driver_of
from provisioner.core.model import Station
from provisioner.engine.protocol import Engine
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.host.editions import stack_named
from provisioner.leakcheck.refused_tries import of_station
from provisioner.station.centre import Centre
from tests.cms import BROKEN, cms_of

#: What no page of an exam station may show.
ERRORS = re.compile(r"(?:Notice|Warning|Deprecated): .* on line \d+|Fatal error|Parse error|Uncaught|Whoops")

#: Icons drawn by ligatures whose font didn't come stand there as words, several letters wide.
WORDS = """
() => [...document.querySelectorAll('.material-icons')]
    .filter(icon => icon.offsetParent && icon.textContent.trim())
    .filter(icon => {
        const size = parseFloat(getComputedStyle(icon).fontSize);
        return !document.fonts.check(`${size}px "Material Icons"`) || icon.scrollWidth > 1.6 * size;
    })
    .map(icon => icon.textContent.trim())
"""
FONTS = "() => document.fonts.ready.then(() => [...document.fonts].map(one => `${one.family} ${one.status}`))"


#: A page of the candidate's own.
FETCH = "/var/www/html/va-chercher.php"
#: A server for names inside the station, which knows none and writes down what it is asked.
NAMES = """
$asked = stream_socket_server('udp://127.0.0.1:53', $code, $said, STREAM_SERVER_BIND);
while (true) {
    $packet = stream_socket_recvfrom($asked, 512, 0, $from);
    for ($name = [], $at = 12; $length = ord($packet[$at]); $at += $length + 1) {
        $name[] = substr($packet, $at + 1, $length);
    }
    file_put_contents('/run/asked', implode('.', $name) . "\\n", FILE_APPEND);
    stream_socket_sendto($asked, substr($packet, 0, 2) . "\\x81\\x83" . substr($packet, 4), 0, $from);
}
"""


@pytest.fixture
def asked(engine: Engine, station: Station) -> Iterator[Callable[[], list[str]]]:
    """The names that the station's own programs have asked for since."""

    def told() -> list[str]:
        return engine.run(station.container, ["cat", "/run/asked"]).stdout.decode().split()

    def in_station(script: str) -> None:
        done = engine.run(station.container, ["sh", "-c", script], stdin=NAMES.encode(), privileged=True, seconds=30)
        assert done.status == 0, done.stderr

    in_station(
        "cp /etc/resolv.conf /run/names; echo nameserver 127.0.0.1 >/etc/resolv.conf; { echo '<?php'; cat; } >/run/names.php; "
        "setsid -f sh -c 'echo $$ >/run/names.pid; exec php /run/names.php' >/dev/null 2>&1; "
        " until getent hosts nulle-part.example || [ -e /run/asked ]; do sleep 0.1; done"
    )
    assert set(told()) == {"nulle-part.example"}
    in_station("rm /run/asked")
    yield told
    in_station("kill $(cat /run/names.pid); cat /run/names >/etc/resolv.conf; rm -f /run/names* /run/asked")


@pytest.fixture
def office_browser(centre: Centre, station: Station) -> Iterator[Browser]:
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as browser:
        yield browser


def _menu(page: Page, address: str, selector: str) -> list[str]:
    """Every page that the menu leads to; links that only unfold it are left out."""
    links = page.locator(selector).evaluate_all("all => all.map(a => a.href)")
    assert [link for link in links if link.startswith("http") and not link.startswith(f"{address}/")] == []
    mine = [link for link in links if link.startswith(f"{address}/") and "#" not in link and "logout" not in link]
    return list(dict.fromkeys(mine))


#: Where a page leads: its links, and the rows of lists that open their sheet when they are clicked.
LEADS = """
() => [...document.querySelectorAll('a[href]')].map(a => a.href).concat(
    [...document.querySelectorAll('td[onclick]')].map(cell => (cell.getAttribute('onclick').match(/location(?:\\.href)? ?= ?'([^']+)'/) || [])[1])
        .filter(Boolean).map(target => new URL(target, document.baseURI).href))
"""
#: The module "réassurance" brings a font of its own that is older than its screen: there this icon is blank, as anywhere.
BLANK = ("blockreassurance", "drag_indicator")
#: The pages beside a page of the menu, in its head.
TABS = "#head_tabs a[href], .page-head-tabs a[href]"


def _further(page: Page, address: str, sheets: dict[str, re.Pattern[str]]) -> list[str]:
    """Of the page that is open: a sheet of each list that none was opened of yet, and modules' own screens."""
    here = [link for link in page.evaluate(LEADS) if link.startswith(f"{address}/")]
    found = [link for link in here if re.search(r"&configure=|/action/configure/", link)]
    for table, sheet in list(sheets.items()):
        if first := next((link for link in here if sheet.search(link.removeprefix(address))), None):
            del sheets[table]
            found.append(first)
    return found


def test_every_page_of_the_menu_works_without_internet(
    centre: Centre, engine: Engine, station: Station, office_browser: Browser, asked: Callable[[], list[str]]
) -> None:
    mine = centre.state.credentials(station.container)
    assert mine is not None
    cms, own = cms_of(station.stack), urlsplit(station.address).netloc
    page = new_context(office_browser, centre.settings).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: (
            foreign.append(f"{request.url} on {page.url}")
            if urlsplit(request.url).netloc not in (own, "") and not request.url.startswith("blob:")
            else None
        ),
    )
    wrong: list[str] = []
    fonts: set[str] = set()

    def walk(links: list[str], sheets: dict[str, re.Pattern[str]]) -> None:
        nonlocal wrong, fonts
        lists = set(links)
        for link in links:  # grows meanwhile
            answer = page.goto(link)
            assert answer is not None
            with suppress(PlaywrightTimeout):  # some pages go on asking their own server as long as they are open
                page.wait_for_load_state("networkidle", timeout=5_000)
            fonts |= set(page.evaluate(FONTS))
            shown = page.locator(cms.nags).locator("visible=true")
            wrong += [
                f"{link}: shows {nag[:200]}" for nag in shown.evaluate_all("all => all.map(one => one.outerHTML)")
            ]
            wrong += [f"{link}: the picture {source} is broken" for source in page.evaluate(BROKEN)]
            if answer.status != 200:
                wrong.append(f"{link}: {answer.status}")
            if not page.locator(cms.on_every_page).count():
                wrong.append(f"{link}: not a page of the back office: {page.title()}")
            text = page.locator("body").inner_text()
            wrong += [f"{link}: {error}" for error in ERRORS.findall(text)]
            words = [word for word in page.evaluate(WORDS) if not (BLANK[0] in link and word == BLANK[1])]
            wrong += [f"{link}: the icon « {word} » is a word" for word in words]
            if link in lists:
                # Without their token they are parts of the page itself.
                beside = [
                    one for one in page.locator(TABS).evaluate_all("all => all.map(a => a.href)") if "token=" in one
                ]
                lists |= set(beside)
                links += [
                    one
                    for one in dict.fromkeys([*beside, *_further(page, station.address, sheets)])
                    if one not in links
                ]
        assert sheets == {}
        assert not wrong, "\n".join(wrong)
        assert foreign == []

    driver_of(station.stack).log_in(page, station.address, mine)
    first = page.url
    as_built = _menu(page, station.address, cms.menu)
    assert len(as_built) >= 20, as_built
    walk([*as_built], dict(driver_of(station.stack).sheets))
    if cms.extensions:
        page.goto(f"{station.address}{cms.extensions}")
        if any("wordpress-seo" in one.file for one in stack_named(station.stack).artifacts):  # the trial has none
            page.locator(cms.extension).click()  # as subjects ask for
            page.wait_for_load_state()
            led = page.url
            page.goto(first)  # a page of the menu's names the page that it was opened from
            more = _menu(page, station.address, cms.menu)
            assert set(as_built) < set(more)
            # What it adds, and the editor that it is in.
            walk([led, *(link for link in more if link not in as_built or "post-new.php" in link)], {})
    assert [font for font in fonts if font.endswith(" error")] == []
    assert {f"{font} loaded" for font in cms.fonts} <= {font.replace('"', "") for font in fonts}
    # The site itself asked nobody either; it may have wondered what a visitor's address is called.
    assert {name for name in asked() if not name.endswith(".in-addr.arpa")} <= set(cms.lookups)
    page.close()
    fetch = "<?php " + cms.fetch.format(url="http://aide.example/article?page=2")
    engine.run(station.container, ["tee", FETCH], stdin=fetch.encode(), user="www-data")
    assert httpx.get(f"{station.address}/{FETCH.rpartition('/')[2]}", trust_env=False, timeout=30).status_code == 200
    engine.run(station.container, ["rm", FETCH])
    deadline = time.monotonic() + 20
    while not (tries := of_station(centre, station.name)["tries"]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [(one["host"], one["path"]) for one in tries] == [("aide.example", "/article")]
