"""Whether a visitor sees a part of a page: the notion that all checks share.

A check asks `unseen(locator)`; a script of a check begins with `UNSEEN_JS` and asks `unseen(node)`, after
`await settled(nodes)`. Both say why a visitor can't see it, in French, and '' where he can. What he opens himself (an
accordion, a tab, the other slides of a carousel) he sees. By default he sits at a computer; `on_a_phone` is for
what is asked of a telephone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from checks.visibility_js import PLAIN, REASONS, SAID_JS, UNSEEN_JS
from provisioner.french.text import holds
from provisioner.subject.check import Site, Verdict
from provisioner.subject.page import Locator, Page, Size

__all__ = [
    "REASONS",
    "SAID_JS",
    "UNSEEN_JS",
    "TextRead",
    "as_seen",
    "is_seen",
    "on_a_phone",
    "read",
    "unseen",
    "unseen_texts",
    "why_unseen",
]

#: The width of a usual telephone, below the width at which themes change their headers.
_PHONE: Size = {"width": 390, "height": 844}

# The reasons of all the elements, in their order.
_UNSEEN = f"""async (nodes, background) => {{
    {UNSEEN_JS}
    await settled(nodes);
    return nodes.map(node => unseen(node, background));
}}"""


def unseen(locator: Locator, *, background: bool = False) -> str:
    """Why a visitor sees none of these elements; '' where he sees at least one of them, or where there is none.

    `background`: it is asked of the picture behind the element's contents.
    """
    reasons = why_unseen(locator, background=background)
    return reasons[0] if reasons and all(reasons) else ""


def is_seen(locator: Locator) -> bool:
    """Whether one of these elements is there and not beyond doubt unseen."""
    return any(reason not in PLAIN for reason in why_unseen(locator))


def why_unseen(locator: Locator, *, background: bool = False) -> list[str]:
    """For each of these elements why a visitor can't see it, '' where he can."""
    found: list[str] = locator.evaluate_all(_UNSEEN, background)
    return found


@dataclass(frozen=True)
class TextRead:
    """The lines of what a visitor reads, those of all that stands there, and why he can't read the rest, "" where there is none."""

    text: str = ""
    whole: str = ""
    unseen: str = ""

    def why_unread(self, wanted: str) -> str:
        """Why a visitor can't read a text that stands there; "" where he can, and where it doesn't."""
        return self.unseen if holds(self.whole, wanted) and not holds(self.text, wanted) else ""


# Of several elements, one after the other.
_READ = f"""async nodes => {{
    {UNSEEN_JS}
    {SAID_JS}
    await settled(nodes);
    const left = node => node.matches('script, style, noscript, template'), reasons = [];
    const away = text => {{
        const why = text.data.trim() ? unseen(text) : '';
        if (why) reasons.push(why);
        return Boolean(why);
    }};
    const lines = away => tidy(nodes.map(node => `\\n${{said(node, left, away)}}\\n`).join('')).trim();
    return [lines(away), lines(() => false), reasons[0] || ''];
}}"""


def read(locator: Locator) -> TextRead:
    """What a visitor reads in these elements."""
    text, whole, reason = locator.evaluate_all(_READ)
    return TextRead(text, whole, reason)


def unseen_texts(locator: Locator) -> set[str]:
    """The texts of these elements that a visitor sees in none of them."""
    texts: list[str] = locator.evaluate_all("all => all.map(one => one.textContent.replace(/\\s+/g, ' ').trim())")
    found = list(zip(texts, why_unseen(locator), strict=True))
    return {text for text, why in found if why} - {text for text, why in found if not why}


def as_seen(verdict: Verdict, reason: str, *, in_text: bool = False) -> Verdict:
    """The verdict on a thing that is right, once it is known why a visitor can't see it.

    Not met where it is plain that nobody can; for a person where a program can't be sure. `in_text`: it is of a text that
    somebody wrote, where what a style hides may be what a script shows at a click.
    """
    if not reason or verdict is Verdict.NOT_MET:
        return verdict
    sure = reason in PLAIN and not (in_text and reason == REASONS["HIDDEN"])
    return Verdict.NOT_MET if sure else Verdict.TO_JUDGE


@contextmanager
def on_a_phone(site: Site) -> Iterator[Page]:
    """The visitor's page as narrow as a telephone, for the time of the block."""
    page = site.page
    before = page.viewport_size
    page.set_viewport_size(_PHONE)
    try:
        yield page
    finally:
        if before:
            page.set_viewport_size(before)
