"""What search engines read: titles that fit into each other, keywords, links, descriptions; and reading aids."""

import subprocess
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress import maillage
from checks.wordpress.balises import PageTags
from checks.wordpress.maillage import EXTERNAL, INTERNAL, Links
from checks.wordpress.reading import contents, destinations, reading_aids, yoast_snippet
from checks.wordpress.reading.answers import Answer
from checks.wordpress.reading.contents import Body, Link, Reading
from checks.wordpress.reading.parts import Part
from checks.wordpress.reading.yoast_snippet import _value
from checks.wordpress.referencement import Keywords, Tags
from checks.wordpress.screens import search_appearance
from checks.wordpress.screens.search_appearance import description_verdict
from checks.wordpress.structure import HeadingHierarchy, HeadingWanted
from checks.wordpress.yoast import CATEGORY, YoastSeo, keyphrase_verdict
from provisioner.core.errors import StationNotReady
from provisioner.french import spelling
from provisioner.subject.check import Site, Verdict
from tests.unit.samples import COMPANY
from tests.unit.test_checks_reading import NOW, SITE, content

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


def titles(*levels: int) -> list[Part]:
    return [Part("titre", f"Titre {i}", level=level) for i, level in enumerate(levels)]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((2, 3, 2), MET),
        ((2, 2, 3, 4, 2), MET),
        ((3, 2, 2), NOT_MET),
        ((2, 4, 2), NOT_MET),
        ((2, 3, 2, 4), NOT_MET),
        ((1, 2, 3, 2), NOT_MET),
        ((2, 3), NOT_MET),
        ((2, 2), NOT_MET),
        ((), NOT_MET),
    ],
)
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
    assert judged((2, "Venir"), (3, "2. En train ou à pied")) is TO_JUDGE
    said = check.judge([Part("titre", "Venir", level=3), Part("titre", "Partir", level=2)], titled=True)[1]
    assert "« Venir » n’est pas à sa place ou à son niveau (H2) ; il manque « En train » (H3)" in said


def test_keywords_stand_in_title_and_text() -> None:
    check = Keywords(content="c", in_title=("dessert breton",), in_text=("dessert breton", "cidre"))
    assert check.judge("Un DESSERT breton", "Ce dessert breton se sert avec du cidre.")[0] is MET
    assert check.judge("Un dessert", "Ce dessert breton se sert avec du cidre.")[0] is NOT_MET
    assert check.judge("Un dessert breton", "À servir avec du cidre.")[0] is NOT_MET
    assert check.judge("Desserts bretons", "Ce dessert breton se sert avec du cidre.")[0] is not MET


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Site:
    contact = {"slug": "nous-ecrire", "title": {"rendered": "Contact"}, "link": f"{SITE}/?page_id=9"}
    monkeypatch.setattr(destinations, "fetched", lambda site, page, address, method: Answer(200, address, ""))
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [contact] if "/pages?" in path else [])
    return cast(Site, SimpleNamespace(address=SITE, page=MagicMock()))


def test_links_are_counted_by_the_side_on_which_they_lead(here: Site) -> None:
    check = Links(content="c", links=("/contact/",), internal=2, external=1)
    inside = [f"{SITE}/contact/", f"{SITE}/nos-produits/"]
    assert check.judge(INTERNAL, inside, here)[0] is MET
    assert check.judge(INTERNAL, inside[:1], here)[0] is NOT_MET
    assert check.judge(INTERNAL, [f"{SITE}/a/", f"{SITE}/b/"], here)[0] is NOT_MET
    assert check.judge(EXTERNAL, inside, here)[0] is NOT_MET
    assert check.judge(EXTERNAL, ["https://www.exemple.test/"], here)[0] is MET


