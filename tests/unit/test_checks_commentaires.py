"""What CommentReply concludes from the comments of an article."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from unittest.mock import MagicMock

import pytest
from playwright.sync_api import Locator, Page
from pydantic import ValidationError

from checks.wordpress.commentaires import APPROVE, REPLY, CommentReply, half_an_hour_later
from checks.wordpress.reading import comment_thread, contents, naming, seeded
from provisioner.subject.check import Site, Verdict
from tests.unit.samples import COMPANY

WANTED = CommentReply(author="Solène Guivarc'h", post="salon", elements=("dimanche", "18 h"))


class Paper:
    """A site of which only the evidence is asked; what it holds is given to the test."""

    address = "http://site.test"
    company = COMPANY
    taken_at = present = datetime(2026, 3, 2, tzinfo=UTC)
    visited: list[str]

    def __init__(self) -> None:
        self.visited, self.notes = [], {}

    notes: dict[str, str]

    @property
    def page(self) -> Page:
        return MagicMock()

    def visit(self, path: str) -> Page:
        self.visited.append(path)
        return None  # type: ignore[return-value]

    def signed_in(self, role: str = "administrator") -> Page:
        raise NotImplementedError

    def alone(self) -> None:
        raise NotImplementedError

    def file(self, name: str) -> Path:
        raise NotImplementedError

    def shot(self, name: str, page: Page | None = None, *, mark: Locator | None = None) -> str:
        return "shot.jpg"

    def note(self, name: str, text: str) -> str:
        self.notes[name] = text
        return "note.txt"


def comment(
    id: int, text: str, *, by: str = "", user: int = 0, under: int = 0, status: str = "approved"
) -> dict[str, Any]:
    return {
        "id": id,
        "author": user,
        "author_name": by,
        "parent": under,
        "status": status,
        "content": {"rendered": f"<p>{text}</p>"},
        "link": f"http://site.test/salon/comment-page-2/#comment-{id}",
    }


QUESTION = comment(1, "Serez-vous là dimanche ?", by="Solène Guivarc&rsquo;h")


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Examine these comments; `shown` are those of each page that a visitor opens, all published ones if not given."""

    def examine(
        *comments: dict[str, Any],
        check: CommentReply = WANTED,
        article: dict[str, Any] | None = {"id": 9, "status": "publish"},  # noqa: B006
        online: bool = True,
        shown: list[set[int]] | None = None,
    ) -> dict[str, tuple[Verdict, str]]:
        published = {c["id"] for c in comments if c["status"] == "approved"}
        pages = iter(shown or [published, published])
        monkeypatch.setattr(naming, "content", lambda site, slug: article)
        monkeypatch.setattr(contents, "shown_at", lambda site, item: online)
        monkeypatch.setattr(comment_thread, "rest_all", lambda site, path: list(comments))
        monkeypatch.setattr(comment_thread, "_displayed", lambda site: next(pages))
        return {f.fact: (f.verdict, f.observed) for f in check.verify(cast(Site, Paper()))}

    return examine


def test_an_answer_of_the_site_under_the_comment_is_met(verdicts: Any) -> None:
    found = verdicts(QUESTION, comment(2, "Oui, dimanche, jusqu’à 18h00.", user=1, under=1))
    assert found[APPROVE][0] is Verdict.MET
    assert found[REPLY][0] is Verdict.MET


def test_figures_of_the_next_line_or_message_are_not_those_of_this_one(verdicts: Any) -> None:
    answer = comment(2, "Ouvert dimanche jusqu’à 18 h<br />\n15 % de remise", user=1, under=1)
    assert verdicts(QUESTION, answer)[REPLY][0] is Verdict.MET
    answer = comment(2, "Ouvert dimanche jusqu’à 18 h", user=1, under=1)
    assert verdicts(QUESTION, answer, comment(3, "30 places", user=1, under=2))[REPLY][0] is Verdict.TO_JUDGE


def test_an_answer_in_two_messages_is_read_as_one(verdicts: Any) -> None:
    answer = comment(2, "Oui, dimanche.", user=1, under=1)
    assert verdicts(QUESTION, answer, comment(3, "Jusqu’à 18 heures.", user=1, under=2))[REPLY][0] is Verdict.MET


