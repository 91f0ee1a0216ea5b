"""Goes round a fresh station of a site as a visitor and as its administrator, for `e5b context check`."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provisioner.build.driver import Inside, driver_of
from provisioner.context.consistency import unsaid
from provisioner.context.crawl import crawled, empty, in_english
from provisioner.context.pages import Page
from provisioner.context.texts import Fault
from provisioner.core.model import Golden
from provisioner.core.progress import Quiet
from provisioner.french.text import fold, plainly
from provisioner.host.editions import stack_named
from provisioner.host.toml_files import read_toml
from provisioner.network.gateway import Room
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import down, forget_killed, up


@dataclass(frozen=True)
class Seen:
    """What came of it: what to print, and what a visitor reads, by path."""

    document: Mapping[str, Any]
    words: Mapping[str, str]


def visit(centre: Centre, golden: Golden, scenario: Path) -> Seen:
    """Every page and screen of a station made for it, in a room of its own; nothing of it stays.

    Screens in English are faults of an image whose catalogue is the pinned one; else they are told apart, as
    `untranslated`: a stand-in lacks what its version didn't have yet.
    """
    driver, cms = driver_of(golden.stack), stack_named(golden.stack).cms
    forget_killed(centre, "contexte")
    progress, centre = (
        centre.progress,
        replace(centre, room=Room.on_free_ports(f"contexte-{os.getpid()}", 1), progress=Quiet()),
    )
    progress.step(f"{golden.stack} : un poste neuf")
    try:
        station = up(centre, 1, ["contexte"], golden)[0]
        progress.step(f"{golden.stack} : les pages du visiteur")
        pages, faults = crawled(station.address, ["/"], {}, driver.shown)
        faults += [*empty(pages, driver.hollow), *unsaid(pages, scenario)]
        progress.step(f"{golden.stack} : les écrans de l'administration")
        signed = driver.sign_in(Inside(centre.engine, station.container), "administrator", station.address)
        screens, wrong = crawled(
            station.address, [driver.office], signed.cookies, driver.office_shown, driver.office_shut
        )
    finally:
        down(centre)
    seed = read_toml(scenario / cms / "seed.toml")
    faults += [*unreached(pages, seed, driver.public), *unlisted(pages, driver.menus(seed)), *wrong]
    faults += unopened(screens, seed, driver.sheets, driver.own_sheets)
    faults += in_english({**pages, **screens}, driver.english_names)
    untranslated = list(in_english({**pages, **screens}, driver.english_screens))
    if golden.conformity.conforming:
        faults, untranslated = [*faults, *untranslated], []
    document = {
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "pages": len(pages),
        "office_pages": len(screens),
        "faults": [vars(fault) for fault in faults],
        "untranslated": [vars(fault) for fault in untranslated],
    }
    return Seen(document, {urlsplit(url).path: page.words for url, page in pages.items()})


def unopened(
    screens: Iterable[str], seed: Mapping[str, Any], sheets: Mapping[str, re.Pattern[str]], own: Mapping[str, int]
) -> Iterator[Fault]:
    """Tables of the seed that, with the installer's own rows, haven't as many screens; no list leads to what is spam."""
    for tables, sheet in sheets.items():
        opened = {found[1] for url in screens if (found := sheet.search(url))}
        wanted = sum(row.get("status") != "spam" for table in tables.split("+") for row in seed.get(table, []))
        wanted += own.get(tables, 0)
        if len(opened) != wanted:
            yield Fault("administration", f"{tables} : {len(opened)} fiches ouvertes, sur {wanted}")


def unreached(pages: Iterable[str], seed: Mapping[str, Any], public: Mapping[str, re.Pattern[str]]) -> Iterator[Fault]:
    """Published rows of the seed that no link of the site leads to; its front page has no address of its own."""
    paths = [urlsplit(url).path for url in pages]
    for tables, address in public.items():
        reached = {plainly(found[1]) for path in paths if (found := address.search(path))}
        for row in (row for table in tables.split("+") for row in seed.get(table, [])):
            shown = row.get("status", "publish") == "publish" and row.get("active", True)
            names = [row[key] for key in ("slug", "name", "title") if key in row]
            if shown and row["slug"] != seed.get("front_page") and not reached.intersection(map(plainly, names)):
                yield Fault("site", f"{tables} : aucun lien ne mène à « {names[-1]} »")


def unlisted(pages: Mapping[str, Page], menus: Iterable[Sequence[str]]) -> Iterator[Fault]:
    """Menus that the front page, which is the first, doesn't show: these entries, no others, in this order."""
    shown = [[fold(entry) for entry in entries] for entries in next(iter(pages.values())).menus] if pages else []
    for menu in menus:
        if [fold(entry) for entry in menu] not in shown:
            yield Fault("accueil", f"aucun menu n'a ces entrées : {', '.join(menu)}")
