"""Draws the pictures of docs/technicien.md and docs/examinateur.md from the program's own pages and screens.

    .venv/bin/python -m tests.pictures [NAME…]

`sources.json` beside them holds the digest of what each was drawn from; a test compares, so that a page that
changes doesn't leave its picture behind. Only `archive-ouverte.png` is drawn by hand: it is a CMS's own screen.
"""

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import segno
from playwright.sync_api import Browser, ViewportSize

from provisioner.core.records import RosterEntry, SittingRecord
from provisioner.examination.browser import candidate_browser
from provisioner.examination.document import ExaminationDocument
from provisioner.host.paths import ROOT, Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.papers.marking import Known, forms
from provisioner.papers.printing import page
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests import console_pictures
from tests.unit.fake_engine import FakeEngine

FOLDER = ROOT / "docs/images"
SOURCES = FOLDER / "sources.json"
_SETTINGS = Settings()
_ADDRESS = "http://192.0.2.1:8101"
#: Of a page that is longer, the picture has so many pixels from the top.
_TALLEST = {"console-liste": 640}
_PAPERS = ("feuille-candidat", "fiche", "grille", "console-jour-j")
_ENTRY = {
    "key": "k",
    "number": "0241123",
    "name": "LE GOFF",
    "first_name": "Maëlle",
    "commission": "3",
    "subject": "wordpress-a",
    "place": 1,
    "station": "poste-01",
    "at": "2024-05-21T09:00:00+02:00",
    "stack": "wordpress-2024",
    "user": "candidat",
    "password": "htre4bs8m9",
}


def screens() -> dict[str, str]:
    """The HTML of each picture, by its name."""
    return {
        "feuille-candidat": _sheet(),
        **_forms(),
        "avant-epreuve": _door("before"),
        "epreuve-terminee": _door("over"),
        "temps-restant": _time_page(),
        **console_pictures.pages(),
    }


def digest(source: str) -> str:
    """What tells that a picture's source has changed; the drawing of its QR code is a library's.

    Of a page of the console its words count, and no tag: many hands work on it, and what it says is what a manual needs.
    """
    without = re.sub(r"(?s)<svg.*?</svg>", "", source)
    if console_pictures.is_page(source):
        without = " ".join(re.sub(r"<[^>]*>", " ", without).split())
    return hashlib.sha256(without.encode()).hexdigest()


def draw(names: Sequence[str] = ()) -> None:
    """Draw these, or all, and write down from what."""
    sources = screens()
    chosen = [name for name in sources if name in names or not names]
    with candidate_browser() as browser:
        for name in chosen:
            _draw_one(browser, name, console_pictures.styled(sources[name]))
    kept = json.loads(SOURCES.read_text(encoding="utf-8"))
    made = {name: digest(source) if name in chosen else kept.get(name) for name, source in sources.items()}
    SOURCES.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _draw_one(browser: Browser, name: str, source: str) -> None:
    paper, console = name in _PAPERS, name.startswith("console-")
    size: ViewportSize = {"width": 794 if paper else 900, "height": 100}
    if console and not paper:  # its acts stand at the bottom of what a browser leaves of a screen
        size = {"width": 1366, "height": _TALLEST.get(name, 620)}
    shown = browser.new_page(viewport=size)
    shown.set_content(source)
    if paper:
        shown.emulate_media(media="print")
        shown.add_style_tag(content="body { margin: 12mm }")
    shown.screenshot(path=FOLDER / f"{name}.png", full_page=name not in _TALLEST)
    shown.close()


def _sheet() -> str:
    one = {
        **_ENTRY,
        "address": _ADDRESS,
        "office": "/wp-admin/",
        "warnings": [],
        "subject_title": "WordPress A, Les portes ouvertes de l’atelier",
        "qr": segno.make(_ADDRESS, error="m").svg_inline(border=1, omitsize=True),
    }
    return page("candidate", _SETTINGS.zone, candidates=[one])


def _forms() -> dict[str, str]:
    def check(fact: str, verdict: str, observed: str) -> dict[str, Any]:
        one = {"fact": f"x/{fact}", "verdict": verdict, "expected": "", "observed": observed, "evidence": []}
        return {"id": "x", "title": "", "skill": "", "acts": False, "may_act": False, "findings": [one]}

    report = {
        "taken_at": "2024-05-21T09:41:00+02:00",
        "differs": [],
        "questions": [
            {"number": 1, "checks": [check("publier un article", "met", "L’article est publié dans « Actualités ».")]},
            {"number": 2, "checks": [check("articles par page", "not_met", "La page en montre 10.")]},
            {"number": 3, "checks": [check("menu principal", "met", "Le menu est celui de l’annexe.")]},
            {"number": 4, "checks": [check("répondre", "to_judge", "La réponse dit « à bientôt ».")]},
            {"number": 5, "checks": [check("auteur", "met", "L’auteur est Maëlle Kervoas.")]},
        ],
    }
    extra = {"at": "2024-05-21T09:20:00+02:00", "what": "extra", "minutes": 5, "why": "coupure de courant"}
    sitting = SittingRecord.model_validate({"events": [extra]})
    with tempfile.TemporaryDirectory() as folder:
        state = State(Paths(Path(folder), Path(folder) / "state", Path(folder)), _SETTINGS.zone)
        room = Room("salle", "localhost", "127.0.0.1", 8101, 3)
        centre = Centre(FakeEngine(), _SETTINGS, state, room)
        return forms(
            centre,
            RosterEntry.model_validate(_ENTRY),
            Known(events=sitting.events, report=cast(ExaminationDocument, report)),
            "0241123-wordpress-a-2024-05-21-rapport.html",
        )


def _door(name: str) -> str:
    told = (ROOT / f"stacks/gateway/{name}.conf").read_text(encoding="utf-8")
    (answer,) = re.findall(r"return 403 '(.*)';", told)
    return _noted(str(answer))


def _noted(text: str) -> str:
    """The page with what the gateway knows of a place."""
    nginx = (ROOT / "stacks/gateway/nginx.conf.j2").read_text(encoding="utf-8")
    notes = {"who": f"Poste 01 — candidat nº {_ENTRY['number']}, {_ENTRY['name']} {_ENTRY['first_name']}"}
    for what, hour in (("opening", ("$opens", "9 h 00")), ("closing", ("$closes", "9 h 40"))):
        (sentence,) = re.findall(rf'map \$\w+ \${what} \{{ default "(.*?)";', nginx)
        notes[what] = sentence.replace(*hour)
    for what, value in notes.items():
        text = text.replace(f"${what}", value).replace(f'<!--# echo var="{what}" encoding="none" -->', value)
    return text


def _time_page() -> str:
    """The page of the time as its script shows it under five minutes before the end."""
    text = _noted((ROOT / "stacks/gateway/time.html").read_text(encoding="utf-8"))
    text = re.sub(r"(?s)<script>.*</script>", "", text)
    shown = {
        "<body>": '<body class="soon">',
        '<p id="left" role="timer"><!--# echo var="left" encoding="none" -->': '<p id="left" class="counted">4:28',
        '<p id="warning" role="status">': '<p id="warning">Plus que 5 minutes : enregistrez votre travail.',
    }
    for written, drawn in shown.items():
        assert written in text
        text = text.replace(written, drawn)
    return text


if __name__ == "__main__":
    draw(sys.argv[1:])