def test_two_doubts_together_are_for_a_person_too(verdicts: Any) -> None:
    answer = comment(2, "Oui, nous serons là ce jour-là, jusqu’à dix-huit heures.", user=1, under=1)
    verdict, said = verdicts(QUESTION, answer)[REPLY]
    assert verdict is Verdict.TO_JUDGE
    assert "« 18 h » y est peut-être" in said
    assert "« dimanche » n’est que dans le commentaire auquel elle répond" in said
    answer = comment(2, "Oui, nous serons là ce jour-là, toute la journée.", user=1, under=1)
    assert verdicts(QUESTION, answer)[REPLY][0] is Verdict.NOT_MET


def test_the_approval_is_asked_for_only_where_the_comment_waits() -> None:
    assert WANTED.facts() == (APPROVE, REPLY)
    assert WANTED.but(approved=False).facts() == (REPLY,)


@pytest.mark.parametrize(
    ("status", "said"), [("hold", "en attente"), ("spam", "indésirables"), ("trash", "à la corbeille")]
)
def test_a_comment_that_is_not_published_is_not_approved(verdicts: Any, status: str, said: str) -> None:
    verdict, observed = verdicts({**QUESTION, "status": status})[APPROVE]
    assert verdict is Verdict.NOT_MET
    assert said in observed


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (comment(3, "Dimanche, 18 h", user=1, under=2), "sous celui de Gwendal"),
        (comment(3, "Dimanche, 18 h", user=1), "à part"),
        (comment(3, "Dimanche, 18 h", by="Service", under=1), "compte du site"),
        (comment(3, "Dimanche, 18 h", user=1, under=1, status="trash"), "à la corbeille"),
        (comment(3, "Le samedi, 18 h", user=1, under=1), "il y manque « dimanche »"),
        (comment(3, "Oui, le dimanche jusqu’à 17 h", user=1, under=1), "il y manque « 18 h »"),
        (comment(3, "Oui, le dimanche jusqu’à 18 heures et demie", user=1, under=1), "il y manque « 18 h »"),
    ],
)
def test_an_answer_that_is_elsewhere_or_lacks_something_is_not_met(
    verdicts: Any, answer: dict[str, Any], said: str
) -> None:
    verdict, observed = verdicts(QUESTION, comment(2, "À bientôt", by="Gwendal"), answer)[REPLY]
    assert verdict is Verdict.NOT_MET
    assert said in observed


@pytest.mark.parametrize("text", ["Dimanche jusqu’à dix-huit heures", "Dimanhe jusqu’à 18 h", "Les dimanches, 18 h"])
def test_what_may_only_be_written_otherwise_is_left_to_a_person(verdicts: Any, text: str) -> None:
    assert verdicts(QUESTION, comment(2, text, user=1, under=1))[REPLY][0] is Verdict.TO_JUDGE


def test_an_empty_element_is_refused() -> None:
    with pytest.raises(ValidationError):
        WANTED.but(elements=("dimanche", " "))


def test_another_hour_in_words_is_a_near_miss_where_an_hour_is_asked() -> None:
    assert [half_an_hour_later(e) for e in ("18 h", "18h00", "17 h 30", "dimanche")] == [
        "18 heures et demie",
        "18 heures et demie",
        "",
        "",
    ]
    assert "« 18 heures et demie » pour « 18 h »" in [miss.name for miss in WANTED.near_misses()]


def test_a_comment_on_another_page_of_comments_is_looked_for_there(verdicts: Any) -> None:
    answer = comment(2, "Dimanche, 18 h", user=1, under=1)
    assert verdicts(QUESTION, answer, shown=[{7}, {1, 2}])[REPLY][0] is Verdict.MET


