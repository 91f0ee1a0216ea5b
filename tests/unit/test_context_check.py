import shutil
from pathlib import Path

import pytest

from provisioner.config import ROOT
from provisioner.context_check import misspelled, on_paper, repeated, unsaid
from provisioner.context_pages import Page
from provisioner.context_texts import spelled, written

SCENARIO = ROOT / "scenarios/biscuiterie"
HERE = "http://e5b.invalid/page/"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    (tmp_path / "context.toml").write_text(
        'name = "Les Ajoncs"\n[company]\naddress = "3 quai du Port, 29799 Lanvenez"\nphone = "02 61 91 45 12"\n'
        '[[people]]\nname = "Malo Quéré"\n'
        '[[shops]]\nname = "Port"\naddress = "1 quai des Goémons, 29799 Lanvenez"\nphone = "02 61 91 45 20"\n'
        'hours = [{ days = "samedi", hours = "9 h 30 – 12 h 30" }]\n'
    )
    return tmp_path


def test_the_company_says_nothing_twice_and_agrees_with_itself() -> None:
    assert len(written(SCENARIO)) > 40
    assert [f"{one.where}: {one.what}" for one in on_paper(SCENARIO)] == []


@pytest.mark.skipif(not shutil.which("hunspell"), reason="hunspell is not installed")
def test_the_company_writes_french() -> None:
    assert {"context.toml", "catalogue-professionnels.pdf", "wordpress/accueil.html"} <= set(spelled(SCENARIO))
    assert [f"{one.where}: {one.what}" for one in misspelled(spelled(SCENARIO), SCENARIO)] == []


def test_a_sentence_that_comes_back_is_told_whatever_its_case_and_quotes() -> None:
    texts = {
        "a": "Le beurre arrive trois fois par semaine d’une laiterie.",
        "b": "Bon.\nLE BEURRE arrive trois fois par semaine d'une laiterie. Voilà.",
    }
    assert [one.where for one in repeated(texts)] == ["a, b"]
    assert list(repeated({"a": "Voir la page.", "b": "Voir la page."})) == []


@pytest.mark.skipif(not shutil.which("hunspell"), reason="hunspell is not installed")
def test_only_words_that_nobody_knows_are_misspelled(scenario: Path) -> None:
    texts = {"page": "Malo Quéré vend des gallettes à Plonévez, l’après-midi, avec Add to cart."}
    told = {one.what.removeprefix("mot inconnu : ") for one in misspelled(texts, scenario)}
    assert {"gallettes", "Plonévez", "Add"} <= told
    assert not {"Malo", "Quéré", "l'après-midi"} & told
    (scenario / "words.txt").write_text("gallettes\nPlonévez\nAdd\nto\ncart\n")
    assert list(misspelled(texts, scenario)) == []


def test_a_missing_dictionary_is_no_silence(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert ["installez hunspell" in one.what for one in misspelled({"a": "Bonjour"}, scenario)] == [True]


def test_a_page_gives_its_links_files_and_words() -> None:
    page = Page(
        HERE,
        '<head><script src="/s.js">var hidden;</script><link rel="stylesheet" href="c.css"></head>'
        '<p>Du&nbsp;beurre <a href="../autre/#bas">ici</a><a href="mailto:x@y.test">x</a></p><img src="/i.jpg">',
    )
    assert page.links == ["http://e5b.invalid/autre/"]
    assert page.files == ["http://e5b.invalid/s.js", HERE + "c.css", "http://e5b.invalid/i.jpg"]
    assert "Du beurre ici" in page.words
    assert "hidden" not in page.words


def test_the_row_of_a_list_leads_where_a_click_does() -> None:
    page = Page(HERE, "<tr><td onclick=\"document.location = '/x?id=3&amp;view'\">3</td></tr>")
    assert page.links == ["http://e5b.invalid/x?id=3&view"]


def test_a_page_says_what_its_pictures_and_fields_are_called() -> None:
    page = Page(HERE, '<img src="/i.jpg" alt="Un palet"><input placeholder="Chercher" value="7"><a title="Voir">x</a>')
    assert page.words.split("\n")[1:] == ["Un palet", "Chercher", "Voir"]


def test_a_shop_is_said_whole_on_one_page(scenario: Path) -> None:
    company = "<p>3 quai du Port<br>29799 Lanvenez, 02&nbsp;61&nbsp;91&nbsp;45&nbsp;12</p>"
    shop = "<p>1 quai des Goémons<br>29799 Lanvenez</p><p>02 61 91 45 20</p><li>de 9 h 30 à 12 h 30</li>"
    assert list(unsaid({HERE: Page(HERE, company + shop)}, scenario)) == []
    assert [one.where for one in unsaid({HERE: Page(HERE, shop)}, scenario)] == ["company", "company"]
    late = Page(HERE, company + shop.replace("12 h 30", "13 h"))
    assert [one.where for one in unsaid({HERE: late}, scenario)] == ["Port"]
