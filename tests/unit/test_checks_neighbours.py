"""What the company's site has from the start, or makes by itself, is nobody's work."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.wordpress.balises import PageTags
from checks.wordpress.reading import contents, naming, seeded, yoast_snippet
from checks.wordpress.reading.comment_thread import Thread
from provisioner.host.companies import company_folder
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
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


def test_no_check_names_what_only_the_home_company_has_but_in_its_examples() -> None:
    homes = _written(COMPANY) - _written(company_folder("clairepine"))
    distinctive = {text for text in homes if len(text) < 80 and re.search(r"[-.@ ]", text)}
    assert len(distinctive) > 500
    named = {
        f"{file.relative_to(ROOT)}:{node.lineno} {node.value}"
        for file in (ROOT / "checks").rglob("*.py")
        for node in _constants(ast.parse(file.read_text(encoding="utf-8")))
        if node.value in distinctive
    }
    assert named == set()


def _written(company: Path) -> set[str]:
    """Every text of a company's seeds."""

    def leaves(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from leaves(inner)

    return {text for file in company.glob("*/seed.toml") for text in leaves(read_toml(file))}


def _constants(tree: ast.AST) -> Iterator[ast.Constant]:
    """The constants of a module that stand in no `examples`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant):
            yield node
        if not (isinstance(node, ast.FunctionDef) and node.name == "examples"):
            yield from _constants(node)
