"""Contents, categories and comments that change: what counts as done, and what only looks like it."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress import categories, confidentialite, reading, seeded
from checks.wordpress.categories import Category
from checks.wordpress.confidentialite import COMPLETED, DESIGNATED, PrivacyPage, section_of
from checks.wordpress.content_screens import _spaced
from checks.wordpress.moderation import ModeratedComment
from checks.wordpress.naming import named
from checks.wordpress.publication import ModifiedContent
from checks.wordpress.reading import Body, Content, Reading
from provisioner.check import Verdict
from tests.unit.test_checks_reading import NOW, content

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


def test_a_content_is_found_by_its_slug_or_its_title_and_never_in_the_bin() -> None:
    one = content(1, title="Nos engagements", slug="nos-engagements", kind="page")
    binned = content(2, title="Nos engagements", slug="nos-engagements__trashed", status="trash")
    draft = content(3, title="Nos engagements", slug="nos-engagements-2", status="draft")
    found = [binned, draft, one]
    assert named(found, "nos-engagements", NOW) is one
    assert named(found, "nos ENGAGEMENTS", NOW) is one
    assert named([binned, draft], "Nos engagements", NOW) is draft
    assert named([binned], "Nos engagements", NOW) is None
    assert named(found, "nos-engagement", NOW) is None
    assert named([content(title="Nos engagements qualité")], "Nos engagements de qualité", NOW) is not None


def test_a_text_that_changed_says_the_new_and_no_longer_the_old() -> None:
    check = ModifiedContent(slug="salon", contains=("stand D4",), lacks=("stand C12",))
    assert check.judge(content(), Body("Venez au stand D4."))[0] is MET
    assert check.judge(content(), Body("Venez au stand D4, et non au stand C12."))[0] is NOT_MET
    assert check.judge(content(), Body("Venez au stand C12."))[0] is NOT_MET
    assert check.judge(content(), Body("Venez."))[0] is NOT_MET


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


@pytest.mark.parametrize(("slug", "expected"), [("salons", MET), ("portraits", TO_JUDGE)])
def test_a_category_of_the_site_that_got_the_name_is_not_surely_a_new_one(
    slug: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [category(slug=slug, link="http://site.test/c/", count=0)]
    monkeypatch.setattr(categories, "categories", lambda site: there)
    [found] = Category(name="Salons").verify(MagicMock())
    assert found.verdict is expected


@pytest.mark.parametrize(("slug", "expected"), [("evenements", MET), ("rendez-vous", TO_JUDGE)])
def test_a_category_made_in_the_place_of_the_one_to_change_is_for_a_person(
    slug: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [category(slug=slug, name="Rendez-vous", link="http://site.test/c/", count=0)]
    monkeypatch.setattr(categories, "categories", lambda site: there)
    [found] = Category(slug="evenements", name="Rendez-vous").verify(MagicMock())
    assert found.verdict is expected


@pytest.mark.parametrize("values", [{}, {"slug": "recettes"}, {"description": "x"}])
def test_a_category_is_made_by_its_name_or_changed_in_something(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Category.model_validate(values)


@pytest.mark.parametrize(
    ("state", "seen", "expected"),
    [
        ("spam", {"spam"}, MET), ("spam", {"trash"}, NOT_MET), ("trash", {"trash"}, MET), ("trash", {"spam"}, NOT_MET),
        ("removed", {"spam"}, MET), ("removed", {"trash"}, MET), ("removed", {"hold"}, NOT_MET),
        ("removed", {"spam", "approved"}, NOT_MET), ("trash", set(), MET), ("spam", set(), TO_JUDGE),
    ],
)  # fmt: skip
def test_a_comment_is_where_it_was_to_be_put(
    state: str, seen: set[str], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeded, "commented", lambda author, post: (author, post) == ("a", "p"))
    thread = MagicMock(article=True)
    thread.states.return_value = seen
    thread.french.side_effect = str
    check = ModeratedComment.model_validate({"author": "a", "post": "p", "state": state})
    assert check.judge(thread)[0] is expected
    if not seen:  # nobody of that name was ever there
        assert check.but(author="b").judge(thread)[0] is TO_JUDGE


PAGE = Body(
    "Qui sommes-nous ?\nNous sommes la SARL Biscuiterie, à Port-Lanvenez.\nCommentaires\nNous gardons votre nom.",
    headings=((2, "Qui sommes-nous ?"), (2, "Commentaires")),
)


def test_a_section_ends_where_the_next_title_begins() -> None:
    assert section_of(PAGE, "Qui sommes-nous ?") == "Nous sommes la SARL Biscuiterie, à Port-Lanvenez."
    assert section_of(PAGE, "qui sommes nous") == "Nous sommes la SARL Biscuiterie, à Port-Lanvenez."
    assert section_of(PAGE, "Commentaires") == "Nous gardons votre nom."
    assert section_of(PAGE, "Cookies") is None


def test_a_section_goes_on_under_its_own_subtitles() -> None:
    page = Body(
        "Qui sommes-nous ?\nUne SARL.\nNous contacter\nbonjour@biscuits.test\nMédias\nDes photos.",
        headings=((2, "Qui sommes-nous ?"), (3, "Nous contacter"), (2, "Médias")),
    )
    assert section_of(page, "Qui sommes-nous ?") == "Une SARL.\nNous contacter\nbonjour@biscuits.test"
    assert section_of(page, "Nous contacter") == "bonjour@biscuits.test"


def test_what_a_section_must_say_stands_in_that_section() -> None:
    assert PrivacyPage(elements=("SARL", "Port-Lanvenez")).judge(PAGE)[0] is MET
    verdict, said = PrivacyPage(elements=("votre nom",)).judge(PAGE)
    assert verdict is NOT_MET
    assert "ailleurs dans la page" in said
    assert PrivacyPage(section="Cookies", elements=("SARL",)).judge(PAGE)[0] is TO_JUDGE
    assert PrivacyPage(section="Cookies", elements=("SAS",)).judge(PAGE)[0] is NOT_MET


@pytest.mark.parametrize(
    ("title", "status", "completed"),
    [
        ("Politique de confidentialité", "publish", TO_JUDGE),
        ("Politique de confidentialité", "trash", NOT_MET),
        ("Mentions légales", "publish", NOT_MET),
    ],
)
def test_a_policy_completed_in_the_other_of_two_that_were_made_is_for_a_person(
    title: str, status: str, completed: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_one = content(1, kind="page", title="Politique de confidentialité", status="draft")
    other = content(2, kind="page", title=title, status=status)
    bodies = {named_one: Body("Qui sommes-nous ?\nTexte suggéré", headings=((2, "Qui sommes-nous ?"),)), other: PAGE}

    def read(site: object, one: Content) -> Reading:
        return Reading(bodies[one], bodies[one], one.public(NOW))

    monkeypatch.setattr(confidentialite, "designated", lambda site: 1)
    monkeypatch.setattr(reading, "contents", lambda site: [named_one, other])
    monkeypatch.setattr(reading, "read", read)
    found = {one.fact: one.verdict for one in PrivacyPage(elements=("SARL",)).verify(MagicMock(taken_at=NOW))}
    assert found == {DESIGNATED: NOT_MET, COMPLETED: completed}
