"""What the company's site has from the start, or makes by itself, is nobody's work."""

from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.wordpress.balises import PageTags
from checks.wordpress.reading import contents, naming, seeded, yoast_snippet
from checks.wordpress.reading.comment_thread import Thread
from provisioner.host.companies import company_folder
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY
from tests.unit.test_checks_reading import NOW, SITE, content

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
TART = "La tarte au citron sur fond de palets"


def test_a_title_that_the_company_gave_is_a_neighbours_however_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeded, "titled_so", lambda company, kind, title: (kind, title) == ("post", TART))
    theirs, wanted = content(1, title=TART, seeded=True), "La tarte aux fraises sur fond de palets"
    assert naming.nearly_titled(COMPANY, [theirs], wanted, NOW) is None
    draft = content(2, title="La tarte aux fraise sur fond de palets", status="draft")
    assert naming.nearly_titled(COMPANY, [theirs, draft], wanted, NOW) is draft
    rewritten = content(1, title="Tarte aux fraises sur fond de palets", seeded=True)
    assert naming.nearly_titled(COMPANY, [rewritten], wanted, NOW) is rewritten


def test_every_title_of_the_company_is_known_published_or_not() -> None:
    assert seeded.titled_so(COMPANY, "post", "la récolte du sarrasin")
    assert not seeded.titled_so(COMPANY, "page", "la récolte du sarrasin")


def test_what_was_never_published_is_found_by_the_slug_that_it_will_have() -> None:
    waiting = content(1, title="La récolte du sarrasin", slug="", status="pending")
    assert naming.named(COMPANY, [waiting], "la-recolte-du-sarrasin", NOW) is waiting
    assert naming.named(COMPANY, [waiting], "la-recolte", NOW) is None


@pytest.mark.parametrize(
    ("active", "field", "title", "expected"),
    [
        (True, "Tarte aux palets", "Tarte aux palets", MET),
        (True, "%%title%% aux palets", "Tarte aux palets", MET),
        (True, "", "Tarte aux palets - Biscuiterie", TO_JUDGE),  # its own title says it
        (False, "", "Tarte aux palets - Biscuiterie", TO_JUDGE),
        (True, "Crêpes", "Crêpes", NOT_MET),
    ],
)
def test_a_title_tag_that_nobody_filled_in_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, active: bool, field: str, title: str, expected: Verdict
) -> None:
    monkeypatch.setattr(contents, "contents", lambda site: [content(title="Tarte")])
    monkeypatch.setattr(contents, "show", lambda site, one: True)
    monkeypatch.setattr(contents, "in_front", lambda site, number: True)
    monkeypatch.setattr(yoast_snippet, "active", lambda site: active)
    monkeypatch.setattr(yoast_snippet, "kept_fields", lambda site, screen: {"title": field})
    monkeypatch.setattr(yoast_snippet, "head", lambda site: (title, ""))
    check = PageTags(content="Tarte", title="Tarte aux palets")
    assert [one.verdict for one in check.verify(MagicMock(taken_at=NOW, address=SITE))] == [expected]


def comment(number: int, text: str, parent: int = 0, author: int = 0) -> dict[str, Any]:
    return {
        "id": number,
        "parent": parent,
        "author": author,
        "author_name": "Ana",
        "status": "approved",
        "content": {"rendered": f"<p>{text}</p>"},
    }


def test_an_answer_that_was_there_is_not_the_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeded, "comments", lambda _: frozenset({"oui, de ble."}))
    thread = Thread.__new__(Thread)
    thread._company = COMPANY
    thread._all = {1: comment(1, "Est-ce du blé ?"), 2: comment(2, "Oui, de blé.", parent=1, author=4)}
    thread._shown, thread._targets, thread._article, thread._open = {1, 2}, [thread._all[1]], {"id": 9}, True
    assert thread.answer(("blé",))[0] is NOT_MET
    thread._all[3] = comment(3, "Du blé noir.", parent=2, author=5)
    thread._shown |= {3}
    assert thread.answer(("blé noir",))[0] is MET


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("Oui, dimanche jusqu’à 18 h.", MET),
        ("Oui, ce jour-là aussi, jusqu’à 18 h.", TO_JUDGE),
        ("Seulement le samedi, jusqu’à 18 h.", NOT_MET),
        ("Oui, ce jour-là aussi.", NOT_MET),
    ],
)
def test_what_the_question_itself_says_needs_no_saying_again(
    answer: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeded, "comments", lambda _: frozenset())
    thread = Thread.__new__(Thread)
    thread._company = COMPANY
    thread._all = {1: comment(1, "Serez-vous là le dimanche ?"), 2: comment(2, answer, parent=1, author=4)}
    thread._shown, thread._targets, thread._article, thread._open = {1, 2}, [thread._all[1]], {"id": 9}, True
    assert thread.answer(("dimanche", "18 h"))[0] is verdict
    if verdict is TO_JUDGE:
        assert thread.answer(("dimanche",))[0] is NOT_MET, "it answers nothing that was asked"


def test_each_company_has_its_own_content() -> None:
    other = company_folder("clairepine")
    assert seeded.titled_so(COMPANY, "page", "Notre histoire") != seeded.titled_so(other, "page", "Notre histoire")
    assert "salon-des-belles-maisons" in seeded.published(other, "post") - seeded.published(COMPANY, "post")
    assert seeded.texts(other, "footer-widget-") != seeded.texts(COMPANY, "footer-widget-")
    assert seeded.page_and_post(other) == ("qui-sommes-nous", "salon-des-belles-maisons")
