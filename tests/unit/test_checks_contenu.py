"""A published content: what is asked, what is refused, and that the acts write exactly what they mean to."""

from dataclasses import replace
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress.contenu import PublishedContent
from checks.wordpress.publication import ModifiedContent
from checks.wordpress.reading import content_images, contents, destinations
from checks.wordpress.reading.answers import Answer
from checks.wordpress.reading.content_images import ImageWanted, alt_verdict, images_shown
from checks.wordpress.reading.contents import Body, Content, Image, Link, Reading
from checks.wordpress.reading.library import MediaFile
from checks.wordpress.reading.text_verdicts import elements_verdict, headings_verdict
from checks.wordpress.reading.word_count import words_in_editor
from checks.wordpress.screens import wanted_content
from checks.wordpress.screens.content_near_misses import _misread
from checks.wordpress.screens.drafts import LINK, Draft
from provisioner.french.text import holds, word_count
from provisioner.subject.check import Verdict
from tests.unit.test_checks_reading import NOW, SITE, content

EXAMPLES = PublishedContent.examples()


def written(draft: Draft) -> str:
    return "\n".join(f"{block.text} {LINK if block.link else ''}" for block in draft.blocks)


def test_only_what_is_asked_is_a_fact() -> None:
    assert PublishedContent(title="T").facts() == (wanted_content.POST,)
    assert PublishedContent(title="T", kind="page", links=("/a/",)).facts() == (
        wanted_content.PAGE,
        wanted_content.INTERNAL,
    )
    length = (wanted_content.POST, wanted_content.LENGTH, wanted_content.LANGUAGE)
    assert PublishedContent(title="T", max_words=9).facts() == length
    assert PublishedContent(title="T", images=(ImageWanted(media="m"),)).facts() == (
        wanted_content.POST,
        content_images.IMAGES,
    )


def test_the_language_is_left_to_a_person_wherever_a_text_is_asked() -> None:
    assert wanted_content.LANGUAGE in PublishedContent(title="T", min_words=1).facts()


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "page", "tags": ("a",)},
        {"kind": "page", "categories": ("a",)},
        {"min_words": 10, "max_words": 9},
        {"headings": -1},
        {"images": ({"media": ""},)},
        {"elements": ("",)},
        {"elements": ("15 juin", "  ")},
        {"tags": ("",)},
        {"categories": ("",)},
        {"links": ("\u00a0",)},
    ],
)
def test_values_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PublishedContent.model_validate({"title": "T", **values})


@pytest.mark.parametrize("check", EXAMPLES)
def test_a_draft_is_exactly_as_long_as_asked_and_holds_every_element(check: PublishedContent) -> None:
    draft = check.draft()
    assert word_count(written(draft)) == check.min_words
    assert all(holds(written(draft), element) for element in check.elements)


