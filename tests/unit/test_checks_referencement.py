"""What search engines read: titles that fit into each other, keywords, links, descriptions; and reading aids."""

import shutil
import subprocess
from typing import Any

import pytest
from pydantic import ValidationError

from checks.wordpress import reading_aids
from checks.wordpress.balises import PageTags
from checks.wordpress.maillage import EXTERNAL, INTERNAL, Links
from checks.wordpress.parts import Part
from checks.wordpress.reading import Body
from checks.wordpress.referencement import Keywords
from checks.wordpress.search_appearance import description_verdict
from checks.wordpress.structure import HeadingHierarchy, HeadingWanted
from checks.wordpress.yoast import CATEGORY, YoastSeo, keyphrase_verdict
from checks.wordpress.yoast_screens import _value
from provisioner import spelling
from provisioner.check import Verdict
from tests.unit.test_checks_reading import NOW, SITE, content

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


def titles(*levels: int) -> list[Part]:
    return [Part("titre", f"Titre {i}", level=level) for i, level in enumerate(levels)]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((2, 3, 2), MET), ((2, 2, 3, 4, 2), MET), ((3, 2, 2), NOT_MET), ((2, 4, 2), NOT_MET), ((1, 2, 3, 2), NOT_MET),
        ((2, 3), NOT_MET), ((2, 2), NOT_MET), ((), NOT_MET),
    ],
)  # fmt: skip
def test_titles_begin_at_the_second_level_and_leave_none_out(levels: tuple[int, ...], expected: Verdict) -> None:
    assert HeadingHierarchy(content="c", subtitles=2, below=1).judge(titles(*levels), titled=True)[0] is expected


def test_a_page_without_a_title_of_its_own_may_give_it_in_its_text() -> None:
    check = HeadingHierarchy(content="c", subtitles=1)
    assert check.judge(titles(1, 2), titled=False)[0] is MET
    assert check.judge(titles(1, 1, 2), titled=False)[0] is NOT_MET


def test_an_outline_comes_in_its_order_at_its_levels() -> None:
    outline = (HeadingWanted(text="Venir"), HeadingWanted(text="En train", level=3))
    check = HeadingHierarchy(content="c", outline=outline)

    def judged(*some: tuple[int, str]) -> Verdict:
        return check.judge([Part("titre", text, level=level) for level, text in some], titled=True)[0]

    assert judged((2, "Avant"), (2, "VENIR"), (3, "Aussi"), (3, "En train")) is MET
    assert judged((2, "Venir"), (2, "En train")) is NOT_MET
    assert judged((2, "Autre"), (3, "En train"), (2, "Venir")) is NOT_MET
    assert judged((2, "Venir"), (3, "En trains")) is TO_JUDGE


def test_keywords_stand_in_title_and_text() -> None:
    check = Keywords(content="c", in_title=("dessert breton",), in_text=("dessert breton", "cidre"))
    assert check.judge("Un DESSERT breton", "Ce dessert breton se sert avec du cidre.")[0] is MET
    assert check.judge("Un dessert", "Ce dessert breton se sert avec du cidre.")[0] is NOT_MET
    assert check.judge("Un dessert breton", "À servir avec du cidre.")[0] is NOT_MET
    assert check.judge("Desserts bretons", "Ce dessert breton se sert avec du cidre.")[0] is not MET


def test_links_are_counted_by_the_side_on_which_they_lead() -> None:
    check = Links(content="c", links=("/contact/",), internal=2, external=1)
    inside = [f"{SITE}/contact/", f"{SITE}/nos-produits/"]
    assert check.judge(INTERNAL, inside, SITE)[0] is MET
    assert check.judge(INTERNAL, inside[:1], SITE)[0] is NOT_MET
    assert check.judge(INTERNAL, [f"{SITE}/a/", f"{SITE}/b/"], SITE)[0] is NOT_MET
    assert check.judge(EXTERNAL, inside, SITE)[0] is NOT_MET
    assert check.judge(EXTERNAL, ["https://www.exemple.test/"], SITE)[0] is MET


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("Tarte au citron et palets", MET), ("TARTE AU CITRON… et PALETS !", MET), ("Tarte au citron", NOT_MET),
        ("", NOT_MET), ("Tarte au citron et palets " + "a" * 40, NOT_MET),
    ],
)  # fmt: skip
def test_a_description_says_all_and_not_too_much(seen: str, expected: Verdict) -> None:
    assert description_verdict(("tarte au citron", "palets"), 40, seen)[0] is expected


