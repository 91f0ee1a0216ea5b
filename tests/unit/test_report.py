import copy
import errno
import json
import os
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from provisioner.core.errors import EvidenceLost
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.report import french_spaces, french_time, index, render, write_report

PARIS = ZoneInfo("Europe/Paris")
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n another IEND\xaeB`\x82"
POST = "wordpress.contenu.publier/créer et publier un article"
LANGUAGE = "wordpress.contenu.rediger/langue (à apprécier)"


def finding(verdict: str = "met", fact: str = POST, observed: str = "un brouillon", *evidence: str) -> dict[str, Any]:
    return {
        "fact": fact,
        "verdict": verdict,
        "expected": "un article publié",
        "observed": observed,
        "evidence": list(evidence),
    }


def document(*findings: dict[str, Any], **changed: Any) -> ExaminationDocument:
    check = {
        "id": "wordpress.contenu.published_post",
        "title": "Article publié",
        "skill": "Structurer le contenu",
        "acts": False,
        "may_act": False,
        "findings": list(findings),
    }
    whole = {
        "station": "poste-01",
        "subject": "wordpress-a",
        "subject_title": "Le salon",
        "candidate": {"number": "0219", "name": "LE GUELLEC", "first_name": "Camille"},
        "stack": "wordpress-2024",
        "stack_title": "WordPress 6.4.2, thème Astra",
        "official": True,
        "conforming": True,
        "differs": [],
        "versions": {"wordpress": "6.4.2", "plugin wordpress-seo": "21.8"},
        "address": "http://localhost:8101",
        "golden": "sha256:5f2b",
        "built_at": "2026-11-20T08:12:00+00:00",
        "taken_at": "2026-11-24T14:04:00+00:00",
        "report": "report.html",
        "seconds": 6.24,
        "questions": [{"number": 1, "text": "Publiez un article.", "criterion": "Qualité", "checks": [check]}],
        **changed,
    }
    return cast(ExaminationDocument, whole)


class Page(HTMLParser):
    """What a browser would make of the page: its elements, the addresses it names, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("dt", "dd", "td", "th", "tr", "p", "li", "div"):
            self.words.append(" ")
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())  # no-break spaces become plain ones

    def all(self, attribute: str) -> list[str]:
        return [value for name, value in self.attributes if name == attribute]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    proofs = tmp_path / "report" / "preuves"
    proofs.mkdir(parents=True)
    (proofs / "01-accueil.jpg").write_bytes(JPEG)
    (proofs / "02-menu.png").write_bytes(PNG)
    (proofs / "03-adresses.txt").write_text("GET /article/ 200\n", encoding="utf-8")
    return proofs.parent


def read(folder: Path, *findings: dict[str, Any], **changed: Any) -> Page:
    return Page(render(document(*findings, **changed), folder, PARIS))


def test_the_page_names_station_candidate_subject_time_and_versions(folder: Path) -> None:
    text = read(folder, finding()).text
    for words in (
        "BTS NDRC — E5B",
        "poste-01",
        "LE GUELLEC Camille nº 0219",
        "Le salon (wordpress-a)",
        "24 novembre 2026 à 15 h 04 (Europe/Paris)",
        "wordpress 6.4.2 · extension wordpress-seo 21.8",
        "20 novembre 2026 à 9 h 12",
        "Durée : 6,2 s",
    ):
        assert words in text


def test_a_candidate_who_is_not_known_is_said_to_be_so(folder: Path) -> None:
    assert "candidat non renseigné" in read(folder, finding(), candidate=None).text


@pytest.mark.parametrize(
    ("verdict", "word", "sentence"),
    [
        ("met", "✓ réalisé", "Tous les points contrôlés sont réalisés"),
        ("not_met", "✗ non réalisé", "Question 1 — Structurer le contenu : créer et publier un article"),
        ("to_judge", "? à apprécier", "À lire par vous : le relevé dit ce qui a fait hésiter le contrôle."),
        ("blocked", "! poste en défaut", "Le poste est en défaut, pas le candidat : ce point ne peut rien lui coûter."),
        ("broken", "! contrôle en défaut", "Le contrôle n’a pas su conclure, le candidat n’y est pour rien :"),
    ],
)
def test_each_verdict_is_a_word_and_says_whose_turn_it_is(folder: Path, verdict: str, word: str, sentence: str) -> None:
    text = read(folder, finding(verdict)).text
    assert word in text
    assert sentence in text
    assert ("Relancez e5b check poste-01 ou jugez sur le poste." in text) == (verdict in ("blocked", "broken"))


def test_a_finding_shows_the_line_of_the_list_the_fact_and_what_was_expected_and_observed(folder: Path) -> None:
    text = read(folder, finding("not_met")).text
    assert "Créer, modifier, publier et supprimer un article, une page et une catégorie" in text
    assert "Attendu un article publié Observé un brouillon" in text


def test_a_fact_for_a_person_offers_reading_aids(folder: Path) -> None:
    text = read(folder, finding("to_judge", LANGUAGE, "62 mots")).text
    assert "À regarder un article publié Relevé 62 mots" in text
    assert "langue (à apprécier)" not in text
    assert "À vous de juger : aucun programme ne décide de ce point." in text
    assert "À lire par vous" not in text


def test_the_summary_counts_each_kind_and_adds_up_nothing(folder: Path) -> None:
    kinds = ["met", "met", "not_met", "to_judge", "blocked", "broken"]
    page = read(folder, *(finding(kind) for kind in kinds))
    assert "Structurer le contenu 2 1 1 2 Nombre de points" in page.text
    assert "%" not in page.text
    assert "La note et l’appréciation sont celles de la commission." in page.text


def test_a_check_without_findings_is_a_fault_and_a_question_without_checks_is_to_judge(folder: Path) -> None:
    silent = read(folder)
    assert "Ce contrôle n’a rendu aucun constat" in silent.text
    assert "Structurer le contenu 0 0 0 1 Nombre de points" in silent.text
    unchecked = document()
    unchecked["questions"][0]["checks"] = []
    text = Page(render(unchecked, folder)).text
    assert "Question 1 — aucun contrôle automatique" in text
    assert "Publiez un article. · aucun contrôle : à vous de juger 0 0 1 0 Nombre de points" in text


def test_a_check_without_a_line_of_the_marking_aid_is_named_by_the_first_words_of_its_question(folder: Path) -> None:
    plain = document(finding("not_met"))
    plain["questions"][0]["text"] = "Publiez un article\nqui annonce le salon, " + "et ainsi de suite, " * 9
    plain["questions"][0]["checks"][0]["skill"] = ""
    text = Page(render(plain, folder)).text
    assert "Question 1 Publiez un article qui annonce le salon, et ainsi de suite" in text
    assert "et ainsi … : créer et publier un article" in text
    assert "Question 1 — Article publié" not in text


def test_a_conforming_station_says_so_in_the_strip_and_in_the_banner(folder: Path) -> None:
    text = read(folder, finding()).text
    assert text.count("Versions conformes") == 2
    assert "NON conformes" not in text


def test_what_differs_is_named_in_the_strip_of_every_page_and_in_the_banner(folder: Path) -> None:
    text = read(folder, finding(), conforming=False, differs=["WordPress 6.4.5 au lieu de 6.4.2."]).text
    assert text.count("Versions NON conformes") == 2
    assert text.count("WordPress 6.4.5 au lieu de 6.4.2.") == 2
    assert "ÉDITION D’ESSAI" not in text


def test_a_long_list_of_differences_is_whole_in_the_banner_and_short_in_the_strip(folder: Path) -> None:
    differs = [f"L’archive numéro {n} n’a pas la somme attendue." for n in range(30)]
    text = read(folder, finding(), conforming=False, differs=differs).text
    assert "(la suite en première page)" in text
    assert text.count(differs[0]) == 2
    assert text.count(differs[29]) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"conforming": False},
        {"differs": ["Autre thème."]},
        {"official": False},
        {"official": False, "conforming": False},
    ],
)
def test_the_least_doubt_makes_the_page_not_conforming(folder: Path, changed: dict[str, Any]) -> None:
    text = read(folder, finding(), **changed).text
    assert "Versions conformes" not in text
    assert "Versions NON conformes : " in text


def test_the_trial_edition_is_told_in_the_strip_and_in_large_letters(folder: Path) -> None:
    text = read(folder, finding(), official=False, conforming=False, differs=["WordPress 6.4.5."]).text
    assert text.count("ÉDITION D’ESSAI — jamais un poste d’examen") == 2


def test_hostile_text_stays_text_wherever_it_stands(folder: Path) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' {{ 7*7 }}</pre></style>"
    (folder / "preuves/03-adresses.txt").write_text(hostile, encoding="utf-8")
    (folder / "preuves" / '04-"><b>.jpg').write_bytes(JPEG)
    found = finding("not_met", hostile, hostile, "preuves/03-adresses.txt", 'preuves/04-"><b>.jpg')
    changed = {
        "station": hostile,
        "subject_title": hostile,
        "differs": [hostile],
        "versions": {hostile: hostile},
        "candidate": {"number": hostile, "name": hostile, "first_name": hostile},
        "address": hostile,
    }
    page = read(folder, found, **changed)
    assert "script" not in page.tags
    assert not page.all("onerror")
    assert page.tags.count("img") == 1
    assert page.tags.count("style") == 1
    assert "{{ 7*7 }}" in page.text


def test_characters_that_reorder_a_line_are_shown_not_obeyed(folder: Path) -> None:
    html = render(document(finding("not_met", POST, "\u202eéilbup\x00")), folder)
    assert "[U+202E]éilbup[U+0000]" in html
    assert "\u202e" not in html


def test_the_page_fetches_nothing_and_runs_nothing(folder: Path) -> None:
    proofs = ("preuves/01-accueil.jpg", "preuves/02-menu.png", "preuves/03-adresses.txt")
    html = render(document(finding("met", POST, "vu", *proofs)), folder, PARIS)
    page = Page(html)
    assert all(link.startswith("#") and link[1:] in page.all("id") for link in page.all("href"))
    assert [source[:16] for source in page.all("src")] == ["data:image/jpeg;", "data:image/png;b"]
    assert "url(" not in html
    assert "@import" not in html
    assert not {"script", "link", "iframe", "object", "form"} & set(page.tags)
    assert any(rule.startswith("default-src 'none'; img-src data:;") for rule in page.all("content"))
    assert page.all("lang") == ["fr"]
    assert all(page.all("alt"))
    assert len(page.all("id")) == len(set(page.all("id")))


def test_a_picture_that_several_findings_name_is_embedded_once(folder: Path) -> None:
    shot = "preuves/01-accueil.jpg"
    page = read(folder, finding("met", POST, "vu", shot), finding("to_judge", LANGUAGE, "lu", shot, f"./{shot}"))
    assert len(page.all("src")) == 1
    assert page.all("href").count("#capture-1") == 4  # three times in findings, and the picture itself
    assert "créer et publier un article, langue" in page.all("alt")[0]


def test_a_capture_has_its_french_name_all_its_parts_and_what_it_leaves_out(folder: Path) -> None:
    (folder / "preuves/01-accueil-2.jpg").write_bytes(JPEG)
    captions = {
        "preuves/01-accueil.jpg": {
            "title": "L’en-tête <b>de l'accueil</b>",
            "remark": "2 images de la page n’étaient pas chargées.",
            "parts": ["preuves/01-accueil-2.jpg"],
        },
        "preuves/03-adresses.txt": {"title": "Les réglages d’adresse", "remark": "", "parts": []},
    }
    named = finding("met", POST, "vu", "preuves/01-accueil.jpg", "preuves/03-adresses.txt")
    page = read(folder, named, captions=captions)
    assert (
        "Capture 1 L’en-tête <b>de l'accueil</b>, en 2 parties 2 images de la page n’étaient pas chargées. preuves/01"
    ) in page.text
    assert "Note 1 Les réglages d’adresse preuves/03" in page.text
    assert len(page.all("src")) == 2
    assert [alt.partition(" », ")[2].partition(",")[0] for alt in page.all("alt")] == [
        "partie 1 sur 2",
        "partie 2 sur 2",
    ]


def test_a_part_of_a_capture_that_is_missing_or_outside_is_an_error_that_names_it(folder: Path) -> None:
    for part in ("preuves/09-absente.jpg", "../secret.jpg"):
        captions = {"preuves/01-accueil.jpg": {"title": "L’accueil", "remark": "", "parts": [part]}}
        with pytest.raises(EvidenceLost, match=part):
            read(folder, finding("met", POST, "vu", "preuves/01-accueil.jpg"), captions=captions)


def test_a_report_without_captions_names_its_evidence_after_the_files(folder: Path) -> None:
    assert (
        "Capture 1 accueil preuves/01-accueil.jpg"
        in read(folder, finding("met", POST, "vu", "preuves/01-accueil.jpg")).text
    )


def test_a_note_is_whole_and_short_ones_are_open(folder: Path) -> None:
    (folder / "preuves/04-journal.txt").write_text("\n".join(map(str, range(40))), encoding="utf-8")
    html = render(document(finding("met", POST, "vu", "preuves/03-adresses.txt", "preuves/04-journal.txt")), folder)
    assert '<details id="note-1" open>' in html
    assert '<details id="note-2">' in html
    assert "\n38\n39</pre>" in html


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("preuves/09-absente.jpg", "ne se trouve pas"),
        ("preuves", "ne se trouve pas"),
        ("preuves/\0.jpg", "ne se trouve pas"),
        ("preuves/../../secret.txt", "sort du dossier"),
        ("preuves/../preuves/03-adresses.txt", "sort du dossier"),
        ("preuves/lien.txt", "sort du dossier"),
        ("preuves/coupee.jpg", "entière"),
        ("preuves/vide.png", "entière"),
        ("preuves/page.html", "entière"),
        ("preuves/latin.txt", "UTF-8"),
    ],
)
def test_evidence_that_is_missing_cut_short_or_outside_is_an_error_that_names_it(
    folder: Path, name: str, reason: str
) -> None:
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "preuves/lien.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "preuves/coupee.jpg").write_bytes(JPEG[:-2])
    (folder / "preuves/vide.png").write_bytes(b"")
    (folder / "preuves/page.html").write_bytes(b"<p>")
    (folder / "preuves/latin.txt").write_bytes(b"\xe9t\xe9")
    with pytest.raises(EvidenceLost, match=reason) as caught:
        render(document(finding("met", POST, "vu", name)), folder)
    assert name in str(caught.value)


def test_an_absolute_path_is_refused_even_inside_the_folder(folder: Path) -> None:
    with pytest.raises(EvidenceLost, match="sort du dossier"):
        render(document(finding("met", POST, "vu", str(folder / "preuves/03-adresses.txt"))), folder)


@pytest.mark.parametrize(
    "path",
    [
        ("taken_at",),
        ("candidate", "name"),
        ("questions", 0, "criterion"),
        ("questions", 0, "checks", 0, "acts"),
        ("questions", 0, "checks", 0, "may_act"),
    ],
)
def test_a_forgotten_key_is_loud(folder: Path, path: tuple[Any, ...]) -> None:
    broken: Any = copy.deepcopy(document(finding()))
    inner = broken
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    with pytest.raises((UndefinedError, KeyError), match=str(path[-1])):
        render(broken, folder)
    with pytest.raises(EvidenceLost, match="n'a pas pu être composée"):
        write_report(folder, broken)


def test_the_report_is_written_as_json_and_as_a_page(folder: Path) -> None:
    wanted = document(finding("met", POST, "vu", "preuves/01-accueil.jpg"))
    page = write_report(folder, wanted, PARIS)
    assert page == folder / "report.html"
    assert json.loads((folder / "report.json").read_text(encoding="utf-8")) == wanted
    assert page.read_text(encoding="utf-8") == render(wanted, folder, PARIS)
    assert sorted(path.name for path in folder.iterdir()) == ["preuves", "report.html", "report.json"]


def test_half_a_character_from_a_page_does_not_stop_the_report(folder: Path) -> None:
    page = write_report(folder, document(finding("met", POST, "coupé \ud83d")))
    assert "coupé [U+D83D]" in page.read_text(encoding="utf-8")
    assert json.loads((folder / "report.json").read_text())["questions"][0]["checks"][0]["findings"][0][
        "observed"
    ].endswith("\ud83d")


def test_when_evidence_is_lost_the_findings_are_kept_and_no_older_page_stays(folder: Path) -> None:
    write_report(folder, document(finding()))
    with pytest.raises(EvidenceLost):
        write_report(folder, document(finding("not_met", POST, "vu", "preuves/09-absente.jpg")))
    assert not (folder / "report.html").exists()
    assert "not_met" in (folder / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "libérez de la place"),
        (errno.EACCES, "donnez-lui-en le droit"),
        (errno.EIO, "vérifiez le disque"),
    ],
)
def test_a_disk_that_refuses_says_what_to_do_and_leaves_no_draft(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(EvidenceLost, match=words):
        write_report(folder, document(finding()))
    assert [path.name for path in folder.iterdir()] == ["preuves"]


def test_a_folder_that_does_not_exist_is_lost_evidence(tmp_path: Path) -> None:
    with pytest.raises(EvidenceLost, match="n'existe pas : vérifiez le chemin"):
        write_report(tmp_path / "nulle-part", document(finding()))


def test_the_index_leads_to_each_report_and_says_what_waits_but_does_not_rank(folder: Path) -> None:
    for name in ("poste 1", "poste-02"):
        (folder / name).mkdir()
        write_report(folder / name, document(finding()))
    documents = [
        document(finding("met"), finding("blocked"), report="poste 1/report.html"),
        document(
            finding("to_judge"),
            station="poste-02",
            official=False,
            conforming=False,
            differs=["WordPress 6.4.5."],
            report=str(folder / "poste-02/report.html"),
        ),
    ]
    page = Page(index(folder, documents, PARIS).read_text(encoding="utf-8"))
    assert page.all("href") == ["poste%201/report.html", "poste-02/report.html"]
    assert "versions conformes 0 1 poste-02" in page.text
    assert "ÉDITION D’ESSAI, versions NON conformes WordPress 6.4.5. 1 0" in page.text
    assert page.text.count("ÉDITION D’ESSAI — jamais un poste d’examen") == 2
    assert "non réalisé" not in page.text


def test_the_index_refuses_a_report_that_is_not_there(folder: Path) -> None:
    with pytest.raises(EvidenceLost, match="e5b check poste-01"):
        index(folder, [document(finding())])


def test_times_are_told_in_the_zone_of_the_centre() -> None:
    assert french_time("2026-06-01T03:00:00+00:00", ZoneInfo("America/Martinique")).split() == [
        "31",
        "mai",
        "2026",
        "à",
        "23",
        "h",
        "00",
        "(America/Martinique)",
    ]
    assert french_time("2026-06-01T03:07:00+02:00").split() == [
        "1er",
        "juin",
        "2026",
        "à",
        "3",
        "h",
        "07",
        "(UTC+02:00)",
    ]
    with pytest.raises(ValueError, match="without a zone"):
        french_time("2026-06-01T03:00:00")


def test_what_is_as_on_the_site_of_the_start_says_so_and_keeps_every_fact_and_every_picture_in_the_page(
    folder: Path,
) -> None:
    shot = "preuves/01-accueil.jpg"
    found = [finding("not_met", POST, "aucun article", shot), finding("to_judge", LANGUAGE, "aucun texte", shot)]
    changed = document(*found)
    seeded = copy.deepcopy(changed)
    seeded["questions"][0]["checks"][0]["as_seeded"] = True
    before, after = Page(render(changed, folder, PARIS)), Page(render(seeded, folder, PARIS))
    sentence = "Comme sur le site de départ : le contrôle y relève la même chose, mot pour mot."
    assert sentence in after.text
    assert sentence not in before.text
    assert "2 points (question 1) où le contrôle relève la même chose que sur le site de départ" in after.text
    for page in (before, after):
        assert "Attendu un article publié Observé aucun article" in page.text
        assert "À regarder un article publié Relevé aucun texte" in page.text
        assert "✗ non réalisé Question 1 — Structurer le contenu : créer et publier un article" in page.text
        assert len(page.all("src")) == 1
        assert len(page.all("id")) == len(set(page.all("id")))
    assert [("check as-seeded" in page.all("class")) for page in (before, after)] == [False, True]


def test_what_repeats_the_fact_before_it_is_marked_for_paper_and_whole_in_the_page(folder: Path) -> None:
    page = read(folder, finding("not_met"), finding("not_met", LANGUAGE), finding("not_met", POST, "autre chose"))
    assert [value for value in page.all("class") if value.startswith("finding")] == [
        "finding not_met",
        "finding not_met repeats",
        "finding not_met",
    ]
    assert page.text.count("Attendu un article publié Observé un brouillon") == 2


def test_why_a_check_is_at_fault_is_said_once(folder: Path) -> None:
    stopped = finding(verdict="broken", observed="Le contrôle s’est arrêté, page absente.")
    text = read(folder, *[stopped] * 13).text
    assert text.count("page absente") == 1
    assert text.count("En défaut pour la même raison que le point d’avant.") == 12
    assert text.count("Le contrôle n’a pas su conclure") == 1


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "Travail arrêté le"),
        ({"ended": True}, "Travail arrêté le"),
        ({"ended": False}, "Travail tel qu’il était le"),
    ],
)
def test_work_that_goes_on_is_not_said_to_have_stopped(folder: Path, known: dict[str, Any], words: str) -> None:
    assert f"{words} 24 novembre 2026" in read(folder, finding(), **known).text


def test_only_spaces_change_for_french_typography() -> None:
    text = "Attendu : « oui » ; vu ? non ! http://a:1 a:b"
    assert french_spaces(text) == "Attendu\xa0: «\xa0oui\xa0»\u202f; vu\u202f? non\u202f! http://a:1 a:b"


def test_refused_tries_are_counted_and_shown_and_background_is_told_apart(folder: Path) -> None:
    one = {
        "at": "2026-11-24T13:40:00+00:00",
        "from": "192.0.2.31",
        "host": "<b>corrige.example",
        "path": "/e5b",
        "times": 2,
    }
    page = read(folder, finding(), network={"refused": 1, "background": 14, "tries": [one], "incomplete": ""})
    assert "1 demande d’un autre site, refusée par la salle" in page.text
    assert "24 novembre 2026 à 14 h 40 (Europe/Paris) : <b>corrige.example/e5b, 2 fois" in page.text
    assert "14 demandes que navigateurs et sites font d’eux-mêmes" in page.text


def test_the_record_is_named_where_it_has_more_tries_than_are_shown(folder: Path) -> None:
    one = {"at": "2026-11-24T13:40:00+00:00", "from": "192.0.2.31", "host": "corrige.example", "path": "/", "times": 30}
    network = {"refused": 30, "background": 0, "tries": [one], "shared": [], "incomplete": ""}
    assert "Les autres sont dans le journal" not in read(folder, finding(), network=network).text
    many = {**network, "refused": 630, "tries": [one] * 21}
    assert "Les autres sont dans le journal" in read(folder, finding(), network=many).text


def test_what_a_machine_of_several_stations_asked_is_shown_with_all_of_them_and_not_counted(folder: Path) -> None:
    one = {
        "at": "2026-11-24T13:40:00+00:00",
        "from": "192.0.2.31",
        "host": "corrige.example",
        "path": "/e5b",
        "times": 1,
    }
    shared = [{**one, "stations": ["poste-01", "poste-02"]}]
    network = {"refused": 0, "background": 0, "tries": [], "shared": shared, "incomplete": ""}
    page = read(folder, finding(), network=network)
    assert "Aucune demande" not in page.text
    assert "bloque lui-même" not in page.text
    page = read(folder, finding(), network={**network, "unseen": True})
    assert "le navigateur du candidat bloque lui-même les autres sites" in page.text
    assert "rien ne dit de quel candidat" in page.text
    assert "corrige.example/e5b (depuis 192.0.2.31, qui a ouvert poste-01, poste-02)" in page.text


def test_a_station_from_which_nothing_else_was_asked_says_so_and_one_without_a_record_says_nothing(
    folder: Path,
) -> None:
    quiet = read(
        folder,
        finding(),
        network={"refused": 0, "background": 0, "tries": [], "incomplete": "L’entrée ne répond plus."},
    )
    assert "Aucune demande d’un autre site" in quiet.text
    assert "n’a pas pu être lu jusqu’au bout : L’entrée ne répond plus." in quiet.text
    assert "Autres sites" not in read(folder, finding()).text


@pytest.mark.parametrize(
    ("which", "told"), [("acts", "contrôle qui agit, fait"), ("may_act", "contrôle qui n’agit que s’il le faut")]
)
def test_a_check_that_acts_or_may_act_says_so(folder: Path, which: str, told: str) -> None:
    examined: Any = document(finding())
    assert "contrôle qui" not in render(examined, folder)
    examined["questions"][0]["checks"][0][which] = True
    assert told in render(examined, folder)
