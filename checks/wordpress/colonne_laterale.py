"""Appearance: the side column of pages, of articles, or of one of them alone."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import rest, rest_all
from checks.wordpress.reading.content_verdicts import doubted, meant
from checks.wordpress.reading.contents import path_of, plain
from checks.wordpress.reading.wording import agreed
from checks.wordpress.screens import disturbances, post_lists
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.disturbances import then
from provisioner.french.text import quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, finding
from provisioner.subject.functionalities import fact

PAGES = fact("wordpress.apparence.colonne-laterale", "pages")
POSTS = fact("wordpress.apparence.colonne-laterale", "articles")
SINGLE = fact("wordpress.apparence.colonne-laterale", "une seule page ou un seul article")

Column = Literal["", "none", "left", "right"]
_FRENCH: dict[str, str] = {
    "none": "sans colonne latérale",
    "left": "avec une colonne latérale à gauche",
    "right": "avec une colonne latérale à droite",
}
#: What Astra calls them.
_ASTRA: dict[str, str] = {"none": "no-sidebar", "left": "left-sidebar", "right": "right-sidebar"}
#: How many contents are looked at to know what all of a kind have.
_SAMPLE = 3

#: By what a content departs from the others: its column, or a layout (narrow, full width) that has none.
_OWN = ("site-sidebar-layout", "ast-site-content-layout", "site-content-layout")
# On which side of the content the column stands. An empty column takes its place too.
_SIDE = """() => {
    const column = document.querySelector('#secondary'), content = document.querySelector('#primary');
    if (!column || !content || !column.checkVisibility()) return 'none';
    return column.getBoundingClientRect().left < content.getBoundingClientRect().left ? 'left' : 'right';
}"""


class SidebarLayout(Check, id="wordpress.apparence.sidebar_layout"):
    """La colonne latérale de toutes les pages, de tous les articles, ou d’un seul contenu : à gauche, à droite, ou sans.

    Pour un seul contenu, les autres contenus de même nature doivent rester comme ils étaient.
    """

    proves = (PAGES, POSTS, SINGLE)

    pages: Column = Field(
        "", description="La colonne des pages : none, left ou right ; vide si elle n’est pas demandée."
    )
    posts: Column = Field("", description="La colonne des articles : none, left ou right.")
    only: Annotated[str, Refers("pages.slug", "posts.slug")] = Field(
        "", description="L’identifiant (slug) du seul contenu à changer, avec « column »."
    )
    column: Column = Field("", description="La colonne de ce seul contenu : none, left ou right.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("pages, posts ou only doit être demandé")
        if bool(self.only) != bool(self.column):
            raise ValueError("only et column vont ensemble")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        asked = {PAGES: self.pages, POSTS: self.posts, SINGLE: self.only}
        return tuple(one for one, wanted in asked.items() if wanted)

    def needs(self) -> Sequence[str]:
        """It is Astra that has such columns."""
        return ("theme astra",)

    # --- the verdict --------------------------------------------------------------------------

    def verify(self, site: Site) -> list[Finding]:
        """Where a visitor sees the column, on a few contents that follow the setting of all and on the one that has its own."""
        found = []
        for one, kind, wanted in ((PAGES, "page", self.pages), (POSTS, "post", self.posts)):
            if wanted:
                found.append(self._all(site, one, kind, wanted))
        if self.only:
            found.append(self._single(site))
        return found

    def _all(self, site: Site, one: str, kind: str, wanted: str) -> Finding:
        what = "Les pages" if kind == "page" else "Les articles"
        ordinary, own = _contents(site, kind, self.only)
        seen = [(_title(item), _column(site, item)) for item in (ordinary or own)[:_SAMPLE]]
        columns = {column for _, column in seen}
        shot = site.shot(f"la colonne latérale des {what.removeprefix('Les ')}", mark=site.page.locator("#secondary"))
        expected = f"{what} s’affichent {_FRENCH[wanted]}."
        observed = _listed(seen) or "Rien n’est publié"
        verdict = Verdict.MET if columns == {wanted} else Verdict.NOT_MET
        if not ordinary and wanted in columns:
            observed += " ; à lire : chaque contenu a un réglage propre, celui de l’ensemble ne se voit nulle part"
            verdict = Verdict.TO_JUDGE
        return Finding(one, verdict, expected, f"{observed}.", (shot,))

    def _single(self, site: Site) -> Finding:
        item, doubt = meant(site, self.only)
        title = _title(item) if item else seeded.title_of(self.company, self.only)
        expected = f"Seul « {title} » s’affiche {_FRENCH[self.column]}, les autres contenus ne changent pas."
        own_column = _own_setting(item) == _ASTRA[self.column]
        if item is None or not contents.shown_at(site, item):
            shot = site.shot("ce que montre cette adresse")
            found = finding(SINGLE, own_column, expected, f"Un visiteur ne voit plus « {title} ».", shot)
            return doubted(found, "le réglage de ce contenu est bien celui qui est demandé" if own_column else "")
        column = _column(site, item)
        shot = site.shot(f"la colonne latérale de « {title} »", mark=site.page.locator("#secondary"))
        ordinary, own = _contents(site, item["type"], item["slug"])
        others = [(_title(other), _column(site, other)) for other in ordinary[:_SAMPLE]]
        changed = [name for name, theirs in others if theirs == self.column]
        observed = f"« {title} » s’affiche {_FRENCH[column]}"
        # Another question, or the same one, may ask it of another content.
        strayed = [_title(other) for other in own[:_SAMPLE] if _column(site, other) == self.column]
        for names, how in ((changed, "sans réglage propre"), (strayed, "par un réglage propre")):
            too = agreed(names, "s’affiche aussi", "s’affichent aussi")
            observed += f" ; {too} {_FRENCH[self.column]}, {how}" if names else ""
        observed += "" if changed or strayed else f" ; aucun autre contenu ne s’affiche {_FRENCH[self.column]}"
        met = column == self.column and len(changed) < max(1, len(others))
        if changed and met:
            doubt = doubt or "d’autres contenus sans réglage propre s’affichent de même"
        if own_column and not met:
            doubt = (
                doubt
                or "le réglage propre de ce contenu est bien celui qui est demandé, mais un autre réglage du site le cache"
            )
            met = True
        return doubted(finding(SINGLE, met, expected, f"{observed}.", shot), doubt)

    # --- the work -----------------------------------------------------------------------------

    def ways(self) -> Sequence[Act]:
        """The Customizer for all, the settings of Astra in the editor for one."""

        def one_after_the_other(desk: Desk) -> None:
            self._customize(desk)
            if self.only:
                self._in_the_editor(desk, self.only, self.column)

        ways = [Act("outil de personnalisation, puis réglages d’Astra dans l’éditeur", one_after_the_other)]
        if not self.only:
            ways = [Act("outil de personnalisation", one_after_the_other)]
        if self.pages:

            def by_the_default(desk: Desk) -> None:
                self._whole_site(desk)
                customizer = Customizer.open(desk)
                customizer.reach("astra-settings[single-page-sidebar-layout]")
                customizer.choose("single-page-sidebar-layout", "default")
                customizer.publish()
                self.but(pages="", posts=self.posts or "right")._customize(desk)
                if self.only:
                    self._in_the_editor(desk, self.only, self.column)

            ways.append(Act("colonne de tout le site, que les pages suivent", by_the_default))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The other side, the other kind, the neighbour, the list of articles, nothing published."""
        misses: list[tuple[str, str, Callable[[Desk], None]]] = []
        if self.pages:
            beside = SidebarLayout(pages=_other_side(self.pages))

            def only_one(desk: Desk) -> None:
                self._in_the_editor(desk, seeded.other_pages(desk.company)[0], self.pages)

            misses += [
                ("de l’autre côté (pages)", PAGES, beside._customize),
                ("une seule page changée", PAGES, only_one),
                ("colonne de tout le site changée, que les pages ne suivent pas", PAGES, self._whole_site),
            ]
        if self.posts:
            alone, opposite = SidebarLayout(posts=self.posts), SidebarLayout(posts=_other_side(self.posts))

            def the_list(desk: Desk) -> None:
                customizer = Customizer.open(desk, section="section-blog")
                customizer.choose("archive-post-sidebar-layout", _ASTRA[self.posts])
                customizer.publish()

            misses += [
                ("de l’autre côté (articles)", POSTS, opposite._customize),
                ("personnalisation non publiée (articles)", POSTS, lambda desk: alone._customize(desk, publish=False)),
                ("la liste des articles changée à la place des articles", POSTS, the_list),
            ]
        if self.only:
            side = _other_side(self.column)

            def neighbour(desk: Desk) -> None:
                self._in_the_editor(desk, seeded.other_pages(desk.company, self.only)[0], self.column)

            misses += [
                ("le contenu voisin changé", SINGLE, neighbour),
                ("l’autre côté", SINGLE, lambda desk: self._in_the_editor(desk, self.only, side)),
                ("toutes les pages changées", SINGLE, lambda desk: SidebarLayout(pages=self.column)._customize(desk)),
                (
                    "éditeur quitté sans mettre à jour",
                    SINGLE,
                    lambda desk: self._in_the_editor(desk, self.only, self.column, save=False),
                ),
            ]
        return [NearMiss(name, one, run) for name, one, run in misses]

    def roads(self) -> Sequence[Road]:
        """What another question does to all contents of that kind, or to the one that is asked."""
        if not self.only:
            first = self.ways()[0].run
            front = then(first, disturbances.posts_page_emptied, disturbances.latest_in_front)
            return [Road("accueil et page des articles changés", one, front, Verdict.MET) for one in self.facts()]

        def alone(desk: Desk) -> None:
            self._in_the_editor(desk, self.only, self.column)

        def of_all(desk: Desk) -> None:
            disturbances.theme(desk, {"single-page-sidebar-layout": _ASTRA[self.column]})

        def private(desk: Desk) -> None:
            disturbances.content(desk, self.only, {"status": "private"})

        return (
            Road("la même colonne donnée aussi à toutes les pages", SINGLE, then(alone, of_all)),
            Road("le contenu rendu privé ensuite", SINGLE, then(alone, private)),
            Road("adresses du site par numéros", SINGLE, then(alone, disturbances.plain_permalinks), Verdict.MET),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """All pages and all articles; one page alone."""
        return (cls(pages="right", posts="none"), cls(only="nos-engagements", column="right"))

    def _customize(self, desk: Desk, publish: bool = True) -> None:
        for kind, wanted in (("page", self.pages), ("post", self.posts)):
            if wanted:
                customizer = Customizer.open(desk)
                customizer.reach(f"astra-settings[single-{kind}-sidebar-layout]")
                customizer.choose(f"single-{kind}-sidebar-layout", _ASTRA[wanted])
                if publish:
                    customizer.publish()

    def _whole_site(self, desk: Desk) -> None:
        customizer = Customizer.open(desk, section="section-sidebars")
        customizer.choose("site-sidebar-layout", _ASTRA[self.pages])
        customizer.publish()

    @staticmethod
    def _in_the_editor(desk: Desk, slug: str, column: str, save: bool = True) -> None:
        """The column among the settings of Astra, in the editor's own panel for them."""
        editor = post_lists.edit(desk, post_lists.kind_of(desk, slug), slug)
        editor.page.locator("button[aria-controls='astra-theme-layout:theme-meta-panel']").first.click()
        choice = editor.page.locator(f"label[for='site-sidebar-layout-{_ASTRA[column]}']")
        for body in editor.page.locator("#astra_settings_meta_box .components-panel__body-toggle").all():
            if body.get_attribute("aria-expanded") == "false" and not choice.count():
                body.click()
        choice.click()
        if save:
            editor.save()


def _other_side(column: Column) -> Column:
    return "left" if column != "left" else "right"


def _contents(site: Site, kind: str, besides: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The published contents of a kind, but for that one: those that follow all the others, and those that don't."""
    query = f"wp/v2/{kind}s?status=publish&context=edit&_fields=id,slug,link,meta,title"
    settings = rest(site, "wp/v2/settings")
    apart = (settings["page_on_front"], settings["page_for_posts"])  # themes lay these two out as they like
    items = [item for item in rest_all(site, query) if item["slug"] != besides and item["id"] not in apart]
    own = [i for i in items if any((i.get("meta") or {}).get(key, "") not in ("", "default") for key in _OWN)]
    return [item for item in items if item not in own], own


def _title(item: dict[str, Any]) -> str:
    return plain(item["title"]["raw"])


def _listed(seen: Sequence[tuple[str, str]]) -> str:
    """The contents by their columns: « Contact », « Nos produits » : sans colonne latérale."""
    columns = dict.fromkeys(column for _, column in seen)
    return " ; ".join(f"{quoted(t for t, own in seen if own == one)} : {_FRENCH[one]}" for one in columns)


def _own_setting(item: dict[str, Any] | None) -> str:
    """The column that a content has for itself, as Astra calls it."""
    return str(((item or {}).get("meta") or {}).get("site-sidebar-layout", ""))


def _column(site: Site, item: dict[str, Any]) -> str:
    column: str = site.visit(path_of(item["link"])).evaluate(_SIDE)
    return column
