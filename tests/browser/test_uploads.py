"""A shop takes files as large as a station does; what WordPress takes is tried in tests/engine/test_station.py."""

import os
import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.prestashop.screens.office import office
from checks.prestashop.screens.pictures import add_picture
from provisioner.core.model import Golden
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.examination.site import CandidateDesk
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up


def noise(side: int) -> bytes:
    """A square PNG that nothing can compress: three bytes per pixel."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + os.urandom(3 * side) for _ in range(side))
    head = part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows, 0)) + part(b"IEND", b"")


@pytest.fixture
def browser() -> None:
    """What the candidate works with."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the candidate's browser, which is another user, may read."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_a_photo_of_12_mb_and_a_file_of_64_mb_are_taken_by_the_shop(
    centre: Centre, shop: Golden, browser: None, folder: Path
) -> None:
    (station,) = up(centre, 1, ["prestashop-a"], shop)
    mine = centre.state.credentials(station.container)
    assert mine is not None
    photo, catalogue = folder / "photo.png", folder / "catalogue.pdf"
    photo.write_bytes(noise(2000))
    catalogue.write_bytes(bytes(64 * 1024 * 1024))
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as chromium:
        desk = CandidateDesk(new_context(chromium, centre.settings), station, mine, (folder,))
        add_picture(desk, "Sablé au citron", photo.name)  # waits until the shop has numbered it
        page = office(desk, "AdminCatalog", "AdminAttachments")
        page.locator("#page-header-desc-configuration-add").first.click()
        page.locator("input[name^='attachment[name]']").first.fill("Catalogue")
        page.locator("#attachment_file").set_input_files(catalogue)
        page.locator("form[name=attachment] button.btn-primary").click()
        page.locator("#attachment_grid_table").get_by_text("Catalogue", exact=True).wait_for()
        desk.leave()
