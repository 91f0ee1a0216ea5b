"""Goes round a fresh station of a site as a visitor and as its administrator, for `context_check`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provisioner.context_check import Fault, crawled, empty, unsaid
from provisioner.driver import Inside, driver_of
from provisioner.lifecycle import Centre, down, up
from provisioner.model import Golden
from provisioner.network import Room
from provisioner.progress import Quiet


@dataclass(frozen=True)
class Seen:
    """What came of it: what to print, and what a visitor reads, by path."""

    document: Mapping[str, Any]
    words: Mapping[str, str]


def visit(centre: Centre, golden: Golden, scenario: Path) -> Seen:
    """Every page and screen of a station made for it, in a room of its own; nothing of it stays."""
    driver = driver_of(golden.stack)
    told, centre = centre.progress, replace(centre, room=Room.apart(f"tour-{os.getpid()}", 1), progress=Quiet())
    told.step(f"{golden.stack} : un poste neuf")
    try:
        station = up(centre, 1, ["contexte"], golden)[0]
        told.step(f"{golden.stack} : les pages du visiteur")
        pages, faults = crawled(station.address, ["/"], {}, driver.shown)
        faults += [*empty(pages), *unsaid(pages, scenario)]
        told.step(f"{golden.stack} : les écrans de l'administration")
        signed = driver.sign_in(Inside(centre.engine, station.container), "administrator", station.address)
        screens, wrong = crawled(station.address, [driver.office], signed.cookies, driver.office_shown)
        if len(screens) < 2:
            wrong.append(Fault(driver.office, "l'administration ne s'est pas ouverte"))
    finally:
        down(centre)
    document = {
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "pages": len(pages),
        "office_pages": len(screens),
        "faults": [vars(one) for one in [*faults, *wrong]],
    }
    return Seen(document, {urlsplit(url).path: page.words for url, page in pages.items()})
