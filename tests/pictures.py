"""Draws the pictures of docs/technicien.md and docs/examinateur.md from the program's own pages and screens.

    .venv/bin/python -m tests.pictures

`sources.json` beside them holds the digest of what each was drawn from; a test compares, so that a page that
changes doesn't leave its picture behind. Only `archive-ouverte.png` is drawn by hand: it is a CMS's own screen.
"""

import hashlib
import html
import io
import json
import re
import tempfile
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import segno
from rich.console import Console

from provisioner.cli import day, show
from provisioner.cli.screen import safe_markup
from provisioner.core.errors import ConfigurationError
from provisioner.core.records import RosterEntry, SittingRecord
from provisioner.exam.roster import read_roster
from provisioner.exam.seating import Progress
from provisioner.examination.browser import candidate_browser
from provisioner.examination.document import ExaminationDocument
from provisioner.host.paths import ROOT, Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.papers.marking import Known, forms
from provisioner.papers.printing import page
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

FOLDER = ROOT / "docs/images"
SOURCES = FOLDER / "sources.json"
_SETTINGS = Settings()
_ADDRESS = "http://192.0.2.1:8101"
_SCREEN = (
    '<body style="margin:0;background:#1d1f21"><pre style="color:#e8e8e8;font:13px/1.5 monospace;padding:12px;margin:0">{}'
    "</pre></body>"
)
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
        "journee": _terminal("e5b day", _day),
        "liste-erreurs": _terminal("e5b up --roster liste.csv", _mistakes),
    }


def digest(source: str) -> str:
    """What tells that a picture's source has changed; the drawing of its QR code is a library's."""
    return hashlib.sha256(re.sub(r"(?s)<svg.*?</svg>", "", source).encode()).hexdigest()


def draw() -> None:
    """Draw them all, and write down from what."""
    with candidate_browser() as browser:
        for name, source in screens().items():
            paper = name in ("feuille-candidat", "fiche", "grille")
            shown = browser.new_page(viewport={"width": 794 if paper else 900, "height": 100})
            shown.set_content(source)
            if paper:
                shown.emulate_media(media="print")
                shown.add_style_tag(content="body { margin: 12mm }")
            shown.screenshot(path=FOLDER / f"{name}.png", full_page=True)
            shown.close()
    made = {name: digest(source) for name, source in screens().items()}
    SOURCES.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


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


def _day(screen: Console) -> None:
    states = ("en cours, jusqu'à 09:40", "attendu, poste prêt", "à venir")
    names = (("0241123", "LE GOFF", "Maëlle"), ("0241124", "ÉVENOU", "Noé"), ("0241125", "SALAÜN", "Inès"))
    rows = [
        Progress(
            RosterEntry.model_validate(
                {**_ENTRY, "number": number, "name": name, "first_name": first, "station": station, "at": at}
            ),
            state,
        )
        for (number, name, first), state, station, at in zip(
            names,
            states,
            ("poste-01", "poste-02", "poste-01"),
            (_ENTRY["at"], _ENTRY["at"], "2024-05-21T10:00:00+02:00"),
            strict=True,
        )
    ]
    centre = SimpleNamespace(state=SimpleNamespace(roster=lambda _: None), room=SimpleNamespace(name="salle"))
    with (
        patch("provisioner.exam.seating.day_rows", lambda _: rows),
        patch("provisioner.station.centre.stations", lambda _: []),
        patch.object(show, "out", screen),
    ):
        day._show_day(cast(Centre, centre), False)


def _mistakes(screen: Console) -> None:
    titles = "N°;NOM;Prénom;Commission;Sujet;Poste;Date;Heure"
    rows = (
        "0241123;LE GOFF;Maëlle;3;WordPress A;1;21/05/2024;9h00",
        "0241124;ÉVENOU;;3;WordPress Z;99;31/02/2024;9h00",
        "0241125;SALAÜN;Inès;3;WordPress A;1;21/05/2024;9h30",
    )
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("liste.csv").write_text("\n".join([titles, *rows]), encoding="utf-8")
        try:
            read_roster(Path("liste.csv"), _SETTINGS.zone, _SETTINGS.places)
        except ConfigurationError as error:
            screen.print(f"e5b : {safe_markup(str(error))}")


def _terminal(command: str, show: Callable[[Console], None]) -> str:
    screen = Console(width=112, file=io.StringIO(), highlight=False, record=True)
    show(screen)
    return _SCREEN.format(html.escape(f"$ {command}\n{screen.export_text()}"))


if __name__ == "__main__":
    draw()
