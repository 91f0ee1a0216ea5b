"""How findings about WordPress agree, and elide."""

import pytest

from checks.wordpress.reading.parts import Part, described
from checks.wordpress.reading.wording import agreed, denials, leads, listed, of_person, of_quoted


@pytest.mark.parametrize(("names", "said"), [(["a"], "« a » n’y est plus"), (["a", "b"], "« a », « b » n’y sont plus")])
def test_a_verb_agrees_with_its_names(names: list[str], said: str) -> None:
    assert agreed(iter(names), "n’y est plus", "n’y sont plus") == said


@pytest.mark.parametrize("name", ["d’Armelle", "d’Élodie", "de Hoël", "de Yann", "d’Yves", "d’Œdipe", "de Solène"])
def test_de_is_elided_before_a_vowel(name: str) -> None:
    assert of_person(name.removeprefix("d’").removeprefix("de ")) == name


@pytest.mark.parametrize(
    "said", ["d’« Une nuit au fournil »", "d’« Habits de fête »", "d’« Hôtels »", "de « Haut de page »"]
)
def test_de_is_elided_before_a_title(said: str) -> None:
    assert of_quoted(said[said.index("« ") + 2 : -2]) == said


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (list("abc"), "a, b et c")]
)
def test_the_last_part_follows_et(parts: list[str], said: str) -> None:
    assert listed(parts) == said


def test_a_sentence_is_quoted_once_for_all_that_it_denies() -> None:
    assert denials([("a", "Ni a ni b."), ("b", "Ni a ni b."), ("c", ""), ("d", "Plus de d.")]) == [
        "cette phrase nie peut-être « a », « b » : « Ni a ni b. »",
        "cette phrase nie peut-être « d » : « Plus de d. »",
    ]


def test_a_link_without_an_address_leads_nowhere() -> None:
    assert leads("Contact", "") == "« Contact » ne mène nulle part"
    assert leads("Contact", "#") == "« Contact » ne mène nulle part"
    assert leads("Contact", "/contact/") == "« Contact » mène à /contact/"
    assert leads("Contact", "http://localhost:24986/contact/") == "« Contact » mène à /contact/"
    assert leads("Contact", "http://127.0.0.3:8080") == "« Contact » mène à l’accueil"


def test_the_button_of_a_file_is_no_part_of_its_name() -> None:
    part = Part("fichier", "Bon de commandeTélécharger", sources=("http://poste/bon.pdf",))
    assert described(part) == "fichier « Bon de commande » (« bon »)"
    assert described(Part("fichier", "bonTélécharger", sources=("http://poste/bon.pdf",))) == "fichier « bon »"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            Part(
                "galerie",
                sources=("http://p/a-1024x683.jpg", "http://p/cropped-b-1-32x32.png", "http://p/c-scaled.jpg"),
            ),
            "galerie « a », « b-1 », « c »",
        ),
        (Part("bouton", "Voir"), "bouton « Voir » sans lien"),
        (Part("bouton", "Voir", links=("#",)), "bouton « Voir » sans adresse"),
        (Part("bouton", "Voir", links=("http://localhost:24987/",)), "bouton « Voir » vers l’accueil"),
        (
            Part("bouton", "Voir", links=("http://localhost:24987/wp-content/uploads/2026/11/a.pdf",)),
            "bouton « Voir » vers le fichier a.pdf",
        ),
        (
            Part("image", sources=("http://localhost/a.jpg",), links=("http://localhost/contact/",)),
            "image « a » vers /contact/",
        ),
        (Part("vidéo", "Tout le texte autour", sources=("http://p/a.mp4",)), "vidéo « a »"),
        (Part("audio", sources=("",)), "audio"),
    ],
)
def test_a_part_is_told_by_names_and_without_the_address_of_the_site(part: Part, said: str) -> None:
    assert described(part) == said