def test_what_is_published_and_no_visitor_sees_is_for_a_person(verdicts: Any) -> None:
    answer = comment(2, "Dimanche, 18 h", user=1, under=1)
    for found in (verdicts(QUESTION, answer, online=False), verdicts(QUESTION, answer, shown=[set(), set()])):
        assert {verdict for verdict, _ in found.values()} == {Verdict.TO_JUDGE}
    for found in (verdicts(article=None), verdicts({**QUESTION, "status": "hold"}, answer, online=False)):
        assert {verdict for verdict, _ in found.values()} == {Verdict.NOT_MET}


@pytest.mark.parametrize(
    "said",
    [
        "Nous ne serons pas là dimanche, ni à 18 h.",
        "Dimanche à 18 h ? Je me renseigne.",
        "Le salon est fermé. Nous pensions venir dimanche à 18 h.",
        "Nous venons samedi à 18 h ; dimanche, l’équipe se repose.",
    ],
)
def test_a_reply_that_may_say_the_opposite_is_quoted_to_a_person(verdicts: Any, said: str) -> None:
    verdict, observed = verdicts(QUESTION, comment(2, said, user=1, under=1))[REPLY]
    assert verdict is Verdict.TO_JUDGE
    assert "dit-elle bien ce qui est demandé" in observed


@pytest.mark.parametrize(
    "said", ["Oui, dimanche dès 18 h. N’hésitez pas à venir !", "Bonjour, rendez-vous dimanche à 18 h."]
)
def test_a_reply_without_a_sign_of_denial_is_met(verdicts: Any, said: str) -> None:
    assert verdicts(QUESTION, comment(2, said, user=1, under=1))[REPLY][0] is Verdict.MET


def test_what_a_reply_must_not_say_is_not_met_unless_it_denies_it(verdicts: Any) -> None:
    wanted = CommentReply(author="Solène Guivarc'h", post="salon", elements=("dimanche",), without=("gratuite",))

    def judged(said: str) -> Verdict:
        verdict: Verdict = verdicts(QUESTION, comment(2, said, user=1, under=1), check=wanted)[REPLY][0]
        return verdict

    assert judged("Oui, dimanche.") is Verdict.MET
    assert judged("Oui, dimanche, l’entrée est gratuite.") is Verdict.NOT_MET
    assert judged("Oui, dimanche, l’entrée n’est pas gratuite.") is Verdict.TO_JUDGE


@pytest.mark.parametrize(
    ("said", "observed"),
    [
        (
            "L’entrée n’est pas gratuite.",
            "elle nomme « gratuite » ; est-ce pour l’affirmer ou pour le nier ? « L’entrée",
        ),
        ("Nous ne savons pas.", "dit-elle en d’autres mots ce qu’elle doit taire ? « Nous ne savons pas. »"),
    ],
)
def test_what_a_reply_must_not_say_is_asked_about_as_such(verdicts: Any, said: str, observed: str) -> None:
    wanted = CommentReply(author="Solène Guivarc'h", post="salon", without=("gratuite",))
    assert observed in verdicts(QUESTION, comment(2, said, user=1, under=1), check=wanted)[REPLY][1]


def test_a_reply_that_lacks_one_thing_and_says_another_is_told_so(verdicts: Any) -> None:
    wanted = CommentReply(author="Solène Guivarc'h", post="salon", elements=("dimanche",), without=("gratuite",))
    observed = verdicts(QUESTION, comment(2, "Samedi, c’est gratuite.", user=1, under=1), check=wanted)[REPLY][1]
    assert observed.endswith("il y manque « dimanche » ; elle nomme « gratuite ».")


@pytest.mark.parametrize(
    ("author", "post", "there"),
    [
        ("Denis Quiniou", "au-moulin-de-kerlaouen", True),
        ("Solène Guivarc'h", "salon-saveurs-de-bretagne", False),
        ("Montres de Luxe", "un-four-neuf", False),
        ("Denis Quiniou", "salon-saveurs-de-bretagne", False),
    ],
)
def test_the_dashboard_is_a_road_for_the_five_latest_comments(author: str, post: str, there: bool) -> None:
    assert seeded.lately_commented(COMPANY, author, post) is there
    on_it = [way for way in CommentReply(author=author, post=post).ways() if "tableau de bord" in way.name]
    assert bool(on_it) is there
