"""Appearance: widgets in the footer and in the blog's side column."""

from collections.abc import Callable, Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import blog_settings, seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.areas import AREA_OF, ENTRIES, FRENCH
from checks.wordpress.reading.article_js import MADE
from checks.wordpress.screens import post_lists
from checks.wordpress.screens.widget_editor import PLACES, WidgetCustomizer, WidgetEditor, WidgetScreen
from provisioner.french.text import fold, holds, nearly_holds, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict
from provisioner.subject.functionalities import fact

IN_FOOTER = fact("wordpress.apparence.widgets", "ajouter en pied de page")
IN_COLUMN = fact("wordpress.apparence.widgets", "ajouter en colonne latérale")
SET = fact("wordpress.apparence.widgets", "régler")
REMOVED = fact("wordpress.apparence.widgets", "retirer")

Kind = Literal[
    "search", "latest-posts", "latest-comments", "categories", "archives", "calendar", "tag-cloud", "paragraph"
]
#: The French name, and how a visitor's page shows it: as a block, or as a widget of the old kind.
_KINDS: dict[Kind, tuple[str, str]] = {
    "search": ("Recherche", ".wp-block-search, .widget_search"),
    "latest-posts": ("Derniers articles", ".wp-block-latest-posts, .widget_recent_entries ul"),
    "latest-comments": ("Derniers commentaires", ".wp-block-latest-comments, .widget_recent_comments ul"),
    "categories": ("Catégories", ".wp-block-categories, .widget_categories"),
    "archives": ("Archives", ".wp-block-archives, .widget_archive"),
    "calendar": ("Calendrier", ".wp-block-calendar, .widget_calendar"),
    "tag-cloud": ("Nuage d’étiquettes", ".wp-block-tag-cloud, .widget_tag_cloud"),
    "paragraph": ("Paragraphe", "p, li, h1, h2, h3, h4, h5, h6, .textwidget"),
}
_COUNTED = ("latest-posts", "latest-comments")
#: The areas themselves, for a text that one element alone doesn't hold.
_AREAS = "#secondary, #colophon"

#: Menus, and lists that the site makes of its contents, as blocks or as widgets of the old kind.
_LISTED = (
    f"{ENTRIES}, {MADE}, .widget_recent_entries ul, .widget_recent_comments ul, .widget_categories ul, .widget_archive ul, "
    ".widget_nav_menu ul, .widget_pages ul"
)

# The elements of a selector that can be seen in an area, those of `left` aside: how many entries each has, and its text.
_IN_AREA = f"""([selector, area, left]) => {{
    {AREA_OF}
    return [...document.querySelectorAll(selector)]
        .filter(node => node.checkVisibility() && areaOf(node) === area && !(left && node.closest(left)))
        .map(node => [node.querySelectorAll(':scope > li').length, node.innerText || '']);
}}"""


