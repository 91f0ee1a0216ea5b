"""Whether a visitor sees a part of a page: the notion that all checks share.

A check asks `unseen(locator)`; a script of a check begins with `UNSEEN_JS` and asks `unseen(node)`, after
`await settled(nodes)`. Both say why a visitor can't see it, in French, and '' where he can. What he opens himself (an
accordion, a tab, the other slides of a carousel) he sees. By default he sits at a computer; `on_a_phone` is for
what is asked of a telephone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page

from checks.visibility_js import REASONS, UNSEEN_JS
from provisioner.subject.check import Site, Verdict

__all__ = ["REASONS", "UNSEEN_JS", "as_seen", "on_a_phone", "unseen", "why_unseen"]

#: What leaves no doubt: nobody sees it on that screen.
PLAIN = frozenset(REASONS[name] for name in ("HIDDEN", "PHONE", "TRANSPARENT", "NO_SIZE", "AWAY", "COVERED", "BROKEN"))
#: The width of a usual telephone, below the width at which themes change their headers.
_PHONE = {"width": 390, "height": 844}

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


def why_unseen(locator: Locator, *, background: bool = False) -> list[str]:
    """For each of these elements why a visitor can't see it, '' where he can."""
    found: list[str] = locator.evaluate_all(_UNSEEN, background)
    return found


def as_seen(verdict: Verdict, reason: str) -> Verdict:
    """The verdict on a thing that is right, once it is known why a visitor can't see it.

    Not met where it is plain that nobody can; for a person where a program can't be sure.
    """
    if not reason or verdict is Verdict.NOT_MET:
        return verdict
    return Verdict.NOT_MET if reason in PLAIN else Verdict.TO_JUDGE


@contextmanager
def on_a_phone(site: Site) -> Iterator[Page]:
    """The visitor's page as narrow as a telephone, for the time of the block."""
    page = site.page
    before = page.viewport_size
    page.set_viewport_size(_PHONE)  # type: ignore[arg-type]
    try:
        yield page
    finally:
        if before:
            page.set_viewport_size(before)
