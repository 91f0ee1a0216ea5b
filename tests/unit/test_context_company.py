"""A datum of the company's texts is changed, one in a file at a time, and that is told."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from provisioner.context.company import openings
from provisioner.context.facts import disagreements
from provisioner.host.paths import ROOT

SCENARIO = ROOT / "scenarios/biscuiterie"
SHOP = "prestashop/seed.toml"
SHOPS = "wordpress/texts/nos-boutiques.html"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The texts of the company without its pictures and documents."""
    return Path(shutil.copytree(SCENARIO, tmp_path_factory.mktemp("company") / "c", ignore=lambda *_: ["media"]))


@pytest.fixture
def company(copy: Path) -> Iterator[Path]:
    yield copy
    for file in (SHOP, "context.toml"):
        shutil.copy(SCENARIO / file, copy / file)
    shutil.copytree(SCENARIO / "wordpress", copy / "wordpress", dirs_exist_ok=True)


def exchanged(text: str, one: str, other: str) -> str:
    """The text in which these two have taken each other's places."""
    assert one in text
    assert other in text
    return re.sub(f"{re.escape(one)}|{re.escape(other)}", lambda found: other if found[0] == one else one, text)


def changed(company: Path, file: str, old: str, new: str) -> list[str]:
    """What is told when a file says this instead of that."""
    change(company, file, old, new)
    return [f"{one.where}: {one.what}" for one in disagreements(company)]


def change(company: Path, file: str, old: str, new: str) -> None:
    """A file says this instead of that; spaces are also those that don't break."""
    path = company / file
    text = path.read_text(encoding="utf-8")
    before = re.compile(re.escape(old).replace(r"\ ", "(?: |&nbsp;)"))
    assert before.search(text), old
    path.write_text(before.sub(new, text), encoding="utf-8")


def all_told(company: Path, changes: Sequence[Sequence[str]]) -> None:
    """Each of these changes, made at once in different files, is told by a message of its own."""
    for file, old, new, _ in changes:
        change(company, file, old, new)
    said = [f"{one.where}: {one.what}" for one in disagreements(company)]
    for told in sorted((told for *_, told in changes), key=len, reverse=True):  # the most particular words choose first
        own = next((one for one in said if told in one), None)
        assert own, (told, said)
        said.remove(own)


def test_the_company_as_it_is_agrees_with_itself(company: Path) -> None:
    assert list(disagreements(company)) == []


#: The page, what it says, what it is made to say, and what is told of that.
CHANGES = [
    (
        "nos-boutiques",
        "Du mardi au samedi : de 9 h 30",
        "Du lundi au samedi : de 9 h 30",
        "Boutique du port : d'autres",
    ),
    (
        "nos-boutiques",
        "Le lundi : de 14 h à 19 h",
        "Le lundi : de 9 h à 19 h",
        "Boutique de Quimper : d'autres horaires",
    ),
    ("nos-boutiques", "14 rue du Four-Banal", "15 rue du Four-Banal", "adresse 14 rue du Four-Banal"),
    ("nos-boutiques", "45 30", "45 40", "02 61 91 45 40 est le téléphone de Boutique de Landerneau"),
    ("contact", "45 12", "45 13", "téléphone 02 61 91 45 13, que context.toml ne connaît pas"),
    ("contact", "45 12", "45 20", "02 61 91 45 20 est le téléphone de Boutique du port"),
    ("contact", "à 17 h.", "à 18 h.", "d'après company.phone_hours"),
    ("contact", ">pro@", ">pros@", "pros@biscuiterie.examen.test : ni context.toml ni un compte"),
    ("contact", "mailto:pro@", "mailto:pros@", "pros@biscuiterie.examen.test : ni context.toml ni un compte"),
    ("contact", "3 chemin de la Palud", "5 chemin de la Palud", "rue 5 chemin de la Palud"),
    ("contact", "29799 Port", "29790 Port", "commune 29790 Port-Lanvenez"),
    ("contact", "(@lestroisajoncs)", "(@troisajoncs)", "compte Instagram @troisajoncs, que context.toml"),
    ("contact", "(Biscuiterie des", "(Maison des", "page Facebook Maison des Trois Ajoncs, que context.toml"),
    ("mentions-legales", "962 004 512 –", "962 004 999 –", "immatriculation RCS Quimper 962 004 999"),
    ("mentions-legales", "00 962004512", "00 962004513", "numéro de TVA FR 00 962004513"),
    ("mentions-legales", "48 000", "8 000", "capital 8 000 €"),
    ("notre-equipe", "<strong>Gérante.", "<strong>Comptable.", "Soizic Le Bihan, Gérante, d'après"),
    ("notre-histoire", "Le Bihan, gérante", "Le Bihan, comptable", "Soizic Le Bihan, Gérante, d'après"),
    ("qui-sommes-nous", "<td>Gérante", "<td>Comptable", "Gérante, d'après"),
    ("qui-sommes-nous", "<td>Ewen Tanguy", "<td>Malo Tanguy", "context.toml ne connaît personne de ce nom"),
    ("mentions-legales", "Ewen Tanguy", "Ewen Morvan", "« Ewen Morvan » : context.toml ne connaît personne"),
    ("qui-sommes-nous", "En 1962", "En 1968", "1968, mais 1962 d'après company.founded"),
    ("qui-sommes-nous", "en 1987", "en 1988", "1988, mais 1987"),
    ("notre-histoire", "<td>2013", "<td>2015", "le tableau des années passe sur 2013"),
    ("salons-et-rendez-vous", "stand C12", "stand D4", "halle du Steïr, Quimper, stand C12, d'après"),
    ("salon-saveurs-de-bretagne", "stand C12", "stand E31", "stand C12, d'après context.toml"),
    ("salons-et-rendez-vous", "saturday +49", "saturday +70", "dans 49 jours, d'après context.toml"),
    ("salon-saveurs-de-bretagne", "friday +21", "friday +28", "dans 21 jours, d'après context.toml"),
    ("salons-et-rendez-vous", "<td>Nantes", "<td>Rennes", "Nantes, stand E31, d'après context.toml"),
    ("salons-et-rendez-vous", "<td>Fête du port", "<td>Fête du bourg", "ne connaît pas ce rendez-vous"),
    ("points-de-vente", "<td>Super U", "<td>Leclerc", "context.toml ne connaît pas « Leclerc »"),
    ("points-de-vente", "Morlaix, ", "", "Quimper, Brest, Morlaix, Douarnenez, d'après"),
    ("nos-partenaires", "<td>Plomodiern", "<td>Morlaix", "Plomodiern, d'après context.toml"),
    ("nos-partenaires", "les œufs de plein air", "les œufs", "les œufs de plein air, d'après context.toml"),
    ("questions-frequentes", "le quart du poids", "le tiers du poids", "le quart du poids d'après company.butter"),
    ("questions-frequentes", "deux heures plus tard", "trois heures plus tard", "3, mais 2"),
]


