"""The header of a page as visitors with a computer see it, whole and row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from checks.visibility import SAID_JS, UNSEEN_JS
from checks.wordpress.reading.areas import ENTRIES
from provisioner.subject.page import Page

Row = Literal["", "above", "primary", "below"]
FRENCH: Mapping[Row, str] = {
    "": "l’en-tête",
    "above": "la ligne du haut de l’en-tête",
    "primary": "la ligne principale de l’en-tête",
    "below": "la ligne du bas de l’en-tête",
}
#: The elements that are Astra's rows, the innermost: it puts some inside others.
_ROWS: Mapping[Row, str] = {
    "above": ".ast-above-header-wrap",
    "primary": ".ast-main-header-wrap, .ast-primary-header-bar",
    "below": ".ast-below-header-wrap",
}

# What the header has on a computer's screen, whole ("") and in each of its rows: its text, its pictures (backgrounds too),
# its players; why a visitor can't see one of these stands beside it, and the texts that he can't read are apart.
_HEADER = (
    """async () => {
    const header = document.querySelector('#masthead, header.site-header');
    if (!header) return {};
    __UNSEEN__
    __SAID__
    const phone = '#ast-mobile-header, #ast-mobile-popup';
    const within = root => [root, ...root.querySelectorAll('*')].filter(node => !node.closest(phone));
    const textsOf = all => all.flatMap(node => [...node.childNodes]).filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim()
        && !node.parentElement.closest('script, style, noscript, __ENTRIES__'));
    const everything = within(header);
    await settled([...textsOf(everything), ...everything.filter(node => node.matches('img, video'))]);
    const look = root => {
        const all = within(root), texts = textsOf(all);
        const read = selector => said(root, node => node.matches(`script, style, noscript, ${phone}, ${selector}`), text => unseen(text));
        const backgrounds = all.flatMap(node => [...getComputedStyle(node).backgroundImage.matchAll(/url\\("([^"]+)"\\)/g)]
            .map(found => [found[1], unseen(node, true)]));
        const pictures = all.filter(node => node.tagName === 'IMG'), source = image => [image.currentSrc || image.src, unseen(image)];
        return {
            text: read('__ENTRIES__'), own: read('__ENTRIES__, .site-title, .site-description'),
            unread: texts.map(text => [text.data, unseen(text)]).filter(([, why]) => why),
            images: [...pictures.filter(image => !image.matches('.custom-logo')).map(source), ...backgrounds],
            logos: pictures.filter(image => image.matches('.custom-logo')).map(source),
            videos: all.filter(node => node.tagName === 'VIDEO').flatMap(video => [video.src, ...[...video.querySelectorAll('source')].map(one => one.src)]
                .filter(Boolean).map(address => [address, unseen(video)])),
        };
    };
    const parts = {'': look(header)};
    for (const [row, selector] of Object.entries(__ROWS__)) {
        const root = [...header.querySelectorAll(selector)].find(node => !node.closest(phone));
        if (root) parts[row] = look(root);
    }
    return parts;
}""".replace("__UNSEEN__", UNSEEN_JS)
    .replace("__SAID__", SAID_JS)
    .replace("__ENTRIES__", ENTRIES)
    .replace("__ROWS__", str(dict(_ROWS)))
)


@dataclass(frozen=True)
class HeaderPart:
    """The header, or a row of it. Beside each picture, player and unread text is why a visitor can't see it.

    `own` is the text without the site's title and tagline.
    """

    text: str = ""
    own: str = ""
    unread: tuple[tuple[str, str], ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    logos: tuple[tuple[str, str], ...] = ()
    videos: tuple[tuple[str, str], ...] = ()


def header_of(page: Page) -> dict[str, HeaderPart]:
    """The header of the page that is shown: whole, by "", and its rows that the page has."""
    parts: dict[str, dict[str, str | list[list[str]]]] = page.evaluate(_HEADER)
    return {row: _part(part) for row, part in {"": {}, **parts}.items()}


def _part(part: Mapping[str, str | list[list[str]]]) -> HeaderPart:
    texts = {name: " ".join(value.split()) for name, value in part.items() if isinstance(value, str)}
    lists = {
        name: tuple((one, why) for one, why in value) for name, value in part.items() if not isinstance(value, str)
    }
    return HeaderPart(
        text=texts.get("text", ""),
        own=texts.get("own", ""),
        unread=lists.get("unread", ()),
        images=lists.get("images", ()),
        logos=lists.get("logos", ()),
        videos=lists.get("videos", ()),
    )
