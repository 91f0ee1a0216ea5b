"""A half-day of the exam in a real browser, through the screen alone: from a machine that is on to forms that are signed.

Twelve candidates in two series, on a clock that the test moves. What stands for candidates is the robot of `e5b demo` for
some and a word left on the site for all. Each page is looked at by axe, and kept as pictures in the test's folder
(wide and narrow, light and dark), for whoever wants to see them.
"""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from provisioner.core.model import Golden
from provisioner.demo.demonstration import work
from provisioner.engine.protocol import Engine
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down
from provisioner.station.state import State
from provisioner.subject.subjects import load_subject
from tests.accessible import refuse_faults
from tests.command import Program

PLACES = 6
PASSWORD = "le phare de la Jument"
#: How long an act on the whole room may take, in milliseconds: two cores examine six stations.
LONG = 600_000
NAMES = (
    "LE GOFF",
    "ÉVENOU",
    "KERVELLA",
    "TANGUY",
    "QUÉMÉNEUR",
    "RIOU",
    "ABGRALL",
    "SALAÜN",
    "BIHAN",
    "GALL",
    "MADEC",
    "COZ",
)


@dataclass
class HalfDay:
    """The machine, its room and console, and the browsers of the staff."""

    centre: Centre
    folder: Path
    address: str
    code: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    def now_is(self, hour: str) -> None:
        """Move the clock of the day."""
        moved = self.folder / "now.part"
        moved.write_text(f"2026-05-21T{hour}:00+02:00", encoding="utf-8")
        moved.replace(self.folder / "now")

    def page(self) -> Page:
        """A browser of one of the staff; what a page's policy refuses fails the test at its end."""
        context = new_context(self.browser, Settings(), viewport={"width": 1366, "height": 620})
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    def seen(self, page: Page, name: str) -> None:
        """Look at a page as each screen shows it: nothing that axe finds, nothing wider than the screen."""
        for width, height in ((1366, 620), (320, 640)):
            page.set_viewport_size({"width": width, "height": height})
            refuse_faults(page, f"{name}, {width}")
            for colours in ("light", "dark"):
                page.emulate_media(color_scheme=colours)
                page.screenshot(path=self.folder / "pictures" / f"{name}-{width}-{colours}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 620})
        page.emulate_media(color_scheme="light")


@pytest.fixture
def half_day(engine: Engine, trial: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HalfDay]:
    monkeypatch.setenv("E5B_NOW", str(tmp_path / "now"))
    (tmp_path / "now").write_text("2026-05-21T07:40:00+02:00", encoding="utf-8")
    paths = Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    room = Room.on_free_ports("demi-journee", PLACES)
    console = Room.on_free_ports("console", 1).first_port
    (tmp_path / "e5b.toml").write_text(
        f'room = "{room.name}"\nfirst_port = {room.first_port}\nplaces = {PLACES}\n'
        f'editions = {{ wordpress = "{trial.stack}" }}\n[console]\nport = {console}\n',
        encoding="utf-8",
    )
    centre = Centre(engine, Settings(), State(paths), room)
    program = Program({"E5B_STATE": str(paths.state), "E5B_CONFIG": str(tmp_path / "e5b.toml")})
    expect.set_options(timeout=60_000)  # nothing here is about speed
    with ExitStack() as stack:
        stack.callback(lambda: expect.set_options(timeout=5_000))
        stack.callback(down, centre, discard="fin d'un essai")
        started = stack.enter_context(running(program))
        browser = stack.enter_context(candidate_browser(console, "127.0.0.5"))
        made = HalfDay(centre, tmp_path, started["address"], started["code"], browser)
        yield made
        assert made.complaints == []


@contextmanager
def running(program: Program) -> Iterator[dict[str, str]]:
    """`e5b console`; gives its address, and the code of the first account."""
    words = [sys.executable, "-c", "from provisioner.entry import main\nmain()", "console", "--json"]
    with subprocess.Popen(words, env=program.environment, text=True, stdout=subprocess.PIPE) as console:
        try:
            assert console.stdout
            told = ""
            for line in console.stdout:
                told += line
                if line.rstrip() == "}":
                    break
            yield json.loads(told)
        finally:
            console.terminate()
            console.wait(120)


def liste(folder: Path) -> Path:
    """The centre's list: twelve candidates of two commissions, six at nine and six at ten."""
    path = folder / "liste.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["Numéro", "Nom", "Prénom", "Commission", "Sujet", "Poste", "Date", "Heure"])
        for index, name in enumerate(NAMES):
            place, hour = index % PLACES + 1, 9 + index // PLACES
            rows.writerow(
                [241100 + index, name, "Camille", 1 + index % 2, "WordPress A", place, "21/05/2026", f"{hour}h00"]
            )
    return path


def candidates_work(day: HalfDay) -> None:
    """Each leaves a word on his site; the first answers a question through the real screens."""
    for station in stations(day.centre):
        candidate = day.centre.state.record(station.container).candidate
        assert candidate
        word = ["bash", "-euc", f"echo {candidate.number} >/var/www/html/wp-content/uploads/mot-{candidate.number}.txt"]
        done = day.centre.engine.run(station.container, word, user="www-data")
        assert done.status == 0, done.stderr
    first, subject = stations(day.centre)[0], load_subject("wordpress-a")
    work(day.centre, first, replace(subject, questions=subject.questions[:1]))


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def ended(page: Page) -> None:
    """Wait until the act whose page is open has ended."""
    expect(page.locator("#act")).to_contain_text("Terminé à", timeout=LONG)


def act_on(page: Page, day: HalfDay, act: str, places: Sequence[int] = (), **typed: str) -> None:
    """Choose places in the room (all where none are named), plan an act, type what it asks for, and see it done."""
    page.goto(f"{day.address}/salle")
    for place in places:
        page.locator(f"#pick-{place}").check()
    if not places:
        page.get_by_label("Toute la salle").check()
    click(page, act)
    for name, text in typed.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name=re.compile(f"^{act} : ")).click()
    ended(page)