def test_a_keyphrase_is_the_wanted_one() -> None:
    assert keyphrase_verdict("sablés bretons", "Sables bretons")[0] is MET
    assert keyphrase_verdict("sablés bretons", "sablé bretons")[0] is TO_JUDGE
    assert keyphrase_verdict("sablés bretons", "galettes")[0] is NOT_MET
    assert keyphrase_verdict("sablés bretons", "nos sablés bretons")[0] is TO_JUDGE
    assert keyphrase_verdict("sablés bretons", "À découvrir : nos sablés bretons.")[0] is NOT_MET
    assert keyphrase_verdict("sablés bretons", "")[0] is NOT_MET


def test_what_yoast_keeps_is_read_from_its_hidden_fields() -> None:
    html = '<input type="hidden" id="yoast_wpseo_focuskw" name=\'x\' value="l&#039;atelier &amp; co" />'
    assert _value(html, "yoast_wpseo_focuskw") == "l'atelier & co"
    assert _value(html, "yoast_wpseo_metadesc") == ""
    assert _value("<input value='a' id='hidden_wpseo_desc'>", "hidden_wpseo_desc") == "a"


@pytest.mark.parametrize(
    "values",
    [
        {"content": "c"}, {"content": "c", "category": "d", "keyphrase": "k"}, {"keyphrase": "k"},
        {"category": "d"},
    ],
)  # fmt: skip
def test_yoast_is_asked_of_one_thing(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        YoastSeo.model_validate(values)


def test_of_a_category_one_finding_says_whether_all_is_there() -> None:
    assert YoastSeo(category="recettes", keyphrase="k", description=("d",)).facts()[1:] == (CATEGORY,)
    assert len(YoastSeo().facts()) == 1


@pytest.mark.parametrize("values", [{"content": "c"}, {"title": "t"}, {"content": "c", "category": "d", "title": "t"}])
def test_the_tags_of_a_page_are_asked_of_one_thing(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PageTags.model_validate(values)


def test_a_machine_without_a_dictionary_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError("hunspell")

    monkeypatch.setattr(subprocess, "run", missing)
    assert spelling.unknown_words("bonjour") is None
    assert not spelling.has_dictionary()
    assert reading_aids.spelling_aid("bonjour", ()) == [spelling.MISSING]
    assert reading_aids.doubtful("bonjour", ()) == ""


def test_a_dictionary_that_is_missing_is_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess((), 1, "", "Can't open"))
    assert spelling.unknown_words("bonjour") is None


def test_words_that_no_dictionary_knows_are_told_without_their_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "l'atelié\nKervoas\ndélicieus.\nqu'on\nl'atelié\n"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess((), 0, said, ""))
    assert spelling.unknown_words("…", ("Maëlle Kervoas",)) == spelling.Unknown(("atelié", "délicieus", "on"))


@pytest.mark.skipif(not shutil.which("hunspell"), reason="hunspell is not on this machine")
def test_hunspell_knows_french() -> None:
    found = spelling.unknown_words("Bonjour, l’atelié est ouvert à tous. Aujourd’hui, Maëlle Kervoas vous attend.")
    if found is None:
        pytest.skip("hunspell has no French dictionary here")
    assert found.words == ("atelié",)
    assert "Kervoas" in found.names


def test_a_note_measures_a_text_and_says_what_of_the_annex_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_aids, "unknown_words", lambda text, known: spelling.Unknown(("atelié",), ("Steïr",)))
    body = Body("Venez à l’atelié le 15 juin. Nous vous attendons tous tous.\n" + "mot " * 40)
    note = reading_aids.reading_aid(content(), body, NOW, ("15 juin", "12,50 €"), ())
    assert "Éléments de l’annexe repris : « 15 juin »" in note
    assert "absents : « 12,50 € »" in note
    assert "à vérifier : atelié" in note
    assert "Noms propres inconnus du dictionnaire : Steïr" in note
    assert "Phrase de 40 mots" in note
    assert "Mots répétés : tous" in note
