"""Takes the pictures of a page that a report shows: the whole page, once it is loaded, with what a finding is about outlined.

What looks at the page runs in a JavaScript world of its own, whose functions no script of the page can replace. A page has
no bound on its height, its pictures, its loading or its weight, so everything here has one; what a bound left out is said.
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import cast

from playwright.sync_api import CDPSession, FloatRect, Locator, Page
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner.french.text import numbered

#: The height of one picture, and how many are taken of a page at most.
PART, PARTS = 4000, 5
#: The width that a page wider than the window is shown in at most.
_WIDEST = 1920
#: How high a window is made at most, so that what scrolls inside a screen is seen whole. Chromium draws no more than 16384.
_TALLEST = 12_000
#: How long to wait for the pictures and fonts of a page, in milliseconds.
_LOADING_MS = 6000
#: How many elements are outlined at most, how wide the line is, and how far from the element.
_MARKS, _LINE, _OFFSET = 24, 4, 6
#: A mark that so many elements match is none: the page was made to be long.
_MANY = 1000
#: How often a page that went elsewhere is shown anew.
_TRIES = 2
#: What Chromium says of a page that went elsewhere while it was looked at.
_GONE = ("context", "navigated", "No frame")
_COLOUR = "#d6006c"


@dataclass(frozen=True)
class Capture:
    """Pictures of a page as JPEG, from its top to its end, and in French what they don't show of it, or an empty text."""

    pictures: tuple[bytes, ...]
    remark: str


@dataclass(frozen=True)
class _Extent:
    """The size of a page in pixels, its pictures that didn't load, and how much is hidden in an area that scrolls."""

    width: int
    height: int
    unloaded: int
    hidden: int


def capture(page: Page, mark: Locator | None = None, room: int = 100_000_000) -> Capture:
    """Pictures of the page, with what is at `mark` outlined; beyond the first, only as many as `room` bytes have place for.

    Of a page that goes elsewhere meanwhile, again and again, the window is shown as it is. A page of which no picture can be
    taken raises Playwright's error.
    """
    for _ in range(_TRIES):
        try:
            return _whole(page, mark, room)
        except PlaywrightTimeout:
            break
        except PlaywrightError as error:
            if not any(words in str(error) for words in _GONE):
                raise
    return Capture((_window(page),), "La page change sans cesse : la capture en montre un instant.")


def _window(page: Page) -> bytes:
    """A picture of what the window shows. Playwright waits for a page that stays; Chromium doesn't."""
    session = page.context.new_cdp_session(page)
    try:
        return b64decode(session.send("Page.captureScreenshot", {"format": "jpeg", "quality": 60})["data"])
    finally:
        session.detach()


def _whole(page: Page, mark: Locator | None, room: int) -> Capture:
    with _world(page) as world, _whole_height(page, world) as extent:
        boxes, unseen = _marked(page, world, mark, extent)
        tops = _tops(extent.height, boxes)
        try:
            world.run(f"({_OUTLINE})({json.dumps(boxes)})")
            pictures: list[bytes] = []
            for top in tops:
                if pictures and sum(map(len, pictures)) >= room:
                    break
                pictures.append(_picture(page, extent, top))
        finally:
            with suppress(PlaywrightError):  # the page went elsewhere, and the outlines with it
                world.run("globalThis.layer?.remove()")
        return Capture(tuple(pictures), _remark(extent, tops[: len(pictures)], unseen))