def outcomes(page: Page) -> list[str]:
    """What the page of an act says of each of its stations."""
    return page.locator("#act tbody td:nth-of-type(2)").all_inner_texts()


def test_a_half_day_from_the_machine_that_is_on_to_forms_to_sign(half_day: HalfDay) -> None:
    (half_day.folder / "pictures").mkdir()
    page = half_day.page()
    prepare(half_day, page)
    first_series(half_day, page)
    second_series(half_day, page)
    mark(half_day, page)
    keep(half_day, page)


def prepare(day: HalfDay, page: Page) -> None:
    """7 h 40: the first account, the list, the room is opened and proven, sheets are written."""
    page.goto(day.address)
    day.seen(page, "premier-compte")
    page.get_by_label("Code").fill(day.code)
    page.get_by_label("Nom").fill("Mme Riou")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(PASSWORD)
    click(page, "Faire ce compte")
    day.seen(page, "entree")
    page.get_by_label("Nom").fill("Mme Riou")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    click(page, "Se connecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparation")
    expect(page.locator("#why-not")).to_contain_text("aucune liste n’est donnée")
    day.seen(page, "preparation-vide")
    page.get_by_role("link", name="Donner la liste").click()
    page.get_by_label("Le fichier, CSV ou XLSX").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": liste(day.folder).read_bytes()}
    )
    click(page, "Regarder ce fichier")
    day.seen(page, "liste")
    click(page, "Confirmer : 12 candidats")
    click(page, "Ouvrir la salle")
    ended(page)
    expect(page.locator("#act")).to_contain_text("6 postes en place")
    day.seen(page, "ouverture")
    page.goto(f"{day.address}/preparation")
    click(page, "Prouver maintenant")
    ended(page)
    expect(page.locator("#act")).to_contain_text("Les postes et l’entrée tiennent")
    page.goto(f"{day.address}/preparation")
    day.seen(page, "preparation")
    page.get_by_role("link", name="La feuille du jour J, à imprimer").click()
    expect(page.locator("main")).to_contain_text("10 h 40")
    day.seen(page, "jour-j")
    page.goto(f"{day.address}/preparation/liste")
    click(page, "Écrire les feuilles et les sujets")
    ended(page)
    page.goto(f"{day.address}/preparation/liste")
    with page.expect_download() as sheets:
        click(page, "Toutes les feuilles des candidats (PDF)")
    assert sheets.value.path().read_bytes().startswith(b"%PDF")


def first_series(day: HalfDay, page: Page) -> None:
    """9 h: six begin, a third has more time; when all have ended, the next six have new stations."""
    day.now_is("09:00")
    act_on(page, day, "Démarrer")
    assert outcomes(page) == ["Fait"] * PLACES
    page.goto(f"{day.address}/salle")
    expect(page.locator("#light")).to_have_text("En direct")
    expect(page.locator("#tile-1")).to_contain_text("LE GOFF")
    day.seen(page, "salle")
    candidates_work(day)
    day.now_is("09:20")
    act_on(page, day, "Donner du temps", (3,), minutes="13", why="tiers temps")
    page.goto(f"{day.address}/salle")
    expect(page.locator("#tile-3 .extra")).to_have_text("+13")
    page.goto(f"{day.address}/poste/3")
    expect(page.locator("#story")).to_contain_text("tiers temps")
    click(page, "Regarder le site")
    expect(page.locator("img.site")).to_be_visible()
    day.seen(page, "poste")
    page.goto(f"{day.address}/charge")
    day.seen(page, "charge")
    day.now_is("09:54")
    change_series(day, page)


