"""The comments of one article, as the back office holds them and as a visitor sees them."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from checks.visibility import UNSEEN_JS
from checks.wordpress.reading import contents, naming, seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.contents import lines, path_of, plain
from checks.wordpress.reading.wording import agreed, of_person
from provisioner.french.calendar import WEEK
from provisioner.french.negation import reserved
from provisioner.french.text import fold, holds, nearly_holds, quoted, same, shortened
from provisioner.subject.check import Site, Verdict

_ALL = "wp/v2/comments?post={}&status=any&context=edit&orderby=id"
_STATUS = {
    "approved": "publié",
    "hold": "en attente de modération",
    "spam": "classé dans les indésirables",
    "trash": "à la corbeille",
}


class Thread:
    """The comments of one article, as the back office holds them and as a visitor sees them."""

    def __init__(self, site: Site, author: str, post: str) -> None:
        self._author, self._post, self._company = author, post, site.company
        self._article = naming.content(site, post)
        self._open = False
        self._shown: set[int] = set()
        self._all: dict[int, dict[str, Any]] = {}
        if self._article is None:
            site.visit(f"/{post}/")
        else:
            self._all = {c["id"]: c for c in rest_all(site, _ALL.format(self._article["id"]))}
            self._look(site, self._article)
        self._targets = [c for c in self._all.values() if same(author, plain(c["author_name"]))]

    def _look(self, site: Site, article: dict[str, Any]) -> None:
        """What a visitor sees, on the page of comments on which it stands."""
        self._open = contents.shown_at(site, article)
        if not self._open:
            return
        self._shown = _displayed(site)
        for target in self._all.values():
            elsewhere = target["status"] == "approved" and target["id"] not in self._shown
            if elsewhere and same(self._author, plain(target["author_name"])):
                site.visit(path_of(target["link"]))
                self._shown |= _displayed(site)

    @property
    def article(self) -> bool:
        """Whether the article is there at all."""
        return self._article is not None

    def states(self) -> set[str]:
        """The states of the author's comments, as the interface names them."""
        return {target["status"] for target in self._targets}

    @staticmethod
    def french(state: str) -> str:
        """A state as a person reads it."""
        return _STATUS.get(state, state)

    def approval(self) -> tuple[Verdict, str]:
        """Whether a visitor sees the comment, and in which state it is."""
        if any(t["id"] in self._shown for t in self._targets):
            return Verdict.MET, "Le commentaire est visible sous l’article."
        approved = any(t["status"] == "approved" for t in self._targets)
        return Verdict.TO_JUDGE if approved else Verdict.NOT_MET, self._why_unseen()

    def answer(self, elements: Sequence[str], without: Sequence[str] = ()) -> tuple[Verdict, str]:
        """Whether a visitor sees the wanted answer with all that it must contain, and if not what became of it.

        What it says is a person's to judge where a sign in it ("ne… pas", "mais") may turn its sense.
        """
        shown = [self._said(target, lambda c: c["id"] in self._shown) for target in self._targets]
        if any(shown):
            return self._judged(shown, elements, without, "Réponse visible")
        approved = [
            self._said(t, lambda c: c["status"] == "approved") for t in self._targets if t["status"] == "approved"
        ]
        if not any(approved):
            return Verdict.NOT_MET, self._why_unanswered()
        verdict, said = self._judged(approved, elements, without, "Réponse publiée")
        if verdict is Verdict.MET:
            verdict = Verdict.TO_JUDGE
        return verdict, f"{said} À lire : un visiteur ne voit pas cette réponse, car {self._why_hidden()}."

    def _said(self, target: dict[str, Any], counts: Callable[[dict[str, Any]], bool]) -> str:
        """What the site answered to a comment, of the answers that count."""
        return "\n".join(self._text(c) for c in self._answers(target) if counts(c))

    def _judged(
        self, texts: Sequence[str], elements: Sequence[str], without: Sequence[str], what: str
    ) -> tuple[Verdict, str]:
        """The verdict on what the answers say, each a text: the best of them counts."""
        lacking = {text: [e for e in elements if not holds(text, e)] for text in texts if text}
        text, missing = min(lacking.items(), key=lambda item: len(item[1]))
        said = f"{what} : « {_short(text)} »"
        verdict, doubts = self._complete(text, elements, missing)
        forbidden = [one for one in without if holds(text, one)]
        if verdict is Verdict.NOT_MET:
            too = f" ; elle nomme {quoted(forbidden)}" if forbidden else ""
            return verdict, f"{said} ; il y manque {quoted(missing)}{too}."
        unsure = reserved(text, elements) if elements or without else []
        if forbidden and not unsure:
            return Verdict.NOT_MET, f"{said} ; elle dit {quoted(forbidden)}."
        doubts += [f"elle nomme {quoted(forbidden)}"] if forbidden else []
        perhaps = [one for one in without if one not in forbidden and nearly_holds(text, one)]
        doubts += [f"elle dit peut-être {quoted(perhaps)}"] if perhaps else []
        doubts += [f"{_question(elements, forbidden)} ? {quoted(unsure[:3])}"] if unsure else []
        if doubts:
            return Verdict.TO_JUDGE, f"{said} ; à lire : {' ; '.join(doubts)}."
        return Verdict.MET, f"{said}."

    def _complete(self, text: str, elements: Sequence[str], missing: Sequence[str]) -> tuple[Verdict, list[str]]:
        """Whether an answer has all that it must contain, and what a person has to read."""
        near = [element for element in missing if nearly_holds(text, element)]
        asked = [element for element in missing if element not in near and self._asked(element, text)]
        if len(near) + len(asked) < len(missing) or (asked and len(asked) == len(elements)):
            return Verdict.NOT_MET, []
        doubts = (
            [agreed(near, "y est peut-être, écrit autrement", "y sont peut-être, écrits autrement")] if near else []
        )
        only = "que dans le commentaire auquel elle répond"
        doubts += [agreed(asked, f"n’est {only}", f"ne sont {only}")] if asked else []
        return Verdict.TO_JUDGE if doubts else Verdict.MET, doubts

    def _why_hidden(self) -> str:
        if not self._open:
            return "l’article n’est pas en ligne"
        return "l’article ne montre pas ce commentaire"

    def _asked(self, element: str, answer: str) -> bool:
        """Whether the comment itself says it, and the answer no other day: « oui, ce jour-là » may answer it."""
        other_day = fold(element) in WEEK and any(holds(answer, day) for day in WEEK)
        return (
            not re.search(r"\d", element)
            and not other_day
            and any(holds(self._text(target), element) for target in self._targets)
        )

    def listing(self) -> str:
        """Every comment of the article, for whoever reads the report."""
        rows = [
            f"n° {c['id']}, {plain(c['author_name'])}, {_STATUS.get(c['status'], c['status'])}"
            + (f", en réponse au n° {c['parent']}" if c["parent"] else "")
            + (", compte du site" if c["author"] else "")
            + f" : {' '.join(self._text(c).split())}"
            for c in sorted(self._all.values(), key=lambda c: int(c["id"]))
        ]
        return "\n".join(rows) or "Aucun commentaire sur cet article."

    def _answers(self, comment: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The site's own answers to a comment, and what it added to them."""
        for c in self._all.values():
            if c["parent"] == comment["id"] and c["author"]:
                if fold(self._text(c)) not in seeded.comments(self._company):  # those were there before the work
                    yield c
                yield from self._answers(c)

    def _text(self, comment: dict[str, Any]) -> str:
        return lines(comment["content"]["rendered"])

    def _why_unseen(self) -> str:
        if self._article is None:
            return f"« {seeded.title_of(self._company, self._post)} » n’est pas sur le site."
        if not self._open:
            return "L’article n’est pas visible : un visiteur n’en voit pas les commentaires."
        if not self._targets:
            return f"L’article n’a pas de commentaire {of_person(self._author)}."
        states = {_STATUS.get(t["status"], t["status"]) for t in self._targets}
        if states == {"publié"}:
            return "Le commentaire est approuvé, mais l’article ne le montre pas à un visiteur."
        return f"Un visiteur ne voit pas le commentaire : il est {' ou '.join(sorted(states - {'publié'}))}."

    def _why_unanswered(self) -> str:
        if self._article is None or not self._open or not self._targets:
            return self._why_unseen()
        hidden = [a for t in self._targets for a in self._answers(t)]
        if hidden:
            state = _STATUS.get(hidden[0]["status"], hidden[0]["status"])
            if state != "publié":
                state = state.replace("classé", "classée")
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
        where = (
            f"sous celui {of_person(plain(parent['author_name']))}" if parent else "à part, sans répondre à personne"
        )
        state = _STATUS.get(latest["status"], latest["status"])
        return f" Le dernier message du site sur l’article est {where} ({state}) : « {_short(self._text(latest))} »."


def _question(elements: Sequence[str], forbidden: Sequence[str]) -> str:
    """What to ask oneself of sentences that may turn the sense of a reply."""
    if elements:
        return "dit-elle bien ce qui est demandé" + f", sans affirmer {quoted(forbidden)}" * bool(forbidden)
    return "est-ce pour l’affirmer ou pour le nier" if forbidden else "dit-elle en d’autres mots ce qu’elle doit taire"


_SEEN = f"""async all => {{
    {UNSEEN_JS}
    await settled(all);
    return all.filter(one => !unseen(one)).map(one => one.id);
}}"""


def _displayed(site: Site) -> set[int]:
    """The numbers of the comments that the visitor's page shows."""
    ids: list[str] = site.page.locator("[id^='comment-']").evaluate_all(_SEEN)
    return {int(i.removeprefix("comment-")) for i in ids if i.removeprefix("comment-").isdigit()}


def _short(text: str) -> str:
    return shortened(text)