class _World:
    """A JavaScript world of its own in a page: it sees the page's elements, and none of what its scripts changed."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        made = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "e5b-captures"})
        self._context = made["executionContextId"]

    def run(self, script: str) -> object:
        """What the script returns, awaited."""
        asked = {"expression": script, "contextId": self._context, "awaitPromise": True, "returnByValue": True}
        answer = self._session.send("Runtime.evaluate", asked)
        if problem := answer.get("exceptionDetails"):
            raise RuntimeError(f"a script of the captures: {problem.get('exception', {}).get('description', problem)}")
        return answer["result"].get("value")


@contextmanager
def _world(page: Page) -> Iterator[_World]:
    session = page.context.new_cdp_session(page)
    try:
        yield _World(session)
    finally:
        with suppress(PlaywrightError):
            session.detach()


@contextmanager
def _whole_height(page: Page, world: _World) -> Iterator[_Extent]:
    """The loaded page, for the time of the block in a window that shows all of what scrolls inside it."""
    extent = _loaded(world)
    window = page.viewport_size
    if not (extent.hidden and window):
        yield extent
        return
    height = min(window["height"] + extent.hidden, _TALLEST)
    page.set_viewport_size({"width": window["width"], "height": height})
    try:
        yield _loaded(world)
    finally:
        page.set_viewport_size(window)


def _loaded(world: _World) -> _Extent:
    return _Extent(**cast(dict[str, int], world.run(f"({_LOAD})({PART * PARTS}, {_LOADING_MS})")))


def _marked(page: Page, world: _World, mark: Locator | None, extent: _Extent) -> tuple[list[FloatRect], bool]:
    """Where on the page the elements at `mark` are, and whether there are some of which none can be seen."""
    count = mark.count() if mark else 0
    if not (mark and count):
        return [], False
    mark.evaluate_all(_INTO_VIEW, _MARKS)
    world.run("scrollTo({top: 0, left: 0, behavior: 'instant'})")
    nodes = mark.element_handles()[:_MARKS] if count <= _MANY else []
    # Chromium measures them: what the page's scripts say of an element may be false.
    outlines = [_around(box, extent) for node in nodes if (box := node.bounding_box())]
    boxes = [outline for outline in outlines if outline]
    return boxes, bool(nodes) and not boxes


def _around(box: FloatRect, extent: _Extent) -> FloatRect | None:
    """The rectangle of the outline of an element, inside the page; None where nothing of the element is."""
    left, top = max(0, box["x"] - _OFFSET), max(0, box["y"] - _OFFSET)
    right = min(extent.width, box["x"] + box["width"] + _OFFSET)
    bottom = min(extent.height, box["y"] + box["height"] + _OFFSET)
    if min(box["width"], box["height"]) < 1 or right - left <= _OFFSET or bottom - top <= _OFFSET:
        return None
    return FloatRect(x=left, y=top, width=right - left, height=bottom - top)


def _tops(height: int, boxes: Sequence[FloatRect]) -> list[int]:
    """Where the pictures of a page of that height begin; the last one shows the first outline where no other does."""
    tops = list(range(0, max(height, 1), PART))[:PARTS]
    shown = tops[-1] + PART
    if boxes and min(box["y"] + box["height"] for box in boxes) > shown:
        top = int(min(box["y"] for box in boxes)) - PART // 4
        tops[-1] = max(tops[-1], min(top, height - PART))
    return tops


def _picture(page: Page, extent: _Extent, top: int) -> bytes:
    height = max(min(PART, extent.height - top), 200)
    return page.screenshot(
        type="jpeg",
        quality=60,
        full_page=True,
        animations="disabled",
        clip={"x": 0, "y": top, "width": min(extent.width, _WIDEST), "height": height},
    )


def _remark(extent: _Extent, tops: Sequence[int], unseen: bool) -> str:
    """What the pictures that begin there don't show of the page, as French sentences."""
    said = []
    following = next((number for number, top in enumerate(tops) if top != number * PART), len(tops))
    first = following * PART
    if tops[-1] + PART < extent.height or following < len(tops):
        more = f", puis {_pixels(PART)} autour de ce qui est encadré" if following < len(tops) else ""
        said.append(
            f"La capture montre les {_pixels(first)} premiers pixels d’une page de {_pixels(extent.height)}{more}."
        )
    if extent.width > _WIDEST:
        said.append(f"La page est large de {_pixels(extent.width)} pixels, la capture de {_pixels(_WIDEST)}.")
    if extent.hidden:
        said.append(f"Le bas d’une zone qui défile n’est pas montré ({numbered(extent.hidden, 'pixel')}).")
    if extent.unloaded:
        were = "n’était pas chargée" if extent.unloaded == 1 else "n’étaient pas chargées"
        said.append(f"{numbered(extent.unloaded, 'image')} de la page {were}.")
    if unseen:
        said.append("Ce dont parle le constat est dans la page, mais rien n’en est visible.")
    return " ".join(said)


