"""Contents, categories and comments that change: what counts as done, and what only looks like it."""

from dataclasses import replace
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress import categories, confidentialite, epingler, moderation
from checks.wordpress.categories import Category, DeletedCategory
from checks.wordpress.confidentialite import COMPLETED, DESIGNATED, PrivacyPage
from checks.wordpress.epingler import STICKY, StickyPost
from checks.wordpress.moderation import ModeratedComment
from checks.wordpress.publication import ModifiedContent
from checks.wordpress.reading import blog_settings, contents, seeded, terms
from checks.wordpress.reading.contents import Body, Content, Reading
from checks.wordpress.reading.naming import named
from checks.wordpress.reading.sections import section_of
from checks.wordpress.screens.content_changes import _spaced
from checks.wordpress.suppression import DeletedContent
from provisioner.french.text import fold
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY
from tests.unit.test_checks_reading import NOW, content

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


def test_a_content_is_found_by_its_slug_or_its_title_and_never_in_the_bin() -> None:
    one = content(1, title="Nos engagements", slug="nos-engagements", kind="page")
    binned = content(2, title="Nos engagements", slug="nos-engagements__trashed", status="trash")
    draft = content(3, title="Nos engagements", slug="nos-engagements-2", status="draft")
    found = [binned, draft, one]
    assert named(COMPANY, found, "nos-engagements", NOW) is one
    assert named(COMPANY, found, "nos ENGAGEMENTS", NOW) is one
    assert named(COMPANY, [binned, draft], "Nos engagements", NOW) is draft
    assert named(COMPANY, [binned], "Nos engagements", NOW) is None
    assert named(COMPANY, found, "nos-engagement", NOW) is None
    assert named(COMPANY, [content(title="Nos engagements qualité")], "Nos engagements de qualité", NOW) is not None


def test_a_text_that_changed_says_the_new_and_no_longer_the_old() -> None:
    check = ModifiedContent(slug="salon", contains=("stand D4",), lacks=("stand C12",))
    assert check.judge(content(), Body("Venez au stand D4."))[0] is MET
    assert check.judge(content(), Body("Venez au stand D4, et non au stand C12."))[0] is NOT_MET
    assert check.judge(content(), Body("Venez au stand C12."))[0] is NOT_MET
    assert check.judge(content(), Body("Venez."))[0] is NOT_MET


def test_a_text_that_denies_the_new_is_quoted_for_a_person() -> None:
    check = ModifiedContent(slug="salon", contains=("stand D4",))
    verdict, said = check.judge(content(), Body("Nous ne serons finalement pas au stand D4."))
    assert verdict is TO_JUDGE
    assert "« Nous ne serons finalement pas au stand D4. »" in said


@pytest.mark.parametrize(
    ("categories", "above", "expected"),
    [
        (("Événements",), (), MET),
        (("Salons",), ("Événements",), TO_JUDGE),
        (("Événement",), (), TO_JUDGE),
        (("Recettes",), (), NOT_MET),
        (("Événements", "Recettes"), (), NOT_MET),
        (("Événements", "Recettes sucrées"), ("Recettes",), TO_JUDGE),
    ],
)
def test_an_article_is_filed_where_it_must_and_no_longer_elsewhere(
    categories: tuple[str, ...], above: tuple[str, ...], expected: Verdict
) -> None:
    check = ModifiedContent(slug="salon", categories=("Événements",), out_of=("Recettes",))
    assert check.judge(content(categories=categories, above=above), Body())[0] is expected


