"""Appearance: widgets in the footer and in the blog's side column."""

from collections.abc import Mapping, Sequence

from checks.visibility import as_seen
from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.areas import ENTRIES, FRENCH
from checks.wordpress.reading.article_js import MADE
from checks.wordpress.reading.widgets_shown import KINDS, Entries, Kind, WidgetArea
from checks.wordpress.reading.wording import agreed
from checks.wordpress.screens.wanted_widget import WantedWidget
from checks.wordpress.screens.widget_editor import PLACES
from provisioner.french.text import fold, holds, nearly_holds, numbered, quoted, shortened
from provisioner.subject.check import Finding, Site, Verdict

#: The areas themselves, for a text that one element alone doesn't hold.
_AREAS = "#secondary, #colophon"

#: Menus, and lists that the site makes of its contents, as blocks or as widgets of the old kind.
_LISTED = (
    f"{ENTRIES}, {MADE}, .widget_recent_entries ul, .widget_recent_comments ul, .widget_categories ul, .widget_archive ul, "
    ".widget_nav_menu ul, .widget_pages ul"
)

#: What shows a visitor the same by another road: another block, a list that somebody made.
_ALIKE: dict[Kind, str] = {
    "search": "form[role=search], form:has(input[name=s])",
    "latest-posts": ".wp-block-query, .wp-block-rss, .widget_rss",
    "latest-comments": ".wp-block-rss, .widget_rss",
    "categories": "ul:has(> li > a[href*='/category/']), ul:has(> li > a[href*='?cat=']), .wp-block-navigation:has(a[href*='/category/'])",
    "tag-cloud": ":is(ul, p):has(a[href*='/tag/'])",
}
_AREA_NAMES = {"sidebar": "la colonne latérale", "footer": "le pied de page"}
_Shown = Mapping[Kind, Sequence[Entries]]