def rounds(changes: Sequence[tuple[str, str, str, str]]) -> list[list[tuple[str, str, str, str]]]:
    """The changes in as few readings of the texts as can be: none with two of one file."""
    made: list[list[tuple[str, str, str, str]]] = []
    for change in changes:
        free = [one for one in made if change[0] not in {file for file, *_ in one}]
        if not free:
            made.append([])
            free = made[-1:]
        free[0].append(change)
    return made


@pytest.mark.parametrize("changes", rounds(CHANGES), ids=str)
def test_a_page_that_says_otherwise_is_told(company: Path, changes: list[tuple[str, str, str, str]]) -> None:
    all_told(company, [(f"wordpress/texts/{page}.html", *change) for page, *change in changes])


def test_a_link_to_a_network_leads_to_the_companys_page(company: Path) -> None:
    said = changed(company, "wordpress/seed.toml", "facebook.com/lestroisajoncs", "facebook.com/ajoncs")
    assert any("https://www.facebook.com/ajoncs/ : context.toml ne connaît pas" in one for one in said), said


@pytest.mark.parametrize(
    ("file", "one", "other", "told"),
    [
        (SHOPS, "14 rue du Four-Banal, 29000 Quimper", "6 place du Vieux-Lavoir, 29800 Landerneau", "adresse"),
        (SHOPS, "45&nbsp;30", "45&nbsp;40", "téléphone"),
        ("wordpress/texts/notre-histoire.html", "<td>2013</td>", "<td>2018</td>", "d'après context.toml"),
        ("wordpress/texts/points-de-vente.html", "<td>Carrefour", "<td>Biocoop", "d'après context.toml"),
    ],
)
def test_two_that_have_changed_places_are_both_told(company: Path, file: str, one: str, other: str, told: str) -> None:
    path = company / file
    path.write_text(exchanged(path.read_text(encoding="utf-8"), one, other), encoding="utf-8")
    said = [fault.what for fault in disagreements(company)]
    assert sum(told in one for one in said) >= 2, said


def test_two_shops_that_have_changed_their_hours_are_both_told(company: Path) -> None:
    path = company / SHOPS
    text = path.read_text(encoding="utf-8")
    of_quimper, of_landerneau = re.findall(r"<ul>.*?</ul>", text, re.DOTALL)[1:3]
    path.write_text(exchanged(text, of_quimper, of_landerneau), encoding="utf-8")
    assert [fault.what for fault in disagreements(company)] == [
        "Boutique de Quimper : d'autres horaires que dans context.toml",
        "Boutique de Landerneau : d'autres horaires que dans context.toml",
    ]


def test_an_account_has_the_function_of_its_owner(company: Path) -> None:
    said = changed(company, "wordpress/seed.toml", 'about = "Directrice commerciale."', 'about = "Comptable."')
    assert ["Nolwenn Abgrall : Directrice commerciale" in one for one in said] == [True]


@pytest.mark.parametrize(
    ("line", "days", "hours"),
    [
        ("Du mardi au jeudi : de 9 h 30 à 12 h 30", ["mardi", "mercredi", "jeudi"], "9h30 12h30"),
        ("Le samedi : de 9 h à 18 h 30, sans interruption", ["samedi"], "9h00 18h30"),
        ("dimanche : 10 h – 12 h 30, 14 h – 18 h", ["dimanche"], "10h00 12h30 14h00 18h00"),
        ("Ouvert le mardi, dès 10 h.", [], ""),
    ],
)
def test_opening_hours_are_read_day_by_day(line: str, days: list[str], hours: str) -> None:
    assert openings(line) == [(day, hours) for day in days]