class Widget(Check, id="wordpress.apparence.widget"):
    """Un widget est ajouté, réglé ou retiré, en pied de page ou dans la colonne latérale du blog.

    Un bloc et un widget de l’ancien modèle se valent ; c’est ce qu’un visiteur voit qui compte.
    """

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

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.action == "set" and not self.count:
            raise ValueError("un widget à régler a un nombre (count)")
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

    # --- the verdict --------------------------------------------------------------------------

    def verify(self, site: Site) -> list[Finding]:
        """What a visitor sees in the area: on the blog's page for the column, on the front page for the footer."""
        site.visit("/" if self.area == "footer" else blog_settings.blog_path(site))
        shown = {
            kind: self._shown(site, selector, _LISTED if kind == "paragraph" else "")
            for kind, (_, selector) in _KINDS.items()
        }
        shot = site.shot(f"widgets {FRENCH[self.area]}")
        ours = [
            (count, text)
            for count, text in shown[self.kind]
            if self.action != "remove" or not self.text or holds(text, self.text)
        ]
        others = [name for kind, (name, _) in _KINDS.items() if shown[kind]]
        name = _KINDS[self.kind][0]
        what = f"le texte « {self.text} »" if self.text else f"« {name} »"
        where = FRENCH[self.area]
        if self.action == "remove":
            gone = [_KINDS[kind][0] for kind in self._seeded() if kind != self.kind and not shown[kind]]
            gone += self._texts_gone([text for _, text in shown["paragraph"]]) if self.text else []
            # A text that the question misquotes was there in its own words, and may be there still.
            perhaps = self.text and any(nearly_holds(text, self.text) for _, text in shown["paragraph"])
            doubtful = bool(gone or perhaps)
            verdict = Verdict.NOT_MET if ours or not others else Verdict.TO_JUDGE if doubtful else Verdict.MET
            expected = f"{what} n’est plus {where}, qui garde ses autres widgets."
        else:
            gone = []
            judged = [self._right(site, entries, text) for entries, text in ours]
            right = any(judged)
            # One more beside the one to be set, or a number that the site has too little for, doesn't tell.
            doubtful = self.action == "set" and right and not (all(judged) and self.count <= self._there(site))
            near = doubtful or (
                self.text and any(nearly_holds(text, self.text) for _, text in self._shown(site, _AREAS))
            )
            verdict = Verdict.MET if right and not doubtful else Verdict.TO_JUDGE if near else Verdict.NOT_MET
            expected = f"{what} est {where}"
            expected += f", et montre {self.count} éléments." if self.count else "."
        observed = f"Visible {where} : {', '.join(others) or 'rien'}"
        if self.text:
            there = any(holds(text, self.text) for _, text in shown["paragraph"])
            observed += f" ; {what} {'s’y lit' if there else 'ne s’y lit pas'}"
        elif self.action == "remove" and shown["paragraph"]:  # a title may have stayed without what it was of
            texts = dict.fromkeys(" ".join(text.split())[:40] for _, text in shown["paragraph"])
            observed += f" ; textes : {quoted(list(texts)[:8])}"
        if ours and self.count:
            observed += f" ; « {name} » montre {', '.join(str(entries) for entries, _ in ours)} élément(s)"
        if verdict is Verdict.TO_JUDGE:
            why = "le texte, à un détail près ?" if self.text else "le nombre réglé, et s’il n’y en a qu’un"
            observed += f" ; à lire : {f'il n’y a plus {quoted(gone)}' if gone else why}"
        return [Finding(self.facts()[0], verdict, expected, f"{observed}.", (shot,))]

    def _seeded(self) -> list[Kind]:
        """What the area shows at first."""
        blocks = seeded.blocks(PLACES[self.area][0].rstrip("0123456789"))
        return [kind for kind in _KINDS if kind in blocks]

    def _texts_gone(self, shown: Sequence[str]) -> list[str]:
        """Of the texts that the area has at first, those that are gone beside the one to remove."""
        kept = {fold(text) for text in shown}
        first = seeded.texts(PLACES[self.area][0].rstrip("0123456789"))
        return [
            text[:40] for text in sorted(first) if not holds(text, self.text) and not any(text in one for one in kept)
        ]

    def _shown(self, site: Site, selector: str, left: str = "") -> list[tuple[int, str]]:
        return [(count, text) for count, text in site.page.evaluate(_IN_AREA, [selector, self.area, left])]

    def _right(self, site: Site, entries: int, text: str) -> bool:
        if self.text and not holds(text, self.text):
            return False
        if not self.count:
            return True
        return entries == min(self.count, self._there(site))

    def _there(self, site: Site) -> int:
        """How many entries it can have."""
        route = "posts?status=publish" if self.kind == "latest-posts" else "comments?status=approve"
        return len(rest_all(site, f"wp/v2/{route}&_fields=id"))

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

        def elsewhere(desk: Desk) -> None:
            self._with(desk, action="add", area="footer" if self.area == "sidebar" else "sidebar")

        def beside(desk: Desk) -> None:
            screen = WidgetScreen.open(desk, "footer-widget-2")
            screen.remove("list")
            screen.save()

        misses: list[tuple[str, Callable[[Desk], None]]] = [("enregistrement oublié", unsaved)]
        if self.action == "add":
            misses.append(("mis dans l’autre zone", elsewhere))
            if self.text:
                misses.append(
                    (
                        "écrit dans la page d’accueil",
                        lambda desk: post_lists.type_into(desk, "page", "accueil", self.text),
                    )
                )
            else:
                neighbour: Kind = "archives" if self.kind != "archives" else "calendar"
                misses.append(("un autre widget", lambda desk: self._with(desk, kind=neighbour, count=0)))
        if self.action == "set":
            more, fewer = self.count + 1, self.count - 1
            misses += [
                ("un de trop", lambda desk: self._with(desk, count=more)),
                ("un de moins", lambda desk: self._with(desk, count=fewer)),
                ("ajouté et réglé dans l’autre zone", elsewhere),
            ]
        if self.action == "remove":
            other_kind: Kind = "categories" if self.kind != "categories" else "search"
            if not self.text:
                misses.append(("un autre widget retiré", lambda desk: self._with(desk, kind=other_kind)))
            elif self.area == "footer":
                misses.append(("la liste d’à côté retirée", beside))
            misses.append(("seul le titre retiré", lambda desk: _without_heading(self._screen(desk))))
        return [NearMiss(name, self.facts()[0], run) for name, run in misses]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A widget more in each area, one that is set, one taken out."""
        return (
            cls(area="footer", kind="paragraph", text="Boutique du port ouverte le lundi de Pâques"),
            cls(area="sidebar", kind="calendar"),
            cls(action="set", area="sidebar", kind="latest-comments", count=5),
            cls(action="remove", area="sidebar", kind="latest-comments"),
            cls(action="remove", area="footer", kind="paragraph", text="3 chemin de la Palud"),
        )

    def _with(self, desk: Desk, **changed: object) -> None:
        check = self.but(**changed)
        check._do(check._screen(desk)).save()

    def _screen(self, desk: Desk) -> WidgetScreen:
        return WidgetScreen.open(desk, PLACES[self.area][0])

    def _customizer(self, desk: Desk) -> WidgetCustomizer:
        return WidgetCustomizer.open(desk, *PLACES[self.area])

    def _do(self, editor: WidgetEditor) -> WidgetEditor:
        if self.action == "remove":
            editor.remove(self.kind)
        elif self.action == "set":
            editor.set_count(self.kind, self.count)
        elif self.text:
            editor.write(self.text)
        else:
            editor.add(self.kind)
            if self.count:
                editor.set_count(self.kind, self.count)
        return editor


def _without_heading(screen: WidgetScreen) -> None:
    screen.remove("heading")
    screen.save()
