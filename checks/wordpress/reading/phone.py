"""What a visitor sees on a telephone."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from provisioner.subject.check import Site

#: The width of a usual telephone, and below the width at which Astra changes its header.
_SIZE = {"width": 390, "height": 844}


@contextmanager
def on_a_phone(site: Site) -> Iterator[Page]:
    """The visitor's page as narrow as a telephone, for the time of the block."""
    page = site.page
    before = page.viewport_size
    page.set_viewport_size(_SIZE)  # type: ignore[arg-type]
    try:
        yield page
    finally:
        if before:
            page.set_viewport_size(before)