@pytest.mark.parametrize(
    ("born", "seen", "said"),
    [
        ("salon-saveurs-de-bretagne", False, "son adresse montre autre chose"),
        ("", True, "n’est pas le contenu de départ"),
    ],
)
def test_a_change_that_something_else_hides_or_that_was_made_anew_is_for_a_person(
    born: str, seen: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = content(slug="salon-saveurs-de-bretagne", born=born)
    monkeypatch.setattr(contents, "contents", lambda site: [article])
    body = Body("Venez au stand D4.")
    monkeypatch.setattr(contents, "read", lambda site, one: Reading(body, body, seen))
    check = ModifiedContent(slug="salon-saveurs-de-bretagne", contains=("stand D4",))
    [found] = check.verify(MagicMock(taken_at=NOW))
    assert found.verdict is TO_JUDGE
    assert said in found.observed


@pytest.mark.parametrize(("kept", "expected"), [(True, MET), (False, TO_JUDGE)])
def test_a_change_that_took_the_rest_of_the_text_is_for_a_person(
    kept: bool, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = "\n".join(seeded.texts_of(COMPANY, "salon-saveurs-de-bretagne")).replace("stand c12", "")
    body = Body(f"Venez au stand D4.\n{first if kept else ''}")
    article = content(slug="salon-saveurs-de-bretagne", born="salon-saveurs-de-bretagne", seeded=True)
    monkeypatch.setattr(contents, "contents", lambda site: [article])
    monkeypatch.setattr(contents, "read", lambda site, one: Reading(body, body, True))
    check = ModifiedContent(slug="salon-saveurs-de-bretagne", contains=("stand D4",), lacks=("stand C12",))
    assert [one.verdict for one in check.verify(MagicMock(taken_at=NOW))] == [expected]


def test_what_was_to_go_and_may_still_be_there_is_for_a_person_to_judge() -> None:
    check = ModifiedContent(slug="salon", lacks=("17 h 30",))
    assert check.judge(content(), Body("Jusqu’à 17 h\n30 places"))[0] is TO_JUDGE
    assert check.judge(content(), Body("Jusqu’à 17 h"))[0] is MET


def test_a_title_that_is_a_slip_away_is_for_a_person_to_judge() -> None:
    check = ModifiedContent(slug="s", new_title="Nos engagements qualité")
    assert check.judge(content(title="NOS ENGAGEMENTS QUALITE"), Body())[0] is MET
    assert check.judge(content(title="Nos engagement qualité"), Body())[0] is TO_JUDGE
    assert check.judge(content(title="Nos engagements"), Body())[0] is NOT_MET


@pytest.mark.parametrize("values", [{"slug": "s"}, {"slug": "s", "kind": "page", "categories": ("Recettes",)}])
def test_a_change_says_what_changes(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ModifiedContent.model_validate(values)


def test_a_text_is_replaced_whatever_its_spaces() -> None:
    assert _spaced("stand C12").sub("x", "Sur le stand&nbsp;C12") == "Sur le x"
    assert _spaced("stand C12").sub("x", "Sur le stand\n c12") == "Sur le x"


def category(**changed: Any) -> dict[str, Any]:
    return {"id": 5, "slug": "salons", "name": "Salons", "description": "", "parent": 0, **changed}


def test_a_category_has_its_parent_and_its_description() -> None:
    check = Category(name="Salons", parent="Événements", description="Nos stands")
    parents = {2: "Événements", 3: "Recettes"}
    assert check.judge(category(parent=2, description="nos stands."), parents)[0] is MET
    assert check.judge(category(parent=3, description="Nos stands"), parents)[0] is NOT_MET
    assert check.judge(category(description="Nos stands"), parents)[0] is NOT_MET
    assert check.judge(category(parent=2), parents)[0] is NOT_MET
    assert check.judge(category(parent=2, description="Nos stand"), parents)[0] is TO_JUDGE


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Les salons où nous tenons un stand, toute l’année", TO_JUDGE),
        ("Tous les salons où nous aurons un stand", TO_JUDGE),
        ("Les recettes de l’atelier", NOT_MET),
        ("", NOT_MET),
    ],
)
def test_a_description_that_says_it_in_other_words_too_is_for_a_person(description: str, expected: Verdict) -> None:
    check = Category(name="Salons", description="Les salons où nous tenons un stand")
    assert check.judge(category(description=description), {})[0] is expected
    assert check.judge(category(name="Foires", description=description), {})[0] is NOT_MET


def test_a_category_made_beside_the_one_to_change_is_not_it() -> None:
    old, new = category(slug="recettes", name="Recettes"), category(id=6, slug="recettes-2", name="Nos recettes")
    check = Category(slug="recettes", name="Nos recettes")
    assert check._among([new, old]) == [old]
    assert check._among([new]) == [new]


#: The categories that the site begins with, as it numbers them, and one of its tags, which were made after them.
SEEDED = ("vie-de-l-entreprise", "evenements", "recettes", "portraits", "recettes-sucrees", "recettes-salees")


def with_categories(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], *made: dict[str, Any]) -> MagicMock:
    """A site with its own categories, changed by their slugs (None: deleted), and those that were made."""
    own = [
        category(id=number, slug=slug, name=slug.replace("-", " "), count=2, link=f"/category/{slug}/")
        for number, slug in enumerate(SEEDED, 2)
    ]
    there = [{**one, **changed.get(one["slug"], {})} for one in own if changed.get(one["slug"], {}) is not None]
    monkeypatch.setattr(categories, "categories", lambda site: [*there, *made])
    monkeypatch.setattr(terms, "rest_all", lambda site, path: [{"id": 8, "slug": "sarrasin"}])
    return MagicMock(company=COMPANY)


