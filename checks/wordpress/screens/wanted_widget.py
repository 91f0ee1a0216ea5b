"""The widget that a question asks for, and how a candidate adds, sets or removes it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import seeded
from checks.wordpress.reading.widgets_shown import Kind
from checks.wordpress.screens import disturbances, markup, post_lists
from checks.wordpress.screens.widget_editor import PLACES, WidgetCustomizer, WidgetEditor, WidgetScreen
from provisioner.subject.check import Act, Check, Desk, NearMiss, Road, Verdict
from provisioner.subject.functionalities import fact

IN_FOOTER = fact("wordpress.apparence.widgets", "ajouter en pied de page")
IN_COLUMN = fact("wordpress.apparence.widgets", "ajouter en colonne latérale")
SET = fact("wordpress.apparence.widgets", "régler")
REMOVED = fact("wordpress.apparence.widgets", "retirer")

_Miss = tuple[str, Callable[[Desk], None]]
_COUNTED = ("latest-posts", "latest-comments")


class WantedWidget(Check):
    """What is asked of a widget; Widget proves it."""

    proves = (IN_FOOTER, IN_COLUMN, SET, REMOVED)

    action: Literal["add", "set", "remove"] = Field(
        "add",
        description="« add » pour l’ajouter, « set » pour régler celui qui y est, « remove » pour le retirer "
        "(un seul par zone et par sujet : qu’un autre manque est à apprécier).",
    )
    area: Literal["sidebar", "footer"] = Field(
        description="« sidebar » la colonne du blog, « footer » le pied de page."
    )
    kind: Kind = Field(
        description="Le widget : search, latest-posts, latest-comments, categories, archives, calendar, tag-cloud ou paragraph."
    )
    text: str = Field("", description="Le texte que le widget doit contenir (pour « paragraph »).")
    count: int = Field(
        0, ge=0, le=100, description="Combien d’articles ou de commentaires il montre ; 0 quand ce n’est pas demandé."
    )
    excerpt_words: int = Field(
        0,
        ge=0,
        le=54,
        description="Le nombre de mots des extraits que montre « latest-posts » ; 0 quand ce n’est pas demandé.",
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.action == "set" and not (self.count or self.excerpt_words):
            raise ValueError("un widget à régler a un nombre (count ou excerpt_words)")
        if self.excerpt_words and (self.kind != "latest-posts" or self.action == "remove"):
            raise ValueError("excerpt_words est pour latest-posts, à ajouter ou à régler")
        if self.count and self.kind not in _COUNTED:
            raise ValueError(f"count est pour {' et '.join(_COUNTED)}")
        if (self.kind == "paragraph") != bool(self.text):
            raise ValueError("text est pour un paragraphe, et un paragraphe a un texte")
        return self

    def facts(self) -> tuple[str, ...]:
        """The one that action and area make."""
        added = IN_FOOTER if self.area == "footer" else IN_COLUMN
        return ({"add": added, "set": SET, "remove": REMOVED}[self.action],)

    def needs(self) -> Sequence[str]:
        """Its areas are Astra's."""
        return ("theme astra",)

    # --- the work -----------------------------------------------------------------------------

    def ways(self) -> Sequence[Act]:
        """The screen of widgets, and the Customizer."""
        return (
            Act("Apparence > Widgets", lambda desk: self._do(self._screen(desk)).save()),
            Act("Personnaliser > Widgets", lambda desk: self._do(self._customizer(desk)).save()),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another area, another widget, another number, nothing saved."""

        def unsaved(desk: Desk) -> None:
            self._do(self._screen(desk))

        of_action = {"add": self._not_so_added, "set": self._not_so_set, "remove": self._not_so_removed}
        misses = [("enregistrement oublié", unsaved), *of_action[self.action]()]
        if self.excerpt_words:
            longer = self.excerpt_words + 1
            misses.append(("extraits d’un mot de trop", lambda desk: self._with(desk, excerpt_words=longer)))
        return [NearMiss(name, self.facts()[0], run) for name, run in misses]

    def _elsewhere(self, desk: Desk) -> None:
        self._with(desk, action="add", area="footer" if self.area == "sidebar" else "sidebar")

    def _not_so_added(self) -> list[_Miss]:
        misses: list[_Miss] = [("mis dans l’autre zone", self._elsewhere)]
        if self.text:
            typed = partial(post_lists.type_into, kind="page", slug=seeded.front_page(self.company), text=self.text)
            return [*misses, ("écrit dans la page d’accueil", typed)]
        neighbour: Kind = "archives" if self.kind != "archives" else "calendar"
        changes = {"kind": neighbour, "count": 0, "excerpt_words": 0}
        return [*misses, ("un autre widget", lambda desk: self._with(desk, **changes))]

    def _not_so_set(self) -> list[_Miss]:
        misses: list[_Miss] = [("ajouté et réglé dans l’autre zone", self._elsewhere)]
        if self.count:
            more, fewer = self.count + 1, self.count - 1
            misses += [
                ("un de trop", lambda desk: self._with(desk, count=more)),
                ("un de moins", lambda desk: self._with(desk, count=fewer)),
            ]
        return misses

    def _not_so_removed(self) -> list[_Miss]:
        def beside(desk: Desk) -> None:
            screen = WidgetScreen.open(desk, "footer-widget-2")
            screen.remove("list")
            screen.save()

        misses: list[_Miss] = [("seul le titre retiré", lambda desk: _without_heading(self._screen(desk)))]
        other_kind: Kind = "categories" if self.kind != "categories" else "search"
        if not self.text:
            misses.append(("un autre widget retiré", lambda desk: self._with(desk, kind=other_kind)))
        elif self.area == "footer":
            misses.append(("la liste d’à côté retirée", beside))
        return misses

    def roads(self) -> Sequence[Road]:
        """The list of the articles emptied, the column shown nowhere; another block that does the same."""
        first = self.ways()[0].run
        roads: list[tuple[str, Callable[[Desk], object], bool]] = []
        if self.area == "sidebar":
            emptied = disturbances.then(disturbances.posts_page_emptied, first)
            roads += [
                ("la page des articles retirée des réglages de lecture", emptied, True),
                ("la colonne retirée de tout le site", disturbances.then(first, disturbances.no_column), False),
            ]
        if self.kind == "latest-posts" and not self.excerpt_words:
            place = PLACES[self.area]
            loop = disturbances.then(
                lambda desk: disturbances.widget_removed(desk, place, "wp:latest-posts"),
                lambda desk: disturbances.widget(desk, place, markup.query_loop(self.count or 5)),
            )
            roads.append(("une boucle de requête à la place du widget", loop, False))
        if self.action == "add" and self.text:
            roads.append(("texte de la couleur du fond", self._white, False))
        one = self.facts()[0]
        return [Road(name, one, run, Verdict.MET if met else Verdict.TO_JUDGE) for name, run, met in roads]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A widget more in each area, one that is set, one taken out."""
        return (
            cls(area="footer", kind="paragraph", text="Boutique du port ouverte le lundi de Pâques"),
            cls(area="sidebar", kind="calendar"),
            cls(area="footer", kind="latest-posts", count=3),
            cls(action="set", area="sidebar", kind="latest-posts", excerpt_words=12),
            cls(action="set", area="sidebar", kind="latest-comments", count=5),
            cls(action="remove", area="sidebar", kind="latest-comments"),
            cls(action="remove", area="footer", kind="paragraph", text="3 chemin de la Palud"),
        )

    def _white(self, desk: Desk) -> None:
        screen = self._screen(desk)
        screen.write(self.text)
        screen.colour(self.text, "#f6ecd8" if self.area == "footer" else "#ffffff")  # as the company's site has them
        screen.save()

    def _with(self, desk: Desk, **changed: object) -> None:
        check = self.but(**changed)
        check._do(check._screen(desk)).save()

    def _screen(self, desk: Desk) -> WidgetScreen:
        return WidgetScreen.open(desk, PLACES[self.area])

    def _customizer(self, desk: Desk) -> WidgetCustomizer:
        return WidgetCustomizer.open(desk, PLACES[self.area])

    def _do(self, editor: WidgetEditor) -> WidgetEditor:
        if self.action == "remove":
            editor.remove(self.kind)
        elif self.action == "set" and self.count:
            editor.set_count(self.kind, self.count)
        elif self.text:
            editor.write(self.text)
        elif self.action == "add":
            editor.add(self.kind)
            if self.count:
                editor.set_count(self.kind, self.count)
        if self.excerpt_words:
            editor.set_excerpt(self.kind, self.excerpt_words)
        return editor


def _without_heading(screen: WidgetScreen) -> None:
    screen.remove("heading")
    screen.save()
