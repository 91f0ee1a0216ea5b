from pathlib import Path

import pytest

from provisioner.context.consistency import misspelled, on_paper, repeated, unsaid
from provisioner.context.pages import Page
from provisioner.context.texts import words, written
from provisioner.host.paths import ROOT

SCENARIO = ROOT / "scenarios/biscuiterie"
HERE = "http://e5b.invalid/page/"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    (tmp_path / "context.toml").write_text(
        'name = "Les Ajoncs"\n[company]\naddress = "3 quai du Port, 29799 Lanvenez"\nphone = "02 61 91 45 12"\n'
        '[[people]]\nname = "Malo Quéré"\n'
        '[[shops]]\nname = "Port"\naddress = "1 quai des Goémons, 29799 Lanvenez"\nphone = "02 61 91 45 20"\n'
        'hours = [{ days = "samedi", hours = "9 h 30 – 12 h 30" }]\n'
        '[[shops]]\nname = "Bourg"\naddress = "6 rue du Four, 29798 Lenn"\nphone = "02 61 91 45 30"\n'
        'hours = [{ days = "lundi", hours = "14 h – 19 h" }]\n'
    )
    return tmp_path


def test_the_company_says_nothing_twice_and_agrees_with_itself() -> None:
    assert len(written(SCENARIO)) > 40
    assert [f"{one.where}: {one.what}" for one in on_paper(SCENARIO)] == []


def test_a_sentence_that_comes_back_is_told_whatever_its_case_and_quotes() -> None:
    texts = {
        "a": "Le beurre arrive trois fois par semaine d’une laiterie.",
        "b": "Bon.\nLE BEURRE arrive trois fois par semaine d'une laiterie. Voilà.",
    }
    assert [one.where for one in repeated(texts)] == ["a, b"]
    assert list(repeated({"a": "Voir la page.", "b": "Voir la page."})) == []
    assert [one.where for one in repeated({"a": "Il sort tiède du four.", "b": "Il sort tiède du four."})] == ["a, b"]


def test_a_missing_dictionary_is_no_silence(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(scenario))
    assert ["installez hunspell" in one.what for one in misspelled({"a": "Bonjour"}, scenario)] == [True]


def test_what_is_bound_to_a_figure_is_no_word() -> None:
    assert list(words("Le 1er mars, une 12ème fois dès 9h30, 3e_ligne")) == [
        "Le",
        "mars",
        "une",
        "fois",
        "dès",
        "ligne",
    ]


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


def test_a_page_gives_every_size_of_a_picture_and_what_its_styles_paint() -> None:
    page = Page(
        HERE,
        "<style>.on { background: url(/on.png) }</style><div style=\"background-image: url('/wall.jpg')\"></div>"
        '<img src="/i.jpg" srcset="/i-300.jpg 300w, /i-600.jpg 600w"><p style="background:url(data:x)">x</p>',
    )
    assert [file.removeprefix("http://e5b.invalid") for file in page.files] == [
        "/on.png",
        "/wall.jpg",
        "/i.jpg",
        "/i-300.jpg",
        "/i-600.jpg",
    ]


COMPANY = "<p>3 quai du Port<br>29799 Lanvenez, 02&nbsp;61&nbsp;91&nbsp;45&nbsp;12</p>"
PORT = "<p>1 quai des Goémons<br>29799 Lanvenez</p><p>02 61 91 45 20</p>"
BOURG = "<p>6 rue du Four<br>29798 Lenn</p><p>02 61 91 45 30</p>"
MORNING, EVENING = "<li>de 9 h 30 à 12 h 30</li>", "<li>de 14 h à 19 h</li>"


@pytest.mark.parametrize(
    ("company", "port", "bourg", "told"),
    [
        (COMPANY, PORT + MORNING, BOURG + EVENING, []),
        ("", PORT + MORNING, BOURG + EVENING, ["company", "company"]),
        (COMPANY, PORT + MORNING.replace("12 h 30", "13 h"), BOURG + EVENING, ["Port"]),
        (COMPANY, PORT + EVENING, BOURG + MORNING, ["Port", "Bourg"]),
        (COMPANY, BOURG + MORNING, PORT + EVENING, ["Port", "Bourg"]),
    ],
)
def test_each_shop_is_said_whole_behind_its_name(
    scenario: Path, company: str, port: str, bourg: str, told: list[str]
) -> None:
    page = Page(HERE, f"{company}<h2>Port</h2>{port}<h2>Bourg</h2>{bourg}")
    assert [one.where for one in unsaid({HERE: page}, scenario)] == told
