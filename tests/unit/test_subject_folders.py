"""Subjects in a folder of the centre's, by the real commands; and what a subject prints otherwise than its checks look for."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import main
from provisioner.exam.open_room import subjects_for_candidates
from provisioner.exam.roster import read_roster
from provisioner.host import debug_log
from provisioner.host.editions import sessions
from provisioner.host.settings import Settings
from provisioner.papers.sheets import subject_name
from provisioner.subject import folders
from provisioner.subject.subjects import doubts, load_subject, subject_ids

Write = Callable[..., Path]


class Ended:
    """What a command left."""

    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("E5B_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("E5B_CONFIG", str(tmp_path / "e5b.toml"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(folders, "_own", [])
    (tmp_path / "e5b.toml").write_text(f'subjects = "{tmp_path}/sujets"\n')

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["e5b", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        debug_log.stop()
        return Ended(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a subject of the centre's: a copy of one of the program's, with changes; its file."""

    def write(name: str, *changes: tuple[str, str], of: str = "wordpress-a", folder: str = "") -> Path:
        path = tmp_path / "sujets" / (folder or name) / "subject.toml"
        shutil.copytree(subject_ids()[of].parent, path.parent)
        text = path.read_text(encoding="utf-8").replace(f'id = "{of}"', f'id = "{name}"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_subject_of_the_centres_folder_has_a_name_is_found_by_it_and_listed(run: Run, write: Write) -> None:
    path = write("wordpress-noel", ("Les portes ouvertes de l’atelier", "Le marché de Noël"))
    ran = run("subject", "check", "wordpress-noel")
    assert (ran.code, ran.err) == (0, "")
    assert "Le sujet wordpress-noel « Le marché de Noël » est valable" in ran.out
    ran = run("subject", "list")
    assert ran.code == 0
    assert re.search(rf"(?m)^wordpress-noel +wordpress-2024 +{', '.join(sessions())} +Le marché de Noël", ran.out)
    assert f"Dans {path.parent.parent} : wordpress-noel" in ran.out
    rows = {row["id"]: row for row in run("subject", "list", "--json").json["subjects"]}
    assert set(rows) == set(subject_ids())
    assert rows["wordpress-noel"] == {
        "id": "wordpress-noel",
        "edition": "wordpress-2024",
        "title": "Le marché de Noël",
        "file": str(path),
        "sessions": sessions(),
        "valid": True,
        "mistake": None,
    }
    assert rows["prestashop-c"]["edition"] == "prestashop-2024"


def test_candidates_are_given_a_subject_of_that_folder_though_a_link_leads_there(
    run: Run, write: Write, tmp_path: Path
) -> None:
    folder = write("wordpress-noel").parent
    (tmp_path / "lien").symlink_to(tmp_path / "sujets")
    (tmp_path / "e5b.toml").write_text(f'subjects = "{tmp_path}/lien"\n')
    assert run("subject", "list").code == 0
    for name in ("wordpress-noel", str(folder)):
        assert [subject.id for subject in subjects_for_candidates([name])] == ["wordpress-noel"]


def test_a_list_of_candidates_names_it_by_its_word_and_it_is_printed_so(run: Run, write: Write, tmp_path: Path) -> None:
    write("wordpress-noel")
    run("subject", "list")
    rows = ["N°;NOM;Prénom;Commission;Sujet;Poste;Date;Heure"]
    rows += [
        f"{place};NOM;P;3;{words};{place};21/05/2024;9h00"
        for place, words in enumerate(("WordPress Noël", "WP noel"), 1)
    ]
    (tmp_path / "liste.csv").write_text("\n".join(rows), encoding="utf-8")
    read = read_roster(tmp_path / "liste.csv", Settings().zone, 20, "2024")
    assert [line.subject for line in read.entries] == ["wordpress-noel"] * 2
    assert (subject_name("wordpress-noel"), subject_name("prestashop-b")) == ("WordPress Noel", "PrestaShop B")


def test_what_is_wrong_in_the_folder_is_listed_and_hides_no_other(run: Run, write: Write, tmp_path: Path) -> None:
    write("wordpress-a", folder="wordpress-a")
    write("wordpress-x", folder="autre")
    write("wordpress-y", ("criterion", "criterium"))
    ran = run("subject", "list")
    assert ran.code == 0
    told = " ".join(ran.out.split())
    assert "l'identifiant wordpress-a est déjà celui de" in told
    assert "le sujet est dans le dossier autre. Donnez au dossier le nom wordpress-x" in told
    assert "vouliez-vous dire « criterion » ?" in told
    assert subject_ids()["wordpress-a"].is_relative_to(Path(main.__file__).parents[2])
    assert sum(row["valid"] for row in run("subject", "list", "--json").json["subjects"]) == 9


def test_a_folder_that_is_not_there_is_told_where_a_subject_is_looked_for(run: Run, tmp_path: Path) -> None:
    ran = run("subject", "check", "wordpress-noël")
    assert ran.code == 2
    assert f"Le dossier de « subjects » dans e5b.toml, {tmp_path}/sujets, n'existe pas." in ran.err
    ran = run("subject", "check", "wordpres-b")
    assert ran.err.rstrip().endswith("Vouliez-vous dire « wordpress-b » ?")
    shown = "".join(run("subject", "list").out.split())  # wherever the terminal wraps it, in the path too
    assert f"{tmp_path}/sujets,n'existepas" in shown
    (tmp_path / "e5b.toml").write_text('subjects = "sujets"\n')
    ran = run("subject", "list")
    assert ran.code == 2
    assert "« sujets » n'est pas un chemin entier comme /srv/sujets" in ran.err


@pytest.mark.parametrize("name", sorted(subject_ids()))
def test_no_subject_of_the_program_is_doubted(name: str) -> None:
    assert doubts(name) == []


@pytest.mark.parametrize(
    ("of", "old", "new", "question", "reads", "wants"),
    [
        (
            "prestashop-b",
            "40 sachets de « Sablé aux",
            "40 sachets de « Sablé nature » et non de « Sablé aux",
            3,
            "",
            "",
        ),
        (
            "prestashop-b",
            "de « Sablé aux pépites de chocolat »",
            "de « Sablé nature »",
            3,
            "Sablé nature",
            "Sablé aux pépites de chocolat",
        ),
        ("prestashop-b", "compté 40 sachets", "compté 45 sachets", 3, "45", "40"),
        ("prestashop-b", "« APERO10 »", "« APERO15 »", 2, "APERO15", "APERO10"),
        ("prestashop-b", "dure 3 semaines", "dure 4 semaines", 2, "4", "3 weeks"),
        ("prestashop-a", "catalogue 10 % de remise", "catalogue 15 % de remise", 2, "15", "10"),
        ("prestashop-a", "dure 15 jours", "dure 10 jours", 2, "10", "15 days"),
        ("prestashop-c", "15 % de remise", "4 % de remise", 2, "4", "15"),
        (
            "prestashop-a",
            "catégorie « Boîtes en métal »",
            "catégorie « Boîtes en fer »",
            4,
            "Boîtes en fer",
            "Boîtes en métal",
        ),
        ("prestashop-a", "prix hors taxes", "prix toutes taxes comprises", 3, "TTC", "HT"),
        ("prestashop-a", "price = 12.90", "price = 12.09", 1, "12,9", "12,09"),
        (
            "prestashop-a",
            "accordez par une règle de prix catalogue 10 %",
            "accordez par une règle de prix catalogue 20 %",
            2,
            "20",
            "10",
        ),
        ("prestashop-a", 'category = "Sablés"', 'category = "Coffrets"', 2, "Sablés", "Coffrets"),
        ("wordpress-a", '"15 juin"', '"16 juin"', 1, "15 juin", "16 juin"),
        ("wordpress-a", '"17 h 30"', '"17 h"', 1, "17h30", "17 h"),
        (
            "wordpress-a",
            "intitulé « Portes ouvertes à l’atelier »",
            "intitulé « Portes ouvertes de l’atelier »",
            1,
            "Portes ouvertes de l’atelier",
            "Portes ouvertes à l’atelier",
        ),
        ("wordpress-a", "elle en affiche 15", "elle en affiche 12", 2, "12", "15"),
        ("wordpress-a", "elle en affiche 15", "elle en affiche quinze", 2, "", ""),
        (
            "wordpress-b",
            "« Le goût du port depuis 1962 »",
            "« Le goût du port depuis 1963 »",
            3,
            "Le goût du port depuis 1963",
            "Le goût du port depuis 1962",
        ),
        (
            "wordpress-c",
            "« Ouverte du lundi au samedi »",
            "« Ouverte du mardi au samedi »",
            5,
            "Ouverte du mardi au samedi",
            "Ouverte du lundi au samedi",
        ),
    ],
)
def test_a_text_that_says_otherwise_than_its_check_is_told_with_both_and_the_line(
    run: Run, write: Write, of: str, old: str, new: str, question: int, reads: str, wants: str
) -> None:
    name = f"{of.partition('-')[0]}-essai"
    path = write(name, (old, new), of=of)
    ran = run("subject", "check", name, "--json")
    assert (ran.code, ran.json["valid"]) == (0, True)
    if not reads:
        assert ran.json["warnings"] == []
        return
    (warning,) = ran.json["warnings"]
    said = re.escape(f"la question {question} dit « {reads} », son contrôle cherche « {wants} »")
    assert re.match(rf"{re.escape(str(path))}, ligne \d+ : {said} \(", warning)
    line = int(re.findall(r"ligne (\d+)", warning)[0])
    key = re.findall(r"« ([a-z_.]+) »\)", warning)[0].rpartition(".")[2]
    assert key in path.read_text(encoding="utf-8").splitlines()[line - 1]
    ran = run("subject", "check", name)
    assert ran.code == 0
    assert "À vérifier, " in ran.out


@pytest.mark.parametrize(
    ("of", "old", "new"),
    [
        ("prestashop-b", "accordez 10 % de remise", "accordez dix pour cent de remise"),
        ("prestashop-b", "dès 25 € d’achats TTC", "dès vingt-cinq euros d’achats TTC"),
        ("prestashop-b", "dure 3 semaines", "dure 21 jours"),
        ("prestashop-b", "compté 40 sachets", "compté, dans 3 cartons, quarante sachets"),
        ("prestashop-b", "« Sablé aux pépites de chocolat »", "SABLÉ AUX PÉPITES DE CHOCOLAT"),
        ("prestashop-b", "Corrigez le stock de ce produit", "Corrigez son stock, et non celui du « Sablé nature »"),
        (
            "prestashop-a",
            "10 % de remise sur toute la catégorie",
            "10% de remise (au lieu de 15 %) sur toute la catégorie",
        ),
        ("prestashop-a", "dure 15 jours", "dure quinze jours"),
        ("prestashop-a", "12 % de remise", "douze pour cent de remise"),
        ("prestashop-a", "prix hors taxes", "prix HT, et non TTC"),
        ("prestashop-a", "prix hors taxes", "prix sans la TVA, et non TTC"),
        ("prestashop-a", "catégorie « Boîtes en métal »", "catégorie « boîtes en métal », et non « Boîtes en fer »"),
        ("prestashop-a", "pendant 10 jours", "pendant dix jours, au lieu de 20 jours"),
        ("prestashop-c", "pendant 4 semaines", "pendant 28 jours"),
        ("prestashop-c", "pendant 4 semaines", "pendant un mois"),
        ("prestashop-a", "price = 12.90", "price = 17.40"),
        ("wordpress-a", "d’au moins 150 mots", "d’au moins cent cinquante mots"),
        ("wordpress-a", '"12,50 €"', '"12.50 euros"'),
        ("wordpress-b", "prénom Gaël, nom Morvan", "c’est Gaël MORVAN"),
        ("wordpress-c", "l’image « Boutique de Quimper »", "l’image boutique-quimper"),
    ],
)
def test_what_says_the_same_in_other_words_is_not_doubted(write: Write, of: str, old: str, new: str) -> None:
    """A price of 17,40 € is what the annexe's 12,90 € and 4,50 € come to."""
    assert doubts(str(write(f"{of.partition('-')[0]}-essai", (old, new), of=of))) == []


def test_a_stack_is_named_by_the_settings_edition(run: Run, write: Write, tmp_path: Path) -> None:
    write("wordpress-noel")
    (tmp_path / "e5b.toml").write_text(
        f'subjects = "{tmp_path}/sujets"\neditions = {{ wordpress = "wordpress-trial" }}\n'
    )
    rows = {row["id"]: row["edition"] for row in run("subject", "list", "--json").json["subjects"]}
    assert rows["wordpress-noel"] == "wordpress-trial"
    assert load_subject("wordpress-noel").folder == tmp_path / "sujets/wordpress-noel"
