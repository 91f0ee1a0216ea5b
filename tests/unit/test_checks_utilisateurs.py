"""What ContentAuthor concludes from who a post belongs to."""

from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.wordpress import utilisateurs
from checks.wordpress.reading import contents, naming
from checks.wordpress.reading.seeded import others_of_its_author
from checks.wordpress.utilisateurs import PAGE, POST, ContentAuthor
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

WANTED = ContentAuthor(slug="crackers-au-sarrasin", author="maelle.kervoas")


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        user: dict[str, Any] | None,
        online: bool = True,
        found: bool = True,
        his: tuple[str, ...] = (),
        doubt: str = "",
        status: str = "publish",
    ) -> tuple[Verdict, str]:
        item = {"id": 9, "author": 3, "status": status, "title": {"raw": "Crackers"}} if found else None
        monkeypatch.setattr(utilisateurs, "meant", lambda site, slug, kinds: (item, doubt))
        monkeypatch.setattr(contents, "shown_at", lambda site, item: online)
        monkeypatch.setattr(utilisateurs, "rest_or_none", lambda site, path: user)
        rows = [{"slug": slug, "title": {"raw": slug.title()}} for slug in ("crackers-au-sarrasin", *his)]
        monkeypatch.setattr(utilisateurs, "rest_all", lambda site, path: rows if "author=3&" in path else [])
        monkeypatch.setattr(utilisateurs, "_signature", lambda site, item: "signature visible : « Maëlle »")
        [one] = WANTED.verify(MagicMock())
        assert one.fact == POST
        return one.verdict, one.observed

    return examine


def test_the_fact_fits_the_kind() -> None:
    assert WANTED.facts() == (POST,)
    assert WANTED.but(kind="page").facts() == (PAGE,)


def test_the_wanted_account_is_met_whatever_name_it_shows(verdict: Any) -> None:
    assert verdict({"username": "maelle.kervoas", "name": "M. K."})[0] is Verdict.MET


def test_an_author_may_call_an_account_by_its_owner() -> None:
    assert naming.is_login("Maëlle Kervoas", "maelle.kervoas")
    assert naming.is_login("maelle.kervoas", "Maelle.Kervoas")
    assert not naming.is_login("maelle.kervoas", "maellekervoas")
    assert not naming.is_login("Maëlle Kervoas", "yann.lestrade")


def test_another_account_that_shows_the_wanted_name_is_not_met(verdict: Any) -> None:
    found, observed = verdict({"username": "yann.lestrade", "name": "Maëlle Kervoas"})
    assert found is Verdict.NOT_MET
    assert "yann.lestrade" in observed


def test_what_is_no_longer_online_is_not_met(verdict: Any) -> None:
    maelle = {"username": "maelle.kervoas", "name": "Maëlle Kervoas"}
    found, observed = verdict(maelle, online=False, status="draft")
    assert found is Verdict.NOT_MET
    assert "un visiteur ne voit plus « Crackers »" in observed
    assert verdict(maelle, online=False, status="private")[0] is Verdict.TO_JUDGE
    assert verdict({"username": "yann.lestrade", "name": "Yann"}, online=False, status="private")[0] is Verdict.NOT_MET


def test_a_missing_post_or_account_is_told(verdict: Any) -> None:
    assert verdict(None)[0] is Verdict.NOT_MET
    assert verdict(None, found=False)[0] is Verdict.NOT_MET


def test_what_is_nearly_so_titled_is_for_a_person_to_judge(verdict: Any) -> None:
    maelle = {"username": "maelle.kervoas", "name": "Maëlle Kervoas"}
    assert verdict(maelle, doubt="le titre")[0] is Verdict.TO_JUDGE
    assert verdict({"username": "yann.lestrade", "name": "Yann"}, doubt="le titre")[0] is Verdict.NOT_MET


def test_what_else_of_the_former_author_moved_is_for_a_person_to_judge(verdict: Any) -> None:
    maelle = {"username": "maelle.kervoas", "name": "Maëlle Kervoas"}
    (other, *_) = sorted(others_of_its_author(COMPANY, "post", "crackers-au-sarrasin"))
    found, observed = verdict(maelle, his=(other,))
    assert found is Verdict.TO_JUDGE
    assert other.title() in observed
    assert verdict(maelle, his=("article-de-maelle",))[0] is Verdict.MET
    assert verdict(maelle, online=False, his=(other,), status="draft")[0] is Verdict.NOT_MET


def test_the_seed_says_who_wrote_what() -> None:
    assert "un-four-neuf" in others_of_its_author(COMPANY, "post", "crackers-au-sarrasin")
    assert "crackers-au-sarrasin" not in others_of_its_author(COMPANY, "post", "crackers-au-sarrasin")
    assert not others_of_its_author(COMPANY, "post", "inconnu")