OLD = {"slug": "anciennes-recettes", "name": "Anciennes recettes"}
NEW = category(id=40, slug="idees-cadeaux", name="Idées cadeaux", link="/c/", count=0)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, NOT_MET),
        ({"recettes": None}, MET),
        ({"recettes": {"name": "À supprimer"}}, NOT_MET),
        ({"recettes": OLD}, TO_JUDGE),
        ({"recettes": None, "evenements": {"name": "Rendez-vous"}}, MET),  # another question's
        ({"recettes": None, "evenements": {"slug": "agenda"}}, MET),
        ({"recettes": None, "portraits": None}, TO_JUDGE),  # one action took both
        ({"evenements": None}, NOT_MET),
    ],
)
def test_a_category_that_was_renamed_with_its_slug_is_not_surely_deleted(
    changed: dict[str, Any], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = with_categories(monkeypatch, changed, NEW)
    [found] = DeletedCategory(slug="recettes", name="Recettes").verify(site)
    assert found.verdict is expected
    doubted = "« Portraits »" if "portraits" in changed else "« Anciennes recettes »"
    assert (doubted in found.observed) == (expected is TO_JUDGE)


def test_a_category_that_only_got_another_name_is_said_to_be_renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = DeletedCategory(slug="recettes", name="Recettes").verify(
        with_categories(monkeypatch, {"recettes": {"name": "À supprimer"}})
    )
    assert found.verdict is NOT_MET
    assert found.observed.startswith("cette catégorie existe encore, renommée « À supprimer » ; le site a : « ")


def test_the_last_category_of_the_site_is_told_from_a_new_one_by_the_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    last = DeletedCategory(slug="recettes-salees", name="Recettes salées")
    assert last.verify(with_categories(monkeypatch, {"recettes-salees": OLD}, NEW))[0].verdict is TO_JUDGE
    assert last.verify(with_categories(monkeypatch, {"recettes-salees": None}, NEW))[0].verdict is MET
    wordpress_s_own = category(id=1, slug="non-classe", name="Non classé", count=0)
    site = with_categories(monkeypatch, {"recettes-salees": None}, wordpress_s_own)
    assert last.verify(site)[0].verdict is MET


def test_a_category_of_the_site_that_got_name_and_slug_is_not_surely_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    check, got = Category(name="Idées cadeaux"), {"slug": "idees-cadeaux", "name": "Idées cadeaux"}
    assert check.verify(with_categories(monkeypatch, {"recettes": got}))[0].verdict is TO_JUDGE
    assert check.verify(with_categories(monkeypatch, {}, NEW))[0].verdict is MET
    assert check.verify(with_categories(monkeypatch, {"recettes": OLD}, NEW))[0].verdict is MET


def test_a_category_of_the_site_that_was_made_anew_makes_no_older_one_the_sites(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    again = category(id=41, slug="recettes", name="Recettes", count=0, link="/category/recettes/")
    site = with_categories(monkeypatch, {"recettes": None, "portraits": None}, NEW, again)
    assert Category(name="Idées cadeaux").verify(site)[0].verdict is MET
    assert DeletedCategory(slug="portraits", name="Portraits").verify(site)[0].verdict is MET


@pytest.mark.parametrize(("slug", "expected"), [("salons", MET), ("portraits", TO_JUDGE)])
def test_a_category_of_the_site_that_got_the_name_is_not_surely_a_new_one(
    slug: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [category(slug=slug, link="http://site.test/c/", count=0)]
    monkeypatch.setattr(categories, "categories", lambda site: there)
    monkeypatch.setattr(terms, "rest_all", lambda site, path: [])
    [found] = Category(name="Salons").verify(MagicMock(company=COMPANY))
    assert found.verdict is expected


@pytest.mark.parametrize(("slug", "expected"), [("evenements", MET), ("rendez-vous", TO_JUDGE)])
def test_a_category_made_in_the_place_of_the_one_to_change_is_for_a_person(
    slug: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [category(slug=slug, name="Rendez-vous", link="http://site.test/c/", count=0)]
    monkeypatch.setattr(categories, "categories", lambda site: there)
    [found] = Category(slug="evenements", name="Rendez-vous").verify(MagicMock())
    assert found.verdict is expected


SWEET = {"name": "Recettes sucrées", "description": "Nos desserts", "link": "http://site.test/c/", "count": 2}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"slug": "recettes-sucrees"}, MET),
        ({"slug": "recettes-sucrees-bretonnes"}, TO_JUDGE),
        ({"slug": "recettes-sucrees-bretonnes", "description": ""}, NOT_MET),
        ({"slug": "desserts", "name": "Desserts"}, NOT_MET),
    ],
)
def test_a_category_whose_slug_was_changed_is_known_by_its_name(
    changed: dict[str, Any], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [category(slug="recettes", name="Recettes", link="/"), category(**{**SWEET, **changed})]
    monkeypatch.setattr(categories, "categories", lambda site: there)
    [found] = Category(slug="recettes-sucrees", description="Nos desserts").verify(MagicMock())
    assert found.verdict is expected
    if changed.get("name") is None:
        renamed = Category(slug="recettes-sucrees", name="Desserts", description="Nos desserts")
        assert renamed.verify(MagicMock())[0].verdict is NOT_MET, "it still has its old name"


def test_a_slug_names_one_category_whatever_others_are_called() -> None:
    own, beside = category(slug="recettes", name="À table"), category(slug="recettes-2", name="Recettes")
    assert terms.called([beside, own], "recettes") == [own]
    assert terms.called([beside], "recettes") == [beside]
    assert terms.called([beside], "Recettes") == [beside]
    assert terms.called([beside], "recette") == []


@pytest.mark.parametrize("values", [{}, {"slug": "recettes"}, {"description": "x"}])
def test_a_category_is_made_by_its_name_or_changed_in_something(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Category.model_validate(values)


@pytest.mark.parametrize(
    ("state", "seen", "expected"),
    [
        ("spam", {"spam"}, MET),
        ("spam", {"trash"}, NOT_MET),
        ("trash", {"trash"}, MET),
        ("trash", {"spam"}, NOT_MET),
        ("removed", {"spam"}, MET),
        ("removed", {"trash"}, MET),
        ("removed", {"hold"}, NOT_MET),
        ("removed", {"spam", "approved"}, NOT_MET),
        ("trash", set(), MET),
        ("spam", set(), TO_JUDGE),
    ],
)
def test_a_comment_is_where_it_was_to_be_put(
    state: str, seen: set[str], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeded, "commented", lambda company, author, post: (author, post) == ("a", "p"))
    thread = MagicMock(article=True)
    thread.states.return_value = seen
    thread.french.side_effect = str
    check = ModeratedComment.model_validate({"author": "a", "post": "p", "state": state})
    assert check.judge(thread)[0] is expected
    if not seen:  # nobody of that name was ever there
        assert check.but(author="b").judge(thread)[0] is TO_JUDGE


@pytest.mark.parametrize(("texts", "expected"), [(["Merci !", "Bonjour."], MET), (["Merci !"], TO_JUDGE)])
def test_another_comment_that_went_with_it_is_for_a_person(
    texts: list[str], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = MagicMock(article=True)
    thread.states.return_value = {"spam"}
    thread.french.side_effect = str
    monkeypatch.setattr(moderation, "Thread", lambda *_: thread)
    monkeypatch.setattr(
        moderation, "rest_all", lambda *_: [{"content": {"rendered": f"<p>{one}</p>"}} for one in texts]
    )
    known = [("Ana", "p", fold("Merci !")), ("Iris", "q", fold("Bonjour.")), ("Zoé", "p", fold("Achetez !"))]
    monkeypatch.setattr(seeded, "approved", lambda _: known)
    online = [MagicMock(born="p"), MagicMock(born="q")]
    monkeypatch.setattr(moderation, "contents", lambda site: online)
    [found] = ModeratedComment(author="Zoé", post="p", state="spam").verify(MagicMock(company=COMPANY))
    assert found.verdict is expected
    assert ("d’Iris" in found.observed) == (expected is TO_JUDGE)
    online.pop()  # the article is withdrawn, with its comments
    assert ModeratedComment(author="Zoé", post="p", state="spam").verify(MagicMock(company=COMPANY))[0].verdict is MET


PAGE = Body(
    "Qui sommes-nous ?\nNous sommes la SARL Biscuiterie, à Port-Lanvenez.\nCommentaires\nNous gardons votre nom.",
    headings=((2, "Qui sommes-nous ?"), (2, "Commentaires")),
)


def test_a_section_ends_where_the_next_title_begins() -> None:
    assert section_of(PAGE, "Qui sommes-nous ?") == "Nous sommes la SARL Biscuiterie, à Port-Lanvenez."
    assert section_of(PAGE, "qui sommes nous") == "Nous sommes la SARL Biscuiterie, à Port-Lanvenez."
    assert section_of(PAGE, "Commentaires") == "Nous gardons votre nom."
    assert section_of(PAGE, "Cookies") is None


def test_a_summary_that_was_written_by_hand_is_no_section() -> None:
    page = replace(PAGE, text=f"Qui sommes-nous ?\nCommentaires\n{PAGE.text}")
    for title in ("Qui sommes-nous ?", "Commentaires"):
        assert section_of(page, title) == section_of(PAGE, title)


def test_a_title_that_comes_before_a_section_ends_none() -> None:
    page = Body(
        "Biscuiterie des Ajoncs\nBonjour.\nQui sommes-nous ?\nBiscuiterie des Ajoncs\n3 chemin de la Palud\nMédias\nDes photos.",
        headings=((2, "Biscuiterie des Ajoncs"), (2, "Qui sommes-nous ?"), (2, "Médias")),
    )
    assert section_of(page, "Qui sommes-nous ?") == "Biscuiterie des Ajoncs\n3 chemin de la Palud"


def test_a_section_goes_on_under_its_own_subtitles() -> None:
    page = Body(
        "Qui sommes-nous ?\nUne SARL.\nNous contacter\nbonjour@biscuits.test\nMédias\nDes photos.",
        headings=((2, "Qui sommes-nous ?"), (3, "Nous contacter"), (2, "Médias")),
    )
    assert section_of(page, "Qui sommes-nous ?") == "Une SARL.\nNous contacter\nbonjour@biscuits.test"
    assert section_of(page, "Nous contacter") == "bonjour@biscuits.test"


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (
            "Qui sommes-nous ?\nUne adresse.\nNous contacter\nbonjour@biscuits.test\nMédias",
            ((2, "Qui sommes-nous ?"), (2, "Nous contacter"), (2, "Médias")),
        ),
        (
            "Qui sommes-nous ? bonjour@biscuits.test\nUne adresse.\nMédias",
            ((2, "Qui sommes-nous ? bonjour@biscuits.test"), (2, "Médias")),
        ),
    ],
)
def test_what_stands_under_a_title_that_was_added_to_the_section_or_in_its_own_is_for_a_person(
    text: str, headings: tuple[tuple[int, str], ...]
) -> None:
    mentioned = Body(
        f"Nos coordonnées\nNous sommes la SARL : qui sommes-nous ? SARL.\n{PAGE.text}", headings=PAGE.headings
    )
    assert PrivacyPage(elements=("qui sommes-nous ? SARL",)).judge(mentioned)[0] is NOT_MET
    check = PrivacyPage(elements=("bonjour@biscuits.test",))
    assert check.judge(Body(text, headings=headings))[0] is TO_JUDGE
    assert (
        check.judge(Body(f"Nos coordonnées\nbonjour@biscuits.test\n{PAGE.text}", headings=PAGE.headings))[0] is NOT_MET
    )


def test_what_a_section_must_say_stands_in_that_section() -> None:
    assert PrivacyPage(elements=("SARL", "Port-Lanvenez")).judge(PAGE)[0] is MET
    verdict, said = PrivacyPage(elements=("votre nom",)).judge(PAGE)
    assert verdict is NOT_MET
    assert "ailleurs dans la page" in said
    assert PrivacyPage(section="Cookies", elements=("SARL",)).judge(PAGE)[0] is TO_JUDGE
    assert PrivacyPage(section="Cookies", elements=("SAS",)).judge(PAGE)[0] is NOT_MET


@pytest.mark.parametrize(
    ("title", "status", "verdict"),
    [
        ("Politique de confidentialité", "publish", TO_JUDGE),
        ("Politique de confidentialité", "trash", NOT_MET),
        ("Mentions légales", "publish", NOT_MET),
    ],
)
def test_a_policy_published_and_completed_in_the_other_of_two_that_were_made_is_for_a_person(
    title: str, status: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_one = content(1, kind="page", title="Politique de confidentialité", status="draft")
    other = content(2, kind="page", title=title, status=status)
    bodies = {named_one: Body("Qui sommes-nous ?\nTexte suggéré", headings=((2, "Qui sommes-nous ?"),)), other: PAGE}

    def read(site: object, one: Content) -> Reading:
        return Reading(bodies[one], bodies[one], one.public(NOW))

    monkeypatch.setattr(confidentialite, "designated", lambda site: 1)
    monkeypatch.setattr(contents, "contents", lambda site: [named_one, other])
    monkeypatch.setattr(contents, "read", read)
    found = {one.fact: one.verdict for one in PrivacyPage(elements=("SARL",)).verify(MagicMock(taken_at=NOW))}
    assert found == {DESIGNATED: verdict, COMPLETED: verdict}


@pytest.mark.parametrize(
    ("pinned", "verdict"),
    [({1}, Verdict.MET), ({2}, Verdict.MET), (set(), Verdict.NOT_MET)],
)
def test_of_two_articles_of_the_same_title_either_may_be_pinned(
    monkeypatch: pytest.MonkeyPatch, pinned: set[int], verdict: Verdict
) -> None:
    twins = [content(number, title="La tournée des récoltes") for number in (1, 2)]
    monkeypatch.setattr(contents, "contents", lambda site: twins)
    monkeypatch.setattr(
        epingler, "rest", lambda site, path: {"sticky": int(path.split("/")[3].split("?")[0]) in pinned}
    )
    monkeypatch.setattr(blog_settings, "kept_reading_settings", lambda site: MagicMock(posts_page="/actualites/"))
    site = MagicMock(taken_at=NOW)
    first = sorted((1, 2), key=lambda number: number not in pinned)
    site.visit.return_value.locator.return_value.evaluate_all.return_value = [f"post-{number}" for number in first]
    (found,) = StickyPost(post="La tournée des récoltes").verify(site)
    assert (found.fact, found.verdict) == (STICKY, verdict)


@pytest.mark.parametrize(
    ("place", "changed", "verdict"),
    [(1, {}, MET), (2, {}, TO_JUDGE), (6, {}, TO_JUDGE), (0, {}, TO_JUDGE), (2, {"protected": True}, NOT_MET)],
)
def test_a_pinned_article_that_is_not_the_first_of_the_blog_is_for_a_person(
    place: int, changed: dict[str, Any], verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "contents", lambda site: [content(1, title="T", slug="t", seeded=True, **changed)])
    monkeypatch.setattr(epingler, "rest", lambda site, path: {"sticky": True})
    monkeypatch.setattr(blog_settings, "kept_reading_settings", lambda site: MagicMock(posts_page="/actualites/"))
    site = MagicMock(taken_at=NOW)
    shown = ["post-1" if one == place else f"post-{one + 10}" for one in range(1, 8)]
    site.visit.return_value.locator.return_value.evaluate_all.return_value = shown
    assert [one.verdict for one in StickyPost(post="t").verify(site)] == [verdict]


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ({}, MET),
        ({"trois-tartinades": "trash"}, TO_JUDGE),
        ({"trois-tartinades": ""}, TO_JUDGE),
        ({"trois-tartinades": "draft"}, MET),
        ({"visites-scolaires": ""}, MET),
        ({"crumble-pommes-palets": "publish"}, NOT_MET),
    ],
)
def test_more_articles_deleted_than_asked_are_for_a_person(
    gone: dict[str, str], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = {
        **dict.fromkeys(seeded.at_first(COMPANY, "posts", "slug"), "publish"),
        "crumble-pommes-palets": "trash",
        **gone,
    }
    left = [
        content(number, slug=slug, born=slug, title=slug, status=status, seeded=True)
        for number, (slug, status) in enumerate(states.items(), 1)
        if status
    ]
    monkeypatch.setattr(contents, "contents", lambda site: left)
    [found] = DeletedContent(slug="crumble-pommes-palets").verify(MagicMock(taken_at=NOW))
    assert found.verdict is expected
    assert ("« Trois tartinades pour nos crackers »" in found.observed) is (expected is TO_JUDGE)


@pytest.mark.parametrize(("first", "verdict"), [(True, NOT_MET), (False, TO_JUDGE)])
def test_an_article_that_he_made_and_left_as_a_draft_costs_its_publication_and_not_its_pin_too(
    monkeypatch: pytest.MonkeyPatch, first: bool, verdict: Verdict
) -> None:
    draft = replace(content(1, title="La tournée des récoltes", status="draft"), seeded=first)
    monkeypatch.setattr(contents, "contents", lambda site: [draft])
    monkeypatch.setattr(epingler, "rest", lambda site, path: {"sticky": True})
    monkeypatch.setattr(blog_settings, "kept_reading_settings", lambda site: MagicMock(posts_page="/actualites/"))
    site = MagicMock(taken_at=NOW)
    site.visit.return_value.locator.return_value.evaluate_all.return_value = []
    (found,) = StickyPost(post="La tournée des récoltes").verify(site)
    assert (found.fact, found.verdict) == (STICKY, verdict)