@pytest.mark.parametrize("check", EXAMPLES)
def test_every_fact_that_a_person_does_not_judge_has_two_near_misses(check: PublishedContent) -> None:
    missed = [miss.fact for miss in check.near_misses()]
    assert all(missed.count(one) >= 2 for one in check.facts() if one != wanted_content.LANGUAGE)
    assert set(missed) <= set(check.facts())


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (("halle du port", "12,50 €"), ("12,50 €", "12,05 €")),
        (("11 rue du Port",), ("11 rue du Port", "12 rue du Port")),
        (("halle du port",), ("halle du port", "halle")),
        (("dimanche",), ("dimanche", "dima")),
        (("3 ateliers", "3 boutiques"), ("3 ateliers", "3")),
    ],
)
def test_an_element_is_misread_so_that_nobody_can_take_it_for_right(
    elements: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert _misread(PublishedContent(title="T", elements=elements)) == expected
    assert _misread(PublishedContent(title=" ".join(elements), elements=elements)) is None


def test_bounds_of_the_length_are_met_by_themselves() -> None:
    check = PublishedContent(title="T", min_words=3, max_words=4)
    assert [check._length(Body("mot " * n), lambda n=n: "mot " * n)[0] for n in (2, 3, 4, 5)] == [  # type: ignore[misc]
        Verdict.NOT_MET,
        Verdict.MET,
        Verdict.MET,
        Verdict.NOT_MET,
    ]


@pytest.mark.parametrize(
    ("html", "counted"),
    [
        ("Visitez l’<strong>atelier</strong> d’<a>une biscuiterie</a>", 6),
        ("<!-- wp:paragraph -->\n<p>Venez le 15&nbsp;juin 🎄</p>\n<!-- /wp:paragraph -->", 5),
        ("<p>10\u00a0h, 12,50\u202f€ – aujourd’hui&amp;demain ; rendez-vous</p>", 4),
        ('<p>un—deux--trois</p>\n[gallery ids="1,2"]', 5),
        ('<figure><img src="a.jpg" alt="Un four"/><figcaption>Le four</figcaption></figure>', 2),
        ("<p></p>", 0),
    ],
)
def test_words_are_also_counted_as_the_editor_does(html: str, counted: int) -> None:
    assert words_in_editor(html) == counted


def test_a_length_that_only_the_editor_counts_is_for_a_person() -> None:
    html, body = (
        "Visitez l’<strong>atelier</strong> d’<a>une biscuiterie</a>",
        Body("Visitez l’atelier d’une biscuiterie"),
    )
    verdict, _, observed = PublishedContent(title="T", min_words=6)._length(body, lambda: html)
    assert (verdict, observed) == (
        Verdict.TO_JUDGE,
        "4 mots lus par un visiteur ; l’éditeur de WordPress, qui compte autrement, en affiche 6 ; "
        "à lire : par le compte de l’éditeur, la longueur convient",
    )
    assert PublishedContent(title="T", min_words=7)._length(body, lambda: html)[0] is Verdict.NOT_MET
    assert PublishedContent(title="T", max_words=4)._length(body, lambda: html)[0] is Verdict.MET
    joined = PublishedContent(title="T", max_words=1)._length(Body("10\u00a0h"), lambda: "10\u00a0h")
    assert joined[0] is Verdict.TO_JUDGE


@pytest.mark.parametrize(
    ("text", "expected"), [(4, Verdict.MET), (5, Verdict.TO_JUDGE), (8, Verdict.TO_JUDGE), (9, Verdict.NOT_MET)]
)
def test_a_length_that_only_subtitles_and_legends_exceed_is_for_a_person(text: int, expected: Verdict) -> None:
    image = Image("http://x/atelier.jpg", "Un four tout neuf", "Notre four")
    body = Body(f"Venez voir\n{'mot ' * text}\nNotre four", headings=((2, "Venez voir"),), images=(image,))
    verdict, _, said = PublishedContent(title="T", min_words=5, max_words=8)._length(body, lambda: body.text)
    assert verdict is expected
    assert (f"sans sous-titres ni légendes, cela fait {text}" in said) is (expected is Verdict.TO_JUDGE)


@pytest.mark.parametrize("check", [one for one in EXAMPLES if one.max_words])
def test_what_almost_fits_is_too_long_without_its_subtitles(
    check: PublishedContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = MagicMock()
    monkeypatch.setattr(wanted_content, "write", write)
    for miss in check.near_misses():
        if miss.name.startswith(("un mot de plus", "la longueur dépassée")):
            miss.run(MagicMock())
    drafts: list[Draft] = [call.args[1] for call in write.call_args_list]
    bodies = [
        Body(written(draft), headings=tuple((2, b.text) for b in draft.blocks if b.kind == "heading"))
        for draft in drafts
    ]
    assert [check._length(body, lambda body=body: body.text)[0] for body in bodies] == [Verdict.NOT_MET] * 2  # type: ignore[misc]
    assert word_count(bodies[0].text) - sum(word_count(text) for _, text in bodies[0].headings) == check.max_words + 1


@pytest.mark.parametrize("check", EXAMPLES)
def test_what_the_acts_write_the_editor_counts_alike(check: PublishedContent) -> None:
    html = "\n".join(f"<p>{b.text} {f'<a>{LINK}</a>' if b.link else ''}</p>" for b in check.draft().blocks)
    assert words_in_editor(html) == check.min_words


def test_a_heading_of_the_first_level_is_for_a_person() -> None:
    assert headings_verdict(2, Body(headings=((1, "a"), (2, "b"))))[0] is Verdict.TO_JUDGE
    assert headings_verdict(2, Body(headings=((1, "a"),)))[0] is Verdict.NOT_MET
    assert headings_verdict(2, Body(headings=((2, "a"), (3, "b"))))[0] is Verdict.MET


@pytest.mark.parametrize(
    "text",
    [
        "Rendez-vous à la halle. Nous ne serons malheureusement pas ouverts le 15 juin.",
        "Tous les jours, sauf le 15 juin.",
    ],
)
def test_a_sentence_that_denies_an_element_is_quoted_for_a_person(text: str) -> None:
    verdict, _, observed = elements_verdict(("15 juin",), "Notre atelier", text)
    assert verdict is Verdict.TO_JUDGE
    assert "le 15 juin." in observed


def test_the_title_is_read_with_the_text() -> None:
    assert elements_verdict(("15 juin",), "Le 15 juin", "Venez.")[0] is Verdict.MET


def examined(
    check: PublishedContent, whole: Body, visible: Body, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[Verdict, str]]:
    one = content(title="T")
    monkeypatch.setattr(contents, "contents", lambda site: [one])
    monkeypatch.setattr(contents, "read", lambda site, content: Reading(whole, visible, True))
    monkeypatch.setattr(contents, "stored_html", lambda site, content: (whole.text, ""))
    site = MagicMock(taken_at=NOW)
    return {f.fact: (f.verdict, f.observed) for f in check.verify(site)}


def of_several(check: PublishedContent, bodies: dict[Content, Body], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(contents, "contents", lambda site: list(bodies))
    monkeypatch.setattr(contents, "read", lambda site, one: Reading(bodies[one], bodies[one], True))
    return {f.fact: f for f in check.verify(MagicMock(taken_at=NOW))}


def test_an_empty_one_of_the_same_title_does_not_hide_the_finished_one(monkeypatch: pytest.MonkeyPatch) -> None:
    check = PublishedContent(title="T", elements=("15 juin",), tags=("atelier",))
    stub, done = content(2, title="T"), content(1, title="T", tags=("atelier",))
    draft = content(3, title="T", status="draft")
    found = of_several(check, {draft: Body(), stub: Body("Essai"), done: Body("Le 15 juin")}, monkeypatch)
    assert {one.verdict for one in found.values()} == {Verdict.MET}
    assert (
        "portent aussi ce titre : l’article n° 2 « T » (publié), l’article n° 3" in found[wanted_content.POST].observed
    )


@pytest.mark.parametrize("left", [{"status": "draft"}, {"status": "trash"}, {"kind": "page"}])
def test_what_was_left_under_the_title_hides_no_finished_one_of_nearly_that_title(
    left: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check = PublishedContent(title="Portes ouvertes à l’atelier", elements=("15 juin",))
    begun = content(2, title="Portes ouvertes à l’atelier", **left)
    done = content(1, title="Portes ouvertes à l’atelier, venez nombreux")
    found = of_several(check, {begun: Body("Essai"), done: Body("Le 15 juin")}, monkeypatch)
    assert found[wanted_content.POST].verdict is Verdict.TO_JUDGE
    assert "titre différent" in found[wanted_content.POST].observed
    assert found[wanted_content.ELEMENTS].verdict is Verdict.MET
    of_the_company = replace(done, seeded=True)
    found = of_several(check, {begun: Body("Essai"), of_the_company: Body("Le 15 juin")}, monkeypatch)
    assert {found[wanted_content.POST].verdict, found[wanted_content.ELEMENTS].verdict} == {Verdict.NOT_MET}


@pytest.mark.parametrize(
    ("said", "elements", "expected"),
    [
        ("Le 15 juin, à 14 h", Verdict.TO_JUDGE, "« Venez nombreux »"),
        ("Le 15 juin", Verdict.NOT_MET, "aucun ne porte ce titre"),
        (
            "Bonjour",
            Verdict.NOT_MET,
            "aucun ne porte ce titre ; parmi les contenus nouveaux ou jamais publiés, le dernier modifié est l’article n° 1",
        ),
    ],
)
def test_another_title_costs_the_publication_and_leaves_what_is_written_there_to_a_person(
    said: str, elements: Verdict, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = PublishedContent(title="Portes ouvertes", elements=("15 juin", "14 h", "halle"))
    check = check.but(elements=check.elements[:2]) if elements is Verdict.TO_JUDGE else check
    company = content(9, title="Crackers", seeded=True)
    found = of_several(
        check, {company: Body("Le 15 juin, à 14 h"), content(title="Venez nombreux"): Body(said)}, monkeypatch
    )
    assert found[wanted_content.POST].verdict is Verdict.NOT_MET
    assert found[wanted_content.ELEMENTS].verdict is elements
    assert expected in found[wanted_content.POST].observed


@pytest.mark.parametrize(("slug", "said"), [("portes", "un autre contenu du même titre"), ("autre", "autre chose")])
def test_an_article_whose_address_shows_something_else_is_for_a_person(
    slug: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, page = content(2, title="T", slug="portes"), content(1, title="T", slug=slug, kind="page")
    monkeypatch.setattr(contents, "contents", lambda site: [article, page])
    monkeypatch.setattr(contents, "read", lambda site, one: Reading(Body(), Body(), one is page))
    found = {one.fact: one for one in PublishedContent(title="T").verify(MagicMock(taken_at=NOW))}
    assert found[wanted_content.POST].verdict is Verdict.TO_JUDGE
    assert said in found[wanted_content.POST].observed


def test_what_only_another_of_the_same_title_has_is_for_a_person_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    check = PublishedContent(title="T", elements=("15 juin",), tags=("atelier",), headings=1)
    one, other = content(2, title="T", tags=("atelier",)), content(1, title="T")
    found = of_several(check, {one: Body("Essai"), other: Body("Le 15 juin")}, monkeypatch)
    verdicts = {wanted_content.ELEMENTS: Verdict.TO_JUDGE, wanted_content.HEADINGS: Verdict.NOT_MET}
    assert {fact: found[fact].verdict for fact in verdicts} == verdicts
    assert "dans un autre contenu du même titre : « 15 juin » y est" in found[wanted_content.ELEMENTS].observed


def test_a_seeded_article_that_was_rewritten_is_for_a_person_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    check = PublishedContent(title="T")
    found = of_several(check, {content(title="T", seeded=True): Body("Essai")}, monkeypatch)[wanted_content.POST]
    assert found.verdict is Verdict.TO_JUDGE
    assert "réécrit" in found.observed
    hidden = content(title="T", seeded=True, status="draft")
    assert of_several(check, {hidden: Body()}, monkeypatch)[wanted_content.POST].verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("/nos-boutiques/", Verdict.MET),
        ("/?page_id=58", Verdict.MET),
        ("/boutiques/", Verdict.MET),
        ("/contact/", Verdict.NOT_MET),
        ("/?page_id=58&preview=true", Verdict.MET),
        ("/?preview=true&page_id=58", Verdict.MET),
        ("/?preview_id=58&preview_nonce=a1&preview=true", Verdict.NOT_MET),  # shown to its author alone
        ("/wp-content/nos-boutiques.pdf", Verdict.NOT_MET),
    ],
)
def test_a_link_is_followed_to_the_page_of_that_slug(
    address: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(site: object, page: object, address: str, method: str) -> Answer:
        return Answer(200, address.replace("/boutiques/", "/?page_id=58"), "")

    def rest_all(site: object, path: str) -> list[dict[str, Any]]:
        page = {"slug": "nos-boutiques", "title": {"rendered": "Nos boutiques"}, "link": f"{SITE}/?page_id=58"}
        return [page] if path.startswith("wp/v2/pages?") else []

    monkeypatch.setattr(destinations, "fetched", answer)
    monkeypatch.setattr(destinations, "rest_all", rest_all)
    check = PublishedContent(title="T", links=("/nos-boutiques/",))
    body = Body(links=(Link(f"{SITE}{address}", "ici"),))
    assert check._links(MagicMock(address=SITE), body, wanted_content.INTERNAL)[0] is verdict


@pytest.mark.parametrize(("made", "expected"), [("/nos-boutiques/", Verdict.TO_JUDGE), ("/contact/", Verdict.NOT_MET)])
def test_a_link_of_a_list_that_the_site_makes_is_for_a_person(
    made: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "fetched", lambda site, page, address, method: Answer(200, address, ""))
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [])
    check = PublishedContent(title="T", links=("/nos-boutiques/",))
    listed = Body(links=(Link(f"{SITE}/a/", "a"),), made=(Link(f"{SITE}{made}", "b"),))
    verdict, _, said = check._links(MagicMock(address=SITE), listed, wanted_content.INTERNAL)
    assert verdict is expected
    assert ("n’est que dans une liste que le site fait" in said) is (expected is Verdict.TO_JUDGE)


def test_another_content_of_the_name_is_not_the_one_of_the_slug(monkeypatch: pytest.MonkeyPatch) -> None:
    page = {"slug": "contact", "title": {"rendered": "Contact"}, "link": f"{SITE}/contact/"}
    post = {"slug": "contacts", "title": {"rendered": "Contact"}, "link": f"{SITE}/contacts/"}
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [page] if "/pages?" in path else [post])
    found = destinations.addresses(MagicMock(), ["pages", "posts"], ["contact"])
    assert found == {"contact": [f"{SITE}/contact/"]}


@pytest.mark.parametrize(
    ("name", "number"), [("idees-cadeaux", [59]), ("idees-et-cadeaux", [59]), ("idee", [59]), ("x", [])]
)
def test_what_has_a_slug_of_its_own_is_known_by_its_name(
    name: str, number: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = {"slug": "idee", "title": {"rendered": "Idées &amp; cadeaux"}, "link": f"{SITE}/?page_id=59"}
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [page])
    found = destinations.addresses(MagicMock(), ["pages"], [name])
    assert found == {name: [f"{SITE}/?page_id={one}" for one in number]}


@pytest.mark.parametrize("hidden", ["Un mot de plus.", "le 15 juin et six mots encore"])
def test_what_hangs_on_a_hidden_part_is_for_a_person_to_judge(hidden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check = PublishedContent(title="T", min_words=5, max_words=9, elements=("15 juin",))
    shown = "Venez tous le 15 juin."
    found = examined(check, Body(f"{shown} {hidden}"), Body(shown), monkeypatch)
    assert found[wanted_content.ELEMENTS][0] is Verdict.MET
    assert found[wanted_content.LENGTH][0] is (Verdict.MET if hidden.startswith("Un") else Verdict.TO_JUDGE)
    found = examined(check, Body(f"Venez donc. {hidden} {shown}"), Body("Venez donc."), monkeypatch)
    assert found[wanted_content.ELEMENTS] == (
        Verdict.TO_JUDGE,
        "« 15 juin » y est ; à lire : une partie du contenu est masquée aux visiteurs ; pour eux : il manque « 15 juin »",
    )
    assert found[wanted_content.POST][0] is Verdict.MET


def test_what_is_missing_is_missing_whether_a_part_is_hidden_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    check = PublishedContent(title="T", elements=("15 juin",), headings=1)
    found = examined(check, Body("Venez. Caché."), Body("Venez."), monkeypatch)
    assert {found[one][0] for one in (wanted_content.ELEMENTS, wanted_content.HEADINGS)} == {Verdict.NOT_MET}


@pytest.mark.parametrize(
    ("filed", "verdict"),
    [
        (("Événements", "Salon"), Verdict.TO_JUDGE),
        (("Événements", "salons"), Verdict.MET),
        (("Événements", "Recettes"), Verdict.NOT_MET),
        (("Evenement",), Verdict.NOT_MET),
    ],
)
def test_a_slip_in_the_category_that_the_candidate_made_is_for_a_person(
    filed: tuple[str, ...], verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = PublishedContent(title="T", categories=("Événements", "Salons"))
    found = of_several(check, {content(title="T", categories=filed): Body("Essai")}, monkeypatch)
    assert found[wanted_content.POST].verdict is verdict
    changed = ModifiedContent(slug="t", categories=("Événements", "Salons"))
    assert changed.judge(content(categories=filed), Body())[0] is verdict


def test_more_tags_than_asked_are_welcome() -> None:
    check = PublishedContent(title="T", tags=("Dégustation",))
    assert check._tags(content(tags=("degustation", "atelier")))[0] is Verdict.MET
    assert check._tags(content(tags=("dégustations",)))[0] is Verdict.TO_JUDGE
    assert check._tags(content(tags=("atelier",)))[0] is Verdict.NOT_MET
    assert check._tags(content())[0] is Verdict.NOT_MET
    both = PublishedContent(title="T", tags=("portes ouvertes", "atelier"))
    assert both._tags(content(tags=("portes-ouvertes", "Atelier")))[0] is Verdict.TO_JUDGE
    assert both._tags(content(tags=("portes-ouvertes",)))[0] is Verdict.NOT_MET


def test_an_alternative_text_that_only_the_library_has_is_for_a_person_to_judge() -> None:
    wanted = ImageWanted(media="atelier", alt="Un four")
    names = frozenset({"atelier"})
    image, file = Image("http://x/atelier.jpg", "", "Un four"), MediaFile(1, "atelier", "atelier", 1, "Un four")
    assert alt_verdict(wanted, [image], names, [])[0] is Verdict.NOT_MET
    assert alt_verdict(wanted, [image], names, [file])[0] is Verdict.TO_JUDGE
    assert alt_verdict(wanted, [], names, [file])[0] is Verdict.NOT_MET
    assert alt_verdict(wanted, [Image("http://x/atelier.jpg", "UN FOUR.", "")], names, [])[0] is Verdict.MET


@pytest.mark.parametrize(
    ("name", "alt", "expected"),
    [
        ("atelier", "UN FOUR.", (Verdict.TO_JUDGE, Verdict.TO_JUDGE)),
        ("atelier-scaled-e1716300000000", "Un four", (Verdict.TO_JUDGE, Verdict.TO_JUDGE)),
        ("atelier", "Un foour", (Verdict.TO_JUDGE, Verdict.TO_JUDGE)),
        ("atelier", "", (Verdict.TO_JUDGE, Verdict.NOT_MET)),
        ("palets", "Un four", (Verdict.NOT_MET, Verdict.NOT_MET)),
    ],
)
def test_a_photo_that_is_only_the_featured_one_is_for_a_person_with_the_text_that_the_library_has(
    name: str, alt: str, expected: tuple[Verdict, Verdict]
) -> None:
    wanted = (ImageWanted(media="atelier", alt="Un four"),)
    files = [MediaFile(7, name, name.replace("-scaled", ""), 1, alt), MediaFile(8, "sables", "sables", 1, "")]
    found = images_shown(wanted, Body(), 7, files)
    assert (found[content_images.IMAGES][0], found[content_images.ALT][0]) == expected
    for featured in (0, 8):
        assert {one[0] for one in images_shown(wanted, Body(), featured, files).values()} == {Verdict.NOT_MET}


def test_a_photo_of_the_text_is_judged_there_whatever_is_featured() -> None:
    wanted = (ImageWanted(media="atelier", alt="Un four"), ImageWanted(media="palets"))
    files = [MediaFile(7, "atelier", "atelier", 1, "Un four"), MediaFile(8, "palets", "palets", 1, "")]
    body = Body(images=(Image("http://x/atelier.jpg", "Un four", ""),))
    found = images_shown(wanted, body, 7, files)
    assert (found[content_images.IMAGES][0], found[content_images.ALT][0]) == (Verdict.NOT_MET, Verdict.MET)
    assert images_shown(wanted, body, 8, files)[content_images.IMAGES][0] is Verdict.TO_JUDGE


def test_the_right_text_on_the_wrong_photo_costs_the_photo_alone() -> None:
    wanted = (ImageWanted(media="atelier", alt="Un four"),)
    files = [MediaFile(7, "atelier", "atelier", 1, ""), MediaFile(8, "palets", "palets", 1, "")]
    found = images_shown(wanted, Body(images=(Image("http://x/palets.jpg", "Un four", ""),)), 0, files)
    assert (found[content_images.IMAGES][0], found[content_images.ALT][0]) == (Verdict.NOT_MET, Verdict.TO_JUDGE)


@pytest.mark.parametrize("alt", ["Une four", "Un foour", "Photo : un four"])
def test_a_slip_in_an_alternative_text_is_for_a_person_to_judge(alt: str) -> None:
    shown = [Image("http://x/atelier.jpg", alt, "")]
    verdict, why = alt_verdict(ImageWanted(media="atelier", alt="Un four"), shown, frozenset(), [])
    assert verdict is Verdict.TO_JUDGE
    assert "à un détail près" in why


@pytest.mark.parametrize("alt", ["", "Un phare", "u", "atelier"])
def test_another_alternative_text_is_missing(alt: str) -> None:
    shown = [Image("http://x/atelier.jpg", alt, "")]
    wanted = ImageWanted(media="atelier", alt="Un four")
    assert alt_verdict(wanted, shown, frozenset(), [])[0] is Verdict.NOT_MET


ANNEX = ("15 juin", "10 h", "17 h 30", "chemin de la Palud", "12,50 €", "02 61 91 45 12")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Le 15/06 de 10 à 17 h 30, chemin de la Palud ; €12,50 ; (+33)2 61 91 45 12", Verdict.MET),
        ("Le 15 juin\n10 h\n17 h 30\n3 chemin de la Palud\n15 €\n12,50 €\n02 61 91 45 12", Verdict.MET),
        ("Le 15 juin, 10-17h30mn, Chemin de la palud, 12€50, 02.61.91.45.12", Verdict.MET),
        ("Le quinze juin de 10 à 17 h 30, chemin de la Palut, 12,50 €, 02 61 91 45 12", Verdict.TO_JUDGE),
        ("Le 14 juin de 10 à 17 h 30, chemin de la Palud, 12,50 €, 02 61 91 45 12", Verdict.NOT_MET),
        ("Le 15 juin de 10 à 17 h, chemin de la Palud, 12,50 €, 02 61 91 45 12", Verdict.NOT_MET),
        ("Le 15 juin de 10 à 17 h 30, chemin de la Palud, 12,05 €, 02 61 91 45 12", Verdict.NOT_MET),
        ("Le 15 juin de 10 à 17 h 30, chemin de la Palut, 12,50 €", Verdict.NOT_MET),
    ],
)
def test_elements_of_the_annex_are_met_when_said_to_judge_when_said_otherwise(text: str, verdict: Verdict) -> None:
    found, _, observed = elements_verdict(ANNEX, "T", text)
    assert found is verdict
    assert ("à lire" in observed) == ("Palut" in text)
    assert ("il manque" in observed) == (verdict is Verdict.NOT_MET)