def _pixels(count: int) -> str:
    """
    >>> _pixels(21300).replace(chr(0x202F), " ")
    '21 300'
    """
    return f"{count:,}".replace(",", "\u202f")


#: Scrolls through the page, so that lazy pictures load and what appears on scrolling does; waits for pictures and fonts.
_LOAD = """async (reach, patience) => {
    const until = performance.now() + patience, left = () => until - performance.now();
    const root = document.scrollingElement || document.documentElement;
    const pause = duration => new Promise(done => setTimeout(done, duration));
    // The time-out: a page that isn't drawn has no frames. The wait inside: observers are called at the frame's end.
    const drawn = () => Promise.race([pause(200), new Promise(done => requestAnimationFrame(() => setTimeout(done)))]);
    for (let top = innerHeight; top < Math.min(root.scrollHeight, reach) && left() > patience / 3; top += innerHeight) {
        scrollTo({top, behavior: 'instant'});
        await drawn();
    }
    scrollTo({top: 0, left: 0, behavior: 'instant'});
    const pictures = [...document.images].filter(img => {
        const box = img.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && box.top < reach && (img.getAttribute('src') || img.srcset);
    });
    const lazy = pictures.filter(img => !img.complete && img.loading === 'lazy');
    for (const img of lazy) img.loading = 'eager';  // in a row of which the window shows a part
    while (left() > 0 && pictures.some(img => !img.complete)) await pause(20);
    for (const img of lazy) img.loading = 'lazy';
    await Promise.race([document.fonts.ready, pause(Math.max(left(), 0))]);
    await drawn();
    let hidden = 0;
    if (root.scrollHeight <= innerHeight + 1) for (const area of document.body?.querySelectorAll('*') || []) {
        const more = area.scrollHeight - area.clientHeight;
        if (more > Math.max(hidden, 40) && area.clientHeight > innerHeight / 2 && area.clientWidth > innerWidth * .4
            && /auto|scroll/.test(getComputedStyle(area).overflowY)) hidden = more;
    }
    const failed = img => !img.complete || (!img.naturalWidth && !/[.]svg|^data:/.test(img.currentSrc || img.src));
    return {width: Math.max(root.scrollWidth, innerWidth), height: root.scrollHeight, unloaded: pictures.filter(failed).length, hidden};
}"""
_INTO_VIEW = """(nodes, count) => nodes.slice(0, count).reverse().forEach(
    node => node.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'}))"""
#: Lays the outlines over the page, where no overflow and no style of the page hides them; no element of the page is changed.
_OUTLINE = f"""boxes => {{
    const made = (parent, style) => {{
        const node = document.createElement('div');
        for (const [name, value] of Object.entries({{all: 'initial', ...style}})) node.style.setProperty(name, value, 'important');
        return parent.appendChild(node);
    }};
    const layer = globalThis.layer = made(document.documentElement, {{
        position: 'absolute', top: '0', left: '0', width: '0', height: '0', 'z-index': '2147483647', 'pointer-events': 'none'}});
    const origin = layer.getBoundingClientRect();
    for (const box of boxes) made(layer, {{
        position: 'absolute', left: `${{box.x - origin.x}}px`, top: `${{box.y - origin.y}}px`, width: `${{box.width}}px`,
        height: `${{box.height}}px`, 'box-sizing': 'border-box', border: '{_LINE}px solid {_COLOUR}', 'border-radius': '4px',
        'box-shadow': '0 0 0 2px #fff'}});
}}"""