def change_series(day: HalfDay, page: Page) -> None:
    """All have ended: their work is examined and archived, and the next candidates are expected."""
    page.goto(f"{day.address}/salle")
    click(page, "Changer de série")
    day.seen(page, "changer-de-serie")
    page.locator("#typed").fill(str(PLACES))
    page.get_by_role("button", name=re.compile("^Changer de série : ")).click()
    ended(page)
    assert outcomes(page) == ["Fait"] * PLACES
    day.seen(page, "serie-changee")
    with page.expect_download() as sheets:
        click(page, "Feuilles des candidats suivants (PDF)")
    assert sheets.value.path().read_bytes().startswith(b"%PDF")
    page.goto(f"{day.address}/salle")
    expect(page.locator("#tile-1")).to_contain_text("ABGRALL")


def second_series(day: HalfDay, page: Page) -> None:
    """10 h: the other six; at the end they are examined and archived."""
    day.now_is("10:00")
    act_on(page, day, "Démarrer")
    assert outcomes(page) == ["Fait"] * PLACES
    candidates_work(day)
    day.now_is("10:41")
    act_on(page, day, "Examiner")
    assert outcomes(page) == ["Fait"] * PLACES
    act_on(page, day, "Archiver")
    assert outcomes(page) == ["Fait"] * PLACES
    page.goto(f"{day.address}/salle?vue=liste")
    day.seen(page, "salle-liste")


def mark(day: HalfDay, page: Page) -> None:
    """A commission's examiner has an account, reads what was observed, ticks, writes a mark, and has forms to sign."""
    page.goto(f"{day.address}/comptes")
    page.get_by_label("Nom").fill("M. Even")
    page.get_by_label("Rôle").select_option("examinateur")
    page.get_by_label("Commission").fill("1")
    click(page, "Faire ce compte")
    code = page.locator("p.code").inner_text()
    examiner = day.page()
    examiner.goto(f"{day.address}/code")
    examiner.get_by_label("Code").fill(code)
    examiner.get_by_label("Mot de passe").fill(PASSWORD)
    examiner.get_by_label("Le même, encore une fois").fill(PASSWORD)
    click(examiner, "Choisir ce mot de passe")
    examiner.get_by_label("Nom").fill("M. Even")
    examiner.get_by_label("Mot de passe").fill(PASSWORD)
    click(examiner, "Se connecter")
    examiner.goto(f"{day.address}/commission")
    expect(examiner.locator("tbody tr")).to_have_count(6)
    day.seen(examiner, "commission")
    examiner.get_by_role("link", name="LE GOFF Camille").click()
    expect(examiner.locator(".finding").first).to_be_visible()
    day.seen(examiner, "notation")
    examiner.get_by_role("radio", name="TS").first.check()
    examiner.get_by_role("textbox", name="Appréciation").fill("Travail soigné.")
    examiner.get_by_label("Note sur 20").fill("14,5")
    expect(examiner.locator("#partie-note .saved")).to_contain_text("Enregistré à")
    click(examiner, "J’ai fini ma grille")
    examiner.get_by_role("link", name="Grille commune").click()
    click(examiner, "Reprendre ce qui est pareil dans les grilles finies")
    examiner.get_by_label("Note sur 20").fill("14,5")
    expect(examiner.locator("#partie-note .saved")).to_contain_text("Enregistré à")
    day.seen(examiner, "grille-commune")
    for form in ("Fiche d’évaluation à signer (PDF)", "Grille à signer (PDF)"):
        address = examiner.get_by_role("link", name=form).get_attribute("href")
        assert examiner.request.get(f"{day.address}{address}").body().startswith(b"%PDF")


def keep(day: HalfDay, page: Page) -> None:
    """The archives are read again, their list of digests is made, and the book can be given to the jury."""
    page.goto(f"{day.address}/conservation")
    expect(page.locator("tbody tr")).to_have_count(12)
    day.seen(page, "conservation")
    click(page, "Relire toutes les archives")
    ended(page)
    assert outcomes(page) == ["Fait"] * 12
    page.goto(f"{day.address}/conservation")
    page.get_by_role("button", name=re.compile("^Faire la liste du ")).click()
    ended(page)
    page.goto(f"{day.address}/conservation")
    with page.expect_download() as digests:
        page.get_by_role("link", name="PDF").first.click()
    assert digests.value.path().read_bytes().startswith(b"%PDF")
    page.goto(f"{day.address}/actes")
    day.seen(page, "actes")
    book = page.request.get(f"{day.address}/actes.csv").text()
    assert "tiers temps" in book
    assert re.search(r"Changer de série.*Mme Riou|Mme Riou.*Changer de série", book)
    numbers = {str(241100 + index) for index in range(len(NAMES))}
    archives = list((day.centre.state.archives).glob("*.e5b.zip"))
    assert len(archives) == len(numbers)