class Widget(WantedWidget, id="wordpress.apparence.widget"):
    """Un widget est ajouté, réglé ou retiré, en pied de page ou dans la colonne latérale du blog.

    Un bloc et un widget de l’ancien modèle se valent ; c’est ce qu’un visiteur voit qui compte.
    """

    def verify(self, site: Site) -> list[Finding]:
        """What a visitor sees in the area, on the first page that shows it: the blog's for the column, the front page for the footer."""
        area = WidgetArea(site, self.area)
        found = {
            kind: area.found(selector, _LISTED if kind == "paragraph" else "") for kind, (_, selector) in KINDS.items()
        }
        shown = {kind: [one for one in those if not one.unseen] for kind, those in found.items()}
        if self.action == "remove":
            verdict, expected, doubt = self._removal(area, shown, found)
        else:
            verdict, expected, doubt = self._presence(site, area, found[self.kind])
        if area.hidden and verdict is Verdict.MET:
            verdict, doubt = Verdict.TO_JUDGE, "ce qui est enregistré est bien ce qui est demandé"
        read = " ; à lire : " if verdict is Verdict.TO_JUDGE else " ; "
        observed = self._observed(area, shown) + (f"{read}{doubt}" if doubt else "")
        shot = site.shot(
            f"les widgets {FRENCH[self.area]}",
            mark=site.page.locator("#secondary" if self.area == "sidebar" else "#colophon"),
        )
        return [Finding(self.facts()[0], verdict, expected, f"{observed}.", (shot,))]

    @property
    def _what(self) -> str:
        return f"le texte « {self.text} »" if self.text else f"« {KINDS[self.kind][0]} »"

    def _removal(self, area: WidgetArea, shown: _Shown, found: _Shown) -> tuple[Verdict, str, str]:
        """Whether the widget is gone and the others are there, and what a person has to read."""
        expected = f"{_capital(self._what)} n’est plus {FRENCH[self.area]}, qui garde ses autres widgets."
        ours = [one for one in found[self.kind] if not self.text or holds(one.text, self.text)]
        perhaps_seen = any(not _surely_unseen(one) for those in found.values() for one in those)
        if not all(one.unseen for one in ours) or not perhaps_seen:
            return Verdict.NOT_MET, expected, "" if perhaps_seen else "aucun autre widget ne s’y voit"
        doubts = [f"{self._what} y est encore, mais un visiteur ne le voit pas : {why}" for why in _reasons(ours)[:1]]
        gone = [KINDS[kind][0] for kind in self._seeded() if kind != self.kind and not shown[kind]]
        if self.text:
            gone += self._texts_gone([one.text for one in shown["paragraph"]])
            # A text that the question misquotes was there in its own words, and may be there still.
            if near := self._nearly([one.text for one in shown["paragraph"]]):
                doubts.append(f"le texte y est peut-être encore, écrit autrement{near}")
        if gone:
            doubts.append(agreed(gone, "n’y est plus non plus", "n’y sont plus non plus"))
        if self.kind in _ALIKE and area.of(_ALIKE[self.kind]):
            doubts.append(f"un autre bloc y montre la même chose que {self._what}")
        return Verdict.TO_JUDGE if doubts else Verdict.MET, expected, " ; ".join(doubts)

    def _presence(self, site: Site, area: WidgetArea, ours: Sequence[Entries]) -> tuple[Verdict, str, str]:
        """Whether the widget is there as it must be, and what a person has to read."""
        expected = f"{_capital(self._what)} est {FRENCH[self.area]}"
        expected += f", et montre {numbered(self.count, 'élément')}" * bool(self.count)
        expected += f", avec des extraits de {numbered(self.excerpt_words, 'mot')}" * bool(self.excerpt_words)
        there = self._there(site) if self.count else 0
        judged = [self._right(one, there) for one in ours if not one.unseen]
        excerpts = not self.excerpt_words or self.excerpt_words in area.excerpts()
        if any(judged) and excerpts:
            doubt = self._unsure(judged, there) if self.action == "set" else ""
            return Verdict.TO_JUDGE if doubt else Verdict.MET, f"{expected}.", doubt
        if any(judged) and area.has_patterns():
            why = "il peut venir d’une composition synchronisée, dont la longueur des extraits n’a pas été lue"
            return Verdict.TO_JUDGE, f"{expected}.", why
        if self.text and any(nearly_holds(one.text, self.text) for one in area.of("body" if area.hidden else _AREAS)):
            near = self._nearly([one.text for one in ours])
            return Verdict.TO_JUDGE, f"{expected}.", f"le texte y est peut-être, écrit autrement{near}"
        if self.kind in _ALIKE and any(self._alike(one, there) for one in area.of(_ALIKE[self.kind])):
            return Verdict.TO_JUDGE, f"{expected}.", f"un autre bloc y montre la même chose que {self._what}"
        for why in _reasons([one for one in ours if excerpts and self._right(one, there)])[:1]:
            said = f"{self._what} y est, mais un visiteur ne le voit pas : {why}"
            return as_seen(Verdict.MET, why), f"{expected}.", said
        return Verdict.NOT_MET, f"{expected}.", ""

    def _nearly(self, texts: Sequence[str]) -> str:
        """The shortest of the texts that nearly hold the wanted one, quoted behind a colon; empty where none does."""
        near = min((text for text in texts if nearly_holds(text, self.text)), key=len, default="")
        return f" : « {shortened(near, 160)} »" if near else ""

    def _unsure(self, judged: Sequence[bool], there: int) -> str:
        """Why a widget that shows the wanted number may not be the one that was set."""
        if not all(judged):
            return f"un autre widget {self._what} ne montre pas ce nombre"
        if self.count > there:
            return f"le site n’a que {numbered(there, 'élément')} à montrer, le nombre réglé ne se voit pas"
        return ""

    def _observed(self, area: WidgetArea, shown: _Shown) -> str:
        """What there is in the area, in French."""
        others = [name for kind, (name, _) in KINDS.items() if shown[kind]]
        where = FRENCH[self.area]
        observed = f"Visible {where} : {quoted(others) or 'rien'}"
        if area.hidden:
            observed = f"Aucune page du site ne montre {_AREA_NAMES[self.area]} ; ce qui y est enregistré : "
            observed += quoted(others) or "rien"
        texts = [one.text for one in shown["paragraph"]]
        if self.text:
            there = any(holds(text, self.text) for text in texts)
            observed += f" ; {self._what} {'s’y lit' if there else 'ne s’y lit pas'}"
        elif self.action == "remove":
            gone = "n’y est plus" if area.hidden else "ne s’y voit plus"
            observed += f" ; {self._what} {'y est encore' if shown[self.kind] else gone}"
            if texts:  # a title may have stayed without what it was of
                seen = quoted(list(dict.fromkeys(shortened(text, 40) for text in texts))[:8])
                observed += f" ; titres et textes qui y restent : {seen}"
        if self.count and (ours := shown[self.kind]):
            counts = " et ".join(numbered(one.count, "élément") for one in ours)
            observed += f" ; « {KINDS[self.kind][0]} » montre {counts}"
        if self.excerpt_words:
            lengths = " et à ".join(numbered(length, "mot") for length in area.excerpts())
            observed += f" ; longueur des extraits réglée à {lengths}" if lengths else " ; aucun extrait n’est réglé"
        return observed

    def _seeded(self) -> list[Kind]:
        """What the area shows at first."""
        blocks = seeded.blocks(self.company, PLACES[self.area].rstrip("0123456789"))
        return [kind for kind in KINDS if kind in blocks]

    def _texts_gone(self, shown: Sequence[str]) -> list[str]:
        """Of the texts that the area has at first, those that are gone beside the one to remove."""
        now = {fold(text) for text in shown}
        first = seeded.texts(self.company, PLACES[self.area].rstrip("0123456789"))
        return [
            shortened(text, 40)
            for text in sorted(first)
            if not holds(text, self.text) and not any(text in one for one in now)
        ]

    def _right(self, one: Entries, there: int) -> bool:
        if self.text and not holds(one.text, self.text):
            return False
        return not self.count or one.count == min(self.count, there)

    def _alike(self, one: Entries, there: int) -> bool:
        """The same of a list by another block, which shows the articles that are pinned besides."""
        return not self.count or one.count >= min(self.count, there)

    def _there(self, site: Site) -> int:
        """How many entries it can have."""
        route = "posts?status=publish" if self.kind == "latest-posts" else "comments?status=approve"
        return len(rest_all(site, f"wp/v2/{route}&_fields=id"))


def _surely_unseen(one: Entries) -> bool:
    return as_seen(Verdict.MET, one.unseen) is Verdict.NOT_MET


def _reasons(those: Sequence[Entries]) -> list[str]:
    """Why a visitor can't see those of them that are unseen, the reasons that leave a doubt first."""
    return [one.unseen for one in sorted(those, key=_surely_unseen) if one.unseen]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