@pytest.mark.parametrize(
    ("slug", "written", "made", "expected"),
    [
        ("nos-boutiques", ("/contact/",), ("/nos-produits/",), TO_JUDGE),
        ("nos-boutiques", (), ("/contact/", "/nos-produits/"), TO_JUDGE),
        ("nos-boutiques", (), ("/contact/", "/contact"), NOT_MET),
        ("nos-boutiques", ("/contact/", "/nos-produits/"), (), MET),
        ("accueil", ("/contact/",), ("/nos-produits/",), NOT_MET),  # it has such a list at first
    ],
)
def test_pages_that_only_a_list_of_the_site_leads_to_are_for_a_person(
    slug: str,
    written: tuple[str, ...],
    made: tuple[str, ...],
    expected: Verdict,
    here: Site,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links, listed = ([Link(f"{SITE}{path}", "ici") for path in paths] for paths in (written, made))
    body = Body(links=tuple(links), made=tuple(listed))
    monkeypatch.setattr(contents, "read", lambda site, one: Reading(body, body, True))
    monkeypatch.setattr(maillage, "_there", lambda site, target: True)
    monkeypatch.setattr(maillage, "followed", lambda site, address: address)
    site = MagicMock(address=SITE, page=here.page, taken_at=NOW)
    [found] = Links(content=slug, internal=2)._look(site, content(born=slug, seeded=True))
    assert found.verdict is expected


def test_a_link_of_the_site_that_leads_to_nothing_is_said(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    body = Body(links=tuple(Link(f"{SITE}{path}", "ici") for path in ("/contact/", "/perdu/", "/perdu/#bas")))
    monkeypatch.setattr(contents, "read", lambda site, one: Reading(body, body, True))
    monkeypatch.setattr(maillage, "_there", lambda site, target: "perdu" not in target)
    monkeypatch.setattr(maillage, "followed", lambda site, address: address)
    site = MagicMock(address=SITE, page=here.page, taken_at=NOW)
    [found] = Links(content="nos-boutiques", internal=2)._look(site, content(born="nos-boutiques", seeded=True))
    assert found.observed.startswith("1 page du site : /contact/ ; ne mène à rien : /perdu/")


def test_a_wanted_link_leads_to_the_page_of_that_name_whatever_its_address(here: Site) -> None:
    assert Links(content="c", links=("/contact/",)).judge(INTERNAL, [f"{SITE}/?page_id=9"], here)[0] is MET


def test_files_and_the_office_are_no_pages_of_the_site(here: Site) -> None:
    check = Links(content="c", internal=1)
    for path in ("/wp-content/uploads/2024/05/palets.jpg", "/wp-login.php", "/catalogue.pdf"):
        assert check.judge(INTERNAL, [f"{SITE}{path}"], here)[0] is NOT_MET
    assert check.judge(INTERNAL, [f"{SITE}/index.php?page_id=9"], here)[0] is MET


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("Tarte au citron et palets", MET),
        ("TARTE AU CITRON… et PALETS !", MET),
        ("Tarte au citron", NOT_MET),
        ("", NOT_MET),
        ("Tarte au citron et palets " + "a" * 40, NOT_MET),
    ],
)
def test_a_description_says_all_and_not_too_much(seen: str, expected: Verdict) -> None:
    assert description_verdict(("tarte au citron", "palets"), (0, 40), seen)[0] is expected


@pytest.mark.parametrize(
    ("bounds", "expected", "said"),
    [
        ((25, 25), MET, "description de 25 caractères"),
        ((26, 0), NOT_MET, "moins de 26 caractères"),
        ((0, 24), NOT_MET, "plus de 24 caractères"),
    ],
)
def test_the_length_that_is_said_is_the_one_that_was_counted(
    bounds: tuple[int, int], expected: Verdict, said: str
) -> None:
    verdict, observed = description_verdict(("palets",), bounds, "Tarte au citron et palets")
    assert verdict is expected
    assert said in observed


def test_a_description_that_denies_what_it_must_say_is_for_a_person() -> None:
    verdict, observed = description_verdict(("livraison gratuite",), (0, 0), "Chez nous, plus de livraison gratuite.")
    assert verdict is TO_JUDGE
    assert "« Chez nous, plus de livraison gratuite. »" in observed


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


