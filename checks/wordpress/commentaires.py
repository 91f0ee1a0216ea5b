"""Comments: approve one and answer it."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Self

from pydantic import Field
from rapidfuzz import fuzz

from checks.wordpress import screens
from checks.wordpress.pages import rest_all
from checks.wordpress.reading import path_of, plain
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.config import fact
from provisioner.text import fold, holds, same

APPROVE = fact("wordpress.contenu.commentaires", "approuver")
REPLY = fact("wordpress.contenu.commentaires", "répondre")

#: Numbers that may stand for a figure; "un" and "une" are too common to tell.
_IN_LETTERS = re.compile(
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|"
    r"quarante|cinquante|soixante|cents?|mille|midi|minuit)\b"
)
#: How much of an element must be right for a person to be asked, rather than the element missing.
_NEARLY = 85

_ALL = "wp/v2/comments?post={}&status=any&context=edit&orderby=id"
_STATUS = {
    "approved": "publié",
    "hold": "en attente de modération",
    "spam": "classé dans les indésirables",
    "trash": "à la corbeille",
}


class CommentReply(Check, id="wordpress.contenu.comment_reply"):
    """Un commentaire d’internaute est approuvé et reçoit une réponse, visibles sous l’article.

    La réponse est placée sous le commentaire (bouton « Répondre ») et signée d’un compte du site.
    """

    proves = (APPROVE, REPLY)

    author: Annotated[str, Refers("comments.author")] = Field(
        min_length=1, description="Le nom de l’auteur du commentaire, tel qu’il s’affiche."
    )
    post: Annotated[str, Refers("posts.slug", "pages.slug")] = Field(
        min_length=1, description="L’identifiant (slug) de l’article ou de la page commentée."
    )
    approved: bool = Field(True, description="Le commentaire attend la modération : l’approuver est demandé.")
    elements: tuple[str, ...] = Field(
        (), description="Ce que la réponse doit contenir, mot pour mot ; accents et majuscules ne comptent pas."
    )

    def facts(self) -> tuple[str, ...]:
        """The approval only where it is asked for."""
        return (APPROVE, REPLY) if self.approved else (REPLY,)

    def verify(self, site: Site) -> list[Finding]:
        """The article as a visitor sees it; the back office says why something isn't there."""
        thread = _Thread(site, self)
        evidence = [site.shot("les commentaires de l’article")]
        results = {APPROVE: thread.approval(), REPLY: thread.answer()}
        wanted = self.facts()
        if any(results[f][0] is not Verdict.MET for f in wanted):
            evidence.append(site.note("les commentaires dans l’administration", thread.listing()))
        expected = {
            APPROVE: f"Le commentaire de {self.author} est visible sous l’article.",
            REPLY: f"Une réponse de l’entreprise est visible sous le commentaire de {self.author}"
            + (f" et contient {_quoted(self.elements)}." if self.elements else "."),
        }
        return [Finding(f, results[f][0], expected[f], results[f][1], tuple(evidence)) for f in wanted]

    def ways(self) -> Sequence[Act]:
        """From the comments screen, from the full editor, from the article itself."""
        text = self._text()

        def at_once(desk: Desk) -> None:
            screens.reply_in_list(desk, self._row(desk), text)

        def on_the_article(desk: Desk) -> None:
            row = self._row(desk)
            if self.approved:
                screens.approve(desk, row)
            screens.comment_on_site(desk, self.post, text, reply_to=row.id)

        def after_approval(desk: Desk) -> None:
            row = self._row(desk)
            screens.approve(desk, row)
            screens.reply_in_list(desk, row, text)

        def after_the_editor(desk: Desk) -> None:
            screens.edit_comment(desk, self._row(desk), status="1")
            screens.reply_in_list(desk, self._row(desk), text)

        ways = [
            Act("« Répondre » dans l’écran des commentaires", at_once),
            Act("réponse depuis l’article, connecté au site", on_the_article),
        ]
        if self.approved:
            ways += [
                Act("« Approuver », puis « Répondre »", after_approval),
                Act("approuvé dans l’éditeur du commentaire, puis « Répondre »", after_the_editor),
            ]
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour's comment, a comment instead of a reply, one of the two steps left out."""
        text = self._text()
        wrong_place = "réponse donnée au commentaire d’un autre"

        def approved_then(act: Callable[[Desk], object]) -> Callable[[Desk], None]:
            def run(desk: Desk) -> None:
                if self.approved:
                    screens.approve(desk, self._row(desk))
                act(desk)

            return run

        def neighbour(desk: Desk) -> None:
            screens.reply_in_list(desk, screens.neighbour_row(desk, self.author, self.post), text)

        def new_comment(desk: Desk) -> None:
            desk.sign_in()
            screens.comment_on_site(desk, self.post, text)

        def as_a_visitor(desk: Desk) -> None:
            row = self._row(desk)
            desk.page.context.clear_cookies()
            screens.comment_on_site(desk, self.post, text, reply_to=row.id, visitor="Service Communication")

        def taken_back(desk: Desk) -> None:
            screens.reply_in_list(desk, self._row(desk), text)
            screens.remove_comment(desk, screens.newest_row(desk, self.post), "trash")

        def written_into_it(desk: Desk) -> None:
            screens.edit_comment(desk, self._row(desk), text=f"Un message d’un visiteur. Réponse : {text}")

        def then_unapproved(desk: Desk) -> None:
            screens.reply_in_list(desk, self._row(desk), text)
            screens.unapprove(desk, self._row(desk))

        misses = [
            NearMiss(wrong_place, REPLY, approved_then(neighbour)),
            NearMiss("nouveau commentaire au lieu d’une réponse", REPLY, approved_then(new_comment)),
            NearMiss("réponse écrite sans être connecté au site", REPLY, approved_then(as_a_visitor)),
            NearMiss("réponse mise ensuite à la corbeille", REPLY, taken_back),
            NearMiss("réponse écrite dans le commentaire lui-même", REPLY, approved_then(written_into_it)),
        ]
        if self.elements:
            short = self.but(elements=self.elements[:-1])
            misses.append(
                NearMiss(
                    "réponse à laquelle il manque un élément",
                    REPLY,
                    lambda desk: screens.reply_in_list(desk, self._row(desk), short._text()),
                )
            )
        if self.approved:

            def removed(where: str) -> Callable[[Desk], None]:
                return lambda desk: screens.remove_comment(desk, self._row(desk), where)

            misses += [
                NearMiss("approuvé sans réponse", REPLY, approved_then(lambda _: None)),
                NearMiss("classé dans les indésirables", APPROVE, removed("spam")),
                NearMiss("mis à la corbeille", APPROVE, removed("trash")),
                NearMiss(wrong_place + ", celui-ci toujours en attente", APPROVE, neighbour),
                NearMiss("approuvé et répondu, puis désapprouvé", APPROVE, then_unapproved),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A comment that waits, and one that is already published."""
        salon = "salon-saveurs-de-bretagne"
        return (
            cls(author="Solène Guivarc’h", post=salon, elements=("dimanche", "10 h")),
            cls(author="Gwendal Rannou", post=salon, approved=False),
        )

    def _row(self, desk: Desk) -> screens.CommentRow:
        return screens.comment_row(desk, self.author, self.post)

    def _text(self) -> str:
        said = " ; ".join(self.elements)
        return (
            "Bonjour et merci de votre message. " + (f"Voici notre réponse : {said}. " if said else "") + "À bientôt !"
        )


class _Thread:
    """The comments of one article, as the back office holds them and as a visitor sees them."""

    def __init__(self, site: Site, check: CommentReply) -> None:
        self._check = check
        self._article = screens.content(site, check.post)
        self._open = False
        self._shown: set[int] = set()
        self._all: dict[int, dict[str, Any]] = {}
        if self._article is None:
            site.visit(f"/{check.post}/")
        else:
            self._all = {c["id"]: c for c in rest_all(site, _ALL.format(self._article["id"]))}
            self._look(site, self._article)
        self._targets = [c for c in self._all.values() if same(check.author, plain(c["author_name"]))]

    def _look(self, site: Site, article: dict[str, Any]) -> None:
        """What a visitor sees, on the page of comments on which it stands."""
        self._open = screens.shown_at(site, article)
        if not self._open:
            return
        self._shown = _displayed(site)
        for target in self._all.values():
            elsewhere = target["status"] == "approved" and target["id"] not in self._shown
            if elsewhere and same(self._check.author, plain(target["author_name"])):
                site.visit(path_of(target["link"]))
                self._shown |= _displayed(site)

    def approval(self) -> tuple[Verdict, str]:
        """Whether a visitor sees the comment, and in which state it is."""
        if any(t["id"] in self._shown for t in self._targets):
            return Verdict.MET, "Le commentaire est visible sous l’article."
        return Verdict.NOT_MET, self._why_unseen()

    def answer(self) -> tuple[Verdict, str]:
        """Whether a visitor sees the wanted answer, and if not what became of it."""
        texts = [
            " ".join(self._text(c) for c in self._answers(target) if c["id"] in self._shown) for target in self._targets
        ]
        lacking = {text: [e for e in self._check.elements if not holds(text, e)] for text in texts if text}
        if not lacking:
            return Verdict.NOT_MET, self._why_unanswered()
        text, missing = min(lacking.items(), key=lambda item: len(item[1]))
        said = f"Réponse visible : « {_short(text)} »"
        if not missing:
            return Verdict.MET, f"{said}."
        if all(_said_otherwise(text, element) for element in missing):
            return Verdict.TO_JUDGE, f"{said} ; à lire : {_quoted(missing)} y est peut-être, écrit autrement."
        return Verdict.NOT_MET, f"{said} ; il y manque {_quoted(missing)}."

    def listing(self) -> str:
        """Every comment of the article, for whoever reads the report."""
        rows = [
            f"n° {c['id']}, {plain(c['author_name'])}, {_STATUS.get(c['status'], c['status'])}"
            + (f", en réponse au n° {c['parent']}" if c["parent"] else "")
            + (", compte du site" if c["author"] else "")
            + f" : {self._text(c)}"
            for c in sorted(self._all.values(), key=lambda c: int(c["id"]))
        ]
        return "\n".join(rows) or "Aucun commentaire sur cet article."

    def _answers(self, comment: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The site's own answers to a comment, and what it added to them."""
        for c in self._all.values():
            if c["parent"] == comment["id"] and c["author"]:
                yield c
                yield from self._answers(c)

    def _text(self, comment: dict[str, Any]) -> str:
        return plain(comment["content"]["rendered"])

    def _why_unseen(self) -> str:
        if self._article is None:
            return f"Aucun article n’est à l’adresse /{self._check.post}/."
        if not self._open:
            return "L’article n’est pas visible : un visiteur n’en voit pas les commentaires."
        if not self._targets:
            return f"L’article n’a pas de commentaire de {self._check.author}."
        states = {_STATUS.get(t["status"], t["status"]) for t in self._targets}
        if states == {"publié"}:
            return "Le commentaire est approuvé, mais l’article ne le montre pas à un visiteur."
        return f"Un visiteur ne le voit pas : il est {' ou '.join(sorted(states - {'publié'}))}."

    def _why_unanswered(self) -> str:
        if self._article is None or not self._open or not self._targets:
            return self._why_unseen()
        hidden = [a for t in self._targets for a in self._answers(t)]
        if hidden:
            state = _STATUS.get(hidden[0]["status"], hidden[0]["status"])
            if state != "publié":
                return f"La réponse existe, mais un visiteur ne la voit pas : elle est {state}."
            return "La réponse existe, mais un visiteur ne la voit pas : le commentaire n’est pas publié."
        targets = {t["id"] for t in self._targets}
        if any(c["parent"] in targets for c in self._all.values()):
            return "La réponse n’est pas signée d’un compte du site."
        return "Aucune réponse sous ce commentaire." + self._latest_elsewhere()

    def _latest_elsewhere(self) -> str:
        """Where the site last wrote on this article: often what the candidate meant as his answer."""
        own = [c for c in self._all.values() if c["author"]]
        if not own:
            return ""
        latest = max(own, key=lambda c: int(c["id"]))
        parent = self._all.get(latest["parent"])
        where = f"sous celui de {plain(parent['author_name'])}" if parent else "à part, sans répondre à personne"
        state = _STATUS.get(latest["status"], latest["status"])
        return f" Le dernier message du site sur l’article est {where} ({state}) : « {_short(self._text(latest))} »."


def _displayed(site: Site) -> set[int]:
    """The numbers of the comments that the visitor's page shows."""
    ids: list[str] = site.page.locator("[id^='comment-']").evaluate_all("all => all.map(e => e.id)")
    return {int(i.removeprefix("comment-")) for i in ids if i.removeprefix("comment-").isdigit()}


def _said_otherwise(text: str, element: str) -> bool:
    """Whether a person has to say if it is there: a figure in letters, a plural, a slip of the pen."""
    if any(c.isdigit() for c in element):
        return _IN_LETTERS.search(fold(text)) is not None
    return fuzz.partial_ratio(fold(element), fold(text)) >= _NEARLY


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"« {text} »" for text in texts)


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "…"
