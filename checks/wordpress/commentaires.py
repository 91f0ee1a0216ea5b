"""Comments: approve one and answer it."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Self

from pydantic import Field

from checks.wordpress.reading import seeded
from checks.wordpress.reading.comment_thread import Thread
from checks.wordpress.reading.wording import listed, of_person
from checks.wordpress.screens import comments as screens
from checks.wordpress.screens import disturbances
from checks.wordpress.screens.disturbances import plain_permalinks, then
from checks.wordpress.screens.office import office
from provisioner.french.text import fold, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

APPROVE = fact("wordpress.contenu.commentaires", "approuver")
REPLY = fact("wordpress.contenu.commentaires", "répondre")

_WRONG_PLACE = "réponse donnée au commentaire d’un autre"


def half_an_hour_later(element: str) -> str:
    """Another hour in words: "18 heures et demie" of "18 h"; nothing of what isn't a whole hour."""
    hour = re.fullmatch(r"(\d{1,2}) ?(?:h|heures?)(?: ?00)?", fold(element))
    return f"{hour[1]} heures et demie" if hour else ""


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
    elements: tuple[WantedText, ...] = Field(
        (),
        description="Ce que la réponse doit contenir, mot pour mot ; accents et majuscules ne comptent pas. Une réponse qui "
        "peut dire le contraire (négation, « mais », autre jour) est à apprécier.",
    )
    without: tuple[WantedText, ...] = Field(
        (), description="Ce que la réponse ne doit pas dire, mot pour mot : un prix, une promesse."
    )

    def facts(self) -> tuple[str, ...]:
        """The approval only where it is asked for."""
        return (APPROVE, REPLY) if self.approved else (REPLY,)

    def verify(self, site: Site) -> list[Finding]:
        """The article as a visitor sees it; the back office says why something isn't there."""
        thread = Thread(site, self.author, self.post)
        evidence = [site.shot("les commentaires de l’article", mark=site.page.locator("#comments"))]
        results = {APPROVE: thread.approval(), REPLY: thread.answer(self.elements, self.without)}
        wanted = self.facts()
        if any(results[f][0] is not Verdict.MET for f in wanted):
            evidence.append(site.note("les commentaires dans l’administration", thread.listing()))
        answered = [f"Une réponse de l’entreprise est visible sous le commentaire {of_person(self.author)}"]
        answered += [f"contient {quoted(self.elements)}"] if self.elements else []
        answered += [f"ne dit pas {quoted(self.without)}"] if self.without else []
        expected = {
            APPROVE: f"Le commentaire {of_person(self.author)} est visible sous l’article.",
            REPLY: f"{listed(answered)}.",
        }
        return [Finding(f, results[f][0], expected[f], results[f][1], tuple(evidence)) for f in wanted]

    def ways(self) -> Sequence[Act]:
        """From the comments screen, from the full editor, from the article itself, from the dashboard."""
        text = self._text()

        def at_once(desk: Desk) -> None:
            screens.reply_in_list(desk, self._row(desk), text)

        def on_the_dashboard(desk: Desk) -> None:
            row = self._row(desk)
            office(desk, "index.php")
            screens.reply_in_list(desk, row, text)

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
        if seeded.lately_commented(self.company, self.author, self.post):
            ways.append(Act("« Répondre » dans l’encadré « Activité » du tableau de bord", on_the_dashboard))
        if self.approved:
            ways += [
                Act("« Approuver », puis « Répondre »", after_approval),
                Act("approuvé dans l’éditeur du commentaire, puis « Répondre »", after_the_editor),
            ]
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour's comment, a comment instead of a reply, one of the two steps left out."""
        return [*self._other_replies(), *self._other_texts(), *(self._not_approved() if self.approved else ())]

    def _other_replies(self) -> list[NearMiss]:
        """The text in another place than a reply of the site's to that comment."""

        def new_comment(desk: Desk) -> None:
            desk.sign_in()
            screens.comment_on_site(desk, self.post, self._text())

        def as_a_visitor(desk: Desk) -> None:
            row = self._row(desk)
            desk.page.context.clear_cookies()
            screens.comment_on_site(desk, self.post, self._text(), reply_to=row.id, visitor="Service Communication")

        def taken_back(desk: Desk) -> None:
            screens.reply_in_list(desk, self._row(desk), self._text())
            screens.remove_comment(desk, screens.newest_row(desk, self.post), "trash")

        def written_into_it(desk: Desk) -> None:
            text = f"Un message d’un visiteur. Réponse : {self._text()}"
            screens.edit_comment(desk, self._row(desk), text=text)

        return [
            NearMiss(_WRONG_PLACE, REPLY, self._approved_then(self._reply_to_the_neighbour)),
            NearMiss("nouveau commentaire au lieu d’une réponse", REPLY, self._approved_then(new_comment)),
            NearMiss("réponse écrite sans être connecté au site", REPLY, self._approved_then(as_a_visitor)),
            NearMiss("réponse mise ensuite à la corbeille", REPLY, taken_back),
            NearMiss("réponse écrite dans le commentaire lui-même", REPLY, self._approved_then(written_into_it)),
        ]

    def _other_texts(self) -> list[NearMiss]:
        """A reply that lacks an element, or tells another hour."""

        def replied(name: str, elements: Sequence[str]) -> NearMiss:
            other = self.but(elements=elements)._text()
            return NearMiss(name, REPLY, lambda desk: screens.reply_in_list(desk, self._row(desk), other))

        misses = []
        if self.elements:
            # A word of the question itself is a person's to judge: a figure rather.
            figures = [one for one in self.elements if re.search(r"\d", one)]
            kept = [one for one in self.elements if one != figures[-1]] if figures else []
            misses.append(replied("réponse à laquelle il manque un élément", kept))
        for hour in self.elements:
            if later := half_an_hour_later(hour):
                others = [later if e == hour else e for e in self.elements]
                misses.append(replied(f"« {later} » pour « {hour} »", others))
                break
        for one in self.without[:1]:
            misses.append(replied(f"réponse qui dit « {one} »", [*self.elements, one]))
        return misses

    def roads(self) -> Sequence[Road]:
        """A reply that has the words and says the opposite; an article that is withdrawn afterwards; other addresses."""
        done = self.ways()[0].run

        def denied(desk: Desk) -> None:
            said = ", ni ".join(self.elements or self.without)
            screens.reply_in_list(desk, self._row(desk), f"Bonjour, nous ne pouvons pas vous dire {said}. À bientôt !")

        def withdrawn(desk: Desk) -> None:
            done(desk)
            disturbances.content(desk, self.post, {"status": "private"})

        roads = [Road("article rendu privé ensuite", one, withdrawn) for one in self.facts()]
        roads.append(Road("adresses du site par numéros", REPLY, then(done, plain_permalinks), Verdict.MET))
        if self.elements or self.without:
            roads.append(Road("réponse qui a les mots et dit le contraire", REPLY, denied))
        return roads

    def _not_approved(self) -> list[NearMiss]:
        """The approval alone, or the reply without it."""

        def removed(where: str) -> Callable[[Desk], None]:
            return lambda desk: screens.remove_comment(desk, self._row(desk), where)

        def then_unapproved(desk: Desk) -> None:
            screens.reply_in_list(desk, self._row(desk), self._text())
            screens.unapprove(desk, self._row(desk))

        still_waiting = f"{_WRONG_PLACE}, celui-ci toujours en attente"
        return [
            NearMiss("approuvé sans réponse", REPLY, self._approved_then(lambda _: None)),
            NearMiss("classé dans les indésirables", APPROVE, removed("spam")),
            NearMiss("mis à la corbeille", APPROVE, removed("trash")),
            NearMiss(still_waiting, APPROVE, self._reply_to_the_neighbour),
            NearMiss("approuvé et répondu, puis désapprouvé", APPROVE, then_unapproved),
        ]

    def _approved_then(self, act: Callable[[Desk], object]) -> Callable[[Desk], None]:
        """The act, after the comment was approved where that is asked."""

        def run(desk: Desk) -> None:
            if self.approved:
                screens.approve(desk, self._row(desk))
            act(desk)

        return run

    def _reply_to_the_neighbour(self, desk: Desk) -> None:
        screens.reply_in_list(desk, screens.neighbour_row(desk, self.author, self.post), self._text())

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A comment that waits, and one that is already published."""
        return (
            cls(author="Solène Guivarc’h", post="salon-saveurs-de-bretagne", elements=("dimanche", "10 h")),
            cls(author="Denis Quiniou", post="au-moulin-de-kerlaouen", approved=False, without=("gratuite",)),
        )

    def _row(self, desk: Desk) -> screens.CommentRow:
        return screens.comment_row(desk, self.author, self.post)

    def _text(self) -> str:
        said = " ; ".join(self.elements)
        return (
            "Bonjour et merci de votre message. " + (f"Voici notre réponse : {said}. " if said else "") + "À bientôt !"
        )