@pytest.mark.parametrize("html", ["<form><input id='user_login'></form>", "", "<input id='hidden_post_status'>"])
def test_a_screen_without_yoasts_box_says_nothing_of_the_work(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yoast_snippet, "office_html", lambda site, path: html)
    with pytest.raises(StationNotReady):
        yoast_snippet.kept_fields(MagicMock(), "post.php?post=3&action=edit")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({}, MET), ({"status": "draft"}, TO_JUDGE), ({"protected": True}, TO_JUDGE), ({"tags": ()}, NOT_MET)],
)
def test_tags_of_an_article_that_nobody_can_read_any_more_are_to_judge(
    changed: dict[str, Any], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = content(**{"slug": "un-four-neuf", "seeded": True, "tags": ("palets",), **changed})
    monkeypatch.setattr(contents, "contents", lambda site: [one])
    monkeypatch.setattr(contents, "show", lambda site, seen: True)
    monkeypatch.setattr(contents, "in_front", lambda site, number: True)
    assert (
        Tags(post="un-four-neuf", tags=("palets",)).verify(MagicMock(company=COMPANY, taken_at=NOW))[0].verdict
        is expected
    )


@pytest.mark.parametrize(
    "values",
    [
        {"content": "c"},
        {"content": "c", "category": "d", "keyphrase": "k"},
        {"keyphrase": "k"},
        {"category": "d"},
    ],
)
def test_yoast_is_asked_of_one_thing(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        YoastSeo.model_validate(values)


@pytest.mark.parametrize(
    ("slug", "name", "expected"),
    [
        ("recettes-sucrees", "Desserts", MET),
        ("recettes-sucrees-bretonnes", "Recettes sucrées", MET),
        ("recettes-salees", "Recettes salées", NOT_MET),
    ],
)
def test_a_category_whose_slug_was_changed_too_is_known_by_its_name(
    slug: str, name: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"keyphrase": "recettes sucrées", "title": "Recettes sucrées", "description": "Nos recettes sucrées"}
    there = {"id": 6, "slug": slug, "name": name, "link": f"{SITE}/category/{slug}/"}
    monkeypatch.setattr(
        search_appearance, "categories", lambda site: [{**there, "id": 4, "slug": "x", "name": "X"}, there]
    )
    monkeypatch.setattr(yoast_snippet, "active", lambda site: True)
    monkeypatch.setattr(yoast_snippet, "plugins_screen", lambda site: MagicMock())
    monkeypatch.setattr(yoast_snippet, "kept_fields", lambda site, screen: kept if screen.endswith("tag_ID=6") else {})
    here = f"/category/{slug}/" if expected is MET else "/"

    def head(site: Any) -> tuple[str, str]:
        site.visit.assert_called_with(here)
        return (kept["title"], kept["description"]) if expected is MET else ("", "")

    monkeypatch.setattr(yoast_snippet, "head", head)
    site = MagicMock(taken_at=NOW, address=SITE)
    box = YoastSeo(category="recettes-sucrees", keyphrase="recettes sucrées", description=("recettes sucrées",))
    assert [one.verdict for one in box.verify(site)] == [MET, expected]
    tags = PageTags(category="recettes-sucrees", title="Recettes sucrées")
    assert [one.verdict for one in tags.verify(site)] == [expected]


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
    site = cast("Site", SimpleNamespace(misspelled=spelling.misspelled))
    assert reading_aids.spelling_aid(site, "bonjour", ()) == [spelling.MISSING]
    assert reading_aids.doubtful(site, "bonjour", ()) == ""


def test_a_dictionary_that_is_missing_is_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess((), 1, "", "Can't open"))
    assert spelling.unknown_words("bonjour") is None


def test_words_that_no_dictionary_knows_are_told_without_their_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "l'atelié\nKervoas\ndélicieus.\nqu'on\nl'atelié\n"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess((), 0, said, ""))
    assert spelling.unknown_words("…", ("Maëlle Kervoas",)) == spelling.Unknown(("atelié", "délicieus", "on"))


def test_a_note_measures_a_text_and_says_what_of_the_annex_is_there() -> None:
    site = cast("Site", SimpleNamespace(misspelled=lambda text: ["atelié", "Steïr"], taken_at=NOW))
    body = Body("Venez à l’atelié le 15 juin. Nous vous attendons tous tous.\n" + "mot " * 40)
    note = reading_aids.reading_aid(site, content(), body, ("15 juin", "12,50 €"), ())
    assert "Éléments de l’annexe repris : « 15 juin »" in note
    assert "absents : « 12,50 € »" in note
    assert "à vérifier : atelié" in note
    assert "Noms propres inconnus du dictionnaire : Steïr" in note
    assert "Phrase de 40 mots" in note
    assert "Mots répétés : tous" in note


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({"status": "draft"}, MET), ({"status": "draft", "seeded": True}, TO_JUDGE)],
)
def test_what_yoast_holds_of_a_content_that_nobody_can_read_is_read_there(
    changed: dict[str, Any], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"keyphrase": "sablés bretons", "title": "Tarte aux palets", "description": "Une tarte aux palets"}
    monkeypatch.setattr(contents, "contents", lambda site: [content(title="Tarte", **changed)])
    monkeypatch.setattr(contents, "show", lambda site, one: False)
    monkeypatch.setattr(yoast_snippet, "active", lambda site: True)
    monkeypatch.setattr(yoast_snippet, "plugins_screen", lambda site: MagicMock(company=COMPANY))
    monkeypatch.setattr(yoast_snippet, "kept_fields", lambda site, screen: kept)
    site = MagicMock(company=COMPANY, taken_at=NOW, address=SITE)
    box = YoastSeo(content="Tarte", keyphrase="sablés bretons", description=("tarte aux palets",))
    assert [one.verdict for one in box.verify(site)] == [MET, expected, expected]
    tags = PageTags(content="Tarte", title="Tarte aux palets", description=("tarte aux palets",))
    assert [one.verdict for one in tags.verify(site)] == [expected, expected]
