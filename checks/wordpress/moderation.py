"""Comments: approved, among the unwanted, in the bin."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from checks.wordpress.commentaires import APPROVE
from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.comment_thread import Thread
from checks.wordpress.reading.content_verdicts import doubted
from checks.wordpress.reading.contents import contents, lines
from checks.wordpress.reading.wording import listed, of_person
from checks.wordpress.screens import comments as screens
from checks.wordpress.screens import disturbances
from checks.wordpress.screens.office import office
from provisioner.french.text import fold, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

REMOVE = fact("wordpress.contenu.commentaires", "indésirable ou corbeille")

_APPROVED = "wp/v2/comments?status=approve&_fields=content"

State = Literal["approved", "spam", "trash", "removed"]
_FRENCH: dict[State, str] = {
    "approved": "publié",
    "spam": "classé dans les indésirables",
    "trash": "à la corbeille",
    "removed": "classé dans les indésirables ou à la corbeille",
}


class ModeratedComment(Check, id="wordpress.contenu.moderated_comment"):
    """Un commentaire d’internaute est approuvé, classé dans les indésirables ou mis à la corbeille, sans réponse.

    Quand un autre commentaire qui était publié ne l’est plus, c’est à apprécier : n’en faites retirer qu’un par sujet.
    """

    proves = (APPROVE, REMOVE)

    author: Annotated[str, Refers("comments.author")] = Field(
        min_length=1, description="Le nom de l’auteur du commentaire, tel qu’il s’affiche."
    )
    post: Annotated[str, Refers("posts.slug", "pages.slug")] = Field(
        min_length=1, description="L’identifiant (slug) de l’article ou de la page commentée."
    )
    state: State = Field(
        "removed",
        description="Approuvé (approved), indésirable (spam), corbeille (trash), ou l’un des deux derniers (removed).",
    )

    def facts(self) -> tuple[str, ...]:
        """The one that the wanted state is."""
        return (APPROVE if self.state == "approved" else REMOVE,)

    def verify(self, site: Site) -> list[Finding]:
        """The states of that author's comments on the article, and what a visitor sees of them."""
        thread = Thread(site, self.author, self.post)
        evidence = (
            site.shot("les commentaires de l’article", mark=site.page.locator("#comments")),
            site.note("les commentaires dans l’administration", thread.listing()),
        )
        verdict, observed = thread.approval() if self.state == "approved" else self.judge(thread)
        under = f"sous « {seeded.title_of(self.company, self.post)} »"
        expected = f"Le commentaire {of_person(self.author)} {under} est {_FRENCH[self.state]}."
        found = Finding(self.facts()[0], verdict, expected, observed, evidence)
        lost = self._lost(site) if verdict is Verdict.MET and self.state != "approved" else []
        what = "un autre commentaire, qui était publié, ne l’est plus : celui "
        if len(lost) > 1:
            what = "d’autres commentaires, qui étaient publiés, ne le sont plus : ceux "
        return [doubted(found, what + listed(list(map(of_person, lost))) if lost else "")]

    def _lost(self, site: Site) -> list[str]:
        """Who else had a comment that was published before the work, and isn't now: one action may take them all."""
        kept = {fold(lines(one["content"]["rendered"])) for one in rest_all(site, _APPROVED)}
        # A content that is withdrawn takes its comments along.
        online = {one.born for one in contents(site) if one.public(site.taken_at)}
        others = [one for one in seeded.approved(self.company) if one[1] in online]
        others = [one for one in others if not (same(one[0], self.author) and one[1] == self.post)]
        return list(dict.fromkeys(author for author, _, text in others if text not in kept))

    def judge(self, thread: Thread) -> tuple[Verdict, str]:
        """Whether every comment of that author is where it was to be put; one that is gone for good is in no bin."""
        if not thread.article:
            gone = f"« {seeded.title_of(self.company, self.post)} » n’est pas sur le site"
            if seeded.commented(self.company, self.author, self.post):
                return Verdict.TO_JUDGE, f"{gone} ; à lire : le commentaire a disparu avec le contenu entier."
            return Verdict.NOT_MET, f"{gone}."
        states = thread.states()
        if not states:
            observed = "Le commentaire est supprimé définitivement"
            if self.state == "spam":
                return Verdict.TO_JUDGE, f"{observed} ; à lire : peut-être quand les indésirables ont été vidés."
            if not seeded.commented(self.company, self.author, self.post):
                return (
                    Verdict.TO_JUDGE,
                    f"À lire : ce contenu n’a aucun commentaire {of_person(self.author)}, et n’en avait pas au départ.",
                )
            return Verdict.MET, f"{observed}."
        right = {"removed": {"spam", "trash"}}.get(self.state, {self.state})
        seen = sorted(thread.french(state) for state in states)
        observed = f"Le commentaire est {seen[0]}."
        if len(seen) > 1:
            observed = f"L’un des commentaires {of_person(self.author)} est {', un autre est '.join(seen)}."
        return Verdict.MET if states <= right else Verdict.NOT_MET, observed

    def ways(self) -> Sequence[Act]:
        """The row's link, there and on the dashboard, the bulk action, the editor of the comment."""

        def on_the_dashboard(desk: Desk) -> None:
            row = self._row(desk)
            office(desk, "index.php")
            self._put_row(desk, row, self._one())

        def in_bulk(desk: Desk) -> None:
            screens.bulk(desk, self._row(desk), {"approved": "approve"}.get(self._one(), self._one()))

        def in_the_editor(desk: Desk) -> None:
            row = self._row(desk)
            if self._one() == "trash":
                screens.trash_in_editor(desk, row)
            else:
                screens.edit_comment(desk, row, status={"approved": "1"}.get(self._one(), "spam"))

        ways = [
            Act("lien sous le commentaire", lambda desk: self._put(desk, self._one())),
            Act("actions groupées", in_bulk),
            Act("dans l’éditeur du commentaire", in_the_editor),
        ]
        if self.state == "removed":
            ways.append(Act("mis à la corbeille", lambda desk: self._put(desk, "trash")))
        if seeded.lately_commented(self.company, self.author, self.post):
            ways.append(Act("encadré « Activité » du tableau de bord", on_the_dashboard))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour's, the other place, taken back, still waiting."""

        def neighbour(desk: Desk) -> None:
            row = screens.neighbour_row(desk, self.author, self.post)
            if self.state == "approved":
                row = next(
                    r for r in screens.waiting_rows(desk) if r.author != self.author and r.id != self._row(desk).id
                )
                office(desk, "edit-comments.php?comment_status=moderated")
            self._put_row(desk, row, self._one())

        def then_back(desk: Desk) -> None:
            row = self._row(desk)
            self._put_row(desk, row, self._one())
            if self.state == "approved":
                screens.unapprove(desk, row)
            else:
                screens.take_back(desk, row, self._one())

        def refused(desk: Desk) -> None:
            row = self._row(desk)
            screens.edit_comment(desk, row, status="0")

        acts: list[tuple[str, Callable[[Desk], None]]] = [
            ("le commentaire d’un autre", neighbour),
            ("pris en compte, puis rétabli dans l’état précédent", then_back),
            ("laissé en attente de modération", refused),
        ]
        if self.state != "removed":
            other = {"approved": "trash", "spam": "trash", "trash": "spam"}[self.state]
            acts.append((f"{_FRENCH[other]} à la place", lambda desk: self._put(desk, other)))  # type: ignore[index]
        return [NearMiss(name, self.facts()[0], run) for name, run in acts]

    def roads(self) -> Sequence[Road]:
        """The article withdrawn or deleted by another question; other addresses."""

        def then_the_article(desk: Desk, status: str) -> None:
            self._put(desk, self._one())
            disturbances.content(desk, self.post, {"status": status})

        def deleted_whole(desk: Desk) -> None:
            disturbances.trashed(desk, self.post)

        def renumbered(desk: Desk) -> None:
            self._put(desk, self._one())
            disturbances.plain_permalinks(desk)

        one = self.facts()[0]
        seen = one == APPROVE  # what is gone can be looked for in the office alone
        roads = [
            Road(
                "article rendu privé ensuite",
                one,
                lambda desk: then_the_article(desk, "private"),
                Verdict.TO_JUDGE if seen else Verdict.MET,
            ),
            Road("adresses du site par numéros", one, renumbered, Verdict.MET),
        ]
        return roads if seen else [*roads, Road("l’article entier mis à la corbeille", one, deleted_whole)]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One to approve, one that is unwanted, one that may go either way."""
        return (
            cls(author="Hoël Le Moal", post="salon-saveurs-de-bretagne", state="approved"),
            cls(author="Nadia Benali", post="coffrets-pour-les-cse", state="spam"),
            cls(author="Armelle Kerdoncuff", post="retour-sur-la-fete-du-port", state="trash"),
        )

    def _one(self) -> str:
        return "spam" if self.state == "removed" else self.state

    def _row(self, desk: Desk) -> screens.CommentRow:
        return screens.comment_row(desk, self.author, self.post)

    def _put(self, desk: Desk, where: str) -> None:
        self._put_row(desk, self._row(desk), where)

    def _put_row(self, desk: Desk, row: screens.CommentRow, where: str) -> None:
        if where == "approved":
            screens.approve(desk, row)
        else:
            screens.remove_comment(desk, row, where)
